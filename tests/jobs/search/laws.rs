//! What holds whatever lands, fails or is cut, and when.

use std::collections::BTreeSet;

use proptest::prelude::*;
use tim_history::app::jobs::search::{Search, SearchStep, Towards};
use tim_history::app::jobs::sieve::Sieve;
use tim_history::app::jobs::{Aloft, PageAsk, Standing};
use tim_history::model::message::{Ask, AskNo, PageSize};
use tim_history::model::timeline::{SeqState, Timeline};

use super::world::{Rule, Truth, World, has_needle, hash, seq};

/// More steps than any of these searches can need.
const ENOUGH: usize = 20_000;

/// How badly things go, of a hundred pages each.
#[derive(Debug, Clone, Copy)]
struct Weather {
    cut: u64,
    delayed: u64,
    failed: u64,
    lost: u64,
}

struct Lab {
    world: World,
    timeline: Timeline,
    sieve: Sieve,
    search: Search,
    towards: Towards,
    weather: Weather,
    aloft: Vec<Aloft>,
    /// All asks so far but those that were answered with nothing before a resume.
    asked: BTreeSet<PageAsk>,
    lost: BTreeSet<PageAsk>,
    /// Answered with nothing since the last step.
    empty: Vec<PageAsk>,
    landed: Vec<(Ask, PageAsk)>,
    /// Beyond this nothing has been looked at.
    at: u32,
    calls: u64,
    has_asked: bool,
    seed: u64,
}

impl Lab {
    fn new(world: World, towards: Towards, weather: Weather, seed: u64) -> Self {
        let from = match towards {
            Towards::Older => world.head,
            Towards::Newer => 1,
        };
        let mut lab = Self {
            timeline: Timeline::new(),
            sieve: Sieve::new(),
            search: Search::new(seq(from), towards, Some(7)),
            world,
            towards,
            weather,
            aloft: Vec::new(),
            asked: BTreeSet::new(),
            lost: BTreeSet::new(),
            empty: Vec::new(),
            landed: Vec::new(),
            at: from,
            calls: 0,
            has_asked: false,
            seed,
        };
        lab.timeline.learn_head(Some(seq(lab.world.head)), AskNo(0));
        lab
    }

    fn roll(&mut self, sides: u64) -> u64 {
        self.seed = self.seed.wrapping_add(1);
        hash(self.seed) % sides.max(1)
    }

    fn merge(&mut self, top: u32, count: u32, cut: Option<usize>) -> Ask {
        self.calls += 1;
        let ask = Ask {
            seq: Some(seq(top)),
            count: PageSize::clamped(count),
            generation: 0,
            no: AskNo(self.calls),
        };
        self.timeline.merge(ask, self.world.page(top, count, cut));
        ask
    }

    fn needles_between(&self, from: u32, to: u32) -> impl Iterator<Item = u32> {
        let (low, high) = (from.min(to), from.max(to));
        let inside = move |n: &&u32| **n > low && **n < high;
        self.world.needles.iter().filter(inside).copied()
    }

    fn is_loaded(&self, number: u32) -> bool {
        self.timeline.state(seq(number)) != SeqState::Unfetched
    }

    fn is_lost(&self, number: u32) -> bool {
        let failed = self.aloft.iter().filter(|a| a.how == Standing::Failed);
        let mut lost = failed.map(|a| &a.ask).chain(&self.lost);
        lost.any(|ask| holds(*ask, number))
    }

    fn judge(&mut self) {
        let near = seq(1 + u32::try_from(self.roll(u64::from(self.world.head))).expect("a seq"));
        let most = 1 + usize::try_from(self.roll(40)).expect("small");
        let mut judge = |_, _, message: Option<&_>| has_needle(message);
        // Sometimes a step is taken before all is judged.
        while self.roll(4) > 0 && self.sieve.judge(&self.timeline, near, most, &mut judge) > 0 {}
    }

