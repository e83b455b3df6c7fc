//! One node, as a reader asks about it.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use super::arena::{self, BufferId, Kind, NodeId, Record};
use super::damage::Bound;
use super::{Holding, Payload};
use crate::model::json;

/// A stretch of bytes of one buffer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Which buffer; see [`Payload::buffer`].
    pub buffer: BufferId,
    /// Which bytes of it.
    pub range: Range<usize>,
}

/// How a node is called in its parent. Not sanitised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Label<'p> {
    /// The root has no name.
    Nothing,
    /// The key of a member of an object, unescaped.
    Key(Cow<'p, str>),
    /// An item of an array, counted from 0.
    Index(u32),
    /// A protobuf field, by its number.
    Field(u32),
    /// One way to read all that the parent holds; [`Node::name`] says which.
    Reading,
    /// What is left where decoding stopped.
    Tail,
}

/// One node of a [`Payload`].
#[derive(Clone, Copy)]
pub struct Node<'p> {
    payload: &'p Payload,
    id: NodeId,
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({}, {:?})", self.id.0, self.kind())
    }
}

impl<'p> Node<'p> {
    pub(super) const fn new(payload: &'p Payload, id: NodeId) -> Self {
        Self { payload, id }
    }

    fn record(self) -> Record {
        // A node is made from an id of its payload only, and a payload has a root.
        let nothing = arena::Extent::new(0, 0);
        let none = Record::new(Kind::Text, arena::Label::Nothing, BufferId::SOURCE, nothing);
        self.payload.arena.get(self.id).copied().unwrap_or(none)
    }

    /// For asking again later, of the same payload.
    #[must_use]
    pub const fn id(self) -> NodeId {
        self.id
    }

    /// The payload it is of.
    #[must_use]
    pub const fn payload(self) -> &'p Payload {
        self.payload
    }

    /// What it is.
    #[must_use]
    pub fn kind(self) -> Kind {
        self.record().kind
    }

    /// Levels above it; 0 for the root.
    #[must_use]
    pub fn depth(self) -> usize {
        self.record().depth as usize
    }

    /// How it is called in its parent.
    #[must_use]
    pub fn label(self) -> Label<'p> {
        let record = self.record();
        match record.label {
            arena::Label::Nothing => Label::Nothing,
            arena::Label::Key(key) => {
                let token = self.payload.buffer(record.buffer).get(key.range());
                Label::Key(unescaped(token.unwrap_or_default()))
            }
            arena::Label::Index(index) => Label::Index(index),
            arena::Label::Field(number) => Label::Field(number),
            arena::Label::Reading => Label::Reading,
            arena::Label::Tail => Label::Tail,
        }
    }

    /// Bytes of its key as it is spelled, with quotes and escapes; 0 without a key.
    pub(super) fn key_len(self) -> usize {
        match self.record().label {
            arena::Label::Key(key) => key.range().len(),
            arena::Label::Nothing
            | arena::Label::Index(_)
            | arena::Label::Field(_)
            | arena::Label::Reading
            | arena::Label::Tail => 0,
        }
    }

    /// All of it, with what announces it: tag and length, or the key.
    #[must_use]
    pub fn whole(self) -> Span {
        let record = self.record();
        Span {
            buffer: record.buffer,
            range: record.whole.range(),
        }
    }

    /// What it holds: without tag and length, key, quotes or brackets.
    #[must_use]
    pub fn content(self) -> Span {
        let record = self.record();
        Span {
            buffer: record.buffer,
            range: record.content.range(),
        }
    }

    /// The bytes of [`Node::content`].
    #[must_use]
    pub fn bytes(self) -> &'p [u8] {
        let record = self.record();
        let buffer = self.payload.buffer(record.buffer);
        buffer.get(record.content.range()).unwrap_or_default()
    }

    /// The text of a string, a text or a field that holds one; the spelling of a number
    /// or word of JSON. `None` for all else. Not sanitised.
    #[must_use]
    pub fn text(self) -> Option<Cow<'p, str>> {
        let record = self.record();
        match record.kind {
            Kind::String => {
                let buffer = self.payload.buffer(record.buffer);
                let content = record.content.range();
                let quoted = content.start.saturating_sub(1)..content.end + 1;
                Some(unescaped(buffer.get(quoted).unwrap_or_default()))
            }
            Kind::Number | Kind::Word | Kind::Text | Kind::Delimited(Holding::Text) => {
                Some(String::from_utf8_lossy(self.bytes()))
            }
            Kind::Choice | Kind::Delimited(Holding::Readings) => {
                let of_text = |child: &Node<'_>| child.kind() == Kind::Text;
                self.children().find(of_text).and_then(Node::text)
            }
            Kind::Object
            | Kind::Array
            | Kind::Message
            | Kind::Varint
            | Kind::Fixed64
            | Kind::Fixed32
            | Kind::Delimited(Holding::Message | Holding::Bytes)
            | Kind::Group
            | Kind::Bytes
            | Kind::Layer(_)
            | Kind::Damage(_) => None,
        }
    }

    /// The node it hangs below; nothing for the root.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        let parent = self.payload.arena.parent(self.id)?;
        Some(Self::new(self.payload, parent))
    }

    /// In the order of their bytes; of readings, the best first.
    pub fn children(self) -> impl Iterator<Item = Node<'p>> + use<'p> {
        let arena = &self.payload.arena;
        let mut next = arena.first(self.id);
        std::iter::from_fn(move || {
            let id = next?;
            next = arena.next(id);
            Some(Node::new(self.payload, id))
        })
    }

    /// The best reading of what has several, or what came out of its layer.
    #[must_use]
    pub fn best(self) -> Option<Self> {
        let mut children = self.children();
        children.find(|child| {
            self.payload
                .arena
                .get(child.id)
                .is_some_and(Record::is_reading)
        })
    }

    /// Itself without its layers: what stands at the end of the best readings.
    #[must_use]
    pub fn unpacked(self) -> Self {
        let mut node = self;
        while let Some(best) = node.best() {
            node = best;
        }
        node
    }

    /// Itself and everything below it, parents first, in the order of the tree.
    pub fn walk(self) -> impl Iterator<Item = Node<'p>> + use<'p> {
        let arena = &self.payload.arena;
        let mut next = Some(self.id);
        std::iter::from_fn(move || {
            let id = next?;
            next = arena.first(id);
            let mut at = id;
            while next.is_none() && at != self.id {
                next = arena.next(at);
                at = arena.parent(at)?;
            }
            Some(Node::new(self.payload, id))
        })
    }

    /// The bound for which it was not looked into, where one was hit.
    #[must_use]
    pub fn bound(self) -> Option<Bound> {
        self.payload.bound(self.id)
    }
}

/// What a token of a JSON string says.
fn unescaped(token: &[u8]) -> Cow<'_, str> {
    let inside = token
        .strip_prefix(b"\"")
        .and_then(|rest| rest.strip_suffix(b"\""));
    match inside {
        Some(inside) if !inside.contains(&b'\\') => String::from_utf8_lossy(inside),
        _ => Cow::Owned(json::decode(token)),
    }
}
