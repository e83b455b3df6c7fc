//! A parsed text as a flat list of entries: one pass, no recursion, no copies.

use std::borrow::Cow;
use std::ops::Range;

use super::lex::Container;
use super::steps::{Flaw, Step, Steps};
use super::string;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// `{...}`
    Object,
    /// `[...]`
    Array,
    /// `"..."`
    String,
    /// Begins like a number; its spelling is not checked.
    Number,
    /// `true`, `false`, `null`, or what should not be there.
    Word,
    /// A container below the levels that were read; has no children here.
    Sealed,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    kind: NodeKind,
    start: u32,
    end: u32,
    /// The entry behind this value and everything in it.
    next: u32,
}

/// A text of JSON whose structure is in order. Strings and numbers are looked
/// at only when asked for, so one odd value costs nothing but itself.
#[derive(Debug)]
pub struct Tape<'a> {
    bytes: &'a [u8],
    entries: Vec<Entry>,
}

impl<'a> Tape<'a> {
    /// Reads the outer `levels` levels of containers; brackets further in are only matched.
    ///
    /// # Errors
    /// Where brackets, commas, colons or quotes are not in order, or the text is cut.
    pub fn parse(bytes: &'a [u8], levels: usize) -> Result<Self, Flaw> {
        if u32::try_from(bytes.len()).is_err() {
            return Err(Flaw {
                at: 0,
                what: "4 GiB or more",
            });
        }
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let mut entries: Vec<Entry> = Vec::new();
        let mut open = Vec::new();
        for step in Steps::new(bytes, levels) {
            let (step, range) = step?;
            let kind = match step {
                Step::Close => {
                    let next = offset(entries.len());
                    if let Some(entry) = open.pop().and_then(|at: usize| entries.get_mut(at)) {
                        entry.end = offset(range.end);
                        entry.next = next;
                    }
                    continue;
                }
                Step::Open(container) => {
                    open.push(entries.len());
                    match container {
                        Container::Object => NodeKind::Object,
                        Container::Array => NodeKind::Array,
                    }
                }
                Step::Key | Step::String => NodeKind::String,
                Step::Number => NodeKind::Number,
                Step::Word => NodeKind::Word,
                Step::Sealed => NodeKind::Sealed,
            };
            entries.push(Entry {
                kind,
                start: offset(range.start),
                end: offset(range.end),
                next: offset(entries.len() + 1),
            });
        }
        Ok(Self { bytes, entries })
    }

    /// The outermost value.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node { tape: self, at: 0 }
    }
}

/// One value of a [`Tape`].
#[derive(Debug, Clone, Copy)]
pub struct Node<'t> {
    tape: &'t Tape<'t>,
    at: usize,
}

impl<'t> Node<'t> {
    fn entry(self) -> Entry {
        // A tape always has a root, and nodes are made from entries only.
        self.tape.entries.get(self.at).copied().unwrap_or(Entry {
            kind: NodeKind::Word,
            start: 0,
            end: 0,
            next: u32::MAX,
        })
    }

    /// What the value is.
    #[must_use]
    pub fn kind(self) -> NodeKind {
        self.entry().kind
    }

    /// Where it stands in the text.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        let entry = self.entry();
        entry.start as usize..entry.end as usize
    }

    /// Its own bytes, untouched.
    #[must_use]
    pub fn bytes(self) -> &'t [u8] {
        self.tape.bytes.get(self.range()).unwrap_or_default()
    }

    /// Its own spelling; what is not UTF-8 becomes U+FFFD.
    #[must_use]
    pub fn spelling(self) -> Cow<'t, str> {
        String::from_utf8_lossy(self.bytes())
    }

    /// `null`.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.bytes() == b"null"
    }

    fn children(self, of: NodeKind) -> Range<usize> {
        let entry = self.entry();
        if entry.kind == of {
            self.at + 1..entry.next as usize
        } else {
            0..0
        }
    }

    /// The values of an array, in order; nothing for all else.
    pub fn items(self) -> impl Iterator<Item = Node<'t>> {
        let Range { mut start, end } = self.children(NodeKind::Array);
        std::iter::from_fn(move || {
            let node = (start < end).then_some(Node { at: start, ..self })?;
            start = node.entry().next as usize;
            Some(node)
        })
    }

    /// The keys and values of an object, in order, doubled keys twice; nothing for all else.
    pub fn members(self) -> impl Iterator<Item = (Node<'t>, Node<'t>)> {
        let Range { mut start, end } = self.children(NodeKind::Object);
        std::iter::from_fn(move || {
            let key = (start < end).then_some(Node { at: start, ..self })?;
            let value = Node {
                at: start + 1,
                ..self
            };
            start = value.entry().next as usize;
            Some((key, value))
        })
    }

    /// The value of a key; the last one where the key is doubled, as most parsers do.
    #[must_use]
    pub fn get(self, name: &str) -> Option<Self> {
        self.members()
            .filter(|(key, _)| key.is_named(name))
            .last()
            .map(|(_, value)| value)
    }

    /// As [`Node::get`], with `null` read as missing.
    #[must_use]
    pub fn field(self, name: &str) -> Option<Self> {
        self.get(name).filter(|value| !value.is_null())
    }

    fn is_named(self, name: &str) -> bool {
        let bytes = self.bytes();
        if bytes.contains(&b'\\') {
            return string::decode(bytes) == name;
        }
        bytes
            .strip_prefix(b"\"")
            .and_then(|rest| rest.strip_suffix(b"\""))
            == Some(name.as_bytes())
    }

    /// What a string says; `None` for all else. Not sanitised.
    #[must_use]
    pub fn string(self) -> Option<String> {
        (self.kind() == NodeKind::String).then(|| string::decode(self.bytes()))
    }

    /// What a string says, or the spelling of a number or word; `None` for
    /// `null` and containers. Not sanitised.
    #[must_use]
    pub fn text(self) -> Option<String> {
        match self.kind() {
            NodeKind::String => self.string(),
            NodeKind::Number => Some(self.spelling().into_owned()),
            NodeKind::Word => (!self.is_null()).then(|| self.spelling().into_owned()),
            NodeKind::Object | NodeKind::Array | NodeKind::Sealed => None,
        }
    }

    /// A whole number, written as a number, a string, or a float without
    /// fraction (api-facts 7).
    #[must_use]
    pub fn int(self) -> Option<i64> {
        integer(self.text()?.trim())
    }

    /// As [`Node::int`], with `true` and `false` for 1 and 0.
    #[must_use]
    pub fn flag(self) -> Option<i64> {
        match self.bytes() {
            b"true" => Some(1),
            b"false" => Some(0),
            _ => self.int(),
        }
    }

    /// As [`Node::int`], up to 64 bits and never below 0.
    #[must_use]
    pub fn unsigned(self) -> Option<u64> {
        let text = self.text()?;
        text.trim()
            .parse()
            .ok()
            .or_else(|| self.int().and_then(|number| number.try_into().ok()))
    }

    /// As [`Node::int`], for what has 32 bits.
    #[must_use]
    pub fn u32(self) -> Option<u32> {
        self.unsigned().and_then(|number| number.try_into().ok())
    }
}

