//! Splits a line into terms and their values, right or wrong.

use std::borrow::Cow;
use std::ops::Range;

use super::term::Key;
use crate::model::needle;

/// One term as it was typed.
#[derive(Debug)]
pub(super) struct Typed<'t> {
    pub(super) at: Range<usize>,
    pub(super) negated: bool,
    pub(super) head: Head,
    /// Empty where nothing follows.
    pub(super) first: Value<'t>,
    /// Behind commas.
    pub(super) more: Vec<Value<'t>>,
    /// What follows a closing quote without a space; may be empty.
    pub(super) glued: Range<usize>,
}

impl<'t> Typed<'t> {
    /// All of them, one and more.
    pub(super) fn values(&self) -> impl DoubleEndedIterator<Item = &Value<'t>> {
        std::iter::once(&self.first).chain(&self.more)
    }
}

/// What a term begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Head {
    /// A key and a colon.
    Key(Key),
    /// Nothing: the value is a text to look for.
    Bare,
    /// Something that would be a key, and is none.
    Unknown(Range<usize>),
}

/// One value as it was typed.
#[derive(Debug)]
pub(super) struct Value<'t> {
    /// With its quotes.
    pub(super) whole: Range<usize>,
    /// Without them.
    pub(super) inner: Range<usize>,
    /// What it says.
    pub(super) text: Cow<'t, str>,
    pub(super) quote: Quote,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quote {
    None,
    Closed,
    Open,
}

/// A place in the line; iterates over its terms.
#[derive(Debug)]
pub(super) struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Iterator for Lexer<'t> {
    type Item = Typed<'t>;

    fn next(&mut self) -> Option<Typed<'t>> {
        self.skip(char::is_whitespace);
        let start = self.at;
        if self.rest().is_empty() {
            return None;
        }
        let negated = self.eat("-");
        let head = self.head();
        let is_list = matches!(&head, Head::Key(key) if key.is_list());
        let is_text = matches!(head, Head::Bare | Head::Key(Key::Text));
        let first = if is_text {
            self.text_value()
        } else if head == Head::Key(Key::Data) {
            self.data_value()
        } else {
            self.value(is_list)
        };
        let mut more = Vec::new();
        while is_list && self.eat(",") {
            more.push(self.value(true));
        }
        let glued = self.at;
        self.skip(|c| !c.is_whitespace());
        Some(Typed {
            at: start..self.at,
            negated,
            head,
            first,
            more,
            glued: glued..self.at,
        })
    }
}

impl<'t> Lexer<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn slice(&self, range: &Range<usize>) -> &'t str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    fn eat(&mut self, what: &str) -> bool {
        let there = self.rest().starts_with(what);
        if there {
            self.at += what.len();
        }
        there
    }

    fn skip(&mut self, what: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(what).len();
    }

    fn head(&mut self) -> Head {
        let rest = self.rest();
        let tail = rest.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '_');
        let length = rest.len() - tail.len();
        let name = rest.get(..length).unwrap_or_default();
        // An input method for Chinese writes the full-width colon.
        let colon = [":", "\u{ff1a}"].into_iter().find(|c| tail.starts_with(c));
        let Some(colon) = colon.filter(|_| length > 0) else {
            return Head::Bare;
        };
        if let Some(key) = Key::named(name) {
            self.at += length + colon.len();
            return Head::Key(key);
        }
        let is_address = tail.starts_with("://");
        if colon != ":" || is_address || needle::pattern(rest).is_some() {
            return Head::Bare;
        }
        Head::Unknown(self.at..self.at + length)
    }

    fn value(&mut self, is_list: bool) -> Value<'t> {
        let start = self.at;
        if self.eat("\"") {
            let (inner, quote) = self.quoted();
            return Value {
                whole: start..self.at,
                text: unescaped(self.slice(&inner)),
                inner,
                quote,
            };
        }
        self.skip(|c| !(c.is_whitespace() || is_list && c == ','));
        self.plain(start..self.at)
    }

    /// As [`Lexer::value`]; a pattern keeps its backslashes, and its quotes may
    /// stand behind the mark.
    fn text_value(&mut self) -> Value<'t> {
        let start = self.at;
        if let Some(pattern) = needle::pattern(self.rest())
            && pattern.starts_with('"')
        {
            self.at = self.text.len() - pattern.len() + 1;
            let (_, quote) = self.quoted();
            return Value {
                quote,
                ..self.plain(start..self.at)
            };
        }
        let mut value = self.value(false);
        let inner = self.slice(&value.inner);
        if value.quote != Quote::None && needle::pattern(inner).is_some() {
            value.text = Cow::Borrowed(inner);
        }
        value
    }

    /// As [`Lexer::value`]; quotes may stand behind the equals sign.
    fn data_value(&mut self) -> Value<'t> {
        let start = self.at;
        let word = self.rest().split(char::is_whitespace).next();
        let path = word.filter(|word| !word.starts_with('"'));
        let Some((path, _)) = path.and_then(|word| word.split_once("=\"")) else {
            return self.value(false);
        };
        self.at += path.len() + "=\"".len();
        let (inner, quote) = self.quoted();
        Value {
            whole: start..self.at,
            text: Cow::Owned(format!("{path}={}", unescaped(self.slice(&inner)))),
            inner: start..self.at,
            quote,
        }
    }

    /// From behind the opening quote to behind the closing one.
    fn quoted(&mut self) -> (Range<usize>, Quote) {
        let start = self.at;
        let mut chars = self.rest().char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.at = start + at + 1;
                    return (start..start + at, Quote::Closed);
                }
                '\\' => drop(chars.next()),
                _ => {}
            }
        }
        self.at = self.text.len();
        (start..self.at, Quote::Open)
    }

    fn plain(&self, range: Range<usize>) -> Value<'t> {
        Value {
            text: Cow::Borrowed(self.slice(&range)),
            whole: range.clone(),
            inner: range,
            quote: Quote::None,
        }
    }
}

/// `\"` and `\\` as what they stand for; other backslashes stay.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let escaped = (c == '\\').then(|| chars.next_if(|c| matches!(c, '"' | '\\')));
        out.push(escaped.flatten().unwrap_or(c));
    }
    Cow::Owned(out)
}

/// `value` so that it reads as one value of a list.
pub(super) fn quote(value: &str) -> Cow<'_, str> {
    let odd = |c: char| c.is_whitespace() || matches!(c, ',' | '"');
    if !value.is_empty() && !value.contains(odd) {
        return Cow::Borrowed(value);
    }
    let value = value.replace('\\', "\\\\").replace('"', "\\\"");
    Cow::Owned(format!("\"{value}\""))
}
