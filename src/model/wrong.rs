//! What is wrong with something typed: where, and why.

use std::ops::Range;

/// A remark on typed text, for the line it was typed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Which bytes of the text are meant; ends at grapheme boundaries, may be empty at its end.
    pub at: Range<usize>,
    /// Lower case, no full stop. May quote what was typed.
    pub words: String,
}

impl Wrong {
    /// About these bytes.
    #[must_use]
    pub fn new(at: Range<usize>, words: impl Into<String>) -> Self {
        Self {
            at,
            words: words.into(),
        }
    }

    /// The same in a longer text, in which this one begins at `by`.
    #[must_use]
    pub fn moved(self, by: usize) -> Self {
        Self {
            at: self.at.start + by..self.at.end + by,
            words: self.words,
        }
    }
}
