//! What is typed at the go-to prompt, and the times in it.
//!
//! Every form is read by its look alone: a seq, a part of the whole, a step from
//! the selection, a time, or something pasted. Nothing is asked of the service
//! here, and nothing typed is refused without naming what is possible.

mod number;
mod offset;
mod pasted;
mod step;
mod typed;
mod when;
mod words;

use super::ids::Seq;
use super::message::Timestamp;
use super::permalink::Target;
use super::time::Zone;
use super::wrong::Wrong;

pub use step::{Step, step};

use typed::Typed;

/// What a reading depends on.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// In which times are read and said, unless they carry an offset.
    pub zone: &'a Zone,
    /// The time it is; `None` where nobody knows.
    pub now: Option<Timestamp>,
    /// The message the cursor is on.
    pub selected: Option<Seq>,
    /// When that message was sent, if it has a usable time.
    pub selected_time: Option<Timestamp>,
    /// The newest seq, as far as known.
    pub head: Option<Seq>,
}

/// What tells a message from all others of its time, as client SDKs print it:
/// `144115198339527735-1607914832-2133922461` is sender, time and random.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageId {
    /// By the clock of the sender's device, which may be off.
    pub time: Timestamp,
    /// Its `MsgRandom`.
    pub random: u32,
}

impl MessageId {
    /// How far from its own time a message is looked for by its ID, in seconds: the time
    /// in the ID is the sender's clock.
    const AROUND: i64 = 600;

    /// From when on the message may have been sent.
    #[must_use]
    pub fn earliest(self) -> Timestamp {
        Timestamp::new(self.time.seconds() - Self::AROUND).unwrap_or(self.time)
    }

    /// Whether it is later than the message may have been sent.
    #[must_use]
    pub fn is_passed(self, time: Timestamp) -> bool {
        time.seconds() > self.time.seconds().saturating_add(Self::AROUND)
    }

    /// Whether a message of this `MsgRandom` and time is the one, as far as anybody knows when it was sent.
    #[must_use]
    pub fn is_of(self, random: Option<u32>, time: Option<Timestamp>) -> bool {
        let off = |time: Timestamp| time.seconds().abs_diff(self.time.seconds());
        let near = time.map(off);
        random == Some(self.random) && near.is_none_or(|off| off <= Self::AROUND.unsigned_abs())
    }

    /// That no such message was found.
    #[must_use]
    pub fn not_found(self) -> String {
        format!(
            "no MsgRandom {} within 10 min of the ID's time (the sender's clock)",
            self.random
        )
    }
}

/// Where to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// The oldest message that is still there.
    Start,
    /// The newest message.
    End,
    /// A seq of this conversation; above the head only where something pasted says so.
    Seq(Seq),
    /// The first message at or after this time.
    Time(Timestamp),
    /// A message near its time.
    Message(MessageId),
    /// What a permalink, an ID or a callback names: possibly this conversation,
    /// possibly one of another app.
    Elsewhere(Target),
}

/// How a text was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The first or only reading.
    pub destination: Destination,
    /// The same in words, for the line beside the prompt: printable, and short
    /// but for what was pasted.
    pub words: String,
    /// The other readings of an ambiguous text, each in words.
    pub others: Vec<(Destination, String)>,
}

impl Reading {
    fn new(destination: Destination, words: impl Into<String>) -> Self {
        Self {
            destination,
            words: words.into(),
            others: Vec::new(),
        }
    }
}

/// What can be typed, for an empty prompt.
pub const EXAMPLES: &str = "seq, time, date, -2h, 50%, start, end, permalink or message ID";

/// The same where a word of the user's stands before it.
const SHORT_EXAMPLES: &str = "seq, time, date, -2h, 50%, start, end";

/// Reads what is typed at the go-to prompt.
///
/// Total: any text has a reading or a remark. Case, spaces and full-width forms
/// do not matter.
///
/// # Errors
///
/// Where the text cannot be read, or not yet, and what would be possible.
pub fn read(text: &str, place: &Place<'_>) -> Result<Reading, Wrong> {
    let typed = Typed::new(text);
    if typed.tokens().is_empty() {
        return Err(typed.wrong_at_end(EXAMPLES));
    }
    if let Some(reading) = pasted::read(&typed, place) {
        return reading;
    }
    if let Some(time) = number::unix(&typed) {
        return time.map(|time| at_time(time, place.zone));
    }
    if let Some(reading) = number::percent(&typed, place) {
        return reading;
    }
    if let Some(reading) = offset::read(&typed, place) {
        return reading;
    }
    if let Some(reading) = number::seq(&typed, place) {
        return reading;
    }
    match (typed.only_word(), place.now) {
        (Some("start"), _) => {
            let words = "the oldest message that is still there";
            Ok(Reading::new(Destination::Start, words))
        }
        (Some("end"), _) => Ok(Reading::new(Destination::End, words::end(place.head))),
        (Some("now"), Some(now)) => Ok(at_time(now, place.zone)),
        (Some("now"), None) => Err(typed.wrong_all(when::NO_NOW)),
        (Some(word), _) if when::is_unknown(word) => Err(typed.unknown_first(SHORT_EXAMPLES)),
        _ => {
            when::read(&typed, place.zone, place.now).map(|found| when::reading(&found, place.zone))
        }
    }
}

/// Reads a time alone, as a filter takes one: a moment, a day (its 00:00), or a
/// time of day or weekday (the latest such moment not after `now`).
///
/// Gives back what [`super::time::full`] printed.
///
/// # Errors
///
/// Where the text is no such time, or two of them.
pub fn read_time(text: &str, zone: &Zone, now: Option<Timestamp>) -> Result<Timestamp, Wrong> {
    let typed = Typed::new(text);
    if typed.tokens().is_empty() {
        return Err(typed.wrong_at_end(when::EXAMPLES));
    }
    if let Some(time) = number::unix(&typed).or_else(|| number::unmarked_unix(&typed)) {
        return time;
    }
    if typed.only_word() == Some("now") {
        return now.ok_or_else(|| typed.wrong_all(when::NO_NOW));
    }
    let found = when::read(&typed, zone, now)?;
    found.only(&typed, zone)
}

fn at_time(time: Timestamp, zone: &Zone) -> Reading {
    Reading::new(Destination::Time(time), super::time::dated(time, zone))
}

/// Whether a text names a message by itself: a client's message ID, or JSON with
/// a `MsgSeq`.
#[must_use]
pub fn is_place(text: &str) -> bool {
    pasted::is_place(text)
}

#[cfg(test)]
mod tests;
