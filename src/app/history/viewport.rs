//! Which lines of which blocks stand on the screen, and how the keys move them.

use std::time::Instant;
use std::vec::Drain;

use super::rows::Paper;
use super::{Anchor, Block, BlockKind, History, Stands};
use crate::app::flights::Direction;
use crate::app::jobs::PageAsk;
use crate::app::view::{Gutter, Row};
use crate::model::ids::Seq;
use crate::model::message::PageSize;

/// What the last layout showed.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown {
    /// The visible rows, top to bottom.
    pub(super) rows: Vec<ShownRow>,
    /// Unfetched stretches in reach: what to ask for.
    pub(super) near: Vec<(Direction, Seq, PageSize)>,
    /// Pages behind them for a reader who moves, and when they were in reach.
    pub(super) ahead: Option<(Instant, Vec<PageAsk>)>,
    /// Rows the pane has.
    pub(super) height: usize,
    /// The newest seq there was.
    pub(super) head: Option<Seq>,
}

/// One visible row.
#[derive(Debug, Clone, Copy)]
pub(super) struct ShownRow {
    /// `None` for blank rows and rows that belong to no seq.
    pub(super) block: Option<Block>,
    /// Which of the block's own lines; `None` for what stands above them.
    pub(super) line: Option<usize>,
}

impl Shown {
    fn note(&mut self, laid: &[Laid]) {
        self.rows.clear();
        self.rows.extend(laid.iter().map(|laid| laid.from));
    }

    /// Whether a line of the block around `seq` is visible; true before the first layout.
    fn shows(&self, seq: Seq) -> bool {
        self.rows.is_empty()
            || self
                .rows
                .iter()
                .any(|r| r.line.is_some() && r.block.is_some_and(|b| b.contains(seq)))
    }
}

/// A row on its way to the screen.
#[derive(Debug)]
struct Laid {
    row: Row,
    from: ShownRow,
}

/// Room for rows on their way, empty between two layouts: what some thousand bytes are
/// needed for at each key is not asked for at each key.
#[derive(Debug, Default)]
pub(super) struct Desk {
    above: Vec<Laid>,
    below: Vec<Laid>,
    laid: Vec<Laid>,
}

impl History {
    /// Lays out the visible rows, blank ones above a short history, and finds out
    /// what is unfetched within one and a half screens.
    pub fn lay_out(&mut self, paper: &Paper<'_>, height: usize) -> Vec<Row> {
        self.timeline.tidy();
        self.call_back_here();
        let rows = self.lay_out_known(paper, height);
        if self.call_back_shown() {
            return self.lay_out_known(paper, height);
        }
        rows
    }

    fn lay_out_known(&mut self, paper: &Paper<'_>, height: usize) -> Vec<Row> {
        let rewrapped = self.forget_measures(paper);
        let head = self.timeline.head().filter(|_| self.opened);
        let Some(head) = head else {
            self.shown = Shown {
                height,
                ..Shown::default()
            };
            return self.rows_before_the_first_page(paper, height);
        };
        self.follow(head);
        let mut selected = self.selected.unwrap_or(head).min(head);
        let was_shown = self.shown.shows(selected);
        let fresh = self.shown.rows.is_empty();
        let stood = self.stands;
        match self.visible_block(selected) {
            Some(block) if !block.contains(selected) => {
                selected = selected.clamp(block.first, block.last);
            }
            Some(_) => {}
            None => return self.rows_without_a_match(paper, height),
        }
        self.selected = Some(selected);
        let resized = self.shown.height != height && self.shown.shows(selected);
        if self.centring {
            self.show_in_middle(selected, height);
        }
        let mut laid = self.fill(paper, height, head);
        self.centring &= is_gap(laid.first());
        let visible = laid
            .iter()
            .any(|l| l.from.line.is_some() && l.from.block.is_some_and(|b| b.contains(selected)));
        if (resized || fresh) && !visible {
            self.show_in_middle(selected, height);
            laid = self.fill(paper, height, head);
        } else if stood == Stands::AtEnd
            && was_shown
            && (!visible || !(fresh || resized || rewrapped) && self.has_slipped(&laid))
        {
            // Rows came between the selection and the end: the line under the eye stays.
            self.stands = Stands::Free;
            laid = self.fill(paper, height, head);
        }
        if let Some(row) = self.select_row.take() {
            let nearest = laid
                .iter()
                .enumerate()
                .filter_map(|(i, l)| l.from.line.and(l.from.block).map(|b| (i, b)));
            let nearest = nearest.min_by_key(|(i, _)| i.abs_diff(row));
            if let Some((_, block)) = nearest {
                self.selected = Some(block.last);
                laid = self.fill(paper, height, head);
            }
        }
        self.shown.height = height;
        self.shown.head = Some(head);
        if self.stands == Stands::AtEnd || self.seen_head.is_none_or(|seen| seen > head) {
            self.seen_head = Some(head);
        }
        self.shown.note(&laid);
        self.shown.near = self.unfetched_near(paper, height);
        if self.waits_for_a_key() {
            // Where the next page would go is known only now, and it is said there.
            laid = self.fill(paper, height, head);
            self.shown.note(&laid);
        }
        self.hold();
        let mut rows: Vec<Row> = laid.drain(..).map(|l| l.row).collect();
        self.desk.laid = laid;
        self.say_that_none_matches(paper, &mut rows);
        rows
    }

