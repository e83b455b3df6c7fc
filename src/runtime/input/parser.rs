//! Bytes in, keys out: pure, so that every split and every reply can be tested.

use std::time::Duration;

use super::sequence;
use crate::app::key::{Code, Key, Mouse};

/// How long a lone ESC may turn out to be the start of something. Less than what
/// a reader notices, more than what ssh puts between two packets of one key.
const ESC_WAIT: Duration = Duration::from_millis(50);
/// How long after an introducer the rest may take; then it is discarded.
const SEQUENCE_WAIT: Duration = Duration::from_millis(250);
/// How long a paste may pause. Its rest would be read as commands, so a stalled
/// line gets more time than a key; a lost end must not deafen for good.
const PASTE_WAIT: Duration = Duration::from_secs(5);
/// Parameter bytes kept of one sequence; no key has a third as many.
const SEQUENCE_CAP: usize = 64;
/// A string reply (OSC, DCS) longer than this ends with the read it came in:
/// nothing we could be sent is longer.
const STRING_CAP: usize = 64 * 1024;
/// A paste is cut here; the rest of it is discarded.
pub const PASTE_CAP: usize = 1024 * 1024;
/// Ends a paste.
const PASTE_END: &[u8] = b"\x1b[201~";

/// What came from the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key.
    Key(Key),
    /// Pasted text, at most [`PASTE_CAP`] bytes, invalid UTF-8 replaced, every
    /// kind of line end as `\n`. Raw: it may hold any control character.
    Paste(String),
    /// The mouse.
    Mouse(Mouse),
    /// The terminal has gone; nothing follows.
    Gone,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Ground,
    /// After one ESC, or after two (`double`), which makes the next key Alt's.
    Escape {
        double: bool,
    },
    /// After `ESC [`; `over` when more came than is kept.
    Csi {
        held: Vec<u8>,
        alt: bool,
        over: bool,
    },
    /// After `ESC [ [`: function keys of the Linux console.
    Console,
    /// After `ESC O`; digits are modifiers.
    Ss3 {
        held: Vec<u8>,
        alt: bool,
    },
    /// Inside OSC, DCS, APC, PM or SOS; `esc` when the last byte was ESC.
    Text {
        length: usize,
        esc: bool,
    },
    /// Bytes of an old-style mouse report still to come.
    OldMouse(u8),
    /// Inside a character of several bytes.
    Utf8 {
        held: [u8; 4],
        length: usize,
        wanted: usize,
        alt: bool,
    },
    /// Inside a paste; `matched` bytes of its end have come.
    Paste {
        text: Vec<u8>,
        matched: usize,
    },
}

/// Turns bytes into [`Input`], however they are cut into reads.
///
/// What it does not know is swallowed up to its end, and ends by its final byte,
/// by length or by [`idle`](Self::idle): letters of a reply never become keys,
/// and no reply makes it deaf.
#[derive(Debug, Clone)]
pub struct Parser {
    state: State,
}

impl Default for Parser {
    fn default() -> Self {
        Self::new()
    }
}

