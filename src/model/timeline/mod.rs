//! What is known of one conversation: a line of seqs from 1 to the head, each in
//! one state, learnt from pages that may come in any order, late or twice.
//!
//! Nothing here asks for anything: [`Timeline::gap_below`] and its kin say what
//! an ask would be good for, the app decides.

mod head;
mod memory;
mod merge;
mod parts;
mod reach;
mod record;
mod spans;
mod store;
#[cfg(test)]
mod tests;
mod times;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

pub use self::head::HeadNews;
pub use self::merge::Merged;
pub use self::parts::{Counts, First, Gap, Known, Run, SeqState};
pub use self::spans::Stretch;
pub use self::times::Fences;

use self::head::Heads;
use self::record::{Asked, Strays, Verdict};
pub(crate) use self::spans::Spans;
use self::store::{Sketch, Store};
use self::times::Times;
use super::ids::Seq;
use super::message::{Ask, AskNo, Finished, Message, PageSize};
use super::needle::Needle;

/// What is known of one conversation: a line of seqs from 1 to the head.
///
/// Pages are facts: merging the same ones in another order, or twice, gives the
/// same timeline. Long runs cost as much as short ones; withheld and unfetched
/// seqs cost nothing each. What a frame needs is answered in logarithmic time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    generation: u32,
    heads: Heads,
    /// A report said that there is no message at all.
    empty: bool,
    /// The report that lay below the known head and waits to be confirmed.
    doubt: Option<(AskNo, Option<Seq>)>,
    /// All items.
    records: Store,
    /// Where pages said nothing although they covered the seq.
    absent: Spans<Asked>,
    /// What the asks above the head may still cover: number, lower end, seq asked for.
    tails: BTreeSet<(AskNo, Stretch)>,
    /// Of these seqs the state is known, and the body was given up to save memory.
    away: Spans<()>,
    strays: BTreeMap<Option<Seq>, Strays>,
    /// By the lowest seq that the page covered.
    verdicts: BTreeMap<Seq, Verdict>,
    /// Drawn from the above: the state of every seq that is not unfetched.
    states: Spans<SeqState>,
    /// Drawn from the above: where there is a state at all.
    loaded: Spans<()>,
    /// Drawn from the above: of every loaded seq, whether something is left of it.
    left: Spans<bool>,
    /// Drawn from the records: which of them have a time.
    times: Times,
    /// Drawn from the above; `unfetched` is left at 0.
    counts: Counts,
}

/// What is known of the line as a whole.
impl Timeline {
    /// Nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Which life of the group this is; every [`Ask`] carries it.
    #[must_use]
    pub const fn generation(&self) -> u32 {
        self.generation
    }

    /// The newest seq, as far as is known.
    #[must_use]
    pub fn head(&self) -> Option<Seq> {
        self.heads.newest()
    }

    /// Whether the conversation is known to have no message at all.
    #[must_use]
    pub fn is_empty_group(&self) -> bool {
        self.empty && self.head().is_none()
    }

    /// How many seqs are in which state.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let head = self.head().map_or(0, Seq::get);
        Counts {
            unfetched: head.saturating_sub(self.counts.loaded()),
            ..self.counts
        }
    }

    /// How many seqs the service has answered for.
    #[must_use]
    pub const fn loaded(&self) -> u32 {
        self.counts.loaded()
    }

    /// How many unfetched stretches there are between seq 1 and the head.
    #[must_use]
    pub fn gaps(&self) -> usize {
        let Some(head) = self.head() else { return 0 };
        let Some(hull) = self.loaded.hull() else {
            return 1;
        };
        let inner = self.loaded.len() - 1;
        inner + usize::from(hull.first() > Seq::FIRST) + usize::from(hull.last() < head)
    }

    /// The smallest seq the service has answered for.
    #[must_use]
    pub fn lowest_known(&self) -> Option<Seq> {
        self.loaded.hull().map(Stretch::first)
    }

    /// The largest seq the service has answered for; withheld ones above it are
    /// not known as such yet.
    #[must_use]
    pub fn highest_known(&self) -> Option<Seq> {
        self.loaded.hull().map(Stretch::last)
    }

    /// Whether the service has answered for seq 1, the only sure start of history.
    #[must_use]
    pub fn bottom_reached(&self) -> bool {
        self.lowest_known() == Some(Seq::FIRST)
    }
}

