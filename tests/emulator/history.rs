//! Pages of history: fields, order, holes, cuts, and walking to the start.

use serde_json::{Value, json};
use tim_history::emulator::{
    Echo, Emulator, Group, Kind, Knobs, Order, PageRule, Recalled, Topic, Truth, Unasked,
};

use super::client::{HISTORY, NOW, call, code, raw_call, seqs, serving, serving_with};

const COMMUNITY: &str = "@TGS#_@TGS#cQVLVHIM62CJ";
const TOPIC: &str = "@TGS#_@TGS#cQVLVHIM62CJ@TOPIC#_@TOPIC#cRTE3HIM62C5";

fn page(emulator: &Emulator, extra: Value) -> Value {
    let mut body = json!({"GroupId": "@TGS#A", "ReqMsgNumber": 20});
    let all = body.as_object_mut().expect("an object");
    if let Value::Object(extra) = extra {
        all.extend(extra);
    }
    call(emulator, HISTORY, &body)
}

#[test]
fn the_first_page_is_the_newest_and_descends() {
    let emulator = serving(vec![Group::chat("@TGS#A", 45)]);
    let reply = page(&emulator, json!({}));
    assert_eq!(seqs(&reply), (26..=45).rev().collect::<Vec<_>>());
    assert_eq!(reply["IsFinished"], 1);
    assert_eq!(reply["GroupId"], "@TGS#A");
    let newest = &reply["RspMsgList"][0];
    assert_eq!(newest["MsgBody"][0]["MsgContent"]["Text"], "message 45");
    assert_eq!(newest["MsgBody"][0]["MsgType"], "TIMTextElem");
    assert_eq!(newest["IsPlaceMsg"], 0);
    assert_eq!(newest["MsgTimeStamp"], 1_735_689_600 + 44 * 60);
    assert_eq!(newest["From_Account"], "user_0");
}

#[test]
fn the_seq_asked_for_is_included_and_the_last_page_is_short() {
    let emulator = serving(vec![Group::chat("@TGS#A", 45)]);
    assert_eq!(
        seqs(&page(
            &emulator,
            json!({"ReqMsgSeq": 25, "ReqMsgNumber": 2})
        )),
        [25, 24]
    );
    let last = page(&emulator, json!({"ReqMsgSeq": 5}));
    assert_eq!(seqs(&last), [5, 4, 3, 2, 1]);
    assert_eq!(last["IsFinished"], 1);
    let above = page(&emulator, json!({"ReqMsgSeq": u32::MAX, "ReqMsgNumber": 1}));
    assert_eq!(seqs(&above), [45]);
    // What a client does that does not stop below 1: it starts at the top again.
    assert_eq!(
        seqs(&page(&emulator, json!({"ReqMsgSeq": 0, "ReqMsgNumber": 1}))),
        [45]
    );
}

#[test]
fn more_than_twenty_are_cut() {
    let emulator = serving(vec![
        Group::chat("@TGS#A", 45),
        Group::chat("@TGS#B", 45).expired_to(45),
    ]);
    let reply = page(&emulator, json!({"ReqMsgNumber": 21}));
    assert_eq!((seqs(&reply).len(), &reply["IsFinished"]), (20, &json!(0)));
    let whole = page(&emulator, json!({"ReqMsgNumber": 100, "ReqMsgSeq": 4}));
    assert_eq!((seqs(&whole).len(), &whole["IsFinished"]), (4, &json!(1)));
    let expired = page(&emulator, json!({"GroupId": "@TGS#B", "ReqMsgNumber": 21}));
    assert_eq!(
        (seqs(&expired).len(), &expired["IsFinished"]),
        (20, &json!(2))
    );
}

#[test]
fn long_messages_cut_the_page_by_size() {
    let emulator = serving(vec![Group::streams("@TGS#A", 40, 100_000)]);
    let body = json!({"GroupId": "@TGS#A", "ReqMsgNumber": 20});
    let answer = raw_call(&emulator, HISTORY, &body);
    assert!(answer.body.len() < 1_100_000);
    let reply = answer.json();
    assert_eq!(seqs(&reply), (31..=40).rev().collect::<Vec<_>>());
    assert_eq!(reply["IsFinished"], 0);
    emulator.set(Knobs {
        reply_cap: 10,
        ..Knobs::default()
    });
    assert_eq!(seqs(&page(&emulator, json!({}))), [40], "one always comes");
}

