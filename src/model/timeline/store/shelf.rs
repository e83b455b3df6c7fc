//! The texts of neighbouring leaves in one piece: what lies apart in memory takes a search
//! three times as long as reading it does.

use std::ops::Range;

use super::SPAN;
use super::texts::{Ends, HIT, QUICK, SLOW, Texts, any_holds};
use crate::model::ids::Seq;
use crate::model::needle::{Needle, Quick, Variants};

/// Leaves of one shelf: with chat, 200 kB of text, which are moved in some 20 µs when a
/// leaf is put before them.
pub(super) const LEAVES: u32 = 64;

/// The texts of some leaves, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Shelf {
    text: String,
    parts: Vec<Part>,
    /// Of each part, from where it begins. What is read only where something was found
    /// does not lie between what is read each time.
    ends: Vec<Ends>,
}

/// Where the texts of a leaf are.
#[derive(Debug, Clone, Copy)]
struct Part {
    leaf: u32,
    begin: u32,
    end: u32,
    variants: Variants,
}

impl Part {
    fn range(self) -> Range<usize> {
        let place = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
        place(self.begin)..place(self.end)
    }

    /// The seqs of the leaf, whether or not there is an item, and their texts.
    fn slots(self, ends: &Ends) -> impl Iterator<Item = (Seq, Range<usize>)> {
        let begin = self.range().start;
        let mut from = begin;
        let seqs = self.leaf * SPAN..=self.leaf * SPAN + (SPAN - 1);
        seqs.zip(ends).filter_map(move |(seq, end)| {
            let to = begin + usize::from(*end);
            let texts = from..to;
            from = to;
            Some((Seq::new(seq)?, texts))
        })
    }

    /// The seq whose texts hold the byte `at`, and where these end.
    fn find(self, at: usize, ends: &Ends) -> Option<(Seq, usize)> {
        let end = |end: &u16| self.range().start + usize::from(*end);
        let slot = ends.partition_point(|e| end(e) <= at);
        let seq = self.leaf * SPAN + u32::try_from(slot).ok()?;
        Some((Seq::new(seq)?, end(ends.get(slot)?)))
    }
}

impl Shelf {
    pub(super) const fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    pub(super) fn bytes(&self) -> usize {
        let parts = self.parts.capacity() * size_of::<Part>();
        self.text.capacity() + parts + self.ends.capacity() * size_of::<Ends>()
    }

    /// Adds the texts of a leaf that has none here.
    pub(super) fn put(&mut self, leaf: u32, texts: &Texts) {
        let at = self.parts.partition_point(|part| part.leaf < leaf);
        let after = self.parts.get(at);
        let begin = after.map_or(self.text.len(), |part| part.range().start);
        // There are hundreds of shelves, and most never grow again.
        self.text.reserve_exact(texts.text.len());
        self.text.insert_str(begin, &texts.text);
        let part = Part {
            leaf,
            begin: 0,
            end: u32::try_from(texts.text.len()).unwrap_or(u32::MAX),
            variants: texts.variants,
        };
        self.parts.insert(at, part);
        self.ends.insert(at, texts.ends);
        self.lay(at);
    }

    /// Drops the texts of a leaf, if it has any here.
    pub(super) fn take_out(&mut self, leaf: u32) {
        let at = self.parts.partition_point(|part| part.leaf < leaf);
        if self.parts.get(at).is_none_or(|part| part.leaf != leaf) {
            return;
        }
        let part = self.parts.remove(at);
        self.ends.remove(at);
        self.text.drain(part.range());
        self.text.shrink_to_fit();
        self.lay(at);
    }

    /// Lets each part from the one at `at` on begin where the one before it ends.
    fn lay(&mut self, at: usize) {
        let before = at.checked_sub(1).and_then(|before| self.parts.get(before));
        let mut begin = before.map_or(0, |before| before.end);
        for part in self.parts.iter_mut().skip(at) {
            let len = part.end - part.begin;
            (part.begin, part.end) = (begin, begin + len);
            begin = part.end;
        }
    }

    /// Calls `found` with the items of `leaves` that hold `needle`, in order. Says what it
    /// cost.
    pub(super) fn search(
        &self,
        needle: &Needle,
        leaves: &Range<u32>,
        mut found: impl FnMut(Seq),
    ) -> usize {
        let mut at = self.parts.partition_point(|part| part.leaf < leaves.start);
        let to = self.parts.partition_point(|part| part.leaf < leaves.end);
        let parts = self.parts.get(at..to).unwrap_or_default();
        let may_differ = |part: &Part| needle.may_differ(part.variants);
        let runs = parts.chunk_by(|a, b| may_differ(a) == may_differ(b));
        let costs = runs.map(|parts| {
            let ends = self.ends.get(at..at + parts.len()).unwrap_or_default();
            at += parts.len();
            match needle.quick(parts.first().is_some_and(may_differ)) {
                Some(quick) => self.search_in_one_go(quick, (parts, ends), &mut found),
                None => self.search_one_by_one(needle, (parts, ends), &mut found),
            }
        });
        costs.sum()
    }

    fn search_in_one_go(
        &self,
        quick: Quick<'_>,
        (parts, ends): (&[Part], &[Ends]),
        mut found: impl FnMut(Seq),
    ) -> usize {
        let begin = parts.first().map_or(0, |part| part.range().start);
        let end = parts.last().map_or(0, |part| part.range().end);
        let (mut passed, mut hits) = (begin, 0);
        quick.each(self.text.get(begin..end).unwrap_or_default(), |at| {
            let at = begin + at;
            // Once more in what was found already.
            if at < passed {
                return;
            }
            let number = parts.partition_point(|part| part.range().end <= at);
            let part = parts.get(number).zip(ends.get(number));
            if let Some((seq, end)) = part.and_then(|(part, ends)| part.find(at, ends)) {
                found(seq);
                hits += 1;
                passed = end;
            }
        });
        parts.len() * SPAN as usize * QUICK + hits * HIT
    }

    fn search_one_by_one(
        &self,
        needle: &Needle,
        (parts, ends): (&[Part], &[Ends]),
        mut found: impl FnMut(Seq),
    ) -> usize {
        let mut items = 0;
        let parts = parts.iter().zip(ends);
        for (seq, texts) in parts.flat_map(|(part, ends)| part.slots(ends)) {
            let texts = self.text.get(texts).unwrap_or_default();
            items += usize::from(!texts.is_empty());
            if any_holds(texts, needle) {
                found(seq);
            }
        }
        items * SLOW
    }
}
