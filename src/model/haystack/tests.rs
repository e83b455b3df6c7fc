use super::*;
use crate::model::message::{ItemState, Raw};
use crate::model::payload::{Path, Wanted};

fn message(json: &str) -> Message {
    Message {
        seq: None,
        time: None,
        sender: None,
        state: ItemState::Present,
        system: json.contains(r#""IsSystemMsg":1"#),
        random: None,
        priority: None,
        repaired: false,
        raw: Raw::from(json),
    }
}

fn element(kind: &str, content: &str) -> Message {
    let element = format!(r#"{{"MsgType":"{kind}","MsgContent":{content}}}"#);
    message(&format!(
        r#"{{"From_Account":"secret","MsgBody":[{element}]}}"#
    ))
}

/// `name: text` for each part.
fn said(message: &Message) -> Vec<String> {
    let parts = texts(message).into_iter();
    parts
        .map(|part| format!("{}: {}", part.name, part.text))
        .collect()
}

fn forward(inner: &str) -> String {
    format!(
        r#"{{"MsgType":"TIMRelayElem","MsgContent":{{"Title":"chat of two","AbstractList":["a: hi"],
        "CompatibleText":"old","MsgList":[{{"From_Account":"b","MsgBody":[{inner}],"CloudCustomData":"beside"}}]}}}}"#
    )
}

