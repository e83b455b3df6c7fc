//! Finding a text in laid-out lines.

use crate::app::line::Line;
use crate::model::needle::Needle;

/// What is looked for in a view, and where it is.
#[derive(Debug, Clone, Default)]
pub(super) struct Finding {
    needle: Option<Needle>,
    /// Rows with a place, and which of them was gone to last.
    rows: Vec<usize>,
    at: usize,
}

impl Finding {
    /// Looks for another text, or for none.
    pub(super) fn begin(&mut self, needle: Option<Needle>) {
        self.needle = needle;
    }

    pub(super) const fn is_on(&self) -> bool {
        self.needle.is_some()
    }

    /// Looks through the rows of a view; gives the number of places, of which a
    /// row may hold more than one.
    pub(super) fn look_in(&mut self, rows: impl Iterator<Item = String>) -> usize {
        self.rows.clear();
        let Some(needle) = &self.needle else {
            return 0;
        };
        let mut places = 0;
        for (row, text) in rows.enumerate() {
            let here = needle.places(&text).count();
            if here > 0 {
                places += here;
                self.rows.push(row);
            }
        }
        self.at = self.at.min(self.rows.len().saturating_sub(1));
        places
    }

    /// The first place in `row` or below it, or the first of all.
    pub(super) fn first_below(&mut self, row: usize) -> Option<usize> {
        let at = self.rows.partition_point(|&found| found < row);
        self.at = if at < self.rows.len() { at } else { 0 };
        self.rows.get(self.at).copied()
    }

    /// The next row with a place, round the end; or the one before.
    pub(super) fn step(&mut self, down: bool) -> Option<usize> {
        let count = self.rows.len();
        let step = if down { 1 } else { count.checked_sub(1)? };
        self.at = (self.at + step).checked_rem(count)?;
        self.rows.get(self.at).copied()
    }

    /// `line` with every place marked.
    pub(super) fn mark(&self, line: Line) -> Line {
        match &self.needle {
            Some(needle) => line.marked(std::slice::from_ref(needle)),
            None => line,
        }
    }

    /// Where one is among the rows found, for the title.
    pub(super) fn words(&self) -> Option<String> {
        self.needle.as_ref()?;
        Some(match self.rows.len() {
            0 => "not found".to_owned(),
            of => format!("found {}/{of}", self.at + 1),
        })
    }
}
