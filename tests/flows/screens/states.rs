//! Everything a conversation can be in: folded, loading, failed, waiting, empty, refused.

use std::time::Duration;

use tim_history::app::view::Pane;
use tim_history::emulator::{Group, Kind, Knobs, Truth, World};

use super::film::{Film, SIZES};
use crate::harness::{Harness, START, Story};

const A: &str = "@TGS#A";

fn story(group: Group, (width, height): (u16, u16)) -> Story {
    let world = World::of(vec![group.named("Orders")]).at(START);
    Story::of(world).size(width, height).open(A)
}

fn faulty(code: u32) -> Knobs {
    Knobs {
        fail_always: Some(code),
        only: Some("group_msg_get_simple".to_owned()),
        ..Knobs::default()
    }
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// All kinds of holes, each once alone and once as a run.
fn holes() -> Group {
    Group::chat(A, 60)
        .expired_to(9)
        .with_truth(12..=12, Truth::Gone)
        .with_truth(15..=19, Truth::Gone)
        .with_truth(22..=22, Truth::Recalled)
        .with_truth(25..=29, Truth::Recalled)
        .with_truth(32..=32, Truth::Withheld)
        .with_truth(35..=39, Truth::Withheld)
        .with_item(42, r#"{"MsgSeq":42,"MsgTimeStamp":"soon","MsgBody":7}"#)
        .with_item(43, "[1,2,3]")
        .with_item(45, r#"{"MsgSeq":45,"MsgBody":[never]}"#)
}

#[tokio::test]
async fn holes_folded_and_unfolded() {
    for size in SIZES {
        let mut t = story(holes(), size).settled().await;
        let mut film = Film::new();
        while !t.messages().contains("start of history") {
            film.pane("rows", Pane::Messages, &t);
            t.press("<pageup>").settle().await;
        }
        film.frame("the start", &t);
        for (keys, caption) in [
            ("g1<enter>", "the expired ones selected"),
            ("<enter>", "unfolded"),
            ("j", "one of them"),
            ("<esc>", "folded again"),
        ] {
            t.press(keys).settle().await;
            film.frame(caption, &t);
        }
        film.has(&[
            "deleted, expired or never stored",
            "5 deleted or expired · 15-19 · Enter",
            "↶ 08:21:00 Nick of use… recalled",
            "5 recalled · 25-29",
            "withheld: the service left out seq 32",
            "5 withheld by the service · 35-39",
            "[unknown body 7]",
            "cannot be read: ",
            "+ an item without a seq: ",
            "start of history",
            "✗▌08:01:00              deleted, expired or never stored",
        ]);
        film.keep(&format!("holes_{}x{}", size.0, size.1));
    }
}

#[tokio::test]
async fn calls_that_run_wait_and_fail() {
    for size in SIZES {
        let mut film = Film::new();
        let mut t = story(Group::chat(A, 45), size).begin();
        film.frame("nothing has answered yet", &t);
        let waiting = std::mem::take(&mut t.pending);
        t.advance(secs(3)).await;
        film.frame("after 3 seconds", &t);
        t.pending = waiting;

        let mut t = story(Group::chat(A, 400), size).settled().await;
        t.service.set(faulty(10_002));
        t.press("<pageup><pageup><pageup>").settle().await;
        t.press("<pageup><pageup>").settle().await;
        film.frame("an older page fails and is tried again", &t);
        t.advance(secs(30)).await;
        film.frame("given up", &t);

        let mut t = story(Group::chat(A, 45), size)
            .knobs(faulty(60_007))
            .settled()
            .await;
        film.frame("too many calls", &t);
        t.advance(secs(2)).await;
        film.pane("later", Pane::Messages, &t);
        film.has(&[
            "⋅ The newest messages · loading",
            "loading 3 s",
            "· asking 3s ·",
            "10002 internal",
            "next try in 2 s · Ctrl-C stops trying",
            "· retry in 2s ·",
            "r retries",
            "60007",
        ]);
        film.keep(&format!("calls_{}x{}", size.0, size.1));
    }
}

#[tokio::test]
async fn what_stops_all_calls() {
    for size in SIZES {
        let mut film = Film::new();
        let mut t = story(Group::chat(A, 45), size)
            .key("not the key")
            .settled()
            .await;
        film.frame("a wrong key", &t);
        t.press("<esc>");
        film.frame("the box closed", &t);
        let t = story(Group::chat(A, 45), size).knobs(Knobs {
            only: None,
            ..faulty(70_050)
        });
        film.frame("too many wrong signatures", &t.settled().await);
        let t = story(Group::chat(A, 45), size).knobs(Knobs {
            only: None,
            ..faulty(60_021)
        });
        film.frame("not from this address", &t.settled().await);
        film.has(&[
            "all calls stopped",
            "70009",
            "70050",
            "· silent 60s ·",
            "60021",
        ]);
        film.keep(&format!("stopped_{}x{}", size.0, size.1));
    }
}

#[tokio::test]
async fn groups_without_a_history() {
    for size in SIZES {
        let mut film = Film::new();
        for (caption, group) in [
            ("empty", Group::chat(A, 0)),
            ("AVChatRoom", Group::chat(A, 9).of_kind(Kind::AVChatRoom)),
            ("BChatRoom", Group::chat(A, 9).of_kind(Kind::BChatRoom)),
            ("dismissed", Group::chat(A, 9).dismissed()),
            ("all expired", Group::chat(A, 500).expired_to(500)),
        ] {
            film.frame(caption, &story(group, size).settled().await);
        }
        film.has(&[
            "No message yet",
            "AVChatRoom keeps no history",
            "BChatRoom keeps no history",
            "10010",
            "Enter goes on",
        ]);
        film.keep(&format!("no_history_{}x{}", size.0, size.1));
    }
}

#[tokio::test]
async fn what_changed_since_it_was_first_seen() {
    for size in SIZES {
        let mut t = story(Group::chat(A, 30), size).settled().await;
        t.service.change(|world| {
            let group = world.group_mut(A).expect("there");
            group.set_truth(29..=29, Truth::Recalled);
            group.grow(2);
        });
        t.press("R").settle().await;
        let mut film = Film::new();
        t.press("kkk");
        film.frame("asked again", &t);
        film.has(&["*▌08:28:00", "[changed since first seen]"]);
        film.keep(&format!("changed_{}x{}", size.0, size.1));
    }
}

#[tokio::test]
async fn a_stretch_that_is_not_loaded() {
    for size in SIZES {
        let mut t: Harness = story(Group::chat(A, 900), size).settled().await;
        let mut film = Film::new();
        t.press("<home>");
        film.frame("on the way to the start", &t);
        t.settle().await;
        t.press("<pagedown><pagedown><pagedown>");
        film.frame("below the start", &t);
        film.keep(&format!("gap_{}x{}", size.0, size.1));
    }
}
