//! The encoder against a terminal model: what arrives is what was painted.

use std::num::NonZeroU16;
use std::sync::Arc;

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use super::color::{Ink, Shade};
use super::difference::difference;
use super::encoder::Known;
use super::grid::{Glyph, Grid};
use super::intake::Intake;
use crate::ui::{self, Colors};

/// A terminal, and what the writer believes of it.
struct Wire {
    terminal: vt100::Parser,
    intake: Intake,
    held: Option<(Arc<Grid>, Known)>,
    /// The picture before, where the next one shares its rows.
    before: Option<ui::Picture>,
    shares: bool,
}

impl Wire {
    fn new(width: u16, height: u16) -> Self {
        let size = |n| NonZeroU16::new(n).expect("not 0");
        let mut terminal = vt100::Parser::new(size(height), size(width), 0);
        // What another program may have left there.
        terminal.process("\x1b[31;44m旧 old\x1b[3;5r\x1b[4;2H老\x1b[?25l".as_bytes());
        Self {
            terminal,
            intake: Intake::new(Colors::True),
            held: None,
            before: None,
            shares: false,
        }
    }

    /// With pictures that share the rows that stay or move, as those of the program do.
    fn sharing(width: u16, height: u16) -> Self {
        Self {
            shares: true,
            ..Self::new(width, height)
        }
    }

    /// Shows a frame; how many bytes that took.
    fn show(&mut self, buffer: &Buffer, cursor: Option<(u16, u16)>) -> usize {
        let mut picture = ui::Picture::from(buffer.clone());
        if let Some(before) = &self.before {
            picture = picture.after(before);
        }
        self.before = self.shares.then(|| picture.clone());
        let (grid, blocked) = self.intake.take(picture);
        assert_eq!(blocked, 0);
        let held = self.held.as_ref().map(|(grid, known)| (&**grid, *known));
        let made = difference(held, &grid, cursor);
        self.terminal.process(&made.bytes);
        self.compare(&grid, cursor, &made.bytes);
        self.held = Some((grid, made.known));
        made.bytes.len()
    }

    fn compare(&self, grid: &Grid, cursor: Option<(u16, u16)>, bytes: &[u8]) {
        let screen = self.terminal.screen();
        let sent = || String::from_utf8_lossy(bytes).replace('\x1b', "^");
        assert_eq!(screen.hide_cursor(), cursor.is_none());
        if let Some((x, y)) = cursor {
            assert_eq!(screen.cursor_position(), (y, x), "cursor {}", sent());
        }
        for y in 0..grid.height {
            for (x, cell) in (0..).zip(&grid.row(y).expect("a row").cells) {
                let shown = screen.cell(y, x).expect("a cell");
                let place = || format!("column {x}, row {y}, {cell:?}, after {}", sent());
                let (text, wide) = match &cell.glyph {
                    Glyph::Tail => {
                        assert!(shown.is_wide_continuation(), "{}", place());
                        continue;
                    }
                    Glyph::Char(c) => (c.to_string(), cell.width == 2),
                    Glyph::Cluster(text) => (text.to_string(), cell.width == 2),
                };
                let contents = if shown.has_contents() {
                    shown.contents()
                } else {
                    " "
                };
                assert_eq!(
                    (contents, shown.is_wide()),
                    (text.as_str(), wide),
                    "{}",
                    place()
                );
                let look = cell.pen.look;
                assert_eq!(color(cell.pen.bg), shown.bgcolor(), "{}", place());
                assert_eq!(
                    look.contains(Modifier::REVERSED),
                    shown.inverse(),
                    "{}",
                    place()
                );
                assert_eq!(
                    look.contains(Modifier::UNDERLINED),
                    shown.underline(),
                    "{}",
                    place()
                );
                if text != " " || !cell.pen.is_bare() {
                    assert_eq!(color(cell.pen.fg), shown.fgcolor(), "{}", place());
                    // The model holds one of bold and dim, the later one.
                    let weights = (look.contains(Modifier::BOLD), look.contains(Modifier::DIM));
                    if weights != (true, true) {
                        assert_eq!(weights, (shown.bold(), shown.dim()), "{}", place());
                    }
                    assert_eq!(
                        look.contains(Modifier::ITALIC),
                        shown.italic(),
                        "{}",
                        place()
                    );
                }
            }
        }
    }
}

fn color(ink: Ink) -> vt100::Color {
    match ink.shade() {
        Shade::Default => vt100::Color::Default,
        Shade::Ansi(n) | Shade::Indexed(n) => vt100::Color::Idx(n),
        Shade::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
    }
}

const STYLES: [Style; 9] = [
    Style::new(),
    Style::new().fg(Color::Cyan),
    Style::new()
        .fg(Color::LightRed)
        .add_modifier(Modifier::BOLD),
    Style::new().add_modifier(Modifier::DIM),
    Style::new().add_modifier(Modifier::REVERSED),
    Style::new().bg(Color::Blue).fg(Color::White),
    Style::new().fg(Color::Rgb(1, 2, 3)).bg(Color::Indexed(200)),
    Style::new().add_modifier(Modifier::UNDERLINED.union(Modifier::ITALIC)),
    Style::new().bg(Color::DarkGray),
];

