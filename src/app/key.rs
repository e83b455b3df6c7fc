//! Keys and mouse events in our own words, so that neither the key table nor
//! the tests depend on a terminal library.

use std::fmt;
use std::str::FromStr;

/// One key press.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Which key.
    pub code: Code,
    /// With Ctrl.
    pub ctrl: bool,
    /// With Alt (or a leading ESC).
    pub alt: bool,
}

/// Which key. Shift shows in the character; `BackTab` is Shift-Tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the keys'")]
pub enum Code {
    Char(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Insert,
    Home,
    End,
    PageUp,
    PageDown,
    Up,
    Down,
    Left,
    Right,
    F(u8),
}

/// Names of the keys that are not a character, as the config writes them.
const NAMES: [(&str, Code); 16] = [
    ("enter", Code::Enter),
    ("esc", Code::Esc),
    ("tab", Code::Tab),
    ("backtab", Code::BackTab),
    ("backspace", Code::Backspace),
    ("delete", Code::Delete),
    ("insert", Code::Insert),
    ("home", Code::Home),
    ("end", Code::End),
    ("pageup", Code::PageUp),
    ("pagedown", Code::PageDown),
    ("up", Code::Up),
    ("down", Code::Down),
    ("left", Code::Left),
    ("right", Code::Right),
    ("space", Code::Char(' ')),
];

impl Key {
    /// A key without modifiers.
    #[must_use]
    pub const fn plain(code: Code) -> Self {
        Self {
            code,
            ctrl: false,
            alt: false,
        }
    }

    /// A character without modifiers.
    #[must_use]
    pub const fn char(c: char) -> Self {
        Self::plain(Code::Char(c))
    }

    /// Ctrl with a lower-case letter.
    #[must_use]
    pub const fn ctrl(c: char) -> Self {
        Self {
            code: Code::Char(c),
            ctrl: true,
            alt: false,
        }
    }

    /// Full-width letters and signs as their Latin keys: an input method left on
    /// must not make the keyboard deaf.
    #[must_use]
    pub fn to_latin(self) -> Self {
        let Code::Char(c) = self.code else {
            return self;
        };
        let latin = match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '\u{3000}' => ' ',
            // The input methods' own forms of / ? : < > are other characters.
            '\u{3001}' => '/',
            '\u{300a}' => '<',
            '\u{300b}' => '>',
            '\u{3002}' => '.',
            other => other,
        };
        Self {
            code: Code::Char(latin),
            ..self
        }
    }
}

/// Why a text is not a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a key: write one character, a name such as `pageup`, or `ctrl-x`")]
pub struct NotAKey(String);

impl FromStr for Key {
    type Err = NotAKey;

    /// `j`, `G`, `space`, `pagedown`, `f5`, `ctrl-d`, `alt-x`.
    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let bad = || NotAKey(text.to_owned());
        let (mut rest, mut ctrl, mut alt) = (text, false, false);
        loop {
            if let Some(after) = rest.strip_prefix("ctrl-").filter(|a| !a.is_empty()) {
                (ctrl, rest) = (true, after);
            } else if let Some(after) = rest.strip_prefix("alt-").filter(|a| !a.is_empty()) {
                (alt, rest) = (true, after);
            } else {
                break;
            }
        }
        let mut chars = rest.chars();
        let code = match (chars.next(), chars.next()) {
            (Some(c), None) if !c.is_control() => Code::Char(c),
            (Some('f'), Some(_)) if rest.get(1..).and_then(|n| n.parse::<u8>().ok()).is_some() => {
                let n = rest.get(1..).and_then(|n| n.parse().ok()).ok_or_else(bad)?;
                Code::F(n)
            }
            _ => NAMES
                .iter()
                .find(|(name, _)| *name == rest)
                .map(|(_, code)| *code)
                .ok_or_else(bad)?,
        };
        Ok(Self { code, ctrl, alt })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("ctrl-")?;
        }
        if self.alt {
            f.write_str("alt-")?;
        }
        if let Some((name, _)) = NAMES.iter().find(|(_, code)| *code == self.code) {
            return f.write_str(name);
        }
        match self.code {
            Code::Char(c) => write!(f, "{c}"),
            Code::F(n) => write!(f, "f{n}"),
            Code::Enter
            | Code::Esc
            | Code::Tab
            | Code::BackTab
            | Code::Backspace
            | Code::Delete
            | Code::Insert
            | Code::Home
            | Code::End
            | Code::PageUp
            | Code::PageDown
            | Code::Up
            | Code::Down
            | Code::Left
            | Code::Right => Ok(()),
        }
    }
}

/// What the mouse did; only while capture is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mouse {
    /// What happened.
    pub kind: MouseKind,
    /// Cell column, 0 at the left.
    pub column: u16,
    /// Cell row, 0 at the top.
    pub row: u16,
}

/// What a mouse event was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum MouseKind {
    Press,
    ScrollUp,
    ScrollDown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_text_round_trips() {
        for text in [
            "j", "G", "/", "-", "space", "pageup", "ctrl-d", "f12", "alt-x", "ctrl--", "f",
        ] {
            let key: Key = text.parse().expect("a key");
            assert_eq!(key.to_string(), text);
        }
        for text in ["", "ctrl-", "jj", "pgup", "\u{1}"] {
            assert!(text.parse::<Key>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn full_width_keys_count_as_latin() {
        assert_eq!(Key::char('\u{ff4a}').to_latin(), Key::char('j'));
        assert_eq!(Key::char('\u{ff1f}').to_latin(), Key::char('?'));
        assert_eq!(Key::char('\u{3000}').to_latin(), Key::char(' '));
        assert_eq!(Key::char('é').to_latin(), Key::char('é'));
    }
}