    /// Goes along with a new head where the reader is at the end; else nothing moves.
    fn follow(&mut self, head: Seq) {
        let before = self.shown.head;
        if self.stands == Stands::AtEnd && before.is_some() && before != Some(head) {
            if self.selected == before || self.is_last_of(before) {
                self.selected = Some(head);
            } else {
                self.stands = Stands::Free;
            }
        }
    }

    /// Whether the line that is held stands in another row, and the selection is not
    /// at the end itself, which it would follow.
    fn has_slipped(&self, laid: &[Laid]) -> bool {
        let newer = self.selected_block().and_then(|block| self.newer(block));
        let Some((anchor, _)) = self.anchor.zip(newer) else {
            return false;
        };
        let is_held = |l: &Laid| {
            let of = l.from.block.is_some_and(|block| block.contains(anchor.seq));
            of && l.from.line == Some(anchor.line)
        };
        let at = laid.iter().position(is_held);
        at.is_some_and(|at| i64::try_from(at) != Ok(anchor.row))
    }

    /// Whether nothing is shown between the selection and the head that was: under
    /// a filter that is the end.
    fn is_last_of(&self, before: Option<Seq>) -> bool {
        let Some(block) = self.selected_block() else {
            return false;
        };
        self.newer(block)
            .is_none_or(|newer| Some(newer.first) > before)
    }

    /// The rows around the anchor, exactly `height` of them.
    fn fill(&mut self, paper: &Paper<'_>, height: usize, head: Seq) -> Vec<Laid> {
        let rows = i64::try_from(height).unwrap_or(i64::MAX);
        let last_line = Anchor {
            seq: head,
            line: usize::MAX,
            row: rows - 1,
        };
        // Far below the top: the start of history then stands at the top.
        let first_line = Anchor {
            seq: Seq::FIRST,
            line: 0,
            row: i64::MAX / 2,
        };
        let anchor = match self.stands {
            Stands::AtEnd => last_line,
            Stands::AtStart => first_line,
            Stands::Down | Stands::Free => self.anchor.unwrap_or(last_line),
        };
        let Some(block) = self.visible_block(anchor.seq.min(head)) else {
            return Vec::new();
        };
        let older = usize::try_from(anchor.row).unwrap_or(0).min(height);
        self.strip.fetch(anchor.seq, older + 1, height - older);
        let lines = self.lines(block, paper);
        let lead = lines.lead();
        let line = anchor.line.min(lines.body().saturating_sub(1));
        let Desk {
            mut above,
            mut below,
            mut laid,
        } = std::mem::take(&mut self.desk);
        above.extend(self.lay(block, paper));
        below.extend(above.drain((lead + line).min(above.len())..));
        above.reverse();
        let enough = |row: i64| usize::try_from(row.max(0)).unwrap_or(usize::MAX);
        let mut at = block;
        while below.len() < enough(rows - anchor.row) {
            let Some(next) = self.newer(at) else { break };
            below.extend(self.lay(next, paper));
            at = next;
        }
        let short = i64::try_from(below.len()).unwrap_or(i64::MAX);
        // Nothing below the newest line: it stands at the bottom.
        let mut row = anchor.row.max(rows - short);
        let mut at = block;
        while above.len() < enough(row) {
            let Some(next) = self.older(at) else {
                above.extend(self.start_rows().into_iter().rev().map(|row| Laid {
                    row,
                    from: ShownRow {
                        block: None,
                        line: None,
                    },
                }));
                break;
            };
            above.extend(self.lay(next, paper).rev());
            at = next;
        }
        let over = i64::try_from(above.len()).unwrap_or(i64::MAX);
        if row > over {
            // Nothing above the start: it stands at the top, unless all fits.
            while below.len() < enough(rows - over) {
                let from = below.last().and_then(|l| l.from.block);
                let Some(next) = from.and_then(|b| self.newer(b)) else {
                    break;
                };
                below.extend(self.lay(next, paper));
            }
            row = over.max(rows - i64::try_from(below.len()).unwrap_or(i64::MAX));
        }
        let bottom = row + i64::try_from(below.len()).unwrap_or(i64::MAX);
        let reaches_head = below
            .last()
            .and_then(|l| l.from.block)
            .is_none_or(|b| self.newer(b).is_none());
        let at_end = reaches_head && bottom <= rows;
        self.stands = match self.stands {
            Stands::Down if at_end => Stands::AtEnd,
            Stands::Down => Stands::Free,
            stays @ (Stands::AtStart | Stands::AtEnd | Stands::Free) => stays,
        };
        laid.clear();
        cut(&mut laid, above.drain(..), below.drain(..), row, height);
        self.desk.above = above;
        self.desk.below = below;
        laid
    }

