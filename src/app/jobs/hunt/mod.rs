//! Finding a time, or the oldest message, by asking for few pages at once.
//!
//! The service knows no time filter, but times grow with seqs (api-facts 1.6). A
//! round of probes spread over what lies between two known times cuts it to a
//! piece; in a million messages, nine probes a round need five rounds. Nothing but
//! the timeline is looked at, so pages that come late, twice or for another reason
//! do no harm, and all pages seen so far serve as bounds.

mod bracket;
mod place;

use self::bracket::{Bracket, without};
use self::place::Ground;
use super::{Aloft, PageAsk, Standing};
use crate::model::ids::Seq;
use crate::model::message::Timestamp;
use crate::model::timeline::{SeqState, Stretch, Timeline};

/// What the rounds are planned for; a longer line costs a round or two more.
const LONG_GROUP: u32 = 1_000_000;

/// Rounds that a jump near an earlier one may take.
const NEAR_ROUNDS: u32 = 3;

/// Where a jump that goes hardly further than an earlier one ends: a thousand
/// messages, with as many holes as one may expect and more.
const NEAR: u32 = 1_500;

/// Rounds in a stretch without times, after the one that showed it.
const PATIENCE: u32 = 3;

/// A floor holds where nobody knows what is in less than this part of the line
/// below it, or in fewer than [`UNCHECKED`] seqs.
const UNCHECKED_PART: u32 = 7;
const UNCHECKED: u32 = 100;

/// Calls of a hunt with one probe a round, before it takes a floor on trust.
const SINGLE_CALLS: u32 = 16;

/// A run of messages without a time that is worth landing on: half a page.
const WORTH: u32 = 10;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// The first message at or after this time.
    Time(Timestamp),
    /// The oldest message of which something is left.
    Oldest,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// These pages are wanted now, also those already in the air: a page that is no
    /// longer named is no longer wanted.
    Ask(Vec<PageAsk>),
    /// Nothing can be asked for before the head is known.
    Wait,
    /// The hunt has ended.
    Landed(Landing),
}

/// Where a hunt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Landing {
    /// The place to go to.
    pub seq: Seq,
    /// What is there.
    pub what: Found,
    /// The first two neighbouring known times of the timeline that go backwards,
    /// which the hunt took not to happen.
    pub backwards: Option<(Seq, Seq)>,
    /// How often it had to wait for replies before it could ask on.
    pub rounds: u32,
    /// How many pages it asked for.
    pub calls: u32,
}

/// What a hunt found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// The first message at or after the time; its own time.
    At(Timestamp),
    /// Everything is older than the time. The place is that of the newest message;
    /// its time, or the newest that is known.
    AfterTheNewest(Option<Timestamp>),
    /// Below the place nothing is left or nothing ever was; the time asked for lies
    /// before it. Also what [`Aim::Oldest`] finds. Its time, if it has one.
    Oldest(Option<Timestamp>),
    /// Three more rounds in a stretch without usable times brought nothing. The
    /// place lies in it.
    Untimed {
        /// The smallest seq of the stretch.
        first: Seq,
        /// The largest.
        last: Seq,
    },
    /// No message at all is left.
    Nothing,
    /// A page that it takes could not be had.
    Failed,
}

/// A search for a time or for the oldest message.
#[derive(Debug, Clone)]
pub struct Hunt {
    aim: Aim,
    breadth: u32,
    round: Option<Round>,
    /// Rounds since a stretch without times was seen around the answer.
    barren: Option<u32>,
    generation: u32,
    shown: Option<Stretch>,
    rounds: u32,
    calls: u32,
}

/// Probes that were sent off together.
#[derive(Debug, Clone)]
struct Round {
    /// Those that have not landed.
    probes: Vec<PageAsk>,
    /// One of them has landed, or need not any more.
    moved: bool,
    /// What was known when it began; see [`Bracket::limits`].
    limits: (Option<Seq>, Option<Seq>, Option<Seq>),
}

