//! What an audit of a range finds, drawn from what is loaded and nothing else.
//!
//! It asks for nothing and judges nothing that is not loaded: a silence is only
//! one where the service has answered for every seq in it.

mod pass;
mod pauses;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;

use self::pass::Pass;
use crate::model::ids::{Seq, UserId};
use crate::model::message::Timestamp;
use crate::model::timeline::{SeqState, Stretch, Timeline};

/// Runs that are listed; the others are only counted.
pub const MOST_RUNS: usize = 4000;
/// Pairs of duplicates that are listed, and times that go backwards.
pub const MOST_ODD: usize = 495;
/// Silences that are listed: the longest.
pub const MOST_SILENCES: usize = 10;
/// A shorter pause is no silence, in seconds.
pub const SHORTEST_SILENCE: u64 = 600;
/// A silence is at least this many times the median pause of the range: where
/// people write once a day, a day without a message says nothing. Among fewer
/// than five pauses there is no usual one, and every long one counts.
pub const UNUSUAL: u64 = 10;
/// A MsgRandom that comes again after more seconds than a day came by chance:
/// 32 bits repeat in a large group, and nobody sends again a day later.
pub const TWICE_SECONDS: u64 = 86_400;
/// The same in seqs, where one of the two has no time.
pub const TWICE_SEQS: u32 = 1_000;

/// What is odd in a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings {
    /// What was to be looked at, as it was asked for.
    pub range: Stretch,
    /// The part of it that lies between seq 1 and the head; `None` where there is none.
    pub line: Option<Stretch>,
    /// How many seqs of `line` are in which state.
    pub counts: Tally,
    /// The earliest and the latest time in the range.
    pub times: Option<(Timestamp, Timestamp)>,
    /// By first seq, at most 5,000.
    pub found: Vec<Finding>,
    /// What is not in `found` because there is too much of it.
    pub cut: Option<Cut>,
}

/// Where the list stops being whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// How many findings are not listed.
    pub unlisted: u32,
    /// Below this seq the list is whole.
    pub from: Seq,
}

/// How many seqs are in which state, failed asks laid over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words are those of the states")]
pub struct Tally {
    pub present: u32,
    pub gone: u32,
    pub recalled: u32,
    pub withheld: u32,
    pub unreadable: u32,
    /// Not loaded, and the ask for them was given up.
    pub failed: u32,
    /// Not loaded, without those.
    pub unfetched: u32,
}

impl Tally {
    /// How many seqs the service has answered for: what an audit can judge.
    #[must_use]
    pub const fn judged(self) -> u32 {
        self.present + self.gone + self.recalled + self.withheld + self.unreadable
    }

    /// How many seqs there are.
    #[must_use]
    pub const fn seqs(self) -> u32 {
        self.judged() + self.missing()
    }

    /// How many seqs are not loaded, failed or not.
    #[must_use]
    pub const fn missing(self) -> u32 {
        self.failed + self.unfetched
    }

    /// How many are in one state.
    #[must_use]
    pub const fn of(self, lack: Lack) -> u32 {
        match lack {
            Lack::Gone => self.gone,
            Lack::Recalled => self.recalled,
            Lack::Withheld => self.withheld,
            Lack::Unreadable => self.unreadable,
            Lack::Failed => self.failed,
            Lack::Unfetched => self.unfetched,
        }
    }

    /// Adds seqs of one state; `None` is a message that is here.
    pub(in crate::app) fn add(&mut self, lack: Option<Lack>, seqs: u32) {
        let count = match lack {
            None => &mut self.present,
            Some(Lack::Gone) => &mut self.gone,
            Some(Lack::Recalled) => &mut self.recalled,
            Some(Lack::Withheld) => &mut self.withheld,
            Some(Lack::Unreadable) => &mut self.unreadable,
            Some(Lack::Failed) => &mut self.failed,
            Some(Lack::Unfetched) => &mut self.unfetched,
        };
        *count += seqs;
    }
}

/// Why there is no message to read at a seq.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lack {
    /// [`SeqState::Gone`].
    Gone,
    /// [`SeqState::Recalled`].
    Recalled,
    /// [`SeqState::Withheld`].
    Withheld,
    /// [`SeqState::Unreadable`].
    Unreadable,
    /// Not loaded, and the ask was given up.
    Failed,
    /// [`SeqState::Unfetched`].
    Unfetched,
}

