//! A painted buffer in the form the terminal knows: text, width and pen of each
//! cell, with everything invisible left out, so that equal looks are equal.

use std::hint::black_box;
use std::sync::{Arc, OnceLock};

use unicode_width::UnicodeWidthStr;

use super::color::{Pen, SENT};
use super::gate;
use super::shift::{self, Prints};
use crate::ui::Colors;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Glyph {
    Char(char),
    Cluster(Box<str>),
    /// Covered by the wide cell to the left.
    Tail,
}

#[derive(Debug, Clone, Eq)]
pub(super) struct Cell {
    pub(super) glyph: Glyph,
    /// In columns: 1 or more, 0 for a tail.
    pub(super) width: u16,
    pub(super) pen: Pen,
}

impl PartialEq for Cell {
    // Written out, and inlined: a frame compares each of its cells several times.
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        let same = match (&self.glyph, &other.glyph) {
            (Glyph::Char(one), Glyph::Char(two)) => one == two,
            (Glyph::Cluster(one), Glyph::Cluster(two)) => one == two,
            (Glyph::Tail, Glyph::Tail) => true,
            (Glyph::Char(_) | Glyph::Cluster(_) | Glyph::Tail, _) => false,
        };
        same && self.pen == other.pen && self.width == other.width
    }
}

impl Cell {
    pub(super) const BLANK: Self = Self {
        glyph: Glyph::Char(' '),
        width: 1,
        pen: Pen {
            fg: super::color::Ink::DEFAULT,
            bg: super::color::Ink::DEFAULT,
            look: ratatui::style::Modifier::empty(),
        },
    };

    pub(super) fn is_space(&self) -> bool {
        self.glyph == Glyph::Char(' ')
    }

    /// Whether it takes a byte of its own to write this where something else stands: blanks
    /// are erased many at a time.
    pub(super) fn shows(&self) -> bool {
        self.width > 0 && !self.is_space()
    }

    /// Whether terminals may differ on how wide this is: then the cursor's column
    /// is unknown after it.
    ///
    /// They agree on ASCII and on what has been wide since before there were
    /// emoji: kana, ideographs, Hangul, full-width forms. They do not on accents
    /// and box lines (wide in CJK settings), emoji, combining marks, and anything
    /// newer than the terminal.
    pub(super) fn drifts(&self) -> bool {
        match self.glyph {
            Glyph::Char(c) => !matches!(c,
                ' '..='~'
                | '\u{3001}'..='\u{3029}'
                | '\u{3041}'..='\u{3096}'
                | '\u{30a0}'..='\u{30ff}'
                | '\u{3400}'..='\u{4db5}'
                | '\u{4e00}'..='\u{9fa5}'
                | '\u{ac00}'..='\u{d7a3}'
                | '\u{ff01}'..='\u{ff60}'),
            Glyph::Cluster(_) => true,
            Glyph::Tail => false,
        }
    }
}

/// One row of a screen.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) cells: Vec<Cell>,
    /// What tells its pieces apart, where somebody has asked.
    prints: OnceLock<Prints>,
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        self.cells == other.cells
    }
}

impl Eq for Row {}

impl Row {
    /// A row that somebody fills, where an older one lay if nobody looks at it any more.
    fn blank(spare: Option<Arc<Self>>, columns: usize) -> Arc<Self> {
        if let Some(mut row) = spare
            && let Some(free) = Arc::get_mut(&mut row)
        {
            free.cells.clear();
            free.prints = OnceLock::new();
            return row;
        }
        Arc::new(Self {
            cells: Vec::with_capacity(columns),
            prints: OnceLock::new(),
        })
    }

    /// What tells its pieces apart.
    pub(super) fn prints(&self) -> &Prints {
        self.prints.get_or_init(|| shift::prints(&self.cells))
    }

    /// Whether most of what it shows stands in the same place in another row.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let both = self.cells.iter().zip(&other.cells);
        let (mut shown, mut same) = (0_usize, 0_usize);
        for (one, two) in both.filter(|(one, _)| one.shows()) {
            shown += 1;
            same += usize::from(one == two);
        }
        same * 2 > shown
    }
}

/// What a terminal shows, or is to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grid {
    pub(super) width: u16,
    pub(super) height: u16,
    rows: Vec<Arc<Row>>,
}

impl Grid {
    pub(super) fn new(width: u16, height: u16, rows: Vec<Arc<Row>>) -> Self {
        Self {
            width,
            height,
            rows,
        }
    }

    /// From the first row down; no rows where there are no columns.
    pub(super) fn rows(&self) -> &[Arc<Row>] {
        &self.rows
    }

    pub(super) fn row(&self, y: u16) -> Option<&Arc<Row>> {
        self.rows.get(usize::from(y))
    }

