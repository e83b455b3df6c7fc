//! The detail pane: everything about what is selected, in words, as JSON, as hex.
//!
//! Holds where the reader is: which view, which element, in which forward, how
//! far down. [`Detail::lay_out`] puts that together with what is known and gives
//! finished rows; what does not change between two layouts is kept.

mod elements;
mod find;
mod flow;
mod forward;
mod group;
mod header;
mod hexdump;
mod layout;
mod media;
mod sheet;
mod subject;
mod system;
mod tree;
mod versions;
mod views;
mod words;

pub use subject::{Frame, GroupCard, Hole, Shown, Subject};

use super::action::Action;
use super::line::Line;
use super::view::Row;
use crate::model::copyable::Copyable;
use crate::model::needle::Needle;
use crate::model::time::Zone;
use find::Finding;
use forward::Stop;
use sheet::Sheet;
use subject::Identity;
use tree::{Outward, Tree};
use versions::Versions;

/// What the app has to do after an action of this pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    Handled,
    /// Select the next message; the view stays.
    NextMessage,
    /// Select the previous message; the view stays.
    PrevMessage,
    /// Give the keys to the pane before this one.
    Leave,
    /// Ask what to find, then call [`Detail::find`].
    AskFind,
    /// Copy what [`Detail::copied`] gives.
    Copy,
    /// The action means nothing here.
    Ignored,
}

/// What stands in the pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laid {
    /// The title line.
    pub title: Line,
    /// The visible rows, at most as many as the frame is high.
    pub rows: Vec<Row>,
    /// Rows above them.
    pub more_above: usize,
    /// Rows below them.
    pub more_below: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum View {
    #[default]
    Text,
    Json,
    Hex,
    /// Code points up to U+00FF as bytes.
    CodePoints,
    /// What an app packed into it, as a tree.
    Decoded,
}

/// The whole message, laid over the view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whole {
    Json,
    Hex,
}

/// A forward gone into, and where to come back to.
#[derive(Debug, Clone, Copy)]
struct Entered {
    at: Stop,
    stop: usize,
    scroll: usize,
}

/// The state of the pane.
#[derive(Debug, Clone, Default)]
pub struct Detail {
    view: View,
    whole: Option<Whole>,
    /// Long lines are cut instead of wrapped.
    cut: bool,
    path: Vec<Entered>,
    /// The chosen one among the stops of the level.
    stop: usize,
    /// The first visible row.
    scroll: usize,
    /// Where the text view was left.
    text_scroll: usize,
    /// The chosen element is to be brought into sight when text is shown next.
    follow: bool,
    finding: Finding,
    tree: Tree,

    about: Identity,
    versions: Versions,
    sheet: Sheet,
    /// The sheet is to be written anew, whatever else stays the same.
    stale: bool,
    /// Width, whether without box characters, and zone.
    written_for: (u16, (bool, bool), Option<Zone>),
    height: usize,
}

