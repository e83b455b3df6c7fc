//! What a conversation is searched for: words, what a filter could say, or a sender.
//!
//! A search goes along the rows that the filter lets through: a hit that is hidden
//! would be nowhere to go to.

use std::collections::BTreeSet;

use super::History;
use super::filter::SLICE;
use crate::app::jobs::search::{Report, Search, SearchStep, Towards};
use crate::app::jobs::sieve::Sieve;
use crate::app::jobs::{Aloft, PageAsk};
use crate::model::haystack::{self, Haystack};
use crate::model::ids::{Seq, UserId};
use crate::model::needle::Needle;
use crate::model::query::{Query, Subject};
use crate::model::text::Clean;
use crate::model::timeline::{Known, Stretch};

/// So many senders are compared in one go: some 300 µs.
const GLANCES: usize = 10_000;

/// What looking for a text may cost in one go: a quarter of a million short messages,
/// or two thousand that have to be decoded.
const COST: usize = 1 << 18;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// A text in any part of a message.
    Text(Needle),
    /// What terms of the filter language say, such as `from:alice refund`.
    Terms(Query),
    /// A message of this sender.
    Sender(UserId),
}

impl Wanted {
    fn matches(&self, subject: &Subject<'_>) -> bool {
        subject.message.is_some_and(|message| match self {
            Self::Text(needle) => Haystack::of(message).holds(needle),
            Self::Terms(query) => query.matches(subject),
            Self::Sender(user) => message.sender.as_ref() == Some(user),
        })
    }

    fn uses_names(&self) -> bool {
        match self {
            Self::Terms(query) => query.uses_names(),
            Self::Text(_) | Self::Sender(_) => false,
        }
    }

    /// The texts to mark where they stand.
    pub(super) fn needles(&self) -> impl Iterator<Item = &Needle> {
        let (text, terms) = match self {
            Self::Text(needle) => (Some(needle), None),
            Self::Terms(query) => (None, Some(query)),
            Self::Sender(_) => (None, None),
        };
        let terms = terms.into_iter().flat_map(Query::needles);
        text.into_iter().chain(terms)
    }
}

/// One search: what it looks for, what matches, and where it has got to.
#[derive(Debug)]
struct Finding {
    wanted: Wanted,
    sieve: Sieve,
    search: Search,
    towards: Towards,
    /// Where the last hit was, or where it began: beyond this nothing was found.
    from: Seq,
    /// It rests: going on with the selection in here continues, from anywhere else
    /// it begins anew.
    rests: Option<Stretch>,
    names: Unnamed,
}

/// What is looked for in one conversation. Following a sender leaves the words
/// that were searched for, and their hits, as they were.
#[derive(Debug, Default)]
pub(super) struct Findings {
    words: Option<Finding>,
    sender: Option<Finding>,
    /// The sender is what was looked for last.
    by_sender: bool,
}

impl Findings {
    fn last(&self) -> Option<&Finding> {
        if self.by_sender {
            self.sender.as_ref()
        } else {
            self.words.as_ref()
        }
    }

    fn last_mut(&mut self) -> Option<&mut Finding> {
        if self.by_sender {
            self.sender.as_mut()
        } else {
            self.words.as_mut()
        }
    }

    fn all(&self) -> impl Iterator<Item = &Finding> {
        self.words.iter().chain(&self.sender)
    }

    fn all_mut(&mut self) -> impl Iterator<Item = &mut Finding> {
        self.words.iter_mut().chain(&mut self.sender)
    }
}

/// Senders of what was judged by name while it was not known whether they have one.
#[derive(Debug, Default)]
pub(super) struct Unnamed {
    /// Somebody is being asked for them.
    open: BTreeSet<UserId>,
    /// Asking has failed: they count as nameless until it is tried again.
    given_up: BTreeSet<UserId>,
}

impl Unnamed {
    pub(super) fn met(&mut self, user: &UserId) {
        if !self.open.contains(user) && !self.given_up.contains(user) {
            self.open.insert(user.clone());
        }
    }

    /// What was judged by these names may still turn out otherwise.
    pub(super) fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.open.clear();
        self.given_up.clear();
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &UserId> {
        self.open.iter().chain(&self.given_up)
    }

    /// Sorts out whose names are known by now, or will not come; `true` where the
    /// last one was waited for.
    pub(super) fn settle(&mut self, standing_of: &dyn Fn(&UserId) -> NameStanding) -> bool {
        let waited = self.is_open();
        let all = std::mem::take(&mut self.open);
        let all = all.into_iter().chain(std::mem::take(&mut self.given_up));
        for user in all {
            match standing_of(&user) {
                NameStanding::Known => {}
                NameStanding::Coming => drop(self.open.insert(user)),
                NameStanding::GivenUp => drop(self.given_up.insert(user)),
            }
        }
        waited && !self.is_open()
    }
}

