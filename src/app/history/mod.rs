//! One conversation on the screen: what is known of it, what is selected, and
//! where the view stands.
//!
//! The view is held by an `Anchor`, a line of a message, so nothing has to be
//! put right when a page lands above or below.

mod blocks;
mod flow;
mod motion;
mod ours;
mod rows;
mod viewport;
pub(super) mod words;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::event::Request;
use super::flights::{Direction, Scope, Want};
use crate::model::ids::{Conversation, Seq, UserId};
use crate::model::message::{Ask, AskNo, Page, PageSize, Timestamp};
use crate::model::timeline::{HeadNews, Merged, Stretch, Timeline};

pub use blocks::{Block, BlockKind};
pub use rows::Paper;

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
    anchor: Option<Anchor>,
    stands: Stands,
    /// Runs that were unfolded.
    unfolded: Vec<Stretch>,
    /// Pages in a row that added no row, per direction.
    dry_older: u8,
    dry_newer: u8,
    /// The newest page has been answered; until then nothing else is asked.
    opened: bool,
    /// The newest page came back without a message; get_group_info must say what that means.
    newest_was_empty: bool,
    /// Upper ends of pages to ask again; `None` is the newest page.
    again: VecDeque<Option<Seq>>,
    /// Where to go once the head is known.
    bound_for: Option<Seq>,
    /// After the layout, the selection goes to this row.
    select_row: Option<usize>,
    /// What the last layout showed.
    shown: viewport::Shown,
    /// Lines of blocks outside the screen, for the paper they were measured on.
    heights: BTreeMap<Seq, usize>,
    measured_on: Option<rows::Measure>,
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
            anchor: None,
            stands: Stands::AtEnd,
            unfolded: Vec::new(),
            dry_older: 0,
            dry_newer: 0,
            opened: false,
            newest_was_empty: false,
            again: VecDeque::new(),
            bound_for: at,
            select_row: None,
            shown: viewport::Shown::default(),
            heights: BTreeMap::new(),
            measured_on: None,
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

    /// Senders of the messages on screen.
    #[must_use]
    pub fn visible_senders(&self) -> BTreeSet<UserId> {
        let seqs = self
            .shown
            .rows
            .iter()
            .filter_map(|r| r.block)
            .map(|b| b.first);
        let messages = seqs.filter_map(|seq| self.timeline.message(seq));
        messages.filter_map(|m| m.sender.clone()).collect()
    }

    /// The time of the topmost message on screen that has one.
    #[must_use]
    pub fn top_time(&self) -> Option<Timestamp> {
        let mut blocks = self.shown.rows.iter().filter_map(|r| r.block);
        blocks.find_map(|b| self.timeline.message(b.first)?.time)
    }

    /// Whether the newest page was asked for and held no message.
    #[must_use]
    pub fn newest_was_empty(&self) -> bool {
        self.newest_was_empty
    }

    /// Takes a page.
    pub fn learn_page(&mut self, ask: Ask, page: Page, direction: Direction) -> Learnt {
        let merged = self.timeline.merge(ask, page);
        self.heights.clear();
        if direction == Direction::Again {
            self.again.pop_front();
        } else if ask.seq.is_none() && !merged.stale {
            self.opened = true;
            self.newest_was_empty = merged.empty;
        }
        if merged.no_progress {
            return Learnt::NoProgress;
        }
        self.count_dry(&merged, direction);
        self.arrive();
        let lost = ask.seq.is_none() && (merged.empty || merged.below_head);
        if lost { Learnt::AskHead } else { Learnt::Fine }
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
            Direction::Newest | Direction::Again => return,
        };
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
        if news == HeadNews::Restarted {
            // The timeline has forgotten everything but its new generation.
            *self = Self {
                timeline: std::mem::take(&mut self.timeline),
                ..Self::new(self.conversation.clone(), None)
            };
        }
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

    /// Goes on where the view had stopped asking.
    pub fn go_on(&mut self) {
        self.dry_older = 0;
        self.dry_newer = 0;
    }

    /// What should be loaded, most visible first.
    #[must_use]
    pub fn wants(&self) -> Vec<Want> {
        let mut wants = Vec::new();
        if !self.opened {
            wants.push(self.want(Direction::Newest, None, PageSize::FULL));
            return wants;
        }
        for (direction, seq, count) in self.shown.near.iter().copied() {
            let dry = match direction {
                Direction::Older => self.dry_older,
                Direction::Newer => self.dry_newer,
                Direction::Newest | Direction::Again => 0,
            };
            if dry < DRY_PAGES {
                wants.push(self.want(direction, Some(seq), count));
            }
        }
        if let Some(seq) = self.again.front() {
            wants.push(self.want(Direction::Again, *seq, PageSize::FULL));
        }
        wants
    }

    fn want(&self, direction: Direction, seq: Option<Seq>, count: PageSize) -> Want {
        let ask = Ask {
            seq,
            count,
            generation: self.timeline.generation(),
            no: AskNo(0),
        };
        Want {
            scope: Scope::Page(self.conversation.clone(), direction),
            request: Request::History {
                conversation: self.conversation.clone(),
                ask,
            },
        }
    }
}
