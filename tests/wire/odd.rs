//! Items and envelopes that no document promises.

use tim_history::model::error::Fault;
use tim_history::model::ids::{Conversation, GroupId, TopicId};
use tim_history::model::message::ItemState;

use crate::{group_g, message, page_with, read};

fn seq(item: &str) -> Option<u32> {
    message(item.as_bytes())
        .seq
        .map(tim_history::model::ids::Seq::get)
}

#[test]
fn a_seq_that_is_none_leaves_the_message_visible() {
    for value in [
        "0",
        "-1",
        "4294967296",
        "1.5",
        "\"\"",
        "\"x\"",
        "null",
        "true",
        "[1]",
        "{}",
        "1e300",
    ] {
        let item = format!(r#"{{"MsgSeq":{value},"From_Account":"a"}}"#);
        let message = message(item.as_bytes());
        assert_eq!(message.seq, None, "{value}");
        assert_eq!(message.state, ItemState::Present, "{value}");
        assert!(message.sender.is_some());
    }
    assert_eq!(seq("{}"), None);
}

#[test]
fn a_seq_may_be_written_in_any_way_that_names_one() {
    for value in ["7", "\"7\"", "\" 7 \"", "7.0", "70e-1", "\"7.0\""] {
        assert_eq!(seq(&format!(r#"{{"MsgSeq":{value}}}"#)), Some(7), "{value}");
    }
    assert_eq!(
        seq(r#"{"MsgSeq":6,"MsgSeq":7}"#),
        Some(7),
        "the last of two counts"
    );
    assert_eq!(seq(r#"{"Msg\u0053eq":7}"#), Some(7));
}

#[test]
fn broken_items_keep_their_seq_and_their_neighbours() {
    for broken in [
        r#"{"MsgSeq":7,"MsgBody":[1,]}"#,
        r#"{"MsgSeq":7,"a":nul}"#,
        r#"{"a" 1,"MsgSeq":7}"#,
        r#"{"a":"\x","MsgSeq":"7"}"#,
        r#"{"MsgSeq":7,"a":01}"#,
        "{\"MsgSeq\":7,\"a\":\u{0}1}",
    ] {
        let items = format!(r#"{{"MsgSeq":8}},{broken},{{"MsgSeq":6}}"#);
        let page = read(&page_with(items.as_bytes()), &group_g()).expect(broken);
        let seqs: Vec<_> = page
            .items
            .iter()
            .map(|item| item.seq.map(tim_history::model::ids::Seq::get))
            .collect();
        assert_eq!(seqs, [Some(8), Some(7), Some(6)], "{broken}");
        let state = &page.items[1].state;
        assert!(
            matches!(state, ItemState::Unreadable(why) if why.contains("not valid JSON")),
            "{broken}"
        );
        assert_eq!(page.items[1].raw.bytes(), broken.as_bytes());
    }
}

#[test]
fn items_that_are_no_objects_stay_on_the_page() {
    for item in ["7", "null", "\"x\"", "[]", "tru"] {
        let message = message(item.as_bytes());
        assert_eq!(message.seq, None);
        assert!(matches!(message.state, ItemState::Unreadable(_)), "{item}");
    }
}

#[test]
fn raw_control_bytes_in_a_string_are_mended() {
    let message = message(b"{\"MsgSeq\":7,\"From_Account\":\"a\x01\x1bb\"}");
    assert!(message.repaired);
    assert_eq!(message.state, ItemState::Present);
    assert_eq!(message.sender.expect("a sender").as_str(), "a\u{1}\u{1b}b");
}

#[test]
fn the_second_spelling_of_a_field_counts_where_the_first_is_missing() {
    let body = br#"{"ErrorCode":"0","groupID":"g","MsgList":[{"MsgSeq":1,"MsgTime":5},{"MsgSeq":2,"MsgTimeStamp":0,"MsgTime":"6"},{"MsgSeq":3,"MsgTimeStamp":7.5}]}"#;
    let page = read(body, &group_g()).expect("a page");
    let times: Vec<_> = page
        .items
        .iter()
        .map(|item| {
            item.time
                .map(tim_history::model::message::Timestamp::seconds)
        })
        .collect();
    assert_eq!(times, [Some(5), Some(6), Some(7)]);
}

#[test]
fn system_messages_are_known_by_flag_or_by_form() {
    assert!(message(br#"{"IsSystemMsg":1,"MsgBody":[]}"#).system);
    assert!(message(br#"{"IsSystemMsg":"1"}"#).system);
    assert!(message(br#"{"MsgBody":{"OpType":1}}"#).system);
    assert!(!message(br#"{"IsSystemMsg":0,"MsgBody":{"Text":1}}"#).system);
}

#[test]
fn a_byte_order_mark_is_no_obstacle() {
    let mut body = b"\xEF\xBB\xBF".to_vec();
    body.extend(page_with(br#"{"MsgSeq":1}"#));
    let page = read(&body, &group_g()).expect("a page");
    assert_eq!(page.items[0].raw.bytes(), br#"{"MsgSeq":1}"#);
}

#[test]
fn an_answer_about_another_conversation_is_refused() {
    let topic = Conversation {
        group: GroupId::new("g"),
        topic: Some(TopicId::new("t")),
    };
    let answer = |id: &str| format!(r#"{{"ErrorCode":0,"GroupId":{id},"RspMsgList":[]}}"#);
    for good in ["\"g\"", "\"t\"", "\"\\u0067\"", "null", "\"\""] {
        assert!(read(answer(good).as_bytes(), &topic).is_ok(), "{good}");
    }
    assert!(read(answer("\"t\"").as_bytes(), &group_g()).is_err());
    let fault = read(answer("\"other\"").as_bytes(), &topic).expect_err("another group");
    assert_eq!(
        fault.to_string(),
        "cannot read the reply: asked about t, answered about other"
    );
}

#[test]
fn what_is_not_one_whole_object_is_malformed() {
    for body in [
        "",
        " \n",
        "[]",
        "7",
        "\"x\"",
        "null",
        "{}",
        "{\"ErrorCode\":0",
        "{\"ErrorCode\":0}}",
        "{\"ErrorCode\":0,}",
        r#"{"ErrorCode":0,"RspMsgList":{}}"#,
        r#"{"ErrorCode":0,"RspMsgList":"x"}"#,
        r#"{"ErrorCode":"x"}"#,
        r#"{"ErrorCode":-1}"#,
        r#"{"ErrorCode":0,"RspMsgList":[{"a":[}]}"#,
        r#"{"RspMsgList":null}"#,
    ] {
        let fault = read(body.as_bytes(), &group_g()).expect_err(body);
        assert!(matches!(fault, Fault::Malformed { .. }), "{body}: {fault}");
    }
    assert!(
        read(br#"{"RspMsgList":[]}"#, &group_g()).is_ok(),
        "a list without a code"
    );
}
