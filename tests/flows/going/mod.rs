//! Stories of going somewhere: what is typed, where it leads, and what is said.

mod figures;
mod ids;
mod trouble;

use crate::harness::{Harness, START, Story};
use tim_history::app::event::{Effect, Event};
use tim_history::app::flights::Scope;
use tim_history::app::history::History;
use tim_history::app::view::Pane;
use tim_history::emulator::{Group, Knobs, PageRule, Truth, World};
use tim_history::model::ids::Seq;
use tim_history::model::timeline::SeqState;

/// The newest is of the very moment at which the stories begin, Friday 16:00 in
/// the first zone; message n was sent n - 1 minutes after Wednesday 08:00 there.
const HEAD: u32 = 3_361;

fn world(groups: Vec<Group>) -> World {
    World::of(groups).at(START)
}

async fn opened(group: Group) -> Harness {
    let target = group.id().to_owned();
    Story::of(world(vec![group])).open(&target).settled().await
}

async fn chat() -> Harness {
    opened(Group::chat("@TGS#A", HEAD)).await
}

fn seq(number: u32) -> Seq {
    Seq::new(number).expect("not zero")
}

fn history(t: &Harness) -> &History {
    t.app.history().expect("a conversation is open")
}

fn selected(t: &Harness) -> u32 {
    history(t).selected().map_or(0, Seq::get)
}

/// The last line: the prompt, what runs, or a remark.
fn last_line(t: &Harness) -> String {
    t.view().keys.text()
}

/// The line above it.
fn above(t: &Harness) -> String {
    t.view().status.text()
}

fn is_looking(t: &Harness) -> bool {
    last_line(t).starts_with("looking")
}

/// The selected message stands in the list, with a page loaded on both sides.
fn assert_landed(t: &Harness, at: u32, what: &str) {
    assert_eq!(selected(t), at, "{what}\n{}", t.screen());
    let pane = t.view().panes.iter().find(|p| p.pane == Pane::Messages);
    let rows = &pane.expect("the list").rows;
    let row = rows.iter().position(|r| r.selected).expect("on screen");
    let head = history(t).timeline().head().expect("known").get();
    for near in [at.saturating_sub(15).max(1), (at + 15).min(head)] {
        let state = history(t).timeline().state(seq(near));
        assert_ne!(state, SeqState::Unfetched, "{what}: seq {near}");
    }
    if at > 20 && at + 20 < head {
        let middle = rows.len() / 3..rows.len() * 2 / 3 + 1;
        assert!(
            middle.contains(&row),
            "{what}: row {row} of {}\n{}",
            rows.len(),
            t.messages()
        );
    }
}

/// Performs what is asked in rounds, all of one at once, until nothing is looked
/// for any more: how many had calls of the job in them, and how many calls.
async fn hunted(t: &mut Harness) -> (u32, u32) {
    let (mut rounds, mut calls) = (0, 0);
    while is_looking(t) {
        let batch = std::mem::take(&mut t.pending);
        assert!(!batch.is_empty(), "looks and asks nothing: {}", t.screen());
        let of_job = |effect: &&Effect| {
            let Effect::Fetch { id, .. } = effect else {
                return false;
            };
            let mut flights = t.app.flights().iter();
            flights.any(|f| f.id == *id && matches!(f.scope, Scope::Job(_)))
        };
        let ours = batch.iter().filter(of_job).count();
        calls += u32::try_from(ours).expect("few");
        rounds += u32::from(ours > 0);
        for effect in batch {
            t.deliver(effect).await;
        }
    }
    (rounds, calls)
}

#[tokio::test]
async fn every_form_lands_where_it_says() {
    let table = [
        ("812", 812),
        ("#812", 812),
        ("-200", 1_800),
        ("+50", 2_050),
        ("50%", 1_681),
        ("14:05", 3_246),
        ("2:05 pm", 3_246),
        ("1405", 1_405),
        ("today", 2_401),
        ("yesterday 18:00", 2_041),
        ("fri 10:00", 3_001),
        ("thu", 961),
        ("2025-01-02", 961),
        ("2025-01-02 09:30", 1_531),
        ("2025-01-02T09:30Z", 2_011),
        ("2025-01-02T09:30+08:00", 1_531),
        ("@1735725600", 601),
        ("@1735725600000", 601),
        ("1735725600", 601),
        ("-2h", 1_880),
        ("+1d", HEAD),
        ("-1d", 560),
        ("start", 1),
        ("end", HEAD),
        ("now", HEAD),
        ("tim-history://1400000000/%40TGS%23A/77", 77),
        (
            "{\"CallbackCommand\":\"Group.CallbackAfterSendMsg\",\"GroupId\":\"@TGS#A\",\"MsgSeq\":1234}",
            1_234,
        ),
        ("{\"MsgSeq\":99}", 99),
    ];
    let mut t = chat().await;
    for (text, at) in table {
        t.press("g2000<enter>").settle().await;
        assert_landed(&t, 2_000, text);
        t.press("g");
        t.event(Event::Paste(text.to_owned()));
        assert!(above(&t).starts_with("= "), "{text}: {}", above(&t));
        t.press("<enter>").settle().await;
        assert!(!is_looking(&t), "{text}: {}", last_line(&t));
        assert_landed(&t, at, text);
        t.press("<ctrl-o>").settle().await;
        assert_landed(&t, 2_000, &format!("back from {text}"));
    }
}

