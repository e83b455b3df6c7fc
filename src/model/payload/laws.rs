//! Laws over generated payloads.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use proptest::prelude::*;
use prost::encoding::{self, WireType};

use super::*;
use crate::model::json;
use crate::model::time::Zone;

/// Every law that holds whatever the bytes are.
fn lawful(payload: &Payload) -> Result<(), TestCaseError> {
    let buffers: usize = payload
        .buffers
        .iter()
        .map(|buffer| buffer.bytes.len())
        .sum();
    prop_assert!(buffers <= MAX_INPUT + MAX_OUTPUT);
    // Damage and the readings of the last regions come on top.
    prop_assert!(payload.len() <= MAX_NODES + 100);
    for node in payload.root().walk() {
        prop_assert!(node.depth() <= MAX_DEPTH as usize + 2);
        let (whole, content) = (node.whole(), node.content());
        let buffer = payload.buffer(whole.buffer);
        prop_assert!(whole.range.start <= whole.range.end && whole.range.end <= buffer.len());
        prop_assert!(whole.range.start <= content.range.start);
        prop_assert!(content.range.start <= content.range.end);
        prop_assert!(content.range.end <= whole.range.end, "{:?}", node);
        let children: Vec<_> = node.children().collect();
        prop_assert!(
            children
                .iter()
                .all(|child| child.parent().map(Node::id) == Some(node.id()))
        );
        match node.kind() {
            Kind::Message | Kind::Group | Kind::Delimited(Holding::Message) => {
                let start = children.first().map(|child| child.whole().range.start);
                // Fields in a string with escapes stand in a buffer of their own.
                let mut at = start.unwrap_or_default();
                prop_assert!(start.is_none_or(|start| start == content.range.start));
                for child in &children {
                    prop_assert_eq!(child.whole().range.start, at);
                    at = child.whole().range.end;
                }
                prop_assert!(start.is_none() || at == content.range.end);
            }
            // Too deep: only its brackets were matched.
            Kind::Object | Kind::Array if node.bound().is_some() => {}
            Kind::Object | Kind::Array => {
                let mut at = content.range.start;
                for child in &children {
                    let whole = child.whole();
                    let gap = buffer.get(at..whole.range.start).unwrap_or(b"?");
                    prop_assert!(gap.iter().all(|byte| b" \t\r\n,".contains(byte)), "{gap:?}");
                    at = whole.range.end;
                }
                let gap = buffer.get(at..content.range.end).unwrap_or(b"?");
                prop_assert!(gap.iter().all(|byte| b" \t\r\n".contains(byte)), "{gap:?}");
            }
            Kind::Layer(layer) => {
                let inside = children.first().map(|child| child.whole());
                let inside = inside.unwrap_or_else(|| whole.clone());
                prop_assert_eq!(payload.layer(inside.buffer), Some(layer));
                prop_assert_eq!(inside.range, 0..payload.buffer(inside.buffer).len());
            }
            Kind::Choice | Kind::Delimited(Holding::Readings) => {
                for child in &children {
                    prop_assert_eq!(child.label(), Label::Reading);
                    prop_assert_eq!(child.whole(), content.clone());
                }
            }
            Kind::String => {
                for child in &children {
                    let whole = child.whole();
                    let own = whole.buffer == content.buffer && whole.range == content.range;
                    prop_assert!(own || whole.range == (0..payload.buffer(whole.buffer).len()));
                }
            }
            Kind::Number
            | Kind::Word
            | Kind::Varint
            | Kind::Fixed64
            | Kind::Fixed32
            | Kind::Delimited(Holding::Text | Holding::Bytes)
            | Kind::Text
            | Kind::Bytes
            | Kind::Damage(_) => prop_assert!(children.is_empty()),
        }
        let _ = node.line(&Zone::utc(), None);
    }
    let copied = payload.root().to_json();
    prop_assert_eq!(json::check(&copied), Ok(()), "{}", copied);
    let _ = payload.texts().count();
    Ok(())
}

/// A field with its value.
#[derive(Debug, Clone)]
enum Value {
    Varint(u64),
    Fixed32(u32),
    Fixed64(u64),
    Text(String),
    Message(Vec<(u32, Value)>),
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<u64>().prop_map(Value::Varint),
        any::<u32>().prop_map(Value::Fixed32),
        any::<u64>().prop_map(Value::Fixed64),
        "[a-zA-Z0-9 ,.é退款]{4,20}".prop_map(Value::Text),
    ];
    leaf.prop_recursive(4, 30, 5, |inner| {
        proptest::collection::vec((1..2_000_u32, inner), 1..5).prop_map(Value::Message)
    })
}

