//! The cheapest way from one pen to another.

use ratatui::style::Modifier;

use super::color::{Ink, Pen, Shade};
use super::place::{number, or_shorter};

/// What sets each look, and what takes it back.
const LOOKS: [(Modifier, u8, u8); 6] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::REVERSED, 7, 27),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// Writes the shorter of two: what changes, or a reset and what is set.
pub(super) fn change(from: Pen, to: Pen, out: &mut Vec<u8>) {
    if from == to {
        return;
    }
    out.extend_from_slice(b"\x1b[");
    let start = out.len();
    parameters(from, to, out);
    or_shorter(out, start, |out| {
        // A reset is an empty parameter.
        if to != Pen::default() {
            out.push(b';');
            parameters(Pen::default(), to, out);
        }
    });
    out.push(b'm');
}

fn parameters(from: Pen, to: Pen, out: &mut Vec<u8>) {
    let mut list = List { first: true, out };
    let mut gone = from.look - to.look;
    // One code takes back both bold and dim.
    let shared = Modifier::BOLD | Modifier::DIM;
    let mut kept = from.look & to.look;
    if gone.intersects(shared) {
        list.push(22);
        kept -= shared;
        gone -= shared;
    }
    for (look, set, unset) in LOOKS {
        if gone.contains(look) {
            list.push(unset);
        } else if (to.look - kept).contains(look) {
            list.push(set);
        }
    }
    if from.fg != to.fg {
        list.ink(to.fg, 30);
    }
    if from.bg != to.bg {
        list.ink(to.bg, 40);
    }
}

/// Parameters, with semicolons between them.
struct List<'a> {
    first: bool,
    out: &'a mut Vec<u8>,
}

impl List<'_> {
    fn push(&mut self, parameter: u8) {
        if !std::mem::take(&mut self.first) {
            self.out.push(b';');
        }
        number(parameter.into(), self.out);
    }

    /// `base` is 30 for the foreground and 40 for the background.
    fn ink(&mut self, ink: Ink, base: u8) {
        match ink.shade() {
            Shade::Default => self.push(base + 9),
            // The bright ones start at 90 and 100.
            Shade::Ansi(n @ 8..) => self.push(base + 52 + n),
            Shade::Ansi(n) => self.push(base + n),
            Shade::Indexed(n) => self.all(&[base + 8, 5, n]),
            Shade::Rgb(r, g, b) => self.all(&[base + 8, 2, r, g, b]),
        }
    }

    fn all(&mut self, parameters: &[u8]) {
        for parameter in parameters {
            self.push(*parameter);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pen(fg: Shade, look: Modifier) -> Pen {
        Pen {
            fg: Ink::new(fg),
            look,
            ..Pen::default()
        }
    }

    #[test]
    fn the_shorter_way_is_taken() {
        let (bold, dim) = (Modifier::BOLD, Modifier::DIM);
        let none = Modifier::empty();
        for (from, to, bytes) in [
            (
                pen(Shade::Default, none),
                pen(Shade::Ansi(1), none),
                "\x1b[31m",
            ),
            (
                pen(Shade::Ansi(1), none),
                pen(Shade::Default, none),
                "\x1b[m",
            ),
            (
                pen(Shade::Default, dim),
                pen(Shade::Ansi(6), none),
                "\x1b[;36m",
            ),
            (
                pen(Shade::Ansi(6), bold),
                pen(Shade::Ansi(6), dim),
                "\x1b[22;2m",
            ),
            (
                pen(Shade::Ansi(9), none),
                pen(Shade::Ansi(14), none),
                "\x1b[96m",
            ),
            (
                pen(Shade::Rgb(1, 2, 3), bold),
                pen(Shade::Rgb(1, 2, 3), none),
                "\x1b[22m",
            ),
            (
                pen(Shade::Default, none),
                pen(Shade::Indexed(200), bold),
                "\x1b[1;38;5;200m",
            ),
        ] {
            let mut out = Vec::new();
            change(from, to, &mut out);
            assert_eq!(String::from_utf8_lossy(&out), bytes);
        }
    }
}
