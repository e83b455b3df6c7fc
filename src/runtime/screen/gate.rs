//! The last gate: whatever a cell holds, no control and no format character leaves.
//!
//! Text is made safe where it arrives ([`crate::model::text`]); ratatui's cells
//! take any bytes (an ESC given to `set_symbol` reaches the terminal), so one
//! forgotten call would be enough. This is the second, independent layer.

/// Format characters (Cf), line and paragraph separators and all tags, by the
/// Unicode character database; inclusive ranges in order. Unassigned code points
/// between them are taken along.
const FORMAT: [(u32, u32); 19] = [
    (0x00ad, 0x00ad),
    (0x0600, 0x0605),
    (0x061c, 0x061c),
    (0x06dd, 0x06dd),
    (0x070f, 0x070f),
    (0x0890, 0x0891),
    (0x08e2, 0x08e2),
    (0x180e, 0x180e),
    (0x200b, 0x200f),
    (0x2028, 0x202e),
    (0x2060, 0x206f),
    (0xfeff, 0xfeff),
    (0xfff9, 0xfffb),
    (0x1_10bd, 0x1_10bd),
    (0x1_10cd, 0x1_10cd),
    (0x1_3430, 0x1_343f),
    (0x1_bca0, 0x1_bca3),
    (0x1_d173, 0x1_d17a),
    (0xe_0000, 0xe_0fff),
];

/// Whether a cell's text may not leave.
///
/// The zero-width joiner and non-joiner pass between two other characters of the
/// same cell: there they are spelling, not hiding. The non-joiner also passes at
/// the end of one: the letter that it keeps apart, as in Persian, stands in the
/// next cell.
#[must_use]
pub fn blocks(symbol: &str) -> bool {
    let mut before = None;
    let mut chars = symbol.chars().peekable();
    while let Some(c) = chars.next() {
        let joins = is_joiner(c)
            && before.is_some_and(|b| !is_joiner(b))
            && match chars.peek() {
                Some(next) => !is_joiner(*next),
                None => c == ZWNJ && before.is_some_and(|b| !b.is_ascii()),
            };
        if c.is_control() || (is_format(c) && !joins) {
            return true;
        }
        before = Some(c);
    }
    false
}

const ZWNJ: char = '\u{200c}';

fn is_joiner(c: char) -> bool {
    matches!(c, ZWNJ | '\u{200d}')
}

fn is_format(c: char) -> bool {
    let code = u32::from(c);
    // Nearly every character is below the second range.
    code >= 0xad
        && FORMAT
            .iter()
            .any(|(from, to)| (*from..=*to).contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_control_character_is_blocked_wherever_it_stands() {
        for c in ('\0'..' ').chain('\u{7f}'..'\u{a0}') {
            for symbol in [
                format!("{c}"),
                format!("a{c}"),
                format!("{c}a"),
                format!("a{c}b"),
            ] {
                assert!(blocks(&symbol), "{symbol:?}");
            }
        }
    }

    #[test]
    fn format_characters_are_blocked() {
        for c in [
            '\u{ad}',
            '\u{61c}',
            '\u{200b}',
            '\u{200e}',
            '\u{200f}',
            '\u{2028}',
            '\u{2029}',
            '\u{202a}',
            '\u{202e}',
            '\u{2066}',
            '\u{2069}',
            '\u{feff}',
            '\u{fffb}',
            '\u{e0001}',
            '\u{e0041}',
            '\u{e007f}',
            '\u{e01ef}',
        ] {
            assert!(blocks(&format!("a{c}b")), "{c:?}");
        }
    }

    #[test]
    fn joiners_pass_where_they_are_spelling_only() {
        assert!(!blocks("\u{1f468}\u{200d}\u{1f469}"));
        assert!(!blocks("\u{645}\u{200c}\u{62e}"));
        // As graphemes are cut: the first cell of می‌خواهم that has one.
        assert!(!blocks("\u{6cc}\u{200c}"));
        for bad in [
            "\u{200d}",
            "a\u{200d}",
            "a\u{200c}",
            "\u{200c}",
            "\u{6cc}\u{200c}\u{200c}",
            "\u{1f468}\u{200d}",
            "\u{200d}a",
            "a\u{200d}\u{200d}b",
            "a\u{200b}b",
        ] {
            assert!(blocks(bad), "{bad:?}");
        }
    }

    #[test]
    fn ordinary_text_passes() {
        for good in [
            "",
            " ",
            "a",
            "é",
            "e\u{301}",
            "你",
            "❤\u{fe0f}",
            "│",
            "⠿",
            "\u{fffd}",
            "한",
        ] {
            assert!(!blocks(good), "{good:?}");
        }
    }
}
