//! Which seqs of a range a file accounts for.

use super::manifest::Order;
use crate::model::timeline::Stretch;

/// Runs of missing seqs that are named; of more it is said how many.
const NAMED: usize = 5;

/// Takes the seqs of a file as they come.
#[derive(Debug)]
pub(super) struct Seqs {
    range: Stretch,
    descending: bool,
    last: Option<u32>,
    /// What lies between neighbours.
    missing: Vec<(u32, u32)>,
    /// Seqs that are there twice, out of order or out of the range.
    misplaced: u64,
    /// Records without a seq.
    strange: u64,
}

impl Seqs {
    pub(super) fn new(range: Stretch, order: Order) -> Self {
        Self {
            range,
            descending: order == Order::Descending,
            last: None,
            missing: Vec::new(),
            misplaced: 0,
            strange: 0,
        }
    }

    pub(super) fn last(&self) -> Option<u32> {
        self.last
    }

    /// A record of that seq.
    pub(super) fn see(&mut self, seq: u32) {
        let (first, last) = (self.range.first().get(), self.range.last().get());
        let follows = self.last.is_none_or(|last| {
            if self.descending {
                seq < last
            } else {
                seq > last
            }
        });
        if !follows || !(first..=last).contains(&seq) {
            self.misplaced += 1;
            return;
        }
        self.missing.extend(self.between(self.last, Some(seq)));
        self.last = Some(seq);
    }

    /// A record that cannot be read.
    pub(super) fn strange(&mut self) {
        self.strange += 1;
    }

    /// What lies between two seqs, the smaller first; `None` is the end of the range.
    fn between(&self, before: Option<u32>, after: Option<u32>) -> Option<(u32, u32)> {
        let (low, high) = if self.descending {
            (after, before)
        } else {
            (before, after)
        };
        let low = low.map_or(self.range.first().get(), |seq| seq.saturating_add(1));
        let high = high.map_or(self.range.last().get(), |seq| seq.saturating_sub(1));
        (low <= high).then_some((low, high))
    }

    /// What is wrong with them, a line each. With a filter any of them may be missing.
    pub(super) fn wrong(&self, filtered: bool) -> Vec<String> {
        let mut wrong = Vec::new();
        if self.misplaced > 0 {
            let n = self.misplaced;
            wrong.push(format!(
                "changed: {n} records are doubled, out of order or out of range"
            ));
        }
        if self.strange > 0 {
            wrong.push(format!("changed: {} records cannot be read", self.strange));
        }
        if filtered {
            return wrong;
        }
        let tail = self.between(self.last, None);
        let missing: Vec<_> = self.missing.iter().copied().chain(tail).collect();
        if missing.is_empty() {
            return wrong;
        }
        let seqs: u64 = missing.iter().map(|(a, b)| u64::from(b - a) + 1).sum();
        let named = missing.iter().take(NAMED).map(|(a, b)| {
            if a == b {
                a.to_string()
            } else {
                format!("{a}..{b}")
            }
        });
        let mut named: Vec<String> = named.collect();
        if missing.len() > NAMED {
            named.push("...".to_owned());
        }
        let named = named.join(", ");
        wrong.push(format!(
            "not accounted for: {seqs} seqs have no record: {named}"
        ));
        wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::Seq;

    fn wrong(order: Order, seqs: &[u32], filtered: bool) -> Vec<String> {
        let seq = |number| Seq::new(number).expect("not zero");
        let range = Stretch::new(seq(3), seq(9)).expect("in order");
        let mut all = Seqs::new(range, order);
        for number in seqs {
            all.see(*number);
        }
        all.wrong(filtered)
    }

    #[test]
    fn every_seq_is_accounted_for_or_named() {
        use Order::{Ascending, Descending};
        assert!(wrong(Ascending, &[3, 4, 5, 6, 7, 8, 9], false).is_empty());
        assert!(wrong(Descending, &[9, 8, 7, 6, 5, 4, 3], false).is_empty());
        let missing = |runs| vec![format!("not accounted for: 4 seqs have no record: {runs}")];
        assert_eq!(wrong(Ascending, &[4, 5, 8], false), missing("3, 6..7, 9"));
        assert_eq!(wrong(Descending, &[8, 5, 4], false), missing("9, 6..7, 3"));
        assert!(wrong(Ascending, &[4, 5, 8], true).is_empty());
        assert_eq!(wrong(Ascending, &[4, 4, 2, 10], true).len(), 1);
    }
}
