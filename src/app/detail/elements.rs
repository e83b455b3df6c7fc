//! Every element in full.

use std::fmt::Write as _;
use std::sync::Arc;

use super::header::text_or_json;
use super::sheet::Writer;
use super::views::laid;
use super::words;
use super::{forward, media, system};
use crate::app::action::Action;
use crate::app::line::{Line, Role};
use crate::app::view::Gutter;
use crate::model::element::{Body, Content, Element, Kind};
use crate::model::payload::Payload;
use crate::model::text::{self, Clean};

/// How many hex rows of a Data are shown without a key press.
const FIRST_ROWS: usize = 8;

/// All elements of a body, each a stop of its own; a body without elements is one stop.
pub(super) fn body(writer: &mut Writer<'_>, body: &Body) {
    match &body.content {
        Content::Elements(elements) if elements.is_empty() => nothing(writer),
        Content::Elements(elements) => {
            for (i, element) in elements.iter().enumerate() {
                if i > 0 {
                    writer.blank();
                }
                writer.open_stop();
                heading(writer, element, (i + 1, elements.len()));
                writer.indented(|w| one(w, element));
                writer.close_stop();
            }
        }
        Content::System(system) => {
            writer.open_stop();
            writer.marked(
                Gutter::Element,
                &Line::of(Role::System, "system message"),
                2,
            );
            writer.indented(|w| system::write(w, system));
            writer.close_stop();
        }
        Content::Empty => nothing(writer),
        Content::Odd(json) => {
            writer.open_stop();
            writer.marked(
                Gutter::Element,
                &Line::of(Role::Damaged, "a body that is not a list of elements"),
                2,
            );
            writer.indented(|w| own_json(w, json.bytes()));
            writer.close_stop();
        }
    }
}

fn nothing(writer: &mut Writer<'_>) {
    writer.open_stop();
    writer.say(Role::Dim, "(no content in the reply)");
    writer.close_stop();
}

fn heading(writer: &mut Writer<'_>, element: &Element, (number, of): (usize, usize)) {
    let mut line = Line::new();
    line.say(Role::Dim, format!("{number}/{of} "));
    let name = text::clean(&element.name).one_line();
    if name.is_empty() {
        line.push(Role::Damaged, "element without a type");
    } else {
        line.push(Role::Label, name);
    }
    if element.lost {
        line.push(Role::Damaged, "  repaired");
    }
    writer.marked(Gutter::Element, &line, 4);
}

fn one(writer: &mut Writer<'_>, element: &Element) {
    if element.lost {
        writer.say(
            Role::Damaged,
            "What was not valid text in it was replaced by U+FFFD (EF BF BD in hex); what stood \
             there is lost here. The JSON view shows it as it came.",
        );
    }
    match &element.kind {
        Kind::Text(text) => capped(writer, text),
        Kind::Face { index, data } => {
            media::number(writer, "Index", *index, |n| n.to_string());
            data_of(writer, data.as_deref());
        }
        Kind::Custom {
            data,
            desc,
            ext,
            sound,
        } => {
            writer.given("Desc", desc.as_deref());
            app_text(writer, "Ext", ext.as_deref());
            writer.given("Sound", sound.as_deref());
            data_of(writer, data.as_deref());
        }
        Kind::Image {
            uuid,
            format,
            sizes,
        } => media::image(writer, uuid.as_deref(), *format, sizes),
        Kind::Sound {
            url,
            uuid,
            size,
            seconds,
        } => {
            media::number(writer, "length", *seconds, text::duration_s);
            media::stored(writer, *size, uuid.as_deref(), url.as_deref());
        }
        Kind::File {
            url,
            uuid,
            size,
            name,
        } => {
            writer.given("name", name.as_deref());
            media::stored(writer, *size, uuid.as_deref(), url.as_deref());
        }
        Kind::Video(video) => media::video(writer, video),
        Kind::Location {
            desc,
            latitude,
            longitude,
        } => {
            writer.given("Desc", desc.as_deref());
            writer.given("latitude", latitude.as_deref());
            writer.given("longitude", longitude.as_deref());
        }
        Kind::Relay(relay) => forward::card(writer, relay),
        Kind::Stream(stream) => media::stream(writer, stream),
        Kind::Tip(system) => system::write(writer, system),
        Kind::Notice => {
            writer.say(Role::Dim, "A notice of the system; its JSON:");
            own_json(writer, element.raw.bytes());
        }
        Kind::Unknown => {
            writer.say(
                Role::Dim,
                "An element this program does not know; its JSON:",
            );
            own_json(writer, element.raw.bytes());
        }
        Kind::Broken(reason) => {
            let mut words = Clean::from("Cannot be read: ");
            words.push(&text::clean(reason));
            writer.prose(Role::Damaged, &words);
            own_json(writer, element.raw.bytes());
        }
    }
}

/// Text in full. One stretch is more than the largest message the service takes
/// (128 KB, api-facts 1.11); what is longer is left to the other views.
fn capped(writer: &mut Writer<'_>, value: &str) {
    if value.is_empty() {
        writer.say(Role::Dim, "(empty)");
        return;
    }
    let shown = text::stretches(value).next().unwrap_or(value);
    writer.prose(Role::Text, &text::clean(shown));
    let rest = value.len() - shown.len();
    if rest > 0 {
        let key = writer.key(Action::ViewHex);
        let rest = words::bytes(rest as u64);
        writer.say(Role::Warning, format!("... {rest} more; {key} shows all"));
    }
}

fn app_text(writer: &mut Writer<'_>, label: &str, value: Option<&str>) {
    match value {
        Some(value) => text_or_json(writer, label, value),
        None => writer.given(label, None),
    }
}

/// Data as text, and its first hex rows under it.
fn data_of(writer: &mut Writer<'_>, data: Option<&str>) {
    let Some(data) = data.filter(|d| !d.is_empty()) else {
        writer.given("Data", data);
        return;
    };
    let shown = text::stretches(data).next().unwrap_or(data);
    text_or_json(writer, "Data", shown);
    let bytes: Arc<[u8]> = data.as_bytes().into();
    let in_hex = writer.dump(&bytes, Some(FIRST_ROWS));
    let rest = data.len() - in_hex;
    let key = writer.key(Action::ViewHex);
    let mut words = if rest > 0 {
        format!(
            "... {} more; {key} shows all in hex",
            words::count(rest, "byte")
        )
    } else {
        format!(
            "all {}; {key} for hex alone",
            words::count(data.len(), "byte")
        )
    };
    if !Payload::glance(data).is_plain() {
        let _ = write!(words, ", {} decoded", writer.key(Action::ViewDecoded));
    }
    writer.say(Role::Dim, words);
}

/// JSON as it is, indented.
pub(super) fn own_json(writer: &mut Writer<'_>, raw: &[u8]) {
    let (lines, _) = laid(raw);
    writer.lines(&lines);
}
