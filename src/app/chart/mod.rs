//! The whole group as a picture, to jump from: by seq, and what is loaded over time.
//!
//! One cursor stands in both: what is under it is one place in the history.
//! Left and right move it, up and down choose in which picture.

mod dots;
mod hours;
mod line;
mod rows;
#[cfg(test)]
mod tests;
mod words;

use self::hours::Hours;
use self::line::{Scale, Strip};
use super::action::Action;
use super::event::Size;
use super::overlay::BoxOutcome;
use super::view::OverlayView;
use crate::model::ids::Seq;
use crate::model::time::Zone;
use crate::model::timeline::{Counts, Stretch, Timeline};

/// Columns of a larger step, and of one half as large.
const PAGE: u32 = 10;
const HALF: u32 = 5;
/// Columns before it was drawn for the first time.
const USUAL: usize = 60;

/// The two pictures, and where one stands in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// Where a jump would go; `None` is the head.
    at: Option<Seq>,
    /// In the picture over time, by the clock of the zone, where the cursor was
    /// moved there: a time without messages has no seq to stand on.
    clock: Option<i64>,
    picture: Picture,
    drawn: Option<Drawn>,
}

/// In which picture the cursor moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Picture {
    Seqs,
    Hours,
}

/// What was computed last, and of what. Drawing goes over all that is loaded,
/// which is too much for every key.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Drawn {
    of: Print,
    strip: Strip,
    hours: Option<Hours>,
}

/// What tells whether the pictures are still right.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Print {
    generation: u32,
    head: Seq,
    counts: Counts,
    cells: usize,
    zone: Zone,
}

/// What the chart is laid out for.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// Of the screen.
    pub size: Size,
    /// For the times.
    pub zone: &'a Zone,
    /// The seqs that the list shows.
    pub on_screen: Option<Stretch>,
    /// Plain signs instead of braille.
    pub ascii: bool,
    /// What to press.
    pub keys: Keys<'a>,
}

/// The keys that the box names; one that is empty is not named.
#[derive(Debug, Clone, Copy, Default)]
pub struct Keys<'a> {
    /// Move the cursor.
    pub sideways: &'a str,
    /// Choose the picture.
    pub picture: &'a str,
    /// Goes to what is under the cursor.
    pub enter: &'a str,
    /// Closes the box.
    pub close: &'a str,
}

impl Chart {
    /// The cursor stands on `at`, or on the newest message.
    #[must_use]
    pub const fn new(at: Option<Seq>) -> Self {
        Self {
            at,
            clock: None,
            picture: Picture::Seqs,
            drawn: None,
        }
    }

    /// Where a jump would go: the seq it was opened on, else the first of the
    /// column under the cursor; `None` as long as no head is known.
    #[must_use]
    pub fn cursor(&self, timeline: &Timeline) -> Option<Seq> {
        let head = timeline.head()?;
        Some(self.at.map_or(head, |at| at.min(head)))
    }

    /// Left and right (`CursorLeft`, `CursorRight`, larger steps with pages, the
    /// ends with `Top` and `Bottom`) move by columns as they were last drawn, up
    /// and down choose the picture, `In` jumps.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the rest does nothing here")]
    pub fn act(&mut self, action: Action, timeline: &Timeline) -> BoxOutcome {
        let step = |by: u32, forwards: bool| {
            let by = i64::from(by);
            if forwards { by } else { -by }
        };
        match action {
            Action::CursorLeft => self.step(step(1, false), timeline),
            Action::CursorRight => self.step(step(1, true), timeline),
            Action::PageUp => self.step(step(PAGE, false), timeline),
            Action::PageDown => self.step(step(PAGE, true), timeline),
            Action::HalfUp => self.step(step(HALF, false), timeline),
            Action::HalfDown => self.step(step(HALF, true), timeline),
            Action::Top | Action::CursorStart => self.step(step(u32::MAX, false), timeline),
            Action::Bottom | Action::CursorEnd => self.step(step(u32::MAX, true), timeline),
            Action::Up => self.picture = Picture::Seqs,
            Action::Down => self.picture = Picture::Hours,
            Action::In => {
                return self
                    .cursor(timeline)
                    .map_or(BoxOutcome::Stay, BoxOutcome::Jump);
            }
            Action::Out | Action::Close => return BoxOutcome::Close,
            _ => {}
        }
        BoxOutcome::Stay
    }

    fn step(&mut self, by: i64, timeline: &Timeline) {
        match self.picture {
            Picture::Seqs => self.step_seqs(by, timeline),
            Picture::Hours => self.step_hours(by, timeline),
        }
    }

    fn step_seqs(&mut self, by: i64, timeline: &Timeline) {
        let Some((head, at)) = timeline.head().zip(self.cursor(timeline)) else {
            return;
        };
        let cells = self.drawn.as_ref().map_or(USUAL, |drawn| drawn.of.cells);
        let scale = Scale::fitting(head, cells);
        let last = i64::from(scale.columns()) - 1;
        let to = (i64::from(scale.column(at)) + by).clamp(0, last);
        self.at = Some(scale.range(u32::try_from(to).unwrap_or(0)).first());
        self.clock = None;
    }

    fn step_hours(&mut self, by: i64, timeline: &Timeline) {
        let Some(drawn) = &self.drawn else { return };
        let Some(hours) = &drawn.hours else { return };
        let Some(from) = self.hour(hours, timeline, &drawn.of.zone) else {
            return;
        };
        let last = i64::try_from(hours.bins.len()).unwrap_or(i64::MAX) - 1;
        let from = i64::try_from(from).unwrap_or(last);
        let to = usize::try_from((from + by).clamp(0, last)).unwrap_or(0);
        self.at = hours.first_at(to).or(self.at);
        self.clock = Some(hours.begins(to));
    }

    /// The column over time under the cursor.
    fn hour(&self, hours: &Hours, timeline: &Timeline, zone: &Zone) -> Option<usize> {
        match self.clock {
            Some(clock) => Some(hours.column(clock)),
            None => hours.column_of(self.cursor(timeline)?, timeline, zone),
        }
    }

    /// The box, over all of the screen but the two lines below.
    pub fn view(&mut self, timeline: &Timeline, look: &Look<'_>) -> OverlayView {
        let paper = rows::Paper::of(timeline, look);
        if let Some((head, cells)) = timeline.head().zip(paper.cells()) {
            self.draw(timeline, head, (cells, look.zone));
        }
        OverlayView {
            area: rows::area(look.size),
            title: rows::title(look),
            rows: self.rows(timeline, &paper),
        }
    }

    fn draw(&mut self, timeline: &Timeline, head: Seq, (cells, zone): (usize, &Zone)) {
        let of = Print {
            generation: timeline.generation(),
            head,
            counts: timeline.counts(),
            cells,
            zone: zone.clone(),
        };
        if self.drawn.as_ref().is_some_and(|drawn| drawn.of == of) {
            return;
        }
        // Another clock: the hour under the cursor is that of its message.
        if self
            .drawn
            .as_ref()
            .is_some_and(|drawn| drawn.of.zone != of.zone)
        {
            self.clock = None;
        }
        self.drawn = Some(Drawn {
            strip: Strip::of(timeline, head, cells),
            hours: Hours::of(timeline, zone, cells),
            of,
        });
    }
}
