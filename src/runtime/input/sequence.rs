//! What a finished sequence means: the tables of keys.

use super::parser::Input;
use crate::app::key::{Code, Key, Mouse, MouseKind};

/// One byte that is a key by itself.
pub(super) fn single(byte: u8, alt: bool) -> Option<Key> {
    let (code, ctrl) = match byte {
        0x08 | 0x7f => (Code::Backspace, false),
        b'\t' => (Code::Tab, false),
        // Some terminals and all scripts send LF for Enter.
        b'\r' | b'\n' => (Code::Enter, false),
        0x00 => (Code::Char(' '), true),
        0x01..=0x1a => (Code::Char(char::from(byte - 1 + b'a')), true),
        0x1c..=0x1f => (Code::Char(char::from(byte + 0x40)), true),
        0x20..=0x7e => (Code::Char(char::from(byte)), false),
        // ESC is the parser's; the rest is no UTF-8.
        0x1b | 0x80.. => return None,
    };
    Some(Key { code, ctrl, alt })
}

/// `ESC [ 5 $` and the like: a shifted key of rxvt, whose last byte is no final
/// byte by the standard.
pub(super) fn is_shifted(held: &[u8]) -> bool {
    !held.is_empty() && held.iter().all(u8::is_ascii_digit)
}

/// A finished `ESC [` sequence; `None` for what is no key, such as a reply.
pub(super) fn csi(held: &[u8], last: u8, alt: bool) -> Option<Input> {
    if let [b'<', mouse @ ..] = held {
        return self::mouse(mouse, last).map(Input::Mouse);
    }
    // Other private markers and intermediates occur in replies only.
    if held.iter().any(|b| !matches!(b, b'0'..=b'9' | b';' | b':')) {
        return None;
    }
    let numbers = Numbers::parse(held);
    let key = match last {
        b'~' if numbers.first == 27 => character(numbers.third, numbers.modifiers())?,
        b'~' | b'$' | b'^' | b'@' => {
            let mut key = numbers.modifiers().apply(numbered(numbers.first)?)?;
            key.ctrl |= matches!(last, b'^' | b'@');
            key
        }
        b'u' => {
            // The event type 3 is a release.
            if numbers.event == 3 {
                return None;
            }
            character(numbers.first, numbers.modifiers())?
        }
        b'Z' => numbers.modifiers().apply(Code::BackTab)?,
        // With parameters it is a cursor report.
        b'R' if !held.is_empty() => return None,
        b'a'..=b'd' if held.is_empty() => Key::plain(arrow(last.to_ascii_uppercase())?),
        b'A'..=b'D' | b'F' | b'H' | b'P'..=b'S' if numbers.first <= 1 => {
            numbers.modifiers().apply(arrow(last)?)?
        }
        _ => return None,
    };
    Some(Input::Key(Key {
        alt: key.alt || alt,
        ..key
    }))
}

/// A finished `ESC O` sequence.
pub(super) fn ss3(held: &[u8], last: u8, alt: bool) -> Option<Key> {
    let numbers = Numbers::parse(held);
    // Some send `ESC O 5 A`, others `ESC O 1 ; 5 A`.
    let modifiers = if numbers.second == 0 {
        Modifiers(numbers.first)
    } else {
        numbers.modifiers()
    };
    let key = match last {
        b'M' => Key::plain(Code::Enter),
        b'I' => Key::plain(Code::Tab),
        b'X' => Key::char('='),
        b' ' => Key::char(' '),
        // The keypad: each sends its own sign moved up by 0x40.
        b'j'..=b'y' => Key::char(char::from(last - 0x40)),
        b'a'..=b'd' => Key {
            ctrl: true,
            ..Key::plain(arrow(last.to_ascii_uppercase())?)
        },
        _ => modifiers.apply(arrow(last)?)?,
    };
    Some(Key {
        alt: key.alt || alt,
        ..key
    })
}

/// The parameters of a sequence; a missing one is 0.
#[derive(Default)]
struct Numbers {
    first: u32,
    second: u32,
    /// After the colon in the second: what happened to the key.
    event: u32,
    third: u32,
}

