//! From what the terminal shows to what it is to show, in the fewest bytes.
//!
//! Measured on a one-line scroll of 120x40: `less` 99 bytes, ratatui's own writer
//! 7,342. Three things make the difference: the terminal scrolls what only moved,
//! pen and cursor are followed instead of set and reset, and a row is written the
//! shorter of two ways. Nothing is wrapped in synchronized output: tmux then sends
//! 8,070 bytes for a scroll instead of 105.

use std::ops::Range;

use super::color::Pen;
use super::grid::{Cell, Glyph, Grid};
use super::pen;
use super::place::{self, Bounds, Place};
use super::shift::Shift;

/// What we know of the terminal besides its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) pen: Pen,
    pub(super) place: Place,
    /// First and last row that scroll. It stays as it is between frames: the next
    /// scroll is most likely the same one.
    pub(super) region: (u16, u16),
    /// `None` before the first frame.
    pub(super) cursor_shown: Option<bool>,
}

/// Bytes that a picture after a key takes, and more.
const USUAL: usize = 768;

/// Writes sequences and follows what they do.
#[derive(Debug, Clone)]
pub(super) struct Encoder {
    pub(super) known: Known,
    width: u16,
    height: u16,
    pub(super) out: Vec<u8>,
}

impl Encoder {
    pub(super) fn new(known: Known, grid: &Grid) -> Self {
        Self {
            known,
            width: grid.width,
            height: grid.height,
            out: Vec::with_capacity(USUAL),
        }
    }

    /// Starts from nothing: pen and region are set back, whatever they are.
    pub(super) fn afresh(grid: &Grid) -> Self {
        let known = Known {
            pen: Pen::default(),
            place: Place::Unknown,
            region: (0, grid.height.saturating_sub(1)),
            cursor_shown: None,
        };
        let mut encoder = Self::new(known, grid);
        encoder.out.extend_from_slice(b"\x1b[m\x1b[r");
        encoder
    }

    /// Lets the terminal move rows. What comes into view is blank.
    pub(super) fn shift(&mut self, shift: Shift) {
        let (top, bottom) = (shift.top, shift.bottom);
        self.erasing_pen();
        if self.known.region != (top, bottom) {
            self.out.extend_from_slice(b"\x1b[");
            if top > 0 {
                place::number(u32::from(top) + 1, &mut self.out);
            }
            if bottom + 1 < self.height {
                self.out.push(b';');
                place::number(u32::from(bottom) + 1, &mut self.out);
            }
            self.out.push(b'r');
            self.known.region = (top, bottom);
            self.known.place = Place::Unknown;
        }
        // At the region's edge a line feed scrolls; for many rows there is a
        // sequence. SU and SD would do without the move, but not on every console.
        let (edge, one, many): (u16, &[u8], u8) = if shift.up {
            (bottom, b"\n", b'M')
        } else {
            (top, b"\x1bM", b'L')
        };
        let (start, before) = (self.out.len(), self.known);
        self.go(0, edge);
        for _ in 0..shift.rows {
            self.out.extend_from_slice(one);
        }
        let (middle, by_feeds) = (self.out.len(), self.known);
        self.known = before;
        self.go(0, top);
        place::sequence(shift.rows.into(), many, &mut self.out);
        if self.out.len() - middle < middle - start {
            self.out.drain(start..middle);
        } else {
            self.out.truncate(middle);
            self.known = by_feeds;
        }
    }

