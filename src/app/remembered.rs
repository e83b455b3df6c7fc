//! What is remembered of conversations between sessions: where the reader stood
//! and what they marked. Numbers, IDs and what the reader typed; never message
//! text.
//!
//! It is read from a file that anything may have written, so every value is
//! brought into bounds when it comes in; and the bounds are such that all of it
//! fits the file.

pub(in crate::app) mod lenient;
mod merge;

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use self::lenient::{entries, or_default};
use self::merge::Session;
use crate::model::ids::{Conversation, GroupId, Seq, TopicId};
use crate::model::message::Timestamp;

/// Conversations without a mark: enough for weeks of work.
pub const PLACES: usize = 200;
/// Conversations with marks, which no age drops.
pub const MARKED_PLACES: usize = 2_000;
/// Marks of all conversations together.
pub const MARKS: usize = 5_000;
/// Characters of a note: a sentence or two.
pub const NOTE: usize = 200;
/// Bytes of an ID; the longest of the service has 96 (api-facts 6).
const ID: usize = 256;
/// Bytes of a filter: as many as the prompt takes.
const FILTER: usize = 1_024;

/// What is remembered of one conversation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Remembered {
    /// The group, as it came.
    pub group: String,
    /// The topic, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// The selected message; `None` stands for the newest end.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "number")]
    pub seq: Option<u32>,
    /// The filter line as it was typed.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "or_default"
    )]
    pub filter: Option<String>,
    /// Whether the head was followed.
    #[serde(skip_serializing_if = "is_false", deserialize_with = "or_default")]
    pub follow: bool,
    /// The newest seq that was known when the last visit ended.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "number")]
    pub last_head: Option<u32>,
    /// When the last visit ended, in Unix seconds by the clock of this machine.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "or_default"
    )]
    pub last_time: Option<i64>,
    /// By seq, each once.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "entries")]
    pub marks: Vec<Mark>,
}

/// One marked message.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Mark {
    /// Which; 0 where a file said something that is no seq, which [`Places`]
    /// leave out.
    #[serde(deserialize_with = "number_or_zero")]
    pub seq: u32,
    /// What the reader wrote about it, in one line; empty without a note.
    #[serde(
        skip_serializing_if = "String::is_empty",
        deserialize_with = "or_default"
    )]
    pub note: String,
    /// When it was set, in Unix seconds by the clock of this machine.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "or_default"
    )]
    pub set: Option<i64>,
}

/// How a visit to a conversation ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parting<'a> {
    /// The selected message; `None` at the newest end.
    pub seq: Option<Seq>,
    /// The filter line in force, as it was typed.
    pub filter: Option<&'a str>,
    /// Whether the head was followed.
    pub follow: bool,
    /// The newest seq known.
    pub head: Option<Seq>,
    /// Now.
    pub time: Option<Timestamp>,
}

/// What became of a wish to mark a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marked {
    /// It has a mark now.
    Set,
    /// Its mark is gone.
    Removed,
    /// There are [`MARKS`] marks, or [`MARKED_PLACES`] conversations with some:
    /// nothing was changed.
    Full,
}

/// The conversations that are remembered, the one visited last first.
#[derive(Debug, Clone, Default)]
pub struct Places {
    list: Vec<Remembered>,
    session: Session,
}

/// Equal are those that remember the same, whoever put it there.
impl PartialEq for Places {
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list
    }
}

impl Eq for Places {}

impl Places {
    /// Takes what a file said, in bounds: what cannot be is left out, what is
    /// said twice is put together, what is too much goes from the old end.
    #[must_use]
    pub fn of(said: Vec<Remembered>) -> Self {
        let mut places: Vec<Remembered> = Vec::new();
        let mut known = BTreeMap::new();
        for one in said.into_iter().filter_map(tidy) {
            let at = *known.entry(one.conversation()).or_insert(places.len());
            match places.get_mut(at) {
                Some(known) => known.marks.extend(one.marks),
                None => places.push(one),
            }
        }
        let mut left = MARKS;
        for place in &mut places {
            sort(&mut place.marks);
            place.marks.truncate(left);
            left -= place.marks.len();
        }
        let mut places = Self {
            list: places,
            session: Session::new(),
        };
        places.trim();
        places
    }

