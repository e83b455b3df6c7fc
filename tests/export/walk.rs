//! The walk: all of the budget, never more, every seq once, whatever the service does.

use std::time::Duration;

use proptest::prelude::*;
use tim_history::export::{Desk, Halt, Order, Route, Walk, Wish};
use tim_history::model::error::Fault;
use tim_history::model::ids::UserId;
use tim_history::model::timeline::{SeqState, Stretch};
use tokio::sync::watch;
use tokio::time::Instant;

use super::fake::{
    Fake, Nature, bad_gateway, conversation, mix, newest, seq, service_fault, unreachable_fault,
};

fn route(first: u32, last: u32, nature: &Nature) -> Route {
    Route {
        range: Stretch::new(seq(first), seq(last)).expect("in order"),
        order: Order::Ascending,
        head: seq(nature.head),
        rate: nature.rate,
    }
}

/// What came of a walk.
#[derive(Debug)]
struct Walked {
    /// Seq, state and whether it failed, in the order in which they came.
    seqs: Vec<(u32, SeqState, bool)>,
    end: Result<(), Halt>,
    pages: u64,
    retries: u64,
}

async fn walk(fake: &Fake, route: Route) -> Walked {
    let mut walk = Walk::new(fake.clone(), conversation(), route);
    let mut seqs = Vec::new();
    let end = loop {
        match walk.next().await {
            Ok(Some(leg)) => seqs.extend(
                leg.entries()
                    .map(|entry| (entry.seq.get(), entry.state, entry.failure.is_some())),
            ),
            Ok(None) => break Ok(()),
            Err(halt) => break Err(halt),
        }
    };
    Walked {
        seqs,
        end,
        pages: walk.tally().pages,
        retries: walk.tally().retries,
    }
}

/// Each seq of the range once, in order, in the state that it is in.
fn check_all(walked: &Walked, route: Route, nature: &Nature) {
    let (first, last) = (route.range.first().get(), route.range.last().get());
    let mut expected: Vec<_> = (first..=last)
        .map(|number| (number, nature.truth(number), false))
        .collect();
    if route.order == Order::Descending {
        expected.reverse();
    }
    assert_eq!(walked.end, Ok(()));
    assert!(walked.seqs == expected, "not each seq once in order");
}

/// Calls in each full second, and the most in any second.
fn rates(left: &[Instant]) -> (Vec<usize>, usize) {
    let second = Duration::from_secs(1);
    let start = *left.first().expect("a call");
    let whole = (*left.last().expect("a call") - start).as_secs();
    let full = (0..u32::try_from(whole).expect("short"))
        .map(|n| {
            let from = start + second * n;
            let within = |at: &&Instant| **at >= from && **at < from + second;
            left.iter().filter(within).count()
        })
        .collect();
    let most = left.iter().enumerate().map(|(i, from)| {
        let later = left.iter().skip(i);
        later.take_while(|at| **at - *from < second).count()
    });
    (full, most.max().unwrap_or(0))
}

async fn at_full_rate(round_trip: u64, fails: Option<(u64, Fault)>, most_seconds: f64) {
    let failing = fails.is_some();
    let nature = Nature {
        latency: Duration::from_millis(round_trip),
        fails,
        ..Nature::good(100_000)
    };
    let fake = Fake::new(nature.clone());
    let start = Instant::now();
    let route = route(1, 100_000, &nature);
    let walked = walk(&fake, route).await;
    let took = start.elapsed().as_secs_f64();
    check_all(&walked, route, &nature);
    let left = fake.left();
    let (mut full, most) = rates(&left);
    // In the last ones only what failed is left to be asked for again.
    full.truncate(5_000 / 200);
    assert!(most <= 200, "{most} calls in a second");
    let least = full.iter().skip(2).min().expect("long enough");
    assert!(
        *least >= 196,
        "{least} of 200 calls in a full second: {full:?}"
    );
    assert!(took <= most_seconds, "{took} s at {round_trip} ms");
    let requests = u64::try_from(left.len()).expect("few");
    assert_eq!(requests, walked.pages + walked.retries);
    assert!(walked.pages <= 5_050, "{} pages", walked.pages);
    assert_eq!(walked.retries > 0, failing);
}

#[tokio::test(start_paused = true)]
async fn all_of_the_budget_is_used_and_no_more() {
    at_full_rate(20, None, 25.5).await;
}