    /// Writes a row, given what stands there; `None` when that is not known.
    pub(super) fn row(&mut self, y: u16, held: Option<&[Cell]>, next: &[Cell]) {
        let Some(held) = held else {
            self.go(0, y);
            self.erase();
            self.cells(y, &[], next, 0..next.len());
            return;
        };
        let differs = |x: &usize| next.get(*x) != Some(standing(held, *x));
        let Some(first) = (0..next.len()).find(differs) else {
            return;
        };
        // Half of a wide cell must be neither erased nor taken for a whole one.
        let starts = |x: &usize| [held, next].iter().all(|row| begins(row, *x));
        let first = (0..=first).rev().find(starts).unwrap_or_default();
        let end = (first..next.len()).rfind(differs).map_or(first, |x| x + 1);
        let (start, known) = (self.out.len(), self.known);
        self.cells(y, held, next, first..end);
        // The other way: erase from the first change on, and write what is not blank. That
        // is a byte for each sign at least.
        let signs = next.iter().skip(first).filter(|cell| cell.shows()).count();
        if signs >= self.out.len() - start {
            return;
        }
        let (middle, after) = (self.out.len(), self.known);
        self.known = known;
        self.go(column(first), y);
        self.erase();
        let kept = held.get(..first).unwrap_or_default();
        self.cells(y, kept, next, first..next.len());
        if self.out.len() - middle < middle - start {
            self.out.drain(start..middle);
        } else {
            self.out.truncate(middle);
            self.known = after;
        }
    }

    /// Writes the cells of `within` that differ; beyond `held` the row is blank.
    fn cells(&mut self, y: u16, held: &[Cell], next: &[Cell], within: Range<usize>) {
        let stands = |x: usize| standing(held, x);
        // Behind the last thing to show, one erasure may do for many blanks.
        let end = next
            .iter()
            .rposition(|cell| *cell != Cell::BLANK)
            .map_or(0, |x| x + 1);
        let mut x = within.start;
        while let Some(cell) = next.get(x).filter(|_| x < within.end) {
            let width = usize::from(cell.width.max(1));
            if (x..x + width).all(|x| next.get(x) == Some(stands(x))) {
                x += width;
                continue;
            }
            if x >= end {
                let left = (x..next.len())
                    .filter(|x| *stands(*x) != Cell::BLANK)
                    .count();
                // An erasure is three bytes, and a pen; so are three blanks.
                if left > 3 || !self.known.pen.erases() {
                    self.go_over(x, y, next);
                    self.erase();
                    return;
                }
            }
            self.go_over(x, y, next);
            self.cell(x, y, cell, stands);
            x += width;
        }
    }

