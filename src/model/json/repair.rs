//! What a strict parser would trip over, found and mended; and JSON made safe to leave the program.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use super::string::{UNIT, unit};

/// What had to be mended in one text, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Repairs {
    /// Control bytes that stood raw inside a string. Nothing is lost.
    pub control: usize,
    /// Halves of a surrogate pair without the other half. Lost.
    pub surrogates: usize,
    /// Places where bytes were not UTF-8. Lost.
    pub utf8: usize,
}

impl Repairs {
    /// Anything at all.
    #[must_use]
    pub fn any(&self) -> bool {
        self.control + self.lost() > 0
    }

    /// How many places show U+FFFD instead of what was meant.
    #[must_use]
    pub fn lost(&self) -> usize {
        self.surrogates + self.utf8
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wound {
    Control,
    Surrogate,
    Utf8,
}

/// Makes `bytes` text that a strict parser can read, without loss where that is possible.
///
/// A raw control byte in a string becomes its `\u00XX` escape; a lone surrogate
/// becomes `\ufffd` and bytes that are not UTF-8 become U+FFFD (api-facts 7).
/// What is not JSON for other reasons stays as it is.
#[must_use]
pub fn repair(bytes: &[u8]) -> (Cow<'_, str>, Repairs) {
    let mut repairs = Repairs::default();
    let mut mender = Mender::new(bytes);
    wounds(bytes, |range, wound| {
        match wound {
            Wound::Control => repairs.control += 1,
            Wound::Surrogate => repairs.surrogates += 1,
            Wound::Utf8 => repairs.utf8 += 1,
        }
        mender.mend(range, wound);
    });
    (mender.text(), repairs)
}

/// Where in `bytes` something is lost, in order.
pub(crate) fn lost_at(bytes: &[u8]) -> Vec<usize> {
    let mut lost = Vec::new();
    wounds(bytes, |range, wound| {
        if wound != Wound::Control {
            lost.push(range.start);
        }
    });
    lost
}

/// Copies text from the first wound on.
struct Mender<'a> {
    bytes: &'a [u8],
    mended: Option<String>,
    done: usize,
}

impl<'a> Mender<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            mended: None,
            done: 0,
        }
    }

    /// The sound text up to `end`.
    fn sound(&self, end: usize) -> Cow<'a, str> {
        String::from_utf8_lossy(self.bytes.get(self.done..end).unwrap_or_default())
    }

    fn mend(&mut self, range: Range<usize>, wound: Wound) {
        let sound = self.sound(range.start);
        let text = self.mended.get_or_insert_default();
        text.push_str(&sound);
        match wound {
            Wound::Control => {
                for byte in self.bytes.get(range.clone()).unwrap_or_default() {
                    push_escaped(text, char::from(*byte));
                }
            }
            Wound::Surrogate => text.push_str("\\ufffd"),
            Wound::Utf8 => text.push(char::REPLACEMENT_CHARACTER),
        }
        self.done = range.end;
    }

    fn text(self) -> Cow<'a, str> {
        let rest = self.sound(self.bytes.len());
        match self.mended {
            Some(text) => Cow::Owned(text + &rest),
            None => rest,
        }
    }
}

/// Tells `found` what a strict parser would refuse although its meaning is plain, in order.
fn wounds(bytes: &[u8], mut found: impl FnMut(Range<usize>, Wound)) {
    let mut in_string = false;
    let mut base = 0;
    for chunk in bytes.utf8_chunks() {
        let valid = chunk.valid().as_bytes();
        let mut at = 0;
        while let Some(&byte) = valid.get(at) {
            let start = base + at;
            let mut len = 1;
            match byte {
                b'"' => in_string = !in_string,
                b'\\' if in_string => {
                    let (used, whole) = escape(valid.get(at..).unwrap_or_default());
                    len = used;
                    if !whole {
                        found(start..start + len, Wound::Surrogate);
                    }
                }
                0..0x20 if in_string => found(start..start + 1, Wound::Control),
                _ => {}
            }
            at += len;
        }
        base += valid.len();
        let invalid = chunk.invalid().len();
        if invalid > 0 {
            found(base..base + invalid, Wound::Utf8);
            base += invalid;
        }
    }
}

