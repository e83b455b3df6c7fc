//! Laid-out text: what the painters get. Roles instead of colours, clean text only.

use std::fmt::Display;
use std::ops::Range;
use std::rc::Rc;

use crate::model::needle::Needle;
use crate::model::text::{self, Clean};

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
    /// A sender's name; the number, below [`SENDER_COLORS`], picks a stable colour.
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
    /// Not loaded, loading, start of history, day separators: rows of our own.
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
    /// A key of a JSON object.
    JsonKey,
    /// A JSON string.
    JsonString,
    /// A JSON number or word.
    JsonNumber,
}

/// How many colours senders are told apart by.
pub const SENDER_COLORS: u8 = 6;

/// A stretch of one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What is painted.
    pub text: Clean,
    /// What it is for.
    pub role: Role,
}

/// One screen line, possibly wider than its place: painters cut it.
///
/// A clone shares its pieces, and is known to be equal without a look at them: most lines
/// stand in many pictures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// From left to right.
    pub pieces: Rc<Vec<Piece>>,
}

impl From<Vec<Piece>> for Line {
    fn from(pieces: Vec<Piece>) -> Self {
        let pieces = Rc::new(pieces);
        Self { pieces }
    }
}

impl Line {
    /// An empty line.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A line of one piece.
    #[must_use]
    pub fn of(role: Role, text: impl Into<Clean>) -> Self {
        Self::new().with(role, text)
    }

    /// The same line with one more piece.
    #[must_use]
    pub fn with(mut self, role: Role, text: impl Into<Clean>) -> Self {
        self.push(role, text);
        self
    }

    /// Adds a piece; nothing for an empty text.
    pub fn push(&mut self, role: Role, text: impl Into<Clean>) {
        let text = text.into();
        if !text.is_empty() {
            Rc::make_mut(&mut self.pieces).push(Piece { text, role });
        }
    }

    /// Adds words of our own.
    pub fn say(&mut self, role: Role, text: impl Display) {
        self.push(role, Clean::ours(text));
    }

    /// The same line with more words of our own.
    #[must_use]
    pub fn saying(mut self, role: Role, text: impl Display) -> Self {
        self.say(role, text);
        self
    }

    /// Adds spaces up to column `column`.
    pub fn pad_to(&mut self, column: usize) {
        let missing = column.saturating_sub(self.width());
        if missing > 0 {
            self.push(Role::Text, Clean::ours(" ".repeat(missing)));
        }
    }

    /// Adds the pieces of another line.
    pub fn append(&mut self, other: Self) {
        if self.pieces.is_empty() {
            self.pieces = other.pieces;
        } else {
            Rc::make_mut(&mut self.pieces).extend(Rc::unwrap_or_clone(other.pieces));
        }
    }

    /// The same line with everything that matches shown as such.
    #[must_use]
    pub fn marked(self, needles: &[Needle]) -> Self {
        if needles.is_empty() {
            return self;
        }
        let text = self.text();
        let mut places: Vec<_> = needles.iter().flat_map(|n| n.places(&text)).collect();
        if places.is_empty() {
            return self;
        }
        places.sort_by_key(|p| (p.start, p.end));
        let mut marked = Self::new();
        let mut start = 0;
        for piece in self.pieces.iter() {
            let end = start + piece.text.as_str().len();
            mark_piece(&mut marked, piece, start, &places);
            start = end;
        }
        marked
    }

    /// Cells.
    #[must_use]
    pub fn width(&self) -> usize {
        self.pieces.iter().map(|p| p.text.width()).sum()
    }

    /// The plain text, for tests and for finding.
    #[must_use]
    pub fn text(&self) -> String {
        self.pieces.iter().map(|p| p.text.as_str()).collect()
    }
}

/// Adds `piece`, which starts at byte `start` of its line, in stretches inside
/// and outside of `places`. A cluster is never split.
fn mark_piece(line: &mut Line, piece: &Piece, start: usize, places: &[Range<usize>]) {
    let mut begun = 0;
    let mut role = piece.role;
    let mut at = 0;
    for (cluster, _) in text::clusters(piece.text.as_str()) {
        let here = start + at..start + at + cluster.len();
        let inside = places
            .iter()
            .any(|p| p.start < here.end && here.start < p.end);
        let new = if inside { Role::Match } else { piece.role };
        if new != role {
            line.push(role, piece.text.slice(begun..at));
            (begun, role) = (at, new);
        }
        at += cluster.len();
    }
    line.push(role, piece.text.slice(begun..at));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::clean;

    #[test]
    fn the_found_part_is_marked_across_pieces() {
        let line = Line::of(Role::Dim, "ab").with(Role::Text, "cd猫");
        let marked = line.marked(&[Needle::parse("bc").expect("a needle")]);
        let pieces: Vec<_> = marked
            .pieces
            .iter()
            .map(|p| (p.text.as_str(), p.role))
            .collect();
        assert_eq!(
            pieces,
            [
                ("a", Role::Dim),
                ("b", Role::Match),
                ("c", Role::Match),
                ("d猫", Role::Text)
            ]
        );
    }

    #[test]
    fn a_cluster_is_marked_whole() {
        let line = Line::of(Role::Text, clean("e\u{301}x"));
        let marked = line.marked(&[Needle::parse("e").expect("a needle")]);
        assert_eq!(marked.pieces.len(), 2);
        assert_eq!(marked.text(), "e\u{301}x");
    }
}
