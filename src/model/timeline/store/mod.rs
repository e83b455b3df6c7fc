//! Where the items of a timeline are kept, in a few dozen bytes each.
//!
//! Leaves of 64 seqs: those added to lately are open, the others deflated. Of every item
//! its state, time and sender are at hand; its body is taken out for as long as it is
//! read, and can be given up where memory is short.

mod bytes;
mod leaf;
mod outline;
mod parcel;
mod senders;
mod shelf;
#[cfg(test)]
mod tests;
mod texts;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::mem::size_of;
use std::ops::{Range, RangeInclusive};
use std::sync::{Mutex, PoisonError};

use self::leaf::Leaf;
pub(super) use self::outline::Sketch;
use self::senders::Senders;
use self::shelf::{LEAVES, Shelf};
use self::texts::Texts;
use super::record::Record;
use super::spans::Stretch;
use crate::model::ids::{Seq, UserId};
use crate::model::message::{AskNo, Message, Timestamp};
use crate::model::needle::Needle;

/// Seqs of one leaf: enough of them to share their keys when deflated, few enough to
/// inflate one in some ten microseconds.
const SPAN: u32 = 64;

/// Leaves that stay open although others were added to later.
const OPEN: usize = 16;

/// Leaves that stay taken out although others were read later: more than a screen and
/// its margins show, but where a filter leaves one message in each.
const LENT: usize = 32;

/// So many leaves on either side of a place are left whole: what is scrolled to next.
const MARGIN: u32 = 4;

/// Bytes deflated at one go, some 300 µs. More is learnt at one go only where messages
/// are large.
const AT_ONCE: usize = 32 * 1024;

/// The items of one conversation. Equal to another with the same items, however kept.
#[derive(Debug, Default)]
pub(super) struct Store {
    /// By seq / [`SPAN`].
    leaves: BTreeMap<u32, Leaf>,
    senders: Senders,
    /// Open leaves, those added to last at the end.
    open: VecDeque<u32>,
    /// Closed leaves that hold all bodies: what can be given up.
    whole: BTreeSet<u32>,
    /// The texts of closed leaves, in order of the number of the leaf / [`LEAVES`].
    shelves: Vec<(u32, Shelf)>,
    /// Leaves with bodies whose texts are on no shelf.
    bare: BTreeSet<u32>,
    /// Closed leaves with something taken out, the last one at the end.
    lent: Mutex<Vec<u32>>,
    /// Of all leaves and shelves.
    bytes: usize,
}

impl Store {
    /// Keeps an item that ask `no` was answered with. Says whether the body of the item
    /// that counts is here now.
    pub(super) fn add(&mut self, no: AskNo, seq: Seq, mut message: Message) -> bool {
        if let Some(sender) = &mut message.sender {
            *sender = self.senders.meet(sender).1;
        }
        let number = number(seq);
        let leaf = self.leaves.entry(number).or_insert_with(Leaf::new);
        self.bytes -= leaf.bytes();
        let is_held = leaf.open(&self.senders).add(no, seq, message);
        self.bytes += leaf.bytes();
        self.whole.remove(&number);
        if !self.bare.contains(&number) {
            self.shelve(number, None);
        }
        self.open.retain(|open| *open != number);
        self.open.push_back(number);
        is_held
    }

    /// Closes what has not been added to lately, and takes back what was lent.
    pub(super) fn tidy(&mut self) {
        let mut left = AT_ONCE;
        while self.open.len() > OPEN
            && left > 0
            && let Some(number) = self.open.pop_front()
        {
            left = left.saturating_sub(self.close(number));
        }
        let taken_out = self.lent.get_mut().unwrap_or_else(PoisonError::into_inner);
        let over = taken_out.len().saturating_sub(LENT);
        for number in taken_out.drain(..over) {
            if let Some(leaf) = self.leaves.get_mut(&number) {
                leaf.take_back();
            }
        }
    }

    /// Says how large it was.
    fn close(&mut self, number: u32) -> usize {
        let texts = self.leaves.get(&number).and_then(Leaf::texts);
        let size = self.change(number, Leaf::close);
        self.shelve(number, texts.as_ref());
        size
    }

    /// Keeps these as the texts of a leaf, or none: then a search looks at its items.
    fn shelve(&mut self, number: u32, texts: Option<&Texts>) {
        let at = self.shelf_from(number);
        if self
            .shelves
            .get(at)
            .is_none_or(|(key, _)| *key != number / LEAVES)
        {
            self.shelves.insert(at, (number / LEAVES, Shelf::default()));
        }
        if let Some((_, there)) = self.shelves.get_mut(at) {
            self.bytes -= there.bytes();
            there.take_out(number);
            if let Some(texts) = texts {
                there.put(number, texts);
            }
            if there.is_empty() {
                self.shelves.remove(at);
            } else {
                self.bytes += there.bytes();
            }
        }
        let holds = self.leaves.get(&number).is_some_and(Leaf::holds_any);
        if texts.is_none() && holds {
            self.bare.insert(number);
        } else {
            self.bare.remove(&number);
        }
    }

