//! Following the head of a conversation: how often, what moves, what goes wrong.

use std::time::Duration;

use tim_history::app::history::History;
use tim_history::app::view::Pane;
use tim_history::emulator::{Group, Knobs, Truth, World};
use tim_history::model::ids::Seq;

use crate::harness::{Harness, START, Story};

const A: &str = "@TGS#A";
const B: &str = "@TGS#B";

fn world(head: u32) -> World {
    World::of(vec![Group::chat(A, head), Group::chat(B, 60)]).at(START)
}

async fn at_the_end(head: u32) -> Harness {
    Story::of(world(head)).size(160, 48).open(A).settled().await
}

fn grow(t: &Harness, by: u32) {
    t.service
        .change(|world| world.group_mut(A).expect("there").grow(by));
}

fn status(t: &Harness) -> String {
    t.view().status.text()
}

fn selected(t: &Harness) -> u32 {
    let seq = t.app.history().and_then(History::selected);
    seq.map_or(0, Seq::get)
}

async fn pass(t: &mut Harness, seconds: u64) {
    t.advance(Duration::from_secs(seconds)).await;
}

/// Polls of a group: history calls without a seq, but for the first.
fn polls(t: &Harness, group: &str) -> usize {
    let calls = t.calls("group_msg_get_simple");
    let newest = calls
        .iter()
        .filter(|c| c.body["GroupId"] == group && c.body.get("ReqMsgSeq").is_none());
    newest.count() - 1
}

#[tokio::test]
async fn an_idle_hour_costs_two_polls_a_minute_and_one_call_each() {
    let mut t = at_the_end(100).await;
    let before = t.service.calls().len();
    pass(&mut t, 3600).await;
    let idle = t.service.calls().len() - before;
    assert_eq!(idle, 0, "nothing is asked where nobody follows");
    t.press("F").settle().await;
    assert_eq!(polls(&t, A), 1, "the first at once");
    pass(&mut t, 3600).await;
    let hour = t.service.calls().len() - before;
    assert!((120..=127).contains(&hour), "{hour} calls");
    assert_eq!(polls(&t, A), hour, "a poll is one call");
    t.press("F");
    pass(&mut t, 3600).await;
    assert_eq!(polls(&t, A), hour, "stopped");
}

#[tokio::test]
async fn polls_that_bring_nothing_leave_the_picture_alone_and_are_counted_with_what_comes() {
    let mut t = at_the_end(100).await;
    t.press("F").settle().await;
    let (picture, asked) = (t.view().clone(), t.service.calls().len());
    pass(&mut t, 60).await;
    let calls = t.service.calls().len();
    assert!(calls > asked, "it was polled");
    assert_eq!(*t.view(), picture);
    grow(&t, 1);
    pass(&mut t, 30).await;
    let calls = t.service.calls().len();
    assert!(status(&t).contains("of 101"), "{}", status(&t));
    // The poll after the news brought nothing.
    let told = |calls| status(&t).contains(&format!("{calls} calls"));
    assert!((asked..=calls).any(told), "{calls}: {}", status(&t));
}

#[tokio::test]
async fn news_bring_the_next_poll_within_two_seconds() {
    let mut t = at_the_end(100).await;
    t.press("F").settle().await;
    pass(&mut t, 600).await;
    // Somebody talks: a message every second.
    let before = polls(&t, A);
    grow(&t, 1);
    pass(&mut t, 30).await;
    assert!(status(&t).contains("of 101"), "{}", status(&t));
    let mut talk = 0;
    for _ in 0..20 {
        grow(&t, 1);
        let known = polls(&t, A);
        pass(&mut t, 2).await;
        talk += polls(&t, A) - known;
    }
    assert!(talk >= 8, "{talk} polls in 40 s of talk, {before} before");
    pass(&mut t, 60).await;
    assert!(status(&t).contains("of 121"), "{}", status(&t));
}

