//! A payload in one line, for the message row.
//!
//! The shapes that clients of the service's own kits send are told in words; most of
//! them are not documented, so each field may be missing or of another type, and then
//! the line falls back to what any JSON or message gets. Not sanitised.

mod call;
mod fields;
mod shapes;
#[cfg(test)]
mod tests;

use super::Payload;
use super::arena::{Holding, Kind};
use super::node::{Label, Node};

/// One line about a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// A shape we know, as what happened: `audio call: a invites b`.
    Known(String),
    /// A shape with a name that the app gave it, and its first telling text.
    Named(String),
    /// Words that somebody or something wrote, to be shown as a text message is.
    Said(String),
    /// The first fields: `1: 1, 2: 6, 3: "MaoTon"`.
    Fields(String),
}

/// What `CloudCustomData` says, in words, where it is one of these.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Beside {
    /// What the message replies to: `reply to amy "where is it?"`.
    pub reply: Option<String>,
    /// What others did with it: `2 replies`, `reactions: [ok] by a, b`.
    pub echo: Vec<String>,
}

impl Payload {
    /// The best line about it; nothing for plain text and for bytes that are nothing.
    #[must_use]
    pub fn reading(&self) -> Option<Reading> {
        let node = self.root().unpacked();
        // Text first, and perhaps something else: text.
        let is_packed = node.id() != self.root().id() && self.root().kind() != Kind::Choice;
        match node.kind() {
            Kind::Object => Some(
                shapes::known(node).unwrap_or_else(|| Reading::Fields(fields::of_object(node))),
            ),
            Kind::Array | Kind::String => Some(Reading::Fields(fields::value(node))),
            Kind::Message => Some(Reading::Fields(fields::of_message(node))),
            Kind::Text if is_packed => Some(Reading::Fields(fields::value(node))),
            Kind::Text
            | Kind::Number
            | Kind::Word
            | Kind::Varint
            | Kind::Fixed64
            | Kind::Fixed32
            | Kind::Delimited(
                Holding::Message | Holding::Text | Holding::Bytes | Holding::Readings,
            )
            | Kind::Group
            | Kind::Bytes
            | Kind::Layer(_)
            | Kind::Choice
            | Kind::Damage(_) => None,
        }
    }

    /// The IDs of those whom the words of [`Payload::reading`] and [`Payload::beside`]
    /// name: who calls whom, and who reacted.
    #[must_use]
    pub fn people(&self) -> Vec<String> {
        let node = self.root().unpacked();
        let mut people = call::people(node);
        people.extend(shapes::reacting(node));
        people
    }

    /// What `CloudCustomData` says beside a message.
    #[must_use]
    pub fn beside(&self) -> Beside {
        shapes::beside(self.root().unpacked())
    }
}

/// The value of `key`, without its layers; the last one where it is doubled.
fn get<'p>(node: Node<'p>, key: &str) -> Option<Node<'p>> {
    let named = |child: &Node<'p>| matches!(child.label(), Label::Key(name) if name == key);
    let value = node.children().filter(named).last()?;
    Some(value.unpacked())
}

/// A string that is not empty, or a number as it is spelled.
fn text(node: Node<'_>, key: &str) -> Option<String> {
    let value = get(node, key)?;
    let has_text = matches!(value.kind(), Kind::String | Kind::Number | Kind::Text);
    let text = value.text().filter(|text| has_text && !text.is_empty())?;
    Some(text.into_owned())
}

fn number(node: Node<'_>, key: &str) -> Option<i64> {
    text(node, key)?.parse().ok()
}

/// The strings of a list.
fn strings(node: Node<'_>) -> Vec<String> {
    let texts = node.children().filter(|item| item.kind() == Kind::String);
    let texts = texts.filter_map(Node::text);
    texts.map(std::borrow::Cow::into_owned).collect()
}

/// The strings of a list, as `a, b`; nothing for an empty one.
fn list(node: Node<'_>) -> Option<String> {
    /// More names do not fit in a row.
    const MOST: usize = 5;
    let texts = node.children().filter(|item| item.kind() == Kind::String);
    let mut texts = texts.filter_map(Node::text);
    let mut names: Vec<_> = texts.by_ref().take(MOST).collect();
    let more = texts.count();
    if more > 0 {
        names.push(format!("{more} more").into());
    }
    (!names.is_empty()).then(|| names.join(", "))
}