fn message() -> impl Strategy<Value = Vec<(u32, Value)>> {
    // It begins with a number, as most do, and has a text in it.
    let text = "[a-zA-Z0-9 ,.é退款]{4,20}".prop_map(Value::Text);
    let rest = proptest::collection::vec((1..2_000_u32, value()), 0..6);
    (any::<u64>(), 1..16_u32, text, rest).prop_map(|(first, number, text, mut rest)| {
        rest.insert(0, (number, text));
        rest.insert(0, (1, Value::Varint(first)));
        rest
    })
}

fn encode(fields: &[(u32, Value)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (number, value) in fields {
        match value {
            Value::Varint(value) => encoding::uint64::encode(*number, value, &mut out),
            Value::Fixed32(value) => encoding::fixed32::encode(*number, value, &mut out),
            Value::Fixed64(value) => encoding::fixed64::encode(*number, value, &mut out),
            Value::Text(text) => encoding::string::encode(*number, text, &mut out),
            Value::Message(fields) => {
                let inside = encode(fields);
                encoding::encode_key(*number, WireType::LengthDelimited, &mut out);
                encoding::encode_varint(inside.len() as u64, &mut out);
                out.extend(inside);
            }
        }
    }
    out
}

/// Whether `node` has exactly these fields, by one of its readings: a short text may as
/// well be meant as it stands.
fn holds(node: Node<'_>, fields: &[(u32, Value)]) -> bool {
    let is_message = |node: &Node<'_>| {
        matches!(
            node.kind(),
            Kind::Message | Kind::Delimited(Holding::Message)
        )
    };
    let readings = std::iter::once(node).chain(node.children());
    let mut readings = readings.map(Node::unpacked);
    let Some(message) = readings.find(is_message) else {
        return false;
    };
    let mut left = message.children();
    let same = fields.iter().all(|(number, value)| {
        let Some(node) = left
            .next()
            .filter(|node| node.label() == Label::Field(*number))
        else {
            return false;
        };
        let unsigned = |value: u64| node.meanings(None).first() == Some(&Meaning::Unsigned(value));
        match value {
            Value::Varint(value) | Value::Fixed64(value) => unsigned(*value),
            Value::Fixed32(value) => unsigned((*value).into()),
            Value::Text(text) => node.text().as_deref() == Some(text),
            Value::Message(fields) => holds(node, fields),
        }
    });
    same && left.next().is_none()
}

/// One way in which apps wrap.
#[derive(Debug, Clone, Copy)]
enum Wrap {
    Base64,
    Base64Url,
    Hex,
    Gzip,
    Zlib,
}

fn wrapped(bytes: &[u8], wrap: Wrap) -> Vec<u8> {
    match wrap {
        Wrap::Base64 => STANDARD.encode(bytes).into_bytes(),
        Wrap::Base64Url => URL_SAFE_NO_PAD.encode(bytes).into_bytes(),
        Wrap::Hex => bytes
            .iter()
            .flat_map(|byte| format!("{byte:02x}").into_bytes())
            .collect(),
        Wrap::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(bytes).expect("memory takes all");
            encoder.finish().expect("memory takes all")
        }
        Wrap::Zlib => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(bytes).expect("memory takes all");
            encoder.finish().expect("memory takes all")
        }
    }
}

fn wraps() -> impl Strategy<Value = Vec<Wrap>> {
    let one = prop_oneof![
        Just(Wrap::Base64),
        Just(Wrap::Base64Url),
        Just(Wrap::Hex),
        Just(Wrap::Gzip),
        Just(Wrap::Zlib),
    ];
    proptest::collection::vec(one, 0..5)
}

/// What begins like everything that is decoded, cut, mixed and spoiled.
fn odd_text() -> impl Strategy<Value = String> {
    r#"([{}\[\]":,\\a0é\u{8}\u{a}\u{12}\u{1a}\u{1b}\u{fffd}\u{7f}]|\{"a":|"k":|\\"|\u{80}|\u{1f}\u{8b}\u{8}|x\u{9c}|[A-Za-z0-9+/=*_-]{8}|[0-9a-f]{8}|\PC){0,40}"#
}

