//! The values of JSON as nodes.

use super::MAX_DEPTH;
use super::arena::{BufferId, Extent, Kind, Label, NodeId, Record};
use super::build::Builder;
use super::damage::{Bound, Why};
use super::judge;
use crate::model::json::{Container, Step, Steps, is_number};

/// A container that is not closed yet.
struct Open {
    id: NodeId,
    items: u32,
    kind: Container,
}

/// A walk over one text of JSON.
struct Walk<'b> {
    builder: &'b mut Builder,
    /// The outermost value.
    root: NodeId,
    buffer: BufferId,
    region: Extent,
    /// The text of the region.
    text: &'b [u8],
    open: Vec<Open>,
    /// Of the value that comes next.
    key: Option<Extent>,
    keys: usize,
    /// Where the last token ended, in the text.
    done: usize,
}

impl Builder {
    /// Makes `id` the outermost value of the JSON in `place`; false where it is not plausible.
    ///
    /// Broken JSON is JSON where a key was read: `[smile] hello` is not.
    pub(super) fn json(&mut self, id: NodeId, place: (BufferId, Extent), bytes: &[u8]) -> bool {
        let (mark, kept) = (self.mark(), self.arena.get(id).copied());
        let (buffer, region) = place;
        let mut walk = Walk {
            builder: self,
            root: id,
            buffer,
            region,
            text: bytes.get(region.range()).unwrap_or_default(),
            open: Vec::new(),
            key: None,
            keys: 0,
            done: 0,
        };
        let Some(why) = walk.run() else {
            return true;
        };
        if walk.tail(why) {
            return true;
        }
        self.undo(mark, id);
        if let (Some(record), Some(kept)) = (self.arena.get_mut(id), kept) {
            *record = kept;
        }
        false
    }
}

/// Without the quotes or brackets.
fn inside(token: Extent) -> Extent {
    Extent {
        start: token.start + 1,
        end: token.end - 1,
    }
}

impl Walk<'_> {
    /// Goes as far as it can; says why it stopped, if not at the end.
    fn run(&mut self) -> Option<Why> {
        let depth = self
            .builder
            .arena
            .get(self.root)
            .map_or(0, |root| root.depth);
        let levels = MAX_DEPTH.saturating_sub(depth) as usize;
        let text = self.text;
        for step in Steps::new(text, levels) {
            let (step, range) = match step {
                Ok(step) => step,
                Err(flaw) => return Some(Why::Json(flaw.what)),
            };
            if self.builder.is_full() {
                return Some(Why::Bound(Bound::Nodes));
            }
            let base = self.region.range().start;
            let token = Extent::new(base + range.start, base + range.end);
            let spelled = text.get(range.clone()).unwrap_or_default();
            match step {
                Step::Key => {
                    self.key = Some(token);
                    self.keys += 1;
                }
                Step::Close => self.close(token),
                Step::Open(kind) => self.open(kind, token),
                Step::Sealed => {
                    let is_object = spelled.first() == Some(&b'{');
                    let kind = if is_object { Kind::Object } else { Kind::Array };
                    let sealed = self.value(kind, token, inside(token));
                    self.builder.limit(sealed, Bound::Depth);
                }
                Step::String => {
                    let string = self.value(Kind::String, token, inside(token));
                    if judge::may_hold_more(spelled) {
                        self.builder.later(string);
                    }
                }
                Step::Number if std::str::from_utf8(spelled).is_ok_and(is_number) => {
                    self.value(Kind::Number, token, token);
                }
                Step::Word if matches!(spelled, b"true" | b"false" | b"null") => {
                    self.value(Kind::Word, token, token);
                }
                Step::Number | Step::Word => return Some(Why::Json("a word that is not JSON")),
            }
            self.done = range.end;
        }
        None
    }

    /// What is left, where enough was read to call it JSON.
    fn tail(self, why: Why) -> bool {
        let root = self.builder.arena.get(self.root).map(|root| root.kind);
        let contains = matches!(root, Some(Kind::Object | Kind::Array));
        if !contains || self.keys == 0 && !why.is_bound() {
            return false;
        }
        let region = self.region;
        // A key without a value is left with what follows it.
        let done = region.range().start + self.done;
        let from = self.key.map_or(done, |key| key.range().start);
        let tail = Extent::new(from, region.range().end);
        let innermost = self.open.last().map_or(self.root, |open| open.id);
        if self.open.is_empty() {
            self.builder.end(self.root, region.end, region.end);
        }
        self.builder.damage(innermost, (self.buffer, tail), why);
        true
    }

    fn value(&mut self, kind: Kind, token: Extent, content: Extent) -> NodeId {
        let Some(above) = self.open.last_mut() else {
            if let Some(root) = self.builder.arena.get_mut(self.root) {
                root.kind = kind;
                root.content = content;
            }
            return self.root;
        };
        let (label, start) = match (above.kind, self.key.take()) {
            (Container::Object, Some(key)) => (Label::Key(key), key.start),
            _ => (Label::Index(above.items), token.start),
        };
        above.items += 1;
        let whole = Extent { start, ..token };
        let record = Record::new(kind, label, self.buffer, whole).holding(content);
        self.builder.arena.push(Some(above.id), record)
    }

    fn open(&mut self, kind: Container, token: Extent) {
        let called = match kind {
            Container::Object => Kind::Object,
            Container::Array => Kind::Array,
        };
        // Until it closes it reaches to the end.
        let end = self.region.end;
        let inside = Extent {
            start: token.end,
            end,
        };
        let id = self.value(called, Extent { end, ..token }, inside);
        self.open.push(Open { id, items: 0, kind });
    }

    fn close(&mut self, token: Extent) {
        if let Some(closed) = self.open.pop() {
            // The outermost value has the space around it.
            let is_root = self.open.is_empty();
            let end = if is_root { self.region.end } else { token.end };
            self.builder.end(closed.id, end, token.start);
        }
    }
}

impl Builder {
    /// Ends a container, and what is in it.
    fn end(&mut self, id: NodeId, whole: u32, content: u32) {
        if let Some(record) = self.arena.get_mut(id) {
            record.whole.end = whole;
            record.content.end = content;
        }
    }
}