    /// Starts what is wanted, or leaves it for later.
    fn start(&mut self, asks: Vec<PageAsk>) {
        for ask in asks {
            let known = self.aloft.iter_mut().find(|aloft| aloft.ask == ask);
            if let Some(known) = known {
                assert_ne!(known.how, Standing::Failed, "{ask:?} was given up");
                known.how = Standing::Running;
                continue;
            }
            for number in ask.window().first().get()..=ask.window().last().get() {
                assert!(!self.is_loaded(number), "{number} of {ask:?} is loaded");
                assert!(!self.is_lost(number), "{number} of {ask:?} was given up");
                let mut flying = self.aloft.iter().filter(|a| a.how != Standing::Failed);
                assert!(
                    !flying.any(|a| holds(a.ask, number)),
                    "{number} of {ask:?} is in the air"
                );
            }
            if self.roll(10) == 0 {
                continue;
            }
            assert!(self.asked.insert(ask), "{ask:?} was asked for twice");
            self.has_asked = true;
            self.aloft.push(Aloft {
                ask,
                how: Standing::Running,
            });
        }
    }

    /// Something happens to one of the pages in the air.
    fn happen(&mut self) {
        let flying: Vec<usize> = (0..self.aloft.len())
            .filter(|i| self.aloft[*i].how == Standing::Running)
            .collect();
        let pick = usize::try_from(self.roll(flying.len() as u64)).expect("small");
        let Some(at) = flying.get(pick).copied() else {
            return;
        };
        let ask = self.aloft[at].ask;
        let Weather {
            cut,
            delayed,
            failed,
            lost,
        } = self.weather;
        let luck = self.roll(100);
        if luck < failed {
            self.aloft[at].how = Standing::Failed;
        } else if luck < failed + delayed {
            self.aloft[at].how = Standing::Waiting;
        } else if luck < failed + delayed + lost {
            self.aloft.swap_remove(at);
            self.search.landed(ask);
            self.empty.push(ask);
        } else {
            self.aloft.swap_remove(at);
            let short = self.roll(100) < cut;
            let cut = short.then(|| 1 + usize::try_from(self.roll(19)).expect("small"));
            let sent = self.merge(ask.seq.get(), ask.count.get(), cut);
            self.search.landed(ask);
            self.landed.push((sent, ask));
            self.repeat();
        }
    }

    /// A page that landed before lands once more.
    fn repeat(&mut self) {
        if self.roll(5) == 0 {
            let again = usize::try_from(self.roll(self.landed.len() as u64)).expect("small");
            let (sent, ask) = self.landed[again];
            let page = self.world.page(ask.seq.get(), ask.count.get(), None);
            self.timeline.merge(sent, page);
            self.search.landed(ask);
        }
    }

    /// An empty answer loses a page, unless another one has shown something of it.
    fn count_lost(&mut self) {
        for ask in std::mem::take(&mut self.empty) {
            let window = ask.window();
            if (window.first().get()..=window.last().get()).all(|number| !self.is_loaded(number)) {
                self.lost.insert(ask);
            }
        }
    }

    fn resume(&mut self) {
        self.search.resume();
        self.has_asked = false;
        for ask in std::mem::take(&mut self.lost) {
            self.asked.remove(&ask);
        }
    }

    /// Looks for everything there is. Says what was found, in that order.
    fn run(&mut self) -> Vec<u32> {
        let mut found = Vec::new();
        for _ in 0..ENOUGH {
            self.judge();
            let room = usize::try_from(self.roll(5)).expect("small");
            let aloft = self.aloft.clone();
            self.count_lost();
            match self.search.step(&self.timeline, &self.sieve, &aloft, room) {
                SearchStep::Ask(asks) => {
                    assert!(asks.len() <= room + aloft.len());
                    self.start(asks);
                }
                SearchStep::Wait => {}
                SearchStep::Found(hit) => {
                    self.check_hit(hit.get());
                    found.push(hit.get());
                    self.at = hit.get();
                    self.resume();
                }
                SearchStep::Pause(_) => self.resume(),
                SearchStep::End => {
                    self.check_end();
                    return found;
                }
            }
            if self.roll(200) == 0 {
                self.resume();
            }
            for _ in 0..self.roll(4) {
                self.happen();
            }
        }
        panic!("it does not end: {:?}", self.search);
    }

