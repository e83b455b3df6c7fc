//! How readings are said.

use crate::model::ids::Seq;
use crate::model::text::{clean, grouped};

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
