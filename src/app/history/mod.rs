//! One conversation on the screen: what is known of it, what is selected, and
//! where the view stands.
//!
//! The view is held by an `Anchor`, a line of a message, so nothing has to be
//! put right when a page lands above or below.

mod ahead;
mod answers;
mod blocks;
mod filter;
mod flow;
mod lines;
mod memory;
mod motion;
mod near;
mod ours;
mod rows;
mod search;
mod strip;
mod taken;
mod viewport;
mod visit;
mod wants;
pub(crate) mod words;

use std::collections::{BTreeSet, VecDeque};

use super::flights::Direction;
use super::jobs::PageAsk;
use crate::model::ids::{Conversation, Seq, UserId};
use crate::model::message::{Ask, AskNo, Page, PageSize, Timestamp};
use crate::model::timeline::{HeadNews, Merged, Stretch, Timeline};

pub use answers::Answer;
pub use blocks::{Block, BlockKind};
pub use filter::{CALLS_A_KEY, Shown};
pub use rows::Paper;
pub use search::{Hits, NameStanding, Progress, Wanted};
pub use taken::Beside;
pub use visit::Visit;

/// After so many pages in a row without a row to show, the view stops asking
/// and says so (design.md, section 4): 100 seqs or more, half a second of the default budget.
pub const DRY_PAGES: u8 = 5;

/// A line that stays where it is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Anchor {
    /// Of which block.
    seq: Seq,
    /// Which of the lines that are its own; a day separator above is not counted.
    line: usize,
    /// The row it stands in; outside the screen while a scroll is not laid out yet.
    row: i64,
}

/// Whether the view stays at an end when something lands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// The start of history stands at the top, even while it is being loaded.
    AtStart,
    /// The newest line stands at the bottom.
    AtEnd,
    /// As [`Stands::Free`], on the way towards newer: stays at the end when it gets there.
    Down,
    /// The anchor stands where it is.
    Free,
}

/// One conversation.
#[derive(Debug)]
pub struct History {
    /// Which.
    pub conversation: Conversation,
    timeline: Timeline,
    selected: Option<Seq>,
    /// Where a selection of several began.
    picked: Option<Seq>,
    anchor: Option<Anchor>,
    stands: Stands,
    /// Runs that were unfolded.
    unfolded: Vec<Stretch>,
    filter: Option<filter::Filter>,
    findings: search::Findings,
    /// The words searched for last, for going on with them.
    last_text: Option<Wanted>,
    /// The oldest message that is left, once somebody looked for it.
    horizon: Option<Seq>,
    /// The head when the reader last stood at the end.
    seen_head: Option<Seq>,
    /// What came after it is below the line.
    last_visit: Option<Visit>,
    /// The reader went elsewhere, and nothing has come since.
    left: Option<Visit>,
    answers: answers::Answers,
    /// Pages in a row that added no row, per direction.
    dry_older: u8,
    dry_newer: u8,
    /// The newest page has been answered; until then nothing else is asked.
    opened: bool,
    /// The newest page came back without a message; get_group_info must say what that means.
    newest_was_empty: bool,
    /// The newest seq of a newest page that ended below the head, and that head.
    doubt: Option<(Option<Seq>, Option<Seq>)>,
    /// Of which get_group_info has said that it is right.
    settled: Option<(Option<Seq>, Option<Seq>)>,
    /// Upper ends of pages to ask again; `None` is the newest page.
    again: VecDeque<Option<Seq>>,
    /// Where to go once the head is known.
    bound_for: Option<Seq>,
    /// Somebody pressed Enter on a stretch that is not loaded, here.
    entered: Option<Seq>,
    /// Pages that brought something.
    news: u64,
    /// Somebody wanted to go to this seq, which lies above the head.
    beyond: Option<Seq>,
    /// After the layout, the selection goes to this row.
    select_row: Option<usize>,
    /// The selection was sent somewhere and belongs in the middle; until something
    /// is loaded above it there may be nothing to push it down there.
    centring: bool,
    /// How fast the reader moves.
    stride: ahead::Stride,
    /// How far the pages reach.
    span: ahead::Span,
    /// What the last layout showed.
    shown: viewport::Shown,
    desk: viewport::Desk,
    /// The blocks on and near the screen.
    strip: strip::Strip,
    /// What their messages say, for the paper they were measured on.
    flowed: flow::Kept,
    measured_on: Option<rows::Measure>,
    /// The same behind time and sender, with what is looked for marked.
    written: flow::Kept,
    written_as: rows::Look,
}

/// What a landed page means for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Learnt {
    /// Nothing.
    Fine,
    /// The head is in doubt: ask get_group_info or get_topic.
    AskHead,
    /// The reply did not go below the seq asked for; to be treated as an error.
    NoProgress,
}

