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
        "accidentally",
        "Capabilities",
        "65e839687b",
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

/// The lines of the tree, pieces parted by two blanks.
fn lines(payload: &Payload) -> String {
    let now = crate::model::message::Timestamp::new(1_700_000_000);
    let mut out = String::new();
    for node in payload.root().walk() {
        let pieces = node.line(&crate::model::time::Zone::utc(), now);
        let pieces: Vec<_> = pieces.into_iter().map(|(_, text)| text).collect();
        let _ = writeln!(out, "{:1$}{2}", "", node.depth() * 2, pieces.join("  "));
    }
    out
}

#[test]
fn a_line_says_what_a_node_may_be() {
    insta::assert_snapshot!(lines(&Payload::of("\u{8}\u{1}\u{10}\u{6}\u{1a}\u{6}MaoTong")), @r#"
    message, 3 fields  damaged
      1  1  zigzag -1  true
      2  6  zigzag 3
      3  "MaoTon"
      tail  67  wire type 7 does not exist (at byte 12)
    "#);
    let bytes = b"\x08\xca\xb9\xcb\xb7\x05\x12\x04\x08\x03\x10\x07\x1a\x05\xff\xfe\x00\x80\x01\x25\x00\x00\x80\x3f";
    insta::assert_snapshot!(lines(&Payload::of_bytes(bytes)), @r#"
    message, 4 fields
      1  1458756810  zigzag 729378405  2016-03-23 18:13:30 +00:00
      2  2 readings
        as message  2 fields
          1  3  zigzag -2
          2  7  zigzag -4
        as bytes  08 03 10 07  4 bytes  packed 8, 3, 16, 7
      3  ff fe 00 80 01  5 bytes  packed 16255, 128
      4  1065353216  float 1.0
    "#);
    let json = r#"{"at":1458721802000,"in":"{\"n\":12345678901234567890123}","b64":"eyJub3RlIjoi6YCA5qy+Pj8ifQ==","#;
    insta::assert_snapshot!(lines(&Payload::of(json)), @r#"
    3 members  damaged
      at  1458721802000  2016-03-23 08:30:02 +00:00
      in  "{"n":12345678901234567890123}"
        as JSON  1 member
          n  12345678901234567890123
      b64  "eyJub3RlIjoi6YCA5qy+Pj8ifQ=="
        as base64  28 bytes hold 19
          as JSON  1 member
            note  "退款>?"
      tail  2c  the text is cut off (at byte 95)
    "#);
    insta::assert_snapshot!(lines(&Payload::of("\u{8}\u{1}\u{12}\u{6}\u{fffd}\u{fffd}\u{fffd}ab")), @r#"
    message, 2 fields  damaged  3 characters were lost (U+FFFD) before this came; lengths that counted them do not fit
      1  1  zigzag -1  true
      2  "��"
      tail  ef bf bd 61 62  wire type 7 does not exist (at byte 10)
    "#);
}

#[test]
fn a_node_copies_as_json() {
    for (text, json) in [
        (
            r#"{"a":[1.50,"x"],"in":"{\"n\":12345678901234567890123}","a":null}"#,
            r#"{"a":[1.50,"x"],"in":{"n":12345678901234567890123},"a":null}"#,
        ),
        (
            "\u{8}\u{1}\u{10}\u{6}\u{8}\u{3}\u{1a}\u{6}MaoTong",
            r#"{"1":[1,3],"2":6,"3":"MaoTon","(damage)":{"at":14,"why":"wire type 7 does not exist","tail":"67"}}"#,
        ),
        ("eyJub3RlIjoi6YCA5qy+Pj8ifQ==", r#"{"note":"退款>?"}"#),
        (
            r#"{"k":[1,"#,
            r#"{"k":[1,{"(damage)":{"at":7,"why":"the text is cut off","tail":"2c"}}]}"#,
        ),
        ("plain \"text\"", r#""plain \"text\"""#),
    ] {
        let copied = Payload::of(text).root().to_json();
        assert_eq!(copied, json);
        assert_eq!(crate::model::json::check(&copied), Ok(()));
    }
}

#[test]
fn values_are_found_by_their_path_through_layers() {
    let order = r#"{"Order":{"id":812,"state":"Paid","items":[{"sku":"KB-87"}]},"a.b":true}"#;
    let packed = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, order);
    let wrapped = serde_json::json!({ "body": packed }).to_string();
    for text in [order, wrapped.as_str()] {
        let payload = Payload::of(text);
        let has = |path: &str, value: Option<&str>| {
            let path = Path::parse(path).expect("a path");
            payload.has(&path, value.map(Wanted::new).as_ref())
        };
        for (path, value) in [
            ("order.id", Some("812")),
            ("id", Some("812.0")),
            ("Order.id", None),
            ("state", Some("paid")),
            ("items.sku", Some("kb-87")),
            ("order.items.0.sku", None),
            ("a.b", Some("true")),
        ] {
            assert!(has(path, value), "{path} {value:?}");
        }
        for (path, value) in [
            ("order", Some("812")),
            ("order.sku", None),
            ("rder.id", None),
            ("ORDER.id", None),
            ("id", Some("81")),
            ("state", Some("PAID")),
            ("items.1.sku", None),
            ("b", None),
        ] {
            assert!(!has(path, value), "{path} {value:?}");
        }
    }
    let payload = Payload::of("\u{8}\u{1}\u{1a}\u{4}\u{8}\u{5}\u{10}\u{1}");
    let has = |path: &str, value: &str| {
        payload.has(
            &Path::parse(path).expect("a path"),
            Some(&Wanted::new(value)),
        )
    };
    assert!(has("3.1", "5") && has("3.1", "-3") && has("1", "true"));
    assert!(!has("3.1", "1") && !has("2", "5") && !has("1.3", "5"));
}

/// As gzip in base64.
fn packed(bytes: &[u8]) -> String {
    use std::io::Write as _;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(bytes).expect("a vector takes all");
    let gzip = gzip.finish().expect("a vector takes all");
    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, gzip)
}

/// A string with escapes needs room of its own besides what comes out of it.
#[test]
fn an_escaped_string_takes_its_share_of_the_output_before_what_is_in_it() {
    let escaped = format!("[\"{}\"]", "Pz8\\/".repeat(225));
    // So that about 1,200 bytes are left when the inner string comes: it has 900, and 675
    // come out of it.
    for spare in (0..8_000).step_by(200) {
        let bomb = packed(&vec![b'A'; MAX_OUTPUT - spare]);
        let text = serde_json::json!([bomb, escaped]).to_string();
        let payload = Payload::of(&text);
        let held: usize = payload.buffers().skip(1).map(<[u8]>::len).sum();
        assert!(held <= MAX_OUTPUT, "{spare}");
    }
}

/// Five kilobytes that are a message, and as zlib two megabytes that break off.
fn torn() -> Vec<u8> {
    // zlib's header is field 15; a stored block's is field 1, and its length, 0x0d05, is that
    // field's value and the tag of a 32-bit one.
    let mut bytes = vec![0x78, 0x01, 0x08, 0x05, 0x0d, 0xfa, 0xf2, b'A', b'A'];
    let zeros = vec![0; 2_000_000];
    let mut bomb = Vec::with_capacity(8_192);
    let mut raw = flate2::Compress::new(flate2::Compression::best(), false);
    let done = raw.compress_vec(&zeros, &mut bomb, flate2::FlushCompress::Sync);
    done.expect("it compresses");
    // What the stored block holds besides: a field over all the rest.
    let filling = 0x0d05 - 2 - 3;
    let rest = filling + bomb.len();
    let low = u8::try_from(rest & 0x7f).expect("seven bits") | 0x80;
    bytes.extend([0x0a, low, u8::try_from(rest >> 7).expect("below 16,384")]);
    bytes.extend(std::iter::repeat_n(b'B', filling));
    bytes.extend(bomb);
    bytes
}

#[test]
fn what_is_unpacked_in_vain_is_output_too() {
    let torn = torn();
    let mut most = MAX_OUTPUT;
    let verdict = judge::judge(&torn, judge::Place::Field, &mut most);
    assert!(matches!(verdict, judge::Verdict::Readings(_)));
    assert!(most <= MAX_OUTPUT - 2_000_000, "{most}");
}

#[test]
fn a_name_too_long_for_a_path_is_not_looked_at_for_each_node_below_it() {
    let name = "A".repeat(3_900_000);
    let items = "1,".repeat(50_000);
    let text = packed(format!("{{\"{name}\":[{items}1]}}").as_bytes());
    let payload = Payload::of(&text);
    assert!(payload.len() >= MAX_NODES);
    let path = Path::parse("x").expect("a path");
    // Reading the name 20,000 times would take minutes: the runner would stop the test.
    assert!(!payload.has(&path, None));
    // The longest spelling of a name there is.
    let payload = Payload::of(r#"{"\u212a\u0041":1}"#);
    let path = Path::parse("ka").expect("a path");
    assert!(payload.has(&path, None));
}

#[test]
fn a_glance_unpacks_little_and_reads_the_same_of_what_people_send() {
    let bomb = packed(&vec![b'A'; MAX_OUTPUT]);
    let bombs = serde_json::json!([bomb, bomb, bomb]).to_string();
    let held: usize = Payload::glance(&bombs)
        .buffers()
        .skip(1)
        .map(<[u8]>::len)
        .sum();
    assert!(held <= GLANCE_OUTPUT, "{held}");
    let card = format!(
        r#"{{"businessID":"card","scan":"{}"}}"#,
        packed(br#"{"a":"text"}"#)
    );
    assert_eq!(
        Payload::glance(&card).reading(),
        Payload::of(&card).reading()
    );
}

/// As base64 these are three numbers in order; what they are first of all is words.
#[test]
fn a_word_is_a_word_first() {
    for word in ["batch_download", "INITIALIZING"] {
        let payload = Payload::of(word);
        assert_eq!(payload.root().text().as_deref(), Some(word));
        let first = payload.root().children().next().map(Node::kind);
        assert!(
            matches!(first, None | Some(Kind::Text)),
            "{word}: {first:?}"
        );
    }
}
