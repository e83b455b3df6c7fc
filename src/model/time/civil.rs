//! From the calendar to a time: days, times of day, and what summer time does
//! to them.

use std::fmt;

use jiff::Span;
use jiff::civil::{Date, Time};
use jiff::tz::AmbiguousOffset;

use super::{CivilDay, Day, Timestamp, Zone};

/// A time on the clock, to the second, of no day in particular.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeOfDay(Time);

impl TimeOfDay {
    /// When a day begins, but for the days on which summer time begins then.
    pub const MIDNIGHT: Self = Self(Time::midnight());

    /// `None` beyond 23:59:59; there is no second 60.
    #[must_use]
    pub fn new(hour: u8, minute: u8, second: u8) -> Option<Self> {
        let part = |number: u8| i8::try_from(number).ok();
        Time::new(part(hour)?, part(minute)?, part(second)?, 0)
            .ok()
            .map(Self)
    }

    /// What the clock of a zone shows at that time, or `None` beyond the calendar.
    #[must_use]
    pub fn at(time: Timestamp, zone: &Zone) -> Option<Self> {
        zone.civil(time).map(|(civil, _)| Self(civil.time()))
    }
}

impl fmt::Display for TimeOfDay {
    /// `14:05`, or `14:05:09` where there are seconds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())?;
        match self.0.second() {
            0 => Ok(()),
            second => write!(f, ":{second:02}"),
        }
    }
}

impl CivilDay {
    /// `None` for a day that the calendar does not have.
    #[must_use]
    pub fn dated(year: i16, month: u8, day: u8) -> Option<Self> {
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        Date::new(year, month, day)
            .ok()
            .map(|date| Self(Day::Dated(date)))
    }

    /// So many days later, or earlier below zero; `None` beyond the calendar.
    #[must_use]
    pub fn moved(self, days: i32) -> Option<Self> {
        let days = Span::new().try_days(days).ok()?;
        let date = self.date()?.checked_add(days).ok()?;
        Some(Self(Day::Dated(date)))
    }

    /// Its year; `None` beyond the calendar.
    #[must_use]
    pub fn year(self) -> Option<i16> {
        self.date().map(Date::year)
    }

    /// Days since the last Monday, 0 to 6; `None` beyond the calendar.
    #[must_use]
    pub fn weekday(self) -> Option<u8> {
        let number = self.date()?.weekday().to_monday_zero_offset();
        u8::try_from(number).ok()
    }

    fn date(self) -> Option<Date> {
        match self.0 {
            Day::Dated(date) => Some(date),
            Day::BeyondCalendar => None,
        }
    }
}

/// The time at which a clock shows something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// jiff's "compatible" choice: the first of two, or as long after the
    /// start of a gap as the clock would have been.
    pub time: Timestamp,
    /// What summer time did to it, if anything.
    pub twist: Option<Twist>,
}

/// Why a time on the clock is not exactly one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twist {
    /// The clock never shows it that day: it was put forward over it.
    Skipped,
    /// The clock shows it again later: at this time.
    Doubled(Timestamp),
}

/// When it is so late on that day; `None` before 1970 and beyond the calendar.
#[must_use]
pub fn moment(day: CivilDay, clock: TimeOfDay, zone: &Zone) -> Option<Moment> {
    let usable = |instant: jiff::Timestamp| Timestamp::new(instant.as_second());
    let civil = day.date()?.to_datetime(clock.0);
    let ambiguous = zone.zone.to_ambiguous_timestamp(civil);
    let twist = match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } => None,
        AmbiguousOffset::Gap { .. } => Some(Twist::Skipped),
        AmbiguousOffset::Fold { .. } => {
            let later = ambiguous.later().ok().and_then(usable);
            later.map(Twist::Doubled)
        }
    };
    let time = ambiguous.compatible().ok().and_then(usable)?;
    Some(Moment { time, twist })
}

/// The same time on the clock so many days later, or earlier below zero;
/// `None` before 1970 and beyond the calendar.
#[must_use]
pub fn days_later(from: Timestamp, days: i32, zone: &Zone) -> Option<Moment> {
    let day = super::day(from, zone).moved(days)?;
    moment(day, TimeOfDay::at(from, zone)?, zone)
}
