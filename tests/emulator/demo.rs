//! The demonstration world: what must be in it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tim_history::emulator::{Emulator, Knobs, Truth, World};

use super::client::{
    HISTORY, INFO, JOINED, LIST, NOW, PORTRAITS, SOME_MEMBERS, TOPICS, call, code, raw_call, seqs,
};

const SUPPORT: &str = "@TGS#2SUPPORTA";

fn demo() -> Emulator {
    let knobs = Knobs {
        rate_limit: u32::MAX,
        list_rate_limit: u32::MAX,
        ..Knobs::default()
    };
    Emulator::start(World::demo_at(NOW), knobs, 0).expect("a free port")
}

fn page(emulator: &Emulator, group: &str, from: Option<u64>) -> Value {
    let mut body = json!({"GroupId": group, "ReqMsgNumber": 20, "WithRecalledMsg": 1});
    if let Some(from) = from {
        body["ReqMsgSeq"] = json!(from);
    }
    call(emulator, HISTORY, &body)
}

/// All messages of a group, newest first.
fn history(emulator: &Emulator, group: &str) -> Vec<Value> {
    let (mut all, mut from) = (Vec::new(), None);
    loop {
        let reply = page(emulator, group, from);
        let items = reply["RspMsgList"].as_array().expect("a list");
        let Some(last) = items.last().and_then(|item| item["MsgSeq"].as_u64()) else {
            return all;
        };
        all.extend(items.iter().cloned());
        if last == 1 {
            return all;
        }
        from = Some(last - 1);
    }
}

fn types(items: &[Value]) -> BTreeSet<String> {
    let elements = items
        .iter()
        .filter_map(|item| item["MsgBody"].as_array())
        .flatten();
    elements
        .filter_map(|element| element["MsgType"].as_str().map(str::to_owned))
        .collect()
}

#[test]
fn it_has_a_group_of_every_kind() {
    let emulator = demo();
    let list = call(&emulator, LIST, &json!({}));
    let ids: Vec<&str> = list["GroupIdList"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|entry| entry["GroupId"].as_str().expect("an ID"))
        .collect();
    assert!(ids.len() >= 12);
    let filter = json!({"GroupBaseInfoFilter": ["Type", "Name", "NextMsgSeq"]});
    let info = call(
        &emulator,
        INFO,
        &json!({"GroupIdList": ids, "ResponseFilter": filter}),
    );
    let groups = info["GroupInfo"].as_array().expect("a list");
    for kind in [
        "Private",
        "Public",
        "ChatRoom",
        "AVChatRoom",
        "BChatRoom",
        "Community",
    ] {
        assert!(
            groups.iter().any(|group| group["Type"] == kind),
            "no {kind}"
        );
    }
    assert!(
        groups.iter().any(|group| group["ErrorCode"] == 10_010),
        "no dismissed one"
    );
    assert!(
        groups
            .iter()
            .any(|group| group["Name"] == "" && group["NextMsgSeq"] == 1)
    );
    let million = groups.iter().find(|group| group["NextMsgSeq"] == 1_000_001);
    assert!(million.is_some());
}

#[test]
fn the_support_group_holds_every_element_and_every_placeholder() {
    let emulator = demo();
    let all = history(&emulator, SUPPORT);
    assert!(all.len() > 500, "{}", all.len());
    let types = types(&all);
    for kind in [
        "TIMTextElem",
        "TIMFaceElem",
        "TIMCustomElem",
        "TIMImageElem",
        "TIMSoundElem",
        "TIMFileElem",
        "TIMVideoFileElem",
        "TIMLocationElem",
        "TIMRelayElem",
        "TIMStreamElem",
        "TIMFileElem ",
        "TIMPollElem",
        "TIMGroupTipElem",
    ] {
        assert!(types.contains(kind), "no {kind}");
    }
    let marks: BTreeSet<_> = all.iter().map(|item| item["IsPlaceMsg"].as_u64()).collect();
    assert_eq!(marks, [Some(0), Some(1), Some(2)].into());
    let recalled = all.iter().filter(|item| item["IsPlaceMsg"] == 2);
    let bodies: BTreeSet<bool> = recalled.map(|item| item["MsgBody"] == json!([])).collect();
    assert_eq!(bodies.len(), 2, "with and without a body");
    let tips: BTreeSet<_> = all
        .iter()
        .filter(|item| item["IsSystemMsg"] == 1)
        .map(|item| item["MsgBody"]["OpType"].as_u64())
        .collect();
    assert_eq!(tips, (1..=7).chain([99]).map(Some).collect());
    assert!(all.iter().any(|item| item.get("CloudCustomData").is_some()));
    let seqs: BTreeSet<u64> = all
        .iter()
        .filter_map(|item| item["MsgSeq"].as_u64())
        .collect();
    let head = *seqs.last().expect("messages");
    assert!(
        (1..=head).any(|seq| !seqs.contains(&seq)),
        "nothing is withheld"
    );
}

