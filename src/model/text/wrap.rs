//! Clean text in the shape of a pane: one line, at most so wide, or wrapped.

use super::width::{cells, clusters, graphemes};
use super::{Clean, ELLIPSIS, MARKER, Mark, NEWLINE, units};

/// Tabs end at multiples of this.
const TAB: usize = 4;

/// Where no line should begin, and where none should end, in Chinese and
/// Japanese text.
const CLOSING: &str = "、。，．：；？！）】》〉」』〕］｝”’…ー々)]}>,.:;?!";
const OPENING: &str = "（【《〈「『〔［｛“‘([{<";

impl Clean {
    /// The same in one line: newlines as a visible sign, tabs as a space.
    #[must_use]
    pub fn one_line(&self) -> Self {
        if !self.text.contains(['\n', '\t']) {
            return self.clone();
        }
        let mut out = Self::default();
        for (part, mark) in self.parts() {
            for piece in part.split_inclusive(['\n', '\t']) {
                if let Some(before) = piece.strip_suffix('\n') {
                    out.append(before, mark);
                    out.append(NEWLINE, Some(Mark::Control));
                } else if let Some(before) = piece.strip_suffix('\t') {
                    out.append(before, mark);
                    out.append(" ", mark);
                } else {
                    out.append(piece, mark);
                }
            }
        }
        out
    }

    /// One line of at most `width` cells: whole clusters, and a marked `…`
    /// when something was cut. Looks at no more text than it shows.
    #[must_use]
    pub fn truncate(&self, width: usize) -> Self {
        let mut at = 0;
        let mut column = 0;
        let mut fits = 0;
        for (cluster, cells) in clusters(&self.text) {
            column += cells;
            if column > width {
                let mut out = self.slice(0..fits).one_line();
                if width > 0 {
                    out.append(ELLIPSIS, Some(Mark::Cut));
                }
                return out;
            }
            at += cluster.len();
            if column < width {
                fits = at;
            }
        }
        self.one_line()
    }

    /// The text in lines of at most `width` cells (less than 1 counts as 1),
    /// at least one line.
    ///
    /// Breaks at newlines, else between words or Chinese and Japanese signs,
    /// else between clusters; tabs become spaces. Nothing is lost but the
    /// newlines: blanks at a break stay. A sign of two cells in a width of one
    /// is shown as a marker.
    #[must_use]
    pub fn wrap(&self, width: usize) -> Vec<Self> {
        self.lines(width).collect()
    }

    /// [`Clean::lines`] for reading: the blank at which a full line was broken is
    /// not the indent of the next.
    pub fn words(&self, width: usize) -> impl Iterator<Item = Self> {
        Lines {
            drops_blank: true,
            ..Lines::new(self, width)
        }
    }

    /// [`Clean::wrap`] line by line: only what is taken is laid out.
    pub fn lines(&self, width: usize) -> impl Iterator<Item = Self> {
        Lines::new(self, width)
    }

    /// [`Clean::wrap`] with at most `max` lines. When there would be more, the
    /// last one is a marked note of how much is left.
    #[must_use]
    pub fn wrap_capped(&self, width: usize, max: usize) -> Vec<Self> {
        let mut lines = Lines::new(self, width);
        let mut out = Vec::new();
        let mut starts = Vec::new();
        while out.len() < max {
            starts.push(lines.at.unwrap_or(self.text.len()));
            match lines.next() {
                Some(line) => out.push(line),
                None => return out,
            }
        }
        if lines.at.is_some() && out.pop().is_some() {
            let shown = starts.pop().unwrap_or_default();
            let left = u64::try_from(self.text.len() - shown).unwrap_or(u64::MAX);
            let mut note = Self::default();
            note.append(
                &format!("{ELLIPSIS} {} more", units::size(left)),
                Some(Mark::Cut),
            );
            out.push(note.truncate(width.max(1)));
        }
        out
    }

