//! What is known of when: which seqs have a time, and where times go backwards.

use std::collections::BTreeSet;

use super::Timeline;
use super::spans::{Spans, Stretch};
use super::store::Store;
use crate::model::ids::Seq;
use crate::model::message::Timestamp;

/// Which of the records have a usable time; the time itself stays with the record.
///
/// A seq that has a time keeps one whatever comes later, so that nothing is ever
/// taken out and the order in which pages land does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Times {
    timed: Spans<()>,
    /// Seqs with a time before that of the nearest timed seq below them.
    backwards: BTreeSet<Seq>,
}

impl Times {
    /// The record of `seq` has changed.
    pub(super) fn note(&mut self, seq: Seq, records: &Store) {
        let time = |seq: Seq| records.time(seq);
        let Some(now) = time(seq) else { return };
        if self.timed.get(seq).is_none() {
            self.timed.set(Stretch::one(seq), ());
        }
        let before = self.below(seq.prev()).and_then(time);
        self.judge(seq, before, now);
        if let Some(after) = self.above(seq.next())
            && let Some(then) = time(after)
        {
            self.judge(after, Some(now), then);
        }
    }

    fn judge(&mut self, seq: Seq, before: Option<Timestamp>, own: Timestamp) {
        if before.is_some_and(|before| before > own) {
            self.backwards.insert(seq);
        } else {
            self.backwards.remove(&seq);
        }
    }

    fn below(&self, seq: Option<Seq>) -> Option<Seq> {
        let seq = seq?;
        let (span, ()) = self.timed.at_or_below(seq)?;
        Some(span.last().min(seq))
    }

    fn above(&self, seq: Option<Seq>) -> Option<Seq> {
        let seq = seq?;
        let (span, ()) = self.timed.at_or_above(seq)?;
        Some(span.first().max(seq))
    }
}

/// The known times next to a moment: neighbours, with no known time in between.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fences {
    /// The last one before it.
    pub below: Option<(Seq, Timestamp)>,
    /// The first one at or after it.
    pub above: Option<(Seq, Timestamp)>,
}

/// What is known of when. All of it in logarithmic time, whatever lies between.
impl Timeline {
    /// The nearest seq at or before `seq` that has a time, whatever its state.
    #[must_use]
    pub fn timed_at_or_below(&self, seq: Seq) -> Option<(Seq, Timestamp)> {
        self.with_time(self.times.below(Some(seq))?)
    }

    /// The nearest seq at or after `seq` that has a time, whatever its state.
    #[must_use]
    pub fn timed_at_or_above(&self, seq: Seq) -> Option<(Seq, Timestamp)> {
        self.with_time(self.times.above(Some(seq))?)
    }

    /// Between which neighbouring known times `time` lies.
    ///
    /// Times are taken as non-decreasing. Where they are not there may be several
    /// such places; this is one of them.
    #[must_use]
    pub fn fences(&self, time: Timestamp) -> Fences {
        let mut fences = Fences::default();
        let Some(hull) = self.times.timed.hull() else {
            return fences;
        };
        let (mut low, mut high) = (hull.first(), Some(hull.last()));
        while let Some(top) = high.filter(|top| low <= *top) {
            let middle = low.forward((top.get() - low.get()) / 2);
            match self.timed_at_or_above(middle).filter(|(at, _)| *at <= top) {
                Some(fence) if fence.1 < time => {
                    fences.below = Some(fence);
                    let Some(next) = fence.0.next() else { break };
                    low = next;
                }
                Some(fence) => {
                    fences.above = Some(fence);
                    high = self.times.below(middle.prev());
                }
                None => high = self.times.below(middle.prev()),
            }
        }
        fences
    }

    /// The first two neighbouring known times that go backwards, by their seqs. The
    /// service promises that they do not (api-facts 1.6).
    #[must_use]
    pub fn backwards(&self) -> Option<(Seq, Seq)> {
        let later = *self.times.backwards.first()?;
        Some((self.times.below(later.prev())?, later))
    }

    fn with_time(&self, seq: Seq) -> Option<(Seq, Timestamp)> {
        Some((seq, self.records.time(seq)?))
    }
}

/// What is known of where something is left.
impl Timeline {
    /// The stretches that the service has answered for, cut to `within`, from older
    /// to newer.
    pub fn answered(&self, within: Stretch) -> impl Iterator<Item = Stretch> + '_ {
        let next = move |from: Seq| {
            let rest = Stretch::new(from, within.last())?;
            self.loaded.at_or_above(from)?.0.meet(rest)
        };
        std::iter::successors(next(within.first()), move |span| next(span.last().next()?))
    }

    /// Whether the service has answered for all of a stretch.
    #[must_use]
    pub fn is_answered(&self, stretch: Stretch) -> bool {
        let loaded = self.loaded_around(stretch.last());
        loaded.is_some_and(|loaded| loaded.first() <= stretch.first())
    }

    /// The lowest run of seqs at or after `seq` of which something is left; see
    /// [`super::SeqState::is_left`].
    #[must_use]
    pub fn left_at_or_above(&self, seq: Seq) -> Option<Stretch> {
        let mut at = Some(seq);
        loop {
            let (span, left) = self.left.at_or_above(at?)?;
            if left {
                return Stretch::new(span.first().max(seq), span.last());
            }
            at = span.last().next();
        }
    }

    /// The highest run of seqs at or before `seq` of which something is left.
    #[must_use]
    pub fn left_at_or_below(&self, seq: Seq) -> Option<Stretch> {
        let mut at = Some(seq);
        loop {
            let (span, left) = self.left.at_or_below(at?)?;
            if left {
                return Stretch::new(span.first(), span.last().min(seq));
            }
            at = span.first().prev();
        }
    }
}
