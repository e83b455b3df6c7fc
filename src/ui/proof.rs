//! What a painted buffer shows, in a form that tests can keep.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};

use crate::model::text::width;

/// The rows of a buffer, blanks at their ends left out, each ended by a newline.
///
/// What stands under a wide sign is left out, as on a screen.
#[must_use]
pub fn to_text(buf: &Buffer) -> String {
    let mut text = String::new();
    for row in rows(buf) {
        let line: String = shown(row).map(|(_, cell)| cell.symbol()).collect();
        text.push_str(line.trim_end_matches(' '));
        text.push('\n');
    }
    text
}

/// A number for all that [`to_text`] leaves out: colours, looks, blanks at the ends.
///
/// FNV-1a over all cells: the same on every machine and with every toolchain.
#[must_use]
pub fn style_hash(buf: &Buffer) -> String {
    let mut words = String::new();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for cell in buf.content() {
        words.clear();
        let look = cell.modifier.bits();
        // Writing to a string does not fail.
        let _ = write!(words, "{} {} {look:x};", cell.fg, cell.bg);
        for byte in words.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

/// The rows of a buffer, top to bottom.
pub(super) fn rows(buf: &Buffer) -> impl Iterator<Item = &[Cell]> {
    let columns = usize::from(buf.area.width).max(1);
    buf.content().chunks(columns)
}

/// The cells of a row that are seen, with their columns.
pub(super) fn shown(row: &[Cell]) -> impl Iterator<Item = (u16, &Cell)> {
    let mut covered = 0_usize;
    (0..).zip(row).filter(move |(_, cell)| {
        let seen = covered == 0;
        covered = if seen {
            width(cell.symbol()).saturating_sub(1)
        } else {
            covered.saturating_sub(1)
        };
        seen
    })
}
