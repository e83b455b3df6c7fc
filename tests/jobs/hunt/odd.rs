//! Groups with more missing than a tenth, and pages that do not come.

use tim_history::model::timeline::SeqState;

use super::group::{Group, Holes, Rule, Traffic, Truth, mix};
use super::{Aim, Aloft, Found, Hunt, Reader, Standing, Step, at, check, seq};

fn whole(head: u32) -> Group {
    Group::new(head, Traffic::DayAndNight, Rule::Window, 11)
}

fn find(group: &Group, aim: Aim) -> super::Landing {
    Reader::new(group, 5).hunt(group, aim, 9).landing
}

#[test]
fn a_stretch_without_times_is_given_up_after_three_more_rounds() {
    let mut group = whole(1_000_000);
    group.untimed = Some(300_001..=700_000);
    for (breadth, most) in [(9, 1 + 3), (3, 2 + 3), (1, 3 + 4)] {
        let time = group.time(520_000);
        let landing = (Reader::new(&group, 5).hunt(&group, Aim::Time(at(time)), breadth)).landing;
        let Found::Untimed { first, last } = landing.what else {
            unreachable!("{landing:?}");
        };
        assert!(first <= seq(300_001) && seq(700_000) <= last, "{landing:?}");
        assert!(first <= landing.seq && landing.seq <= last);
        assert!(landing.rounds <= most, "{breadth}: {landing:?}");
    }
}

#[test]
fn a_deleted_stretch_does_not_hide_what_lies_below_it() {
    let mut group = whole(1_000_000);
    for deleted in [100_000..=600_000, 30_000..=990_000, 999_000..=999_979] {
        group.deleted = Some(deleted.clone());
        for target in [10, 25_000, deleted.start() - 1, deleted.end() + 1, 999_999] {
            let time = group.time(target);
            let landing = find(&group, Aim::Time(at(time)));
            // Where nothing is left for long on one side, it may give up beside it.
            if let Found::Untimed { first, last } = landing.what {
                assert!(first <= seq(target) && seq(target) <= last.next().expect("not the last"));
            } else {
                check(&group, time, landing);
            }
            let oldest = find(&group, Aim::Oldest);
            assert_eq!(Some(oldest.seq.get()), group.oldest_left());
        }
    }
}

/// A run of ten to sixty deleted, or of up to half of the group, with messages left
/// on both sides of it: above it there are twenty or more, below it one or more.
fn with_a_run(nth: u64) -> Group {
    let pick = |what: u64, of: u32| u32::try_from(mix(nth, what) % u64::from(of)).expect("small");
    let head = 40
        + pick(
            1,
            [260, 260, 2_960, 2_960, 2_960, 29_960][(nth % 6) as usize],
        );
    let long = if pick(2, 2) == 0 {
        10 + pick(3, 50)
    } else {
        10 + pick(3, head / 2)
    };
    let long = long.min(head - 22);
    let most = head - 21 - long;
    let left = 1 + pick(4, if pick(5, 2) == 0 { most.min(100) } else { most });
    let rule = [Rule::Messages, Rule::Window][pick(6, 2) as usize];
    let mut group = Group::new(head, Traffic::Uniform, rule, nth);
    let holes: [Holes; 2] = [[0, 0, 0], [34, 33, 33]];
    group.holes = holes[pick(7, 2) as usize];
    group.keeps_times = pick(8, 2) == 0;
    group.deleted = Some(left + 1..=left + long);
    group
}

fn is_left(group: &Group, seq: u32) -> bool {
    matches!(group.truth(seq), Truth::Present | Truth::Recalled)
}

