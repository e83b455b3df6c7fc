//! The service's numbers and names in words.

use crate::model::ids::UserId;
use crate::model::text::{self, Clean, grouped};

use super::sheet::Writer;

/// `MsgPriority` in words (api-facts 1.2).
pub(super) fn priority(number: i64) -> String {
    match number {
        1 => "High (1)".to_owned(),
        2 => "Normal (2)".to_owned(),
        3 => "Low (3)".to_owned(),
        4 => "Lowest (4)".to_owned(),
        other => other.to_string(),
    }
}

/// `ImageFormat` in words (api-facts 5).
pub(super) fn image_format(number: i64) -> String {
    match number {
        1 => "JPG (1)".to_owned(),
        2 => "GIF (2)".to_owned(),
        3 => "PNG (3)".to_owned(),
        4 => "BMP (4)".to_owned(),
        255 => "other (255)".to_owned(),
        unknown => unknown.to_string(),
    }
}

/// `Type` of one size of an image (api-facts 5).
pub(super) fn image_size(number: Option<i64>) -> String {
    match number {
        Some(1) => "original".to_owned(),
        Some(2) => "large".to_owned(),
        Some(3) => "thumbnail".to_owned(),
        Some(other) => format!("size of type {other}"),
        None => "size without a type".to_owned(),
    }
}

/// `OpType` of a system message (api-facts 1.3).
pub(super) fn operation(number: i64) -> String {
    let words = match number {
        1 => "joined",
        2 => "left",
        3 => "removed",
        4 => "made administrator",
        5 => "no longer administrator",
        6 => "group profile changed",
        7 => "member profile changed",
        _ => return format!("{number} (without documentation)"),
    };
    format!("{words} ({number})")
}

/// A count of bytes: the nearest readable size and the exact number.
pub(super) fn bytes(count: u64) -> String {
    let size = text::size(count);
    // Below this the size is the exact number already.
    if count < 1000 {
        size
    } else {
        format!("{size} ({} B)", grouped(count))
    }
}

/// `one` of them, or so many with an s.
pub(super) fn count(number: usize, one: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{} {one}{s}", grouped(number as u64))
}

/// A length of time in seconds, and roughly in the unit people would use.
pub(super) fn seconds(number: u64) -> String {
    let (value, unit) = match number {
        0..=119 => return format!("{number} s"),
        120..=7199 => (number / 60, "min"),
        7200..=172_799 => (number / 3600, "h"),
        172_800.. => (number / 86_400, "days"),
    };
    format!("{number} s (about {value} {unit})")
}

/// A user: name and ID, or the ID alone.
pub(super) fn user(writer: &Writer<'_>, id: &str, nick: Option<&str>) -> Clean {
    let known = nick
        .filter(|n| !n.is_empty())
        .map(text::clean)
        .or_else(|| writer.name_of(&UserId::new(id)));
    let id = if id.is_empty() {
        Clean::from("(no ID)")
    } else {
        text::clean(id).one_line()
    };
    match known {
        Some(name) => {
            let mut both = name.one_line();
            both.push_ours(" (");
            both.push(&id);
            both.push_ours(")");
            both
        }
        None => id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_bytes_keep_their_exact_number() {
        assert_eq!(bytes(0), "0 B");
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(1_853_095), "1.9 MB (1,853,095 B)");
    }

    #[test]
    fn a_number_without_a_word_is_shown_as_it_is() {
        assert_eq!(priority(9), "9");
        assert_eq!(image_format(7), "7");
        assert!(operation(99).contains("99"));
    }

    #[test]
    fn durations_say_both() {
        assert_eq!(seconds(600), "600 s (about 10 min)");
        assert_eq!(seconds(5), "5 s");
    }
}
