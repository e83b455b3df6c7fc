//! What people with bad intentions, and keyboards with good ones, send.

use super::*;

/// The text with every marked stretch in brackets: C, H, L or `…` for the mark.
fn shown(text: &str) -> String {
    let text = clean(text);
    text.parts()
        .map(|(part, mark)| match mark {
            None => part.to_owned(),
            Some(Mark::Control) => format!("[C {part}]"),
            Some(Mark::Hidden) => format!("[H {part}]"),
            Some(Mark::Lost) => format!("[L {part}]"),
            Some(Mark::Cut) => format!("[… {part}]"),
        })
        .collect()
}

/// No Cc but newline and tab, none of the characters the rule names.
pub(super) fn offender(text: &str) -> Option<char> {
    text.chars().find(|c| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}'
                | '\u{200b}' | '\u{200d}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}'
                | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
                | '\u{fffe}' | '\u{ffff}' | '\u{1f1e6}'..='\u{1f1ff}' | '\u{1f3fb}'..='\u{1f3ff}'
                | '\u{e0000}'..='\u{10ffff}')
    })
}

#[test]
fn ordinary_text_stays_as_it_is() {
    for text in [
        "",
        "plain ASCII, with\nlines\tand tabs",
        "中文消息，全角标点。日本語のテキスト、カタカナ",
        "한국어 문장",
        "Grüße, naïve café — “quotes” …",
        "e\u{301}te\u{301}",
        "שלום עולם مرحبا بالعالم",
        "می\u{200c}خواهم",
        "हिन्दी में कुछ शब्द, கொஞ்சம் தமிழ்",
        "ไทยไม่มีช่องว่าง",
        "😀 🎉 👍 ❤ ☎ ✓",
        "a\u{a0}b\u{3000}c",
        "x² + y² ≤ ∞, 5 €",
    ] {
        assert_eq!(shown(text), text);
    }
}

#[test]
fn line_ends_become_newlines() {
    assert_eq!(shown("a\r\nb\rc\n\rd"), "a\nb\nc\n\nd");
}

#[test]
fn every_control_character_is_visible_wherever_it_stands() {
    for c in (0..=0x9f)
        .filter_map(char::from_u32)
        .filter(|c| c.is_control())
    {
        if matches!(c, '\n' | '\t' | '\r') {
            continue;
        }
        for text in [
            format!("{c}"),
            format!("{c}ab"),
            format!("a{c}b"),
            format!("ab{c}"),
            format!("{c}{c}"),
            format!("é{c}\u{301}"),
        ] {
            let cleaned = clean(&text);
            assert_eq!(offender(cleaned.as_str()), None, "{text:?}");
            let marked: usize = cleaned
                .parts()
                .filter(|(_, mark)| *mark == Some(Mark::Control))
                .map(|(part, _)| part.len())
                .sum();
            let each = if c.is_ascii() { 2 } else { "\\u{9b}".len() };
            assert_eq!(marked, each * text.matches(c).count(), "{text:?}");
        }
    }
}

#[test]
fn terminal_sequences_are_words_on_the_screen() {
    assert_eq!(shown("\x1b[2Jrm"), "[C ^[][2Jrm");
    assert_eq!(shown("\u{9b}2J"), "[C \\u{9b}]2J");
    assert_eq!(shown("\x1b]52;c;Zm9v\x07"), "[C ^[]]52;c;Zm9v[C ^G]");
    assert_eq!(shown("\x1b]0;title\x1b\\"), "[C ^[]]0;title[C ^[]\\");
    assert_eq!(shown("\u{90}q\u{9c}"), "[C \\u{90}]q[C \\u{9c}]");
    assert_eq!(shown("\0\x7f"), "[C ^@^?]");
}

