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
mod media;
mod sheet;
mod subject;
mod system;
mod versions;
mod views;
mod words;

pub use subject::{Frame, GroupCard, Hole, Shown, Subject};

use super::action::Action;
use super::line::{Line, Role};
use super::view::{Gutter, Row};
use crate::model::text::Clean;
use find::Needle;
use forward::Stop;
use sheet::{Sheet, Writer};
use subject::Identity;
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
    /// The whole message's JSON is laid over the view.
    raw: bool,
    /// Hex reads code points up to U+00FF as bytes.
    code_points: bool,
    /// Long lines are cut instead of wrapped.
    cut: bool,
    path: Vec<Entered>,
    stop: usize,
    scroll: usize,
    /// Where the text view was left.
    text_scroll: usize,
    /// The chosen element is to be brought into sight.
    follow: bool,
    needle: Option<Needle>,
    /// Rows with a place found, and which of them was gone to last.
    found: Vec<usize>,
    place: usize,

    about: Identity,
    versions: Versions,
    sheet: Sheet,
    /// The sheet is to be written anew, whatever else stays the same.
    stale: bool,
    written_for: (u16, bool, Option<crate::model::time::Zone>),
    height: usize,
}

impl Detail {
    /// Does what a key of this pane means.
    pub fn act(&mut self, action: Action) -> Outcome {
        let page = self.height.saturating_sub(1).max(1);
        match action {
            Action::Down | Action::ScrollDown => self.scroll_by(1, true),
            Action::Up | Action::ScrollUp => self.scroll_by(1, false),
            Action::PageDown => self.scroll_by(page, true),
            Action::PageUp => self.scroll_by(page, false),
            Action::HalfDown => self.scroll_by(page.div_ceil(2), true),
            Action::HalfUp => self.scroll_by(page.div_ceil(2), false),
            Action::Top => self.scroll_by(usize::MAX, false),
            Action::Bottom => self.scroll_by(usize::MAX, true),
            Action::In => return self.enter(),
            Action::Out => return self.leave(),
            Action::NextElement => self.choose(self.stop.saturating_add(1)),
            Action::PrevElement => self.choose(self.stop.saturating_sub(1)),
            Action::ViewText => self.show(View::Text),
            Action::ViewJson => self.show(View::Json),
            Action::ViewHex => self.show(View::Hex),
            Action::ToggleWrap => {
                self.cut = !self.cut;
                self.stale = true;
            }
            Action::ToggleRaw => {
                self.keep_text_scroll();
                self.raw = !self.raw;
                self.turned();
            }
            Action::Find => return Outcome::AskFind,
            Action::FindNext => return self.go_on(true),
            Action::FindPrev => return self.go_on(false),
            Action::NextMessage => return Outcome::NextMessage,
            Action::PrevMessage => return Outcome::PrevMessage,
            _ => return Outcome::Ignored,
        }
        Outcome::Handled
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
        self.view == View::Text && !self.raw
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
        self.follow = self.shows_text();
        self.stale = true;
    }

    fn show(&mut self, view: View) {
        self.keep_text_scroll();
        if view == View::Hex && self.view == View::Hex && !self.raw {
            self.code_points = !self.code_points;
        } else {
            self.code_points = false;
        }
        self.view = view;
        self.raw = false;
        self.turned();
    }

