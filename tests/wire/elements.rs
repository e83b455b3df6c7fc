//! Elements in full, from the fixtures and from nobody's good will.

use tim_history::model::element::{
    Body, Content, Element, Kind, MAX_ELEMENTS, MAX_FORWARDS, Relay, System, summary,
};
use tim_history::model::json;
use tim_history::model::message::ItemState;

use crate::{message, page_of, page_with, read};

fn body(name: &str, seq: u32) -> Body {
    let page = page_of(name);
    let found = page
        .items
        .iter()
        .find(|item| item.seq.is_some_and(|s| s.get() == seq));
    Body::decode(found.expect("the seq is on the page"))
}

fn elements(body: &Body) -> &[Element] {
    let Content::Elements(elements) = &body.content else {
        panic!("{:?}", body.content)
    };
    elements
}

fn one(name: &str, seq: u32) -> Kind {
    elements(&body(name, seq))[0].kind.clone()
}

fn relay(kind: &Kind) -> &Relay {
    let Kind::Relay(relay) = kind else {
        panic!("{kind:?}")
    };
    relay
}

fn system(name: &str, seq: u32) -> System {
    let body = body(name, seq);
    let Content::System(system) = body.content else {
        panic!("{:?}", body.content)
    };
    system
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the shape of a field that is there"
)]
fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn both_seed_pages_decode_to_the_letter() {
    for (name, data, text) in [
        (
            "seed_2020",
            [
                "\u{8}\u{1}\u{10}\u{6}\u{1a}\u{6}MaoTong",
                "\u{8}\u{1}\u{10}\u{6}\u{1a}\u{f}Watermelon Girl.",
            ],
            "Escalate",
        ),
        (
            "seed_2024",
            [
                "\u{8}\u{1}\u{10}\u{6}\u{1a}\u{6} MaoTong",
                "\u{8}\u{1}\u{10}\u{6}\u{1a}\u{f} Watermelon Girl",
            ],
            "Report",
        ),
    ] {
        let custom = |data| Kind::Custom {
            data: some(data),
            desc: some("MIF"),
            ext: some(""),
            sound: None,
        };
        let face = Kind::Face {
            index: Some(15),
            data: some(""),
        };
        let first = body(name, 7_803_321);
        let kinds: Vec<_> = elements(&first)
            .iter()
            .map(|element| &element.kind)
            .collect();
        assert_eq!(kinds, [&custom(data[0]), &face], "{name}");
        let second = body(name, 7_803_320);
        let kinds: Vec<_> = elements(&second)
            .iter()
            .map(|element| &element.kind)
            .collect();
        assert_eq!(
            kinds,
            [&custom(data[1]), &Kind::Text(text.to_owned())],
            "{name}"
        );
    }
}

#[test]
fn every_documented_element_keeps_its_fields() {
    let name = "07_all_elements";
    assert_eq!(one(name, 501), Kind::Text("hello world".to_owned()));
    assert_eq!(
        one(name, 502),
        Kind::Face {
            index: Some(6),
            data: some("abc\0\u{1}")
        }
    );
    assert_eq!(
        one(name, 503),
        Kind::Location {
            desc: some("someinfo"),
            latitude: some("29.340656774469956"),
            longitude: some("116.77497920478824"),
        }
    );
    insta::assert_debug_snapshot!("custom", one(name, 504));
    insta::assert_debug_snapshot!("sound", one(name, 505));
    insta::assert_debug_snapshot!("image", one(name, 506));
    insta::assert_debug_snapshot!("file", one(name, 507));
    insta::assert_debug_snapshot!("video", one(name, 508));
    insta::assert_debug_snapshot!("forward", one(name, 509));
    let mixed = body(name, 510);
    assert_eq!(elements(&mixed).len(), 3);
    let reply = r#"{"messageReply":{"messageSender":"customer_8472","messageAbstract":"Hi"}}"#;
    assert_eq!(mixed.cloud_custom_data.as_deref(), Some(reply));
}

