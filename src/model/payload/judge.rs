//! Which ways to read a run of bytes are plausible, the best first.

use super::arena::Layer;
use super::encoded::{self, SHORTEST, Signs, Unpacked};
use super::grade::{Grade, Tone, clean_text, grade, holds_text};
use super::wire::Fields;
use crate::model::hex;

/// Where bytes stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// All that came, or all that came out of a layer.
    Whole,
    /// A string of JSON.
    String,
    /// A length-delimited field.
    Field,
}

/// One way to read bytes.
#[derive(Debug)]
pub(super) enum Reading {
    Text,
    Bytes,
    Message,
    Layer(Layer, Unpacked),
}

/// What bytes may be.
#[derive(Debug)]
pub(super) enum Verdict {
    /// Text and nothing else.
    Text,
    /// Nothing we know.
    Bytes,
    /// One or more, the best first.
    Readings(Vec<Reading>),
}

impl Verdict {
    fn sole(reading: Reading) -> Self {
        Self::Readings(vec![reading])
    }

    fn plain(is_text: bool) -> Self {
        if is_text { Self::Text } else { Self::Bytes }
    }

    /// A message, beside what it is otherwise.
    fn message_or(is_text: bool) -> Self {
        let other = if is_text {
            Reading::Text
        } else {
            Reading::Bytes
        };
        Self::Readings(vec![Reading::Message, other])
    }
}

/// Whether JSON with something in it may begin here.
pub(super) fn begins_like_json(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut bytes = bytes.iter().skip_while(|byte| byte.is_ascii_whitespace());
    matches!(bytes.next(), Some(b'{' | b'[' | b'"'))
}

/// Whether a token of a JSON string is worth another look; most are not.
pub(super) fn may_hold_more(token: &[u8]) -> bool {
    let inside = token
        .get(1..token.len().saturating_sub(1))
        .unwrap_or_default();
    match inside {
        [] => false,
        // An escape of what no keyboard types, or of a quote.
        _ if inside.contains(&b'\\') => {
            let mut pairs = inside.windows(2);
            pairs.any(|pair| matches!(pair, b"\\u" | b"\\\"" | b"\\b" | b"\\f" | b"\\/" | b"\\n"))
        }
        [b'{' | b'[', ..] => true,
        _ => {
            let packed = inside.len() >= SHORTEST && Signs::of(inside).is_some();
            packed || inside.iter().any(|byte| *byte < b' ')
        }
    }
}

/// Weighs the ways to read `bytes`; layers yield at most `most` bytes, and what was
/// unpacked in vain is taken off it. JSON was tried before.
pub(super) fn judge(bytes: &[u8], place: Place, most: &mut usize) -> Verdict {
    let text = std::str::from_utf8(bytes).ok();
    let tone = text.map(Tone::of);
    match (text, tone) {
        (Some(""), _) => Verdict::Text,
        (Some(text), Some(tone)) if tone.is_clean() => clean(text, place, *most),
        (Some(text), Some(tone)) => unclean(text, tone, place, most),
        _ => binary(bytes, place, most),
    }
}

/// Text as people type it.
fn clean(text: &str, place: Place, most: usize) -> Verdict {
    if let Some(packed) = in_text(text.as_bytes(), most) {
        return packed;
    }
    // Of the first field's tags these are the blanks; those of later fields are letters, and
    // that a letter is the length of the rest is rare enough to be shown where fields are.
    let tagged = text.starts_with(['\t', '\n', '\r']) && place != Place::String;
    if (tagged || place == Place::Field) && grade(text.as_bytes()) == Grade::Sound {
        let length = text.as_bytes().get(1).copied().unwrap_or_default();
        return if tagged && !length.is_ascii_whitespace() {
            Verdict::message_or(true)
        } else {
            Verdict::Readings(vec![Reading::Text, Reading::Message])
        };
    }
    Verdict::Text
}

/// Text with control characters.
fn unclean(text: &str, tone: Tone, place: Place, most: &mut usize) -> Verdict {
    let bytes = text.as_bytes();
    if let Some(packed) = compressed(bytes, most) {
        return packed;
    }
    // A few odd characters make no binary of a text: one in eight does.
    let is_text = place != Place::Field || tone.controls * 8 <= tone.chars;
    let here = offered(bytes, place);
    let narrow = (tone.wide > 0 && !tone.beyond_bytes)
        .then(|| hex::code_points_as_bytes(text))
        .flatten();
    if let Some(narrow) = narrow {
        let inside = offered(&narrow, place);
        let packed = encoded::compression(&narrow).is_some();
        let words = clean_text(&narrow).is_some_and(|tone| tone.wide > 1);
        if packed || words || inside > here {
            return Verdict::sole(Reading::Layer(Layer::Characters, Unpacked::whole(narrow)));
        }
        if inside == here && here >= Grade::Odd {
            let layer = Reading::Layer(Layer::Characters, Unpacked::whole(narrow));
            return Verdict::Readings(vec![Reading::Message, layer]);
        }
    }
    weighed(here, place, is_text)
}

