//! Who, when, and in what state: the part above the elements.

use super::sheet::Writer;
use super::subject::Shown;
use super::views::{laid, structured};
use super::words;
use crate::app::line::{Line, Role};
use crate::app::view::Gutter;
use crate::model::element::Body;
use crate::model::ids::UserId;
use crate::model::json::Repairs;
use crate::model::message::{ItemState, Message, Timestamp};
use crate::model::text::{self, Clean};
use crate::model::time;

/// The heading above content that came although the message is recalled or gone.
pub(super) const STILL: &str = "content the service still returned";

/// Everything that is not an element.
pub(super) fn header(writer: &mut Writer<'_>, shown: &Shown<'_>, body: &Body) {
    let message = shown.message;
    if writer.frame.is_low() {
        // When and who stand in the row above the elements.
        place(writer, message);
        numbers(writer, message);
    } else {
        envelope(writer, message);
    }
    let flags = flags(message);
    if !flags.is_empty() {
        writer.fact("flags", flags.join(", "));
    }
    if let Some(time) = shown.as_of {
        writer.field("as of", Role::Time, &moment(writer, time));
    }
    around(writer, body);
}

/// When and who in one row, for a low pane: the seq stands in the title.
pub(super) fn brief(writer: &mut Writer<'_>, message: &Message) {
    let mut line = Line::new();
    match message.time {
        Some(time) => line.push(Role::Time, moment(writer, time)),
        None => line.say(Role::Dim, "no time in the reply"),
    }
    line.say(Role::Text, "  ");
    match &message.sender {
        Some(user) => line.push(Role::Text, words::user(writer, user.as_str(), None)),
        None => line.say(Role::Dim, "no sender in the reply"),
    }
    writer.row(Gutter::Plain, line);
}

/// Seq, time, sender, priority and random; what is missing is said, not left out.
pub(super) fn envelope(writer: &mut Writer<'_>, message: &Message) {
    place(writer, message);
    match message.time {
        Some(time) => writer.field("time", Role::Time, &moment(writer, time)),
        None => writer.field("time", Role::Dim, &Clean::from("(not in the reply)")),
    }
    match &message.sender {
        Some(user) => {
            let name = words::user(writer, user.as_str(), None);
            writer.field("from", Role::Text, &name);
        }
        None => writer.field("from", Role::Dim, &Clean::from("(not in the reply)")),
    }
    numbers(writer, message);
}

fn place(writer: &mut Writer<'_>, message: &Message) {
    match message.seq {
        Some(seq) => writer.fact("seq", seq.to_string()),
        None => writer.field("seq", Role::Damaged, &Clean::from("(none)")),
    }
}

fn numbers(writer: &mut Writer<'_>, message: &Message) {
    match message.priority {
        Some(number) => writer.fact("priority", words::priority(number)),
        None => writer.field("priority", Role::Dim, &Clean::from("(not in the reply)")),
    }
    match message.random {
        Some(number) => writer.fact("random", number.to_string()),
        None => writer.field("random", Role::Dim, &Clean::from("(not in the reply)")),
    }
}

/// CloudCustomData, and fields that no page documents.
pub(super) fn around(writer: &mut Writer<'_>, body: &Body) {
    if let Some(custom) = &body.cloud_custom_data {
        text_or_json(writer, "CloudCustomData", custom);
    }
    for (name, json) in &body.extra {
        let name = text::clean(name).one_line();
        let (lines, _) = laid(json.bytes());
        writer.json_field(name.as_str(), &lines);
    }
}

/// A string of an app: indented where it is JSON, else as text.
pub(super) fn text_or_json(writer: &mut Writer<'_>, label: &str, value: &str) {
    match structured(value) {
        None => writer.given(label, Some(value)),
        Some(lines) => {
            writer.fact(label, format!("JSON, {}", words::bytes(value.len() as u64)));
            writer.indented(|w| w.lines(&lines));
        }
    }
}

pub(super) fn moment(writer: &Writer<'_>, time: Timestamp) -> Clean {
    Clean::ours(time::full(time, writer.frame.zone))
}

fn flags(message: &Message) -> Vec<&'static str> {
    let mut flags = Vec::new();
    if message.system {
        flags.push("system");
    }
    match &message.state {
        ItemState::Present => {}
        ItemState::Gone => flags.push("placeholder (IsPlaceMsg 1)"),
        ItemState::Recalled => flags.push("recalled (IsPlaceMsg 2)"),
        ItemState::Unreadable(_) => flags.push("unreadable"),
    }
    if message.repaired {
        flags.push("repaired");
    }
    flags
}

/// What is known and what is not of a message that is not simply there.
pub(super) fn condition(writer: &mut Writer<'_>, message: &Message, mended: &Repairs) {
    let known = known(message);
    match &message.state {
        ItemState::Present => {}
        ItemState::Gone => {
            writer.blank();
            writer.say(
                Role::Gone,
                "Deleted, expired or never stored: the service does not say which.",
            );
            writer.say(
                Role::Dim,
                format!("Known: {known}. Not known: what it said, and when it went."),
            );
        }
        ItemState::Recalled => {
            writer.blank();
            writer.say(
                Role::Recalled,
                "Recalled: the service does not say who recalled it or why.",
            );
            writer.say(
                Role::Dim,
                format!("Known: {known}. Not known: when it was recalled."),
            );
        }
        ItemState::Unreadable(reason) => {
            writer.blank();
            let mut words = Clean::from("Cannot be read: ");
            words.push(&text::clean(reason));
            writer.prose(Role::Damaged, &words);
            writer.say(Role::Dim, format!("Known: {known}. Its bytes are below."));
        }
    }
    if let Some(words) = repairs(message, mended) {
        writer.blank();
        writer.say(Role::Damaged, words);
    }
}

/// What had to be mended before the message could be read, and what that cost.
fn repairs(message: &Message, mended: &Repairs) -> Option<String> {
    let causes = [
        (mended.utf8, "place not UTF-8", "places not UTF-8"),
        (
            mended.surrogates,
            "half of a surrogate pair",
            "halves of surrogate pairs",
        ),
        (
            mended.control,
            "raw control character",
            "raw control characters",
        ),
    ];
    let causes: Vec<String> = causes
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }))
        .collect();
    let lost = if mended.lost() > 0 {
        " U+FFFD stands for what is lost."
    } else {
        " Nothing is lost."
    };
    match causes.as_slice() {
        [] if message.repaired => Some("Repaired before it could be read.".to_owned()),
        [] => None,
        causes => Some(format!(
            "Repaired before it could be read: {}.{lost}",
            causes.join(", ")
        )),
    }
}

fn known(message: &Message) -> String {
    let facts = [
        message.seq.map(|_| "the seq"),
        message.sender.as_ref().map(|_: &UserId| "who sent it"),
        message.time.map(|_| "when it was sent"),
    ];
    let facts: Vec<&str> = facts.into_iter().flatten().collect();
    if facts.is_empty() {
        "nothing".to_owned()
    } else {
        facts.join(", ")
    }
}
