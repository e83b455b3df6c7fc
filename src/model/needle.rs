//! What is looked for in a text: a literal or a regular expression.

mod quick;

use std::iter::Peekable;
use std::ops::Range;
use std::str::Chars;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use regex::{Regex, RegexBuilder};
use unicode_segmentation::UnicodeSegmentation as _;

use self::quick::Plain;
pub(super) use self::quick::{Quick, Variants};
use super::wrong::Wrong;

/// What is looked for: a literal text, or `re:` and a regular expression.
///
/// Smart case: case is ignored unless an upper-case letter is written. Letters
/// fold one to one, so `ß` is not `ss`, and `İ` is only itself. A literal finds
/// what is read alike: full-width letters, digits and signs as plain ones, any
/// white space for a space, `é` in one character or two. In a pattern
/// `^` and `$` stand at the ends of lines, as in grep. The literal `re:x` is
/// found by the pattern `re:re:x`.
#[derive(Debug, Clone)]
pub struct Needle {
    source: String,
    regex: Regex,
    /// Is a literal that cannot go from one text into the next where `\0` is between them.
    stays_inside: bool,
    plain: Option<Plain>,
}

impl PartialEq for Needle {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Needle {}

/// What begins a regular expression; an input method may write the full-width colon.
const MARKS: [&str; 2] = ["re:", "re\u{ff1a}"];

/// Nobody types more; what is pasted by mistake is refused before it is compiled.
const MAX_BYTES: usize = 1_000;

/// Bytes of a compiled pattern: `\w{60}` fits, `\w{1000}` is refused.
pub(super) const MAX_PROGRAM: usize = 4 << 20;

/// Groups in each other.
const MAX_NEST: u32 = 50;

impl Needle {
    /// Takes all of `text`; a pattern may stand between double quotes, which are
    /// not part of it.
    ///
    /// # Errors
    /// Where nothing is looked for, where it is longer than anybody types, and
    /// where a pattern is not one or would be too big, with the place in `text`.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        Self::parse_within(text, MAX_PROGRAM)
    }

    /// As [`Needle::parse`], where a compiled pattern has at most `program` bytes.
    pub(super) fn parse_within(text: &str, program: usize) -> Result<Self, Wrong> {
        let all = 0..text.len();
        if text.is_empty() {
            return Err(Wrong::new(all, "nothing to look for"));
        }
        if text.len() > MAX_BYTES {
            let words = format!("too long: {MAX_BYTES} bytes at most");
            return Err(Wrong::new(all, words));
        }
        let marked = pattern(text);
        let (pattern, exact) = match marked.map(unquoted) {
            Some("") => return Err(Wrong::new(all, "a pattern is missing after re:")),
            Some(pattern) => (pattern.to_owned(), has_upper_case(pattern)),
            None => (literal(text), text.contains(char::is_uppercase)),
        };
        let regex = RegexBuilder::new(&pattern)
            .case_insensitive(!exact)
            .multi_line(true)
            .nest_limit(MAX_NEST)
            .size_limit(if marked.is_some() {
                program
            } else {
                MAX_PROGRAM
            })
            .build()
            .map_err(|error| {
                let (within, words) = reason(&pattern, &error);
                let tail = marked.unwrap_or(text);
                let quote = usize::from(tail.len() > pattern.len());
                let from = text.len() - tail.len() + quote;
                whole_signs(Wrong::new(within, words).moved(from), text)
            })?;
        Ok(Self {
            source: text.to_owned(),
            regex,
            stays_inside: marked.is_none() && !text.contains('\0'),
            plain: if marked.is_some() {
                None
            } else {
                Plain::of(text, exact)
            },
        })
    }

    /// As it was typed; parses to an equal needle.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether some of it may be written another way in a text with these.
    pub(super) fn may_differ(&self, there: Variants) -> bool {
        let plain = self.plain.as_ref();
        plain.is_none_or(|plain| plain.variants.meet(there))
    }

    /// What finds the same as [`Needle::is_in`] over many texts at once, with `\0` between
    /// them, where some of it [may be written another way](Needle::may_differ) or not.
    /// `None` for what may go from one text into the next, as a pattern may.
    pub(super) fn quick(&self, may_differ: bool) -> Option<Quick<'_>> {
        match &self.plain {
            Some(plain) if !may_differ => Some(plain.quick()),
            _ => self.stays_inside.then_some(Quick::Regex(&self.regex)),
        }
    }

    /// Whether it stands anywhere in `text`. What a pattern finds without taking a
    /// character is no find.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        self.places(text).next().is_some()
    }

    /// Where it stands: byte ranges on character boundaries, in order, not empty,
    /// not overlapping.
    pub fn places<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        let found = self.regex.find_iter(text);
        found.filter(|m| !m.is_empty()).map(|m| m.range())
    }
}

