//! Laws over any bytes and over damaged replies.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::Value;
use tim_history::api::wire;
use tim_history::model::element::{Body, summary};
use tim_history::model::error::Fault;
use tim_history::model::json::{self, TokenKind};
use tim_history::model::message::{ItemState, Message};

use crate::{conversation, group_g, page_with, pages, read};

#[test]
fn a_page_cut_anywhere_is_malformed_and_never_a_part_of_itself() {
    for (name, body) in pages() {
        let body = body.trim_ascii_end();
        let conversation = conversation(&name);
        for end in 0..body.len() {
            match read(&body[..end], &conversation) {
                Err(Fault::Malformed { .. }) => {}
                other => panic!("{name} cut at {end}: {other:?}"),
            }
        }
    }
}

#[test]
fn the_json_of_a_message_is_a_range_of_the_untouched_body_and_reads_again() {
    for (name, body) in pages() {
        let body: Arc<[u8]> = body.into();
        let page = wire::page(&body, &conversation(&name)).expect("a fixture");
        for message in &page.items {
            let raw = message.raw.bytes();
            assert!(
                body.as_ptr_range().contains(&raw.as_ptr()),
                "{name}: not a copy"
            );
            let again = read(&page_with(raw), &group_g()).expect("its item alone");
            let again = &again.items[0];
            assert_eq!(again.raw.bytes(), raw);
            let bare = |message: &Message| Message {
                raw: "".into(),
                ..message.clone()
            };
            assert_eq!(bare(again), bare(message), "{name}");
        }
    }
}

/// Reads `bytes` in every way there is; true of whatever comes out.
fn exercise(bytes: &[u8]) {
    let body: Arc<[u8]> = bytes.into();
    if let Ok(page) = wire::page(&body, &group_g()) {
        page.items.iter().for_each(look_at);
    }
    let _ = wire::group_list(bytes);
    let _ = wire::group_info(bytes);
    let _ = wire::joined_groups(bytes);
    let _ = wire::members(bytes);
    let _ = wire::topics(bytes);
    let _ = wire::names(bytes);
    look_at(&Message {
        seq: None,
        time: None,
        sender: None,
        state: ItemState::Present,
        system: false,
        random: None,
        priority: None,
        repaired: false,
        raw: tim_history::model::message::Raw::new(body, 0..bytes.len()),
    });
    let (text, repairs) = json::repair(bytes);
    let (again, none) = json::repair(text.as_bytes());
    assert!(!none.any() && again == text, "mended once, mended for good");
    assert_eq!(repairs.any(), text.as_bytes() != bytes);
    let safe = json::escape_unsafe(bytes);
    let harmful = |c: char| (c.is_control() && !matches!(c, '\n' | '\r' | '\t')) || c == '\u{202e}';
    assert!(!safe.contains(harmful));
}

fn look_at(message: &Message) {
    for part in summary(&Body::decode(message)) {
        assert!(!part.text.as_str().contains('\u{1b}'));
    }
    let raw = message.raw.bytes();
    let pretty = json::pretty(raw);
    assert!(!pretty.is_empty());
    // Nothing is left out: without space, the lines say what the text says.
    let shown: String = pretty.lines().map(|line| line.to_string()).collect();
    let dense = |text: &str| {
        text.chars()
            .filter(|c| !c.is_whitespace())
            .collect::<String>()
    };
    let text = String::from_utf8_lossy(raw);
    assert_eq!(
        dense(&shown),
        dense(text.strip_prefix('\u{feff}').unwrap_or(&text))
    );
    let coloured = pretty
        .lines()
        .flat_map(json::Line::tokens)
        .any(|(kind, _)| kind == TokenKind::Broken);
    assert!(!coloured || pretty.is_broken());
}

/// JSON with duplicate keys, odd numbers and nesting, as text.
fn any_json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|b| b.to_string()),
        any::<i64>().prop_map(|n| n.to_string()),
        any::<f64>()
            .prop_filter("finite", |n| n.is_finite())
            .prop_map(|n| format!("{n:e}")),
        any::<String>().prop_map(|text| Value::String(text).to_string()),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        let keys = prop_oneof![
            any::<String>(),
            "MsgSeq|MsgBody|MsgType|MsgContent|OpType|MsgList|Text".prop_map(String::from),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6)
                .prop_map(|items| format!("[{}]", items.join(" , "))),
            prop::collection::vec((keys, inner), 0..6).prop_map(|members| {
                let members: Vec<_> = members
                    .iter()
                    .map(|(key, value)| format!("{}: {value}", Value::String(key.clone())))
                    .collect();
                format!("{{\n{}}}", members.join(",\n"))
            }),
        ]
    })
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        exercise(&bytes);
        exercise(&page_with(&bytes));
    }

    #[test]
    fn any_brackets_quotes_and_escapes_are_survived(text in r#"([\[\]{},:"\\ ]|\\u[dD][89cC]00|"MsgSeq"|1|true|[\u{0}\u{1b}é])*"#) {
        exercise(text.as_bytes());
        exercise(&page_with(text.as_bytes()));
    }

    #[test]
    fn damaged_replies_are_survived(which in any::<prop::sample::Index>(), hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8), end in any::<prop::sample::Index>()) {
        let all = pages();
        let mut body = which.get(&all).1.clone();
        for (at, byte) in hits {
            let at = at.index(body.len());
            body[at] = byte;
        }
        exercise(&body);
        body.truncate(end.index(body.len()));
        exercise(&body);
    }

    /// A layout, a short form and a safe form of JSON are the same JSON.
    #[test]
    fn every_form_of_a_text_is_equal_in_value(text in any_json()) {
        let meant = value(&text);
        prop_assert_eq!(json::check(&text), Ok(()));
        prop_assert_eq!(&value(&json::compact(text.as_bytes())), &meant);
        prop_assert_eq!(&value(&json::escape_unsafe(text.as_bytes())), &meant);
        let pretty = json::pretty(text.as_bytes());
        prop_assert!(!pretty.is_broken());
        let lines: Vec<_> = pretty.lines().map(|line| line.to_string()).collect();
        prop_assert_eq!(&value(&lines.join("\n")), &meant);
        exercise(&page_with(text.as_bytes()));
    }

    /// The tape reads what serde_json reads.
    #[test]
    fn strings_decode_as_serde_json_decodes_them(text in any::<String>()) {
        let quoted = Value::String(text.clone()).to_string();
        let tape = json::Tape::parse(quoted.as_bytes(), 0).expect("a string");
        prop_assert_eq!(tape.root().string(), Some(text));
    }
}