/// Bytes that are no UTF-8.
fn binary(bytes: &[u8], place: Place, most: &mut usize) -> Verdict {
    compressed(bytes, most).unwrap_or_else(|| weighed(offered(bytes, place), place, false))
}

/// The grade, where it is high enough for the place.
fn offered(bytes: &[u8], place: Place) -> Grade {
    let grade = grade(bytes);
    // Text may hold a control character; a message begins with a tag that is one.
    let begins = bytes.first().is_some_and(|byte| *byte < b' ');
    let ends = !matches!(grade, Grade::Broken | Grade::Damaged | Grade::Torn);
    let holds = ends || begins && !(grade == Grade::Broken && place == Place::Field);
    if holds { grade } else { Grade::Not }
}

fn weighed(grade: Grade, place: Place, is_text: bool) -> Verdict {
    let in_field = place == Place::Field;
    match grade {
        Grade::Whole | Grade::Damaged | Grade::Torn if in_field => Verdict::message_or(is_text),
        Grade::Odd => Verdict::message_or(is_text),
        Grade::Sound | Grade::Whole | Grade::Damaged | Grade::Torn => {
            Verdict::sole(Reading::Message)
        }
        Grade::Broken => {
            let other = if is_text {
                Reading::Text
            } else {
                Reading::Bytes
            };
            Verdict::Readings(vec![other, Reading::Message])
        }
        Grade::Not => Verdict::plain(is_text),
    }
}

fn compressed(bytes: &[u8], most: &mut usize) -> Option<Verdict> {
    let layer = encoded::compression(bytes)?;
    let unpacked = encoded::inflate(bytes, layer, *most)?;
    // Two bytes of zlib's are easily a tag and a number: a stream that breaks is none then.
    let torn = unpacked.stopped.is_some_and(|why| !why.is_bound());
    if torn && layer == Layer::Zlib && grade(bytes) >= Grade::Damaged {
        // Many short ones that unpack to much would cost what no bound counts.
        *most = most.saturating_sub(unpacked.bytes.len());
        return None;
    }
    Some(Verdict::sole(Reading::Layer(layer, unpacked)))
}

/// How sure it is that decoded bytes were meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sure {
    Perhaps,
    Certainly,
}

/// Base64 or hex text with something in it.
fn in_text(text: &[u8], most: usize) -> Option<Verdict> {
    let trimmed = text.trim_ascii();
    if trimmed.len() < SHORTEST || trimmed.len() / 2 > most {
        return None;
    }
    let signs = Signs::of(trimmed)?;
    let hex = signs.is_hex().then(|| encoded::hex(trimmed)).flatten();
    let hex = hex.map(|bytes| (Layer::Hex, bytes));
    let base64 = signs.alphabets().filter_map(|layer| {
        let bytes = encoded::base64(trimmed, layer)?;
        Some((layer, bytes))
    });
    let mut best: Option<(Sure, Layer, Vec<u8>)> = None;
    for (layer, bytes) in hex.into_iter().chain(base64) {
        let Some(sure) = inside(&bytes) else { continue };
        if best.as_ref().is_none_or(|(known, ..)| sure > *known) {
            best = Some((sure, layer, bytes));
        }
    }
    let (sure, layer, bytes) = best?;
    let packed = Reading::Layer(layer, Unpacked::whole(bytes));
    Some(match sure {
        Sure::Certainly => Verdict::sole(packed),
        Sure::Perhaps => Verdict::Readings(vec![Reading::Text, packed]),
    })
}

/// Below this nobody would see anything in it: eight letters.
const PERHAPS_BITS: usize = 12;

/// One text in 2^32 is this by chance.
const CERTAIN_BITS: usize = 32;

/// Whether what came out of text is something.
fn inside(bytes: &[u8]) -> Option<Sure> {
    // A few bytes tell; the whole is unpacked when it is read.
    if compressed(bytes, &mut 64).is_some() {
        return Some(Sure::Certainly);
    }
    if begins_like_json(bytes) && crate::model::json::is_ordered(bytes) {
        return Some(Sure::Certainly);
    }
    if let Some(tone) = clean_text(bytes) {
        return match tone.bits() {
            CERTAIN_BITS.. => Some(Sure::Certainly),
            PERHAPS_BITS.. => Some(Sure::Perhaps),
            _ => None,
        };
    }
    match offered(bytes, Place::Field) {
        Grade::Torn => Some(Sure::Certainly),
        // Some words are three numbers in order, `batch_download` for one.
        Grade::Sound if holds_text(bytes) => Some(Sure::Certainly),
        Grade::Sound => Some(Sure::Perhaps),
        // One word in a hundred is one field and nothing else: twelve letters are a tag
        // and 64 bits.
        Grade::Whole => (Fields::new(bytes, 0..bytes.len()).count() > 1).then_some(Sure::Perhaps),
        // Any word of some length begins like a message when it is taken for base64.
        Grade::Damaged | Grade::Odd | Grade::Broken | Grade::Not => None,
    }
}
