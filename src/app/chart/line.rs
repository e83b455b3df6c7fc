//! The whole group by seq.

use super::dots::{self, DOTS};
use crate::app::jobs::audit::{Lack, Tally};
use crate::model::ids::Seq;
use crate::model::timeline::{Stretch, Timeline};

/// The line of seqs, cut into columns that differ by one seq at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scale {
    head: Seq,
    columns: u32,
}

impl Scale {
    /// At most `cells` columns, and none without a seq.
    pub(super) fn fitting(head: Seq, cells: usize) -> Self {
        let cells = u32::try_from(cells).unwrap_or(u32::MAX);
        Self {
            head,
            columns: cells.clamp(1, head.get()),
        }
    }

    pub(super) const fn columns(self) -> u32 {
        self.columns
    }

    /// The seqs of a column; those of the last for any behind it.
    pub(super) fn range(self, column: u32) -> Stretch {
        let column = column.min(self.columns - 1);
        // In 64 bits: the products pass 32.
        let end = |columns: u32| {
            let end = u64::from(columns) * u64::from(self.head.get()) / u64::from(self.columns);
            u32::try_from(end).unwrap_or(u32::MAX)
        };
        let first = Seq::new(end(column) + 1).unwrap_or(Seq::FIRST);
        let last = Seq::new(end(column + 1)).unwrap_or(self.head);
        Stretch::new(first, last).unwrap_or(Stretch::one(first))
    }

    /// The column of a seq.
    pub(super) fn column(self, seq: Seq) -> u32 {
        let seq = u64::from(seq.min(self.head).get());
        let columns = (seq * u64::from(self.columns)).div_ceil(u64::from(self.head.get()));
        u32::try_from(columns).unwrap_or(self.columns) - 1
    }

    /// The same line in half columns, where there are enough seqs.
    fn halved(self) -> Option<Self> {
        let columns = self.columns.checked_mul(2)?;
        (columns <= self.head.get()).then_some(Self { columns, ..self })
    }
}

/// What each column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Strip {
    pub(super) scale: Scale,
    /// Cells of a column.
    pub(super) wide: usize,
    pub(super) total: Tally,
    /// The left and the right half of each column; twice the whole where a
    /// column cannot be halved.
    halves: Vec<(Tally, Tally)>,
    /// Whether the halves are two.
    halved: bool,
}

impl Strip {
    /// One step per run and column.
    pub(super) fn of(timeline: &Timeline, head: Seq, cells: usize) -> Self {
        let scale = Scale::fitting(head, cells);
        let fine = scale.halved();
        let parts = tallies(timeline, fine.unwrap_or(scale));
        let mut total = Tally::default();
        for part in &parts {
            sum(&mut total, *part);
        }
        let halves = if fine.is_some() {
            let pair = |pair: &[Tally]| match pair {
                [left, right] => (*left, *right),
                _ => (Tally::default(), Tally::default()),
            };
            parts.chunks(2).map(pair).collect()
        } else {
            parts.into_iter().map(|part| (part, part)).collect()
        };
        let columns = usize::try_from(scale.columns()).unwrap_or(1);
        Self {
            scale,
            wide: (cells / columns).max(1),
            total,
            halves,
            halved: fine.is_some(),
        }
    }

    /// What a column holds.
    pub(super) fn column(&self, column: u32) -> Tally {
        let at = usize::try_from(column).unwrap_or(usize::MAX);
        let Some((left, right)) = self.halves.get(at).copied() else {
            return Tally::default();
        };
        let mut whole = left;
        if self.halved {
            sum(&mut whole, right);
        }
        whole
    }

    /// The bars of one state, the top line first; `None` is what is present.
    pub(super) fn bars(&self, of: Option<Lack>, lines: usize, ascii: bool) -> Vec<String> {
        let most = u32::try_from(lines).unwrap_or(1) * DOTS;
        let part = |tally: &Tally| dots::height(amount(*tally, of), tally.seqs(), most);
        let columns: Vec<_> = self
            .halves
            .iter()
            .map(|(left, right)| (part(left), part(right)))
            .collect();
        dots::bars(&columns, self.wide, lines, ascii)
    }
}

/// How many of one state; `None` is what is present.
pub(super) const fn amount(tally: Tally, of: Option<Lack>) -> u32 {
    match of {
        None => tally.present,
        Some(lack) => tally.of(lack),
    }
}

fn sum(to: &mut Tally, more: Tally) {
    to.add(None, more.present);
    for lack in Lack::ALL {
        to.add(Some(lack), more.of(lack));
    }
}

fn tallies(timeline: &Timeline, scale: Scale) -> Vec<Tally> {
    let columns = usize::try_from(scale.columns()).unwrap_or(1);
    let mut tallies = vec![Tally::default(); columns];
    for run in timeline.runs(Seq::FIRST..=scale.head) {
        let lack = Lack::of(run.state);
        for column in scale.column(run.first)..=scale.column(run.last) {
            let at = usize::try_from(column).unwrap_or(usize::MAX);
            let part =
                Stretch::new(run.first, run.last).and_then(|run| run.meet(scale.range(column)));
            if let Some((tally, part)) = tallies.get_mut(at).zip(part) {
                tally.add(lack, part.len());
            }
        }
    }
    tallies
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::jobs::audit::sample::{eventful, group, seq};
    use crate::app::jobs::audit::{Tally, examine};

    #[test]
    fn columns_part_the_line() {
        for (head, cells) in [
            (1, 1),
            (1, 80),
            (7, 3),
            (80, 80),
            (1_000_003, 77),
            (u32::MAX, 500),
        ] {
            let scale = Scale::fitting(seq(head), cells);
            let mut next = 1_u64;
            for column in 0..scale.columns() {
                let range = scale.range(column);
                assert_eq!(u64::from(range.first().get()), next, "{head} {cells}");
                assert_eq!(scale.column(range.first()), column, "{head} {cells}");
                assert_eq!(scale.column(range.last()), column, "{head} {cells}");
                next = u64::from(range.last().get()) + 1;
            }
            assert_eq!(next, u64::from(head) + 1, "{head} {cells}");
        }
    }

    #[test]
    fn columns_add_up_to_what_the_timeline_counts() {
        for timeline in [eventful(), group(3), group(u32::MAX)] {
            let head = timeline.head().expect("known");
            for cells in [1, 2, 10, 61, 1000] {
                let strip = Strip::of(&timeline, head, cells);
                let mut added = Tally::default();
                for column in 0..strip.scale.columns() {
                    let part = strip.column(column);
                    assert_eq!(part.seqs(), strip.scale.range(column).len());
                    sum(&mut added, part);
                }
                assert_eq!(added, examine(&timeline, Stretch::ALL, &[]).counts);
                let counts = timeline.counts();
                assert_eq!(
                    (added.present, added.unfetched),
                    (counts.present, counts.unfetched)
                );
                let bars = strip.bars(None, 2, true);
                assert_eq!(bars.len(), 2);
                assert!(bars.iter().all(|bar| bar.len() <= cells), "{cells}");
            }
        }
    }
}
