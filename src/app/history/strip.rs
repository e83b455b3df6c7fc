//! The blocks on and near the screen, as they were cut and written last, and what is known
//! of them all.
//!
//! A key that moves the reader changes nothing in them: to find them here takes a few steps
//! each, to cut and write them anew hundreds.

use std::cell::Cell;
use std::collections::VecDeque;
use std::hint::black_box;

use super::Block;
use super::lines::Kept;
use crate::model::ids::Seq;
use crate::model::timeline::Stretch;

/// Blocks that are kept: more than any screen and its margin hold.
const MOST: usize = 1_024;

/// Whatever may change a block, or what is written of one, clears it.
#[derive(Debug, Default)]
pub(super) struct Strip {
    blocks: VecDeque<(Block, Kept)>,
    /// Where the last one was found: the next one that is asked for stands beside it.
    at: Cell<usize>,
    /// By way and unit.
    reaches: [[Option<Reach>; 2]; 2],
    named: Option<Stretch>,
}

/// Towards which end of the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Older,
    Newer,
}

/// What a stretch is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Blocks,
    Rows,
}

/// A stretch without a gap.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    /// The block in front of it.
    pub(super) from: Block,
    /// Its last block, or the same.
    pub(super) to: Block,
    /// Its blocks, or their rows.
    pub(super) size: usize,
}

impl Strip {
    /// The block around `seq`.
    pub(super) fn around(&self, seq: Seq) -> Option<Block> {
        self.find(seq).map(|(block, _)| *block)
    }

    /// What is written of a block.
    pub(super) fn lines(&self, block: Block) -> Option<&Kept> {
        let (kept, lines) = self.find(block.first)?;
        (kept.first == block.first).then_some(lines)
    }

    /// Looks at what is written of the blocks around `seq`, so many older and newer ones, all
    /// at once. Since the last key it has left the processor's caches, and who takes one
    /// after another waits for each by itself: with a million messages loaded that was a
    /// fifteenth of the work on a key.
    pub(super) fn fetch(&self, seq: Seq, older: usize, newer: usize) {
        let at = self.blocks.partition_point(|(block, _)| block.first <= seq);
        self.at.set(at.saturating_sub(1));
        let from = at.saturating_sub(older);
        let near = self.blocks.iter().skip(from).take(at - from + newer);
        black_box(near.map(|(_, kept)| kept.shares()).sum::<usize>());
    }

    /// How many rows a block has of its own.
    pub(super) fn height(&self, block: Block) -> Option<usize> {
        self.lines(block).map(Kept::body)
    }

    pub(super) fn keep(&mut self, block: Block, lines: Kept) {
        if self.blocks.len() >= MOST {
            self.clear();
        }
        let place = self.blocks.partition_point(|(b, _)| b.first < block.first);
        let is_there = self.blocks.get(place);
        if is_there.is_none_or(|(there, _)| there.first != block.first) {
            self.blocks.insert(place, (block, lines));
        }
    }

    /// How far no gap is known to be, as of the last time somebody looked.
    pub(super) fn reach(&self, way: Way, unit: Unit) -> Option<Reach> {
        self.reaches[way as usize][unit as usize]
    }

    pub(super) fn keep_reach(&mut self, way: Way, unit: Unit, reach: Reach) {
        self.reaches[way as usize][unit as usize] = Some(reach);
    }

    /// The seqs of which nobody's name is to be asked for.
    pub(super) fn named(&self) -> Option<Stretch> {
        self.named
    }

    pub(super) fn keep_named(&mut self, seqs: Option<Stretch>) {
        self.named = seqs;
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    fn find(&self, seq: Seq) -> Option<&(Block, Kept)> {
        let at = self.at.get();
        let beside = [at, at.saturating_add(1), at.saturating_sub(1)];
        let place = |at: usize| {
            let found = self.blocks.get(at)?;
            found.0.contains(seq).then_some((at, found))
        };
        let found = beside.into_iter().find_map(place).or_else(|| {
            let behind = self.blocks.partition_point(|(block, _)| block.first <= seq);
            place(behind.checked_sub(1)?)
        });
        let (at, found) = found?;
        self.at.set(at);
        Some(found)
    }
}
