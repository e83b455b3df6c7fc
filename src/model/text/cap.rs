//! Caps on one cluster: a letter with ten thousand marks is one cell and
//! twenty kilobytes on the wire, and such cells have broken terminals.

use unicode_segmentation::UnicodeSegmentation as _;

use super::class::ZWNJ;
use super::width::cells;
use super::{Clean, MAX_BYTES, Mark};

/// Characters of one cluster that are shown; so it has 32 bytes at most.
pub const MAX_SCALARS: usize = 8;

/// Bytes that one cell can hold in tmux and in most terminal models.
pub const MAX_CELL_BYTES: usize = 21;

/// Bytes of the longest character in UTF-8.
const LONGEST: usize = 4;

/// So many characters in a row that may belong to one cluster cannot break a
/// cap yet.
pub(super) const HARMLESS: usize = 3;

/// Cuts every cluster that is over a cap; a note says by how much.
pub(super) fn capped(text: &Clean) -> Clean {
    let mut out = Clean::default();
    for (part, mark) in text.parts() {
        for cluster in part.graphemes(true) {
            let before = out.text.len();
            let fits = fitting(cluster);
            out.append(cluster.get(..fits).unwrap_or_default(), mark);
            let rest = cluster.get(fits..).unwrap_or_default();
            if !rest.is_empty() {
                let note = format!("\u{2026}+{}", rest.chars().count());
                out.append(&note, Some(Mark::Cut));
            }
            if out.text.len() > MAX_BYTES {
                return super::sanitise::ended(out, before);
            }
        }
    }
    out
}

/// How many bytes of a cluster may be shown.
fn fitting(cluster: &str) -> usize {
    let mut cell = 0;
    let mut fits = 0;
    for (n, c) in cluster.chars().enumerate() {
        // Terminal models add a mark only where the longest would fit.
        let full = cell + LONGEST > MAX_CELL_BYTES;
        let starts_cell = cells(c) > 0;
        if n >= MAX_SCALARS || (full && !starts_cell) {
            // Without the letter after it, the joiner would not be kept.
            let kept = cluster.get(..fits).unwrap_or_default();
            return kept.trim_end_matches(ZWNJ).len();
        }
        fits += c.len_utf8();
        cell = if starts_cell { 0 } else { cell } + c.len_utf8();
    }
    fits
}