/// The plain form of a full-width letter, digit or sign of ASCII; else `c` itself.
pub(super) fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - WIDE).unwrap_or(c),
        _ => c,
    }
}

/// U+FF01 to U+FF5E are ASCII `!` to `~`, in the same order.
const WIDE: u32 = 0xff01 - '!' as u32;

/// A pattern that finds `text`, and what is read alike.
fn literal(text: &str) -> String {
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(text);
    let pattern = alike(&composed);
    if composed == text {
        return pattern;
    }
    // Some characters are not composed back: as it was typed it is found in any case.
    format!("(?:{pattern}|{})", alike(text))
}

fn alike(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() * 4);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let plain = narrow(c);
        if c.is_whitespace() {
            while chars.next_if(|c| c.is_whitespace()).is_some() {}
            pattern.push_str("\\s+");
        } else if plain.is_ascii_graphic() {
            let wide = char::from_u32(u32::from(plain) + WIDE);
            let plain = regex::escape(plain.encode_utf8(&mut [0; 4]));
            pattern.push('[');
            pattern.push_str(&plain);
            pattern.extend(wide);
            pattern.push(']');
        } else {
            let mut one = [0; 4];
            let one = c.encode_utf8(&mut one);
            // As macOS writes the names of files.
            let apart = DecomposingNormalizerBorrowed::new_nfd().normalize(one);
            let whole = regex::escape(one);
            if apart == *one {
                pattern.push_str(&whole);
            } else {
                pattern.push_str("(?:");
                pattern.push_str(&whole);
                pattern.push('|');
                pattern.push_str(&regex::escape(&apart));
                pattern.push(')');
            }
        }
    }
    pattern
}

/// What stands behind the mark of a regular expression, if `text` is one.
pub(super) fn pattern(text: &str) -> Option<&str> {
    MARKS.iter().find_map(|mark| text.strip_prefix(mark))
}

/// `pattern` without the one pair of quotes around it.
fn unquoted(pattern: &str) -> &str {
    let inner = pattern.strip_prefix('"').and_then(|p| p.strip_suffix('"'));
    let Some(inner) = inner else { return pattern };
    let escapes = inner.len() - inner.trim_end_matches('\\').len();
    if escapes.is_multiple_of(2) {
        inner
    } else {
        pattern
    }
}

/// Whether a pattern has an upper-case letter that stands for itself: `\W`,
/// `\p{Lu}`, `\x4A` and the name in `(?P<Name>` do not.
fn has_upper_case(pattern: &str) -> bool {
    let skip = |chars: &mut Peekable<Chars<'_>>, count| chars.by_ref().take(count).for_each(drop);
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('p' | 'P' | 'x' | 'u' | 'U') if chars.next_if_eq(&'{').is_some() => {
                    while chars.next_if(|c| *c != '}').is_some() {}
                }
                Some('p' | 'P') => skip(&mut chars, 1),
                Some('x') => skip(&mut chars, 2),
                Some('u') => skip(&mut chars, 4),
                Some('U') => skip(&mut chars, 8),
                Some(_) | None => {}
            },
            '(' if chars.next_if_eq(&'?').is_some() => {
                while chars.next_if(|c| !matches!(c, '>' | ':' | ')')).is_some() {}
            }
            c if c.is_uppercase() => return true,
            _ => {}
        }
    }
    false
}

/// Where in `pattern`, and why, in one line.
fn reason(pattern: &str, error: &regex::Error) -> (Range<usize>, String) {
    let all = 0..pattern.len();
    if let regex::Error::CompiledTooBig(_) = error {
        return (all, "the pattern is too big: repeat less".to_owned());
    }
    let text = error.to_string();
    let words = text
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("error: "));
    let words = words.unwrap_or("not a pattern").to_owned();
    // The message shows the pattern indented, and carets under what is meant.
    let carets = text
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .find(|line| line.contains('^') && line.chars().all(|c| matches!(c, ' ' | '^')));
    let Some(carets) = carets.filter(|_| !pattern.contains('\n')) else {
        return (all, words);
    };
    let place = |column: usize| {
        let at = pattern.char_indices().nth(column);
        at.map_or(pattern.len(), |(at, _)| at)
    };
    let first = carets.find('^').unwrap_or_default();
    let width = carets.chars().skip(first).take_while(|c| *c == '^').count();
    (place(first)..place(first + width), words)
}