#[test]
fn what_has_no_shape_gets_one_cell() {
    for text in [
        "a\u{202e}b",
        "a\u{2066}\u{2067}\u{200f}b",
        "a\u{200b}b",
        "a\u{200b}\u{200b}\u{feff}b",
        "a\u{ad}b",
        "a\u{2028}b",
        "a\u{e0061}\u{e0062}b",
        "a\u{fff9}b",
        "a\u{3164}b",
        "a\u{115f}b",
        "a\u{34f}b",
        "a\u{2800}\u{2800}\u{2800}b",
        "a\u{fe0f}b",
        "a\u{fe00}b",
        "a\u{e0100}b",
        "a\u{200d}b",
        "a\u{200c}b",
        "a\u{e000}b",
        "a\u{f0000}b",
        "a\u{ffff}b",
        "a\u{1ffff}b",
        "a\u{378}b",
        "a\u{1f3fd}b",
        "a\u{1f1e8}b",
        "a\u{17b4}b",
        "a\u{180e}b",
        "a\u{600}b",
    ] {
        assert_eq!(shown(text), "a[H ¦]b", "{text:?}");
    }
}

#[test]
fn joiners_stay_where_a_script_needs_them() {
    // Persian: kept. Sinhala and Malayalam: the letters without the joiner.
    assert_eq!(shown("خانه\u{200c}ها"), "خانه\u{200c}ها");
    assert_eq!(shown("ශ්\u{200d}රී"), "ශ්රී");
    assert_eq!(shown("ന്\u{200d}മ"), "ന്മ");
    // Twice, at an edge, between scripts, beside digits: nothing needs it there.
    assert_eq!(shown("خ\u{200c}\u{200c}ه"), "خ[H ¦]ه");
    assert_eq!(shown("\u{200c}ه"), "[H ¦]ه");
    assert_eq!(shown("ه\u{200c}"), "ه[H ¦]");
    assert_eq!(shown("ه\u{200c}क"), "ه[H ¦]क");
    assert_eq!(shown("ه\u{200c}٣"), "ه[H ¦]٣");
}

#[test]
fn emoji_are_shown_in_the_form_all_terminals_agree_on() {
    assert_eq!(shown("❤\u{fe0f}!"), "❤!");
    assert_eq!(shown("☎\u{fe0e}"), "☎");
    assert_eq!(shown("⌚\u{fe0e}⌚\u{fe0f}"), "⌚⌚");
    assert_eq!(shown("1\u{fe0f}\u{20e3}"), "1\u{20e3}");
    assert_eq!(shown("❤\u{fe0f}\u{fe0f}"), "❤[H ¦]");
    assert_eq!(shown("👍\u{1f3fd}."), "[H 👍].");
    assert_eq!(shown("👍\u{1f3fd}\u{1f3fd}"), "[H 👍¦]");
    assert_eq!(shown("👨\u{200d}👩\u{200d}👧 x"), "[H 👨👩👧] x");
    assert_eq!(shown("👩\u{1f3fd}\u{200d}❤\u{fe0f}\u{200d}👨"), "[H 👩❤👨]");
    assert_eq!(shown("👩\u{200d}"), "👩[H ¦]");
    assert_eq!(shown("👩\u{200d}a"), "👩[H ¦]a");
    assert_eq!(shown("🏳\u{fe0f}\u{200d}🌈"), "[H 🏳🌈]");
    assert_eq!(shown("🇨🇳🇩"), "[H CN¦]");
    assert_eq!(shown("🏴\u{e0067}\u{e0062}\u{e007f}"), "🏴[H ¦]");
}

#[test]
fn hangul_in_parts_keeps_every_part() {
    assert_eq!(
        shown("\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}"),
        "한글"
    );
    assert_eq!(shown("가\u{11a8}"), "각");
    assert_eq!(shown("각\u{11a8}"), "각ㄱ");
    assert_eq!(shown("\u{1100}\u{1100}\u{1161}"), "ㄱ가");
    assert_eq!(shown("\u{1161}\u{11c2}"), "ㅏㅎ");
    assert_eq!(shown("\u{1100}각"), "ㄱ각");
    assert_eq!(shown("\u{1175}\u{1112}"), "ㅣㅎ");
    assert_eq!(shown("\u{a960}"), "[H ¦]");
}

#[test]
fn a_mark_without_a_letter_gets_a_base() {
    assert_eq!(shown("\u{301}a"), "[H ◌\u{301}]a");
    assert_eq!(shown("a\n\u{301}\u{302}"), "a\n[H ◌\u{301}\u{302}]");
    assert_eq!(shown("\x1b\u{301}"), "[C ^[][H ◌\u{301}]");
    assert_eq!(shown("\u{200b}\u{93e}"), "[H ¦◌\u{93e}]");
}

