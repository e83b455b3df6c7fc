//! Lists, details, members, topics, profiles.

use serde_json::{Value, json};
use tim_history::emulator::{Emulator, Group, Kind, Knobs, Member, Role, Topic, User, World};

use super::client::{
    INFO, JOINED, LIST, MEMBERS, NOW, PORTRAITS, SOME_MEMBERS, TOPICS, call, code, serving,
    serving_with,
};

fn many(count: usize) -> Vec<Group> {
    (0..count)
        .map(|n| Group::chat(&format!("group {n}"), 3))
        .collect()
}

/// As if each call had a second to itself.
fn patient() -> Knobs {
    Knobs {
        list_rate_limit: 1000,
        ..Knobs::default()
    }
}

fn ids(reply: &Value, list: &str) -> Vec<String> {
    let list = reply[list].as_array().expect("a list").iter();
    list.map(|entry| entry["GroupId"].as_str().expect("an ID").to_owned())
        .collect()
}

#[test]
fn the_list_goes_on_by_a_cursor_of_64_bits() {
    let emulator = serving_with(many(7), patient());
    let (mut next, mut all) = (0, Vec::new());
    loop {
        let reply = call(&emulator, LIST, &json!({"Limit": 3, "Next": next}));
        assert_eq!(reply["TotalCount"], 7);
        all.extend(ids(&reply, "GroupIdList"));
        next = reply["Next"].as_u64().expect("a cursor");
        if next == 0 {
            break;
        }
        assert!(next > u64::from(u32::MAX));
    }
    assert_eq!(all.len(), 7);
    assert_eq!(ids(&call(&emulator, LIST, &json!({})), "GroupIdList"), all);
}

#[test]
fn the_list_is_filtered_by_type_and_then_ends_without_a_cursor() {
    let mut groups = many(3);
    groups.push(Group::chat("@TGS#live", 0).of_kind(Kind::AVChatRoom));
    let emulator = serving_with(groups, patient());
    let live = call(&emulator, LIST, &json!({"GroupType": "AVChatRoom"}));
    assert_eq!(ids(&live, "GroupIdList"), ["@TGS#live"]);
    assert!(live.get("Next").is_none() && live.get("ErrorInfo").is_none());
    // The field is called GroupType; this one is nothing.
    let all = call(&emulator, LIST, &json!({"Type": "AVChatRoom"}));
    assert_eq!(ids(&all, "GroupIdList").len(), 4);
    for bad in [
        json!({"GroupType": "Meeting"}),
        json!({"Limit": 10_001}),
        json!({"Limit": 0}),
        json!({"Next": "0"}),
        json!({"Next": 7}),
    ] {
        assert_eq!(code(&emulator, LIST, &bad), 10_004, "{bad}");
    }
}

#[test]
fn details_come_per_group_with_errors_of_their_own() {
    let emulator = serving(vec![
        Group::chat("@TGS#A", 45).named("Order 77"),
        Group::chat("@TGS#gone", 3).dismissed(),
    ]);
    let body = json!({
        "GroupIdList": ["@TGS#A", "@TGS#gone", "群"],
        "ResponseFilter": {"GroupBaseInfoFilter": ["Name", "Type", "NextMsgSeq", "LastMsgTime"]},
    });
    let reply = call(&emulator, INFO, &body);
    assert_eq!(reply["ErrorCode"], 0);
    assert_eq!(
        reply["GroupInfo"][0],
        json!({
            "ErrorCode": 0, "ErrorInfo": "", "GroupId": "@TGS#A", "LastMsgTime": 1_735_692_240,
            "Name": "Order 77", "NextMsgSeq": 46, "Type": "Public",
        })
    );
    assert_eq!(reply["GroupInfo"][1]["ErrorCode"], 10_010);
    assert_eq!(reply["GroupInfo"][2]["ErrorCode"], 10_015);
}

