//! How each role looks, in as many colours as the terminal has.
//!
//! The background of the panes is the terminal's own, and nobody tells us what it
//! is. So a text colour has to be read on black and on white alike, at 4.5:1 or
//! better on both; that leaves a narrow band of middle tones, and it is where all
//! of them are. Bars (status, selection) bring their own background and lighter
//! tones for it.
//!
//! The sixteen colours are whatever the user made of them, and none of them can be
//! relied on against an unknown background. With no more than those, text keeps the
//! terminal's own colour and is told apart by bold, dim and underline; colours come
//! only in pairs, as the badge of an error. Without colours those are bold.
//!
//! What the sanitiser marked has looks that no role has.

use ratatui::style::{Color, Modifier, Style};

use super::palette::{BLACK, WHITE, contrast, nearest, rgb};
use crate::app::line::Role;
use crate::model::text::Mark;

/// How many colours may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colors {
    /// None: bold, dim, underline and reverse remain.
    None,
    /// The terminal's own sixteen.
    Sixteen,
    /// The xterm palette.
    Indexed,
    /// 24 bits.
    True,
}

/// The colour of a profile's badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accent {
    /// One of the terminal's own, 0 to 15.
    Ansi(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

/// What text stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// The terminal's own background.
    Pane,
    /// The selected row of the pane in use.
    Chosen,
    /// The selected row of another pane.
    Resting,
    /// The status line.
    Bar,
}

/// A colour by what it is for; see [`Theme::ink`] for what it becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hue {
    Plain,
    Grey,
    Red,
    Amber,
    Green,
    Teal,
    Blue,
    Violet,
    Pink,
}

/// Gives roles their looks. Small: two settings, no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    colors: Colors,
    accent: Option<Accent>,
}

impl Theme {
    /// A theme; without an accent the badge is blue.
    #[must_use]
    pub const fn new(colors: Colors, accent: Option<Accent>) -> Self {
        Self { colors, accent }
    }

    /// Whether surfaces have backgrounds of their own.
    #[must_use]
    pub const fn has_bars(self) -> bool {
        matches!(self.colors, Colors::Indexed | Colors::True)
    }

    /// The look of a role in a pane.
    #[must_use]
    pub fn style(self, role: Role) -> Style {
        self.style_on(role, None, Surface::Pane)
    }

    /// The look of a role, with what the sanitiser has to say, on a surface.
    #[must_use]
    pub fn style_on(self, role: Role, mark: Option<Mark>, surface: Surface) -> Style {
        let style = match role {
            Role::Accent => return self.badge(surface),
            Role::Match => self.found(surface),
            Role::Error => self.alarm(surface),
            Role::Warning => self.caution(surface),
            Role::Text
            | Role::Dim
            | Role::Label
            | Role::Time
            | Role::Sender(_)
            | Role::Media
            | Role::System
            | Role::Gone
            | Role::Recalled
            | Role::Withheld
            | Role::Damaged
            | Role::Ours
            | Role::Key
            | Role::Input
            | Role::JsonKey
            | Role::JsonString
            | Role::JsonNumber => {
                let (mut hue, look) = look(role);
                if self.is_plain() && role == Role::Time {
                    // Dim and back again costs bytes in each row, and names are bold there.
                    hue = Hue::Plain;
                }
                let style = self.ink(hue, surface).add_modifier(look);
                // Where there is no colour, a name is at least bold.
                if self.is_plain() && matches!(role, Role::Sender(_)) {
                    style.add_modifier(Modifier::BOLD)
                } else {
                    style
                }
            }
        };
        match mark {
            None => style,
            Some(mark) => self.marked(style, mark, surface),
        }
    }

    /// An empty surface.
    #[must_use]
    pub fn surface(self, surface: Surface) -> Style {
        self.ink(Hue::Plain, surface)
    }

    /// Frames, dividers and the rules behind titles.
    #[must_use]
    pub fn stroke(self, focused: bool) -> Style {
        match (self.colors, focused) {
            (Colors::None | Colors::Sixteen, true) => Style::new().add_modifier(Modifier::BOLD),
            (Colors::None | Colors::Sixteen, false) => Style::new().add_modifier(Modifier::DIM),
            (Colors::Indexed | Colors::True, true) => self.ink(Hue::Blue, Surface::Pane),
            // Darker than text may be: a line is not read.
            (Colors::Indexed, false) => Style::new().fg(Color::Indexed(241)),
            (Colors::True, false) => Style::new().fg(Color::Rgb(0x5f, 0x67, 0x73)),
        }
    }

