//! A message in all versions that are known of it, decoded.

use super::elements;
use super::forward::{self, Stop};
use super::header::{self, STILL};
use super::sheet::Writer;
use super::subject::Shown;
use super::words;
use crate::app::line::Role;
use crate::model::element::{Body, Content, Relay};
use crate::model::message::{ItemState, Message, Timestamp};
use crate::model::timeline::SeqState;

/// The message, then what was first seen where it differs, then its strays.
#[derive(Debug, Clone, Default)]
pub(super) struct Versions {
    items: Vec<(Message, Body)>,
    /// What else decides what is written.
    around: Option<(SeqState, Option<SeqState>, Option<Timestamp>)>,
}

fn messages<'a>(shown: &Shown<'a>) -> impl Iterator<Item = &'a Message> {
    let first = shown.first.and_then(|(_, message)| message);
    std::iter::once(shown.message)
        .chain(first)
        .chain(shown.strays)
}

fn around(shown: &Shown<'_>) -> (SeqState, Option<SeqState>, Option<Timestamp>) {
    (
        shown.state,
        shown.first.map(|(state, _)| *state),
        shown.as_of,
    )
}

impl Versions {
    pub(super) fn of(shown: &Shown<'_>) -> Self {
        let decoded = messages(shown).map(|message| {
            let mut body = Body::decode(message);
            if matches!(message.state, ItemState::Unreadable(_)) {
                // Its bytes are shown instead, as the one thing to step to.
                body.content = Content::Empty;
            }
            (message.clone(), body)
        });
        Self {
            items: decoded.collect(),
            around: Some(around(shown)),
        }
    }

    /// Whether nothing of what was decoded has changed since.
    pub(super) fn are_of(&self, shown: &Shown<'_>) -> bool {
        self.around == Some(around(shown)) && self.hold_the_messages_of(shown)
    }

    /// Whether the messages are the same, whatever else is known of them by now.
    pub(super) fn hold_the_messages_of(&self, shown: &Shown<'_>) -> bool {
        self.items.iter().map(|(m, _)| m).eq(messages(shown))
    }

    /// The bodies at the end of a path: the versions, or the messages of a
    /// forward; none where the path leads nowhere.
    pub(super) fn bodies(&self, path: &[Stop]) -> Vec<&Body> {
        if path.is_empty() {
            return self.items.iter().map(|(_, body)| body).collect();
        }
        let relay = self.relay(path);
        relay.map_or_else(Vec::new, |r| r.messages.iter().map(|m| &m.body).collect())
    }

    /// The forward at the end of a path; none for the empty path.
    pub(super) fn relay(&self, path: &[Stop]) -> Option<&Relay> {
        let (&last, before) = path.split_last()?;
        forward::relay_at(&self.bodies(before), last)
    }

    /// The JSON of version `index`, as it came.
    pub(super) fn raw(&self, index: usize) -> &[u8] {
        let item = self.items.get(index);
        item.map(|(message, _)| message.raw.bytes())
            .unwrap_or_default()
    }

    /// The whole text view.
    pub(super) fn write(&self, writer: &mut Writer<'_>, shown: &Shown<'_>) {
        let mut items = self.items.iter();
        let Some((message, body)) = items.next() else {
            return;
        };
        let low = writer.frame.is_low();
        if low {
            header::brief(writer, message);
        } else {
            header::header(writer, shown, body);
        }
        if shown.first.is_some() {
            writer.blank();
            writer.say(
                Role::Warning,
                "changed since first seen: this is what came last",
            );
        }
        content(writer, message, body);
        if low {
            writer.blank();
            header::header(writer, shown, body);
        }
        if let Some((state, first)) = shown.first {
            writer.blank();
            writer.say(
                Role::Warning,
                format!("first seen in this session: {}", state_words(*state)),
            );
            match first.and_then(|_| items.next()) {
                Some((message, body)) => writer.indented(|w| {
                    header::envelope(w, message);
                    header::around(w, body);
                    content(w, message, body);
                }),
                None => writer.say(Role::Dim, "There was no item for this seq."),
            }
        }
        if shown.strays.is_empty() {
            return;
        }
        writer.blank();
        let strays = words::count(shown.strays.len(), "item");
        writer.say(
            Role::Warning,
            format!("{strays} without a seq came right behind it, and can stand nowhere else:"),
        );
        for (message, body) in items {
            writer.blank();
            writer.indented(|w| {
                header::envelope(w, message);
                header::around(w, body);
                content(w, message, body);
            });
        }
    }
}

/// What became of the message, and its elements.
fn content(writer: &mut Writer<'_>, message: &Message, body: &Body) {
    header::condition(writer, message, &body.repairs);
    writer.blank();
    let empty = match &body.content {
        Content::Empty => true,
        Content::Elements(elements) => elements.is_empty(),
        Content::System(_) | Content::Odd(_) => false,
    };
    match &message.state {
        ItemState::Present => {}
        ItemState::Gone | ItemState::Recalled => {
            if !empty {
                writer.say(Role::Warning, STILL);
                writer.blank();
            }
        }
        ItemState::Unreadable(_) => {
            writer.open_stop();
            elements::own_json(writer, message.raw.bytes());
            writer.close_stop();
            return;
        }
    }
    elements::body(writer, body);
}

const fn state_words(state: SeqState) -> &'static str {
    match state {
        SeqState::Present => "present",
        SeqState::Gone => "gone (deleted, expired or never stored)",
        SeqState::Recalled => "recalled",
        SeqState::Withheld => "withheld (covered by the reply, but not in it)",
        SeqState::Unreadable => "unreadable",
        SeqState::Unfetched => "not loaded",
    }
}
