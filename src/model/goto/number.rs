//! Bare numbers: seqs, parts of the whole, Unix times, and dates without signs.

use super::typed::{Kind, Token, Typed};
use super::words::{self, grouped};
use super::{Destination, Place, Reading, when};
use crate::model::ids::Seq;
use crate::model::message::Timestamp;
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
    Some(time.ok_or_else(|| typed.wrong_all(HINT)))
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
    Some(match (thousandths(number), place.head) {
        (Some(part), Some(head)) => {
            // A hundred percent are 100,000 thousandths; half of one rounds up.
            let seq = (u64::from(head.get()) * u64::from(part) + 50_000) / 100_000;
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
        (Some(_), None) => Err(typed.wrong_all("the newest seq is not known yet")),
        (None, _) => Err(typed.wrong_all("a part of the whole is 0% to 100%")),
    })
}

/// The number before the sign, in thousandths of a percent; at most a hundred percent.
fn thousandths(number: &[Token]) -> Option<u32> {
    let short = |token: &Token| token.kind == Kind::Digits && token.text.len() <= 3;
    let (whole, part) = match number {
        [whole] => (whole, ""),
        [whole, dot, part] if dot.kind == Kind::Sign('.') && short(part) => {
            (whole, part.text.as_str())
        }
        _ => return None,
    };
    if !short(whole) {
        return None;
    }
    let part: u32 = format!("{part:0<3}").parse().ok()?;
    let whole: u32 = whole.text.parse().ok()?;
    let all = whole * 1000 + part;
    (all <= 100_000).then_some(all)
}

/// `812`, `1,233`, `#812`, `seq 812`; a bare number above the head may be a time.
pub(super) fn seq(typed: &Typed<'_>, place: &Place<'_>) -> Option<Result<Reading, Wrong>> {
    let (said, number) = unnamed(typed.tokens());
    let Some(digits) = digits(number) else {
        return said.then(|| Err(typed.wrong_all("after seq comes its number")));
    };
    if digits.bytes().all(|b| b == b'0') {
        return Some(Err(typed.wrong_all("seqs begin at 1")));
    }
    let seq = digits.parse().ok().and_then(Seq::new);
    let bare = !said && number.len() == 1;
    let as_seq = |seq: Seq| {
        let words = format!("seq {}", grouped(seq.get()));
        (Destination::Seq(seq), words)
    };
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
                    let words = format!("{above}: the newest message");
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
        _ => "seqs end at 4,294,967,295",
    };
    typed.wrong_all(words)
}
