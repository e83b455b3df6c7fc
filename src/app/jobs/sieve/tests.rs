use proptest::prelude::*;

use super::*;
use crate::model::message::{Ask, AskNo, Finished, ItemState, Page, PageSize, Raw};
use crate::model::text::Clean;

pub(in crate::app::jobs) fn seq(number: u32) -> Seq {
    Seq::new(number).expect("tests name no zero")
}

fn stretch(first: u32, last: u32) -> Stretch {
    Stretch::new(seq(first), seq(last)).expect("tests name no empty stretch")
}

/// Every seq that 5 divides is withheld, every other one that 7 divides is gone.
pub(in crate::app::jobs) fn load(timeline: &mut Timeline, first: u32, last: u32) {
    let there = |n: &u32| !n.is_multiple_of(5) || *n == first || *n == last;
    let items = (first..=last).filter(there).map(|number| Message {
        seq: Some(seq(number)),
        time: None,
        sender: None,
        state: if number.is_multiple_of(7) {
            ItemState::Gone
        } else {
            ItemState::Present
        },
        system: false,
        random: None,
        priority: None,
        repaired: false,
        raw: Raw::from("{}"),
    });
    let ask = Ask {
        seq: Some(seq(last)),
        count: PageSize::FULL,
        generation: 0,
        no: AskNo(u64::from(last)),
    };
    let page = Page {
        info: Clean::default(),
        items: items.collect(),
        finished: Finished::Whole,
    };
    timeline.merge(ask, page);
}

/// A group of `head` messages of which these are loaded.
pub(in crate::app::jobs) fn timeline(head: u32, loaded: &[(u32, u32)]) -> Timeline {
    let mut timeline = Timeline::new();
    timeline.learn_head(Some(seq(head)), AskNo(0));
    for (first, last) in loaded {
        load(&mut timeline, *first, *last);
    }
    timeline
}

pub(in crate::app::jobs) fn judge_all(sieve: &mut Sieve, timeline: &Timeline, hits: &[u32]) {
    let mut judge = |at: Seq, _, _: Option<&Message>| hits.contains(&at.get());
    while sieve.judge(timeline, Seq::FIRST, 100, &mut judge) > 0 {}
}

#[test]
fn what_is_near_is_judged_first_and_nothing_twice() {
    let timeline = timeline(400, &[(1, 100), (201, 400)]);
    let mut sieve = Sieve::new();
    let mut judged = Vec::new();
    let mut judge = |at: Seq, _, _: Option<&Message>| {
        judged.push(at.get());
        false
    };
    assert_eq!(sieve.judge(&timeline, seq(210), 60, &mut judge), 60);
    assert_eq!(sieve.judge(&timeline, seq(210), 1000, &mut judge), 240);
    assert_eq!(sieve.judge(&timeline, seq(210), 1000, &mut judge), 0);
    let far = |n: &u32| n.abs_diff(210) > 2 * TURN;
    assert!(!judged.iter().take(60).any(far), "{judged:?}");
    judged.sort_unstable();
    let all: Vec<u32> = (1..=100).chain(201..=400).collect();
    assert_eq!(judged, all);
}

#[test]
fn a_withheld_run_costs_one_call() {
    let mut timeline = Timeline::new();
    let ask = |last, no| Ask {
        seq: Some(seq(last)),
        count: PageSize::FULL,
        generation: 0,
        no: AskNo(no),
    };
    let page = |numbers: [u32; 2]| Page {
        info: Clean::default(),
        items: numbers
            .map(|number| Message {
                seq: Some(seq(number)),
                time: None,
                sender: None,
                state: ItemState::Present,
                system: false,
                random: None,
                priority: None,
                repaired: false,
                raw: Raw::from("{}"),
            })
            .to_vec(),
        finished: Finished::Whole,
    };
    timeline.merge(ask(100_002, 1), page([1, 100_002]));
    let mut sieve = Sieve::new();
    let mut judge = |_, state, _: Option<&Message>| state == SeqState::Withheld;
    assert_eq!(sieve.judge(&timeline, seq(50_000), 10, &mut judge), 4);
    assert_eq!(sieve.hits(), 100_000);
    assert_eq!(sieve.run(seq(9)), Some((stretch(2, 100_001), true)));
}