/// What is known of whether somebody has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameStanding {
    /// All there is to know.
    Known,
    /// It is asked for.
    Coming,
    /// Asking has failed.
    GivenUp,
}

/// How many messages match what was searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hits {
    /// Among all that has been looked at.
    pub count: u32,
    /// Not all that is loaded has been looked at, or names are still to come.
    pub unfinished: bool,
}

/// How a search stands.
#[derive(Debug, Clone)]
pub struct Progress<'a> {
    /// What is looked for.
    pub wanted: &'a Wanted,
    /// Which way.
    pub towards: Towards,
    /// What was looked at.
    pub report: Report,
    /// Matches among all that is loaded.
    pub hits: Hits,
    /// The selected message is one of them.
    pub on_hit: bool,
    /// It waits for the names of senders.
    pub lacks_names: bool,
}

impl History {
    /// Looks for something from the selection on. The same thing again, from where
    /// it stopped, goes on there.
    pub fn search(&mut self, wanted: Wanted, towards: Towards, allowance: Option<u32>) {
        let Some(from) = self.selected.or(self.timeline.head()) else {
            return;
        };
        let by_sender = matches!(wanted, Wanted::Sender(_));
        if !by_sender {
            self.last_text = Some(wanted.clone());
        }
        self.findings.by_sender = by_sender;
        let slot = if by_sender {
            &mut self.findings.sender
        } else {
            &mut self.findings.words
        };
        let begun = slot.take().filter(|f| f.wanted == wanted);
        let finding = slot.insert(begun.unwrap_or_else(|| Finding {
            sieve: Sieve::new(),
            search: Search::new(from, towards, allowance),
            towards,
            from,
            rests: None,
            names: Unnamed::default(),
            wanted,
        }));
        let rests = finding
            .rests
            .take()
            .filter(|rests| rests.meet(Stretch::one(from)).is_some());
        if rests.is_some() && finding.towards == towards {
            finding.search.resume();
        } else {
            finding.search = Search::new(from, towards, allowance);
            finding.towards = towards;
            finding.from = from;
        }
        // A hunt takes some of what lies below the horizon on trust, a search nothing.
        let all_read = |horizon: &Seq| {
            let below = horizon.prev().and_then(|seq| self.timeline.gap_below(seq));
            below.is_none()
        };
        let horizon = self.horizon.filter(|_| towards == Towards::Older);
        finding.search.bound(horizon.filter(all_read));
    }

    /// What was searched for last.
    #[must_use]
    pub fn wanted(&self) -> Option<&Wanted> {
        self.findings.last().map(|f| &f.wanted)
    }

    /// The words searched for last, marked in the rows until the search ends.
    #[must_use]
    pub fn last_text(&self) -> Option<&Wanted> {
        self.last_text.as_ref()
    }

    /// Marks nothing any more.
    pub fn end_search(&mut self) {
        self.findings = Findings::default();
        self.last_text = None;
    }

