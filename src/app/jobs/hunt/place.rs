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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stretch(first: u32, last: u32) -> Stretch {
        let seq = |number| Seq::new(number).expect("tests name no zero");
        Stretch::new(seq(first), seq(last)).expect("tests name no empty stretch")
    }

    /// What is left open after these pages, each read whole.
    fn after(open: &[Stretch], asks: &[PageAsk]) -> Vec<Stretch> {
        let mut windows: Vec<_> = asks.iter().map(|ask| ask.window()).collect();
        windows.sort();
        without(open, &windows)
    }

    #[test]
    fn a_million_takes_five_rounds_of_nine_or_sixteen_single_calls() {
        assert_eq!((rounds_for(1_000_000, 9), rounds_for(153, 9)), (5, 1));
        assert_eq!(rounds_for(1_000_000, 1), 16);
        assert_eq!(rounds_for(1_000_000, 3), 8);
        assert_eq!((reach(2, 1), reach(3, 1)), (54, 128));
        assert!(rounds_for(u32::MAX, 1) < u32::BITS);
    }

    #[test]
    fn pages_that_read_all_of_a_stretch_overlap_one_another_and_what_is_known() {
        let asks = all_of(&[stretch(101, 153)], 9).expect("four are enough");
        let tops: Vec<u32> = asks.iter().map(|ask| ask.seq.get()).collect();
        assert_eq!(tops, [153, 141, 129, 117]);
        assert_eq!(asks[3].window(), stretch(98, 117));
        assert_eq!(
            all_of(&[stretch(101, 120)], 1).map(|asks| asks.len()),
            Some(1)
        );
        assert_eq!(all_of(&[stretch(101, 121)], 1), None);
        assert_eq!(
            all_of(&[stretch(1, 180)], 9).map(|asks| asks.len()),
            Some(9)
        );
    }

    #[test]
    fn a_wish_is_left_out_where_it_would_cost_a_round() {
        let open = [stretch(1, 1_000)];
        let middle = nth(&open, 500).expect("inside");
        let ground = |goal| Ground {
            open: &open,
            doubtful: None,
            goal,
            breadth: 9,
        };
        let has = |asks: &[PageAsk]| asks.iter().any(|ask| ask.seq.get() == 510);
        assert!(has(&ground(300).probes(&[middle])));
        assert!(!has(&ground(90).probes(&[middle.back(40), middle])));
    }

    #[test]
    fn single_probes_halve() {
        let open = [stretch(1, 1_020)];
        let ground = Ground {
            open: &open,
            doubtful: None,
            goal: 20,
            breadth: 1,
        };
        let rest = after(&open, &ground.probes(&[]));
        assert_eq!(
            rest.iter().map(|part| part.len()).collect::<Vec<_>>(),
            [500, 500]
        );
    }

    proptest! {
        /// Probes leave no piece longer than the next rounds can read.
        #[test]
        fn probes_come_to_the_goal(
            length in 200u32..2_000_000,
            breadth in 1u32..12,
            wishes in prop::collection::vec(any::<u32>(), 0..5),
        ) {
            let open = [stretch(7, 6 + length)];
            let goal = reach(rounds_for(length, breadth).saturating_sub(1).max(1), breadth);
            let ground = Ground { open: &open, doubtful: None, goal, breadth };
            let wishes: Vec<_> =
                wishes.iter().filter_map(|wish| nth(&open, wish % length)).collect();
            let asks = ground.probes(&wishes);
            prop_assert!(asks.len() <= breadth as usize);
            let rest = after(&open, &asks);
            let longest = rest.iter().map(|part| part.len()).max().unwrap_or(0);
            prop_assert!(longest <= goal, "{longest} > {goal}");
            let read = length - total(&rest);
            prop_assert_eq!(read as usize, asks.len() * 20, "they overlap");
        }

        /// Pages that are to read all of it leave nothing out, with some to spare.
        #[test]
        fn nothing_is_left_out(lengths in prop::collection::vec(1u32..70, 1..5)) {
            let mut first = 100;
            let mut open = Vec::new();
            for length in lengths {
                open.push(stretch(first, first + length - 1));
                first += length + 30;
            }
            if let Some(asks) = all_of(&open, 9) {
                prop_assert!(asks.len() <= 9);
                prop_assert_eq!(after(&open, &asks), []);
            }
        }
    }
}