    /// What is remembered of a conversation, if anything is.
    #[must_use]
    pub fn find(&self, conversation: &Conversation) -> Option<&Remembered> {
        self.list.iter().find(|place| place.is_of(conversation))
    }

    /// All of them, the one visited last first.
    pub fn iter(&self) -> impl Iterator<Item = &Remembered> {
        self.list.iter()
    }

    /// Whether nothing is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Makes a conversation the one visited last.
    pub fn touch(&mut self, conversation: &Conversation) {
        self.session.entry(conversation.clone()).or_default();
        let place = match self.list.iter().position(|p| p.is_of(conversation)) {
            Some(0) => return,
            Some(at) => self.list.remove(at),
            None => Remembered::new(conversation),
        };
        self.list.insert(0, place);
        self.trim();
    }

    /// Remembers where a visit ended; its conversation becomes the one visited last.
    pub fn part(&mut self, conversation: &Conversation, parting: Parting<'_>) {
        self.touch(conversation);
        if let Some(place) = self.list.first_mut() {
            place.seq = parting.seq.map(Seq::get);
            place.filter = parting.filter.and_then(tidy_filter);
            place.follow = parting.follow;
            // A visit that learned neither has not ended anything.
            place.last_head = parting.head.map(Seq::get).or(place.last_head);
            place.last_time = parting.time.map(Timestamp::seconds).or(place.last_time);
        }
    }

    /// The marks of a conversation by seq.
    #[must_use]
    pub fn marks(&self, conversation: &Conversation) -> &[Mark] {
        self.find(conversation)
            .map_or(&[], |place| place.marks.as_slice())
    }

    /// The mark of a message, if it has one.
    #[must_use]
    pub fn mark_of(&self, conversation: &Conversation, seq: Seq) -> Option<&Mark> {
        self.marks(conversation).iter().find(|m| m.seq == seq.get())
    }

    /// Marks a message, or puts this mark in place of the one it has.
    pub fn mark(&mut self, conversation: &Conversation, mark: Mark) -> Marked {
        let marks = self.marks(conversation);
        if !marks.iter().any(|m| m.seq == mark.seq) && self.is_full_for(conversation) {
            return Marked::Full;
        }
        self.touch(conversation);
        self.claim(conversation, mark.seq);
        if let Some(place) = self.list.first_mut() {
            place.marks.retain(|m| m.seq != mark.seq);
            let at = place.marks.partition_point(|m| m.seq < mark.seq);
            place.marks.insert(at, mark);
        }
        Marked::Set
    }

    /// Takes the mark off a message; `false` where it had none.
    pub fn unmark(&mut self, conversation: &Conversation, seq: Seq) -> bool {
        let Some(place) = self.list.iter_mut().find(|p| p.is_of(conversation)) else {
            return false;
        };
        let before = place.marks.len();
        place.marks.retain(|m| m.seq != seq.get());
        let removed = before != place.marks.len();
        if removed {
            self.claim(conversation, seq.get());
        }
        removed
    }

    /// Whether there is a mark here is for this session to say from now on.
    fn claim(&mut self, conversation: &Conversation, seq: u32) {
        let said = self.session.entry(conversation.clone()).or_default();
        said.insert(seq);
    }

    /// Marks a message that has no mark, and takes the mark off one that has.
    pub fn toggle_mark(&mut self, conversation: &Conversation, mark: Mark) -> Marked {
        if mark.seq().is_some_and(|seq| self.unmark(conversation, seq)) {
            Marked::Removed
        } else {
            self.mark(conversation, mark)
        }
    }

    fn is_full_for(&self, conversation: &Conversation) -> bool {
        let marked = || self.list.iter().filter(|place| !place.marks.is_empty());
        let marks: usize = marked().map(|place| place.marks.len()).sum();
        let new = self.marks(conversation).is_empty();
        marks >= MARKS || (new && marked().count() >= MARKED_PLACES)
    }

