//! One walk over everything in a body that can be looked through.

use std::ops::ControlFlow;

use crate::model::element::{Body, Content, Element, Kind, Relay, System};
use crate::model::json::{self, Node, Tape};
use crate::model::message::Raw;
use crate::model::payload::{Payload, Place};

/// Texts of one message that are looked through; 12 KB have room for fewer.
pub(super) const MAX_PARTS: usize = 10_000;

/// JSON in a string in JSON: apps wrap what they send two or three times.
const MAX_WRAPS: usize = 4;

/// Levels of brackets inside custom data that are looked into.
const MAX_LEVELS: usize = 200;

/// One text on the way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'t> {
    /// How many forwards it is in.
    forwards: usize,
    name: &'static str,
    pub(super) text: &'t str,
}

impl Piece<'_> {
    /// Where it stands, in our words.
    pub(super) fn place(&self) -> String {
        let name = self.name;
        match self.forwards {
            0 => name.to_owned(),
            1 => format!("forward > {name}"),
            forwards => format!("{forwards} forwards > {name}"),
        }
    }
}

/// Breaks off where the visitor says so, and at [`MAX_PARTS`].
pub(super) struct Walk<'v> {
    visit: &'v mut dyn FnMut(Piece<'_>) -> ControlFlow<()>,
    left: usize,
    forwards: usize,
}

/// What an app put into a custom element, or beside the message.
#[derive(Clone, Copy)]
struct Names {
    whole: &'static str,
    json: &'static str,
    wire: &'static str,
    text: &'static str,
}

const DATA: Names = Names {
    whole: "custom Data",
    json: "custom Data > JSON",
    wire: "custom Data > protobuf",
    text: "custom Data > text",
};
const DESC: Names = Names {
    whole: "custom Desc",
    json: "custom Desc > JSON",
    wire: "custom Desc > protobuf",
    text: "custom Desc > text",
};
const EXT: Names = Names {
    whole: "custom Ext",
    json: "custom Ext > JSON",
    wire: "custom Ext > protobuf",
    text: "custom Ext > text",
};
const FACE: Names = Names {
    whole: "face Data",
    json: "face Data > JSON",
    wire: "face Data > protobuf",
    text: "face Data > text",
};
const CLOUD: Names = Names {
    whole: "cloud custom data",
    json: "cloud custom data > JSON",
    wire: "cloud custom data > protobuf",
    text: "cloud custom data > text",
};

