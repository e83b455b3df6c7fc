//! What is not loaded on and near the screen, and how far away it is.

use super::rows::Paper;
use super::strip::{Reach, Unit, Way};
use super::{Block, BlockKind, History};
use crate::app::flights::Direction;
use crate::model::ids::Seq;
use crate::model::message::PageSize;

/// Further back than so much, how far a gap is is found out anew.
const FAR: usize = 256;

/// Blocks beyond either edge of the screen that are written before somebody gets there.
const PREPARED: usize = 8;

impl History {
    /// Writes what stands just beyond the screen, while nobody waits for a picture.
    pub fn prepare(&mut self, paper: &Paper<'_>) {
        for way in [Way::Older, Way::Newer] {
            let mut blocks = self.shown.rows.iter().filter_map(|row| row.block);
            let edge = match way {
                Way::Older => blocks.next(),
                Way::Newer => blocks.next_back(),
            };
            let mut at = edge;
            for _ in 0..PREPARED {
                at = at.and_then(|block| self.beside(block, way));
                match at {
                    Some(block) if block.kind != BlockKind::Gap => drop(self.lines(block, paper)),
                    Some(_) | None => break,
                }
            }
        }
    }

    /// What to ask for: the stretch the selection was sent into, and the nearest
    /// ones within one and a half screens that continue what is on screen; further
    /// towards older as far as the reader gets while a page is on its way.
    pub(super) fn unfetched_near(
        &mut self,
        paper: &Paper<'_>,
        height: usize,
    ) -> Vec<(Direction, Seq, PageSize)> {
        let mut near = Vec::new();
        near.extend(self.entered_gap());
        near.extend(self.around_selection());
        let visible = self.shown.rows.iter().filter_map(|row| row.block);
        let ends = (visible.clone().next(), visible.clone().next_back());
        let (Some(top), Some(bottom)) = ends else {
            return near;
        };
        let shown_below = gap_behind_others(visible.clone());
        let shown_above = gap_behind_others(visible.rev());
        let elsewhere = !near.is_empty();
        let reach = height + height / 2;
        let lead = self.lead(paper);
        let upwards = shown_above.map(|gap| (gap, 0));
        let upwards = upwards.or_else(|| self.gap_within(top, reach, paper, Way::Older));
        let upwards = upwards.or_else(|| {
            let (gap, rows) = self.gap_behind(top.first).filter(|_| lead > 0)?;
            (rows < reach + lead).then_some((gap, rows))
        });
        if let Some((gap, _)) = upwards {
            let page = self.next_down(gap, paper);
            near.push((Direction::Older, page.seq, page.count));
        }
        let downwards = shown_below.or_else(|| {
            let gap = self.gap_within(bottom, reach, paper, Way::Newer);
            gap.map(|(gap, _)| gap)
        });
        self.shown.ahead = None;
        if let Some((gap, passed)) = upwards
            && lead > 0
            && !elsewhere
            && downwards != Some(gap)
        {
            let left = (reach + lead).saturating_sub(passed);
            let pages = self.pages_ahead(gap, left, paper);
            self.shown.ahead = Some((paper.now.mono, pages));
        }
        let upwards = upwards.map(|(gap, _)| gap);
        // Two pages close what the one from above leaves; from both sides they would overlap.
        let small = |gap: &Block| Some(*gap) == upwards && gap.len() <= 2 * PageSize::FULL.get();
        if let Some(gap) = downwards.filter(|gap| !small(gap)) {
            let count = PageSize::clamped(gap.len());
            near.push((Direction::Newer, gap.first.forward(count.get() - 1), count));
        }
        near
    }

    /// A page of the stretch on which somebody pressed Enter.
    fn entered_gap(&self) -> Option<(Direction, Seq, PageSize)> {
        let seq = self.entered?;
        let gap = self.block(seq).filter(|b| b.kind == BlockKind::Gap)?;
        let count = PageSize::clamped(gap.len());
        let from_below = seq == gap.first && seq != gap.last && self.older(gap).is_some();
        Some(if from_below {
            (Direction::Newer, gap.first.forward(count.get() - 1), count)
        } else {
            (Direction::Older, gap.last, count)
        })
    }

