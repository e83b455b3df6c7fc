//! Puts text into cells, one grapheme after another, and never outside its place.

use ratatui::buffer::{Buffer, Cell};
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

    /// Puts cells that were painted before into a row of as many. `false` where there is no
    /// such row.
    pub(super) fn copy(&mut self, cells: &[Cell], row: Rect) -> bool {
        let row = row.intersection(self.buf.area);
        let start = (!row.is_empty()).then(|| self.buf.index_of(row.x, row.y));
        let row = start.and_then(|start| self.buf.content.get_mut(start..));
        let row = row.and_then(|row| row.get_mut(..cells.len()));
        row.is_some_and(|row| {
            row.clone_from_slice(cells);
            true
        })
    }

    /// Blanks a rectangle and gives it a look.
    pub(super) fn fill(&mut self, place: Rect, style: Style) {
        self.tile(place, ' ', style);
    }

    /// Repeats a sign all over a rectangle.
    pub(super) fn tile(&mut self, place: Rect, sign: char, style: Style) {
        let mut cell = Cell::EMPTY;
        cell.set_char(sign).set_style(style);
        let place = place.intersection(self.buf.area);
        let rows = place.rows().filter(|row| !row.is_empty());
        for row in rows {
            let start = self.buf.index_of(row.x, row.y);
            let cells = self.buf.content.get_mut(start..).unwrap_or_default();
            for painted in cells.iter_mut().take(row.width.into()) {
                painted.clone_from(&cell);
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
                if let Some(letters) = self.letters(part) {
                    let shown = self.write(letters, (x, row.y), row.right(), style);
                    x = x.saturating_add(shown);
                    if shown > 0 {
                        last = (x.saturating_sub(1), 1);
                    }
                    let rest = letters.get(usize::from(shown)..).unwrap_or_default();
                    if rest.iter().any(|letter| *letter != b' ') {
                        self.cut(row, last, surface);
                        return row.right();
                    }
                    continue;
                }
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

    /// The bytes of a text that is nothing but ASCII that shows and is drawn as it is: most
    /// of all that is painted.
    fn letters<'t>(&self, text: &'t str) -> Option<&'t [u8]> {
        let bytes = text.as_bytes();
        let shows = |byte: &u8| matches!(byte, b' '..=b'~');
        (!self.ascii && bytes.iter().all(shows)).then_some(bytes)
    }

    /// Writes such letters from `x` up to the column `end`. Says how many.
    fn write(&mut self, letters: &[u8], (x, y): (u16, u16), end: u16, style: Style) -> u16 {
        let room = usize::from(end.saturating_sub(x)).min(letters.len());
        let mut blank = Cell::EMPTY;
        blank.set_style(style);
        // Outside the buffer there is no index, and no room either.
        let from = (room > 0).then(|| self.buf.index_of(x, y));
        let cells = from.and_then(|from| self.buf.content.get_mut(from..));
        for (cell, letter) in cells.into_iter().flatten().take(room).zip(letters) {
            // Resetting and styling each of them takes longer than all the rest.
            cell.clone_from(&blank);
            cell.set_char(char::from(*letter));
        }
        u16::try_from(room).unwrap_or(u16::MAX)
    }

    fn in_ascii(&self, cell: &str, role: Role, mark: Option<Mark>) -> Option<&'static str> {
        let role = if self.ours { Role::Ours } else { role };
        self.ascii
            .then(|| glyphs::ascii(cell, role, mark))
            .flatten()
    }

    fn put(&mut self, (x, y): (u16, u16), (symbol, cells): (&str, u16), style: Style) {
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