proptest! {
    /// Any text has a tree whose ranges are in order.
    #[test]
    fn any_text_is_read(text in odd_text()) {
        lawful(&Payload::of(&text))?;
    }

    /// Any bytes have.
    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(prop_oneof![any::<u8>(), 0..40_u8], 0..120)) {
        lawful(&Payload::of_bytes(&bytes))?;
    }

    /// A message that is cut, or has a byte changed, still has.
    #[test]
    fn damaged_messages_are_read(fields in message(), at in any::<prop::sample::Index>(), byte: u8, cut: bool) {
        let mut bytes = encode(&fields);
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        lawful(&Payload::of_bytes(&bytes))?;
        let characters: String = bytes.iter().map(|byte| char::from(*byte)).collect();
        lawful(&Payload::of(&characters))?;
        lawful(&Payload::of(&String::from_utf8_lossy(&bytes)))?;
    }

    /// What another implementation encodes comes back, in whatever it is wrapped.
    #[test]
    fn messages_come_back_through_layers(fields in message(), wraps in wraps()) {
        let bytes = wraps.iter().fold(encode(&fields), |bytes, wrap| wrapped(&bytes, *wrap));
        let payload = Payload::of_bytes(&bytes);
        lawful(&payload)?;
        prop_assert!(holds(payload.root(), &fields), "{:?}", payload);
        let characters: String = bytes.iter().map(|byte| char::from(*byte)).collect();
        let payload = Payload::of(&characters);
        lawful(&payload)?;
        prop_assert!(holds(payload.root(), &fields), "{:?}", payload);
    }

    /// JSON comes back from JSON strings, and from what wraps it.
    #[test]
    fn json_comes_back_through_layers(
        key in "[a-z]{1,8}", text in r"[ -~é退\n]{1,40}", number: u64, strings in 0..4_usize, wraps in wraps(),
    ) {
        let value = serde_json::json!({ key.as_str(): { "text": text, "n": number } });
        let json = (0..strings).fold(value.to_string(), |inner, _| {
            serde_json::json!({ "data": inner }).to_string()
        });
        let bytes = wraps.iter().fold(json.into_bytes(), |bytes, wrap| wrapped(&bytes, *wrap));
        let payload = Payload::of_bytes(&bytes);
        lawful(&payload)?;
        let path = Path::parse(&format!("{key}.n")).expect("a path");
        prop_assert!(payload.has(&path, Some(&Wanted::new(&number.to_string()))), "{:?}", payload);
    }
}

/// Sixteen letters and digits may be an identifier; what they are the base64 of is shown
/// beside it.
#[test]
fn a_short_message_in_layers_is_a_second_reading() {
    let fields = [(1, Value::Varint(0)), (1, Value::Text(", .,".to_owned()))];
    let bytes = wrapped(&wrapped(&encode(&fields), Wrap::Base64), Wrap::Base64);
    let payload = Payload::of_bytes(&bytes);
    assert_eq!(payload.root().kind(), Kind::Choice);
    assert!(holds(payload.root(), &fields), "{payload:?}");
}

#[test]
fn bounds_are_kept_and_said() {
    let bound = |payload: &Payload, bound: Bound| {
        lawful(payload).expect("lawful");
        let said = payload.root().walk().any(|node| {
            node.bound() == Some(bound) || node.kind() == Kind::Damage(Why::Bound(bound))
        });
        assert!(said, "{bound:?}");
    };
    let long = format!("{{\"a\":1}}{}", " ".repeat(MAX_INPUT));
    bound(&Payload::of(&long), Bound::Input);
    let bomb = wrapped(&wrapped(&vec![0; 5 << 20], Wrap::Gzip), Wrap::Base64);
    bound(&Payload::of_bytes(&bomb), Bound::Output);
    let many = format!("{{\"a\":[{}1]}}", "1,".repeat(MAX_NODES));
    bound(&Payload::of(&many), Bound::Nodes);
    bound(
        &Payload::of_bytes(&b"\x08\x01".repeat(MAX_NODES + 1)),
        Bound::Nodes,
    );
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(100), "]".repeat(100));
    bound(&Payload::of(&deep), Bound::Depth);
    let groups = [b"\x0b".repeat(100), b"\x0c".repeat(100)].concat();
    bound(
        &Payload::of_bytes(&[&b"\x08\x01"[..], &groups].concat()),
        Bound::Depth,
    );
    let mut nested = b"\x0a\x04text".to_vec();
    for _ in 0..100 {
        let mut outer = vec![0x0a];
        encoding::encode_varint(nested.len() as u64, &mut outer);
        outer.extend(nested);
        nested = outer;
    }
    lawful(&Payload::of_bytes(&nested)).expect("lawful");
}

#[test]
fn work_grows_with_the_bytes_only() {
    // Strings in strings in strings double their escapes; lists of lists look like messages.
    let mut text = "x".to_owned();
    while text.len() < MAX_INPUT / 4 {
        text = serde_json::json!([text, text]).to_string();
    }
    lawful(&Payload::of(&text)).expect("lawful");
    let mut nested = vec![0x0a, 0];
    while nested.len() < MAX_INPUT / 4 {
        let mut outer = Vec::new();
        for _ in 0..2 {
            outer.push(0x0a);
            encoding::encode_varint(nested.len() as u64, &mut outer);
            outer.extend(&nested);
        }
        nested = outer;
    }
    lawful(&Payload::of_bytes(&nested)).expect("lawful");
}
