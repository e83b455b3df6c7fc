//! What is rather pasted than typed: permalinks, IDs and callbacks.

use std::fmt::Write as _;

use super::typed::{Kind, Typed};
use super::words::quoted;
use super::{Destination, MessageId, Place, Reading};
use crate::model::ids::{Conversation, GroupId, Seq, TopicId};
use crate::model::json;
use crate::model::message::Timestamp;
use crate::model::permalink::{self, SCHEME, Target};
use crate::model::text::grouped;
use crate::model::time;
use crate::model::wrong::Wrong;

const THREE_PARTS: &str = "a message ID has three parts: SENDER-TIME-RANDOM";

/// `None` for what looks like none of them.
pub(super) fn read(typed: &Typed<'_>, place: &Place<'_>) -> Option<Result<Reading, Wrong>> {
    let text = typed.original();
    if text.starts_with('{') {
        return Some(callback(text).map_err(|why| typed.wrong_all(why)));
    }
    if permalink::is_plain(text) {
        let read = permalink::read(text).map_err(|why| typed.wrong_all(why));
        return Some(read.map(elsewhere));
    }
    let begins = |whole: &str| {
        let start = whole.get(..text.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(text))
    };
    if typed.tokens().len() > 1 && begins(SCHEME) {
        return Some(Err(typed.wrong_at_end("go on: SDKAPPID/GROUP[/TOPIC]/SEQ")));
    }
    if text.starts_with("http://") || text.starts_with("https://") {
        return Some(Err(typed.wrong_all("a web address is no permalink")));
    }
    message_id(typed, place)
}

fn elsewhere(target: Target) -> Reading {
    let words = told(&target);
    Reading::new(Destination::Elsewhere(target), words)
}

fn told(target: &Target) -> String {
    // What a system ID needs; a longer one is known by its beginning.
    const ID: usize = 24;
    let mut words = match target.seq {
        Some(seq) => format!("seq {} in ", grouped(seq.get())),
        None => String::new(),
    };
    words.push_str(&quoted(target.conversation.id(), ID));
    if let Some(app) = target.app {
        // Writing to a string cannot fail.
        let _ = write!(words, ", app {app}");
    }
    words
}

/// `SENDER-TIME-RANDOM`, all numbers; a date has no number as long as a sender's.
fn message_id(typed: &Typed<'_>, place: &Place<'_>) -> Option<Result<Reading, Wrong>> {
    // Senders have 18 digits; a date and time without signs has 14 at most.
    const SENDER: usize = 15;
    // Seconds have had as many digits since 1973.
    const TIME: usize = 9;
    let [sender, dash, rest @ ..] = typed.tokens() else {
        return None;
    };
    if sender.kind != Kind::Digits || dash.kind != Kind::Sign('-') {
        return None;
    }
    let timed = rest.first().is_some_and(|time| time.text.len() >= TIME);
    if sender.text.len() < SENDER && !timed {
        return None;
    }
    let [time, dash, random] = rest else {
        return Some(Err(typed.wrong_at_end(THREE_PARTS)));
    };
    if dash.kind != Kind::Sign('-') {
        return Some(Err(typed.wrong_all(THREE_PARTS)));
    }
    let about = std::slice::from_ref;
    let sent = time.text.parse().ok().and_then(Timestamp::new);
    let Some(sent) = sent.filter(|_| timed) else {
        let words = "the message ID's second part is no time";
        return Some(Err(typed.wrong(about(time), words)));
    };
    let Ok(random) = random.text.parse() else {
        let words = "the message ID's third part is no MsgRandom";
        return Some(Err(typed.wrong(about(random), words)));
    };
    let words = format!("random {random} near {}", time::dated(sent, place.zone));
    let id = MessageId { time: sent, random };
    Some(Ok(Reading::new(Destination::Message(id), words)))
}

/// A callback's body, or the raw JSON of a message; what was cut off does not matter.
fn callback(text: &str) -> Result<Reading, &'static str> {
    let raw = text.as_bytes();
    let seq = match json::salvage(raw, "MsgSeq") {
        Some(seq) => number(seq),
        None => listed(text),
    };
    let seq = seq.ok_or("there is no MsgSeq in this JSON")?;
    let seq = Seq::new(seq).ok_or("the MsgSeq in this JSON is 0")?;
    let id = |key| json::salvage(raw, key).and_then(string);
    let Some(group) = id("GroupId") else {
        let words = format!("seq {}, from the JSON", grouped(seq.get()));
        return Ok(Reading::new(Destination::Seq(seq), words));
    };
    Ok(elsewhere(Target {
        app: None,
        conversation: Conversation {
            group: GroupId::new(group),
            topic: id("TopicId").map(TopicId::new),
        },
        seq: Some(seq),
    }))
}

/// The first of a `MsgSeqList`, which the callback after a recall has.
fn listed(text: &str) -> Option<u32> {
    let all: serde_json::Value = serde_json::from_str(text).ok()?;
    let seq = all.get("MsgSeqList")?.get(0)?.get("MsgSeq")?;
    number(seq.to_string().as_bytes())
}

/// A number, or one in quotes (api-facts 7).
fn number(raw: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(raw).ok()?;
    text.trim_matches('"').trim().parse().ok()
}

fn string(raw: &[u8]) -> Option<String> {
    let text: String = serde_json::from_slice(raw).ok()?;
    Some(text).filter(|text| !text.is_empty())
}

/// Whether a text names a message by itself: a message ID, or JSON with a `MsgSeq`.
pub(super) fn is_place(text: &str) -> bool {
    let text = text.trim();
    if text.starts_with('{') {
        return json::salvage(text.as_bytes(), "MsgSeq").is_some();
    }
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    // No date has a part as long as a time in seconds.
    parts.len() == 3 && parts.iter().all(digits) && parts.get(1).is_some_and(|time| time.len() >= 9)
}
