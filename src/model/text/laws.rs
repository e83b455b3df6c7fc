//! Laws over generated text, and agreement with the tables and with a terminal.

use std::num::NonZero;

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::hostile::offender;
use super::*;

/// Characters from all the corners that have a rule, and any others.
fn nasty() -> impl Strategy<Value = char> {
    let set: Vec<char> =
        "ab 1#\n\t\r\u{1b}[\u{9b}]\u{7f}\0\u{301}\u{20dd}\u{20e3}中，한가\u{1100}\u{1161}\u{11a8}\
         \u{200b}\u{200c}\u{200d}\u{202e}\u{2066}\u{feff}\u{ad}\u{fe0e}\u{fe0f}\u{e0061}\u{e0100}\
         ❤☎👍👩🏳🌈\u{1f3fd}🇨🇳هخق\u{64b}٣कष\u{94d}\u{93e}\u{93f}ශර\u{dca}\u{2800}\u{3164}\u{3000}\
         \u{fffd}\u{e000}\u{ffff}\u{d4e}\u{17d2}កﾞｶ¦◌…\u{2028}\u{600}\u{378}"
            .chars()
            .collect();
    prop_oneof![4 => prop::sample::select(set), 1 => any::<char>()]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::collection::vec(nasty(), 0..60).prop_map(String::from_iter),
        // Many of the same: caps.
        1 => (nasty(), nasty(), 1..40_usize)
            .prop_map(|(a, b, n)| String::from_iter([a]) + &b.to_string().repeat(n)),
    ]
}

