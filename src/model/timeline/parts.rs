//! The words in which a timeline answers.

use crate::model::ids::{Seq, UserId};
use crate::model::message::{AskNo, ItemState, Message, PageSize, Timestamp};

/// What is known of one seq.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SeqState {
    /// The message is here.
    Present,
    /// Placeholder 1: deleted, expired or never stored; the service does not say which.
    Gone,
    /// Placeholder 2.
    Recalled,
    /// In a range the service has answered for, and not in the answer.
    Withheld,
    /// The item came but cannot be read.
    Unreadable,
    /// Nobody has asked, or nobody has answered. A failed ask is laid over this by the app.
    Unfetched,
}

impl SeqState {
    /// Whether it makes a row of its own, rather than one that folds.
    #[must_use]
    pub const fn is_visible(self) -> bool {
        match self {
            Self::Present | Self::Unreadable => true,
            Self::Gone | Self::Recalled | Self::Withheld | Self::Unfetched => false,
        }
    }

    /// Whether something of the message is left: it was neither deleted, expired
    /// nor left out.
    #[must_use]
    pub const fn is_left(self) -> bool {
        match self {
            Self::Present | Self::Unreadable | Self::Recalled => true,
            Self::Gone | Self::Withheld | Self::Unfetched => false,
        }
    }
}

impl From<&ItemState> for SeqState {
    fn from(state: &ItemState) -> Self {
        match state {
            ItemState::Present => Self::Present,
            ItemState::Gone => Self::Gone,
            ItemState::Recalled => Self::Recalled,
            ItemState::Unreadable(_) => Self::Unreadable,
        }
    }
}

/// Neighbouring seqs of one state, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// The smallest seq.
    pub first: Seq,
    /// The largest seq.
    pub last: Seq,
    /// The state of all of them.
    pub state: SeqState,
}

impl Run {
    /// How many seqs, 1 and more.
    #[expect(clippy::len_without_is_empty, reason = "a run is never empty")]
    #[must_use]
    pub const fn len(self) -> u32 {
        self.last.get() - self.first.get() + 1
    }
}

/// A part of an unfetched stretch, seen from one side of it: what to ask next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The largest unfetched seq of it.
    pub upper: Seq,
    /// The smallest unfetched seq of it.
    pub lower: Seq,
    /// What one request should ask for: the highest seq wanted.
    pub seq: Seq,
    /// And how many.
    pub count: PageSize,
}

impl Gap {
    /// How many seqs are unfetched from here to the far end, 1 and more.
    #[expect(clippy::len_without_is_empty, reason = "a gap is never empty")]
    #[must_use]
    pub const fn len(self) -> u32 {
        self.upper.get() - self.lower.get() + 1
    }
}

/// An earlier answer that differs from the one that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct First<'a> {
    /// When it was asked for. The same number as the answer that counts has means
    /// that one reply held the seq twice.
    pub no: AskNo,
    /// The item of then; `None`: it was withheld then.
    pub message: Option<&'a Message>,
}

/// What is at hand of an item without its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known<'a> {
    /// What became of it.
    pub state: SeqState,
    /// As [`Message::time`].
    pub time: Option<Timestamp>,
    /// As [`Message::sender`].
    pub sender: Option<&'a UserId>,
    /// As [`Message::random`].
    pub random: Option<u32>,
}

/// How many seqs of 1 to the head are in which state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// [`SeqState::Present`].
    pub present: u32,
    /// [`SeqState::Gone`].
    pub gone: u32,
    /// [`SeqState::Recalled`].
    pub recalled: u32,
    /// [`SeqState::Withheld`].
    pub withheld: u32,
    /// [`SeqState::Unreadable`].
    pub unreadable: u32,
    /// [`SeqState::Unfetched`]; 0 as long as the head is not known.
    pub unfetched: u32,
    /// Items without a seq, which are part of none of the others.
    pub strays: u32,
}

impl Counts {
    pub(super) fn of_mut(&mut self, state: SeqState) -> &mut u32 {
        match state {
            SeqState::Present => &mut self.present,
            SeqState::Gone => &mut self.gone,
            SeqState::Recalled => &mut self.recalled,
            SeqState::Withheld => &mut self.withheld,
            SeqState::Unreadable => &mut self.unreadable,
            SeqState::Unfetched => &mut self.unfetched,
        }
    }

    /// How many seqs the service has answered for.
    #[must_use]
    pub const fn loaded(self) -> u32 {
        self.present + self.gone + self.recalled + self.withheld + self.unreadable
    }
}