#[test]
fn each_kind_of_element_says_its_texts() {
    for (kind, content, name, texts) in [
        (
            "TIMTextElem",
            r#"{"Text":"hi \u9000\u6b3e"}"#,
            "text",
            &["text: hi 退款"][..],
        ),
        ("TIMTextElem", r#"{"Text":""}"#, "text", &[]),
        (
            "TIMFaceElem",
            r#"{"Index":3,"Data":"x"}"#,
            "face",
            &["face Data: x"],
        ),
        (
            "TIMCustomElem",
            r#"{"Data":"d","Desc":"e","Ext":"f","Sound":"g"}"#,
            "custom",
            &["custom Data: d", "custom Desc: e", "custom Ext: f"],
        ),
        (
            "TIMImageElem",
            r#"{"UUID":"http://u","ImageInfoArray":[{"URL":"http://i"}]}"#,
            "image",
            &[],
        ),
        (
            "TIMSoundElem",
            r#"{"Url":"http://s","UUID":"u"}"#,
            "sound",
            &[],
        ),
        (
            "TIMFileElem ",
            r#"{"FileName":"a.pdf","UUID":"u"}"#,
            "file",
            &["file name: a.pdf"],
        ),
        (
            "TIMVideoFileElem",
            r#"{"VideoUrl":"http://v"}"#,
            "video",
            &[],
        ),
        (
            "TIMLocationElem",
            r#"{"Desc":"West Lake","Latitude":30.2}"#,
            "location",
            &["location: West Lake"],
        ),
        (
            "TIMStreamElem",
            r##"{"Chunks":[{"Markdown":"# A"},{"Markdown":"B"}],"CompatibleText":"c"}"##,
            "stream",
            &["text: # AB", "compatible text: c"],
        ),
        (
            "TIMGroupTipElem",
            r#"{"OpType":3,"Operator_Account":"amy","List_Account":["bo"]}"#,
            "system",
            &["system message: amy removed bo"],
        ),
        ("TIMGroupTipElem", "{}", "system", &[]),
        ("TIMGroupSystemNoticeElem", "{}", "system", &[]),
        (
            "TIMPollElem",
            r#"{"Ask":"lunch?","Votes":[2,{"No":"a\/b"}]}"#,
            "unknown",
            &[
                "unknown element: Ask",
                "unknown element: lunch?",
                "unknown element: Votes",
                "unknown element: No",
                "unknown element: a/b",
            ],
        ),
        ("", "{}", "unknown", &[]),
    ] {
        let message = element(kind, content);
        assert_eq!(said(&message), texts, "{kind} {content}");
        assert_eq!(kinds(&message), [name], "{kind}");
        assert!(KINDS.contains(&name));
        assert!(!has_link(&message), "{kind}");
    }
}

#[test]
fn elements_without_words_of_ours_are_looked_through_whole() {
    for (kind, content, name, texts) in [
        (
            "TIMGroupTipElem",
            r#"{"Note":"hi"}"#,
            "system",
            &["system message: Note", "system message: hi"][..],
        ),
        (
            "TIMGroupSystemNoticeElem",
            r#"{"UserDefinedField":"maint\u0065nance"}"#,
            "system",
            &[
                "system message: UserDefinedField",
                "system message: maintenance",
            ],
        ),
        (
            "",
            r#"{"Text":"lost type"}"#,
            "unknown",
            &["unreadable element: Text", "unreadable element: lost type"],
        ),
    ] {
        let message = element(kind, content);
        assert_eq!(said(&message), texts, "{kind} {content}");
        assert_eq!(kinds(&message), [name], "{kind}");
    }
}

#[test]
fn json_in_custom_data_is_unescaped_as_often_as_it_was_wrapped() {
    let inner = r#"{"text":"say \"hi\"","n":1}"#.replace('\\', "\\\\").replace('"', "\\\"");
    let data = format!(r#"{{"id":"x","data":"{inner}"}}"#);
    let content = format!(
        r#"{{"Data":"{}"}}"#,
        data.replace('\\', "\\\\").replace('"', "\\\"")
    );
    let message = element("TIMCustomElem", &content);
    let said = said(&message);
    assert_eq!(said.first(), Some(&format!("custom Data: {data}")));
    let strings: Vec<_> = said
        .iter()
        .filter_map(|s| s.strip_prefix("custom Data > JSON: "))
        .collect();
    let expected = [
        "id",
        "x",
        "data",
        r#"{"text":"say \"hi\"","n":1}"#,
        "text",
        "say \"hi\"",
        "n",
        "1",
    ];
    assert_eq!(strings, expected);
    let hit = find(&message, &Needle::parse("say \"hi\"").expect("a literal")).expect("a hit");
    assert_eq!((hit.part.as_str(), hit.at), ("custom Data > JSON", 0..8));
}

#[test]
fn json_in_base64_is_looked_through() {
    // {"note":"退款>?"}, which takes both signs that the alphabets differ in, or padding.
    for data in [
        "eyJub3RlIjoi6YCA5qy+Pj8ifQ==",
        "eyJub3RlIjoi6YCA5qy-Pj8ifQ",
        "eyJub3RlIjoi\\r\\n6YCA5qy+Pj8ifQ==",
    ] {
        let message = element("TIMCustomElem", &format!(r#"{{"Data":"{data}"}}"#));
        let hit = find(&message, &Needle::parse("退款").expect("a literal")).expect(data);
        assert_eq!((hit.part.as_str(), hit.at), ("custom Data > JSON", 0..6));
    }
}

#[test]
fn protobuf_in_custom_data_gives_its_strings() {
    let message = element(
        "TIMCustomElem",
        r#"{"Data":"\u0008\u0001\u0012\u0006\u00e9\u0080\u0080\u00e6\u00ac\u00be"}"#,
    );
    assert_eq!(
        said(&message).last().map(String::as_str),
        Some("custom Data > protobuf: 退款")
    );
}

#[test]
fn what_is_packed_twice_is_looked_through() {
    // {"id":"884213"} in base64 in a string of JSON in hex text.
    let data = "7b2261223a2265794a705a434936496a67344e4449784d794a39227d";
    let message = element("TIMCustomElem", &format!(r#"{{"Data":"{data}"}}"#));
    let hit = find(&message, &Needle::parse("884213").expect("a literal")).expect(data);
    assert_eq!(hit.part, "custom Data > JSON");
    // A number of a message, and text in base64.
    let field = element(
        "TIMCustomElem",
        r#"{"Data":"\b\u00012\u0000\u0010\u0085\u00fc5"}"#,
    );
    let hit = find(&field, &Needle::parse("884229").expect("a literal"));
    assert_eq!(
        hit.map(|hit| hit.part).as_deref(),
        Some("custom Data > protobuf")
    );
    let text = element(
        "TIMCustomElem",
        r#"{"Ext":"d2hlcmUgaXMgODg0MjEzIG5vdyAtIGFueWJvZHk/"}"#,
    );
    let hit = find(&text, &Needle::parse("anybody").expect("a literal"));
    assert_eq!(
        hit.map(|hit| hit.part).as_deref(),
        Some("custom Ext > text")
    );
}

#[test]
fn data_is_asked_by_path_in_all_that_apps_write() {
    let has = |message: &Message, path: &str, value: &str| {
        let path = Path::parse(path).expect("a path");
        Haystack::of(message).has_data(&path, Some(&Wanted::new(value)))
    };
    let custom = r#"{"MsgType":"TIMCustomElem","MsgContent":{"Data":"{\"order\":{\"id\":812}}","Ext":"{\"e\":1}"}}"#;
    let message = message(&format!(
        r#"{{"MsgBody":[{}],"CloudCustomData":"{{\"c\":\"x\"}}"}}"#,
        forward(custom)
    ));
    assert!(
        has(&message, "order.id", "812")
            && has(&message, "e", "1")
            && has(&message, "c", "X".to_lowercase().as_str())
    );
    assert!(!has(&message, "order.id", "813") && !has(&message, "Title", "chat of two"));
}

#[test]
fn forwards_are_looked_through_to_any_depth() {
    let inner = forward(r#"{"MsgType":"TIMTextElem","MsgContent":{"Text":"deep"}}"#);
    let message = message(&format!(
        r#"{{"MsgBody":[{}],"CloudCustomData":"top"}}"#,
        forward(&inner)
    ));
    assert_eq!(
        said(&message),
        [
            "forward > title: chat of two",
            "forward > abstract: a: hi",
            "forward > compatible text: old",
            "2 forwards > title: chat of two",
            "2 forwards > abstract: a: hi",
            "2 forwards > compatible text: old",
            "2 forwards > text: deep",
            "2 forwards > cloud custom data: beside",
            "forward > cloud custom data: beside",
            "cloud custom data: top",
        ]
    );
    assert_eq!(kinds(&message), ["forward"], "not what is inside");
}

#[test]
fn a_hundred_forwards_in_each_other_are_no_trouble() {
    let text = r#"{"MsgType":"TIMTextElem","MsgContent":{"Text":"deep"}}"#.to_owned();
    let body = (0..100).fold(text, |inner, _| forward(&inner));
    let message = message(&format!(r#"{{"MsgBody":[{body}]}}"#));
    let hit = find(&message, &Needle::parse("deep").expect("a literal"));
    assert_eq!(hit.expect("found").part, "100 forwards > text");
}

#[test]
fn system_messages_say_their_sentence_and_the_nicks() {
    let message = message(
        r#"{"IsSystemMsg":1,"From_Account":"secret","MsgBody":{"OpType":1,"Operator_Account":"amy",
        "MsgOperatorMemberExtraInfo":{"NickName":"Amy"},"List_Account":["bo"],
        "MsgMemberExtraInfo":[{"UserId":"bo","NickName":"Bo"}]}}"#,
    );
    let sentences = ["amy invited bo", "Amy", "Bo"].map(|text| format!("system message: {text}"));
    assert_eq!(said(&message), sentences);
    assert_eq!(kinds(&message), ["system"]);
}

#[test]
fn odd_bodies_are_looked_through_as_far_as_they_can_be_read() {
    for (json, texts, kinds_of) in [
        (
            r#"{"MsgBody":"just \u0061 string"}"#,
            &["unknown body: just a string"][..],
            &["unknown"][..],
        ),
        (
            r#"{"MsgBody":{"a":"b"}}"#,
            &["unknown body: a", "unknown body: b"],
            &["unknown"],
        ),
        (r#"{"MsgBody":[]}"#, &[], &[]),
        (r#"{"MsgBody":[],"IsSystemMsg":1}"#, &[], &["system"]),
        (r#"{"MsgBody":[1]}"#, &[], &["unknown"]),
        (
            r#"{"MsgBody":["plain \u0061",[7,"in"]]}"#,
            &["unreadable element: plain a", "unreadable element: in"],
            &["unknown"],
        ),
        (
            r#"{"MsgBody":["#,
            &[r#"broken JSON: {"MsgBody":["#],
            &["unknown"],
        ),
        (
            r#"{"MsgBody":[{"Text":"a\"\u9000\u6b3e","b":"c\u90"#,
            &[
                r#"broken JSON: {"MsgBody":[{"Text":"a\"\u9000\u6b3e","b":"c\u90"#,
                "broken JSON: a\"退款",
                "broken JSON: c\\u90",
            ],
            &["unknown"],
        ),
        ("", &[], &["unknown"]),
    ] {
        let message = message(json);
        assert_eq!(said(&message), texts, "{json}");
        assert_eq!(kinds(&message), kinds_of, "{json}");
    }
}

#[test]
fn the_first_hit_is_told_with_its_place() {
    let message = message(
        r#"{"From_Account":"refund","MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"no"}},
        {"MsgType":"TIMFileElem","MsgContent":{"FileName":"my Refund.pdf"}},
        {"MsgType":"TIMTextElem","MsgContent":{"Text":"refund"}}]}"#,
    );
    let needle = |text| Needle::parse(text).expect("a needle");
    let hit = Hit {
        part: "file name".to_owned(),
        text: "my Refund.pdf".to_owned(),
        at: 3..9,
    };
    assert_eq!(find(&message, &needle("refund")), Some(hit));
    let haystack = Haystack::of(&message);
    assert!(haystack.holds(&needle("re:^refund$")));
    assert!(!haystack.holds(&needle("secret")));
    assert_eq!(kinds(&message), ["text", "file"]);
}

#[test]
fn a_link_is_one_in_any_text_whatever_its_case() {
    for (content, linked) in [
        (r#"{"Text":"see HTTPS://a.b"}"#, true),
        (r#"{"Text":"http://"}"#, true),
        (r#"{"Text":"ftp://a http:/b 退款://"}"#, false),
        (r#"{"Text":""}"#, false),
    ] {
        assert_eq!(
            has_link(&element("TIMTextElem", content)),
            linked,
            "{content}"
        );
    }
    let escaped = r#"{"Data":"{\"link\":\"https:\\/\\/a.b\"}"}"#;
    assert!(has_link(&element("TIMCustomElem", escaped)));
}

#[test]
fn what_recalled_messages_still_hold_is_looked_through() {
    let mut message = element("TIMTextElem", r#"{"Text":"regret"}"#);
    message.state = ItemState::Recalled;
    assert!(find(&message, &Needle::parse("regret").expect("a literal")).is_some());
}

#[test]
fn there_is_an_end_to_parts() {
    let list = vec![r#"\"ab\""#; walk::MAX_PARTS + 10].join(",");
    let message = element("TIMCustomElem", &format!(r#"{{"Data":"[{list}]"}}"#));
    assert_eq!(texts(&message).len(), walk::MAX_PARTS);
    assert_eq!(
        find(&message, &Needle::parse("zz").expect("a literal")),
        None
    );
}

proptest::proptest! {
    /// Whatever an app packs into a message, there is an answer, and a hit is where it says.
    #[test]
    fn any_custom_data_can_be_looked_through(
        data in r#"([{}\[\]":,\\a0é\u{8}\u{a}\u{12}\u{1a}]|\u{80}|\PC){0,30}"#,
        what in r#"[a0é":,]{1,2}"#,
    ) {
        let data = serde_json::to_string(&data).expect("a string");
        let message = element("TIMCustomElem", &format!(r#"{{"Data":{data},"Ext":{data}}}"#));
        let needle = Needle::parse(&what).expect("a literal");
        let holding = texts(&message).into_iter().find(|part| needle.is_in(&part.text));
        let hit = find(&message, &needle);
        proptest::prop_assert_eq!(hit.as_ref().map(|hit| &hit.text), holding.as_ref().map(|part| &part.text));
        if let Some(hit) = hit {
            let there = hit.text.get(hit.at).expect("on boundaries");
            proptest::prop_assert!(needle.is_in(there));
            proptest::prop_assert!(there.chars().count() <= what.chars().count() * 2);
        }
    }
}
