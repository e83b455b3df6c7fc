//! The filter of one conversation: which rows stay.
//!
//! What has not been loaded and what the service withheld stays visible under
//! any filter: nothing may look complete that is not. So a page that failed always
//! has its row, as part of what is not loaded, and `is:failed` keeps just those rows.

use std::collections::BTreeSet;

use super::search::Unnamed;
use super::{Block, BlockKind, History};
use crate::app::flights::Direction;
use crate::app::jobs::sieve::Sieve;
use crate::model::ids::{Seq, UserId};
use crate::model::needle::Needle;
use crate::model::query::{Query, Subject};
use crate::model::text::Clean;
use crate::model::timeline::{SeqState, Stretch, Timeline};

/// Pages one key may cost while a filter hides what they bring.
pub const CALLS_A_KEY: u8 = 10;

/// How many messages are judged in one update: some milliseconds.
pub(super) const SLICE: usize = 2_000;

/// A filter in force.
#[derive(Debug)]
pub(super) struct Filter {
    pub(super) query: Query,
    /// A seq passes where it matches, and where it is withheld.
    sieve: Sieve,
    /// Pages that may still be asked for on behalf of the last key.
    pub(super) calls_left: u8,
    /// The ways in which pages are under way, which are to be counted when they land.
    pub(super) in_air: BTreeSet<Direction>,
    pub(super) names: Unnamed,
    /// So many seqs are withheld, and so many of them are meant by the filter.
    withheld: Option<(u32, u32)>,
}

/// What a filter lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// Messages and holes that match.
    pub matching: u32,
    /// Seqs that the service has answered for.
    pub loaded: u32,
    /// Not all of them have been looked at yet.
    pub unfinished: bool,
    /// Names are still to come, by which more may match.
    pub lacks_names: bool,
}

/// What a filter makes of a seq.
enum Verdict {
    /// It and its neighbours up to here pass.
    Passes(Stretch),
    /// It and its neighbours up to here are hidden.
    Hidden(Stretch),
    /// Nobody has looked at it and its neighbours yet.
    Open(Stretch),
}

impl Filter {
    fn new(query: Query) -> Self {
        Self {
            query,
            sieve: Sieve::new(),
            calls_left: CALLS_A_KEY,
            in_air: BTreeSet::new(),
            names: Unnamed::default(),
            withheld: None,
        }
    }

    /// Whether a page may be asked for this way: what is under way counts, and
    /// `begun` says which ways that are.
    pub(super) fn allows(&self, way: Direction, begun: &mut BTreeSet<Direction>) -> bool {
        if begun.contains(&way) {
            return true;
        }
        let allowed = begun.len() < usize::from(self.calls_left);
        if allowed {
            begun.insert(way);
        }
        allowed
    }

    fn matches(&self, timeline: &Timeline, seq: Seq) -> bool {
        match timeline.state(seq) {
            // Withheld seqs pass whether they match or not.
            SeqState::Withheld => self.query.matches(&withheld(seq)),
            SeqState::Present
            | SeqState::Gone
            | SeqState::Recalled
            | SeqState::Unreadable
            | SeqState::Unfetched => self.sieve.is_hit(seq) == Some(true),
        }
    }

