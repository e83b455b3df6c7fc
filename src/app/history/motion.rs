//! How the keys and the mouse move the selection and the view.

use super::{Anchor, Block, BlockKind, History, Stands};
use crate::app::action::Action;
use crate::model::ids::Seq;

impl History {
    /// Does a movement; `false` for an action that is none.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the list answers for movements only"
    )]
    pub fn move_by(&mut self, action: Action) -> bool {
        let page = self.shown.height.saturating_sub(1).max(1);
        self.centring = false;
        if self.stands == Stands::AtStart {
            self.stands = Stands::Free;
        }
        self.spend_anew();
        match action {
            Action::Down => self.step(Self::newer, 1),
            Action::Up => self.step(Self::older, -1),
            Action::PageDown => self.turn(page, 1),
            Action::PageUp => self.turn(page, -1),
            Action::HalfDown => self.turn(page.div_ceil(2), 1),
            Action::HalfUp => self.turn(page.div_ceil(2), -1),
            Action::ScrollDown => self.scroll(1),
            Action::ScrollUp => self.scroll(-1),
            Action::Top => {
                self.go_to(Seq::FIRST);
                self.centring = false;
                self.stands = Stands::AtStart;
            }
            Action::Bottom => {
                self.stride.stop();
                self.bound_for = None;
                self.stands = Stands::AtEnd;
                self.selected = self.timeline.head();
            }
            _ => return false,
        }
        true
    }

    /// Any movement goes on where a filter had spent its calls.
    fn spend_anew(&mut self) {
        if self.filter.is_some() {
            self.go_on();
        }
    }

    /// Scrolls without moving the selection; positive goes towards newer.
    pub fn scroll(&mut self, lines: i64) {
        self.centring = false;
        self.spend_anew();
        self.stride.push(lines);
        // The selected line may leave the screen: hold on to one in the middle.
        let rows = self.shown.rows.iter().enumerate();
        let mut rows = rows.filter_map(|(i, r)| Some((i, r.block?, r.line?)));
        let middle = rows.clone().count() / 2;
        if let Some((row, block, line)) = rows.nth(middle) {
            let row = i64::try_from(row).unwrap_or(0) - lines;
            self.anchor = Some(Anchor {
                seq: block.last,
                line,
                row,
            });
            self.stands = if lines > 0 {
                Stands::Down
            } else {
                Stands::Free
            };
        }
    }

    fn turn(&mut self, page: usize, sign: i64) {
        let Some(selected) = self.selected else {
            return;
        };
        let at = self
            .shown
            .rows
            .iter()
            .position(|r| r.block.is_some_and(|b| b.contains(selected)));
        let lines = i64::try_from(page).unwrap_or(1) * sign;
        let stuck = if sign > 0 {
            self.stands == Stands::AtEnd
        } else {
            self.shows_start()
        };
        if stuck {
            self.stride.push(lines);
            let end = if sign > 0 {
                self.timeline.head()
            } else {
                Some(Seq::FIRST)
            };
            // Into a gap or a run from the side one comes from.
            let block = end.and_then(|end| self.block(end));
            self.selected = block.map(|b| if sign > 0 { b.first } else { b.last });
        } else {
            self.scroll(lines);
            self.select_row = Some(at.unwrap_or(if sign > 0 { self.shown.height } else { 0 }));
        }
    }

    /// Whether nothing more is above: the start of history, a blank row, or the
    /// first row of the stretch that holds seq 1.
    fn shows_start(&self) -> bool {
        self.shown.rows.first().is_some_and(|row| {
            row.block.is_none_or(|block| {
                block.kind == BlockKind::Gap && block.first == Seq::FIRST && row.line == Some(0)
            })
        })
    }

    /// To the neighbouring block; a block taller than the screen is scrolled through first.
    fn step(&mut self, step: fn(&Self, Block) -> Option<Block>, sign: i64) {
        let Some(block) = self.selected_block() else {
            return;
        };
        let visible: Vec<(usize, usize)> = self.lines_shown(block);
        if visible.is_empty() {
            self.select_visible(sign);
            return;
        }
        let hidden = match (visible.first(), visible.last(), sign > 0) {
            (Some(_), Some((row, _)), true) => {
                *row + 1 >= self.shown.height && !self.shows_end_of(block)
            }
            (Some((row, line)), _, false) => *row == 0 && *line > 0,
            _ => false,
        };
        if hidden {
            self.scroll(sign);
            return;
        }
        let Some(next) = step(self, block) else {
            if sign < 0 && !self.shows_start() {
                self.scroll(-1);
            }
            return;
        };
        self.enter(next, sign);
    }

    /// To the next newer or older block, however tall this one is: for the detail
    /// pane, which scrolls by itself.
    pub fn step_over(&mut self, newer: bool) {
        self.spend_anew();
        let block = self.selected_block();
        let next = block.and_then(|b| if newer { self.newer(b) } else { self.older(b) });
        if let Some(next) = next {
            self.enter(next, if newer { 1 } else { -1 });
        }
    }

    /// Selects a block, a gap or a run from the side one comes from.
    fn enter(&mut self, block: Block, sign: i64) {
        self.centring = false;
        self.spend_anew();
        self.selected = Some(if sign > 0 { block.first } else { block.last });
        let rows = self.strip.height(block).unwrap_or(1);
        self.stride.push(sign * i64::try_from(rows).unwrap_or(1));
        self.reveal(block, sign);
    }

    /// The selection was scrolled off the screen: it comes to where the reader is.
    fn select_visible(&mut self, sign: i64) {
        let mut blocks = self.shown.rows.iter().filter_map(|r| r.block);
        let block = if sign > 0 {
            blocks.next()
        } else {
            blocks.next_back()
        };
        if let Some(block) = block {
            self.enter(block, sign);
        }
    }

    fn lines_shown(&self, block: Block) -> Vec<(usize, usize)> {
        let rows = self.shown.rows.iter().enumerate();
        rows.filter(|(_, r)| r.block == Some(block))
            .filter_map(|(i, r)| Some((i, r.line?)))
            .collect()
    }

    fn shows_end_of(&self, block: Block) -> bool {
        let lines = self.strip.height(block);
        let last = self.lines_shown(block).last().map(|(_, line)| line + 1);
        lines.is_none_or(|lines| last >= Some(lines))
    }

    /// Brings a block onto the screen with as little movement as possible.
    fn reveal(&mut self, block: Block, sign: i64) {
        let rows = &self.shown.rows;
        let whole = rows
            .iter()
            .filter(|r| r.block == Some(block) && r.line.is_some())
            .count();
        let known = self.strip.height(block).unwrap_or(1);
        // Going up, the row above stays in sight: each step then scrolls by one row, and not
        // every second one by two.
        let at_top = sign < 0 && rows.first().is_some_and(|r| r.block == Some(block));
        if whole >= known && whole > 0 && !at_top {
            return;
        }
        let bottom = i64::try_from(self.shown.height).unwrap_or(1) - 1;
        let seq = self.selected.unwrap_or(block.last);
        self.anchor = Some(if sign > 0 {
            Anchor {
                seq,
                line: usize::MAX,
                row: bottom,
            }
        } else {
            // One row for a day separator above it.
            Anchor {
                seq,
                line: 0,
                row: 1.min(bottom),
            }
        });
        self.stands = if sign > 0 { Stands::Down } else { Stands::Free };
    }

    /// Selects a seq and shows it in the middle, loaded or not.
    pub fn go_to(&mut self, seq: Seq) {
        let Some(head) = self.timeline.head() else {
            self.bound_for = Some(seq);
            return;
        };
        self.stride.stop();
        self.beyond = (seq > head).then_some(seq);
        let seq = seq.min(head);
        self.selected = Some(seq);
        self.go_on();
        self.show_in_middle(seq, self.shown.height);
        self.centring = true;
    }

    pub(super) fn show_in_middle(&mut self, seq: Seq, height: usize) {
        let row = i64::try_from(height / 2).unwrap_or(0);
        self.anchor = Some(Anchor { seq, line: 0, row });
        self.stands = Stands::Free;
    }

    /// Selects what stands in a row; `false` where that is nothing.
    pub fn click(&mut self, row: usize) -> bool {
        let block = self.shown.rows.get(row).and_then(|r| r.block);
        if let Some(block) = block {
            self.centring = false;
            self.selected = Some(block.last);
        }
        block.is_some()
    }
}
