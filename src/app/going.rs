//! Going somewhere in a conversation: what was typed, where it leads, and what
//! is said on arrival.

use super::App;
use super::arrival::Arrival;
use super::event::{Effect, Now};
use super::jobs::hunt::{Aim, Found, Hunt, Landing};
use super::line::{Line, Role};
use super::prompt::PromptKind;
use super::work::{Job, Purpose};
use crate::model::goto::{self, Destination, Place, Reading, Step};
use crate::model::ids::Seq;
use crate::model::message::{PageSize, Timestamp};
use crate::model::text::{self, clean};
use crate::model::time::Zone;
use crate::model::timeline::{SeqState, Timeline};
use crate::model::wrong::Wrong;

impl App {
    pub(super) fn zone(&self) -> Option<&Zone> {
        self.settings.zones.get(self.zone)
    }

    /// How a text at the go-to prompt is understood here and now.
    pub(super) fn reading(&self, text: &str, now: Now) -> Result<Reading, Wrong> {
        let Some(zone) = self.zone() else {
            return Err(Wrong::new(0..0, "no time zone"));
        };
        let history = self.history();
        let timeline = history.map(super::history::History::timeline);
        let selected = history.and_then(super::history::History::selected);
        let place = Place {
            zone,
            now: now.wall,
            selected,
            selected_time: timeline.zip(selected).and_then(|(t, s)| time_near(t, s)),
            head: timeline.and_then(crate::model::timeline::Timeline::head),
        };
        goto::read(text, &place)
    }

    /// The line above the go-to prompt.
    pub(super) fn explain_go_to(&self, text: &str, chosen: usize, now: Now) -> Line {
        let room = usize::from(self.size.width);
        if text.trim().is_empty() {
            let mut line = Line::new();
            for (i, form) in FORMS.iter().enumerate() {
                let words = if i == 0 {
                    (*form).to_owned()
                } else {
                    format!(" · {form}")
                };
                if line.width() + text::width(&words) <= room {
                    line.say(Role::Dim, words);
                }
            }
            return line;
        }
        match self.reading(text, now) {
            Ok(reading) => understood(&reading, chosen),
            Err(wrong) => wrong_line(&wrong),
        }
    }

    pub(super) fn go_to_text(&mut self, text: &str, other: usize, now: Now) -> Vec<Effect> {
        let reading = match self.reading(text, now) {
            Ok(reading) => reading,
            Err(wrong) => {
                self.notice = Some(wrong_line(&wrong));
                self.ask_with(PromptKind::GoTo, text);
                return Vec::new();
            }
        };
        let others = reading.others.into_iter().map(|(to, _)| to);
        let destination = std::iter::once(reading.destination)
            .chain(others)
            .nth(other);
        match destination {
            Some(destination) => self.go(destination, now),
            None => Vec::new(),
        }
    }

    pub(super) fn go(&mut self, destination: Destination, now: Now) -> Vec<Effect> {
        if let Destination::Elsewhere(target) = destination {
            return self.open_target(target, now);
        }
        if self.history().is_none() {
            self.say(Role::Warning, "no conversation is open: o opens one");
            return Vec::new();
        }
        self.focus = super::view::Pane::Messages;
        self.remember_spot();
        self.missed = None;
        match destination {
            Destination::Seq(seq) => {
                self.stop_job();
                if let Some(history) = self.history_mut() {
                    history.go_to(seq);
                }
            }
            Destination::End => {
                self.stop_job();
                if let Some(history) = self.history_mut() {
                    history.move_by(super::action::Action::Bottom);
                }
            }
            Destination::Start => self.hunt(Aim::Oldest, Purpose::Start),
            Destination::Time(time) => self.hunt(Aim::Time(time), Purpose::Time(time)),
            Destination::Message(id) => {
                self.hunt(Aim::Time(id.earliest()), Purpose::Message(id));
            }
            Destination::Elsewhere(_) => {}
        }
        Vec::new()
    }

    /// Goes on with a jump that failed, or that was cut off with all other calls.
    pub(super) fn go_again(&mut self, now: Now) -> Vec<Effect> {
        match self.missed.take() {
            Some((conversation, to)) if self.current.as_ref() == Some(&conversation) => {
                self.go(to, now)
            }
            Some(_) | None => Vec::new(),
        }
    }

    /// Keeps in mind where a jump was to lead, for a retry.
    pub(super) fn miss(&mut self, purpose: Purpose) {
        let to = match purpose {
            Purpose::Time(time) | Purpose::Back { time, .. } => Destination::Time(time),
            Purpose::Start => Destination::Start,
            Purpose::Message(id) => Destination::Message(id),
        };
        self.missed = self.current.clone().map(|conversation| (conversation, to));
    }

    fn hunt(&mut self, aim: Aim, purpose: Purpose) {
        let breadth = Hunt::breadth_for(self.settings.calls_per_second);
        self.start_job(Job::Hunt {
            hunt: Hunt::new(aim, breadth),
            purpose,
        });
    }

