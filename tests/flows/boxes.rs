//! The boxes above the panes: marks, the sender's card, the audit, the chart.

use std::time::Duration;

use tim_history::app::event::{Effect, SavedState};
use tim_history::app::history::History;
use tim_history::app::remembered::Places;
use tim_history::emulator::{Group, Knobs, Member, Truth, World};
use tim_history::model::ids::Seq;

use crate::harness::{Harness, START, Story};

const A: &str = "@TGS#A";
const MEMBERS: &str = "get_specified_group_member_info";

fn story(group: Group) -> Story {
    let world = World::of(vec![group, Group::chat("@TGS#B", 60)]).at(START);
    Story::of(world).size(160, 48).open(A)
}

fn selected(t: &Harness) -> u32 {
    let seq = t.app.history().and_then(History::selected);
    seq.map_or(0, Seq::get)
}

/// The box on top, title first; empty where there is none.
fn top(t: &Harness) -> String {
    let Some(view) = &t.view().overlay else {
        return String::new();
    };
    let mut text = format!("{}\n", view.title.text());
    for row in &view.rows {
        let mark = if row.selected { "> " } else { "  " };
        text.extend([mark, &row.line.text(), "\n"]);
    }
    text
}

fn said(t: &Harness) -> String {
    t.view().keys.text()
}

fn has(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "{word}:\n{text}");
    }
}

fn last_saved(t: &Harness) -> Option<&SavedState> {
    t.done.iter().rev().find_map(|effect| match effect {
        Effect::Save(state) => Some(state),
        _ => None,
    })
}

/// Seq and note of all marks that were saved last.
fn saved_marks(t: &Harness) -> Vec<(u32, String)> {
    let places = last_saved(t).map(|state| state.places.clone());
    let marks = places.iter().flat_map(Places::iter);
    let marks = marks.flat_map(|place| place.marks.iter());
    marks.map(|m| (m.seq, m.note.clone())).collect()
}

fn mark(seq: u32, note: &str) -> (u32, String) {
    (seq, note.to_owned())
}

#[tokio::test]
async fn marks_are_set_noted_listed_jumped_to_and_removed() {
    let mut t = story(Group::chat(A, 100)).settled().await;
    t.press("'");
    has(&top(&t), &["No message is marked here", "m marks"]);
    t.press("<esc>m");
    has(&said(&t), &["note of the mark: "]);
    t.press("<enter>");
    assert_eq!(saved_marks(&t), [mark(100, "")], "saved at once");
    t.press("kkkmlook here<enter>");
    assert_eq!(saved_marks(&t), [mark(97, "look here"), mark(100, "")]);
    let row = t.row_of("message 97").expect("on screen");
    assert!(
        t.messages()
            .lines()
            .nth(row + 1)
            .is_some_and(|l| l.starts_with(">M")),
        "{}",
        t.messages()
    );
    // The note is there to be changed.
    t.press("m");
    has(&said(&t), &["look here"]);
    t.press(" twice<enter>");
    assert_eq!(
        saved_marks(&t),
        [mark(97, "look here twice"), mark(100, "")]
    );
    t.press("g20<enter>").settle().await;
    let calls = t.service.calls().len();
    t.press("M");
    has(
        &top(&t),
        &[
            "2 marks",
            "97",
            "look here twice",
            "message 100",
            "Enter goes there",
        ],
    );
    t.press("?");
    has(&top(&t), &["keys", "marks", "remove the mark"]);
    t.press("<esc>");
    has(&top(&t), &["2 marks"]);
    t.press("<home><enter>").settle().await;
    assert_eq!((selected(&t), top(&t).as_str()), (97, ""));
    assert_eq!(
        t.service.calls().len(),
        calls,
        "what is loaded costs nothing"
    );
    t.press("<ctrl-o>").settle().await;
    assert_eq!(selected(&t), 20, "and back");
    t.press("'<end>d");
    assert_eq!(saved_marks(&t), [mark(97, "look here twice")]);
    has(&top(&t), &["1 mark"]);
    t.press("dd");
    assert!(saved_marks(&t).is_empty());
    has(&top(&t), &["No message is marked here"]);
    t.press("q");
    assert_eq!(top(&t), "");
    assert!(
        !t.done.iter().any(|e| matches!(e, Effect::Quit(_))),
        "one layer"
    );
}

