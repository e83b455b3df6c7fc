//! An interval map over seqs: long stretches of one value cost as much as short ones.

use std::collections::BTreeMap;

use crate::model::ids::Seq;

/// Neighbouring seqs, both ends included; never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stretch {
    first: Seq,
    last: Seq,
}

impl Stretch {
    /// The whole line of seqs.
    pub const ALL: Self = Self {
        first: Seq::FIRST,
        last: Seq::LAST,
    };

    /// `None` where `last` lies before `first`.
    #[must_use]
    pub fn new(first: Seq, last: Seq) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// Of one seq.
    #[must_use]
    pub const fn one(seq: Seq) -> Self {
        Self {
            first: seq,
            last: seq,
        }
    }

    /// The smallest seq in it.
    #[must_use]
    pub const fn first(self) -> Seq {
        self.first
    }

    /// The largest seq in it.
    #[must_use]
    pub const fn last(self) -> Seq {
        self.last
    }

    /// How many seqs, 1 and more.
    #[expect(clippy::len_without_is_empty, reason = "a stretch is never empty")]
    #[must_use]
    pub const fn len(self) -> u32 {
        self.last.get() - self.first.get() + 1
    }

    /// What both have in common.
    #[must_use]
    pub fn meet(self, other: Self) -> Option<Self> {
        Self::new(self.first.max(other.first), self.last.min(other.last))
    }
}

/// A value for some seqs. Equal neighbours are always one span, so two maps
/// that say the same are equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spans<T> {
    /// By first seq: the last one and the value. Spans never overlap.
    map: BTreeMap<Seq, (Seq, T)>,
}

impl<T> Default for Spans<T> {
    fn default() -> Self {
        Self {
            map: BTreeMap::new(),
        }
    }
}

impl<T: Copy + Eq> Spans<T> {
    /// The span that holds `seq`.
    pub(crate) fn get(&self, seq: Seq) -> Option<(Stretch, T)> {
        self.at_or_below(seq).filter(|(span, _)| seq <= span.last)
    }

    /// The span that holds `seq`, or the nearest one before it.
    pub(crate) fn at_or_below(&self, seq: Seq) -> Option<(Stretch, T)> {
        let (&first, &(last, value)) = self.map.range(..=seq).next_back()?;
        Some((Stretch { first, last }, value))
    }

    /// The span that holds `seq`, or the nearest one after it.
    pub(crate) fn at_or_above(&self, seq: Seq) -> Option<(Stretch, T)> {
        let next = || {
            let (&first, &(last, value)) = self.map.range(seq..).next()?;
            Some((Stretch { first, last }, value))
        };
        self.get(seq).or_else(next)
    }

    /// The stretch without value that holds `seq`; `None` where there is a value.
    pub(crate) fn hole(&self, seq: Seq) -> Option<Stretch> {
        let below = self.map.range(..=seq).next_back();
        let first = match below {
            Some((_, &(last, _))) if last >= seq => return None,
            // `last < seq`, so there is a next one.
            Some((_, &(last, _))) => last.next()?,
            None => Seq::FIRST,
        };
        let above = self.map.range(seq..).next();
        let last = above.map_or(Some(Seq::LAST), |(&next, _)| next.prev())?;
        Stretch::new(first, last)
    }

    /// How many spans.
    pub(crate) fn len(&self) -> usize {
        self.map.len()
    }

    /// Of all spans, from the smallest seq to the largest.
    pub(crate) fn values(&self) -> impl Iterator<Item = T> {
        self.map.values().map(|&(_, value)| value)
    }

    /// From the smallest seq with a value to the largest, holes included.
    pub(crate) fn hull(&self) -> Option<Stretch> {
        let (&first, _) = self.map.first_key_value()?;
        let (_, &(last, _)) = self.map.last_key_value()?;
        Stretch::new(first, last)
    }