impl Numbers {
    fn parse(held: &[u8]) -> Self {
        let number = |bytes: &[u8]| -> u32 {
            let text = std::str::from_utf8(bytes).unwrap_or_default();
            text.parse().unwrap_or_default()
        };
        let mut numbers = Self::default();
        for (place, part) in held.split(|b| *b == b';').enumerate() {
            let mut subs = part.split(|b| *b == b':');
            let value = subs.next().map(number).unwrap_or_default();
            match place {
                0 => numbers.first = value,
                1 => {
                    numbers.second = value;
                    numbers.event = subs.next().map(number).unwrap_or_default();
                }
                2 => numbers.third = value,
                _ => {}
            }
        }
        numbers
    }

    fn modifiers(&self) -> Modifiers {
        Modifiers(self.second)
    }
}

/// One more than a set of bits: 1 Shift, 2 Alt, 4 Ctrl, 8 Super, 16 Hyper, 32 Meta.
#[derive(Clone, Copy)]
struct Modifiers(u32);

impl Modifiers {
    fn has(self, bits: u32) -> bool {
        self.0.saturating_sub(1) & bits != 0
    }

    /// `None` with Super or Hyper: those keys belong to the desktop.
    fn apply(self, code: Code) -> Option<Key> {
        (!self.has(8 | 16)).then_some(Key {
            code,
            ctrl: self.has(4),
            alt: self.has(2 | 32),
        })
    }
}

fn arrow(last: u8) -> Option<Code> {
    Some(match last {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'F' => Code::End,
        b'H' => Code::Home,
        b'P'..=b'S' => Code::F(last - b'P' + 1),
        _ => return None,
    })
}

fn numbered(number: u32) -> Option<Code> {
    Some(match number {
        1 | 7 => Code::Home,
        2 => Code::Insert,
        3 => Code::Delete,
        4 | 8 => Code::End,
        5 => Code::PageUp,
        6 => Code::PageDown,
        // The VT220 left gaps between its groups of function keys.
        11..=15 => Code::F(u8::try_from(number - 10).ok()?),
        17..=21 => Code::F(u8::try_from(number - 11).ok()?),
        23..=26 => Code::F(u8::try_from(number - 12).ok()?),
        28..=29 => Code::F(u8::try_from(number - 13).ok()?),
        31..=34 => Code::F(u8::try_from(number - 14).ok()?),
        _ => return None,
    })
}

/// A key given by its code point, as the newer protocols do.
fn character(number: u32, modifiers: Modifiers) -> Option<Key> {
    let code = match number {
        9 if modifiers.has(1) => Code::BackTab,
        9 => Code::Tab,
        10 | 13 => Code::Enter,
        27 => Code::Esc,
        8 | 127 => Code::Backspace,
        // The protocol's own keys live in the private use area.
        57_344..=63_743 => return None,
        _ => {
            let c = char::from_u32(number).filter(|c| !c.is_control())?;
            if modifiers.has(1) && !modifiers.has(4) {
                Code::Char(c.to_ascii_uppercase())
            } else {
                Code::Char(c)
            }
        }
    };
    modifiers.apply(code)
}

/// An SGR report, `ESC [ < button ; column ; row M`, without its start.
fn mouse(held: &[u8], last: u8) -> Option<Mouse> {
    let numbers = Numbers::parse(held);
    let place = |n: u32| u16::try_from(n).ok()?.checked_sub(1);
    // Shift, Alt and Ctrl are 4, 8 and 16; a drag would be 32 and is not asked for.
    let kind = match numbers.first & !(4 | 8 | 16) {
        0 => MouseKind::Press,
        64 => MouseKind::ScrollUp,
        65 => MouseKind::ScrollDown,
        _ => return None,
    };
    let mouse = Mouse {
        kind,
        column: place(numbers.second)?,
        row: place(numbers.third)?,
    };
    // A small m is a release.
    (last == b'M').then_some(mouse)
}
