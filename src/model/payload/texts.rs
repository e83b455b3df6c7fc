//! What of a payload a search looks through.

use std::borrow::Cow;

use super::Payload;
use super::arena::Kind;
use super::node::{Label, Node};
use super::wire;

/// Where a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A key, a string, a number or a word of JSON.
    Json,
    /// A field of a message.
    Protobuf,
    /// What came out of base64, hex text or compression.
    Text,
}

impl Payload {
    /// Every text that had to be decoded, in the order of the tree: keys, strings and the
    /// spelling of numbers. Nothing for plain text. Not sanitised.
    pub fn texts(&self) -> impl Iterator<Item = (Place, Cow<'_, str>)> {
        self.root().walk().flat_map(|node| {
            let key = match node.label() {
                Label::Key(key) => Some((Place::Json, key)),
                Label::Nothing
                | Label::Index(_)
                | Label::Field(_)
                | Label::Reading
                | Label::Tail => None,
            };
            key.into_iter().chain(said(node))
        })
    }
}

fn said(node: Node<'_>) -> Option<(Place, Cow<'_, str>)> {
    match node.kind() {
        Kind::String | Kind::Number | Kind::Word => Some((Place::Json, node.text()?)),
        Kind::Varint => {
            let (value, _) = wire::varint(node.bytes()).ok()?;
            Some((Place::Protobuf, Cow::Owned(value.to_string())))
        }
        Kind::Delimited(_) => Some((Place::Protobuf, node.text()?)),
        // The outermost text is looked through as it came, and a choice has said it.
        Kind::Text
            if node
                .parent()
                .is_some_and(|parent| matches!(parent.kind(), Kind::Layer(_))) =>
        {
            Some((Place::Text, node.text()?))
        }
        Kind::Text
        | Kind::Object
        | Kind::Array
        | Kind::Message
        | Kind::Fixed64
        | Kind::Fixed32
        | Kind::Group
        | Kind::Bytes
        | Kind::Layer(_)
        | Kind::Choice
        | Kind::Damage(_) => None,
    }
}
