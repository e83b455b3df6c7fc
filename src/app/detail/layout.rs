//! From state and subject to rows.

use std::ops::Range;

use super::forward::{self, Stop};
use super::sheet::{Rows, Sheet, Writer};
use super::subject::{Frame, Shown, Subject};
use super::tree::Split;
use super::versions::Versions;
use super::{Detail, Laid, View, Whole, flow, group, views};
use crate::app::line::{Line, Role};
use crate::app::view::Row;
use crate::model::text::Clean;

impl Detail {
    /// Puts together what the pane shows. Decodes a message once, and writes
    /// rows anew only where something they show has changed.
    pub fn lay_out(&mut self, subject: &Subject<'_>, frame: &Frame<'_>) -> Laid {
        self.turn_to(subject);
        if let (true, Subject::Message(_)) = (self.shows_tree(), subject) {
            self.decode();
        }
        let split = self.shows_tree().then(|| Split::of(&self.tree, frame));
        let height = split.map_or(frame.height, |split| split.height).into();
        // The cursor stays in sight where the tree gets another size.
        self.follow |= split.is_some() && self.height != height;
        self.height = height;
        let written_for = (
            frame.width,
            (frame.ascii, frame.is_low()),
            Some(frame.zone.clone()),
        );
        let names_stand = |sheet: &Sheet| sheet.names.iter().all(|(u, n)| (frame.name_of)(u) == *n);
        if self.stale || written_for != self.written_for || !names_stand(&self.sheet) {
            self.follow |= split.is_some() && self.written_for.0 != frame.width;
            self.written_for = written_for;
            self.stale = false;
            let width = split.map_or(frame.width, |split| split.width);
            self.sheet = self.write(subject, &Frame { width, ..*frame });
            self.finding.look_in(self.sheet.texts());
        }
        if (self.shows_text() || split.is_some()) && std::mem::take(&mut self.follow) {
            self.follow_stop();
        }
        self.scroll = self.scroll.min(self.deepest());
        let end = (self.scroll + self.height).min(self.sheet.len());
        let mut rows = self.visible(self.scroll..end, split, frame);
        if let Some(split) = split {
            split.join(&self.tree, &mut rows, frame);
        }
        Laid {
            title: self.title(subject, frame),
            rows,
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
            self.tree.forget();
            self.stale = true;
        }
        match subject {
            Subject::Message(shown) => {
                if !self.versions.are_of(shown) {
                    // The same answer once more, as every poll brings it, folds nothing.
                    if !self.versions.hold_the_messages_of(shown) {
                        self.tree.forget();
                    }
                    self.versions = Versions::of(shown);
                    self.stale = true;
                    self.mend_path();
                }
            }
            Subject::Nothing | Subject::Hole(_) | Subject::Group(_) => {
                self.versions = Versions::default();
                self.tree.forget();
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

    /// Decodes what is to be shown as a tree, unless that is decoded already.
    fn decode(&mut self) {
        let path = self.steps();
        let stop = self.chosen().unwrap_or(Stop::NOWHERE);
        if self.tree.is_of(&path, stop) {
            return;
        }
        let bodies = self.versions.bodies(&path);
        let top = path.first().unwrap_or(&stop).body;
        let texts = views::packed(&bodies, stop, self.versions.raw(top));
        self.tree.decode((path, stop), &texts);
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
        let stop = self.chosen().unwrap_or(Stop::NOWHERE);
        let top = steps.first().unwrap_or(&stop).body;
        let raw = self.versions.raw(top);
        match (self.whole, self.view) {
            (Some(Whole::Json), _) => {
                writer.call("raw JSON");
                views::message_json(writer, raw, true);
            }
            (Some(Whole::Hex), _) => {
                writer.call("raw hex");
                views::message_hex(writer, raw);
            }
            (None, View::Text) => {
                writer.call("text");
                match self.versions.relay(&steps) {
                    Some(relay) => forward::list(writer, relay),
                    None => self.versions.write(writer, shown),
                }
            }
            (None, View::Json) => {
                writer.call("JSON");
                if !views::element_json(writer, &bodies, stop) {
                    views::message_json(writer, raw, false);
                }
            }
            (None, View::Hex) => views::hex(writer, (&bodies, stop), raw, false),
            (None, View::CodePoints) => views::hex(writer, (&bodies, stop), raw, true),
            (None, View::Decoded) => {
                writer.call("decoded");
                self.tree.write(writer);
            }
        }
    }

    fn follow_stop(&mut self) {
        let stop = if self.shows_tree() {
            self.tree.stop()
        } else {
            self.stop
        };
        let Some(rows) = self.sheet.stops.get(stop).map(|rows| &rows.all) else {
            return;
        };
        let (top, bottom) = (self.scroll, self.scroll + self.height);
        let whole = rows.end <= bottom;
        // A node taller than the screen is read by pages.
        let tall = self.shows_tree() && rows.len() > self.height;
        if tall && rows.start < bottom && rows.end > top {
            return;
        }
        if rows.start < self.scroll {
            self.scroll = rows.start;
        } else if !whole {
            // In a tree as little as possible moves; an element is read from its start.
            let least = rows.end.saturating_sub(self.height).min(rows.start);
            self.scroll = if self.shows_tree() { least } else { rows.start };
        }
    }

    fn visible(&self, range: Range<usize>, split: Option<Split>, frame: &Frame<'_>) -> Vec<Row> {
        let width = usize::from(split.map_or(frame.width, |split| split.width));
        let chosen = if split.is_some() {
            self.sheet.stops.get(self.tree.stop())
        } else {
            let chosen = self.sheet.stops.get(self.stop);
            chosen.filter(|_| self.shows_text() && self.sheet.stops.len() > 1)
        };
        let is_chosen = |rows: &Rows, at: usize| match split {
            Some(_) => rows.all.contains(&at),
            None => rows.head == at,
        };
        self.sheet
            .rows(range.clone())
            .zip(range)
            .map(|(row, at)| Row {
                line: flow::cut(self.finding.mark(row.line), width),
                selected: chosen.is_some_and(|rows| is_chosen(rows, at)),
                ..row
            })
            .collect()
    }

    fn title(&self, subject: &Subject<'_>, frame: &Frame<'_>) -> Line {
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
                self.path_words(&mut line, shown, frame.width.into());
                let stops = self.stops().len();
                if stops > 1 {
                    let chosen = self.stop + 1;
                    line.say(Role::Dim, format!("  element {chosen}/{stops}"));
                }
                line.say(Role::Dim, format!("  {}", self.sheet.word));
            }
        }
        if let Some(words) = self.finding.words() {
            line.say(Role::Match, format!("  {words}"));
        }
        line
    }

    fn path_words(&self, line: &mut Line, shown: &Shown<'_>, width: usize) {
        let steps = self.steps();
        match self.versions.relay(&steps) {
            Some(relay) => {
                let depth = steps.len();
                let deepest = depth - 1 + forward::depth(relay);
                let mut words = Clean::ours(format!("forward {depth}/{deepest}: "));
                // Half the line is left for element, view and what was found.
                words.push(&forward::title(relay).truncate(width / 2));
                line.push(Role::Label, words);
            }
            None => match shown.message.seq {
                Some(seq) => line.say(Role::Label, format!("seq {seq}")),
                None => line.push(Role::Label, "an item without a seq"),
            },
        }
    }
}
