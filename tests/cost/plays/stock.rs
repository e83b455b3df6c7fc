//! What ratatui's own `Terminal` with its crossterm backend writes from one picture to
//! the next: a move for each run of changed cells, colours and attributes where they
//! change, and four resets at the end of each frame. Its backend is not among our
//! dependencies, so this follows its source (ratatui-crossterm 0.1, `draw`).

use vt100::{Cell, Color, Screen};

/// Foreground, background and underline colour, and all attributes.
const RESETS: &str = "\x1b[39m\x1b[49m\x1b[59m\x1b[0m";

/// Attributes with what sets and what undoes each.
type Marks = [bool; 4];
const SET: [&str; 4] = ["\x1b[1m", "\x1b[3m", "\x1b[4m", "\x1b[7m"];
const UNSET: [&str; 4] = ["\x1b[22m", "\x1b[23m", "\x1b[24m", "\x1b[27m"];

pub(crate) fn bytes(before: &Screen, after: &Screen) -> usize {
    let (height, width) = (after.size().0.get(), after.size().1.get());
    let mut written = RESETS.len();
    let mut last: Option<(u16, u16)> = None;
    let mut pen = (Color::Default, Color::Default);
    let mut marks = [false; 4];
    for y in 0..height {
        for x in 0..width {
            let (Some(cell), old) = (after.cell(y, x), before.cell(y, x)) else {
                continue;
            };
            if cell.is_wide_continuation() || old == Some(cell) {
                continue;
            }
            // Only the very next column goes without a move.
            if last != Some((x.wrapping_sub(1), y)) {
                written += format!("\x1b[{};{}H", y + 1, x + 1).len();
            }
            last = Some((x, y));
            let now = marks_of(cell);
            written += turned(marks, now);
            marks = now;
            let colors = (cell.fgcolor(), cell.bgcolor());
            if colors != pen {
                written += format!(
                    "\x1b[{};{}m",
                    color(pen_of(colors.0, 38), 39),
                    color(pen_of(colors.1, 48), 49)
                )
                .len();
                pen = colors;
            }
            written += cell.contents().len().max(1);
        }
    }
    written
}

fn marks_of(cell: &Cell) -> Marks {
    [cell.bold(), cell.italic(), cell.underline(), cell.inverse()]
}

fn turned(from: Marks, to: Marks) -> usize {
    let pairs = from.iter().zip(to).zip(SET.iter().zip(UNSET));
    pairs
        .map(|((from, to), (set, unset))| match (*from, to) {
            (false, true) => set.len(),
            (true, false) => unset.len(),
            _ => 0,
        })
        .sum()
}

/// crossterm writes even the sixteen as indexed ones.
fn pen_of(color: Color, kind: u8) -> Option<String> {
    match color {
        Color::Default => None,
        Color::Idx(n) => Some(format!("{kind};5;{n}")),
        Color::Rgb(r, g, b) => Some(format!("{kind};2;{r};{g};{b}")),
    }
}

fn color(named: Option<String>, default: u8) -> String {
    named.unwrap_or_else(|| default.to_string())
}
