//! The grammar of JSON over the tokens, one step at a time, without recursion.

use std::ops::Range;

use super::lex::{Container, Lexeme, Lexer};

/// Where the structure of a text stops being JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flaw {
    /// The byte from which nothing more was read.
    pub at: usize,
    /// In our words.
    pub what: &'static str,
}

/// One step through a text whose brackets, commas and colons are in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Open(Container),
    Close,
    /// A string in front of a colon.
    Key,
    String,
    Number,
    Word,
    /// A container below the level that was asked for: only its brackets were matched.
    Sealed,
}

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    FirstItem,
    FirstKey,
    Key,
    Colon,
    More,
    End,
}

/// Walks a text; ends after the first flaw.
#[derive(Debug)]
pub(crate) struct Steps<'a> {
    lexer: Lexer<'a>,
    len: usize,
    open: Vec<Container>,
    expect: Expect,
    levels: usize,
    over: bool,
}

impl<'a> Steps<'a> {
    /// Containers below `levels` levels come as [`Step::Sealed`].
    pub(crate) fn new(bytes: &'a [u8], levels: usize) -> Self {
        Self {
            lexer: Lexer::new(bytes),
            len: bytes.len(),
            open: Vec::new(),
            expect: Expect::Value,
            levels,
            over: false,
        }
    }

    fn after_value(&mut self) {
        self.expect = if self.open.is_empty() {
            Expect::End
        } else {
            Expect::More
        };
    }

    fn flaw(&mut self, at: usize, what: &'static str) -> Flaw {
        self.over = true;
        Flaw { at, what }
    }

    /// Runs to the bracket that closes `outer` and returns the byte behind it.
    fn seal(&mut self, outer: Container) -> Result<usize, Flaw> {
        let mut open = vec![outer];
        while let Some(token) = self.lexer.next() {
            match token.kind {
                Lexeme::Open(kind) => open.push(kind),
                Lexeme::Close(kind) => {
                    if open.pop() != Some(kind) {
                        return Err(self.flaw(token.range.start, "a bracket closes another kind"));
                    }
                    if open.is_empty() {
                        return Ok(token.range.end);
                    }
                }
                Lexeme::CutString => return Err(self.flaw(token.range.start, CUT_STRING)),
                Lexeme::Comma | Lexeme::Colon | Lexeme::String | Lexeme::Number | Lexeme::Word => {}
            }
        }
        Err(self.flaw(self.len, CUT))
    }

    fn value(&mut self, kind: Lexeme, range: Range<usize>) -> Result<(Step, Range<usize>), Flaw> {
        let step = match kind {
            Lexeme::Open(kind) if self.open.len() >= self.levels => {
                let end = self.seal(kind)?;
                self.after_value();
                return Ok((Step::Sealed, range.start..end));
            }
            Lexeme::Open(kind) => {
                self.open.push(kind);
                self.expect = match kind {
                    Container::Object => Expect::FirstKey,
                    Container::Array => Expect::FirstItem,
                };
                return Ok((Step::Open(kind), range));
            }
            Lexeme::String => Step::String,
            Lexeme::Number => Step::Number,
            Lexeme::Word => Step::Word,
            Lexeme::CutString => return Err(self.flaw(range.start, CUT_STRING)),
            Lexeme::Close(_) | Lexeme::Comma | Lexeme::Colon => {
                return Err(self.flaw(range.start, "a value is missing"));
            }
        };
        self.after_value();
        Ok((step, range))
    }

    fn close(
        &mut self,
        kind: Container,
        range: Range<usize>,
    ) -> Result<(Step, Range<usize>), Flaw> {
        if self.open.pop() != Some(kind) {
            return Err(self.flaw(range.start, "a bracket closes another kind"));
        }
        self.after_value();
        Ok((Step::Close, range))
    }
}

const CUT: &str = "the text is cut off";
const CUT_STRING: &str = "the text is cut off inside a string";

impl Iterator for Steps<'_> {
    type Item = Result<(Step, Range<usize>), Flaw>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.over {
            let Some(token) = self.lexer.next() else {
                self.over = true;
                let whole = self.expect == Expect::End;
                return (!whole).then(|| Err(self.flaw(self.len, CUT)));
            };
            let range = token.range;
            let step = match (self.expect, token.kind) {
                (Expect::FirstItem | Expect::FirstKey | Expect::More, Lexeme::Close(kind)) => {
                    self.close(kind, range)
                }
                (Expect::Value | Expect::FirstItem, kind) => self.value(kind, range),
                (Expect::FirstKey | Expect::Key, Lexeme::String) => {
                    self.expect = Expect::Colon;
                    Ok((Step::Key, range))
                }
                (
                    Expect::FirstKey | Expect::Key | Expect::Colon | Expect::More,
                    Lexeme::CutString,
                ) => Err(self.flaw(range.start, CUT_STRING)),
                (Expect::FirstKey | Expect::Key, _) => {
                    Err(self.flaw(range.start, "a key is missing"))
                }
                (Expect::Colon, Lexeme::Colon) => {
                    self.expect = Expect::Value;
                    continue;
                }
                (Expect::Colon, _) => Err(self.flaw(range.start, "a colon is missing")),
                (Expect::More, Lexeme::Comma) => {
                    self.expect = match self.open.last() {
                        Some(Container::Object) => Expect::Key,
                        Some(Container::Array) | None => Expect::Value,
                    };
                    continue;
                }
                (Expect::More, _) => Err(self.flaw(range.start, "a comma is missing")),
                (Expect::End, _) => Err(self.flaw(range.start, "something follows the end")),
            };
            return Some(step);
        }
        None
    }
}