#[test]
fn what_was_lost_is_marked() {
    assert_eq!(shown("a\u{fffd}b"), "a[L \u{fffd}]b");
    let bytes = clean_bytes(b"a\xffb\xe4\xb8c");
    assert_eq!(bytes.as_str(), "a\u{fffd}b\u{fffd}c");
    assert_eq!(
        bytes
            .parts()
            .filter(|(_, m)| *m == Some(Mark::Lost))
            .count(),
        2
    );
    assert_eq!(clean_bytes("中".as_bytes()), clean("中"));
}

#[test]
fn piled_up_marks_are_cut_with_a_note() {
    let eight = format!("a{}", "\u{301}".repeat(7));
    assert_eq!(shown(&eight), eight);
    let hundred = format!("xa{}b", "\u{301}".repeat(100));
    assert_eq!(shown(&hundred), format!("x{eight}[… …+93]b"));
    // Three-byte marks fill a cell earlier.
    let thick = format!("中{}", "\u{20dd}".repeat(9));
    assert_eq!(shown(&thick), format!("中{}[… …+4]", "\u{20dd}".repeat(5)));
    // Marks that have cells of their own count too.
    let spacing = format!("क{}", "\u{93e}".repeat(10));
    assert_eq!(shown(&spacing), format!("क{}[… …+3]", "\u{93e}".repeat(7)));
}

#[test]
fn a_long_text_ends_with_a_mark_and_can_be_had_in_stretches() {
    let long = "\u{9b}".repeat(MAX_BYTES);
    let cleaned = clean(&long);
    assert!(cleaned.as_str().len() <= MAX_BYTES + ELLIPSIS.len());
    assert_eq!(cleaned.parts().last(), Some((ELLIPSIS, Some(Mark::Cut))));
    assert_eq!(clean(cleaned.as_str()).as_str(), cleaned.as_str());

    assert_eq!(stretches(&long).collect::<String>(), long);
    assert!(stretches(&long).all(|s| clean(s).parts().all(|(_, m)| m != Some(Mark::Cut))));
    let lines = "one line of text\n".repeat(100_000);
    assert_eq!(stretches(&lines).collect::<String>(), lines);
    assert!(stretches(&lines).all(|s| s.ends_with('\n')));
    assert_eq!(stretches("").count(), 0);
}

/// Anything worse than linear would not end within the patience of a test run.
#[test]
fn long_runs_of_anything_are_soon_done() {
    let zalgo = format!("a{}", "\u{301}".repeat(500_000));
    assert_eq!(
        clean(&zalgo).as_str(),
        format!("a{}…+499993", "\u{301}".repeat(7))
    );
    for unit in [
        "a",
        "\n",
        "中",
        "\u{301}",
        "a\u{301}",
        "\u{200d}",
        "👨\u{200d}",
        "🇨",
        "\u{1100}",
        "\u{fe0f}",
        "❤\u{fe0f}",
        "\u{9b}",
        "क\u{94d}",
        "क\u{94d}\u{200d}",
        "ه\u{200c}",
        "\u{e0061}",
        "\u{600}",
        "👍\u{1f3fd}",
        "\u{e000}",
        "가\u{11a8}",
        "\u{93e}",
        "\t",
        " 中 ",
    ] {
        let text = unit.repeat((1 << 18) / unit.len());
        let cleaned = clean(&text);
        assert_eq!(offender(cleaned.as_str()), None, "{unit:?}");
        assert_eq!(
            clean(cleaned.as_str()).as_str(),
            cleaned.as_str(),
            "{unit:?}"
        );
        let wrapped = cleaned.wrap(80);
        assert!(wrapped.iter().all(|line| line.width() <= 80), "{unit:?}");
        assert!(cleaned.truncate(80).width() <= 80, "{unit:?}");
        assert!(cleaned.wrap_capped(80, 10).len() <= 10, "{unit:?}");
    }
}
