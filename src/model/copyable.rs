//! Text that may leave for a clipboard or a file.

use super::json::escape_unsafe;
use super::text::Clean;

/// Text without anything that a terminal obeys where it is pasted or printed:
/// made of a [`Clean`], or of JSON whose unsafe characters are escaped.
///
/// There is no way from a plain string: what a stranger wrote has to go through
/// one of the two.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Copyable(String);

impl Copyable {
    /// JSON as it came, equal in value (see [`escape_unsafe`]).
    ///
    /// A carriage return can stand between tokens only, once the others are
    /// escaped. A terminal goes back to the start of the line for it, and what
    /// follows covers what came before: it becomes a newline.
    #[must_use]
    pub fn json(raw: &[u8]) -> Self {
        let text = escape_unsafe(raw);
        if text.contains('\r') {
            return Self(text.replace("\r\n", "\n").replace('\r', "\n"));
        }
        Self(text)
    }

    /// Each of these as a line, and one newline in between.
    #[must_use]
    pub fn lines(lines: impl IntoIterator<Item = Self>) -> Self {
        let lines: Vec<String> = lines.into_iter().map(|line| line.0).collect();
        Self(lines.join("\n"))
    }

    /// Adds `other` behind this text.
    pub fn push(&mut self, other: &Self) {
        self.0.push_str(&other.0);
    }

    /// The text; newline and tab are its only control characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&Clean> for Copyable {
    fn from(text: &Clean) -> Self {
        Self(text.as_str().to_owned())
    }
}

impl From<Clean> for Copyable {
    fn from(text: Clean) -> Self {
        Self::from(&text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::text::clean;

    #[test]
    fn json_keeps_its_value_and_loses_its_teeth() {
        let raw = b"{\r\n\"a\": \"\x1b]52;c;AA==\x07\xc2\x9b\xe2\x80\xae \\r\",\r\"b\":\t1}\n";
        let text = Copyable::json(raw);
        assert_eq!(
            text.as_str(),
            "{\n\"a\": \"\\u001b]52;c;AA==\\u0007\\u009b\\u202e \\r\",\n\"b\":\t1}\n"
        );
        // Emoji in parts are not taken apart: it is the value that counts.
        let flag = "[\"\u{1f1e8}\u{1f1f3}\"]";
        assert_eq!(Copyable::json(flag.as_bytes()).as_str(), flag);
    }

    #[test]
    fn clean_text_is_taken_as_it_is_shown() {
        let text = Copyable::from(&clean("a\x1b[2J\nb\t\u{202e}c"));
        assert_eq!(text.as_str(), "a^[[2J\nb\t\u{a6}c");
        assert_eq!(text.len(), 12);
    }

    proptest! {
        /// Whatever the bytes are, no control character but newline and tab gets out.
        #[test]
        fn nothing_that_a_terminal_obeys_gets_out(raw in prop::collection::vec(any::<u8>(), 0..200)) {
            let foreign = String::from_utf8_lossy(&raw);
            for text in [Copyable::json(&raw), Copyable::from(&clean(&foreign))] {
                let obeyed = |c: char| c.is_control() && c != '\n' && c != '\t';
                prop_assert!(!text.as_str().contains(obeyed));
            }
        }
    }
}
