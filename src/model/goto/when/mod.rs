//! Days, times of day and both: from what they say to when that is.

mod clock;
mod date;
mod grammar;

use super::typed::Typed;
use super::{Destination, Reading};
use crate::model::message::Timestamp;
use crate::model::time::{self, CivilDay, Moment, TimeOfDay, Twist, Zone};
use crate::model::wrong::Wrong;

pub(super) use grammar::is_unknown;

use grammar::{Day, When};

pub(super) const EXAMPLES: &str = "14:05, today, fri 9:00, 2024-05-03 09:30";
pub(super) const OUTSIDE: &str = "that is before 1970 or after 9999";
pub(super) const NO_NOW: &str = "nobody knows what time it is: give a date too";

/// When it is what was typed: mostly one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    first: Sighting,
    others: Vec<Sighting>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sighting {
    time: Timestamp,
    /// What was typed, where the clock never shows it that day.
    skipped: Option<TimeOfDay>,
    /// When else the clock shows it that day.
    twin: Option<Twin>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Twin {
    Earlier(Timestamp),
    Later(Timestamp),
}

impl Twin {
    fn time(self) -> Timestamp {
        match self {
            Self::Earlier(time) | Self::Later(time) => time,
        }
    }
}

impl Sighting {
    fn new(moment: Moment, clock: TimeOfDay) -> Self {
        let (skipped, twin) = match moment.twist {
            None => (None, None),
            Some(Twist::Skipped) => (Some(clock), None),
            Some(Twist::Doubled(again)) => (None, Some(Twin::Later(again))),
        };
        Self {
            time: moment.time,
            skipped,
            twin,
        }
    }

    /// The second of two, where that is not after `now`.
    fn latest(self, now: Timestamp) -> Self {
        match self.twin {
            Some(Twin::Later(again)) if again <= now => Self {
                time: again,
                twin: Some(Twin::Earlier(self.time)),
                ..self
            },
            Some(_) | None => self,
        }
    }

    fn words(&self, zone: &Zone) -> String {
        time::dated(self.time, zone) + &self.note()
    }

    /// What summer time did to it.
    fn note(&self) -> String {
        match (self.skipped, self.twin) {
            (Some(clock), _) => format!("; {clock} does not exist that day"),
            (None, Some(Twin::Later(_))) => "; happens twice: the first one".to_owned(),
            (None, Some(Twin::Earlier(_))) => "; happens twice: the second one".to_owned(),
            (None, None) => String::new(),
        }
    }
}

impl Found {
    pub(super) fn exact(time: Timestamp) -> Self {
        let first = Sighting {
            time,
            skipped: None,
            twin: None,
        };
        Self {
            first,
            others: Vec::new(),
        }
    }

    pub(super) fn at(moment: Moment, clock: TimeOfDay) -> Self {
        Self {
            first: Sighting::new(moment, clock),
            others: Vec::new(),
        }
    }

    /// `None` for no sighting.
    fn of(mut sightings: Vec<Sighting>) -> Option<Self> {
        if sightings.is_empty() {
            return None;
        }
        let first = sightings.remove(0);
        sightings.retain(|other| *other != first);
        Some(Self {
            first,
            others: sightings,
        })
    }

    /// The time, where there is no second one.
    pub(super) fn only(&self, typed: &Typed<'_>, zone: &Zone) -> Result<Timestamp, Wrong> {
        match self.others.first() {
            None => Ok(self.first.time),
            Some(second) => {
                let label = |time| time::day(time, zone).label();
                let (first, second) = (label(self.first.time), label(second.time));
                let words = format!("is that {first} or {second}? write it so");
                Err(typed.wrong_all(words))
            }
        }
    }
}

/// How a time was understood.
pub(super) fn reading(found: &Found, zone: &Zone) -> Reading {
    let first = &found.first;
    let mut words = time::dated(first.time, zone);
    for other in &found.others {
        words.push_str(", or ");
        words.push_str(&time::day(other.time, zone).label());
    }
    words.push_str(&first.note());
    let others = found.others.iter();
    let others = others.map(|other| (Destination::Time(other.time), other.words(zone)));
    let twin = first.twin.map(|twin| {
        let which = match twin {
            Twin::Earlier(_) => "first",
            Twin::Later(_) => "second",
        };
        let time = twin.time();
        let words = format!("{}; the {which} one", time::dated(time, zone));
        (Destination::Time(time), words)
    });
    Reading {
        destination: Destination::Time(first.time),
        words,
        others: others.chain(twin).collect(),
    }
}

/// Reads a day, a time of day or both, in any order, with or without an offset.
pub(super) fn read(typed: &Typed<'_>, zone: &Zone, now: Option<Timestamp>) -> Result<Found, Wrong> {
    let when = grammar::parse(typed)?;
    resolve(&when, zone, now).map_err(|why| typed.wrong_all(why))
}

/// Reads a number alone as a date (`20240503`) or a time of day (`1405`).
pub(super) fn read_bare(typed: &Typed<'_>, zone: &Zone, now: Option<Timestamp>) -> Option<Found> {
    let when = grammar::compact(typed.only_digits()?)?;
    resolve(&when, zone, now).ok()
}

/// Whether a number alone looks like a date or a time of day, and is none.
pub(super) fn is_no_time(digits: &str) -> Option<&'static str> {
    let what = match digits.len() {
        4 => "no time",
        8 | 12 => "no date",
        _ => return None,
    };
    grammar::compact(digits).is_none().then_some(what)
}

