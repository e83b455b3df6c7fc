//! How many rounds and calls it takes in a million messages.

#![expect(
    clippy::print_stderr,
    reason = "the worst figures seen are worth reading"
)]

use super::group::{Group, Holes, Rule, Traffic, mix};
use super::{Aim, Found, Reader, at, check};

const MILLION: u32 = 1_000_000;
const TARGETS: u64 = 1_500;

/// The worst of many.
#[derive(Debug, Default)]
struct Worst {
    rounds: u32,
    calls: u32,
    second: u32,
    rounds_in_all: u32,
    calls_in_all: u32,
    expired: u32,
}

/// No more than a tenth, all of one kind or of each.
const HOLES: [Holes; 5] = [
    [0, 0, 0],
    [34, 33, 33],
    [100, 0, 0],
    [0, 100, 0],
    [0, 0, 100],
];

fn random_group(traffic: Traffic, rule: Rule, nth: u64) -> Group {
    let mut group = Group::new(MILLION, traffic, rule, mix(41, nth / 10));
    let chance = |of: u64, what: u64| mix(nth, what) % of;
    group.holes = HOLES[usize::try_from(chance(5, 1)).expect("small")];
    if chance(2, 2) == 0 {
        group.expired = u32::try_from(chance(u64::from(MILLION) * 99 / 100, 3)).expect("small");
    }
    group
}

/// Mostly a moment of some message, or next to one; sometimes any moment.
fn target(group: &Group, nth: u64) -> i64 {
    let some =
        |what: u64| u32::try_from(mix(nth, what) % u64::from(group.head)).expect("small") + 1;
    match mix(nth, 4) % 8 {
        0 => {
            let (from, to) = (group.time(1) - 90_000, group.time(group.head) + 90_000);
            let span = u64::try_from(to - from).expect("forwards");
            from + i64::try_from(mix(nth, 5) % span).expect("small")
        }
        1 => group.time(some(6)) + 1,
        // Around the horizon.
        2 => group.time((group.expired + some(7) % 50).clamp(1, group.head)),
        _ => group.time(some(8)),
    }
}

/// Within a thousand messages, or an hour of no more messages than that.
fn near(group: &Group, first: u32, nth: u64) -> i64 {
    let away = u32::try_from(mix(nth, 9) % 1_000).expect("small");
    let seq = if mix(nth, 10).is_multiple_of(2) {
        first.saturating_sub(away).max(1)
    } else {
        (first + away).min(group.head)
    };
    group.time(seq)
}

fn hunts(traffic: Traffic, rule: Rule, breadth: usize, targets: u64) -> Worst {
    let mut worst = Worst::default();
    for nth in 0..targets {
        let group = random_group(traffic, rule, nth);
        let mut reader = Reader::new(&group, nth);
        let time = target(&group, nth);
        let hunted = reader.hunt(&group, Aim::Time(at(time)), breadth);
        check(&group, time, hunted.landing);
        assert!(hunted.depth <= hunted.landing.rounds, "{nth}: not counted");
        assert!(hunted.calls <= hunted.landing.calls, "{nth}: not counted");
        worst.rounds = worst.rounds.max(hunted.landing.rounds);
        worst.calls = worst.calls.max(hunted.landing.calls);
        worst.rounds_in_all += hunted.landing.rounds;
        worst.calls_in_all += hunted.landing.calls;
        worst.expired += u32::from(matches!(hunted.landing.what, Found::Oldest(_)));
        if breadth > 1 && nth % 3 == 0 {
            let time = near(&group, hunted.landing.seq.get(), nth);
            let second = reader.hunt(&group, Aim::Time(at(time)), breadth);
            check(&group, time, second.landing);
            worst.second = worst.second.max(second.landing.rounds);
        }
    }
    eprintln!(
        "{traffic:?}, {rule:?}, {breadth} a round, {targets} targets: at most {} rounds \
         ({} in all), {} calls ({} in all), {} rounds for a second jump; {} at the oldest",
        worst.rounds,
        worst.rounds_in_all,
        worst.calls,
        worst.calls_in_all,
        worst.second,
        worst.expired
    );
    worst
}

fn nine_a_round(traffic: Traffic, rule: Rule) {
    let worst = hunts(traffic, rule, 9, TARGETS);
    assert!(
        worst.rounds <= 5 && worst.calls <= 45 && worst.second <= 3,
        "{worst:?}"
    );
    assert!(worst.expired > 0);
}

fn one_by_one(traffic: Traffic) {
    for rule in [Rule::Messages, Rule::Window] {
        let worst = hunts(traffic, rule, 1, 300);
        assert!(worst.calls <= 16, "{worst:?}");
    }
}

#[test]
fn uniform_traffic_where_the_service_counts_messages() {
    nine_a_round(Traffic::Uniform, Rule::Messages);
}

#[test]
fn uniform_traffic_where_the_service_counts_seqs() {
    nine_a_round(Traffic::Uniform, Rule::Window);
}

#[test]
fn day_and_night_where_the_service_counts_messages() {
    nine_a_round(Traffic::DayAndNight, Rule::Messages);
}

#[test]
fn day_and_night_where_the_service_counts_seqs() {
    nine_a_round(Traffic::DayAndNight, Rule::Window);
}

#[test]
fn bursts_where_the_service_counts_messages() {
    nine_a_round(Traffic::Bursts, Rule::Messages);
}

#[test]
fn bursts_where_the_service_counts_seqs() {
    nine_a_round(Traffic::Bursts, Rule::Window);
}

#[test]
fn uniform_traffic_with_one_call_at_a_time() {
    one_by_one(Traffic::Uniform);
}

#[test]
fn day_and_night_with_one_call_at_a_time() {
    one_by_one(Traffic::DayAndNight);
}

#[test]
fn bursts_with_one_call_at_a_time() {
    one_by_one(Traffic::Bursts);
}

#[test]
fn the_oldest_message_is_found_by_the_same_search() {
    let (mut rounds, mut calls, mut single) = (0, 0, 0);
    for nth in 0..300 {
        let rule = if nth % 2 == 0 {
            Rule::Messages
        } else {
            Rule::Window
        };
        let mut group = random_group(Traffic::DayAndNight, rule, nth);
        if nth % 3 == 0 {
            // No message has a time; that does not matter here.
            group.untimed = Some(1..=MILLION);
        }
        let oldest = group.oldest_left().expect("something is left");
        let time = group.shown_time(oldest).map(at);
        for breadth in [9, 1] {
            let hunted = Reader::new(&group, nth).hunt(&group, Aim::Oldest, breadth);
            let landing = hunted.landing;
            assert_eq!(
                (landing.seq.get(), landing.what),
                (oldest, Found::Oldest(time))
            );
            if breadth == 1 {
                single = single.max(landing.calls);
            } else {
                rounds = rounds.max(landing.rounds);
                calls = calls.max(landing.calls);
            }
        }
    }
    eprintln!("the oldest: at most {rounds} rounds, {calls} calls, {single} one by one");
    // One more than for a time: the lowest page is looked at first.
    assert!(rounds <= 5 && calls <= 45 && single <= 17);
}

#[test]
fn the_oldest_of_a_whole_group_takes_one_round() {
    let group = Group::new(MILLION, Traffic::Uniform, Rule::Messages, 3);
    for breadth in [1, 3, 9] {
        let landing = Reader::new(&group, 3)
            .hunt(&group, Aim::Oldest, breadth)
            .landing;
        assert_eq!(landing.rounds, 1);
        assert_eq!(Some(landing.seq.get()), group.oldest_left());
    }
}