#[tokio::test]
async fn the_prompt_explains_itself_as_one_types() {
    let mut t = chat().await;
    t.press("g");
    assert!(above(&t).contains("812 · 14:05"), "{}", above(&t));
    assert!(t.view().status.width() <= 80, "{}", above(&t));
    for (typed, says) in [
        ("1", "= seq 1"),
        ("4", "= seq 14"),
        (":", "? go on: 14:05"),
        ("0", "? minutes and seconds have two digits"),
        ("5", "= Fri 2025-01-03 14:05:00 +08:00"),
        (" x", "? \"x\" is none of"),
    ] {
        t.press(typed);
        assert!(above(&t).starts_with(says), "{typed}: {}", above(&t));
    }
    let calls = t.history_calls();
    t.press("<enter>").settle().await;
    assert!(
        last_line(&t).starts_with("go to: 14:05 x"),
        "{}",
        last_line(&t)
    );
    assert_eq!(t.history_calls(), calls, "what is wrong asks nothing");
    assert_eq!(selected(&t), HEAD);
    t.press("<esc>g0");
    assert!(above(&t).starts_with("? seqs begin at 1"), "{}", above(&t));
}

#[tokio::test]
async fn tab_takes_another_reading() {
    let mut t = chat().await;
    // The first of February or the second of January.
    t.press("g1/2/2025");
    let first = above(&t);
    assert!(first.starts_with("= Thu 2025-01-02"), "{first}");
    assert!(first.contains("Tab"), "{first}");
    assert!(t.view().status.width() <= 80, "{first}");
    t.press("<tab>");
    assert!(above(&t).starts_with("= Sat 2025-02-01"), "{}", above(&t));
    t.press("<tab>");
    assert_eq!(above(&t), first);
    t.press("<enter>").settle().await;
    assert_landed(&t, 961, "the second of January");
    // Above the head: a time first, else the newest.
    t.press("g202501020930");
    assert!(above(&t).contains("above the head"), "{}", above(&t));
    t.press("<enter>").settle().await;
    assert_landed(&t, 1_531, "a number above the head");
    t.press("g202501020930<tab><enter>").settle().await;
    assert_eq!(selected(&t), HEAD);
}

#[tokio::test]
async fn the_ends_are_two_keys_in_every_pane() {
    let groups = (0..40).map(|n| Group::chat(&format!("@TGS#{n:02}"), 500));
    let story = Story::of(world(groups.collect())).size(160, 48);
    let mut t = story.open("@TGS#05").settled().await;
    for (start, end) in [("gg", "gG"), ("<home>", "<end>"), ("gg", "G")] {
        t.press(start).settle().await;
        assert_eq!(selected(&t), 1, "{start}");
        assert!(t.row_of("start of history").is_some(), "{}", t.messages());
        assert!(t.row_of("message 1").is_some());
        t.press(end).settle().await;
        assert_eq!(selected(&t), 500, "{end}");
        assert!(t.row_of("message 500").is_some());
    }
    t.press("<esc>gg").settle().await;
    let before = t.groups();
    t.press("gG").settle().await;
    assert_ne!(t.groups(), before, "the list's own ends");
    assert_eq!(selected(&t), 500, "the messages stay");
    t.press("gg").settle().await;
    assert_eq!(t.groups(), before);
    // A time typed in the list is about the open conversation.
    t.press("g7<enter>").settle().await;
    assert_eq!(selected(&t), 7);
    t.press("<enter>gg").settle().await;
    assert_eq!(selected(&t), 7, "the detail's own start");
}

#[tokio::test]
async fn the_start_of_a_whole_group_stands_at_the_top() {
    let mut t = chat().await;
    t.press("gg");
    let (rounds, calls) = hunted(&mut t).await;
    t.settle().await;
    assert!(rounds <= 5 && calls <= 45, "{rounds} rounds, {calls} calls");
    assert_eq!(t.row_of("start of history"), Some(0), "{}", t.messages());
    assert_landed(&t, 1, "the start");
    assert!(
        last_line(&t).contains("the oldest that is left: seq 1"),
        "{}",
        last_line(&t)
    );
    assert!(t.view().keys.width() <= 80, "{}", last_line(&t));
}

