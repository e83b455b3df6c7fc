//! What a term asks, and whether it holds.

use std::ops::RangeInclusive;

use super::Known;
use crate::model::haystack::{Haystack, KINDS};
use crate::model::ids::Seq;
use crate::model::message::Timestamp;
use crate::model::needle::Needle;
use crate::model::payload::{Path, Wanted};
use crate::model::timeline::SeqState;

/// What stands before the colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    From,
    Type,
    After,
    Before,
    Is,
    Has,
    Text,
    Data,
    Seq,
    Context,
}

impl Key {
    /// In the order in which they are offered.
    pub(super) const ALL: [Self; 10] = [
        Self::From,
        Self::Type,
        Self::After,
        Self::Before,
        Self::Is,
        Self::Has,
        Self::Text,
        Self::Data,
        Self::Seq,
        Self::Context,
    ];

    /// Those that ask something, the cheap ones first.
    pub(super) const BY_COST: [Self; 9] = [
        Self::Seq,
        Self::After,
        Self::Before,
        Self::From,
        Self::Is,
        Self::Type,
        Self::Has,
        Self::Text,
        Self::Data,
    ];

    /// As it is typed, without the colon.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::From => "from",
            Self::Type => "type",
            Self::After => "after",
            Self::Before => "before",
            Self::Is => "is",
            Self::Has => "has",
            Self::Text => "text",
            Self::Data => "data",
            Self::Seq => "seq",
            Self::Context => "ctx",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|key| key.name().eq_ignore_ascii_case(name))
    }

    /// The words that its values are taken from; none where anything may stand.
    pub(super) fn words(self) -> Vec<&'static str> {
        match self {
            Self::Type => KINDS.to_vec(),
            Self::Is => Is::ALL.map(Is::name).to_vec(),
            Self::Has => HAS.to_vec(),
            Self::From
            | Self::After
            | Self::Before
            | Self::Text
            | Self::Data
            | Self::Seq
            | Self::Context => Vec::new(),
        }
    }

    /// A term as one might type it.
    pub(super) const fn example(self) -> &'static str {
        match self {
            Self::From => "from:alice",
            Self::Type => "type:image",
            Self::After => "after:14:00",
            Self::Before => "before:\"fri 15:30\"",
            Self::Is => "is:recalled",
            Self::Has => "has:link",
            Self::Text => "text:refund",
            Self::Data => "data:orderId=812",
            Self::Seq => "seq:812..900",
            Self::Context => "ctx:2",
        }
    }

    /// Whether commas part its values.
    pub(super) const fn is_list(self) -> bool {
        match self {
            Self::From | Self::Type | Self::Is | Self::Has | Self::Seq => true,
            Self::After | Self::Before | Self::Text | Self::Data | Self::Context => false,
        }
    }

    /// Whether all terms of the key must hold: who types two wants both.
    pub(super) const fn is_joint(self) -> bool {
        matches!(self, Self::Text | Self::Data)
    }
}

/// What `has:` takes.
pub(super) const HAS: [&str; 9] = [
    LINK, "image", "file", "video", "sound", "location", "custom", "face", "forward",
];

const LINK: &str = "link";

const SYSTEM: &str = "system";

/// What `is:` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Is {
    Present,
    Gone,
    Recalled,
    Withheld,
    Unreadable,
    Failed,
    System,
}

