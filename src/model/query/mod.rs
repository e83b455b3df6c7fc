//! The filter language: which messages are meant, in one typed line.
//!
//! `from:alice from:"name with space" -from:bot type:custom,image after:14:00
//! before:"fri 15:30" is:recalled has:link refund text:re:ord(er)? seq:812..900
//! ctx:2 "two words"`
//!
//! | term | keeps |
//! |---|---|
//! | `word`, `"two words"`, `text:word` | what holds the text ([`Needle`]), `re:` for a pattern |
//! | `from:` | a sender: the exact ID, or part of the name whatever its case |
//! | `type:` | an element of that type ([`KINDS`](super::haystack::KINDS)) |
//! | `after:`, `before:` | from that time on; earlier than that time |
//! | `is:` | a state of the seq, or `system` |
//! | `has:` | `link`, or an element that is not text |
//! | `data:` | a field in what an app packed into custom data, by its path, and its value: `data:order.id=812`, `data:orderId` |
//! | `seq:` | `812`, `812..900`, `812..`, `..900` |
//! | `ctx:` | nothing by itself: up to 100 neighbours of each match are shown too |
//!
//! Different keys are ANDed. Values of one key, with commas or repeated, are
//! ORed; but text and data terms are ANDed, because who types two words wants both
//! (for either: `re:a|b`), and a comma in them is text. `-` in front negates a term:
//! none of its values may hold. A value with spaces, or with commas in a list,
//! stands between double quotes, in which `\"` is a quote and `\\` a backslash;
//! but a pattern is taken as it stands.

mod complete;
#[cfg(test)]
mod laws;
mod lex;
#[cfg(test)]
mod packed;
mod parse;
mod term;
#[cfg(test)]
mod tests;

use std::cell::OnceCell;

pub use self::complete::{Completion, Offers, complete};
use self::term::{Criterion, Key, Term};
use super::haystack::Haystack;
use super::ids::Seq;
use super::message::{Message, Timestamp};
use super::needle::Needle;
use super::timeline::SeqState;
use super::wrong::Wrong;

/// What a query is asked about: one seq, and what is known of it.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Which.
    pub seq: Seq,
    /// As the timeline says.
    pub state: SeqState,
    /// The ask for it was given up; laid over `state`.
    pub failed: bool,
    /// The item, where one came.
    pub message: Option<&'a Message>,
    /// The shown name of the sender, where one is known.
    pub name: Option<&'a str>,
}

/// A filter: terms that must all hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    source: String,
    terms: Vec<Term>,
    context: u32,
}

impl Query {
    /// Reads one line of the language; `read_time` reads what stands behind `after:` and `before:`.
    ///
    /// # Errors
    /// The first wrong term, with its place in `text`.
    pub fn parse(
        text: &str,
        read_time: &dyn Fn(&str) -> Result<Timestamp, Wrong>,
    ) -> Result<Self, Wrong> {
        parse::parse(text, read_time)
    }

    /// As it was typed; parses to an equal query as long as times are read alike.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether everything matches.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// How many neighbours of each match are to be shown on either side, 0 to 100.
    #[must_use]
    pub const fn context(&self) -> u32 {
        self.context
    }

    /// Whether `subject` is kept. Where there is no message there is no text, no
    /// sender, no type and no time either, so what asks for one of these does not
    /// hold, and its negation does: ask [`Query::wants_holes`] first.
    #[must_use]
    pub fn matches(&self, subject: &Subject<'_>) -> bool {
        let known = Known {
            subject,
            haystack: OnceCell::new(),
        };
        Key::BY_COST.into_iter().all(|key| {
            let (mut asked, mut held) = (false, false);
            for term in self.terms.iter().filter(|term| term.key() == key) {
                let holds = term.criterion.holds(&known);
                if term.negated || key.is_joint() {
                    if holds == term.negated {
                        return false;
                    }
                } else {
                    asked = true;
                    held |= holds;
                }
            }
            held || !asked
        })
    }

    /// The texts that are looked for, for marking them where they stand.
    pub fn needles(&self) -> impl Iterator<Item = &Needle> {
        self.terms.iter().filter_map(|term| match &term.criterion {
            Criterion::Text(needle) if !term.negated => Some(needle),
            Criterion::Text(_)
            | Criterion::From(_)
            | Criterion::Type(_)
            | Criterion::Time(_)
            | Criterion::Is(_)
            | Criterion::Has(_)
            | Criterion::Data(..)
            | Criterion::Seq(_) => None,
        })
    }

    /// Whether it matters which names senders have.
    #[must_use]
    pub fn uses_names(&self) -> bool {
        self.terms.iter().any(|term| term.key() == Key::From)
    }

    /// Whether seqs that have no row of their own may match: a term names a
    /// state of theirs, as `is:gone`, or negates a state, as `-is:present`.
    /// Otherwise a filter is about messages, and `-from:bot` does not keep what
    /// has no sender.
    #[must_use]
    pub fn wants_holes(&self) -> bool {
        self.terms.iter().any(|term| match &term.criterion {
            Criterion::Is(states) => states
                .iter()
                .any(|state| state.is_of_hole() || (term.negated && state.is_of_seq())),
            Criterion::Text(_)
            | Criterion::From(_)
            | Criterion::Type(_)
            | Criterion::Time(_)
            | Criterion::Has(_)
            | Criterion::Data(..)
            | Criterion::Seq(_) => false,
        })
    }
}

/// A subject whose message is decoded when the first term asks, and once.
struct Known<'s> {
    subject: &'s Subject<'s>,
    haystack: OnceCell<Option<Haystack>>,
}

impl Known<'_> {
    fn haystack(&self) -> Option<&Haystack> {
        let decode = || self.subject.message.map(Haystack::of);
        self.haystack.get_or_init(decode).as_ref()
    }
}
