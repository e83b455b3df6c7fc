//! What is taken along: every entry of the copy menu to the letter, selections over
//! all kinds of holes, masks, what stays out.

use tim_history::app::event::{Effect, Event};
use tim_history::app::view::Pane;
use tim_history::emulator::{Group, Knobs, Truth, World};
use tim_history::model::excerpt::Style;

use crate::harness::{Harness, START, Story};

/// Says something in Markdown, and sends a picture.
const IMAGE: &str = r#"{"MsgSeq":11,"From_Account":"mei_chen","IsPlaceMsg":0,"MsgRandom":77,"MsgTimeStamp":1735891110,"MsgKey":"11_77",
"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"see *this*\n* 12 forged"}},{"MsgType":"TIMImageElem","MsgContent":{"UUID":"u","ImageInfoArray":[{"Type":1,"Size":1800000,"URL":"https://cos.example/a (1).png"}]}}]}"#;

/// Twelve messages: 3 and 4 recalled, 6 gone, 8 and 9 withheld, 11 with an image.
fn group() -> Group {
    Group::chat("@TGS#A", 12)
        .named("Case_812")
        .sent_at(START - 1_200, 100)
        .with_truth(3..=4, Truth::Recalled)
        .with_truth(6..=6, Truth::Gone)
        .with_truth(8..=9, Truth::Withheld)
        .with_item(11, IMAGE)
}

fn story() -> Story {
    Story::of(World::of(vec![group()]).at(START)).open("@TGS#A")
}

/// On the message with the image.
async fn open() -> Harness {
    let mut t = story().settled().await;
    t.press("k");
    assert_eq!(t.selected(), Some(11));
    t
}

/// What these keys copy, and what it is called.
fn copy(t: &mut Harness, keys: &str) -> (String, String) {
    t.done.clear();
    t.press(keys);
    let copies = t.copies();
    let [copy] = copies.as_slice() else {
        panic!("one copy: {copies:?}\n{}", t.screen());
    };
    (copy.what.clone(), copy.text.as_str().to_owned())
}

fn text(t: &mut Harness, keys: &str) -> String {
    copy(t, keys).1
}

#[tokio::test]
async fn the_text_of_a_message_is_what_it_says_and_nothing_else() {
    let mut t = open().await;
    let said = "see *this*\n* 12 forged [image 1.8 MB] https://cos.example/a%20%281%29.png";
    assert_eq!(copy(&mut t, "yy"), ("text".to_owned(), said.to_owned()));
    assert_eq!(text(&mut t, "cy"), said, "c opens the menu too");
    assert_eq!(text(&mut t, "lyy"), said, "so does the detail pane");
    assert!(t.view().overlay.is_none(), "and it has closed");
}

