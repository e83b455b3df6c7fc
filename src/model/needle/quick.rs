//! Quicker ways to find a literal in many texts.

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use memchr::memmem::Finder;
use regex::{Regex, RegexBuilder};

use super::narrow;

/// Finds a literal.
#[derive(Debug, Clone, Copy)]
pub(in crate::model) enum Quick<'n> {
    /// Its very bytes.
    Bytes(&'n Finder<'static>),
    /// In either case, or written in more than one way.
    Regex(&'n Regex),
}

impl Quick<'_> {
    /// Calls `found` with each place where it begins, in order.
    pub(in crate::model) fn each(self, text: &str, found: impl FnMut(usize)) {
        match self {
            Self::Bytes(finder) => finder.find_iter(text.as_bytes()).for_each(found),
            Self::Regex(regex) => regex.find_iter(text).map(|m| m.start()).for_each(found),
        }
    }
}

/// A literal of characters that are written one way only, but for some [`Variants`].
#[derive(Debug, Clone)]
pub(super) struct Plain {
    as_is: AsIs,
    /// What may be written another way.
    pub(super) variants: Variants,
}

#[derive(Debug, Clone)]
enum AsIs {
    Bytes(Box<Finder<'static>>),
    EitherCase(Regex),
}

impl Plain {
    /// `None` where characters may stand for others.
    pub(super) fn of(text: &str, exact: bool) -> Option<Self> {
        let text = &with_single_spaces(text);
        let apart = DecomposingNormalizerBorrowed::new_nfd();
        let composed = ComposingNormalizerBorrowed::new_nfc().normalize(text);
        let is_plain = |c: char| {
            let one = c.encode_utf8(&mut [0; 4]).to_owned();
            c != '\0' && narrow(c) == c && apart.normalize(&one) == one
        };
        if composed != *text || !text.chars().all(is_plain) {
            return None;
        }
        let has_case = |c: char| !c.to_lowercase().eq([c]) || !c.to_uppercase().eq([c]);
        let as_is = if exact || !text.chars().any(has_case) {
            AsIs::Bytes(Box::new(Finder::new(text).into_owned()))
        } else {
            let regex = RegexBuilder::new(&regex::escape(text))
                .case_insensitive(true)
                .build();
            AsIs::EitherCase(regex.ok()?)
        };
        Some(Self {
            as_is,
            variants: Variants::of_needle(text),
        })
    }

    /// What finds it in a text without any of its variants.
    pub(super) fn quick(&self) -> Quick<'_> {
        match &self.as_is {
            AsIs::Bytes(finder) => Quick::Bytes(finder),
            AsIs::EitherCase(regex) => Quick::Regex(regex),
        }
    }
}

/// `text` with one space for any white space.
fn with_single_spaces(text: &str) -> String {
    let mut single = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_whitespace() {
            single.push(c);
        } else if !single.ends_with(' ') {
            single.push(' ');
        }
    }
    single
}

/// Kinds of characters that are read like others: full-width letters and digits, full-width
/// signs, and white space other than single spaces.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::model) struct Variants(u8);

impl Variants {
    const LETTERS: Self = Self(1);
    const SIGNS: Self = Self(1 << 1);
    const SPACES: Self = Self(1 << 2);

    /// Those that stand in `text`.
    pub(in crate::model) fn of(text: &str) -> Self {
        let (mut all, mut before) = (0, '\0');
        for c in text.chars() {
            let plain = narrow(c);
            if plain != c {
                all |= Self::of_sign(plain).0;
            } else if c.is_whitespace() && (c != ' ' || before == ' ') {
                all |= Self::SPACES.0;
            }
            before = c;
        }
        Self(all)
    }

    /// Those that may stand for something in `needle`.
    fn of_needle(needle: &str) -> Self {
        Self(needle.chars().fold(0, |all, c| all | Self::of_sign(c).0))
    }

    const fn of_sign(c: char) -> Self {
        if c.is_ascii_alphanumeric() {
            Self::LETTERS
        } else if c.is_ascii_punctuation() {
            Self::SIGNS
        } else if c == ' ' {
            Self::SPACES
        } else {
            Self(0)
        }
    }

    /// Whether any is among both.
    pub(super) const fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}
