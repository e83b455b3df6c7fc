//! Laid-out text: what the painters get. Roles instead of colours, clean text only.

use crate::model::text::Clean;

/// What a stretch of text is for; the theme gives it a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Ordinary text.
    Text,
    /// Less important: offsets, units, hints.
    Dim,
    /// A heading or a name of a field.
    Label,
    /// A time.
    Time,
    /// A sender's name; the number picks one of the stable colours.
    Sender(u8),
    /// An element that is not text, such as `[image 1.8 MB]`.
    Media,
    /// A system message.
    System,
    /// Placeholder 1.
    Gone,
    /// Placeholder 2.
    Recalled,
    /// In the covered range, not in the reply.
    Withheld,
    /// Cannot be read, or the text was damaged.
    Damaged,
    /// Not loaded, loading, start of history: rows of our own.
    Ours,
    /// An error.
    Error,
    /// Something to look at, short of an error.
    Warning,
    /// A key to press.
    Key,
    /// The profile's accent colour.
    Accent,
    /// Text typed by the user.
    Input,
    /// A part that matches what is looked for.
    Match,
}

/// A stretch of one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What is painted.
    pub text: Clean,
    /// What it is for.
    pub role: Role,
}

/// One screen line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// From left to right.
    pub pieces: Vec<Piece>,
}
