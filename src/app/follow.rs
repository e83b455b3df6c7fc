//! When to look for new messages: a schedule without a clock of its own.
//!
//! A poll is one call for the newest page. The calls themselves are tried again
//! and spaced out like all others; this only says when the next one is worth it.

use std::time::{Duration, Instant};

/// Between the end of one poll and the next while there is news.
pub const SHORTEST: Duration = Duration::from_secs(2);
/// The same while there is none, or after failures.
pub const LONGEST: Duration = Duration::from_secs(30);

/// The polls of one conversation that is followed.
///
/// The pause between two of them is 2 s after news, half as long again after
/// each poll without any, twice as long after each failure, and never more than
/// 30 s. It is counted from the answer, so a slow service is not asked more often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follow {
    pause: Duration,
    next: Next,
    failing: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    At(Instant),
    /// A poll is on its way.
    Asked,
}

impl Follow {
    /// Following that begins now: the first poll is due at once.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self {
            pause: SHORTEST,
            next: Next::At(now),
            failing: false,
        }
    }

    /// Whether it is time for a poll; never while one is on its way.
    #[must_use]
    pub fn due(&self, now: Instant) -> bool {
        match self.next {
            Next::At(at) => at <= now,
            Next::Asked => false,
        }
    }

    /// When the next poll is due; `None` while one is on its way, as only its
    /// end can tell. A moment that has passed means that a poll is due and was
    /// not sent: say [`Follow::asked`] when it is wanted, or the loop spins.
    #[must_use]
    pub fn wake_at(&self) -> Option<Instant> {
        match self.next {
            Next::At(at) => Some(at),
            Next::Asked => None,
        }
    }

    /// A poll is on its way, until it is [answered](Self::answered) or has
    /// [failed](Self::failed).
    pub fn asked(&mut self) {
        self.next = Next::Asked;
    }

    /// The poll was answered, with this many seqs above the head known before.
    ///
    /// For the poll's own answer alone: a page that came for another reason says
    /// nothing about the poll on its way.
    pub fn answered(&mut self, fresh: u32, now: Instant) {
        let pause = if fresh > 0 {
            SHORTEST
        } else {
            self.pause * 3 / 2
        };
        self.failing = false;
        self.wait(pause, now);
    }

    /// A poll was given up, after the tries that every call gets.
    pub fn failed(&mut self, now: Instant) {
        self.failing = true;
        self.wait(self.pause * 2, now);
    }

    /// Whether the last poll was given up.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.failing
    }

    /// The pause before the next poll: [`SHORTEST`] to [`LONGEST`].
    #[must_use]
    pub fn interval(&self) -> Duration {
        self.pause
    }

    fn wait(&mut self, pause: Duration, now: Instant) {
        self.pause = pause.clamp(SHORTEST, LONGEST);
        self.next = Next::At(now + self.pause);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn millis(follow: &Follow) -> u128 {
        follow.interval().as_millis()
    }

    #[test]
    fn pauses_grow_without_news_and_shrink_with_it() {
        // How each poll ended, and the milliseconds before the next.
        let table: [(Result<u32, ()>, u128); 13] = [
            (Ok(0), 3_000),
            (Ok(0), 4_500),
            (Ok(3), 2_000),
            (Err(()), 4_000),
            (Err(()), 8_000),
            (Ok(0), 12_000),
            (Err(()), 24_000),
            (Err(()), 30_000),
            (Err(()), 30_000),
            (Ok(0), 30_000),
            (Ok(1), 2_000),
            (Ok(9), 2_000),
            (Ok(0), 3_000),
        ];
        let mut now = Instant::now();
        let mut follow = Follow::new(now);
        for (step, (end, pause)) in table.into_iter().enumerate() {
            assert!(follow.due(now), "poll {step}");
            follow.asked();
            assert!(!follow.due(now + LONGEST * 100), "one at a time");
            // A round trip.
            now += Duration::from_millis(120);
            match end {
                Ok(fresh) => follow.answered(fresh, now),
                Err(()) => follow.failed(now),
            }
            assert_eq!(millis(&follow), pause, "after poll {step}");
            assert_eq!(follow.is_failing(), end.is_err(), "after poll {step}");
            let early = follow.interval().saturating_sub(Duration::from_millis(1));
            assert!(!follow.due(now + early));
            now += follow.interval();
            assert_eq!(follow.wake_at(), Some(now));
        }
    }

    #[test]
    fn nothing_wakes_while_a_poll_is_on_its_way() {
        let now = Instant::now();
        let mut follow = Follow::new(now);
        assert!(follow.due(now), "the first poll is due at once");
        assert_eq!(follow.wake_at(), Some(now));
        follow.asked();
        assert_eq!(follow.wake_at(), None);
    }

    #[test]
    fn an_idle_hour_costs_few_polls() {
        let start = Instant::now();
        let mut follow = Follow::new(start);
        let mut polls = 0;
        let hour = start + Duration::from_hours(1);
        while let Some(now) = follow.wake_at().filter(|at| *at < hour) {
            follow.asked();
            follow.answered(0, now);
            polls += 1;
        }
        // Two a minute, and the seven of growing from 2 s to 30 s.
        assert!((120..=127).contains(&polls), "{polls}");
        assert_eq!(follow.interval(), LONGEST);
    }

    #[derive(Debug, Clone, Copy)]
    enum Step {
        Ask,
        Answer(u32),
        Fail,
        Pass(u64),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            Just(Step::Ask),
            prop_oneof![Just(0), any::<u32>()].prop_map(Step::Answer),
            Just(Step::Fail),
            (0_u64..100_000).prop_map(Step::Pass),
        ];
        prop::collection::vec(step, 0..60)
    }

    proptest! {
        /// Whatever happens, in any order.
        #[test]
        fn pauses_stay_between_two_and_thirty_seconds(steps in steps()) {
            let mut now = Instant::now();
            let mut follow = Follow::new(now);
            for step in steps {
                match step {
                    Step::Ask => follow.asked(),
                    Step::Answer(fresh) => follow.answered(fresh, now),
                    Step::Fail => follow.failed(now),
                    Step::Pass(millis) => now += Duration::from_millis(millis),
                }
                prop_assert!((SHORTEST..=LONGEST).contains(&follow.interval()));
                match follow.wake_at() {
                    Some(at) => prop_assert!(at <= now + LONGEST),
                    None => prop_assert!(!follow.due(now + LONGEST * 100), "one at a time"),
                }
                if let Step::Answer(fresh) = step && fresh > 0 {
                    prop_assert!(follow.due(now + SHORTEST), "news brings a poll within 2 s");
                }
            }
            // Nothing new from here on.
            for _ in 0..7 {
                follow.asked();
                follow.answered(0, now);
            }
            prop_assert_eq!(follow.interval(), LONGEST);
        }
    }
}
