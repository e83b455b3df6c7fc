//! The views other than text: JSON and hex, of an element or a whole message.

use super::elements::own_json;
use super::forward::{Stop, element_at};
use super::sheet::Writer;
use super::words;
use crate::app::action::Action;
use crate::app::line::{Line, Role};
use crate::model::element::{Body, Content, Element, Kind};
use crate::model::text::{self, Clean};

/// JSON in indented, coloured lines, each with the cells it is indented by;
/// `None` where it is none.
pub(super) fn pretty(raw: &str) -> Option<Vec<(usize, Line)>> {
    let _ = raw;
    None
}

/// How the views name an element: its place among its siblings, and its type.
fn name(bodies: &[&Body], stop: Stop) -> String {
    let Some(element) = element_at(bodies, stop) else {
        return "the message".to_owned();
    };
    let siblings = bodies
        .get(stop.body)
        .map_or(0, |body| super::forward::elements_of(body).len());
    let number = stop.element.map_or(0, |e| e + 1);
    let name = text::clean(element.name.trim()).one_line();
    format!("{name} ({number}/{siblings})")
}

/// The whole message as the service wrote it.
pub(super) fn message_json(writer: &mut Writer<'_>, raw: &[u8]) {
    let size = words::bytes(raw.len() as u64);
    let key = writer.key(Action::ToggleRaw);
    writer.say(
        Role::Dim,
        format!("JSON of the whole message, {size} ({key}: back)"),
    );
    let parsed = std::str::from_utf8(raw).ok().and_then(pretty);
    match parsed {
        Some(lines) => writer.lines(&lines),
        None => {
            writer.say(
                Role::Damaged,
                "These bytes are not valid JSON; they are shown as they came.",
            );
            for stretch in raw.chunks(text::MAX_BYTES / 4) {
                writer.prose(Role::Text, &text::clean_bytes(stretch));
            }
        }
    }
}

/// The JSON of one element, and what of its strings is JSON itself.
pub(super) fn element_json(writer: &mut Writer<'_>, bodies: &[&Body], stop: Stop) -> bool {
    let Some(element) = element_at(bodies, stop) else {
        return false;
    };
    let (name, key) = (name(bodies, stop), writer.key(Action::ToggleRaw));
    writer.say(
        Role::Dim,
        format!("JSON of {name} ({key}: the whole message)"),
    );
    own_json(writer, &element.raw);
    let data = data_of(element).filter(|d| d.trim_start().starts_with(['{', '[']));
    if let Some(lines) = data.and_then(pretty) {
        writer.blank();
        writer.say(Role::Dim, "its Data, which is JSON too");
        writer.lines(&lines);
    }
    true
}

/// What the hex view shows.
struct Source<'b> {
    what: String,
    /// The decoded string; `None` for bytes that are none.
    text: Option<&'b str>,
    bytes: &'b [u8],
    lost: bool,
}

fn data_of(element: &Element) -> Option<&str> {
    if let Kind::Custom { data, .. } | Kind::Face { data, .. } = &element.kind {
        data.as_deref()
    } else {
        None
    }
}

impl<'b> Source<'b> {
    fn of(bodies: &[&'b Body], stop: Stop, raw: &'b [u8]) -> Self {
        let name = name(bodies, stop);
        if let Some(element) = element_at(bodies, stop) {
            let (field, text) = match (&element.kind, data_of(element)) {
                (_, Some(data)) => ("Data", data),
                (Kind::Text(text), None) => ("Text", text.as_str()),
                (_, None) => ("JSON", element.raw.as_str()),
            };
            return Self {
                what: format!("{field} of {name}"),
                text: Some(text),
                bytes: text.as_bytes(),
                lost: element.lost,
            };
        }
        let text = bodies.get(stop.body).and_then(|body| match &body.content {
            Content::System(system) => Some(("body of the system message", system.raw.as_str())),
            Content::Odd(json) => Some(("MsgBody", json.as_str())),
            Content::Elements(_) | Content::Empty => None,
        });
        Self {
            what: text.map_or_else(|| "JSON of the message".to_owned(), |t| t.0.to_owned()),
            text: text.map(|t| t.1),
            bytes: text.map_or(raw, |t| t.1.as_bytes()),
            lost: false,
        }
    }

    /// Each character as one byte, or the first that is above U+00FF with its place.
    fn code_points(&self) -> Result<Vec<u8>, (usize, char)> {
        let Some(text) = self.text else {
            return Ok(self.bytes.to_vec());
        };
        text.chars()
            .enumerate()
            .map(|(at, c)| u8::try_from(c).map_err(|_| (at, c)))
            .collect()
    }
}

/// The bytes of the element or message at `stop`.
pub(super) fn hex(
    writer: &mut Writer<'_>,
    (bodies, stop): (&[&Body], Stop),
    raw: &[u8],
    code_points: bool,
) {
    let source = Source::of(bodies, stop, raw);
    let key = writer.key(Action::ViewHex);
    let count = |bytes: usize| words::count(bytes, "byte");
    let mut bytes = source.bytes.to_vec();
    let mut heading = format!("{}: {}", source.what, count(bytes.len()));
    if source.text.is_none() {
        heading.push_str(", as they came");
    } else if !code_points {
        heading.push_str(&format!(
            ", UTF-8 of the decoded string ({key}: its code points as bytes)"
        ));
    }
    let mut obstacle = None;
    if code_points && source.text.is_some() {
        match source.code_points() {
            Ok(points) => {
                heading = format!(
                    "{}: {} from code points up to U+00FF ({key}: UTF-8)",
                    source.what,
                    count(points.len())
                );
                bytes = points;
            }
            Err((at, c)) => {
                heading.push_str(&format!(", UTF-8 ({key}: back)"));
                let mut words = Clean::ours(format!(
                    "Cannot be read as one byte for each code point: character {} is U+{:04X} ",
                    at + 1,
                    u32::from(c)
                ));
                words.push(&text::clean(c.encode_utf8(&mut [0; 4])));
                words.push_ours(", above U+00FF. So this is its UTF-8 still.");
                obstacle = Some(words);
            }
        }
    }
    writer.prose(Role::Dim, &Clean::ours(heading));
    if let Some(words) = obstacle {
        writer.prose(Role::Warning, &words);
    }
    if source.lost {
        writer.say(
            Role::Damaged,
            "It had to be repaired: EF BF BD (U+FFFD) stands where it was not valid text. The \
             JSON of the whole message shows what came.",
        );
    }
    if bytes.is_empty() {
        writer.say(Role::Dim, "(no bytes)");
    } else {
        writer.dump(&bytes.into(), None);
    }
}

/// What the title says of the hex view.
pub(super) fn hex_word(code_points: bool) -> &'static str {
    if code_points {
        "hex of code points"
    } else {
        "hex"
    }
}
