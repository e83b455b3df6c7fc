//! A search against a generated group: how many calls, how fast, and never twice.

mod air;
mod laws;
mod world;

use std::time::Duration;

use tim_history::app::jobs::search::{SearchStep, Towards, Why};
use tim_history::model::timeline::Stretch;

use self::air::Air;
use self::world::{Rule, World, seq};

const HEAD: u32 = 1_000_000;
const BACK: u32 = 900_000;

/// The word stands once, so many messages back.
fn far_back(head: u32, back: u32, rule: Rule) -> World {
    let mut world = World::new(head, rule);
    world.needles.insert(head - back);
    world
}

/// With few calls and without idling.
fn assert_well_spent(air: &Air, back: u32) {
    let (calls, pages) = (f64::from(air.calls), f64::from(back / 20));
    assert!(calls <= 1.02 * pages, "{calls} calls for {pages} pages");
    let rate = calls / air.elapsed().as_secs_f64();
    assert!(rate >= 0.9 * f64::from(air::CALLS_PER_SECOND), "{rate}/s");
}

#[test]
fn a_word_900_000_messages_back_is_found_at_the_allowed_rate() {
    let mut air = Air::over(far_back(HEAD, BACK, Rule::Messages), Towards::Older, None);
    assert_eq!(air.run(), SearchStep::Found(seq(HEAD - BACK)));
    assert_well_spent(&air, BACK);
    air.asks_are_all_different();
    let report = air.search.report(&air.timeline);
    let covered = report.covered.expect("pages have landed");
    assert_eq!(covered.first(), seq(HEAD - BACK));
    let counted = report.scanned() + report.withheld + report.failed + report.unfetched;
    assert_eq!(counted, covered.len());
    assert_eq!((report.failed, report.unfetched), (0, 0));
}

#[test]
fn stopped_and_resumed_half_way_no_page_is_asked_for_twice() {
    let mut air = Air::over(far_back(HEAD, BACK, Rule::Window), Towards::Older, None);
    let half = air.run_while(|air| air.calls < BACK / 40);
    assert!(half.is_none(), "{half:?}");
    assert!(air.in_the_air() > 0);

    // Some of what is in the air lands before it goes on, the rest after.
    air.delay_all(Duration::from_secs(3));
    air.stop_for(Duration::from_millis(3050));
    assert!(air.in_the_air() > 0, "something lands late");
    air.search.resume();
    assert_eq!(air.run(), SearchStep::Found(seq(HEAD - BACK)));
    air.asks_are_all_different();
    assert_well_spent(&air, BACK);
}

#[test]
fn one_failure_in_a_hundred_changes_little() {
    for rule in [Rule::Messages, Rule::Window] {
        let mut air = Air::over(far_back(HEAD, 50_000, rule), Towards::Older, None);
        air.failing_per_mille = 10;
        assert_eq!(air.run(), SearchStep::Found(seq(HEAD - 50_000)));
        assert_well_spent(&air, 50_000);
        air.asks_are_all_different();
    }
}

#[test]
fn it_pauses_when_the_allowance_is_spent_and_everything_has_landed() {
    let world = far_back(HEAD, BACK, Rule::Messages);
    let mut air = Air::over(world, Towards::Older, Some(500));
    for pause in 1..=3 {
        assert_eq!(air.run(), SearchStep::Pause(Why::Allowance));
        assert_eq!((air.calls, air.in_the_air()), (500 * pause, 0));
        air.search.resume();
    }
    let report = air.search.report(&air.timeline);
    assert_eq!(report.pages, 1500);
    let covered = report.covered.expect("pages have landed");
    assert!(covered.len() >= 1500 * 20, "{}", covered.len());
}

#[test]
fn an_outage_pauses_it_and_a_resume_goes_on() {
    let world = far_back(HEAD, 10_000, Rule::Messages);
    let mut air = Air::over(world, Towards::Older, None);
    assert_eq!(air.run_while(|air| air.calls < 100), None);
    air.failing_per_mille = 1000;
    assert_eq!(air.run(), SearchStep::Pause(Why::Failing));
    let lost = air.search.report(&air.timeline).failed;
    assert!(lost > 0);
    assert_eq!(air.in_the_air(), 0);

    air.failing_per_mille = 0;
    air.forget_failures();
    air.search.resume();
    assert_eq!(air.run(), SearchStep::Found(seq(HEAD - 10_000)));
    assert_eq!(air.search.report(&air.timeline).failed, 0);
}

#[test]
fn it_goes_up_to_the_head_as_it_goes_back() {
    let mut world = World::new(30_000, Rule::Window);
    world.needles.insert(29_000);
    let mut air = Air::over(world, Towards::Newer, None);
    air.begin_at(seq(1));
    assert_eq!(air.run(), SearchStep::Found(seq(29_000)));
    air.search.resume();
    assert_eq!(air.run(), SearchStep::End);
    air.asks_are_all_different();
    let report = air.search.report(&air.timeline);
    assert_eq!(report.covered.map(Stretch::last), Some(seq(30_000)));
}
