use std::fmt::Write as _;

use super::*;

/// The tree in lines: two blanks a level, label, kind, bytes or text.
fn tree(payload: &Payload) -> String {
    let mut out = String::new();
    for node in payload.root().walk() {
        let label = match node.label() {
            Label::Nothing => "root".to_owned(),
            Label::Key(key) => key.into_owned(),
            Label::Index(index) => format!("[{index}]"),
            Label::Field(number) => number.to_string(),
            Label::Reading => "as".to_owned(),
            Label::Tail => "tail".to_owned(),
        };
        let whole = node.whole();
        let _ = writeln!(
            out,
            "{:indent$}{label} {:?} {}:{}..{} {:?}",
            "",
            node.kind(),
            whole.buffer.index(),
            whole.range.start,
            whole.range.end,
            node.text().unwrap_or_default(),
            indent = node.depth() * 2,
        );
    }
    out
}

#[test]
fn the_documented_samples_decode_as_far_as_their_lengths_fit() {
    for (text, three, tail) in [
        ("\u{8}\u{1}\u{10}\u{6}\u{1a}\u{6}MaoTong", "MaoTon", "67"),
        (
            "\u{8}\u{1}\u{10}\u{6}\u{1a}\u{6} MaoTong",
            " MaoTo",
            "6e 67",
        ),
    ] {
        let payload = Payload::of(text);
        let fields: Vec<_> = payload.root().children().collect();
        let labels: Vec<_> = fields.iter().map(|field| field.label()).collect();
        let numbers = [1, 2, 3].map(Label::Field);
        assert_eq!(labels, [&numbers[..], &[Label::Tail]].concat());
        assert_eq!(fields[0].bytes(), [1]);
        assert_eq!(fields[1].bytes(), [6]);
        assert_eq!(fields[2].text().as_deref(), Some(three));
        let hex = crate::model::hex::rows(fields[3].bytes(), 2)
            .next()
            .map(|row| row.hex());
        assert_eq!(hex.as_deref().map(str::trim), Some(tail));
    }
}

#[test]
fn what_people_type_is_text() {
    for text in [
        "",
        "hello",
        "plain text, and more",
        "deadbeef",
        "order",
        "12345678",
        "abcdefgh",
        "[smile] hello",
        "{name} joined",
        "+86 138 0013 8000",
        "退款",
        "1458721802",
        "550e8400-e29b-41d4-a716-446655440000",
        "tt01@2x\0\u{1}",
        "a\tb\r\n",
        "\nab",
    ] {
        assert!(
            Payload::of(text).is_plain(),
            "{text:?}: {}",
            tree(&Payload::of(text))
        );
    }
}

#[test]
fn layers_come_off_one_by_one() {
    insta::assert_snapshot!(tree(&Payload::of(
        r#"{"a":[1,{"b":"x\n"},"{\"c\":2}"],"d":"CAESCm9yZGVyLTg4NDIaDMOpdGlxdWV0dGUgMSIICICAgICAgICAAQ=="} x"#
    )), @r#"
    root Object 0:0..98 ""
      a Array 0:1..32 ""
        [0] Number 0:6..7 "1"
        [1] Object 0:8..19 ""
          b String 0:9..18 "x\n"
        [2] String 0:20..31 "{\"c\":2}"
          as Object 1:0..7 ""
            c Number 1:1..6 "2"
      d String 0:33..95 "CAESCm9yZGVyLTg4NDIaDMOpdGlxdWV0dGUgMSIICICAgICAgICAAQ=="
        as Layer(Base64) 0:38..94 ""
          as Message 2:0..40 ""
            1 Varint 2:0..2 ""
            2 Delimited(Text) 2:2..14 "order-8842"
            3 Delimited(Text) 2:14..28 "étiquette 1"
            4 Delimited(Bytes) 2:28..38 ""
            tail Damage(CutVarint) 2:38..40 ""
      tail Damage(Json("something follows the end")) 0:96..98 ""
    "#);
}
