//! The texts that a search looks through, of all items of a leaf in one piece.

use crate::model::haystack::Haystack;
use crate::model::ids::Seq;
use crate::model::message::Message;
use crate::model::needle::{Needle, Pairs, has_wide_letters, has_wide_signs};

/// Ends every text. One that holds it is not kept here.
const END: char = '\0';

/// More than this is not worth its room: apps that wrap data in data say it all twice.
const MOST: usize = 64 * 1024;

/// What looking at one item costs, in items of a text that is looked through in one go.
pub(super) const QUICK: usize = 1;
/// A pattern is tried on one text after another.
pub(super) const SLOW: usize = 64;
/// The item is decoded as well.
pub(super) const DECODED: usize = 128;
/// An item that matches is kept.
pub(super) const HIT: usize = 16;

#[derive(Debug, Clone)]
pub(super) struct Texts {
    text: Box<str>,
    pairs: Pairs,
    /// Where the texts of each item end.
    ends: Box<[u32]>,
    /// The seqs of the items, by how far they are from that of the first one.
    steps: Box<[u8]>,
    first: Seq,
    has_wide_letters: bool,
    has_wide_signs: bool,
}

impl Texts {
    /// `None` where they are too long, or cannot be kept apart.
    pub(super) fn of<'m>(messages: impl Iterator<Item = (Seq, &'m Message)>) -> Option<Self> {
        let (mut text, mut ends, mut steps) = (String::new(), Vec::new(), Vec::new());
        let mut begins = None;
        let mut is_good = true;
        for (seq, message) in messages {
            let first: Seq = *begins.get_or_insert(seq);
            steps.push(u8::try_from(seq.get() - first.get()).ok()?);
            Haystack::of(message).read(|piece| {
                is_good &= !piece.contains(END) && text.len() + piece.len() < MOST;
                if is_good {
                    text.push_str(piece);
                    text.push(END);
                }
                is_good
            });
            if !is_good {
                return None;
            }
            ends.push(u32::try_from(text.len()).ok()?);
        }
        Some(Self {
            has_wide_letters: has_wide_letters(&text),
            has_wide_signs: has_wide_signs(&text),
            pairs: Pairs::of(&text),
            text: text.into(),
            ends: ends.into(),
            steps: steps.into(),
            first: begins?,
        })
    }

    pub(super) const fn bytes(&self) -> usize {
        self.text.len() + Pairs::BYTES + size_of_val(&*self.ends) + self.steps.len()
    }

    /// Calls `found` with the items that hold `needle`, in order. Says what it cost.
    pub(super) fn search(&self, needle: &Needle, mut found: impl FnMut(Seq)) -> usize {
        let seq = |number: usize| {
            let step = self.steps.get(number).copied().unwrap_or_default();
            self.first.forward(step.into())
        };
        let quick = needle.quick(self.has_wide_letters, self.has_wide_signs);
        let Some(quick) = quick else {
            let mut from = 0;
            for (number, &end) in self.ends.iter().enumerate() {
                let end = usize::try_from(end).unwrap_or(usize::MAX);
                let texts = self.text.get(from..end).unwrap_or_default();
                if texts.split_terminator(END).any(|text| needle.is_in(text)) {
                    found(seq(number));
                }
                from = end;
            }
            return self.ends.len() * SLOW;
        };
        if !self.pairs.hold(needle.pairs()) {
            return self.ends.len() * QUICK;
        }
        let (mut from, mut hits) = (0, 0);
        while let Some(at) = quick.find(&self.text, from) {
            let number = self
                .ends
                .partition_point(|end| usize::try_from(*end).is_ok_and(|end| end <= at));
            let Some(&end) = self.ends.get(number) else {
                break;
            };
            found(seq(number));
            hits += 1;
            from = usize::try_from(end).unwrap_or(usize::MAX);
        }
        self.ends.len() * QUICK + hits * HIT
    }
}