/// What is known of single seqs and runs of them.
impl Timeline {
    /// The state of `seq`; unfetched above the head.
    #[must_use]
    pub fn state(&self, seq: Seq) -> SeqState {
        self.states
            .get(seq)
            .map_or(SeqState::Unfetched, |(_, state)| state)
    }

    /// The longest stretch around `seq` that the service has answered for.
    #[must_use]
    pub fn loaded_around(&self, seq: Seq) -> Option<Stretch> {
        self.loaded.get(seq).map(|(span, ())| span)
    }

    /// The longest run of one state around `seq`. Nothing that lies above the head
    /// is in one run with what lies below.
    #[must_use]
    pub fn run(&self, seq: Seq) -> Run {
        if let Some((span, state)) = self.states.get(seq) {
            return Run {
                first: span.first(),
                last: span.last(),
                state,
            };
        }
        let hole = self.loaded.hole(seq).unwrap_or(Stretch::one(seq));
        let head = self.head();
        let side = match head.map(|head| (head, head.next())) {
            Some((head, _)) if seq <= head => Stretch::new(Seq::FIRST, head),
            Some((_, Some(above))) => Stretch::new(above, Seq::LAST),
            Some((_, None)) | None => Some(Stretch::ALL),
        };
        let part = side.and_then(|side| side.meet(hole)).unwrap_or(hole);
        Run {
            first: part.first(),
            last: part.last(),
            state: SeqState::Unfetched,
        }
    }

