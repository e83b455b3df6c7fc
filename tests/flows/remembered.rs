//! What is remembered of a conversation: in the session, and from one to the next.

use std::time::Duration;

use tim_history::app::event::{Effect, SavedState};
use tim_history::app::history::History;
use tim_history::emulator::{Group, Truth, World};
use tim_history::model::ids::Seq;

use crate::harness::{Harness, START, Story};

const A: &str = "@TGS#A";
const B: &str = "@TGS#B";
const LINE: &str = "your last visit ended here, 2025-01-03 16:00:00";

fn world(group: Group) -> World {
    World::of(vec![group, Group::chat(B, 60)]).at(START)
}

fn story(group: Group) -> Story {
    Story::of(world(group)).size(160, 48)
}

/// Quits; what the next session starts with, as a file would give it.
fn quit(mut t: Harness) -> SavedState {
    let now = t.now();
    let farewell = t.app.farewell(now);
    let [Effect::Save(state)] = farewell.as_slice() else {
        panic!("a farewell saves");
    };
    let state = state.clone();
    let json = serde_json::to_string(&state).expect("plain data");
    assert!(!json.contains("message "), "no text of messages: {json}");
    serde_json::from_str(&json).expect("what was written")
}

/// The next session, with the group as it is by then.
async fn again(group: Group, saved: SavedState) -> Harness {
    let mut story = story(group).open(A);
    story.saved = saved;
    story.settled().await
}

fn selected(t: &Harness) -> u32 {
    let seq = t.app.history().and_then(History::selected);
    seq.map_or(0, Seq::get)
}

/// The text of the row below the line of the last visit, and of the one above.
fn around_the_line(t: &Harness) -> (String, String) {
    let text = t.messages();
    let lines: Vec<&str> = text.lines().collect();
    let at = lines
        .iter()
        .position(|l| l.contains("your last visit ended here"));
    let at = at.unwrap_or_else(|| panic!("no line:\n{text}"));
    (lines[at - 1].to_owned(), lines[at + 1].to_owned())
}

#[tokio::test]
async fn a_line_stands_above_the_first_message_since_the_last_visit() {
    let saved = quit(story(Group::chat(A, 100)).open(A).settled().await);
    let t = again(Group::chat(A, 112), saved).await;
    assert!(t.messages().contains(LINE), "{}", t.messages());
    let (above, below) = around_the_line(&t);
    assert!(above.contains("message 100"), "{above}");
    assert!(below.contains("message 101"), "{below}");
    assert_eq!(selected(&t), 112, "at the newest end it stays there");
    assert!(
        t.view()
            .keys
            .text()
            .contains("12 new since your last visit"),
        "{}",
        t.view().keys.text()
    );
}

#[tokio::test]
async fn no_line_is_drawn_where_nothing_is_new() {
    let saved = quit(story(Group::chat(A, 100)).open(A).settled().await);
    let mut t = again(Group::chat(A, 100), saved).await;
    assert!(!t.messages().contains("last visit"), "{}", t.messages());
    // Until something comes.
    t.service
        .change(|world| world.group_mut(A).expect("there").grow(2));
    t.press("R").settle().await;
    let (above, below) = around_the_line(&t);
    assert!(above.contains("message 100") && below.contains("message 101"));
}

#[tokio::test]
async fn the_line_cuts_a_folded_run_in_two() {
    let saved = quit(story(Group::chat(A, 100)).open(A).settled().await);
    let group = Group::chat(A, 112).with_truth(96..=105, Truth::Recalled);
    let t = again(group, saved).await;
    let (above, below) = around_the_line(&t);
    assert!(above.contains("5 recalled · 96-100"), "{above}");
    assert!(below.contains("5 recalled · 101-105"), "{below}");
}

#[tokio::test]
async fn a_visit_that_ended_in_what_is_not_loaded_is_said_and_then_drawn() {
    let saved = quit(story(Group::chat(A, 100)).open(A).settled().await);
    let mut t = again(Group::chat(A, 900), saved).await;
    assert!(!t.messages().contains("last visit"), "{}", t.messages());
    t.press("g105<enter>");
    assert!(
        t.messages()
            .contains("your last visit ended in here, after seq 100"),
        "{}",
        t.messages()
    );
    t.settle().await;
    let (above, below) = around_the_line(&t);
    assert!(above.contains("message 100"), "{above}");
    assert!(below.contains("message 101"), "{below}");
}

