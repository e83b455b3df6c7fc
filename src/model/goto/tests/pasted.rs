//! What is rather pasted than typed.

use super::*;
use crate::model::ids::{Conversation, GroupId, SdkAppId, TopicId};
use crate::model::permalink;

#[test]
fn a_client_message_id_is_a_time_and_a_random() {
    let text = "144115198339527735-1607914832-2133922461";
    let id = MessageId {
        time: at(1_607_914_832),
        random: 2_133_922_461,
    };
    assert_eq!(destination(text), Destination::Message(id));
    assert_eq!(
        words(text, "Asia/Shanghai"),
        "random 2133922461 near Mon 2020-12-14 11:00:32 +08:00"
    );
    let largest = "1-1607914832-4294967295";
    let id = MessageId {
        random: u32::MAX,
        ..id
    };
    assert_eq!(destination(largest), Destination::Message(id));
}

#[test]
fn a_permalink_goes_elsewhere() {
    let conversation = Conversation::group(GroupId::new("@TGS#2J4SZEAEL"));
    let link = permalink::link(SdkAppId(1_400_000_000), &conversation, seq(812));
    let target = Target {
        app: Some(SdkAppId(1_400_000_000)),
        conversation,
        seq: Some(seq(812)),
    };
    assert_eq!(destination(&link), Destination::Elsewhere(target));
    assert_eq!(
        words(&link, "UTC"),
        "seq 812 in @TGS#2J4SZEAEL, app 1400000000"
    );
    assert_eq!(words("@TGS#2J4SZEAEL", "UTC"), "@TGS#2J4SZEAEL");
    let hostile = "tim-history://1/%1b%5B31mred%E2%80%AE/1";
    assert!(!words(hostile, "UTC").contains(['\u{1b}', '\u{202e}']));
}

#[test]
fn a_pasted_callback_names_its_message() {
    let elsewhere = |group: &str, topic: Option<&str>, number| {
        let conversation = Conversation {
            group: GroupId::new(group),
            topic: topic.map(TopicId::new),
        };
        Destination::Elsewhere(Target {
            app: None,
            conversation,
            seq: Some(seq(number)),
        })
    };
    let table = [
        (
            r#"{"CallbackCommand":"Group.CallbackAfterSendMsg","GroupId":"@TGS#A","MsgSeq":123,"MsgBody":[{"MsgSeq":5}]}"#,
            elsewhere("@TGS#A", None, 123),
        ),
        (
            r#" { "GroupId" : "@TGS#_A", "TopicId" : "@TGS#_A@TOPIC#_B", "MsgSeq" : "4294967295" } "#,
            elsewhere("@TGS#_A", Some("@TGS#_A@TOPIC#_B"), u32::MAX),
        ),
        // Cut off, as a long paste is.
        (
            r#"{"GroupId":"a\/b","TopicId":"","MsgSeq":7,"MsgBody":[{"#,
            elsewhere("a/b", None, 7),
        ),
        (
            r#"{"CallbackCommand":"Group.CallbackAfterRecallMsg","GroupId":"g","MsgSeqList":[{"MsgSeq":130}]}"#,
            elsewhere("g", None, 130),
        ),
        (
            r#"{"From_Account":"alice","MsgSeq":812}"#,
            Destination::Seq(seq(812)),
        ),
    ];
    for (text, there) in table {
        assert_eq!(destination(text), there, "{text}");
    }
    assert_eq!(
        words(r#"{"GroupId":"g","MsgSeq":1233}"#, "UTC"),
        "seq 1,233 in g"
    );
    assert_eq!(words(r#"{"MsgSeq":812}"#, "UTC"), "seq 812, from the JSON");
}
