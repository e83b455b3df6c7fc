//! Bytes as rows of a hex view. Rows are formatted when they are asked for, so
//! a megabyte costs no more than what is visible of it.

use std::fmt::Write as _;

/// Bytes between the wider gaps of a row.
const GROUP: usize = 8;

/// One row: a stretch of the bytes and where it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'b> {
    /// Of the first byte, from the start of the bytes.
    pub offset: usize,
    /// One byte at least; fewer than a full row in the last one only.
    pub bytes: &'b [u8],
    /// Bytes of a full row.
    full: usize,
}

/// The bytes in rows of `per_row` (less than 1 counts as 1), from either end;
/// `nth` skips without looking. Empty bytes have no row.
#[must_use]
pub fn rows(
    bytes: &[u8],
    per_row: usize,
) -> impl ExactSizeIterator<Item = Row<'_>> + DoubleEndedIterator {
    let per_row = per_row.max(1);
    bytes
        .chunks(per_row)
        .enumerate()
        .map(move |(n, bytes)| Row {
            offset: n * per_row,
            bytes,
            full: per_row,
        })
}

/// How many bytes go in one row of a pane: 16 or 8, or 4 where even 8 with
/// offset and text do not fit.
#[must_use]
pub fn per_row(width: usize) -> usize {
    // Eight digits of offset and two gaps of two cells.
    const FRAME: usize = 12;
    [16, 8]
        .into_iter()
        .find(|n| FRAME + hex_cells(*n) + n <= width)
        .unwrap_or(4)
}

/// The column in [`Row::hex`] at which byte `index` of the row begins.
#[must_use]
pub const fn column(index: usize) -> usize {
    index * 3 + index / GROUP
}

/// Cells of the hex column: two digits and a space each, one more between groups.
const fn hex_cells(bytes: usize) -> usize {
    (bytes * 3).saturating_sub(1) + bytes.saturating_sub(1) / GROUP
}

impl Row<'_> {
    /// `48 65 6c 6c 6f`, groups of eight with two spaces between, padded with
    /// spaces to the width of a full row.
    #[must_use]
    pub fn hex(&self) -> String {
        let width = hex_cells(self.full);
        let mut out = String::with_capacity(width);
        for (n, byte) in self.bytes.iter().enumerate() {
            if n > 0 {
                out.push_str(if n % GROUP == 0 { "  " } else { " " });
            }
            // Writing to a String cannot fail.
            let _ = write!(out, "{byte:02x}");
        }
        format!("{out:width$}")
    }

    /// The bytes that are printable ASCII, a dot for each of the others.
    #[must_use]
    pub fn ascii(&self) -> String {
        self.bytes
            .iter()
            .map(|b| match b {
                b' '..=b'~' => char::from(*b),
                _ => '.',
            })
            .collect()
    }

    /// The offset in eight hexadecimal digits, or more beyond 4 GiB.
    #[must_use]
    pub fn offset(&self) -> String {
        format!("{:08x}", self.offset)
    }
}

/// Reads every character up to U+00FF as the byte of that number: some apps
/// put binary data into a JSON string like that. `None` when a character is
/// above, so the text is something else.
#[must_use]
pub fn code_points_as_bytes(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|c| u8::try_from(c).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_row_has_two_groups_and_the_text() {
        let bytes: Vec<u8> = (0x3c..0x4d).chain([0, 0xff]).collect();
        let rows: Vec<_> = rows(&bytes, 16).collect();
        assert_eq!(rows.len(), 2);
        let (first, last) = (rows.first().expect("two"), rows.last().expect("two"));
        assert_eq!(
            first.hex(),
            "3c 3d 3e 3f 40 41 42 43  44 45 46 47 48 49 4a 4b"
        );
        assert_eq!(first.ascii(), "<=>?@ABCDEFGHIJK");
        assert_eq!(last.offset(), "00000010");
        assert_eq!(last.hex(), format!("{:48}", "4c 00 ff"));
        assert_eq!(last.hex().len(), first.hex().len());
        assert_eq!(last.ascii(), "L..");
    }

    #[test]
    fn rows_can_be_counted_and_taken_from_both_ends() {
        let bytes = [7; 100];
        let mut rows = rows(&bytes, 8);
        assert_eq!(rows.len(), 13);
        assert_eq!(rows.next_back().map(|row| row.offset), Some(96));
        assert_eq!(rows.nth(3).map(|row| row.offset), Some(24));
        assert_eq!(super::rows(&[], 16).len(), 0);
        assert_eq!(super::rows(&bytes, 0).len(), 100);
    }

    #[test]
    fn the_width_decides_on_16_or_8() {
        assert_eq!(per_row(76), 16);
        assert_eq!(per_row(75), 8);
        assert_eq!(per_row(43), 8);
        assert_eq!(per_row(42), 4);
        assert_eq!(per_row(0), 4);
    }

    #[test]
    fn code_points_are_bytes_or_nothing() {
        assert_eq!(code_points_as_bytes("\0a\u{ff}"), Some(vec![0, b'a', 0xff]));
        assert_eq!(code_points_as_bytes("a\u{100}"), None);
        assert_eq!(code_points_as_bytes(""), Some(Vec::new()));
    }

    proptest! {
        #[test]
        fn hex_gives_the_bytes_back(bytes: Vec<u8>, per_row in 1..40_usize) {
            let mut back = Vec::new();
            for row in rows(&bytes, per_row) {
                prop_assert_eq!(row.offset, back.len());
                prop_assert_eq!(row.hex().len(), hex_cells(per_row));
                prop_assert_eq!(row.ascii().len(), row.bytes.len());
                for byte in row.hex().split_whitespace() {
                    back.push(u8::from_str_radix(byte, 16).expect("two hexadecimal digits"));
                }
            }
            prop_assert_eq!(back, bytes);
        }
    }
}
