//! Tokens of JSON text, without grammar. Byte-wise: UTF-8 or not does not matter here.

use std::ops::Range;

/// What encloses members or items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Container {
    Object,
    Array,
}

/// The kind of one token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lexeme {
    Open(Container),
    Close(Container),
    Comma,
    Colon,
    /// With both quotes; escapes are not checked.
    String,
    /// A string whose closing quote is missing: it runs to the end.
    CutString,
    /// Anything that begins like a number.
    Number,
    /// Anything else: `true`, `false`, `null`, or what has no business here.
    Word,
}

impl Lexeme {
    pub(crate) fn is_scalar(self) -> bool {
        match self {
            Self::String | Self::CutString | Self::Number | Self::Word => true,
            Self::Open(_) | Self::Close(_) | Self::Comma | Self::Colon => false,
        }
    }
}

/// One token and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Lexeme,
    pub(crate) range: Range<usize>,
}

/// Splits bytes into tokens; skips white space and a byte order mark in front.
#[derive(Debug, Clone)]
pub(crate) struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        let at = if bytes.starts_with(b"\xEF\xBB\xBF") {
            3
        } else {
            0
        };
        Self { bytes, at }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Moves behind the closing quote; false where there is none.
    fn skip_string(&mut self) -> bool {
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'"' => return true,
                // Whatever is escaped cannot close the string.
                b'\\' => self.at = (self.at + 1).min(self.bytes.len()),
                _ => {}
            }
        }
        false
    }

    fn skip_scalar(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b'{' | b'}' | b'[' | b']' | b',' | b':' | b'"' => {
                    return;
                }
                _ => self.at += 1,
            }
        }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
        let start = self.at;
        let first = self.peek()?;
        self.at += 1;
        let kind = match first {
            b'{' => Lexeme::Open(Container::Object),
            b'}' => Lexeme::Close(Container::Object),
            b'[' => Lexeme::Open(Container::Array),
            b']' => Lexeme::Close(Container::Array),
            b',' => Lexeme::Comma,
            b':' => Lexeme::Colon,
            b'"' if self.skip_string() => Lexeme::String,
            b'"' => Lexeme::CutString,
            b'-' | b'0'..=b'9' => {
                self.skip_scalar();
                Lexeme::Number
            }
            _ => {
                self.skip_scalar();
                Lexeme::Word
            }
        };
        Some(Token {
            kind,
            range: start..self.at,
        })
    }
}
