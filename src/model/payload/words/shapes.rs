//! What the service's own kits put into messages, as far as it is known.

use super::super::arena::Kind;
use super::super::line::quoted;
use super::super::node::{Label, Node};
use super::{Beside, Reading, call, get, list, number, strings, text};

/// Characters of a quotation.
const QUOTED: usize = 60;

/// Keys whose text tells most, the best first.
const TELLING: [&str; 8] = [
    "text",
    "title",
    "content",
    "desc",
    "description",
    "name",
    "message",
    "msg",
];

/// Emojis of reactions in a line.
const MOST: usize = 5;

/// Words for an object of a shape we know.
pub(super) fn known(node: Node<'_>) -> Option<Reading> {
    if let Some(call) = call::words(node) {
        return Some(Reading::Known(call));
    }
    if get(node, "chatbotPlugin").is_some()
        && let Some(said) = chunks(node)
    {
        return Some(Reading::Said(said));
    }
    let business = get(node, "businessID").filter(|id| id.kind() == Kind::String)?;
    let business = business.text()?;
    if business == "user_typing_status" {
        let words = match number(node, "typingStatus") {
            Some(0) => "stopped typing",
            Some(_) | None => "typing",
        };
        return Some(Reading::Known(words.to_owned()));
    }
    Some(Reading::Named(match telling(node) {
        Some(telling) => format!("businessID: {business} {}", quoted(&telling, QUOTED)),
        None => format!("businessID: {business}"),
    }))
}

/// The first text that says something: under a telling key, or any other but the ID's.
fn telling(node: Node<'_>) -> Option<String> {
    let named = TELLING.iter().find_map(|key| {
        let value = get(node, key).filter(|value| value.kind() == Kind::String)?;
        value.text().filter(|text| !text.is_empty())
    });
    let any = || {
        let others = node.children().filter(|child| match child.label() {
            Label::Key(key) => key != "businessID",
            Label::Nothing | Label::Index(_) | Label::Field(_) | Label::Reading | Label::Tail => {
                false
            }
        });
        let mut texts = others
            .filter(|child| child.kind() == Kind::String)
            .filter_map(Node::text);
        texts.find(|text| !text.is_empty())
    };
    named.or_else(any).map(std::borrow::Cow::into_owned)
}

/// What a chatbot answers, piece by piece.
fn chunks(node: Node<'_>) -> Option<String> {
    let chunks = get(node, "chunks")?;
    // One piece may stand alone.
    let pieces = chunks.children().chain(std::iter::once(chunks));
    let said: String = pieces
        .filter(|piece| piece.kind() == Kind::String)
        .filter_map(Node::text)
        .collect();
    (!said.is_empty()).then_some(said)
}

/// Words for what stands beside a message.
pub(super) fn beside(node: Node<'_>) -> Beside {
    Beside {
        reply: reply(node),
        echo: [replies(node), reactions(node)]
            .into_iter()
            .flatten()
            .collect(),
    }
}

fn reply(node: Node<'_>) -> Option<String> {
    let reply = get(node, "messageReply").filter(|reply| reply.kind() == Kind::Object)?;
    let whom = text(reply, "messageSender");
    let what = text(reply, "messageAbstract").map(|text| quoted(&text, QUOTED));
    let words: Vec<_> = whom.into_iter().chain(what).collect();
    Some(if words.is_empty() {
        "reply".to_owned()
    } else {
        format!("reply to {}", words.join(" "))
    })
}

fn replies(node: Node<'_>) -> Option<String> {
    let replies = get(get(node, "messageReplies")?, "replies")?;
    match replies.children().count() {
        0 => None,
        1 => Some("1 reply".to_owned()),
        count => Some(format!("{count} replies")),
    }
}

/// A list of people for each emoji.
fn reacts(node: Node<'_>) -> Option<Node<'_>> {
    let held = get(node, "messageReact").or_else(|| get(node, "messageReaction"))?;
    let inner = get(held, "reacts").or_else(|| get(held, "reactions"));
    Some(inner.unwrap_or(held))
}

/// Who reacted.
pub(super) fn reacting(node: Node<'_>) -> Vec<String> {
    let lists = reacts(node).into_iter().flat_map(Node::children);
    lists
        .filter(|list| list.kind() == Kind::Array)
        .flat_map(strings)
        .collect()
}

/// `reactions: [x] by a, b`.
fn reactions(node: Node<'_>) -> Option<String> {
    let reacts = reacts(node)?;
    let each = reacts.children().filter_map(|react| match react.label() {
        Label::Key(emoji) => {
            let who = list(react).filter(|_| react.kind() == Kind::Array)?;
            Some(format!("{emoji} by {who}"))
        }
        Label::Nothing | Label::Index(_) | Label::Field(_) | Label::Reading | Label::Tail => None,
    });
    let each: Vec<_> = each.take(MOST).collect();
    (!each.is_empty()).then(|| format!("reactions: {}", each.join("; ")))
}
