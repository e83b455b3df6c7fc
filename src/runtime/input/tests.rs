use proptest::prelude::*;

use super::{Input, PASTE_CAP, Parser};
use crate::app::key::{Code, Key, Mouse, MouseKind};

fn read(bytes: &[u8]) -> Vec<Input> {
    let (mut parser, mut out) = (Parser::new(), Vec::new());
    parser.feed(bytes, &mut out);
    out
}

fn read_and_wait(bytes: &[u8]) -> Vec<Input> {
    let (mut parser, mut out) = (Parser::new(), Vec::new());
    parser.feed(bytes, &mut out);
    assert!(parser.deadline().is_some(), "something is unfinished");
    parser.idle(&mut out);
    assert_eq!(parser.deadline(), None);
    out
}

/// Keys as the config writes them, with spaces between.
fn keys(names: &str) -> Vec<Input> {
    let names = names.split_whitespace();
    names
        .map(|name| Input::Key(name.parse().expect("a key")))
        .collect()
}

#[test]
fn every_form_of_a_key_is_read() {
    for (bytes, names) in [
        ("j", "j"),
        ("\r", "enter"),
        ("\n", "enter"),
        ("\t", "tab"),
        ("\x08", "backspace"),
        ("\x7f", "backspace"),
        ("\x00", "ctrl-space"),
        ("\x04", "ctrl-d"),
        ("\x1c\x1d\x1e\x1f", "ctrl-\\ ctrl-] ctrl-^ ctrl-_"),
        ("\x1b[A\x1bOA\x1b[1A", "up up up"),
        ("\x1b[H\x1b[1~\x1b[7~\x1bOH", "home home home home"),
        ("\x1b[F\x1b[4~\x1b[8~\x1bOF", "end end end end"),
        (
            "\x1b[2~\x1b[3~\x1b[5~\x1b[6~",
            "insert delete pageup pagedown",
        ),
        ("\x1b[1;5A\x1b[1;3C\x1b[1;2D", "ctrl-up alt-right left"),
        ("\x1bO5A\x1bO1;5A\x1bOa\x1b[a", "ctrl-up ctrl-up ctrl-up up"),
        (
            "\x1b[5;5~\x1b[5^\x1b[5$j",
            "ctrl-pageup ctrl-pageup pageup j",
        ),
        ("\x1bOP\x1b[11~\x1b[[A\x1b[1;5P", "f1 f1 f1 ctrl-f1"),
        (
            "\x1b[15~\x1b[17~\x1b[24~\x1b[25~\x1b[28~\x1b[34~",
            "f5 f6 f12 f13 f15 f20",
        ),
        ("\x1b[Z\x1b[9;2u", "backtab backtab"),
        (
            "\x1bx\x1b\r\x1b\x7f\x1b\x04",
            "alt-x alt-enter alt-backspace ctrl-alt-d",
        ),
        ("\x1b\x1b[A\x1b\x1bOA", "alt-up alt-up"),
        ("\x1b\x1b\x1b[A", "esc alt-up"),
        (
            "\x1b[106u\x1b[106;5u\x1b[106;2u\x1b[27u\x1b[13;1:1u",
            "j ctrl-j J esc enter",
        ),
        ("\x1b[27;5;106~", "ctrl-j"),
        ("\x1bOM\x1bOj\x1bOp\x1bOy\x1bOX", "enter * 0 9 ="),
        ("é你😀", "é 你 😀"),
        ("\x1bé", "alt-é"),
    ] {
        assert_eq!(read(bytes.as_bytes()), keys(names), "{bytes:?}");
    }
}

#[test]
fn a_lone_escape_is_a_key_once_nothing_follows() {
    assert_eq!(read(b"\x1b"), []);
    assert_eq!(read_and_wait(b"\x1b"), keys("esc"));
    assert_eq!(read_and_wait(b"\x1b\x1b"), keys("esc esc"));
}

#[test]
fn an_unfinished_sequence_is_discarded_in_time() {
    for bytes in [
        "\x1b[",
        "\x1b[1;5",
        "\x1bO",
        "\x1b]11;rgb:ff",
        "\x1bP1$r",
        "\x1b_G",
        "\x1b[[",
        "\x1b[M!",
        "\x1b]0;title\x1b",
        "\x1b[<0;3",
    ] {
        assert_eq!(read_and_wait(bytes.as_bytes()), [], "{bytes:?}");
    }
    assert_eq!(read_and_wait(b"\xe4\xbd"), []);
}

