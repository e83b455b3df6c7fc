//! Stories of searching: what is found, what it costs, and how it is stopped.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::harness::{Harness, START, Story};
use tim_history::app::event::Effect;
use tim_history::app::line::Role;
use tim_history::app::view::Pane;
use tim_history::emulator::{Group, Knobs, Truth, User, World};

fn one(group: Group) -> World {
    World::of(vec![group]).at(START)
}

fn text(seq: u32, words: &str) -> String {
    body(
        seq,
        "TIMTextElem",
        &format!(r#"{{"Text":"{words}"}}"#),
        "user_1",
    )
}

fn body(seq: u32, kind: &str, content: &str, sender: &str) -> String {
    let time = 1_735_689_600 + i64::from(seq - 1) * 60;
    format!(
        r#"{{"From_Account":"{sender}","IsPlaceMsg":0,"MsgBody":[{{"MsgContent":{content},"MsgType":"{kind}"}}],"MsgPriority":1,"MsgRandom":1,"MsgSeq":{seq},"MsgTimeStamp":{time}}}"#
    )
}

/// No page can be had, for a reason that is not tried again.
fn failing(fails: bool) -> Knobs {
    Knobs {
        fail_always: fails.then_some(10_004),
        only: Some("group_msg_get_simple".to_owned()),
        ..Knobs::default()
    }
}

/// Pieces of the rows that are painted as matches.
fn marked(t: &Harness) -> Vec<String> {
    let panes = t.view().panes.iter();
    let rows = panes
        .filter(|p| p.pane == Pane::Messages)
        .flat_map(|p| &p.rows);
    let pieces = rows.flat_map(|r| r.line.pieces.iter());
    pieces
        .filter(|p| p.role == Role::Match)
        .map(|p| p.text.as_str().to_owned())
        .collect()
}

/// What was asked of the history, as seq and number; no page twice.
fn asked(t: &Harness) -> Vec<(u64, u64)> {
    let calls = t.calls("group_msg_get_simple");
    let seqs = calls.iter().filter_map(|c| {
        let seq = c.body.get("ReqMsgSeq")?.as_u64()?;
        Some((seq, c.body.get("ReqMsgNumber")?.as_u64()?))
    });
    let asked: Vec<(u64, u64)> = seqs.collect();
    let different: BTreeSet<_> = asked.iter().collect();
    assert_eq!(different.len(), asked.len(), "a page was asked for twice");
    let mut covered = BTreeSet::new();
    for (seq, count) in &asked {
        for seq in (seq.saturating_sub(count - 1)..=*seq).filter(|s| *s > 0) {
            assert!(covered.insert(seq), "seq {seq} was asked for twice");
        }
    }
    asked
}

#[tokio::test]
async fn what_is_loaded_is_searched_without_a_call_and_marked() {
    let group = Group::chat("@TGS#A", 40)
        .with_item(29, text(29, "please refund order 7"))
        .with_item(33, text(33, "a Refund, refund"));
    let mut t = Story::of(one(group)).open("@TGS#A").settled().await;
    let calls = t.history_calls();
    t.press("/refund<enter>").settle().await;
    assert_eq!(t.selected(), Some(33));
    assert_eq!(t.history_calls(), calls);
    let line = t.keys_line();
    assert!(line.starts_with("seq 33 · "), "{line}");
    let status = t.view().status.text();
    assert!(status.contains("2 hits"), "{status}");
    assert!(line.contains("searched 33-39 · 7 read"), "{line}");
    t.press("n").settle().await;
    assert_eq!(t.selected(), Some(29));
    assert_eq!(marked(&t), ["refund", "Refund", "refund"]);
    t.press("N").settle().await;
    assert_eq!(t.selected(), Some(33));
    t.press("<ctrl-o>");
    assert_eq!(t.selected(), Some(29), "a hit is a jump");
    let status = t.view().status.text();
    assert!(status.contains("2 hits"), "{status}");
    // An empty search ends the marking.
    t.press("/<enter>");
    assert_eq!(marked(&t), Vec::<String>::new());
    assert!(!t.view().status.text().contains("hits"));
}

#[tokio::test]
async fn capitals_count_where_they_are_typed_and_patterns_are_patterns() {
    let group = Group::chat("@TGS#A", 15)
        .with_item(4, text(4, "Ord17 in capitals"))
        .with_item(9, text(9, "ord 17 and order17"));
    let mut t = Story::of(one(group)).open("@TGS#A").settled().await;
    t.press("/Ord<enter>").settle().await;
    assert_eq!(t.selected(), Some(4));
    t.press("G/ord<enter>").settle().await;
    assert_eq!(t.selected(), Some(9));
    t.press("G/re:ord(er)?\\d+<enter>").settle().await;
    assert_eq!(t.selected(), Some(9));
    assert_eq!(marked(&t), ["Ord17", "order17"]);
}

#[tokio::test]
async fn a_pattern_that_is_none_keeps_the_prompt_open_and_says_why() {
    let mut t = Story::of(one(Group::chat("@TGS#A", 15)))
        .open("@TGS#A")
        .settled()
        .await;
    let calls = t.history_calls();
    t.press("/re:a(b<enter>").settle().await;
    assert_eq!(t.keys_line(), "/re:a(b");
    let why = t.view().status.text();
    assert!(why.contains("unclosed"), "{why}");
    assert_eq!((t.selected(), t.history_calls()), (Some(15), calls));
    t.press(")<enter>").settle().await;
    assert!(t.keys_line().contains("no older hit"), "{}", t.keys_line());
}

#[tokio::test]
async fn what_a_row_only_hints_at_is_found_and_ids_are_not() {
    let forward = r#"{"MsgNum":1,"Title":"Chat","AbstractList":["a: needle five"],"MsgList":[{"From_Account":"a","MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"needle five"}}],"MsgSeq":1,"MsgTimeStamp":1735689600}]}"#;
    let group = Group::chat("@TGS#A", 19)
        .with_item(12, body(12, "TIMTextElem", r#"{"Text":"by an ID"}"#, "needle_user"))
        .with_item(10, body(10, "TIMCustomElem", r#"{"Data":"{\"order\":{\"note\":\"needle one\"}}","Desc":"","Ext":"","Sound":""}"#, "user_1"))
        .with_item(8, body(8, "TIMFileElem", r#"{"FileName":"needle-two.pdf","FileSize":10,"Download_Flag":2,"UUID":"u","Url":"https://example.com/f"}"#, "user_1"))
        .with_item(6, body(6, "TIMLocationElem", r#"{"Desc":"needle three","Latitude":1.0,"Longitude":2.0}"#, "user_1"))
        .with_item(4, body(4, "TIMRelayElem", forward, "user_1"))
        .with_item(2, body(2, "TIMCustomElem", r#"{"Data":"x","Desc":"needle six","Ext":"","Sound":""}"#, "user_1"));
    let mut t = Story::of(one(group)).open("@TGS#A").settled().await;
    t.press("/needle<enter>").settle().await;
    let mut found = Vec::new();
    for _ in 0..5 {
        found.push((t.selected().expect("a hit"), t.keys_line()));
        t.press("n").settle().await;
    }
    let seqs: Vec<u32> = found.iter().map(|(seq, _)| *seq).collect();
    assert_eq!(seqs, [10, 8, 6, 4, 2], "not 12: {found:?}");
    let said = |n: usize, words: &str| {
        let line = &found.get(n).expect("five").1;
        assert!(line.contains(words), "{line}");
    };
    said(0, "in custom Data");
    said(1, "in file name");
    said(2, "in location");
    said(3, "in forward");
    said(4, "in custom Desc");
    assert!(
        t.keys_line().starts_with("no hit older than this one"),
        "{}",
        t.keys_line()
    );
    assert_eq!(t.selected(), Some(2));
    t.press("G/from:needle_user<enter>").settle().await;
    assert_eq!(t.selected(), Some(12), "{}", t.keys_line());
}

#[tokio::test]
async fn the_nearest_hit_wins_whatever_lands_first() {
    let group = Group::chat("@TGS#A", 4_000)
        .with_item(3_100, text(3_100, "the needle, far"))
        .with_item(3_140, text(3_140, "the needle, near"));
    let mut t = Story::of(one(group)).open("@TGS#A").settled().await;
    t.press("/needle<enter>");
    let line = t.keys_line();
    assert!(line.contains(" pages, "), "said before it leaves: {line}");
    assert!(line.contains("Esc stops"), "{line}");
    for _ in 0..200 {
        t.deliver_last_first().await;
        if !t.searches() {
            break;
        }
        t.wake();
    }
    assert_eq!(t.selected(), Some(3_140), "{}", t.keys_line());
    assert!(t.row_of("the needle, near").is_some());
    assert!(
        t.keys_line().contains("searched 3,140-3,999"),
        "{}",
        t.keys_line()
    );
    t.settle().await;
    let asked = asked(&t);
    // Doubling what flies overshoots by what was in the air.
    assert!(asked.len() < 120, "{} calls", asked.len());
}

#[tokio::test]
async fn it_goes_on_by_itself_however_late_the_clock_is_looked_at() {
    let mut t = Story::of(one(Group::chat("@TGS#A", 4_000)))
        .open("@TGS#A")
        .settled()
        .await;
    t.press("/needle<enter>").settle().await;
    assert!(t.searches() && t.pending.is_empty(), "{}", t.keys_line());
    // Between an update and the look at when to wake, time goes by.
    for late in [0, 1, 50, 2_000] {
        let mut now = t.now();
        now.mono += Duration::from_millis(late);
        assert!(t.app.wake_at(now).is_some(), "{late} ms late");
    }
}

#[tokio::test]
async fn a_word_20_000_messages_back_is_found_and_costs_the_pages_between() {
    let group = Group::chat("@TGS#A", 40_000).with_item(20_000, text(20_000, "the needle"));
    let mut t = Story::of(one(group))
        .search_calls(0)
        .open("@TGS#A")
        .settled()
        .await;
    let before = t.history_calls();
    t.press("/needle<enter>").run().await;
    assert_eq!(t.selected(), Some(20_000), "{}", t.keys_line());
    let calls = t.history_calls() - before;
    let between = 20_000 / 20;
    assert!(
        calls * 100 <= between * 102,
        "{calls} calls for {between} pages"
    );
    asked(&t);
}

#[tokio::test]
async fn a_search_stopped_half_way_goes_on_and_asks_no_page_twice() {
    let group = Group::chat("@TGS#A", 12_000).with_item(2_000, text(2_000, "the needle"));
    let mut t = Story::of(one(group))
        .search_calls(0)
        .open("@TGS#A")
        .settled()
        .await;
    t.press("/needle<enter>");
    while t.history_calls() < 250 {
        match t.pending.pop_front() {
            Some(effect) => t.deliver(effect).await,
            None => t.wake(),
        }
    }
    assert!(t.searches(), "{}", t.keys_line());
    t.press("<esc>");
    assert!(
        t.keys_line().starts_with("stopped · n goes on"),
        "{}",
        t.keys_line()
    );
    t.advance(Duration::from_mins(1)).await;
    let kept = t.history_calls();
    assert!(kept < 500, "it has stopped: {kept} calls");
    assert_eq!(t.selected(), Some(12_000));
    t.press("n").run().await;
    assert_eq!(t.selected(), Some(2_000), "{}", t.keys_line());
    assert!(
        t.keys_line().contains("searched 2,000-11,999"),
        "{}",
        t.keys_line()
    );
    asked(&t);
}

#[tokio::test]
async fn it_waits_to_be_told_to_go_on_after_the_calls_allowed() {
    let group = Group::chat("@TGS#A", 2_000).with_item(100, text(100, "the needle"));
    let mut t = Story::of(one(group))
        .search_calls(30)
        .open("@TGS#A")
        .settled()
        .await;
    let before = t.history_calls();
    t.press("/needle<enter>").run().await;
    assert_eq!(t.history_calls() - before, 30);
    let line = t.keys_line();
    assert!(
        line.starts_with("paused after 30 calls · n goes on"),
        "{line}"
    );
    assert_eq!(t.selected(), Some(2_000), "nothing moves");
    for _ in 0..2 {
        t.press("n").run().await;
    }
    assert!(
        t.keys_line().starts_with("paused after 30"),
        "{}",
        t.keys_line()
    );
    t.press("n").run().await;
    assert_eq!(t.selected(), Some(100), "{}", t.keys_line());
    asked(&t);
}

#[tokio::test]
async fn the_result_says_what_could_not_be_looked_at() {
    let group = Group::chat("@TGS#A", 200)
        .with_truth(101..=110, Truth::Gone)
        .with_truth(121..=125, Truth::Recalled)
        .with_truth(131..=133, Truth::Withheld)
        .with_item(20, text(20, "the needle"));
    let mut t = Story::of(one(group))
        .size(160, 48)
        .open("@TGS#A")
        .settled()
        .await;
    t.press("/needle<enter>").run().await;
    let line = t.keys_line();
    for words in [
        "searched 20-199",
        "162 read",
        "3 withheld",
        "10 gone",
        "5 recalled",
    ] {
        assert!(line.contains(words), "{words}: {line}");
    }
}

#[tokio::test]
async fn a_page_that_cannot_be_had_is_passed_over_and_counted() {
    let group = Group::chat("@TGS#A", 400).with_item(30, text(30, "the needle"));
    let mut t = Story::of(one(group)).open("@TGS#A").settled().await;
    t.press("/needle<enter>");
    // The page around seq 200 fails for good, with a code that is not tried again.
    for _ in 0..100 {
        let Some(effect) = t.pending.pop_front() else {
            if t.searches() {
                t.wake();
                continue;
            }
            break;
        };
        let hits_200 = matches!(&effect, Effect::Fetch { request: tim_history::app::event::Request::History { ask, .. }, .. }
            if ask.seq.is_some_and(|s| (200..220).contains(&s.get())));
        t.service.set(failing(hits_200));
        t.deliver(effect).await;
    }
    assert_eq!(t.selected(), Some(30), "{}", t.keys_line());
    assert!(t.keys_line().contains("20 failed"), "{}", t.keys_line());
}

#[tokio::test]
async fn three_failed_pages_in_a_row_stop_it_and_it_goes_on_when_told() {
    let group = Group::chat("@TGS#A", 400).with_item(30, text(30, "the needle"));
    let mut t = Story::of(one(group)).open("@TGS#A").settled().await;
    t.service.set(failing(true));
    t.press("/needle<enter>").run().await;
    let line = t.keys_line();
    assert!(
        line.starts_with("stopped: 3 pages in a row failed · n tries again"),
        "{line}"
    );
    let calls = t.history_calls();
    assert!(calls < 12, "{calls} calls");
    t.service.set(failing(false));
    t.press("n").run().await;
    assert_eq!(t.selected(), Some(30), "{}", t.keys_line());
}

#[tokio::test]
async fn the_same_sender_is_followed_both_ways_and_paged_for() {
    let rare = |seq: u32| body(seq, "TIMTextElem", r#"{"Text":"rare"}"#, "rare_user");
    let group = Group::chat("@TGS#A", 400)
        .with_item(390, rare(390))
        .with_item(120, rare(120));
    let mut t = Story::of(one(group))
        .open("tim-history://1400000000/%40TGS%23A/390")
        .settled()
        .await;
    t.press("s").run().await;
    assert_eq!(t.selected(), Some(120), "{}", t.keys_line());
    t.press("S").run().await;
    assert_eq!(t.selected(), Some(390), "{}", t.keys_line());
    t.press("#").run().await;
    assert!(
        t.keys_line().starts_with("no newer message of this sender"),
        "{}",
        t.keys_line()
    );
    t.press("**").run().await;
    assert!(
        t.keys_line().starts_with("no older message of this sender"),
        "{}",
        t.keys_line()
    );
    assert_eq!(t.selected(), Some(120));
}

#[tokio::test]
async fn leaving_the_conversation_stops_it_and_what_came_is_kept() {
    let world = World::of(vec![
        Group::chat("@TGS#A", 8_000),
        Group::chat("@TGS#B", 50),
    ]);
    let mut t = Story::of(world.at(START))
        .search_calls(0)
        .open("@TGS#A")
        .settled()
        .await;
    t.press("/needle<enter>");
    for _ in 0..60 {
        match t.pending.pop_front() {
            Some(effect) => t.deliver(effect).await,
            None => t.wake(),
        }
    }
    assert!(t.searches());
    t.press("o@TGS#B<enter>").settle().await;
    assert!(!t.searches(), "{}", t.keys_line());
    let calls = t.history_calls();
    t.advance(Duration::from_secs(30)).await;
    assert_eq!(t.history_calls(), calls, "nothing goes on unseen");
    t.press("-").settle().await;
    assert_eq!(t.history_calls(), calls, "what came is kept");
    t.press("n").settle().await;
    assert!(t.searches());
    asked(&t);
    t.press("<ctrl-c>");
    assert!(
        t.keys_line().starts_with("stopped · n goes on"),
        "{}",
        t.keys_line()
    );
}

#[tokio::test]
async fn quitting_asks_once_while_it_runs() {
    let mut t = Story::of(one(Group::chat("@TGS#A", 8_000)))
        .open("@TGS#A")
        .settled()
        .await;
    t.press("/needle<enter>");
    t.press("q");
    assert!(t.keys_line().contains("q again quits"), "{}", t.keys_line());
    assert!(!t.done.iter().any(|e| matches!(e, Effect::Quit(_))));
    t.press("j");
    assert!(t.searches(), "another key goes on: {}", t.keys_line());
    t.press("qq");
    assert!(t.done.iter().any(|e| matches!(e, Effect::Quit(0))));
}

#[tokio::test]
async fn newer_hits_beyond_what_is_loaded_are_paged_for() {
    let group = Group::chat("@TGS#A", 4_000).with_item(2_500, text(2_500, "the needle"));
    let mut t = Story::of(one(group))
        .open("tim-history://1400000000/%40TGS%23A/2000")
        .settled()
        .await;
    t.press("/needle<enter><esc>");
    t.settle().await;
    t.press("N").run().await;
    assert_eq!(t.selected(), Some(2_500), "{}", t.keys_line());
    asked(&t);
}

#[tokio::test]
async fn a_search_under_a_filter_goes_along_what_is_shown() {
    let group = Group::chat("@TGS#A", 60)
        .with_item(
            58,
            body(58, "TIMTextElem", r#"{"Text":"hello"}"#, "rare_user"),
        )
        .with_item(55, text(55, "a needle of another"))
        .with_item(
            50,
            body(50, "TIMTextElem", r#"{"Text":"their needle"}"#, "rare_user"),
        );
    let mut t = Story::of(one(group)).open("@TGS#A").settled().await;
    t.press("ffrom:rare_user<enter>").settle().await;
    t.press("G/needle<enter>").run().await;
    assert_eq!(t.selected(), Some(50), "{}", t.keys_line());
    let status = t.view().status.text();
    assert!(status.contains("1 hit"), "{status}");
    t.press("f<ctrl-u><enter>").settle().await;
    assert_eq!(t.selected(), Some(50));
    t.press("N").run().await;
    assert_eq!(t.selected(), Some(55), "{}", t.keys_line());
}

#[tokio::test]
async fn progress_fits_the_screen_and_says_how_it_is_stopped() {
    for width in [40, 56, 80, 100, 160] {
        let mut t = Story::of(one(Group::chat("@TGS#A", 900_000)))
            .size(width, 24)
            .search_calls(0)
            .open("@TGS#A")
            .settled()
            .await;
        t.press("/a long word that is not there<enter>");
        for _ in 0..30 {
            match t.pending.pop_front() {
                Some(effect) => t.deliver(effect).await,
                None => t.wake(),
            }
        }
        let line = t.keys_line();
        assert!(line.ends_with("Esc stops"), "{width}: {line}");
        assert!(
            line.chars().count() <= usize::from(width),
            "{width}: {line}"
        );
        if width >= 80 {
            assert!(line.contains(" pages, "), "{width}: {line}");
        }
    }
}

#[tokio::test]
async fn a_count_of_hits_says_that_there_may_be_more_until_all_is_looked_at() {
    let mut t = Story::of(one(Group::chat("@TGS#A", 6_000)))
        .size(160, 48)
        .search_calls(0)
        .open("@TGS#A")
        .settled()
        .await;
    t.press("/nowhere<enter>").run().await;
    assert_eq!(t.app.history().expect("open").timeline().loaded(), 6_000);
    // A pattern is tried on one text after another: not all of them in one go.
    t.press("G/re:message<enter>");
    let status = t.view().status.text();
    assert!(status.contains("+ hits"), "{status}");
    assert!(!t.keys_line().contains("hits"), "{}", t.keys_line());
    t.wake();
    t.settle().await;
    let status = t.view().status.text();
    assert!(status.contains("6,000 hits"), "{status}");
}

#[tokio::test]
async fn the_keys_of_the_filter_are_terms_of_a_search_also_behind_a_pattern() {
    let group = Group::chat("@TGS#A", 15)
        .with_item(4, text(4, "refund it"))
        .with_item(6, text(6, "text of order 7"))
        .with_item(
            9,
            body(9, "TIMTextElem", r#"{"Text":"order 17"}"#, "rare_user"),
        );
    let mut t = Story::of(one(group)).open("@TGS#A").settled().await;
    for (typed, seq) in [
        ("text:refund", 4),
        ("refund ctx:2", 4),
        ("TEXT\u{ff1a}refund", 4),
        ("re:order\\W from:rare_user", 9),
        ("re:order\\W -from:rare_user", 6),
        ("re:text of o", 6),
        ("of order", 6),
    ] {
        t.press("G/").press(typed).press("<enter>").run().await;
        assert_eq!(t.selected(), Some(seq), "{typed}: {}", t.keys_line());
    }
}

#[tokio::test]
async fn where_several_terms_stand_the_one_that_no_row_shows_is_named() {
    let data = r#"{"Data":"seven","Desc":"order","Ext":"","Sound":""}"#;
    let group = Group::chat("@TGS#A", 15).with_item(4, body(4, "TIMCustomElem", data, "user_1"));
    let mut t = Story::of(one(group)).open("@TGS#A").settled().await;
    t.press("/type:custom -text:nowhere seven<enter>")
        .run()
        .await;
    assert!(
        t.keys_line().contains("in custom Data"),
        "{}",
        t.keys_line()
    );
}

#[tokio::test]
async fn following_a_sender_leaves_the_hits_of_the_words() {
    let group = Group::chat("@TGS#A", 40)
        .with_item(22, text(22, "needle"))
        .with_item(33, text(33, "needle"));
    let mut t = Story::of(one(group)).open("@TGS#A").settled().await;
    t.press("/needle<enter>").run().await;
    assert_eq!(t.selected(), Some(33));
    t.press("s").run().await;
    assert_eq!(t.selected(), Some(31), "{}", t.keys_line());
    let status = t.view().status.text();
    assert!(status.contains("2 hits"), "{status}");
    t.press("n").run().await;
    assert_eq!(t.selected(), Some(22), "{}", t.keys_line());
    let status = t.view().status.text();
    assert!(status.contains("2 hits"), "{status}");
}

#[tokio::test]
async fn a_stopped_search_goes_on_from_its_own_place_for_who_has_followed_it() {
    let mut t = Story::of(one(Group::chat("@TGS#A", 2_000)))
        .search_calls(30)
        .open("@TGS#A")
        .settled()
        .await;
    t.press("/needle<enter>").run().await;
    assert!(t.keys_line().starts_with("paused"), "{}", t.keys_line());
    t.press("kk").settle().await;
    t.press("n").run().await;
    let line = t.keys_line();
    assert!(line.contains("-1,999"), "from where it began: {line}");
    asked(&t);
    t.press("g1500<enter>").settle().await;
    t.press("N").run().await;
    let line = t.keys_line();
    assert!(line.contains("1,501-2,000"), "anew: {line}");
}

#[tokio::test]
async fn what_lies_between_and_is_not_loaded_is_called_not_searched() {
    let group = Group::chat("@TGS#A", 4_000)
        .with_item(400, text(400, "the needle"))
        .with_item(3_999, text(3_999, "the needle"));
    let mut t = Story::of(one(group))
        .size(160, 48)
        .open("@TGS#A")
        .settled()
        .await;
    t.press("g400<enter>").settle().await;
    t.press("G/needle<enter>").run().await;
    t.press("n").run().await;
    let line = t.keys_line();
    assert_eq!(t.selected(), Some(400), "{line}");
    assert!(line.contains(" between not searched"), "{line}");
    assert!(!line.contains("not loaded"), "{line}");
}

/// Whether a call asks what senders are called.
fn is_of_names(effect: &Effect) -> bool {
    let words = format!("{effect:?}");
    words.contains("Members") || words.contains("Names")
}

#[tokio::test]
async fn nothing_is_called_absent_before_the_names_have_come() {
    let bird = || {
        one(Group::chat("@TGS#A", 60)).with_user(
            "user_2",
            User {
                nick: "Rare Bird".to_owned(),
                ..User::default()
            },
        )
    };
    for fails in [false, true] {
        let mut t = Story::of(bird()).size(160, 48).open("@TGS#A").begin();
        let mut held = Vec::new();
        t.press("");
        while let Some(effect) = t.pending.pop_front() {
            if is_of_names(&effect) {
                held.push(effect);
            } else {
                t.deliver(effect).await;
            }
        }
        t.press("/from:bird<enter>");
        let line = t.keys_line();
        assert!(t.searches(), "{line}");
        assert!(line.contains("names are still coming"), "{line}");
        assert!(t.pending.iter().all(is_of_names), "no page is asked for");
        if fails {
            t.service.set(Knobs {
                fail_always: Some(10_004),
                ..Knobs::default()
            });
        }
        for effect in held {
            t.deliver(effect).await;
        }
        if fails {
            t.settle().await;
            t.service.set(Knobs::default());
        }
        t.run().await;
        let line = t.keys_line();
        if fails {
            assert!(line.contains("no older hit"), "it ends: {line}");
        } else {
            assert_eq!(t.selected(), Some(57), "{line}");
        }
    }
}
