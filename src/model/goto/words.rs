//! How readings are said.

use crate::model::ids::Seq;
use crate::model::text::clean;

/// `1,233`.
pub(super) fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        // A comma stands before every three digits that are left.
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

pub(super) fn end(head: Option<Seq>) -> String {
    match head {
        Some(head) => format!("the newest message, seq {}", grouped(head.get())),
        None => "the newest message".to_owned(),
    }
}

/// Something foreign, printable and at most `width` cells wide.
pub(super) fn quoted(text: &str, width: usize) -> String {
    clean(text).truncate(width).as_str().to_owned()
}