#[test]
fn fields_are_read_strictly() {
    let emulator = serving(vec![Group::chat("@TGS#A", 45)]);
    let bad = [
        json!({"ReqMsgNumber": 20}),
        json!({"GroupId": 7, "ReqMsgNumber": 20}),
        json!({"GroupId": "@TGS#A"}),
        json!({"GroupId": "@TGS#A", "ReqMsgNumber": "20"}),
        json!({"GroupId": "@TGS#A", "ReqMsgNumber": 2.5}),
        json!({"GroupId": "@TGS#A", "ReqMsgNumber": 0}),
        json!({"GroupId": "@TGS#A", "ReqMsgNumber": -1}),
        json!({"GroupId": "@TGS#A", "ReqMsgNumber": null}),
        json!({"GroupId": "@TGS#A", "ReqMsgNumber": 20, "ReqMsgSeq": "45"}),
        json!({"GroupId": "@TGS#A", "ReqMsgNumber": 20, "ReqMsgSeq": 4_294_967_296_u64}),
        json!({"GroupId": "@TGS#A", "ReqMsgNumber": 20, "WithRecalledMsg": true}),
        json!({"GroupId": "@TGS#A", "ReqMsgNumber": 20, "TopicId": 3}),
        json!({"GroupId": "@TGS#A", "ReqMsgNumber": 20, "TopicId": "x"}),
        json!({}),
    ];
    for body in bad {
        assert_eq!(code(&emulator, HISTORY, &body), 10_004, "{body}");
    }
    let unknown = json!({"GroupId": "@TGS#A", "ReqMsgNumber": 1, "Whatever": {}, "TopicId": null});
    assert_eq!(code(&emulator, HISTORY, &unknown), 0);
}

#[test]
fn groups_that_cannot_be_read_say_why() {
    let emulator = serving(vec![
        Group::chat("@TGS#gone", 9).dismissed(),
        Group::chat("@TGS#live", 9).of_kind(Kind::AVChatRoom),
        Group::chat("@TGS#cast", 9).of_kind(Kind::BChatRoom),
        Group::chat("my group \"7\" / e", 9),
        Group::chat("@TGS#empty", 0),
    ]);
    let code = |id: &str| {
        code(
            &emulator,
            HISTORY,
            &json!({"GroupId": id, "ReqMsgNumber": 1}),
        )
    };
    assert_eq!(code("@TGS#gone"), 10_010);
    assert_eq!(code("@TGS#other"), 10_010);
    assert_eq!(code("@tgs#empty"), 10_010, "IDs are case-sensitive");
    assert_eq!(code("@TGS#live"), 10_044);
    assert_eq!(code("@TGS#cast"), 10_044);
    assert_eq!(code("my group \"7\" / e"), 0);
    for malformed in ["", "群", "a\tb", &"x".repeat(49)] {
        assert_eq!(code(malformed), 10_015, "{malformed:?}");
    }
    let empty = call(
        &emulator,
        HISTORY,
        &json!({"GroupId": "@TGS#empty", "ReqMsgNumber": 20}),
    );
    assert_eq!((seqs(&empty).len(), &empty["IsFinished"]), (0, &json!(1)));
}

#[test]
fn recalled_messages_look_as_the_knobs_say() {
    let group = Group::chat("@TGS#A", 5).with_truth(4..=4, Truth::Recalled);
    let emulator = serving(vec![group]);
    // What comes of seq 4 with a given flag: its mark and the elements of its body.
    let seen = |knobs: Knobs, flag: Option<u32>| {
        emulator.set(knobs);
        let extra = flag.map_or(json!({}), |flag| json!({"WithRecalledMsg": flag}));
        let reply = page(&emulator, extra);
        let items = reply["RspMsgList"].as_array().expect("a list").clone();
        let item = items.into_iter().find(|item| item["MsgSeq"] == 4)?;
        let elements = item["MsgBody"].as_array().map(Vec::len);
        Some((item["IsPlaceMsg"].as_u64()?, elements?))
    };
    let recalled = |recalled| Knobs {
        recalled,
        ..Knobs::default()
    };
    assert_eq!(seen(Knobs::default(), Some(1)), Some((2, 0)));
    assert_eq!(
        seen(recalled(Recalled::ListedWithBody), Some(1)),
        Some((2, 1))
    );
    assert_eq!(
        seen(recalled(Recalled::WithheldEvenWhenAsked), Some(1)),
        None
    );
    assert_eq!(seen(recalled(Recalled::AsGone), Some(1)), Some((1, 0)));
    assert_eq!(seen(Knobs::default(), Some(0)), None);
    assert_eq!(seen(Knobs::default(), None), None);
    let as_gone = Knobs {
        unasked: Unasked::AsGone,
        ..Knobs::default()
    };
    assert_eq!(seen(as_gone, None), Some((1, 0)));
}

