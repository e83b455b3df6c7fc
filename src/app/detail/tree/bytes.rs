//! The bytes behind the node at the cursor, marked in a hex dump of their buffer.

use std::ops::Range;

use super::{Place, Tree};
use crate::app::detail::flow;
use crate::app::detail::subject::Frame;
use crate::app::line::{Line, Role};
use crate::app::view::Row;
use crate::model::hex;
use crate::model::payload::{BufferId, Layer, Node};
use crate::model::text::Clean;

/// Cells of a tree that has its bytes beside it: fewer, and it has them below.
const BESIDE: u16 = 40;

/// Rows of the pane from which on there is room for bytes below the tree.
const LOWEST: u16 = 6;

/// How the pane is shared by the tree and the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app::detail) struct Split {
    /// Cells of the tree.
    pub(in crate::app::detail) width: u16,
    /// Rows of the tree.
    pub(in crate::app::detail) height: u16,
    /// Cells and rows of the bytes, whether they are beside the tree or below it.
    bytes: (u16, u16),
    beside: bool,
}

impl Split {
    /// Beside the tree where both have room, else below it, in a third of the rows or
    /// as many as its longest buffer takes.
    pub(in crate::app::detail) fn of(tree: &Tree, frame: &Frame<'_>) -> Self {
        // A full row of sixteen: offset, digits, characters, and the gaps between.
        const DUMP: u16 = 77;
        let (width, height) = (frame.width, frame.height);
        if width > BESIDE + DUMP {
            // One cell keeps them apart.
            return Self {
                width: width - DUMP - 1,
                height,
                bytes: (DUMP, height),
                beside: true,
            };
        }
        let below = if height < LOWEST {
            0
        } else {
            let rows = tree.longest().div_ceil(hex::per_row(width.into()));
            let needed = u16::try_from(rows + 1).unwrap_or(u16::MAX);
            // A line of words, and at least one row of bytes; more than ten say little more.
            needed.min(height / 3).clamp(2, 10)
        };
        Self {
            width,
            height: height - below,
            bytes: (width, below),
            beside: false,
        }
    }

    /// Puts the bytes to the rows of the tree.
    pub(in crate::app::detail) fn join(self, tree: &Tree, rows: &mut Vec<Row>, frame: &Frame<'_>) {
        let (width, height) = (self.bytes.0.into(), self.bytes.1.into());
        let bytes = tree.bytes(width, height, frame).into_iter();
        let bytes = bytes.map(|line| flow::cut(line, width));
        if !self.beside {
            rows.resize_with(self.height.into(), Row::default);
            rows.extend(bytes.map(|line| Row {
                line,
                ..Row::default()
            }));
            return;
        }
        let missing = bytes.len().saturating_sub(rows.len());
        rows.extend(std::iter::repeat_with(Row::default).take(missing));
        for (row, line) in rows.iter_mut().zip(bytes) {
            row.line.pad_to(usize::from(self.width) + 1);
            row.line.append(line);
        }
    }
}

impl Tree {
    /// Bytes of the longest buffer that the cursor may come to.
    fn longest(&self) -> usize {
        let payloads = self.trunks.iter().map(|trunk| &trunk.payload);
        let lengths = payloads.flat_map(|payload| payload.buffers().map(<[u8]>::len));
        lengths.max().unwrap_or_default()
    }

    /// Words about the bytes of the node at the cursor, and the rows around them.
    fn bytes(&self, width: usize, height: usize, frame: &Frame<'_>) -> Vec<Line> {
        let Some((place, node)) = self.cursor().zip(self.chosen()) else {
            return Vec::new();
        };
        if height == 0 {
            return Vec::new();
        }
        let span = node.whole();
        let bytes = node.payload().buffer(span.buffer);
        let per_row = hex::per_row(width);
        let words = Clean::ours(self.words(place, node)).truncate(width);
        let mut lines = vec![rule(words, width, frame.ascii)];
        // One row above what is marked shows what it follows.
        let first = (span.range.start / per_row).saturating_sub(1);
        let all = bytes.len().div_ceil(per_row);
        let seen = height - 1;
        let first = first.min(all.saturating_sub(seen));
        let rows = hex::rows(bytes, per_row).skip(first).take(seen);
        lines.extend(rows.map(|row| marked(row, &span.range)));
        lines.resize_with(height, Line::new);
        lines
    }

