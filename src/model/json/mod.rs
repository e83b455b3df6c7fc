//! The service's JSON as it really comes: read, repaired, laid out, made safe.
//!
//! Works on bytes, never recurses, and is total: whatever the bytes are, there
//! is an answer and no panic. It exists beside serde_json because a message must
//! keep its own spelling (big numbers, escapes, duplicate keys), because one
//! broken message must not cost its page, and because a nested forward may be
//! hundreds of levels deep (api-facts 5).

mod lex;
mod pretty;
mod repair;
mod steps;
mod string;
mod tape;

use serde::de::{Deserialize as _, IgnoredAny};

pub use pretty::{Line, Pretty, TokenKind, pretty};
pub use repair::{Repairs, escape_unsafe, repair};
pub use steps::Flaw;
pub use tape::{Node, NodeKind, Tape};

pub(crate) use lex::Container;
use lex::{Lexeme, Lexer};
pub(crate) use pretty::is_number;
pub(crate) use repair::lost_at;
pub(crate) use steps::{Step, Steps};
pub(crate) use string::decode;

/// Messages nested deeper are not read: 100 forwards in each other, the most a
/// client makes, are 500 levels.
pub const MAX_DEPTH: usize = 1_000;

/// How deep brackets nest in `raw`; 0 for a plain value.
#[must_use]
pub fn depth(raw: &[u8]) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    for token in Lexer::new(raw) {
        match token.kind {
            Lexeme::Open(_) => {
                now += 1;
                most = most.max(now);
            }
            Lexeme::Close(_) => now = now.saturating_sub(1),
            Lexeme::Comma
            | Lexeme::Colon
            | Lexeme::String
            | Lexeme::CutString
            | Lexeme::Number
            | Lexeme::Word => {}
        }
    }
    most
}

/// Why `text` is not JSON by the letter of RFC 8259, in serde_json's words; depth is no matter.
///
/// # Errors
/// The first thing that is wrong, with its place in `text`.
pub fn check(text: &str) -> Result<(), String> {
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.disable_recursion_limit();
    IgnoredAny::deserialize(&mut reader)
        .and_then(|_| reader.end())
        .map_err(|error| error.to_string())
}

/// Whether brackets, commas, colons and quotes are in order; words and numbers are not looked at.
pub(crate) fn is_ordered(raw: &[u8]) -> bool {
    Steps::new(raw, MAX_DEPTH).all(|step| step.is_ok())
}

/// `raw` on one line without the white space between tokens; broken JSON keeps all its tokens.
///
/// Not sanitised: bytes that are not UTF-8 become U+FFFD, nothing else changes.
#[must_use]
pub fn compact(raw: &[u8]) -> String {
    compact_up_to(raw, raw.len())
}

/// The first `chars` characters of [`compact`], with `...` where something was cut off.
///
/// Not sanitised.
#[must_use]
pub fn excerpt(raw: &[u8], chars: usize) -> String {
    // A character has at most 4 bytes, so this is enough and spares the rest.
    let text = compact_up_to(raw, chars.saturating_add(1).saturating_mul(4));
    let mut cut: String = text.chars().take(chars).collect();
    if cut.len() < text.len() {
        cut.push_str("...");
    }
    cut
}

/// Stops after the token with which the text has reached `bytes`.
fn compact_up_to(raw: &[u8], bytes: usize) -> String {
    let mut out = Vec::new();
    let mut after_scalar = false;
    for token in Lexer::new(raw) {
        let scalar = token.kind.is_scalar();
        if scalar && after_scalar {
            // Not JSON; without the space two numbers would read as one.
            out.push(b' ');
        }
        after_scalar = scalar;
        let token = raw.get(token.range).unwrap_or_default();
        out.extend_from_slice(token.get(..bytes).unwrap_or(token));
        if out.len() >= bytes {
            break;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The first plain value of `key` in the outermost object of `raw`, however
/// broken or deep the rest is: for finding the seq of what cannot be read.
#[must_use]
pub fn salvage<'a>(raw: &'a [u8], key: &str) -> Option<&'a [u8]> {
    let mut depth = 0_usize;
    let mut named = false;
    let mut valued = false;
    for token in Lexer::new(raw) {
        match token.kind {
            Lexeme::Open(_) => depth += 1,
            Lexeme::Close(_) => depth = depth.saturating_sub(1),
            Lexeme::Colon if named => {
                valued = true;
                continue;
            }
            Lexeme::String | Lexeme::Number if depth == 1 && valued => {
                return raw.get(token.range);
            }
            Lexeme::String if depth == 1 => {
                let name = raw.get(token.range).unwrap_or_default();
                named = string::decode(name) == key;
                valued = false;
                continue;
            }
            Lexeme::Number
            | Lexeme::Word
            | Lexeme::String
            | Lexeme::CutString
            | Lexeme::Comma
            | Lexeme::Colon => {}
        }
        (named, valued) = (false, false);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_brackets_outside_strings() {
        assert_eq!(depth(b"1"), 0);
        assert_eq!(depth(br#"{"a":["]]][[["]}"#), 2);
        assert_eq!(depth("[".repeat(100_000).as_bytes()), 100_000);
    }

    #[test]
    fn compact_text_keeps_every_spelling() {
        let raw = br#" { "a" : 1.50e+3 , "a" : [ true , "x  \u0041" ] } "#;
        assert_eq!(compact(raw), r#"{"a":1.50e+3,"a":[true,"x  \u0041"]}"#);
        assert_eq!(compact(b"1 2"), "1 2");
    }

    #[test]
    fn an_excerpt_says_that_it_is_cut() {
        assert_eq!(excerpt(b"[1, 2, 3]", 4), "[1,2...");
        assert_eq!(excerpt(b"[1, 2]", 5), "[1,2]");
        assert_eq!(excerpt("\"全全全\"".as_bytes(), 2), "\"全...");
    }

    #[test]
    fn a_seq_is_found_in_what_cannot_be_read() {
        let cut = br#"{"a":{"MsgSeq":1},"b":[,,],"MsgSeq" : 77,"c"#;
        assert_eq!(salvage(cut, "MsgSeq"), Some(&b"77"[..]));
        let text = br#"{"x":"MsgSeq","MsgSeq":{},"MsgSeq":"78"}"#;
        assert_eq!(salvage(text, "MsgSeq"), Some(&br#""78""#[..]));
        assert_eq!(salvage(b"[1]", "MsgSeq"), None);
    }

    #[test]
    fn the_check_is_by_the_letter_and_does_not_mind_depth() {
        let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(check(&deep), Ok(()));
        for wrong in ["", "[1,]", "01", "nul", "\"\\x\"", "{} {}", "{\"a\"}"] {
            assert!(check(wrong).is_err(), "{wrong:?}");
        }
    }
}
