//! What a payload is made of: buffers, and records that say what stands where in them.

use super::damage::Why;

/// Stands for "none" in the links of a record.
const NONE: u32 = u32::MAX;

/// One node of a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    /// Everything else hangs below it.
    pub const ROOT: Self = Self(0);

    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// One run of bytes: what came, or what a step of decoding made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BufferId(pub(super) u32);

impl BufferId {
    /// The bytes as they came.
    pub const SOURCE: Self = Self(0);

    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A stretch of one buffer, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Extent {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Extent {
    pub(super) fn new(start: usize, end: usize) -> Self {
        // Buffers are bounded far below 4 GiB.
        let small = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            start: small(start),
            end: small(end),
        }
    }

    pub(super) const fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// What a buffer was before it was decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layer {
    /// Each character of a text is the byte of that number.
    Characters,
    /// A JSON string with its escapes resolved.
    JsonString,
    /// The ordinary alphabet, `+` and `/`.
    Base64,
    /// `-` and `_` in their place.
    Base64Url,
    /// `*`, `-` and `_` for `+`, `/` and `=`, as in a UserSig.
    Base64UserSig,
    /// Two digits for each byte, with blanks or colons between or without.
    Hex,
    /// RFC 1952.
    Gzip,
    /// RFC 1950.
    Zlib,
}

impl Layer {
    /// In a word or two.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Characters => "characters as bytes",
            Self::JsonString => "JSON string",
            Self::Base64 => "base64",
            Self::Base64Url => "base64url",
            Self::Base64UserSig => "base64 as in a UserSig",
            Self::Hex => "hex text",
            Self::Gzip => "gzip",
            Self::Zlib => "zlib",
        }
    }
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `{...}`
    Object,
    /// `[...]`
    Array,
    /// A string in JSON.
    String,
    /// A number in JSON, in its own spelling.
    Number,
    /// `true`, `false` or `null`.
    Word,
    /// A protobuf message that is no field: the whole, or one of several readings.
    Message,
    /// Protobuf wire type 0.
    Varint,
    /// Protobuf wire type 1: 8 bytes.
    Fixed64,
    /// Protobuf wire type 5: 4 bytes.
    Fixed32,
    /// Protobuf wire type 2: a length and so many bytes.
    Delimited(Holding),
    /// Protobuf wire types 3 and 4: fields between two tags.
    Group,
    /// Plain text.
    Text,
    /// Bytes that are nothing we know.
    Bytes,
    /// Its one child is what came out, in a buffer of its own.
    Layer(Layer),
    /// Several readings are plausible: its children, the best first.
    Choice,
    /// Here decoding stopped. The range is what was left.
    Damage(Why),
}

/// What a length-delimited field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Holding {
    /// A message, whose fields are the children.
    Message,
    /// A string.
    Text,
    /// Neither.
    Bytes,
    /// The children are readings of all of it, the best first: several, or one that unpacks it.
    Readings,
}

/// How a node is called in its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Label {
    /// The root.
    Nothing,
    /// Of a member of an object: the key with its quotes, in the node's buffer.
    Key(Extent),
    /// Of an item, from 0.
    Index(u32),
    /// Of a protobuf field.
    Field(u32),
    /// One way to read all that the parent holds.
    Reading,
    /// What is left behind damage.
    Tail,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Record {
    pub(super) kind: Kind,
    pub(super) label: Label,
    pub(super) buffer: BufferId,
    pub(super) whole: Extent,
    pub(super) content: Extent,
    /// Levels above it.
    pub(super) depth: u32,
    parent: u32,
    first: u32,
    last: u32,
    next: u32,
}

impl Record {
    pub(super) const fn new(kind: Kind, label: Label, buffer: BufferId, whole: Extent) -> Self {
        Self {
            kind,
            label,
            buffer,
            whole,
            content: whole,
            depth: 0,
            parent: NONE,
            first: NONE,
            last: NONE,
            next: NONE,
        }
    }

    pub(super) const fn is_reading(&self) -> bool {
        matches!(self.label, Label::Reading)
    }

    pub(super) const fn holding(mut self, content: Extent) -> Self {
        self.content = content;
        self
    }
}

/// Bytes, and what made them.
#[derive(Debug)]
pub(super) struct Buffer {
    pub(super) bytes: Vec<u8>,
    /// Nothing for what came.
    pub(super) layer: Option<Layer>,
}

/// Records linked to a tree; a parent always stands before its children.
#[derive(Debug, Default)]
pub(super) struct Arena {
    records: Vec<Record>,
}

const fn link(to: u32) -> Option<NodeId> {
    if to == NONE { None } else { Some(NodeId(to)) }
}

impl Arena {
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    pub(super) fn get(&self, id: NodeId) -> Option<&Record> {
        self.records.get(id.index())
    }

    pub(super) fn get_mut(&mut self, id: NodeId) -> Option<&mut Record> {
        self.records.get_mut(id.index())
    }

    /// Hangs `record` below `parent` as its last child; without a parent it is the root.
    pub(super) fn push(&mut self, parent: Option<NodeId>, mut record: Record) -> NodeId {
        let at = u32::try_from(self.records.len()).unwrap_or(NONE);
        let mut before = NONE;
        if let Some(above) = parent.and_then(|parent| self.get_mut(parent)) {
            record.depth = above.depth + 1;
            before = std::mem::replace(&mut above.last, at);
            if above.first == NONE {
                above.first = at;
            }
        }
        if let Some(sibling) = self.get_mut(NodeId(before)) {
            sibling.next = at;
        }
        record.parent = parent.map_or(NONE, |parent| parent.0);
        self.records.push(record);
        NodeId(at)
    }

    /// Forgets all nodes from `len` on, which must all hang below `root`, and then are all below it.
    pub(super) fn undo(&mut self, len: usize, root: NodeId) {
        self.records.truncate(len);
        if let Some(root) = self.get_mut(root) {
            (root.first, root.last) = (NONE, NONE);
        }
    }

    pub(super) fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.get(id).and_then(|record| link(record.parent))
    }

    pub(super) fn first(&self, id: NodeId) -> Option<NodeId> {
        self.get(id).and_then(|record| link(record.first))
    }

    pub(super) fn next(&self, id: NodeId) -> Option<NodeId> {
        self.get(id).and_then(|record| link(record.next))
    }
}
