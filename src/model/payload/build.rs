//! From bytes to a tree, one region at a time.

use super::arena::{Arena, Buffer, BufferId, Extent, Holding, Kind, Label, Layer, NodeId, Record};
use super::damage::{Bound, Why};
use super::judge::{Place, Reading, Verdict, begins_like_json, judge};
use super::{MAX_DEPTH, MAX_INPUT, MAX_NODES, Payload};
use crate::model::json;

/// How often a byte may be looked at on the average: levels times ways to read it.
const LOOKS: usize = 16;

/// Work that any input may cost: deep things can be short.
const FREE: usize = 1 << 16;

/// A tree in the making.
#[derive(Debug)]
pub(super) struct Builder {
    pub(super) arena: Arena,
    buffers: Vec<Buffer>,
    /// Nodes whose content is still to be read, the outer ones first.
    pending: Vec<NodeId>,
    bounded: Vec<(NodeId, Bound)>,
    lost: usize,
    /// Bytes that may still be looked at.
    work: usize,
    /// Bytes that may still come out of layers.
    output: usize,
}

/// A moment in the making.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    nodes: usize,
    pending: usize,
    bounded: usize,
}

impl Builder {
    /// With room for `output` bytes to come out of layers.
    pub(super) fn new(bytes: &[u8], lost: usize, output: usize) -> Self {
        let kept = bytes.get(..MAX_INPUT).unwrap_or(bytes);
        let mut builder = Self {
            arena: Arena::default(),
            buffers: Vec::new(),
            pending: Vec::new(),
            bounded: Vec::new(),
            lost,
            work: FREE,
            output,
        };
        builder.region(None, kept.to_vec(), None);
        if kept.len() < bytes.len() {
            builder.bounded.push((NodeId::ROOT, Bound::Input));
        }
        builder
    }

    /// A new buffer, and a node for all of it that is still to be read.
    fn region(&mut self, parent: Option<NodeId>, bytes: Vec<u8>, layer: Option<Layer>) {
        let buffer = BufferId(u32::try_from(self.buffers.len()).unwrap_or(u32::MAX));
        let whole = Extent::new(0, bytes.len());
        self.work = self.work.saturating_add(LOOKS.saturating_mul(bytes.len()));
        self.buffers.push(Buffer { bytes, layer });
        let label = if parent.is_some() {
            Label::Reading
        } else {
            Label::Nothing
        };
        let id = self
            .arena
            .push(parent, Record::new(Kind::Bytes, label, buffer, whole));
        self.pending.push(id);
    }

    pub(super) fn build(mut self) -> Payload {
        let mut next = 0;
        while let Some(id) = self.pending.get(next).copied() {
            next += 1;
            self.settle(id);
        }
        self.bounded.sort_by_key(|(id, _)| *id);
        Payload {
            buffers: self.buffers,
            arena: self.arena,
            bounded: self.bounded,
            lost: self.lost,
        }
    }

    /// Lets `id` be read later.
    pub(super) fn later(&mut self, id: NodeId) {
        self.pending.push(id);
    }

    /// How far it has come, for [`Builder::undo`].
    pub(super) fn mark(&self) -> Mark {
        Mark {
            nodes: self.arena.len(),
            pending: self.pending.len(),
            bounded: self.bounded.len(),
        }
    }

    /// Forgets what was made since `mark`, all of it below `root`, which had no children.
    pub(super) fn undo(&mut self, mark: Mark, root: NodeId) {
        self.arena.undo(mark.nodes, root);
        self.pending.truncate(mark.pending);
        self.bounded.truncate(mark.bounded);
    }

    pub(super) fn is_full(&self) -> bool {
        self.arena.len() >= MAX_NODES
    }

    pub(super) fn limit(&mut self, id: NodeId, bound: Bound) {
        self.bounded.push((id, bound));
    }

    /// What is left behind damage, as the last child of `parent`.
    pub(super) fn damage(&mut self, parent: NodeId, tail: (BufferId, Extent), why: Why) {
        let (buffer, extent) = tail;
        let record = Record::new(Kind::Damage(why), Label::Tail, buffer, extent);
        self.arena.push(Some(parent), record);
    }

    /// Finds out what `id` holds.
    fn settle(&mut self, id: NodeId) {
        let Some(record) = self.arena.get(id).copied() else {
            return;
        };
        let is_string = record.kind == Kind::String;
        let length = record.content.range().len();
        // Every region is looked at as text, as message and as something packed.
        let cost = length.saturating_add(1).saturating_mul(2);
        let bound = match self.work.checked_sub(cost) {
            _ if record.depth >= MAX_DEPTH => Some(Bound::Depth),
            _ if self.is_full() => Some(Bound::Nodes),
            None => Some(Bound::Work),
            Some(left) => {
                self.work = left;
                None
            }
        };
        // The bytes move out while nodes are made of them, so that both can be borrowed.
        let bytes = self.buffers.get_mut(record.buffer.index());
        let bytes = bytes.map(|buffer| std::mem::take(&mut buffer.bytes));
        let bytes = bytes.unwrap_or_default();
        if let Some(bound) = bound {
            let content = bytes.get(record.content.range()).unwrap_or_default();
            let is_text = std::str::from_utf8(content).is_ok();
            self.leaf(id, is_text);
            self.limit(id, bound);
        } else if is_string {
            self.string(id, record, &bytes);
        } else {
            self.read(id, record, &bytes);
        }
        if let Some(buffer) = self.buffers.get_mut(record.buffer.index()) {
            buffer.bytes = bytes;
        }
    }

