//! What lies ahead of a search and has not been looked at.

use super::towards::Towards;
use crate::app::jobs::PageAsk;
use crate::model::ids::Seq;
use crate::model::message::PageSize;
use crate::model::timeline::{SeqState, Spans, Stretch, Timeline};

/// A timeline seen in one direction, with what is in the air over it.
#[derive(Debug)]
pub(super) struct Ground<'a> {
    pub(super) timeline: &'a Timeline,
    pub(super) towards: Towards,
    /// Windows in the air.
    pub(super) flying: &'a Spans<()>,
    /// Windows that no page could be had for.
    pub(super) failed: &'a Spans<()>,
}

/// Seqs that are neither loaded nor given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Open {
    /// A page is on its way.
    Flying(Stretch),
    /// What one page can bring.
    Free(Stretch),
}

impl Open {
    pub(super) const fn stretch(self) -> Stretch {
        match self {
            Self::Flying(stretch) | Self::Free(stretch) => stretch,
        }
    }
}

impl Ground<'_> {
    /// The open seqs of `within`, from the near end on.
    pub(super) fn open(&self, within: Option<Stretch>) -> impl Iterator<Item = Open> {
        let mut left = within;
        std::iter::from_fn(move || {
            let end = self.towards.far(left?);
            let open = self.first_open(left?);
            let rest = open.and_then(|open| self.towards.next(self.towards.far(open.stretch())));
            left = rest.and_then(|rest| self.towards.stretch(rest, end));
            open
        })
    }

    fn first_open(&self, within: Stretch) -> Option<Open> {
        let towards = self.towards;
        let end = towards.far(within);
        let mut at = towards.near(within);
        loop {
            at = towards.unfetched(self.timeline, at)?;
            let run = self.timeline.run(at);
            let run = Stretch::new(run.first, run.last)?;
            // Empty where `at` lies beyond the end.
            let here = towards.stretch(at, towards.nearer(towards.far(run), end))?;
            if let Some((span, ())) = self.flying.get(at) {
                return here.meet(span).map(Open::Flying);
            }
            if let Some((span, ())) = self.failed.get(at) {
                at = towards.next(towards.far(span))?;
                continue;
            }
            let free = here
                .meet(self.flying.hole(at)?)?
                .meet(self.failed.hole(at)?)?;
            let page = towards.further(at, PageSize::FULL.get() - 1);
            let far = towards.nearer(page, towards.far(free));
            return towards.stretch(at, far).map(Open::Free);
        }
    }

    /// Whether nothing at all is known of the seqs a page asked for.
    pub(super) fn is_untouched(timeline: &Timeline, ask: PageAsk) -> bool {
        let window = ask.window();
        let run = timeline.run(window.last());
        run.state == SeqState::Unfetched && run.first <= window.first()
    }

    /// The seqs further than `from`, up to and including `end`.
    pub(super) fn beyond(towards: Towards, from: Seq, end: Seq) -> Option<Stretch> {
        towards.stretch(towards.next(from)?, end)
    }
}
