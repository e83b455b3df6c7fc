//! All that was said about one seq by items: usually one thing, sometimes more.

use std::cmp::Reverse;

use crate::model::message::{AskNo, Finished, ItemState, Message, Timestamp};

/// First and last ask that were answered alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) first: AskNo,
    pub(super) last: AskNo,
}

impl Asked {
    pub(super) const fn once(no: AskNo) -> Self {
        Self {
            first: no,
            last: no,
        }
    }

    #[must_use]
    pub(super) fn and(self, no: AskNo) -> Self {
        Self {
            first: self.first.min(no),
            last: self.last.max(no),
        }
    }
}

/// One item, and when it was the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) asked: Asked,
    pub(super) message: Message,
}

impl Version {
    fn same(&self, message: &Message) -> bool {
        self.message.state == message.state && self.message.raw.bytes() == message.raw.bytes()
    }

    /// Orders two different answers to one ask, so that the order in which they
    /// came does not matter: what shows more wins.
    fn rank(&self) -> (u8, &[u8]) {
        let shows = match &self.message.state {
            ItemState::Present => 3,
            ItemState::Unreadable(_) => 2,
            ItemState::Recalled => 1,
            ItemState::Gone => 0,
        };
        (shows, self.message.raw.bytes())
    }
}

/// The different items that came for one seq.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    latest: Version,
    /// The others, first asked first. Empty for nearly every message.
    earlier: Vec<Version>,
}

impl Record {
    pub(super) fn new(no: AskNo, message: Message) -> Self {
        Self {
            latest: Version {
                asked: Asked::once(no),
                message,
            },
            earlier: Vec::new(),
        }
    }

    /// As they were taken apart: the one that counts, and the others, first asked first.
    pub(super) const fn from_versions(latest: Version, earlier: Vec<Version>) -> Self {
        Self { latest, earlier }
    }

    /// The one that counts, and the others, first asked first.
    pub(super) fn versions(&self) -> impl Iterator<Item = &Version> {
        std::iter::once(&self.latest).chain(&self.earlier)
    }

    /// The later-asked of all items.
    pub(super) const fn latest(&self) -> &Version {
        &self.latest
    }

    /// The earliest-asked item that differs from the latest.
    pub(super) fn first_other(&self) -> Option<&Version> {
        self.earlier.first()
    }

    /// The earliest-asked of all items.
    pub(super) fn first(&self) -> &Version {
        match self.earlier.first() {
            Some(other) if other.asked.first < self.latest.asked.first => other,
            Some(_) | None => &self.latest,
        }
    }

    /// Any time that came with the seq; it does not change with the state.
    pub(super) fn time(&self) -> Option<Timestamp> {
        let earlier = || self.earlier.iter().find_map(|version| version.message.time);
        self.latest.message.time.or_else(earlier)
    }

    /// The latest item was the answer to these as well.
    pub(super) fn was_asked(&mut self, asked: Asked) {
        self.latest.asked = self.latest.asked.and(asked.first).and(asked.last);
    }

    pub(super) fn add(&mut self, no: AskNo, message: Message) {
        let all = std::iter::once(&mut self.latest).chain(&mut self.earlier);
        let known = all.into_iter().find(|version| version.same(&message));
        if let Some(version) = known {
            version.asked = version.asked.and(no);
        } else {
            self.earlier.push(Version {
                asked: Asked::once(no),
                message,
            });
        }
        self.settle();
    }

    fn settle(&mut self) {
        for version in &mut self.earlier {
            let newer = (version.asked.last, version.rank());
            if newer > (self.latest.asked.last, self.latest.rank()) {
                std::mem::swap(version, &mut self.latest);
            }
        }
        self.earlier.sort_by(|a, b| {
            (a.asked.first, Reverse(a.rank())).cmp(&(b.asked.first, Reverse(b.rank())))
        });
    }
}

/// Items without a seq that hang under one seq, in the order in which they were first asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Strays {
    places: Vec<Place>,
    messages: Vec<Message>,
}

/// Where a stray stood first, and the how-many-eth of its like it was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) no: AskNo,
    pub(super) index: usize,
    pub(super) nth: usize,
}

impl Strays {
    pub(super) fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// Says whether this one had not come before. The same item in two replies is
    /// one stray, two equal items in one reply are two.
    pub(super) fn hang(&mut self, place: Place, message: Message) -> bool {
        let known = self.places.iter().zip(&self.messages).position(|(old, m)| {
            old.nth == place.nth && m.state == message.state && m.raw.bytes() == message.raw.bytes()
        });
        if let Some(at) = known {
            if self.places.get(at).is_none_or(|old| *old <= place) {
                return false;
            }
            self.places.remove(at);
            self.messages.remove(at);
        }
        // Whatever tells two strays apart orders them, or their order would be that of arrival.
        let key = (place, message.raw.bytes(), &message.state);
        let before = self.places.iter().zip(&self.messages);
        let at = before
            .take_while(|(old, m)| (**old, m.raw.bytes(), &m.state) < key)
            .count();
        self.places.insert(at, place);
        self.messages.insert(at, message);
        known.is_none()
    }
}

/// What a page said of its own completeness, and which ask that was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    no: AskNo,
    finished: Finished,
}

impl Verdict {
    pub(super) const fn new(no: AskNo, finished: Finished) -> Self {
        Self { no, finished }
    }

    pub(super) const fn finished(&self) -> &Finished {
        &self.finished
    }

    /// The later-asked of both; of two replies to one ask, the one that claims less.
    #[must_use]
    pub(super) fn or(self, other: Self) -> Self {
        if other.key() > self.key() {
            other
        } else {
            self
        }
    }

    fn key(&self) -> (AskNo, u8, Option<&str>) {
        let (claims_less, text) = match &self.finished {
            Finished::Whole => (0, None),
            Finished::Expired => (1, None),
            Finished::Other(text) => (2, text.as_deref()),
            Finished::Cut => (3, None),
        };
        (self.no, claims_less, text)
    }
}
