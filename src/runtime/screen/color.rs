//! Colours as the terminal at hand can show them.

use ratatui::style::{Color, Modifier};

use crate::ui::Colors;
use crate::ui::palette::{indexed, nearest};

/// A colour ready to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) enum Ink {
    #[default]
    Default,
    /// 0 to 15.
    Ansi(u8),
    Indexed(u8),
    Rgb(u8, u8, u8),
}

/// Everything that SGR sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) struct Pen {
    pub(super) fg: Ink,
    pub(super) bg: Ink,
    pub(super) look: Modifier,
}

/// What shows on a blank cell too.
const SHOWS_ON_BLANK: Modifier = Modifier::UNDERLINED
    .union(Modifier::REVERSED)
    .union(Modifier::CROSSED_OUT);

/// What we send; blinking and hidden text are nobody's business.
pub(super) const SENT: Modifier = Modifier::BOLD
    .union(Modifier::DIM)
    .union(Modifier::ITALIC)
    .union(SHOWS_ON_BLANK);

impl Pen {
    /// Whether a blank cell shows nothing but this pen's background.
    pub(super) fn is_bare(self) -> bool {
        !self.look.intersects(SHOWS_ON_BLANK)
    }

    /// Whether erasing and scrolling leave the default background: many terminals
    /// erase with the current one.
    pub(super) fn erases(self) -> bool {
        self.is_bare() && self.bg == Ink::Default
    }

    /// The pen with everything left out that a blank cell does not show.
    pub(super) fn on_blank(self) -> Self {
        if self.is_bare() {
            Self {
                bg: self.bg,
                ..Self::default()
            }
        } else {
            self
        }
    }
}

impl Colors {
    pub(super) fn ink(self, color: Color) -> Ink {
        let ink = match color {
            Color::Reset => Ink::Default,
            Color::Black => Ink::Ansi(0),
            Color::Red => Ink::Ansi(1),
            Color::Green => Ink::Ansi(2),
            Color::Yellow => Ink::Ansi(3),
            Color::Blue => Ink::Ansi(4),
            Color::Magenta => Ink::Ansi(5),
            Color::Cyan => Ink::Ansi(6),
            Color::Gray => Ink::Ansi(7),
            Color::DarkGray => Ink::Ansi(8),
            Color::LightRed => Ink::Ansi(9),
            Color::LightGreen => Ink::Ansi(10),
            Color::LightYellow => Ink::Ansi(11),
            Color::LightBlue => Ink::Ansi(12),
            Color::LightMagenta => Ink::Ansi(13),
            Color::LightCyan => Ink::Ansi(14),
            Color::White => Ink::Ansi(15),
            Color::Indexed(n @ 0..=15) => Ink::Ansi(n),
            Color::Indexed(n) => Ink::Indexed(n),
            Color::Rgb(r, g, b) => Ink::Rgb(r, g, b),
        };
        match (self, ink) {
            (Self::None, _) => Ink::Default,
            (Self::True, _)
            | (_, Ink::Default | Ink::Ansi(_))
            | (Self::Indexed, Ink::Indexed(_)) => ink,
            (Self::Indexed, Ink::Rgb(r, g, b)) => Ink::Indexed(nearest([r, g, b], 16..=255)),
            (Self::Sixteen, Ink::Rgb(r, g, b)) => Ink::Ansi(nearest([r, g, b], 0..=15)),
            (Self::Sixteen, Ink::Indexed(n)) => Ink::Ansi(nearest(indexed(n), 0..=15)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_become_the_nearest_the_terminal_has() {
        for (depth, color, ink) in [
            (Colors::None, Color::Red, Ink::Default),
            (Colors::Sixteen, Color::Gray, Ink::Ansi(7)),
            (Colors::Sixteen, Color::Rgb(250, 5, 5), Ink::Ansi(9)),
            (Colors::Sixteen, Color::Indexed(46), Ink::Ansi(10)),
            (Colors::Indexed, Color::Rgb(95, 135, 175), Ink::Indexed(67)),
            (Colors::Indexed, Color::Rgb(8, 8, 8), Ink::Indexed(232)),
            (Colors::Indexed, Color::Indexed(3), Ink::Ansi(3)),
            (Colors::True, Color::Rgb(1, 2, 3), Ink::Rgb(1, 2, 3)),
            (Colors::True, Color::Reset, Ink::Default),
        ] {
            assert_eq!(depth.ink(color), ink, "{depth:?} {color:?}");
        }
    }
}