/// Above 2^53 neighbouring whole numbers share a float, so such a float names none of them.
const EXACT: f64 = 9_007_199_254_740_992.0;

fn integer(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let float: f64 = text.parse().ok()?;
    (float.fract() == 0.0 && float.abs() < EXACT)
        .then(|| format!("{float:.0}"))
        .and_then(|text| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tape(text: &str) -> Tape<'_> {
        Tape::parse(text.as_bytes(), 10).expect("the structure is in order")
    }

    #[test]
    fn members_items_and_ranges_agree_with_the_text() {
        let tape = tape(r#"{"a":[1,{"b":2},"x"],"c":null,"a\u0062":{}}"#);
        let root = tape.root();
        let items: Vec<_> = root.get("a").expect("a").items().collect();
        let spelled: Vec<_> = items.iter().map(|node| node.spelling()).collect();
        assert_eq!(spelled, ["1", r#"{"b":2}"#, r#""x""#]);
        assert!(root.get("c").expect("c").is_null());
        assert!(root.field("c").is_none());
        assert_eq!(root.get("ab").map(Node::kind), Some(NodeKind::Object));
        assert_eq!(root.members().count(), 3);
    }

    #[test]
    fn of_doubled_keys_the_last_counts() {
        assert_eq!(
            tape(r#"{"a":1,"a":2}"#).root().get("a").and_then(Node::int),
            Some(2)
        );
    }

    #[test]
    fn numbers_are_read_however_they_are_written() {
        for (text, number) in [
            ("7", Some(7)),
            ("\" 7 \"", Some(7)),
            ("7.0", Some(7)),
            ("1e3", Some(1000)),
            ("true", None),
            ("-3", Some(-3)),
            ("7.5", None),
            ("1e300", None),
            ("\"inf\"", None),
            ("\"\"", None),
            ("null", None),
            ("[7]", None),
        ] {
            assert_eq!(tape(text).root().int(), number, "{text}");
        }
        assert_eq!(
            tape("18446744073709551615").root().unsigned(),
            Some(u64::MAX)
        );
        assert_eq!(tape("4294967296").root().u32(), None);
        assert_eq!(tape("true").root().flag(), Some(1));
    }

    #[test]
    fn below_the_levels_only_brackets_are_matched() {
        let text = r#"{"l":[{"x" 1,,},[{}]]}"#;
        let tape = Tape::parse(text.as_bytes(), 2).expect("brackets match");
        let items: Vec<_> = tape.root().get("l").expect("l").items().collect();
        assert_eq!(items.len(), 2);
        assert_eq!(items[0].spelling(), r#"{"x" 1,,}"#);
        assert_eq!(items[0].kind(), NodeKind::Sealed);
        assert!(Tape::parse(br#"{"l":[{"x":[}]]}"#, 2).is_err());
    }

    #[test]
    fn a_flaw_says_where() {
        for (text, at) in [
            ("", 0),
            ("[1", 2),
            ("[1,]", 3),
            ("{\"a\" 1}", 5),
            ("1 2", 2),
            ("{1:2}", 1),
        ] {
            assert_eq!(
                Tape::parse(text.as_bytes(), 9).expect_err(text).at,
                at,
                "{text}"
            );
        }
    }
}