#[test]
fn replies_nobody_asked_for_are_swallowed() {
    for reply in [
        "\x1b[?62;4c",
        "\x1b[>41;330;0c",
        "\x1bP!|00000000\x1b\\",
        "\x1b[0n",
        "\x1b[12;40R",
        "\x1b[1;5R",
        "\x1b]11;rgb:ffff/ffff/ffff\x07",
        "\x1b]11;rgb:ffff/ffff/ffff\x1b\\",
        "\x1bP1$r0m\x1b\\",
        "\x1b_Gi=1;OK\x1b\\",
        "\x1b^pm\x1b\\",
        "\x1bXsos\x1b\\",
        "\x1b[I",
        "\x1b[O",
        "\x1b[?2026;2$y",
        "\x1b[4;1$y",
        "\x1b[?1u",
        "\x1b[8;24;80t",
        "\x1b[201~",
        "\x1b[M #$",
        "\x1b[<0;3;4m",
        "\x1b[<35;3;4M",
        "\x1b[106;1:3u",
        "\x1b[97;9u",
        "\x1b[3\x18",
        "\x1b]0;x\x1a",
    ] {
        assert_eq!(read(format!("{reply}j").as_bytes()), keys("j"), "{reply:?}");
    }
    let long = format!("\x1b[{}Aj\x1b]{}\x07k", "1".repeat(500), "x".repeat(9_000));
    assert_eq!(read(long.as_bytes()), keys("j k"));
}

#[test]
fn a_string_without_end_ends_with_the_read_that_makes_it_too_long() {
    let (mut parser, mut out) = (Parser::new(), Vec::new());
    parser.feed(b"\x1b]", &mut out);
    for _ in 0..20 {
        parser.feed(&[b'x'; 4_000], &mut out);
        if parser.deadline().is_none() {
            break;
        }
    }
    parser.feed(b"j", &mut out);
    assert_eq!(out, keys("j"));
}

#[test]
fn a_key_pressed_inside_an_unfinished_reply_is_heard() {
    assert_eq!(read(b"\x1b]11;rgb\x1b[A"), keys("up"));
    assert_eq!(read(b"\x1b[12;\x1b[A"), keys("up"));
    assert_eq!(read("\x1b[é".as_bytes()), keys("é"));
}

#[test]
fn the_mouse_is_read() {
    let mouse = |kind, column, row| Input::Mouse(Mouse { kind, column, row });
    assert_eq!(read(b"\x1b[<0;3;4M"), [mouse(MouseKind::Press, 2, 3)]);
    assert_eq!(read(b"\x1b[<64;1;1M"), [mouse(MouseKind::ScrollUp, 0, 0)]);
    assert_eq!(read(b"\x1b[<69;1;1M"), [mouse(MouseKind::ScrollDown, 0, 0)]);
    assert_eq!(read(b"\x1b[<2;1;1M\x1b[<0;0;0M\x1b[<0;99999;1M"), []);
}

#[test]
fn bad_utf8_is_skipped_and_nothing_else() {
    for bytes in [
        &b"\xffj"[..],
        b"\x80j",
        b"\xc0\xafj",
        b"\xe4\xbdj",
        b"\xed\xa0\x80j",
        b"\xf5j",
        b"\xc2\x9bj",
    ] {
        assert_eq!(read(bytes), keys("j"), "{bytes:?}");
    }
}

#[test]
fn a_paste_is_text_whatever_it_holds() {
    let paste = |text: &str| Input::Paste(text.to_owned());
    assert_eq!(
        read(b"\x1b[200~q\r\nx\ry\x1b[A\x1b[201~"),
        [paste("q\nx\ny\x1b[A")]
    );
    assert_eq!(read(b"\x1b[200~\x1b\x1b[2\x1b[201~"), [paste("\x1b\x1b[2")]);
    assert_eq!(
        read("\x1b[200~你\u{1f600}\x1b[201~".as_bytes()),
        [paste("你\u{1f600}")]
    );
}

