//! Character by character from foreign to clean text.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::str::Chars;

use compact_str::CompactString;

use super::class::{self, Class, ZWNJ, class};
use super::{Clean, ELLIPSIS, MARKER, Mark, cap};

/// Clean text ends here, with a mark: no message of the service is that long,
/// so whatever is has not come from it. [`stretches`] is the way to the rest.
pub const MAX_BYTES: usize = 1 << 20;

/// Bytes of foreign text that stay below [`MAX_BYTES`] whatever they are: no
/// character grows to more than three times its size, and a cluster's note
/// is shorter still.
const STRETCH_BYTES: usize = MAX_BYTES / 4;

/// What carries a mark that came without a letter.
const BASE: char = '\u{25cc}';

/// Makes foreign text safe to show.
///
/// Total, linear in time, at most three times as long and never longer than
/// [`MAX_BYTES`] and an ellipsis. Clean text comes back unchanged. The table
/// is at [`super`].
#[must_use]
pub fn clean(text: &str) -> Clean {
    let plain = |b| matches!(b, b' '..=b'~' | b'\n' | b'\t');
    if text.len() <= MAX_BYTES && text.bytes().all(plain) {
        return Clean {
            text: text.into(),
            marks: Vec::new(),
        };
    }
    let mut wash = Wash::new(text);
    while wash.step() {}
    if wash.crowded {
        cap::capped(&wash.out)
    } else {
        wash.out
    }
}

/// The same for bytes of which nobody knows whether they are text: what is
/// not UTF-8 becomes U+FFFD, marked as lost.
#[must_use]
pub fn clean_bytes(bytes: &[u8]) -> Clean {
    match String::from_utf8_lossy(bytes) {
        Cow::Borrowed(text) => clean(text),
        Cow::Owned(text) => clean(&text),
    }
}

/// Foreign text in pieces that [`clean`] keeps whole, in order, nothing left
/// out: the way to see all of a text that is too long for one [`Clean`].
///
/// Ends a piece after a newline where there is one in its second half.
pub fn stretches(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let most = rest.len().min(STRETCH_BYTES);
        let window = (0..=most).rev().find_map(|end| rest.get(..end))?;
        let end = match window.rfind('\n') {
            Some(newline) if window.len() < rest.len() && newline >= STRETCH_BYTES / 2 => {
                newline + 1
            }
            _ => window.len(),
        };
        let (piece, tail) = rest.split_at_checked(end)?;
        rest = tail;
        Some(piece)
    })
}

/// What is left of `out` when all behind the byte `len` did not fit.
pub(super) fn ended(mut out: Clean, len: usize) -> Clean {
    out.cut_back(len);
    let kept = out.text.trim_end_matches(ZWNJ).len();
    out.cut_back(kept);
    out.append(ELLIPSIS, Some(Mark::Cut));
    out
}

/// The last letter or sign of the output, while marks may still go on it.
#[derive(Debug, Clone, Copy)]
struct Open {
    base: char,
    /// Where it starts in the output.
    from: usize,
    /// The character last seen: the base, or a mark on it.
    last: char,
    mark: Option<Mark>,
    toned: bool,
}

struct Wash<'t> {
    rest: Chars<'t>,
    out: Clean,
    /// `None` where a mark would have nothing to go on.
    open: Option<Open>,
    /// The output ends in a marker cell, which further hidden characters share.
    hiding: bool,
    /// The next emoji was joined to the last one.
    joined: bool,
    /// Characters in a row that may be of one cluster.
    streak: usize,
    /// Some cluster may be over a cap.
    crowded: bool,
}