impl Hunt {
    /// `breadth` is the number of probes a round, see [`Hunt::breadth_for`]; with
    /// one, this is plain bisection.
    #[must_use]
    pub fn new(aim: Aim, breadth: usize) -> Self {
        Self {
            aim,
            breadth: u32::try_from(breadth.clamp(1, 64)).unwrap_or(1),
            round: None,
            barren: None,
            generation: 0,
            shown: None,
            rounds: 0,
            calls: 0,
        }
    }

    /// How many probes a round a budget of calls per second is good for: a round
    /// should take half a second, or one call.
    #[must_use]
    pub const fn breadth_for(calls_per_second: u32) -> usize {
        match calls_per_second {
            18.. => 9,
            5..18 => 3,
            0..5 => 1,
        }
    }

    /// What lies between the nearest pages on both sides, as of the last step:
    /// `None` before the first step and after the last.
    #[must_use]
    pub const fn bracket(&self) -> Option<Stretch> {
        self.shown
    }

    /// How many rounds have begun.
    #[must_use]
    pub const fn rounds(&self) -> u32 {
        self.rounds
    }

    /// How many pages have been asked for.
    #[must_use]
    pub const fn calls(&self) -> u32 {
        self.calls
    }

    /// Looks at what is known now. To be called after every merged page and every
    /// failure; `aloft` names all pages of the conversation that are on their way.
    ///
    /// A page that has been answered without an answer for the seq asked for must
    /// be in `aloft` as failed: otherwise it is wanted again.
    pub fn step(&mut self, timeline: &Timeline, aloft: &[Aloft]) -> Step {
        let Some(head) = timeline.head() else {
            if timeline.is_empty_group() {
                return self.land(timeline, Seq::FIRST, Found::Nothing);
            }
            return Step::Wait;
        };
        if self.generation != timeline.generation() {
            self.generation = timeline.generation();
            self.round = None;
            self.barren = None;
        }
        let mut bracket = Bracket::of(self.aim, timeline, head);
        let enough = (head.get() / UNCHECKED_PART).max(UNCHECKED);
        let narrowing = match self.breadth {
            0 | 1 => u32::MAX,
            2..9 => (head.get() / 2).max(UNCHECKED),
            9.. => enough,
        };
        if bracket.unchecked() > narrowing {
            bracket.distrust();
        }
        let may_check = self.breadth > 1 || self.calls < SINGLE_CALLS;
        let check = bracket.unchecked() > enough && may_check;
        if bracket.open.is_empty() && !check {
            let (seq, what) = self.settled(&bracket, timeline, head);
            return self.land(timeline, seq, what);
        }
        let ends = bracket.open.first().zip(bracket.open.last());
        self.shown = ends.and_then(|(a, b)| Stretch::new(a.first(), b.last()));

        match self.pending(&bracket, timeline, aloft) {
            Pending::Wanted(asks) => return Step::Ask(asks),
            Pending::Lost => return self.give_up(&bracket, timeline, head),
            Pending::Over => {}
        }
        if self.is_at_a_loss(&bracket) {
            let (seq, what) = unsettled(&bracket, timeline, head);
            return self.land(timeline, seq, what);
        }
        let probes = self.next_round(&bracket, head, aloft);
        if probes.is_empty() {
            return self.give_up(&bracket, timeline, head);
        }
        self.rounds += 1;
        let old = |ask: &&PageAsk| aloft.iter().any(|flight| flight.ask == **ask);
        let known = probes.iter().filter(old).count();
        self.calls += u32::try_from(probes.len() - known).unwrap_or(0);
        self.round = Some(Round {
            probes: probes.clone(),
            moved: false,
            limits: bracket.limits(),
        });
        Step::Ask(probes)
    }

