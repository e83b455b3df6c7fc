//! What an app put into a message, read without its schema.
//!
//! JSON, the protobuf wire format, base64, hex text, gzip and zlib, one inside
//! the other: a tree of nodes, each with the bytes it came from. Where bytes can
//! be read in several ways, the ways stand side by side, the best first. Where
//! they are damaged, there is the part that decodes, the place where it broke
//! and why, and what is left.
//!
//! Pure, total and bounded: [`MAX_INPUT`], [`MAX_OUTPUT`], [`MAX_NODES`],
//! [`MAX_DEPTH`] and a budget of work in proportion to the bytes. Nothing
//! recurses. Texts are as they came: not sanitised.

mod arena;
mod build;
mod copied;
mod damage;
mod encoded;
mod find;
mod grade;
mod judge;
#[cfg(test)]
mod laws;
mod line;
mod message;
mod node;
mod scalar;
mod structure;
#[cfg(test)]
mod tests;
mod texts;
mod wire;
mod words;

pub use self::arena::{BufferId, Holding, Kind, Layer, NodeId};
pub use self::damage::{Bound, Why};
pub use self::find::{Path, Wanted};
pub use self::line::Role;
pub use self::node::{Label, Node, Span};
pub use self::scalar::Meaning;
pub use self::texts::Place;
pub use self::words::{Beside, Reading};

use self::arena::{Arena, Buffer};
use self::build::Builder;

/// Bytes that are looked at; a message of the service has 12 KB at most.
pub const MAX_INPUT: usize = 1 << 20;
/// Bytes of all buffers that decoding makes, together: what unpacks to more is no message.
pub const MAX_OUTPUT: usize = 4 << 20;
/// The same for a glance: ten times the 12 KB of the largest message.
pub const GLANCE_OUTPUT: usize = 128 << 10;
/// Nodes of the tree: more than anybody unfolds, few enough to be made at once.
pub const MAX_NODES: usize = 20_000;
/// Levels of the tree, layers among them.
pub const MAX_DEPTH: u32 = 64;

/// Everything that one string or run of bytes turned out to hold.
#[derive(Debug)]
pub struct Payload {
    buffers: Vec<Buffer>,
    arena: Arena,
    /// Nodes that were not looked into for a bound, in order.
    bounded: Vec<(NodeId, Bound)>,
    /// Characters that were lost before the text came here.
    lost: usize,
}

impl Payload {
    /// Decodes a text such as `Data`.
    ///
    /// Binary data comes in texts in two ways, both of which are tried: as UTF-8
    /// with its control characters, and with each byte as the character of that
    /// number.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self::within(text, MAX_OUTPUT)
    }

    /// The same for a line of it, as a row shows it: little is unpacked, for a screen of
    /// rows is decoded with each key.
    #[must_use]
    pub fn glance(text: &str) -> Self {
        Self::within(text, GLANCE_OUTPUT)
    }

    fn within(text: &str, output: usize) -> Self {
        let lost = text.matches(char::REPLACEMENT_CHARACTER).count();
        Builder::new(text.as_bytes(), lost, output).build()
    }

    /// Decodes bytes of which nothing is known.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Builder::new(bytes, 0, MAX_OUTPUT).build()
    }

    /// The whole.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node::new(self, NodeId::ROOT)
    }

    /// The node of an id of this payload; the root for an id of another one.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Node<'_> {
        let known = self.arena.get(id).is_some();
        Node::new(self, if known { id } else { NodeId::ROOT })
    }

    /// How many nodes there are, 1 to [`MAX_NODES`] and a few more for damage.
    #[must_use]
    pub fn len(&self) -> usize {
        self.arena.len()
    }

    /// Never true.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.arena.len() == 0
    }

    /// The bytes of a buffer; nothing for a buffer of another payload.
    #[must_use]
    pub fn buffer(&self, id: BufferId) -> &[u8] {
        let buffer = self.buffers.get(id.index());
        buffer.map_or(&[], |buffer| buffer.bytes.as_slice())
    }

    /// The bytes of all buffers, the source first.
    pub fn buffers(&self) -> impl Iterator<Item = &[u8]> {
        self.buffers.iter().map(|buffer| buffer.bytes.as_slice())
    }

    /// What a buffer was decoded from; nothing for [`BufferId::SOURCE`].
    #[must_use]
    pub fn layer(&self, id: BufferId) -> Option<Layer> {
        self.buffers.get(id.index()).and_then(|buffer| buffer.layer)
    }

    /// How many characters were lost before the text came here: U+FFFD stands for
    /// each of them, and lengths that counted them no longer fit.
    #[must_use]
    pub const fn lost(&self) -> usize {
        self.lost
    }

    /// Whether there is nothing to unfold: ordinary text.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.root().kind() == Kind::Text
    }

    fn bound(&self, id: NodeId) -> Option<Bound> {
        let before = self.bounded.partition_point(|(at, _)| *at < id);
        let (at, bound) = self.bounded.get(before)?;
        (*at == id).then_some(*bound)
    }
}