#[tokio::test]
async fn the_start_of_an_expired_group_is_the_oldest_left_and_is_remembered() {
    for page_rule in [PageRule::CountMessages, PageRule::WindowOfSeqs] {
        let group = Group::chat("@TGS#A", 90_000).expired_to(61_234);
        let knobs = Knobs {
            page_rule,
            ..Knobs::default()
        };
        let story = Story::of(world(vec![group])).knobs(knobs);
        let mut t = story.open("@TGS#A").settled().await;
        t.press("<home>");
        let (rounds, calls) = hunted(&mut t).await;
        t.settle().await;
        assert!(rounds <= 5 && calls <= 45, "{rounds} rounds, {calls} calls");
        assert_landed(&t, 61_235, "the oldest left");
        assert_eq!(history(&t).horizon(), Some(seq(61_235)));
        t.press("G").settle().await;
        t.press("gg");
        assert_eq!(hunted(&mut t).await, (0, 0), "known by now");
        assert_eq!(selected(&t), 61_235);
    }
}

#[tokio::test]
async fn steps_of_hours_and_days_add_up_and_cross_silences() {
    let mut t = chat().await;
    t.press("g2000<enter>").settle().await;
    for (key, at) in [(",", 1_940), (".", 2_000), ("<lt>", 560), (">", 2_000)] {
        let key = if key == "<lt>" { "<" } else { key };
        t.press(key).settle().await;
        assert_landed(&t, at, key);
    }
    // Pressed faster than pages come.
    t.press("g2600<enter>").settle().await;
    t.press(",,,").settle().await;
    assert_landed(&t, 2_420, "three hours");
    t.press("<ctrl-o>").settle().await;
    assert_landed(&t, 2_600, "one jump back");

    // A night of eight hours between seq 20 and 21.
    let item = |seq: u32, time: i64| {
        format!(
            r#"{{"From_Account":"u","IsPlaceMsg":0,"MsgBody":[],"MsgRandom":1,"MsgSeq":{seq},"MsgTimeStamp":{time}}}"#
        )
    };
    let morning = 1_735_689_600 + 8 * 3_600;
    let group = (21..=40).fold(Group::chat("@TGS#N", 40), |group, seq| {
        group.with_item(seq, item(seq, morning + i64::from(seq) * 60))
    });
    let mut t = opened(group).await;
    t.press("g21<enter>").settle().await;
    t.press(",").settle().await;
    assert_eq!(
        selected(&t),
        20,
        "the last before the silence: {}",
        last_line(&t)
    );
    assert!(
        last_line(&t).contains("earlier than asked"),
        "{}",
        last_line(&t)
    );
    t.press(".").settle().await;
    assert_eq!(selected(&t), 21);
}

#[tokio::test]
async fn what_was_found_is_said_in_one_line() {
    let group = Group::chat("@TGS#A", 3_000).with_truth(2_041..=2_041, Truth::Gone);
    let mut t = opened(group).await;
    t.press("g2025-01-02 09:30:20<enter>").settle().await;
    let said = last_line(&t);
    assert!(
        said.starts_with("seq 1,532 · Thu 2025-01-02 09:31:00"),
        "{said}"
    );
    assert!(said.contains("40 s later than asked"), "{said}");
    assert!(t.view().keys.width() <= 80, "{said}");
    t.press("gnow<enter>").settle().await;
    let said = last_line(&t);
    assert!(said.starts_with("the newest is seq 3,000"), "{said}");
    assert!(said.contains("earlier than asked"), "{said}");
    assert!(t.view().keys.width() <= 80, "{said}");
    t.press("g2024-12-01<enter>").settle().await;
    let said = last_line(&t);
    assert!(said.starts_with("the oldest left is seq 1 "), "{said}");
    assert!(said.contains("later than asked"), "{said}");
}

#[tokio::test]
async fn a_deleted_message_is_stepped_over_and_a_recalled_one_says_so() {
    // Of the deleted ones, this one has kept its time.
    let mut t = Story::of(world(vec![Group::with_holes("@TGS#B", 500)]))
        .open("@TGS#B")
        .settled()
        .await;
    let (mut over, mut seen) = (false, false);
    for at in [75, 76, 77, 78, 112, 113, 200, 210] {
        let minute = 1_735_689_600 + (i64::from(at) - 1) * 60;
        t.press(&format!("g@{minute}<enter>")).settle().await;
        let state = history(&t).timeline().state(seq(selected(&t)));
        assert!(state.is_left(), "{at}: {}", last_line(&t));
        let asked = history(&t).timeline().state(seq(at));
        over |= asked == SeqState::Gone && selected(&t) > at;
        if state == SeqState::Recalled {
            seen = true;
            assert!(last_line(&t).contains("recalled"), "{}", last_line(&t));
        }
    }
    assert!(over && seen);
}

