//! Bare numbers: seqs, parts of the whole, Unix times, and dates without signs.

use super::typed::{Kind, Token, Typed};
use super::words;
use super::{Destination, Place, Reading, when};
use crate::model::ids::Seq;
use crate::model::message::Timestamp;
use crate::model::text::grouped;
use crate::model::time;
use crate::model::wrong::Wrong;

/// Digits of a time in seconds, from 2001 to 2286.
const SECONDS: usize = 10;
/// Digits of a time in milliseconds, from 2001 to 2286.
const MILLISECONDS: usize = 13;

/// `@1458721802`, `@1458721802000`; `None` for what does not begin with `@`.
pub(super) fn unix(typed: &Typed<'_>) -> Option<Result<Timestamp, Wrong>> {
    const HINT: &str = "after @ come 10 digits of seconds or 13 of milliseconds";
    let (at, rest) = typed.tokens().split_first()?;
    if at.kind != Kind::Sign('@') {
        return None;
    }
    let [number] = rest else {
        return Some(Err(typed.wrong_all(HINT)));
    };
    let time = match number.text.len() {
        _ if number.kind != Kind::Digits => None,
        MILLISECONDS => milliseconds(&number.text),
        // More seconds than these are beyond the calendar.
        1..MILLISECONDS => number.text.parse().ok().and_then(Timestamp::new),
        _ => None,
    };
    let time = time.ok_or_else(|| typed.wrong_all(HINT));
    Some(time.and_then(|time| {
        let shown = time::TimeOfDay::at(time, &time::Zone::utc());
        shown.map_or_else(|| Err(typed.wrong_all(when::OUTSIDE)), |_| Ok(time))
    }))
}

/// A number of 10 or 13 digits alone, where no seq is meant.
pub(super) fn unmarked_unix(typed: &Typed<'_>) -> Option<Result<Timestamp, Wrong>> {
    plain_unix(typed.only_digits()?).map(Ok)
}

fn plain_unix(digits: &str) -> Option<Timestamp> {
    match digits.len() {
        SECONDS => digits.parse().ok().and_then(Timestamp::new),
        MILLISECONDS => milliseconds(digits),
        _ => None,
    }
}

fn milliseconds(digits: &str) -> Option<Timestamp> {
    let milliseconds: i64 = digits.parse().ok()?;
    Timestamp::new(milliseconds / 1000)
}

/// `50%`, `12.5 %`: so much of the way from the first seq to the head.
pub(super) fn percent(typed: &Typed<'_>, place: &Place<'_>) -> Option<Result<Reading, Wrong>> {
    let (last, number) = typed.tokens().split_last()?;
    if last.kind != Kind::Sign('%') {
        return None;
    }
    Some(match (billionths(number), place.head) {
        (Ok(part), Some(head)) => {
            // Half a seq rounds up.
            let seq = (u128::from(head.get()) * u128::from(part) + u128::from(WHOLE / 2))
                / u128::from(WHOLE);
            let seq = u32::try_from(seq).ok().and_then(Seq::new);
            let seq = seq.unwrap_or(Seq::FIRST);
            let text: String = number.iter().map(|token| token.text.as_str()).collect();
            let words = format!(
                "seq {}, {text}% of {}",
                grouped(seq.get()),
                grouped(head.get())
            );
            Ok(Reading::new(Destination::Seq(seq), words))
        }
        (Ok(_), None) => Err(typed.wrong_all("the newest seq is not known yet")),
        (Err(words), _) => Err(typed.wrong_all(words)),
    })
}

/// A hundred percent, in billionths of a percent.
const WHOLE: u64 = 100_000_000_000;

/// The number before the sign, in billionths of a percent; at most [`WHOLE`].
fn billionths(number: &[Token]) -> Result<u64, &'static str> {
    const RANGE: &str = "a part of the whole is 0% to 100%";
    let (whole, part) = match number {
        [whole] => (whole, ""),
        [whole, dot, part] if dot.kind == Kind::Sign('.') && part.kind == Kind::Digits => {
            (whole, part.text.as_str())
        }
        _ => return Err(RANGE),
    };
    if whole.kind != Kind::Digits || whole.text.len() > 3 {
        return Err(RANGE);
    }
    if part.len() > 9 {
        return Err("a percentage has nine decimals at most");
    }
    let all = format!("{}{part:0<9}", whole.text).parse();
    all.ok().filter(|all| *all <= WHOLE).ok_or(RANGE)
}