    /// Without tabs: each as the spaces up to the next stop, but not beyond `width`.
    fn untabbed(self, width: usize) -> Self {
        if !self.text.contains('\t') {
            return self;
        }
        let mut out = Self::default();
        let mut column = 0;
        for (part, mark) in self.parts() {
            for (cluster, cells) in clusters(part) {
                if cluster == "\t" {
                    let wide = tab_cells(column, width);
                    column += wide;
                    out.append(&" ".repeat(wide), mark);
                } else {
                    column += cells;
                    out.append(cluster, mark);
                }
            }
        }
        out
    }
}

/// Cells of a tab at this column; 1 at the end of a line, so that it breaks there.
fn tab_cells(column: usize, width: usize) -> usize {
    (TAB - column % TAB)
        .min(width.saturating_sub(column))
        .max(1)
}

struct Lines<'c> {
    of: &'c Clean,
    /// Where the next line starts; `None` after the last.
    at: Option<usize>,
    width: usize,
    /// One blank that no longer fits goes with the break.
    drops_blank: bool,
}

impl<'c> Lines<'c> {
    fn new(of: &'c Clean, width: usize) -> Self {
        Self {
            of,
            at: Some(0),
            width: width.max(1),
            drops_blank: false,
        }
    }

    /// The line from `start` to `end`; the next one starts at `next`.
    fn line(&mut self, start: usize, end: usize, next: Option<usize>) -> Clean {
        self.at = next;
        self.of.slice(start..end).untabbed(self.width)
    }

    /// A cluster that is wider than a line, cell by cell.
    fn oversize(&mut self, start: usize, cluster: &str) -> Clean {
        let mut column = 0;
        let mut end = start;
        for (cell, cells) in graphemes(cluster) {
            if cells > self.width {
                if end > start {
                    break;
                }
                self.at = self.after(start + cell.len());
                let mut marker = Clean::default();
                marker.append(MARKER.encode_utf8(&mut [0; 4]), Some(Mark::Hidden));
                return marker;
            }
            column += cells;
            if column > self.width {
                break;
            }
            end += cell.len();
        }
        let next = self.after(end);
        self.line(start, end, next)
    }

    /// Where the next line starts when this one ends with the byte before `end`.
    fn after(&self, end: usize) -> Option<usize> {
        let rest = self.of.text.get(end..).unwrap_or_default();
        match rest.chars().next() {
            None => None,
            Some('\n') => Some(end + 1),
            Some(_) => Some(end),
        }
    }
}

impl Iterator for Lines<'_> {
    type Item = Clean;

    fn next(&mut self) -> Option<Clean> {
        let start = self.at?;
        let of = self.of;
        let rest = of.text.get(start..).unwrap_or_default();
        let mut pos = start;
        let mut column = 0;
        let mut word = None;
        let mut previous: Option<&str> = None;
        for (cluster, cells) in clusters(rest) {
            if cluster == "\n" {
                return Some(self.line(start, pos, Some(pos + 1)));
            }
            if previous.is_some_and(|p| may_break(p, cluster)) {
                word = Some(pos);
            }
            column += match cluster {
                "\t" => tab_cells(column, self.width),
                _ => cells,
            };
            if column > self.width {
                if pos == start {
                    return Some(self.oversize(start, cluster));
                }
                let (end, next) = match cluster {
                    " " if self.drops_blank => (pos, self.after(pos + 1)),
                    " " | "\t" => (pos, Some(pos)),
                    _ => {
                        let end = word.unwrap_or(pos);
                        (end, Some(end))
                    }
                };
                return Some(self.line(start, end, next));
            }
            pos += cluster.len();
            previous = Some(cluster);
        }
        Some(self.line(start, pos, None))
    }
}

/// Whether a line may end between two clusters that follow each other.
fn may_break(before: &str, after: &str) -> bool {
    if matches!(after, " " | "\t") {
        return false;
    }
    if matches!(before, " " | "\t") {
        return true;
    }
    (is_ideographic(before) || is_ideographic(after))
        && !before.chars().any(|c| OPENING.contains(c))
        && !after.chars().any(|c| CLOSING.contains(c))
}

/// Wide and not Hangul, which has words.
fn is_ideographic(cluster: &str) -> bool {
    cluster
        .chars()
        .next()
        .is_some_and(|c| cells(c) == 2 && !matches!(c, '\u{ac00}'..='\u{d7a3}'))
}
