//! The views other than text: JSON and hex, of an element or a whole message.

use std::borrow::Cow;

use super::elements::own_json;
use super::forward::{Stop, element_at};
use super::sheet::Writer;
use super::words;
use crate::app::action::Action;
use crate::app::line::{Line, Role};
use crate::model::element::{Body, Content, Element, Kind};
use crate::model::json::{self, TokenKind};
use crate::model::text::{self, Clean};

/// Coloured lines, each with the cells it is to be indented by.
pub(super) type Lines = Vec<(usize, Line)>;

/// JSON in lines, and whether some of it is none.
pub(super) fn laid(raw: &[u8]) -> (Lines, bool) {
    let pretty = json::pretty(raw);
    let lines = pretty.lines().map(|from| {
        let mut line = Line::new();
        for (kind, token) in from.tokens() {
            let role = match kind {
                TokenKind::Key => Role::JsonKey,
                TokenKind::String => Role::JsonString,
                TokenKind::Number | TokenKind::Word => Role::JsonNumber,
                TokenKind::Punct => Role::Text,
                TokenKind::Broken => Role::Damaged,
            };
            for stretch in text::stretches(token) {
                line.push(role, text::clean(stretch));
            }
        }
        (from.indent, line)
    });
    (lines.collect(), pretty.is_broken())
}

/// The lines of an object or array; `None` for other text.
pub(super) fn structured(text: &str) -> Option<Lines> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let (lines, broken) = laid(text.as_bytes());
    (!broken).then_some(lines)
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
    let name = text::clean(&element.name).one_line();
    format!("{name} ({number}/{siblings})")
}

/// The whole message as the service wrote it; `over` whether that was asked
/// for, or is all there is.
pub(super) fn message_json(writer: &mut Writer<'_>, raw: &[u8], over: bool) {
    let (key, hex) = (writer.key(Action::ToggleRaw), writer.key(Action::ViewHex));
    let size = words::bytes(raw.len() as u64);
    let (back, hex) = if over {
        (format!(" ({key}: back)"), hex)
    } else {
        (String::new(), format!("{key} {hex}"))
    };
    writer.say(
        Role::Dim,
        format!("JSON of the whole message, {size}{back}"),
    );
    let (lines, broken) = laid(raw);
    if broken {
        writer.say(Role::Damaged, "Some of it is not valid JSON.");
    }
    if std::str::from_utf8(raw).is_err() {
        let words = format!("It holds bytes that are not UTF-8, here as U+FFFD; {hex} shows them.");
        writer.say(Role::Damaged, words);
    }
    writer.lines(&lines);
}

/// The bytes of the whole message as they came.
pub(super) fn message_hex(writer: &mut Writer<'_>, raw: &[u8]) {
    let key = writer.key(Action::ToggleRaw);
    let count = words::count(raw.len(), "byte");
    writer.say(
        Role::Dim,
        format!("JSON of the whole message, {count} as they came ({key}: back)"),
    );
    writer.dump(&raw.into(), None);
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
    own_json(writer, element.raw.bytes());
    if let Some(lines) = data_of(element).and_then(structured) {
        writer.blank();
        writer.say(Role::Dim, "its Data, which is JSON too");
        writer.lines(&lines);
    }
    true
}

/// The texts that an app may have packed something into, each with the name of its
/// field: of the element, then of its message; the JSON where there is no such text.
pub(super) fn packed<'b>(
    bodies: &[&'b Body],
    stop: Stop,
    raw: &'b [u8],
) -> Vec<(&'static str, Cow<'b, str>)> {
    let mut texts: Vec<(_, Cow<'b, str>)> = Vec::new();
    let given = |text: &'b Option<String>| Cow::from(text.as_deref().unwrap_or_default());
    let element = element_at(bodies, stop);
    if let Some(Kind::Custom {
        data, desc, ext, ..
    }) = element.map(|e| &e.kind)
    {
        let fields = [("Data", data), ("Ext", ext), ("Desc", desc)];
        texts.extend(fields.map(|(name, text)| (name, given(text))));
    } else if let Some(Kind::Face { data, .. }) = element.map(|e| &e.kind) {
        texts.push(("Data", given(data)));
    } else if let Some(Kind::Text(text)) = element.map(|e| &e.kind) {
        texts.push(("Text", text.into()));
    } else {
        let (name, json) = match element {
            Some(element) => ("element", element.raw.bytes()),
            None => ("message", raw),
        };
        texts.push((name, String::from_utf8_lossy(json)));
    }
    let cloud = bodies.get(stop.body);
    let cloud = cloud.and_then(|body| body.cloud_custom_data.as_deref());
    texts.extend(cloud.map(|text| ("CloudCustomData", text.into())));
    texts.retain(|(_, text)| !text.is_empty());
    texts
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
        let Some(element) = element_at(bodies, stop) else {
            let content = bodies.get(stop.body).map(|body| &body.content);
            return match content {
                Some(Content::System(system)) => {
                    Self::raw("system message's JSON", system.raw.bytes())
                }
                Some(Content::Odd(odd)) => Self::raw("MsgBody", odd.bytes()),
                Some(Content::Elements(_) | Content::Empty) | None => {
                    Self::raw("message's JSON", raw)
                }
            };
        };
        let (field, text) = match (&element.kind, data_of(element)) {
            (_, Some(data)) => ("Data", data),
            (Kind::Text(text), None) => ("Text", text.as_str()),
            (_, None) => return Self::raw(format!("JSON of {name}"), element.raw.bytes()),
        };
        Self {
            what: format!("{field} of {name}"),
            text: Some(text),
            bytes: text.as_bytes(),
            lost: element.lost,
        }
    }

    fn raw(what: impl Into<String>, bytes: &'b [u8]) -> Self {
        Self {
            what: what.into(),
            text: None,
            bytes,
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
    let mut bytes = source.bytes.to_vec();
    let mut obstacle = None;
    let (word, form, other) = if source.text.is_none() {
        ("hex", "as they came", String::new())
    } else if !code_points {
        let other = format!(" ({key}: code points as bytes)");
        ("hex", "of UTF-8", other)
    } else {
        match source.code_points() {
            Ok(points) => {
                bytes = points;
                let other = format!(" ({key}: UTF-8)");
                ("hex of code points", "from code points up to U+00FF", other)
            }
            Err(above) => {
                obstacle = Some(above);
                ("hex", "of UTF-8", String::new())
            }
        }
    };
    writer.call(word);
    let count = words::count(bytes.len(), "byte");
    writer.say(Role::Dim, format!("{}: {count} {form}{other}", source.what));
    if let Some((at, c)) = obstacle {
        let mut words = Clean::ours(format!(
            "Its code points cannot be bytes: character {} is U+{:04X} ",
            at + 1,
            u32::from(c)
        ));
        words.push(&text::clean(c.encode_utf8(&mut [0; 4])));
        words.push_ours(", above U+00FF.");
        writer.prose(Role::Warning, &words);
    }
    if source.lost {
        writer.say(
            Role::Damaged,
            "It had to be repaired: EF BF BD (U+FFFD) stands where it was not valid text. The \
             whole message's JSON shows what came.",
        );
    }
    if bytes.is_empty() {
        writer.say(Role::Dim, "(no bytes)");
    } else {
        writer.dump(&bytes.into(), None);
    }
}