#[test]
fn the_newest_page_of_the_support_group_shows_several_kinds() {
    let emulator = demo();
    let reply = page(&emulator, SUPPORT, None);
    let items = reply["RspMsgList"].as_array().expect("a list");
    assert!(types(items).len() >= 6, "{:?}", types(items));
    let newest = items[0]["MsgTimeStamp"].as_i64().expect("a time");
    assert!((NOW - 3600..=NOW).contains(&newest));
}

#[test]
fn every_group_is_whole_and_in_order() {
    let emulator = demo();
    let world = World::demo_at(NOW);
    for group in world.groups() {
        let small = group.head() < 5000;
        if !small
            || code(
                &emulator,
                HISTORY,
                &json!({"GroupId": group.id(), "ReqMsgNumber": 1}),
            ) != 0
        {
            continue;
        }
        // Not JSON for a strict reader.
        if group.id() == "@TGS#2HOSTILE01" {
            continue;
        }
        let all = history(&emulator, group.id());
        let times: Vec<i64> = all
            .iter()
            .filter_map(|item| item["MsgTimeStamp"].as_i64())
            .collect();
        let times: Vec<i64> = times.into_iter().filter(|time| *time > 0).collect();
        assert!(
            times.is_sorted_by(|newer, older| newer >= older),
            "{}",
            group.id()
        );
        assert!(times.iter().all(|time| *time <= NOW), "{}", group.id());
        let listed = (1..=group.head()).filter(|seq| group.truth(*seq) != Truth::Withheld);
        assert_eq!(all.len(), listed.count(), "{}", group.id());
    }
}

#[test]
fn the_seed_pages_stand_as_they_are() {
    let emulator = demo();
    let reply = page(&emulator, "@TGS#15ERQPAER", None);
    assert_eq!(seqs(&reply)[..3], [7_803_321, 7_803_320, 7_803_319]);
    let items = &reply["RspMsgList"];
    assert_eq!(
        items[0],
        json!({
            "From_Account": "144115197276518801",
            "IsPlaceMsg": 0,
            "MsgBody": [
                {"MsgContent": {"Data": "\u{8}\u{1}\u{10}\u{6}\u{1a}\u{6}MaoTong", "Desc": "MIF", "Ext": ""},
                 "MsgType": "TIMCustomElem"},
                {"MsgContent": {"Data": "", "Index": 15}, "MsgType": "TIMFaceElem"},
            ],
            "MsgRandom": 51_083_293,
            "MsgSeq": 7_803_321,
            "MsgTimeStamp": 1_458_721_802,
        })
    );
    assert_eq!(items[1]["MsgBody"][1]["MsgContent"]["Text"], "Escalate");
    assert_eq!(items[2]["IsPlaceMsg"], 1);
    let newer = page(&emulator, "@TGS#15ERQPAER24", None);
    let newer = &newer["RspMsgList"];
    assert_eq!(newer[1]["MsgBody"][1]["MsgContent"]["Text"], "Report");
    assert_eq!(newer[1]["MsgPriority"], 1);
}

#[test]
fn a_million_messages_have_nights_and_a_silent_fortnight() {
    let world = World::demo_at(NOW);
    let group = world.group("@TGS#2MILLION01").expect("the group");
    assert_eq!(group.head(), 1_000_000);
    // One in a hundred is enough to see it.
    let times: Vec<i64> = (0..10_000).map(|n| group.time(n * 100 + 1)).collect();
    assert!(times.is_sorted());
    let days = (group.time(1_000_000) - group.time(1)) / 86_400;
    assert!((115..=125).contains(&days), "{days} days");
    let widest = times.windows(2).map(|pair| pair[1] - pair[0]).max();
    assert!(widest > Some(13 * 86_400), "no silent fortnight");
    let holes = (500_000..600_000)
        .filter(|seq| group.truth(*seq) != Truth::Present)
        .count();
    assert!((1_000..4_000).contains(&holes), "{holes} holes in 100,000");
    assert_eq!(group.truth(1), Truth::Gone);
    let emulator = demo();
    let reply = page(&emulator, "@TGS#2MILLION01", Some(700_000));
    assert_eq!(seqs(&reply).len(), 20);
}

#[test]
fn the_hostile_group_holds_bytes_that_are_not_text() {
    let emulator = demo();
    let mut bodies = Vec::new();
    for from in [20, 40, 60] {
        let body = json!({"GroupId": "@TGS#2HOSTILE01", "ReqMsgNumber": 20, "ReqMsgSeq": from});
        bodies.extend(raw_call(&emulator, HISTORY, &body).body);
    }
    let holds = |bytes: &[u8]| bodies.windows(bytes.len()).any(|window| window == bytes);
    assert!(holds(b"\xff\xfe\xc3\x28"), "invalid UTF-8");
    assert!(holds(b"emoji \\ud83d\""), "a lone surrogate");
    assert!(holds(b"\\u001b]52;c;"), "a clipboard sequence");
    assert!(holds("x".repeat(8000).as_bytes()), "a long line");
    assert!(holds(b"escape \x1b[31m"), "a raw control byte");
    assert!(holds("\\n".repeat(300).as_bytes()), "many lines");
}