#[test]
fn the_two_readings_of_a_page_differ_where_messages_are_left_out() {
    let group = Group::chat("@TGS#A", 60).with_truth(21..=45, Truth::Withheld);
    let emulator = serving(vec![group]);
    let counted = page(&emulator, json!({"ReqMsgSeq": 46}));
    let expected: Vec<u64> = [46].into_iter().chain((2..=20).rev()).collect();
    assert_eq!(seqs(&counted), expected);
    emulator.set(Knobs {
        page_rule: PageRule::WindowOfSeqs,
        ..Knobs::default()
    });
    assert_eq!(seqs(&page(&emulator, json!({"ReqMsgSeq": 46}))), [46]);
    let empty = page(&emulator, json!({"ReqMsgSeq": 44}));
    assert_eq!((seqs(&empty).len(), &empty["IsFinished"]), (0, &json!(1)));
}

/// Walks to seq 1 as the documents say and checks what comes against the truth.
fn walk(knobs: &Knobs) {
    let group = Group::with_holes("@TGS#A", 500);
    let truths: Vec<Truth> = (1..=500).map(|seq| group.truth(seq)).collect();
    for truth in [
        Truth::Present,
        Truth::Gone,
        Truth::Recalled,
        Truth::Withheld,
    ] {
        assert!(truths.contains(&truth));
    }
    let emulator = serving_with(vec![group], knobs.clone());
    let mut found = vec![Truth::Withheld; 500];
    let mut cursor = 500_u64;
    while cursor > 0 {
        let reply = page(
            &emulator,
            json!({"ReqMsgSeq": cursor, "WithRecalledMsg": 1}),
        );
        let seqs = seqs(&reply);
        assert!(seqs.is_sorted_by(|newer, older| newer > older));
        for item in reply["RspMsgList"].as_array().expect("a list") {
            let truth = match item["IsPlaceMsg"].as_u64() {
                Some(0) => Truth::Present,
                Some(1) => Truth::Gone,
                _ => Truth::Recalled,
            };
            let index = usize::try_from(item["MsgSeq"].as_u64().expect("a seq")).expect("small");
            let before = std::mem::replace(&mut found[index - 1], truth);
            assert_eq!(before, Truth::Withheld, "seq {index} came twice");
        }
        cursor = match (seqs.last(), knobs.page_rule) {
            (Some(last), PageRule::CountMessages) => last - 1,
            (None, PageRule::CountMessages) => 0,
            (_, PageRule::WindowOfSeqs) => cursor.saturating_sub(20),
        };
    }
    assert_eq!(found, truths);
}

#[test]
fn a_walk_counting_messages_finds_the_truth() {
    walk(&Knobs::default());
}

#[test]
fn a_walk_by_windows_finds_the_truth() {
    walk(&Knobs {
        page_rule: PageRule::WindowOfSeqs,
        ..Knobs::default()
    });
}

