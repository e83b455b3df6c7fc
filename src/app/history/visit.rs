//! What is known of visits: when things were said, what came since, where the last
//! visit ended.

use super::History;
use crate::model::ids::Seq;
use crate::model::message::Timestamp;

/// How a visit to a conversation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// The newest seq that was known then.
    pub head: Seq,
    /// When that was, by the clock of this machine.
    pub ended: Option<Timestamp>,
}

impl History {
    /// How many seqs came below what the reader has seen of the end.
    #[must_use]
    pub fn new_below(&self) -> u32 {
        let ends = self.timeline.head().zip(self.seen_head);
        ends.map_or(0, |(head, seen)| head.get().saturating_sub(seen.get()))
    }

    /// How many pages have brought something.
    #[must_use]
    pub fn news(&self) -> u64 {
        self.news
    }

    /// When the service last said what counts for this seq.
    #[must_use]
    pub fn as_of(&self, seq: Seq) -> Option<Timestamp> {
        self.page_of(seq)?.at
    }

    /// The newest page came last at this time.
    #[must_use]
    pub fn head_as_of(&self) -> Option<Timestamp> {
        self.as_of(self.timeline.head()?)
    }

    /// Puts a fresh history where the last visit left it.
    pub fn recall(&mut self, at: Option<Seq>, last: Option<Visit>) {
        self.bound_for = at;
        self.last_visit = last;
        // Who is not at the end has not seen what came since.
        self.seen_head = last.map(|visit| visit.head);
    }

    /// The last visit but this one, as far as its end is known.
    #[must_use]
    pub fn last_visit(&self) -> Option<Visit> {
        self.last_visit
    }

    /// The reader goes elsewhere: what comes from now on is news. The line stays
    /// where it is until some comes.
    pub fn leave(&mut self, wall: Option<Timestamp>) {
        self.left = self.timeline.head().map(|head| Visit { head, ended: wall });
    }

    /// What came while the reader was elsewhere moves the line.
    pub(super) fn note_news(&mut self) {
        let head = self.timeline.head();
        if let Some(left) = self.left.take_if(|left| head > Some(left.head)) {
            self.last_visit = Some(left);
            self.strip.clear();
        }
    }

    /// The seq above the head that somebody wanted to go to, once.
    pub fn take_beyond(&mut self) -> Option<Seq> {
        self.beyond.take()
    }
}
