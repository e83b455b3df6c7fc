//! The blocks on and near the screen, as they were cut and written last.
//!
//! A key that moves the reader changes nothing in them: to find them here takes a few steps
//! each, to cut and write them anew hundreds.

use std::collections::VecDeque;
use std::rc::Rc;

use super::Block;
use super::rows::Lines;
use crate::model::ids::Seq;

/// Blocks that are kept: more than any screen and its margin hold.
const MOST: usize = 1_024;

/// Whatever may change a block, or what is written of one, clears it.
#[derive(Debug, Default)]
pub(super) struct Strip(VecDeque<(Block, Rc<Lines>)>);

impl Strip {
    /// The block around `seq`.
    pub(super) fn around(&self, seq: Seq) -> Option<Block> {
        let at = self.0.partition_point(|(block, _)| block.first <= seq);
        let (block, _) = self.0.get(at.checked_sub(1)?)?;
        block.contains(seq).then_some(*block)
    }

    /// What is written of a block.
    pub(super) fn lines(&self, block: Block) -> Option<&Rc<Lines>> {
        let at = self.place(block).ok()?;
        self.0.get(at).map(|(_, lines)| lines)
    }

    /// How many rows a block has of its own.
    pub(super) fn height(&self, block: Block) -> Option<usize> {
        self.lines(block).map(|lines| lines.body.len())
    }

    pub(super) fn keep(&mut self, block: Block, lines: Rc<Lines>) {
        if self.0.len() >= MOST {
            self.clear();
        }
        if let Err(at) = self.place(block) {
            self.0.insert(at, (block, lines));
        }
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    fn place(&self, block: Block) -> Result<usize, usize> {
        self.0.binary_search_by_key(&block.first, |(b, _)| b.first)
    }
}