#[tokio::test]
async fn a_cancelled_note_marks_nothing() {
    let mut t = story(Group::chat(A, 100)).settled().await;
    t.press("mnot this<esc>");
    assert!(saved_marks(&t).is_empty());
    assert!(!t.messages().contains(">M"), "{}", t.messages());
}

#[tokio::test]
async fn marks_of_a_filtered_or_unloaded_message_say_so() {
    let mut t = story(Group::chat(A, 900)).settled().await;
    t.press("m<enter>g100<enter>").settle().await;
    t.press("mfar<enter>").settle().await;
    t.press("ffrom:user_4<enter>").settle().await;
    t.press("'<home><enter>").settle().await;
    has(&said(&t), &["the filter hides seq 100", "f changes it"]);
    let mut fresh = story(Group::chat(A, 900));
    fresh.saved = last_saved(&t).cloned().expect("marks were set");
    let mut t = fresh.settled().await;
    t.press("f<ctrl-u><enter>G").settle().await;
    t.press("'");
    has(&top(&t), &["100", "far"]);
    t.press("<home><enter>").settle().await;
    assert_eq!(selected(&t), 100);
    assert!(t.row_of("message 100").is_some(), "{}", t.messages());
}

fn people() -> Group {
    let mut late = Member::new("user_1");
    "Late Larry".clone_into(&mut late.card);
    late.joined = START - 60;
    late.unread = 10;
    let rest = ["user_0", "user_2", "user_3"].map(Member::new);
    let mut all = vec![late];
    all.extend(rest);
    Group::chat(A, 100).with_members(all)
}

#[tokio::test]
async fn the_card_says_who_a_sender_is_with_one_call() {
    // 100 % 5: message 96 is from user_1.
    let mut t = story(people()).settled().await;
    t.press("kkkk");
    let before = t.service.calls().len();
    t.press("u");
    has(&top(&t), &["sender", "user_1", "asking the service"]);
    t.settle().await;
    has(
        &top(&t),
        &[
            "Late Larry",
            "Member",
            "joined",
            "up to seq 90, 10 behind the newest",
            "Has not read message 96",
            "after message 96 was sent",
            "of their messages",
        ],
    );
    assert_eq!(t.service.calls().len() - before, 1);
    t.press("?");
    has(&top(&t), &["keys", "everywhere"]);
    t.press("q");
    has(&top(&t), &["Late Larry"]);
    t.press("<esc>u").settle().await;
    assert!(
        t.service.calls().len() - before <= 2,
        "asked anew at most once"
    );
    t.press("<esc>");
    assert_eq!(top(&t), "");
}

#[tokio::test]
async fn the_card_of_somebody_who_left() {
    // Message 99 is from user_4, who is not in the group.
    let mut t = story(people()).settled().await;
    t.press("ku").settle().await;
    has(&top(&t), &["user_4", "Not a member now"]);
}

#[tokio::test]
async fn a_card_that_fails_says_why_and_is_tried_again() {
    let mut t = story(people()).settled().await;
    t.service.set(Knobs {
        fail_always: Some(10_007),
        only: Some(MEMBERS.to_owned()),
        ..Knobs::default()
    });
    t.press("u").settle().await;
    has(&top(&t), &["10007"]);
    has(&said(&t), &["r retry"]);
    let failed = t.calls(MEMBERS).len();
    t.advance(Duration::from_mins(5)).await;
    assert_eq!(t.calls(MEMBERS).len(), failed, "not asked again by itself");
    t.service.set(Knobs::default());
    t.press("r").settle().await;
    has(&top(&t), &["user_0", "joined"]);
    assert!(!top(&t).contains("10007"), "{}", top(&t));
}

#[tokio::test]
async fn the_services_own_messages_have_no_member_to_ask_for() {
    let system = r#"{"From_Account":"@TIM#SYSTEM","MsgSeq":101,"MsgTimeStamp":1735891200,"MsgRandom":7,"MsgPriority":1,"IsPlaceMsg":0,"IsSystemMsg":1,"MsgBody":[]}"#;
    let mut t = story(people().with_item(101, system)).settled().await;
    let before = t.service.calls().len();
    t.press("u").settle().await;
    has(&top(&t), &["@TIM#SYSTEM", "no membership to ask for"]);
    assert_eq!(t.service.calls().len(), before);
}

fn holes() -> Group {
    Group::chat(A, 400)
        .with_truth(350..=353, Truth::Recalled)
        .with_truth(360..=360, Truth::Gone)
        .with_truth(370..=375, Truth::Withheld)
}

