//! A stretch of a conversation as somebody takes it along, and the forms it leaves in.
//!
//! Every seq of the stretch is in exactly one entry, in seq order: what cannot be
//! shown is stated, never skipped. Half a transcript is worse than none.

mod escape;
mod ids;
#[cfg(test)]
mod laws;
mod mask;
mod raw;
mod text;
mod ticket;

use std::fmt::Write as _;

use super::ids::{Conversation, SdkAppId, Seq, UserId};
use super::message::{Message, Timestamp};
use super::text::Clean;
use super::time::Zone;
use super::timeline::SeqState;

pub use escape::Style;
pub use ids::{ids, urls};
pub use raw::{hex, json};
pub use text::{page, text};
pub use ticket::ticket;

/// A stretch of a conversation, all of it accounted for.
#[derive(Debug, Clone)]
pub struct Excerpt<'a> {
    /// The app it is of.
    pub app: SdkAppId,
    /// What the profile is called.
    pub profile: Clean,
    /// The group or topic it is of.
    pub conversation: &'a Conversation,
    /// What that is called.
    pub name: Clean,
    /// For all times.
    pub zone: &'a Zone,
    /// Others that were heard of here, by each of their names: a text may name them.
    pub people: Vec<(UserId, Option<Clean>)>,
    /// The filter that hides some of it, as it was typed.
    pub filter: Option<Clean>,
    /// In seq order, without a gap; one at least.
    pub entries: Vec<Entry<'a>>,
}

/// What there is at a seq, or at a run of them.
#[derive(Debug, Clone)]
pub enum Entry<'a> {
    /// A message, readable or not.
    Said(Said<'a>),
    /// An item without a seq, which came right behind the entry before.
    Stray(&'a Message),
    /// Seqs of which there is nothing to show.
    Hole(Hole),
}

/// One message.
#[derive(Debug, Clone)]
pub struct Said<'a> {
    /// Its seq.
    pub seq: Seq,
    /// Present or unreadable.
    pub message: &'a Message,
    /// What its sender is called, if not by ID.
    pub name: Option<Clean>,
    /// The reader's mark, with its note, which may be empty.
    pub mark: Option<Clean>,
    /// The service says something else than when it was first asked.
    pub changed: bool,
    /// When the service last said so.
    pub as_of: Option<Timestamp>,
}

/// Neighbouring seqs that lack their message for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hole {
    /// The smallest.
    pub first: Seq,
    /// The largest.
    pub last: Seq,
    /// The reason.
    pub lack: Lack,
    /// When the first of them was sent, if that is known.
    pub time: Option<Timestamp>,
    /// The reader's marks in it.
    pub marks: Vec<(Seq, Clean)>,
    /// Of a single seq: the service says something else than when it was first asked.
    pub changed: bool,
    /// When the service last said so; of several answers the oldest.
    pub as_of: Option<Timestamp>,
}

/// Why a message is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// Deleted, expired or never stored.
    Gone,
    /// Recalled.
    Recalled,
    /// The service answered for it and left it out.
    Withheld,
    /// Not asked for yet.
    Unfetched,
    /// It is there, and the reader's filter hides it.
    Hidden,
}

impl Lack {
    /// The reason in one word, for programs.
    const fn name(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Recalled => "recalled",
            Self::Withheld => "withheld",
            Self::Unfetched => "not loaded",
            Self::Hidden => "hidden",
        }
    }

    /// The reason in words, behind a number or alone.
    const fn words(self) -> &'static str {
        match self {
            Self::Gone => "gone (deleted, expired or never stored)",
            Self::Recalled => "recalled",
            Self::Withheld => "withheld by the service",
            Self::Unfetched => "not loaded",
            Self::Hidden => "hidden by the filter",
        }
    }
}

impl Hole {
    /// How many seqs.
    const fn len(&self) -> u32 {
        self.last.get() - self.first.get() + 1
    }

    /// `recalled`, `8 not loaded`, `recalled, changed since first seen`.
    fn words(&self) -> String {
        let count = if self.len() == 1 {
            String::new()
        } else {
            format!("{} ", self.len())
        };
        let changed = if self.changed { CHANGED } else { "" };
        format!("{count}{}{changed}", self.lack.words())
    }
}

/// What is said of a seq whose answer is not the first one.
const CHANGED: &str = ", changed since first seen";

