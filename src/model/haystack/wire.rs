//! Texts inside protobuf, without knowing its schema: only for looking through.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// Messages in each other.
const MAX_DEPTH: usize = 16;
/// Fields looked at, at all depths together.
const MAX_FIELDS: usize = 2_000;

/// The texts of the protobuf message that `data` is, in the ways apps put bytes
/// into a string: as they are, each byte as a character, or in base64.
/// Nothing where it is none of these.
pub(super) fn strings(data: &str) -> Vec<String> {
    let mut ways = vec![data.as_bytes().to_vec()];
    if data.is_ascii() {
        ways.extend(from_base64(data));
    } else {
        ways.extend(
            data.chars()
                .map(|c| u8::try_from(c).ok())
                .collect::<Option<Vec<_>>>(),
        );
    }
    let mut read = ways.iter().filter_map(|bytes| {
        let mut reader = Reader {
            left: MAX_FIELDS,
            found: Vec::new(),
        };
        reader.message(bytes, MAX_DEPTH)?;
        Some(reader.found)
    });
    read.find(|found| !found.is_empty()).unwrap_or_default()
}

/// The bytes that base64 stands for, in either alphabet, padded or not, with
/// line ends or without; `None` for what is no base64.
pub(super) fn from_base64(text: &str) -> Option<Vec<u8>> {
    const EITHER: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    let plain: Option<Vec<u8>> = text
        .bytes()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .map(|byte| match byte {
            b'-' => Some(b'+'),
            b'_' => Some(b'/'),
            b'+' | b'/' | b'=' => Some(byte),
            _ => byte.is_ascii_alphanumeric().then_some(byte),
        })
        .collect();
    EITHER.decode(plain?).ok()
}

struct Reader {
    left: usize,
    found: Vec<String>,
}

impl Reader {
    /// `None` where `bytes` are no message from end to end.
    fn message(&mut self, mut bytes: &[u8], depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        while !bytes.is_empty() {
            self.left = self.left.checked_sub(1)?;
            let tag = varint(&mut bytes)?;
            // Field numbers begin at 1 and have 29 bits.
            if !(1..1 << 29).contains(&(tag >> 3)) {
                return None;
            }
            match tag & 7 {
                0 => drop(varint(&mut bytes)?),
                1 => drop(bytes.split_off(..8)?),
                2 => {
                    let length = usize::try_from(varint(&mut bytes)?).ok()?;
                    self.field(bytes.split_off(..length)?, depth);
                }
                5 => drop(bytes.split_off(..4)?),
                _ => return None,
            }
        }
        Some(())
    }

    /// Text, or else a message, or else neither.
    fn field(&mut self, bytes: &[u8], depth: usize) {
        let is_text = |text: &&str| {
            let plain = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
            text.chars().all(plain) && text.chars().nth(1).is_some()
        };
        if let Some(text) = std::str::from_utf8(bytes).ok().filter(is_text) {
            self.found.push(text.to_owned());
            return;
        }
        let before = self.found.len();
        if self.message(bytes, depth).is_none() {
            self.found.truncate(before);
        }
    }
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    // 64 bits take at most ten times seven.
    for shift in (0..70).step_by(7) {
        let byte = *bytes.split_off_first()?;
        value |= u64::from(byte & 0x7f)
            .checked_shl(shift)
            .unwrap_or_default();
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    /// Field 1: 150; field 2: a message with the text 退款 ok in its field 3; field 4: a float.
    const BYTES: &[u8] = b"\x08\x96\x01\x12\x0b\x1a\x09\xe9\x80\x80\xe6\xac\xbe ok\x25\0\0\0\0";

    #[test]
    fn texts_come_out_of_messages_inside_messages() {
        let characters: String = BYTES.iter().map(|&byte| char::from(byte)).collect();
        assert_eq!(strings(&characters), ["退款 ok"]);
        assert_eq!(strings(&STANDARD.encode(BYTES)), ["退款 ok"]);
        assert_eq!(strings("\u{a}\u{5}hello\u{10}\u{1}"), ["hello"]);
    }

    #[test]
    fn what_is_no_message_has_no_texts() {
        for text in [
            "",
            "hello",
            "plain text, and more",
            "\u{a}\u{9}hello",
            "退款",
            "aGVsbG8=",
        ] {
            assert_eq!(strings(text), [""; 0], "{text:?}");
        }
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let mut bytes = b"\x0a\x05hello".to_vec();
        for _ in 0..MAX_DEPTH {
            bytes.splice(0..0, [0x0a, u8::try_from(bytes.len()).expect("short")]);
        }
        assert_eq!(
            strings(std::str::from_utf8(&bytes).expect("ASCII")),
            [""; 0]
        );
        assert_eq!(strings(&"\u{8}\u{1}".repeat(MAX_FIELDS + 1)), [""; 0]);
    }
}