impl Detail {
    /// Does what a key of this pane means.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the pane answers for its own actions only"
    )]
    pub fn act(&mut self, action: Action) -> Outcome {
        if self.shows_tree()
            && let Some(outcome) = self.act_in_tree(action)
        {
            return outcome;
        }
        let page = self.page();
        match action {
            Action::Down | Action::ScrollDown => self.scroll_by(1, true),
            Action::Up | Action::ScrollUp => self.scroll_by(1, false),
            Action::PageDown => self.scroll_by(page, true),
            Action::PageUp => self.scroll_by(page, false),
            Action::HalfDown => self.scroll_by(page.div_ceil(2), true),
            Action::HalfUp => self.scroll_by(page.div_ceil(2), false),
            Action::Top => self.scroll_by(usize::MAX, false),
            Action::Bottom => self.scroll_by(usize::MAX, true),
            Action::In | Action::Fold => return self.enter(),
            Action::Out => return self.leave(),
            Action::NextElement => self.choose(self.stop.saturating_add(1)),
            Action::PrevElement => self.choose(self.stop.saturating_sub(1)),
            Action::ViewText => self.show(View::Text),
            Action::ViewJson => self.show(View::Json),
            Action::ViewHex => self.show(View::Hex),
            Action::ViewDecoded => self.show(View::Decoded),
            Action::CopyNode => return Outcome::Copy,
            Action::ToggleWrap => {
                self.cut = !self.cut;
                self.stale = true;
                self.follow |= self.shows_tree();
            }
            Action::ToggleRaw => {
                self.keep_text_scroll();
                self.whole = match self.whole {
                    Some(Whole::Json | Whole::Hex) => None,
                    None => Some(Whole::Json),
                };
                self.turned();
            }
            Action::Find => return Outcome::AskFind,
            Action::FindNext => return self.find_on(true),
            Action::FindPrev => return self.find_on(false),
            Action::NextMessage => return Outcome::NextMessage,
            Action::PrevMessage => return Outcome::PrevMessage,
            _ => return Outcome::Ignored,
        }
        Outcome::Handled
    }

    /// Does what a key means in the tree; nothing for one that means the same in all views.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the tree answers for its own actions only"
    )]
    fn act_in_tree(&mut self, action: Action) -> Option<Outcome> {
        let page = self.page();
        match action {
            Action::Down => self.tree.step(1, true),
            Action::Up => self.tree.step(1, false),
            Action::PageDown => self.turn_tree(page, true),
            Action::PageUp => self.turn_tree(page, false),
            Action::HalfDown => self.turn_tree(page.div_ceil(2), true),
            Action::HalfUp => self.turn_tree(page.div_ceil(2), false),
            Action::Top => self.tree.go_to(0),
            Action::Bottom => self.tree.go_to(usize::MAX),
            Action::Fold => self.stale |= self.tree.fold(),
            Action::In => self.stale |= self.tree.inward(),
            Action::Out => match self.tree.outward() {
                Outward::Folded => self.stale = true,
                Outward::Moved => {}
                Outward::Left => return Some(self.leave()),
            },
            _ => return None,
        }
        self.follow = true;
        Some(Outcome::Handled)
    }

    /// Scrolls by so many rows, the cursor with them.
    fn turn_tree(&mut self, rows: usize, down: bool) {
        let before = self.sheet.stops.get(self.tree.stop());
        // Of a node that begins above the screen, what is seen counts.
        let at = before.map_or(0, |rows| rows.head).max(self.scroll);
        let to = if down {
            at.saturating_add(rows)
        } else {
            at.saturating_sub(rows)
        };
        self.scroll_by(rows, down);
        self.tree.go_to(self.sheet.stop_at(to));
    }

    /// What is to be copied: the node of the tree that the cursor is at, as JSON.
    /// Nothing in other views.
    #[must_use]
    pub fn copied(&self) -> Option<Copyable> {
        let json = self.shows_tree().then(|| self.tree.json())??;
        Some(Copyable::json(json.as_bytes()))
    }

    fn page(&self) -> usize {
        self.height.saturating_sub(1).max(1)
    }

    fn shows_tree(&self) -> bool {
        self.view == View::Decoded && self.whole.is_none()
    }

    fn scroll_by(&mut self, rows: usize, down: bool) {
        self.scroll = if down {
            self.scroll.saturating_add(rows).min(self.deepest())
        } else {
            self.scroll.saturating_sub(rows)
        };
    }

    fn deepest(&self) -> usize {
        self.sheet.len().saturating_sub(self.height)
    }

    fn shows_text(&self) -> bool {
        self.view == View::Text && self.whole.is_none()
    }

    fn keep_text_scroll(&mut self) {
        if self.shows_text() {
            self.text_scroll = self.scroll;
        }
    }

    /// After another view was chosen: text is read on where it was left, others begin at the top.
    fn turned(&mut self) {
        self.scroll = if self.shows_text() {
            self.text_scroll
        } else {
            0
        };
        self.stale = true;
    }

    fn show(&mut self, view: View) {
        self.keep_text_scroll();
        match self.whole {
            Some(Whole::Json) if view == View::Hex => self.whole = Some(Whole::Hex),
            Some(Whole::Hex) if view == View::Hex => self.whole = Some(Whole::Json),
            Some(Whole::Json | Whole::Hex) => (self.view, self.whole) = (view, None),
            None if view == View::Hex && self.view == View::Hex => self.view = View::CodePoints,
            None => self.view = view,
        }
        self.turned();
    }

    fn choose(&mut self, stop: usize) {
        let last = self.stops().len().saturating_sub(1);
        let stop = stop.min(last);
        self.follow = true;
        if stop == self.stop {
            return;
        }
        self.stop = stop;
        if !self.shows_text() && self.whole.is_none() {
            self.scroll = 0;
            self.stale = true;
        }
    }

    fn steps(&self) -> Vec<Stop> {
        self.path.iter().map(|e| e.at).collect()
    }

    fn stops(&self) -> Vec<Stop> {
        forward::stops(&self.versions.bodies(&self.steps()))
    }

    fn chosen(&self) -> Option<Stop> {
        self.stops().get(self.stop).copied()
    }

    fn enter(&mut self) -> Outcome {
        let bodies = self.versions.bodies(&self.steps());
        let chosen = forward::stops(&bodies).get(self.stop).copied();
        let Some(at) = chosen.filter(|&at| {
            forward::relay_at(&bodies, at).is_some_and(|relay| !relay.messages.is_empty())
        }) else {
            return Outcome::Ignored;
        };
        let scroll = if self.shows_text() {
            self.scroll
        } else {
            self.text_scroll
        };
        self.path.push(Entered {
            at,
            stop: self.stop,
            scroll,
        });
        self.view = View::Text;
        self.whole = None;
        (self.stop, self.scroll, self.text_scroll) = (0, 0, 0);
        self.stale = true;
        Outcome::Handled
    }

    fn leave(&mut self) -> Outcome {
        // The whole message's JSON is a layer of its own.
        if self.whole.take().is_some() {
            self.stale = true;
            return Outcome::Handled;
        }
        let Some(entered) = self.path.pop() else {
            return Outcome::Leave;
        };
        self.stop = entered.stop;
        (self.scroll, self.text_scroll) = (entered.scroll, entered.scroll);
        self.view = View::Text;
        self.whole = None;
        self.stale = true;
        Outcome::Handled
    }

    /// Looks for `needle` in the view that is laid out and goes to its first
    /// place from the top of the screen on, or from the top of all.
    ///
    /// Gives the number of places, `None` for none. Small letters find capitals
    /// too, capitals only themselves. An empty text ends the finding.
    pub fn find(&mut self, needle: Option<Needle>) -> Option<usize> {
        self.finding.begin(needle);
        let places = self.finding.look_in(self.sheet.texts());
        if let Some(row) = self.finding.first_below(self.scroll) {
            self.bring(row);
        }
        (places > 0).then_some(places)
    }

    fn find_on(&mut self, down: bool) -> Outcome {
        if !self.finding.is_on() {
            return Outcome::AskFind;
        }
        if let Some(row) = self.finding.step(down) {
            self.bring(row);
        }
        Outcome::Handled
    }

    /// Scrolls as far as it takes to see `row`.
    fn bring(&mut self, row: usize) {
        let seen = self.scroll..self.scroll + self.height;
        if self.shows_tree() {
            self.tree.go_to(self.sheet.stop_at(row));
        }
        if !seen.contains(&row) {
            // A third of the screen above it, for what leads to it.
            self.scroll = row.saturating_sub(self.height / 3).min(self.deepest());
        }
    }
}
