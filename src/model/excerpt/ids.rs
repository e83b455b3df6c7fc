//! What names a message, and where its media are.

use std::collections::BTreeSet;

use super::escape::link;
use super::{Entry, Excerpt, numbers};
use crate::model::copyable::Copyable;
use crate::model::element::{Body, Content, Element, Kind};
use crate::model::json;
use crate::model::message::Message;
use crate::model::text::{Clean, clean};
use crate::model::time;

/// App, group and topic, then for each message every number that names it, under
/// the service's own names.
#[must_use]
pub fn ids(excerpt: &Excerpt<'_>) -> Copyable {
    let conversation = excerpt.conversation;
    let mut lines = vec![
        Clean::ours(format!("SDKAppID: {}", excerpt.app)),
        fact("GroupId", conversation.group.as_str()),
    ];
    if let Some(topic) = &conversation.topic {
        lines.push(fact("TopicId", topic.as_str()));
    }
    for entry in &excerpt.entries {
        lines.push(Clean::default());
        match entry {
            Entry::Said(said) => message_ids(excerpt, said.message, &mut lines),
            Entry::Stray(message) => message_ids(excerpt, message, &mut lines),
            Entry::Hole(hole) => {
                let numbers = numbers(hole.first, hole.last);
                lines.push(Clean::ours(format!("MsgSeq: {numbers} ({})", hole.words())));
            }
        }
    }
    Copyable::lines(lines.into_iter().map(Copyable::from))
}

fn message_ids(excerpt: &Excerpt<'_>, message: &Message, lines: &mut Vec<Clean>) {
    lines.push(match message.seq {
        Some(seq) => Clean::ours(format!("MsgSeq: {seq}")),
        None => Clean::from("MsgSeq: (none)"),
    });
    if let Some(sender) = &message.sender {
        lines.push(fact("From_Account", sender.as_str()));
    }
    if let Some(random) = message.random {
        lines.push(Clean::ours(format!("MsgRandom: {random}")));
    }
    if let Some(sent) = message.time {
        let full = time::full(sent, excerpt.zone);
        lines.push(Clean::ours(format!(
            "MsgTimeStamp: {} ({full})",
            sent.seconds()
        )));
    }
    let body = Body::decode(message);
    // Not documented for groups, and seen: MsgKey, MsgId.
    let names_it = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.starts_with("msg") && (name.ends_with("key") || name.ends_with("id"))
    };
    for (name, value) in body.extra.iter().filter(|(name, _)| names_it(name)) {
        let value = json::compact(value.bytes());
        lines.push(fact(
            clean(name).one_line().as_str(),
            value.trim_matches('"'),
        ));
    }
    for element in elements(&body) {
        if let Kind::Relay(relay) = &element.kind
            && let Some(key) = &relay.long_key
        {
            lines.push(fact("JsonMsgKey", key));
        }
    }
}

fn fact(name: &str, value: &str) -> Clean {
    let mut line = Clean::ours(format!("{name}: "));
    line.push(&clean(value).one_line());
    line
}

/// The addresses of all media, one in a line, each once; `None` where there are none.
#[must_use]
pub fn urls(excerpt: &Excerpt<'_>) -> Option<Copyable> {
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    for entry in &excerpt.entries {
        let message = match entry {
            Entry::Said(said) => said.message,
            Entry::Stray(message) => message,
            Entry::Hole(_) => continue,
        };
        addresses(&Body::decode(message), &mut |url| {
            if seen.insert(url.to_owned()) {
                // Whole for whoever pastes it; what is none of the web's stays as it is.
                let address = link(url).map_or_else(|| clean(url).one_line(), Clean::ours);
                lines.push(Copyable::from(address));
            }
        });
    }
    (!lines.is_empty()).then(|| Copyable::lines(lines))
}

/// Those of a forward come where the forward stands. A body is decoded to a bounded
/// depth, and no deeper goes this.
fn addresses(body: &Body, take: &mut dyn FnMut(&str)) {
    for element in elements(body) {
        if let Some(url) = element.address() {
            take(url);
        }
        if let Kind::Relay(relay) = &element.kind {
            for message in &relay.messages {
                addresses(&message.body, take);
            }
        }
    }
}

fn elements(body: &Body) -> &[Element] {
    match &body.content {
        Content::Elements(elements) => elements,
        Content::System(_) | Content::Empty | Content::Odd(_) => &[],
    }
}
