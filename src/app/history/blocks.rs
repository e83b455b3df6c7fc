//! The line of seqs cut into blocks: what stands on the screen as one thing.

use super::History;
use crate::model::ids::Seq;
use crate::model::timeline::{SeqState, Stretch};

/// A part of the line of seqs that is selected and drawn as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// The smallest seq.
    pub first: Seq,
    /// The largest seq.
    pub last: Seq,
    /// How it is drawn.
    pub kind: BlockKind,
}

/// How a block is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// One seq that the service has answered for.
    Single(SeqState),
    /// Two and more placeholders or withheld seqs in one row.
    Folded(SeqState),
    /// Not loaded.
    Gap,
    /// Loaded, and not yet compared with the filter.
    Unjudged,
    /// Loaded, and hidden by the filter: never drawn, never selected.
    Hidden,
}

impl Block {
    /// How many seqs.
    #[expect(clippy::len_without_is_empty, reason = "a block is never empty")]
    #[must_use]
    pub const fn len(self) -> u32 {
        self.last.get() - self.first.get() + 1
    }

    /// Whether `seq` is part of it.
    #[must_use]
    pub fn contains(self, seq: Seq) -> bool {
        self.first <= seq && seq <= self.last
    }
}

impl History {
    /// The block around `seq`; `None` above the head.
    #[must_use]
    pub fn block(&self, seq: Seq) -> Option<Block> {
        let kept = self.strip.around(seq);
        debug_assert!(kept.is_none() || kept == self.cut(seq));
        kept.or_else(|| self.cut(seq))
    }

    fn cut(&self, seq: Seq) -> Option<Block> {
        let block = self.unfiltered(seq)?;
        Some(match &self.filter {
            Some(filter) => filter.cut(&self.timeline, block, seq),
            None => block,
        })
    }

    fn unfiltered(&self, seq: Seq) -> Option<Block> {
        let head = self.timeline.head()?;
        if seq > head {
            return None;
        }
        let run = self.timeline.run(seq);
        let single = Block {
            first: seq,
            last: seq,
            kind: BlockKind::Single(run.state),
        };
        match run.state {
            SeqState::Unfetched => Some(Block {
                first: run.first,
                last: run.last.min(head),
                kind: BlockKind::Gap,
            }),
            SeqState::Present | SeqState::Unreadable => Some(single),
            SeqState::Gone | SeqState::Recalled | SeqState::Withheld => {
                let (first, last) = self.fold(seq, run.first, run.last);
                let folds = last > first;
                let kind = BlockKind::Folded(run.state);
                Some(if folds {
                    Block { first, last, kind }
                } else {
                    single
                })
            }
        }
    }

    /// The part of a run around `seq` that is folded; just `seq` where it was unfolded.
    fn fold(&self, seq: Seq, mut first: Seq, mut last: Seq) -> (Seq, Seq) {
        // What came since the last visit is a run of its own, below the line.
        if let Some(visit) = self.last_visit() {
            if seq <= visit.head {
                last = last.min(visit.head);
            } else {
                first = first.max(visit.head.next().unwrap_or(seq));
            }
        }
        for open in &self.unfolded {
            if open.first() <= seq && seq <= open.last() {
                return (seq, seq);
            }
            if open.last() < seq {
                first = first.max(open.last().next().unwrap_or(seq));
            } else {
                last = last.min(open.first().prev().unwrap_or(seq));
            }
        }
        (first, last)
    }

    /// The next older block.
    #[must_use]
    pub fn older(&self, block: Block) -> Option<Block> {
        let next = self.block(block.first.prev()?)?;
        if next.kind == BlockKind::Hidden {
            self.older(next)
        } else {
            Some(next)
        }
    }

    /// The next newer block.
    #[must_use]
    pub fn newer(&self, block: Block) -> Option<Block> {
        let next = self.block(block.last.next()?)?;
        if next.kind == BlockKind::Hidden {
            self.newer(next)
        } else {
            Some(next)
        }
    }

    /// Shows each seq of a folded run; `false` for any other block.
    pub fn unfold(&mut self, block: Block) -> bool {
        if !matches!(block.kind, BlockKind::Folded(_)) {
            return false;
        }
        self.unfolded.extend(Stretch::new(block.first, block.last));
        self.strip.clear();
        true
    }

    /// Folds again what was unfolded around `seq`; `false` where nothing was.
    pub fn fold_again(&mut self, seq: Seq) -> bool {
        let before = self.unfolded.len();
        self.unfolded
            .retain(|open| !(open.first() <= seq && seq <= open.last()));
        self.strip.clear();
        self.unfolded.len() < before
    }
}
