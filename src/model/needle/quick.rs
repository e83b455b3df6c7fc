//! A quicker way to find what is written one way only.

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use memchr::memmem::Finder;
use regex::{Regex, RegexBuilder};

use super::narrow;
use super::pairs::{self, Pair};

/// A literal of characters that are written one way only, but for full-width ones.
#[derive(Debug, Clone)]
pub(super) struct Plain {
    pub(super) quick: Quick,
    pub(super) pairs: Box<[Pair]>,
    pub(super) has_letters: bool,
    pub(super) has_signs: bool,
}

/// Finds a literal where nothing else is read alike.
#[derive(Debug, Clone)]
pub enum Quick {
    /// Its very bytes.
    Bytes(Box<Finder<'static>>),
    /// In either case.
    Folded(Regex),
}

impl Quick {
    /// Where it begins at or behind `from`, which lies on a boundary.
    #[must_use]
    pub fn find(&self, text: &str, from: usize) -> Option<usize> {
        match self {
            Self::Bytes(finder) => {
                let at = finder.find(text.as_bytes().get(from..)?)?;
                Some(from + at)
            }
            Self::Folded(regex) => {
                let found = (from <= text.len()).then(|| regex.find_at(text, from));
                Some(found??.start())
            }
        }
    }
}

impl Plain {
    /// `None` where characters may stand for others.
    pub(super) fn of(text: &str, exact: bool) -> Option<Self> {
        let apart = DecomposingNormalizerBorrowed::new_nfd();
        let composed = ComposingNormalizerBorrowed::new_nfc().normalize(text);
        let is_plain = |c: char| {
            let one = c.encode_utf8(&mut [0; 4]).to_owned();
            c != '\0' && !c.is_whitespace() && narrow(c) == c && apart.normalize(&one) == one
        };
        if composed != text || !text.chars().all(is_plain) {
            return None;
        }
        let has_case = |c: char| !c.to_lowercase().eq([c]) || !c.to_uppercase().eq([c]);
        let quick = if exact || !text.chars().any(has_case) {
            Quick::Bytes(Box::new(Finder::new(text).into_owned()))
        } else {
            let regex = RegexBuilder::new(&regex::escape(text))
                .case_insensitive(true)
                .build();
            Quick::Folded(regex.ok()?)
        };
        let pairs = match &quick {
            Quick::Bytes(_) => pairs::all(text).collect(),
            Quick::Folded(_) => pairs::folded(text).collect(),
        };
        Some(Self {
            quick,
            pairs,
            has_letters: text.chars().any(|c| c.is_ascii_alphanumeric()),
            has_signs: text.chars().any(|c| c.is_ascii_punctuation()),
        })
    }
}

/// Whether full-width letters or digits stand in `text`.
pub(in crate::model) fn has_wide_letters(text: &str) -> bool {
    let mut plain = text.chars().map(|c| (c, narrow(c)));
    plain.any(|(c, plain)| c != plain && plain.is_ascii_alphanumeric())
}

/// Whether full-width signs stand in `text`, as in nearly all that is Chinese.
pub(in crate::model) fn has_wide_signs(text: &str) -> bool {
    let mut plain = text.chars().map(|c| (c, narrow(c)));
    plain.any(|(c, plain)| c != plain && plain.is_ascii_punctuation())
}