#[test]
fn without_a_filter_the_members_come_too() {
    let mut groups = vec![Group::chat("@TGS#A", 45)];
    let crowd = (0..600).map(|n| Member::new(&format!("m{n}"))).collect();
    groups.push(Group::chat("@TGS#B", 45).with_members(crowd));
    groups.push(Group::chat("@TGS#L", 0).of_kind(Kind::AVChatRoom));
    let emulator = serving(groups);
    let reply = call(
        &emulator,
        INFO,
        &json!({"GroupIdList": ["@TGS#A", "@TGS#B", "@TGS#L"]}),
    );
    let first = &reply["GroupInfo"][0];
    assert_eq!(first["MemberList"].as_array().map(Vec::len), Some(5));
    assert_eq!(
        (&first["MemberNum"], &first["Appid"]),
        (&json!(5), &json!(1_400_000_000))
    );
    assert_eq!(reply["GroupInfo"][1]["ErrorCode"], 10_054);
    assert!(reply["GroupInfo"][2].get("MemberList").is_none());
}

#[test]
fn at_most_fifty_groups_are_asked_about() {
    let emulator = serving(many(60));
    let ask = |count: usize| {
        let ids: Vec<String> = (0..count).map(|n| format!("group {n}")).collect();
        json!({"GroupIdList": ids, "ResponseFilter": {"GroupBaseInfoFilter": ["Name"]}})
    };
    assert_eq!(code(&emulator, INFO, &ask(50)), 0);
    assert_eq!(code(&emulator, INFO, &ask(51)), 10_004);
    assert_eq!(code(&emulator, INFO, &json!({"GroupIdList": []})), 10_004);
    assert_eq!(
        code(&emulator, INFO, &json!({"GroupIdList": "group 1"})),
        10_004
    );
    assert_eq!(code(&emulator, INFO, &json!({"GroupIdList": [1]})), 10_004);
    assert_eq!(code(&emulator, INFO, &json!({})), 10_004);
}

#[test]
fn the_groups_of_a_user_are_listed() {
    let with = |id: &str, kind| {
        Group::chat(id, 3)
            .of_kind(kind)
            .with_members(vec![Member::new("mei")])
    };
    let unused = Group::chat("work", 0)
        .of_kind(Kind::Private)
        .with_members(vec![Member::new("mei")]);
    let emulator = serving(vec![
        with("a", Kind::Public).named("Order 77"),
        with("b", Kind::ChatRoom).dismissed(),
        with("live", Kind::AVChatRoom),
        with("c", Kind::Community).with_topics(vec![Topic::new("t", "t", 4)]),
        unused,
        Group::chat("other", 3),
    ]);
    let joined = |extra: Value| {
        let mut body = json!({"Member_Account": "mei"});
        if let (Some(body), Value::Object(extra)) = (body.as_object_mut(), extra) {
            body.extend(extra);
        }
        call(&emulator, JOINED, &body)
    };
    let plain = joined(json!({}));
    assert_eq!(ids(&plain, "GroupIdList"), ["a", "c"]);
    assert_eq!(
        (&plain["TotalCount"], &plain["ErrorInfo"]),
        (&json!(2), &json!("ok"))
    );
    let all = joined(json!({"WithHugeGroups": 1, "WithNoActiveGroups": 1}));
    assert_eq!(ids(&all, "GroupIdList"), ["a", "live", "c", "work"]);
    assert_eq!(
        ids(&joined(json!({"Limit": 1, "Offset": 1})), "GroupIdList"),
        ["c"]
    );
    let filter = json!({"ResponseFilter": {
        "GroupBaseInfoFilter": ["Name", "Type"], "SelfInfoFilter": ["Role"]}});
    assert_eq!(
        joined(filter)["GroupIdList"][0],
        json!({"GroupId": "a", "Name": "Order 77", "Type": "Public", "SelfInfo": {"Role": "Member"}})
    );
    let topics = joined(json!({"GroupType": "Community", "SupportTopic": 1}));
    assert_eq!(topics["GroupIdList"][0]["GrossTopicNextMsgSeq"], 5);
    assert_eq!(joined(json!({"SupportTopic": 1}))["ErrorCode"], 10_004);
    assert_eq!(joined(json!({"Limit": 5001}))["ErrorCode"], 10_004);
    assert_eq!(code(&emulator, JOINED, &json!({})), 10_004);
    assert_eq!(
        code(&emulator, JOINED, &json!({"Member_Account": "nobody"})),
        10_019
    );
}