    /// Gives every seq of `within` the value that `change` makes of its present one.
    ///
    /// `change` is called once per piece of one value (or of none).
    pub(crate) fn update(
        &mut self,
        within: Stretch,
        mut change: impl FnMut(Stretch, Option<T>) -> T,
    ) {
        let mut built = Builder::default();
        let mut at = Some(within.first);
        for (piece, old) in self.remove(within) {
            if let Some(hole) = at
                .zip(piece.first.prev())
                .and_then(|(a, b)| Stretch::new(a, b))
            {
                built.push(hole, change(hole, None));
            }
            built.push(piece, change(piece, Some(old)));
            at = piece.last.next();
        }
        if let Some(hole) = at.and_then(|at| Stretch::new(at, within.last)) {
            built.push(hole, change(hole, None));
        }
        self.put(built);
    }

    /// Gives every seq of `within` this value, but those of `others`, which are in order and
    /// lie in it, the other one.
    pub(crate) fn set_but(
        &mut self,
        within: Stretch,
        value: T,
        others: impl Iterator<Item = Seq>,
        other: T,
    ) {
        self.remove(within);
        let mut built = Builder::default();
        let mut at = Some(within.first);
        for seq in others {
            if let Some(before) = at
                .zip(seq.prev())
                .and_then(|(at, end)| Stretch::new(at, end))
            {
                built.push(before, value);
            }
            built.push(Stretch::one(seq), other);
            at = seq.next();
        }
        if let Some(rest) = at.and_then(|at| Stretch::new(at, within.last)) {
            built.push(rest, value);
        }
        self.put(built);
    }

    /// Gives every seq of `within` this value.
    pub(crate) fn set(&mut self, within: Stretch, value: T) {
        self.update(within, |_, _| value);
    }

    /// Leaves the seqs of `within` without a value, and hands out what they had.
    pub(crate) fn remove(&mut self, within: Stretch) -> Vec<(Stretch, T)> {
        self.split_before(within.first);
        if let Some(after) = within.last.next() {
            self.split_before(after);
        }
        self.take(within)
    }

    /// Makes sure no span reaches over the border below `seq`.
    fn split_before(&mut self, seq: Seq) {
        let Some((span, value)) = self.get(seq) else {
            return;
        };
        if let Some(left) = seq.prev().and_then(|end| Stretch::new(span.first, end)) {
            self.map.insert(left.first, (left.last, value));
            self.map.insert(seq, (span.last, value));
        }
    }

    fn take(&mut self, within: Stretch) -> Vec<(Stretch, T)> {
        let inside: Vec<_> = self
            .map
            .range(within.first..=within.last)
            .map(|(&first, &(last, value))| (Stretch { first, last }, value))
            .collect();
        for (piece, _) in &inside {
            self.map.remove(&piece.first);
        }
        inside
    }

    /// Puts what was built into a hole.
    fn put(&mut self, built: Builder<T>) {
        let last = built.pieces.len().saturating_sub(1);
        for (number, (piece, value)) in built.pieces.into_iter().enumerate() {
            if number == 0 || number == last {
                self.insert(piece, value);
            } else {
                // Between unequal ones there is nothing to join.
                self.map.insert(piece.first, (piece.last, value));
            }
        }
    }

    /// Puts a span into a hole and joins it with equal neighbours.
    fn insert(&mut self, mut piece: Stretch, value: T) {
        let left = piece.first.prev().and_then(|end| self.get(end));
        if let Some((span, same)) = left
            && same == value
        {
            piece.first = span.first;
        }
        let right = piece.last.next().and_then(|start| self.get(start));
        if let Some((span, same)) = right
            && same == value
        {
            self.map.remove(&span.first);
            piece.last = span.last;
        }
        self.map.insert(piece.first, (piece.last, value));
    }
}

/// Joins equal neighbours before they get into the map.
struct Builder<T> {
    pieces: Vec<(Stretch, T)>,
}

impl<T> Default for Builder<T> {
    fn default() -> Self {
        Self { pieces: Vec::new() }
    }
}