    fn verdict(&self, timeline: &Timeline, seq: Seq) -> Verdict {
        let Some((judged, passes)) = self.sieve.run(seq) else {
            let open = self.sieve.hole(seq).unwrap_or(Stretch::one(seq));
            let loaded = timeline.loaded_around(seq);
            let open = loaded.and_then(|loaded| loaded.meet(open));
            return Verdict::Open(open.unwrap_or(Stretch::one(seq)));
        };
        if passes {
            return Verdict::Passes(judged);
        }
        let context = usize::try_from(self.query.context()).unwrap_or(0);
        let next_to = |neighbour: Option<Seq>| {
            context > 0 && neighbour.is_some_and(|n| self.matches(timeline, n))
        };
        let (mut first, mut last) = (judged.first(), judged.last());
        let inside = || timeline.all_known(judged.first()..=judged.last());
        if next_to(judged.first().prev()) {
            match inside().map(|(seq, _)| seq).nth(context - 1) {
                Some(kept) if seq > kept => first = kept.next().unwrap_or(kept),
                kept => {
                    let kept = kept.unwrap_or(judged.last());
                    return Verdict::Passes(Stretch::new(judged.first(), kept).unwrap_or(judged));
                }
            }
        }
        if next_to(judged.last().next()) {
            match inside().map(|(seq, _)| seq).rev().nth(context - 1) {
                Some(kept) if seq < kept => last = kept.prev().unwrap_or(kept),
                kept => {
                    let kept = kept.unwrap_or(judged.first()).max(first);
                    return Verdict::Passes(Stretch::new(kept, judged.last()).unwrap_or(judged));
                }
            }
        }
        Verdict::Hidden(Stretch::new(first, last).unwrap_or(Stretch::one(seq)))
    }

    /// What is left of a block under the filter.
    pub(super) fn cut(&self, timeline: &Timeline, block: Block, seq: Seq) -> Block {
        let kept = |stretch: Stretch, kind: BlockKind| Block {
            first: stretch.first(),
            last: stretch.last(),
            kind,
        };
        let withheld = matches!(
            block.kind,
            BlockKind::Single(SeqState::Withheld) | BlockKind::Folded(SeqState::Withheld)
        );
        if block.kind == BlockKind::Gap || withheld {
            return block;
        }
        match self.verdict(timeline, seq) {
            Verdict::Hidden(stretch) => kept(stretch, BlockKind::Hidden),
            Verdict::Open(stretch) => kept(stretch, BlockKind::Unjudged),
            Verdict::Passes(stretch) => {
                let whole = Stretch::new(block.first, block.last);
                let part = whole.and_then(|whole| whole.meet(stretch));
                let part = part.unwrap_or(Stretch::one(seq));
                match block.kind {
                    BlockKind::Folded(state) if part.len() == 1 => {
                        kept(part, BlockKind::Single(state))
                    }
                    kind @ (BlockKind::Single(_)
                    | BlockKind::Folded(_)
                    | BlockKind::Gap
                    | BlockKind::Unjudged
                    | BlockKind::Hidden) => kept(part, kind),
                }
            }
        }
    }
}

impl History {
    /// The filter in force.
    #[must_use]
    pub fn filter(&self) -> Option<&Query> {
        self.filter.as_ref().map(|f| &f.query)
    }

    /// Shows only what matches; `None` shows everything again.
    pub fn set_filter(&mut self, query: Option<Query>) {
        self.filter = query.filter(|q| !q.is_empty()).map(Filter::new);
        self.strip.clear();
        // Other rows come: the selection is to be among them.
        self.shown.rows.clear();
        self.judge_anew();
        self.go_on();
    }

    /// How much of what is loaded passes the filter.
    #[must_use]
    pub fn shown_by_filter(&self) -> Option<Shown> {
        let filter = self.filter.as_ref()?;
        let counts = self.timeline.counts();
        // The sieve lets all that is withheld pass, whatever was asked.
        let hits = filter.sieve.hits().saturating_sub(counts.withheld);
        Some(Shown {
            matching: hits + self.withheld_matching(filter),
            loaded: counts.loaded(),
            unfinished: filter.names.is_open() || !filter.sieve.is_done(&self.timeline),
            lacks_names: filter.names.is_open(),
        })
    }

    /// How many withheld seqs are meant by the filter, and not only shown under it.
    fn withheld_matching(&self, filter: &Filter) -> u32 {
        let all = self.timeline.counts().withheld;
        match filter.withheld {
            Some((of, meant)) if of == all => meant,
            Some(_) | None => self.count_withheld(&filter.query),
        }
    }

