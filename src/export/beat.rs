//! When the next page may be asked for: evenly, as many a second as are allowed.
//!
//! The client holds calls back over a sliding window. Calls that all come at once leave
//! at once, again and again, a window apart; calls that come evenly leave evenly, and the
//! window never has to hold one back.

use std::time::{Duration, Instant};

/// Over which the allowed calls are spread. A millisecond more than the client's own
/// window: timers are late by up to one, and a call that is held back would be late for good.
const WINDOW: Duration = Duration::from_millis(1011);

/// How much of a delay is made up for at once. More would be a burst.
const SLACK: Duration = Duration::from_millis(250);

/// An even beat.
#[derive(Debug, Clone)]
pub(super) struct Beat {
    step: Duration,
    due: Option<Instant>,
}

impl Beat {
    /// For so many calls a second; 0 counts as 1.
    pub(super) fn new(calls_per_second: u32) -> Self {
        Self {
            step: WINDOW / calls_per_second.max(1),
            due: None,
        }
    }

    /// When the next call may be made, unless it may be made now.
    pub(super) fn wait(&self, now: Instant) -> Option<Instant> {
        self.due.filter(|due| *due > now)
    }

    /// A call is made now.
    pub(super) fn go(&mut self, now: Instant) {
        let earliest = now.checked_sub(SLACK).unwrap_or(now);
        self.due = Some(self.due.map_or(now, |due| due.max(earliest)) + self.step);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many calls are made in each second by somebody who looks every `millis`.
    fn seconds(rate: u32, millis: u64) -> Vec<u32> {
        let start = Instant::now();
        let mut beat = Beat::new(rate);
        let mut seconds = vec![0; 10];
        for look in 0..10_000 / millis {
            let now = start + Duration::from_millis(look * millis);
            while beat.wait(now).is_none() {
                beat.go(now);
                let second = usize::try_from(look * millis / 1000).expect("small");
                seconds[second] += 1;
            }
        }
        seconds
    }

    #[test]
    fn it_keeps_up_whatever_the_timer() {
        for (rate, millis, least, most) in [(200, 1, 197, 199), (200, 20, 196, 200), (1, 1, 0, 1)] {
            for calls in seconds(rate, millis).into_iter().skip(1) {
                assert!((least..=most).contains(&calls), "{calls} of {rate}");
            }
        }
    }

    #[test]
    fn a_long_stall_is_not_made_up_for() {
        let start = Instant::now();
        let mut beat = Beat::new(200);
        beat.go(start);
        let late = start + Duration::from_mins(1);
        let mut burst = 0;
        while beat.wait(late).is_none() {
            beat.go(late);
            burst += 1;
        }
        assert!((45..=55).contains(&burst), "{burst}");
    }
}