/// How long the escape at the start of `text` is, and false for half a surrogate pair.
fn escape(text: &[u8]) -> (usize, bool) {
    match unit(text) {
        Some(0xD800..0xDC00) => match text.get(UNIT..).and_then(unit) {
            Some(0xDC00..0xE000) => (2 * UNIT, true),
            Some(_) | None => (UNIT, false),
        },
        Some(0xDC00..0xE000) => (UNIT, false),
        Some(_) => (UNIT, true),
        // A control byte behind a backslash is a wound of its own, not half an escape.
        None if text.get(1).is_some_and(|&byte| byte < 0x20) => (1, true),
        None => (2, true),
    }
}

/// The JSON of `raw` as it may leave the program: DEL, C1, format characters and
/// raw control bytes as `\uHHHH`, so that no terminal obeys it and no eye is deceived.
///
/// Equal in value to `raw`, except that bytes which are not UTF-8 become U+FFFD.
#[must_use]
pub fn escape_unsafe(raw: &[u8]) -> String {
    let mut mender = Mender::new(raw);
    wounds(raw, |range, wound| match wound {
        Wound::Control | Wound::Utf8 => mender.mend(range, wound),
        // Plain ASCII here; stays as it came.
        Wound::Surrogate => {}
    });
    let text = mender.text();
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe(c) {
            push_escaped(&mut out, c);
        } else {
            out.push(c);
        }
    }
    out
}

fn push_escaped(out: &mut String, c: char) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        // Writing to a string cannot fail.
        let _ = write!(out, "\\u{unit:04x}");
    }
}

/// Obeyed by a terminal, or without a shape of its own (general categories Cc,
/// Cf, Zl, Zp, and the invisible fillers).
fn is_unsafe(c: char) -> bool {
    match c {
        '\n' | '\r' | '\t' => false,
        _ if c.is_control() => true,
        '\u{ad}'
        | '\u{34f}'
        | '\u{600}'..='\u{605}'
        | '\u{61c}'
        | '\u{6dd}'
        | '\u{70f}'
        | '\u{890}'..='\u{891}'
        | '\u{8e2}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{110bd}'
        | '\u{110cd}'
        | '\u{13430}'..='\u{1343f}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_text_is_not_copied() {
        let (text, repairs) = repair("{\"a\":\"é \\ud83d\\ude00 \\n\"}\n".as_bytes());
        assert!(matches!(text, Cow::Borrowed(_)));
        assert!(!repairs.any());
    }

    #[test]
    fn each_kind_of_wound_is_mended_and_counted() {
        let (text, repairs) =
            repair(b"[\"a\x01b\tc\", \"\\ud83d\", \"\\udc00\\ud83dx\", \"\xff\xc3(\"]");
        assert_eq!(
            text,
            "[\"a\\u0001b\\u0009c\", \"\\ufffd\", \"\\ufffd\\ufffdx\", \"\u{fffd}\u{fffd}(\"]"
        );
        assert_eq!(
            repairs,
            Repairs {
                control: 2,
                surrogates: 3,
                utf8: 2
            }
        );
        assert_eq!(super::super::check(&text), Ok(()));
    }

    #[test]
    fn white_space_between_tokens_and_escaped_backslashes_are_no_wounds() {
        for sound in ["[\n\t1\r\n]", r#"["\\ud83d"]"#, r#"["\"\\"]"#] {
            assert_eq!(repair(sound.as_bytes()).1, Repairs::default(), "{sound}");
        }
    }

    #[test]
    fn what_leaves_the_program_is_equal_in_value_and_harmless() {
        let raw = "{\"a\":\"\u{7f}\u{9b}31m\u{202e}x\u{200d}\u{e0041}é全 \u{1f600}\"}";
        let safe = escape_unsafe(raw.as_bytes());
        assert_eq!(
            safe,
            "{\"a\":\"\\u007f\\u009b31m\\u202ex\\u200d\\udb40\\udc41é全 \u{1f600}\"}"
        );
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
        assert_eq!(value(&safe), value(raw));
        assert_eq!(
            escape_unsafe(b"[\"\x1b\", \"\\ud83d\"]\n"),
            "[\"\\u001b\", \"\\ud83d\"]\n"
        );
        assert_eq!(escape_unsafe(b"\x1b[2J not JSON"), "\\u001b[2J not JSON");
    }
}