    /// What is still to come of the round.
    fn pending(&mut self, bracket: &Bracket, timeline: &Timeline, aloft: &[Aloft]) -> Pending {
        let Some(round) = &mut self.round else {
            return Pending::Over;
        };
        let stands = |ask: &PageAsk| {
            let flight = aloft.iter().find(|flight| flight.ask == *ask);
            flight.map(|flight| flight.how)
        };
        let before = round.probes.len();
        let calls = &mut self.calls;
        round.probes.retain(|ask| {
            let open = timeline.state(ask.seq) == SeqState::Unfetched;
            let useful = bracket.concerns(ask.window());
            match stands(ask) {
                None if open && !useful => {
                    // It never left.
                    *calls = calls.saturating_sub(1);
                    false
                }
                None => open,
                Some(Standing::Running) => {
                    let read = timeline.answered(ask.window()).map(Stretch::len);
                    useful && read.sum::<u32>() < ask.window().len()
                }
                Some(Standing::Waiting | Standing::Failed) => useful,
            }
        });
        round.moved |= round.probes.len() < before;
        let failed = |ask: &PageAsk| stands(ask) == Some(Standing::Failed);
        let busy = |ask: &PageAsk| matches!(stands(ask), None | Some(Standing::Running));
        let wanted: Vec<_> = round
            .probes
            .iter()
            .copied()
            .filter(|ask| !failed(ask))
            .collect();
        if wanted.iter().any(busy) {
            Pending::Wanted(wanted)
        } else if round.moved {
            // The others are not waited for: those that landed say enough.
            Pending::Over
        } else if wanted.is_empty() {
            Pending::Lost
        } else {
            Pending::Wanted(wanted)
        }
    }

    /// Whether enough rounds have gone into a stretch without times.
    fn is_at_a_loss(&mut self, bracket: &Bracket) -> bool {
        let stayed = (self.round.take()).is_some_and(|round| round.limits == bracket.limits());
        // With a floor to be found, a round that brought nothing moved the floor.
        let two_sided =
            bracket.below.is_some() || bracket.above.is_none() || !bracket.blanks.is_empty();
        self.barren = if two_sided && (stayed || bracket.is_barren()) {
            Some(self.barren.map_or(0, |rounds| rounds + 1))
        } else {
            None
        };
        self.barren >= Some(PATIENCE)
    }