#[test]
fn customers_are_found_by_their_groups_and_names() {
    let emulator = demo();
    let joined = call(
        &emulator,
        JOINED,
        &json!({"Member_Account": "customer_8472"}),
    );
    assert!(joined["TotalCount"].as_u64() >= Some(4));
    let profile = json!({"To_Account": ["customer_8472", "nina_k", "buyer_20931"], "TagList": ["Tag_Profile_IM_Nick"]});
    let profile = call(&emulator, PORTRAITS, &profile);
    assert_eq!(
        profile["UserProfileItem"][0]["ProfileItem"][0]["Value"],
        "Mei Chen 陈梅"
    );
    assert_eq!(profile["UserProfileItem"][1]["ProfileItem"], json!([]));
    assert_eq!(profile["Fail_Account"], json!(["buyer_20931"]));
}

#[test]
fn the_community_has_topics() {
    let emulator = demo();
    let ask = json!({"GroupId": "@TGS#_@TGS#cQVLVHIM62CJ", "From_Account": "administrator"});
    let topics = call(&emulator, TOPICS, &ask);
    let topics = topics["TopicAndSelfInfo"].as_array().expect("a list");
    assert_eq!(topics.len(), 4);
    let first = &topics[0]["TopicInfo"];
    let body = json!({"GroupId": first["GroupID"], "TopicId": first["TopicId"], "ReqMsgNumber": 1});
    let newest = call(&emulator, HISTORY, &body);
    assert_eq!(
        newest["RspMsgList"][0]["MsgSeq"]
            .as_u64()
            .map(|seq| seq + 1),
        first["NextMsgSeq"].as_u64()
    );
}

#[test]
fn the_same_time_gives_the_same_world() {
    let ask = json!({"GroupId": SUPPORT, "ReqMsgNumber": 20, "ReqMsgSeq": 900});
    let one = raw_call(&demo(), HISTORY, &ask).body;
    let two = raw_call(&demo(), HISTORY, &ask).body;
    assert_eq!(one, two);
}

#[test]
fn at_any_hour_times_go_up_and_end_before_now() {
    for hours in 0..24 {
        let now = NOW + hours * 3601;
        let world = World::demo_at(now);
        for group in world.groups().iter().filter(|group| group.head() < 5000) {
            let times: Vec<i64> = (1..=group.head()).map(|seq| group.time(seq)).collect();
            assert!(times.is_sorted(), "{} at {now}", group.id());
            assert!(
                times.last().is_none_or(|last| *last <= now),
                "{}",
                group.id()
            );
        }
    }
}

#[test]
fn its_members_came_and_went_and_were_muted() {
    let emulator = demo();
    let who = [
        "agent_li",
        "lars_e",
        "nina_k",
        "fatima_b",
        "old_client",
        "spammer_1",
    ];
    let ask = json!({"GroupId": SUPPORT, "Member_List_Account": who});
    let reply = call(&emulator, SOME_MEMBERS, &ask);
    let found = reply["MemberList"].as_array().expect("a list");
    let is = |id: &str| found.iter().find(|member| member["Member_Account"] == id);
    assert_eq!(is("spammer_1"), None, "removed from the group");
    let [li, lars, nina, fatima, old] =
        ["agent_li", "lars_e", "nina_k", "fatima_b", "old_client"].map(|id| is(id).expect(id));
    // The tip that brought Lars in, among messages of his from before.
    let messages = history(&emulator, SUPPORT);
    let tip = messages.iter().find(|item| item["MsgBody"]["OpType"] == 1);
    assert_eq!(lars["JoinTime"], tip.expect("a tip")["MsgTimeStamp"]);
    let lars_wrote = |item: &&Value| item["From_Account"] == "lars_e";
    let first = messages.iter().rfind(lars_wrote).expect("his first");
    assert!(first["MsgTimeStamp"].as_i64() < lars["JoinTime"].as_i64());
    assert!(li["JoinTime"].as_i64() < lars["JoinTime"].as_i64());
    let until = |member: &Value| member["MuteUntil"].as_i64().expect("a time");
    assert_eq!(until(li), 0);
    assert!((1..NOW).contains(&until(nina)), "her ten minutes are over");
    assert!(until(fatima) > NOW);
    assert_eq!(until(old), i64::from(u32::MAX), "for good");
    assert_eq!(li["MsgSeq"], messages[0]["MsgSeq"], "has read all");
    assert!(lars["MsgSeq"].as_i64() < li["MsgSeq"].as_i64());
    assert_eq!(old["MsgSeq"], 0);
    assert!(li["LastSendMsgTime"].as_i64() > lars["JoinTime"].as_i64());
}
