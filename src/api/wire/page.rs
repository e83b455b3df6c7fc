//! One reply of group_msg_get_simple.

use std::ops::Range;
use std::sync::Arc;

use super::envelope::{QUOTED, any_field, cut, filled, info, list, malformed, open, verdict};
use crate::model::error::Fault;
use crate::model::ids::{Conversation, Seq, TopicId, UserId};
use crate::model::json::{self, Node, NodeKind, Tape};
use crate::model::message::{Finished, ItemState, Message, Page, Raw, Timestamp};
use crate::model::text::clean;

/// Reads one reply of group_msg_get_simple (api-facts 1.2).
///
/// Items keep the very bytes of `body`. An item that cannot be read stays on
/// the page as [`ItemState::Unreadable`], with its seq if one can be found.
///
/// # Errors
/// [`Fault::Service`] where the service refuses; [`Fault::Malformed`] where the
/// body is not one whole JSON object, or speaks of another conversation.
pub fn page(body: &Arc<[u8]>, conversation: &Conversation) -> Result<Page, Fault> {
    // The envelope and its list; each item is read by itself.
    let tape = open(body, 2)?;
    let root = tape.root();
    let items = list(root, &["RspMsgList", "MsgList"]);
    verdict(root, matches!(items, Ok(Some(_))))?;
    let items = items?;
    if let Some(group) = any_field(root, &["GroupId", "groupID"]).and_then(Node::text) {
        let topic = conversation.topic.as_ref().map(TopicId::as_str);
        let asked = group == conversation.group.as_str() || Some(group.as_str()) == topic;
        if !asked && !group.is_empty() {
            let group = cut(&group, QUOTED);
            let what = format!("asked about {}, answered about {group}", conversation.id());
            return Err(malformed(&what));
        }
    }
    Ok(Page {
        items: items
            .into_iter()
            .flat_map(Node::items)
            .map(|item| message(body, item.range()))
            .collect(),
        finished: finished(root.get("IsFinished")),
        info: clean(&info(root)),
    })
}

fn finished(node: Option<Node<'_>>) -> Finished {
    match node.and_then(Node::int) {
        Some(1) => Finished::Whole,
        Some(0) => Finished::Cut,
        Some(2) => Finished::Expired,
        Some(_) | None => Finished::Other(node.map(|node| node.spelling().into_owned())),
    }
}

/// Reads one item, whatever it is.
fn message(body: &Arc<[u8]>, range: Range<usize>) -> Message {
    let raw = Raw::new(Arc::clone(body), range);
    let bytes = raw.bytes();
    let (text, repairs) = json::repair(bytes);
    let mut message = Message {
        seq: None,
        time: None,
        sender: None,
        state: ItemState::Present,
        system: false,
        random: None,
        priority: None,
        repaired: repairs.any(),
        raw: raw.clone(),
    };
    if !bytes.starts_with(b"{") {
        message.state = ItemState::Unreadable("the item is not an object".to_owned());
        return message;
    }
    let depth = json::depth(bytes);
    let reason = if depth > json::MAX_DEPTH {
        let most = json::MAX_DEPTH;
        Some(format!("nested {depth} levels deep; {most} are read"))
    } else {
        let flaw = json::check(&text).err();
        flaw.map(|flaw| format!("not valid JSON: {flaw}"))
    };
    if let Some(reason) = reason {
        message.seq = json::salvage(bytes, "MsgSeq").and_then(|value| {
            let tape = Tape::parse(value, 0).ok()?;
            seq(tape.root())
        });
        message.state = ItemState::Unreadable(reason);
        return message;
    }
    // The item and, in a system message, the members of its body.
    if let Ok(tape) = Tape::parse(bytes, 2) {
        fill(&mut message, tape.root());
    }
    message
}

fn fill(message: &mut Message, item: Node<'_>) {
    message.seq = item.field("MsgSeq").and_then(seq);
    message.time = ["MsgTimeStamp", "MsgTime"]
        .iter()
        .find_map(|name| item.field(name).and_then(time));
    message.sender = filled(item, "From_Account").map(UserId::new);
    message.state = match item.field("IsPlaceMsg").and_then(Node::flag) {
        Some(1) => ItemState::Gone,
        Some(2) => ItemState::Recalled,
        Some(_) | None => ItemState::Present,
    };
    message.system = item.field("IsSystemMsg").and_then(Node::flag) == Some(1)
        || item
            .get("MsgBody")
            .is_some_and(|body| body.get("OpType").is_some());
    message.random = item.field("MsgRandom").and_then(Node::u32);
    message.priority = item.field("MsgPriority").and_then(priority);
}

/// 1 to 4,294,967,295; all else is no seq.
fn seq(node: Node<'_>) -> Option<Seq> {
    node.u32().and_then(Seq::new)
}

/// Whole seconds, or the seconds of a fraction.
pub(super) fn time(node: Node<'_>) -> Option<Timestamp> {
    let seconds = node.int().or_else(|| {
        let text = node.text()?;
        text.split_once('.')?.0.trim().parse().ok()
    });
    seconds.and_then(Timestamp::new)
}

/// The number of a priority; when sending it is written as a word, and one SDK
/// types it so here as well (api-facts 1.2).
fn priority(node: Node<'_>) -> Option<i64> {
    if node.kind() != NodeKind::String {
        return node.int();
    }
    match node.text()?.trim() {
        "High" => Some(1),
        "Normal" => Some(2),
        "Low" => Some(3),
        "Lowest" => Some(4),
        _ => node.int(),
    }
}