impl History {
    /// Nothing is known yet; `at` is where to go first.
    #[must_use]
    pub fn new(conversation: Conversation, at: Option<Seq>) -> Self {
        Self {
            conversation,
            timeline: Timeline::new(),
            selected: None,
            picked: None,
            anchor: None,
            stands: Stands::AtEnd,
            unfolded: Vec::new(),
            filter: None,
            findings: search::Findings::default(),
            last_text: None,
            horizon: None,
            seen_head: None,
            last_visit: None,
            left: None,
            answers: answers::Answers::default(),
            dry_older: 0,
            dry_newer: 0,
            opened: false,
            newest_was_empty: false,
            doubt: None,
            settled: None,
            again: VecDeque::new(),
            bound_for: at,
            entered: None,
            news: 0,
            beyond: None,
            select_row: None,
            centring: false,
            stride: ahead::Stride::default(),
            span: ahead::Span::default(),
            shown: viewport::Shown::default(),
            desk: viewport::Desk::default(),
            strip: strip::Strip::default(),
            flowed: flow::Kept::default(),
            measured_on: None,
            written: flow::Kept::default(),
            written_as: rows::Look::default(),
        }
    }

    /// What is known.
    #[must_use]
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// The selected seq, once there is one.
    #[must_use]
    pub fn selected(&self) -> Option<Seq> {
        self.selected
    }

