//! A service that does not answer is asked a few times, then left alone.

use std::time::Duration;

use tim_history::emulator::{Group, Knobs, World};

use crate::harness::{Harness, START, Story};

/// A try and three more: list, names on screen, names in the background, newest
/// page, nicknames.
const ALL: usize = 5 * 4;

fn down() -> Story {
    let groups = (1..=120).map(|n| Group::chat(&format!("@TGS#{n:03}"), 45));
    Story::of(World::of(groups.collect()).at(START)).knobs(Knobs {
        http_502_every: Some(1),
        ..Knobs::default()
    })
}

fn gateway_is(t: &Harness, down: bool) {
    t.service.set(Knobs {
        http_502_every: down.then_some(1),
        ..Knobs::default()
    });
}

#[tokio::test]
async fn a_service_that_is_down_is_tried_a_few_times_and_left_alone() {
    let mut t = down().open("@TGS#001").settled().await;
    t.advance(Duration::from_mins(10)).await;
    let calls = t.service.calls().len();
    assert!(calls <= ALL, "{calls} calls: {:?}", t.service.calls());
    assert!(t.screen().contains("r retries"), "{}", t.screen());
}

#[tokio::test]
async fn moving_about_in_the_list_is_no_way_around_the_back_off() {
    let mut t = down().size(120, 24).begin();
    gateway_is(&t, false);
    t.settle().await;
    gateway_is(&t, true);
    t.press("R");
    for _ in 0..20 {
        t.press("<pagedown>").settle().await;
        t.press("<pageup><pageup>").settle().await;
    }
    t.advance(Duration::from_mins(10)).await;
    let failed = t.service.calls();
    let failed = failed.iter().filter(|c| c.outcome == Some(502)).count();
    assert!(failed > 0 && failed <= ALL, "{failed} calls");
}