#[tokio::test]
async fn the_audit_of_what_is_loaded_spends_nothing_and_goes_where_it_points() {
    let mut t = story(holes()).settled().await;
    let calls = t.service.calls().len();
    t.press("a");
    has(
        &top(&t),
        &[
            "audit of ",
            "4 recalled",
            "1 deleted",
            "6 withheld",
            "350-353",
        ],
    );
    has(
        &said(&t),
        &["Enter go there", "Esc close", "L load", "a range"],
    );
    t.press("jjkk?");
    has(&top(&t), &["audit another range"]);
    t.press("<esc>");
    has(&top(&t), &["audit of "]);
    t.advance(Duration::from_mins(10)).await;
    assert_eq!(t.service.calls().len(), calls, "an audit spends no calls");
    while !top(&t)
        .lines()
        .any(|l| l.starts_with("> ") && l.contains("350-353"))
    {
        t.press("j");
    }
    t.press("<enter>").settle().await;
    assert_eq!((selected(&t), top(&t).as_str()), (350, ""));
    t.press("<ctrl-o>").settle().await;
    assert_eq!(selected(&t), 400);
    t.press("aq");
    assert_eq!(top(&t), "");
    assert!(
        !t.done.iter().any(|e| matches!(e, Effect::Quit(_))),
        "one layer"
    );
}

#[tokio::test]
async fn the_audit_of_a_typed_range() {
    let mut t = story(holes()).settled().await;
    t.press("aa");
    has(&said(&t), &["audit from..to: "]);
    has(&t.view().status.text(), &["812..1233"]);
    t.press("355");
    has(&t.view().status.text(), &["? two ends"]);
    t.press("..365");
    has(&t.view().status.text(), &["= seq 355 to 365, 11 seqs"]);
    t.press("<enter>");
    has(&top(&t), &["audit of 355-365", "1 deleted"]);
    assert!(!top(&t).contains("recalled"), "{}", top(&t));
    // By time: message n came n - 1 minutes after midnight, eight hours later here.
    t.press("a2025-01-01 13:50..2025-01-01 14:00<enter>");
    has(&top(&t), &["audit of 351-360", "3 recalled", "1 deleted"]);
    t.press("a2025-01-01 09:00..2025-01-01 09:30");
    has(&t.view().status.text(), &["is not loaded: g goes there"]);
    t.press("<enter>");
    has(&said(&t), &["audit from..to: 2025-01-01 09:00"]);
    t.press("<esc>");
    has(&top(&t), &["audit of 351-360"]);
    t.press("a365..355<enter>");
    has(
        &t.view().status.text(),
        &["the first end lies after the second"],
    );
}

#[tokio::test]
async fn the_audit_loads_what_is_missing_only_when_told_and_stops() {
    let mut t = story(holes()).settled().await;
    let calls = t.history_calls();
    t.press("aastart..end<enter>").settle().await;
    has(&top(&t), &["audit of 1-400", "not loaded is not judged"]);
    assert_eq!(t.history_calls(), calls);
    t.press("<home>L");
    has(&top(&t), &["loading: 0 of ", "Esc stops"]);
    has(&said(&t), &["loading 0 of ", "Esc stops"]);
    let first = t.pending.pop_front().expect("a page is asked for");
    t.deliver(first).await;
    t.press("<esc>");
    has(&top(&t), &["audit of 1-400"]);
    has(&said(&t), &["stopped loading"]);
    t.settle().await;
    t.advance(Duration::from_mins(1)).await;
    let stopped = t.history_calls();
    let missing = |t: &Harness| {
        t.app
            .history()
            .map_or(0, |h| h.timeline().counts().unfetched)
    };
    assert!(missing(&t) > 0, "what was not asked for is not loaded");
    t.press("L").settle().await;
    for _ in 0..60 {
        t.advance(Duration::from_secs(1)).await;
    }
    assert_eq!(missing(&t), 0);
    assert!(t.history_calls() > stopped);
    assert!(
        t.history_calls() <= calls + 25,
        "{} calls",
        t.history_calls()
    );
    has(&top(&t), &["400 seqs:", "things to look at"]);
    assert!(!top(&t).contains("not judged"), "{}", top(&t));
    has(&said(&t), &["loaded 1-400"]);
}

