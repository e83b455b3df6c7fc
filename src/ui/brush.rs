//! Puts text into cells, one grapheme after another, and never outside its place.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::glyphs;
use super::theme::{Surface, Theme};
use crate::app::line::{Line, Piece, Role};
use crate::app::view::Area;
use crate::model::text::{MARKER, Mark, graphemes, is_drawable, width};

/// A buffer with what is needed to paint on it.
pub(super) struct Brush<'a> {
    pub(super) theme: &'a Theme,
    pub(super) ascii: bool,
    /// All words are ours, whatever their role.
    pub(super) ours: bool,
    buf: &'a mut Buffer,
}

impl<'a> Brush<'a> {
    pub(super) fn new(theme: &'a Theme, ascii: bool, buf: &'a mut Buffer) -> Self {
        Self {
            theme,
            ascii,
            ours: false,
            buf,
        }
    }

    /// The part of an area that is on the screen.
    pub(super) fn clip(&self, area: Area) -> Rect {
        // `Rect::new` shortens what would pass the largest coordinate.
        Rect::new(area.x, area.y, area.width, area.height).intersection(self.buf.area)
    }

    /// Blanks a rectangle and gives it a look.
    pub(super) fn fill(&mut self, place: Rect, style: Style) {
        let place = place.intersection(self.buf.area);
        for position in place.positions() {
            if let Some(cell) = self.buf.cell_mut(position) {
                cell.reset();
                cell.set_style(style);
            }
        }
    }

    /// Blanks a rectangle that lies above others, and the wide signs that its
    /// left edge cuts in half.
    pub(super) fn cover(&mut self, place: Rect, style: Style) {
        let place = place.intersection(self.buf.area);
        if let Some(left) = place.x.checked_sub(1) {
            for y in place.top()..place.bottom() {
                if let Some(cell) = self.buf.cell_mut((left, y))
                    && width(cell.symbol()) > 1
                {
                    cell.set_symbol(" ");
                }
            }
        }
        self.fill(place, style);
    }

    /// One of our own signs, one cell wide.
    pub(super) fn sign(&mut self, (x, y): (u16, u16), sign: char, style: Style) {
        if let Some(cell) = self.buf.cell_mut((x, y)) {
            cell.reset();
            cell.set_char(sign).set_style(style);
        }
    }

    /// A sign repeated from the left to the right edge of a row.
    pub(super) fn rule(&mut self, row: Rect, sign: char, style: Style) {
        for x in row.left()..row.right() {
            self.sign((x, row.y), sign, style);
        }
    }

    /// A line from the left edge of a row; gives the column behind it.
    pub(super) fn line(&mut self, line: &Line, row: Rect, surface: Surface) -> u16 {
        self.pieces(&line.pieces, row, surface)
    }

    /// The pieces of a line. What does not fit is cut, and the last cell says so.
    pub(super) fn pieces(&mut self, pieces: &[Piece], row: Rect, surface: Surface) -> u16 {
        let row = row.intersection(self.buf.area);
        let mut x = row.x;
        if row.is_empty() {
            return x;
        }
        let mut last = (x, 0);
        for piece in pieces {
            for (part, mark) in piece.text.parts() {
                let style = self.theme.style_on(piece.role, mark, surface);
                for (cell, cells) in graphemes(part) {
                    let cells = u16::try_from(cells).unwrap_or(u16::MAX);
                    let next = x.saturating_add(cells);
                    if next <= row.right() {
                        let cell = self.in_ascii(cell, piece.role, mark).unwrap_or(cell);
                        self.put((x, row.y), (cell, cells), style);
                        last = (x, cells);
                        x = next;
                    } else if cell != " " {
                        self.cut(row, last, surface);
                        return row.right();
                    }
                }
            }
        }
        x
    }

    fn in_ascii(&self, cell: &str, role: Role, mark: Option<Mark>) -> Option<&'static str> {
        let role = if self.ours { Role::Ours } else { role };
        self.ascii
            .then(|| glyphs::ascii(cell, role, mark))
            .flatten()
    }

    fn put(&mut self, (x, y): (u16, u16), (symbol, cells): (&str, u16), style: Style) {
        if let ([b' '..=b'~'], Some(cell)) = (symbol.as_bytes(), self.buf.cell_mut((x, y))) {
            // Most of all that is painted.
            cell.reset();
            cell.set_symbol(symbol).set_style(style);
            return;
        }
        let mut buffer = [0; 4];
        let safe = is_drawable(symbol);
        let symbol = if safe {
            symbol
        } else {
            MARKER.encode_utf8(&mut buffer)
        };
        let mut shown = symbol;
        for column in x..x.saturating_add(cells) {
            if let Some(cell) = self.buf.cell_mut((column, y)) {
                cell.reset();
                cell.set_symbol(shown).set_style(style);
            }
            // The cells under a wide sign stay blank, as the screen expects.
            shown = if safe { " " } else { symbol };
        }
    }

    /// Says in the last cell of a row that its line goes on.
    fn cut(&mut self, row: Rect, last: (u16, u16), surface: Surface) {
        let style = self.theme.style_on(Role::Dim, Some(Mark::Cut), surface);
        let edge = row.right().saturating_sub(1);
        let (x, cells) = last;
        if cells > 1 && x < edge && x.saturating_add(cells) > edge {
            self.sign((x, row.y), ' ', style);
        }
        self.sign((edge, row.y), glyphs::cut(self.ascii), style);
    }
}