#[tokio::test]
async fn a_link_leads_to_another_conversation_and_ctrl_o_back() {
    let groups = vec![Group::chat("@TGS#A", HEAD), Group::chat("@TGS#B", 900)];
    let mut t = Story::of(world(groups)).open("@TGS#A").settled().await;
    t.press("g1000<enter>").settle().await;
    t.press("g");
    t.event(Event::Paste(
        "tim-history://1400000000/%40TGS%23B/450".to_owned(),
    ));
    t.press("<enter>").settle().await;
    assert!(t.messages().starts_with("B "), "{}", t.messages());
    assert_landed(&t, 450, "the other group");
    t.press("gg").settle().await;
    assert_eq!(selected(&t), 1);
    t.press("<ctrl-o>").settle().await;
    assert_eq!(selected(&t), 450);
    t.press("<ctrl-o>").settle().await;
    assert!(t.messages().starts_with("A "), "{}", t.messages());
    assert_eq!(selected(&t), 1_000);
    t.press("-").settle().await;
    assert!(t.messages().starts_with("B "), "{}", t.messages());
    assert_eq!(selected(&t), 450, "each keeps its place");
    t.press("-").settle().await;
    assert_eq!(selected(&t), 1_000);
    // Pasted outside a prompt.
    t.event(Event::Paste(
        "tim-history://1400000000/%40TGS%23A/2000".to_owned(),
    ));
    t.settle().await;
    assert_landed(&t, 2_000, "pasted");
    t.event(Event::Paste(
        "{\"GroupId\":\"@TGS#B\",\"MsgSeq\":88}".to_owned(),
    ));
    t.settle().await;
    assert_landed(&t, 88, "a pasted callback");
    let calls = t.service.calls().len();
    t.event(Event::Paste(
        "tim-history://1400000001/%40TGS%23A/7".to_owned(),
    ));
    t.settle().await;
    assert!(
        last_line(&t).contains("app 1400000001"),
        "{}",
        last_line(&t)
    );
    assert_eq!(selected(&t), 88);
    assert_eq!(t.service.calls().len(), calls);
}

#[tokio::test]
async fn a_jump_waits_for_the_first_page() {
    for (keys, at) in [
        ("g2025-01-02 09:30<enter>", 1_531),
        ("g500<enter>", 500),
        ("gg", 1),
        ("gG", HEAD),
    ] {
        let mut t = Story::of(world(vec![Group::chat("@TGS#A", HEAD)]))
            .open("@TGS#A")
            .begin();
        t.press(keys);
        t.settle().await;
        assert_landed(&t, at, keys);
    }
}

#[tokio::test]
async fn an_empty_group_has_nowhere_to_go() {
    let mut t = opened(Group::chat("@TGS#E", 0)).await;
    for keys in ["gg", "g14:05<enter>", "g12<enter>", "g-3<enter>", ",", "G"] {
        t.press(keys).settle().await;
        assert!(!is_looking(&t), "{keys}: {}", last_line(&t));
        assert!(t.messages().contains("No message yet"), "{}", t.messages());
    }
    assert!(t.history_calls() <= 3, "{}", t.history_calls());
}

#[tokio::test]
async fn times_that_go_backwards_and_stretches_without_times_are_said() {
    let item = |seq: u32, time: i64| {
        format!(
            r#"{{"From_Account":"u","IsPlaceMsg":0,"MsgBody":[],"MsgRandom":1,"MsgSeq":{seq},"MsgTimeStamp":{time}}}"#
        )
    };
    let group = Group::chat("@TGS#A", HEAD).with_item(1_530, item(1_530, 1_735_600_000));
    let mut t = opened(group).await;
    t.press("g2025-01-02 09:30<enter>").settle().await;
    assert_eq!(selected(&t), 1_531, "{}", last_line(&t));
    let said = last_line(&t);
    assert!(said.contains("times go backwards at 1,529-1,530"), "{said}");

    let group = (1_000..2_400).fold(Group::chat("@TGS#A", HEAD), |group, seq| {
        group.with_item(seq, item(seq, 0))
    });
    let mut t = opened(group).await;
    t.press("g2025-01-02 09:30<enter>").settle().await;
    let said = last_line(&t);
    assert!(said.contains("no usable time"), "{said}");
    assert!((1_000..2_400).contains(&selected(&t)), "{}", selected(&t));
    assert!(t.view().keys.width() <= 80, "{said}");
}
