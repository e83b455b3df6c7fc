//! Lines of several pieces, wrapped and cut.

use std::rc::Rc;

use crate::app::line::{Line, Piece};

/// `line` in lines of at most `width` cells, broken between pieces where that
/// is enough; lines after the first start `hang` cells in.
pub(super) fn flow(line: &Line, width: usize, hang: usize) -> Vec<Line> {
    if line.width() <= width {
        return vec![line.clone()];
    }
    let hang = hang.min(width / 2);
    let mut lines = Vec::new();
    let mut current = Line::new();
    // Cells taken, and whether anything but the hang stands in them.
    let (mut used, mut written) = (0, false);
    for piece in line.pieces.iter() {
        let wide = piece.text.width();
        if used + wide <= width {
            current.push(piece.role, piece.text.clone());
            used += wide;
            written |= !piece.text.as_str().trim().is_empty();
            continue;
        }
        for part in piece.text.wrap(width.saturating_sub(hang).max(1)) {
            if written {
                lines.push(std::mem::take(&mut current));
            }
            current = Line::new();
            current.pad_to(hang);
            used = hang + part.width();
            written = true;
            current.push(piece.role, part);
        }
    }
    lines.push(current);
    lines
}

/// `line` in at most `width` cells, with the mark of [`crate::model::text`] where it is cut.
pub(super) fn cut(line: Line, width: usize) -> Line {
    if line.width() <= width {
        return line;
    }
    let mut left = width;
    let mut short = Line::new();
    for Piece { text, role } in Rc::unwrap_or_clone(line.pieces) {
        let wide = text.width();
        // The piece that fills the line to its end is followed by others: it is cut too.
        if wide < left {
            left -= wide;
            short.push(role, text);
        } else {
            let mut text = text;
            if wide == left {
                text.push_ours(" ");
            }
            short.push(role, text.truncate(left));
            break;
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::line::Role;

    fn line(pieces: &[&str]) -> Line {
        pieces.iter().fold(Line::new(), |line, text| {
            line.with(Role::Text, crate::model::text::clean(text))
        })
    }

    fn texts(lines: &[Line]) -> Vec<String> {
        lines.iter().map(Line::text).collect()
    }

    #[test]
    fn a_line_breaks_between_pieces_first() {
        let lines = flow(&line(&["\"Text\": ", "\"twelve chars", ","]), 16, 2);
        assert_eq!(texts(&lines), ["\"Text\": ", "  \"twelve chars,"]);
    }

    #[test]
    fn what_fits_stays_as_it_is() {
        let lines = flow(&line(&["ab", "cd"]), 4, 2);
        assert_eq!(texts(&lines), ["abcd"]);
    }
}