    fn cell<'a>(&mut self, x: usize, y: u16, cell: &Cell, stands: impl Fn(usize) -> &'a Cell) {
        let fits = if cell.is_space() && cell.pen.is_bare() {
            self.known.pen.is_bare() && self.known.pen.bg == cell.pen.bg
        } else {
            self.known.pen == cell.pen
        };
        if !fits {
            self.pen(cell.pen);
        }
        let (from, width) = (column(x), cell.width.max(1));
        let drifts = cell.drifts();
        let mut utf8 = [0; 4];
        match &cell.glyph {
            Glyph::Char(c) => self
                .out
                .extend_from_slice(c.encode_utf8(&mut utf8).as_bytes()),
            Glyph::Cluster(text) => {
                // A terminal that draws this narrower would leave what stood behind it.
                let covered = (x + 1..x + usize::from(width)).any(|x| *stands(x) != Cell::BLANK);
                if covered {
                    self.out.extend(std::iter::repeat_n(b' ', width.into()));
                    self.known.place = Place::At { x: from + width, y };
                    if from + width >= self.width {
                        self.known.place = Place::Edge { y };
                    }
                    self.go(from, y);
                }
                self.out.extend_from_slice(text.as_bytes());
            }
            Glyph::Tail => self.out.push(b' '),
        }
        let x = from + width;
        let worst = match self.known.place {
            // Each may be one wider than we think.
            Place::Drifted { worst, .. } => worst.saturating_add(width + 1),
            Place::Unknown | Place::At { .. } | Place::Edge { .. } => x.saturating_add(1),
        };
        self.known.place = if drifts {
            Place::Drifted { x, worst, y }
        } else if x >= self.width {
            Place::Edge { y }
        } else {
            Place::At { x, y }
        };
    }

    /// Goes to a cell, through unchanged ones where writing them is no longer than
    /// the way around.
    fn go_over(&mut self, x: usize, y: u16, next: &[Cell]) {
        if self.known.place.is(column(x), y) {
            return;
        }
        let drifted = matches!(self.known.place, Place::Drifted { x: at, y: row, .. }
            if usize::from(at) == x && row == y);
        if drifted && next.get(x).is_some_and(Cell::drifts) {
            // Still the same run: the move comes at its end.
            return;
        }
        let (start, before) = (self.out.len(), self.known);
        self.go(column(x), y);
        let (middle, around) = (self.out.len(), self.known);
        // From this row, and from the beginning of another one.
        let from = match before.place {
            Place::At { x: at, y: row } if row == y && usize::from(at) < x => at,
            Place::Unknown | Place::At { .. } | Place::Drifted { .. } | Place::Edge { .. } => 0,
        };
        let between = next.get(usize::from(from)..x).unwrap_or_default();
        if between.len() > middle - start {
            return;
        }
        // What is written next needs its pen in any case.
        let ahead = next.get(x).filter(|cell| !cell.is_space());
        let pens = [Some(before.pen), ahead.map(|cell| cell.pen)];
        for pen in pens.into_iter().flatten() {
            self.pen(pen);
            let length = self.out.len() - start;
            self.out.truncate(middle);
            self.known = before;
            self.go(from, y);
            self.pen(pen);
            if through(between, pen, &mut self.out) && self.out.len() - middle <= length {
                self.known.place = Place::At { x: column(x), y };
                self.out.drain(start..middle);
                return;
            }
            self.out.truncate(middle);
            self.known = around;
        }
    }

    /// Puts the cursor where it is to be seen, or hides it.
    pub(super) fn cursor(&mut self, at: Option<(u16, u16)>) {
        let at = at.filter(|(x, y)| *x < self.width && *y < self.height);
        if let Some((x, y)) = at {
            self.go(x, y);
        }
        if self.known.cursor_shown != Some(at.is_some()) {
            let sequence: &[u8] = if at.is_some() {
                b"\x1b[?25h"
            } else {
                b"\x1b[?25l"
            };
            self.out.extend_from_slice(sequence);
            self.known.cursor_shown = Some(at.is_some());
        }
    }

    fn go(&mut self, x: u16, y: u16) {
        let bounds = Bounds {
            width: self.width,
            bottom: self.known.region.1,
        };
        place::go(self.known.place, (x, y), bounds, &mut self.out);
        self.known.place = Place::At { x, y };
    }

    fn pen(&mut self, to: Pen) {
        pen::change(self.known.pen, to, &mut self.out);
        self.known.pen = to;
    }

    fn erasing_pen(&mut self) {
        if !self.known.pen.erases() {
            self.pen(Pen::default());
        }
    }

    fn erase(&mut self) {
        self.erasing_pen();
        self.out.extend_from_slice(b"\x1b[K");
    }
}

/// Writes cells as text, where this pen writes them as they are; `false` where it does not.
fn through(cells: &[Cell], pen: Pen, out: &mut Vec<u8>) -> bool {
    cells.iter().all(|cell| match cell.glyph {
        Glyph::Char(c @ ' '..='~')
            if cell.pen == pen
                || (c == ' ' && cell.pen.is_bare() && pen.is_bare() && cell.pen.bg == pen.bg) =>
        {
            out.extend(u8::try_from(c));
            true
        }
        Glyph::Char(_) | Glyph::Cluster(_) | Glyph::Tail => false,
    })
}

/// What stands in a column; beyond `held` the row is blank.
fn standing(held: &[Cell], x: usize) -> &Cell {
    held.get(x).unwrap_or(&Cell::BLANK)
}

/// Whether a cell begins in this column, rather than goes on.
fn begins(row: &[Cell], x: usize) -> bool {
    row.get(x).is_none_or(|cell| cell.width > 0)
}

/// A buffer is at most `u16::MAX` columns wide.
fn column(x: usize) -> u16 {
    u16::try_from(x).unwrap_or(u16::MAX)
}