    /// An hour or a day back or forward from the selected message, or from where
    /// the step before leads: several keys in a row add up.
    pub(super) fn step_time(&mut self, step: Step, now: Now) {
        let Some((history, zone)) = self.history().zip(self.zone()) else {
            return;
        };
        let timeline = history.timeline();
        let selected = history.selected();
        let under_way = match self.work.as_ref().map(|work| &work.job) {
            Some(Job::Hunt { purpose, .. }) => match purpose {
                Purpose::Time(time) | Purpose::Back { time, .. } => Some(*time),
                Purpose::Start | Purpose::Message(_) => None,
            },
            Some(Job::Match { .. } | Job::Search | Job::Fill { .. }) | None => None,
        };
        let here = || time_near(timeline, selected?);
        let Some(from) = under_way.or_else(here) else {
            let words = "no time is known near this row to step from";
            self.say(Role::Warning, words);
            return;
        };
        let Some(time) = goto::step(from, step, zone) else {
            self.say(Role::Warning, "that is before 1970 or after 9999");
            return;
        };
        let purpose = match (step, selected) {
            (Step::HourBack | Step::DayBack, Some(from)) => Purpose::Back { time, from },
            (Step::HourBack | Step::DayBack, None) | (Step::HourForward | Step::DayForward, _) => {
                Purpose::Time(time)
            }
        };
        self.go(Destination::Time(time), now);
        if let Some(Job::Hunt { purpose: p, .. }) = self.work.as_mut().map(|work| &mut work.job) {
            *p = purpose;
        }
    }

    /// What a hunt found.
    pub(super) fn arrive(&mut self, mut landing: Landing, purpose: Purpose) {
        if matches!(purpose, Purpose::Message(_)) && self.look_for_message(&landing, purpose) {
            return;
        }
        if landing.what == Found::Failed {
            self.miss(purpose);
        }
        let Some(zone) = self.zone().cloned() else {
            return;
        };
        let room = usize::from(self.size.width);
        let Some(history) = self.history_mut() else {
            return;
        };
        let timeline = history.timeline();
        if let (Purpose::Back { from, .. }, Found::At(_)) = (purpose, landing.what)
            && landing.seq >= from
            && let Some((seq, time)) = from.prev().and_then(|seq| timeline.timed_at_or_below(seq))
        {
            // A silence longer than the step: across it, not back to where one was.
            landing.seq = seq;
            landing.what = Found::At(time);
        }
        let lacking = match timeline.state(landing.seq) {
            SeqState::Present | SeqState::Unfetched => None,
            SeqState::Gone => Some("deleted or expired"),
            SeqState::Recalled => Some("recalled"),
            SeqState::Withheld => Some("withheld"),
            SeqState::Unreadable => Some("unreadable"),
        };
        let lacking = match landing.what {
            Found::At(_) | Found::Oldest(_) | Found::AfterTheNewest(_) => lacking,
            Found::Untimed { .. } | Found::Nothing | Found::Failed => None,
        };
        if !matches!(landing.what, Found::Nothing | Found::Failed) {
            history.go_to(landing.seq);
        }
        if let (Found::Oldest(_), Purpose::Start) = (landing.what, purpose) {
            history.learn_horizon(landing.seq);
        }
        let arrival = Arrival {
            landing: &landing,
            purpose,
            lacking,
            zone: &zone,
        };
        self.notice = Some(arrival.words(room));
    }
}

/// What can be typed, most wanted first: as many as there is room for.
const FORMS: [&str; 10] = [
    "812",
    "14:05",
    "fri 14:05",
    "2024-05-03 09:30",
    "-2h",
    "-200",
    "50%",
    "g start",
    "G end",
    "a link or message ID",
];

/// The chosen reading, and what Tab takes instead.
fn understood(reading: &goto::Reading, chosen: usize) -> Line {
    let others = reading.others.iter().map(|(_, words)| words);
    let all: Vec<&String> = std::iter::once(&reading.words).chain(others).collect();
    let mut line = Line::of(Role::Key, "= ");
    if let Some(words) = all.get(chosen) {
        line.push(Role::Text, clean(words).one_line());
    }
    let rest = all.iter().cycle().skip(chosen + 1);
    for (i, words) in rest.take(all.len() - 1).enumerate() {
        // A first reading that names the others need not be said in full.
        let words = words.split(", or ").next().unwrap_or(words);
        let named = reading.words.contains(", or ") && chosen == 0;
        if named {
            line.say(Role::Dim, if i == 0 { " · Tab: the other" } else { "" });
            continue;
        }
        line.say(Role::Dim, if i == 0 { " · Tab: " } else { " · " });
        line.push(Role::Dim, clean(words).one_line());
    }
    line
}

/// When the message at `seq` was sent: its own time, or that of one a page away at
/// most with nothing unfetched in between; further off, it would be another's.
fn time_near(timeline: &Timeline, seq: Seq) -> Option<Timestamp> {
    let around = timeline.loaded_around(seq)?;
    let page = PageSize::FULL.get();
    let near = |(at, _): &(Seq, Timestamp)| {
        around.first() <= *at && *at <= around.last() && at.get().abs_diff(seq.get()) <= page
    };
    let below = timeline.timed_at_or_below(seq).filter(near);
    let found = below.or_else(|| timeline.timed_at_or_above(seq).filter(near));
    found.map(|(_, time)| time)
}

/// What is wrong with typed text, for the line above it.
pub(super) fn wrong_line(wrong: &Wrong) -> Line {
    let mut line = Line::of(Role::Warning, "? ");
    line.push(Role::Warning, clean(&wrong.words).one_line());
    line
}

/// The seq a message ID search begins at: it looks at seqs above this one.
pub(super) fn below(seq: Seq) -> Seq {
    seq.prev().unwrap_or(seq)
}
