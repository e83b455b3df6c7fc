//! Numbers, sizes and lengths in the form people read.

use std::fmt::{Display, Write as _};

use compact_str::CompactString;

/// A number with its thousands apart: `58,530`.
#[must_use]
pub fn grouped(number: impl Display) -> CompactString {
    let mut digits = CompactString::default();
    // A number never fails to be written.
    let _ = write!(digits, "{number}");
    let mut text = CompactString::default();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A size in decimal units with one digit after the point: `999 B`, `12.5 kB`, `1.8 MB`.
#[must_use]
pub fn size(bytes: u64) -> String {
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let bytes = u128::from(bytes);
    let mut unit = 1000_u128;
    let mut names = ["kB", "MB", "GB", "TB", "PB"].into_iter();
    let mut name = names.next().unwrap_or_default();
    loop {
        let tenths = (bytes * 10 + unit / 2) / unit;
        match names.next() {
            // 999,950 B is 1.0 MB: never four digits before the point.
            Some(larger) if tenths >= 10_000 => {
                unit *= 1000;
                name = larger;
            }
            _ => return format!("{}.{} {name}", tenths / 10, tenths % 10),
        }
    }
}

/// A length of a sound or film in seconds: `0:07`, `1:05`, `1:00:00`.
#[must_use]
pub fn duration_s(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours == 0 {
        format!("{minutes}:{seconds:02}")
    } else {
        format!("{hours}:{minutes:02}:{seconds:02}")
    }
}

/// A stretch of time in its two largest units: `9 s`, `4 min 5 s`, `2 h`, `3 days 4 h`.
#[must_use]
pub fn span_s(seconds: u64) -> String {
    const UNITS: [(u64, &str, &str); 4] = [
        (86_400, "day", "days"),
        (3600, "h", "h"),
        (60, "min", "min"),
        (1, "s", "s"),
    ];
    let mut left = seconds;
    let parts = UNITS.iter().map(|(unit, one, many)| {
        let n = left / unit;
        left %= unit;
        (n, if n == 1 { *one } else { *many })
    });
    // The unit below the largest is said too, unless it is none.
    let parts = parts.skip_while(|(n, _)| *n == 0).take(2);
    let said: Vec<String> = parts
        .filter(|(n, _)| *n > 0)
        .map(|(n, name)| format!("{n} {name}"))
        .collect();
    if said.is_empty() {
        return "0 s".to_owned();
    }
    said.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(grouped(58_530), "58,530");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000_000_u64), "1,000,000");
    }

    #[test]
    fn sizes_have_at_most_three_digits_before_the_point() {
        assert_eq!(size(0), "0 B");
        assert_eq!(size(999), "999 B");
        assert_eq!(size(1000), "1.0 kB");
        assert_eq!(size(12_535), "12.5 kB");
        assert_eq!(size(999_949), "999.9 kB");
        assert_eq!(size(999_950), "1.0 MB");
        assert_eq!(size(1_800_000), "1.8 MB");
        assert_eq!(size(u64::MAX), "18446.7 PB");
    }

    #[test]
    fn spans_are_said_in_two_units_at_most() {
        assert_eq!(span_s(0), "0 s");
        assert_eq!(span_s(59), "59 s");
        assert_eq!(span_s(245), "4 min 5 s");
        assert_eq!(span_s(7200), "2 h");
        assert_eq!(span_s(7259), "2 h");
        assert_eq!(span_s(86_400 + 3600), "1 day 1 h");
    }

    #[test]
    fn durations_read_like_a_clock() {
        assert_eq!(duration_s(0), "0:00");
        assert_eq!(duration_s(65), "1:05");
        assert_eq!(duration_s(3600), "1:00:00");
        assert_eq!(duration_s(u64::MAX), "5124095576030431:00:15");
    }
}