#[test]
fn members_come_in_pages() {
    let mut boss = Member::new("boss");
    boss.role = Role::Owner;
    "Bob (shift lead)".clone_into(&mut boss.card);
    let members = || vec![boss.clone(), Member::new("peter"), Member::new("mary")];
    let emulator = serving(vec![
        Group::chat("A", 3).with_members(members()),
        Group::chat("C", 3)
            .of_kind(Kind::Community)
            .with_members(members()),
        Group::chat("L", 0).of_kind(Kind::AVChatRoom),
    ]);
    let reply = call(&emulator, MEMBERS, &json!({"GroupId": "A", "Limit": 2}));
    assert_eq!(reply["MemberNum"], 3);
    assert_eq!(reply["MemberList"][0]["NameCard"], "Bob (shift lead)");
    assert_eq!(reply["MemberList"][0]["Role"], "Owner");
    assert_eq!(
        reply["MemberList"][1]["Role"], "Member ",
        "the documents have that space"
    );
    let owners =
        json!({"GroupId": "A", "MemberRoleFilter": ["Owner"], "MemberInfoFilter": ["Role"]});
    let owners = call(&emulator, MEMBERS, &owners);
    assert_eq!(
        owners["MemberList"],
        json!([{"Member_Account": "boss", "Role": "Owner"}])
    );
    assert_eq!(owners["MemberNum"], 3);
    // Communities go on by a cursor of text.
    let first = call(
        &emulator,
        MEMBERS,
        &json!({"GroupId": "C", "Limit": 2, "Next": ""}),
    );
    let next = first["Next"].as_str().expect("a cursor");
    assert_eq!(next, "144115265295492789");
    let second = call(
        &emulator,
        MEMBERS,
        &json!({"GroupId": "C", "Limit": 2, "Next": next}),
    );
    assert_eq!(
        (&second["Next"], &second["MemberList"][0]["Member_Account"]),
        (&json!(""), &json!("mary"))
    );
    let bad = [
        (json!({"GroupId": "C", "Offset": 0}), 10_004),
        (json!({"GroupId": "C", "Limit": 101}), 10_004),
        (json!({"GroupId": "A", "Limit": 6001}), 10_004),
        (json!({"GroupId": "L"}), 10_007),
        (json!({"GroupId": "Z"}), 10_010),
    ];
    for (body, expected) in bad {
        assert_eq!(code(&emulator, MEMBERS, &body), expected, "{body}");
    }
}

#[test]
fn some_members_are_found_and_those_who_left_are_not() {
    let emulator = serving(vec![Group::chat("A", 3)]);
    let ask = |who: Vec<String>| json!({"GroupId": "A", "Member_List_Account": who, "MemberInfoFilter": ["NameCard"]});
    let reply = call(
        &emulator,
        SOME_MEMBERS,
        &ask(vec!["user_1".to_owned(), "left".to_owned()]),
    );
    assert_eq!(
        reply["MemberList"],
        json!([{"Member_Account": "user_1", "NameCard": ""}])
    );
    assert_eq!(reply["ErrorInfo"], "succeed");
    let crowd = |count: usize| ask((0..count).map(|n| format!("u{n}")).collect());
    assert_eq!(code(&emulator, SOME_MEMBERS, &crowd(50)), 0);
    assert_eq!(code(&emulator, SOME_MEMBERS, &crowd(51)), 10_004);
    assert_eq!(
        code(&emulator, SOME_MEMBERS, &json!({"GroupId": "A"})),
        10_004
    );
}

#[test]
fn a_member_has_joined_read_and_written_at_some_time() {
    let mut late = Member::new("user_2");
    late.joined = 1_735_700_000;
    late.unread = 4;
    late.muted_until = 1_735_800_000;
    let mut idle = Member::new("idle");
    idle.unread = 50;
    let group = Group::chat("A", 13).with_members(vec![late, idle]);
    let sent = group.time(12);
    let emulator = serving(vec![group]);
    let fields = ["JoinTime", "MsgSeq", "LastSendMsgTime", "MuteUntil"];
    let ask = json!({"GroupId": "A", "Member_List_Account": ["user_2", "idle"], "MemberInfoFilter": fields});
    let reply = call(&emulator, SOME_MEMBERS, &ask);
    assert_eq!(
        reply["MemberList"],
        json!([
            {"Member_Account": "user_2", "JoinTime": 1_735_700_000, "MsgSeq": 9,
             "LastSendMsgTime": sent, "MuteUntil": 1_735_800_000},
            {"Member_Account": "idle", "JoinTime": 1_735_689_600, "MsgSeq": 0,
             "LastSendMsgTime": 0, "MuteUntil": 0},
        ]),
        "user_2 wrote 2, 7 and 12; idle was there from the start and never looked"
    );
}

