//! HTTP itself: methods, paths, bodies, connections, headers.

use serde_json::json;
use tim_history::emulator::{Emulator, Group, Knobs, World};

use super::client::{HISTORY, LIST, NOW, Wire, exchange, post, query, serving};

const BODY: &str = r#"{"GroupId":"A","ReqMsgNumber":2}"#;

fn group() -> Emulator {
    serving(vec![Group::chat("A", 45)])
}

#[test]
fn a_get_is_answered_with_the_text_people_have_seen() {
    let emulator = group();
    let request = format!("GET /v4/{HISTORY}?{} HTTP/1.1\r\nHost: x\r\n\r\n", query());
    let answer = exchange(&emulator, request.as_bytes());
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({"ActionStatus": "FAIL", "ErrorCode": 60_002, "ErrorInfo": "HTTP parse Error"})
    );
}

#[test]
fn paths_are_exact() {
    let emulator = group();
    let cases = [
        ("nowhere/nothing", 60_009),
        ("Group_open_http_svc/group_msg_get_simple", 60_009),
        ("group_open_http_svc/group_msg_get_simple/", 60_009),
        ("group_open_http_svc", 60_009),
        // The service is there and does not know the word; nothing here writes.
        ("group_open_http_svc/Group_msg_get_simple", 10_003),
        ("group_open_http_svc/send_group_msg", 10_003),
    ];
    for (path, code) in cases {
        let answer = exchange(&emulator, &post(path, &query(), BODY.as_bytes()));
        assert_eq!((answer.status, answer.code()), (200, code), "{path}");
    }
    let bare = format!(
        "POST /?{} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{{}}",
        query()
    );
    assert_eq!(exchange(&emulator, bare.as_bytes()).code(), 60_009);
}

#[test]
fn a_body_that_is_not_json_is_refused() {
    let emulator = group();
    for body in ["", "GroupId=A", "{\"GroupId\":\"A\",}", "[1]", "\u{feff}{}"] {
        let answer = exchange(&emulator, &post(HISTORY, &query(), body.as_bytes()));
        assert_eq!(answer.code(), 60_003, "{body:?}");
    }
}

#[test]
fn content_types_do_not_matter() {
    let emulator = group();
    for kind in [
        "application/json; charset=utf-8",
        "text/plain",
        "application/x-www-form-urlencoded",
    ] {
        let request = format!(
            "POST /v4/{HISTORY}?{} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{BODY}",
            query(),
            BODY.len()
        );
        assert_eq!(exchange(&emulator, request.as_bytes()).code(), 0, "{kind}");
    }
}

#[test]
fn one_connection_carries_many_calls() {
    let emulator = group();
    let mut wire = Wire::to(&emulator);
    for _ in 0..3 {
        wire.send(&post(HISTORY, &query(), BODY.as_bytes()));
        assert_eq!(wire.receive().expect("an answer").code(), 0);
    }
}

#[test]
fn old_and_simple_clients_are_served() {
    let emulator = group();
    let query = query();
    let length = BODY.len();
    let old =
        format!("POST /v4/{HISTORY}?{query} HTTP/1.0\r\nContent-Length: {length}\r\n\r\n{BODY}");
    let close = format!(
        "POST /v4/{HISTORY}?{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{BODY}"
    );
    let chunked = format!(
        "POST /v4/{HISTORY}?{query} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n{BODY}\r\n0\r\n\r\n"
    );
    for request in [old, close, chunked] {
        let mut wire = Wire::to(&emulator);
        wire.send(request.as_bytes());
        wire.finish();
        assert_eq!(wire.receive().expect("an answer").code(), 0, "{request}");
    }
}

#[test]
fn the_date_is_the_worlds_and_can_be_wrong() {
    let emulator = group();
    let date = |emulator: &Emulator| {
        let answer = exchange(emulator, &post(HISTORY, &query(), BODY.as_bytes()));
        assert_eq!(
            answer.header("content-type"),
            None,
            "the service sends none"
        );
        answer.header("date").map(str::to_owned)
    };
    assert_eq!(
        date(&emulator).as_deref(),
        Some("Thu, 09 Oct 2025 08:53:20 GMT")
    );
    emulator.set(Knobs {
        clock_skew: -3600,
        ..Knobs::default()
    });
    assert_eq!(
        date(&emulator).as_deref(),
        Some("Thu, 09 Oct 2025 07:53:20 GMT")
    );
}

#[test]
fn calls_are_written_down_without_the_signature() {
    let emulator = group();
    exchange(&emulator, &post(HISTORY, &query(), BODY.as_bytes()));
    exchange(&emulator, &post(LIST, &query(), b"no"));
    let calls = emulator.calls();
    let [first, second] = calls.as_slice() else {
        panic!("two calls, not {}", calls.len());
    };
    assert_eq!(first.command, "group_msg_get_simple");
    assert_eq!(first.body["GroupId"], "A");
    assert_eq!((first.order, first.outcome), (0, Some(0)));
    assert!(
        first
            .query
            .contains(&("usersig".to_owned(), "***".to_owned()))
    );
    assert_eq!((second.order, second.outcome), (1, Some(60_003)));
    assert_eq!(second.body, json!(null));
    assert!(second.at >= first.at);
}

#[test]
fn dropping_it_frees_the_port() {
    let emulator = group();
    let port = emulator.address().port();
    let mut open = Wire::to(&emulator);
    drop(emulator);
    assert!(open.receive().is_none());
    let again = Emulator::start(World::of(Vec::new()).at(NOW), Knobs::default(), port);
    assert_eq!(again.map(|again| again.address().port()).ok(), Some(port));
}

#[test]
fn the_profile_to_paste_is_complete() {
    let emulator = group();
    let profile: toml::Value = toml::from_str(&emulator.profile_toml()).expect("TOML");
    let demo = &profile["profiles"]["demo"];
    assert_eq!(profile["default_profile"].as_str(), Some("demo"));
    assert_eq!(demo["endpoint"].as_str(), Some(emulator.url().as_str()));
    assert_eq!(demo["sdk_app_id"].as_integer(), Some(1_400_000_000));
    assert_eq!(demo["identifier"].as_str(), Some("administrator"));
}
