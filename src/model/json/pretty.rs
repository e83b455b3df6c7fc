//! JSON laid out in lines, with every scalar in its own spelling.

use std::fmt;
use std::ops::Range;

use super::lex::Container;
use super::steps::{Step, Steps};

/// What a piece of a line is, for who gives it a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A key with its quotes.
    Key,
    /// A string with its quotes, escapes as they came.
    String,
    /// A number in its own spelling.
    Number,
    /// `true`, `false` or `null`.
    Word,
    /// Brackets, commas, colons and the space behind a colon.
    Punct,
    /// What is not JSON: shown as it is, up to the end of the text.
    Broken,
}

/// Where the words of a piece come from.
#[derive(Debug, Clone)]
enum Piece {
    Own(Range<usize>),
    Ours(&'static str),
}

/// Text as lines that a reader can follow.
#[derive(Debug)]
pub struct Pretty {
    text: String,
    pieces: Vec<(TokenKind, Piece)>,
    /// The indent of each line, and its first piece.
    rows: Vec<(usize, usize)>,
    broken: bool,
}

/// One line of a [`Pretty`].
#[derive(Debug, Clone, Copy)]
pub struct Line<'p> {
    /// Spaces in front: 2 for each level, up to 200.
    pub indent: usize,
    text: &'p str,
    pieces: &'p [(TokenKind, Piece)],
}

impl<'p> Line<'p> {
    /// The pieces from left to right. Not sanitised.
    pub fn tokens(self) -> impl Iterator<Item = (TokenKind, &'p str)> {
        self.pieces.iter().map(move |(kind, piece)| match piece {
            Piece::Own(range) => (*kind, self.text.get(range.clone()).unwrap_or_default()),
            Piece::Ours(text) => (*kind, *text),
        })
    }
}

impl fmt::Display for Line<'_> {
    /// The line with its indent. Not sanitised.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:1$}", "", self.indent)?;
        self.tokens().try_for_each(|(_, text)| f.write_str(text))
    }
}

/// Lays out `raw` in lines; total on any bytes.
///
/// Big numbers, escapes and doubled keys stay exactly as they came; bytes that
/// are not UTF-8 become U+FFFD. From the first thing that is not JSON on, the
/// rest comes as it is, as [`TokenKind::Broken`].
#[must_use]
pub fn pretty(raw: &[u8]) -> Pretty {
    let mut pretty = Pretty {
        text: String::from_utf8_lossy(raw).into_owned(),
        pieces: Vec::new(),
        rows: vec![(0, 0)],
        broken: false,
    };
    // Moved out while the pretty text grows beside it.
    let text = std::mem::take(&mut pretty.text);
    let mut open: Vec<Container> = Vec::new();
    let mut end = 0;
    let mut state = At::Start;
    for step in Steps::new(text.as_bytes(), usize::MAX) {
        let Ok((step, range)) = step else { break };
        let token = text.get(range.clone()).unwrap_or_default();
        end = range.end;
        if step == Step::Close {
            let kind = open.pop();
            if state != At::Opened {
                pretty.newline(open.len());
            }
            pretty.push(
                TokenKind::Punct,
                Piece::Ours(if kind == Some(Container::Object) {
                    "}"
                } else {
                    "]"
                }),
            );
            state = At::Behind;
            continue;
        }
        match state {
            At::Start | At::Colon => {}
            At::Opened => pretty.newline(open.len()),
            At::Behind => {
                pretty.push(TokenKind::Punct, Piece::Ours(","));
                pretty.newline(open.len());
            }
        }
        state = At::Behind;
        let kind = match step {
            Step::Open(kind) => {
                open.push(kind);
                state = At::Opened;
                TokenKind::Punct
            }
            Step::Key => TokenKind::Key,
            Step::String => TokenKind::String,
            Step::Number if is_number(token) => TokenKind::Number,
            Step::Word if matches!(token, "true" | "false" | "null") => TokenKind::Word,
            Step::Number | Step::Word => {
                pretty.broken = true;
                TokenKind::Broken
            }
            // Nothing is sealed where every level is read, and a close was dealt with above.
            Step::Sealed | Step::Close => TokenKind::Broken,
        };
        pretty.push(kind, Piece::Own(range));
        if step == Step::Key {
            pretty.push(TokenKind::Punct, Piece::Ours(": "));
            state = At::Colon;
        }
    }
    let whole = state == At::Behind && open.is_empty();
    pretty.rest(&text, end, state, whole);
    pretty.text = text;
    pretty
}

/// Where the pen stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Start,
    Opened,
    Colon,
    Behind,
}

/// Deeper levels are not indented further: 100 levels are wider than any screen.
const MAX_INDENT: usize = 100;