#[tokio::test]
async fn at_the_end_the_view_goes_along_elsewhere_nothing_moves() {
    let mut t = at_the_end(100).await;
    t.press("F").settle().await;
    assert!(status(&t).contains("follows"), "{}", status(&t));
    grow(&t, 3);
    pass(&mut t, 5).await;
    assert_eq!(selected(&t), 103, "goes along");
    assert!(t.row_of("message 103").is_some());
    assert!(!status(&t).contains("new below"), "{}", status(&t));
    t.press("kkkk").settle().await;
    let rows = (t.row_of("message 99"), t.row_of("message 90"));
    grow(&t, 12);
    pass(&mut t, 30).await;
    assert_eq!(selected(&t), 99);
    assert_eq!(
        (t.row_of("message 99"), t.row_of("message 90")),
        rows,
        "{}",
        t.messages()
    );
    assert!(
        status(&t).contains("follows, 12 new below"),
        "{}",
        status(&t)
    );
    t.press("G").settle().await;
    assert_eq!(selected(&t), 115);
    assert!(!status(&t).contains("new below"), "{}", status(&t));
}

#[tokio::test]
async fn more_news_than_a_page_leave_no_hole_where_the_reader_is() {
    let mut t = at_the_end(100).await;
    t.press("F").settle().await;
    grow(&t, 500);
    pass(&mut t, 5).await;
    assert_eq!(selected(&t), 600);
    // The hole is an ordinary one: loaded as far as it is near, by pages of 20.
    let gap = t.messages().contains("not loaded");
    assert!(!gap, "in reach, so it is loaded: {}", t.messages());
    assert!(status(&t).contains("1 gap"), "{}", status(&t));
    for _ in 0..20 {
        t.press("<pageup>").settle().await;
    }
    assert!(!status(&t).contains("gap"), "{}", status(&t));
    assert!(t.row_of("message 100").is_some() || selected(&t) < 100);
}

#[tokio::test]
async fn polls_that_fail_come_rarely_are_said_and_recover() {
    let mut t = at_the_end(100).await;
    t.press("F").settle().await;
    pass(&mut t, 60).await;
    t.service.set(Knobs {
        fail_always: Some(10_002),
        only: Some("group_msg_get_simple".to_owned()),
        ..Knobs::default()
    });
    let before = polls(&t, A);
    pass(&mut t, 600).await;
    let failed = polls(&t, A) - before;
    // A try and three more, 7 s of them, then 30 s of rest.
    assert!((40..=72).contains(&failed), "{failed} tries in ten minutes");
    assert!(status(&t).contains("follows in vain"), "{}", status(&t));
    assert!(
        t.view().keys.text().contains("following goes on trying · "),
        "{}",
        t.screen()
    );
    t.press("k");
    pass(&mut t, 100).await;
    assert!(!t.screen().contains("10002"), "said once: {}", t.screen());
    t.press("j");
    t.service.set(Knobs::default());
    grow(&t, 2);
    pass(&mut t, 40).await;
    assert_eq!(selected(&t), 102, "recovered");
    assert!(!status(&t).contains("in vain"), "{}", status(&t));
}

#[tokio::test]
async fn ctrl_c_in_the_middle_of_a_poll_does_not_end_it_for_ever() {
    let mut t = at_the_end(100).await;
    t.press("F");
    assert_eq!(t.pending.len(), 1, "a poll is in the air");
    t.press("<ctrl-c>").settle().await;
    grow(&t, 1);
    pass(&mut t, 60).await;
    assert_eq!(selected(&t), 101);
    // The same while one waits to be tried again.
    t.service.set(Knobs {
        fail_always: Some(10_002),
        ..Knobs::default()
    });
    pass(&mut t, 31).await;
    t.press("<ctrl-c>").settle().await;
    t.service.set(Knobs::default());
    grow(&t, 1);
    pass(&mut t, 90).await;
    assert_eq!(selected(&t), 102);
    assert!(status(&t).contains("follows"), "{}", status(&t));
}

#[tokio::test]
async fn a_poll_that_hangs_is_cut_off_and_the_next_one_comes() {
    let mut t = at_the_end(100).await;
    t.press("F");
    let lost = t.pending.pop_front();
    assert!(lost.is_some(), "a poll is in the air");
    grow(&t, 1);
    pass(&mut t, 300).await;
    assert_eq!(selected(&t), 101);
}