    /// Forgets the oldest of what is too much.
    fn trim(&mut self) {
        let (mut plain, mut marked) = (0, 0);
        self.list.retain(|place| {
            let (count, most) = if place.marks.is_empty() {
                (&mut plain, PLACES)
            } else {
                (&mut marked, MARKED_PLACES)
            };
            *count += 1;
            *count <= most
        });
    }
}

impl<'de> Deserialize<'de> for Places {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        entries(from).map(Self::of)
    }
}

impl Serialize for Places {
    fn serialize<S: Serializer>(&self, into: S) -> Result<S::Ok, S::Error> {
        self.list.serialize(into)
    }
}

impl Remembered {
    fn new(conversation: &Conversation) -> Self {
        Self {
            group: conversation.group.as_str().to_owned(),
            topic: conversation.topic.as_ref().map(|t| t.as_str().to_owned()),
            ..Self::default()
        }
    }

    /// Which conversation it is.
    #[must_use]
    pub fn conversation(&self) -> Conversation {
        Conversation {
            group: GroupId::new(self.group.as_str()),
            topic: self.topic.as_deref().map(TopicId::new),
        }
    }

    fn is_of(&self, conversation: &Conversation) -> bool {
        self.group == conversation.group.as_str()
            && self.topic.as_deref() == conversation.topic.as_ref().map(TopicId::as_str)
    }
}

impl Mark {
    /// A mark set now. Of the note one line of at most [`NOTE`] characters is kept.
    #[must_use]
    pub fn new(seq: Seq, note: &str, now: Option<Timestamp>) -> Self {
        Self {
            seq: seq.get(),
            note: tidy_note(note),
            set: now.map(Timestamp::seconds),
        }
    }

    /// Which message it is on.
    #[must_use]
    pub fn seq(&self) -> Option<Seq> {
        Seq::new(self.seq)
    }
}

/// What a file said of one conversation, in bounds; `None` where it names none.
fn tidy(said: Remembered) -> Option<Remembered> {
    let topic = said.topic.filter(|topic| !topic.is_empty());
    let ids = [Some(&said.group), topic.as_ref()];
    let too_long = ids.into_iter().flatten().any(|id| id.len() > ID);
    if said.group.is_empty() || too_long {
        return None;
    }
    let marks = said.marks.into_iter().filter(|mark| mark.seq != 0);
    Some(Remembered {
        group: said.group,
        topic,
        seq: said.seq.filter(|seq| *seq != 0),
        filter: said.filter.as_deref().and_then(tidy_filter),
        follow: said.follow,
        last_head: said.last_head.filter(|head| *head != 0),
        last_time: said.last_time.filter(|time| *time > 0),
        marks: marks
            .map(|mark| Mark {
                note: tidy_note(&mark.note),
                set: mark.set.filter(|time| *time > 0),
                ..mark
            })
            .collect(),
    })
}

/// One filter line. A part of it would mean something else, so one that is too
/// long is none.
fn tidy_filter(filter: &str) -> Option<String> {
    let line = one_line(filter);
    (!line.is_empty() && line.len() <= FILTER).then_some(line)
}

fn tidy_note(note: &str) -> String {
    let cut: String = one_line(note).chars().take(NOTE).collect();
    cut.trim_end().to_owned()
}

/// Without control characters; what separated words still does.
fn one_line(text: &str) -> String {
    let spaced = text.chars();
    let spaced = spaced.map(|c| if c.is_whitespace() { ' ' } else { c });
    let line: String = spaced.filter(|c| !c.is_control()).collect();
    line.trim().to_owned()
}

/// By seq, of two marks on one message the one that says more.
fn sort(marks: &mut Vec<Mark>) {
    marks.sort_by_key(|mark| (mark.seq, mark.note.is_empty()));
    marks.dedup_by_key(|mark| mark.seq);
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the form that serde wants"
)]
fn is_false(flag: &bool) -> bool {
    !*flag
}

/// A number of 32 bits; all else is as good as none.
fn number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u32>, D::Error> {
    let said = serde_json::Value::deserialize(from)?;
    Ok(said.as_u64().and_then(|number| u32::try_from(number).ok()))
}

fn number_or_zero<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    number(from).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests;