const SYMBOLS: [&str; 14] = [
    " ",
    "a",
    "你",
    "é",
    "e\u{301}",
    "😀",
    "❤\u{fe0f}",
    "│",
    "한",
    "0",
    "  ",
    "ア",
    "z",
    "…",
];

/// The n-th message of a made-up chat.
fn message(n: u32) -> String {
    let words = [
        "hello",
        "你好世界",
        "a",
        "emoji 😀 here",
        "日本語テスト",
        "",
        "naïve café",
        "x   y",
    ];
    let mut text = format!("{:02}:{:02} user{} ", n / 60 % 24, n % 60, n % 7);
    for step in 0..n % 5 {
        let word = words[((n * 31 + step * 17) % 8) as usize];
        text.push_str(word);
        text.push(' ');
    }
    text
}

#[derive(Debug, Clone)]
struct Picture {
    offset: u32,
    top: u16,
    selected: Option<u16>,
    specks: Vec<(u16, u16, usize, usize)>,
    cursor: Option<(u16, u16)>,
    again: bool,
}

fn picture() -> impl Strategy<Value = Picture> {
    let speck = (0..40_u16, 0..12_u16, 0..SYMBOLS.len(), 0..STYLES.len());
    (
        prop_oneof![3 => 0..12_u32, 1 => 0..100_u32],
        0..3_u16,
        prop::option::of(0..12_u16),
        prop::collection::vec(speck, 0..12),
        prop::option::of((0..40_u16, 0..12_u16)),
        prop::bool::weighted(0.1),
    )
        .prop_map(|(offset, top, selected, specks, cursor, again)| Picture {
            offset,
            top,
            selected,
            specks,
            cursor,
            again,
        })
}

fn paint(picture: &Picture, width: u16, height: u16) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    buffer.set_stringn(0, 0, "│ Groups │ 消息", width.into(), STYLES[2]);
    for y in picture.top..height.saturating_sub(2) {
        let n = picture.offset + u32::from(y);
        buffer.set_stringn(0, y, message(n), width.into(), STYLES[(n % 4) as usize]);
    }
    if let Some(y) = picture.selected {
        buffer.set_style(
            Rect::new(0, y, width, 1).intersection(buffer.area),
            STYLES[4],
        );
    }
    for &(x, y, symbol, style) in &picture.specks {
        if x < width && y < height {
            buffer.set_stringn(x, y, SYMBOLS[symbol], (width - x).into(), STYLES[style]);
        }
    }
    buffer
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever is painted, and in whatever order, the terminal shows it.
    #[test]
    fn the_terminal_shows_what_was_painted(
        pictures in prop::collection::vec(picture(), 1..12),
        width in 3..40_u16,
        height in 5..12_u16,
        shares: bool,
    ) {
        let mut wire = if shares { Wire::sharing(width, height) } else { Wire::new(width, height) };
        for picture in &pictures {
            if picture.again {
                wire.held = None;
            }
            let cursor = picture.cursor.map(|(x, y)| (x % width, y % height));
            let buffer = paint(picture, width, height);
            wire.show(&buffer, cursor);
            prop_assert_eq!(wire.show(&buffer, cursor), 0, "the same again costs nothing");
        }
    }
}

/// A chat as the messages pane shows it: time, sender and text in sixteen
/// colours, a mark before the selected row, a line above and two below.
fn chat(first: u32, selected: u32) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 40));
    buffer.set_string(0, 0, "Messages", Style::new().bold());
    for y in 1..38 {
        let n = first + u32::from(y);
        if n == selected {
            buffer.set_string(0, y, ">", Style::new().fg(Color::Yellow));
        }
        buffer.set_string(2, y, time(n), Style::new().fg(Color::DarkGray));
        let user = format!("user{}", n % 9);
        let hue = Color::Indexed(u8::try_from(n % 6).expect("small") + 1);
        buffer.set_string(11, y, user, Style::new().fg(hue));
        buffer.set_stringn(18, y, text(n), 102, Style::new());
    }
    buffer.set_string(0, 39, "? help  / search  q quit", Style::new());
    buffer
}

fn time(n: u32) -> String {
    format!("{:02}:{:02}:{:02}", n / 3600 % 24, n / 60 % 60, n % 60)
}

fn text(n: u32) -> String {
    format!(
        "message {n} says that order {} has been paid and sent on its way",
        n * 7919
    )
}

/// What a row holds, without the blanks between its columns counted twice.
fn row_bytes(n: u32) -> usize {
    time(n).len() + 5 + text(n).len() + 5
}

#[test]
fn a_line_of_scrolling_costs_a_row_and_little_more() {
    for mut wire in [Wire::new(120, 40), Wire::sharing(120, 40)] {
        wire.show(&chat(1_000, 0), None);
        for first in 1_001..1_100 {
            let bytes = wire.show(&chat(first, 0), None);
            let limit = row_bytes(first + 37) + if first == 1_001 { 40 } else { 24 };
            assert!(bytes <= limit, "down to {first}: {bytes} of {limit}");
        }
        for first in (1_000..1_099).rev() {
            let bytes = wire.show(&chat(first, 0), None);
            let limit = row_bytes(first + 1) + 24;
            assert!(bytes <= limit, "up to {first}: {bytes} of {limit}");
        }
    }
}