#[test]
fn messages_below_any_deleted_run_are_found() {
    for nth in 0..1_200 {
        let group = with_a_run(nth);
        let run = group.deleted.clone().expect("it has one");
        let oldest = group.oldest_left().expect("something is left");
        for breadth in [9, 3, 1] {
            let story = || format!("{nth}, {breadth} a round: {run:?} of {}", group.head);
            let mut reader = Reader::new(&group, nth);
            let landing = reader.hunt(&group, Aim::Oldest, breadth).landing;
            assert_eq!(landing.seq.get(), oldest, "{}: {landing:?}", story());
            assert!(matches!(landing.what, Found::Oldest(_)), "{}", story());
            for target in [1, run.start() / 2 + 1, run.start() - 1, *run.end() + 1] {
                let time = group.time(target);
                let want = (target..=group.head).find(|seq| is_left(&group, *seq));
                let want = want.expect("the newest are left");
                let mut reader = Reader::new(&group, nth);
                let landing = reader.hunt(&group, Aim::Time(at(time)), breadth).landing;
                let story = || format!("{}, to {target}: {landing:?}", story());
                let long = breadth == 1 || run.clone().count() > 180;
                match landing.what {
                    Found::Untimed { first, last } if long => {
                        let (first, last) = (first.get(), last.get() + 1);
                        assert!((first..=last).contains(&want), "{}", story());
                    }
                    Found::At(_) | Found::Oldest(_) if landing.seq.get() == want => {}
                    // A placeholder with a time, and the next message is not read.
                    Found::At(_) | Found::Oldest(_) => {
                        let all = target..want;
                        assert!(all.contains(&landing.seq.get()), "{}", story());
                        let state = |n: u32| reader.timeline.state(seq(n));
                        assert_eq!(state(landing.seq.get()), SeqState::Gone, "{}", story());
                        let unread = |n: u32| state(n) == SeqState::Unfetched;
                        assert!((landing.seq.get()..=want).any(unread), "{}", story());
                    }
                    Found::AfterTheNewest(_) | Found::Nothing | Found::Failed => {
                        unreachable!("{}", story())
                    }
                    Found::Untimed { .. } => unreachable!("{}", story()),
                }
            }
        }
    }
}

#[test]
fn a_few_messages_on_top_are_found_before_the_newest_page_has_come() {
    for nth in 0..400 {
        let pick =
            |what: u64, of: u32| u32::try_from(mix(nth, what) % u64::from(of)).expect("small");
        let head = 20 + pick(1, if nth % 2 == 0 { 300 } else { 30_000 });
        let rule = [Rule::Messages, Rule::Window][pick(2, 2) as usize];
        let mut group = Group::new(head, Traffic::Uniform, rule, nth);
        group.expired = head - 1 - pick(3, 19);
        group.holes = [0, 0, 0];
        let oldest = group.expired + 1;
        for breadth in [9, 3, 1] {
            for aim in [Aim::Oldest, Aim::Time(at(group.time(1)))] {
                let landing = Reader::blind(&group, nth)
                    .hunt(&group, aim, breadth)
                    .landing;
                let found = Found::Oldest(Some(at(group.time(oldest))));
                assert_eq!((landing.seq.get(), landing.what), (oldest, found), "{nth}");
            }
        }
    }
}

#[test]
fn twenty_gone_below_the_newest_page_are_not_the_horizon() {
    let mut group = whole(100_000);
    group.deleted = Some(99_900..=99_980);
    for breadth in [9, 3, 1] {
        let mut reader = Reader::new(&group, 1);
        reader.fetch(
            &group,
            Some(super::PageAsk {
                seq: seq(99_980),
                count: super::PageSize::FULL,
            }),
        );
        let time = group.time(40_000);
        let landing = reader.hunt(&group, Aim::Time(at(time)), breadth).landing;
        check(&group, time, landing);
    }
}

#[test]
fn groups_of_every_size_are_searched_to_their_ends() {
    for head in (1..90).chain([119, 160, 201, 400, 1_999]) {
        for rule in [Rule::Messages, Rule::Window] {
            let mut group = Group::new(head, Traffic::Uniform, rule, u64::from(head));
            group.expired = u32::try_from(mix(7, head.into()) % u64::from(head)).expect("small");
            let Some(oldest) = group.oldest_left() else {
                let landing = find(&group, Aim::Oldest);
                assert_eq!(landing.what, Found::Nothing);
                continue;
            };
            for breadth in [9, 3, 1] {
                let mut reader = Reader::new(&group, 2);
                let landing = reader.hunt(&group, Aim::Oldest, breadth).landing;
                assert_eq!(landing.seq.get(), oldest);
                for target in [1, head / 3 + 1, head / 2 + 1, head] {
                    for time in [group.time(target), group.time(target) + 40] {
                        let mut reader = Reader::new(&group, 2);
                        let landing = reader.hunt(&group, Aim::Time(at(time)), breadth).landing;
                        check(&group, time, landing);
                    }
                }
            }
        }
    }
}

#[test]
fn a_group_of_which_nothing_is_left_is_told_so() {
    for head in [5, 300, 1_000_000] {
        let mut group = whole(head);
        group.expired = head;
        for aim in [Aim::Oldest, Aim::Time(at(1_600_000_500))] {
            for breadth in [9, 3, 1] {
                let landing = Reader::new(&group, 5).hunt(&group, aim, breadth).landing;
                // That nothing is left of a long one would have to be read.
                let what = if head < 1_000 {
                    Found::Nothing
                } else {
                    let (first, last) = (seq(1), seq(head));
                    Found::Untimed { first, last }
                };
                assert_eq!(landing.what, what);
                assert!(breadth == 1 || landing.rounds <= 8, "{landing:?}");
                assert!(landing.calls <= 45, "{landing:?}");
            }
        }
    }
}