    /// The rows of a block, with what the reader did to it.
    fn lay(
        &mut self,
        block: Block,
        paper: &Paper<'_>,
    ) -> impl DoubleEndedIterator<Item = Laid> + use<> {
        let lines = self.lines(block, paper);
        let is_taken = self.is_taken(block);
        let is_marked = block.kind != BlockKind::Gap && paper.marks(block);
        let lead = lines.lead();
        (0..lines.rows()).map(move |i| {
            let line = i.checked_sub(lead);
            let mut row = lines.row(i);
            row.selected = is_taken && line.is_some();
            if is_marked && line == Some(0) {
                row.gutter = Gutter::Marked;
            }
            let block = Some(block);
            let from = ShownRow { block, line };
            Laid { row, from }
        })
    }

    /// Keeps a visible line for the next layout: the selected one, else the one
    /// kept so far, else the topmost one of a message.
    fn hold(&mut self) {
        let of = |seq: Seq| {
            let rows = self.shown.rows.iter().enumerate();
            rows.filter_map(|(i, r)| Some((i, r.block?, r.line?)))
                .find(|(_, block, _)| block.contains(seq))
        };
        let kept = self
            .selected
            .and_then(of)
            .or_else(|| self.anchor.and_then(|a| of(a.seq)));
        let top = || {
            let rows = self.shown.rows.iter().enumerate();
            let mut rows = rows.filter_map(|(i, r)| Some((i, r.block?, r.line?)));
            rows.clone()
                .find(|(_, b, _)| b.kind != BlockKind::Gap)
                .or_else(|| rows.next())
        };
        if let Some((row, block, line)) = kept.or_else(top) {
            // In a gap that fills from one end, the line is that of the selected seq.
            let seq = self
                .selected
                .filter(|s| block.contains(*s))
                .unwrap_or(block.last);
            let row = i64::try_from(row).unwrap_or(0);
            self.anchor = Some(Anchor { seq, line, row });
        }
    }
}

/// Whether a row is of what is not loaded.
fn is_gap(row: Option<&Laid>) -> bool {
    row.and_then(|row| row.from.block)
        .is_some_and(|block| block.kind == BlockKind::Gap)
}

/// Takes the rows 0 to `height` of the screen, where `below` begins at `row` and
/// `above` goes up from the one before.
fn cut(
    rows: &mut Vec<Laid>,
    above: Drain<'_, Laid>,
    below: Drain<'_, Laid>,
    row: i64,
    height: usize,
) {
    let blank = || Laid {
        row: Row::default(),
        from: ShownRow {
            block: None,
            line: None,
        },
    };
    let top = row - i64::try_from(above.len()).unwrap_or(0);
    rows.extend((0..top).map(|_| blank()));
    let skip = usize::try_from(-top).unwrap_or(0);
    rows.extend(above.rev().chain(below).skip(skip));
    rows.truncate(height);
    rows.resize_with(height, blank);
}
