//! Callers as they are out there: what their libraries send, and what becomes
//! of those that break off or send no HTTP at all.

use serde_json::json;
use tim_history::emulator::{Emulator, Group, Knobs, World};

use super::client::{
    HISTORY, JOINED, NOW, PORTRAITS, SOME_MEMBERS, TOPICS, Wire, call, code, exchange, post, query,
    seqs, serving,
};

const BODY: &str = r#"{"GroupId":"A","ReqMsgNumber":2}"#;

fn group() -> Emulator {
    serving(vec![Group::chat("A", 45)])
}

#[test]
fn what_is_not_http_is_answered_as_the_documents_say() {
    let emulator = group();
    let good = query();
    let bad = [
        // A user name that nobody escaped.
        good.replace("administrator", "admin istrator"),
        good.replace("administrator", "\"admin\""),
        // A signature with the line end of the file it came from.
        good.replace("&random", "\r\n&random"),
        format!("{good}&x={}", "a".repeat(70_000)),
    ];
    for query in bad {
        let mut wire = Wire::to(&emulator);
        wire.send(&post(HISTORY, &query, BODY.as_bytes()));
        let answer = wire.receive().expect("an answer");
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.json(),
            json!({"ActionStatus": "FAIL", "ErrorCode": 60_002, "ErrorInfo": "HTTP parse Error"})
        );
        assert!(wire.receive().is_none(), "the connection ends");
    }
    assert_eq!(
        exchange(&emulator, &post(HISTORY, &good, BODY.as_bytes())).code(),
        0
    );
}

#[test]
fn requests_that_break_off_are_no_calls() {
    let knobs = Knobs {
        rate_limit: 1,
        rate_window: std::time::Duration::from_hours(1),
        ..Knobs::default()
    };
    let world = World::of(vec![Group::chat("A", 45)]).at(NOW);
    let emulator = Emulator::start(world, knobs, 0).expect("a free port");
    let whole = post(HISTORY, &query(), BODY.as_bytes());
    for _ in 0..5 {
        let mut wire = Wire::to(&emulator);
        wire.send(whole.strip_suffix(b"2}").expect("the body"));
        wire.finish();
        assert!(wire.receive().is_none_or(|answer| answer.body.is_empty()));
    }
    assert!(emulator.calls().is_empty());
    assert_eq!(
        exchange(&emulator, &whole).code(),
        0,
        "the one call of the hour"
    );
}

#[test]
fn a_body_that_never_comes_is_not_waited_for() {
    let emulator = group();
    emulator.set(Knobs {
        patience: std::time::Duration::from_millis(1),
        ..Knobs::default()
    });
    let mut wire = Wire::to(&emulator);
    let whole = post(HISTORY, &query(), BODY.as_bytes());
    wire.send(whole.strip_suffix(b"2}").expect("the body"));
    assert_eq!(wire.receive().expect("an answer").code(), 60_008);
    assert!(wire.receive().is_none(), "the connection ends");
}

#[test]
fn a_body_beyond_measure_is_refused_and_the_next_caller_served() {
    let emulator = group();
    let mut wire = Wire::to(&emulator);
    let length = (1 << 20) + 1;
    let head = format!(
        "POST /v4/{HISTORY}?{} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n",
        query()
    );
    wire.send(head.as_bytes());
    wire.send(&vec![b' '; length]);
    assert_eq!(wire.receive().expect("an answer").code(), 60_003);
    assert_eq!(
        exchange(&emulator, &post(HISTORY, &query(), BODY.as_bytes())).code(),
        0
    );
}

#[test]
fn requests_sent_ahead_are_answered_in_their_order() {
    let emulator = group();
    let mut wire = Wire::to(&emulator);
    let ask = |seq: u32| json!({"GroupId": "A", "ReqMsgNumber": 1, "ReqMsgSeq": seq}).to_string();
    let all: Vec<u8> = (1..=5)
        .flat_map(|seq| post(HISTORY, &query(), ask(seq).as_bytes()))
        .collect();
    wire.send(&all);
    for seq in 1..=5 {
        assert_eq!(seqs(&wire.receive().expect("an answer").json()), [seq]);
    }
}

#[test]
fn a_body_that_waits_for_leave_gets_it() {
    let emulator = group();
    let mut wire = Wire::to(&emulator);
    let (query, length) = (query(), BODY.len());
    let head = format!(
        "POST /v4/{HISTORY}?{query} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n"
    );
    wire.send(head.as_bytes());
    assert_eq!(wire.receive_head().expect("leave").0, 100);
    wire.send(BODY.as_bytes());
    assert_eq!(wire.receive().expect("an answer").code(), 0);
}

#[test]
fn an_offer_of_http_2_is_passed_over() {
    let emulator = group();
    let (query, length) = (query(), BODY.len());
    let request = format!(
        "POST /v4/{HISTORY}?{query} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\n\
         Upgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAB\r\nContent-Length: {length}\r\n\r\n{BODY}"
    );
    assert_eq!(exchange(&emulator, request.as_bytes()).code(), 0);
}

#[test]
fn user_ids_that_are_no_strings_have_a_code_of_their_own() {
    let community = Group::chat("C", 3).with_topics(Vec::new());
    let emulator = serving(vec![Group::chat("A", 3), community]);
    let cases = [
        (JOINED, json!({"Member_Account": 8472})),
        (
            SOME_MEMBERS,
            json!({"GroupId": "A", "Member_List_Account": ["a", 1]}),
        ),
        (PORTRAITS, json!({"To_Account": [1], "TagList": []})),
        (TOPICS, json!({"GroupId": "C", "From_Account": ["a"]})),
    ];
    for (path, body) in cases {
        assert_eq!(code(&emulator, path, &body), 60_015, "{body}");
    }
    // The table of that page says number, its samples String.
    for account in [json!(8472), json!("administrator")] {
        let body = json!({"GroupId": "C", "From_Account": account});
        assert_eq!(code(&emulator, TOPICS, &body), 0, "{body}");
    }
}

#[test]
fn what_libraries_send_for_fields_left_open_is_as_good_as_nothing() {
    let emulator = group();
    let newest = call(
        &emulator,
        HISTORY,
        &json!({"GroupId": "A", "ReqMsgNumber": 2}),
    );
    let forms = [
        json!({"GroupId": "A", "ReqMsgNumber": 2, "ReqMsgSeq": 0}),
        json!({"GroupId": "A", "ReqMsgNumber": 2, "ReqMsgSeq": null, "WithRecalledMsg": null, "TopicId": null}),
        json!({"GroupId": "A", "ReqMsgNumber": 2, "WithRecalledMsg": 0}),
        json!({"GroupId": "A", "ReqMsgNumber": 2, "ReqMsgSeq": u32::MAX}),
        json!({"GroupId": "A", "ReqMsgNumber": 2, "From_Account": "x", "Unknown": {}}),
    ];
    for form in forms {
        assert_eq!(call(&emulator, HISTORY, &form), newest, "{form}");
    }
}
