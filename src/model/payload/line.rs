//! One node in one line.

use super::arena::{Holding, Kind};
use super::damage::Why;
use super::node::{Label, Node};
use super::scalar::Meaning;
use crate::model::message::Timestamp;
use crate::model::time::{self, Zone};

/// What a piece of a line is, for who gives it a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// A key, a field number, an index, or how something is read.
    Key,
    /// A number.
    Number,
    /// A text, with quotes around it.
    Text,
    /// `true`, `false`, `null`.
    Word,
    /// Bytes as hex.
    Bytes,
    /// Our words about it.
    Note,
    /// What is wrong with it.
    Damage,
}

/// Text of a line; more belongs in another view.
const LONGEST: usize = 1_000;

/// Bytes of a line.
const MOST_BYTES: usize = 32;

/// Numbers of a packed list in a line.
const MOST_NUMBERS: usize = 16;

impl Node<'_> {
    /// How it is called, in words: a key, a number, `as JSON`, `tail`; empty for the root.
    /// Not sanitised.
    #[must_use]
    pub fn name(self) -> String {
        match self.label() {
            Label::Nothing => String::new(),
            Label::Key(key) => key.into_owned(),
            Label::Index(index) => index.to_string(),
            Label::Field(number) => number.to_string(),
            Label::Reading => format!("as {}", self.kind_name()),
            Label::Tail => "tail".to_owned(),
        }
    }

    /// What it is, in a word or two.
    #[must_use]
    pub fn kind_name(self) -> &'static str {
        match self.kind() {
            Kind::Object | Kind::Array | Kind::String | Kind::Number | Kind::Word => "JSON",
            Kind::Message | Kind::Delimited(Holding::Message) => "message",
            Kind::Varint => "varint",
            Kind::Fixed64 => "64 bits",
            Kind::Fixed32 => "32 bits",
            Kind::Delimited(Holding::Readings) | Kind::Choice => "several readings",
            Kind::Text | Kind::Delimited(Holding::Text) => "text",
            Kind::Group => "group",
            Kind::Bytes | Kind::Delimited(Holding::Bytes) => "bytes",
            Kind::Layer(layer) => layer.name(),
            Kind::Damage(_) => "damage",
        }
    }

    /// The line of a tree: its name, what it holds, and what else that may be.
    ///
    /// Times are told in `zone`. Not sanitised.
    #[must_use]
    pub fn line(self, zone: &Zone, now: Option<Timestamp>) -> Vec<(Role, String)> {
        let mut line = Vec::new();
        let name = self.name();
        if self.label() != Label::Nothing {
            line.push((Role::Key, name));
        }
        self.value(&mut line);
        for meaning in self.meanings(now) {
            line.push(said(meaning, zone));
        }
        if let Some(bound) = self.bound() {
            line.push((Role::Damage, bound.to_string()));
        }
        if self.parent().is_none() && self.payload().lost() > 0 {
            line.push((Role::Damage, lost(self.payload().lost())));
        }
        line
    }

    fn value(self, line: &mut Vec<(Role, String)>) {
        match self.kind() {
            Kind::Object => self.counted(("member", "members"), line),
            Kind::Array => self.counted(("item", "items"), line),
            Kind::Message | Kind::Group | Kind::Delimited(Holding::Message) => {
                self.counted(("field", "fields"), line);
            }
            Kind::String | Kind::Text | Kind::Delimited(Holding::Text) => {
                let text = self.text().unwrap_or_default();
                line.push((Role::Text, quoted(&text, LONGEST)));
            }
            Kind::Number => line.push((Role::Number, self.text().unwrap_or_default().into_owned())),
            Kind::Word => line.push((Role::Word, self.text().unwrap_or_default().into_owned())),
            Kind::Bytes | Kind::Delimited(Holding::Bytes) => {
                line.push((Role::Bytes, hex(self.bytes())));
                line.push((Role::Note, size(self.bytes().len())));
                let packed = self.packed();
                if !packed.is_empty() {
                    let some = packed.iter().take(MOST_NUMBERS).map(u64::to_string);
                    let some = some.collect::<Vec<_>>().join(", ");
                    let more = if packed.len() > MOST_NUMBERS {
                        ", ..."
                    } else {
                        ""
                    };
                    line.push((Role::Note, format!("packed {some}{more}")));
                }
            }
            Kind::Layer(layer) => {
                if self.label() != Label::Reading {
                    line.push((Role::Note, layer.name().to_owned()));
                }
                let came = self.content().range.len();
                let out = self
                    .children()
                    .next()
                    .map_or(0, |child| child.whole().range.len());
                line.push((Role::Note, format!("{came} bytes hold {out}")));
            }
            Kind::Choice | Kind::Delimited(Holding::Readings) => {
                match self.children().count() {
                    // Its own line says what it is.
                    1 => line.push((Role::Note, size(self.bytes().len()))),
                    count => line.push((Role::Note, format!("{count} readings"))),
                }
            }
            Kind::Damage(why) => {
                if !self.bytes().is_empty() {
                    line.push((Role::Bytes, hex(self.bytes())));
                }
                line.push((Role::Damage, self.damage_words(why)));
            }
            Kind::Varint | Kind::Fixed64 | Kind::Fixed32 => {}
        }
    }

    /// How many children there are, and what kind they are of where no label says so.
    fn counted(self, (one, many): (&str, &str), line: &mut Vec<(Role, String)>) {
        let count = self.children().filter(|node| !node.is_damage()).count();
        let counted = format!("{count} {}", if count == 1 { one } else { many });
        let is_message = matches!(
            self.kind(),
            Kind::Message | Kind::Group | Kind::Delimited(Holding::Message)
        );
        let words = if is_message && self.label() != Label::Reading {
            format!("{}, {counted}", self.kind_name())
        } else {
            counted
        };
        line.push((Role::Note, words));
        if self.children().any(Node::is_damage) {
            line.push((Role::Damage, "damaged".to_owned()));
        }
    }

    /// Whether decoding stopped here.
    #[must_use]
    pub fn is_damage(self) -> bool {
        matches!(self.kind(), Kind::Damage(_))
    }

    /// Why decoding stopped, and where.
    pub(super) fn damage_words(self, why: Why) -> String {
        match why {
            Why::Bound(bound) => bound.to_string(),
            why @ (Why::WireType(_)
            | Why::FieldNumber(_)
            | Why::CutVarint
            | Why::LongVarint
            | Why::Length { .. }
            | Why::StrayEnd(_)
            | Why::OpenGroup(_)
            | Why::Json(_)
            | Why::Compressed) => format!("{why} (at byte {})", self.whole().range.start),
        }
    }
}

