//! What the messages of a conversation take, what of them is given up, and what is
//! called back because somebody looks at it.

use super::History;
use crate::model::ids::Seq;
use crate::model::message::PageSize;
use crate::model::timeline::Stretch;

/// So many seqs beside what is on screen are called back with it: more than the screens
/// that are loaded ahead.
const BESIDE: u32 = 64;

impl History {
    /// How many bytes the messages take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.timeline.bytes()
    }

    /// Gives up messages far from where the reader is and from what is selected, to save
    /// `over` bytes if it can be. Says how many were saved: a part of it at one go.
    pub fn make_room(&mut self, over: usize) -> usize {
        let before = self.timeline.bytes();
        let places = [self.selected, self.anchor.map(|anchor| anchor.seq)];
        let places = places.into_iter().flatten().map(Stretch::one);
        let stretches = [self.on_screen(), self.selection()];
        let near: Vec<Stretch> = places.chain(stretches.into_iter().flatten()).collect();
        self.timeline.make_room(&near, before.saturating_sub(over));
        self.strip.clear();
        before.saturating_sub(self.timeline.bytes())
    }

    /// Calls back what was given up where the rows are to be laid out.
    pub(super) fn call_back_here(&mut self) {
        let places = [self.selected, self.anchor.map(|anchor| anchor.seq)];
        for seq in places.into_iter().flatten() {
            let around = Stretch::new(seq.back(BESIDE), seq.forward(BESIDE));
            self.call_back(around.unwrap_or(Stretch::one(seq)));
        }
    }

    /// Calls back what was given up and is on screen; `true` where there was any, and the
    /// rows are others now.
    pub(super) fn call_back_shown(&mut self) -> bool {
        let Some(shown) = self.on_screen() else {
            return false;
        };
        let first = shown.first().back(BESIDE);
        let last = shown.last().forward(BESIDE);
        self.call_back(Stretch::new(first, last).unwrap_or(shown))
    }

    fn call_back(&mut self, within: Stretch) -> bool {
        let range = within.first()..=within.last();
        if !self.timeline.is_away(&range) {
            return false;
        }
        // A long run of which nothing is left is one row, and needs no body.
        let is_read = |first: Seq, last: Seq, is_left: bool| {
            is_left || last.get() - first.get() < PageSize::FULL.get()
        };
        let runs = self.timeline.runs(range);
        let runs = runs.filter(|run| is_read(run.first, run.last, run.state.is_left()));
        let read: Vec<Stretch> = runs
            .filter_map(|run| Stretch::new(run.first, run.last))
            .collect();
        let mut was_any = false;
        for stretch in read {
            was_any |= self.timeline.call_back(stretch);
        }
        if was_any {
            self.strip.clear();
        }
        was_any
    }
}