impl Lack {
    /// All of them, in the order in which they are named.
    pub const ALL: [Self; 6] = [
        Self::Gone,
        Self::Recalled,
        Self::Withheld,
        Self::Unreadable,
        Self::Failed,
        Self::Unfetched,
    ];

    /// `None` for a message that is here.
    #[must_use]
    pub const fn of(state: SeqState) -> Option<Self> {
        match state {
            SeqState::Present => None,
            SeqState::Gone => Some(Self::Gone),
            SeqState::Recalled => Some(Self::Recalled),
            SeqState::Withheld => Some(Self::Withheld),
            SeqState::Unreadable => Some(Self::Unreadable),
            SeqState::Unfetched => Some(Self::Unfetched),
        }
    }

    /// The state in the timeline; a failed ask leaves it unfetched.
    #[must_use]
    pub const fn state(self) -> SeqState {
        match self {
            Self::Gone => SeqState::Gone,
            Self::Recalled => SeqState::Recalled,
            Self::Withheld => SeqState::Withheld,
            Self::Unreadable => SeqState::Unreadable,
            Self::Failed | Self::Unfetched => SeqState::Unfetched,
        }
    }

    /// Whether loading may change it.
    #[must_use]
    pub const fn is_missing(self) -> bool {
        match self {
            Self::Failed | Self::Unfetched => true,
            Self::Gone | Self::Recalled | Self::Withheld | Self::Unreadable => false,
        }
    }
}

/// One thing worth a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where. To jump is to go to its first seq.
    pub at: Stretch,
    /// When: the earliest it can be, where it cannot be later than some known
    /// time either; a run at the edge of what is loaded has only its [`Span`].
    pub time: Option<Timestamp>,
    /// What.
    pub what: What,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Neighbouring seqs without a message to read.
    Run {
        /// All for one reason.
        lack: Lack,
        /// The nearest known times.
        span: Span,
        /// Who sent them, as far as the service says.
        sender: Sender,
    },
    /// Nobody wrote for unusually long. Both ends are messages with a time.
    Silence {
        /// The time of the last before it.
        from: Timestamp,
        /// The time of the first after it.
        to: Timestamp,
        /// Unreadable messages in between, whose times are not known. Across
        /// deleted, recalled or withheld ones without a time none is claimed.
        timeless: u32,
    },
    /// The same sender and MsgRandom as an earlier message at most
    /// [`TWICE_SECONDS`] or, without times, [`TWICE_SEQS`] away: most likely
    /// sent twice.
    Twice {
        /// The earlier one.
        of: Seq,
        /// Seconds between the two, where both have a time.
        apart: Option<u64>,
        /// Who.
        sender: UserId,
    },
    /// The time is earlier than that of the message before it.
    Backwards {
        /// The message before it.
        after: Seq,
        /// By how many seconds.
        by: u64,
    },
}

/// The known times on both sides of a run: its own where it has them, else
/// those of the nearest messages, also behind what is not loaded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// Not earlier than this.
    pub from: Option<Timestamp>,
    /// Not later than this.
    pub to: Option<Timestamp>,
}

impl Span {
    /// The seconds within which all of the run was sent, where both sides are
    /// known and in order.
    #[must_use]
    pub fn seconds(self) -> Option<u64> {
        let (from, to) = self.from.zip(self.to)?;
        (from <= to).then(|| to.seconds().abs_diff(from.seconds()))
    }
}

/// Who sent the messages of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sender {
    /// The service does not say.
    Untold,
    /// All that name somebody name this one.
    One(UserId),
    /// They name different ones.
    Several,
}

/// Looks through all that is loaded of a range; `failed` are the stretches whose
/// asks were given up, in any order.
///
/// One pass over the runs and items of the range. Silences are the ten longest
/// pauses of at least ten minutes and ten times the (lower) median pause, between
/// items with a time (deleted ones, too: somebody wrote) with nothing in between
/// that is unfetched, or deleted, recalled or withheld at a time nobody knows.
/// A single time out of order makes no silence, it is found as what it is.
/// A MsgRandom of 0 says nothing and makes no duplicate.
#[must_use]
pub fn examine(timeline: &Timeline, range: Stretch, failed: &[Stretch]) -> Findings {
    let head = timeline
        .head()
        .and_then(|head| Stretch::new(Seq::FIRST, head));
    let line = head.and_then(|line| line.meet(range));
    let mut pass = Pass::new(timeline, failed);
    if let Some(line) = line {
        pass.walk(line);
    }
    pass.findings(range, line)
}