impl Is {
    pub(super) const ALL: [Self; 7] = [
        Self::Present,
        Self::Gone,
        Self::Recalled,
        Self::Withheld,
        Self::Unreadable,
        Self::Failed,
        Self::System,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Gone => "gone",
            Self::Recalled => "recalled",
            Self::Withheld => "withheld",
            Self::Unreadable => "unreadable",
            Self::Failed => "failed",
            Self::System => SYSTEM,
        }
    }

    /// Whether it speaks of the seq, not of what the message is.
    pub(super) const fn is_of_seq(self) -> bool {
        !matches!(self, Self::System)
    }

    /// Whether such seqs have no row of their own.
    pub(super) const fn is_of_hole(self) -> bool {
        match self {
            Self::Gone | Self::Recalled | Self::Withheld | Self::Failed => true,
            Self::Present | Self::Unreadable | Self::System => false,
        }
    }

    fn holds(self, known: &Known<'_>) -> bool {
        let state = known.subject.state;
        match self {
            Self::Present => state == SeqState::Present,
            Self::Gone => state == SeqState::Gone,
            Self::Recalled => state == SeqState::Recalled,
            Self::Withheld => state == SeqState::Withheld,
            Self::Unreadable => state == SeqState::Unreadable,
            Self::Failed => known.subject.failed,
            Self::System => has_kind(known, SYSTEM),
        }
    }
}

/// One term of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) negated: bool,
    pub(super) criterion: Criterion,
}

impl Term {
    pub(super) const fn key(&self) -> Key {
        match self.criterion {
            Criterion::From(_) => Key::From,
            Criterion::Type(_) => Key::Type,
            Criterion::Time(When::After(_)) => Key::After,
            Criterion::Time(When::Before(_)) => Key::Before,
            Criterion::Is(_) => Key::Is,
            Criterion::Has(_) => Key::Has,
            Criterion::Text(_) => Key::Text,
            Criterion::Data(..) => Key::Data,
            Criterion::Seq(_) => Key::Seq,
        }
    }
}

/// One of the values must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Criterion {
    From(Vec<Sender>),
    Type(Vec<&'static str>),
    Time(When),
    Is(Vec<Is>),
    Has(Vec<&'static str>),
    Text(Needle),
    /// A path in what the app wrote, and the value there, if one is wanted.
    Data(Path, Option<Wanted>),
    Seq(Vec<RangeInclusive<Seq>>),
}

/// A bound of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// This time and later ones.
    After(Timestamp),
    /// Earlier ones.
    Before(Timestamp),
}

/// A value of `from:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sender {
    id: String,
    /// In lower case.
    name: String,
}

impl Sender {
    pub(super) fn new(text: String) -> Self {
        Self {
            name: text.to_lowercase(),
            id: text,
        }
    }

    fn holds(&self, known: &Known<'_>) -> bool {
        let message = known.subject.message;
        let sender = message.and_then(|message| message.sender.as_ref());
        sender.is_some_and(|sender| {
            let named = |name: &str| name.to_lowercase().contains(&self.name);
            sender.as_str() == self.id || known.subject.name.is_some_and(named)
        })
    }
}

impl Criterion {
    pub(super) fn holds(&self, known: &Known<'_>) -> bool {
        match self {
            Self::From(senders) => senders.iter().any(|sender| sender.holds(known)),
            Self::Type(kinds) => kinds.iter().any(|kind| has_kind(known, kind)),
            Self::Time(when) => {
                let time = known.subject.message.and_then(|message| message.time);
                time.is_some_and(|time| match when {
                    When::After(bound) => time >= *bound,
                    When::Before(bound) => time < *bound,
                })
            }
            Self::Is(states) => states.iter().any(|state| state.holds(known)),
            Self::Has(things) => things.iter().any(|thing| match *thing {
                LINK => known.haystack().is_some_and(Haystack::has_link),
                kind => has_kind(known, kind),
            }),
            Self::Text(needle) => known
                .haystack()
                .is_some_and(|haystack| haystack.holds(needle)),
            Self::Data(path, wanted) => known
                .haystack()
                .is_some_and(|haystack| haystack.has_data(path, wanted.as_ref())),
            Self::Seq(ranges) => ranges
                .iter()
                .any(|range| range.contains(&known.subject.seq)),
        }
    }
}

fn has_kind(known: &Known<'_>, kind: &str) -> bool {
    known
        .haystack()
        .is_some_and(|haystack| haystack.kinds().contains(&kind))
}