    /// Whether the newest page has come.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.opened
    }

    /// Where the reader is, to come back to; `None` for the newest end.
    #[must_use]
    pub fn place(&self) -> Option<Seq> {
        self.selected
            .filter(|s| self.stands != Stands::AtEnd || Some(*s) != self.timeline.head())
    }

    /// The block the selection is in.
    #[must_use]
    pub fn selected_block(&self) -> Option<Block> {
        self.block(self.selected?)
    }

    /// Senders of the messages on screen, and those that a filter or a search by
    /// name has met; without those for whom [`Self::all_are_named`] was said.
    #[must_use]
    pub fn unnamed_senders(&self) -> BTreeSet<UserId> {
        let named = self.strip.named();
        let is_named = |seq: Seq| named.is_some_and(|n| n.first() <= seq && seq <= n.last());
        let seqs = self.shown.rows.iter().filter_map(|r| r.block);
        let seqs = seqs.map(|block| block.first).filter(|seq| !is_named(*seq));
        let known = seqs.filter_map(|seq| self.timeline.known(seq));
        let shown = known.filter_map(|known| known.sender);
        shown.chain(self.senders_met()).cloned().collect()
    }

    /// Nobody's name on screen is to be asked for, nor will be while nothing new comes.
    pub fn all_are_named(&mut self) {
        self.strip.keep_named(self.on_screen());
    }

    /// Senders of the messages that are loaded near the selection, a thousand
    /// messages each way: for completing what is typed.
    #[must_use]
    pub fn senders_loaded(&self) -> BTreeSet<UserId> {
        const NEAR: usize = 1_000;
        let at = self.selected.unwrap_or(Seq::FIRST);
        let older = self.timeline.all_known(Seq::FIRST..=at).rev().take(NEAR);
        let newer = self.timeline.all_known(at..=Seq::LAST).take(NEAR);
        let known = older.chain(newer).map(|(_, known)| known);
        known.filter_map(|known| known.sender.cloned()).collect()
    }

    /// The time of the topmost message on screen that has one.
    #[must_use]
    pub fn top_time(&self) -> Option<Timestamp> {
        let mut blocks = self.shown.rows.iter().filter_map(|r| r.block);
        blocks.find_map(|b| self.timeline.known(b.first)?.time)
    }

    /// The seqs that the list shows.
    #[must_use]
    pub fn on_screen(&self) -> Option<Stretch> {
        let mut blocks = self.shown.rows.iter().filter_map(|r| r.block);
        let first = blocks.next()?;
        let last = blocks.next_back().unwrap_or(first);
        Stretch::new(first.first, last.last)
    }

    /// How many of the loaded messages are of this sender.
    #[must_use]
    pub fn sent_by(&self, user: &UserId) -> u32 {
        let all = self.timeline.all_known(Seq::FIRST..=Seq::LAST);
        let theirs = all.filter(|(_, known)| known.sender == Some(user));
        u32::try_from(theirs.count()).unwrap_or(u32::MAX)
    }

    /// Whether the newest page was asked for and held no message.
    #[must_use]
    pub fn newest_was_empty(&self) -> bool {
        self.newest_was_empty
    }

    /// Takes a page; one without a direction was asked for by a job.
    pub fn learn_page(
        &mut self,
        ask: Ask,
        page: Page,
        (direction, wall): (Option<Direction>, Option<Timestamp>),
    ) -> Learnt {
        let answer = Answer {
            ask,
            at: wall,
            info: page.info.clone(),
        };
        if let Some(touched) = touched(ask, &page) {
            self.forget_verdicts(touched);
            self.forget_findings(touched);
            self.flowed.forget(touched);
            self.written.forget(touched);
        }
        let newest = page.items.iter().filter_map(|item| item.seq).max();
        self.span.note(ask, &page);
        let merged = self.timeline.merge(ask, page);
        self.answers.take(answer, &self.timeline);
        self.strip.clear();
        self.entered = self.entered.filter(|_| merged.added == 0);
        if merged.added > 0 || merged.changed > 0 || merged.strays > 0 {
            self.news += 1;
        }
        self.note_news();
        if direction == Some(Direction::Again) {
            self.again.pop_front();
        } else if ask.seq.is_none() && !merged.stale {
            self.opened = true;
            self.newest_was_empty = merged.empty;
        }
        if let Some(seq) = ask.seq {
            let count = ask.count;
            self.note_answer(PageAsk { seq, count });
        }
        if merged.no_progress {
            return Learnt::NoProgress;
        }
        if let Some(direction) = direction {
            self.count_dry(&merged, direction);
        }
        self.arrive();
        let lost = ask.seq.is_none() && (merged.empty || merged.below_head);
        self.doubt = lost.then_some((newest, self.timeline.head()));
        if lost && self.doubt != self.settled {
            Learnt::AskHead
        } else {
            Learnt::Fine
        }
    }

    /// Goes where one was sent to, once there is a line of seqs to go along.
    fn arrive(&mut self) {
        if self.opened
            && self.timeline.head().is_some()
            && let Some(seq) = self.bound_for.take()
        {
            self.go_to(seq);
        }
    }

    fn count_dry(&mut self, merged: &Merged, direction: Direction) {
        let count = match direction {
            Direction::Older => &mut self.dry_older,
            Direction::Newer => &mut self.dry_newer,
            Direction::Newest | Direction::Again | Direction::Poll => return,
        };
        if let Some(filter) = &mut self.filter {
            filter.calls_left = filter.calls_left.saturating_sub(1);
            return;
        }
        *count = if merged.visible == 0 {
            count.saturating_add(1)
        } else {
            0
        };
    }

    /// A page that was to be asked again will not come.
    pub fn again_failed(&mut self) {
        self.again.pop_front();
    }

    /// Takes `NextMsgSeq` of get_group_info or get_topic; `no` numbers that call.
    pub fn learn_head(&mut self, next_seq: u32, no: AskNo) -> HeadNews {
        let news = self
            .timeline
            .learn_head(Seq::new(next_seq.saturating_sub(1)), no);
        self.strip.clear();
        if news == HeadNews::Restarted {
            let query = self.filter.take().map(|f| f.query);
            let last_text = self.last_text.take();
            // The timeline has forgotten everything but its new generation.
            *self = Self {
                timeline: std::mem::take(&mut self.timeline),
                ..Self::new(self.conversation.clone(), None)
            };
            // What was looked at is gone, what was looked for is not.
            self.set_filter(query);
            self.last_text = last_text;
        }
        if news == HeadNews::Same {
            // The newest ones are withheld: no need to ask again at each poll.
            self.settled = self.doubt;
        }
        self.note_news();
        news
    }

    /// Asks again for the pages on screen and for the newest one.
    pub fn ask_again(&mut self) {
        self.again.clear();
        self.again.push_back(None);
        let blocks: Vec<Block> = self.shown.rows.iter().filter_map(|r| r.block).collect();
        let (Some(top), Some(bottom)) = (blocks.first(), blocks.last()) else {
            return;
        };
        // A folded run or a gap may hide 100,000 seqs; only what has rows is asked again.
        let mut covered: Option<Seq> = None;
        for block in blocks.iter().rev().filter(|b| b.kind != BlockKind::Gap) {
            if covered.is_none_or(|c| block.last < c) {
                self.again.push_back(Some(block.last));
                covered = Some(block.last.back(PageSize::FULL.get() - 1));
            }
        }
        debug_assert!(top.first <= bottom.last);
    }

    /// Loads a page of the stretch that is selected, from the side it is selected on.
    pub fn enter_gap(&mut self) {
        self.go_on();
        self.entered = self.selected;
    }

    /// Goes on where the view had stopped asking.
    pub fn go_on(&mut self) {
        self.dry_older = 0;
        self.dry_newer = 0;
        if let Some(filter) = &mut self.filter {
            filter.calls_left = CALLS_A_KEY;
        }
    }
}

/// The seqs of which a page may change what was thought.
fn touched(ask: Ask, page: &Page) -> Option<Stretch> {
    let items = || page.items.iter().filter_map(|item| item.seq);
    let asked = ask.seq.map(|seq| (seq.back(ask.count.get() - 1), seq));
    let first = items().chain(asked.map(|a| a.0)).min()?;
    let last = items().chain(asked.map(|a| a.1)).max()?;
    Stretch::new(first, last)
}