#[tokio::test]
async fn the_line_moves_with_each_visit_that_brought_news() {
    let saved = quit(story(Group::chat(A, 100)).open(A).settled().await);
    let mut t = again(Group::chat(A, 104), saved).await;
    t.advance(Duration::from_mins(10)).await;
    t.press("<ctrl-o>")
        .press(&format!("o{B}<enter>"))
        .settle()
        .await;
    t.press("-").settle().await;
    let (above, _) = around_the_line(&t);
    assert!(above.contains("message 100"), "nothing came: {above}");
    t.press("-");
    t.service
        .change(|world| world.group_mut(A).expect("there").grow(3));
    t.press("-").settle().await;
    t.press("R").settle().await;
    let (above, below) = around_the_line(&t);
    assert!(above.contains("message 104"), "{above}");
    assert!(below.contains("message 105"), "{below}");
    assert!(
        t.messages().contains("ended here, 2025-01-03 16:10:00"),
        "{}",
        t.messages()
    );
}

#[tokio::test]
async fn position_filter_and_following_come_back_with_the_conversation() {
    let mut t = story(Group::chat(A, 900)).open(A).settled().await;
    t.press("g400<enter>").settle().await;
    t.press("ffrom:user_0<enter>F").settle().await;
    assert_eq!(selected(&t), 400);
    let (rows, head) = (t.messages(), t.row_of("message 400"));
    t.press(&format!("o{B}<enter>")).settle().await;
    assert!(!t.messages().contains("from:user_0"), "{}", t.messages());
    t.press("-").settle().await;
    let names = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(names(&t.messages()), names(&rows), "as it was, row for row");
    assert_eq!(t.row_of("message 400"), head);
    t.press("<esc>");
    let saved = quit(t);
    let mut t = again(Group::chat(A, 912), saved).await;
    assert_eq!(selected(&t), 400, "{}", t.messages());
    assert!(t.row_of("message 400").is_some(), "{}", t.messages());
    assert!(t.row_of("message 395").is_some(), "{}", t.messages());
    assert!(
        t.row_of("message 399").is_none(),
        "filtered: {}",
        t.messages()
    );
    let title = t.messages().lines().next().unwrap_or_default().to_owned();
    assert!(title.contains("filter: from:user_0"), "{title}");
    let status = t.view().status.text();
    assert!(status.contains("follows, 12 new below"), "{status}");
    t.press("f<ctrl-u><enter>G").settle().await;
    let (above, _) = around_the_line(&t);
    assert!(above.contains("message 900"), "{above}");
}

#[tokio::test]
async fn a_permalink_goes_to_its_message_whatever_was_remembered() {
    let mut t = story(Group::chat(A, 300)).open(A).settled().await;
    t.press("g50<enter>").settle().await;
    t.press("ffrom:user_0<enter>").settle().await;
    let saved = quit(t);
    let mut story = story(Group::chat(A, 320)).open("tim-history://1400000000/%40TGS%23A/203");
    story.saved = saved;
    let mut t = story.settled().await;
    assert_eq!(selected(&t), 203);
    assert!(t.row_of("message 203").is_some(), "{}", t.messages());
    assert!(!t.messages().contains("filter:"), "{}", t.messages());
    t.press("G").settle().await;
    assert!(around_the_line(&t).0.contains("message 300"));
}

#[tokio::test]
async fn a_group_that_began_anew_between_two_sessions_is_said() {
    let mut t = story(Group::chat(A, 500)).open(A).settled().await;
    t.press("kkmimportant<enter>").settle().await;
    let saved = quit(t);
    let mut t = again(Group::chat(A, 20), saved).await;
    let said = t.view().keys.text();
    assert!(
        said.contains("the newest seq is 20, at your last visit it was 500"),
        "{said}"
    );
    assert!(
        !t.messages().contains("last visit ended"),
        "{}",
        t.messages()
    );
    t.press("'<enter>").settle().await;
    let said = t.view().keys.text();
    assert!(said.contains("seq 498 is not there any more"), "{said}");
    assert_eq!(selected(&t), 20);
}

#[tokio::test]
async fn what_was_never_seen_is_not_remembered() {
    let t = story(Group::chat(A, 100)).open(A).begin();
    assert_eq!(quit(t).places.iter().count(), 0);
    let saved = quit(story(Group::chat(A, 0)).open(A).settled().await);
    assert_eq!(saved.places.iter().count(), 0);
}

#[tokio::test]
async fn the_conversation_before_this_one_may_be_of_the_last_session() {
    let mut t = story(Group::chat(A, 100)).open(A).settled().await;
    t.press("kkk").settle().await;
    let saved = quit(t);
    let mut story = story(Group::chat(A, 100)).open(B);
    story.saved = saved;
    let mut t = story.settled().await;
    t.press("-").settle().await;
    assert_eq!(selected(&t), 97, "{}", t.messages());
    t.press("-").settle().await;
    assert_eq!(selected(&t), 60);
}