/// What it means that U+FFFD stands in a text.
fn lost(count: usize) -> String {
    let (characters, them) = match count {
        1 => ("character was", "it"),
        _ => ("characters were", "them"),
    };
    format!(
        "{count} {characters} lost (U+FFFD) before this came; lengths that counted {them} do not fit"
    )
}

fn said(meaning: Meaning, zone: &Zone) -> (Role, String) {
    match meaning {
        Meaning::Unsigned(value) => (Role::Number, value.to_string()),
        Meaning::Signed(value) => (Role::Note, format!("signed {value}")),
        Meaning::Zigzag(value) => (Role::Note, format!("zigzag {value}")),
        Meaning::Bool(value) => (Role::Note, value.to_string()),
        Meaning::Float(value) => (Role::Note, format!("float {value:?}")),
        Meaning::Float32(value) => (Role::Note, format!("float {value:?}")),
        Meaning::Time(at) => (Role::Note, time::full(at, zone)),
    }
}

/// With quotes around it, cut behind `longest` characters.
pub(super) fn quoted(text: &str, longest: usize) -> String {
    let mut chars = text.chars();
    let mut out = String::from("\"");
    out.extend(chars.by_ref().take(longest));
    if chars.next().is_some() {
        out.push_str("...");
    }
    out.push('"');
    out
}

fn hex(bytes: &[u8]) -> String {
    let shown = bytes.get(..MOST_BYTES).unwrap_or(bytes);
    let pairs: Vec<_> = shown.iter().map(|byte| format!("{byte:02x}")).collect();
    let more = if shown.len() < bytes.len() {
        " ..."
    } else {
        ""
    };
    format!("{}{more}", pairs.join(" "))
}

fn size(bytes: usize) -> String {
    match bytes {
        1 => "1 byte".to_owned(),
        bytes => format!("{bytes} bytes"),
    }
}
