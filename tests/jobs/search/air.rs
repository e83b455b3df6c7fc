//! The rest of the program, as far as a search meets it, in virtual time: calls
//! that leave under a budget, fly for a while, fail, wait and land.

use std::collections::{BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use tim_history::app::jobs::pace::Pace;
use tim_history::app::jobs::search::{Search, SearchStep, Towards};
use tim_history::app::jobs::sieve::Sieve;
use tim_history::app::jobs::{Aloft, PageAsk, Standing};
use tim_history::model::ids::Seq;
use tim_history::model::message::{Ask, AskNo, PageSize};
use tim_history::model::timeline::Timeline;

use super::world::{World, has_needle, hash, seq};

pub(crate) const CALLS_PER_SECOND: u32 = 20;

/// The waits before the three retries.
const RETRIES: [u64; 3] = [1, 2, 4];

#[derive(Debug, Clone, Copy)]
struct Flight {
    ask: PageAsk,
    no: AskNo,
    tries: usize,
    /// When it lands, or is tried again.
    until: Instant,
    how: Standing,
}

pub(crate) struct Air {
    world: World,
    pub(crate) timeline: Timeline,
    pub(crate) sieve: Sieve,
    pub(crate) search: Search,
    towards: Towards,
    pace: Pace,
    pub(crate) failing_per_mille: u64,
    flights: Vec<Flight>,
    /// When calls left, the last second's worth of them.
    left: VecDeque<Instant>,
    asked: Vec<PageAsk>,
    pub(crate) calls: u32,
    start: Instant,
    now: Instant,
    dice: u64,
}

impl Air {
    /// The newest page is loaded, and the search begins at the head.
    pub(crate) fn over(world: World, towards: Towards, allowance: Option<u32>) -> Self {
        let now = Instant::now();
        let mut timeline = Timeline::new();
        let newest = Ask {
            seq: None,
            count: PageSize::FULL,
            generation: 0,
            no: AskNo(0),
        };
        timeline.merge(newest, world.page(world.head, 20, None));
        Self {
            search: Search::new(seq(world.head), towards, allowance),
            world,
            timeline,
            sieve: Sieve::new(),
            towards,
            pace: Pace::new(CALLS_PER_SECOND),
            failing_per_mille: 0,
            flights: Vec::new(),
            left: VecDeque::new(),
            asked: Vec::new(),
            calls: 0,
            start: now,
            now,
            dice: 0,
        }
    }

    pub(crate) fn begin_at(&mut self, from: Seq) {
        self.search = Search::new(from, self.towards, None);
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.now - self.start
    }

    pub(crate) fn in_the_air(&self) -> usize {
        let in_the_air = |flight: &&Flight| flight.how != Standing::Failed;
        self.flights.iter().filter(in_the_air).count()
    }

    pub(crate) fn asks_are_all_different(&self) {
        let all: BTreeSet<_> = self.asked.iter().collect();
        assert_eq!(all.len(), self.asked.len(), "a page was asked for twice");
    }

    /// Until the search wants nothing more.
    pub(crate) fn run(&mut self) -> SearchStep {
        self.run_while(|_| true)
            .expect("nobody stopped it before its end")
    }

    /// The end of it, or `None` where `goes_on` said no before.
    pub(crate) fn run_while(&mut self, goes_on: impl Fn(&Self) -> bool) -> Option<SearchStep> {
        while goes_on(self) {
            let near = self.timeline.head().expect("a page has landed");
            let mut judge = |_, _, message: Option<&_>| has_needle(message);
            while self.sieve.judge(&self.timeline, near, 2000, &mut judge) > 0 {}
            let aloft: Vec<Aloft> = self
                .flights
                .iter()
                .map(|flight| Aloft {
                    ask: flight.ask,
                    how: flight.how,
                })
                .collect();
            let room = self.pace.room(self.in_the_air(), self.now);
            let step = self.search.step(&self.timeline, &self.sieve, &aloft, room);
            match step {
                SearchStep::Ask(asks) => asks.into_iter().for_each(|ask| self.want(ask)),
                SearchStep::Wait => {}
                SearchStep::Found(_) | SearchStep::Pause(_) | SearchStep::End => {
                    return Some(step);
                }
            }
            let wake = self.pace.wake_at(self.now);
            let landing = self.next_landing();
            self.now = landing
                .into_iter()
                .chain(wake)
                .min()
                .unwrap_or_else(|| panic!("it waits for nothing: {:?}", self.search));
            self.land();
        }
        None
    }

    /// Nobody takes a step; what flies lands, what waits to be tried again is dropped.
    pub(crate) fn stop_for(&mut self, time: Duration) {
        let until = self.now + time;
        self.flights
            .retain(|flight| flight.how == Standing::Running);
        while let Some(at) = self.next_landing().filter(|at| *at <= until) {
            self.now = at;
            self.land();
        }
        self.now = until;
        self.pace = Pace::new(CALLS_PER_SECOND);
    }

    pub(crate) fn delay_all(&mut self, time: Duration) {
        for flight in &mut self.flights {
            flight.until += time;
        }
    }

    /// As the key does that tries again what failed.
    pub(crate) fn forget_failures(&mut self) {
        self.flights.retain(|flight| flight.how != Standing::Failed);
        self.asked.clear();
    }

    fn next_landing(&self) -> Option<Instant> {
        let up = self.flights.iter().filter(|f| {
            f.how != Standing::Failed && f.until > self.now || f.how == Standing::Running
        });
        up.map(|flight| flight.until).min()
    }

    fn roll(&mut self, sides: u64) -> u64 {
        self.dice += 1;
        hash(self.dice << 20) % sides
    }

    fn want(&mut self, ask: PageAsk) {
        let known = self.flights.iter().position(|flight| flight.ask == ask);
        let Some(at) = known else {
            let no = AskNo(self.asked.len() as u64 + 1);
            self.asked.push(ask);
            let until = self.leave();
            self.flights.push(Flight {
                ask,
                no,
                tries: 0,
                until,
                how: Standing::Running,
            });
            return;
        };
        if self.flights[at].how == Standing::Waiting && self.flights[at].until <= self.now {
            self.flights[at].until = self.leave();
            self.flights[at].how = Standing::Running;
        }
    }

    /// Counts a call when the budget lets it go. Says when it lands.
    fn leave(&mut self) -> Instant {
        self.pace.started(1, self.now);
        self.calls += 1;
        let full = self.left.len() >= CALLS_PER_SECOND as usize;
        let free = if full { self.left.pop_front() } else { None };
        let at = free.map_or(self.now, |free| {
            (free + Duration::from_secs(1)).max(self.now)
        });
        self.left.push_back(at);
        at + Duration::from_millis(20 + self.roll(180))
    }

    /// Lets everything land whose time has come.
    fn land(&mut self) {
        let ready = |f: &Flight, now| f.how == Standing::Running && f.until <= now;
        while let Some(at) = self.flights.iter().position(|f| ready(f, self.now)) {
            let flight = self.flights[at];
            if self.roll(1000) < self.failing_per_mille {
                self.pace.failed();
                let wait = RETRIES.get(flight.tries);
                let flight = &mut self.flights[at];
                flight.tries += 1;
                flight.how = wait.map_or(Standing::Failed, |_| Standing::Waiting);
                flight.until = self.now + Duration::from_secs(wait.copied().unwrap_or(0));
                continue;
            }
            self.flights.swap_remove(at);
            self.pace.landed();
            let ask = Ask {
                seq: Some(flight.ask.seq),
                count: flight.ask.count,
                generation: 0,
                no: flight.no,
            };
            let page = self
                .world
                .page(flight.ask.seq.get(), flight.ask.count.get(), None);
            self.timeline.merge(ask, page);
            self.search.landed(flight.ask);
        }
    }
}