    /// Looks at a slice of what is loaded; `true` while more is left.
    pub fn judge_search(&mut self, name_of: &dyn Fn(&UserId) -> Option<Clean>) -> bool {
        let Some(near) = self.selected.or(self.timeline.head()) else {
            return false;
        };
        let filter = self.filter.as_ref().map(|f| &f.query);
        let by_sender = self.findings.by_sender;
        let mut is_left = false;
        for finding in self.findings.all_mut() {
            let Finding {
                sieve,
                wanted,
                names: unnamed,
                ..
            } = finding;
            if matches!(wanted, Wanted::Sender(_)) && !by_sender {
                continue;
            }
            if let (Wanted::Sender(user), None) = (&*wanted, filter) {
                let mut is_theirs = |_, _, known: Option<Known<'_>>| {
                    known.is_some_and(|known| known.sender == Some(user))
                };
                let most = (near, GLANCES);
                is_left |= sieve.glance_near(&self.timeline, most, &mut is_theirs) >= GLANCES;
                continue;
            }
            if sieve.call_back(&mut self.timeline) {
                self.strip.clear();
            }
            if let (Wanted::Text(needle), None) = (&*wanted, filter) {
                is_left |= sieve.search(&self.timeline, (near, COST), needle) >= COST;
                continue;
            }
            let names = wanted.uses_names() || filter.is_some_and(Query::uses_names);
            let judged = sieve.judge(&self.timeline, near, SLICE, &mut |seq, state, message| {
                let sender = message.and_then(|m| m.sender.as_ref()).filter(|_| names);
                let name = sender.and_then(name_of);
                if let Some(sender) = sender {
                    unnamed.met(sender);
                }
                let subject = Subject {
                    seq,
                    state,
                    failed: false,
                    message,
                    name: name.as_ref().map(Clean::as_str),
                };
                wanted.matches(&subject) && filter.is_none_or(|query| query.matches(&subject))
            });
            is_left |= judged >= SLICE;
        }
        is_left
    }

    /// The filter is another one, or names came: looks at everything again.
    pub(super) fn judge_anew(&mut self) {
        for finding in self.findings.all_mut() {
            finding.sieve.clear();
            finding.names.clear();
        }
    }

    /// Names came: what was looked at with them counts again.
    pub(super) fn names_count_for_search(&mut self) {
        let filtered = self.filter.as_ref().is_some_and(|f| f.query.uses_names());
        for finding in self.findings.all_mut() {
            if filtered || finding.wanted.uses_names() {
                finding.sieve.clear();
                finding.names.clear();
            }
        }
    }

    /// Sorts out whose names are known by now, or will not come; `true` where a
    /// search or a filter has waited for nothing else.
    pub fn settle_names(&mut self, standing_of: &dyn Fn(&UserId) -> NameStanding) -> bool {
        let mut settled = false;
        if let Some(filter) = &mut self.filter {
            settled |= filter.names.settle(standing_of);
        }
        for finding in self.findings.all_mut() {
            settled |= finding.names.settle(standing_of);
        }
        settled
    }

    /// Senders whose names a filter or a search asks for.
    pub(super) fn senders_met(&self) -> impl Iterator<Item = &UserId> {
        let filter = self.filter.iter().flat_map(|f| f.names.all());
        filter.chain(self.findings.all().flat_map(|f| f.names.all()))
    }

    /// What the search wants next; `None` where nothing is searched for. While
    /// names are to come it cannot be told what is a hit, so it waits for them.
    pub fn step_search(&mut self, aloft: &[Aloft], room: usize) -> Option<SearchStep> {
        let finding = self.findings.last_mut()?;
        if finding.names.is_open() {
            return Some(SearchStep::Wait);
        }
        let Finding { search, sieve, .. } = finding;
        let step = search.step(&self.timeline, sieve, aloft, room);
        if let SearchStep::Found(seq) = step {
            finding.from = seq;
            finding.rests = Some(Stretch::one(seq));
        }
        Some(step)
    }

    /// What was given up may be asked for again.
    pub fn resume_search(&mut self) {
        if let Some(finding) = self.findings.last_mut() {
            finding.search.resume();
        }
    }

    /// A page that was asked for has been answered.
    pub(super) fn note_answer(&mut self, ask: PageAsk) {
        for finding in self.findings.all_mut() {
            finding.search.landed(ask);
        }
    }

    /// The search has come to rest: going on from the last hit, from as far as it
    /// came, or from between them, continues it.
    pub fn search_rests(&mut self) {
        let Some(finding) = self.findings.last_mut().filter(|f| f.rests.is_none()) else {
            return;
        };
        let from = finding.from;
        let covered = finding.search.report(&self.timeline).covered;
        let reached = covered.map_or(from, |covered| match finding.towards {
            Towards::Older => covered.first(),
            Towards::Newer => covered.last(),
        });
        finding.rests = Stretch::new(from.min(reached), from.max(reached));
    }

    /// How the search stands: goes through all that it has looked at since its last
    /// step, so for what is said once or while it runs.
    #[must_use]
    pub fn search_progress(&self) -> Option<Progress<'_>> {
        let finding = self.findings.last()?;
        let selected = self.selected?;
        Some(Progress {
            wanted: &finding.wanted,
            towards: finding.towards,
            report: finding.search.report(&self.timeline),
            hits: self.hits_of(finding),
            on_hit: finding.sieve.is_hit(selected) == Some(true),
            lacks_names: finding.names.is_open(),
        })
    }

    /// The hits of the words searched for.
    #[must_use]
    pub fn hits(&self) -> Option<Hits> {
        Some(self.hits_of(self.findings.words.as_ref()?))
    }

    fn hits_of(&self, finding: &Finding) -> Hits {
        Hits {
            count: finding.sieve.hits(),
            unfinished: finding.names.is_open() || !finding.sieve.is_done(&self.timeline),
        }
    }

    /// Where in the selected message something was found, rather outside the text,
    /// which the row shows.
    #[must_use]
    pub fn hit_here(&self) -> Option<haystack::Hit> {
        let message = self.timeline.message(self.selected?)?;
        let needles = self.wanted()?.needles();
        let mut hits = needles.filter_map(|needle| haystack::find(message, needle));
        let first = hits.next()?;
        if first.part != "text" {
            return Some(first);
        }
        Some(hits.find(|hit| hit.part != "text").unwrap_or(first))
    }

    /// The lowest seq that most likely holds a message, from a hunt for the start:
    /// good for an estimate, not for saying that there is nothing below it.
    #[must_use]
    pub fn horizon(&self) -> Option<Seq> {
        self.horizon
    }

    /// A hunt for the start landed here.
    pub fn learn_horizon(&mut self, seq: Seq) {
        self.horizon = Some(seq);
    }

    pub(super) fn forget_findings(&mut self, stretch: Stretch) {
        for finding in self.findings.all_mut() {
            finding.sieve.forget(stretch);
        }
    }
}
