//! What is in a message: its elements, decoded on demand from its own JSON.
//!
//! Pure and total. Every field of every element may be missing or odd
//! (api-facts 1.3, 5, 7), so each is optional, and what cannot be read keeps a
//! reason and its JSON. All text is as it came: not sanitised.

mod forward;
mod kind;
mod summary;
mod system;

use std::cell::Cell;

use super::json::{self, MAX_DEPTH, Node, NodeKind, Repairs, Tape};
use super::message::{Message, Raw};

pub use forward::{Relay, RelayMessage};
pub use kind::{ImageSize, Kind, Stream, Video};
pub use summary::{SummaryPart, summary};
pub use system::{Affected, System};

/// Forwards inside forwards that are decoded; clients make up to 100 (api-facts 5).
pub const MAX_FORWARDS: usize = 128;
/// Elements of one message that are decoded, all forwards together. A message of
/// 12 KB has room for a few hundred.
pub const MAX_ELEMENTS: usize = 2_000;
/// Entries of any other list that are decoded.
const MAX_LISTED: usize = 1_000;

/// The decoded body of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// `MsgBody`, in whichever form it came.
    pub content: Content,
    /// `CloudCustomData`: text of the sending app, often JSON.
    pub cloud_custom_data: Option<String>,
    /// Fields without a place of their own, and known ones with a value we do
    /// not know, each with its JSON.
    pub extra: Vec<(String, Raw)>,
    /// What had to be mended in the whole message; nothing is counted in the
    /// bodies inside a forward.
    pub repairs: Repairs,
}

/// The forms of `MsgBody` (api-facts 1.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// An ordinary message: one element or several.
    Elements(Vec<Element>),
    /// What happened in the group.
    System(System),
    /// No body: missing, null, or nothing in it.
    Empty,
    /// Anything else, as it came.
    Odd(Raw),
}

/// One element of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// What it is, with its fields.
    pub kind: Kind,
    /// `MsgType` without space around it; empty where it is missing.
    pub name: String,
    /// U+FFFD in its text may stand for something that was lost on the way.
    pub lost: bool,
    /// Its own JSON, a part of the message's.
    pub raw: Raw,
}

impl Element {
    /// Where the file, image, sound or video is, as it came; of an image the
    /// original. `None` for anything else, and where the reply gives no address.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        let url = match &self.kind {
            Kind::Image { sizes, .. } => {
                let given = |size: &&ImageSize| size.url.as_ref().is_some_and(|u| !u.is_empty());
                // 1 is the original.
                let original = sizes.iter().filter(given).find(|size| size.kind == Some(1));
                original.or_else(|| sizes.iter().find(given))?.url.as_ref()
            }
            Kind::Sound { url, .. } | Kind::File { url, .. } => url.as_ref(),
            Kind::Video(video) => video.url.as_ref(),
            Kind::Text(_)
            | Kind::Face { .. }
            | Kind::Custom { .. }
            | Kind::Location { .. }
            | Kind::Relay(_)
            | Kind::Stream(_)
            | Kind::Tip(_)
            | Kind::Notice
            | Kind::Unknown
            | Kind::Broken(_) => None,
        };
        url.map(String::as_str).filter(|url| !url.is_empty())
    }
}

impl Body {
    /// Decodes what `message` holds, whatever state it is in.
    ///
    /// Bounded by [`MAX_FORWARDS`] and [`MAX_ELEMENTS`]; what lies beyond says so
    /// and stays in the raw JSON.
    #[must_use]
    pub fn decode(message: &Message) -> Self {
        let bytes = message.raw.bytes();
        let (_, repairs) = json::repair(bytes);
        let lost = if repairs.lost() > 0 {
            json::lost_at(bytes)
        } else {
            Vec::new()
        };
        let decoder = Decoder {
            raw: &message.raw,
            lost: &lost,
            left: &Cell::new(MAX_ELEMENTS),
            forwards: 0,
        };
        let tape = Tape::parse(bytes, MAX_DEPTH);
        let mut body = match &tape {
            Ok(tape) => decoder.body(tape.root(), &[]),
            Err(_) => Self::odd(message.raw.clone()),
        };
        body.repairs = repairs;
        body
    }

