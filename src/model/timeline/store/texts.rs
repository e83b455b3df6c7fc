//! The texts that a search looks through, of all items of a leaf in one piece.

use super::SPAN;
use crate::model::haystack::Haystack;
use crate::model::ids::Seq;
use crate::model::message::Message;
use crate::model::needle::{Needle, Variants};

/// Ends every text. One that holds it is not kept here.
const END: char = '\0';

/// More than this is not worth its room: apps that wrap data in data say it all twice.
const MOST: usize = 64 * 1024;

/// What looking at one item costs, in items of a text that is looked through in one go.
pub(super) const QUICK: usize = 1;
/// A pattern is tried on one text after another.
pub(super) const SLOW: usize = 64;
/// The item is decoded as well.
const DECODED: usize = 128;
/// An item that matches is kept.
pub(super) const HIT: usize = 16;

/// One for each seq of a leaf.
pub(super) type Ends = [u16; SPAN as usize];

/// The texts of one item, each with its end; `None` where nobody looked, they are too long,
/// or cannot be kept apart.
#[derive(Debug, Clone)]
pub(super) struct Said(Option<Box<str>>);

impl Said {
    /// Nobody looked yet.
    pub(super) const UNKNOWN: Self = Self(None);

    pub(super) fn of(message: &Message) -> Self {
        let (mut text, mut is_good) = (String::new(), true);
        Haystack::of(message).read(|piece| {
            is_good &= !piece.contains(END) && text.len() + piece.len() < MOST;
            if is_good {
                text.push_str(piece);
                text.push(END);
            }
            is_good
        });
        Self(is_good.then(|| text.into()))
    }

    /// Whether `needle` is in what `message` says, of which these are the texts.
    pub(super) fn holds(&self, needle: &Needle, message: &Message) -> bool {
        match &self.0 {
            Some(text) => any_holds(text, needle),
            None => Haystack::of(message).holds(needle),
        }
    }

    /// As [`QUICK`] and the others.
    pub(super) const fn cost(&self) -> usize {
        match self.0 {
            Some(_) => SLOW,
            None => DECODED,
        }
    }
}

/// Whether one of these texts, each with its end, holds `needle`.
pub(super) fn any_holds(texts: &str, needle: &Needle) -> bool {
    let mut texts = texts.split_terminator(END);
    texts.any(|text| needle.is_in(text))
}

/// Of one leaf.
#[derive(Debug, Clone)]
pub(super) struct Texts {
    pub(super) text: String,
    /// Where the texts of each item end; those of a seq without an item where they begin.
    pub(super) ends: Ends,
    pub(super) variants: Variants,
}

impl Texts {
    /// `None` where they are too long, or those of an item are not here.
    pub(super) fn of<'s>(items: impl Iterator<Item = (Seq, &'s Said)>) -> Option<Self> {
        let mut text = String::new();
        let mut ends: Ends = [0; SPAN as usize];
        for (seq, said) in items {
            text.push_str(said.0.as_deref()?);
            let end = u16::try_from(text.len()).ok()?;
            let slot = usize::try_from(seq.get() % SPAN).ok()?;
            ends.get_mut(slot..)?.fill(end);
        }
        Some(Self {
            variants: Variants::of(&text),
            text,
            ends,
        })
    }
}