#[test]
fn expiry_takes_the_body_of_what_is_too_old() {
    let group = Group::chat("@TGS#A", 10).sent_at(NOW - 10 * 60, 60);
    let knobs = Knobs {
        // Message n is 11 - n minutes old.
        expiry: Some(std::time::Duration::from_mins(5)),
        ..Knobs::default()
    };
    let emulator = serving_with(vec![group], knobs);
    let reply = page(&emulator, json!({}));
    let marks: Vec<u64> = reply["RspMsgList"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|item| item["IsPlaceMsg"].as_u64().expect("a mark"))
        .collect();
    assert_eq!(marks, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
}

#[test]
fn a_topic_has_seqs_of_its_own() {
    let community = Group::chat(COMMUNITY, 9).with_topics(vec![
        Topic::new(TOPIC, "one", 3),
        Topic::new("@TOPIC#gone", "two", 3).deleted(),
    ]);
    let plain = Group::chat("@TGS#_plain", 9).of_kind(Kind::Community);
    let emulator = serving(vec![community, plain, Group::chat("@TGS#A", 3)]);
    let in_topic =
        |group: &str, topic: &str| json!({"GroupId": group, "ReqMsgNumber": 20, "TopicId": topic});
    let reply = call(&emulator, HISTORY, &in_topic(COMMUNITY, TOPIC));
    assert_eq!(seqs(&reply), [3, 2, 1]);
    assert_eq!(reply["GroupId"], COMMUNITY);
    let own = call(
        &emulator,
        HISTORY,
        &json!({"GroupId": COMMUNITY, "ReqMsgNumber": 20}),
    );
    assert_eq!(seqs(&own).len(), 9);
    assert_eq!(
        code(&emulator, HISTORY, &in_topic(COMMUNITY, "@TOPIC#gone")),
        110_003
    );
    assert_eq!(
        code(&emulator, HISTORY, &in_topic(COMMUNITY, "@TOPIC#none")),
        110_003
    );
    assert_eq!(
        code(&emulator, HISTORY, &in_topic("@TGS#_plain", TOPIC)),
        11_000
    );
    assert_eq!(code(&emulator, HISTORY, &in_topic("@TGS#A", TOPIC)), 10_004);
    // The topic's ID in place of the community's is no group ID.
    assert_eq!(
        code(
            &emulator,
            HISTORY,
            &json!({"GroupId": TOPIC, "ReqMsgNumber": 1})
        ),
        10_015
    );
    emulator.set(Knobs {
        echo: Echo::Topic,
        ..Knobs::default()
    });
    assert_eq!(
        call(&emulator, HISTORY, &in_topic(COMMUNITY, TOPIC))["GroupId"],
        TOPIC
    );
}

#[test]
fn items_given_are_sent_byte_for_byte() {
    let item = b"{\"MsgSeq\":2, \"Odd\" : \"\xff\\ud83d\"}";
    let emulator = serving(vec![Group::chat("@TGS#A", 3).with_item(2, *item)]);
    let body = json!({"GroupId": "@TGS#A", "ReqMsgNumber": 20});
    let answer = raw_call(&emulator, HISTORY, &body);
    assert!(answer.body.windows(item.len()).any(|window| window == item));
}

#[test]
fn a_group_grows_with_time_and_changes_under_the_reader() {
    let emulator = serving(vec![Group::chat("@TGS#A", 10).growing(0.25)]);
    let newest = |emulator: &Emulator| seqs(&page(emulator, json!({"ReqMsgNumber": 1})))[0];
    assert_eq!(newest(&emulator), 10);
    emulator.set(Knobs {
        time_passed: std::time::Duration::from_secs(41),
        ..Knobs::default()
    });
    assert_eq!(newest(&emulator), 20);
    emulator.set(Knobs::default());
    emulator.change(|world| {
        let group = world.group_mut("@TGS#A").expect("the group");
        group.set_truth(10..=10, Truth::Recalled);
        group.grow(2);
    });
    let reply = page(&emulator, json!({"WithRecalledMsg": 1}));
    assert_eq!(seqs(&reply)[..3], [12, 11, 10]);
    assert_eq!(reply["RspMsgList"][2]["IsPlaceMsg"], 2);
    emulator.change(|world| world.group_mut("@TGS#A").map(Group::dismiss));
    assert_eq!(
        code(
            &emulator,
            HISTORY,
            &json!({"GroupId": "@TGS#A", "ReqMsgNumber": 1})
        ),
        10_010
    );
}

#[test]
fn replies_can_do_without_their_status() {
    let emulator = serving(vec![Group::chat("@TGS#A", 3)]);
    emulator.set(Knobs {
        bare_replies: true,
        ..Knobs::default()
    });
    let reply = page(&emulator, json!({}));
    assert!(reply.get("ActionStatus").is_none() && reply.get("ErrorInfo").is_none());
    assert_eq!(reply["ErrorCode"], 0);
}

#[test]
fn odd_pages_can_be_had() {
    let emulator = serving(vec![Group::chat("@TGS#A", 3)]);
    emulator.set(Knobs {
        is_finished: Some(7),
        order: Order::OldestFirst,
        ..Knobs::default()
    });
    let reply = page(&emulator, json!({}));
    assert_eq!(
        (seqs(&reply), &reply["IsFinished"]),
        (vec![1, 2, 3], &json!(7))
    );
}
