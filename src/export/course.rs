//! Which page is asked for when, and in which order what came goes out. Pure.

use std::collections::{BTreeSet, VecDeque};
use std::time::Instant;

use super::beat::Beat;
use super::manifest::Order;
use super::slot::{Leg, Slot};
use crate::model::error::{ApiError, Attempt, Fault};
use crate::model::ids::Seq;
use crate::model::message::{Ask, Page, PageSize};
use crate::model::text::Clean;
use crate::model::timeline::Stretch;

/// So many seconds' worth of pages may lie between the next to go out and the last asked
/// for: a page that fails three times, which takes 7 to 9 s, holds nothing up.
const BUFFER_SECONDS: usize = 10;

/// And so many bytes of messages may wait for their turn: pages can be a megabyte each.
const BUFFER_BYTES: usize = 64 << 20;

/// Pages in the air at least, however low the rate.
const LEAST_IN_AIR: usize = 4;

/// What to walk over.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// Both ends included.
    pub range: Stretch,
    /// From which end.
    pub order: Order,
    /// The newest seq, at or above the range.
    pub head: Seq,
    /// Calls a second.
    pub rate: u32,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    /// Send this off, for the slot of that number.
    Ask(u64, Ask),
    /// Nothing, until something lands or it is that time.
    Wait(Option<Instant>),
}

/// What was asked for so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Pages, without the tries behind a failed one.
    pub pages: u64,
    /// Tries behind a failed one.
    pub retries: u64,
}

/// A walk over a range, page by page, many at once.
#[derive(Debug)]
pub(super) struct Course {
    route: Route,
    beat: Beat,
    /// What has not been cut into slots.
    left: Option<Stretch>,
    /// In the order in which they go out; the first has number `first`.
    slots: VecDeque<Slot>,
    first: u64,
    /// Slots with something to ask, by when.
    due: BTreeSet<(Instant, u64)>,
    in_air: usize,
    weight: usize,
    landed: Option<Instant>,
    fatal: Option<Box<ApiError>>,
    tally: Tally,
}

impl Course {
    pub(super) fn new(route: Route) -> Self {
        Self {
            beat: Beat::new(route.rate),
            left: Some(route.range),
            slots: VecDeque::new(),
            first: 0,
            due: BTreeSet::new(),
            in_air: 0,
            weight: 0,
            landed: None,
            fatal: None,
            tally: Tally::default(),
            route,
        }
    }

    pub(super) fn tally(&self) -> Tally {
        self.tally
    }

    /// What ended it early.
    pub(super) fn fatal(&self) -> Option<&ApiError> {
        self.fatal.as_deref()
    }

    /// Whether everything has gone out.
    pub(super) fn is_over(&self) -> bool {
        self.left.is_none() && self.slots.is_empty()
    }

    /// What to do now.
    pub(super) fn step(&mut self, now: Instant) -> Move {
        let rate = usize::try_from(self.route.rate).unwrap_or(usize::MAX);
        if self.fatal.is_some() || self.in_air >= rate.max(LEAST_IN_AIR) {
            return Move::Wait(None);
        }
        if let Some(at) = self.beat.wait(now) {
            return Move::Wait(Some(at));
        }
        // What waits was begun earlier, so it goes first.
        let ripe = self.due.first().copied();
        let ripe_now = ripe.filter(|(at, _)| *at <= now).or_else(|| self.early());
        if ripe_now.is_none() && !self.has_room(rate) {
            return Move::Wait(ripe.map(|(at, _)| at));
        }
        let number = match ripe_now {
            Some(due) => {
                self.due.remove(&due);
                Some(due.1)
            }
            None => self.cut(),
        };
        let ask = number.and_then(|number| {
            let slot = self.slot(number)?;
            let retry = slot.is_retry();
            Some((number, slot.next()?, retry))
        });
        let Some((number, ask, retry)) = ask else {
            return Move::Wait(ripe.map(|(at, _)| at));
        };
        if retry {
            self.tally.retries += 1;
        } else {
            self.tally.pages += 1;
        }
        self.beat.go(now);
        self.in_air += 1;
        Move::Ask(number, ask)
    }

