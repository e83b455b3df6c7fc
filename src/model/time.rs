//! Times as people read them, in the zone they chose. The one module that knows
//! the calendar.
//!
//! Nothing here asks what time it is, or (but for [`Zone::system`]) where.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

use super::message::Timestamp;

mod civil;

pub use civil::{Moment, TimeOfDay, Twist, days_later, moment};

/// The zone in which times are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// As the user wrote it; what the status line shows beside the offset.
    name: String,
    zone: TimeZone,
}

/// What the zone of the machine is called.
const LOCAL: &str = "local";

/// A zone that is none of `local`, `UTC`, an IANA name or an offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownZone {
    /// What was asked for, as it was written.
    pub name: String,
}

impl fmt::Display for UnknownZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "no time zone {:?}; try local, UTC, Asia/Shanghai or +08:00",
            self.name
        )
    }
}

impl std::error::Error for UnknownZone {}

impl Zone {
    /// Universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self {
            name: "UTC".to_owned(),
            zone: TimeZone::UTC,
        }
    }

    /// The zone of this machine. It reads the environment and files: `main`
    /// calls it once and hands the result on. A machine without a usable
    /// setting is in UTC.
    #[must_use]
    pub fn system() -> Self {
        Self {
            name: LOCAL.to_owned(),
            zone: TimeZone::system(),
        }
    }

    /// `local`, `UTC` (in any case), an IANA name such as `Asia/Shanghai`, or
    /// an offset: `+08:00`, `-0330`, `+8`, `-00:44:30`.
    ///
    /// `local` is the answer to the first of them, as [`Zone::system`] gave it.
    ///
    /// # Errors
    ///
    /// When it is none of these.
    pub fn parse(name: &str, local: &Self) -> Result<Self, UnknownZone> {
        let unknown = || UnknownZone {
            name: name.to_owned(),
        };
        let asked = name.trim();
        if asked.eq_ignore_ascii_case(LOCAL) {
            return Ok(local.clone());
        }
        if asked.starts_with("local-") {
            return Some(local.lasting())
                .filter(|local| local.name == asked)
                .ok_or_else(unknown);
        }
        if ["utc", "z", "gmt"]
            .iter()
            .any(|utc| asked.eq_ignore_ascii_case(utc))
        {
            return Ok(Self::utc());
        }
        if asked.starts_with(['+', '-']) {
            let offset = parse_offset(asked).ok_or_else(unknown)?;
            return Ok(Self {
                name: offset_text(offset),
                zone: TimeZone::fixed(offset),
            });
        }
        let zone = TimeZone::get(asked).map_err(|_| unknown())?;
        Ok(Self {
            name: zone.iana_name().unwrap_or(asked).to_owned(),
            zone,
        })
    }

    /// The same zone under a name that means the same on every machine: `local` becomes
    /// its IANA name, or its offset where that never changes.
    ///
    /// One without a name whose offset changes, as `TZ` may define it, is `local-` and a
    /// number: [`Zone::parse`] takes it where the local zone is alike, and nowhere else.
    #[must_use]
    pub fn lasting(&self) -> Self {
        if self.name != LOCAL {
            return self.clone();
        }
        let named = self
            .zone
            .iana_name()
            .and_then(|name| Self::parse(name, self).ok());
        let fixed = self.offsets().next().map(|offset| Self {
            name: offset_text(offset),
            zone: TimeZone::fixed(offset),
        });
        let known = named.into_iter().chain([Self::utc()]).chain(fixed);
        let alike = known.into_iter().find(|zone| zone.is_like(self));
        alike.unwrap_or_else(|| Self {
            name: format!("{LOCAL}-{:016x}", self.fingerprint()),
            zone: self.zone.clone(),
        })
    }

    /// FNV-1a over the offsets: the same for the same zone, whatever made it.
    fn fingerprint(&self) -> u64 {
        let bytes = self
            .offsets()
            .flat_map(|offset| offset.seconds().to_le_bytes());
        bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    }

    /// Its offsets from 2010 to 2040, twice a month.
    fn offsets(&self) -> impl Iterator<Item = Offset> {
        const FROM: i64 = 1_262_304_000;
        const HALF_MONTH: i64 = 1_314_900;
        let times = (0..720).map(|n| jiff::Timestamp::from_second(FROM + n * HALF_MONTH));
        times.flatten().map(|at| self.zone.to_offset(at))
    }

    /// `local`, `UTC`, an IANA name or an offset: what [`Zone::parse`] takes.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The zones a key goes through: the configured one, the local one, UTC
    /// and that of the service's home, each once.
    #[must_use]
    pub fn cycle(configured: &Self, local: &Self) -> Vec<Self> {
        let home = Self::parse("Asia/Shanghai", local).ok();
        let mut zones: Vec<Self> = Vec::new();
        for zone in [configured.clone(), local.clone(), Self::utc()]
            .into_iter()
            .chain(home)
        {
            // The same zone under another name is no change to look at.
            if !zones.iter().any(|known| known.is_like(&zone)) {
                zones.push(zone);
            }
        }
        zones
    }

    /// Whether both show the same times, as far as [`Zone::offsets`] tells: the machine's
    /// zone may be UTC by another name.
    fn is_like(&self, other: &Self) -> bool {
        self.zone == other.zone || self.offsets().eq(other.offsets())
    }

    /// What stands behind the times on the clock of this zone, or `None`
    /// beyond the calendar (the years -9999 to 9999).
    fn civil(&self, time: Timestamp) -> Option<(jiff::civil::DateTime, Offset)> {
        let instant = jiff::Timestamp::from_second(time.seconds()).ok()?;
        let offset = self.zone.to_offset(instant);
        Some((offset.to_datetime(instant), offset))
    }
}