impl<'v> Walk<'v> {
    pub(super) fn new(visit: &'v mut dyn FnMut(Piece<'_>) -> ControlFlow<()>) -> Self {
        Self {
            visit,
            left: MAX_PARTS,
            forwards: 0,
        }
    }

    pub(super) fn body(&mut self, body: &Body) -> ControlFlow<()> {
        match &body.content {
            Content::Elements(elements) => {
                for element in elements {
                    self.element(element)?;
                }
            }
            Content::System(system) => self.system(system)?,
            Content::Odd(raw) => match Tape::parse(raw.bytes(), MAX_LEVELS) {
                Ok(tape) => self.tree("unknown body", tape.root(), MAX_WRAPS)?,
                Err(_) => self.broken("broken JSON", raw)?,
            },
            Content::Empty => {}
        }
        self.packed(CLOUD, body.cloud_custom_data.as_ref())
    }

    fn element(&mut self, element: &Element) -> ControlFlow<()> {
        match &element.kind {
            Kind::Text(text) => self.say("text", text),
            Kind::Custom {
                data, desc, ext, ..
            } => {
                self.packed(DATA, data.as_ref())?;
                self.packed(DESC, desc.as_ref())?;
                self.packed(EXT, ext.as_ref())
            }
            Kind::File { name, .. } => self.some("file name", name.as_ref()),
            Kind::Location { desc, .. } => self.some("location", desc.as_ref()),
            Kind::Relay(relay) => self.relay(relay),
            Kind::Stream(stream) => {
                self.some("text", stream.markdown.as_ref())?;
                self.some("compatible text", stream.compatible_text.as_ref())
            }
            Kind::Face { data, .. } => self.packed(FACE, data.as_ref()),
            Kind::Tip(system) if system.op.is_some() => self.system(system),
            // A tip without a type is shown by its label, not in words.
            Kind::Tip(_) | Kind::Notice => self.content("system message", &element.raw),
            Kind::Unknown => self.content("unknown element", &element.raw),
            Kind::Broken(_) => self.content("unreadable element", &element.raw),
            Kind::Image { .. } | Kind::Sound { .. } | Kind::Video(_) => ControlFlow::Continue(()),
        }
    }

    fn relay(&mut self, relay: &Relay) -> ControlFlow<()> {
        self.forwards += 1;
        self.some("title", relay.title.as_ref())?;
        for line in &relay.abstracts {
            self.say("abstract", line)?;
        }
        self.some("compatible text", relay.compatible_text.as_ref())?;
        for message in &relay.messages {
            self.body(&message.body)?;
        }
        self.forwards -= 1;
        ControlFlow::Continue(())
    }

    /// The sentence that is shown, and the nicks, which it does not name.
    fn system(&mut self, system: &System) -> ControlFlow<()> {
        const NAME: &str = "system message";
        self.say(NAME, &system.words())?;
        self.some(NAME, system.operator_nick.as_ref())?;
        for member in &system.members {
            self.some(NAME, member.nick.as_ref())?;
        }
        ControlFlow::Continue(())
    }

    fn packed(&mut self, names: Names, text: Option<&String>) -> ControlFlow<()> {
        let Some(text) = text else {
            return ControlFlow::Continue(());
        };
        self.say(names.whole, text)?;
        let payload = Payload::of(text);
        let mut texts = payload.texts();
        texts.try_for_each(|(place, text)| {
            let name = match place {
                Place::Json => names.json,
                Place::Protobuf => names.wire,
                Place::Text => names.text,
            };
            self.say(name, &text)
        })
    }

    /// What an element we have no words for holds; all of it where there is no content.
    fn content(&mut self, name: &'static str, raw: &Raw) -> ControlFlow<()> {
        let Ok(tape) = Tape::parse(raw.bytes(), MAX_LEVELS) else {
            return self.broken(name, raw);
        };
        let root = tape.root();
        self.tree(name, root.field("MsgContent").unwrap_or(root), MAX_WRAPS)
    }

    /// What is no JSON, or only the beginning of it: as it stands, and unescaped.
    fn broken(&mut self, name: &'static str, raw: &Raw) -> ControlFlow<()> {
        let (text, _) = json::repair(raw.bytes());
        self.say(name, &text)?;
        if !text.contains('\\') {
            return ControlFlow::Continue(());
        }
        // A last string without its end is one that was cut off.
        let mut rest = text.as_ref();
        while let Some((_, from)) = rest.split_once('"') {
            let length = string_length(from);
            let (inside, after) = from.split_at_checked(length).unwrap_or((from, ""));
            rest = after.strip_prefix('"').unwrap_or_default();
            if inside.contains('\\') {
                self.say(name, &unescaped(inside))?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Keys and strings in their order, unescaped; and those in strings that are JSON again.
    fn tree(&mut self, name: &'static str, root: Node<'_>, wraps: usize) -> ControlFlow<()> {
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            if let Some(text) = node.string() {
                self.say(name, &text)?;
                let inner = wraps.checked_sub(1).zip(tape(text.as_bytes()));
                if let Some((wraps, tape)) = inner {
                    self.tree(name, tape.root(), wraps)?;
                }
            }
            let from = open.len();
            open.extend(node.members().flat_map(|(key, value)| [key, value]));
            open.extend(node.items());
            if let Some(children) = open.get_mut(from..) {
                children.reverse();
            }
        }
        ControlFlow::Continue(())
    }

    fn some(&mut self, name: &'static str, text: Option<&String>) -> ControlFlow<()> {
        text.map_or(ControlFlow::Continue(()), |text| self.say(name, text))
    }

    fn say(&mut self, name: &'static str, text: &str) -> ControlFlow<()> {
        if text.is_empty() {
            return ControlFlow::Continue(());
        }
        let Some(left) = self.left.checked_sub(1) else {
            return ControlFlow::Break(());
        };
        self.left = left;
        (self.visit)(Piece {
            forwards: self.forwards,
            name,
            text,
        })
    }
}

/// Bytes up to the closing quote, or to the end.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.unwrap_or(text.len())
}

/// What stands inside a JSON string, without an escape that was cut off.
fn unescaped(text: &str) -> String {
    [Some(text), text.strip_suffix('\\')]
        .into_iter()
        .flatten()
        .find_map(|text| {
            let quoted = format!("\"{text}\"");
            Tape::parse(quoted.as_bytes(), 1).ok()?.root().string()
        })
        .unwrap_or_default()
}

/// JSON that may hold strings; most text is told apart by its first character.
fn tape(bytes: &[u8]) -> Option<Tape<'_>> {
    let first = bytes.trim_ascii_start().first()?;
    matches!(first, b'{' | b'[' | b'"')
        .then(|| Tape::parse(bytes, MAX_LEVELS).ok())
        .flatten()
}
