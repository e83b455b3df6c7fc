//! The detail pane on the service's replies: rows as text, and how keys move in them.

use serde_json::value::RawValue;
use tim_history::app::action::Action;
use tim_history::app::detail::{Detail, Frame, GroupCard, Hole, Laid, Outcome, Shown, Subject};
use tim_history::app::keymap::Keymap;
use tim_history::app::line::Role;
use tim_history::app::view::{Gutter, Row};
use tim_history::model::group::{GroupInfo, GroupType};
use tim_history::model::ids::{GroupId, Seq, UserId};
use tim_history::model::message::{ItemState, Message, Raw, Timestamp};
use tim_history::model::text::{Clean, clean};
use tim_history::model::time::Zone;
use tim_history::model::timeline::SeqState;

/// The messages of a reply, read by hand so that this test needs no client.
fn sample(name: &str) -> Vec<Message> {
    #[derive(serde::Deserialize)]
    struct Reply {
        #[serde(rename = "RspMsgList")]
        list: Vec<Box<RawValue>>,
    }
    let path = format!(
        "{}/tests/fixtures/group_msg_get_simple/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(path).expect("the fixture is there");
    let reply: Reply = serde_json::from_str(&text).expect("a reply");
    reply.list.iter().map(|raw| message(raw.get())).collect()
}

fn message(raw: &str) -> Message {
    // Only the fields above the body are read; the escape stands for what is repaired.
    let json: serde_json::Value =
        serde_json::from_str(&raw.replace("\\ud83d", "\\ufffd")).expect("an item");
    let number = |name: &str| json[name].as_i64();
    let small = |name: &str| number(name).and_then(|n| u32::try_from(n).ok());
    Message {
        seq: small("MsgSeq").and_then(Seq::new),
        time: number("MsgTimeStamp").and_then(Timestamp::new),
        sender: json["From_Account"]
            .as_str()
            .filter(|id| !id.is_empty())
            .map(UserId::new),
        state: match number("IsPlaceMsg") {
            Some(1) => ItemState::Gone,
            Some(2) => ItemState::Recalled,
            _ => ItemState::Present,
        },
        system: number("IsSystemMsg") == Some(1),
        random: small("MsgRandom"),
        priority: number("MsgPriority"),
        repaired: raw.contains("\\ud83d\""),
        raw: Raw::from(raw),
    }
}

/// What the reader has: a pane and its size.
struct Pane {
    detail: Detail,
    width: u16,
    height: u16,
    keys: Keymap,
    zone: Zone,
}

impl Pane {
    fn new(width: u16, height: u16) -> Self {
        Self {
            detail: Detail::default(),
            width,
            height,
            keys: Keymap::default(),
            zone: Zone::parse("+08:00", &Zone::utc()).expect("a zone"),
        }
    }

    fn lay_out(&mut self, subject: &Subject<'_>) -> Laid {
        self.lay_out_with(subject, &|user| {
            (user.as_str() == "agent_li").then(|| Clean::from("小李"))
        })
    }

    fn lay_out_with(
        &mut self,
        subject: &Subject<'_>,
        name_of: &dyn Fn(&UserId) -> Option<Clean>,
    ) -> Laid {
        let frame = Frame {
            zone: &self.zone,
            name_of,
            keys: &self.keys,
            width: self.width,
            height: self.height,
            ascii: false,
        };
        self.detail.lay_out(subject, &frame)
    }

    fn show(&mut self, message: &Message) -> Laid {
        self.lay_out(&only(message))
    }

    /// Acts and shows.
    fn after(&mut self, message: &Message, actions: &[Action]) -> Laid {
        let mut laid = self.show(message);
        for action in actions {
            self.detail.act(*action);
            laid = self.show(message);
        }
        laid
    }
}

fn shown(message: &Message) -> Shown<'_> {
    Shown {
        message,
        state: match message.state {
            ItemState::Present => SeqState::Present,
            ItemState::Gone => SeqState::Gone,
            ItemState::Recalled => SeqState::Recalled,
            ItemState::Unreadable(_) => SeqState::Unreadable,
        },
        first: None,
        strays: &[],
        as_of: None,
    }
}

fn only(message: &Message) -> Subject<'_> {
    Subject::Message(shown(message))
}

