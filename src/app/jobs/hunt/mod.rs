//! Finding a time, or the oldest message, by asking for few pages at once.
//!
//! The service knows no time filter, but times grow with seqs (api-facts 1.6). A
//! round of probes spread over what lies between two known times cuts it to a
//! piece; in a million messages, nine probes a round need five rounds. Nothing but
//! the timeline is looked at, so pages that come late, twice or for another reason
//! do no harm, and all pages seen so far serve as bounds.

mod bracket;
mod place;
mod plan;

use self::bracket::{Bracket, Fence};
use super::{Aloft, PageAsk, Standing};
use crate::model::ids::Seq;
use crate::model::message::Timestamp;
use crate::model::timeline::{SeqState, Stretch, Timeline};

/// Rounds in a stretch without times, after the one that showed it.
const PATIENCE: u32 = 3;

/// A search between the fences goes on above a floor as long as nobody knows what is
/// in less than this part of the line below it, or in fewer than [`UNCHECKED`] seqs.
const UNCHECKED_PART: u32 = 7;
const UNCHECKED: u32 = 100;

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
        let narrowing = match self.breadth {
            0 | 1 => u32::MAX,
            2..9 => (head.get() / 2).max(UNCHECKED),
            9.. => (head.get() / UNCHECKED_PART).max(UNCHECKED),
        };
        if bracket.unchecked() > narrowing {
            bracket.distrust();
        }
        if bracket.open.is_empty() && !self.doubts(&bracket, timeline, head) {
            let (seq, what) = self.settled(&bracket, timeline, head);
            return self.land(timeline, seq, what);
        }
        let looked_at = if bracket.open.is_empty() {
            &bracket.under
        } else {
            &bracket.open
        };
        let ends = looked_at.first().zip(looked_at.last());
        self.shown = ends.and_then(|(a, b)| Stretch::new(a.first(), b.last()));

        match self.pending(&bracket, timeline, aloft) {
            Pending::Wanted(asks) => return Step::Ask(asks),
            Pending::Lost => return self.give_up(&bracket, timeline, head),
            Pending::Over => {}
        }
        if self.is_at_a_loss(&bracket) && !self.can_read_all(&bracket, head) {
            let (seq, what) = unsettled(&bracket, timeline, head);
            return self.land(timeline, seq, what);
        }
        let probes = self.next_round(&bracket, timeline, aloft);
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

    /// Whether a floor may not be the end yet: a deleted stretch looks just like it.
    /// What can be read is read; of what cannot, the lowest page and the middle.
    fn doubts(&self, bracket: &Bracket, timeline: &Timeline, head: Seq) -> bool {
        let Some(floor) = bracket.floor.filter(|_| !bracket.under.is_empty()) else {
            return false;
        };
        let left = self.rounds_left(head);
        if self.breadth == 1 && left == 0 {
            return false;
        }
        let enough = (head.get() / UNCHECKED_PART).min(floor.get() / 2 + floor.get() / 10);
        let pages = self.breadth.saturating_mul(left);
        !bracket::is_bottom_read(timeline)
            || bracket.unchecked() > enough
            || place::all_of(&bracket.under, pages).is_some()
    }

    /// Whether what is open is better read than given up: one round settles it, or
    /// no message is known above it, and that there is nothing has to be seen.
    fn can_read_all(&self, bracket: &Bracket, head: Seq) -> bool {
        let rounds = if bracket.above.is_none() {
            self.rounds_left(head)
        } else {
            1
        };
        place::all_of(&bracket.open, self.breadth.saturating_mul(rounds)).is_some()
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

    /// The answer, where nothing is left to ask between the fences.
    fn settled(&self, bracket: &Bracket, timeline: &Timeline, head: Seq) -> (Seq, Found) {
        let above = match self.aim {
            Aim::Time(_) => bracket.above.map(|fence| first_left(timeline, fence)),
            Aim::Oldest => bracket.above,
        };
        match (self.aim, bracket.below, above) {
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

/// A deleted message may have kept its time: the first one at or above it of which
/// something is left, where nothing unknown lies between them; else the fence.
fn first_left(timeline: &Timeline, fence: Fence) -> Fence {
    let known = timeline.loaded_around(fence.0).map(Stretch::last);
    let known = |(seq, _): &(Seq, Timestamp)| Some(*seq) <= known;
    let mut from = fence.0;
    while let Some((seq, time)) = timeline.timed_at_or_above(from).filter(known) {
        if timeline.state(seq).is_left() {
            return (seq, Some(time));
        }
        let Some(left) = timeline.left_at_or_above(seq) else {
            break;
        };
        from = left.first();
    }
    fence
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
            (None, None) if bracket.open.is_empty() && bracket.under.is_empty() => {
                return (head, Found::Nothing);
            }
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
