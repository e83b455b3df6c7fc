//! Groups with more missing than a tenth, and pages that do not come.

use super::group::{Group, Rule, Traffic, mix};
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
            let landing = find(&group, aim);
            assert_eq!(landing.what, Found::Nothing);
            assert!(landing.rounds <= 4);
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
