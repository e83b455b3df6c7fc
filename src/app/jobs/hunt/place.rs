//! Where to put the probes of a round.

use super::bracket::without;
use crate::app::jobs::PageAsk;
use crate::model::ids::Seq;
use crate::model::message::PageSize;
use crate::model::timeline::Stretch;

/// Seqs of one probe.
const PAGE: u32 = 20;

/// How far apart pages are that are to leave nothing out: three seqs less than a
/// page, because a service that counts seqs answers for less than the window where
/// the lowest of it are withheld. One seq that is left out costs a round.
const STEP: u32 = 17;

/// The length of an unfetched stretch that `rounds` rounds of `breadth` probes are
/// sure to read, whatever they find.
pub(super) fn reach(rounds: u32, breadth: u32) -> u32 {
    let last = STEP * breadth;
    let before = 1..rounds;
    before.fold(last, |reach, _| {
        reach
            .saturating_mul(breadth + 1)
            .saturating_add(PAGE * breadth)
    })
}

/// The smallest number of rounds that are sure to read `length` seqs.
pub(super) fn rounds_for(length: u32, breadth: u32) -> u32 {
    (1..u32::BITS)
        .find(|rounds| reach(*rounds, breadth) >= length)
        .unwrap_or(u32::BITS)
}

/// How many probes cut the stretches into pieces of at most `goal`.
pub(super) fn needed(open: &[Stretch], goal: u32) -> u32 {
    let cuts = |part: &Stretch| part.len().saturating_sub(goal).div_ceil(goal + PAGE);
    open.iter().map(cuts).sum()
}

/// How many unfetched seqs these are.
pub(super) fn total(open: &[Stretch]) -> u32 {
    open.iter().map(|part| part.len()).sum()
}

/// The unfetched seq that has `offset` others of `open` below it.
pub(super) fn nth(open: &[Stretch], offset: u32) -> Option<Seq> {
    let mut offset = offset;
    for part in open {
        if offset < part.len() {
            return Some(part.first().forward(offset));
        }
        offset -= part.len();
    }
    None
}

/// Pages that read all of it, if so many are enough.
pub(super) fn all_of(open: &[Stretch], breadth: u32) -> Option<Vec<PageAsk>> {
    // The wider apart, the fewer; overlapping is safer.
    [STEP, PAGE - 1, PAGE].into_iter().find_map(|step| {
        let pages = |part: &Stretch| part.len().div_ceil(step);
        let counts: Vec<u32> = open.iter().map(pages).collect();
        let fits = counts.iter().sum::<u32>() <= breadth;
        let asks = open.iter().zip(&counts);
        fits.then(|| asks.flat_map(|(part, n)| cover(*part, *n, step)).collect())
    })
}

/// Where probes may go, and how they are to be shared out.
#[derive(Debug)]
pub(super) struct Ground<'a> {
    pub(super) open: &'a [Stretch],
    /// What lies in here gets fewer probes.
    pub(super) doubtful: Option<Stretch>,
    /// The longest piece that the next rounds can read.
    pub(super) goal: u32,
    pub(super) breadth: u32,
}

impl Ground<'_> {
    /// `breadth` probes at most: those of `wishes` that leave enough others to come
    /// to the goal, whatever they find; the others evenly.
    pub(super) fn probes(&self, wishes: &[Seq]) -> Vec<PageAsk> {
        let mut asks: Vec<PageAsk> = Vec::new();
        let mut open = self.open.to_vec();
        let mut spare = self.breadth;
        for wish in wishes {
            let Some(ask) = around(&open, *wish) else {
                continue;
            };
            let rest = without(&open, &[ask.window()]);
            if spare > 0 && needed(&rest, self.goal) < spare {
                asks.push(ask);
                open = rest;
                spare -= 1;
            }
        }
        asks.extend(self.even(&open, spare));
        asks
    }

    /// Each probe goes where the longest piece is.
    fn even(&self, open: &[Stretch], probes: u32) -> Vec<PageAsk> {
        let mut shares: Vec<(Stretch, u32)> = open.iter().map(|part| (*part, 0)).collect();
        for _ in 0..probes {
            let longest = shares
                .iter_mut()
                .max_by_key(|(part, share)| self.weight(*part, *share));
            if let Some((part, share)) = longest
                && part.len() > PAGE * *share
            {
                *share += 1;
            }
        }
        let used = shares.into_iter().filter(|(_, share)| *share > 0);
        used.flat_map(|(part, share)| spread(part, share)).collect()
    }

    fn weight(&self, part: Stretch, share: u32) -> u32 {
        let piece = part.len().saturating_sub(PAGE * share) / (share + 1);
        let inner = |all: Stretch| all.meet(part) == Some(part);
        if self.doubtful.is_some_and(inner) {
            piece / 4
        } else {
            piece
        }
    }
}

/// `count` pages over a stretch, equally far from one another and from its ends;
/// where they can read all of it, from end to end.
fn spread(part: Stretch, count: u32) -> Vec<PageAsk> {
    let pages = PAGE * count;
    if part.len() <= pages {
        return cover(part, count, PAGE);
    }
    let (free, parts) = (u64::from(part.len() - pages), u64::from(count) + 1);
    let page = |nth: u32| {
        let gaps = u32::try_from(free * u64::from(nth + 1) / parts).unwrap_or(0);
        full(part.last().back(gaps + PAGE * nth))
    };
    (0..count).map(page).collect()
}

/// `count` pages that read a stretch from its upper end to its lower one and, where
/// `step` is less than a page, beyond it into what is known.
fn cover(part: Stretch, count: u32, step: u32) -> Vec<PageAsk> {
    let way = u64::from(part.len().saturating_sub(step));
    let steps = u64::from(count.max(2) - 1);
    let page = |nth: u32| {
        let down = u32::try_from(way * u64::from(nth) / steps).unwrap_or(0);
        full(part.last().back(down))
    };
    (0..count).map(page).collect()
}

/// The page around a seq, inside the open stretch that holds it.
pub(super) fn around(open: &[Stretch], middle: Seq) -> Option<PageAsk> {
    let part = open
        .iter()
        .find(|part| part.meet(Stretch::one(middle)).is_some())?;
    let top = middle
        .forward(PAGE / 2 - 1)
        .max(part.first().forward(PAGE - 1));
    Some(full(top.min(part.last())))
}

/// Always a whole page: a call costs the same, and reading on into what is known
/// makes sure that nothing in between stays open.
fn full(top: Seq) -> PageAsk {
    PageAsk {
        seq: top,
        count: PageSize::FULL,
    }
}