impl<'t> Wash<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            rest: text.chars(),
            out: Clean {
                text: CompactString::with_capacity(text.len().min(MAX_BYTES)),
                marks: Vec::new(),
            },
            open: None,
            hiding: false,
            joined: false,
            streak: 0,
            crowded: false,
        }
    }

    /// Takes the next character, or the few that belong together; false at the end.
    fn step(&mut self) -> bool {
        let Some(c) = self.rest.next() else {
            return false;
        };
        let before = self.out.text.len();
        let class = class(c);
        if class::is_start(c) {
            self.streak = 0;
        } else {
            self.streak += 1;
            self.crowded |= self.streak > cap::HARMLESS;
        }
        match class {
            Class::Newline => self.newline(c),
            Class::Tab => self.single('\t'),
            Class::Control => self.control(c),
            Class::Base => self.base(c),
            Class::Extend => self.extend(c),
            Class::Joiner => self.joiner(c),
            Class::Selector => self.selector(c),
            Class::Tone => self.tone(),
            Class::Region => self.region(c),
            Class::Jamo => self.jamo(c),
            Class::Lost => {
                self.single(c);
                self.out.mark_from(before, Mark::Lost);
            }
            Class::Hidden => self.hide(),
        }
        if self.out.text.len() > MAX_BYTES {
            self.out = ended(std::mem::take(&mut self.out), before);
            return false;
        }
        true
    }

    fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }

    /// Adds a character that nothing can be attached to.
    fn single(&mut self, c: char) {
        self.out.text.push(c);
        self.open = None;
        self.hiding = false;
    }

    fn newline(&mut self, c: char) {
        if c == '\r' && self.peek() == Some('\n') {
            self.rest.next();
        }
        self.single('\n');
    }

    fn control(&mut self, c: char) {
        let from = self.out.text.len();
        match u8::try_from(c) {
            // ^@ to ^_, and ^? for DEL: bit 6 turns them into the letter.
            Ok(byte) if byte.is_ascii() => {
                self.out.text.push('^');
                self.single(char::from(byte ^ 0x40));
            }
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(self.out.text, "\\u{{{:x}}}", u32::from(c));
                self.open = None;
                self.hiding = false;
            }
        }
        self.out.mark_from(from, Mark::Control);
    }

    fn hide(&mut self) {
        if !self.hiding {
            let from = self.out.text.len();
            self.single(MARKER);
            self.out.mark_from(from, Mark::Hidden);
        }
        self.hiding = true;
    }

    fn base(&mut self, c: char) {
        let c = hangul_with_tail(c, &mut self.rest);
        let mark = std::mem::take(&mut self.joined).then_some(Mark::Hidden);
        self.opened(c, mark);
    }

    fn opened(&mut self, c: char, mark: Option<Mark>) {
        let from = self.out.text.len();
        self.single(c);
        if let Some(mark) = mark {
            self.out.mark_from(from, mark);
        }
        self.open = Some(Open {
            base: c,
            from,
            last: c,
            mark,
            toned: false,
        });
    }

    fn extend(&mut self, c: char) {
        if self.open.is_none() {
            self.opened(BASE, Some(Mark::Hidden));
        }
        let from = self.out.text.len();
        self.out.text.push(c);
        if let Some(open) = &mut self.open {
            open.last = c;
            if let Some(mark) = open.mark {
                self.out.mark_from(from, mark);
            }
        }
    }

    /// Says that the open sign does not look as it came.
    fn altered(&mut self) {
        if let Some(open) = &mut self.open
            && open.mark.is_none()
        {
            open.mark = Some(Mark::Hidden);
            self.out.mark_from(open.from, Mark::Hidden);
        }
    }

    fn joiner(&mut self, c: char) {
        let (Some(open), Some(next)) = (self.open, self.peek()) else {
            return self.hide();
        };
        let script = class::joining_script(open.last);
        if script.is_some() && script == class::joining_script(next) {
            // A ZWJ here would make tmux put the next letter into this cell.
            if c == ZWNJ {
                self.extend(c);
            }
        } else if c != ZWNJ && class::is_emoji(open.base) && class::is_emoji(next) {
            self.altered();
            self.joined = true;
        } else {
            self.hide();
        }
    }

    fn selector(&mut self, c: char) {
        match &mut self.open {
            Some(open) if open.last == open.base && class::takes_selector(open.base) => {
                open.last = c;
            }
            _ => self.hide(),
        }
    }

    fn tone(&mut self) {
        match &mut self.open {
            Some(open) if class::is_emoji(open.base) && !open.toned => {
                open.toned = true;
                self.altered();
            }
            _ => self.hide(),
        }
    }

    fn region(&mut self, c: char) {
        let (Some(first), Some(second)) = (region_letter(c), self.peek().and_then(region_letter))
        else {
            return self.hide();
        };
        self.rest.next();
        let from = self.out.text.len();
        self.out.text.push(first);
        self.single(second);
        self.out.mark_from(from, Mark::Hidden);
    }

    fn jamo(&mut self, c: char) {
        if let Some(syllable) = self.peek().and_then(|next| hangul_syllable(c, next)) {
            self.rest.next();
            self.base(syllable);
        } else if let Some(letter) = hangul_letter(c) {
            self.base(letter);
        } else {
            self.hide();
        }
    }
}

/// The letter of half a flag: A to Z.
fn region_letter(c: char) -> Option<char> {
    let n = u32::from(c).checked_sub(0x1f1e6)?;
    ('A'..='Z').nth(usize::try_from(n).ok()?)
}

/// Lead and vowel as one syllable, by the arithmetic of the Unicode Standard, 3.12.
fn hangul_syllable(lead: char, vowel: char) -> Option<char> {
    let lead = u32::from(lead).checked_sub(0x1100).filter(|n| *n < 19)?;
    let vowel = u32::from(vowel).checked_sub(0x1161).filter(|n| *n < 21)?;
    char::from_u32(0xac00 + (lead * 21 + vowel) * 28)
}

/// A syllable without a tail takes the tail that follows it.
fn hangul_with_tail(c: char, rest: &mut Chars<'_>) -> char {
    let open = matches!(c, '\u{ac00}'..='\u{d7a3}') && (u32::from(c) - 0xac00).is_multiple_of(28);
    let tail = rest.clone().next().and_then(|next| {
        let tail = u32::from(next).checked_sub(0x11a7)?;
        (1..28).contains(&tail).then_some(tail)
    });
    match tail
        .filter(|_| open)
        .and_then(|t| char::from_u32(u32::from(c) + t))
    {
        Some(whole) => {
            rest.next();
            whole
        }
        None => c,
    }
}

/// A part of a syllable that stands alone, as the letter of that sound.
fn hangul_letter(c: char) -> Option<char> {
    /// U+1100 to U+1112.
    const LEADS: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
    /// U+11A8 to U+11C2.
    const TAILS: &str = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";
    let nth = |letters: &str, first: u32| {
        let n = u32::from(c).checked_sub(first)?;
        letters.chars().nth(usize::try_from(n).ok()?)
    };
    match c {
        '\u{1100}'..='\u{1112}' => nth(LEADS, 0x1100),
        // The vowels are in the same order in both blocks.
        '\u{1161}'..='\u{1175}' => char::from_u32(u32::from(c) - 0x1161 + 0x314f),
        '\u{11a8}'..='\u{11c2}' => nth(TAILS, 0x11a8),
        _ => None,
    }
}