    fn choose(&mut self, stop: usize) {
        let last = self.stops().len().saturating_sub(1);
        let stop = stop.min(last);
        if stop == self.stop {
            self.follow = self.shows_text();
            return;
        }
        self.stop = stop;
        self.follow = self.shows_text();
        if !self.shows_text() && !self.raw {
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
        self.raw = false;
        (self.stop, self.scroll, self.text_scroll) = (0, 0, 0);
        self.stale = true;
        Outcome::Handled
    }

    fn leave(&mut self) -> Outcome {
        let Some(entered) = self.path.pop() else {
            return Outcome::Leave;
        };
        self.stop = entered.stop;
        (self.scroll, self.text_scroll) = (entered.scroll, entered.scroll);
        self.view = View::Text;
        self.raw = false;
        self.stale = true;
        Outcome::Handled
    }

    /// Looks for `needle` in the view that is laid out and goes to its first
    /// place from the top of the screen on, or from the top of all.
    ///
    /// Gives the number of places, `None` for none. Small letters find capitals
    /// too, capitals only themselves. An empty text ends the finding.
    pub fn find(&mut self, needle: &str) -> Option<usize> {
        self.needle = Needle::new(needle);
        let places = self.seek();
        self.place = self.place_from(self.scroll);
        self.go_to_place();
        (places > 0).then_some(places)
    }

    /// Fills `found`; gives the number of places, of which a row may hold more than one.
    fn seek(&mut self) -> usize {
        self.found.clear();
        let Some(needle) = &self.needle else {
            return 0;
        };
        let mut places = 0;
        for (row, text) in self.sheet.texts().enumerate() {
            let here = needle.places(&text).len();
            if here > 0 {
                places += here;
                self.found.push(row);
            }
        }
        places
    }

    /// The first place in row `row` or below, or the first of all.
    fn place_from(&self, row: usize) -> usize {
        let at = self.found.partition_point(|&found| found < row);
        if at < self.found.len() { at } else { 0 }
    }

    fn go_on(&mut self, down: bool) -> Outcome {
        let count = self.found.len();
        if self.needle.is_none() {
            return Outcome::AskFind;
        }
        if count > 0 {
            let step = if down { 1 } else { count - 1 };
            self.place = (self.place + step) % count;
            self.go_to_place();
        }
        Outcome::Handled
    }

    fn go_to_place(&mut self) {
        let Some(&row) = self.found.get(self.place) else {
            return;
        };
        let seen = self.scroll..self.scroll + self.height;
        if !seen.contains(&row) {
            // A third of the screen above it, for what leads to it.
            self.scroll = row.saturating_sub(self.height / 3).min(self.deepest());
        }
    }

    /// Puts together what the pane shows. Decodes a message once, and writes
    /// rows anew only where something they show has changed.
    pub fn lay_out(&mut self, subject: &Subject<'_>, frame: &Frame<'_>) -> Laid {
        self.height = frame.height.into();
        self.turn_to(subject);
        let written_for = (frame.width, frame.ascii, Some(frame.zone.clone()));
        let names_stand = |sheet: &Sheet| sheet.names.iter().all(|(u, n)| (frame.name_of)(u) == *n);
        if self.stale || written_for != self.written_for || !names_stand(&self.sheet) {
            self.written_for = written_for;
            self.stale = false;
            self.sheet = self.write(subject, frame);
            self.seek();
            self.place = self.place.min(self.found.len().saturating_sub(1));
        }
        if std::mem::take(&mut self.follow) {
            self.follow_stop();
        }
        self.scroll = self.scroll.min(self.deepest());
        let end = (self.scroll + self.height).min(self.sheet.len());
        Laid {
            title: self.title(subject),
            rows: self.visible(self.scroll..end, frame),
            more_above: self.scroll,
            more_below: self.sheet.len() - end,
        }
    }

    /// Notices another subject, or the same one with something new to say.
    fn turn_to(&mut self, subject: &Subject<'_>) {
        let about = subject.identity();
        if about != self.about {
            self.about = about;
            self.path.clear();
            (self.stop, self.scroll, self.text_scroll) = (0, 0, 0);
            self.place = 0;
            self.stale = true;
        }
        match subject {
            Subject::Message(shown) => {
                if !self.versions.are_of(shown) {
                    self.versions = Versions::of(shown);
                    self.stale = true;
                    self.mend_path();
                }
            }
            Subject::Nothing | Subject::Hole(_) | Subject::Group(_) => {
                self.versions = Versions::default();
                self.path.clear();
                self.stale = true;
            }
        }
    }

    /// Leaves forwards that are not there any more, and elements likewise.
    fn mend_path(&mut self) {
        while !self.path.is_empty() && self.versions.bodies(&self.steps()).is_empty() {
            self.leave();
        }
        self.stop = self.stop.min(self.stops().len().saturating_sub(1));
    }

    fn write(&self, subject: &Subject<'_>, frame: &Frame<'_>) -> Sheet {
        let mut writer = Writer::new(frame, self.cut);
        match subject {
            Subject::Nothing => writer.say(Role::Dim, "Nothing is selected."),
            Subject::Message(shown) => self.write_message(&mut writer, shown),
            Subject::Hole(hole) => group::hole(&mut writer, hole),
            Subject::Group(card) => group::card(&mut writer, card),
        }
        writer.finish()
    }

    fn write_message(&self, writer: &mut Writer<'_>, shown: &Shown<'_>) {
        let steps = self.steps();
        let bodies = self.versions.bodies(&steps);
        let nowhere = Stop {
            body: 0,
            element: None,
        };
        let stop = self.chosen().unwrap_or(nowhere);
        let top = steps.first().unwrap_or(&stop).body;
        let raw = self.versions.raw(top);
        if self.raw {
            views::message_json(writer, raw);
            return;
        }
        match self.view {
            View::Text => match self.versions.relay(&steps) {
                Some(relay) => forward::list(writer, relay),
                None => self.versions.write(writer, shown),
            },
            View::Json => {
                if !views::element_json(writer, &bodies, stop) {
                    views::message_json(writer, raw);
                }
            }
            View::Hex => views::hex(writer, (&bodies, stop), raw, self.code_points),
        }
    }

    fn follow_stop(&mut self) {
        let Some(rows) = self.sheet.stops.get(self.stop) else {
            return;
        };
        let whole = rows.end <= self.scroll + self.height;
        if rows.start < self.scroll || !whole {
            self.scroll = rows.start;
        }
    }

    fn visible(&self, range: std::ops::Range<usize>, frame: &Frame<'_>) -> Vec<Row> {
        let chosen = self.sheet.stops.get(self.stop);
        let chosen = chosen.filter(|_| self.shows_text() && self.sheet.stops.len() > 1);
        let width = usize::from(frame.width);
        self.sheet
            .rows(range.clone())
            .zip(range)
            .map(|(row, at)| {
                let line = match &self.needle {
                    Some(needle) => needle.mark(row.line),
                    None => row.line,
                };
                Row {
                    line: flow::cut(line, width),
                    selected: row.gutter == Gutter::Element
                        && chosen.is_some_and(|rows| rows.contains(&at)),
                    ..row
                }
            })
            .collect()
    }

    fn title(&self, subject: &Subject<'_>) -> Line {
        let mut line = Line::new();
        match subject {
            Subject::Nothing => line.push(Role::Label, "Detail"),
            Subject::Hole(hole) if hole.first == hole.last => {
                line.say(Role::Label, format!("seq {}", hole.first));
            }
            Subject::Hole(hole) => {
                line.say(Role::Label, format!("seq {}-{}", hole.first, hole.last));
            }
            Subject::Group(card) if card.topic.is_some() => line.push(Role::Label, "Topic"),
            Subject::Group(_) => line.push(Role::Label, "Group"),
            Subject::Message(shown) => {
                self.path_words(&mut line, shown);
                let stops = self.stops().len();
                if stops > 1 {
                    let chosen = self.stop + 1;
                    line.say(Role::Dim, format!("  element {chosen}/{stops}"));
                }
                line.say(Role::Dim, format!("  {}", self.view_word()));
            }
        }
        if self.needle.is_some() {
            let (at, of) = (self.place + 1, self.found.len());
            let words = match of {
                0 => "  not found".to_owned(),
                _ => format!("  found {at}/{of}"),
            };
            line.say(Role::Match, words);
        }
        line
    }

    fn path_words(&self, line: &mut Line, shown: &Shown<'_>) {
        let steps = self.steps();
        match self.versions.relay(&steps) {
            Some(relay) => {
                let depth = steps.len();
                let deepest = depth - 1 + forward::depth(relay);
                let mut words = Clean::ours(format!("forward {depth}/{deepest}: "));
                words.push(&forward::title(relay));
                line.push(Role::Label, words);
            }
            None => match shown.message.seq {
                Some(seq) => line.say(Role::Label, format!("seq {seq}")),
                None => line.push(Role::Label, "an item without a seq"),
            },
        }
    }

    fn view_word(&self) -> &'static str {
        match (self.raw, self.view) {
            (true, _) => "raw JSON",
            (false, View::Text) => "text",
            (false, View::Json) => "JSON",
            (false, View::Hex) => views::hex_word(self.code_points),
        }
    }
}