/// How many seqs are what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Tally {
    messages: u32,
    unreadable: u32,
    recalled: u32,
    gone: u32,
    withheld: u32,
    unfetched: u32,
    hidden: u32,
    strays: u32,
}

impl Tally {
    fn of(entries: &[Entry<'_>]) -> Self {
        let mut tally = Self::default();
        for entry in entries {
            match entry {
                Entry::Said(said) if said.is_unreadable() => tally.unreadable += 1,
                Entry::Said(_) => tally.messages += 1,
                Entry::Stray(_) => tally.strays += 1,
                Entry::Hole(hole) => {
                    *match hole.lack {
                        Lack::Gone => &mut tally.gone,
                        Lack::Recalled => &mut tally.recalled,
                        Lack::Withheld => &mut tally.withheld,
                        Lack::Unfetched => &mut tally.unfetched,
                        Lack::Hidden => &mut tally.hidden,
                    } += hole.len();
                }
            }
        }
        tally
    }

    fn words(self) -> String {
        let seqs = [
            self.messages,
            self.unreadable,
            self.recalled,
            self.gone,
            self.withheld,
            self.unfetched,
            self.hidden,
        ];
        let seqs: u64 = seqs.map(u64::from).iter().sum();
        let mut words = format!(
            "{} of {}: {} recalled, {} gone, {} withheld, {} not loaded",
            counted(self.messages, "message"),
            if seqs == 1 {
                "1 seq".to_owned()
            } else {
                format!("{seqs} seqs")
            },
            self.recalled,
            self.gone,
            self.withheld,
            self.unfetched,
        );
        // What is seldom is said only where it happens.
        for (count, what) in [
            (self.unreadable, "unreadable"),
            (self.hidden, "hidden by the filter"),
            (self.strays, "without a seq"),
        ] {
            if count > 0 {
                // Writing to a string cannot fail.
                let _ = write!(words, ", {count} {what}");
            }
        }
        words
    }
}

fn counted(count: u32, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

impl Said<'_> {
    fn is_unreadable(&self) -> bool {
        SeqState::from(&self.message.state) == SeqState::Unreadable
    }
}

impl<'a> Excerpt<'a> {
    /// The smallest and the largest seq.
    #[must_use]
    pub fn range(&self) -> Option<(Seq, Seq)> {
        let spans = || self.entries.iter().filter_map(Entry::span);
        Some((spans().next()?.0, spans().next_back()?.1))
    }

    /// The message, where there is one and nothing else.
    fn only(&self) -> Option<&Said<'a>> {
        match self.entries.as_slice() {
            [Entry::Said(said)] => Some(said),
            _ => None,
        }
    }

    /// `2025-01-03 16:00:00 +08:00`, or what lies between two of them.
    fn between(&self, times: impl Iterator<Item = Timestamp> + Clone) -> Option<String> {
        let (first, last) = (times.clone().min()?, times.max()?);
        let full = |time| super::time::full(time, self.zone);
        Some(if first == last {
            full(first)
        } else {
            format!("{} to {}", full(first), full(last))
        })
    }

    /// When what is in it was sent.
    fn sent(&self) -> Option<String> {
        self.between(self.entries.iter().filter_map(Entry::time))
    }

    /// When the service said so.
    fn as_of(&self) -> Option<String> {
        self.between(self.entries.iter().filter_map(Entry::as_of))
    }
}

impl Entry<'_> {
    fn span(&self) -> Option<(Seq, Seq)> {
        match self {
            Self::Said(said) => Some((said.seq, said.seq)),
            Self::Hole(hole) => Some((hole.first, hole.last)),
            Self::Stray(_) => None,
        }
    }

    fn time(&self) -> Option<Timestamp> {
        match self {
            Self::Said(said) => said.message.time,
            Self::Hole(hole) => hole.time,
            Self::Stray(_) => None,
        }
    }

    fn as_of(&self) -> Option<Timestamp> {
        match self {
            Self::Said(said) => said.as_of,
            Self::Hole(hole) => hole.as_of,
            Self::Stray(_) => None,
        }
    }
}

/// `812`, or `812-820`.
fn numbers(first: Seq, last: Seq) -> String {
    if first == last {
        first.to_string()
    } else {
        format!("{first}-{last}")
    }
}
