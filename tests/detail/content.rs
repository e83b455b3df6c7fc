//! Everything of a message, group or hole is there.

use tim_history::app::action::Action;
use tim_history::app::detail::{GroupCard, Hole, Shown, Subject};
use tim_history::app::line::Role;
use tim_history::model::group::{GroupInfo, GroupType};
use tim_history::model::ids::{GroupId, Seq, UserId};
use tim_history::model::message::{ItemState, Raw, Timestamp};
use tim_history::model::text::clean;
use tim_history::model::timeline::SeqState;

use crate::pane::{Pane, message, sample, shown, text, whole};

#[test]
fn the_official_sample() {
    insta::assert_snapshot!("official_80", whole("01_official_sample", 80));
    insta::assert_snapshot!("official_38", whole("01_official_sample", 38));
}

#[test]
fn every_element_in_full() {
    insta::assert_snapshot!("elements", whole("07_all_elements", 78));
    insta::assert_snapshot!("elements_old", whole("08_legacy_2x_3x_elements", 78));
    insta::assert_snapshot!("streams", whole("10_stream_elem_as_sent_and_variants", 78));
    insta::assert_snapshot!("unknown", whole("15_unknown_elements_and_fields", 78));
}

#[test]
fn system_messages_in_words() {
    insta::assert_snapshot!("system", whole("06_system_messages", 78));
}

#[test]
fn bodies_of_every_form() {
    insta::assert_snapshot!("bodies", whole("14_msgbody_variants", 78));
    insta::assert_snapshot!("long_forward", whole("09b_relay_long_jsonmsgkey", 78));
}

#[test]
fn recalled_messages_show_what_still_came_under_those_words() {
    let recalled = |name| {
        let all = sample(name);
        let mut pane = Pane::new(78, 60);
        let it = all.iter().find(|m| m.state == ItemState::Recalled);
        text(&pane.show(it.expect("a recalled one")))
    };
    let kept = recalled("05b_recalled_flag_set_body_kept");
    let empty = recalled("05a_recalled_flag_set_body_empty");
    assert!(
        kept.contains("content the service still returned"),
        "{kept}"
    );
    assert!(
        kept.contains("does not say who recalled it or why"),
        "{kept}"
    );
    assert!(!empty.contains("still returned"), "{empty}");
    insta::assert_snapshot!("recalled", format!("{kept}\n{empty}"));
}

#[test]
fn a_host_that_may_look_like_another_is_told_in_ascii_too() {
    let raw = r#"{"MsgSeq":1,"MsgBody":[{"MsgType":"TIMFileElem","MsgContent":{"FileName":"a","Url":"https://b\u00fccher.example/a"}}]}"#;
    let shown = text(&Pane::new(78, 20).show(&message(raw)));
    assert!(shown.contains("https://b\u{fc}cher.example/a"), "{shown}");
    assert!(shown.contains("xn--bcher-kva.example"), "{shown}");
}

#[test]
fn hex_shows_the_data_and_again_its_code_points() {
    let raw = r#"{"MsgSeq":1,"MsgBody":[{"MsgType":"TIMCustomElem","MsgContent":{"Data":"\u0000\u00ff\u0080A"}}]}"#;
    let it = message(raw);
    let mut pane = Pane::new(78, 10);
    let utf8 = text(&pane.after(&it, &[Action::ViewHex]));
    assert!(utf8.contains("00 c3 bf c2 80 41"), "{utf8}");
    let points = text(&pane.after(&it, &[Action::ViewHex]));
    assert!(points.contains("00000000  00 ff 80 41"), "{points}");
    assert!(
        points.starts_with("== seq 1  hex of code points"),
        "{points}"
    );
    let back = text(&pane.after(&it, &[Action::ViewHex]));
    assert_eq!(back, utf8);
}

#[test]
fn hex_says_why_code_points_cannot_be_bytes() {
    let all = sample("01_official_sample");
    let it = all.first().expect("a message");
    let mut pane = Pane::new(78, 10);
    let laid = text(&pane.after(it, &[Action::ViewHex, Action::ViewHex]));
    assert!(laid.contains("character 7 is U+732B 猫, above"), "{laid}");
    insta::assert_snapshot!("hex_of_custom", laid);
}

#[test]
fn data_longer_than_eight_rows_says_how_much_more_there_is() {
    let data = "x".repeat(1000);
    let raw = format!(
        r#"{{"MsgSeq":1,"MsgBody":[{{"MsgType":"TIMFaceElem","MsgContent":{{"Index":3,"Data":"{data}"}}}}]}}"#
    );
    let it = message(&raw);
    let laid = text(&Pane::new(78, 100).show(&it));
    assert!(
        laid.contains("872 bytes more; 3 shows all in hex"),
        "{laid}"
    );
    assert_eq!(laid.matches("xxxxxxxx  ").count(), 0);
    assert_eq!(laid.matches("78 78 78 78 78 78 78 78  78").count(), 8);
}

#[test]
fn a_megabyte_in_hex_can_be_read_to_its_end() {
    let data = "y".repeat(1 << 20);
    let raw = format!(
        r#"{{"MsgSeq":1,"MsgBody":[{{"MsgType":"TIMCustomElem","MsgContent":{{"Data":"{data}"}}}}]}}"#
    );
    let it = message(&raw);
    let mut pane = Pane::new(78, 20);
    let laid = pane.after(&it, &[Action::ViewHex, Action::Bottom]);
    let last = laid.rows.last().expect("rows").line.text();
    assert!(last.starts_with("000ffff0  79"), "{last}");
    assert_eq!(laid.more_below, 0);
    assert_eq!(laid.rows.len(), 20);
}