/// The text of the lines, one behind the other.
fn joined(lines: &[Clean]) -> String {
    lines.iter().map(Clean::as_str).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn cleaning_twice_is_cleaning_once(text in text()) {
        let once = clean(&text);
        let twice = clean(once.as_str());
        prop_assert_eq!(twice.as_str(), once.as_str());
    }

    #[test]
    fn clean_text_has_nothing_in_it_that_acts(text in text()) {
        let cleaned = clean(&text);
        prop_assert_eq!(offender(cleaned.as_str()), None);
        for (cell, cells) in graphemes(cleaned.as_str()) {
            prop_assert!(matches!(cell, "\n" | "\t") || is_drawable(cell), "{cell:?}");
            prop_assert!(matches!(cells, 1 | 2), "{cell:?}");
            prop_assert!(cell.len() <= MAX_CELL_BYTES);
            prop_assert!(matches!(cell, "\n" | "\t") || cell.width() == cells, "{cell:?}");
        }
        for cluster in cleaned.as_str().graphemes(true) {
            prop_assert!(cluster.chars().count() <= MAX_SCALARS, "{cluster:?}");
            prop_assert!(cluster.len() <= 32);
        }
    }

    #[test]
    fn growth_is_bounded(text in text(), bytes: Vec<u8>) {
        prop_assert!(clean(&text).as_str().len() <= text.len() * 3);
        prop_assert!(clean_bytes(&bytes).as_str().len() <= bytes.len() * 3);
    }

    #[test]
    fn parts_are_the_text_and_end_with_clusters(text in text()) {
        let cleaned = clean(&text);
        let parts: String = cleaned.parts().map(|(part, _)| part).collect();
        prop_assert_eq!(&parts, cleaned.as_str());
        let whole: Vec<_> = clusters(cleaned.as_str()).collect();
        let pieces: Vec<_> = cleaned.parts().flat_map(|(part, _)| clusters(part)).collect();
        prop_assert_eq!(&whole, &pieces);
        let tables: Vec<_> = cleaned.as_str().graphemes(true).collect();
        let ours: Vec<_> = whole.iter().map(|(cluster, _)| *cluster).collect();
        prop_assert_eq!(tables, ours);
        let sum: usize = whole.iter().map(|(_, cells)| cells).sum();
        prop_assert_eq!(sum, cleaned.width());
    }

    #[test]
    fn wrapping_loses_no_cluster_and_keeps_the_width(text in text(), width in 1..20_usize) {
        let cleaned = clean(&text);
        let lines = cleaned.wrap(width);
        prop_assert!(!lines.is_empty());
        for line in &lines {
            prop_assert!(line.width() <= width, "{line:?}");
            prop_assert!(!line.as_str().contains(['\n', '\t']));
        }
        if width >= 2 {
            let blank = |text: &str| text.replace([' ', '\t', '\n'], "");
            prop_assert_eq!(blank(&joined(&lines)), blank(cleaned.as_str()));
        }
        if width >= 2 && !cleaned.as_str().contains('\t') {
            prop_assert_eq!(joined(&lines), cleaned.as_str().replace('\n', ""));
        }
        let marked = |of: &Clean| of.parts().filter(|p| p.1.is_some()).map(|p| p.0.replace('\t', "")).collect::<String>();
        if width >= 2 {
            prop_assert_eq!(lines.iter().map(marked).collect::<String>(), marked(&cleaned));
        }
    }

    #[test]
    fn capped_wrapping_is_a_prefix_and_a_note(text in text(), width in 1..20_usize, max in 1..6_usize) {
        let cleaned = clean(&text);
        let all = cleaned.wrap(width);
        let some = cleaned.wrap_capped(width, max);
        if all.len() <= max {
            prop_assert_eq!(some, all);
        } else {
            prop_assert_eq!(some.len(), max);
            prop_assert_eq!(some.get(..max - 1), all.get(..max - 1));
            prop_assert!(some.iter().all(|line| line.width() <= width));
            let last = some.last().expect("max is at least 1");
            prop_assert!(last.parts().all(|(_, mark)| mark == Some(Mark::Cut)));
        }
    }

    #[test]
    fn a_truncated_text_fits_and_says_so(text in text(), width in 0..30_usize) {
        let cleaned = clean(&text);
        let short = cleaned.truncate(width);
        prop_assert!(short.width() <= width);
        if cleaned.width() <= width {
            prop_assert_eq!(short, cleaned.one_line());
        } else if width > 0 {
            let end = short.parts().last();
            prop_assert!(end.is_some_and(|(t, m)| t.ends_with(ELLIPSIS) && m == Some(Mark::Cut)));
            // No more than one wide sign was given up for the ellipsis.
            let most = clusters(cleaned.as_str()).map(|(_, cells)| cells).max().unwrap_or(0);
            prop_assert!(short.width() + most > width);
        }
    }

    #[test]
    fn joining_clean_texts_keeps_both(a in text(), b in text()) {
        let (a, b) = (clean(&a), clean(&b));
        let mut both = a.clone();
        both.push(&b);
        prop_assert_eq!(both.as_str(), format!("{a}{b}"));
        let split = a.as_str().len();
        prop_assert_eq!(both.slice(0..split), a);
        prop_assert_eq!(both.slice(split..both.as_str().len()), b);
    }

    /// What a terminal makes of our cells: the cursor is where we think it is,
    /// and each cell holds what we put there.
    #[test]
    fn a_terminal_agrees_on_every_width(text in text()) {
        // The model swallows U+FFFD, which it takes for its own decoder's.
        let line = clean(&text.replace('\u{fffd}', "?")).one_line();
        let mut terminal = vt100::Parser::new(NonZero::new(2).expect("2"), NonZero::new(500).expect("500"), 0);
        terminal.process(line.as_str().as_bytes());
        let screen = terminal.screen();
        let mut column = 0_u16;
        for (cell, cells) in graphemes(line.as_str()).take_while(|_| line.width() < 500) {
            let there = screen.cell(0, column).map(vt100::Cell::contents);
            // A blank that was written reads as itself.
            prop_assert_eq!(there, Some(cell), "column {}", column);
            column += u16::try_from(cells).expect("1 or 2");
        }
        if line.width() < 500 {
            prop_assert_eq!(screen.cursor_position(), (0, column));
        }
    }
}