fn mark(row: &Row) -> char {
    match (row.selected, row.gutter) {
        (true, _) => '>',
        (false, Gutter::Element) => '*',
        (false, _) => ' ',
    }
}

/// Title and rows as text: `*` where an element begins, `>` where the chosen one does.
fn text(laid: &Laid) -> String {
    let mut out = format!("== {}\n", laid.title.text());
    for row in &laid.rows {
        out.push_str(format!("{} {}", mark(row), row.line.text()).trim_end());
        out.push('\n');
    }
    if laid.more_above + laid.more_below > 0 {
        let (above, below) = (laid.more_above, laid.more_below);
        out.extend([format!(
            "({above} above, {below} below)
"
        )]);
    }
    out
}

/// All messages of a sample, one below another, in full.
fn whole(name: &str, width: u16) -> String {
    let mut pane = Pane::new(width, 500);
    let laid = sample(name).iter().map(|m| text(&pane.show(m))).collect();
    let laid: Vec<String> = laid;
    laid.join("\n")
}

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
fn forwards_open_to_the_deepest_and_close_again() {
    let all = sample("09a_relay_nested");
    let it = all.first().expect("one message");
    let mut pane = Pane::new(78, 40);
    let mut story = text(&pane.show(it));
    for _ in 0..4 {
        assert_eq!(pane.detail.act(Action::In), Outcome::Handled);
        story += "\n";
        story += &text(&pane.show(it));
    }
    assert!(story.contains("deepest"), "{story}");
    assert_eq!(pane.detail.act(Action::In), Outcome::Ignored);
    for title in [
        "forward 3/4: Nested 1",
        "forward 2/4: Nested 2",
        "forward 1/4: Nested 3",
    ] {
        assert_eq!(pane.detail.act(Action::Out), Outcome::Handled);
        assert!(pane.show(it).title.text().starts_with(title), "{title}");
    }
    assert_eq!(pane.detail.act(Action::Out), Outcome::Handled);
    assert!(pane.show(it).title.text().starts_with("seq 700"));
    assert_eq!(pane.detail.act(Action::Out), Outcome::Leave);
    insta::assert_snapshot!("nested_forward", story);
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
fn the_views_follow_the_chosen_element() {
    let all = sample("07_all_elements");
    let it = all.first().expect("three elements");
    let mut pane = Pane::new(78, 30);
    let mut story = String::new();
    for actions in [
        &[Action::ViewJson][..],
        &[Action::NextElement],
        &[Action::ViewHex],
        &[Action::NextElement],
        &[Action::NextElement],
        &[Action::ToggleRaw],
        &[Action::ToggleRaw],
        &[Action::ViewText],
    ] {
        story.push_str(&text(&pane.after(it, actions)));
    }
    insta::assert_snapshot!("views_follow", story);
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
fn long_lines_are_cut_or_wrapped() {
    let all = sample("16_control_chars_and_hostile_text");
    let mut pane = Pane::new(30, 2000);
    for it in &all {
        let wrapped = pane.show(it);
        let cut = pane.after(it, &[Action::ToggleWrap]);
        assert!(cut.rows.len() <= wrapped.rows.len());
        pane.after(it, &[Action::ToggleWrap]);
    }
    let longest = all.iter().map(|it| pane.show(it).rows.len()).max();
    assert!(longest > Some(100), "one of them is long: {longest:?}");
}

#[test]
fn the_chosen_element_is_brought_into_sight_and_scrolling_stays_in_bounds() {
    let all = sample("07_all_elements");
    let it = all.first().expect("three elements");
    let mut pane = Pane::new(78, 4);
    let laid = pane.after(it, &[Action::NextElement]);
    assert!(laid.rows.iter().any(|row| row.selected), "{}", text(&laid));
    let laid = pane.after(
        it,
        &[Action::NextElement, Action::NextElement, Action::PageDown],
    );
    assert!(laid.title.text().contains("element 3/3"));
    assert_eq!((laid.more_below, laid.rows.len()), (0, 4));
    let laid = pane.after(it, &[Action::PageUp]);
    assert_eq!(laid.more_below, 3);
    let laid = pane.after(it, &[Action::Top, Action::Up]);
    assert_eq!(laid.more_above, 0);
}

#[test]
fn text_is_read_on_where_it_was_left_unless_another_element_was_chosen() {
    let all = sample("07_all_elements");
    let it = all.first().expect("three elements");
    let mut pane = Pane::new(78, 6);
    let before = pane.after(it, &[Action::Down, Action::Down]);
    let after = pane.after(it, &[Action::ViewHex, Action::ViewText]);
    assert_eq!(after, before);
    let turned = [Action::ViewJson, Action::NextElement, Action::ViewText];
    let moved = pane.after(it, &turned);
    assert!(
        moved.rows.iter().any(|row| row.selected),
        "{}",
        text(&moved)
    );
}

#[test]
fn finding_counts_places_marks_them_and_goes_round() {
    let raw = r#"{"MsgSeq":1,"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"one Needle\n\n\n\n\n\n\n\n\n\n\n\ntwo needle needle"}}]}"#;
    let it = message(raw);
    let mut pane = Pane::new(40, 6);
    pane.show(&it);
    assert_eq!(pane.detail.find("needle"), Some(3));
    let first = pane.show(&it);
    let marked = |laid: &Laid| -> Vec<String> {
        let pieces = laid.rows.iter().flat_map(|r| &r.line.pieces);
        pieces
            .filter(|p| p.role == Role::Match)
            .map(|p| p.text.as_str().to_owned())
            .collect()
    };
    assert_eq!(marked(&first), ["Needle"]);
    pane.detail.act(Action::FindNext);
    assert_eq!(marked(&pane.show(&it)), ["needle", "needle"]);
    pane.detail.act(Action::FindNext);
    assert_eq!(marked(&pane.show(&it)), ["Needle"]);
    pane.detail.act(Action::FindPrev);
    assert_eq!(marked(&pane.show(&it)), ["needle", "needle"]);
    assert_eq!(pane.detail.find("absent"), None);
    assert!(pane.show(&it).title.text().ends_with("not found"));
    assert_eq!(pane.detail.find(""), None);
    assert_eq!(pane.detail.act(Action::FindNext), Outcome::AskFind);
}

#[test]
fn another_message_starts_at_the_top_in_the_same_view() {
    let all = sample("07_all_elements");
    let mut pane = Pane::new(60, 5);
    let [first, second, ..] = &all[..] else {
        unreachable!("the sample has many")
    };
    pane.after(
        first,
        &[Action::ViewJson, Action::NextElement, Action::Bottom],
    );
    assert_eq!(pane.detail.act(Action::NextMessage), Outcome::NextMessage);
    let laid = pane.show(second);
    assert_eq!(laid.more_above, 0);
    assert!(
        laid.title.text().ends_with("JSON"),
        "{:?}",
        laid.title.text()
    );
}

#[test]
fn a_name_that_comes_later_is_shown_without_a_key() {
    let all = sample("01_official_sample");
    let it = all.first().expect("a message");
    let mut pane = Pane::new(60, 20);
    assert!(!text(&pane.lay_out_with(&only(it), &|_| None)).contains("Mao"));
    let named = text(&pane.lay_out_with(&only(it), &|_| Some(Clean::from("Mao"))));
    assert!(named.contains("Mao (144115197276518801)"), "{named}");
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

#[test]
fn no_size_and_no_key_breaks_it_and_no_row_is_too_wide() {
    let actions = [
        Action::In,
        Action::NextElement,
        Action::ViewHex,
        Action::ViewHex,
        Action::Bottom,
        Action::ViewJson,
        Action::PrevElement,
        Action::ToggleRaw,
        Action::PageDown,
        Action::ToggleWrap,
        Action::Top,
        Action::ViewText,
        Action::HalfUp,
        Action::Out,
    ];
    for name in [
        "07_all_elements",
        "16_control_chars_and_hostile_text",
        "09a_relay_nested",
    ] {
        let all = sample(name);
        for (width, height) in [(0, 0), (1, 1), (2, 3), (11, 4), (29, 9), (160, 48)] {
            let mut pane = Pane::new(width, height);
            for it in &all {
                for action in actions {
                    let laid = pane.after(it, &[action]);
                    assert!(laid.rows.len() <= usize::from(height));
                    let widest = laid.rows.iter().map(|r| r.line.width()).max();
                    assert!(
                        widest.unwrap_or(0) <= usize::from(width),
                        "{name} {width} {action:?}"
                    );
                }
            }
        }
    }
}
