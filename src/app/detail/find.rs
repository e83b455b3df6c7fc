//! Finding a literal text in laid-out lines.

use std::ops::Range;

use crate::app::line::{Line, Piece, Role};
use crate::model::text;

/// What is looked for. Capital letters in it make their case count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Needle {
    text: String,
    exact: bool,
}

impl Needle {
    /// `None` for an empty text.
    pub(super) fn new(text: &str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        let exact = text.chars().any(char::is_uppercase);
        Some(Self {
            text: text.to_owned(),
            exact,
        })
    }

    /// Where it stands in `line`: byte ranges in order, not overlapping.
    pub(super) fn places(&self, line: &str) -> Vec<Range<usize>> {
        if self.exact {
            let found = line.match_indices(&self.text);
            return found.map(|(at, text)| at..at + text.len()).collect();
        }
        // Lower case may have another length, so each of its bytes knows where it came from.
        let mut lower = String::with_capacity(line.len());
        let mut origin = Vec::with_capacity(line.len() + 1);
        for (at, c) in line.char_indices() {
            let end = at + c.len_utf8();
            for small in c.to_lowercase() {
                lower.push(small);
                origin.extend(std::iter::repeat_n((at, end), small.len_utf8()));
            }
        }
        lower
            .match_indices(&self.text)
            .filter_map(|(at, text)| {
                let (start, _) = origin.get(at)?;
                let (_, end) = origin.get(at + text.len() - 1)?;
                Some(*start..*end)
            })
            .collect()
    }

    /// `line` with every place marked.
    pub(super) fn mark(&self, line: Line) -> Line {
        let places = self.places(&line.text());
        if places.is_empty() {
            return line;
        }
        let mut marked = Line::new();
        let mut start = 0;
        for piece in line.pieces {
            let end = start + piece.text.as_str().len();
            mark_piece(&mut marked, &piece, start, &places);
            start = end;
        }
        marked
    }
}

/// What is looked for in a view, and where it is.
#[derive(Debug, Clone, Default)]
pub(super) struct Finding {
    needle: Option<Needle>,
    /// Rows with a place, and which of them was gone to last.
    rows: Vec<usize>,
    at: usize,
}

impl Finding {
    /// Looks for another text, none if it is empty.
    pub(super) fn begin(&mut self, needle: &str) {
        self.needle = Needle::new(needle);
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
            let here = needle.places(&text).len();
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
            Some(needle) => needle.mark(line),
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

/// Adds `piece`, which starts at byte `start` of its line, in stretches inside
/// and outside of `places`. A cluster is never split.
fn mark_piece(line: &mut Line, piece: &Piece, start: usize, places: &[Range<usize>]) {
    let mut begun = 0;
    let mut role = piece.role;
    let mut at = 0;
    for (cluster, _) in text::clusters(piece.text.as_str()) {
        let here = start + at..start + at + cluster.len();
        let inside = places
            .iter()
            .any(|p| p.start < here.end && here.start < p.end);
        let new = if inside { Role::Match } else { piece.role };
        if new != role {
            line.push(role, piece.text.slice(begun..at));
            (begun, role) = (at, new);
        }
        at += cluster.len();
    }
    line.push(role, piece.text.slice(begun..at));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::clean;

    fn places(needle: &str, line: &str) -> Vec<(usize, usize)> {
        let places = Needle::new(needle).expect("not empty").places(line);
        places.into_iter().map(|p| (p.start, p.end)).collect()
    }

    #[test]
    fn small_letters_find_both_and_capitals_only_themselves() {
        assert_eq!(places("ab", "Ab aB ab"), [(0, 2), (3, 5), (6, 8)]);
        assert_eq!(places("Ab", "Ab aB ab"), [(0, 2)]);
        assert_eq!(Needle::new(""), None);
    }

    #[test]
    fn lower_case_of_another_length_keeps_its_place() {
        assert_eq!(places("x", "İx"), [(2, 3)]);
        assert_eq!(places("ä", "Ä"), [(0, 2)]);
    }

    #[test]
    fn the_found_part_is_marked_across_pieces() {
        let line = Line::of(Role::Dim, "ab").with(Role::Text, "cd猫");
        let marked = Needle::new("bc").expect("not empty").mark(line);
        let pieces: Vec<_> = marked
            .pieces
            .iter()
            .map(|p| (p.text.as_str(), p.role))
            .collect();
        assert_eq!(
            pieces,
            [
                ("a", Role::Dim),
                ("b", Role::Match),
                ("c", Role::Match),
                ("d猫", Role::Text)
            ]
        );
    }

    #[test]
    fn a_cluster_is_marked_whole() {
        let line = Line::of(Role::Text, clean("e\u{301}x"));
        let marked = Needle::new("e").expect("not empty").mark(line);
        assert_eq!(marked.pieces.len(), 2);
        assert_eq!(marked.text(), "e\u{301}x");
    }
}
