//! What needs many pages: going to a time, searching, filling what an audit
//! asks for. Jobs are pure: they look at the timeline, say which pages they want
//! next, and their pages merge into the timeline like all others.

pub mod audit;
pub mod hunt;
pub mod pace;
pub mod search;
pub mod sieve;

use crate::model::ids::Seq;
use crate::model::message::PageSize;
use crate::model::timeline::Stretch;

/// One page a job wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageAsk {
    /// The highest seq wanted, inclusive.
    pub seq: Seq,
    /// How many.
    pub count: PageSize,
}

impl PageAsk {
    /// The page that asks for a stretch, or for the upper 20 seqs of a longer one.
    #[must_use]
    pub fn top_of(stretch: Stretch) -> Self {
        Self {
            seq: stretch.last(),
            count: PageSize::clamped(stretch.len()),
        }
    }

    /// The seqs it asks for. A reply may reach further down where the service
    /// counts messages, or end earlier where it was cut.
    #[must_use]
    pub fn window(self) -> Stretch {
        let first = self.seq.back(self.count.get() - 1);
        Stretch::new(first, self.seq).unwrap_or(Stretch::one(self.seq))
    }
}

/// How a page that a job asked for, and that has not landed well, stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// In the air.
    Running,
    /// Failed for now, to be tried again.
    Waiting,
    /// Given up.
    Failed,
}

/// A page on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aloft {
    /// Which.
    pub ask: PageAsk,
    /// How it stands.
    pub how: Standing,
}
