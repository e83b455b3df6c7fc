//! What a JSON string says, whatever is in it.

/// Decodes a string token with or without its quotes.
///
/// Lone surrogates and bytes that are not UTF-8 become U+FFFD, raw control bytes
/// stay, an escape that does not exist stays as written.
pub(crate) fn decode(token: &[u8]) -> String {
    let inner = token.strip_prefix(b"\"").unwrap_or(token);
    let inner = inner.strip_suffix(b"\"").unwrap_or(inner);
    if !inner.contains(&b'\\') {
        return String::from_utf8_lossy(inner).into_owned();
    }
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.iter().position(|&byte| byte == b'\\') {
        let (plain, escaped) = rest.split_at(at);
        out.extend_from_slice(plain);
        let (decoded, used) = escape(escaped);
        match decoded {
            Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            None => out.extend_from_slice(escaped.get(..used).unwrap_or_default()),
        }
        rest = escaped.get(used..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    String::from_utf8_lossy(&out).into_owned()
}

/// The character of the escape at the start of `text`, and how many bytes it takes.
fn escape(text: &[u8]) -> (Option<char>, usize) {
    let simple = match text.get(1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode_escape(text),
        Some(_) | None => return (None, 1),
    };
    (Some(simple), 2)
}

fn unicode_escape(text: &[u8]) -> (Option<char>, usize) {
    let Some(first) = unit(text) else {
        return (None, 1);
    };
    if let Some(c) = char::from_u32(first.into()) {
        return (Some(c), UNIT);
    }
    let second = text.get(UNIT..).and_then(unit);
    match second.and_then(|second| char::decode_utf16([first, second]).next()) {
        Some(Ok(c)) => (Some(c), 2 * UNIT),
        Some(Err(_)) | None => (Some(char::REPLACEMENT_CHARACTER), UNIT),
    }
}

/// How many bytes `\uHHHH` takes.
pub(crate) const UNIT: usize = 6;

/// The UTF-16 unit of the `\uHHHH` at the start of `text`.
pub(crate) fn unit(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0_u16, |value, &digit| {
        let digit = char::from(digit).to_digit(16)?;
        Some(value << 4 | u16::try_from(digit).ok()?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_escape_decodes() {
        assert_eq!(
            decode(br#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#),
            "\"\\/\u{8}\u{c}\n\r\té😀"
        );
    }

    #[test]
    fn what_is_lost_shows_as_a_replacement() {
        assert_eq!(decode(br#""a\ud83d""#), "a\u{fffd}");
        assert_eq!(
            decode(br#""\ude00\ud83db\ud83d\u0041""#),
            "\u{fffd}\u{fffd}b\u{fffd}A"
        );
        assert_eq!(decode(b"\"\xff\\n\xfe\""), "\u{fffd}\n\u{fffd}");
    }

    #[test]
    fn escapes_that_do_not_exist_stay_as_written() {
        assert_eq!(decode(br#""\x \u12 \"#), r"\x \u12 \");
    }
}
