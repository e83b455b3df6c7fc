//! The real writer before a terminal model: what arrives is what was painted, and
//! nothing else.

use std::io::{PipeReader, Read as _};
use std::num::NonZeroU16;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use regex::Regex;
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use tim_history::runtime::screen::{Frame, Screen};
use tim_history::runtime::terminal::Output;
use tim_history::ui::Colors;
use unicode_width::UnicodeWidthStr as _;

use crate::harness::Harness;
use crate::stream::{Piece, pieces};

pub(super) struct Terminal {
    screen: Screen,
    read: PipeReader,
    model: vt100::Parser,
    /// What no cell and no byte may hold, by the tables of another library than
    /// the product's.
    acts: Regex,
    taken: u64,
    last: Option<Buffer>,
    pub(super) frames: u64,
}

/// Control, format, separators, private use, unassigned; but for the one that some
/// scripts need inside of a word.
const ACTS: &str = r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}--\x{200c}]|(^|[\x00-\x7f])\x{200c}";

impl Terminal {
    pub(super) fn new((width, height): (u16, u16)) -> Self {
        let size = |n| NonZeroU16::new(n).expect("not 0");
        let (read, write) = std::io::pipe().expect("a pipe");
        let flags = fcntl_getfl(&write).expect("flags");
        fcntl_setfl(&write, flags | OFlags::NONBLOCK).expect("set");
        Self {
            screen: Screen::spawn(Output::new(write.into()), Colors::True).expect("a thread"),
            read,
            model: vt100::Parser::new(size(height), size(width), 0),
            acts: Regex::new(ACTS).expect("a pattern"),
            taken: 0,
            last: None,
            frames: 0,
        }
    }

    /// Shows what is on the harness's screen and compares; whether it is another
    /// picture than the one before.
    pub(super) fn show(&mut self, t: &Harness) -> bool {
        let buffer = t.painted();
        let plain = |cell: &&Cell| matches!(cell.symbol().as_bytes(), [b' '..=b'~']);
        for cell in buffer.content().iter().filter(|cell| !plain(cell)) {
            assert!(
                !self.acts.is_match(cell.symbol()),
                "{:?}\n{}",
                cell.symbol(),
                t.paint()
            );
        }
        // One that is always written: the cursor comes and goes.
        let cursor = (self.frames % 2 == 1).then_some((0, 0));
        self.frames += 1;
        self.screen.show(Frame {
            picture: buffer.clone().into(),
            cursor,
        });
        let stats = loop {
            let stats = self.screen.stats();
            assert_eq!(
                stats.blocked,
                0,
                "stopped by the second gate:\n{}",
                t.paint()
            );
            if stats.frames == self.frames {
                break stats;
            }
            std::thread::yield_now();
        };
        let count = usize::try_from(stats.bytes - self.taken).expect("small");
        self.taken = stats.bytes;
        let mut bytes = vec![0; count];
        self.read.read_exact(&mut bytes).expect("the writer writes");
        for piece in pieces(&bytes) {
            assert!(is_ours(&piece), "{piece:?}");
        }
        let bytes = String::from_utf8(bytes).expect("UTF-8");
        self.model.process(seen(&bytes).as_bytes());
        assert_eq!(self.model.screen().hide_cursor(), cursor.is_none());
        self.compare(&buffer);
        self.last.replace(buffer.clone()) != Some(buffer)
    }

    fn compare(&self, buffer: &Buffer) {
        let screen = self.model.screen();
        let width = usize::from(buffer.area.width);
        for (y, row) in (0..).zip(buffer.content().chunks(width)) {
            let mut covered = 0;
            for (x, cell) in (0..).zip(row) {
                let shown = screen.cell(y, x).expect("a cell");
                let place = || format!("column {x}, row {y}: {cell:?} and {shown:?}");
                if covered > 0 {
                    covered -= 1;
                    assert!(shown.is_wide_continuation(), "{}", place());
                    continue;
                }
                covered = cell.symbol().width().saturating_sub(1);
                same(cell, shown, &place);
            }
        }
    }
}

/// The model drops the sign for what was lost; terminals draw it, one cell wide.
fn seen(text: &str) -> String {
    text.replace('\u{fffd}', "\u{2395}")
}

fn same(cell: &Cell, shown: &vt100::Cell, place: &dyn Fn() -> String) {
    let text = if shown.has_contents() {
        shown.contents()
    } else {
        " "
    };
    let symbol = if cell.symbol().is_empty() {
        " "
    } else {
        cell.symbol()
    };
    let symbol = seen(symbol);
    let symbol = symbol.as_str();
    assert_eq!(
        (symbol, symbol.width() == 2),
        (text, shown.is_wide()),
        "{}",
        place()
    );
    assert_eq!(color(cell.bg), shown.bgcolor(), "{}", place());
    let reversed = cell.modifier.contains(Modifier::REVERSED);
    assert_eq!(reversed, shown.inverse(), "{}", place());
    if symbol != " " {
        assert_eq!(color(cell.fg), shown.fgcolor(), "{}", place());
    }
}

fn color(color: Color) -> vt100::Color {
    match color {
        Color::Reset => vt100::Color::Default,
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        Color::Indexed(n) => vt100::Color::Idx(n),
        Color::Black => vt100::Color::Idx(0),
        Color::Red => vt100::Color::Idx(1),
        Color::Green => vt100::Color::Idx(2),
        Color::Yellow => vt100::Color::Idx(3),
        Color::Blue => vt100::Color::Idx(4),
        Color::Magenta => vt100::Color::Idx(5),
        Color::Cyan => vt100::Color::Idx(6),
        Color::Gray => vt100::Color::Idx(7),
        Color::DarkGray => vt100::Color::Idx(8),
        Color::LightRed => vt100::Color::Idx(9),
        Color::LightGreen => vt100::Color::Idx(10),
        Color::LightYellow => vt100::Color::Idx(11),
        Color::LightBlue => vt100::Color::Idx(12),
        Color::LightMagenta => vt100::Color::Idx(13),
        Color::LightCyan => vt100::Color::Idx(14),
        Color::White => vt100::Color::Idx(15),
    }
}

/// The writer's own list, and nothing beyond it: frames set no mode but the cursor.
fn is_ours(piece: &Piece) -> bool {
    match piece {
        Piece::Text(_) => true,
        Piece::Control(c) => matches!(c, b'\r' | b'\n' | 0x08),
        Piece::Csi(mode, last) if mode == "?25" => matches!(last.as_str(), "h" | "l"),
        Piece::Csi(parameters, last) => {
            let plain = |c: char| c.is_ascii_digit() || c == ';';
            parameters.chars().all(plain)
                && ["m", "r", "K", "H", "G", "C", "L", "M"].contains(&last.as_str())
        }
        Piece::Escape(what) => what == "M",
        Piece::Command(_) | Piece::Clipboard(_) | Piece::Foreign(_) => false,
    }
}