#[test]
fn repaired_data_says_so() {
    let raw =
        r#"{"MsgSeq":1,"MsgBody":[{"MsgType":"TIMCustomElem","MsgContent":{"Data":"a\ud83d"}}]}"#;
    let it = message(raw);
    assert!(it.repaired);
    let mut pane = Pane::new(78, 40);
    let laid = text(&pane.show(&it));
    assert!(laid.contains("flags     repaired"), "{laid}");
    assert!(laid.contains("TIMCustomElem  repaired"), "{laid}");
    let hex = text(&pane.after(&it, &[Action::ViewHex]));
    assert!(
        hex.contains("ef bf bd") && hex.contains("had to be repaired"),
        "{hex}"
    );
}

#[test]
fn bytes_that_are_no_text_are_seen_as_they_came() {
    let mut it = message(r#"{"MsgSeq":1}"#);
    let body = b"{\"MsgSeq\":1,\"MsgBody\":[{\"MsgType\":\"TIMTextElem\",\"MsgContent\":{\"Text\":\"a\xff\xfe\"}}]}";
    it.raw = Raw::new(std::sync::Arc::from(&body[..]), 0..body.len());
    it.repaired = true;
    let mut pane = Pane::new(78, 60);
    let shown = text(&pane.show(&it));
    assert!(
        shown.contains("2 places not UTF-8. U+FFFD stands"),
        "{shown}"
    );
    let json = text(&pane.after(&it, &[Action::ToggleRaw]));
    assert!(
        json.contains("raw JSON") && json.contains("; 3 shows them"),
        "{json}"
    );
    let hex = text(&pane.after(&it, &[Action::ViewHex]));
    assert!(
        hex.contains("raw hex") && hex.contains("22 61 ff  fe 22"),
        "{hex}"
    );
    let back = text(&pane.after(&it, &[Action::ToggleRaw]));
    assert_eq!(back, shown);
}

#[test]
fn a_change_shows_both_and_strays_are_counted() {
    let before = sample("05b_recalled_flag_set_body_kept");
    let before = before.first().expect("a message");
    let mut after = before.clone();
    after.state = ItemState::Gone;
    after.raw = Raw::from(r#"{"MsgSeq":1,"IsPlaceMsg":1,"MsgBody":[]}"#);
    let stray = message(r#"{"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"lost"}}]}"#);
    let subject = Subject::Message(Shown {
        first: Some((&SeqState::Present, Some(before))),
        strays: std::slice::from_ref(&stray),
        as_of: Timestamp::new(1_735_700_000),
        ..shown(&after)
    });
    let mut pane = Pane::new(78, 80);
    insta::assert_snapshot!("changed_with_stray", text(&pane.lay_out(&subject)));
}

#[test]
fn what_cannot_be_read_shows_its_reason_and_its_bytes() {
    let mut it = message(r#"{"MsgSeq":5}"#);
    it.raw = Raw::from("{\"MsgSeq\": 5, \"MsgBody\": [,]}");
    it.state = ItemState::Unreadable("expected a value at column 27".to_owned());
    let mut pane = Pane::new(60, 30);
    let shown = text(&pane.show(&it));
    let hex = text(&pane.after(&it, &[Action::ViewHex]));
    assert!(hex.contains("7b 22 4d 73 67 53 65 71"), "{hex}");
    insta::assert_snapshot!("unreadable", shown);
}

#[test]
fn groups_and_holes() {
    let id = GroupId::new("@TGS#2J4SZEAEL");
    let info = GroupInfo {
        kind: Some(GroupType::ChatRoom),
        name: Some("Order 77 \u{202e}support".to_owned()),
        owner: Some(UserId::new("agent_li")),
        created: Timestamp::new(1_600_000_000),
        last_message: Timestamp::new(1_735_700_000),
        next_seq: Some(511),
        members: Some(7),
        max_members: Some(200),
        muted: Some(true),
        notice: Some("Office hours\n9-18".to_owned()),
        introduction: Some(String::new()),
        ..GroupInfo::default()
    };
    let card = GroupCard {
        id: &id,
        topic: None,
        info: Some(&info),
        error: None,
        sentences: vec![],
    };
    let mut pane = Pane::new(50, 30);
    let mut story = text(&pane.lay_out(&Subject::Group(card.clone())));
    let refused = GroupCard {
        info: None,
        error: Some((10015, "bad id \u{1b}[31m")),
        sentences: vec![(Role::Dim, clean("Enter tries its history all the same."))],
        ..card
    };
    story.push_str(&text(&pane.lay_out(&Subject::Group(refused))));
    let seq = |n| Seq::new(n).expect("not zero");
    let hole = Hole {
        first: seq(1000),
        last: seq(2999),
        state: SeqState::Withheld,
        sentences: vec![(
            Role::Withheld,
            clean("The reply covered them and left them out."),
        )],
    };
    story.push_str(&text(&pane.lay_out(&Subject::Hole(hole))));
    story.push_str(&text(&pane.lay_out(&Subject::Nothing)));
    insta::assert_snapshot!("groups_and_holes", story);
}