impl<T: Eq> Builder<T> {
    /// `piece` follows the one before without a hole.
    fn push(&mut self, piece: Stretch, value: T) {
        match self.pieces.last_mut() {
            Some((before, same)) if *same == value => before.last = piece.last,
            Some(_) | None => self.pieces.push((piece, value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seq(number: u32) -> Seq {
        Seq::new(number).expect("tests name no zero")
    }

    fn stretch(first: u32, last: u32) -> Stretch {
        Stretch::new(seq(first), seq(last)).expect("tests name no empty stretch")
    }

    #[test]
    fn equal_neighbours_become_one_span() {
        let mut spans = Spans::default();
        spans.set(stretch(1, 5), 'a');
        spans.set(stretch(11, 15), 'a');
        spans.set(stretch(6, 10), 'a');
        assert_eq!(spans.get(seq(8)), Some((stretch(1, 15), 'a')));
        assert_eq!(spans.len(), 1);
    }

    #[test]
    fn the_ends_of_the_line_can_hold_values() {
        let mut spans = Spans::default();
        spans.set(Stretch::one(Seq::LAST), 'z');
        spans.set(Stretch::one(Seq::FIRST), 'a');
        assert_eq!(spans.hull(), Some(Stretch::ALL));
        assert_eq!(spans.hole(seq(9)).map(Stretch::len), Some(u32::MAX - 2));
        spans.set(Stretch::ALL, 'm');
        assert_eq!(spans.get(seq(9)), Some((Stretch::ALL, 'm')));
    }

    proptest! {
        /// An interval map says of every seq what a plain array says.
        #[test]
        fn spans_say_what_an_array_says(
            writes in prop::collection::vec((1u32..40, 0u32..15, 0u8..5), 0..30),
        ) {
            let mut spans = Spans::default();
            let mut array = [None; 60];
            for (first, more, add) in writes {
                let within = stretch(first, first + more);
                if add == 4 {
                    let others = (first..=first + more).filter(|seq| seq % 3 == more % 3);
                    spans.set_but(within, 7, others.clone().map(seq), 8);
                    array[first as usize..=(first + more) as usize].fill(Some(7));
                    others.for_each(|seq| array[seq as usize] = Some(8));
                    continue;
                }
                if add == 3 {
                    let had: u32 = spans.remove(within).iter().map(|(part, _)| part.len()).sum();
                    let cells = &mut array[first as usize..=(first + more) as usize];
                    prop_assert_eq!(had as usize, cells.iter().flatten().count());
                    cells.fill(None);
                    continue;
                }
                spans.update(within, |_, old| old.unwrap_or(0).max(add));
                for cell in &mut array[first as usize..=(first + more) as usize] {
                    *cell = Some(cell.unwrap_or(0).max(add));
                }
            }
            for at in 1..60u32 {
                let value = array[at as usize];
                prop_assert_eq!(spans.get(seq(at)).map(|(_, value)| value), value);
                prop_assert_eq!(spans.hole(seq(at)).is_none(), value.is_some());
                let below = (1..=at).rev().find(|n| array[*n as usize].is_some());
                let span_below = below.and_then(|n| spans.get(seq(n)));
                prop_assert_eq!(spans.at_or_below(seq(at)), span_below);
                let above = (at..60).find(|n| array[*n as usize].is_some());
                let span_above = above.and_then(|n| spans.get(seq(n)));
                prop_assert_eq!(spans.at_or_above(seq(at)), span_above);
                let whole = spans.get(seq(at)).map(|(span, _)| span).or(spans.hole(seq(at)));
                let whole = whole.expect("each seq is in a span or in a hole");
                for inside in whole.first().get()..=whole.last().get().min(59) {
                    prop_assert_eq!(array[inside as usize], value);
                }
                if let Some(before) = whole.first().prev() {
                    prop_assert_ne!(array[before.get() as usize], value);
                }
                if whole.last().get() < 59 {
                    prop_assert_ne!(array[whole.last().get() as usize + 1], value);
                }
            }
        }
    }
}
