//! The signs that are ours, each with a form for terminals without them.
//!
//! Those of the gutter have one cell everywhere; lines and half blocks have two
//! in some Chinese settings, which is what the ASCII form is for.

use crate::app::line::Role;
use crate::app::view::Gutter;
use crate::model::text::{MARKER, Mark};

/// The lines that divide and frame.
pub(super) struct Strokes {
    /// Left of a pane.
    pub(super) divider: char,
    /// Where the divider meets the titles.
    pub(super) joint: char,
    /// Behind a title and a day.
    pub(super) thin: char,
    /// Behind the title of the pane in use.
    pub(super) heavy: char,
    /// Of a box: top left, top right, bottom left, bottom right.
    pub(super) corners: [char; 4],
}

pub(super) const fn strokes(ascii: bool) -> Strokes {
    if ascii {
        Strokes {
            divider: '|',
            joint: '+',
            thin: '-',
            heavy: '=',
            corners: ['+'; 4],
        }
    } else {
        Strokes {
            divider: '│',
            joint: '┬',
            thin: '─',
            heavy: '━',
            corners: ['╭', '╮', '╰', '╯'],
        }
    }
}

/// What marks the pane in use, and the selected row: strong there, weak elsewhere.
pub(super) const fn mark(ascii: bool, strong: bool) -> char {
    match (ascii, strong) {
        (false, true) => '▌',
        (false, false) => '▏',
        (true, true) => '>',
        (true, false) => ':',
    }
}

/// What stands in the last cell of a line that goes on.
pub(super) const fn cut(ascii: bool) -> char {
    if ascii { '~' } else { '…' }
}

/// The sign of the gutter's first cell.
pub(super) const fn gutter(gutter: Gutter, ascii: bool) -> char {
    let (sign, plain) = match gutter {
        Gutter::Plain => (' ', ' '),
        Gutter::Gone => ('✗', 'x'),
        Gutter::Recalled => ('↶', '<'),
        Gutter::Withheld => ('?', '?'),
        Gutter::Unreadable | Gutter::Failed => ('!', '!'),
        Gutter::Unfetched => ('⋯', '~'),
        Gutter::Changed => ('*', '*'),
        Gutter::Ours => ('⋅', '.'),
        Gutter::Marked => ('⚑', '#'),
        Gutter::Pinned => ('⚑', '^'),
        Gutter::Element => ('▸', '>'),
    };
    if ascii { plain } else { sign }
}

/// What the gutter's sign looks like.
pub(super) const fn gutter_role(gutter: Gutter) -> Role {
    match gutter {
        Gutter::Plain | Gutter::Gone | Gutter::Recalled => Role::Dim,
        Gutter::Withheld | Gutter::Changed => Role::Warning,
        Gutter::Unreadable | Gutter::Failed => Role::Error,
        Gutter::Unfetched | Gutter::Ours => Role::Ours,
        Gutter::Marked | Gutter::Pinned | Gutter::Element => Role::Key,
    }
}

/// What stands for one of our own signs in ASCII; `None` leaves the cell alone.
///
/// What strangers wrote is left alone too: only the words of roles that are ours
/// and what the sanitiser put there are looked at.
pub(super) fn ascii(cell: &str, role: Role, mark: Option<Mark>) -> Option<&'static str> {
    let mut chars = cell.chars();
    let sign = chars.next().filter(|_| chars.next().is_none())?;
    if sign.is_ascii() {
        return None;
    }
    match mark {
        Some(Mark::Cut) => own(sign),
        Some(Mark::Control) => (sign == '⏎').then_some("/"),
        Some(Mark::Hidden) => (sign == MARKER).then_some("|"),
        Some(Mark::Lost) => (sign == '\u{fffd}').then_some("?"),
        None => is_ours(role).then(|| own(sign)).flatten(),
    }
}

const fn own(sign: char) -> Option<&'static str> {
    Some(match sign {
        '…' => "~",
        '·' | '─' | '–' | '—' => "-",
        '│' => "|",
        '→' => ">",
        '←' => "<",
        '↑' => "^",
        '↓' => "v",
        '×' => "x",
        _ => return None,
    })
}

/// Whether the words of a role are ours: never those of a message.
const fn is_ours(role: Role) -> bool {
    match role {
        Role::Dim
        | Role::Time
        | Role::Gone
        | Role::Recalled
        | Role::Withheld
        | Role::Ours
        | Role::Warning
        | Role::Key => true,
        Role::Text
        | Role::Label
        | Role::Sender(_)
        | Role::Media
        | Role::System
        | Role::Damaged
        | Role::Error
        | Role::Accent
        | Role::Input
        | Role::Match
        | Role::JsonKey
        | Role::JsonString
        | Role::JsonNumber => false,
    }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthChar as _;

    use super::*;

    const ALL: [Gutter; 12] = [
        Gutter::Plain,
        Gutter::Gone,
        Gutter::Recalled,
        Gutter::Withheld,
        Gutter::Unreadable,
        Gutter::Unfetched,
        Gutter::Failed,
        Gutter::Changed,
        Gutter::Ours,
        Gutter::Marked,
        Gutter::Pinned,
        Gutter::Element,
    ];

    #[test]
    fn the_gutter_has_one_cell_even_in_chinese_settings() {
        for sign in ALL.map(|g| gutter(g, false)) {
            assert_eq!(
                (sign.width(), sign.width_cjk()),
                (Some(1), Some(1)),
                "{sign}"
            );
        }
    }

    #[test]
    fn the_ascii_forms_are_ascii() {
        let Strokes {
            divider,
            joint,
            thin,
            heavy,
            corners,
        } = strokes(true);
        let marks = [true, false].map(|strong| mark(true, strong));
        let signs = ALL.map(|g| gutter(g, true)).into_iter();
        let signs = signs.chain(corners).chain(marks);
        let mut all = signs.chain([divider, joint, thin, heavy, cut(true)]);
        assert!(all.all(|c| c.is_ascii_graphic() || c == ' '));
    }

    #[test]
    fn what_strangers_wrote_keeps_its_signs() {
        assert_eq!(ascii("…", Role::Text, None), None);
        assert_eq!(ascii("…", Role::Text, Some(Mark::Cut)), Some("~"));
        assert_eq!(ascii("·", Role::Dim, None), Some("-"));
        assert_eq!(ascii("¦", Role::Text, None), None);
        assert_eq!(ascii("¦", Role::Text, Some(Mark::Hidden)), Some("|"));
        assert_eq!(ascii("中", Role::Dim, None), None);
    }
}
