//! So many seqs, or so much time, from the selected message.

use super::typed::{Kind, Token, Typed};
use super::words::quoted;
use super::{Destination, Place, Reading, number, when};
use crate::model::ids::Seq;
use crate::model::message::Timestamp;
use crate::model::text::grouped;
use crate::model::time;
use crate::model::wrong::Wrong;

const HINT: &str = "go on: -200 seqs, -30m, -2h, +3d or +1w";

/// `-200`, `+50`, `-2h`, `+1d12h`; `None` for what does not begin with a sign.
pub(super) fn read(typed: &Typed<'_>, place: &Place<'_>) -> Option<Result<Reading, Wrong>> {
    let (sign, rest) = typed.tokens().split_first()?;
    let back = match sign.kind {
        Kind::Sign('-') => true,
        Kind::Sign('+') => false,
        Kind::Sign(_) | Kind::Digits | Kind::Letters => return unsigned(typed).map(Err),
    };
    Some(match number::digits(rest) {
        Some(digits) => seqs(typed, place, (back, &digits)),
        None => span(typed, rest).and_then(|span| span.reading(typed, place, back)),
    })
}

/// `2h` says neither back nor forward.
fn unsigned(typed: &Typed<'_>) -> Option<Wrong> {
    let [number, unit] = typed.tokens() else {
        return None;
    };
    let is_span = number.kind == Kind::Digits && Unit::named(&unit.text).is_some();
    is_span.then(|| {
        let span = quoted(&format!("{}{}", number.text, unit.text), 12);
        typed.wrong_all(format!("-{span} goes back, +{span} forward"))
    })
}

fn seqs(
    typed: &Typed<'_>,
    place: &Place<'_>,
    (back, digits): (bool, &str),
) -> Result<Reading, Wrong> {
    // More than any seq: the clamp below has the last word.
    let by: u32 = digits.parse().unwrap_or(u32::MAX);
    let (from, whence) = match (place.selected, place.head) {
        (Some(selected), _) => (selected, "the selected"),
        (None, Some(head)) => (head, "the newest"),
        (None, None) => return Err(typed.wrong_all("nothing is selected to count from")),
    };
    let last = place.head.unwrap_or(Seq::LAST);
    let (seq, side) = if back {
        (from.back(by).min(last), "before")
    } else {
        (from.forward(by).min(last), "after")
    };
    let far = grouped(seq.get().abs_diff(from.get()));
    let edge = match seq {
        Seq::FIRST if back => " (the first)",
        _ if !back && place.head == Some(seq) => " (the newest)",
        _ => "",
    };
    let words = format!("seq {}{edge}, {far} {side} {whence}", grouped(seq.get()));
    Ok(Reading::new(Destination::Seq(seq), words))
}

/// Days are of the calendar, everything else is exact.
#[derive(Debug, Default)]
struct Span {
    days: i32,
    seconds: i64,
}

#[derive(Debug, Clone, Copy)]
enum Unit {
    Days(i32),
    Seconds(i64),
}

impl Unit {
    fn named(name: &str) -> Option<Self> {
        match name {
            "s" | "sec" | "secs" | "second" | "seconds" => Some(Self::Seconds(1)),
            "m" | "min" | "mins" | "minute" | "minutes" => Some(Self::Seconds(60)),
            "h" | "hr" | "hrs" | "hour" | "hours" => Some(Self::Seconds(3600)),
            "d" | "day" | "days" => Some(Self::Days(1)),
            "w" | "wk" | "wks" | "week" | "weeks" => Some(Self::Days(7)),
            _ => None,
        }
    }
}

/// `2h`, `1d12h`, `3 days`: numbers and units in turn.
fn span(typed: &Typed<'_>, tokens: &[Token]) -> Result<Span, Wrong> {
    if tokens.is_empty() {
        return Err(typed.wrong_at_end(HINT));
    }
    let mut span = Span::default();
    for part in tokens.chunks(2) {
        let [number, unit] = part else {
            return Err(typed.wrong_at_end("go on: s, m, h, d or w"));
        };
        if number.kind != Kind::Digits {
            return Err(typed.wrong(part, HINT));
        }
        let Some(kind) = Unit::named(&unit.text) else {
            let words = "units are s, m (minutes), h, d and w";
            return Err(typed.wrong(std::slice::from_ref(unit), words));
        };
        span.add(&number.text, kind)
            .ok_or_else(|| typed.wrong(part, when::OUTSIDE))?;
    }
    Ok(span)
}

impl Span {
    fn add(&mut self, number: &str, unit: Unit) -> Option<()> {
        match unit {
            Unit::Days(days) => {
                let days = number.parse::<i32>().ok()?.checked_mul(days)?;
                self.days = self.days.checked_add(days)?;
            }
            Unit::Seconds(seconds) => {
                let seconds = number.parse::<i64>().ok()?.checked_mul(seconds)?;
                self.seconds = self.seconds.checked_add(seconds)?;
            }
        }
        Some(())
    }

    fn reading(&self, typed: &Typed<'_>, place: &Place<'_>, back: bool) -> Result<Reading, Wrong> {
        let (from, whence) = match (place.selected_time, place.now) {
            (Some(time), _) => (time, ""),
            (None, Some(now)) if place.selected.is_some() => (now, "from now (no time here): "),
            (None, Some(now)) => (now, "from now: "),
            (None, None) => return Err(typed.wrong_all("there is no time here to count from")),
        };
        let found = self
            .applied(from, place, back)
            .ok_or_else(|| typed.wrong_all(when::OUTSIDE))?;
        let mut reading = when::reading(&found, place.zone);
        reading.words.insert_str(0, whence);
        Ok(reading)
    }

    fn applied(&self, from: Timestamp, place: &Place<'_>, back: bool) -> Option<when::Found> {
        let sign = if back { -1 } else { 1 };
        let exact = |from: Timestamp| {
            let seconds = from.seconds().checked_add(i64::from(sign) * self.seconds)?;
            let time = Timestamp::new(seconds)?;
            time::TimeOfDay::at(time, place.zone).map(|_| time)
        };
        if self.days == 0 {
            return exact(from).map(when::Found::exact);
        }
        let clock = time::TimeOfDay::at(from, place.zone)?;
        let moment = time::days_later(from, sign * self.days, place.zone)?;
        if self.seconds == 0 {
            return Some(when::Found::at(moment, clock));
        }
        exact(moment.time).map(when::Found::exact)
    }
}