    /// Where to look next; nothing if no page that would help can be had.
    fn next_round(&self, bracket: &Bracket, head: Seq, aloft: &[Aloft]) -> Vec<PageAsk> {
        let mut taken: Vec<Stretch> = aloft.iter().map(|flight| flight.ask.window()).collect();
        taken.sort();
        let open = without(&bracket.open, &taken);
        let under = without(&bracket.under, &taken);
        if open.is_empty() && (under.is_empty() || !bracket.open.is_empty()) {
            let meets = |ask: &PageAsk| bracket.concerns(ask.window());
            let alive = aloft.iter().filter(|flight| flight.how != Standing::Failed);
            return alive.map(|flight| flight.ask).filter(meets).collect();
        }
        if open.is_empty() {
            return self.ground(&under, None).probes(&[]);
        }
        if let Some(asks) = place::all_of(&open, self.breadth) {
            return asks;
        }
        let ends = bracket.blanks.first().zip(bracket.blanks.last());
        let doubtful = ends.and_then(|(a, b)| Stretch::new(a.last(), b.first()));
        let mut ground = self.ground(&open, doubtful);
        let mut asks = Vec::new();
        let mut rest = open.clone();
        let bottom = self.aim == Aim::Oldest && place::nth(&open, 0) == Some(Seq::FIRST);
        let spare = self.breadth > 1 && place::needed(&open, ground.goal) < self.breadth;
        let apart = if bottom {
            Some(Seq::FIRST)
        } else {
            // What lies below the floor is not taken on trust where it costs nothing.
            let longest = under.iter().max_by_key(|part| part.len());
            let longest = longest.filter(|_| spare);
            longest.map(|part| part.first().forward(part.len() / 2))
        };
        if let Some(seq) = apart {
            let everywhere = [under.as_slice(), open.as_slice()].concat();
            asks.extend(place::around(&everywhere, seq));
            let windows: Vec<_> = asks.iter().map(|ask| ask.window()).collect();
            rest = without(&open, &windows);
            ground.breadth -= 1;
        }
        ground.open = &rest;
        asks.extend(ground.probes(&self.wishes(bracket, &rest, head)));
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

    /// The answer, where nothing is left to ask between the fences.
    fn settled(&self, bracket: &Bracket, timeline: &Timeline, head: Seq) -> (Seq, Found) {
        match (self.aim, bracket.below, bracket.above) {
            (Aim::Time(_), Some(_), Some((seq, Some(at)))) => (seq, Found::At(at)),
            (Aim::Time(time), None, Some((seq, Some(at)))) if time == at => (seq, Found::At(at)),
            (Aim::Time(_), None, Some((seq, at))) => {
                let page = bracket.inside.map(bracket::top_of);
                let left = page.map_or(0, |page| bracket::left_of(timeline, page));
                if left >= WORTH {
                    unsettled(bracket, timeline, head)
                } else {
                    (seq, Found::Oldest(at))
                }
            }
            (Aim::Oldest, _, Some((seq, at))) => (seq, Found::Oldest(at)),
            _ => unsettled(bracket, timeline, head),
        }
    }

    fn give_up(&mut self, bracket: &Bracket, timeline: &Timeline, head: Seq) -> Step {
        let near = bracket.above.or(bracket.below);
        let seq = near.map_or(head, |(seq, _)| seq);
        self.land(timeline, seq, Found::Failed)
    }

    fn land(&mut self, timeline: &Timeline, seq: Seq, what: Found) -> Step {
        self.round = None;
        self.shown = None;
        Step::Landed(Landing {
            seq,
            what,
            backwards: timeline.backwards(),
            rounds: self.rounds,
            calls: self.calls,
        })
    }
}

/// How a round stands.
enum Pending {
    /// These are waited for.
    Wanted(Vec<PageAsk>),
    /// All of it failed.
    Lost,
    /// It has brought what it brought.
    Over,
}

/// What to say where there is no fence above, or no way to come nearer to it.
fn unsettled(bracket: &Bracket, timeline: &Timeline, head: Seq) -> (Seq, Found) {
    let newest = timeline.left_at_or_below(head).map(Stretch::last);
    if bracket.above.is_none() {
        match (bracket.below, newest) {
            (None, None) => return (head, Found::Nothing),
            (Some((below, _)), newest) if newest <= Some(below) || bracket.open.is_empty() => {
                let seq = newest.map_or(below, |newest| newest.max(below));
                let time = timeline.timed_at_or_below(seq).map(|(_, time)| time);
                return (seq, Found::AfterTheNewest(time));
            }
            (None | Some(_), _) => {}
        }
    }
    let inside = bracket.inside.unwrap_or(Stretch::one(head));
    let above_floor = bracket.floor.and_then(Seq::next);
    let inside = above_floor
        .and_then(|first| Stretch::new(first, inside.last()))
        .unwrap_or(inside);
    let left = timeline.left_at_or_above(inside.first());
    let seq = left.map_or(inside.first(), Stretch::first);
    let (first, last) = (inside.first(), inside.last());
    (seq.min(last), Found::Untimed { first, last })
}

/// Where `time` would lie among `length` seqs if they were evenly spread.
fn proportion(time: Timestamp, (from, to): (Timestamp, Timestamp), length: u32) -> u32 {
    let span = i128::from(to.seconds() - from.seconds()).max(1);
    let part = i128::from(time.seconds() - from.seconds());
    let last = length.saturating_sub(1);
    u32::try_from(i128::from(length) * part / span).map_or(last, |offset| offset.min(last))
}
