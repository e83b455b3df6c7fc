//! Going back page by page until something is found.
//!
//! What is loaded counts first, and costs nothing. Then pages are asked for, many
//! at once; they land in any order and are judged in that of the seqs: a hit
//! behind a page still in the air waits, so what is found is always the nearest.

mod asks;
mod course;
mod ground;
mod report;
mod towards;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub use self::report::Report;
pub use self::towards::Towards;

use self::report::Tally;
use super::sieve::Sieve;
use super::{Aloft, PageAsk, Standing};
use crate::model::ids::Seq;
use crate::model::timeline::{Spans, Timeline};

/// So many pages failed one after another, and nothing landed in between: it is
/// not the page.
const IN_A_ROW: u32 = 3;

/// So many runs are counted for the report per step: a million messages that were
/// loaded before must not hold up a key.
const COUNTED_PER_STEP: usize = 4096;

/// One search from one place in one direction.
///
/// It has no clock and asks for nothing itself: after every event the caller
/// judges what has landed ([`Sieve::judge`]), says what has been answered
/// ([`Search::landed`]) and takes a [`Search::step`]. Stopping is not calling it
/// any more.
#[derive(Debug, Clone)]
pub struct Search {
    towards: Towards,
    /// Beyond this seq nothing has been looked at: the start, or the last hit.
    at: Seq,
    limit: Option<Seq>,
    allowance: Option<u32>,
    /// New asks since the allowance was whole.
    spent: u32,
    /// Pages failed since one landed.
    failures: u32,
    found: Option<Seq>,
    /// No loaded hit was left, so everything counts that is not loaded.
    paging: bool,
    /// The furthest seq that was asked for. Up to there nothing is passed over.
    frontier: Option<Seq>,
    /// Asked for, and neither answered nor given up as far as we know; whether it
    /// has been seen in the air.
    open: BTreeMap<PageAsk, bool>,
    /// Answered since the last step.
    answered: BTreeSet<PageAsk>,
    /// No page could be had for these seqs.
    failed: Spans<()>,
    tally: Tally,
    /// Everything up to here is covered, failed or was passed over.
    reached: Option<Seq>,
    pages: u32,
}

/// What a search needs next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchStep {
    /// The pages wanted now, nearest first: those of this search that are in the
    /// air or wait to be tried again, and as many new ones as there was room for.
    /// What cannot be started is offered again, and counted once.
    Ask(Vec<PageAsk>),
    /// Nothing to ask for: something has to be judged first, a page that somebody
    /// else asked for has to land, or there is no room.
    Wait,
    /// The nearest hit. It stays the answer until [`Search::resume`].
    Found(Seq),
    /// It goes on when told to.
    Pause(Why),
    /// Nothing is left in this direction.
    End,
}

/// Why a search pauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The calls allowed before a pause are spent.
    Allowance,
    /// Three pages in a row failed.
    Failing,
}

impl Search {
    /// A search that begins beside `from`, which is not looked at itself.
    ///
    /// `allowance` is how many pages may be asked for before it pauses; `None`: no
    /// pause.
    #[must_use]
    pub fn new(from: Seq, towards: Towards, allowance: Option<u32>) -> Self {
        Self {
            towards,
            at: from,
            limit: None,
            allowance,
            spent: 0,
            failures: 0,
            found: None,
            paging: false,
            frontier: None,
            open: BTreeMap::new(),
            answered: BTreeSet::new(),
            failed: Spans::default(),
            tally: Tally::new(from, towards),
            reached: None,
            pages: 0,
        }
    }

    /// Which way it goes.
    #[must_use]
    pub const fn towards(&self) -> Towards {
        self.towards
    }

    /// Sets the last seq to look at in its direction, such as the oldest that is
    /// still there; `None`: seq 1, or the head.
    pub fn bound(&mut self, limit: Option<Seq>) {
        self.limit = limit;
    }

    /// Goes on after a pause, a stop or a hit: the allowance is whole again, the last
    /// hit lies behind, and what failed may be tried again unless it still stands
    /// there as [`Standing::Failed`].
    pub fn resume(&mut self) {
        if let Some(hit) = self.found.take() {
            self.at = hit;
        }
        self.spent = 0;
        self.failures = 0;
        self.paging = false;
        // Whether they are still in the air, only the next step can tell.
        self.open.values_mut().for_each(|seen| *seen = false);
        if self.failed.len() > 0 {
            self.failed = Spans::default();
            self.tally.restart();
        }
    }

    /// Takes note that a page has been answered, and merged: one that brought
    /// nothing of what it was asked for is not asked for again before
    /// [`Search::resume`]. Pages of others are no matter.
    ///
    /// Without it a page is known to have landed only if a step saw it in the air
    /// before.
    pub fn landed(&mut self, ask: PageAsk) {
        if self.open.contains_key(&ask) {
            self.answered.insert(ask);
        }
    }

    /// Says what to do next.
    ///
    /// `aloft` are all pages of the conversation that are under way or were given
    /// up, whoever asked for them; `room` is how many new calls may start now.
    pub fn step(
        &mut self,
        timeline: &Timeline,
        sieve: &Sieve,
        aloft: &[Aloft],
        room: usize,
    ) -> SearchStep {
        let flying = self.look_up(timeline, aloft);
        if let Some(hit) = self.found {
            return SearchStep::Found(hit);
        }
        let Some(course) = self.course(timeline, sieve) else {
            return SearchStep::End;
        };
        let walk = self.walk(timeline, &flying, course.strict, room);
        self.note_reached(timeline, &course, &walk);
        let ours = self.in_the_air(aloft, course.strict);
        let is_flying = course.strict.is_some_and(|strict| {
            aloft.iter().any(|page| {
                page.how != Standing::Failed && page.ask.window().meet(strict).is_some()
            })
        });

        if walk.edge.is_none() {
            return match course.hit {
                Some(hit) => {
                    self.found = Some(hit);
                    SearchStep::Found(hit)
                }
                None if course.is_judged => SearchStep::End,
                None => self.wanted(ours),
            };
        }
        if self.failures >= IN_A_ROW {
            return if is_flying || !course.is_judged {
                self.wanted(ours)
            } else {
                SearchStep::Pause(Why::Failing)
            };
        }
        if walk.fresh.is_empty() && walk.is_spent && !is_flying && course.is_judged {
            return SearchStep::Pause(Why::Allowance);
        }
        self.ask(&walk.fresh);
        self.wanted([ours, walk.fresh].concat())
    }

    /// What it has looked at so far.
    #[must_use]
    pub fn report(&self, timeline: &Timeline) -> Report {
        let mut tally = self.tally.clone();
        if let Some(reached) = self.reached {
            tally.advance(timeline, &self.failed, reached, usize::MAX);
        }
        Report {
            pages: self.pages,
            ..tally.report()
        }
    }
}