#[test]
fn old_senders_have_names_but_no_addresses() {
    let name = "08_legacy_2x_3x_elements";
    let sound = Kind::Sound {
        url: None,
        uuid: some("305c0201"),
        size: Some(62_351),
        seconds: Some(1),
    };
    let file = Kind::File {
        url: None,
        uuid: some("305c02010"),
        size: Some(1_773_552),
        name: some("report.pdf"),
    };
    assert_eq!([one(name, 61), one(name, 62)], [sound, file]);
    let body = body(name, 60);
    let [file, sound] = elements(&body) else {
        panic!("two elements")
    };
    assert_eq!(file.name, "TIMFileElem", "without its trailing space");
    assert_eq!(
        sound.kind,
        Kind::Sound {
            url: None,
            uuid: None,
            size: None,
            seconds: None
        }
    );
}

#[test]
fn forwards_open_level_by_level() {
    let mut kind = one("09a_relay_nested", 700);
    for level in (0..4).rev() {
        let forward = relay(&kind);
        assert_eq!(forward.title, Some(format!("Nested {level}")));
        assert_eq!(forward.messages.len(), 1);
        let inner = elements(&forward.messages[0].body)[0].kind.clone();
        kind = inner;
    }
    assert!(matches!(kind, Kind::Text(_)), "{kind:?}");

    let long = one("09b_relay_long_jsonmsgkey", 701);
    let long = relay(&long);
    assert_eq!(long.long_key.as_deref(), Some("Group_12345_abcdef_600"));
    assert_eq!(
        (long.count, long.abstracts.len(), long.messages.len()),
        (Some(120), 3, 0)
    );
}

#[test]
fn a_stream_reads_from_wherever_its_text_stands() {
    let name = "10_stream_elem_as_sent_and_variants";
    insta::assert_debug_snapshot!("streams", [801, 802, 803].map(|seq| one(name, seq)));
}

#[test]
fn system_messages_speak_in_words_and_in_fields() {
    let name = "06_system_messages";
    let joined = system(name, 302);
    assert_eq!(joined.words(), "agent_li invited spammer_1, agent_rao");
    assert_eq!(joined.members[1].nick.as_deref(), Some("Rao"));
    assert_eq!(joined.member_num, Some(9));
    assert_eq!(system(name, 301).words(), "system message of type 99");
    assert_eq!(system(name, 307).operator_nick.as_deref(), Some("小李"));
    let changes = system(name, 307).group_changes;
    assert_eq!(
        changes[1],
        (
            "GroupNotification".to_owned(),
            "Office hours 9-18".to_owned()
        )
    );
    assert_eq!(
        system(name, 308).mutes,
        [("customer_8472".to_owned(), Some(600))]
    );
}

