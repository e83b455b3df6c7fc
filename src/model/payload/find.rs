//! Values by their path.

use std::borrow::Cow;

use super::Payload;
use super::arena::{Holding, Kind};
use super::node::{Label, Node};
use super::scalar::Meaning;

/// Where a value stands: keys, field numbers and indexes, with dots between them.
///
/// `order.id` is any `id` directly in any `order`, however deep, through layers;
/// indexes may be left out. A path without capital letters matches keys in any case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    text: String,
    any_case: bool,
}

/// What is looked for at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    text: String,
    any_case: bool,
}

/// A byte of a name in small letters is spelled with so many at most: `\u0041`, `\u212a`.
const MOST_SPELLED: usize = 6;

fn has_capital(text: &str) -> bool {
    text.chars().any(char::is_uppercase)
}

impl Path {
    /// `None` for a path without a name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_matches('.');
        (!text.is_empty()).then(|| Self {
            text: text.to_owned(),
            any_case: !has_capital(text),
        })
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What is left of `rest` in front of its last name, if that is `name`; a key may have dots.
    fn without<'r>(&self, rest: &'r str, name: &str) -> Option<&'r str> {
        let at = rest.len().checked_sub(name.len());
        let (front, back) = match at.and_then(|at| rest.split_at_checked(at)) {
            Some((front, back)) if back == name => (front, back),
            _ if self.any_case => {
                let lower = name.to_lowercase();
                rest.split_at_checked(rest.len().checked_sub(lower.len())?)
                    .filter(|(_, back)| back.to_lowercase() == lower)?
            }
            _ => return None,
        };
        match front.strip_suffix('.') {
            Some(front) => Some(front),
            None => (front.is_empty() && !back.is_empty()).then_some(front),
        }
    }

    /// Whether `node` stands there.
    fn leads_to(&self, node: Node<'_>) -> bool {
        let mut rest = self.text.as_str();
        let mut at = Some(node);
        while let Some(node) = at {
            at = node.parent();
            // What cannot match is not unescaped: it may be long, and above many nodes.
            if node.key_len() > rest.len().saturating_mul(MOST_SPELLED).saturating_add(2) {
                return false;
            }
            let (name, optional) = match node.label() {
                Label::Key(key) => (key, false),
                Label::Field(number) => (Cow::Owned(number.to_string()), false),
                Label::Index(index) => (Cow::Owned(index.to_string()), true),
                Label::Reading => continue,
                Label::Nothing | Label::Tail => return false,
            };
            match self.without(rest, &name) {
                Some("") => return true,
                Some(front) => rest = front,
                None if optional => {}
                None => return false,
            }
        }
        false
    }
}

impl Wanted {
    /// Smart case, as in a search: capital letters count where there are some.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            any_case: !has_capital(text),
        }
    }

    fn is_text(&self, text: &str) -> bool {
        text == self.text || self.any_case && text.to_lowercase() == self.text.to_lowercase()
    }

    fn is_number(&self, text: &str) -> bool {
        if text == self.text {
            return true;
        }
        // By value where both can be told exactly: 5 is 5.0, but 2^64 is not 2^64 + 1.
        if let (Ok(one), Ok(other)) = (text.parse::<i128>(), self.text.parse::<i128>()) {
            return one == other;
        }
        let finite = |text: &str| text.parse::<f64>().ok().filter(|value| value.is_finite());
        // Above 2^53 floats have gaps.
        let exact = |value: &f64| value.abs() < 9_007_199_254_740_992.0;
        let pair = finite(text).zip(finite(&self.text));
        pair.is_some_and(|(one, other)| exact(&one) && one.total_cmp(&other).is_eq())
    }

    /// Whether one of the ways to read `node` spells it.
    fn is(&self, node: Node<'_>) -> bool {
        let text = |node: Node<'_>| node.text().is_some_and(|text| self.is_text(&text));
        match node.kind() {
            Kind::Number => self.is_number(&node.text().unwrap_or_default()),
            Kind::Varint | Kind::Fixed32 | Kind::Fixed64 => {
                node.meanings(None).iter().any(|meaning| match meaning {
                    Meaning::Unsigned(value) => self.is_number(&value.to_string()),
                    Meaning::Signed(value) | Meaning::Zigzag(value) => {
                        self.is_number(&value.to_string())
                    }
                    Meaning::Bool(value) => self.is_text(&value.to_string()),
                    Meaning::Float(value) => self.is_number(&value.to_string()),
                    Meaning::Float32(value) => self.is_number(&value.to_string()),
                    Meaning::Time(_) => false,
                })
            }
            Kind::Bytes | Kind::Delimited(Holding::Bytes) => {
                let is_hex = self.text.len() == node.bytes().len() * 2;
                is_hex && super::encoded::hex(self.text.as_bytes()).as_deref() == Some(node.bytes())
            }
            Kind::String
            | Kind::Word
            | Kind::Text
            | Kind::Choice
            | Kind::Layer(_)
            | Kind::Delimited(_) => text(node) || node.children().any(text),
            Kind::Object | Kind::Array | Kind::Message | Kind::Group | Kind::Damage(_) => false,
        }
    }
}

impl Payload {
    /// The nodes at `path`, in the order of the tree.
    pub fn find<'p>(&'p self, path: &'p Path) -> impl Iterator<Item = Node<'p>> + use<'p> {
        self.root().walk().filter(|node| path.leads_to(*node))
    }

    /// Whether something stands at `path`, and where a value is wanted, that value.
    #[must_use]
    pub fn has(&self, path: &Path, wanted: Option<&Wanted>) -> bool {
        self.find(path).any(|node| {
            let is =
                |wanted: &Wanted| wanted.is(node) || packed_in(node).any(|node| wanted.is(node));
            wanted.is_none_or(is)
        })
    }
}

/// The readings of a node, and what came out of their layers.
fn packed_in(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let readings = node
        .children()
        .filter(|child| child.label() == Label::Reading);
    readings.flat_map(|reading| std::iter::successors(Some(reading), |node| node.best()))
}