#[test]
fn moving_the_selection_on_the_way_costs_little_more() {
    for mut wire in [Wire::new(120, 40), Wire::sharing(120, 40)] {
        wire.show(&chat(1_000, 1_037), None);
        wire.show(&chat(1_001, 1_038), None);
        for first in 1_002..1_100 {
            let bytes = wire.show(&chat(first, first + 37), None);
            let limit = row_bytes(first + 37) + 72;
            assert!(bytes <= limit, "down to {first}: {bytes} of {limit}");
        }
    }
}

#[test]
fn three_lines_cost_three_rows_and_a_page_its_rows() {
    for mut wire in [Wire::new(120, 40), Wire::sharing(120, 40)] {
        wire.show(&chat(1_000, 0), None);
        wire.show(&chat(1_003, 0), None);
        let bytes = wire.show(&chat(1_006, 0), None);
        assert!(bytes <= 3 * (row_bytes(1_040) + 24), "{bytes}");
        let rows: usize = (1_043..1_080).map(row_bytes).sum();
        let bytes = wire.show(&chat(1_043, 0), None);
        assert!(bytes <= rows + 37 * 24 + 72, "{bytes} of {rows}");
    }
}

/// The same with groups to the left and details to the right.
fn panes(first: u32) -> Buffer {
    let mut buffer = chat(first, 0);
    for y in 0..38 {
        buffer.set_string(0, y, " ".repeat(24), Style::new());
        if y < 20 {
            buffer.set_string(0, y, format!("group {y}"), Style::new());
        }
        buffer.set_string(23, y, "│", Style::new());
        buffer.set_string(24, y, time(first + u32::from(y)), Style::new().dim());
        buffer.set_string(80, y, format!("│{}", " ".repeat(39)), Style::new());
        if y < 12 {
            buffer.set_string(82, y, format!("field {y}: {}", first * 31), Style::new());
        }
    }
    buffer
}

#[test]
fn with_panes_beside_scrolling_one_moves_it_and_mends_the_others() {
    let mut wire = Wire::new(120, 40);
    wire.show(&panes(1_000), None);
    wire.show(&panes(1_001), None);
    let bytes = wire.show(&panes(1_002), None);
    assert!(bytes <= 1_200, "{bytes}");
}

#[test]
fn rows_that_are_known_to_move_cost_no_more_than_those_that_are_looked_for() {
    // First row and selected one: it stands at either edge, in the middle, and goes along.
    let down = |step: u32| (1_000 + step, 1_037 + step);
    let up = |step: u32| (1_100 - step, 1_101 - step);
    let lone = |at: u32| move |step: u32| ([1_000, 1_001, 1_003, 1_002][step as usize], at);
    let ways: [&dyn Fn(u32) -> (u32, u32); 6] = [
        &down,
        &up,
        &lone(0),
        &lone(1_001),
        &lone(1_020),
        &lone(1_037),
    ];
    for way in ways {
        let (mut one, mut two) = (Wire::new(120, 40), Wire::sharing(120, 40));
        for step in 0..4 {
            let (first, selected) = way(step);
            let buffer = chat(first, selected);
            let (looked_for, known) = (one.show(&buffer, None), two.show(&buffer, None));
            assert!(known <= looked_for, "{known}, not {looked_for}, at {first}");
        }
    }
}

#[test]
fn one_changed_word_costs_a_move_and_the_word() {
    let mut wire = Wire::new(120, 40);
    let mut buffer = chat(1_000, 0);
    wire.show(&buffer, None);
    buffer.set_string(40, 20, "WORD", Style::new());
    assert!(wire.show(&buffer, None) <= 8 + 4);
}

#[test]
fn a_new_size_paints_everything() {
    let mut wire = Wire::new(20, 6);
    wire.show(&paint(&quiet(), 20, 6), None);
    let size = |n| NonZeroU16::new(n).expect("not 0");
    wire.terminal.screen_mut().set_size(size(9), size(13));
    wire.show(&paint(&quiet(), 13, 9), None);
}

#[test]
fn a_screen_without_rows_or_columns_is_no_trouble() {
    for (width, height) in [(0, 0), (0, 3), (3, 0), (1, 1)] {
        let buffer = Buffer::empty(Rect::new(0, 0, width, height));
        let grid = Intake::new(Colors::True).take(buffer.into()).0;
        let made = difference(None, &grid, Some((0, 0)));
        let same = difference(Some((&grid, made.known)), &grid, Some((0, 0)));
        assert_eq!(same.bytes, b"");
    }
}

fn quiet() -> Picture {
    Picture {
        offset: 3,
        top: 1,
        selected: None,
        specks: Vec::new(),
        cursor: None,
        again: false,
    }
}
