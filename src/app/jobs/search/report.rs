//! What a search can say of the seqs it has left behind.

use super::towards::Towards;
use crate::model::ids::Seq;
use crate::model::message::Timestamp;
use crate::model::timeline::{Run, SeqState, Spans, Stretch, Timeline};

/// What a search has looked at, and what it could not.
///
/// The numbers are those of the moment at which the search passed the seqs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// From the seq beside the one it began at to the one it has reached: all of it
    /// is counted below. `None` before the first step.
    pub covered: Option<Stretch>,
    /// Messages that are there.
    pub present: u32,
    /// Deleted, expired or never stored.
    pub gone: u32,
    /// Recalled.
    pub recalled: u32,
    /// Not in the reply.
    pub withheld: u32,
    /// There, but not to be read.
    pub unreadable: u32,
    /// Not to be had: the page failed for good, or brought nothing.
    pub failed: u32,
    /// Passed over on the way to a hit that was loaded already.
    pub unfetched: u32,
    /// Pages asked for since the search began.
    pub pages: u32,
    /// The time of the furthest covered message that has one (the oldest, or the
    /// newest where it goes towards newer messages).
    pub time: Option<Timestamp>,
}

impl Report {
    /// How many items were there to be looked at.
    #[must_use]
    pub const fn scanned(&self) -> u32 {
        self.present + self.gone + self.recalled + self.unreadable
    }
}

/// A report in the making: it goes along with the search, so that telling how far
/// it is costs no more after a million messages.
#[derive(Debug, Clone)]
pub(super) struct Tally {
    from: Seq,
    towards: Towards,
    so_far: Report,
}

impl Tally {
    pub(super) fn new(from: Seq, towards: Towards) -> Self {
        Self {
            from,
            towards,
            so_far: Report::default(),
        }
    }

    /// Begins anew: what was passed over may have been loaded since.
    pub(super) fn restart(&mut self) {
        *self = Self::new(self.from, self.towards);
    }

    pub(super) const fn report(&self) -> Report {
        self.so_far
    }

    /// Counts the seqs up to and including `reached`, but at most `runs` runs of them.
    pub(super) fn advance(
        &mut self,
        timeline: &Timeline,
        failed: &Spans<()>,
        reached: Seq,
        runs: usize,
    ) {
        let towards = self.towards;
        let behind = self.so_far.covered.map_or(self.from, |c| towards.far(c));
        let Some(ahead) = towards
            .next(behind)
            .and_then(|next| towards.stretch(next, reached))
        else {
            return;
        };
        let range = ahead.first()..=ahead.last();
        let mut last = None;
        let mut take = |run: Run| {
            self.count(run, failed);
            last = Stretch::new(run.first, run.last).map(|run| towards.far(run));
        };
        match towards {
            Towards::Older => timeline.runs(range).rev().take(runs).for_each(&mut take),
            Towards::Newer => timeline.runs(range).take(runs).for_each(&mut take),
        }
        let Some(last) = last else { return };
        let first = towards.next(self.from);
        self.so_far.covered = first.and_then(|first| towards.stretch(first, last));
        self.so_far.time = self.time(timeline, last).or(self.so_far.time);
    }

    fn count(&mut self, run: Run, failed: &Spans<()>) {
        let so_far = &mut self.so_far;
        match run.state {
            SeqState::Present => so_far.present += run.len(),
            SeqState::Gone => so_far.gone += run.len(),
            SeqState::Recalled => so_far.recalled += run.len(),
            SeqState::Withheld => so_far.withheld += run.len(),
            SeqState::Unreadable => so_far.unreadable += run.len(),
            SeqState::Unfetched => {
                let lost = overlap(failed, run);
                so_far.failed += lost;
                so_far.unfetched += run.len() - lost;
            }
        }
    }

    fn time(&self, timeline: &Timeline, reached: Seq) -> Option<Timestamp> {
        let (seq, time) = match self.towards {
            Towards::Older => timeline.timed_at_or_above(reached),
            Towards::Newer => timeline.timed_at_or_below(reached),
        }?;
        self.towards.is_beyond(seq, self.from).then_some(time)
    }
}

/// How many seqs of `run` have a value.
fn overlap(spans: &Spans<()>, run: Run) -> u32 {
    let (mut at, mut sum) = (Some(run.first), 0);
    while let Some(seq) = at
        && let Some(left) = Stretch::new(seq, run.last)
    {
        let (piece, has_value) = match spans.get(seq) {
            Some((span, ())) => (span.meet(left), true),
            None => (spans.hole(seq).and_then(|hole| hole.meet(left)), false),
        };
        let piece = piece.unwrap_or(left);
        sum += if has_value { piece.len() } else { 0 };
        at = piece.last().next();
    }
    sum
}