    fn check_hit(&self, hit: u32) {
        assert!(self.world.needles.contains(&hit));
        for nearer in self.needles_between(self.at, hit) {
            assert!(!self.is_loaded(nearer), "{nearer} is nearer than {hit}");
            let is_passed = self.is_lost(nearer) || !self.has_asked;
            assert!(is_passed, "{nearer} was passed over for {hit}");
        }
    }

    fn check_end(&self) {
        let end = match self.towards {
            Towards::Older => 1,
            Towards::Newer => self.world.head,
        };
        for number in self.at.min(end)..=self.at.max(end) {
            assert!(
                number == self.at || self.is_loaded(number) || self.is_lost(number),
                "{number} was left out"
            );
        }
    }
}

fn holds(ask: PageAsk, number: u32) -> bool {
    let window = ask.window();
    (window.first().get()..=window.last().get()).contains(&number)
}

prop_compose! {
    fn worlds()(
        head in 1u32..600,
        needles in prop::collection::btree_set(1u32..600, 0..12),
        withheld in prop_oneof![Just(0u64), Just(20), Just(300), Just(950)],
        by_window in any::<bool>(),
    ) -> World {
        let rule = if by_window { Rule::Window } else { Rule::Messages };
        let mut world = World::new(head, rule);
        world.needles = needles.into_iter().filter(|n| *n <= head).collect();
        world.withheld_per_mille = withheld;
        world
    }
}

fn towards() -> impl Strategy<Value = Towards> {
    prop_oneof![Just(Towards::Older), Just(Towards::Newer)]
}

proptest! {
    /// Whatever is cut, late or repeated, every hit is found, nearest first, and
    /// the report says of all seqs what the generator says.
    #[test]
    fn nothing_is_lost_where_no_page_is(
        world in worlds(),
        towards in towards(),
        cut in 0u64..60,
        delayed in 0u64..60,
        seed in any::<u64>(),
    ) {
        let weather = Weather { cut, delayed, failed: 0, lost: 0 };
        let mut lab = Lab::new(world, towards, weather, seed);
        let from = lab.at;
        let found = lab.run();
        let world = &lab.world;
        let mut all: Vec<u32> = world.needles.iter().copied().filter(|n| *n != from).collect();
        if towards == Towards::Older {
            all.reverse();
        }
        prop_assert_eq!(&found, &all);

        let report = lab.search.report(&lab.timeline);
        let covered: Vec<u32> = (1..=world.head).filter(|n| *n != from).collect();
        prop_assert_eq!(report.covered.map_or(0, |c| c.len() as usize), covered.len());
        let count = |truth| covered.iter().filter(|n| world.truth(**n) == truth).count();
        prop_assert_eq!(report.present as usize, count(Truth::Present));
        prop_assert_eq!(report.gone as usize, count(Truth::Gone));
        prop_assert_eq!(report.recalled as usize, count(Truth::Recalled));
        prop_assert_eq!(report.withheld as usize, count(Truth::Withheld));
        prop_assert_eq!((report.failed, report.unfetched), (0, 0));
    }

    /// Failed pages and answers with nothing in them are passed over, told, and
    /// not asked for again; the search ends all the same.
    #[test]
    fn it_ends_whatever_fails(
        world in worlds(),
        towards in towards(),
        loaded in prop::collection::vec((1u32..600, 1u32..20), 0..6),
        (cut, delayed, failed, lost) in (0u64..30, 0u64..20, 0u64..30, 0u64..15),
        seed in any::<u64>(),
    ) {
        let weather = Weather { cut, delayed, failed, lost };
        let mut lab = Lab::new(world, towards, weather, seed);
        for (top, count) in loaded {
            let top = top.min(lab.world.head);
            lab.merge(top, count, None);
        }
        lab.run();
    }
}