    fn odd(raw: Raw) -> Self {
        Self {
            content: Content::Odd(raw),
            cloud_custom_data: None,
            extra: Vec::new(),
            repairs: Repairs::default(),
        }
    }
}

/// The fields that [`Message`] and [`Body`] have a place for.
const KNOWN: &[&str] = &[
    "CloudCustomData",
    "From_Account",
    "IsPlaceMsg",
    "IsSystemMsg",
    "MsgBody",
    "MsgPriority",
    "MsgRandom",
    "MsgSeq",
    "MsgTime",
    "MsgTimeStamp",
];

/// What decoding needs at any depth of one message.
#[derive(Debug, Clone, Copy)]
struct Decoder<'m> {
    raw: &'m Raw,
    /// Where in the message's bytes something is lost, in order.
    lost: &'m [usize],
    /// How many more elements are decoded.
    left: &'m Cell<usize>,
    forwards: usize,
}

impl Decoder<'_> {
    fn part(&self, node: Node<'_>) -> Raw {
        self.raw.part(node.range())
    }

    /// Decodes a message, or one inside a forward, which knows `more` fields.
    fn body(&self, message: Node<'_>, more: &[&str]) -> Body {
        if message.kind() != NodeKind::Object {
            return Body::odd(self.part(message));
        }
        let system = message.field("IsSystemMsg").and_then(Node::flag) == Some(1);
        let extra = message.members().filter_map(|(key, value)| {
            let name = key.text()?;
            let known = KNOWN.contains(&name.as_str()) || more.contains(&name.as_str());
            (!known || is_news(&name, value)).then(|| (name, self.part(value)))
        });
        Body {
            content: match message.field("MsgBody") {
                Some(body) => self.content(body, system),
                None => Content::Empty,
            },
            cloud_custom_data: message.field("CloudCustomData").map(text_or_json),
            extra: extra.take(MAX_LISTED).collect(),
            repairs: Repairs::default(),
        }
    }

    fn content(&self, body: Node<'_>, system: bool) -> Content {
        match body.kind() {
            NodeKind::Array if body.items().next().is_none() => Content::Empty,
            NodeKind::Array => Content::Elements(self.elements(body)),
            NodeKind::Object if body.members().next().is_none() => Content::Empty,
            NodeKind::Object if body.field("MsgType").is_some() => {
                Content::Elements(vec![self.element(body)])
            }
            NodeKind::Object if system || body.get("OpType").is_some() => {
                Content::System(System::read(body, self.part(body)))
            }
            NodeKind::String if body.bytes() == b"\"\"" => Content::Empty,
            NodeKind::Object
            | NodeKind::String
            | NodeKind::Number
            | NodeKind::Word
            | NodeKind::Sealed => Content::Odd(self.part(body)),
        }
    }

    fn elements(&self, list: Node<'_>) -> Vec<Element> {
        let mut elements = Vec::new();
        for item in list.items() {
            let Some(left) = self.left.get().checked_sub(1) else {
                elements.push(Element {
                    kind: Kind::Broken(format!("more than {MAX_ELEMENTS} elements")),
                    name: String::new(),
                    lost: false,
                    raw: self.part(list),
                });
                break;
            };
            self.left.set(left);
            elements.push(self.element(item));
        }
        elements
    }

    fn element(&self, node: Node<'_>) -> Element {
        let range = node.range();
        let first = self.lost.partition_point(|&at| at < range.start);
        let name = node.field("MsgType").and_then(Node::text);
        let name = name.map(|name| name.trim().to_owned()).unwrap_or_default();
        Element {
            kind: self.kind(node, &name),
            lost: self.lost.get(first).is_some_and(|&at| at < range.end),
            raw: self.part(node),
            name,
        }
    }
}

/// A known field whose value says something [`Message`] has no word for.
fn is_news(name: &str, value: Node<'_>) -> bool {
    match name {
        "IsPlaceMsg" => !matches!(value.flag(), Some(0..=2)) && !value.is_null(),
        "MsgPriority" => value.int().is_none() && !value.is_null(),
        _ => false,
    }
}

/// A string as text, anything else as its JSON.
fn text_or_json(node: Node<'_>) -> String {
    node.text().unwrap_or_else(|| json::compact(node.bytes()))
}