    /// The runs between seq 1 and the head, cut to `range`, from older to newer.
    /// Each step takes logarithmic time; nothing is collected.
    #[must_use]
    pub fn runs(&self, range: RangeInclusive<Seq>) -> Runs<'_> {
        let line = self.head().and_then(|head| Stretch::new(Seq::FIRST, head));
        let wanted = Stretch::new(*range.start(), *range.end());
        Runs {
            timeline: self,
            left: line
                .zip(wanted)
                .and_then(|(line, wanted)| line.meet(wanted)),
        }
    }

    /// The item that counts for this seq, whatever its state. `None` where it is
    /// withheld or unfetched.
    #[must_use]
    pub fn message(&self, seq: Seq) -> Option<&Message> {
        let latest = self.records.get(seq)?.latest();
        (!self.withholds(seq, latest.asked.last)).then_some(&latest.message)
    }

    /// The items that count for the seqs of `range`, from older to newer.
    #[must_use]
    pub fn messages(
        &self,
        range: RangeInclusive<Seq>,
    ) -> impl DoubleEndedIterator<Item = (Seq, &Message)> {
        self.records
            .range(range)
            .map(|(seq, record)| (seq, record.latest()))
            .filter(|(seq, latest)| !self.withholds(*seq, latest.asked.last))
            .map(|(seq, latest)| (seq, &latest.message))
    }

    /// Shows the items that count for the seqs of `range`, from older to newer: for those
    /// who look at more than a screenful, of which nothing is kept in memory.
    pub fn each(&self, range: &RangeInclusive<Seq>, mut look: impl FnMut(Seq, &Message)) {
        self.records.each(range, |seq, record| {
            let latest = record.latest();
            if !self.withholds(seq, latest.asked.last) {
                look(seq, &latest.message);
            }
        });
    }

    /// Calls `found` with the seqs of `range` whose items hold `needle`, as
    /// [`Haystack::holds`] says of each, from older to newer; those whose bodies were given
    /// up are not looked at.
    ///
    /// Says what it cost: 1 for each item of which no more than its text was looked
    /// through, 128 for one that had to be decoded.
    ///
    /// [`Haystack::holds`]: super::haystack::Haystack::holds
    pub fn search(
        &self,
        needle: &Needle,
        range: &RangeInclusive<Seq>,
        mut found: impl FnMut(Seq),
    ) -> usize {
        self.records.search(needle, range, |seq| {
            // Nearly no seq was ever left out by a page.
            let may_be = self.absent.get(seq).is_some();
            let last = || self.records.sketch(seq).map(|sketch| sketch.last);
            if !may_be || last().is_some_and(|last| !self.withholds(seq, last)) {
                found(seq);
            }
        })
    }

    /// What is at hand of the item that counts for this seq, even where its body was
    /// given up. `None` where it is withheld or unfetched.
    #[must_use]
    pub fn known(&self, seq: Seq) -> Option<Known<'_>> {
        let sketch = self.records.sketch(seq)?;
        (!self.withholds(seq, sketch.last)).then(|| self.known_of(&sketch))
    }

    /// [`Timeline::known`] of all items of `range`, from older to newer.
    #[must_use]
    pub fn all_known(
        &self,
        range: RangeInclusive<Seq>,
    ) -> impl DoubleEndedIterator<Item = (Seq, Known<'_>)> {
        let items = self.records.sketches(range);
        let items = items.filter(|(seq, sketch)| !self.withholds(*seq, sketch.last));
        items.map(|(seq, sketch)| (seq, self.known_of(&sketch)))
    }

    fn known_of(&self, sketch: &Sketch) -> Known<'_> {
        Known {
            state: sketch.state,
            time: sketch.time.filter(|_| sketch.has_own_time),
            sender: sketch.sender.and_then(|number| self.records.sender(number)),
            random: sketch.random,
        }
    }

    /// What the service said first about this seq, where it says something else
    /// now: other JSON, another state, or nothing at all.
    #[must_use]
    pub fn first_answer(&self, seq: Seq) -> Option<First<'_>> {
        let record = self.records.get(seq)?;
        let is_withheld = self.withholds(seq, record.latest().asked.last);
        let absent = self.absent.get(seq).map(|(_, asked)| asked);
        let item = if is_withheld {
            Some(record.first())
        } else {
            record.first_other()
        };
        let item = item.map(|version| First {
            no: version.asked.first,
            message: Some(&version.message),
        });
        let nothing = absent.filter(|_| !is_withheld).map(|asked| First {
            no: asked.first,
            message: None,
        });
        match (item, nothing) {
            (Some(item), Some(nothing)) if nothing.no < item.no => Some(nothing),
            (None, nothing) => nothing,
            (item, _) => item,
        }
    }

    /// The latest ask that was answered about this seq; `None` where it is unfetched.
    #[must_use]
    pub fn asked_last(&self, seq: Seq) -> Option<AskNo> {
        let item = self.records.sketch(seq).map(|sketch| sketch.last);
        let absent = self.absent.get(seq).map(|(_, asked)| asked.last);
        item.max(absent)
    }

    /// Every ask that [`Timeline::asked_last`] names for some seq, or will where more is
    /// learnt of the head. Looks at everything that is known.
    #[must_use]
    pub fn asks_in_use(&self) -> BTreeSet<AskNo> {
        let items = self.records.sketches(Seq::FIRST..=Seq::LAST);
        let items = items.map(|(_, sketch)| sketch.last);
        let absent = self.absent.values().map(|asked| asked.last);
        let tails = self.tails.iter().map(|(no, _)| *no);
        let mut asks = BTreeSet::new();
        let mut before = None;
        // Neighbours mostly came in one page, and there may be a million of them.
        for no in items.chain(absent).chain(tails) {
            if before != Some(no) {
                asks.insert(no);
            }
            before = Some(no);
        }
        asks
    }

    /// Items without a seq that hang under `seq`: they came right after it in the
    /// reply, or before it at the beginning of one.
    #[must_use]
    pub fn strays(&self, seq: Seq) -> &[Message] {
        self.strays
            .get(&Some(seq))
            .map_or(&[], |strays| strays.messages())
    }

    /// Items without a seq that came in a newest page without any seq, and so have no place.
    #[must_use]
    pub fn placeless(&self) -> &[Message] {
        self.strays.get(&None).map_or(&[], Strays::messages)
    }

    /// What the page that reaches down to exactly `seq` said of its completeness
    /// (`IsFinished`): the reason of a gap that ends below it, or of the start row.
    #[must_use]
    pub fn finished_at(&self, seq: Seq) -> Option<&Finished> {
        self.verdicts.get(&seq).map(Verdict::finished)
    }

    /// A page asked for later than the item (last by `item`) covers the seq, and did not
    /// have it.
    fn withholds(&self, seq: Seq, item: AskNo) -> bool {
        let absent = self.absent.get(seq);
        absent.is_some_and(|(_, asked)| asked.last > item)
    }
}

