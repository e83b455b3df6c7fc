//! The world's own time.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Runs with the machine's clock, or stands still.
#[derive(Clone, Copy, Debug)]
pub(super) enum Clock {
    Running { since: Instant },
    Standing { unix: i64 },
}

/// A moment of the world.
#[derive(Clone, Copy, Debug)]
pub(super) struct Now {
    pub(super) unix: i64,
    /// Since the world began.
    pub(super) elapsed: Duration,
}

impl Clock {
    pub(super) fn running() -> Clock {
        Clock::Running {
            since: Instant::now(),
        }
    }

    /// The present, `passed` later than it would be.
    pub(super) fn now(self, passed: Duration) -> Now {
        let (unix, elapsed) = match self {
            Clock::Running { since } => (unix_now(), since.elapsed()),
            Clock::Standing { unix } => (unix, Duration::ZERO),
        };
        let later = i64::try_from(passed.as_secs()).unwrap_or(i64::MAX);
        Now {
            unix: unix.saturating_add(later),
            elapsed: elapsed.saturating_add(passed),
        }
    }
}

/// The machine's clock in Unix seconds.
pub(super) fn unix_now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}