    /// Where the shelf of a leaf is, or the first one behind it.
    fn shelf_from(&self, leaf: u32) -> usize {
        let is_before = |(key, _): &(u32, Shelf)| *key < leaf / LEAVES;
        self.shelves.partition_point(is_before)
    }

    /// Says how large it was.
    fn change<T>(&mut self, number: u32, change: impl FnOnce(&mut Leaf, &Senders) -> T) -> usize {
        let Some(leaf) = self.leaves.get_mut(&number) else {
            return 0;
        };
        let before = leaf.bytes();
        change(leaf, &self.senders);
        if leaf.is_whole() {
            self.whole.insert(number);
        } else {
            self.whole.remove(&number);
        }
        self.bytes = self.bytes - before + leaf.bytes();
        before
    }

    /// `None` where there is no item, or no body of it.
    pub(super) fn get(&self, seq: Seq) -> Option<&Record> {
        let number = number(seq);
        let records = self.records(number, self.leaves.get(&number)?);
        let at = records.binary_search_by_key(&seq, |(seq, _)| *seq).ok()?;
        records.get(at).map(|(_, record)| record)
    }

    fn records<'s>(&'s self, number: u32, leaf: &'s Leaf) -> &'s leaf::Records {
        leaf.records(&self.senders, || {
            let mut lent = self.lent.lock().unwrap_or_else(PoisonError::into_inner);
            lent.push(number);
        })
    }

    /// The items of `range` whose bodies are here. An empty range is legal.
    pub(super) fn range(
        &self,
        range: RangeInclusive<Seq>,
    ) -> impl DoubleEndedIterator<Item = (Seq, &Record)> {
        let leaves = self.leaves_in(*range.start(), *range.end());
        let records = leaves
            .flat_map(move |(number, leaf)| leaf::cut(self.records(*number, leaf), &range).iter());
        records.map(|(seq, record)| (*seq, record))
    }

    fn leaves_in(&self, first: Seq, last: Seq) -> impl DoubleEndedIterator<Item = (&u32, &Leaf)> {
        let (from, to) = (number(first), number(last));
        // An empty range would be a panic of the map.
        let is_any = first <= last;
        is_any
            .then(|| self.leaves.range(from..=to))
            .into_iter()
            .flatten()
    }

    /// What is at hand of an item, whether or not its body is here.
    pub(super) fn sketch(&self, seq: Seq) -> Option<Sketch> {
        self.leaves.get(&number(seq))?.sketch(seq, &self.senders)
    }

    /// What is at hand of the items of `range`. An empty range is legal.
    pub(super) fn sketches(
        &self,
        range: RangeInclusive<Seq>,
    ) -> impl DoubleEndedIterator<Item = (Seq, Sketch)> {
        let leaves = self.leaves_in(*range.start(), *range.end());
        let all = leaves.flat_map(|(_, leaf)| leaf.sketches(&self.senders));
        all.filter(move |(seq, _)| range.contains(seq))
    }

    pub(super) fn sender(&self, number: u32) -> Option<&UserId> {
        self.senders.get(number)
    }

    /// Any time that came with the seq.
    pub(super) fn time(&self, seq: Seq) -> Option<Timestamp> {
        self.sketch(seq)?.time
    }

    /// How much memory all of it takes, but for what is lent, which is bounded.
    pub(super) fn bytes(&self) -> usize {
        // The tree holds at most twice the room that its entries need.
        let leaf = size_of::<u32>() + size_of::<Leaf>();
        self.bytes + self.senders.bytes() + 2 * leaf * self.leaves.len()
    }

    /// Shows the items of `range` whose bodies are here, one after another. Takes no room,
    /// where [`Store::range`] would hold on to all that it passes.
    pub(super) fn each(&self, range: &RangeInclusive<Seq>, mut look: impl FnMut(Seq, &Record)) {
        for (_, leaf) in self.leaves_in(*range.start(), *range.end()) {
            leaf.show(&self.senders, |records| {
                for (seq, record) in leaf::cut(records, range) {
                    look(*seq, record);
                }
            });
        }
    }

