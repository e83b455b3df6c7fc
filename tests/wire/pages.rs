//! Pages as the documents show them.

use std::fmt::Write as _;

use tim_history::model::element::{Body, summary};
use tim_history::model::message::{Finished, ItemState, Message};

use crate::{conversation, page_of, pages, read};

/// Hostile or damaged text, whose shown form is the sanitiser's own affair.
const NOT_SHOWN: [&str; 3] = [
    "16_control_chars_and_hostile_text",
    "17_lone_surrogate",
    "18_invalid_utf8",
];

#[test]
fn every_fixture_reads_and_shows_in_lines() {
    for (name, body) in pages() {
        let page = read(&body, &conversation(&name)).expect(&name);
        if NOT_SHOWN.contains(&name.as_str()) {
            continue;
        }
        let mut text = format!("finished: {:?}\n", page.finished);
        for message in &page.items {
            writeln!(text, "{}", line(message)).expect("a string takes it");
        }
        insta::assert_snapshot!(name, text);
    }
}

fn line(message: &Message) -> String {
    let seq = message.seq.map_or("-".to_owned(), |seq| seq.to_string());
    let time = message
        .time
        .map_or("-".to_owned(), |time| time.seconds().to_string());
    let sender = message
        .sender
        .as_ref()
        .map_or("-", |sender| sender.as_str());
    let system = if message.system { " system" } else { "" };
    let parts = summary(&Body::decode(message));
    let parts: Vec<_> = parts.iter().map(|part| part.text.as_str()).collect();
    let state = format!("{:?}{system}", message.state);
    format!("{seq} {time} {sender} {state} | {}", parts.join(" | "))
}

#[test]
fn every_fixture_has_the_number_of_items_it_holds() {
    for (name, body) in pages() {
        let page = read(&body, &conversation(&name)).expect(&name);
        let text = String::from_utf8_lossy(&body).replace("\\ud83d", "?");
        let value: serde_json::Value = serde_json::from_str(&text).expect(&name);
        let list = value["RspMsgList"].as_array().map_or(0, Vec::len);
        assert_eq!(page.items.len(), list, "{name}");
        for message in &page.items {
            assert!(message.seq.is_some(), "{name}");
            assert!(!matches!(message.state, ItemState::Unreadable(_)), "{name}");
        }
    }
}

#[test]
fn numbers_are_unsigned_and_may_be_strings() {
    let page = page_of("13_u32_and_string_numbers");
    let seqs: Vec<_> = page
        .items
        .iter()
        .filter_map(|item| item.seq)
        .map(tim_history::model::ids::Seq::get)
        .collect();
    assert_eq!(
        seqs,
        [4_294_967_295, 4_294_967_294, 4_294_967_293, 4_294_967_292]
    );
    assert_eq!(page.items[0].random, Some(u32::MAX));
    let strings = &page.items[2];
    assert_eq!(strings.random, Some(51_083_293));
    assert_eq!(
        strings
            .time
            .map(tim_history::model::message::Timestamp::seconds),
        Some(1_735_689_600)
    );
    assert_eq!(strings.state, ItemState::Present);
    assert_eq!(strings.priority, Some(1), "High");
    let number = &page.items[3];
    assert_eq!(
        number
            .sender
            .as_ref()
            .map(tim_history::model::ids::UserId::as_str),
        Some("12345")
    );
    assert_eq!(number.priority, Some(9), "as it came");
}

#[test]
fn placeholders_say_what_they_are() {
    let states = |name| -> Vec<_> {
        let page = page_of(name);
        page.items.into_iter().map(|item| item.state).collect()
    };
    assert!(states("05a_recalled_flag_set_body_empty").contains(&ItemState::Recalled));
    assert!(states("05d_recalled_flag_absent_as_hole").contains(&ItemState::Gone));
    assert!(
        states("04_all_expired_isfinished2")
            .iter()
            .all(|state| *state == ItemState::Gone)
    );
    let heavy = page_of("03_placeholder_heavy");
    assert!(heavy.items.iter().any(|item| item.sender.is_none()));
    assert!(heavy.items.iter().any(|item| item.time.is_none()));
}

#[test]
fn a_good_answer_keeps_its_words_up_to_a_screenful() {
    let info = |words: &str| {
        let body = format!(r#"{{"ErrorCode":0,"ErrorInfo":{words},"RspMsgList":[]}}"#);
        let page = read(body.as_bytes(), &crate::group_g()).expect("a page");
        page.info.as_str().to_owned()
    };
    assert_eq!(info(r#""read from a replica""#), "read from a replica");
    assert_eq!(info(r#""a\u001bb""#), "a^[b");
    assert_eq!(info(&format!("\"{}\"", "x".repeat(5_000))).len(), 2_000);
}

#[test]
fn finished_keeps_values_that_no_document_knows() {
    let finished = |field: &str| {
        let body = format!(r#"{{"ErrorCode":0,"RspMsgList":[]{field}}}"#);
        read(body.as_bytes(), &crate::group_g())
            .expect("a page")
            .finished
    };
    assert_eq!(finished(r#","IsFinished":"0""#), Finished::Cut);
    assert_eq!(
        finished(r#","IsFinished":7"#),
        Finished::Other(Some("7".to_owned()))
    );
    assert_eq!(
        finished(r#","IsFinished":{"a":1}"#),
        Finished::Other(Some("{\"a\":1}".to_owned()))
    );
    assert_eq!(finished(""), Finished::Other(None));
    assert_eq!(
        page_of("04_all_expired_isfinished2").finished,
        Finished::Expired
    );
    assert_eq!(page_of("20_short_page_isfinished0").finished, Finished::Cut);
}

#[test]
fn a_page_without_messages_is_a_page() {
    for name in ["12a_empty_list", "12b_missing_list", "12c_null_list"] {
        assert!(page_of(name).items.is_empty(), "{name}");
    }
}

#[test]
fn damaged_text_is_marked_and_its_bytes_are_kept() {
    let page = page_of("17_lone_surrogate");
    assert!(page.items[0].repaired && !page.items[1].repaired);
    let raw = String::from_utf8_lossy(page.items[0].raw.bytes()).into_owned();
    assert!(raw.contains(r"cut emoji \ud83d"), "{raw}");
    let page = page_of("18_invalid_utf8");
    assert!(page.items[0].repaired);
    assert!(
        page.items[0]
            .raw
            .bytes()
            .windows(4)
            .any(|bytes| bytes == b"\xff\xfe\xc3(")
    );
}

#[test]
fn hostile_text_reaches_nobody_through_a_summary() {
    for name in NOT_SHOWN {
        for message in page_of(name).items {
            for part in summary(&Body::decode(&message)) {
                let text = part.text.as_str();
                assert!(
                    !text.contains(|c: char| c.is_control() && c != '\n' && c != '\t'),
                    "{text:?}"
                );
            }
        }
    }
}
