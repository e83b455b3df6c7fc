//! Hunts for a time and for the oldest message, against what the group really holds.

mod figures;
mod group;
mod odd;

use std::collections::HashMap;

use tim_history::app::jobs::hunt::{Aim, Found, Hunt, Landing, Step};
use tim_history::app::jobs::{Aloft, PageAsk, Standing};
use tim_history::model::ids::Seq;
use tim_history::model::message::{Ask, AskNo, PageSize, Timestamp};
use tim_history::model::timeline::Timeline;

use self::group::{Group, mix};

fn at(seconds: i64) -> Timestamp {
    Timestamp::new(seconds).expect("tests are after 1970")
}

fn seq(number: u32) -> Seq {
    Seq::new(number).expect("tests name no zero")
}

/// One who reads a group: its timeline, and pages in the air.
struct Reader {
    timeline: Timeline,
    no: u64,
    chance: u64,
}

/// What a hunt took, by the reader's own count.
struct Hunted {
    landing: Landing,
    /// The longest chain of pages of which each was asked for after the one before
    /// had landed.
    depth: u32,
    calls: u32,
}

impl Reader {
    /// Has the newest page on the screen.
    fn new(group: &Group, chance: u64) -> Self {
        let mut reader = Self::blind(group, chance);
        reader.fetch(group, None);
        reader
    }

    /// Knows the head alone.
    fn blind(group: &Group, chance: u64) -> Self {
        let mut reader = Self {
            timeline: Timeline::new(),
            no: 0,
            chance,
        };
        reader.timeline.learn_head(Seq::new(group.head), AskNo(0));
        reader
    }

    fn fetch(&mut self, group: &Group, page: Option<PageAsk>) {
        self.no += 1;
        let ask = Ask {
            seq: page.map(|page| page.seq),
            count: page.map_or(PageSize::FULL, |page| page.count),
            generation: self.timeline.generation(),
            no: AskNo(self.no),
        };
        self.timeline.merge(ask, group.answer(ask));
    }

    fn pick(&mut self, of: usize) -> usize {
        self.chance = mix(self.chance, 1);
        usize::try_from(self.chance % of as u64).expect("small")
    }

    /// Pages come one by one, in any order.
    fn hunt(&mut self, group: &Group, aim: Aim, breadth: usize) -> Hunted {
        let mut hunt = Hunt::new(aim, breadth);
        let mut air: Vec<Aloft> = Vec::new();
        let mut depths: HashMap<PageAsk, u32> = HashMap::new();
        let (mut depth, mut calls) = (0, 0);
        loop {
            let wanted = match hunt.step(&self.timeline, &air) {
                Step::Ask(wanted) => wanted,
                Step::Wait => unreachable!("the head is known"),
                Step::Landed(landing) => {
                    return Hunted {
                        landing,
                        depth,
                        calls,
                    };
                }
            };
            assert!(!wanted.is_empty(), "waits for nothing");
            for ask in wanted {
                if !air.iter().any(|flight| flight.ask == ask) {
                    calls += 1;
                    assert!(calls < 1_000, "{aim:?} does not end");
                    depths.insert(ask, depth + 1);
                    air.push(Aloft {
                        ask,
                        how: Standing::Running,
                    });
                }
            }
            let next = self.pick(air.len());
            let flight = air.swap_remove(next);
            depth = depth.max(depths[&flight.ask]);
            self.fetch(group, Some(flight.ask));
        }
    }
}

/// The landing is what the group holds.
fn check(group: &Group, time: i64, landing: Landing) {
    let what = (landing.seq.get(), landing.what);
    match group.first_at(time) {
        None => {
            let newest = (1..=group.head).rfind(|seq| group.shown_time(*seq).is_some());
            let newest = newest.expect("something is left");
            let then = group.shown_time(newest).map(at);
            assert_eq!(what, (newest, Found::AfterTheNewest(then)), "{group:?}");
        }
        Some(first) => {
            let found = at(group.shown_time(first).expect("it has one"));
            // What has expired has no time.
            let is_oldest = (group.expired + 1..first).all(|seq| group.shown_time(seq).is_none());
            if is_oldest && found > at(time) {
                assert_eq!(what, (first, Found::Oldest(Some(found))), "{group:?}");
            } else {
                assert_eq!(what, (first, Found::At(found)), "{group:?}");
            }
        }
    }
}
