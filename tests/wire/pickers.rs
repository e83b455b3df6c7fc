//! Replies about groups, topics, members and users.

use tim_history::api::wire;
use tim_history::model::error::Fault;
use tim_history::model::group::{GroupType, Member, Mute};
use tim_history::model::ids::{GroupId, UserId};
use tim_history::model::message::Timestamp;

use crate::fixture;

fn picker(name: &str) -> Vec<u8> {
    fixture(&format!("group_picker/{name}.json"))
}

#[test]
fn the_cursor_of_the_group_list_has_64_bits() {
    let read = |name| wire::group_list(&picker(name)).expect(name);
    let first = read("get_appid_group_list_page1");
    assert_eq!(
        (first.next, first.total, first.ids.len()),
        (Some(4_454_685_361), Some(3), 2)
    );
    let last = read("get_appid_group_list_last");
    assert_eq!(last.next, None, "0 is the end");
    assert_eq!(last.ids, [GroupId::new("my group \"7\" / e")]);
    let bare = read("get_appid_group_list_no_next_no_errorinfo");
    assert_eq!((bare.next, bare.total), (None, Some(58_530)));
    assert_eq!(
        read("get_appid_group_list_u64_next").next,
        Some(18_446_744_073_709_551_614)
    );
    let odd = wire::group_list(br#"{"ErrorCode":0,"Next":"18446744073709551615","GroupIdList":[{"GroupId":7},{},null,"bare",{"groupID":"x"}]}"#).expect("a list");
    assert_eq!(odd.next, Some(u64::MAX));
    assert_eq!(odd.ids, ["7", "bare", "x"].map(GroupId::new));
}

#[test]
fn each_group_has_its_own_verdict() {
    let answers =
        wire::group_info(&picker("get_group_info_with_per_group_errors")).expect("groups");
    assert_eq!(answers.len(), 5);
    let first = answers[0].info.as_ref().expect("a group");
    assert_eq!(first.kind, Some(GroupType::Public));
    assert_eq!(first.next_seq, Some(1234));
    assert_eq!(first.owner, Some(UserId::new("leckie")));
    assert_eq!(first.muted, Some(false));
    assert_eq!(first.join_option.as_deref(), Some("FreeAccess"));
    let second = answers[1].info.as_ref().expect("a group");
    assert_eq!(
        (&second.owner, second.last_message, second.name.as_deref()),
        (&None, None, Some(""))
    );
    assert_eq!(
        answers[3].info,
        Err((10_010, "this group does not exist".to_owned()))
    );
    assert_eq!(
        answers[4].info,
        Err((10_015, "invalid group id".to_owned()))
    );
}

#[test]
fn the_code_of_the_whole_counts_only_where_no_group_came() {
    let with = br#"{"ErrorCode":10002,"GroupInfo":[{"GroupId":"g","ErrorCode":0}]}"#;
    assert_eq!(wire::group_info(with).expect("groups").len(), 1);
    for without in [
        &br#"{"ErrorCode":10002}"#[..],
        br#"{"ErrorCode":10002,"GroupInfo":[]}"#,
    ] {
        assert!(matches!(
            wire::group_info(without),
            Err(Fault::Service { code: 10_002, .. })
        ));
        let topics = String::from_utf8_lossy(without).replace("GroupInfo", "TopicAndSelfInfo");
        assert!(matches!(
            wire::topics(topics.as_bytes()),
            Err(Fault::Service { code: 10_002, .. })
        ));
    }
    assert!(matches!(
        wire::group_info(b"{}"),
        Err(Fault::Malformed { .. })
    ));
}

#[test]
fn joined_groups_bring_their_names() {
    let joined = wire::joined_groups(&picker("get_joined_group_list")).expect("groups");
    assert_eq!(joined.total, Some(2));
    let (id, group) = &joined.groups[0];
    assert_eq!(
        (id.as_str(), group.name.as_deref()),
        ("@TGS#16UMONKGG", Some("d"))
    );
    assert_eq!((group.next_seq, group.last_message), (Some(2), None));
    let (_, community) = &joined.groups[1];
    assert_eq!(
        (community.kind.as_ref(), community.topics),
        (Some(&GroupType::Community), Some(true))
    );
}

#[test]
fn roles_lose_their_trailing_space_and_cards_may_be_empty() {
    let members = wire::members(&picker("get_group_member_info")).expect("members");
    assert_eq!(members[0].name_card.as_deref(), Some("Bob (shift lead)"));
    assert_eq!(
        (members[1].role.as_deref(), &members[1].name_card),
        (Some("Member"), &None)
    );
    let when = |seconds| Timestamp::new(seconds).expect("a time");
    let bob = &members[0];
    assert_eq!(
        (bob.joined, bob.last_sent),
        (Some(when(1_425_976_500)), Some(when(1_425_976_500)))
    );
    assert_eq!(
        (bob.muted_until, bob.read_seq),
        (Some(when(1_431_069_882)), Some(1233))
    );
    assert_eq!((members[1].muted_until, members[1].last_sent), (None, None));
    assert_eq!(
        (
            members[2].muted(Some(when(1_600_000_000))),
            members[2].read_seq
        ),
        (Mute::ForGood, Some(0)),
        "nothing read is not unknown"
    );
    let named = wire::members(&picker("get_specified_group_member_info")).expect("members");
    assert_eq!(named[0].name_card.as_deref(), Some("客服小李"));
    let community =
        wire::members(&picker("get_group_member_info_community_next")).expect("members");
    assert_eq!(community.len(), 1);
}

#[test]
fn facts_of_members_are_read_however_they_are_written() {
    let odd = wire::members(
        br#"{"ErrorCode":0,"MemberList":[
            {"Member_Account":"a","JoinTime":"1425976500","MuteUntil":"0","MsgSeq":"12","LastSendMsgTime":1425976500.0},
            {"Member_Account":"b","JoinTime":0,"MuteUntil":-1,"MsgSeq":-1,"LastSendMsgTime":null},
            {"Member_Account":"c","JoinTime":{},"MuteUntil":[],"MsgSeq":4294967296,"LastSendMsgTime":"soon"},
            {"JoinTime":1425976500}]}"#,
    )
    .expect("members");
    let sent = Timestamp::new(1_425_976_500);
    let a = Member {
        joined: sent,
        read_seq: Some(12),
        last_sent: sent,
        ..Member::new(UserId::new("a"))
    };
    let unknown = |id: &str| Member::new(UserId::new(id));
    assert_eq!(
        odd,
        [a, unknown("b"), unknown("c")],
        "and who has no name is nobody"
    );
}

