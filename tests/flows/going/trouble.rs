//! Jumps that are replaced, stopped, or meet failures.

use std::time::Duration;

use super::*;

#[tokio::test]
async fn one_jump_replaces_another() {
    let mut t = Story::of(world(vec![Group::chat("@TGS#A", 90_000)]))
        .open("@TGS#A")
        .settled()
        .await;
    t.press("g2025-01-20<enter>");
    assert!(is_looking(&t), "{}", last_line(&t));
    assert!(last_line(&t).contains("Esc stops"), "{}", last_line(&t));
    t.press("g2025-01-30<enter>").settle().await;
    assert_landed(&t, 29 * 1_440 - 8 * 60 + 1, "the second");
    for (day, other) in [(11, "g700<enter>"), (13, "G"), (15, "<ctrl-o>")] {
        t.press(&format!("g2025-01-{day}<enter>"));
        assert!(is_looking(&t), "{}", last_line(&t));
        t.press(other);
        let at = selected(&t);
        assert!(!is_looking(&t), "{other}: {}", last_line(&t));
        t.settle().await;
        assert_eq!(selected(&t), at, "{other}: what came later moved the view");
    }
    t.press("g2025-01-20<enter>");
    t.event(Event::Paste(
        "tim-history://1400000000/%40TGS%23A/5000".to_owned(),
    ));
    t.settle().await;
    assert_landed(&t, 5_000, "a link");
}

#[tokio::test]
async fn esc_and_ctrl_c_stop_and_keep_what_came() {
    for key in ["<esc>", "<ctrl-c>"] {
        let mut t = Story::of(world(vec![Group::chat("@TGS#A", 90_000)]))
            .open("@TGS#A")
            .settled()
            .await;
        let loaded = history(&t).timeline().loaded();
        t.press("g2025-01-20<enter>");
        let first = t.pending.pop_front().expect("asks");
        t.deliver(first).await;
        t.press(key);
        assert!(last_line(&t).contains("stopped"), "{}", last_line(&t));
        let sent = t.pending.len();
        let calls = t.history_calls();
        t.settle().await;
        assert!(t.history_calls() <= calls + sent, "nothing more is asked");
        assert!(history(&t).timeline().loaded() >= loaded + 100, "kept");
        assert_eq!(selected(&t), 90_000);
        assert!(t.row_of("message 90000").is_some());
        t.press("<ctrl-o>");
        assert!(last_line(&t).contains("no jump"), "{}", last_line(&t));
    }
}

#[tokio::test]
async fn a_hunt_lands_through_failures() {
    let faults = [
        Knobs {
            http_502_every: Some(5),
            only: Some("group_msg_get_simple".to_owned()),
            ..Knobs::default()
        },
        Knobs {
            fail_every: Some((4, 60_007)),
            only: Some("group_msg_get_simple".to_owned()),
            ..Knobs::default()
        },
        Knobs {
            fail_every: Some((5, 10_002)),
            only: Some("group_msg_get_simple".to_owned()),
            ..Knobs::default()
        },
        Knobs {
            cut_body_every: Some(6),
            only: Some("group_msg_get_simple".to_owned()),
            ..Knobs::default()
        },
    ];
    for knobs in faults {
        let mut t = Story::of(world(vec![Group::chat("@TGS#A", 90_000)]))
            .open("@TGS#A")
            .settled()
            .await;
        t.service.set(knobs.clone());
        t.press("g2025-01-20<enter>").settle().await;
        for _ in 0..60 {
            if !is_looking(&t) {
                break;
            }
            t.advance(Duration::from_secs(1)).await;
        }
        t.advance(Duration::from_secs(30)).await;
        assert_landed(&t, 19 * 1_440 - 8 * 60 + 1, &format!("{knobs:?}"));
    }
}

#[tokio::test]
async fn a_hunt_that_cannot_be_done_says_so_and_r_retries() {
    for code in [10_002, 10_010] {
        let mut t = Story::of(world(vec![Group::chat("@TGS#A", 90_000)]))
            .open("@TGS#A")
            .settled()
            .await;
        t.service.set(Knobs {
            fail_always: Some(code),
            only: Some("group_msg_get_simple".to_owned()),
            ..Knobs::default()
        });
        t.press("g2025-01-20<enter>").settle().await;
        t.advance(Duration::from_mins(1)).await;
        let said = last_line(&t);
        assert!(said.contains("failed · r retries"), "{code}: {said}");
        assert_eq!(selected(&t), 90_000, "{code}");
        t.service.set(Knobs::default());
        t.press("r").settle().await;
        assert_landed(&t, 19 * 1_440 - 8 * 60 + 1, "after r");
    }
}

#[tokio::test]
async fn a_deleted_run_is_neither_the_start_nor_the_end_of_a_search() {
    for (head, run) in [(153, 94..=107), (27, 6..=20), (16_631, 419..=1_670)] {
        let word = format!("re:message.{}$", run.start() - 4);
        let group = Group::chat("@TGS#A", head).with_truth(run.clone(), Truth::Gone);
        let mut t = opened(group).await;
        t.press("gg").settle().await;
        assert_landed(&t, 1, &format!("{run:?} of {head}"));
        let said = last_line(&t);
        assert!(
            said.starts_with("the oldest that is left: seq 1 "),
            "{said}"
        );
        t.press("G").settle().await;
        assert_eq!(selected(&t), head);
        t.press(&format!("/{word}<enter>")).run().await;
        if last_line(&t).starts_with("paused") {
            t.press("n").run().await;
        }
        assert_eq!(selected(&t), run.start() - 4, "{}", t.screen());
    }
}

#[tokio::test]
async fn a_search_goes_on_below_what_a_hunt_took_for_the_start() {
    // Too few messages between the deleted ones for a hunt to meet them.
    let group = Group::chat("@TGS#A", 30_000)
        .with_truth(1..=20_000, Truth::Gone)
        .with_truth(6_340..=6_340, Truth::Present);
    let mut t = opened(group).await;
    t.press("gg").settle().await;
    assert_landed(&t, 20_001, "all but one below are gone");
    t.press("/message 6340<enter>").run().await;
    for _ in 0..3 {
        t.press("n").run().await;
    }
    assert_eq!(selected(&t), 6_340, "{}", t.screen());
}
