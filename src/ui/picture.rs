//! A picture of a painted buffer, for the README: what the screen really shows.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Modifier;

use super::palette::{Rgb, rgb};
use super::proof::{rows, shown};
use crate::model::text::width;

/// The terminal that is drawn.
const BACK: Rgb = [0x12, 0x14, 0x18];
const FORE: Rgb = [0xd6, 0xda, 0xe1];
/// Of a cell, in hundredths of a pixel: 8.4 by 18 goes with letters of 14 pixels.
const WIDTH: u32 = 840;
const HEIGHT: u32 = 1800;
/// From the top of a cell to the foot of its letters.
const BASE: u32 = 1340;
/// Around the cells.
const MARGIN: u32 = 1200;

/// The look of a cell with everything resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    fore: Rgb,
    back: Rgb,
    bold: bool,
    underlined: bool,
}

/// Draws a buffer as SVG, on a dark background and in the reader's own monospaced
/// font; runs of one look are one element, at its own place and of its own width.
#[must_use]
pub fn to_svg(buf: &Buffer) -> String {
    let (mut backs, mut lines, mut texts) = (String::new(), String::new(), String::new());
    for (y, row) in (0..).zip(rows(buf)) {
        for run in runs(row, |cell| look(cell).back) {
            if run.look.back != BACK {
                back(&mut backs, &run, y);
            }
        }
        let same = |cell: &Cell| (look(cell), strokes(cell.symbol()), width(cell.symbol()) > 1);
        for run in runs(row, same) {
            if let Some(drawn) = strokes(run.first) {
                stroke(&mut lines, &run, y, drawn);
            } else {
                text(&mut texts, &run, y);
            }
        }
    }
    let pixels = |cells: u16, size: u32| {
        px(u32::from(cells)
            .saturating_mul(size)
            .saturating_add(MARGIN.saturating_mul(2)))
    };
    let (w, h) = (
        pixels(buf.area.width, WIDTH),
        pixels(buf.area.height, HEIGHT),
    );
    let (back, fore) = (code(BACK), code(FORE));
    format!(
        concat!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}">"#,
            "\n<style>text{{font:14px ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono',",
            "'Noto Sans Mono CJK SC',monospace}}.b{{font-weight:bold}}",
            "path{{fill:none;stroke-width:1.2}}.h{{stroke-width:2}}</style>\n",
            r#"<rect width="{w}" height="{h}" rx="8" fill="{back}"/>"#,
            "\n<g shape-rendering=\"crispEdges\">\n{backs}</g>\n{lines}",
            r#"<g fill="{fore}">"#,
            "\n{texts}</g></svg>\n"
        ),
        w = w,
        h = h,
        back = back,
        fore = fore,
        backs = backs,
        lines = lines,
        texts = texts,
    )
}

/// Neighbours that look the same.
struct Run<'a> {
    x: u16,
    /// Columns.
    cells: u16,
    look: Look,
    first: &'a str,
    text: String,
}

fn runs<'a, K: PartialEq>(row: &'a [Cell], key: impl Fn(&Cell) -> K) -> Vec<Run<'a>> {
    let mut runs: Vec<(K, Run<'a>)> = Vec::new();
    for (x, cell) in shown(row) {
        let cells = u16::try_from(width(cell.symbol()).max(1)).unwrap_or(1);
        let key = key(cell);
        match runs.last_mut() {
            Some((same, run)) if *same == key => {
                run.cells = run.cells.saturating_add(cells);
                run.text.push_str(cell.symbol());
            }
            _ => runs.push((
                key,
                Run {
                    x,
                    cells,
                    look: look(cell),
                    first: cell.symbol(),
                    text: cell.symbol().to_owned(),
                },
            )),
        }
    }
    runs.into_iter().map(|(_, run)| run).collect()
}

fn look(cell: &Cell) -> Look {
    let mut fore = rgb(cell.fg).unwrap_or(FORE);
    let mut back = rgb(cell.bg).unwrap_or(BACK);
    if cell.modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut fore, &mut back);
    }
    if cell.modifier.contains(Modifier::DIM) {
        fore = between(fore, back);
    }
    Look {
        fore,
        back,
        bold: cell.modifier.contains(Modifier::BOLD),
        underlined: cell.modifier.contains(Modifier::UNDERLINED),
    }
}

/// Two thirds of the one, a third of the other.
fn between([r, g, b]: Rgb, [r2, g2, b2]: Rgb) -> Rgb {
    let mix = |one: u8, other: u8| {
        let sum = u16::from(one)
            .saturating_mul(2)
            .saturating_add(other.into());
        u8::try_from(sum / 3).unwrap_or(u8::MAX)
    };
    [mix(r, r2), mix(g, g2), mix(b, b2)]
}

fn back(out: &mut String, run: &Run<'_>, y: u32) {
    let (x, y) = (left(run.x), top(y));
    let fill = code(run.look.back);
    let (w, h) = (px(wide(run.cells)), px(HEIGHT));
    // Writing to a string does not fail, here and below.
    let _ = writeln!(
        out,
        r#"<rect x="{}" y="{}" width="{w}" height="{h}" fill="{fill}"/>"#,
        px(x),
        px(y)
    );
}

/// Words that are more than a blank apart stand alone: readers of SVG disagree on
/// what becomes of further blanks.
fn text(out: &mut String, run: &Run<'_>, y: u32) {
    let mut x = run.x;
    for part in run.text.split("  ") {
        let words = part.trim_start_matches(' ');
        let before = part.len().saturating_sub(words.len());
        let place = x.saturating_add(columns(part.get(..before).unwrap_or_default()));
        if !words.trim_end_matches(' ').is_empty() {
            write_words(out, words.trim_end_matches(' '), (place, y), run.look);
        }
        x = x.saturating_add(columns(part)).saturating_add(2);
    }
}