#[tokio::test]
async fn a_large_audit_is_refreshed_at_its_own_pace_and_misses_nothing() {
    let mut t = story(Group::chat(A, 3_000)).settled().await;
    let unfetched = |t: &Harness| {
        t.app
            .history()
            .map_or(0, |h| h.timeline().counts().unfetched)
    };
    t.press("aa1..2900<enter><home>L").settle().await;
    t.advance(Duration::from_mins(2)).await;
    has(&top(&t), &["2,900 messages", "Nothing odd in 2,900 seqs."]);
    // Old news, asked again by a page that lands while the last look is fresh.
    t.press("<esc>g7<enter>").settle().await;
    t.press("a").settle().await;
    for (first, count) in [(5, 5), (12, 3)] {
        t.service.change(|world| {
            let group = world.group_mut(A).expect("there");
            group.set_truth(first..=first + count - 1, Truth::Recalled);
        });
        t.press("R").settle().await;
    }
    let counts = t.app.history().map(|h| h.timeline().counts().recalled);
    assert_eq!(counts, Some(8));
    has(&top(&t), &["5 recalled"]);
    assert!(!top(&t).contains("8 recalled"), "not twice in a second");
    t.advance(Duration::from_secs(1)).await;
    has(&top(&t), &["8 recalled", "12-14"]);
    assert_eq!(unfetched(&t), 0);
    let wake = t.app.wake_at(t.now());
    assert_eq!(wake, None, "up to date, so nothing wakes");
}

#[tokio::test]
async fn what_is_selected_in_the_audit_stays_while_it_loads() {
    let mut t = story(holes()).settled().await;
    t.press("aa1..400<enter>");
    while !top(&t)
        .lines()
        .any(|l| l.starts_with("> ") && l.contains("370-375"))
    {
        t.press("j");
    }
    let before = t.history_calls();
    // The summary would load all; on a run that is there is nothing to load.
    t.press("L").settle().await;
    assert_eq!(t.history_calls(), before);
    t.press("<home>Lj").settle().await;
    while !top(&t)
        .lines()
        .any(|l| l.starts_with("> ") && l.contains("370-375"))
    {
        t.press("j");
    }
    for _ in 0..30 {
        t.advance(Duration::from_secs(1)).await;
        assert!(
            top(&t)
                .lines()
                .any(|l| l.starts_with("> ") && l.contains("370-375")),
            "{}",
            top(&t)
        );
    }
    // Going somewhere does not end the loading.
    t.press("<enter>").settle().await;
    assert_eq!(selected(&t), 370);
}

#[tokio::test]
async fn the_chart_shows_both_pictures_and_is_a_place_to_jump_from() {
    let mut t = story(holes()).settled().await;
    let calls = t.service.calls().len();
    t.press("t");
    has(&top(&t), &["recalled", "not loaded", "seq "]);
    has(&said(&t), &["Enter go there", "h older", "l newer"]);
    let newest = top(&t);
    t.press("hhhhhhhhhh");
    assert_ne!(top(&t), newest, "the cursor moved");
    t.press("j");
    has(&top(&t), &["message"]);
    t.press("?");
    has(&top(&t), &["a column to the left"]);
    t.press("<esc>k");
    assert_eq!(t.service.calls().len(), calls, "a picture spends no calls");
    t.press("<home><enter>").settle().await;
    assert_eq!((selected(&t), top(&t).as_str()), (1, ""));
    t.press("<ctrl-o>").settle().await;
    assert_eq!(selected(&t), 400);
    t.press("t<esc>");
    assert_eq!(top(&t), "");
}

#[tokio::test]
async fn a_box_belongs_to_the_conversation_it_was_opened_on() {
    let mut t = story(holes()).settled().await;
    t.press("o@TGS#B<enter>").settle().await;
    t.press("a-").settle().await;
    assert_eq!(top(&t), "", "the other conversation is on screen");
    assert_eq!(selected(&t), 400);
    t.press("a<tab>");
    has(&top(&t), &["audit of "]);
    // Going somewhere shows where one went.
    t.press("g390<enter>").settle().await;
    assert_eq!((selected(&t), top(&t).as_str()), (390, ""));
}

#[tokio::test]
async fn the_help_that_is_open_stays_when_all_calls_stop() {
    let world = World::of(vec![Group::chat("@TGS#A", 30)]).at(START);
    let mut t = Story::of(world).key("wrong").open("@TGS#A").begin();
    t.press("?").settle().await;
    assert!(t.screen().contains("keys ·"), "{}", t.screen());
    t.press("?");
    assert!(t.screen().contains("all calls stopped"), "{}", t.screen());
    t.press("q");
    assert!(t.view().overlay.is_none());
}
