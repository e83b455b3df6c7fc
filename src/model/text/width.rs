//! The one table of widths, and the two units in which text is handled:
//! clusters (what a reader takes for one sign) and cells (what a terminal
//! puts in one place).

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthChar as _;

use super::class;

/// Cells that a text takes in one line.
///
/// The sum over its characters, as terminals do it; a newline or tab counts
/// as one cell, other control characters as none. Exact for clean text.
#[must_use]
pub fn width(text: &str) -> usize {
    if text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        text.len()
    } else {
        text.chars().map(cells).sum()
    }
}

/// Cells of one character: 0, 1 or 2.
pub(super) fn cells(c: char) -> usize {
    match c {
        '\n' | '\t' => 1,
        _ => c.width().unwrap_or(0),
    }
}

/// The first character, where it and the one behind it are ASCII that shows: nothing can
/// attach to it, and no table has to be asked.
fn plain(text: &str) -> Option<(&str, &str)> {
    let shows = |byte: &u8| matches!(byte, b' '..=b'~');
    let mut bytes = text.as_bytes().iter();
    let first = bytes.next().is_some_and(shows) && bytes.next().is_none_or(shows);
    first.then(|| text.split_at_checked(1))?
}

/// What painters put on the screen: each item is the whole content of one
/// cell, or of two where its width is 2.
///
/// One character that has a width, and the marks upon it. Some clusters are
/// several of these (`क्ष` is two): terminals give each its own cell.
pub fn graphemes(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if let Some((cell, tail)) = plain(rest) {
            rest = tail;
            return Some((cell, 1));
        }
        let mut chars = rest.chars();
        let first = chars.next()?;
        let mut end = first.len_utf8();
        for c in chars {
            if cells(c) > 0 {
                break;
            }
            end += c.len_utf8();
        }
        let (cell, tail) = rest.split_at_checked(end)?;
        rest = tail;
        Some((cell, cells(first)))
    })
}

/// What a reader takes for one sign, with its cells: the unit in which text is
/// cut, wrapped and walked over. Of clean text none is longer than
/// [`super::MAX_SCALARS`] characters.
pub fn clusters(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if let Some((cluster, tail)) = plain(rest) {
            rest = tail;
            return Some((cluster, 1));
        }
        let mut chars = rest.chars();
        let first = chars.next()?;
        // Most text never asks the segmentation tables.
        let alone = class::is_start(first) && chars.next().is_none_or(class::is_start);
        let end = if alone {
            first.len_utf8()
        } else {
            rest.graphemes(true).next()?.len()
        };
        let (cluster, tail) = rest.split_at_checked(end)?;
        rest = tail;
        Some((cluster, width(cluster)))
    })
}

/// Whether all terminals give a cell the width that we do.
///
/// True for ASCII and for one sign that is neither young, nor of ambiguous
/// width, nor written from right to left, nor a letter with marks. After any other cell a careful writer sets
/// the cursor, so that a terminal of another opinion spoils that one cell and
/// not the rest of the row: tmux with glibc 2.36 gives the Tamil vowel sign
/// U+0BBE a cell, ambiguous signs have two in some Chinese settings.
#[must_use]
pub fn is_settled(cell: &str) -> bool {
    let mut chars = cell.chars();
    match (chars.next(), chars.next()) {
        // Hebrew to Arabic: some terminals reorder what follows.
        (Some('\u{590}'..='\u{8ff}'), _) => false,
        (Some(c), None) => class::is_start(c) && c.width() == c.width_cjk(),
        (first, _) => first.is_none(),
    }
}

/// Whether a cell may be sent to a terminal as it is: the second gate, for a
/// writer that trusts nobody.
///
/// True for what [`graphemes`] makes of clean text, and for the empty text. It
/// looks for what does harm; it does not ask whether the cell has a shape.
#[must_use]
pub fn is_drawable(cell: &str) -> bool {
    let printable = |b| matches!(b, b' '..=b'~');
    if cell.bytes().all(printable) {
        return true;
    }
    let mut chars = cell.chars();
    let Some(first) = chars.next() else {
        return true;
    };
    class::is_shown(first)
        && cells(first) > 0
        && cell.len() <= super::MAX_CELL_BYTES
        && chars.all(|c| c == class::ZWNJ || class::is_shown(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_disputes_is_settled() {
        for cell in ["", "a", " ", "中", "，", "é", "カ", "한", "\u{a6}"] {
            assert!(is_settled(cell), "{cell:?}");
        }
        for cell in [
            "…", "“", "ه", "ש", "👍", "❤", "கா", "e\u{301}", "\u{fffd}", "\u{200b}",
        ] {
            assert!(!is_settled(cell), "{cell:?}");
        }
    }

    #[test]
    fn the_gate_is_closed_for_what_acts() {
        for cell in ["", "a", "中", "e\u{301}", "\u{fffd}", "ه\u{200c}", "a b"] {
            assert!(is_drawable(cell), "{cell:?}");
        }
        for cell in [
            "\u{1b}",
            "\n",
            "\t",
            "\u{9b}",
            "a\u{202e}",
            "\u{200c}",
            "\u{200d}",
            "\u{301}",
            "👍\u{1f3fd}",
            "❤\u{fe0f}",
            "\u{e0061}",
            "\u{e000}",
            "a\u{1b}b",
        ] {
            assert!(!is_drawable(cell), "{cell:?}");
        }
        assert!(!is_drawable(&format!("a{}", "\u{301}".repeat(20))));
    }
}
