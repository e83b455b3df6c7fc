//! How much memory the messages take, and what is given up where that is too much.

use std::ops::RangeInclusive;

use super::Timeline;
use super::spans::{Spans, Stretch};
use crate::model::ids::Seq;

/// Bodies can be given up: states, times and senders stay, so that nothing that was
/// learnt has to be learnt again. [`Timeline::call_back`] makes of them what is not
/// loaded, where somebody wants to read them.
impl Timeline {
    /// How many bytes the items take, but for what is open to be read, which is bounded.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.records.bytes()
    }

    /// Lets go of what was read some time ago. Whoever reads bodies calls it now and then;
    /// [`Timeline::merge`] does it too.
    pub fn tidy(&mut self) {
        self.records.tidy();
    }

    /// Gives up bodies that are furthest from all of `near`, until the rest takes at most
    /// `goal` bytes, and at most some hundred kilobytes at one go. Says whether more is to
    /// be given up.
    ///
    /// What lies near, was learnt lately, or cannot be had again (what was said of a seq
    /// before it changed) is kept, whatever it takes.
    pub fn make_room(&mut self, near: &[Stretch], goal: usize) -> bool {
        /// Each gives up some ten kilobytes, in about ten microseconds.
        const AT_ONCE: usize = 16;
        let mut near = near.to_vec();
        near.sort_unstable();
        for _ in 0..AT_ONCE {
            if self.bytes() <= goal {
                return false;
            }
            let Some(span) = self.records.give_up(&near) else {
                return false;
            };
            let answered: Vec<Stretch> = self.answered(span).collect();
            for part in answered {
                self.away.set(part, ());
            }
        }
        self.bytes() > goal
    }

    /// The longest stretch around `seq` of which the bodies were given up.
    #[must_use]
    pub fn away_around(&self, seq: Seq) -> Option<Stretch> {
        self.away.get(seq).map(|(span, ())| span)
    }

    /// The longest stretch around `seq` of which nothing was given up.
    #[must_use]
    pub fn here_around(&self, seq: Seq) -> Option<Stretch> {
        self.away.hole(seq)
    }

    /// Whether bodies of `range` were given up.
    #[must_use]
    pub fn is_away(&self, range: &RangeInclusive<Seq>) -> bool {
        let next = self.away.at_or_above(*range.start());
        next.is_some_and(|(span, ())| span.first() <= *range.end())
    }

    /// Makes what was given up in `within` a stretch that is not loaded, to be asked for
    /// like any other. Says whether there was any.
    pub fn call_back(&mut self, within: Stretch) -> bool {
        let parts = self.away.remove(within);
        for (part, ()) in &parts {
            for (piece, state) in self.states.remove(*part) {
                *self.counts.of_mut(state) -= piece.len();
            }
            self.loaded.remove(*part);
            self.left.remove(*part);
        }
        !parts.is_empty()
    }

    /// [`Timeline::call_back`] for all that `done` does not speak of.
    pub(crate) fn call_back_beside(&mut self, done: &Spans<()>) -> bool {
        let mut at = self.away.hull().map(Stretch::first);
        let mut open = Vec::new();
        while let Some((span, ())) = at.and_then(|at| self.away.at_or_above(at)) {
            let from = at.map_or(span.first(), |at| at.max(span.first()));
            let passed = if let Some((known, ())) = done.get(from) {
                known
            } else {
                let hole = done.hole(from).unwrap_or(Stretch::one(from));
                open.extend(hole.meet(span));
                hole
            };
            at = passed.last().next();
        }
        let mut was_any = false;
        for stretch in open {
            was_any |= self.call_back(stretch);
        }
        was_any
    }
}