/// A day on the calendar of a zone, in the order of time. Times beyond the
/// calendar are all of one last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CivilDay(Day);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Day {
    Dated(Date),
    BeyondCalendar,
}

/// From Monday.
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

impl CivilDay {
    /// `Fri 2024-05-03`.
    #[must_use]
    pub fn label(self) -> String {
        self.to_string()
    }
}

impl fmt::Display for CivilDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            // As `strftime` would have it, in a tenth of the time: each layout says a day.
            Day::Dated(date) => {
                let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
                let weekday = WEEKDAYS.get(weekday).unwrap_or(&"");
                write!(f, "{weekday} {date}")
            }
            Day::BeyondCalendar => f.write_str("beyond the calendar"),
        }
    }
}

/// `14:05:09`; beyond the calendar `@` and the seconds.
#[must_use]
pub fn clock(time: Timestamp, zone: &Zone) -> String {
    match zone.civil(time) {
        // As `strftime` would have it, in a tenth of the time; each row has one.
        Some((civil, _)) => civil.time().to_string(),
        None => raw(time),
    }
}

/// The day on which it is that time.
#[must_use]
pub fn day(time: Timestamp, zone: &Zone) -> CivilDay {
    CivilDay(match zone.civil(time) {
        Some((civil, _)) => Day::Dated(civil.date()),
        None => Day::BeyondCalendar,
    })
}

/// `2024-05-03 14:05:09 +08:00`; beyond the calendar `@` and the seconds.
#[must_use]
pub fn full(time: Timestamp, zone: &Zone) -> String {
    match zone.civil(time) {
        Some((civil, offset)) => {
            format!(
                "{} {}",
                civil.strftime("%Y-%m-%d %H:%M:%S"),
                offset_text(offset)
            )
        }
        None => raw(time),
    }
}

/// `Fri 2024-05-03 14:05:09 +08:00`; beyond the calendar `@` and the seconds.
#[must_use]
pub fn dated(time: Timestamp, zone: &Zone) -> String {
    match zone.civil(time) {
        Some((civil, _)) => format!("{} {}", civil.strftime("%a"), full(time, zone)),
        None => raw(time),
    }
}

