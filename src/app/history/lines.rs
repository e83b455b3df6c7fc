//! The rows of one block, as they are written and as they are kept.

use std::rc::Rc;

use crate::app::view::Row;

/// The rows of one block.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Lines {
    /// Above the block's own: a day separator.
    pub(super) lead: Vec<Row>,
    /// Its own, at least one.
    pub(super) body: Vec<Row>,
}

/// The same as they are kept. Most blocks are one row: it lies beside those of its neighbours
/// then, and not somewhere else in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kept {
    One(Row),
    More(Rc<Lines>),
}

impl From<Lines> for Kept {
    fn from(mut lines: Lines) -> Self {
        match (lines.lead.is_empty(), lines.body.pop()) {
            (true, Some(row)) if lines.body.is_empty() => Self::One(row),
            (_, last) => {
                lines.body.extend(last);
                Self::More(Rc::new(lines))
            }
        }
    }
}

impl Kept {
    /// How many share it.
    pub(super) fn shares(&self) -> usize {
        match self {
            Self::One(row) => Rc::strong_count(&row.line.pieces),
            Self::More(lines) => Rc::strong_count(lines),
        }
    }

    /// Rows above the block's own.
    pub(super) fn lead(&self) -> usize {
        match self {
            Self::One(_) => 0,
            Self::More(lines) => lines.lead.len(),
        }
    }

    /// Rows of its own.
    pub(super) fn body(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::More(lines) => lines.body.len(),
        }
    }

    /// All of them, from the top.
    pub(super) fn rows(&self) -> usize {
        self.lead() + self.body()
    }

    /// One of all.
    pub(super) fn row(&self, at: usize) -> Row {
        match self {
            Self::One(row) => row.clone(),
            Self::More(lines) => {
                let mut rows = lines.lead.iter().chain(&lines.body);
                rows.nth(at).cloned().unwrap_or_default()
            }
        }
    }
}
