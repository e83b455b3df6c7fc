//! The parts of a day and a time, in any order.

use super::EXAMPLES;
use super::clock::clock;
use super::date::date;
use crate::model::goto::typed::{Kind, Token, Typed};
use crate::model::time::{CivilDay, TimeOfDay, Zone};
use crate::model::wrong::Wrong;

pub(super) const GO_ON_CLOCK: &str = "go on: 14:05, 14:05:09 or 2 pm";
pub(super) const GO_ON_DATE: &str = "go on: a date reads 2024-05-03";

/// What was said of a time.
#[derive(Debug, Default)]
pub(super) struct When {
    pub(super) day: Option<Day>,
    /// Days after Monday; alone a day, beside a date a check.
    pub(super) weekday: Option<u8>,
    pub(super) clock: Option<TimeOfDay>,
    pub(super) zone: Option<Zone>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Day {
    /// So many days before today.
    Ago(i32),
    /// One of these, by how the date is read.
    On(Vec<CivilDay>),
    /// One of these months and days, in a year not said.
    Yearless(Vec<(u8, u8)>),
}

/// Whether a word alone says no day.
pub(in crate::model::goto) fn is_unknown(word: &str) -> bool {
    weekday(word).is_none() && !matches!(word, "today" | "yesterday")
}

fn weekday(word: &str) -> Option<u8> {
    Some(match word {
        "mon" | "monday" => 0,
        "tue" | "tues" | "tuesday" => 1,
        "wed" | "weds" | "wednesday" => 2,
        "thu" | "thur" | "thurs" | "thursday" => 3,
        "fri" | "friday" => 4,
        "sat" | "saturday" => 5,
        "sun" | "sunday" => 6,
        _ => return None,
    })
}

pub(super) fn parse(typed: &Typed<'_>) -> Result<When, Wrong> {
    let mut when = When::default();
    let mut rest = typed.tokens();
    let mut named = false;
    while let Some(first) = rest.first() {
        let used = match first.kind {
            Kind::Letters => when.word(typed, rest)?,
            Kind::Digits => when.number(typed, rest)?,
            Kind::Sign('+' | '-') if when.day.is_some() || when.clock.is_some() => {
                when.offset(typed, rest, named)?
            }
            Kind::Sign(',') => 1,
            Kind::Sign(_) => return Err(typed.unknown(head(rest, 1), EXAMPLES)),
        };
        named = matches!(first.text.as_str(), "utc" | "gmt");
        rest = rest.get(used.max(1)..).unwrap_or_default();
    }
    Ok(when)
}

/// `20240503`, `202405030930`, `20240503093009`, `1405`, `905`.
pub(super) fn compact(digits: &str) -> Option<When> {
    let mut when = When::default();
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<u8>().ok();
    match digits.len() {
        3 | 4 => when.clock = Some(short_clock(digits)?),
        8 | 12 | 14 => {
            let year = digits.get(..4)?.parse().ok()?;
            let day = CivilDay::dated(year, number(4, 6)?, number(6, 8)?)?;
            when.day = Some(Day::On(vec![day]));
            if digits.len() > 8 {
                let second = number(12, 14).unwrap_or(0);
                let clock = TimeOfDay::new(number(8, 10)?, number(10, 12)?, second)?;
                when.clock = Some(clock);
            }
        }
        _ => return None,
    }
    Some(when)
}

/// `093009`, only behind a day.
fn long_clock(digits: &str) -> Option<TimeOfDay> {
    let number = |from: usize, to: usize| digits.get(from..to)?.parse().ok();
    let clock = TimeOfDay::new(number(0, 2)?, number(2, 4)?, number(4, 6)?);
    clock.filter(|_| digits.len() == 6)
}

/// `1405` or `905`.
fn short_clock(digits: &str) -> Option<TimeOfDay> {
    let (hour, minute) = digits.split_at_checked(digits.len().checked_sub(2)?)?;
    TimeOfDay::new(hour.parse().ok()?, minute.parse().ok()?, 0)
}

pub(super) fn head(tokens: &[Token], count: usize) -> &[Token] {
    tokens.get(..count).unwrap_or(tokens)
}

pub(super) fn is_sign(token: &Token, sign: char) -> bool {
    token.kind == Kind::Sign(sign)
}

impl When {
    fn word(&mut self, typed: &Typed<'_>, rest: &[Token]) -> Result<usize, Wrong> {
        let [word, after @ ..] = rest else {
            return Ok(1);
        };
        let this = head(rest, 1);
        let next = after.first().map(|token| token.kind);
        match word.text.as_str() {
            "today" => self.on(Day::Ago(0), typed, this)?,
            "yesterday" => self.on(Day::Ago(1), typed, this)?,
            // As in 2024-05-03T09:30.
            "t" if self.day.is_some() && self.clock.is_none() && next == Some(Kind::Digits) => {}
            "t" if self.day.is_some() && next.is_none() => {
                return Err(typed.wrong_at_end(GO_ON_CLOCK));
            }
            // As in UTC+8.
            "utc" | "gmt" if matches!(next, Some(Kind::Sign('+' | '-'))) => {}
            "z" | "utc" | "gmt" => self.zone(Zone::utc(), typed, this)?,
            "am" | "pm" => return Err(typed.wrong(this, "am and pm stand behind a time")),
            name => match weekday(name) {
                Some(_) if self.weekday.is_some() || matches!(self.day, Some(Day::Ago(_))) => {
                    return Err(typed.wrong(this, "there is a day already"));
                }
                Some(weekday) => self.weekday = Some(weekday),
                None => return Err(typed.unknown(this, EXAMPLES)),
            },
        }
        Ok(1)
    }