    /// A string of JSON is text, unless it holds something; escapes make a buffer only then.
    fn string(&mut self, id: NodeId, record: Record, bytes: &[u8]) {
        let content = bytes.get(record.content.range()).unwrap_or_default();
        if !content.contains(&b'\\') {
            self.read(id, record, bytes);
            return;
        }
        let quoted = record.content.range();
        let quoted = bytes.get(quoted.start.saturating_sub(1)..quoted.end + 1);
        let text = json::decode(quoted.unwrap_or_default()).into_bytes();
        if text.len() > self.output {
            self.limit(id, Bound::Output);
            return;
        }
        let buffer = BufferId(u32::try_from(self.buffers.len()).unwrap_or(u32::MAX));
        let mut inside = record.holding(Extent::new(0, text.len()));
        inside.buffer = buffer;
        // Taken before its bytes are read: what comes out of them comes on top.
        self.output -= text.len();
        // Its own number is needed while its bytes are read, and nothing else may take it.
        self.buffers.push(Buffer {
            bytes: Vec::new(),
            layer: Some(Layer::JsonString),
        });
        self.read(id, inside, &text);
        if self.arena.first(id).is_none() && self.buffers.len() == buffer.index() + 1 {
            self.buffers.pop();
            self.output += text.len();
            return;
        }
        self.work = self.work.saturating_add(LOOKS.saturating_mul(text.len()));
        if let Some(kept) = self.buffers.get_mut(buffer.index()) {
            kept.bytes = text;
        }
    }

    /// Reads the content of `record`, which is `id`'s, in the ways that are plausible.
    fn read(&mut self, id: NodeId, record: Record, bytes: &[u8]) {
        let is_field = matches!(record.kind, Kind::Delimited(_));
        let content = bytes.get(record.content.range()).unwrap_or_default();
        if begins_like_json(content) && self.read_json(id, record, bytes) {
            return;
        }
        let place = if record.kind == Kind::String {
            Place::String
        } else if is_field {
            Place::Field
        } else {
            Place::Whole
        };
        let verdict = judge(content, place, &mut self.output);
        let readings = match verdict {
            Verdict::Text => return self.leaf(id, true),
            Verdict::Bytes => return self.leaf(id, false),
            Verdict::Readings(readings) => readings,
        };
        let alone = readings.len() == 1;
        for reading in readings {
            let is_message = matches!(reading, Reading::Message);
            // Strings and fields keep their kind; the fields of a message are a field's own.
            let own = alone && record.kind != Kind::String && (!is_field || is_message);
            let at = if own {
                id
            } else {
                self.set(id, Kind::Choice);
                let whole = Record::new(Kind::Bytes, Label::Reading, record.buffer, record.content);
                self.arena.push(Some(id), whole)
            };
            self.apply(at, record, (bytes, reading));
        }
    }

    fn apply(&mut self, id: NodeId, record: Record, (bytes, reading): (&[u8], Reading)) {
        match reading {
            Reading::Text => self.leaf(id, true),
            Reading::Bytes => self.leaf(id, false),
            Reading::Message => {
                self.set(id, Kind::Message);
                self.message(id, (record.buffer, record.content), bytes);
            }
            Reading::Layer(layer, unpacked) => {
                self.set(id, Kind::Layer(layer));
                let Some(left) = self.output.checked_sub(unpacked.bytes.len()) else {
                    self.leaf(id, false);
                    self.limit(id, Bound::Output);
                    return;
                };
                self.output = left;
                self.region(Some(id), unpacked.bytes, Some(layer));
                if let Some(Why::Bound(bound)) = unpacked.stopped {
                    self.limit(id, bound);
                } else if let Some(why) = unpacked.stopped {
                    self.spoil(id, why);
                }
            }
        }
    }

    /// JSON as the only reading; false, and nothing changed, where it is none.
    fn read_json(&mut self, id: NodeId, record: Record, bytes: &[u8]) -> bool {
        let mark = self.mark();
        let whole = (record.buffer, record.content);
        let at = if matches!(record.kind, Kind::String | Kind::Delimited(_)) {
            let inside = Record::new(Kind::Bytes, Label::Reading, whole.0, whole.1);
            self.arena.push(Some(id), inside)
        } else {
            id
        };
        let is_json = self.json(at, whole, bytes);
        if is_json {
            self.set(id, Kind::Choice);
        } else {
            self.undo(mark, id);
        }
        is_json
    }

    /// Gives a node the kind that came out; strings stay strings, and fields fields.
    fn set(&mut self, id: NodeId, kind: Kind) {
        let Some(record) = self.arena.get_mut(id) else {
            return;
        };
        record.kind = match (record.kind, kind) {
            (Kind::String, _) => Kind::String,
            (Kind::Delimited(_), Kind::Message) => Kind::Delimited(Holding::Message),
            (Kind::Delimited(_), Kind::Text) => Kind::Delimited(Holding::Text),
            (Kind::Delimited(_), Kind::Bytes) => Kind::Delimited(Holding::Bytes),
            (Kind::Delimited(_), _) => Kind::Delimited(Holding::Readings),
            (Kind::Object | Kind::Array, Kind::Choice) => record.kind,
            (_, kind) => kind,
        };
    }

    fn leaf(&mut self, id: NodeId, is_text: bool) {
        self.set(id, if is_text { Kind::Text } else { Kind::Bytes });
    }

    /// Says that a layer's bytes are not all that was packed.
    fn spoil(&mut self, id: NodeId, why: Why) {
        let tail = self.arena.get(id).map(|record| {
            let end = record.whole.range().end;
            (record.buffer, Extent::new(end, end))
        });
        if let Some(tail) = tail {
            self.damage(id, tail, why);
        }
    }
}
