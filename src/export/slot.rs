//! A page's worth of seqs on its way from asked to known.

use std::time::{Duration, Instant};

use crate::app::flights::retry_after;
use crate::model::codes::REPLY_TOO_LARGE;
use crate::model::error::{ApiError, Fault, Remedy};
use crate::model::ids::Seq;
use crate::model::message::{Ask, AskNo, Message, Page, PageSize};
use crate::model::text::{Clean, clean};
use crate::model::timeline::{SeqState, Stretch, Timeline};

/// Some neighbouring seqs, at most as many as one call can bring.
#[derive(Debug)]
pub(super) struct Slot {
    part: Stretch,
    known: Timeline,
    /// Given up, and why.
    failed: Vec<(Stretch, Clean)>,
    /// The largest seq that may still be asked for; what is unfetched above was given up.
    below: Option<Seq>,
    /// How many seqs a call asks for: fewer where a reply is too large.
    most: u32,
    /// Tries of the present ask that failed.
    attempt: u32,
    /// When the last of them failed.
    failed_at: Option<Instant>,
    /// The next try may come early.
    early: bool,
    asked: u64,
    /// What its messages weigh, in bytes.
    weight: usize,
}

impl Slot {
    /// Nothing is known of `part`, which holds at most 20 seqs, but that all of them exist.
    pub(super) fn new(part: Stretch, head: Seq) -> Self {
        let mut known = Timeline::new();
        known.learn_head(Some(head), AskNo(0));
        Self {
            part,
            known,
            failed: Vec::new(),
            below: Some(part.last()),
            most: PageSize::FULL.get(),
            attempt: 0,
            failed_at: None,
            early: false,
            asked: 0,
            weight: 0,
        }
    }

    /// What to ask for next; `None` where everything is known or given up.
    pub(super) fn next(&mut self) -> Option<Ask> {
        let ask = self.wanted()?;
        self.asked += 1;
        Some(Ask {
            no: AskNo(self.asked),
            ..ask
        })
    }

    fn wanted(&self) -> Option<Ask> {
        let gap = self.known.gap_below(self.below?)?;
        let gap = Stretch::new(gap.lower, gap.upper)?.meet(self.part)?;
        Some(Ask {
            seq: Some(gap.last()),
            count: PageSize::clamped(gap.len().min(self.most)),
            generation: self.known.generation(),
            no: AskNo(self.asked),
        })
    }

    /// Whether nothing is left to be asked.
    pub(super) fn is_whole(&self) -> bool {
        self.wanted().is_none()
    }

    /// Whether the next ask is a try behind a failed one.
    pub(super) fn is_retry(&self) -> bool {
        self.failed_at.is_some()
    }

    /// Whether it may be tried again before its time: once, behind its first failure, where
    /// the budget would be idle otherwise. That try is none of the three.
    pub(super) fn come_early(&mut self) -> bool {
        if self.early {
            self.attempt = 0;
        }
        std::mem::take(&mut self.early)
    }

    pub(super) fn weight(&self) -> usize {
        self.weight
    }

    /// Takes a page that was asked for; `false` where it is no answer to the ask.
    pub(super) fn merge(&mut self, ask: Ask, page: Page) -> bool {
        let weight = page.items.iter().map(|item| item.raw.bytes().len());
        self.weight += weight.sum::<usize>();
        if self.known.merge(ask, page).no_progress {
            return false;
        }
        (self.attempt, self.failed_at) = (0, None);
        true
    }

    /// When the present ask failed last.
    pub(super) fn failed_at(&self) -> Option<Instant> {
        self.failed_at
    }

    /// The ask failed: how long to wait before the next one.
    ///
    /// `alone` says that the service has answered others since this one failed last, or that
    /// there are no others: without that it is not this page that is the matter.
    ///
    /// # Errors
    /// No other page is worth asking for either.
    pub(super) fn fail(
        &mut self,
        (ask, error): (Ask, ApiError),
        now: Instant,
        alone: bool,
    ) -> Result<Duration, Box<ApiError>> {
        let first = self.failed_at.replace(now).is_none();
        self.early = first && error.remedy() == Remedy::Transient;
        let too_large = error.fault == Fault::TooLarge || error.code() == Some(REPLY_TOO_LARGE);
        if too_large && ask.count.get() > 1 {
            self.most = ask.count.get() / 2;
            return Ok(Duration::ZERO);
        }
        if let Some(wait) = retry_after(self.attempt, &error, self.jitter()) {
            self.attempt += 1;
            return Ok(wait);
        }
        if too_large || (error.remedy() == Remedy::Transient && alone) {
            self.give_up(ask, &error);
            return Ok(Duration::ZERO);
        }
        Err(Box::new(error))
    }

    fn give_up(&mut self, ask: Ask, error: &ApiError) {
        (self.attempt, self.failed_at) = (0, None);
        let Some(last) = ask.seq else { return };
        let first = last.back(ask.count.get() - 1).max(self.part.first());
        if let Some(lost) = Stretch::new(first, last) {
            self.failed.push((lost, clean(&error.to_string())));
        }
        self.below = first.prev();
    }

    /// 0 to 1, other for other pages: what failed together does not come back together.
    fn jitter(&self) -> f64 {
        // The fractional parts of multiples of the golden ratio spread evenly.
        let mixed = self.part.first().get().wrapping_mul(2_654_435_769);
        f64::from(mixed) / f64::from(u32::MAX)
    }

    pub(super) fn into_leg(self, descending: bool) -> Leg {
        Leg {
            part: self.part,
            known: self.known,
            failed: self.failed,
            descending,
        }
    }
}

/// A page's worth of seqs of which all is known that can be.
#[derive(Debug)]
pub struct Leg {
    part: Stretch,
    known: Timeline,
    failed: Vec<(Stretch, Clean)>,
    descending: bool,
}

/// What is known of one seq of a leg.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// Which.
    pub seq: Seq,
    /// Its state; unfetched where it failed.
    pub state: SeqState,
    /// The item, where one came.
    pub message: Option<&'a Message>,
    /// Why it could not be had.
    pub failure: Option<&'a Clean>,
    /// Items without a seq that hang under it.
    pub strays: usize,
}

impl Leg {
    /// Which seqs.
    #[must_use]
    pub fn part(&self) -> Stretch {
        self.part
    }

    /// All of its seqs, in the order of the walk, each once.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let (first, last) = (self.part.first(), self.part.last());
        (0..self.part.len()).map(move |n| {
            self.entry(if self.descending {
                last.back(n)
            } else {
                first.forward(n)
            })
        })
    }

    fn entry(&self, seq: Seq) -> Entry<'_> {
        let lost = |(part, _): &&(Stretch, Clean)| part.first() <= seq && seq <= part.last();
        let state = self.known.state(seq);
        let failure = self.failed.iter().find(lost).map(|(_, why)| why);
        Entry {
            seq,
            state,
            message: self.known.message(seq),
            failure: failure.filter(|_| state == SeqState::Unfetched),
            strays: self.known.strays(seq).len(),
        }
    }
}