fn resolve(when: &When, zone: &Zone, now: Option<Timestamp>) -> Result<Found, String> {
    let zone = when.zone.as_ref().unwrap_or(zone);
    let asked = Asked { when, zone };
    let now_given = now;
    let now = || now.ok_or(NO_NOW);
    let days = match (&when.day, when.weekday) {
        (Some(Day::On(days)), _) => days.clone(),
        (Some(Day::Yearless(dates)), _) => {
            let now = now()?;
            let days = dates.iter().filter_map(|date| asked.latest_of(*date, now));
            match when.weekday {
                // Of all the years, the weekday means the last that fits.
                Some(_) => days.max().into_iter().collect(),
                None => days.collect(),
            }
        }
        (Some(Day::Ago(days)), _) => {
            let today = time::day(now()?, zone);
            today.moved(-days).into_iter().collect()
        }
        (None, Some(weekday)) => {
            let now = now()?;
            let today = time::day(now, zone);
            let since = today.weekday().map(|today| (today + 7 - weekday) % 7);
            let last = since.and_then(|since| today.moved(-i32::from(since)));
            let days = last.and_then(|last| asked.latest_every(7, last, now));
            days.into_iter().collect()
        }
        (None, None) if when.clock.is_some() => {
            let now = now()?;
            let days = asked.latest_every(1, time::day(now, zone), now);
            days.into_iter().collect()
        }
        (None, None) => return Err(format!("there is no time in it: {EXAMPLES}")),
    };
    let sightings = days.iter().filter(|day| asked.on_weekday(**day));
    let sightings = sightings.filter_map(|day| asked.on(*day));
    // With no date said, it is the latest such moment.
    let latest = now_given.filter(|_| when.day.is_none());
    let sightings = sightings.map(|sighting| latest.map_or(sighting, |now| sighting.latest(now)));
    let sightings = sightings.collect();
    Found::of(sightings).ok_or_else(|| match (days.first(), when.weekday) {
        (Some(day), Some(weekday)) if day.weekday() != Some(weekday) => {
            format!("that day is another weekday: {}", day.label())
        }
        _ => OUTSIDE.to_owned(),
    })
}

struct Asked<'a> {
    when: &'a When,
    zone: &'a Zone,
}

impl Asked<'_> {
    fn on(&self, day: CivilDay) -> Option<Sighting> {
        let clock = self.when.clock.unwrap_or(TimeOfDay::MIDNIGHT);
        let moment = time::moment(day, clock, self.zone)?;
        Some(Sighting::new(moment, clock))
    }

    fn on_weekday(&self, day: CivilDay) -> bool {
        self.when.weekday.is_none() || self.when.weekday == day.weekday()
    }

    fn is_past(&self, day: CivilDay, now: Timestamp) -> bool {
        self.on(day).is_some_and(|sighting| sighting.time <= now)
    }

    /// The latest of `last`, `every` days before it and so on, on which the time
    /// is not after `now`.
    fn latest_every(&self, every: i32, last: CivilDay, now: Timestamp) -> Option<CivilDay> {
        // Today's may be still to come; a clock put forward can delay another.
        (0..3)
            .filter_map(|times| last.moved(-every * times))
            .find(|day| self.is_past(*day, now))
    }

    /// The latest such date that is not after `now`.
    fn latest_of(&self, (month, day): (u8, u8), now: Timestamp) -> Option<CivilDay> {
        let year = time::day(now, self.zone).year()?;
        // Leap days are up to 8 years apart; a weekday comes back within 40.
        (0..=40)
            .filter_map(|ago| CivilDay::dated(year - ago, month, day))
            .filter(|day| self.on_weekday(*day))
            .find(|day| self.is_past(*day, now))
    }
}