    fn count_withheld(&self, query: &Query) -> u32 {
        let meant = |seq: &Seq| query.matches(&withheld(*seq));
        let head = self.timeline.head().filter(|_| query.wants_holes());
        let runs = head.map(|head| self.timeline.runs(Seq::FIRST..=head));
        let runs = runs.into_iter().flatten();
        let runs = runs.filter(|run| run.state == SeqState::Withheld);
        runs.map(|run| {
            let seqs = (run.first.get()..=run.last.get()).filter_map(Seq::new);
            u32::try_from(seqs.filter(meant).count()).unwrap_or(u32::MAX)
        })
        .sum()
    }

    /// Looks at a slice of what is loaded and has not been looked at, nearest to
    /// the selection first; `true` while more is left.
    pub fn judge_filter(&mut self, name_of: &dyn Fn(&UserId) -> Option<Clean>) -> bool {
        let near = self.selected.or(self.timeline.head());
        let meant = self.filter.as_ref().map(|f| self.withheld_matching(f));
        let (Some(filter), Some(near)) = (&mut self.filter, near) else {
            return false;
        };
        filter.withheld = meant.map(|meant| (self.timeline.counts().withheld, meant));
        let Filter {
            query,
            sieve,
            names: unnamed,
            ..
        } = filter;
        let names = query.uses_names();
        let was_any = sieve.call_back(&mut self.timeline);
        let judged = sieve.judge(&self.timeline, near, SLICE, &mut |seq, state, message| {
            let sender = message.and_then(|m| m.sender.as_ref()).filter(|_| names);
            let name = sender.and_then(name_of);
            if let Some(sender) = sender {
                unnamed.met(sender);
            }
            state == SeqState::Withheld
                || query.matches(&Subject {
                    seq,
                    state,
                    failed: false,
                    message,
                    name: name.as_ref().map(Clean::as_str),
                })
        });
        if was_any || judged > 0 {
            self.strip.clear();
        }
        judged >= SLICE
    }

    /// Names came: what was judged by them is judged again.
    pub fn names_came(&mut self) {
        if let Some(filter) = self.filter.as_mut().filter(|f| f.query.uses_names()) {
            filter.sieve.clear();
            filter.names.clear();
            self.strip.clear();
        }
        self.names_count_for_search();
    }

    /// Forgets what was thought of seqs that may have changed.
    pub(super) fn forget_verdicts(&mut self, stretch: Stretch) {
        if let Some(filter) = &mut self.filter {
            let mut runs = self.timeline.runs(stretch.first()..=stretch.last());
            // Others may be withheld in their place: so many still, and not the same.
            if runs.any(|run| run.state == SeqState::Withheld) {
                filter.withheld = None;
            }
            filter.sieve.forget(stretch);
        }
    }

    /// Pages of the view are under way in these directions.
    pub fn note_in_air(&mut self, ways: BTreeSet<Direction>) {
        if let Some(filter) = &mut self.filter {
            filter.in_air = ways;
        }
    }

    /// What is marked in the texts on screen.
    pub(super) fn needles(&self) -> impl Iterator<Item = &Needle> {
        let filtered = self.filter.iter().flat_map(|f| f.query.needles());
        filtered.chain(
            self.last_text()
                .into_iter()
                .flat_map(super::Wanted::needles),
        )
    }

    /// The block around `seq`, or the nearest one that is not hidden.
    pub(super) fn visible_block(&self, seq: Seq) -> Option<Block> {
        let block = self.block(seq)?;
        if block.kind != BlockKind::Hidden {
            return Some(block);
        }
        match (self.older(block), self.newer(block)) {
            (Some(older), Some(newer)) => {
                let back = seq.get() - older.last.get();
                let ahead = newer.first.get() - seq.get();
                Some(if ahead < back { newer } else { older })
            }
            (older, newer) => older.or(newer),
        }
    }
}

/// What is known of a withheld seq.
const fn withheld(seq: Seq) -> Subject<'static> {
    Subject {
        seq,
        state: SeqState::Withheld,
        failed: false,
        message: None,
        name: None,
    }
}
