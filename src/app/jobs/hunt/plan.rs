//! Where the probes of the next round go.

use super::bracket::{self, Bracket, without};
use super::place::{self, Ground};
use super::{Aim, Hunt};
use crate::app::jobs::{Aloft, PageAsk, Standing};
use crate::model::ids::Seq;
use crate::model::message::Timestamp;
use crate::model::timeline::{Stretch, Timeline};

/// What the rounds are planned for; a longer line costs a round or two more.
const LONG_GROUP: u32 = 1_000_000;

/// Rounds that a jump near an earlier one may take.
const NEAR_ROUNDS: u32 = 3;

/// Where a jump that goes hardly further than an earlier one ends: a thousand
/// messages, with as many holes as one may expect and more.
const NEAR: u32 = 1_500;

impl Hunt {
    /// How many more rounds a search through a long group would take.
    pub(super) fn rounds_left(&self, head: Seq) -> u32 {
        let planned = place::rounds_for(head.get().max(LONG_GROUP), self.breadth);
        planned.saturating_sub(self.rounds)
    }

    /// Where to look next; nothing if no page that would help can be had.
    pub(super) fn next_round(
        &self,
        bracket: &Bracket,
        timeline: &Timeline,
        aloft: &[Aloft],
    ) -> Vec<PageAsk> {
        let head = timeline.head().unwrap_or(Seq::FIRST);
        let mut taken: Vec<Stretch> = aloft.iter().map(|flight| flight.ask.window()).collect();
        taken.sort();
        let open = without(&bracket.open, &taken);
        let under = without(&bracket.under, &taken);
        if open.is_empty() && (under.is_empty() || !bracket.open.is_empty()) {
            let meets = |ask: &PageAsk| bracket.concerns(ask.window());
            let alive = aloft.iter().filter(|flight| flight.how != Standing::Failed);
            return alive.map(|flight| flight.ask).filter(meets).collect();
        }
        let everywhere = [under.as_slice(), open.as_slice()].concat();
        if let Some(asks) = place::all_of(&everywhere, self.breadth) {
            return asks;
        }
        if open.is_empty() {
            return self.below_the_floor(&under, head, timeline);
        }
        if let Some(asks) = place::all_of(&open, self.breadth) {
            return asks;
        }
        if bracket.above.is_none() {
            let newest = place::around(&open, head).filter(|_| self.breadth == 1);
            if let Some(ask) = newest {
                return vec![ask];
            }
            let pages = self.breadth.saturating_mul(self.rounds_left(head));
            if let Some(mut asks) = place::all_of(&open, pages) {
                asks.sort_by_key(|ask| std::cmp::Reverse(ask.seq));
                asks.truncate(usize::try_from(self.breadth).unwrap_or(1));
                return asks;
            }
        }
        let ends = bracket.blanks.first().zip(bracket.blanks.last());
        let doubtful = ends.and_then(|(a, b)| Stretch::new(a.last(), b.first()));
        let mut ground = self.ground(&open, doubtful);
        let mut asks = Vec::new();
        let mut rest = open.clone();
        let spare = self.breadth > 1 && place::needed(&open, ground.goal) < self.breadth;
        let unread = bracket.below.is_none() && !bracket::is_bottom_read(timeline);
        let bottom = unread && (self.aim == Aim::Oldest || (spare && bracket.floor.is_some()));
        let apart = if bottom {
            place::nth(&everywhere, 0)
        } else {
            // What lies below the floor is not taken on trust where it costs nothing.
            let longest = under.iter().max_by_key(|part| part.len());
            let longest = longest.filter(|_| spare);
            longest.map(|part| part.first().forward(part.len() / 2))
        };
        if let Some(seq) = apart {
            asks.extend(place::around(&everywhere, seq));
            let windows: Vec<_> = asks.iter().map(|ask| ask.window()).collect();
            rest = without(&open, &windows);
            ground.breadth -= 1;
        }
        ground.open = &rest;
        asks.extend(ground.probes(&self.wishes(bracket, &rest, head)));
        asks
    }