#[test]
fn what_follows_a_paste_in_the_same_read_is_dropped() {
    let (mut parser, mut out) = (Parser::new(), Vec::new());
    parser.feed(b"\x1b[200~a\x1b[201~:quit\r\x1b[201~", &mut out);
    parser.feed(b"j", &mut out);
    assert_eq!(
        out,
        [vec![Input::Paste("a".to_owned())], keys("j")].concat()
    );
}

#[test]
fn a_long_paste_is_cut_and_its_rest_is_no_keys() {
    let (mut parser, mut out) = (Parser::new(), Vec::new());
    parser.feed(b"\x1b[200~", &mut out);
    for _ in 0..PASTE_CAP / 4_096 + 3 {
        parser.feed(&[b'q'; 4_096], &mut out);
    }
    parser.feed(b"\x1b[201~", &mut out);
    parser.feed(b"j", &mut out);
    assert_eq!(out.len(), 2);
    assert!(matches!(&out[0], Input::Paste(text) if text.len() == PASTE_CAP));
    assert_eq!(out[1..], keys("j"));
}

#[test]
fn a_paste_without_end_comes_out_in_time() {
    assert_eq!(
        read_and_wait(b"\x1b[200~abc"),
        [Input::Paste("abc".to_owned())]
    );
}

/// The forms keys are sent in most often; a lone ESC is not among them, because
/// only time tells it from Alt.
const FORMS: [(&str, &str); 16] = [
    ("j", "j"),
    ("\x1b[A", "up"),
    ("\x1bOB", "down"),
    ("\x1b[1;5C", "ctrl-right"),
    ("\x1b[5~", "pageup"),
    ("\x1b[6;5~", "ctrl-pagedown"),
    ("\x1bOP", "f1"),
    ("\x1b[24~", "f12"),
    ("\x1b[Z", "backtab"),
    ("\x1bx", "alt-x"),
    ("\x1b\x1b[D", "alt-left"),
    ("\x1b[106;5u", "ctrl-j"),
    ("\x04", "ctrl-d"),
    ("\r", "enter"),
    ("é", "é"),
    ("😀", "😀"),
];

#[test]
fn ten_thousand_keys_split_at_every_byte_are_all_read() {
    let (mut parser, mut out, mut wanted) = (Parser::new(), Vec::new(), Vec::new());
    let mut split = 0;
    for (bytes, name) in FORMS.iter().cycle().take(15_000) {
        for byte in bytes.as_bytes() {
            parser.feed(&[*byte], &mut out);
        }
        split += usize::from(bytes.len() > 1);
        wanted.extend(keys(name));
    }
    assert!(split >= 10_000, "{split}");
    let misread = out
        .iter()
        .zip(&wanted)
        .filter(|(is, was)| is != was)
        .count();
    assert_eq!((out.len(), misread), (wanted.len(), 0));
}

proptest! {
    /// However the bytes of keys are cut into reads, the keys are the same.
    #[test]
    fn cutting_changes_nothing(
        picks in prop::collection::vec(0..FORMS.len(), 1..40),
        cuts in prop::collection::vec(1..7_usize, 1..40),
    ) {
        let bytes: Vec<u8> = picks.iter().flat_map(|p| FORMS[*p].0.bytes()).collect();
        let wanted: Vec<Input> = picks.iter().flat_map(|p| keys(FORMS[*p].1)).collect();
        let (mut parser, mut out, mut rest) = (Parser::new(), Vec::new(), bytes.as_slice());
        for cut in cuts.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (now, later) = rest.split_at(rest.len().min(*cut));
            parser.feed(now, &mut out);
            rest = later;
        }
        prop_assert_eq!(out, wanted);
    }

    /// No noise makes the parser panic, and none makes it deaf.
    #[test]
    fn after_noise_and_a_pause_a_key_is_heard(
        noise in prop::collection::vec(
            prop_oneof![any::<u8>(), prop::sample::select(b"\x1b[]OP<~;0123$M\\\x07".to_vec())],
            0..60,
        ),
    ) {
        let (mut parser, mut out) = (Parser::new(), Vec::new());
        parser.feed(&noise, &mut out);
        parser.idle(&mut out);
        prop_assert_eq!(parser.deadline(), None);
        out.clear();
        parser.feed(b"j", &mut out);
        prop_assert_eq!(out, vec![Input::Key(Key::plain(Code::Char('j')))]);
    }
}