impl Parser {
    /// A parser between two keys.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            state: State::Ground,
        }
    }

    /// Takes the bytes of one read.
    ///
    /// What follows a paste's end in the same read is dropped: a paste that holds
    /// the end marker itself would otherwise type commands.
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<Input>) {
        for &byte in bytes {
            match self.step(byte, out) {
                Step::Next => {}
                Step::DropRest => return,
            }
        }
    }

    /// Called when [`deadline`](Self::deadline) has passed without a byte: what is
    /// unfinished is over.
    pub fn idle(&mut self, out: &mut Vec<Input>) {
        match std::mem::replace(&mut self.state, State::Ground) {
            State::Escape { double } => {
                out.push(Input::Key(Key::plain(Code::Esc)));
                if double {
                    out.push(Input::Key(Key::plain(Code::Esc)));
                }
            }
            State::Paste { text, .. } => out.push(pasted(&text)),
            State::Ground
            | State::Csi { .. }
            | State::Console
            | State::Ss3 { .. }
            | State::Text { .. }
            | State::OldMouse(_)
            | State::Utf8 { .. } => {}
        }
    }

    /// How long after the last byte to call [`idle`](Self::idle); `None` when
    /// nothing is unfinished.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        match self.state {
            State::Ground => None,
            State::Escape { .. } => Some(ESC_WAIT),
            State::Paste { .. } => Some(PASTE_WAIT),
            State::Csi { .. }
            | State::Console
            | State::Ss3 { .. }
            | State::Text { .. }
            | State::OldMouse(_)
            | State::Utf8 { .. } => Some(SEQUENCE_WAIT),
        }
    }

    fn step(&mut self, byte: u8, out: &mut Vec<Input>) -> Step {
        match &mut self.state {
            State::Ground => self.ground(byte, false, out),
            State::Escape { double } => {
                let double = *double;
                self.escape(byte, double, out);
            }
            State::Csi { held, over, .. } => match byte {
                0x20..=0x3f if byte == b'$' && sequence::is_shifted(held) => {
                    self.end_csi(byte, out);
                }
                0x20..=0x3f if held.len() < SEQUENCE_CAP => held.push(byte),
                0x20..=0x3f => *over = true,
                b'[' if held.is_empty() => self.state = State::Console,
                0x40..=0x7e => self.end_csi(byte, out),
                _ => self.cut(byte, out),
            },
            State::Console => match byte {
                b'A'..=b'E' => {
                    self.state = State::Ground;
                    out.push(Input::Key(Key::plain(Code::F(byte - b'A' + 1))));
                }
                0x20..=0x7e => self.state = State::Ground,
                _ => self.cut(byte, out),
            },
            State::Ss3 { held, alt } => match byte {
                b'0'..=b'9' | b';' if held.len() < SEQUENCE_CAP => held.push(byte),
                0x20..=0x7e => {
                    let key = sequence::ss3(held, byte, *alt);
                    self.state = State::Ground;
                    out.extend(key.map(Input::Key));
                }
                _ => self.cut(byte, out),
            },
            State::Text { length, esc } => {
                *length += 1;
                let (over, after_esc) = (*length > STRING_CAP, *esc);
                *esc = byte == 0x1b;
                match byte {
                    b'\\' if after_esc => self.state = State::Ground,
                    // BEL ends an OSC; CAN and SUB end anything.
                    0x07 | 0x18 | 0x1a => self.state = State::Ground,
                    // Anything else after ESC is a new sequence: the old one was cut short.
                    0x20..=0x7e if after_esc => self.escape(byte, false, out),
                    _ if over => {
                        self.state = State::Ground;
                        return Step::DropRest;
                    }
                    _ => {}
                }
            }
            State::OldMouse(left) => {
                *left -= 1;
                if *left == 0 {
                    self.state = State::Ground;
                }
            }
            State::Utf8 {
                held,
                length,
                wanted,
                alt,
            } => {
                if !(0x80..=0xbf).contains(&byte) {
                    // The character was cut short; this byte starts something new.
                    self.ground(byte, false, out);
                    return Step::Next;
                }
                if let Some(place) = held.get_mut(*length) {
                    *place = byte;
                }
                *length += 1;
                if length == wanted {
                    let text = held
                        .get(..*length)
                        .and_then(|b| std::str::from_utf8(b).ok());
                    let c = text.and_then(|t| t.chars().next());
                    let alt = *alt;
                    self.state = State::Ground;
                    out.extend(c.filter(|c| !c.is_control()).map(|c| key(c, alt)));
                }
            }
            State::Paste { text, matched } => {
                if PASTE_END.get(*matched) == Some(&byte) {
                    *matched += 1;
                    if *matched == PASTE_END.len() {
                        out.push(pasted(text));
                        self.state = State::Ground;
                        return Step::DropRest;
                    }
                } else {
                    keep(text, PASTE_END.get(..*matched).unwrap_or_default());
                    // Only the marker's first byte is an ESC, so a restart is all there is to match.
                    *matched = usize::from(byte == 0x1b);
                    if *matched == 0 {
                        keep(text, &[byte]);
                    }
                }
            }
        }
        Step::Next
    }

    fn ground(&mut self, byte: u8, alt: bool, out: &mut Vec<Input>) {
        self.state = State::Ground;
        let wanted = match byte {
            0x1b => {
                self.state = State::Escape { double: alt };
                return;
            }
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => {
                out.extend(sequence::single(byte, alt).map(Input::Key));
                return;
            }
        };
        self.state = State::Utf8 {
            held: [byte, 0, 0, 0],
            length: 1,
            wanted,
            alt,
        };
    }

    fn escape(&mut self, byte: u8, double: bool, out: &mut Vec<Input>) {
        self.state = match byte {
            b'[' => State::Csi {
                held: Vec::new(),
                alt: double,
                over: false,
            },
            b'O' => State::Ss3 {
                held: Vec::new(),
                alt: double,
            },
            b']' | b'P' | b'X' | b'^' | b'_' => State::Text {
                length: 0,
                esc: false,
            },
            0x1b => {
                if double {
                    out.push(Input::Key(Key::plain(Code::Esc)));
                }
                State::Escape { double: true }
            }
            _ => {
                if double {
                    out.push(Input::Key(Key::plain(Code::Esc)));
                }
                return self.ground(byte, true, out);
            }
        };
    }

    fn end_csi(&mut self, last: u8, out: &mut Vec<Input>) {
        let State::Csi { held, alt, over } = std::mem::replace(&mut self.state, State::Ground)
        else {
            return;
        };
        if over {
            return;
        }
        match (held.as_slice(), last) {
            (b"200", b'~') => {
                self.state = State::Paste {
                    text: Vec::new(),
                    matched: 0,
                }
            }
            ([], b'M') => self.state = State::OldMouse(3),
            _ => out.extend(sequence::csi(&held, last, alt)),
        }
    }

    /// A byte that cannot be part of the sequence: a new start, an abort, or noise.
    fn cut(&mut self, byte: u8, out: &mut Vec<Input>) {
        match byte {
            0x1b | 0x80.. => self.ground(byte, false, out),
            0x18 | 0x1a => self.state = State::Ground,
            _ => {}
        }
    }
}

enum Step {
    Next,
    DropRest,
}

fn key(c: char, alt: bool) -> Input {
    Input::Key(Key {
        code: Code::Char(c),
        ctrl: false,
        alt,
    })
}

fn keep(text: &mut Vec<u8>, bytes: &[u8]) {
    let room = PASTE_CAP - text.len();
    text.extend_from_slice(bytes.get(..room.min(bytes.len())).unwrap_or_default());
}

/// Terminals send a pasted line end as CR.
fn pasted(bytes: &[u8]) -> Input {
    let text = String::from_utf8_lossy(bytes);
    Input::Paste(text.replace("\r\n", "\n").replace('\r', "\n"))
}
