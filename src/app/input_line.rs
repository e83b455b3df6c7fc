//! One line of typed text with a cursor that moves by grapheme.

use unicode_segmentation::UnicodeSegmentation;

use super::action::Action;
use crate::model::text::width;

/// What is typed at a prompt.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InputLine {
    text: String,
    /// Bytes left of the cursor; always on a grapheme boundary.
    cursor: usize,
}

/// The longest text a prompt takes, in bytes: a pasted permalink fits, a pasted log does not.
const LONGEST: usize = 1024;

impl InputLine {
    /// A line with this text, the cursor behind it.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut line = Self::default();
        line.insert(text);
        line
    }

    /// A line with this text and the cursor behind so many of its bytes, or at
    /// the end where that is no boundary.
    #[must_use]
    pub fn with_cursor(text: &str, cursor: usize) -> Self {
        let mut line = Self::of(text);
        if line.text.is_char_boundary(cursor) {
            line.cursor = cursor;
        }
        line
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text left of the cursor.
    #[must_use]
    pub fn before_cursor(&self) -> &str {
        self.text.get(..self.cursor).unwrap_or_default()
    }

    /// The part that fits into `room` cells with the cursor in it, and the cells
    /// left of the cursor.
    #[must_use]
    pub fn window(&self, room: usize) -> (&str, usize) {
        let mut shown = self.text.as_str();
        let mut before = self.before_cursor();
        while width(before) + 1 > room.max(1) {
            let Some(first) = before.graphemes(true).next() else {
                break;
            };
            before = before.get(first.len()..).unwrap_or_default();
            shown = shown.get(first.len()..).unwrap_or_default();
        }
        (shown, width(before))
    }

    /// Inserts typed or pasted text: line breaks become spaces, control characters are left out.
    pub fn insert(&mut self, text: &str) {
        let text: String = text
            .trim_matches(['\r', '\n'])
            .chars()
            .map(|c| if matches!(c, '\n' | '\t') { ' ' } else { c })
            .filter(|c| !c.is_control())
            .collect();
        if self.text.len() + text.len() <= LONGEST {
            self.text.insert_str(self.cursor, &text);
            self.cursor += text.len();
        }
    }

    /// Does an editing action; `false` for one that is not about editing, and for
    /// an erase to the left with nothing there, which closes the prompt.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a line answers for editing only"
    )]
    pub fn edit(&mut self, action: Action) -> bool {
        match action {
            Action::CursorLeft => self.cursor = self.left(),
            Action::CursorRight => self.cursor = self.right(),
            Action::CursorStart => self.cursor = 0,
            Action::CursorEnd => self.cursor = self.text.len(),
            Action::EraseBack if self.text.is_empty() => return false,
            Action::EraseBack => self.erase(self.left(), self.cursor),
            Action::EraseForward => self.erase(self.cursor, self.right()),
            Action::EraseWord => self.erase(self.word_left(), self.cursor),
            Action::EraseToStart => self.erase(0, self.cursor),
            _ => return false,
        }
        true
    }

    fn erase(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.cursor = from;
    }

    fn left(&self) -> usize {
        let last = self.before_cursor().grapheme_indices(true).next_back();
        last.map_or(0, |(at, _)| at)
    }

    fn right(&self) -> usize {
        let rest = self.text.get(self.cursor..).unwrap_or_default();
        self.cursor + rest.graphemes(true).next().map_or(0, str::len)
    }

    fn word_left(&self) -> usize {
        let before = self.before_cursor().trim_end();
        before.rfind(char::is_whitespace).map_or(0, |at| {
            at + before
                .get(at..)
                .and_then(|r| r.chars().next())
                .map_or(0, char::len_utf8)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_moves_by_what_a_person_sees() {
        let mut line = InputLine::of("ae\u{301}中");
        line.edit(Action::CursorLeft);
        line.edit(Action::EraseBack);
        assert_eq!((line.text(), line.before_cursor()), ("a中", "a"));
        line.edit(Action::EraseForward);
        assert_eq!(line.text(), "a");
    }

    #[test]
    fn the_cursor_is_always_in_sight() {
        let mut line = InputLine::of("0123456789中");
        assert_eq!(line.window(20), ("0123456789中", 12));
        assert_eq!(line.window(6), ("789中", 5));
        line.edit(Action::CursorStart);
        assert_eq!(line.window(6), ("0123456789中", 0));
        assert_eq!(InputLine::default().window(0), ("", 0));
    }

    #[test]
    fn a_word_is_erased_to_the_left() {
        let mut line = InputLine::of("one two  ");
        line.edit(Action::EraseWord);
        assert_eq!(line.text(), "one ");
        line.edit(Action::EraseToStart);
        assert!(!line.edit(Action::EraseBack), "nothing is left to erase");
    }

    #[test]
    fn a_paste_is_one_line_of_plain_text() {
        let mut line = InputLine::default();
        line.insert("a\nb\u{1b}[31m\r\n");
        assert_eq!(line.text(), "a b[31m");
        line.insert(&"x".repeat(5000));
        assert_eq!(
            line.text(),
            "a b[31m",
            "too long a paste is not cut in the middle"
        );
    }
}