#[tokio::test(start_paused = true)]
async fn round_trips_and_failures_cost_no_rate() {
    for round_trip in [20, 80, 200] {
        at_full_rate(round_trip, Some((100, bad_gateway())), 26.5).await;
        at_full_rate(round_trip, Some((100, service_fault(60_008))), 26.5).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_throttle_slows_down_and_loses_nothing() {
    let nature = Nature {
        fails: Some((50, service_fault(60_007))),
        ..Nature::good(4_000)
    };
    let fake = Fake::new(nature.clone());
    let route = route(1, 4_000, &nature);
    let start = Instant::now();
    check_all(&walk(&fake, route).await, route, &nature);
    // At the full rate it would take one.
    assert!(start.elapsed() > Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn a_page_that_cannot_be_had_is_a_failure_and_not_the_end() {
    for fault in [bad_gateway(), service_fault(10_002), unreachable_fault()] {
        let nature = Nature {
            poison: Some((1_010, fault)),
            ..Nature::good(30_000)
        };
        let fake = Fake::new(nature.clone());
        let walked = walk(&fake, route(1, 30_000, &nature)).await;
        assert_eq!(walked.end, Ok(()));
        let numbers: Vec<u32> = walked.seqs.iter().map(|(number, ..)| *number).collect();
        assert!(numbers.into_iter().eq(1..=30_000));
        let failed = walked.seqs.iter().filter(|(.., failed)| *failed);
        let failed: Vec<u32> = failed.map(|(number, ..)| *number).collect();
        assert!(failed.into_iter().eq(1_001..=1_020));
    }
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_is_too_large_is_asked_for_in_parts() {
    let nature = Nature {
        poison: Some((55, Fault::TooLarge)),
        holes: 0,
        ..Nature::good(200)
    };
    let walked = walk(&Fake::new(nature.clone()), route(1, 200, &nature)).await;
    assert_eq!(walked.end, Ok(()));
    let failed = walked.seqs.iter().filter(|(.., failed)| *failed);
    assert!(failed.map(|(number, ..)| *number).eq([55]));
    assert_eq!(walked.seqs.len(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_dead_network_ends_the_walk_and_makes_no_failed_records() {
    let nature = Nature {
        dead_from: Some((700, unreachable_fault())),
        ..Nature::good(100_000)
    };
    let walked = walk(&Fake::new(nature.clone()), route(1, 100_000, &nature)).await;
    assert!(matches!(walked.end, Err(Halt::Refused(_))));
    assert!(walked.seqs.len() > 10_000 && walked.seqs.len() < 14_000);
    assert!(walked.seqs.iter().all(|(.., failed)| !failed));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_the_profile_or_the_group_ends_the_walk() {
    for code in [70_009, 10_010] {
        let nature = Nature {
            dead_from: Some((1, service_fault(code))),
            ..Nature::good(100_000)
        };
        let fake = Fake::new(nature.clone());
        let walked = walk(&fake, route(1, 100_000, &nature)).await;
        assert!(matches!(walked.end, Err(Halt::Refused(_))));
        assert!(walked.seqs.is_empty());
        // What was in the air at the time.
        assert!(fake.left().len() < 20, "{}", fake.left().len());
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_stops_the_walk_at_ten_seconds_of_pages() {
    let nature = Nature::good(1_000_000);
    let fake = Fake::new(nature.clone());
    let mut walk = Walk::new(fake.clone(), conversation(), route(1, 1_000_000, &nature));
    walk.next().await.expect("no fault").expect("a page");
    // It goes on behind a reader's back only while it is asked for more.
    let before = fake.left().len();
    tokio::time::sleep(Duration::from_mins(5)).await;
    assert!(fake.left().len() < before + 20);
    let nature = Nature {
        poison: Some((30, service_fault(60_007))),
        ..nature
    };
    let fake = Fake::new(nature.clone());
    let mut walk = Walk::new(fake.clone(), conversation(), route(1, 1_000_000, &nature));
    walk.next().await.expect("no fault").expect("a page");
    let stuck = tokio::time::timeout(Duration::from_mins(30), walk.next()).await;
    assert!(stuck.is_err(), "the second page never comes");
    let asked = fake.left().len();
    assert!((2_000..2_200).contains(&asked), "{asked} calls");
}

#[tokio::test(start_paused = true)]
async fn it_can_be_paused_and_stopped_from_outside() {
    let nature = Nature::good(100_000);
    let fake = Fake::new(nature.clone());
    let (wish, wishes) = watch::channel(Wish::Go);
    let walk = Walk::new(fake.clone(), conversation(), route(1, 100_000, &nature));
    let mut walk = walk.heeding(wishes);
    for _ in 0..50 {
        walk.next().await.expect("no fault").expect("a page");
    }
    wish.send_replace(Wish::Pause);
    let rest = async { while let Ok(Some(_)) = walk.next().await {} };
    let paused = tokio::time::timeout(Duration::from_mins(1), rest).await;
    assert!(paused.is_err(), "it waits");
    let asked = fake.left().len();
    assert!(asked < 70, "{asked}");
    wish.send_replace(Wish::Go);
    assert!(matches!(walk.next().await, Ok(Some(_))));
    wish.send_replace(Wish::Stop);
    assert!(matches!(walk.next().await, Err(Halt::Stopped)));
    drop(wish);
}

#[tokio::test(start_paused = true)]
async fn names_cost_few_calls_and_no_rate() {
    let nature = Nature::good(20_000);
    let fake = Fake::new(nature.clone());
    let desk = Desk::new(fake.clone(), conversation().group, [].into());
    let walk = Walk::new(fake.clone(), conversation(), route(1, 20_000, &nature));
    let mut walk = walk.naming(Some(desk.clone()));
    let start = Instant::now();
    while let Some(leg) = walk.next().await.expect("no fault") {
        for message in leg.entries().filter_map(|entry| entry.message) {
            let sender = message.sender.as_ref().expect("it has one");
            let name = desk.name(sender).expect("it was asked for");
            assert_eq!(name.as_str(), format!("Nick of {}", sender.as_str()));
        }
    }
    assert!(start.elapsed() < Duration::from_millis(5_500));
    assert!(desk.calls() <= 4, "{} calls", desk.calls());
    assert_eq!(desk.fresh().len(), 7);
    assert!(desk.name(&UserId::new("nobody")).is_none());
}

#[tokio::test(start_paused = true)]
async fn names_that_cannot_be_asked_for_are_no_names_that_are_not_there() {
    // More failures than one page has tries for, fewer than all.
    let nature = Nature {
        nameless: Some((6, bad_gateway())),
        ..Nature::good(2_000)
    };
    let fake = Fake::new(nature.clone());
    let desk = Desk::new(fake.clone(), conversation().group, [].into());
    let walk = Walk::new(fake.clone(), conversation(), route(1, 2_000, &nature));
    let mut walk = walk.naming(Some(desk.clone()));
    while let Some(leg) = walk.next().await.expect("no fault") {
        for message in leg.entries().filter_map(|entry| entry.message) {
            assert!(
                desk.name(message.sender.as_ref().expect("it has one"))
                    .is_some()
            );
        }
    }
    let nature = Nature {
        nameless: Some((u64::MAX, service_fault(70_009))),
        ..nature
    };
    let fake = Fake::new(nature.clone());
    let desk = Desk::new(fake.clone(), conversation().group, [].into());
    let walk = Walk::new(fake, conversation(), route(1, 2_000, &nature));
    let mut walk = walk.naming(Some(desk.clone()));
    assert!(matches!(walk.next().await, Err(Halt::Refused(_))));
    assert!(desk.fresh().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_fake_is_a_service() {
    use tim_history::export::Service as _;
    let fake = Fake::new(Nature::good(45));
    let page = fake.page(&conversation(), &newest()).await.expect("a page");
    assert_eq!(page.items.len(), 20);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever the order of the replies, their size and what is missing from them: the
    /// range is covered once.
    #[test]
    fn the_range_is_covered_once(
        (head, seed, holes) in (1_u32..600, any::<u64>(), 0_u64..300),
        (counts_messages, cut, descending) in (any::<bool>(), 1_usize..=20, any::<bool>()),
        (fails, jitter, rate) in (2_u64..30, 0_u64..=99, 1_u32..200),
    ) {
        let nature = Nature {
            rate, jitter, counts_messages, cut, holes, seed,
            fails: Some((fails, bad_gateway())),
            latency: Duration::from_millis(300),
            ..Nature::good(head)
        };
        let first = u32::try_from(mix(seed, 1) % u64::from(head)).expect("small") + 1;
        let last = first + u32::try_from(mix(seed, 2) % u64::from(head - first + 1)).expect("small");
        let order = if descending { Order::Descending } else { Order::Ascending };
        let route = Route { order, ..route(first, last, &nature) };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime");
        let walked = runtime.block_on(walk(&Fake::new(nature.clone()), route));
        // With every second call failing, a page may fail for good.
        let numbers: Vec<u32> = walked.seqs.iter().map(|(number, ..)| *number).collect();
        let mut sorted = numbers.clone();
        sorted.sort_unstable();
        if walked.end.is_ok() {
            prop_assert!(sorted.into_iter().eq(first..=last));
        }
        for (number, state, failed) in walked.seqs {
            prop_assert!(failed || state == nature.truth(number), "{} is {:?}", number, state);
        }
        let ordered = numbers.is_sorted_by(|a, b| if descending { a > b } else { a < b });
        prop_assert!(ordered);
    }
}