    /// The mark of the pane in use and of the selected row.
    #[must_use]
    pub fn pointer(self, surface: Surface) -> Style {
        let style = self.ink(Hue::Blue, surface);
        if self.is_plain() && surface == Surface::Chosen {
            // As the words behind it, without another sequence between.
            return style;
        }
        style.add_modifier(Modifier::BOLD)
    }

    const fn is_plain(self) -> bool {
        matches!(self.colors, Colors::None | Colors::Sixteen)
    }

    /// The colour of a hue on a surface, with the surface's own background.
    fn ink(self, hue: Hue, surface: Surface) -> Style {
        let bar = match self.colors {
            Colors::None | Colors::Sixteen => return plain(hue, surface),
            Colors::Indexed => match surface {
                Surface::Pane => None,
                Surface::Chosen => Some(Color::Indexed(24)),
                Surface::Resting => Some(Color::Indexed(239)),
                Surface::Bar => Some(Color::Indexed(236)),
            },
            Colors::True => match surface {
                Surface::Pane => None,
                Surface::Chosen => Some(hex(0x1f_4a7d)),
                Surface::Resting => Some(hex(0x3a_414d)),
                Surface::Bar => Some(hex(0x2b_313b)),
            },
        };
        let (on_pane, on_bar) = if self.colors == Colors::True {
            true_colors(hue)
        } else {
            indexed_colors(hue)
        };
        match bar {
            None => Style::new().fg(on_pane),
            Some(bar) => Style::new().fg(on_bar).bg(bar),
        }
    }

    fn badge(self, surface: Surface) -> Style {
        let accent = match (self.colors, self.accent) {
            (Colors::None, _) => {
                return turned(plain(Hue::Plain, surface)).add_modifier(Modifier::BOLD);
            }
            (Colors::Sixteen, Some(Accent::Rgb(r, g, b))) => {
                Color::Indexed(nearest([r, g, b], 0..=15))
            }
            (Colors::Sixteen, None) => Color::Blue,
            (_, Some(Accent::Ansi(n))) => Color::Indexed(n.min(15)),
            // The writer finds the nearest of 256, whose brightness hardly differs.
            (_, Some(Accent::Rgb(r, g, b))) => Color::Rgb(r, g, b),
            (Colors::Indexed, None) => Color::Indexed(25),
            (Colors::True, None) => hex(0x2f_6fb3),
        };
        let back = rgb(accent).unwrap_or(BLACK);
        // Bright black is darker in most palettes than in xterm's.
        let dark = accent == Color::Indexed(8) || contrast(back, WHITE) >= contrast(back, BLACK);
        let fore = match (self.colors, dark) {
            (Colors::Sixteen, true) => Color::White,
            (Colors::Sixteen, false) => Color::Black,
            (_, true) => Color::Indexed(231),
            (_, false) => Color::Indexed(16),
        };
        let style = Style::new().fg(fore).bg(accent);
        style.add_modifier(Modifier::BOLD)
    }

    fn found(self, surface: Surface) -> Style {
        match self.colors {
            Colors::None => turned(plain(Hue::Plain, surface)).add_modifier(Modifier::UNDERLINED),
            Colors::Sixteen => Style::new().fg(Color::Black).bg(Color::Yellow),
            Colors::Indexed => Style::new().fg(Color::Indexed(16)).bg(Color::Indexed(221)),
            Colors::True => Style::new().fg(hex(0x1b_1a12)).bg(hex(0xe6_c15c)),
        }
    }

    fn alarm(self, surface: Surface) -> Style {
        let style = match self.colors {
            Colors::Sixteen => Style::new().fg(Color::White).bg(Color::Red),
            Colors::None | Colors::Indexed | Colors::True => self.ink(Hue::Red, surface),
        };
        style.add_modifier(Modifier::BOLD)
    }

    fn caution(self, surface: Surface) -> Style {
        match self.colors {
            Colors::None => plain(Hue::Plain, surface).add_modifier(Modifier::BOLD),
            Colors::Sixteen => Style::new().fg(Color::Black).bg(Color::Yellow),
            Colors::Indexed | Colors::True => self.ink(Hue::Amber, surface),
        }
    }