#[test]
fn topics_have_names_or_reasons() {
    let topics = wire::topics(&picker("get_topic")).expect("topics");
    let first = topics[0].info.as_ref().expect("a topic");
    assert_eq!(
        (first.name.as_deref(), first.next_seq, first.muted),
        (Some("TestTopicName"), Some(1), Some(false))
    );
    assert_eq!(topics[1].info, Err((110_003, "topic deleted".to_owned())));
    let old = wire::topics(
        br#"{"ErrorCode":0,"TopicAndSelfInfo":[{"TopicInfo":{"TopicId":"t","ShutUpAllFlag":1}}]}"#,
    )
    .expect("topics");
    assert_eq!(old[0].info.as_ref().expect("a topic").muted, Some(true));
}

#[test]
fn users_without_a_nick_are_still_answered_for() {
    let names = wire::names(&picker("portrait_get_with_failure")).expect("users");
    let nicks: Vec<_> = names
        .iter()
        .map(|profile| profile.nick.as_deref())
        .collect();
    assert_eq!(nicks, [Some("NickNameTest1"), None, None, None]);
    let odd = wire::names(br#"{"ErrorCode":0,"UserProfileItem":[{"To_Account":7,"ProfileItem":[{"Tag":"Tag_Profile_IM_Nick","Value":42}]}]}"#).expect("users");
    assert_eq!(
        (odd[0].user.as_str(), odd[0].nick.as_deref()),
        ("7", Some("42"))
    );
    let refused = fixture("errors/40001_literal.json");
    assert!(matches!(
        wire::names(&refused),
        Err(Fault::Service { code: 40_001, .. })
    ));
}