/// `812`, `1,233`, `#812`, `seq 812`; a bare number above the head may be a time.
pub(super) fn seq(typed: &Typed<'_>, place: &Place<'_>) -> Option<Result<Reading, Wrong>> {
    let (said, number) = unnamed(typed.tokens());
    let Some(digits) = digits(number) else {
        return said.then(|| Err(typed.wrong_all("after seq comes its number")));
    };
    let seq = digits.parse().ok().and_then(Seq::new);
    let bare = !said && number.len() == 1;
    let as_seq = |seq: Seq| {
        let words = format!("seq {}", grouped(seq.get()));
        (Destination::Seq(seq), words)
    };
    // Nobody writes a seq with a zero before it.
    let is_clock = bare && digits.len() == 4 && digits.starts_with('0');
    if let Some(mut reading) = as_time(&digits, typed, place).filter(|_| is_clock) {
        let known = seq.filter(|seq| place.head.is_none_or(|head| *seq <= head));
        if let Some((seq, words)) = known.map(as_seq) {
            reading.words = format!("{} (a time, or {words})", reading.words);
            reading.others.push((seq, words));
            return Some(Ok(reading));
        }
        if seq.is_none() {
            return Some(Ok(reading));
        }
    }
    if digits.bytes().all(|b| b == b'0') {
        return Some(Err(typed.wrong_all("seqs begin at 1")));
    }
    Some(match (seq, place.head) {
        (Some(seq), Some(head)) if seq <= head => {
            let (destination, words) = as_seq(seq);
            Ok(Reading::new(destination, words))
        }
        (_, Some(head)) => {
            let above = format!("above the head {}", grouped(head.get()));
            match as_time(&digits, typed, place).filter(|_| bare) {
                Some(mut reading) => {
                    reading.words = format!("{} (a time: {above})", reading.words);
                    let end = (Destination::End, words::end(Some(head)));
                    reading.others.push(end);
                    Ok(reading)
                }
                None if seq.is_none() => Err(too_large(typed)),
                None => {
                    let no_time = when::is_no_time(&digits).filter(|_| bare);
                    let no_time = no_time.map(|what| format!(", {what}")).unwrap_or_default();
                    let words = format!("{above}{no_time}: the newest message");
                    Ok(Reading::new(Destination::End, words))
                }
            }
        }
        (seq, None) => {
            let time = as_time(&digits, typed, place).filter(|_| bare);
            match (seq, time) {
                // No conversation has as many messages as that.
                (seq, Some(mut reading)) if digits.len() >= SECONDS => {
                    reading.others.extend(seq.map(as_seq));
                    Ok(reading)
                }
                (Some(seq), time) => {
                    let (destination, words) = as_seq(seq);
                    let mut reading = Reading::new(destination, words);
                    let time = time.map(|time| (time.destination, time.words));
                    reading.others.extend(time);
                    Ok(reading)
                }
                (None, _) => Err(too_large(typed)),
            }
        }
    })
}

/// The tokens after `seq`, `seq:` or `#`, and whether it was there.
fn unnamed(tokens: &[Token]) -> (bool, &[Token]) {
    match tokens {
        [name, rest @ ..] if name.kind == Kind::Sign('#') => (true, rest),
        [name, colon, rest @ ..] if name.text == "seq" && colon.kind == Kind::Sign(':') => {
            (true, rest)
        }
        [name, rest @ ..] if name.text == "seq" => (true, rest),
        _ => (false, tokens),
    }
}

/// The digits of `1233` or `1,233`.
pub(super) fn digits(tokens: &[Token]) -> Option<String> {
    let (first, rest) = tokens.split_first()?;
    if first.kind != Kind::Digits || (!rest.is_empty() && first.text.len() > 3) {
        return None;
    }
    let mut digits = first.text.clone();
    for pair in rest.chunks(2) {
        match pair {
            [comma, three]
                if comma.kind == Kind::Sign(',')
                    && three.kind == Kind::Digits
                    && three.text.len() == 3 =>
            {
                digits.push_str(&three.text);
            }
            _ => return None,
        }
    }
    Some(digits)
}

/// The time that a number too large for a seq may be.
fn as_time(digits: &str, typed: &Typed<'_>, place: &Place<'_>) -> Option<Reading> {
    if let Some(time) = plain_unix(digits) {
        let words = time::dated(time, place.zone);
        return Some(Reading::new(Destination::Time(time), words));
    }
    let found = when::read_bare(typed, place.zone, place.now)?;
    Some(when::reading(&found, place.zone))
}

fn too_large(typed: &Typed<'_>) -> Wrong {
    // As many digits as a sender's number has at least; the rest of the ID is still to come.
    let words = match typed.only_digits() {
        Some(digits) if digits.len() > MILLISECONDS => {
            "no seq or time; a message ID has two more parts"
        }
        Some(digits) if when::is_no_time(digits).is_some() => {
            "no date, and seqs end at 4,294,967,295"
        }
        _ => "seqs end at 4,294,967,295",
    };
    typed.wrong_all(words)
}
