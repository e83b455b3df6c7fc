//! Which records are written, where there is a filter: what matches, and its neighbours.

use std::collections::VecDeque;

use crate::model::ids::Seq;
use crate::model::query::{Query, Subject};

/// What came by and may still be wanted as the neighbour of a match.
#[derive(Debug, Default)]
pub struct Sieve {
    query: Option<Query>,
    /// Records that matched nothing, the earliest first: no more than neighbours are wanted.
    waiting: VecDeque<(Seq, Vec<u8>)>,
    /// How many more records are written as neighbours of the last match.
    after: u32,
}

impl Sieve {
    /// Without a query everything is written. `after` is what [`Sieve::after`] was
    /// where an earlier run stopped.
    #[must_use]
    pub fn new(query: Option<Query>, after: u32) -> Self {
        Self {
            query: query.filter(|query| !query.is_empty()),
            waiting: VecDeque::new(),
            after,
        }
    }

    /// How many more records are written as neighbours of the last match.
    #[must_use]
    pub const fn after(&self) -> u32 {
        self.after
    }

    /// The first seq that may still be written though it has come by: where another run
    /// would have to begin. `None`: behind the last one that came.
    #[must_use]
    pub fn undecided(&self) -> Option<Seq> {
        self.waiting.front().map(|(seq, _)| *seq)
    }

    /// Takes the next record, and gives the bytes that are to be written now, by record.
    ///
    /// A failed one is always written: nobody knows whether it would match.
    pub fn pass(&mut self, subject: &Subject<'_>, bytes: impl FnOnce() -> Vec<u8>) -> Vec<Vec<u8>> {
        let Some(query) = &self.query else {
            return vec![bytes()];
        };
        let context = query.context();
        let row = subject.state.is_visible() || query.wants_holes();
        if subject.failed || (row && query.matches(subject)) {
            self.after = context;
            let mut written: Vec<_> = self.waiting.drain(..).map(|(_, bytes)| bytes).collect();
            written.push(bytes());
            return written;
        }
        if self.after > 0 {
            self.after -= 1;
            return vec![bytes()];
        }
        if context > 0 {
            let most = usize::try_from(context).unwrap_or(usize::MAX);
            while self.waiting.len() >= most {
                self.waiting.pop_front();
            }
            self.waiting.push_back((subject.seq, bytes()));
        }
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::timeline::SeqState;
    use crate::model::wrong::Wrong;

    fn sieve(text: &str, after: u32) -> Sieve {
        let query = Query::parse(text, &|_| Err(Wrong::new(0..0, "no time")));
        Sieve::new(Some(query.expect("a filter")), after)
    }

    /// Which of the seqs are written, all of them present but those in `failed`.
    fn written(sieve: &mut Sieve, seqs: std::ops::RangeInclusive<u32>, failed: &[u32]) -> Vec<u8> {
        let mut out = Vec::new();
        for number in seqs {
            let failed = failed.contains(&number);
            let state = if failed {
                SeqState::Unfetched
            } else {
                SeqState::Present
            };
            let subject = Subject {
                seq: Seq::new(number).expect("not zero"),
                state,
                failed,
                message: None,
                name: None,
            };
            let byte = u8::try_from(number).expect("small");
            out.extend(sieve.pass(&subject, || vec![byte]).concat());
        }
        out
    }

    #[test]
    fn matches_are_written_with_their_neighbours_once_and_in_order() {
        let all = written(&mut sieve("seq:5,7,30 ctx:3", 0), 1..=40, &[]);
        assert_eq!(
            all,
            [2, 3, 4, 5, 6, 7, 8, 9, 10, 27, 28, 29, 30, 31, 32, 33]
        );
        let bare = written(&mut sieve("seq:5,7", 0), 1..=40, &[20]);
        assert_eq!(bare, [5, 7, 20]);
    }

    #[test]
    fn a_second_run_that_begins_at_the_undecided_writes_the_rest() {
        let whole = written(&mut sieve("seq:5,7,30 ctx:3", 0), 1..=40, &[]);
        for cut in 1..=39 {
            let mut first = sieve("seq:5,7,30 ctx:3", 0);
            let mut out = written(&mut first, 1..=cut, &[]);
            let from = first.undecided().map_or(cut + 1, Seq::get);
            let mut second = sieve("seq:5,7,30 ctx:3", first.after());
            out.extend(written(&mut second, from..=40, &[]));
            assert_eq!(out, whole, "cut behind {cut}");
        }
    }
}
