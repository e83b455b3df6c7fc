//! The texts of a message that a search looks through.
//!
//! What somebody wrote or a reader sees: text, file names, custom elements and
//! what is packed in them, places, forwards to any depth, what happened in the
//! group. Not who sent it, not addresses and names of media at the service.
//! Recalled messages are looked through as far as their body is still there.

mod data;
#[cfg(test)]
mod tests;
mod walk;

use std::ops::{ControlFlow, Range};

pub use self::data::Written;
use self::walk::{Piece, Walk};
use super::element::{Body, Content, Kind};
use super::message::Message;
use super::needle::Needle;
use super::payload::{Path, Payload, Wanted};

/// Where in a message something was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// What kind of text it is, in our words: `text`, `custom Data`, `forward > text`.
    pub part: String,
    /// The part's whole text as it came: not sanitised.
    pub text: String,
    /// Which bytes of it.
    pub at: Range<usize>,
}

/// One text of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// As [`Hit::part`].
    pub name: String,
    /// As it came: not sanitised, not empty.
    pub text: String,
}

/// The short names of element types, as `type:` takes them.
pub const KINDS: &[&str] = &[
    "text", "face", "custom", "image", "sound", "file", "video", "location", "forward", "stream",
    "system", "unknown",
];

/// A message decoded once, for several questions.
#[derive(Debug)]
pub struct Haystack {
    body: Body,
    system: bool,
}

impl Haystack {
    /// Decodes what `message` holds, whatever state it is in.
    #[must_use]
    pub fn of(message: &Message) -> Self {
        Self {
            body: Body::decode(message),
            system: message.system,
        }
    }

    /// The first place in the first text that holds `needle`.
    #[must_use]
    pub fn find(&self, needle: &Needle) -> Option<Hit> {
        let mut hit = None;
        self.any(|piece| {
            let at = needle.places(piece.text).next();
            hit = at.map(|at| Hit {
                part: piece.place(),
                text: piece.text.to_owned(),
                at,
            });
            hit.is_some()
        });
        hit
    }

    /// Whether any text holds `needle`; cheaper than [`Haystack::find`].
    #[must_use]
    pub fn holds(&self, needle: &Needle) -> bool {
        self.any(|piece| needle.is_in(piece.text))
    }

    /// Whether a web address stands in any text. Those of images and files do not count.
    #[must_use]
    pub fn has_link(&self) -> bool {
        let holds = |text: &[u8], with: &[u8]| {
            let mut windows = text.windows(with.len());
            windows.any(|window| window.eq_ignore_ascii_case(with))
        };
        self.any(|piece| {
            let text = piece.text.as_bytes();
            holds(text, b"http://") || holds(text, b"https://")
        })
    }

    /// What apps wrote into the message and into what it forwards, as they wrote it: custom
    /// elements, data of faces, cloud custom data.
    pub fn written(&self) -> impl Iterator<Item = Written<'_>> {
        data::written(&self.body)
    }

    /// Whether something an app wrote holds `path`, and `wanted` there, if a value is wanted.
    #[must_use]
    pub fn has_data(&self, path: &Path, wanted: Option<&Wanted>) -> bool {
        self.written()
            .any(|written| Payload::of(written.text).has(path, wanted))
    }

    /// Shows all texts in order, at most 10,000, until `look` says no.
    pub fn read(&self, mut look: impl FnMut(&str) -> bool) {
        self.any(|piece| !look(piece.text));
    }

    /// All texts in order, at most 10,000.
    #[must_use]
    pub fn texts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        self.any(|piece| {
            parts.push(Part {
                name: piece.place(),
                text: piece.text.to_owned(),
            });
            false
        });
        parts
    }

    /// Which of [`KINDS`] its elements are, each once; nothing for an empty body.
    /// What is inside a forward does not count.
    #[must_use]
    pub fn kinds(&self) -> Vec<&'static str> {
        let mut kinds = Vec::new();
        let mut add = |kind| {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        };
        match &self.body.content {
            Content::Elements(elements) => {
                for element in elements {
                    add(kind(&element.kind));
                }
            }
            Content::System(_) => add("system"),
            Content::Odd(_) => add("unknown"),
            Content::Empty => {}
        }
        if self.system {
            add("system");
        }
        kinds
    }

    /// Whether `stop` says yes to one of the texts; those behind it are not looked at.
    fn any(&self, mut stop: impl FnMut(Piece<'_>) -> bool) -> bool {
        let mut stopped = false;
        let mut visit = |piece: Piece<'_>| {
            stopped = stop(piece);
            if stopped {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        // The walk also breaks off where there is too much of it.
        let _ = Walk::new(&mut visit).body(&self.body);
        stopped
    }
}

/// [`Haystack::find`] for one question.
#[must_use]
pub fn find(message: &Message, needle: &Needle) -> Option<Hit> {
    Haystack::of(message).find(needle)
}

/// [`Haystack::texts`] for one question.
#[must_use]
pub fn texts(message: &Message) -> Vec<Part> {
    Haystack::of(message).texts()
}

/// [`Haystack::has_link`] for one question.
#[must_use]
pub fn has_link(message: &Message) -> bool {
    Haystack::of(message).has_link()
}

/// [`Haystack::kinds`] for one question.
#[must_use]
pub fn kinds(message: &Message) -> Vec<&'static str> {
    Haystack::of(message).kinds()
}

fn kind(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text(_) => "text",
        Kind::Face { .. } => "face",
        Kind::Custom { .. } => "custom",
        Kind::Image { .. } => "image",
        Kind::Sound { .. } => "sound",
        Kind::File { .. } => "file",
        Kind::Video(_) => "video",
        Kind::Location { .. } => "location",
        Kind::Relay(_) => "forward",
        Kind::Stream(_) => "stream",
        Kind::Tip(_) | Kind::Notice => "system",
        Kind::Unknown | Kind::Broken(_) => "unknown",
    }
}