    /// The rows that stand in no other grid.
    pub(super) fn into_spare(self) -> impl Iterator<Item = Arc<Row>> {
        // All at once: they are cold, and one after another each is waited for by itself.
        black_box(self.rows.iter().map(Arc::strong_count).sum::<usize>());
        let is_free = |row: &mut Arc<Row>| Arc::get_mut(row).is_some();
        let rows = self.rows.into_iter();
        rows.filter_map(move |mut row| is_free(&mut row).then_some(row))
    }
}

/// Takes over a painted row, in the place of one that is not needed any more if there is
/// one; also says how many of its cells the gate has blocked.
pub(super) fn take_row(
    row: &[ratatui::buffer::Cell],
    depth: Colors,
    spare: Option<Arc<Row>>,
) -> (Arc<Row>, u64) {
    let mut taken = Row::blank(spare, row.len());
    let blocked = Arc::get_mut(&mut taken).map_or(0, |taken| fill(row, depth, &mut taken.cells));
    (taken, blocked)
}

fn fill(row: &[ratatui::buffer::Cell], depth: Colors, out: &mut Vec<Cell>) -> u64 {
    let (mut blocked, mut covered) = (0, 0_usize);
    let mut last = None;
    for cell in row {
        if covered > 0 {
            // What stands under a wide cell is never shown, whatever it holds.
            covered -= 1;
            continue;
        }
        let style = (cell.fg, cell.bg, cell.modifier);
        // Colours are looked up where they change.
        let pen = match last {
            Some((same, pen)) if same == style => pen,
            _ => Pen {
                fg: depth.ink(cell.fg),
                bg: depth.ink(cell.bg),
                look: cell.modifier & SENT,
            },
        };
        last = Some((style, pen));
        let symbol = cell.symbol();
        // Most cells by far; the rest of this loop asks tables.
        if let [byte @ b' '..=b'~'] = symbol.as_bytes() {
            out.push(glyph(char::from(*byte), pen));
            continue;
        }
        let room = row.len() - out.len();
        let width = symbol.width();
        if gate::blocks(symbol) {
            blocked += 1;
            let marks = width.clamp(1, room);
            out.extend(std::iter::repeat_n(glyph('?', pen), marks));
            covered = marks - 1;
        } else if width == 0 || width > room {
            // Nothing to see, or cut by the right edge.
            out.push(glyph(' ', pen));
        } else {
            let mut chars = symbol.chars();
            let glyph = match (chars.next(), chars.next()) {
                (Some(c), None) => Glyph::Char(c),
                _ => Glyph::Cluster(symbol.into()),
            };
            let pen = if glyph == Glyph::Char(' ') {
                pen.on_blank()
            } else {
                pen
            };
            out.push(Cell {
                glyph,
                width: u16::try_from(width).unwrap_or(1),
                pen,
            });
            covered = width - 1;
            out.extend((0..covered).map(|_| Cell {
                glyph: Glyph::Tail,
                width: 0,
                pen,
            }));
        }
    }
    blocked
}

fn glyph(c: char, pen: Pen) -> Cell {
    Cell {
        glyph: Glyph::Char(c),
        width: 1,
        pen: if c == ' ' { pen.on_blank() } else { pen },
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Style};

    use super::*;

    fn taken(buffer: &Buffer) -> (Arc<Row>, u64) {
        take_row(&buffer.content, Colors::Sixteen, None)
    }

    fn text(row: &Row) -> String {
        let cells = row.cells.iter();
        cells
            .map(|cell| match &cell.glyph {
                Glyph::Char(c) => c.to_string(),
                Glyph::Cluster(text) => text.to_string(),
                Glyph::Tail => "_".to_owned(),
            })
            .collect()
    }

    #[test]
    fn a_cell_that_holds_a_control_becomes_question_marks_and_is_counted() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 1));
        buffer[(0, 0)].set_symbol("\u{1b}");
        buffer[(1, 0)].set_symbol("你\u{202e}");
        buffer[(3, 0)].set_symbol("ok");
        buffer[(5, 0)].set_symbol("\u{9b}");
        let (row, blocked) = taken(&buffer);
        assert_eq!((text(&row).as_str(), blocked), ("???ok_?", 3));
    }

    #[test]
    fn a_wide_cell_covers_its_neighbour_and_is_cut_at_the_edge() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 5, 1));
        buffer[(0, 0)].set_symbol("你");
        buffer[(1, 0)].set_symbol("x");
        buffer[(2, 0)].set_symbol("");
        buffer[(4, 0)].set_symbol("好");
        assert_eq!(text(&taken(&buffer).0), "你_   ");
    }

    #[test]
    fn what_a_blank_cell_does_not_show_makes_no_difference() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 3, 1));
        let plain = taken(&buffer).0;
        buffer.set_style(buffer.area, Style::new().fg(Color::Red).bold());
        assert_eq!(taken(&buffer).0, plain);
        buffer.set_style(buffer.area, Style::new().underlined());
        assert_ne!(taken(&buffer).0, plain);
    }
}