#[test]
fn a_time_that_goes_backwards_is_reported() {
    let mut group = whole(100_000);
    group.misdated = Some(40_010);
    let mut reader = Reader::new(&group, 9);
    let landing = (reader.hunt(&group, Aim::Time(at(group.time(40_005))), 9)).landing;
    let (earlier, later) = landing.backwards.expect("the hunt read it");
    assert_eq!(earlier, seq(40_010));
    assert!(later > earlier);
}

#[test]
fn what_is_found_at_once_costs_nothing() {
    let group = whole(1_000_000);
    let mut reader = Reader::new(&group, 9);
    let landing = reader
        .hunt(&group, Aim::Time(at(group.time(999_995))), 9)
        .landing;
    check(&group, group.time(999_995), landing);
    assert_eq!((landing.rounds, landing.calls), (0, 0));
    let landing = reader
        .hunt(&group, Aim::Time(at(group.time(1_000_000) + 1)), 9)
        .landing;
    check(&group, group.time(1_000_000) + 1, landing);
    assert_eq!(landing.calls, 0);
}

/// Some pages fail for good, some come twice, some late, and pages nobody asked
/// for come in between.
#[test]
fn failures_and_strangers_do_no_harm() {
    for nth in 0..200 {
        let group = whole(1_000_000);
        let mut reader = Reader::new(&group, nth);
        let time = group.time(u32::try_from(mix(nth, 1) % 1_000_000).expect("small") + 1);
        let mut hunt = Hunt::new(Aim::Time(at(time)), 9);
        let mut air: Vec<Aloft> = Vec::new();
        let landing = loop {
            let wanted = match hunt.step(&reader.timeline, &air) {
                Step::Ask(wanted) => wanted,
                Step::Wait => unreachable!("the head is known"),
                Step::Landed(landing) => break landing,
            };
            for ask in wanted {
                if !air.iter().any(|flight| flight.ask == ask) {
                    air.push(Aloft {
                        ask,
                        how: Standing::Running,
                    });
                }
            }
            let open = |flight: &Aloft| flight.how != Standing::Failed;
            assert!(air.iter().any(open), "waits for what will never come");
            let next = reader.pick(air.len());
            match (air[next].how, reader.pick(8)) {
                (Standing::Failed, _) => {}
                (_, 0) => air[next].how = Standing::Waiting,
                // Rare enough not to hit the last round of every hunt.
                (_, 1) if reader.pick(8) == 0 => air[next].how = Standing::Failed,
                (_, 2) => {
                    let ask = air[next].ask;
                    reader.fetch(&group, Some(ask));
                }
                (_, 3) => {
                    let top = reader.pick(1_000_000);
                    let top = seq(u32::try_from(top).expect("small") + 1);
                    let ask = super::PageAsk {
                        seq: top,
                        ..air[next].ask
                    };
                    reader.fetch(&group, Some(ask));
                }
                _ => {
                    let flight = air.swap_remove(next);
                    reader.fetch(&group, Some(flight.ask));
                }
            }
        };
        if landing.what == Found::Failed {
            assert!(air.iter().any(|flight| flight.how == Standing::Failed));
        } else {
            check(&group, time, landing);
        }
    }
}

#[test]
fn a_round_of_which_nothing_can_be_had_fails() {
    let group = whole(1_000_000);
    let reader = Reader::new(&group, 1);
    let mut hunt = Hunt::new(Aim::Time(at(group.time(5_000))), 9);
    let Step::Ask(wanted) = hunt.step(&reader.timeline, &[]) else {
        unreachable!("nothing is known");
    };
    let all = |how| {
        wanted
            .iter()
            .map(|ask| Aloft { ask: *ask, how })
            .collect::<Vec<_>>()
    };
    let waiting = hunt.step(&reader.timeline, &all(Standing::Waiting));
    assert_eq!(waiting, Step::Ask(wanted.clone()), "they are still wanted");
    assert_eq!((hunt.rounds(), hunt.calls()), (1, 9));
    let Step::Landed(landing) = hunt.step(&reader.timeline, &all(Standing::Failed)) else {
        unreachable!("there is nothing to wait for");
    };
    assert_eq!(landing.what, Found::Failed);
}
