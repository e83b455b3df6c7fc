//! Colours as the terminal at hand can show them.

use ratatui::style::{Color, Modifier};

use crate::ui::Colors;
use crate::ui::palette::{indexed, nearest};

/// A colour ready to be sent, in one number: pens are compared for every cell of every
/// frame, several times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) struct Ink(u32);

/// What an [`Ink`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shade {
    Default,
    /// 0 to 15.
    Ansi(u8),
    Indexed(u8),
    Rgb(u8, u8, u8),
}

impl Ink {
    pub(super) const DEFAULT: Self = Self(0);

    pub(super) const fn new(shade: Shade) -> Self {
        // The first byte tells the four apart.
        Self(u32::from_be_bytes(match shade {
            Shade::Default => [0; 4],
            Shade::Ansi(n) => [1, 0, 0, n],
            Shade::Indexed(n) => [2, 0, 0, n],
            Shade::Rgb(r, g, b) => [3, r, g, b],
        }))
    }

    /// The number itself; [`Ink::DEFAULT`] is 0.
    pub(super) const fn bits(self) -> u32 {
        self.0
    }

    pub(super) const fn shade(self) -> Shade {
        match self.0.to_be_bytes() {
            [0, ..] => Shade::Default,
            [1, _, _, n] => Shade::Ansi(n),
            [2, _, _, n] => Shade::Indexed(n),
            [_, r, g, b] => Shade::Rgb(r, g, b),
        }
    }
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
        self.is_bare() && self.bg == Ink::DEFAULT
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
        let shade = match color {
            Color::Reset => Shade::Default,
            Color::Black => Shade::Ansi(0),
            Color::Red => Shade::Ansi(1),
            Color::Green => Shade::Ansi(2),
            Color::Yellow => Shade::Ansi(3),
            Color::Blue => Shade::Ansi(4),
            Color::Magenta => Shade::Ansi(5),
            Color::Cyan => Shade::Ansi(6),
            Color::Gray => Shade::Ansi(7),
            Color::DarkGray => Shade::Ansi(8),
            Color::LightRed => Shade::Ansi(9),
            Color::LightGreen => Shade::Ansi(10),
            Color::LightYellow => Shade::Ansi(11),
            Color::LightBlue => Shade::Ansi(12),
            Color::LightMagenta => Shade::Ansi(13),
            Color::LightCyan => Shade::Ansi(14),
            Color::White => Shade::Ansi(15),
            Color::Indexed(n @ 0..=15) => Shade::Ansi(n),
            Color::Indexed(n) => Shade::Indexed(n),
            Color::Rgb(r, g, b) => Shade::Rgb(r, g, b),
        };
        Ink::new(match (self, shade) {
            (Self::None, _) => Shade::Default,
            (Self::True, _)
            | (_, Shade::Default | Shade::Ansi(_))
            | (Self::Indexed, Shade::Indexed(_)) => shade,
            (Self::Indexed, Shade::Rgb(r, g, b)) => Shade::Indexed(nearest([r, g, b], 16..=255)),
            (Self::Sixteen, Shade::Rgb(r, g, b)) => Shade::Ansi(nearest([r, g, b], 0..=15)),
            (Self::Sixteen, Shade::Indexed(n)) => Shade::Ansi(nearest(indexed(n), 0..=15)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_become_the_nearest_the_terminal_has() {
        for (depth, color, shade) in [
            (Colors::None, Color::Red, Shade::Default),
            (Colors::Sixteen, Color::Gray, Shade::Ansi(7)),
            (Colors::Sixteen, Color::Rgb(250, 5, 5), Shade::Ansi(9)),
            (Colors::Sixteen, Color::Indexed(46), Shade::Ansi(10)),
            (
                Colors::Indexed,
                Color::Rgb(95, 135, 175),
                Shade::Indexed(67),
            ),
            (Colors::Indexed, Color::Rgb(8, 8, 8), Shade::Indexed(232)),
            (Colors::Indexed, Color::Indexed(3), Shade::Ansi(3)),
            (Colors::True, Color::Rgb(1, 2, 3), Shade::Rgb(1, 2, 3)),
            (Colors::True, Color::Reset, Shade::Default),
        ] {
            assert_eq!(depth.ink(color).shade(), shade, "{depth:?} {color:?}");
        }
    }
}