    /// A page around a selection that jumped into the middle of nothing.
    fn around_selection(&self) -> Option<(Direction, Seq, PageSize)> {
        let selected = self.selected?;
        let gap = self.block(selected).filter(|b| b.kind == BlockKind::Gap)?;
        let continues = (selected == gap.last && self.newer(gap).is_some())
            || (selected == gap.first && self.older(gap).is_some());
        if continues {
            return None;
        }
        let page = PageSize::FULL.get();
        let whole = gap.first.forward(page - 1);
        let seq = selected.forward(page / 2 - 1).max(whole).min(gap.last);
        Some((
            Direction::Older,
            seq,
            PageSize::clamped(seq.get() - gap.first.get() + 1),
        ))
    }

    /// The nearest gap beyond the last visible block, unless that is one itself, and how
    /// many rows lie between.
    fn gap_within(
        &mut self,
        from: Block,
        reach: usize,
        paper: &Paper<'_>,
        way: Way,
    ) -> Option<(Block, usize)> {
        let found = if from.kind == BlockKind::Gap {
            self.walk_to_gap(from, reach, paper, way)
        } else {
            // No block is less than a row, and to count them none need be written.
            let near = self.next_gap(from, reach, way, Unit::Blocks, |_, _| 1);
            near.and_then(|_| {
                let rows = |history: &mut Self, block| history.measure(block, paper);
                self.next_gap(from, reach, way, Unit::Rows, rows)
            })
        };
        debug_assert_eq!(found, self.walk_to_gap(from, reach, paper, way), "{way:?}");
        found
    }

    /// The same by any measure, from where somebody who looked before has got to: a key
    /// that moves the reader by a row moves the end of it by one.
    fn next_gap(
        &mut self,
        from: Block,
        reach: usize,
        way: Way,
        unit: Unit,
        size: impl Fn(&mut Self, Block) -> usize,
    ) -> Option<(Block, usize)> {
        let anew = Reach {
            from,
            to: from,
            size: 0,
        };
        let kept = self.strip.reach(way, unit);
        let kept = kept.and_then(|kept| self.reach_from(from, kept, way, &size));
        let mut known = kept.unwrap_or(anew);
        let mut found = None;
        while known.size < reach {
            let Some(next) = self.beside(known.to, way) else {
                break;
            };
            if next.kind == BlockKind::Gap {
                found = Some((next, known.size));
                break;
            }
            known.to = next;
            known.size += size(self, next);
        }
        // What was measured may have made room in the strip.
        self.strip.keep_reach(way, unit, known);
        found
    }

    /// What is known behind another block; `None` where that is too far away to tell.
    fn reach_from(
        &mut self,
        from: Block,
        mut kept: Reach,
        way: Way,
        size: impl Fn(&mut Self, Block) -> usize,
    ) -> Option<Reach> {
        let is_behind = |block: Block, other: Block| match way {
            Way::Older => block.first < other.first,
            Way::Newer => block.first > other.first,
        };
        while is_behind(from, kept.from) && kept.from != kept.to {
            kept.from = self.beside(kept.from, way)?;
            kept.size = kept.size.checked_sub(size(self, kept.from))?;
        }
        let (mut at, mut passed) = (from, 0);
        while is_behind(kept.from, at) {
            at = self
                .beside(at, way)
                .filter(|at| at.kind != BlockKind::Gap)?;
            passed += size(self, at);
            if passed > FAR {
                return None;
            }
        }
        kept.size += passed;
        (at == kept.from).then_some(Reach { from, ..kept })
    }

    /// The same, step by step: what the quicker ways must find.
    fn walk_to_gap(
        &mut self,
        from: Block,
        reach: usize,
        paper: &Paper<'_>,
        way: Way,
    ) -> Option<(Block, usize)> {
        let (mut at, mut rows) = (from, 0);
        let mut passed = from.kind != BlockKind::Gap;
        while rows < reach {
            at = self.beside(at, way)?;
            if at.kind == BlockKind::Gap && passed {
                return Some((at, rows));
            }
            passed |= at.kind != BlockKind::Gap;
            rows += self.measure(at, paper);
        }
        None
    }

    fn beside(&self, block: Block, way: Way) -> Option<Block> {
        match way {
            Way::Older => self.older(block),
            Way::Newer => self.newer(block),
        }
    }
}

/// The first gap that comes after something that is none.
fn gap_behind_others(blocks: impl Iterator<Item = Block>) -> Option<Block> {
    blocks
        .skip_while(|b| b.kind == BlockKind::Gap)
        .find(|b| b.kind == BlockKind::Gap)
}
