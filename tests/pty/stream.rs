//! What a program has written, taken apart as a terminal would.

use std::collections::BTreeMap;

/// One piece of the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(char),
    /// A single control byte.
    Control(u8),
    /// `ESC [`, private mark and parameters as written, intermediates and final byte.
    Csi(String, String),
    /// `ESC` and what follows it.
    Escape(String),
    /// OSC, DCS, APC, PM or SOS, named by its introducer.
    Command(char),
    /// OSC 52 with this text in base64, ended by BEL: it leaves the screen alone.
    Clipboard(String),
    /// A C1 control: one character, or a byte that is not UTF-8.
    Foreign(u32),
}

/// Takes a stream apart; an unfinished end is a `Foreign` piece of its own.
pub(crate) fn pieces(raw: &[u8]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for chunk in raw.utf8_chunks() {
        text(chunk.valid(), &mut pieces);
        pieces.extend(chunk.invalid().iter().map(|b| Piece::Foreign((*b).into())));
    }
    pieces
}

fn text(text: &str, pieces: &mut Vec<Piece>) {
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        pieces.push(match c {
            '\x1b' => match rest.next() {
                Some('[') => {
                    let parameters = take(&mut rest, '0'..='?');
                    let mut last = take(&mut rest, ' '..='/');
                    last.extend(rest.next());
                    Piece::Csi(parameters, last)
                }
                Some(']') => clipboard(&mut rest).map_or(Piece::Command(']'), Piece::Clipboard),
                Some(c @ ('P' | '_' | '^' | 'X')) => Piece::Command(c),
                Some(c) => {
                    let mut whole = String::from(c);
                    if (' '..='/').contains(&c) {
                        whole.push_str(&take(&mut rest, ' '..='/'));
                        whole.extend(rest.next());
                    }
                    Piece::Escape(whole)
                }
                None => Piece::Foreign(0x1b),
            },
            c if c.is_ascii_control() => Piece::Control(u8::try_from(c).unwrap_or_default()),
            c if c.is_control() => Piece::Foreign(c.into()),
            c => Piece::Text(c),
        });
    }
}

/// What is sent to the clipboard, if that is what follows; else nothing is taken.
fn clipboard(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<String> {
    let mut ahead = rest.clone();
    let body: String = ahead.by_ref().take_while(|c| *c != '\x07').collect();
    let text = body.strip_prefix("52;c;")?.to_owned();
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    text.chars().all(is_base64).then(|| {
        *rest = ahead;
        text
    })
}

fn take(
    rest: &mut std::iter::Peekable<std::str::Chars<'_>>,
    which: std::ops::RangeInclusive<char>,
) -> String {
    let mut taken = String::new();
    while let Some(c) = rest.next_if(|c| which.contains(c)) {
        taken.push(c);
    }
    taken
}

/// The state of a terminal that outlives the program: what is on that was off.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Ledger {
    /// Private modes that differ from a fresh terminal.
    modes: BTreeMap<u32, bool>,
    saved: BTreeMap<u32, Option<bool>>,
    region: Option<String>,
    /// Parameters of SGR since the last reset.
    pen: Vec<String>,
    /// Keyboard flags pushed and not popped, cursor shapes, whatever else a
    /// program can leave behind.
    other: Vec<String>,
}

impl Ledger {
    /// After the stream.
    pub(crate) fn after(raw: &[u8]) -> Self {
        let mut ledger = Self::default();
        for piece in pieces(raw) {
            ledger.take(&piece);
        }
        // Modes saved and given back leave nothing.
        ledger.saved.clear();
        ledger
    }

    /// Whether nothing is left behind.
    pub(crate) fn is_fresh(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a private mode is on; a fresh terminal shows its cursor and wraps.
    pub(crate) fn is_on(&self, mode: u32) -> bool {
        let fresh = [7, 25].contains(&mode);
        self.modes.get(&mode).copied().unwrap_or(fresh)
    }

    fn take(&mut self, piece: &Piece) {
        match piece {
            Piece::Csi(parameters, last) => match (parameters.strip_prefix('?'), last.as_str()) {
                (Some(modes), "h") => self.set(modes, true),
                (Some(modes), "l") => self.set(modes, false),
                (Some(modes), "s") => {
                    for mode in numbers(modes) {
                        self.saved.insert(mode, self.modes.get(&mode).copied());
                    }
                }
                (Some(modes), "r") => {
                    for mode in numbers(modes) {
                        match self.saved.get(&mode).copied().flatten() {
                            Some(on) => self.modes.insert(mode, on),
                            None => self.modes.remove(&mode),
                        };
                    }
                }
                (None, "r") => {
                    self.region = (!parameters.is_empty()).then(|| parameters.clone());
                }
                (None, "m") => self.sgr(parameters),
                (Some(_), _) | (None, "h" | "l" | "u" | "q" | " q" | "!p" | "t") => {
                    self.other.push(format!("CSI {parameters}{last}"));
                }
                (None, _) => {}
            },
            Piece::Escape(what) if what != "M" => self.other.push(format!("ESC {what}")),
            Piece::Command(what) => self.other.push(format!("ESC {what} …")),
            Piece::Text(_)
            | Piece::Control(_)
            | Piece::Escape(_)
            | Piece::Clipboard(_)
            | Piece::Foreign(_) => {}
        }
    }

    fn set(&mut self, modes: &str, on: bool) {
        for mode in numbers(modes) {
            self.modes.insert(mode, on);
            if on == [7, 25].contains(&mode) {
                self.modes.remove(&mode);
            }
        }
    }

    fn sgr(&mut self, parameters: &str) {
        for parameter in parameters.split(';') {
            if parameter.is_empty() || parameter == "0" {
                self.pen.clear();
            } else {
                self.pen.push(parameter.to_owned());
            }
        }
    }
}

fn numbers(modes: &str) -> Vec<u32> {
    let numbers = modes.split(';').map(str::parse);
    numbers.map(|n| n.expect("a mode's number")).collect()
}

#[test]
fn a_ledger_is_balanced_only_when_everything_is_undone() {
    let on = b"\x1b[?1049h\x1b[?25l\x1b[?1007s\x1b[?1007h\x1b[2;5r\x1b[1;38;5;0m";
    let left = Ledger::after(on);
    assert!(left.is_on(1049) && left.is_on(1007) && !left.is_on(25));
    let off = b"\x1b[m\x1b[r\x1b[?1007r\x1b[?25h\x1b[?1049l";
    assert_eq!(Ledger::after(&[&on[..], off].concat()), Ledger::default());
    for one in [
        &b"\x1b[?2004h"[..],
        b"\x1b[>1u",
        b"\x1b[2 q",
        b"\x1b[3m",
        b"\x1b(0",
        b"\x1b]0;x\x07",
    ] {
        assert_ne!(Ledger::after(one), Ledger::default(), "{one:?}");
    }
}