#[test]
fn the_nearest_hit_tells_what_is_not_loaded_before_it() {
    let timeline = timeline(300, &[(1, 40), (61, 100), (121, 200)]);
    let mut sieve = Sieve::new();
    assert_eq!(sieve.hit_below(&timeline, seq(300)), Near::Unjudged);
    judge_all(&mut sieve, &timeline, &[12, 130]);
    let hit = |seq, unfetched| Near::Hit { seq, unfetched };
    assert_eq!(sieve.hit_below(&timeline, seq(300)), hit(seq(130), 99));
    assert_eq!(sieve.hit_below(&timeline, seq(130)), hit(seq(12), 40));
    assert_eq!(
        sieve.hit_below(&timeline, seq(12)),
        Near::None { unfetched: 0 }
    );
    assert_eq!(sieve.hit_above(&timeline, seq(50)), hit(seq(130), 30));
    assert_eq!(
        sieve.hit_above(&timeline, seq(130)),
        Near::None { unfetched: 100 }
    );
    assert_eq!(
        sieve.hit_above(&timeline, seq(300)),
        Near::None { unfetched: 0 }
    );
}

proptest! {
    /// A sieve says of every seq what an array says, whatever is loaded, judged
    /// and forgotten in between.
    #[test]
    fn a_sieve_says_what_an_array_says(
        moves in prop::collection::vec((0u8..3, 1u32..120, 0u32..30, 0usize..50), 1..30),
        divisor in 2u32..9,
    ) {
        let mut timeline = timeline(150, &[]);
        let mut sieve = Sieve::new();
        let mut judge = |at: Seq, state, _: Option<&Message>| {
            state != SeqState::Withheld && at.get().is_multiple_of(divisor)
        };
        for (what, first, more, most) in moves {
            match what {
                0 => load(&mut timeline, first, first + more),
                1 => { sieve.judge(&timeline, seq(first), most, &mut judge); }
                _ => sieve.forget(stretch(first, first + more)),
            }
            // A seq that was withheld at the end of one page may come with the next.
            if what == 0 {
                sieve.forget(stretch(first, first + more));
            }
        }
        check(&timeline, &sieve, divisor)?;
        while sieve.judge(&timeline, seq(60), 7, &mut judge) > 0 {}
        check(&timeline, &sieve, divisor)?;
        let left = (1..=150).find(|n| {
            timeline.state(seq(*n)) != SeqState::Unfetched && sieve.is_hit(seq(*n)).is_none()
        });
        prop_assert_eq!(left, None);
        sieve.clear();
        prop_assert_eq!((sieve.hits(), sieve.run(seq(3))), (0, None));
    }
}

fn check(timeline: &Timeline, sieve: &Sieve, divisor: u32) -> Result<(), TestCaseError> {
    let state = |n| timeline.state(seq(n));
    let is_hit = |n: u32| {
        sieve.is_hit(seq(n)).is_some()
            && state(n) != SeqState::Withheld
            && n.is_multiple_of(divisor)
    };
    for at in 1..=150 {
        prop_assert_eq!(sieve.is_hit(seq(at)).unwrap_or(false), is_hit(at));
        let near = |line: &mut dyn Iterator<Item = u32>| {
            let mut unfetched = 0;
            for n in line {
                match (state(n), sieve.is_hit(seq(n))) {
                    (_, Some(true)) => {
                        return Near::Hit {
                            seq: seq(n),
                            unfetched,
                        };
                    }
                    (_, Some(false)) => {}
                    (SeqState::Unfetched, None) => unfetched += 1,
                    (_, None) => return Near::Unjudged,
                }
            }
            Near::None { unfetched }
        };
        prop_assert_eq!(sieve.hit_below(timeline, seq(at)), near(&mut (1..at).rev()));
        prop_assert_eq!(
            sieve.hit_above(timeline, seq(at)),
            near(&mut (at + 1..=150))
        );
    }
    let hits = (1..=150).filter(|n| is_hit(*n)).count();
    prop_assert_eq!(sieve.hits() as usize, hits);
    Ok(())
}