/// `wrong` with a range inside `text` that ends at grapheme boundaries.
pub(super) fn whole_signs(wrong: Wrong, text: &str) -> Wrong {
    let ends = || {
        let starts = text.grapheme_indices(true).map(|(at, _)| at);
        starts.chain(std::iter::once(text.len()))
    };
    let Range { start, end } = wrong.at;
    let start = ends().take_while(|at| *at <= start).last().unwrap_or(0);
    let end = ends().find(|at| *at >= end).unwrap_or(text.len());
    Wrong::new(start..end.max(start), wrong.words)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn needle(text: &str) -> Needle {
        Needle::parse(text).expect(text)
    }

    fn found<'t>(what: &str, text: &'t str) -> Vec<&'t str> {
        let needle = needle(what);
        let places = needle.places(text);
        places.map(|at| text.get(at).expect("a boundary")).collect()
    }

    fn wrong(text: &str) -> (Range<usize>, String) {
        let wrong = Needle::parse(text).expect_err(text);
        (wrong.at, wrong.words)
    }

    #[test]
    fn a_small_letter_finds_both_cases_and_a_capital_only_itself() {
        for (what, text, hits) in [
            (
                "order",
                "Order ORDER order",
                &["Order", "ORDER", "order"][..],
            ),
            ("Order", "Order ORDER order", &["Order"]),
            ("été", "ÉTÉ été", &["ÉTÉ", "été"]),
            ("退款", "我要退款，退款！", &["退款", "退款"]),
            ("ａｂ", "ＡＢ ab", &["ＡＢ", "ab"]),
            ("Ab1", "ab1 Ａｂ１ Ab1 ａｂ１", &["Ａｂ１", "Ab1"]),
            (
                "a(b)^-]",
                "A（b）＾－］ a(b)^-]",
                &["A（b）＾－］", "a(b)^-]"],
            ),
            (
                "two  words",
                "two\nwords Two\u{a0} Words",
                &["two\nwords", "Two\u{a0} Words"],
            ),
            ("café", "CAFE\u{301} café cafe", &["CAFE\u{301}", "café"]),
            ("cafe\u{301}", "café cafe\u{301}", &["café", "cafe\u{301}"]),
            (
                "が한",
                "か\u{3099}\u{1112}\u{1161}\u{11ab}",
                &["か\u{3099}\u{1112}\u{1161}\u{11ab}"],
            ),
            (
                "\u{958}",
                "\u{958} \u{915}\u{93c}",
                &["\u{958}", "\u{915}\u{93c}"],
            ),
            ("ß", "ẞ ss ß", &["ẞ", "ß"]),
            ("İ", "İ i ı", &["İ"]),
            ("i", "İ I ı i", &["I", "i"]),
            ("a.c", "abc a.c", &["a.c"]),
            (" ", "a b", &[" "]),
            ("aa", "aaaaa", &["aa", "aa"]),
        ] {
            assert_eq!(found(what, text), hits, "{what}");
        }
    }

    #[test]
    fn a_pattern_takes_the_rest_of_the_line() {
        for (what, text, hits) in [
            ("re:ord(er)?", "ORDER ord", &["ORDER", "ord"][..]),
            ("re:Ord", "ord Ord", &["Ord"]),
            ("re:\\W\\pL\\P{Lu}\\x{4A}(?P<Name>k)", " a1jK", &[" a1jK"]),
            ("re:\\p{Han}+", "ab退款 c", &["退款"]),
            ("re:two words", "two words", &["two words"]),
            ("re:\"two words\"", "Two Words", &["Two Words"]),
            ("re:\"a\\\"", "\"a\"", &["\"a\""]),
            ("re：\\d+", "12 ab 3", &["12", "3"]),
            ("re:^b$", "a\nb\nc", &["b"]),
            ("re:re:x", "re:x", &["re:x"]),
            ("re:x*", "axxb", &["xx"]),
        ] {
            assert_eq!(found(what, text), hits, "{what}");
        }
    }

    #[test]
    fn what_takes_no_character_is_not_found() {
        for what in ["re:x*", "re:^", "re:\\b", "re:|", "re:$"] {
            assert!(!needle(what).is_in("a b"), "{what}");
            assert_eq!(found(what, "a b").len(), 0, "{what}");
        }
    }

    #[test]
    fn a_wrong_pattern_says_where_and_why() {
        assert_eq!(wrong(""), (0..0, "nothing to look for".to_owned()));
        let missing = "a pattern is missing after re:".to_owned();
        assert_eq!(wrong("re:"), (0..3, missing.clone()));
        assert_eq!(wrong("re:\"\""), (0..5, missing));
        assert_eq!(wrong("re:a(b"), (4..5, "unclosed group".to_owned()));
        assert_eq!(wrong("re:\"退(b\""), (7..8, "unclosed group".to_owned()));
        assert_eq!(
            wrong("re:a\\"),
            (
                4..5,
                "incomplete escape sequence, reached end of pattern prematurely".to_owned()
            )
        );
        assert_eq!(
            wrong("re:\\p{Nope}"),
            (3..11, "Unicode property not found".to_owned())
        );
    }

    #[test]
    fn what_would_take_long_is_refused_in_words() {
        let too_big = "the pattern is too big: repeat less";
        for pattern in ["\\w{1000}", "((a{100}){100}){100}", "(?:\\pL{50}|x){900}"] {
            let text = format!("re:{pattern}");
            assert_eq!(wrong(&text), (3..text.len(), too_big.to_owned()));
        }
        assert!(Needle::parse("re:\\w{60}").is_ok());
        assert!(Needle::parse(&"退".repeat(333)).is_ok());
        let (at, words) = wrong(&"a".repeat(1_001));
        assert_eq!(
            (at, words.as_str()),
            (0..1_001, "too long: 1000 bytes at most")
        );
        let nested = format!("re:{}a{}", "(".repeat(51), ")".repeat(51));
        assert!(wrong(&nested).1.contains("nested parentheses"));
    }

    #[test]
    fn needles_are_equal_by_what_was_typed() {
        assert_eq!(needle("a"), needle("a"));
        assert_ne!(needle("a"), needle("re:a"));
        assert_eq!(needle("re:\"a b\"").source(), "re:\"a b\"");
    }

    proptest! {
        /// Places are in order, on boundaries, not empty; a hit is the needle, its case aside.
        #[test]
        fn places_hold_what_was_looked_for(
            what in "[a-cA-Cß退İıⅠ．ﾞｂＢ\u{301}]{1,3}",
            text in "[a-cA-Cßẞ退İıiⅠⅰ．.ﾞｂＢ\u{301}]{0,40}",
        ) {
            let needle = needle(&what);
            let same = |text: &str| -> String { text.chars().map(narrow).collect() };
            let mut last = 0;
            for at in needle.places(&text) {
                prop_assert!(at.start >= last && at.end > at.start);
                last = at.end;
                let hit = text.get(at).expect("on boundaries");
                if what.contains(char::is_uppercase) {
                    prop_assert_eq!(same(hit), same(&what));
                } else {
                    prop_assert_eq!(hit.chars().count(), what.chars().count());
                    prop_assert_eq!(same(hit).to_lowercase(), same(&what).to_lowercase());
                }
            }
            prop_assert_eq!(needle.is_in(&text), last > 0);
            prop_assert_eq!(needle.is_in(&text) || !text.contains(&what), true);
        }

        /// Whatever is typed is a needle or a remark on it.
        #[test]
        fn anything_may_be_typed(text in any::<String>(), mark in "(re:|re：)?\"?") {
            let text = format!("{mark}{text}");
            match Needle::parse(&text) {
                Ok(needle) => {
                    prop_assert_eq!(&Needle::parse(needle.source()), &Ok(needle.clone()));
                    prop_assert!(needle.places(&text).all(|at| text.get(at).is_some()));
                }
                Err(wrong) => prop_assert!(text.get(wrong.at).is_some()),
            }
        }

        /// The same over what looks like patterns.
        #[test]
        fn any_pattern_may_be_typed(pattern in r#"[()\[\]{}|*+?^$.\\"a-cA-C0-9pPxu:<>!=,-]{0,20}"#) {
            let text = format!("re:{pattern}");
            if let Err(wrong) = Needle::parse(&text) {
                prop_assert!(text.get(wrong.at).is_some());
            }
        }
    }
}