fn columns(text: &str) -> u16 {
    u16::try_from(width(text)).unwrap_or(u16::MAX)
}

fn write_words(out: &mut String, words: &str, (x, y): (u16, u32), look: Look) {
    let (x, y) = (px(left(x)), px(top(y).saturating_add(BASE)));
    let length = px(wide(columns(words)));
    let _ = write!(out, r#"<text x="{x}" y="{y}" textLength="{length}""#);
    if look.fore != FORE {
        let _ = write!(out, r#" fill="{}""#, code(look.fore));
    }
    if look.bold {
        out.push_str(r#" class="b""#);
    }
    if look.underlined {
        out.push_str(r#" text-decoration="underline""#);
    }
    out.push('>');
    for c in words.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(c),
        }
    }
    out.push_str("</text>\n");
}

/// Which ways a line goes from the middle of its cell, and how thick it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stroke {
    Across,
    Heavy,
    Down,
    Joint,
    /// To the right and down, and so on.
    Corner(bool, bool),
    /// The left half, or eighth, of a cell.
    Block(u32),
}

/// Lines are drawn, so that they meet whatever the font.
fn strokes(symbol: &str) -> Option<Stroke> {
    Some(match symbol {
        "─" => Stroke::Across,
        "━" => Stroke::Heavy,
        "│" => Stroke::Down,
        "┬" => Stroke::Joint,
        "╭" => Stroke::Corner(true, true),
        "╮" => Stroke::Corner(false, true),
        "╰" => Stroke::Corner(true, false),
        "╯" => Stroke::Corner(false, false),
        "▌" => Stroke::Block(WIDTH / 2),
        "▏" => Stroke::Block(WIDTH / 8),
        _ => return None,
    })
}

fn stroke(out: &mut String, run: &Run<'_>, y: u32, drawn: Stroke) {
    let (x, y, w) = (left(run.x), top(y), wide(run.cells));
    let (middle, half) = (x.saturating_add(WIDTH / 2), y.saturating_add(HEIGHT / 2));
    let (mx, my, down) = (px(middle), px(half), px(HEIGHT / 2));
    let color = code(run.look.fore);
    let path = match drawn {
        Stroke::Across | Stroke::Heavy => format!("M{} {my}h{}", px(x), px(w)),
        Stroke::Down => format!("M{mx} {}v{}", px(y), px(HEIGHT)),
        Stroke::Joint => format!("M{} {my}h{}M{mx} {my}v{down}", px(x), px(w)),
        Stroke::Corner(right, below) => {
            let end_x = px(if right { x.saturating_add(w) } else { x });
            let end_y = px(if below { y.saturating_add(HEIGHT) } else { y });
            format!("M{mx} {end_y}Q{mx} {my} {end_x} {my}")
        }
        Stroke::Block(part) => {
            let (x, y, w, h) = (px(x), px(y), px(part), px(HEIGHT));
            let _ = writeln!(
                out,
                r#"<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="{color}"/>"#
            );
            return;
        }
    };
    let heavy = if drawn == Stroke::Heavy {
        r#" class="h""#
    } else {
        ""
    };
    let _ = writeln!(out, r#"<path d="{path}" stroke="{color}"{heavy}/>"#);
}

fn left(column: u16) -> u32 {
    wide(column).saturating_add(MARGIN)
}

fn top(row: u32) -> u32 {
    row.saturating_mul(HEIGHT).saturating_add(MARGIN)
}

fn wide(cells: u16) -> u32 {
    u32::from(cells).saturating_mul(WIDTH)
}

/// Hundredths of a pixel in pixels, as short as possible.
fn px(hundredths: u32) -> String {
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    match rest {
        0 => whole.to_string(),
        _ if rest % 10 == 0 => format!("{whole}.{}", rest / 10),
        _ => format!("{whole}.{rest:02}"),
    }
}

fn code([r, g, b]: Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Style};

    use super::*;

    #[test]
    fn runs_stand_at_their_own_columns_and_are_escaped() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 12, 1));
        buf.set_string(0, 0, "a<b&", Style::new());
        buf.set_string(4, 0, "你好", Style::new().fg(Color::Rgb(1, 2, 3)));
        buf.set_string(8, 0, "  ok", Style::new().reversed());
        let svg = to_svg(&buf);
        assert!(svg.contains(">a&lt;b&amp;</text>"), "{svg}");
        // Column 4 at 8.4 pixels each behind a margin of 12, four columns wide.
        let wide = r##"<text x="45.6" y="25.4" textLength="33.6" fill="#010203""##;
        assert!(svg.contains(wide), "{svg}");
        assert!(
            svg.contains(r#"<rect x="79.2" y="12" width="33.6""#),
            "{svg}"
        );
        assert_eq!(svg.matches("<text ").count(), 3, "{svg}");
    }

    #[test]
    fn a_rule_is_one_path() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 12, 1));
        buf.set_string(0, 0, "──────", Style::new());
        let svg = to_svg(&buf);
        assert!(svg.contains(r#"<path d="M12 21h50.4""#), "{svg}");
        assert!(!svg.contains("<text "), "{svg}");
    }

    #[test]
    fn a_buffer_without_cells_is_a_picture_too() {
        assert!(to_svg(&Buffer::empty(Rect::ZERO)).ends_with("</svg>\n"));
    }
}
