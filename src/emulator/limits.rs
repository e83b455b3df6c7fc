//! Frequency limits, and the pause after too many failed verifications.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

/// How many calls in what time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    pub(super) calls: u32,
    pub(super) within: Duration,
}

/// More failures than this within [`FAILURES_WITHIN`] lead to 70050.
const FAILURES: usize = 10;
const FAILURES_WITHIN: Duration = Duration::from_secs(10);

#[derive(Debug, Default)]
pub(super) struct Limits {
    served: HashMap<String, VecDeque<Instant>>,
    violations: u64,
    failures: VecDeque<Instant>,
    locked: Option<Instant>,
}

impl Limits {
    /// Whether one more call of `command` is within `rate`. Refused calls do not count against it.
    pub(super) fn admit(&mut self, command: &str, rate: Rate, now: Instant) -> bool {
        let served = self.served.entry(command.to_owned()).or_default();
        while served
            .front()
            .is_some_and(|at| now.duration_since(*at) >= rate.within)
        {
            served.pop_front();
        }
        if served.len() >= usize::try_from(rate.calls).unwrap_or(usize::MAX) {
            self.violations += 1;
            return false;
        }
        served.push_back(now);
        true
    }

    pub(super) fn violations(&self) -> u64 {
        self.violations
    }

    pub(super) fn verification_failed(&mut self, now: Instant) {
        self.failures.push_back(now);
        while self
            .failures
            .front()
            .is_some_and(|at| now.duration_since(*at) > FAILURES_WITHIN)
        {
            self.failures.pop_front();
        }
        if self.failures.len() > FAILURES {
            self.failures.clear();
            self.locked = Some(now);
        }
    }

    /// Whether everything is refused, for so long after the last failure.
    pub(super) fn locked(&self, lockout: Duration, now: Instant) -> bool {
        self.locked
            .is_some_and(|at| now.duration_since(at) < lockout)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_slides() {
        let (mut limits, start) = (Limits::default(), Instant::now());
        let at = |millis| start + Duration::from_millis(millis);
        let two = Rate {
            calls: 2,
            within: Duration::from_secs(1),
        };
        assert!(limits.admit("a", two, at(0)));
        assert!(limits.admit("a", two, at(600)));
        assert!(
            !limits.admit("a", two, at(900)),
            "two within the last second"
        );
        assert!(limits.admit("b", two, at(900)), "another command");
        assert!(
            limits.admit("a", two, at(1000)),
            "the first is a second old"
        );
        assert!(!limits.admit("a", two, at(1500)));
        assert_eq!(limits.violations(), 2);
    }

    #[test]
    fn the_eleventh_failure_locks_for_a_while() {
        let (mut limits, start) = (Limits::default(), Instant::now());
        let minute = Duration::from_mins(1);
        for _ in 0..10 {
            limits.verification_failed(start);
        }
        assert!(!limits.locked(minute, start));
        limits.verification_failed(start);
        assert!(limits.locked(minute, start));
        assert!(!limits.locked(minute, start + minute));
    }

    #[test]
    fn slow_failures_never_lock() {
        let (mut limits, start) = (Limits::default(), Instant::now());
        for n in 0..50 {
            limits.verification_failed(start + Duration::from_secs(n * 2));
        }
        assert!(!limits.locked(Duration::from_mins(1), start + Duration::from_secs(99)));
    }
}