    /// Whether a floor is the end: reads all below it from the bottom on, or looks
    /// at the bottom, in the middle and next to the floor.
    fn below_the_floor(&self, under: &[Stretch], head: Seq, timeline: &Timeline) -> Vec<PageAsk> {
        let pages = self.breadth.saturating_mul(self.rounds_left(head));
        let breadth = usize::try_from(self.breadth).unwrap_or(1);
        if let Some(mut asks) = place::all_of(under, pages) {
            asks.sort_by_key(|ask| ask.seq);
            asks.truncate(breadth);
            return asks;
        }
        let longest = under.iter().max_by_key(|part| part.len());
        let middle = longest.map(|part| part.first().forward(part.len() / 2));
        let bottom = place::nth(under, 0).filter(|_| !bracket::is_bottom_read(timeline));
        let highest = under.last().map(|part| part.last());
        let places = [bottom, middle, highest];
        let mut asks: Vec<PageAsk> = Vec::new();
        let mut rest = under.to_vec();
        for seq in places.into_iter().flatten().take(breadth) {
            let ask = place::around(&rest, seq);
            rest = ask.map_or_else(|| rest.clone(), |ask| without(&rest, &[ask.window()]));
            asks.extend(ask);
        }
        let mut ground = self.ground(&rest, None);
        ground.breadth = self.breadth - u32::try_from(asks.len()).unwrap_or(0);
        asks.extend(ground.probes(&[]));
        asks
    }

    fn ground<'a>(&self, open: &'a [Stretch], doubtful: Option<Stretch>) -> Ground<'a> {
        let length = place::total(open);
        let mut left = place::rounds_for(length, self.breadth);
        if left > NEAR_ROUNDS {
            // Rounds to spare are good for probes that may hit.
            let planned = place::rounds_for(length.max(LONG_GROUP), self.breadth);
            left = left.max(planned.saturating_sub(self.rounds));
        }
        Ground {
            open,
            doubtful,
            goal: place::reach(left.saturating_sub(1).max(1), self.breadth),
            breadth: self.breadth,
        }
    }

    /// Where a probe may well hit, most wanted first.
    fn wishes(&self, bracket: &Bracket, open: &[Stretch], head: Seq) -> Vec<Seq> {
        let length = place::total(open);
        let mut wishes = Vec::new();
        if self.breadth == 1 {
            return wishes;
        }
        if bracket.below.is_none() && bracket.floor.is_none() {
            wishes.push(Seq::FIRST);
        }
        if bracket.above.is_none() {
            wishes.push(head);
        }
        let Aim::Time(time) = self.aim else {
            return wishes;
        };
        let far = length > place::reach(NEAR_ROUNDS, self.breadth);
        if self.rounds == 0 && far {
            // An earlier hunt may have ended right beside either fence.
            let lower = bracket.below.map(|_| NEAR);
            let upper = bracket.above.map(|_| length.saturating_sub(NEAR));
            let near = lower.into_iter().chain(upper);
            wishes.extend(near.filter_map(|offset| place::nth(open, offset)));
        }
        let times = bracket.below.zip(bracket.above);
        if let Some(((_, Some(from)), (_, Some(to)))) = times {
            let guess = proportion(time, (from, to), length);
            // As far as even traffic strays from the straight line, and a page.
            let stray = length.isqrt().max(20);
            let around = [
                guess.saturating_sub(stray),
                guess.saturating_add(stray),
                guess,
            ];
            wishes.extend(around.into_iter().filter_map(|at| place::nth(open, at)));
        }
        wishes
    }
}

/// Where `time` would lie among `length` seqs if they were evenly spread.
fn proportion(time: Timestamp, (from, to): (Timestamp, Timestamp), length: u32) -> u32 {
    let span = i128::from(to.seconds() - from.seconds()).max(1);
    let part = i128::from(time.seconds() - from.seconds());
    let last = length.saturating_sub(1);
    u32::try_from(i128::from(length) * part / span).map_or(last, |offset| offset.min(last))
}
