//! How much bytes look like text, or like a protobuf message.

use super::damage::Why;
use super::wire::{Event, Fields, Shape};

/// What the characters of a text are like.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tone {
    pub(super) chars: usize,
    /// Characters that nobody types: C0 without tab and line ends, DEL, C1.
    pub(super) controls: usize,
    /// Above U+007F.
    pub(super) wide: usize,
    /// Above U+00FF.
    pub(super) beyond_bytes: bool,
}

impl Tone {
    pub(super) fn of(text: &str) -> Self {
        let mut tone = Self::default();
        for c in text.chars() {
            tone.chars += 1;
            if c.is_control() && !matches!(c, '\t' | '\n' | '\r') {
                tone.controls += 1;
            }
            if !c.is_ascii() {
                tone.wide += 1;
                tone.beyond_bytes |= c > '\u{ff}';
            }
        }
        tone
    }

    pub(super) const fn is_clean(self) -> bool {
        self.controls == 0
    }

    /// How unlikely random bytes are to be this text, in bits: 95 of 256 values are
    /// printable ASCII (a bit and a half each), and few sequences are UTF-8.
    pub(super) const fn bits(self) -> usize {
        // A character of several bytes is right by chance once in 2^8.
        (self.chars - self.wide) * 3 / 2 + self.wide * 8
    }
}

/// Whether bytes are a text that somebody may have typed.
pub(super) fn clean_text(bytes: &[u8]) -> Option<Tone> {
    let text = std::str::from_utf8(bytes).ok()?;
    Some(Tone::of(text)).filter(|tone| tone.is_clean())
}

/// How much bytes look like a message; ordered from bad to good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grade {
    /// Not at all.
    Not,
    /// Some fields, then it breaks; not much of it is read.
    Broken,
    /// Most of it is read, or several fields are, before it breaks.
    Damaged,
    /// As that, and a text in it fits its length.
    Torn,
    /// From end to end, with odd field numbers.
    Odd,
    /// From end to end.
    Whole,
    /// From end to end, and what is in it makes sense.
    Sound,
}

/// Schemas seldom number fields higher; numbers up to here take two bytes.
const HIGHEST: u32 = 2_047;

/// Messages begin with one of the first fields, whose tags take one byte.
const FIRST: u32 = 15;

/// A field with a text that is no accident: of four bits by chance one in sixteen is.
fn is_text(shape: Shape, content: &[u8]) -> bool {
    shape == Shape::Delimited && clean_text(content).is_some_and(|tone| tone.bits() > 4)
}

/// Whether one of the outermost fields is a text.
pub(super) fn holds_text(bytes: &[u8]) -> bool {
    Fields::new(bytes, 0..bytes.len()).flatten().any(|event| {
        let Event::Field { shape, content, .. } = event else {
            return false;
        };
        is_text(shape, bytes.get(content.range()).unwrap_or_default())
    })
}

/// Looks at the fields of the outermost level only.
pub(super) fn grade(bytes: &[u8]) -> Grade {
    let (mut first, mut highest, mut before, mut ascending) = (None, 0, 0, true);
    let (mut fields, mut texts, mut read) = (0_usize, 0_usize, 0_usize);
    let mut flaw = None;
    for event in Fields::new(bytes, 0..bytes.len()) {
        match event {
            Ok(Event::Field {
                number,
                shape,
                whole,
                content,
            }) => {
                fields += 1;
                first = first.or(Some(number));
                highest = highest.max(number);
                ascending &= number >= before;
                before = number;
                read = whole.range().end;
                let content = bytes.get(content.range()).unwrap_or_default();
                texts += usize::from(is_text(shape, content));
            }
            Ok(Event::Open { number, .. }) => {
                first = first.or(Some(number));
                highest = highest.max(number);
            }
            Ok(Event::Close { .. }) => {}
            Err(broken) => flaw = Some(broken.why),
        }
    }
    let damaged = if texts > 0 {
        Grade::Torn
    } else {
        Grade::Damaged
    };
    let usual = first.is_some_and(|first| first <= FIRST) && highest <= HIGHEST;
    match flaw {
        None if fields == 0 => Grade::Not,
        None if !usual => Grade::Odd,
        // Three fields in order are no accident, and neither is a text that fits its length.
        None if texts > 0 || fields > 2 && ascending => Grade::Sound,
        None => Grade::Whole,
        Some(_) if !usual || fields == 0 => Grade::Not,
        Some(Why::OpenGroup(_)) => Grade::Broken,
        Some(_) if fields > 1 && read * 2 >= bytes.len() => damaged,
        // Half of it, or three fields that were no accident.
        Some(_) if fields > 2 && ascending && highest <= FIRST * 2 => damaged,
        Some(_) if read * 4 >= bytes.len() * 3 => damaged,
        Some(_) => Grade::Broken,
    }
}
