//! Limits, and what goes wrong on purpose.

use std::time::{Duration, Instant};

use serde_json::json;
use tim_history::emulator::{Emulator, Group, Knobs};

use super::client::{
    HISTORY, INFO, LIST, Wire, code, exchange, post, query, raw_call, serving, serving_with,
};

/// Long enough that no machine is slow enough to matter.
const HOUR: Duration = Duration::from_hours(1);

const ASK: &str = r#"{"GroupId":"A","ReqMsgNumber":20}"#;

fn with(knobs: Knobs) -> Emulator {
    serving_with(vec![Group::chat("A", 45)], knobs)
}

fn history(emulator: &Emulator) -> u64 {
    exchange(emulator, &post(HISTORY, &query(), ASK.as_bytes())).code()
}

#[test]
fn listing_all_groups_twice_in_a_second_is_too_often() {
    let emulator = with(Knobs {
        rate_window: HOUR,
        ..Knobs::default()
    });
    assert_eq!(code(&emulator, LIST, &json!({})), 0);
    assert_eq!(code(&emulator, LIST, &json!({})), 10_006);
    assert_eq!(emulator.violations(), 1);
}

#[test]
fn each_command_has_a_limit_of_its_own() {
    let emulator = with(Knobs {
        rate_limit: 3,
        rate_window: HOUR,
        ..Knobs::default()
    });
    let codes: Vec<u64> = (0..5).map(|_| history(&emulator)).collect();
    assert_eq!(codes, [0, 0, 0, 60_007, 60_007]);
    assert_eq!(code(&emulator, INFO, &json!({"GroupIdList": ["A"]})), 0);
    assert_eq!(emulator.violations(), 2);
}

#[test]
fn the_documented_rate_is_two_hundred() {
    let emulator = with(Knobs {
        rate_window: HOUR,
        ..Knobs::default()
    });
    let mut wire = Wire::to(&emulator);
    let request = post(HISTORY, &query(), br#"{"GroupId":"A","ReqMsgNumber":1}"#);
    let mut batch = Vec::new();
    for _ in 0..201 {
        batch.extend_from_slice(&request);
    }
    // All at once; the service reads them one after another.
    wire.send(&batch);
    let codes: Vec<u64> = (0..201)
        .map(|_| wire.receive().expect("an answer").code())
        .collect();
    assert_eq!(codes.iter().filter(|code| **code == 0).count(), 200);
    assert_eq!(codes.last(), Some(&60_007));
}

#[test]
fn every_nth_call_fails_with_the_code() {
    let emulator = with(Knobs {
        fail_every: Some((3, 10_002)),
        ..Knobs::default()
    });
    let codes: Vec<u64> = (0..6).map(|_| history(&emulator)).collect();
    assert_eq!(codes, [0, 0, 10_002, 0, 0, 10_002]);
    let outcomes: Vec<_> = emulator.calls().iter().map(|call| call.outcome).collect();
    assert_eq!(outcomes[2], Some(10_002));
}

#[test]
fn a_fault_can_be_kept_to_one_command() {
    let emulator = with(Knobs {
        fail_always: Some(60_021),
        only: Some("group_msg_get_simple".to_owned()),
        ..Knobs::default()
    });
    assert_eq!(history(&emulator), 60_021);
    assert_eq!(code(&emulator, INFO, &json!({"GroupIdList": ["A"]})), 0);
    emulator.set(Knobs::default());
    assert_eq!(history(&emulator), 0);
}

#[test]
fn a_gateway_in_front_answers_with_a_page() {
    let emulator = with(Knobs {
        http_502_every: Some(2),
        ..Knobs::default()
    });
    assert_eq!(history(&emulator), 0);
    let answer = exchange(&emulator, &post(HISTORY, &query(), ASK.as_bytes()));
    assert_eq!(answer.status, 502);
    assert!(answer.body.starts_with(b"<html>"));
    assert_eq!(emulator.calls()[1].outcome, Some(502));
}

#[test]
fn a_body_can_end_in_the_middle() {
    let emulator = with(Knobs {
        cut_body_every: Some(1),
        ..Knobs::default()
    });
    let mut wire = Wire::to(&emulator);
    wire.send(&post(HISTORY, &query(), ASK.as_bytes()));
    assert!(wire.receive().is_none(), "the promised length never comes");
    emulator.set(Knobs::default());
    assert_eq!(history(&emulator), 0);
}

#[test]
fn a_hung_call_does_not_hold_the_others() {
    let emulator = with(Knobs {
        hang: true,
        only: Some("get_group_info".to_owned()),
        ..Knobs::default()
    });
    let mut hung = Wire::to(&emulator);
    hung.send(&post(INFO, &query(), br#"{"GroupIdList":["A"]}"#));
    while emulator.calls().is_empty() {
        std::thread::yield_now();
    }
    assert_eq!(history(&emulator), 0);
    let calls = emulator.calls();
    assert_eq!((calls[0].outcome, calls[0].done), (None, None));
    assert!(calls[1].done.is_some());
}

#[test]
fn latency_delays_the_answer_and_not_the_other_calls() {
    let latency = Duration::from_millis(500);
    let emulator = with(Knobs {
        latency,
        jitter: Duration::from_millis(20),
        ..Knobs::default()
    });
    let start = Instant::now();
    let mut wires: Vec<Wire> = (0..5).map(|_| Wire::to(&emulator)).collect();
    for wire in &mut wires {
        wire.send(&post(HISTORY, &query(), ASK.as_bytes()));
    }
    for wire in &mut wires {
        assert_eq!(wire.receive().expect("an answer").code(), 0);
    }
    assert!(start.elapsed() >= latency);
    let calls = emulator.calls();
    let last_arrival = calls.iter().map(|call| call.at).max();
    let first_answer = calls.iter().filter_map(|call| call.done).min();
    assert!(last_arrival < first_answer, "all were in flight together");
}

#[test]
fn one_group_can_be_slower_than_another() {
    let emulator = with(Knobs {
        slow_group: Some(("A".to_owned(), HOUR)),
        ..Knobs::default()
    });
    let mut slow = Wire::to(&emulator);
    slow.send(&post(HISTORY, &query(), ASK.as_bytes()));
    while emulator.calls().is_empty() {
        std::thread::yield_now();
    }
    assert_eq!(
        code(
            &emulator,
            HISTORY,
            &json!({"GroupId": "B", "ReqMsgNumber": 1})
        ),
        10_010
    );
    assert_eq!(emulator.calls()[0].outcome, None);
}

#[test]
fn knobs_are_read_back_as_set() {
    let emulator = with(Knobs::default());
    let knobs = Knobs {
        latency: Duration::from_millis(1),
        hang: true,
        ..Knobs::default()
    };
    emulator.set(knobs.clone());
    assert_eq!(emulator.knobs(), knobs);
}

#[test]
fn replies_that_would_be_too_long_are_refused() {
    let crowd = |n: usize| {
        let members =
            (0..450).map(|m| tim_history::emulator::Member::new(&format!("{n:020}{m:012}")));
        Group::chat(&format!("g{n}"), 1).with_members(members.collect())
    };
    let emulator = serving((0..50).map(crowd).collect());
    let ids: Vec<String> = (0..50).map(|n| format!("g{n}")).collect();
    let answer = raw_call(&emulator, INFO, &json!({"GroupIdList": ids}));
    assert_eq!(answer.code(), 10_018);
}