#[test]
fn bodies_of_every_form_survive() {
    let name = "14_msgbody_variants";
    for seq in 904..=908 {
        assert_eq!(body(name, seq).content, Content::Empty, "{seq}");
    }
    assert_eq!(one(name, 903), Kind::Text(String::new()));
    let broken = body(name, 902);
    let kinds: Vec<_> = elements(&broken)
        .iter()
        .map(|element| &element.kind)
        .collect();
    assert_eq!(kinds[0], &Kind::Text(String::new()));
    assert_eq!(kinds[1], &Kind::Broken("MsgType is missing".to_owned()));
    assert_eq!(kinds[2], &Kind::Broken("not an element".to_owned()));
    assert_eq!(kinds.len(), 4);
    let odd = Body::decode(&message(br#"{"MsgSeq":1,"MsgBody":"text"}"#));
    assert!(matches!(&odd.content, Content::Odd(raw) if raw.bytes() == b"\"text\""));
}

#[test]
fn unknown_fields_and_elements_are_kept() {
    let name = "15_unknown_elements_and_fields";
    let body = body(name, 951);
    let extra: Vec<_> = body
        .extra
        .iter()
        .map(|(key, raw)| (key.as_str(), json::compact(raw.bytes())))
        .collect();
    assert_eq!(extra[0], ("BrandNewField", "{\"x\":1}".to_owned()));
    assert_eq!(extra.len(), 5);
    let future = &elements(&body)[0];
    assert_eq!(
        (&future.kind, future.name.as_str()),
        (&Kind::Unknown, "TIMFutureElem")
    );
    let raw = json::compact(future.raw.bytes());
    assert_eq!(
        raw,
        r#"{"MsgContent":{"Foo":{"Bar":[1,2,3]}},"MsgType":"TIMFutureElem"}"#
    );
    assert!(matches!(
        one(name, 950),
        Kind::Tip(System { op: Some(1), .. })
    ));
}

#[test]
fn known_fields_with_news_in_them_are_kept_too() {
    let extra = |item: &[u8]| Body::decode(&message(item)).extra.len();
    assert_eq!(
        extra(br#"{"MsgSeq":1,"IsPlaceMsg":3,"MsgPriority":"Urgent"}"#),
        2
    );
    assert_eq!(
        extra(br#"{"MsgSeq":1,"IsPlaceMsg":null,"MsgPriority":4}"#),
        0
    );
}

#[test]
fn only_the_element_that_lost_something_says_so() {
    let body = Body::decode(&message(
        br#"{"MsgSeq":1,"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"ok"}},{"MsgType":"TIMTextElem","MsgContent":{"Text":"\ud83d"}}]}"#,
    ));
    let lost: Vec<_> = elements(&body).iter().map(|element| element.lost).collect();
    assert_eq!(lost, [false, true]);
    assert_eq!(elements(&body)[1].kind, Kind::Text("\u{fffd}".to_owned()));
    assert_eq!((body.repairs.surrogates, body.repairs.lost()), (1, 1));
}

/// A forward in a forward in a forward, with a text at the bottom.
fn nested(levels: usize) -> String {
    let mut item = r#"{"MsgType":"TIMTextElem","MsgContent":{"Text":"bottom"}}"#.to_owned();
    for _ in 0..levels {
        item = format!(
            r#"{{"MsgType":"TIMRelayElem","MsgContent":{{"MsgList":[{{"MsgBody":[{item}]}}]}}}}"#
        );
    }
    format!(r#"{{"MsgSeq":5,"MsgBody":[{item}]}}"#)
}

fn forwards_in(body: &Body) -> (usize, &Kind) {
    let mut kind = &elements(body)[0].kind;
    let mut levels = 0;
    while let Kind::Relay(relay) = kind {
        levels += 1;
        kind = &elements(&relay.messages[0].body)[0].kind;
    }
    (levels, kind)
}

#[test]
fn a_hundred_forwards_in_each_other_open_to_the_bottom() {
    let message = message(nested(100).as_bytes());
    assert_eq!(message.state, ItemState::Present);
    let body = Body::decode(&message);
    assert_eq!(forwards_in(&body), (100, &Kind::Text("bottom".to_owned())));
}

#[test]
fn more_forwards_than_clients_make_end_in_a_reason() {
    let body = Body::decode(&message(nested(180).as_bytes()));
    let (levels, last) = forwards_in(&body);
    assert_eq!(levels, MAX_FORWARDS);
    assert!(matches!(last, Kind::Broken(_)), "{last:?}");
}

#[test]
fn depth_beyond_measure_costs_one_message_only() {
    let deep = format!(
        r#"{{"MsgBody":{}1{},"MsgSeq":8}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let items = format!(
        r#"{{"MsgSeq":9}},{deep},{}"#,
        nested(250).replace(":5,", ":7,")
    );
    let page = read(&page_with(items.as_bytes()), &crate::group_g()).expect("a page");
    let seqs: Vec<_> = page
        .items
        .iter()
        .filter_map(|item| item.seq)
        .map(tim_history::model::ids::Seq::get)
        .collect();
    assert_eq!(seqs, [9, 8, 7]);
    assert_eq!(page.items[0].state, ItemState::Present);
    for item in &page.items[1..] {
        assert!(matches!(&item.state, ItemState::Unreadable(why) if why.contains("levels deep")));
        // Decoding it all the same neither fails nor overflows.
        assert!(!summary(&Body::decode(item)).is_empty());
        assert!(json::pretty(item.raw.bytes()).len() > 1_000);
    }
}

#[test]
fn elements_without_number_end_in_a_reason() {
    let many = vec!["{}"; MAX_ELEMENTS + 5].join(",");
    let body = Body::decode(&message(
        format!(r#"{{"MsgSeq":1,"MsgBody":[{many}]}}"#).as_bytes(),
    ));
    let elements = elements(&body);
    assert_eq!(elements.len(), MAX_ELEMENTS + 1);
    assert!(matches!(&elements[MAX_ELEMENTS].kind, Kind::Broken(why) if why.contains("more than")));
}

#[test]
fn labels_leave_out_what_is_not_there() {
    let label = |element: &str| {
        let item = format!(r#"{{"MsgSeq":1,"MsgBody":[{element}]}}"#);
        let parts = summary(&Body::decode(&message(item.as_bytes())));
        assert_eq!(parts.len(), 1);
        parts[0].text.as_str().to_owned()
    };
    let table: Vec<_> = [
        ("TIMFaceElem", "{}"),
        ("TIMCustomElem", r#"{"Data":"全"}"#),
        ("TIMCustomElem", r#"{"Desc":"two\nlines"}"#),
        ("TIMImageElem", "{}"),
        ("TIMImageElem", r#"{"ImageInfoArray":[{"Type":3,"Size":9,"Width":1,"Height":1},{"Type":"1","Size":"1800000","Width":"1280","Height":720.0}]}"#),
        ("TIMImageElem", r#"{"ImageInfoArray":[{"Size":12535,"Width":0,"Height":0},7]}"#),
        ("TIMSoundElem", r#"{"Second":3723}"#),
        ("TIMFileElem", r#"{"fileName":"a.txt"}"#),
        ("TIMVideoFileElem", r#"{"VideoSecond":0,"VideoSize":1200000}"#),
        ("TIMLocationElem", r#"{"Desc":"","Latitude":29.340656774469956,"Longitude":-0.10}"#),
        ("TIMRelayElem", "{}"),
        ("TIMRelayElem", r#"{"Title":"T","MsgNum":"1"}"#),
        ("TIMStreamElem", "{}"),
        ("TIMStreamElem", r#"{"Chunks":[{"Index":2,"Markdown":"b"},{"Index":1,"Markdown":"a"}]}"#),
        ("TIMGroupTipElem", "{}"),
        ("TIMGroupSystemNoticeElem", "{}"),
        (" TIMTextElem ", r#"{"Text":"t"}"#),
        ("TIMTextElem", r#"{"Text":""}"#),
    ]
    .iter()
    .map(|(name, content)| {
        label(&format!(r#"{{"MsgType":"{name}","MsgContent":{content}}}"#))
    })
    .collect();
    insta::assert_snapshot!(table.join("\n"), @r"
[face]
[custom 3 B]
[custom two lines]
[image]
[image 1.8 MB 1280x720]
[image 12.5 kB]
[sound 1:02:03]
[file a.txt]
[video 1.2 MB]
[location 29.340656774469956, -0.10]
[forward]
[forward T, 1 message]
[stream]
ab
[TIMGroupTipElem]
[TIMGroupSystemNoticeElem]
t
[empty text]
");
}

#[test]
fn what_happened_reads_as_a_sentence() {
    let words = |fields: &str| {
        let item = format!(r#"{{"MsgSeq":1,"MsgBody":{{"OpType":{fields}}}}}"#);
        match Body::decode(&message(item.as_bytes())).content {
            Content::System(system) => system.words(),
            Content::Elements(_) | Content::Empty | Content::Odd(_) => panic!("{item}"),
        }
    };
    let table = [
        r#"1,"Operator_Account":"a""#,
        r#"1,"Operator_Account":"a","List_Account":["a"]"#,
        r#"1,"List_Account":["b","c"]"#,
        r#"1,"Operator_Account":"a","MsgMemberExtraInfo":[{"UserId":"b"}]"#,
        r#""2","List_Account":["b"]"#,
        r#"3,"Operator_Account":"a""#,
        r#"6,"Operator_Account":"a""#,
        r#"6,"Operator_Account":"a","MsgGroupNewInfo":{"Owner_Account":"b","New":7}"#,
        r#"7,"Operator_Account":"a","MsgMemberInfo":[{"User_Account":"b","ShutupTime":0},{"User_Account":"c","ShutupTime":4294967295}]"#,
        r#"7,"Operator_Account":"a","MsgMemberInfo":[{"User_Account":"b"},{"User_Account":"c","ShutupTime":"61"}]"#,
        "null",
        "{}",
    ]
    .map(words);
    insta::assert_snapshot!(table.join("\n"), @r#"
a joined
a joined
b, c joined
a invited b
b left
a removed somebody
a changed the group
a changed the group: owner "b", New "7"
a unmuted b, muted c for good
a changed a member: b, muted c for 61 s
system message without a type
system message without a type
"#);
}
