//! Dates with signs in them.

use super::grammar::{Day, GO_ON_DATE, head, is_sign};
use crate::model::goto::typed::{Kind, Token, Typed};
use crate::model::time::CivilDay;
use crate::model::wrong::Wrong;

const NO_SUCH_DAY: &str = "the calendar has no such day";

/// `2024-05-03`, `03/05/2024`, `3/5`; `None` for what is no date. With it, how
/// many tokens it took.
pub(super) fn date(typed: &Typed<'_>, rest: &[Token]) -> Result<Option<(Day, usize)>, Wrong> {
    let joined = |token: &Token| token.joined;
    let [first, sign, ..] = rest else {
        return Ok(None);
    };
    let separator = match sign.kind {
        Kind::Sign(sign @ ('-' | '/' | '.')) => sign,
        Kind::Sign(_) | Kind::Digits | Kind::Letters => return Ok(None),
    };
    if !joined(sign) {
        return Ok(None);
    }
    let second = match rest.get(2) {
        None => return Err(typed.wrong_at_end(GO_ON_DATE)),
        Some(second) if second.kind == Kind::Digits => second,
        Some(_) => return Err(typed.wrong(head(rest, 3), GO_ON_DATE)),
    };
    let third = match rest.get(3..) {
        Some([sign, third, ..]) if is_sign(sign, separator) && joined(sign) => Some(third),
        Some([sign]) if is_sign(sign, separator) && joined(sign) => {
            return Err(typed.wrong_at_end(GO_ON_DATE));
        }
        _ => None,
    };
    let part = |token: &Token| match token.text.len() {
        1 | 2 => token.text.parse::<u8>().ok(),
        _ => None,
    };
    let year = |token: &Token| match token.text.len() {
        4 => token.text.parse::<i16>().ok(),
        _ => None,
    };
    let used = if third.is_some() { 5 } else { 3 };
    let about = head(rest, used);
    let no_such_day = || typed.wrong(about, NO_SUCH_DAY);
    let (a, b) = (part(first), part(second));
    let day = match (third, year(first)) {
        (Some(third), Some(year)) => {
            let day = part(third)
                .zip(b)
                .and_then(|(day, month)| CivilDay::dated(year, month, day));
            Day::On(vec![day.ok_or_else(no_such_day)?])
        }
        (Some(third), None) => {
            let words = "write the year with four digits";
            let year = year(third).ok_or_else(|| typed.wrong(about, words))?;
            let (a, b) = a.zip(b).ok_or_else(no_such_day)?;
            let dated = |(month, day)| CivilDay::dated(year, month, day);
            let mut days: Vec<CivilDay> = orders(separator, a, b)
                .into_iter()
                .filter_map(dated)
                .collect();
            days.dedup();
            if days.is_empty() {
                return Err(no_such_day());
            }
            Day::On(days)
        }
        (None, Some(_)) => return Err(typed.wrong_at_end(GO_ON_DATE)),
        (None, None) if separator == '.' => return Err(typed.wrong(about, GO_ON_DATE)),
        (None, None) => {
            let (a, b) = a.zip(b).ok_or_else(no_such_day)?;
            // A leap year has every day that any year has.
            let exists = |date: &(u8, u8)| CivilDay::dated(2000, date.0, date.1).is_some();
            let mut dates: Vec<(u8, u8)> =
                orders(separator, a, b).into_iter().filter(exists).collect();
            dates.dedup();
            if dates.is_empty() {
                return Err(no_such_day());
            }
            Day::Yearless(dates)
        }
    };
    Ok(Some((day, used)))
}

/// The months and days that two numbers may be, the likelier first. Dots are
/// used where the day comes first.
fn orders(separator: char, a: u8, b: u8) -> Vec<(u8, u8)> {
    match separator {
        '.' => vec![(b, a)],
        _ => vec![(a, b), (b, a)],
    }
}