/// Every assigned character there is, and samples of the others; alone and
/// behind a letter.
#[test]
fn each_single_character_obeys_the_laws() {
    let rest = ('\u{33480}'..=char::MAX).step_by(97);
    for c in ('\0'..='\u{33479}')
        .chain('\u{e0000}'..='\u{e01ff}')
        .chain(rest)
    {
        for text in [c.to_string(), format!("a{c}b")] {
            let cleaned = clean(&text);
            assert_eq!(offender(cleaned.as_str()), None, "{c:?}");
            assert_eq!(clean(cleaned.as_str()).as_str(), cleaned.as_str(), "{c:?}");
            assert!(cleaned.width() > 0, "{c:?} leaves no trace");
            for (cell, cells) in graphemes(cleaned.as_str()) {
                assert!(
                    matches!(cell, "\n" | "\t") || is_drawable(cell),
                    "{c:?}: {cell:?}"
                );
                assert!(
                    matches!(cell, "\n" | "\t") || cell.width() == cells,
                    "{c:?}"
                );
            }
        }
    }
}

/// The short way through common characters says what the tables say.
#[test]
fn the_list_of_plain_characters_is_true() {
    let plain: Vec<char> = ('\0'..=char::MAX)
        .filter(|c| class::is_start(*c) || class::is_old_emoji(*c))
        .collect();
    for &c in &plain {
        let printable = format!("a{c}").escape_debug().nth(1) == Some(c);
        assert!(printable || matches!(c, '"' | '\'' | '\\'), "{c:?}");
        assert!(!c.is_control(), "{c:?}");
        assert!(matches!(width::cells(c), 1 | 2), "{c:?}");
        for near in ['a', '中', 'क', '👍'] {
            assert_eq!(
                format!("{near}{c}").graphemes(true).count(),
                2,
                "{near} {c:?}"
            );
            assert_eq!(
                format!("{c}{near}").graphemes(true).count(),
                2,
                "{c:?} {near}"
            );
        }
    }
    assert!(plain.contains(&'中') && plain.contains(&'é'));
}

#[test]
fn one_line_and_tabs() {
    let text = clean("a\n\tb");
    assert_eq!(text.one_line().as_str(), "a⏎ b");
    assert_eq!(text.width(), text.one_line().width());
    assert_eq!(joined(&clean("a\tb\t\tc").wrap(40)), "a   b       c");
}

#[test]
fn lines_break_between_words_and_ideographs() {
    let lines = |text: &str, width| {
        let lines = clean(text).wrap(width);
        lines.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(lines("one two three", 8), ["one two ", "three"]);
    assert_eq!(lines("abcdefghij", 4), ["abcd", "efgh", "ij"]);
    assert_eq!(lines("中文消息很长", 5), ["中文", "消息", "很长"]);
    assert_eq!(lines("看这里，好吗", 6), ["看这", "里，好", "吗"]);
    assert_eq!(lines("错误error在此", 8), ["错误", "error在", "此"]);
    assert_eq!(lines("a\n\nb\n", 8), ["a", "", "b", ""]);
    assert_eq!(lines("", 8), [""]);
    assert_eq!(lines("中\na", 1), ["¦", "a"]);
    assert_eq!(lines("中", 1), ["¦"]);
    assert_eq!(lines("a中b", 0), ["a", "¦", "b"]);
}

#[test]
fn words_wrapped_for_reading_keep_their_indents_and_not_the_blank_of_a_break() {
    let lines = |text: &str, width| {
        let text = clean(text);
        let lines = text.words(width).map(|line| line.to_string());
        lines.collect::<Vec<_>>()
    };
    assert_eq!(lines("four five six", 4), ["four", "five", "six"]);
    assert_eq!(lines("four\n  in", 4), ["four", "  in"]);
    assert_eq!(lines("four \n in", 4), ["four", " in"]);
    assert_eq!(lines("four  five", 4), ["four", " ", "five"]);
    assert_eq!(lines("four ", 4), ["four"]);
    assert_eq!(lines("", 0), [""]);
}

#[test]
fn a_note_says_how_much_is_left() {
    let text = clean("0123456789").wrap_capped(4, 2);
    let text: Vec<_> = text.iter().map(Clean::as_str).collect();
    assert_eq!(text, ["0123", "… 6…"]);
    assert!(clean("abc").wrap_capped(4, 0).is_empty());
}
