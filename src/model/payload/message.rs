//! The fields of a protobuf message as nodes.

use super::MAX_DEPTH;
use super::arena::{BufferId, Extent, Holding, Kind, Label, NodeId, Record};
use super::build::Builder;
use super::damage::{Bound, Why};
use super::wire::{Event, Fields, Flaw, Shape};

impl Builder {
    /// Hangs the fields in `place` below `id`; they and the damage tile it.
    pub(super) fn message(&mut self, id: NodeId, place: (BufferId, Extent), bytes: &[u8]) {
        let (buffer, extent) = place;
        let mut open = vec![id];
        let mut done = extent.range().start;
        let mut stopped = None;
        for event in Fields::new(bytes, extent.range()) {
            let parent = open.last().copied().unwrap_or(id);
            let depth = self.arena.get(parent).map_or(0, |record| record.depth);
            if self.is_full() {
                stopped = Some(Why::Bound(Bound::Nodes));
                break;
            }
            if depth >= MAX_DEPTH {
                stopped = Some(Why::Bound(Bound::Depth));
                break;
            }
            match event {
                Ok(Event::Field {
                    number,
                    shape,
                    whole,
                    content,
                }) => {
                    let kind = match shape {
                        Shape::Varint => Kind::Varint,
                        Shape::Fixed64 => Kind::Fixed64,
                        Shape::Fixed32 => Kind::Fixed32,
                        Shape::Delimited => Kind::Delimited(Holding::Text),
                    };
                    let field = Record::new(kind, Label::Field(number), buffer, whole);
                    let field = self.arena.push(Some(parent), field.holding(content));
                    if shape == Shape::Delimited && !content.range().is_empty() {
                        self.later(field);
                    }
                    done = whole.range().end;
                }
                Ok(Event::Open { number, tag }) => {
                    let behind = tag.range().end;
                    // Both ends are known when it closes.
                    let rest = Extent::new(tag.range().start, extent.range().end);
                    let group = Record::new(Kind::Group, Label::Field(number), buffer, rest);
                    let content = Extent::new(behind, extent.range().end);
                    open.push(self.arena.push(Some(parent), group.holding(content)));
                    done = behind;
                }
                Ok(Event::Close { tag }) => {
                    if let Some(group) = open.pop().and_then(|group| self.arena.get_mut(group)) {
                        group.content.end = tag.start;
                        group.whole.end = tag.end;
                    }
                    done = tag.range().end;
                }
                Err(Flaw { why, .. }) => stopped = Some(why),
            }
        }
        if let Some(why) = stopped {
            let tail = Extent::new(done, extent.range().end);
            self.damage(open.last().copied().unwrap_or(id), (buffer, tail), why);
        }
    }
}
