//! Typed text cut into numbers, words and signs, each with its place in what was typed.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

use super::words::quoted;
use crate::model::needle::narrow;
use crate::model::permalink::SCHEME;
use crate::model::wrong::Wrong;

/// A text and its tokens. Tokens are of the folded text: lower case, plain ASCII
/// where something full-width was typed.
#[derive(Debug)]
pub(super) struct Typed<'a> {
    text: &'a str,
    tokens: Vec<Token>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Folded.
    pub(super) text: String,
    /// Which bytes of the typed text.
    pub(super) at: Range<usize>,
    /// Whether it follows the token before without a space.
    pub(super) joined: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Digits,
    Letters,
    Sign(char),
}

/// Words for days; a beginning of one is taken as a word not yet finished.
const DAYS: [&str; 9] = [
    "today",
    "yesterday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// What else a text can begin with.
const FIRST: [&str; 5] = ["now", "start", "end", "seq", SCHEME];

impl<'a> Typed<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut tokens: Vec<Token> = Vec::new();
        let mut joined = false;
        for (start, typed) in text.char_indices() {
            let c = folded(typed);
            if c == ' ' {
                joined = false;
                continue;
            }
            let kind = match c {
                '0'..='9' => Kind::Digits,
                _ if c.is_alphabetic() => Kind::Letters,
                _ => Kind::Sign(c),
            };
            let end = start + typed.len_utf8();
            match tokens.last_mut() {
                Some(last) if joined && last.kind == kind && !matches!(kind, Kind::Sign(_)) => {
                    last.text.push(c);
                    last.at.end = end;
                }
                _ => tokens.push(Token {
                    kind,
                    text: c.to_string(),
                    at: start..end,
                    joined,
                }),
            }
            joined = true;
        }
        Self { text, tokens }
    }

    pub(super) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// As it was typed, without the spaces around it.
    pub(super) fn original(&self) -> &'a str {
        self.text.trim()
    }

    /// The text of the only token, if it is a word.
    pub(super) fn only_word(&self) -> Option<&str> {
        match self.tokens.as_slice() {
            [word] if word.kind == Kind::Letters => Some(&word.text),
            _ => None,
        }
    }

    /// The text of the only token, if it is a number.
    pub(super) fn only_digits(&self) -> Option<&str> {
        match self.tokens.as_slice() {
            [number] if number.kind == Kind::Digits => Some(&number.text),
            _ => None,
        }
    }

    /// About some tokens.
    pub(super) fn wrong(&self, about: &[Token], words: impl Into<String>) -> Wrong {
        match (about.first(), about.last()) {
            (Some(first), Some(last)) => {
                let at = self.widened(first.at.start..last.at.end);
                Wrong::new(at, words)
            }
            _ => self.wrong_at_end(words),
        }
    }

    /// About all that is typed.
    pub(super) fn wrong_all(&self, words: impl Into<String>) -> Wrong {
        self.wrong(&self.tokens, words)
    }

    /// About what is not typed yet.
    pub(super) fn wrong_at_end(&self, words: impl Into<String>) -> Wrong {
        Wrong::new(self.text.len()..self.text.len(), words)
    }

    /// About the first word, which means nothing or is not finished yet.
    pub(super) fn unknown_first(&self, examples: &str) -> Wrong {
        let first = self.tokens.get(..1).unwrap_or_default();
        let known = FIRST.iter().chain(&DAYS).copied();
        self.unfinished(first, known)
            .unwrap_or_else(|| self.none_of(first, examples))
    }

    /// About a token in a time that means nothing or is not finished yet.
    pub(super) fn unknown(&self, about: &[Token], examples: &str) -> Wrong {
        self.unfinished(about, DAYS.into_iter())
            .unwrap_or_else(|| self.none_of(about, examples))
    }

    fn unfinished(
        &self,
        about: &[Token],
        known: impl Iterator<Item = &'static str>,
    ) -> Option<Wrong> {
        let [word] = about else {
            return None;
        };
        let begun: Vec<&str> = known
            .filter(|known| *known != word.text && known.starts_with(&word.text))
            .collect();
        let words = format!("go on: {}", begun.join(", "));
        (!begun.is_empty()).then(|| self.wrong(about, words))
    }

    fn none_of(&self, about: &[Token], examples: &str) -> Wrong {
        let wrong = self.wrong(about, "");
        let part = self.text.get(wrong.at.clone()).unwrap_or_default();
        // With more, the examples would not fit on a line of 80 cells with the prompt.
        let words = format!("\"{}\" is none of: {examples}", quoted(part, 12));
        Wrong { words, ..wrong }
    }

    /// The smallest range around `at` that cuts no grapheme.
    fn widened(&self, at: Range<usize>) -> Range<usize> {
        let bounds = || self.text.grapheme_indices(true).map(|(start, _)| start);
        let start = bounds().take_while(|start| *start <= at.start).last();
        let end = bounds().find(|start| *start >= at.end);
        start.unwrap_or(0)..end.unwrap_or(self.text.len())
    }
}

/// Lower case; full-width forms, odd spaces and dashes as the plain ones.
fn folded(c: char) -> char {
    let plain = match narrow(c) {
        // Hyphens, dashes and the minus sign.
        '\u{2010}'..='\u{2013}' | '\u{2212}' => '-',
        c if c.is_whitespace() => ' ',
        c => c,
    };
    plain.to_ascii_lowercase()
}