#[tokio::test]
async fn a_ticket_block_says_what_it_is_and_how_much_of_it_there_is() {
    let mut t = open().await;
    t.press("mcheck_this<enter>");
    let expected = r"- **Profile:** test, app 1400000000
- **Group:** Case\_812, \@TGS\#A
- **Seq:** 11, 2025-01-03 15:58:30 +08:00
- **Holds:** 1 message of 1 seq: 0 recalled, 0 gone, 0 withheld, 0 not loaded
- **As of:** 2025-01-03 16:00:00 +08:00
- **Link:** <tim-history://1400000000/%40TGS%23A/11>

* 11 2025-01-03 15:58:30 +08:00 (mei\_chen): see \*this\*⏎\* 12 forged [image 1.8 MB](https://cos.example/a%20%281%29.png) *marked:* check\_this";
    let ticket = ("ticket block".to_owned(), expected.to_owned());
    assert_eq!(copy(&mut t, "yt"), ticket);
}

#[tokio::test]
async fn raw_json_bytes_link_ids_and_addresses_are_those_of_the_message() {
    let mut t = open().await;
    assert_eq!(text(&mut t, "yj"), IMAGE);
    let dump = text(&mut t, "yh");
    let mut lines = dump.lines();
    let bytes = format!("seq 11: {} bytes of JSON as they came", IMAGE.len());
    assert_eq!(lines.next(), Some(bytes.as_str()));
    assert_eq!(
        lines.next(),
        Some("00000000  7b 22 4d 73 67 53 65 71  22 3a 31 31 2c 22 46 72  {\"MsgSeq\":11,\"Fr")
    );
    assert_eq!(lines.count(), IMAGE.len().div_ceil(16) - 1);
    assert_eq!(text(&mut t, "yl"), "tim-history://1400000000/%40TGS%23A/11");
    assert_eq!(
        text(&mut t, "yi"),
        "SDKAppID: 1400000000\nGroupId: @TGS#A\n\nMsgSeq: 11\nFrom_Account: mei_chen\nMsgRandom: 77\n\
         MsgTimeStamp: 1735891110 (2025-01-03 15:58:30 +08:00)\nMsgKey: 11_77"
    );
    assert_eq!(text(&mut t, "yu"), "https://cos.example/a%20%281%29.png");
    t.done.clear();
    t.press("kyu");
    assert_eq!(t.keys_line(), "there is no media address in this");
    assert!(t.copies().is_empty());
}

#[tokio::test]
async fn the_request_behind_a_page_is_the_one_that_was_sent_without_its_secret() {
    let mut t = Story::of(World::of(vec![Group::chat("@TGS#A", 100)]).at(START))
        .open("@TGS#A")
        .settled()
        .await;
    t.press("<pageup><pageup><pageup><pageup>").settle().await;
    let copied = text(&mut t, "yr");
    let parts: Vec<&str> = copied.split("\n\n").collect();
    let [head, body, answer] = parts.as_slice() else {
        panic!("three parts: {copied}");
    };
    assert_eq!(
        *head,
        "POST https://service.example/v4/group_open_http_svc/group_msg_get_simple\
         ?sdkappid=1400000000&identifier=administrator&usersig=$USERSIG&random=$RANDOM&contenttype=json"
    );
    let told = "ErrorCode: 0 at 2025-01-03 16:00:00 +08:00\nErrorInfo: (empty)";
    assert_eq!(*answer, told);
    assert!(body.contains("\"ReqMsgSeq\":"), "{body}");
    let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
    let calls = t.calls("group_msg_get_simple");
    let sent = calls.iter().any(|call| call.body == body);
    assert!(sent, "{body}");
}

#[tokio::test]
async fn what_a_good_answer_says_beside_its_messages_is_in_the_request() {
    let knobs = Knobs {
        page_info: "degraded:\nread from \u{202e}a replica \u{1b}[2J".to_owned(),
        ..Knobs::default()
    };
    let mut t = story().knobs(knobs).settled().await;
    let copied = text(&mut t, "yr");
    let end = copied.lines().last().unwrap_or_default();
    assert_eq!(end, "ErrorInfo: degraded:⏎read from ¦a replica ^[[2J");
}

#[tokio::test]
async fn a_page_that_failed_gives_its_request_with_code_and_words() {
    let knobs = Knobs {
        fail_every: Some((1, 10_010)),
        ..Knobs::default()
    };
    let mut t = story().knobs(knobs).settled().await;
    assert_eq!(t.app.history().and_then(|h| h.timeline().head()), None);
    t.press("y");
    assert!(t.screen().contains("copy nothing loaded"), "{}", t.screen());
    t.press("t");
    assert_eq!(t.keys_line(), "nothing is loaded here");
    let copied = text(&mut t, "r");
    assert!(
        copied.contains("\n\n{\"GroupId\":\"@TGS#A\",\"ReqMsgNumber\":20,\"WithRecalledMsg\":1}\n\nErrorCode: 10010\nErrorInfo: "),
        "{copied}"
    );
}

#[tokio::test]
async fn a_selection_states_every_hole_in_seq_order() {
    let mut t = open().await;
    t.press("v<home>").settle().await;
    let status = t.view().status.text();
    assert!(status.contains("11 seqs selected"), "{status}");
    let messages = t.messages();
    let rows = messages.lines().skip(1).filter(|row| row.starts_with('>'));
    // Eleven seqs in nine rows, one of them of two lines.
    assert_eq!(rows.count(), 10, "{messages}");
    let expected = r#"seq 1-11 of Case_812, as of 2025-01-03 16:00:00 +08:00
1  2025-01-03 15:40:00 +08:00  "Nick of user_1" (user_1): message 1
2  2025-01-03 15:41:40 +08:00  "Nick of user_2" (user_2): message 2
3-4  [2 recalled]
5  2025-01-03 15:46:40 +08:00  "Nick of user_0" (user_0): message 5
6  [gone (deleted, expired or never stored)]
7  2025-01-03 15:50:00 +08:00  "Nick of user_2" (user_2): message 7
8-9  [2 withheld by the service]
10  2025-01-03 15:55:00 +08:00  "Nick of user_0" (user_0): message 10
11  2025-01-03 15:58:30 +08:00  (mei_chen): see *this*
    * 12 forged [image 1.8 MB] https://cos.example/a%20%281%29.png"#;
    assert_eq!(text(&mut t, "yy"), expected);
    let ticket = text(&mut t, "yt");
    for line in [
        "- **Seq:** 1-11, 2025-01-03 15:40:00 +08:00 to 2025-01-03 15:58:30 +08:00",
        "- **Holds:** 6 messages of 11 seqs: 2 recalled, 1 gone, 2 withheld, 0 not loaded",
        "* 2 2025-01-03 15:41:40 +08:00 **Nick of user\\_2** (user\\_2): message 2",
        "* 3-4 2025-01-03 15:43:20 +08:00 *2 recalled*",
        "* 6 2025-01-03 15:48:20 +08:00 *gone (deleted, expired or never stored)*",
        "* 8-9 *2 withheld by the service*",
    ] {
        assert!(ticket.lines().any(|l| l == line), "{line}\n{ticket}");
    }
    let json = text(&mut t, "yj");
    assert_eq!(json.lines().count(), 9, "{json}");
    for line in json.lines() {
        serde_json::from_str::<serde_json::Value>(line).expect("JSON");
    }
    assert!(json.contains("\n{\"tim_history\":{\"seqs\":\"8-9\",\"state\":\"withheld\"}}\n"));
    assert_eq!(
        text(&mut t, "yl"),
        "tim-history://1400000000/%40TGS%23A/1\ntim-history://1400000000/%40TGS%23A/11"
    );
    assert!(text(&mut t, "yi").contains("\n\nMsgSeq: 3-4 (2 recalled)\n\nMsgSeq: 5\n"));
    assert!(text(&mut t, "yh").contains("\nseq 8-9: 2 withheld by the service\nseq 10: "));
}

#[tokio::test]
async fn escape_ends_a_selection_and_then_leaves() {
    let mut t = open().await;
    t.press("vkk");
    assert!(t.view().status.text().contains("4 seqs selected"));
    t.press("<esc>");
    assert!(!t.view().status.text().contains("selected"));
    assert_eq!(
        t.selected(),
        Some(9),
        "the cursor stays, in the run of 8 and 9"
    );
    assert!(text(&mut t, "yy").ends_with("\n8-9  [2 withheld by the service]"));
    t.press("vv");
    assert!(!t.view().status.text().contains("selected"));
    t.press("y<esc>");
    assert!(t.view().overlay.is_none(), "Esc closes the menu alone");
    t.press("<esc>");
    let focused = t.view().panes.iter().find(|p| p.focused).map(|p| p.pane);
    assert_eq!(focused, Some(Pane::Groups), "and the next one goes out");
}

#[tokio::test]
async fn what_is_not_loaded_is_stated_with_its_bounds() {
    let mut t = Story::of(World::of(vec![Group::chat("@TGS#A", 5_000)]).at(START))
        .open("tim-history://1400000000/%40TGS%23A/2000")
        .settled()
        .await;
    t.press("vG").settle().await;
    let block = text(&mut t, "yt");
    let holes: Vec<&str> = block
        .lines()
        .filter(|l| l.contains("not loaded*"))
        .collect();
    let [hole] = holes.as_slice() else {
        panic!("one hole: {block}");
    };
    let (first, last) = hole
        .trim_start_matches("* ")
        .split_once(' ')
        .and_then(|(range, _)| range.split_once('-'))
        .expect("a range");
    let seqs: u32 = last.parse::<u32>().expect("a seq") - first.parse::<u32>().expect("a seq") + 1;
    assert!(hole.ends_with(&format!(" *{seqs} not loaded*")), "{hole}");
    let counts = format!(
        "{} messages of 3001 seqs: 0 recalled, 0 gone, 0 withheld, {seqs} not loaded",
        3_001 - seqs
    );
    assert!(block.contains(&counts), "{counts}\n{block}");
}

#[tokio::test]
async fn what_a_filter_hides_is_counted_and_not_copied() {
    let mut t = story().settled().await;
    t.press("ffrom:user_2<enter>").settle().await;
    t.press("v<home>").settle().await;
    let block = text(&mut t, "yt");
    assert!(block.contains("- **Filter:** from:user\\_2\n"), "{block}");
    assert!(block.contains("hidden by the filter\n"), "{block}");
    assert!(block.contains(": message 7\n"), "{block}");
    assert!(!block.contains("message 5"), "{block}");
    // Every seq is in one line, and in one only.
    let lines = block
        .lines()
        .filter_map(|l| l.strip_prefix("* ")?.split(' ').next());
    let mut next = 2;
    for range in lines {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        assert_eq!(first.parse(), Ok(next), "{block}");
        next = last.parse::<u32>().expect("a seq") + 1;
    }
    assert_eq!(next, 13, "{block}");
}

#[tokio::test]
async fn a_masked_block_names_nobody_and_nothing_else_can_be_copied_masked() {
    let mut t = open().await;
    t.press("mask mei_chen, not user_2<enter>");
    t.press("v<home>").settle().await;
    t.press("ym");
    assert!(
        t.screen().contains("copy 11 seqs, 1 to 11 · masked"),
        "{}",
        t.screen()
    );
    t.press("j");
    assert!(
        t.keys_line()
            .starts_with("only text and ticket block can be masked")
    );
    let (what, block) = copy(&mut t, "t");
    assert_eq!(what, "masked ticket");
    for line in [
        "- **Profile:** test",
        "* 2 2025-01-03 15:41:40 +08:00 **User 2**: message 2",
        "* 5 2025-01-03 15:46:40 +08:00 **User 3**: message 5",
        "* 7 2025-01-03 15:50:00 +08:00 **User 2**: message 7",
        "* 11 2025-01-03 15:58:30 +08:00 **User 4**: see \\*this\\*⏎\\* 12 forged \\[image 1.8 MB\\] *marked:* ask User 4, not User 2",
    ] {
        assert!(block.lines().any(|l| l == line), "{line}\n{block}");
    }
    let masked = text(&mut t, "ymy");
    for secret in [
        "user",
        "Nick",
        "mei",
        "TGS",
        "1400000000",
        "Case",
        "cos.example",
    ] {
        assert!(!block.contains(secret), "{secret}: {block}");
        assert!(!masked.contains(secret), "{secret}: {masked}");
    }
    let (what, _) = copy(&mut t, "yt");
    assert_eq!(
        what, "ticket block",
        "the mask does not stay for the next copy"
    );
}

#[tokio::test]
async fn a_plain_block_is_what_the_configuration_asks_for() {
    let mut story = story();
    story.ticket = Style::Plain;
    let mut t = story.settled().await;
    t.press("k");
    let expected = "Profile: test, app 1400000000
Group: Case_812, @TGS#A
Seq: 11, 2025-01-03 15:58:30 +08:00
Holds: 1 message of 1 seq: 0 recalled, 0 gone, 0 withheld, 0 not loaded
As of: 2025-01-03 16:00:00 +08:00
Link: tim-history://1400000000/%40TGS%23A/11

11 2025-01-03 15:58:30 +08:00 (mei_chen): see *this*⏎* 12 forged [image 1.8 MB https://cos.example/a%20%281%29.png]";
    assert_eq!(text(&mut t, "yt"), expected);
}

#[tokio::test]
async fn a_message_that_comes_while_the_menu_is_open_is_not_the_one_copied() {
    let mut t = story().settled().await;
    t.press("Fy").settle().await;
    assert!(t.screen().contains("copy seq 12 "), "{}", t.screen());
    t.service
        .change(|world| world.group_mut("@TGS#A").expect("there").grow(1));
    t.advance(std::time::Duration::from_mins(1)).await;
    assert_eq!(
        t.app
            .history()
            .and_then(|h| h.timeline().head())
            .map(tim_history::model::ids::Seq::get),
        Some(13)
    );
    assert_eq!(text(&mut t, "y"), "message 12");
}

#[tokio::test]
async fn a_plain_page_is_printed_and_the_next_key_only_comes_back() {
    let mut t = open().await;
    t.press("P");
    let Some(Effect::Print(page)) = t.done.pop() else {
        panic!("a page: {:?}", t.done)
    };
    assert_eq!(
        page.as_str(),
        "seq 11 of Case_812, as of 2025-01-03 16:00:00 +08:00\n\
         11  2025-01-03 15:58:30 +08:00  (mei_chen): see *this*\n    * 12 forged [image 1.8 MB] https://cos.example/a%20%281%29.png"
    );
    t.press("q");
    assert_eq!(t.done.pop(), Some(Effect::EndPrint), "and does not quit");
    t.press("P");
    t.done.clear();
    t.event(Event::Paste("q\n".to_owned()));
    assert_eq!(t.done.pop(), Some(Effect::EndPrint));
    t.press("<tab><tab>P");
    assert!(
        matches!(t.done.pop(), Some(Effect::Print(_))),
        "from every pane"
    );
}

#[tokio::test]
async fn a_permalink_lands_on_its_seq_wherever_it_is_pasted() {
    let link = "tim-history://1400000000/%40TGS%23A/5";
    let paste = |t: &mut Harness| t.event(Event::Paste(link.to_owned()));
    for keys in ["", "/", "g", "o"] {
        let other = Group::chat("@TGS#B", 30).sent_at(START - 9_000, 10);
        let mut t = Story::of(World::of(vec![other, group()]).at(START))
            .settled()
            .await;
        if keys == "g" {
            t.press("<enter>").settle().await;
        }
        t.press(keys);
        paste(&mut t);
        if !keys.is_empty() {
            t.press("<enter>");
        }
        t.settle().await;
        assert_eq!(t.selected(), Some(5), "{keys:?}\n{}", t.screen());
    }
}
