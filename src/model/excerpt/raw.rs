//! The service's own JSON, and its bytes.

use std::fmt::Write as _;

use super::{Entry, Excerpt, numbers};
use crate::model::copyable::Copyable;
use crate::model::hex;
use crate::model::message::Message;
use crate::model::text::Clean;

/// Bytes in a row of a dump: fits 80 columns.
const PER_ROW: usize = 16;

/// The JSON as it came: of one message as it is, of several one in a line each,
/// with a line of ours for seqs that have none.
#[must_use]
pub fn json(excerpt: &Excerpt<'_>) -> Copyable {
    if let Some(said) = excerpt.only() {
        return Copyable::json(said.message.raw.bytes());
    }
    let lines = excerpt.entries.iter().map(|entry| match entry {
        Entry::Said(said) => one_line(said.message),
        Entry::Stray(message) => one_line(message),
        Entry::Hole(hole) => Copyable::json(
            format!(
                r#"{{"tim_history":{{"seqs":"{}","state":"{}"}}}}"#,
                numbers(hole.first, hole.last),
                hole.lack.name()
            )
            .as_bytes(),
        ),
    });
    Copyable::lines(lines)
}

/// A line break can only stand between tokens; a space means the same there.
fn one_line(message: &Message) -> Copyable {
    let text = Copyable::json(message.raw.bytes());
    Copyable::json(text.as_str().replace('\n', " ").as_bytes())
}

/// The bytes of the JSON as a dump, each message under its seq.
#[must_use]
pub fn hex(excerpt: &Excerpt<'_>) -> Copyable {
    let mut out = String::new();
    for entry in &excerpt.entries {
        match entry {
            Entry::Said(said) => dump(&format!("seq {}", said.seq), said.message, &mut out),
            Entry::Stray(message) => dump("an item without a seq", message, &mut out),
            Entry::Hole(hole) => {
                let numbers = numbers(hole.first, hole.last);
                // Writing to a string cannot fail.
                let _ = writeln!(out, "seq {numbers}: {}", hole.words());
            }
        }
    }
    let mut text = Copyable::default();
    // A dump may be longer than what the sanitiser takes at once.
    for line in out.trim_end().split_inclusive('\n') {
        text.push(&Clean::ours(line).into());
    }
    text
}

fn dump(what: &str, message: &Message, out: &mut String) {
    let bytes = message.raw.bytes();
    let _ = writeln!(out, "{what}: {} bytes of JSON as they came", bytes.len());
    for row in hex::rows(bytes, PER_ROW) {
        let _ = writeln!(out, "{}  {}  {}", row.offset(), row.hex(), row.ascii());
    }
}
