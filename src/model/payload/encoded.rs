//! Bytes inside text, and bytes inside bytes.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use flate2::{Decompress, FlushDecompress, Status};

use super::arena::Layer;
use super::damage::{Bound, Why};

/// What came out of a layer.
#[derive(Debug)]
pub(super) struct Unpacked {
    pub(super) bytes: Vec<u8>,
    /// Why that is not all.
    pub(super) stopped: Option<Why>,
}

impl Unpacked {
    pub(super) const fn whole(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            stopped: None,
        }
    }
}

/// Shorter runs of letters and digits are words.
pub(super) const SHORTEST: usize = 8;

const EITHER: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Which signs a text has.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Signs(u8);

/// `+` or `/`.
const STANDARD: u8 = 1 << 0;
const MINUS: u8 = 1 << 1;
/// `_`.
const LOW: u8 = 1 << 2;
const STAR: u8 = 1 << 3;
/// Blanks or colons.
const GAPS: u8 = 1 << 4;
/// Letters behind F, and `=`.
const LETTERS: u8 = 1 << 5;

impl Signs {
    /// `None` as soon as something stands there that neither base64 nor hex text has.
    pub(super) fn of(text: &[u8]) -> Option<Self> {
        let mut signs = 0;
        for byte in text {
            signs |= match byte {
                b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' | b'\r' | b'\n' => 0,
                b'g'..=b'z' | b'G'..=b'Z' | b'=' => LETTERS,
                b'+' | b'/' => STANDARD,
                b'-' => MINUS,
                b'_' => LOW,
                b'*' => STAR,
                b' ' | b':' => GAPS,
                _ => return None,
            };
        }
        (signs & GAPS == 0 || signs == GAPS).then_some(Self(signs))
    }

    const fn has(self, some: u8) -> bool {
        self.0 & some != 0
    }

    /// Whether it may be hex text.
    pub(super) const fn is_hex(self) -> bool {
        !self.has(!GAPS)
    }

    /// The alphabets that the text may be written in.
    pub(super) fn alphabets(self) -> impl Iterator<Item = Layer> {
        [
            (Layer::Base64, !self.has(MINUS | LOW | STAR)),
            (
                Layer::Base64Url,
                !self.has(STANDARD | STAR) && self.has(MINUS | LOW),
            ),
            (
                Layer::Base64UserSig,
                !self.has(STANDARD) && self.has(STAR | LOW),
            ),
        ]
        .into_iter()
        .filter(move |(_, fits)| *fits && !self.has(GAPS))
        .map(|(layer, _)| layer)
    }
}

/// The bytes that `text` stands for in one of the alphabets, padded or not.
pub(super) fn base64(text: &[u8], layer: Layer) -> Option<Vec<u8>> {
    let sign = |byte: u8| match (layer, byte) {
        (Layer::Base64Url, b'-') | (Layer::Base64UserSig, b'*') => b'+',
        (Layer::Base64Url, b'_') | (Layer::Base64UserSig, b'-') => b'/',
        (Layer::Base64UserSig, b'_') => b'=',
        _ => byte,
    };
    let plain = layer == Layer::Base64 && !text.contains(&b'\n') && !text.contains(&b'\r');
    if plain {
        return EITHER.decode(text).ok();
    }
    let ends = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let kept = text.iter().copied().filter(|byte| !ends(byte));
    EITHER.decode(kept.map(sign).collect::<Vec<_>>()).ok()
}

/// The bytes that hexadecimal digits stand for; `None` where one is left over.
pub(super) fn hex(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut half = None;
    for byte in text {
        // Blanks, colons and line ends part pairs, not digits.
        let Some(digit) = char::from(*byte).to_digit(16) else {
            if half.is_some() {
                return None;
            }
            continue;
        };
        let digit = u8::try_from(digit).ok()?;
        match half.take() {
            None => half = Some(digit << 4),
            Some(high) => bytes.push(high | digit),
        }
    }
    half.is_none().then_some(bytes)
}

/// Which compression the first bytes name.
pub(super) fn compression(bytes: &[u8]) -> Option<Layer> {
    match bytes {
        [0x1f, 0x8b, 8, ..] => Some(Layer::Gzip),
        // The method is 8, the window at most 32 KiB, and the two bytes are a multiple of 31.
        [first, second, _, ..]
            if first & 0x0f == 8
                && *first <= 0x78
                && second & 0x20 == 0
                && (u32::from(*first) << 8 | u32::from(*second)).is_multiple_of(31) =>
        {
            Some(Layer::Zlib)
        }
        _ => None,
    }
}

/// Unpacks at most `most` bytes; what comes out before an error is kept. `None`
/// where nothing comes out, or the bytes only begin alike.
pub(super) fn inflate(bytes: &[u8], layer: Layer, most: usize) -> Option<Unpacked> {
    /// What is unpacked at a time, in bytes.
    const STEP: usize = 16 << 10;
    let (mut engine, mut rest) = if layer == Layer::Gzip {
        (Decompress::new(false), gzip_body(bytes)?)
    } else {
        (Decompress::new(true), bytes)
    };
    let mut out = Vec::new();
    loop {
        let (read, written) = (engine.total_in(), out.len());
        out.reserve(STEP.min(rest.len().saturating_mul(4).max(64)));
        let status = engine.decompress_vec(rest, &mut out, FlushDecompress::None);
        let used = usize::try_from(engine.total_in() - read).unwrap_or(usize::MAX);
        rest = rest.get(used..).unwrap_or_default();
        let stuck = used == 0 && out.len() == written;
        let stopped = match status {
            Ok(Status::StreamEnd) => None,
            _ if out.len() > most => {
                out.truncate(most);
                Some(Why::Bound(Bound::Output))
            }
            Ok(Status::Ok | Status::BufError) if !stuck => continue,
            Ok(_) | Err(_) => Some(Why::Compressed),
        };
        // A header alone is no stream.
        let some = !out.is_empty() || stopped.is_none();
        return some.then_some(Unpacked {
            bytes: out,
            stopped,
        });
    }
}

/// What stands behind the header of RFC 1952.
fn gzip_body(bytes: &[u8]) -> Option<&[u8]> {
    // Magic, method, flags, time and system.
    let (head, mut rest) = bytes.split_at_checked(10)?;
    let flags = *head.get(3)?;
    if flags & 4 != 0 {
        let (length, after) = rest.split_first_chunk::<2>()?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    // A name and a comment, each up to a zero.
    for flag in [8, 16] {
        if flags & flag != 0 {
            let end = rest.iter().position(|byte| *byte == 0)?;
            rest = rest.get(end + 1..)?;
        }
    }
    if flags & 2 != 0 {
        rest = rest.get(2..)?;
    }
    Some(rest)
}
