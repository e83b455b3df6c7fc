//! Steps along the clock, one key each.

use crate::model::message::Timestamp;
use crate::model::time::{self, Zone};

/// How far a key goes in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// 3,600 seconds earlier.
    HourBack,
    /// 3,600 seconds later.
    HourForward,
    /// The same time on the clock, a day of the calendar earlier.
    DayBack,
    /// The same time on the clock, a day of the calendar later.
    DayForward,
}

/// The time a step away from another. `None` before 1970 and beyond the calendar.
///
/// A day may have 23 or 25 hours; where the clock does not show the time or
/// shows it twice, it is as [`time::Moment`] says.
#[must_use]
pub fn step(from: Timestamp, by: Step, zone: &Zone) -> Option<Timestamp> {
    const HOUR: i64 = 3600;
    let seconds_later = |by: i64| from.seconds().checked_add(by).and_then(Timestamp::new);
    let days_later = |by: i32| time::days_later(from, by, zone).map(|moment| moment.time);
    match by {
        Step::HourBack => seconds_later(-HOUR),
        Step::HourForward => seconds_later(HOUR),
        Step::DayBack => days_later(-1),
        Step::DayForward => days_later(1),
    }
}
