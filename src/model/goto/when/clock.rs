//! Times of day.

use super::grammar::{GO_ON_CLOCK, head, is_sign};
use crate::model::goto::typed::{Kind, Token, Typed};
use crate::model::time::TimeOfDay;
use crate::model::wrong::Wrong;

/// `14:05`, `14:05:09`, `2:05 pm`, `2pm`, `2 p.m.`; `None` for what is no time of day. With
/// it, how many tokens it took.
pub(super) fn clock(
    typed: &Typed<'_>,
    rest: &[Token],
) -> Result<Option<(TimeOfDay, usize)>, Wrong> {
    let mut numbers = [0_u8; 3];
    let mut used = 0;
    for (place, number) in numbers.iter_mut().enumerate() {
        let mut part = rest.get(used..).unwrap_or_default();
        if place > 0 {
            match part {
                [colon, ..] if is_sign(colon, ':') => used += 1,
                _ => break,
            }
            part = rest.get(used..).unwrap_or_default();
        }
        let this = head(part, 1);
        let digits = match this {
            [digits] if digits.kind == Kind::Digits => &digits.text,
            [] => return Err(typed.wrong_at_end(GO_ON_CLOCK)),
            _ => return Err(typed.wrong(this, GO_ON_CLOCK)),
        };
        if place == 0 && digits.len() > 2 {
            return Ok(None);
        }
        if place > 0 && digits.len() != 2 {
            return Err(typed.wrong(this, "minutes and seconds have two digits"));
        }
        *number = digits.parse().unwrap_or(u8::MAX);
        if place > 0 && *number > 59 {
            return Err(typed.wrong(this, "minutes and seconds end at 59"));
        }
        used += 1;
    }
    let has_colon = used > 1;
    // Fractions of a second are left out.
    if used == 5 && is_fraction(rest.get(used..).unwrap_or_default()) {
        used += 2;
    }
    let [hour, minute, second] = numbers;
    let half = rest.get(used).and_then(|token| match token.text.as_str() {
        "a" | "am" => Some(0),
        "p" | "pm" => Some(12),
        _ => None,
    });
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => {
            used += half_length(rest.get(used..).unwrap_or_default());
            hour % 12 + half
        }
        Some(_) => {
            let words = "with am and pm, hours go from 1 to 12";
            return Err(typed.wrong(head(rest, used + 1), words));
        }
        None if has_colon => hour,
        None => return Ok(None),
    };
    match TimeOfDay::new(hour, minute, second) {
        Some(clock) => Ok(Some((clock, used))),
        None => Err(typed.wrong(head(rest, 1), "hours end at 23")),
    }
}

/// Whether `.75` follows, or `,75` as ISO 8601 has it; a comma may also part a time from a date.
fn is_fraction(after: &[Token]) -> bool {
    let [sign, part, rest @ ..] = after else {
        return false;
    };
    let digits = sign.joined && part.joined && part.kind == Kind::Digits;
    let goes_on = rest.first().is_some_and(|next| {
        let of_date = matches!(next.kind, Kind::Sign('-' | '/' | '.' | ':'));
        next.joined && of_date && rest.get(1).is_some_and(|third| third.text.len() < 4)
    });
    match sign.kind {
        Kind::Sign('.') => digits,
        // As many digits as a date without signs.
        Kind::Sign(',') => digits && part.text.len() != 8 && !goes_on,
        Kind::Sign(_) | Kind::Digits | Kind::Letters => false,
    }
}

/// How many tokens `pm`, `p` or `p.m.` are.
fn half_length(tokens: &[Token]) -> usize {
    match tokens {
        [_, dot, m, last, ..] if is_dotted(dot, m) && is_sign(last, '.') && last.joined => 4,
        [_, dot, m, ..] if is_dotted(dot, m) => 3,
        _ => 1,
    }
}

fn is_dotted(dot: &Token, m: &Token) -> bool {
    is_sign(dot, '.') && dot.joined && m.text == "m" && m.joined
}
