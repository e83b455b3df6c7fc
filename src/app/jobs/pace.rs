//! How many pages a job may have in the air.
//!
//! The client holds every call back until the budget of the profile lets it
//! leave. A job that asked for all it wants at once would queue there, and the
//! page a reader wants would stand behind it; so jobs start no more than can
//! leave, and leave the reader a part.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// What calls are counted over, as in the client's own budget.
const WINDOW: Duration = Duration::from_secs(1);

/// No second's worth leaves in one burst, but a twentieth of it: what is in the air
/// when a hit lands was asked for in vain, and that should be what the round trips
/// need, not what a second allows.
const BURST: Duration = Duration::from_millis(50);
const BURSTS: usize = 20;

/// One call in so many is left to the reader.
const RESERVE: usize = 20;

/// So many seconds' worth of calls may be in the air: with the slowest round
/// trips at which paging is still of use, the rate is reached.
const IN_AIR_SECONDS: usize = 3;

/// How many more calls a job may start.
#[derive(Debug, Clone)]
pub struct Pace {
    /// In one second, the reader's part taken off.
    rate: usize,
    /// In the air at once: grows with what lands, halves with what fails.
    wide: usize,
    /// In the air at once, however well it goes.
    widest: usize,
    /// When the calls of the last second started, oldest first.
    started: VecDeque<Instant>,
}

impl Pace {
    /// For a profile that allows so many calls per second; 0 counts as 1.
    #[must_use]
    pub fn new(calls_per_second: u32) -> Self {
        let calls = usize::try_from(calls_per_second)
            .unwrap_or(usize::MAX)
            .max(1);
        Self {
            rate: calls - calls / RESERVE,
            wide: 2,
            widest: calls.saturating_mul(IN_AIR_SECONDS),
            started: VecDeque::new(),
        }
    }

    /// How many more calls of the job may start now, when `in_air` of it fly or
    /// wait to be tried again.
    pub fn room(&mut self, in_air: usize, now: Instant) -> usize {
        while self
            .started
            .front()
            .is_some_and(|at| !is_within(WINDOW, *at, now))
        {
            self.started.pop_front();
        }
        let by_rate = self.rate.saturating_sub(self.started.len());
        let burst = self.within(BURST, now).count();
        let by_burst = self.burst().saturating_sub(burst);
        let by_time = by_rate.min(by_burst);
        self.wide.saturating_sub(in_air).min(by_time)
    }

    /// Counts calls that start now.
    pub fn started(&mut self, n: usize, now: Instant) {
        self.started.extend(std::iter::repeat_n(now, n));
    }

    /// A page has landed: one more may fly, which doubles them per round trip.
    pub fn landed(&mut self) {
        self.wide = (self.wide + 1).min(self.widest);
    }

    /// A try has failed: half as many may fly, but one always may.
    pub fn failed(&mut self) {
        self.wide = (self.wide / 2).max(1);
    }

    /// When there is more room though nothing lands: the earliest start that stands
    /// in the way is long enough ago. `None` where the rate is not what is in the way.
    #[must_use]
    pub fn wake_at(&self, now: Instant) -> Option<Instant> {
        let opens = |span, most| {
            let too_many = self.within(span, now).count().checked_sub(most)?;
            Some(self.within(span, now).nth(too_many)? + span)
        };
        opens(WINDOW, self.rate).max(opens(BURST, self.burst()))
    }

    /// Calls started in the last second.
    #[must_use]
    pub fn rate(&self, now: Instant) -> u32 {
        u32::try_from(self.within(WINDOW, now).count()).unwrap_or(u32::MAX)
    }

    /// How many may leave in one burst: two at least, or each late timer would cost
    /// a slow profile some of its rate.
    fn burst(&self) -> usize {
        self.rate.div_ceil(BURSTS).max(2)
    }

    fn within(&self, span: Duration, now: Instant) -> impl Iterator<Item = Instant> {
        let all = self.started.iter().copied();
        all.filter(move |at| is_within(span, *at, now))
    }
}

fn is_within(span: Duration, at: Instant, now: Instant) -> bool {
    now.saturating_duration_since(at) < span
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    #[test]
    fn it_starts_slowly_and_doubles_with_what_lands() {
        let now = Instant::now();
        let mut pace = Pace::new(100);
        assert_eq!(pace.room(0, now), 2);
        assert_eq!(pace.room(2, now), 0);
        pace.landed();
        pace.landed();
        assert_eq!(pace.room(0, now), 4);
    }

    #[test]
    fn a_twentieth_of_the_rate_is_left_to_the_reader() {
        let now = Instant::now();
        for (calls, job) in [(1, 1), (19, 19), (20, 19), (200, 190)] {
            let mut pace = Pace::new(calls);
            (0..1000).for_each(|_| pace.landed());
            let mut started = 0;
            for slot in 0..20 {
                let now = now + ms(50 * slot);
                let room = pace.room(0, now);
                assert!(room <= 10, "{room} of {calls} at once");
                pace.started(room, now);
                started += room;
            }
            assert_eq!(started, job, "of {calls}");
        }
    }

    #[test]
    fn room_opens_when_a_call_is_a_second_old() {
        let start = Instant::now();
        let mut pace = Pace::new(4);
        (0..9).for_each(|_| pace.landed());
        pace.started(1, start);
        assert_eq!(pace.wake_at(start), None);
        pace.started(3, start + ms(300));
        assert_eq!(pace.room(4, start + ms(400)), 0);
        assert_eq!(pace.wake_at(start + ms(400)), Some(start + ms(1000)));
        assert_eq!(pace.rate(start + ms(999)), 4);
        assert_eq!(pace.rate(start + ms(1000)), 3);
        assert_eq!(pace.room(4, start + ms(1000)), 1);
        assert_eq!(pace.wake_at(start + ms(1000)), None);
    }

    #[test]
    fn no_more_than_three_seconds_worth_flies() {
        let start = Instant::now();
        let mut pace = Pace::new(5);
        (0..1000).for_each(|_| pace.landed());
        assert_eq!(pace.room(14, start), 1);
        assert_eq!(pace.room(15, start), 0);
    }

    #[test]
    fn failures_halve_it_down_to_one() {
        let now = Instant::now();
        let mut pace = Pace::new(100);
        (0..6).for_each(|_| pace.landed());
        pace.failed();
        assert_eq!(pace.room(0, now), 4);
        (0..9).for_each(|_| pace.failed());
        assert_eq!(pace.room(0, now), 1);
        assert_eq!(pace.room(1, now), 0);
    }
}
