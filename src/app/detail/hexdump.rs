//! Bytes as hex rows among others, formatted only when they are seen.

use std::sync::Arc;

use crate::app::line::{Line, Role};
use crate::app::view::Row;
use crate::model::hex;

/// A block of hex rows: offset, bytes, and the same bytes as ASCII.
#[derive(Debug, Clone)]
pub(super) struct Dump {
    bytes: Arc<[u8]>,
    indent: usize,
    per_row: usize,
    rows: usize,
}

impl Dump {
    /// In a place `width` cells wide behind `indent` others; at most `limit` rows.
    pub(super) fn new(bytes: &Arc<[u8]>, (indent, width): (usize, usize), limit: usize) -> Self {
        let per_row = hex::per_row(width);
        Self {
            bytes: Arc::clone(bytes),
            indent,
            per_row,
            rows: bytes.len().div_ceil(per_row).min(limit),
        }
    }

    pub(super) const fn rows(&self) -> usize {
        self.rows
    }

    /// How many bytes all its rows show.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.len().min(self.rows * self.per_row)
    }

    /// Row `index`, formatted now.
    pub(super) fn row(&self, index: usize) -> Row {
        let mut line = Line::new();
        line.pad_to(self.indent);
        if let Some(row) = hex::rows(&self.bytes, self.per_row).nth(index) {
            line.say(Role::Dim, row.offset());
            line.say(Role::Text, format!("  {}  ", row.hex()));
            line.say(Role::JsonString, row.ascii());
        }
        Row {
            line,
            ..Row::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_counts_rows() {
        let bytes: Arc<[u8]> = vec![0; 1000].into();
        let dump = Dump::new(&bytes, (0, 80), 8);
        assert_eq!((dump.rows(), dump.bytes()), (8, 128));
        let dump = Dump::new(&bytes, (0, 50), usize::MAX);
        assert_eq!((dump.rows(), dump.bytes()), (125, 1000));
    }

    #[test]
    fn a_row_deep_in_a_megabyte_is_formatted_alone() {
        let bytes: Arc<[u8]> = vec![b'x'; 1 << 20].into();
        let dump = Dump::new(&bytes, (2, 80), usize::MAX);
        assert_eq!(dump.rows(), 1 << 16);
        let text = dump.row(0xffff).line.text();
        assert!(text.starts_with("  000ffff0  78 78"), "{text}");
        assert!(text.ends_with("xxxxxxxxxxxxxxxx"), "{text}");
    }
}