    fn marked(self, style: Style, mark: Mark, surface: Surface) -> Style {
        let hue = match mark {
            Mark::Control | Mark::Hidden => Hue::Amber,
            Mark::Lost => Hue::Red,
            Mark::Cut => Hue::Grey,
        };
        // What is found stays found: the pair of colours is kept.
        let style = if self.is_plain() || style.bg != self.ink(hue, surface).bg {
            style
        } else {
            style.patch(self.ink(hue, surface))
        };
        match mark {
            Mark::Control => turned(style),
            Mark::Hidden => style.add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            Mark::Lost => style.add_modifier(Modifier::UNDERLINED),
            Mark::Cut if self.is_plain() => style.patch(plain(hue, surface)),
            Mark::Cut => style,
        }
    }
}

const fn look(role: Role) -> (Hue, Modifier) {
    const NONE: Modifier = Modifier::empty();
    match role {
        Role::Label | Role::Input => (Hue::Plain, Modifier::BOLD),
        Role::Dim | Role::Time | Role::System | Role::Gone | Role::Recalled => (Hue::Grey, NONE),
        Role::Sender(number) => (sender(number), NONE),
        Role::Media => (Hue::Teal, NONE),
        Role::Withheld | Role::Warning => (Hue::Amber, NONE),
        Role::Damaged | Role::Error => (Hue::Red, NONE),
        Role::Ours | Role::JsonKey => (Hue::Blue, NONE),
        Role::Key => (Hue::Blue, Modifier::BOLD),
        Role::JsonString => (Hue::Green, NONE),
        Role::JsonNumber => (Hue::Violet, NONE),
        Role::Text | Role::Accent | Role::Match => (Hue::Plain, NONE),
    }
}

/// One of [`crate::app::line::SENDER_COLORS`].
const fn sender(number: u8) -> Hue {
    match number % 6 {
        0 => Hue::Blue,
        1 => Hue::Green,
        2 => Hue::Violet,
        3 => Hue::Amber,
        4 => Hue::Pink,
        _ => Hue::Plain,
    }
}

/// The other way round than its neighbours, whichever way those are.
fn turned(style: Style) -> Style {
    if style.add_modifier.contains(Modifier::REVERSED) {
        style.remove_modifier(Modifier::REVERSED)
    } else {
        style.add_modifier(Modifier::REVERSED)
    }
}

/// Without colours of our own.
fn plain(hue: Hue, surface: Surface) -> Style {
    match (surface, hue) {
        (Surface::Pane, Hue::Grey) => Style::new().add_modifier(Modifier::DIM),
        (Surface::Pane, _) => Style::new(),
        (Surface::Resting, _) => Style::new().add_modifier(Modifier::BOLD),
        // Dim would be lost on some terminals, and unreadable on others.
        (Surface::Chosen | Surface::Bar, _) => Style::new().add_modifier(Modifier::REVERSED),
    }
}

const fn hex(color: u32) -> Color {
    let [_, r, g, b] = color.to_be_bytes();
    Color::Rgb(r, g, b)
}

/// In a pane, and on a bar.
const fn true_colors(hue: Hue) -> (Color, Color) {
    let (pane, bar) = match hue {
        Hue::Plain => return (Color::Reset, hex(0xee_f1f5)),
        Hue::Grey => (0x6f_7785, 0xbc_c6d4),
        Hue::Red => (0xd6_3c3c, 0xff_b3ad),
        Hue::Amber => (0xa4_6629, 0xf2_bf7e),
        Hue::Green => (0x32_8547, 0x9c_dba6),
        Hue::Teal => (0x21_8381, 0x8e_d8d6),
        Hue::Blue => (0x30_78c0, 0xa9_ccff),
        Hue::Violet => (0x8f_5dc2, 0xd6_bff7),
        Hue::Pink => (0xbc_4e85, 0xf5_b5d3),
    };
    (hex(pane), hex(bar))
}

/// Of the 216 colours of the cube only five are in the band, and one grey.
const fn indexed_colors(hue: Hue) -> (Color, Color) {
    let (pane, bar) = match hue {
        Hue::Plain => return (Color::Reset, Color::Indexed(255)),
        Hue::Grey => (243, 253),
        Hue::Red => (131, 224),
        Hue::Amber => (131, 222),
        Hue::Green => (29, 157),
        Hue::Teal => (29, 159),
        Hue::Blue => (63, 153),
        Hue::Violet => (98, 189),
        Hue::Pink => (163, 225),
    };
    (Color::Indexed(pane), Color::Indexed(bar))
}