    /// Which bytes of what: `bytes 4-11 of 13 · Data > base64`.
    fn words(&self, place: Place, node: Node<'_>) -> String {
        let (span, payload) = (node.whole(), node.payload());
        let of = payload.buffer(span.buffer).len();
        let Range { start, end } = span.range;
        let which = match end - start {
            0 => format!("no byte at {start}"),
            1 => format!("byte {start}"),
            _ => format!("bytes {start}-{}", end - 1),
        };
        let name = self.trunks.get(place.trunk).map_or("", |t| t.name);
        let mut way = layers(node);
        way.push(name);
        way.reverse();
        format!("{which} of {of} · {}", way.join(" > "))
    }
}

/// The layers that were unpacked to get to a node, the innermost first.
fn layers(node: Node<'_>) -> Vec<&'static str> {
    let payload = node.payload();
    let mut names = Vec::new();
    let mut last = BufferId::SOURCE;
    let mut at = Some(node);
    while let Some(node) = at {
        let buffer = node.whole().buffer;
        if buffer != last {
            names.extend(payload.layer(buffer).map(Layer::name));
            last = buffer;
        }
        at = node.parent();
    }
    names
}

/// A line of words that also parts what is above it from what is below.
fn rule(words: Clean, width: usize, ascii: bool) -> Line {
    let stroke = if ascii { "-" } else { "─" };
    let mut line = Line::of(Role::Dim, words);
    line.say(Role::Dim, " ");
    let rest = width.saturating_sub(line.width());
    line.say(Role::Dim, stroke.repeat(rest));
    line
}

/// A row of the dump with the bytes of `range` marked.
fn marked(row: hex::Row<'_>, range: &Range<usize>) -> Line {
    let inside = |at: usize| at.saturating_sub(row.offset).min(row.bytes.len());
    let (from, to) = (inside(range.start), inside(range.end));
    let mut line = Line::of(Role::Dim, Clean::ours(row.offset()));
    line.say(Role::Text, "  ");
    let digits = row.hex();
    // Up to the second digit of the last byte, not over the gap behind it.
    let end = to.checked_sub(1).map_or(0, |last| hex::column(last) + 2);
    let start = hex::column(from).min(end);
    parts(&mut line, &digits, (start, end), Role::Text);
    line.say(Role::Text, "  ");
    parts(&mut line, &row.ascii(), (from, to), Role::JsonString);
    line
}

/// ASCII text with the columns from one to another marked.
fn parts(line: &mut Line, ascii: &str, (from, to): (usize, usize), role: Role) {
    let part = |range: Range<usize>| ascii.get(range).unwrap_or_default();
    line.say(role, part(0..from));
    line.say(Role::Match, part(from..to));
    line.say(role, part(to..ascii.len()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(line: &Line, role: Role) -> String {
        let pieces = line.pieces.iter().filter(|piece| piece.role == role);
        pieces
            .map(|piece| piece.text.as_str())
            .collect::<Vec<_>>()
            .join("|")
    }

    #[test]
    fn the_bytes_of_a_range_are_marked_as_digits_and_as_characters() {
        let bytes = b"\x08\x01\x10\x06\x1a\x06MaoTong";
        let rows: Vec<_> = hex::rows(bytes, 8)
            .map(|row| marked(row, &(4..12)))
            .collect();
        let marks: Vec<_> = rows.iter().map(|line| text_of(line, Role::Match)).collect();
        assert_eq!(marks, ["1a 06 4d 61|..Ma", "6f 54 6f 6e|oTon"]);
        let plain: Vec<_> = hex::rows(bytes, 8).map(|row| row.hex()).collect();
        for (line, plain) in rows.iter().zip(plain) {
            assert!(line.text().contains(&plain), "{}", line.text());
        }
    }

    #[test]
    fn a_mark_goes_over_the_wider_gap_and_stops_at_the_row() {
        let bytes = [0; 40];
        let mark = |range: Range<usize>| {
            let rows = hex::rows(&bytes, 16);
            let marks = rows.map(|row| text_of(&marked(row, &range), Role::Match));
            marks.collect::<Vec<_>>()
        };
        assert_eq!(mark(7..9), ["00  00|..", "", ""]);
        assert_eq!(mark(16..16), ["", "", ""]);
        assert_eq!(mark(39..40), ["", "", "00|."]);
        let whole = mark(0..40);
        assert_eq!(whole.first().map(String::len), Some(48 + 1 + 16));
    }
}
