//! Bytes as hex rows, formatted only when they are seen.

use std::sync::Arc;

use crate::app::line::{Line, Role};
use crate::app::view::{Gutter, Row};

/// A block of hex rows: offset, bytes, and the same bytes as ASCII.
#[derive(Debug, Clone)]
pub(super) struct Dump {
    bytes: Arc<[u8]>,
    indent: usize,
    per_row: usize,
    /// Digits of an offset.
    digits: usize,
    rows: usize,
}

/// Cells between offset, hex and ASCII.
const GAP: usize = 2;

/// Cells of a row: three for each byte in hex, one in ASCII, one between eights.
const fn cells(digits: usize, per_row: usize) -> usize {
    let eights = if per_row > 8 { 1 } else { 0 };
    digits + GAP + per_row * 3 - 1 + eights + GAP + per_row
}

impl Dump {
    /// As many bytes in a row as fit in `width`, of 16, 8 and 4; at most `limit` rows.
    pub(super) fn new(
        bytes: &Arc<[u8]>,
        indent: usize,
        width: usize,
        limit: Option<usize>,
    ) -> Self {
        // Eight digits as every hex tool has them, four where the place is dear.
        let small = u16::try_from(bytes.len()).is_ok();
        let short = if small { 4 } else { 8 };
        let (digits, per_row) = [(8, 16), (short, 16), (8, 8), (short, 8)]
            .into_iter()
            .find(|&(digits, per_row)| cells(digits, per_row) <= width)
            .unwrap_or((short, 4));
        let rows = bytes.len().div_ceil(per_row);
        Self {
            bytes: Arc::clone(bytes),
            indent,
            per_row,
            digits,
            rows: limit.map_or(rows, |limit| rows.min(limit)),
        }
    }

    pub(super) const fn rows(&self) -> usize {
        self.rows
    }

    /// How many bytes all its rows show.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.len().min(self.rows * self.per_row)
    }

    pub(super) fn row(&self, index: usize) -> Row {
        let offset = index * self.per_row;
        let end = self.bytes.len().min(offset + self.per_row);
        let bytes = self.bytes.get(offset..end).unwrap_or_default();
        let mut hex = String::new();
        for (i, byte) in bytes.iter().enumerate() {
            let space = match i {
                0 => "",
                8 => "  ",
                _ => " ",
            };
            hex.push_str(space);
            hex.push_str(&format!("{byte:02x}"));
        }
        let ascii: String = bytes
            .iter()
            .map(|&b| match b {
                b' '..=b'~' => char::from(b),
                _ => '.',
            })
            .collect();
        let mut line = Line::new();
        line.pad_to(self.indent);
        line.say(Role::Dim, format!("{offset:0width$x}", width = self.digits));
        line.pad_to(self.indent + self.digits + GAP);
        line.say(Role::Text, hex);
        line.pad_to(self.indent + cells(self.digits, self.per_row) - self.per_row);
        line.say(Role::JsonString, ascii);
        Row {
            gutter: Gutter::Plain,
            line,
            selected: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dump(len: u8, width: usize, limit: Option<usize>) -> Vec<String> {
        let bytes: Arc<[u8]> = (0..len).map(|i| i.wrapping_add(0x30)).collect();
        let dump = Dump::new(&bytes, 0, width, limit);
        (0..dump.rows()).map(|i| dump.row(i).line.text()).collect()
    }

    #[test]
    fn sixteen_bytes_stand_in_a_row_where_there_is_room() {
        assert_eq!(
            dump(18, 76, None),
            [
                "00000000  30 31 32 33 34 35 36 37  38 39 3a 3b 3c 3d 3e 3f  0123456789:;<=>?",
                "00000010  40 41                                             @A",
            ]
        );
    }

    #[test]
    fn eight_or_four_stand_in_a_row_where_there_is_less() {
        assert_eq!(
            dump(9, 44, None),
            [
                "00000000  30 31 32 33 34 35 36 37  01234567",
                "00000008  38                       8",
            ]
        );
        assert_eq!(dump(4, 20, None), ["0000  30 31 32 33  0123"]);
        let widest = |width| dump(200, width, None).iter().map(String::len).max();
        assert!((36..120).all(|width| widest(width) <= Some(width)));
    }

    #[test]
    fn a_limit_counts_rows() {
        let bytes: Arc<[u8]> = vec![0; 1000].into();
        let dump = Dump::new(&bytes, 0, 80, Some(8));
        assert_eq!((dump.rows(), dump.bytes()), (8, 128));
    }

    #[test]
    fn a_row_costs_the_same_wherever_it_is() {
        let bytes: Arc<[u8]> = vec![b'x'; 1 << 20].into();
        let dump = Dump::new(&bytes, 0, 80, None);
        assert_eq!(dump.rows(), 1 << 16);
        assert!(dump.row(0xffff).line.text().starts_with("000ffff0"));
    }
}