    /// What may go before its time, when everything has been asked for once.
    fn early(&mut self) -> Option<(Instant, u64)> {
        if self.left.is_some() {
            return None;
        }
        let waiting: Vec<_> = self.due.iter().copied().collect();
        let mut waiting = waiting.into_iter();
        waiting.find(|(_, number)| self.slot(*number).is_some_and(Slot::come_early))
    }

    fn has_room(&self, rate: usize) -> bool {
        let most = rate.saturating_mul(BUFFER_SECONDS).max(LEAST_IN_AIR);
        self.left.is_some() && self.slots.len() < most && self.weight < BUFFER_BYTES
    }

    /// Makes a slot of the next seqs.
    fn cut(&mut self) -> Option<u64> {
        let left = self.left?;
        let by = PageSize::FULL.get() - 1;
        let (part, rest) = match self.route.order {
            Order::Ascending => {
                let end = left.first().forward(by).min(left.last());
                let rest = end.next().and_then(|next| Stretch::new(next, left.last()));
                (Stretch::new(left.first(), end)?, rest)
            }
            Order::Descending => {
                let end = left.last().back(by).max(left.first());
                let rest = end.prev().and_then(|next| Stretch::new(left.first(), next));
                (Stretch::new(end, left.last())?, rest)
            }
        };
        self.left = rest;
        self.slots.push_back(Slot::new(part, self.route.head));
        Some(self.first + u64::try_from(self.slots.len()).unwrap_or(1) - 1)
    }

    fn slot(&mut self, number: u64) -> Option<&mut Slot> {
        let index = usize::try_from(number.checked_sub(self.first)?).ok()?;
        self.slots.get_mut(index)
    }

    /// Takes the answer to an ask of [`Course::step`].
    pub(super) fn land(
        &mut self,
        (number, ask): (u64, Ask),
        result: Result<Page, ApiError>,
        now: Instant,
    ) {
        self.in_air -= 1;
        let alone = result.is_err() && self.is_alone(number);
        let Some(slot) = self.slot(number) else {
            return;
        };
        let before = slot.weight();
        let failed = match result {
            Ok(page) => (!slot.merge(ask, page)).then(|| beside_the_point(ask)),
            Err(error) => Some(error),
        };
        let grown = slot.weight() - before;
        let good = failed.is_none();
        let again = match failed {
            None => Ok(now),
            Some(error) => slot.fail((ask, error), now, alone).map(|wait| now + wait),
        };
        let more = !slot.is_whole();
        self.weight += grown;
        if good {
            self.landed = Some(now);
        }
        match again {
            Ok(at) if more => {
                self.due.insert((at, number));
            }
            Ok(_) => {}
            Err(fatal) => self.fatal = self.fatal.take().or(Some(fatal)),
        }
    }

    /// Whether it is the page of this slot that is the matter, and not the service: others
    /// have been answered since it failed last, or there are no others left.
    fn is_alone(&mut self, number: u64) -> bool {
        let landed = self.landed;
        let last = self.left.is_none();
        let failed_at = self.slot(number).and_then(|slot| slot.failed_at());
        if landed
            .zip(failed_at)
            .is_some_and(|(landed, failed)| landed > failed)
        {
            return true;
        }
        last && landed.is_some() && self.slots.iter().filter(|slot| !slot.is_whole()).count() == 1
    }

    /// The next that can go out, if it is whole.
    pub(super) fn take(&mut self) -> Option<Leg> {
        let front = self.slots.front()?;
        // One that has failed for good has asks left, so it is not whole.
        if !front.is_whole() {
            return None;
        }
        let slot = self.slots.pop_front()?;
        self.first += 1;
        self.weight -= slot.weight();
        Some(slot.into_leg(self.route.order == Order::Descending))
    }
}

/// The service answered with newer messages than were asked for.
fn beside_the_point(ask: Ask) -> ApiError {
    ApiError {
        attempt: Attempt {
            command: "group_msg_get_simple",
            subject: None,
            seq: ask.seq,
        },
        fault: Fault::Malformed {
            what: Clean::from("all of it is newer than what was asked for"),
        },
    }
}
