//! Between which seqs the answer lies, by all that is known now.

use super::Aim;
use crate::app::jobs::PageAsk;
use crate::model::ids::Seq;
use crate::model::message::Timestamp;
use crate::model::timeline::{Stretch, Timeline};

/// So many answered seqs in a row without what is looked for are no accident:
/// half a page, because a page of placeholders is short where its lowest seqs are
/// withheld.
const BLANK: u32 = 10;

/// The seqs of the lowest page.
const BOTTOM: u32 = 20;

/// A fence: a seq on one side of the answer, and its time if it has one.
pub(super) type Fence = (Seq, Option<Timestamp>);

/// What is known of where the answer lies. Nothing between the two fences has been
/// answered with what is looked for (a time, or anything left).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bracket {
    /// The last known message before the answer.
    pub(super) below: Option<Fence>,
    /// The first known message at or after the answer.
    pub(super) above: Option<Fence>,
    /// The top of the highest blank page below everything that is known, where
    /// there is no lower fence: below it, all is most likely gone.
    pub(super) floor: Option<Seq>,
    /// Unfetched between the fences and above the floor.
    pub(super) open: Vec<Stretch>,
    /// Unfetched below the floor.
    pub(super) under: Vec<Stretch>,
    /// Answered stretches between the fences, and above the floor, that hold nothing
    /// of what is looked for.
    pub(super) blanks: Vec<Stretch>,
    /// All seqs between the fences.
    pub(super) inside: Option<Stretch>,
}

impl Bracket {
    pub(super) fn of(aim: Aim, timeline: &Timeline, head: Seq) -> Self {
        let (below, above) = match aim {
            Aim::Time(time) => {
                let fences = timeline.fences(time);
                let fence = |(seq, time)| (seq, Some(time));
                (fences.below.map(fence), fences.above.map(fence))
            }
            Aim::Oldest => {
                let lowest = timeline.left_at_or_above(Seq::FIRST).map(Stretch::first);
                let time = |seq| timeline.timed_at_or_below(seq).filter(|(at, _)| *at == seq);
                (
                    None,
                    lowest.map(|seq| (seq, time(seq).map(|(_, time)| time))),
                )
            }
        };
        let first = below.map_or(Some(Seq::FIRST), |(seq, _)| seq.next());
        let last = above.map_or(Some(head), |(seq, _)| seq.prev());
        let inside = first.zip(last).and_then(|(a, b)| Stretch::new(a, b));
        let answered: Vec<Stretch> =
            inside.map_or_else(Vec::new, |inside| timeline.answered(inside).collect());
        let open = inside.map_or_else(Vec::new, |inside| without(&[inside], &answered));
        let mut bracket = Self {
            below,
            above,
            floor: None,
            open,
            under: Vec::new(),
            blanks: answered,
            inside,
        };
        bracket.set_floor(timeline);
        bracket
    }

    /// Where there is no lower fence, sorts the blank pages: those of which nothing
    /// is left are the floor, unless there is something below them.
    fn set_floor(&mut self, timeline: &Timeline) {
        self.blanks
            .retain(|span| span.len() >= BLANK || span.first() == Seq::FIRST);
        if self.below.is_some() || self.above.is_none() {
            return;
        }
        let untimed = |span: &Stretch| {
            let page = top_of(*span);
            left_of(timeline, page) >= page.len().div_ceil(2)
        };
        let dead = self.blanks.iter().take_while(|span| !untimed(span)).count();
        let above = self.blanks.split_off(dead);
        let floor = std::mem::replace(&mut self.blanks, above).pop();
        if let Some(floor) = floor.map(Stretch::last) {
            self.floor = Some(floor);
            (self.under, self.open) = self.open.iter().partition(|part| part.last() < floor);
        }
    }

    /// The longest stretch below the floor that nobody has looked into.
    pub(super) fn unchecked(&self) -> u32 {
        self.under.iter().map(|part| part.len()).max().unwrap_or(0)
    }

    /// Forgets the floor: what lies below it has not been looked at enough.
    pub(super) fn distrust(&mut self) {
        self.floor = None;
        self.under.append(&mut self.open);
        self.open = std::mem::take(&mut self.under);
    }

    /// Whether most of what lies between the fences lies between blank pages: a
    /// stretch that has been deleted, or has no times.
    pub(super) fn is_barren(&self) -> bool {
        let ends = self.blanks.first().zip(self.blanks.last());
        let hull = ends.and_then(|(first, last)| Stretch::new(first.first(), last.last()));
        hull.zip(self.inside)
            .is_some_and(|(hull, inside)| hull.len() >= inside.len() / 2)
    }

    /// Whether seqs of `stretch` lie between the fences.
    pub(super) fn concerns(&self, stretch: Stretch) -> bool {
        self.inside
            .is_some_and(|inside| inside.meet(stretch).is_some())
    }

    /// The two fences and the floor: what a round should move.
    pub(super) fn limits(&self) -> (Option<Seq>, Option<Seq>, Option<Seq>) {
        let seq = |fence: Option<Fence>| fence.map(|(seq, _)| seq);
        (seq(self.below), seq(self.above), self.floor)
    }
}

/// The upper end of a stretch, as far as one page would reach.
pub(super) fn top_of(span: Stretch) -> Stretch {
    PageAsk::top_of(span).window()
}

/// Whether most of the lowest page has been answered; where its lowest seqs are
/// withheld, a page may end above them.
pub(super) fn is_bottom_read(timeline: &Timeline) -> bool {
    let page = Stretch::new(Seq::FIRST, Seq::FIRST.forward(BOTTOM - 1));
    let answered = page.map(|page| timeline.answered(page).map(Stretch::len).sum::<u32>());
    answered.unwrap_or(0) >= BOTTOM / 2
}

/// Of how many seqs of a page something is left.
pub(super) fn left_of(timeline: &Timeline, page: Stretch) -> u32 {
    let next = |from: Seq| timeline.left_at_or_above(from)?.meet(page);
    let rest = |run: &Stretch| run.last().next().filter(|from| *from <= page.last());
    std::iter::successors(next(page.first()), |run| next(rest(run)?))
        .map(Stretch::len)
        .sum()
}

/// What of `parts` lies in none of `taken`. Both run from older to newer; of
/// `taken`, some may overlap.
pub(super) fn without(parts: &[Stretch], taken: &[Stretch]) -> Vec<Stretch> {
    let mut left = Vec::new();
    for part in parts {
        let mut at = Some(part.first());
        for cut in taken.iter().filter_map(|cut| cut.meet(*part)) {
            let hole = at.zip(cut.first().prev());
            left.extend(hole.and_then(|(a, b)| Stretch::new(a, b)));
            at = at.max(cut.last().next());
            if cut.last() == part.last() {
                at = None;
                break;
            }
        }
        left.extend(at.and_then(|at| Stretch::new(at, part.last())));
    }
    left
}