#[test]
fn topics_of_a_community_are_listed() {
    let topics = vec![
        Topic::new("T1", "one", 3),
        Topic::new("T2", "two", 0).deleted(),
    ];
    let emulator = serving(vec![
        Group::chat("C", 3).with_topics(topics),
        Group::chat("P", 3).of_kind(Kind::Community),
        Group::chat("A", 3),
    ]);
    let ask = |group: &str| json!({"GroupId": group, "From_Account": "administrator"});
    let reply = call(&emulator, TOPICS, &ask("C"));
    let one = &reply["TopicAndSelfInfo"][0];
    assert_eq!(
        (&one["ErrorInfo"], &reply["ErrorInfo"]),
        (&json!("ok"), &json!("ok"))
    );
    assert_eq!(one["TopicInfo"]["GroupID"], "C");
    assert_eq!(one["TopicInfo"]["TopicName"], "one");
    assert_eq!(one["TopicInfo"]["NextMsgSeq"], 4);
    assert_eq!(reply["TopicAndSelfInfo"][1]["ErrorCode"], 110_003);
    let few = json!({"GroupId": "C", "From_Account": 7, "TopicIdList": ["T1"], "ResponseFilter": ["TopicName"]});
    assert_eq!(
        call(&emulator, TOPICS, &few)["TopicAndSelfInfo"][0]["TopicInfo"],
        json!({"GroupID": "C", "TopicId": "T1", "TopicName": "one"})
    );
    assert_eq!(code(&emulator, TOPICS, &ask("P")), 11_000);
    assert_eq!(code(&emulator, TOPICS, &ask("A")), 10_004);
    assert_eq!(code(&emulator, TOPICS, &json!({"GroupId": "C"})), 10_004);
}

#[test]
fn profiles_fail_one_by_one_or_all_together() {
    let world = World::of(vec![Group::chat("A", 3)])
        .with_user("quiet", User::default())
        .at(NOW);
    let emulator = Emulator::start(world, Knobs::default(), 0).expect("a free port");
    let body = json!({
        "To_Account": ["user_1", "quiet", "nobody", "@TIM#SYSTEM"],
        "TagList": ["Tag_Profile_IM_Nick", "Tag_Profile_IM_Image"],
    });
    let reply = call(&emulator, PORTRAITS, &body);
    let items = &reply["UserProfileItem"];
    assert_eq!(
        items[0]["ProfileItem"],
        json!([{"Tag": "Tag_Profile_IM_Nick", "Value": "Nick of user_1"}])
    );
    assert_eq!(items[1]["ProfileItem"], json!([]));
    assert_eq!(items[2]["ResultCode"], 40_003);
    assert!(items[2].get("ProfileItem").is_none());
    assert_eq!(reply["Fail_Account"], json!(["nobody", "@TIM#SYSTEM"]));
    assert_eq!(reply["ErrorCode"], 0);
    emulator.set(Knobs {
        strict_portraits: true,
        ..Knobs::default()
    });
    assert_eq!(code(&emulator, PORTRAITS, &body), 40_003);
}

#[test]
fn profile_requests_are_read_strictly() {
    let emulator = serving(Vec::new());
    let crowd: Vec<String> = (0..101).map(|n| format!("u{n}")).collect();
    let cases = [
        (json!({"TagList": ["Tag_Profile_IM_Nick"]}), 40_002),
        (
            json!({"To_Account": [], "TagList": ["Tag_Profile_IM_Nick"]}),
            40_002,
        ),
        (json!({"To_Account": ["a"]}), 40_001),
        (
            json!({"To_Account": "a", "TagList": ["Tag_Profile_IM_Nick"]}),
            40_001,
        ),
        (
            json!({"To_Account": crowd, "TagList": ["Tag_Profile_IM_Nick"]}),
            40_001,
        ),
        (json!({"To_Account": ["a"], "TagList": ["Nick"]}), 40_009),
    ];
    for (body, expected) in cases {
        let reply = call(&emulator, PORTRAITS, &body);
        assert_eq!(reply["ErrorCode"], expected, "{body}");
        assert_eq!(reply["ErrorDisplay"], "");
    }
}
