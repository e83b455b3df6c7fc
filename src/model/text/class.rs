//! What the sanitiser has to know about a single character.
//!
//! The tables are those of the standard library (what is printable), of
//! `unicode-segmentation` (what attaches to what) and of `unicode-width`; only
//! what none of them knows is listed here.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

pub(super) const ZWNJ: char = '\u{200c}';
pub(super) const ZWJ: char = '\u{200d}';

/// How a character is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// CR or LF.
    Newline,
    Tab,
    /// Any other Cc.
    Control,
    /// Has a width; may be drawn as it is.
    Base,
    /// Attaches to the character before it; with a width of its own or without.
    Extend,
    /// U+200C or U+200D.
    Joiner,
    /// VS15 or VS16.
    Selector,
    /// One of the five skin tones.
    Tone,
    /// Half a flag.
    Region,
    /// A part of a Hangul syllable.
    Jamo,
    /// U+FFFD.
    Lost,
    /// Without a shape of its own, or of no known shape.
    Hidden,
}

pub(super) fn class(c: char) -> Class {
    match c {
        '\n' | '\r' => Class::Newline,
        '\t' => Class::Tab,
        _ if is_start(c) || is_old_emoji(c) => Class::Base,
        _ if c.is_control() => Class::Control,
        ZWNJ | ZWJ => Class::Joiner,
        '\u{fe0e}' | '\u{fe0f}' => Class::Selector,
        '\u{1f3fb}'..='\u{1f3ff}' => Class::Tone,
        '\u{1f1e6}'..='\u{1f1ff}' => Class::Region,
        '\u{fffd}' => Class::Lost,
        _ if is_invisible(c) => Class::Hidden,
        '\u{1100}'..='\u{11ff}' | '\u{a960}'..='\u{a97c}' | '\u{d7b0}'..='\u{d7fb}' => Class::Jamo,
        _ if is_space(c) => Class::Base,
        _ if !is_printable(c) || prepends(c) => Class::Hidden,
        _ => match (extends(c), c.width()) {
            (true, Some(0..=2)) => Class::Extend,
            (false, Some(1 | 2)) => Class::Base,
            _ => Class::Hidden,
        },
    }
}

/// Whether a character is drawn as it is, wherever it stands: has a shape, and
/// does nothing else. The rule of the second gate.
pub(super) fn is_shown(c: char) -> bool {
    match class(c) {
        Class::Base | Class::Extend | Class::Lost => true,
        Class::Newline
        | Class::Tab
        | Class::Control
        | Class::Joiner
        | Class::Selector
        | Class::Tone
        | Class::Region
        | Class::Jamo
        | Class::Hidden => false,
    }
}

/// The common characters between any two of which a cluster ends, so that most
/// text needs no table.
///
/// Must stay a subset of what the tables say; a test holds it to them.
pub(super) fn is_start(c: char) -> bool {
    matches!(c,
        ' '..='~'
        | '\u{a1}'..='\u{a8}' | '\u{aa}'..='\u{ac}' | '\u{af}'..='\u{2ff}'
        | '\u{391}'..='\u{3a1}' | '\u{3a3}'..='\u{482}' | '\u{48a}'..='\u{52f}'
        | '\u{5d0}'..='\u{5ea}'
        | '\u{620}'..='\u{64a}' | '\u{671}'..='\u{6d3}'
        | '\u{e01}'..='\u{e30}'
        | '\u{2010}'..='\u{2027}'
        | '\u{3001}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{309b}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{ff01}'..='\u{ff5e}'
    )
}

/// The bulk of the emoji, which no table need be asked about either. Not the
/// skin tones among them.
pub(super) fn is_old_emoji(c: char) -> bool {
    matches!(c, '\u{1f300}'..='\u{1f3fa}' | '\u{1f400}'..='\u{1f64f}')
}

/// Blank or without any trace, though no table calls it unprintable; and three
/// characters that no two terminals give the same width.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{34f}'
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}'
        | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{2800}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{1d159}'
        | '\u{e0000}'..='\u{e0fff}'
        // Disputed widths: Khmer 17A4 and 17D8, the Tifinagh joiner.
        | '\u{17a4}' | '\u{17d8}' | '\u{2d7f}'
    )
}

/// Zs: the standard library escapes all of it but U+0020.
fn is_space(c: char) -> bool {
    matches!(
        c,
        ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// Not Cc, Cf, Cn, Co, Cs, Zl, Zp: what `str::escape_debug` leaves alone.
fn is_printable(c: char) -> bool {
    // The first character of a text would be escaped if it were combining.
    let mut buffer = [0; 8];
    pair('a', c, &mut buffer).escape_debug().nth(1) == Some(c)
}

/// Whether no cluster can begin with it.
pub(super) fn extends(c: char) -> bool {
    is_one_cluster('a', c)
}

/// Whether no cluster can end with it.
fn prepends(c: char) -> bool {
    is_one_cluster(c, 'a')
}

fn is_one_cluster(a: char, b: char) -> bool {
    let mut buffer = [0; 8];
    pair(a, b, &mut buffer).graphemes(true).nth(1).is_none()
}

/// Two characters as a text, without an allocation.
fn pair(a: char, b: char, buffer: &mut [u8; 8]) -> &str {
    let first = a.encode_utf8(buffer).len();
    let second = buffer
        .get_mut(first..)
        .map_or(0, |rest| b.encode_utf8(rest).len());
    buffer
        .get(..first + second)
        .and_then(|bytes| std::str::from_utf8(bytes).ok())
        .unwrap_or_default()
}

/// Whether VS15 or VS16 has a meaning after it: signs that come both as text
/// and as emoji.
pub(super) fn takes_selector(c: char) -> bool {
    // The widths of the selected forms betray the table they come from.
    let mut buffer = [0; 8];
    let plain = c.width();
    is_emoji_block(c)
        || matches!(c, '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}')
        || Some(pair(c, '\u{fe0f}', &mut buffer).width()) != plain
        || Some(pair(c, '\u{fe0e}', &mut buffer).width()) != plain
}

/// Whether it can be a part of a joined emoji, or have a skin tone.
pub(super) fn is_emoji(c: char) -> bool {
    !c.is_ascii() && class(c) == Class::Base && takes_selector(c)
}

fn is_emoji_block(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}') && c.width() == Some(2)
}

/// The script of a letter that U+200C or U+200D may stand beside: the first
/// character of a block, or of several that belong together.
pub(super) fn joining_script(c: char) -> Option<u32> {
    let letter = c.is_alphabetic() || extends(c);
    let block = match c {
        '\u{620}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{8a0}'..='\u{8ff}' => 0x600,
        '\u{700}'..='\u{74f}' => 0x700,
        // Devanagari to Malayalam, and Sinhala: 128 characters each.
        '\u{900}'..='\u{dff}' => u32::from(c) & !0x7f,
        '\u{1000}'..='\u{109f}' => 0x1000,
        '\u{1780}'..='\u{17ff}' => 0x1780,
        '\u{1800}'..='\u{18af}' => 0x1800,
        _ => return None,
    };
    letter.then_some(block)
}