/// What is not known, cut to requests.
impl Timeline {
    /// The nearest unfetched stretch at or below `seq`, asked from its upper end.
    ///
    /// `None` where all is known down to seq 1, and where no head is known: then
    /// the newest page is what to ask for.
    #[must_use]
    pub fn gap_below(&self, seq: Seq) -> Option<Gap> {
        let at = seq.min(self.head()?);
        let upper = match self.loaded.get(at) {
            Some((span, ())) => span.first().prev()?,
            None => at,
        };
        let lower = self.loaded.hole(upper)?.first();
        let gap = Stretch::new(lower, upper)?;
        Some(Gap {
            upper,
            lower,
            seq: upper,
            count: PageSize::clamped(gap.len()),
        })
    }

    /// The nearest unfetched stretch at or above `seq`, asked such that the page
    /// begins at its lower end.
    ///
    /// A reply cut by the service leaves a smaller gap at the same place.
    #[must_use]
    pub fn gap_above(&self, seq: Seq) -> Option<Gap> {
        let head = self.head()?;
        let lower = match self.loaded.get(seq) {
            Some((span, ())) => span.last().next()?,
            None => seq,
        };
        let upper = self.loaded.hole(lower)?.last().min(head);
        let part = Stretch::new(lower, upper)?;
        let count = PageSize::clamped(part.len());
        Some(Gap {
            upper,
            lower,
            seq: lower.forward(count.get() - 1),
            count,
        })
    }

    /// The request for a gap, or for the newest page where there is none.
    /// `no` must be larger than that of every ask made before.
    #[must_use]
    pub fn ask(&self, gap: Option<Gap>, no: AskNo) -> Ask {
        Ask {
            seq: gap.map(|gap| gap.seq),
            count: gap.map_or(PageSize::FULL, |gap| gap.count),
            generation: self.generation,
            no,
        }
    }
}

/// Runs of a timeline, from either end; see [`Timeline::runs`].
#[derive(Debug, Clone)]
pub struct Runs<'a> {
    timeline: &'a Timeline,
    left: Option<Stretch>,
}

impl Runs<'_> {
    fn cut(run: Run, left: Stretch) -> Run {
        Run {
            first: run.first.max(left.first()),
            last: run.last.min(left.last()),
            state: run.state,
        }
    }
}

impl Iterator for Runs<'_> {
    type Item = Run;

    fn next(&mut self) -> Option<Run> {
        let left = self.left?;
        let run = Self::cut(self.timeline.run(left.first()), left);
        self.left = run
            .last
            .next()
            .and_then(|next| Stretch::new(next, left.last()));
        Some(run)
    }
}

impl DoubleEndedIterator for Runs<'_> {
    fn next_back(&mut self) -> Option<Run> {
        let left = self.left?;
        let run = Self::cut(self.timeline.run(left.last()), left);
        self.left = run
            .first
            .prev()
            .and_then(|prev| Stretch::new(left.first(), prev));
        Some(run)
    }
}