/// `2024-05-03T14:05:09+08:00` (RFC 3339); `None` beyond the year 9999. An offset with
/// seconds, which the form does not know, is written as that of UTC.
#[must_use]
pub fn rfc3339(time: Timestamp, zone: &Zone) -> Option<String> {
    let (civil, offset) = zone.civil(time)?;
    if offset.seconds() % 60 != 0 {
        return rfc3339(time, &Zone::utc());
    }
    let civil = civil.strftime("%Y-%m-%dT%H:%M:%S");
    Some(format!("{civil}{}", offset_text(offset)))
}

/// The zone's offset from UTC at that time: `+08:00`. Summer time changes it;
/// beyond the calendar it is that of UTC, in which nothing is shown.
#[must_use]
pub fn offset(time: Timestamp, zone: &Zone) -> String {
    offset_text(zone.civil(time).map_or(Offset::UTC, |(_, offset)| offset))
}

/// Seconds since 1970 as the clock on the wall of this zone counts them: what
/// cuts time into the zone's own hours and days. Read as UTC it gives the clock.
#[must_use]
pub fn on_clock(time: Timestamp, zone: &Zone) -> i64 {
    let ahead = zone.civil(time).map_or(0, |(_, offset)| offset.seconds());
    time.seconds().saturating_add(i64::from(ahead))
}

/// The shortest form for a list, at most six cells until the year 9999: the
/// time of day today, `05-03` this year, else `2024`.
#[must_use]
pub fn short(time: Timestamp, now: Option<Timestamp>, zone: &Zone) -> String {
    let Some((civil, _)) = zone.civil(time) else {
        return raw(time);
    };
    let today = now
        .and_then(|now| zone.civil(now))
        .map(|(civil, _)| civil.date());
    let form = match today {
        Some(today) if today == civil.date() => "%H:%M",
        Some(today) if today.year() == civil.year() => "%m-%d",
        _ => "%Y",
    };
    civil.strftime(form).to_string()
}

/// How long before `now` it was: `just now`, `3 min ago`, `2 days ago`; a time
/// ahead of ours reads `in 3 min`.
#[must_use]
pub fn ago(time: Timestamp, now: Timestamp) -> String {
    // In seconds; months and years are rough, as befits an age.
    const UNITS: [(u64, &str, &str); 5] = [
        (365 * 86_400, "year", "years"),
        (30 * 86_400, "month", "months"),
        (86_400, "day", "days"),
        (3600, "h", "h"),
        (60, "min", "min"),
    ];
    let seconds = now.seconds().abs_diff(time.seconds());
    let Some((n, name)) = UNITS
        .iter()
        .find_map(|(unit, one, many)| match seconds / unit {
            0 => None,
            1 => Some((1, *one)),
            n => Some((n, *many)),
        })
    else {
        return "just now".to_owned();
    };
    if time > now {
        format!("in {n} {name}")
    } else {
        format!("{n} {name} ago")
    }
}

fn raw(time: Timestamp) -> String {
    format!("@{}", time.seconds())
}

/// `+08:00`, with seconds where history had them.
fn offset_text(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let seconds = seconds.unsigned_abs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if seconds == 0 {
        format!("{sign}{hours:02}:{minutes:02}")
    } else {
        format!("{sign}{hours:02}:{minutes:02}:{seconds:02}")
    }
}

/// `+8`, `+08`, `+0800`, `+08:00` or `+08:00:00`, up to 14 hours as zones go.
fn parse_offset(text: &str) -> Option<Offset> {
    const WIDEST: i32 = 14 * 3600;
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+')?),
    };
    let (hours, rest) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None => (digits, "00"),
    };
    let (minutes, seconds) = rest.split_once(':').unwrap_or((rest, "00"));
    let number = |text: &str| -> Option<i32> {
        let plain = text.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| text.parse().ok()).flatten()
    };
    let sixtieths = |text: &str| number(text).filter(|n| text.len() == 2 && *n < 60);
    let hours = number(hours).filter(|_| matches!(hours.len(), 1 | 2))?;
    let seconds = hours * 3600 + sixtieths(minutes)? * 60 + sixtieths(seconds)?;
    Offset::from_seconds(sign * seconds)
        .ok()
        .filter(|_| seconds <= WIDEST)
}

#[cfg(test)]
mod tests;
