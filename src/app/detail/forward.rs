//! Merged forwards: what they say of themselves, and the messages in them.

use super::elements;
use super::header;
use super::sheet::Writer;
use super::words;
use crate::app::action::Action;
use crate::app::line::{Line, Role};
use crate::model::element::{Body, Content, Element, Kind, Relay, RelayMessage};
use crate::model::ids::{Seq, UserId};
use crate::model::text::{self, Clean};

/// One thing to step to: an element of a body, or a body that has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stop {
    /// Among the bodies of a level.
    pub(super) body: usize,
    /// Among the elements of that body.
    pub(super) element: Option<usize>,
}

impl Stop {
    /// In a message of which nothing could be decoded.
    pub(super) const NOWHERE: Self = Self {
        body: 0,
        element: None,
    };
}

/// The stops of a level, in the order in which [`elements::body`] writes them.
pub(super) fn stops(bodies: &[&Body]) -> Vec<Stop> {
    let mut stops = Vec::new();
    for (body, at) in bodies.iter().zip(0..) {
        let count = elements_of(body).len();
        if count == 0 {
            stops.push(Stop {
                body: at,
                element: None,
            });
        }
        stops.extend((0..count).map(|element| Stop {
            body: at,
            element: Some(element),
        }));
    }
    stops
}

/// None where the body is of another form.
pub(super) fn elements_of(body: &Body) -> &[Element] {
    match &body.content {
        Content::Elements(elements) => elements,
        Content::System(_) | Content::Empty | Content::Odd(_) => &[],
    }
}

/// The element of a stop.
pub(super) fn element_at<'b>(bodies: &[&'b Body], stop: Stop) -> Option<&'b Element> {
    elements_of(bodies.get(stop.body)?).get(stop.element?)
}

/// The forward of a stop, if it is one.
pub(super) fn relay_at<'b>(bodies: &[&'b Body], stop: Stop) -> Option<&'b Relay> {
    inner(element_at(bodies, stop)?)
}

/// How many forwards stand in one another, this one counted.
pub(super) fn depth(relay: &Relay) -> usize {
    let below = relay.messages.iter().flat_map(|m| elements_of(&m.body));
    let deepest = below.filter_map(|element| inner(element)).map(depth).max();
    1 + deepest.unwrap_or_default()
}

fn inner(element: &Element) -> Option<&Relay> {
    if let Kind::Relay(relay) = &element.kind {
        Some(relay)
    } else {
        None
    }
}

/// A forward as its message shows it.
pub(super) fn card(writer: &mut Writer<'_>, relay: &Relay) {
    writer.given("Title", relay.title.as_deref());
    match relay.count {
        Some(count) => writer.fact("MsgNum", count.to_string()),
        None => writer.given("MsgNum", None),
    }
    for (i, line) in relay.abstracts.iter().enumerate() {
        let label = if i == 0 { "preview" } else { "" };
        writer.field(label, Role::Text, &text::clean(line));
    }
    if let Some(text) = &relay.compatible_text {
        writer.given("CompatibleText", Some(text));
    }
    if let Some(key) = &relay.long_key {
        writer.given("JsonMsgKey", Some(key));
    }
    if !relay.messages.is_empty() {
        let key = writer.key(Action::In);
        let count = words::count(relay.messages.len(), "message");
        writer.say(Role::Media, format!("{key}: read the {count} in it"));
    } else if relay.long_key.is_some() {
        writer.say(
            Role::Warning,
            "Its messages are not in the reply: above 12 KB in all the service gives only this \
             key, and no server call is known that reads it.",
        );
    } else {
        writer.say(Role::Dim, "There are no messages in it.");
    }
}

/// The messages of a forward, each in full.
pub(super) fn list(writer: &mut Writer<'_>, relay: &Relay) {
    let of = relay.messages.len();
    for (i, message) in relay.messages.iter().enumerate() {
        if i > 0 {
            writer.blank();
        }
        writer.lead();
        heading(writer, message, (i + 1, of));
        writer.indented(|w| {
            header::around(w, &message.body);
            elements::body(w, &message.body);
        });
    }
}

fn heading(writer: &mut Writer<'_>, message: &RelayMessage, (number, of): (usize, usize)) {
    let mut line = Line::new();
    line.say(Role::Dim, format!("message {number}/{of}  "));
    match message.sender.as_ref().map(UserId::as_str) {
        Some(id) => line.push(Role::Label, words::user(writer, id, None)),
        None => line.push(Role::Dim, "(no sender)"),
    }
    line.push(Role::Text, "  ");
    match message.time {
        Some(time) => line.push(Role::Time, header::moment(writer, time)),
        None => line.push(Role::Dim, "(no time)"),
    }
    writer.line(&line, 2);
    let facts = [
        message.group.as_deref().map(|id| ("group ", id)),
        message
            .to
            .as_ref()
            .map(UserId::as_str)
            .map(|id| ("to ", id)),
    ];
    let mut line = Line::new();
    for (label, id) in facts.into_iter().flatten() {
        line.push(Role::Dim, label);
        line.push(Role::Text, text::clean(id).one_line());
        line.push(Role::Text, "  ");
    }
    let numbers = [
        ("seq ", message.seq.map(Seq::get)),
        ("random ", message.random),
    ];
    for (label, number) in numbers {
        line.push(Role::Dim, label);
        match number {
            Some(number) => line.say(Role::Text, format!("{number}  ")),
            None => line.push(Role::Dim, "(none)  "),
        }
    }
    writer.indented(|w| w.line(&line, 2));
}

/// The title of a forward, for the path.
pub(super) fn title(relay: &Relay) -> Clean {
    match relay.title.as_deref() {
        None | Some("") => Clean::from("(no title)"),
        Some(title) => text::clean(title).one_line(),
    }
}