impl Pretty {
    /// How many lines there are; at least one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Never true.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Something in the text is not JSON.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// Line `index`, counted from 0.
    #[must_use]
    pub fn line(&self, index: usize) -> Option<Line<'_>> {
        let &(indent, first) = self.rows.get(index)?;
        let end = self
            .rows
            .get(index + 1)
            .map_or(self.pieces.len(), |&(_, first)| first);
        Some(Line {
            indent,
            text: &self.text,
            pieces: self.pieces.get(first..end).unwrap_or_default(),
        })
    }

    /// All lines from the first.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        (0..self.len()).filter_map(|index| self.line(index))
    }

    fn push(&mut self, kind: TokenKind, piece: Piece) {
        self.pieces.push((kind, piece));
    }

    fn newline(&mut self, level: usize) {
        self.rows
            .push((2 * level.min(MAX_INDENT), self.pieces.len()));
    }

    /// Adds what was not understood behind `end`, line by line.
    fn rest(&mut self, text: &str, end: usize, state: At, whole: bool) {
        let behind = text.get(end..).unwrap_or_default();
        // Behind a key its colon is on the screen already, whether it was there or not.
        let mut skipped = 0;
        if state == At::Colon {
            let gap = behind.len() - behind.trim_start().len();
            if behind.trim_start().starts_with(':') {
                skipped = gap + 1;
            } else {
                self.pieces.pop();
            }
        }
        let mut at = end + skipped;
        let rest = text.get(at..).unwrap_or_default();
        let rest = if at == 0 {
            rest.trim_start_matches('\u{feff}')
        } else {
            rest
        };
        if rest.trim().is_empty() {
            self.broken |= !whole;
            return;
        }
        self.broken = true;
        at = text.len() - rest.len();
        let mut first = state != At::Start && state != At::Colon;
        for line in rest.split_inclusive('\n') {
            let shown = line.trim_end_matches(['\n', '\r']);
            if !shown.trim().is_empty() {
                if first {
                    self.newline(0);
                }
                first = true;
                self.push(TokenKind::Broken, Piece::Own(at..at + shown.len()));
            }
            at += line.len();
        }
    }
}

/// A number by the letter of RFC 8259.
pub(crate) fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(raw: &[u8]) -> String {
        let lines: Vec<_> = pretty(raw).lines().map(|line| line.to_string()).collect();
        lines.join("\n")
    }

    #[test]
    fn scalars_keep_their_own_spelling() {
        let raw = br#"{"n":18446744073709551617.50e+3,"s":"\u0041\/","n":[1,{},[],{"x":null}]}"#;
        insta::assert_snapshot!(text(raw), @r#"
        {
          "n": 18446744073709551617.50e+3,
          "s": "\u0041\/",
          "n": [
            1,
            {},
            [],
            {
              "x": null
            }
          ]
        }
        "#);
        assert!(!pretty(raw).is_broken());
    }

    #[test]
    fn tokens_say_what_they_are() {
        let page = pretty(br#"{"a":[true,-0.5,"x",tru]}"#);
        let kinds: Vec<_> = page
            .lines()
            .flat_map(Line::tokens)
            .filter(|(kind, _)| *kind != TokenKind::Punct)
            .collect();
        assert_eq!(
            kinds,
            [
                (TokenKind::Key, "\"a\""),
                (TokenKind::Word, "true"),
                (TokenKind::Number, "-0.5"),
                (TokenKind::String, "\"x\""),
                (TokenKind::Broken, "tru"),
            ]
        );
        assert!(page.is_broken());
    }

    #[test]
    fn from_the_first_flaw_on_the_rest_comes_as_it_is() {
        insta::assert_snapshot!(text(b"{\"a\":1,\n\"b\" 2,\n[3}"), @r#"
        {
          "a": 1,
          "b" 2,
        [3}
        "#);
        assert_eq!(text(b"<html>\n<b>"), "<html>\n<b>");
        assert_eq!(text(b"[\"cut"), "[\n\"cut");
        assert!(pretty(b"").is_broken());
        assert!(pretty(b"[1").is_broken());
    }

    #[test]
    fn depth_costs_neither_stack_nor_width() {
        let deep = pretty("[".repeat(100_000).as_bytes());
        assert_eq!(deep.len(), 100_000);
        assert_eq!(deep.line(99_999).map(|line| line.indent), Some(200));
    }

    #[test]
    fn numbers_are_checked_by_the_letter() {
        for good in ["0", "-0", "10", "1.5", "1e9", "1E-9", "0.0e+0"] {
            assert!(is_number(good), "{good}");
        }
        for bad in ["", "-", "01", "1.", ".5", "1e", "0x1", "1_000", "--1"] {
            assert!(!is_number(bad), "{bad}");
        }
    }
}
