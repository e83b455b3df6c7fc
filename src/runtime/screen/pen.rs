//! The cheapest way from one pen to another.

use std::io::Write;

use ratatui::style::Modifier;

use super::color::{Ink, Pen, Shade};

/// What sets each look, and what takes it back.
const LOOKS: [(Modifier, &str, &str); 6] = [
    (Modifier::BOLD, "1", "22"),
    (Modifier::DIM, "2", "22"),
    (Modifier::ITALIC, "3", "23"),
    (Modifier::UNDERLINED, "4", "24"),
    (Modifier::REVERSED, "7", "27"),
    (Modifier::CROSSED_OUT, "9", "29"),
];

/// Writes the shorter of two: what changes, or a reset and what is set.
pub(super) fn change(from: Pen, to: Pen, out: &mut Vec<u8>) {
    if from == to {
        return;
    }
    let by_difference = parameters(from, to);
    // A reset is an empty parameter.
    let mut by_reset = parameters(Pen::default(), to);
    if !by_reset.is_empty() {
        by_reset.insert(0, b';');
    }
    let parameters = if by_reset.len() < by_difference.len() {
        by_reset
    } else {
        by_difference
    };
    out.extend_from_slice(b"\x1b[");
    out.extend_from_slice(&parameters);
    out.push(b'm');
}

fn parameters(from: Pen, to: Pen) -> Vec<u8> {
    let mut list = Vec::new();
    let mut gone = from.look - to.look;
    // One code takes back both bold and dim.
    let shared = Modifier::BOLD | Modifier::DIM;
    let mut kept = from.look & to.look;
    if gone.intersects(shared) {
        push(&mut list, "22");
        kept -= shared;
        gone -= shared;
    }
    for (look, set, unset) in LOOKS {
        if gone.contains(look) {
            push(&mut list, unset);
        } else if (to.look - kept).contains(look) {
            push(&mut list, set);
        }
    }
    if from.fg != to.fg {
        ink(&mut list, to.fg, 30);
    }
    if from.bg != to.bg {
        ink(&mut list, to.bg, 40);
    }
    list
}

/// `base` is 30 for the foreground and 40 for the background.
fn ink(list: &mut Vec<u8>, ink: Ink, base: u8) {
    match ink.shade() {
        Shade::Default => push(list, &(base + 9).to_string()),
        // The bright ones start at 90 and 100.
        Shade::Ansi(n @ 8..) => push(list, &(base + 52 + n).to_string()),
        Shade::Ansi(n) => push(list, &(base + n).to_string()),
        Shade::Indexed(n) => push(list, &format!("{};5;{n}", base + 8)),
        Shade::Rgb(r, g, b) => push(list, &format!("{};2;{r};{g};{b}", base + 8)),
    }
}

fn push(list: &mut Vec<u8>, parameter: &str) {
    let separator = if list.is_empty() { "" } else { ";" };
    // Writing to memory cannot fail.
    let _ = write!(list, "{separator}{parameter}");
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
