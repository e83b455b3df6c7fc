//! The sanitiser: the only way from foreign text to anything a person or a terminal sees.
//!
//! [`clean`] turns what a stranger wrote into a [`Clean`]: text in which every
//! character is visible, does nothing to a terminal, and has a width on which
//! terminals agree; with [`Mark`]s where it does not look as it came. Nothing
//! is decided later: painters, clipboard, file names, logs and stderr take a
//! `Clean` and need no rules of their own.
//!
//! What is shown:
//!
//! | in the text | shown | mark |
//! |---|---|---|
//! | newline, CR LF, lone CR | newline | |
//! | tab | tab | |
//! | other C0, DEL; C1 | `^[`, `^?`; `\u{9b}` | `Control` |
//! | bidi controls, zero-width, tags, fillers, odd selectors, private use, noncharacters, unassigned | one `¦` for a run | `Hidden` |
//! | U+200C between letters of a script that needs it | kept: no cell | |
//! | U+200D there | not drawn: tmux would join the two cells | |
//! | VS15, VS16 after a sign that takes them | not drawn: terminals disagree on its width | |
//! | emoji joined by U+200D; skin tones | the parts side by side; the plain emoji | `Hidden` |
//! | flags | their two letters | `Hidden` |
//! | Hangul in parts | put together, or as single letters | |
//! | a combining mark without a base | on `◌` | `Hidden` |
//! | U+FFFD, bytes that are not UTF-8 | U+FFFD | `Lost` |
//! | more than [`MAX_SCALARS`] in a cluster | `…+n` after it | `Cut` |
//! | more than [`MAX_BYTES`] of text | `…` at the end | `Cut` |
//!
//! Right-to-left text stays in logical order. Characters of ambiguous width
//! count as one cell.
//!
//! Why these: a cluster is drawn only in a form whose width is the sum of the
//! widths of its characters, because that is what xterm, tmux and most
//! terminals do, and where the others do something else they do not agree.

mod cap;
mod class;
mod sanitise;
mod units;
mod width;
mod wrap;

use std::fmt::{self, Write as _};
use std::ops::Range;

use compact_str::CompactString;

pub use cap::{MAX_CELL_BYTES, MAX_SCALARS};
pub use sanitise::{MAX_BYTES, clean, clean_bytes, stretches};
pub use units::{duration_s, grouped, size, span_s};
pub use width::{clusters, graphemes, is_drawable, is_settled, width};

/// The one cell that stands for something without a shape of its own.
///
/// Neither a letter nor of ambiguous width nor a box character.
pub const MARKER: char = '\u{a6}';

/// What stands where something was cut.
const ELLIPSIS: &str = "\u{2026}";

/// What stands for a newline where text has to fit one line.
const NEWLINE: &str = "\u{23ce}";

/// Text that is safe to show: the only text type that screen, clipboard, file
/// names, logs and stderr accept.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Clean {
    /// Most are short, and kept in place.
    text: CompactString,
    /// Where the text is not plain: byte ranges in order, not overlapping, not empty.
    marks: Vec<(Range<usize>, Mark)>,
}

/// Why a stretch of clean text does not look as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// A control character in visible form.
    Control,
    /// One marker cell for something without a shape of its own, or a sign
    /// that would look otherwise if terminals agreed how to draw it.
    Hidden,
    /// What was lost before it reached us.
    Lost,
    /// A note of ours: what was cut here.
    Cut,
}

impl Clean {
    /// A sentence of our own, composed from parts that are safe already.
    ///
    /// It goes through the sanitiser all the same, which changes nothing in
    /// safe text, so that a mistake shows as a marker and does no harm.
    #[must_use]
    pub fn ours(words: impl fmt::Display) -> Self {
        Self::saying(format_args!("{words}"))
    }

    fn saying(words: fmt::Arguments<'_>) -> Self {
        let mut text = CompactString::default();
        // Nothing that is said here fails to say it.
        let _ = text.write_fmt(words);
        // Most of our sentences, at each key; the sanitiser takes its time for what is not
        // all ASCII.
        let is_safe = |c| matches!(c, ' '..='~' | '·');
        if text.len() <= MAX_BYTES && text.chars().all(is_safe) {
            let marks = Vec::new();
            let made = Self { text, marks };
            debug_assert_eq!(made, clean(made.as_str()));
            return made;
        }
        clean(&text)
    }

    /// The text, without any control or format character but newline, tab and
    /// the U+200C that some scripts need.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Cells of the text taken as one line: a newline or tab counts as one.
    #[must_use]
    pub fn width(&self) -> usize {
        width(&self.text)
    }

    /// The text in stretches of one mark each, in order; none of them empty,
    /// none of them ending within a cluster.
    pub fn parts(&self) -> impl Iterator<Item = (&str, Option<Mark>)> {
        let mut at = 0;
        let mut marks = self.marks.iter();
        let mut due: Option<(&Range<usize>, Mark)> = None;
        std::iter::from_fn(move || {
            if due.is_none() {
                due = marks.next().map(|(range, mark)| (range, *mark));
            }
            let (range, mark) = match &due {
                Some((marked, _)) if at < marked.start => (at..marked.start, None),
                Some((marked, mark)) => ((*marked).clone(), Some(*mark)),
                None => (at..self.text.len(), None),
            };
            if mark.is_some() {
                due = None;
            }
            at = range.end;
            let part = self.text.get(range)?;
            (!part.is_empty()).then_some((part, mark))
        })
    }

    /// Adds `other` behind this text, with its marks.
    pub fn push(&mut self, other: &Self) {
        for (part, mark) in other.parts() {
            self.append(part, mark);
        }
    }

    /// Adds a few words of our own; see [`Clean::ours`].
    pub fn push_ours(&mut self, text: &str) {
        self.push(&clean(text));
    }

    /// The part at these bytes, with its marks. A range that is out of bounds
    /// or splits a character gives an empty text.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Self {
        let Some(text) = self.text.get(range.clone()) else {
            return Self::default();
        };
        let first = self.marks.partition_point(|(m, _)| m.end <= range.start);
        let marks = self
            .marks
            .iter()
            .skip(first)
            .take_while(|(m, _)| m.start < range.end)
            .map(|(m, mark)| {
                let start = m.start.max(range.start) - range.start;
                let end = m.end.min(range.end) - range.start;
                (start..end, *mark)
            })
            .collect();
        let text = text.into();
        Self { text, marks }
    }

    /// Adds text that is known to be clean.
    fn append(&mut self, text: &str, mark: Option<Mark>) {
        let start = self.text.len();
        self.text.push_str(text);
        if let Some(mark) = mark {
            self.mark_from(start, mark);
        }
    }

    /// Marks everything from the byte `start` on. Nothing behind `start` may
    /// be marked otherwise.
    fn mark_from(&mut self, start: usize, mark: Mark) {
        let end = self.text.len();
        match self.marks.last_mut() {
            Some((last, of)) if *of == mark && last.end >= start => last.end = end,
            _ if start < end => self.marks.push((start..end, mark)),
            _ => {}
        }
    }

    /// Forgets everything from the byte `len` on.
    fn cut_back(&mut self, len: usize) {
        self.text.truncate(len);
        while self.marks.last().is_some_and(|(m, _)| m.start >= len) {
            self.marks.pop();
        }
        if let Some((last, _)) = self.marks.last_mut() {
            last.end = last.end.min(len);
        }
    }
}

impl From<&'static str> for Clean {
    fn from(text: &'static str) -> Self {
        clean(text)
    }
}

impl fmt::Display for Clean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod laws;