#[tokio::test]
async fn leaving_pauses_the_polls_and_coming_back_goes_on() {
    let mut t = at_the_end(100).await;
    t.press("F").settle().await;
    pass(&mut t, 20).await;
    let before = polls(&t, A);
    t.press(&format!("o{B}<enter>")).settle().await;
    assert!(!status(&t).contains("follows"), "{}", status(&t));
    pass(&mut t, 3600).await;
    assert_eq!(polls(&t, A), before, "paused");
    assert_eq!(polls(&t, B), 0, "another one is not followed");
    grow(&t, 2);
    t.press("F").settle().await;
    t.press("-").settle().await;
    assert_eq!(polls(&t, A), before + 1, "at once");
    assert!(status(&t).contains("follows"), "{}", status(&t));
    assert_eq!(selected(&t), 102);
    assert!(
        t.messages().contains("your last visit ended here"),
        "{}",
        t.messages()
    );
    t.press("-").settle().await;
    assert!(status(&t).contains("follows"), "both are: {}", status(&t));
}

#[tokio::test]
async fn a_head_that_goes_backwards_begins_a_new_generation_once_it_is_sure() {
    let mut t = at_the_end(100).await;
    t.press("F").settle().await;
    let infos = t.calls("get_group_info").len();
    t.service.change(|world| {
        *world.group_mut(A).expect("there") = Group::chat(A, 7);
    });
    pass(&mut t, 10).await;
    let asked = t.calls("get_group_info").len() - infos;
    assert_eq!(asked, 2, "confirmed twice");
    assert!(
        t.view().keys.text().contains("the group began anew"),
        "{}",
        t.view().keys.text()
    );
    assert!(status(&t).contains("of 7"), "{}", status(&t));
    assert!(t.row_of("message 7").is_some(), "{}", t.messages());
    assert!(t.row_of("message 90").is_none(), "{}", t.messages());
    // And it is followed still.
    grow(&t, 2);
    pass(&mut t, 40).await;
    assert_eq!(selected(&t), 9);
}

#[tokio::test]
async fn what_is_asked_again_says_when() {
    let mut t = at_the_end(30).await;
    assert!(t.messages().contains("as of 16:00:00"), "{}", t.messages());
    assert!(
        t.detail().contains("as of") && t.detail().contains("2025-01-03 16:00:00"),
        "{}",
        t.detail()
    );
    pass(&mut t, 3661).await;
    t.press("R").settle().await;
    assert!(t.messages().contains("as of 17:01:01"), "{}", t.messages());
    assert!(t.detail().contains("2025-01-03 17:01:01"), "{}", t.detail());
    // A poll is an answer, too, for what it holds; it is told with the next key.
    t.press("F").settle().await;
    pass(&mut t, 600).await;
    t.press("<tab>");
    assert!(!t.messages().contains("as of 17:01:01"), "{}", t.messages());
    let polled = t.app.history().and_then(History::head_as_of);
    let oldest = Seq::new(1).and_then(|seq| t.app.history()?.as_of(seq));
    assert!(polled > oldest, "{polled:?} {oldest:?}");
    let focused = t.view().panes.iter().find(|p| p.focused).map(|p| p.pane);
    assert_eq!(focused, Some(Pane::Detail));
}

#[tokio::test]
async fn what_a_poll_brings_again_is_brought_up_to_date() {
    let mut t = at_the_end(100).await;
    t.service.change(|world| {
        let group = world.group_mut(A).expect("there");
        group.set_truth(99..=99, Truth::Recalled);
    });
    pass(&mut t, 600).await;
    assert!(t.row_of("message 99").is_some(), "nobody asked");
    t.press("F").settle().await;
    assert!(t.row_of("message 99").is_none(), "{}", t.messages());
    assert!(
        t.messages().contains("[changed since first seen]"),
        "{}",
        t.messages()
    );
}

#[tokio::test]
async fn what_stops_all_calls_stops_the_polls_until_somebody_retries() {
    let mut t = at_the_end(100).await;
    t.press("F").settle().await;
    t.service.set(Knobs {
        fail_always: Some(70_009),
        ..Knobs::default()
    });
    pass(&mut t, 60).await;
    assert!(t.screen().contains("all calls stopped"), "{}", t.screen());
    let stopped = t.service.calls().len();
    pass(&mut t, 3600).await;
    assert_eq!(t.service.calls().len(), stopped);
    t.service.set(Knobs::default());
    grow(&t, 1);
    t.press("r").settle().await;
    pass(&mut t, 40).await;
    assert_eq!(selected(&t), 101);
    assert!(status(&t).contains("follows"), "{}", status(&t));
}