    fn on(&mut self, day: Day, typed: &Typed<'_>, about: &[Token]) -> Result<(), Wrong> {
        let relative = matches!(day, Day::Ago(_)) && self.weekday.is_some();
        if self.day.is_some() || relative {
            return Err(typed.wrong(about, "there is a day already"));
        }
        self.day = Some(day);
        Ok(())
    }

    fn at(&mut self, clock: TimeOfDay, typed: &Typed<'_>, about: &[Token]) -> Result<(), Wrong> {
        if self.clock.is_some() {
            return Err(typed.wrong(about, "there is a time already"));
        }
        self.clock = Some(clock);
        Ok(())
    }

    fn zone(&mut self, zone: Zone, typed: &Typed<'_>, about: &[Token]) -> Result<(), Wrong> {
        if self.zone.is_some() {
            return Err(typed.wrong(about, "there is an offset already"));
        }
        self.zone = Some(zone);
        Ok(())
    }

    /// What begins with digits: a time of day, a date, or both in one.
    fn number(&mut self, typed: &Typed<'_>, rest: &[Token]) -> Result<usize, Wrong> {
        if let Some((clock, used)) = clock(typed, rest)? {
            self.at(clock, typed, head(rest, used))?;
            return Ok(used);
        }
        if let Some((day, used)) = date(typed, rest)? {
            self.on(day, typed, head(rest, used))?;
            return Ok(used);
        }
        let this = head(rest, 1);
        let digits = this.first().map_or("", |token| token.text.as_str());
        let dated = self.day.is_some() || self.weekday.is_some();
        if let Some(compact) = compact(digits) {
            match (compact.day, compact.clock) {
                (Some(day), clock) => {
                    self.on(day, typed, this)?;
                    if let Some(clock) = clock {
                        self.at(clock, typed, this)?;
                    }
                    return Ok(1);
                }
                (None, Some(clock)) if dated => {
                    self.at(clock, typed, this)?;
                    return Ok(1);
                }
                (None, _) => {}
            }
        }
        if let Some(clock) = long_clock(digits).filter(|_| dated) {
            self.at(clock, typed, this)?;
            return Ok(1);
        }
        let words = if dated || digits.len() < 5 {
            GO_ON_CLOCK
        } else {
            GO_ON_DATE
        };
        Err(typed.wrong(this, words))
    }

    /// `+08:00`, `-0330`; `+8` behind a time of day or the name of UTC: in
    /// `today -1` a step back is more likely meant.
    fn offset(&mut self, typed: &Typed<'_>, rest: &[Token], named: bool) -> Result<usize, Wrong> {
        let part = |token: &&Token| token.kind == Kind::Digits || is_sign(token, ':');
        let used = 1 + rest.iter().skip(1).take_while(part).count();
        let about = head(rest, used);
        let text: String = about.iter().map(|token| token.text.as_str()).collect();
        let is_full = text.contains(':') || text.len() == "+0800".len();
        if self.clock.is_none() && !named && !is_full {
            let words = "behind a day, an offset reads +08:00 or +0800";
            return Err(typed.wrong(about, words));
        }
        match Zone::parse(&text, &Zone::utc()) {
            Ok(zone) => self.zone(zone, typed, about)?,
            Err(_) => return Err(typed.wrong(about, "an offset reads +08:00")),
        }
        Ok(used)
    }
}