    /// Calls `found` with the items of `range` that hold `needle`, in order. Says what it
    /// cost; see [`texts`].
    pub(super) fn search(
        &self,
        needle: &Needle,
        range: &RangeInclusive<Seq>,
        mut found: impl FnMut(Seq),
    ) -> usize {
        let mut found = |seq| {
            if range.contains(&seq) {
                found(seq);
            }
        };
        let (mut from, end) = (number(*range.start()), number(*range.end()) + 1);
        let mut cost = 0;
        while from < end {
            let bare = self.bare.range(from..end).next().copied();
            let to = bare.unwrap_or(end);
            cost += self.search_shelves(needle, from..to, &mut found);
            if let Some(leaf) = bare.and_then(|number| self.leaves.get(&number)) {
                cost += leaf.search(needle, range, &self.senders, &mut found);
            }
            from = to + 1;
        }
        cost
    }

    fn search_shelves(
        &self,
        needle: &Needle,
        leaves: Range<u32>,
        found: &mut impl FnMut(Seq),
    ) -> usize {
        let shelves = self.shelves.iter().skip(self.shelf_from(leaves.start));
        let shelves = shelves.take_while(|(key, _)| *key * LEAVES < leaves.end);
        let costs = shelves.map(|(_, shelf)| shelf.search(needle, &leaves, &mut *found));
        costs.sum()
    }

    /// Gives up the bodies furthest from all of `near`, which is in order; those that
    /// cannot be had again are kept. Says around which seqs; `None` where all that is left
    /// is near, or was added to lately.
    pub(super) fn give_up(&mut self, near: &[Stretch]) -> Option<Stretch> {
        let number = self.furthest(near)?;
        self.change(number, Leaf::give_up);
        self.shelve(number, None);
        Some(span(number))
    }

    fn furthest(&self, near: &[Stretch]) -> Option<u32> {
        let near: Vec<(u32, u32)> = near
            .iter()
            .map(|n| (number(n.first()), number(n.last())))
            .collect();
        let distance = |leaf: &u32| {
            let away = |(first, last): &(u32, u32)| {
                first.saturating_sub(*leaf).max(leaf.saturating_sub(*last))
            };
            near.iter().map(away).min().unwrap_or(u32::MAX)
        };
        // Furthest is an end of all, or what lies half-way between two places.
        let between = near.windows(2).filter_map(|pair| match pair {
            [(_, from), (to, _)] => Some(u32::midpoint(*from, *to)),
            _ => None,
        });
        let between = between.flat_map(|middle| {
            let below = self.whole.range(..=middle).next_back();
            [below, self.whole.range(middle..).next()]
        });
        let ends = [self.whole.first(), self.whole.last()];
        let all = ends.into_iter().chain(between).flatten();
        let furthest = all.max_by_key(|leaf| distance(leaf))?;
        (distance(furthest) > MARGIN).then_some(*furthest)
    }

    /// Everything about the items, in order of their seqs.
    #[cfg(test)]
    pub(super) fn iter(&self) -> impl Iterator<Item = (Seq, &Record)> {
        self.range(Seq::FIRST..=Seq::LAST)
    }

    /// Closes every leaf.
    #[cfg(test)]
    pub(super) fn close_all(&mut self) {
        while let Some(number) = self.open.pop_front() {
            self.close(number);
        }
        for leaf in self.leaves.values_mut() {
            leaf.take_back();
        }
        self.lent = Mutex::default();
    }
}

impl Clone for Store {
    fn clone(&self) -> Self {
        let lent = self.lent.lock().unwrap_or_else(PoisonError::into_inner);
        Self {
            leaves: self.leaves.clone(),
            senders: self.senders.clone(),
            open: self.open.clone(),
            whole: self.whole.clone(),
            shelves: self.shelves.clone(),
            bare: self.bare.clone(),
            lent: Mutex::new(lent.clone()),
            bytes: self.bytes,
        }
    }
}

impl PartialEq for Store {
    fn eq(&self, other: &Self) -> bool {
        let all = Seq::FIRST..=Seq::LAST;
        let held = self.range(all.clone()).eq(other.range(all.clone()));
        held && self.known(all.clone()).eq(other.known(all))
    }
}

impl Eq for Store {}

impl Store {
    /// As [`Store::sketches`], with names for numbers.
    fn known(
        &self,
        range: RangeInclusive<Seq>,
    ) -> impl Iterator<Item = (Seq, Sketch, Option<&UserId>)> {
        self.sketches(range).map(|(seq, sketch)| {
            let sender = sketch.sender.and_then(|number| self.senders.get(number));
            let sketch = Sketch {
                sender: None,
                ..sketch
            };
            (seq, sketch, sender)
        })
    }
}

const fn number(seq: Seq) -> u32 {
    seq.get() / SPAN
}

/// The seqs of a leaf.
fn span(number: u32) -> Stretch {
    // There is no seq 0.
    let first = Seq::new(number * SPAN).unwrap_or(Seq::FIRST);
    let last = Seq::new(number * SPAN + (SPAN - 1)).unwrap_or(Seq::LAST);
    Stretch::new(first, last).unwrap_or(Stretch::one(first))
}
