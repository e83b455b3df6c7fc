//! The boxes above the panes that have something to choose in them: audit,
//! chart, marks, the sender's card.

use std::time::{Duration, Instant};

use super::App;
use super::action::Action;
use super::audit::AuditBox;
use super::card::unasked;
use super::chart::Chart;
use super::event::{Effect, Now, Request};
use super::filling::unfetched;
use super::flights::{Phase, Scope, Want};
use super::going::wrong_line;
use super::history::{BlockKind, History};
use super::jobs::audit::examine;
use super::keymap::Place;
use super::line::{Line, Role};
use super::marks::MarksBox;
use super::overlay::{BoxOutcome, Overlay};
use super::prompt::PromptKind;
use crate::model::goto::Destination;
use crate::model::ids::Seq;
use crate::model::text::{clean, grouped};
use crate::model::timeline::{Counts, Stretch, Timeline};
use crate::model::wrong::Wrong;

/// Between the two ends of a range.
const TO: &str = "..";
/// How a range is typed.
const ENDS: &str = "two ends with .. between them: 812..1233, 14:00..15:00, start..end";

/// So many loaded seqs are examined in a moment that nobody notices.
const SMALL: u32 = 2_000;
/// Between two examinations of more.
const PAUSE: Duration = Duration::from_secs(1);
/// While much is being loaded, so many seqs add a second to that: an examination
/// of 200,000 takes most of one.
const HEAVY: u32 = 50_000;

/// What tells whether an audit is up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Print {
    generation: u32,
    counts: Counts,
    failed: Vec<Stretch>,
}

/// The print of the open audit, and when it was refreshed last.
pub(super) type Audited = (Print, Option<Instant>);

impl Print {
    fn of(timeline: &Timeline, failed: &[Stretch]) -> Self {
        Self {
            generation: timeline.generation(),
            counts: timeline.counts(),
            failed: failed.to_vec(),
        }
    }
}

impl App {
    /// Where the keys go: the box on top, else the focused pane.
    pub(super) fn place(&self) -> Place {
        match &self.overlay {
            Some(Overlay::Audit(_)) => Place::Audit,
            Some(Overlay::Chart(_)) => Place::Chart,
            Some(Overlay::Marks(_)) => Place::Marks,
            Some(Overlay::Copy(_)) => Place::Copy,
            Some(Overlay::Export(_)) => Place::Export,
            // It has no keys of its own.
            Some(Overlay::Card { .. }) => Place::Lists,
            Some(Overlay::Help { .. } | Overlay::Stopped) | None => Place::of(self.focus),
        }
    }

    /// Does an action in the box on top.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a box answers for what it knows only"
    )]
    pub(super) fn overlay_act(&mut self, action: Action, now: Now) -> Vec<Effect> {
        let page = usize::from(self.size.height / 2).max(1);
        let current = self.current.clone();
        let history = current.as_ref().and_then(|c| self.histories.get(c));
        if let Some(Overlay::Copy(menu)) = self.overlay {
            return self.menu_act(menu, action);
        }
        if let Some(Overlay::Export(draft)) = &self.overlay {
            return self.export_act(draft.clone(), action, now);
        }
        let outcome = match &mut self.overlay {
            Some(Overlay::Help { scroll, .. }) => {
                if !scroll_by(scroll, action, page) {
                    self.close_box();
                    return Vec::new();
                }
                BoxOutcome::Stay
            }
            Some(Overlay::Audit(audit)) => match action {
                Action::Fill => {
                    if let Some(stretch) = audit.fill() {
                        BoxOutcome::Fill(stretch)
                    } else {
                        let words = "nothing is missing here · the top line loads all of the range";
                        self.say(Role::Dim, words);
                        BoxOutcome::Stay
                    }
                }
                Action::AuditRange => {
                    self.ask(PromptKind::AuditRange);
                    return Vec::new();
                }
                _ => audit.act(action, page),
            },
            Some(Overlay::Chart(chart)) => match history {
                Some(history) => chart.act(action, history.timeline()),
                None => BoxOutcome::Close,
            },
            Some(Overlay::Marks(list)) => {
                let marks = current.as_ref().map_or(&[][..], |c| self.places.marks(c));
                if action == Action::Unmark {
                    let chosen = list.chosen(marks);
                    if let (Some(seq), Some(current)) = (chosen, &current) {
                        self.places.unmark(current, seq);
                        self.say(
                            Role::Dim,
                            format!("seq {} is not marked any more", grouped(seq)),
                        );
                        return vec![self.saved()];
                    }
                    return Vec::new();
                }
                list.act(action, marks, page)
            }
            Some(Overlay::Card { scroll, .. }) => match action {
                Action::In | Action::Out => BoxOutcome::Close,
                _ => {
                    scroll_by(scroll, action, page);
                    BoxOutcome::Stay
                }
            },
            Some(Overlay::Stopped | Overlay::Copy(_) | Overlay::Export(_)) | None => {
                BoxOutcome::Close
            }
        };
        match outcome {
            BoxOutcome::Stay => Vec::new(),
            BoxOutcome::Close => {
                self.close_box();
                Vec::new()
            }
            BoxOutcome::Jump(seq) => {
                self.overlay = None;
                self.jump_to(seq);
                let note = self.note_here().filter(|note| !note.is_empty());
                if let Some(note) = note.filter(|_| self.notice.is_none()) {
                    let mut line = Line::of(Role::Dim, "marked: ");
                    line.push(Role::Text, clean(&note).one_line());
                    self.notice = Some(line);
                }
                Vec::new()
            }
            BoxOutcome::Fill(stretch) => {
                self.fill(stretch);
                Vec::new()
            }
        }
    }

    /// Goes where a box points. Loading what an audit misses goes on meanwhile;
    /// what looks for another place does not.
    fn jump_to(&mut self, seq: Seq) {
        if self.filling().is_none() {
            self.stop_job();
        }
        self.focus = super::view::Pane::Messages;
        self.remember_spot();
        let filter = self.settings.keymap.hint(Action::Filter);
        let Some(history) = self.history_mut() else {
            return;
        };
        history.go_to(seq);
        let head = history.timeline().head();
        let hidden = history
            .block(seq)
            .is_some_and(|b| b.kind == BlockKind::Hidden);
        if head.is_some_and(|head| head < seq) {
            let words = format!(
                "seq {} is not there any more: this is the newest",
                grouped(seq)
            );
            self.say(Role::Warning, words);
        } else if hidden {
            let words = format!(
                "the filter hides seq {}: this is the nearest it shows · {filter} changes it",
                grouped(seq)
            );
            self.say(Role::Warning, words);
        }
    }

    /// Whether a box with something in it lies above the panes.
    pub(super) fn in_box(&self) -> bool {
        match &self.overlay {
            Some(
                Overlay::Audit(_)
                | Overlay::Chart(_)
                | Overlay::Marks(_)
                | Overlay::Copy(_)
                | Overlay::Export(_)
                | Overlay::Card { .. }
                | Overlay::Help { .. },
            ) => true,
            Some(Overlay::Stopped) | None => false,
        }
    }

    /// Closes the box on top; below help lies what it was asked from.
    pub(super) fn close_box(&mut self) -> bool {
        match self.overlay.take() {
            Some(Overlay::Help { under, .. }) => {
                self.overlay = under.map(|under| *under);
                true
            }
            other => other.is_some(),
        }
    }

    /// Stretches of the conversation on screen whose pages were given up.
    pub(super) fn failed_stretches(&self) -> Vec<Stretch> {
        let Some(current) = &self.current else {
            return Vec::new();
        };
        let aloft = self.aloft(current);
        let failed = aloft
            .iter()
            .filter(|a| a.how == super::jobs::Standing::Failed);
        failed.map(|a| a.ask.window()).collect()
    }

    /// Opens the audit of what is loaded.
    pub(super) fn open_audit(&mut self) {
        let range = self.history().and_then(|h| {
            let timeline = h.timeline();
            Stretch::new(timeline.lowest_known()?, timeline.highest_known()?)
        });
        match range {
            Some(range) => self.audit(range),
            None => self.say(Role::Warning, "nothing is loaded that could be audited"),
        }
    }

    fn audit(&mut self, range: Stretch) {
        let failed = self.failed_stretches();
        if let Some(history) = self.history() {
            let print = Print::of(history.timeline(), &failed);
            let findings = examine(history.timeline(), range, &failed);
            let audit = AuditBox::new(findings);
            self.overlay = Some(Overlay::Audit(audit));
            self.audited = Some((print, None));
        }
    }

    /// What came since the box was opened belongs into it. A large range takes a
    /// moment to examine, so it waits its turn while pages land.
    pub(super) fn refresh_audit(&mut self, now: Now) {
        if self.audit_wakes_at(now).is_none_or(|at| at > now.mono) {
            return;
        }
        let Some(Overlay::Audit(audit)) = &self.overlay else {
            return;
        };
        let range = audit.range();
        let failed = self.failed_stretches();
        let Some(history) = self.history() else {
            return;
        };
        let print = Print::of(history.timeline(), &failed);
        let findings = examine(history.timeline(), range, &failed);
        if let Some(Overlay::Audit(audit)) = &mut self.overlay {
            audit.refresh(findings);
        }
        self.audited = Some((print, Some(now.mono)));
    }

    /// When the open audit is to be refreshed; `None` while it is up to date.
    pub(super) fn audit_wakes_at(&self, now: Now) -> Option<Instant> {
        let Some(Overlay::Audit(audit)) = &self.overlay else {
            return None;
        };
        let (print, examined) = self.audited.as_ref()?;
        let failed = self.failed_stretches();
        if Print::of(self.history()?.timeline(), &failed) == *print {
            return None;
        }
        let judged = audit.findings().counts.judged();
        let pause = match self.filling() {
            _ if judged <= SMALL => Duration::ZERO,
            Some(_) => PAUSE + PAUSE * (judged / HEAVY),
            None => PAUSE,
        };
        Some(examined.map_or(now.mono, |at| at + pause))
    }

    /// Audits a typed range: `812..1233`, `14:00..15:00`, `start..end`.
    pub(super) fn audit_text(&mut self, text: &str, now: Now) {
        match self.range(text, now) {
            Ok(range) => self.audit(range),
            Err(wrong) => {
                self.notice = Some(wrong_line(&wrong));
                self.ask_with(PromptKind::AuditRange, text);
            }
        }
    }

    /// The line above the prompt for a range.
    pub(super) fn explain_range(&self, text: &str, now: Now) -> Line {
        if text.trim().is_empty() {
            return Line::of(Role::Dim, ENDS);
        }
        match self.range(text, now) {
            Ok(range) => {
                let mut line = Line::of(Role::Key, "= ");
                line.say(
                    Role::Text,
                    format!(
                        "seq {} to {}, {} seqs",
                        grouped(range.first()),
                        grouped(range.last()),
                        grouped(range.len())
                    ),
                );
                line
            }
            Err(wrong) => wrong_line(&wrong),
        }
    }

    fn range(&self, text: &str, now: Now) -> Result<Stretch, Wrong> {
        let Some((from, to)) = text.split_once(TO) else {
            return Err(Wrong::new(0..text.len(), ENDS));
        };
        let first = self.end_of_range(from, false, now)?;
        let second = from.len() + TO.len();
        let last = self
            .end_of_range(to, true, now)
            .map_err(|wrong| wrong.moved(second))?;
        Stretch::new(first, last)
            .ok_or_else(|| Wrong::new(0..text.len(), "the first end lies after the second"))
    }

    /// A seq for one end of a range; times are looked up in what is loaded, and
    /// only where that is sure to tell.
    fn end_of_range(&self, text: &str, upper: bool, now: Now) -> Result<Seq, Wrong> {
        let whole = 0..text.len();
        let timeline = self.history().map(History::timeline);
        let head = timeline.and_then(Timeline::head);
        let (Some(timeline), Some(head)) = (timeline, head) else {
            return Err(Wrong::new(whole, "nothing is loaded"));
        };
        match self.reading(text, now)?.destination {
            Destination::Seq(seq) => Ok(seq.min(head)),
            Destination::Start => Ok(Seq::FIRST),
            Destination::End => Ok(head),
            Destination::Time(time) => {
                let fences = timeline.fences(time);
                let below = fences.below.map_or(Seq::FIRST, |(seq, _)| seq);
                let above = fences.above.map_or(head, |(seq, _)| seq);
                let between = Stretch::new(below, above);
                if between.is_none_or(|between| unfetched(timeline, between) > 0) {
                    let key = self.settings.keymap.hint(Action::GoTo);
                    let words = format!(
                        "what was sent around {} is not loaded: {key} goes there and loads it",
                        text.trim()
                    );
                    return Err(Wrong::new(whole, words));
                }
                let at = fences.above.map(|(seq, _)| seq);
                match at {
                    Some(at) if upper => Ok(at.prev().unwrap_or(Seq::FIRST)),
                    Some(at) => Ok(at),
                    None if upper => Ok(head),
                    None => Err(Wrong::new(whole, "nothing is that late")),
                }
            }
            Destination::Message(_) | Destination::Elsewhere(_) => {
                Err(Wrong::new(whole, "a seq or a time"))
            }
        }
    }

    /// Opens the chart.
    pub(super) fn open_chart(&mut self) {
        let at = self.history().and_then(History::selected);
        if self
            .history()
            .is_some_and(|h| h.timeline().head().is_some())
        {
            self.overlay = Some(Overlay::Chart(Chart::new(at)));
        } else {
            self.say(Role::Warning, "nothing is known yet that could be drawn");
        }
    }

    /// Opens the list of marks.
    pub(super) fn open_marks(&mut self) {
        let at = self.history().and_then(History::selected);
        self.overlay = Some(Overlay::Marks(MarksBox::new(at)));
    }

    /// Opens the card of the selected message's sender.
    pub(super) fn open_card(&mut self) {
        let message = self.history().and_then(|h| {
            let seq = h.selected()?;
            let message = h.timeline().message(seq)?;
            Some((message.sender.clone()?, seq))
        });
        match message {
            Some((user, seq)) => {
                let group = self.current.as_ref().map(|c| c.group.clone());
                if let Some(group) = group {
                    self.flights.forget_failed(&Scope::Card(group));
                }
                self.overlay = Some(Overlay::Card {
                    user,
                    seq,
                    answer: None,
                    sent: None,
                    scroll: 0,
                });
            }
            None => self.say(Role::Dim, "this row has no sender"),
        }
    }

    /// What the open card has to know.
    pub(super) fn card_want(&self) -> Option<Want> {
        let Some(Overlay::Card { user, answer, .. }) = &self.overlay else {
            return None;
        };
        if answer.is_some() || unasked(user).is_some() {
            return None;
        }
        let group = self.current.as_ref()?.group.clone();
        Some(Want {
            scope: Scope::Card(group.clone()),
            request: Request::Members {
                group,
                users: vec![user.clone()],
            },
        })
    }

    /// Why the open card does not get its answer.
    pub(super) fn card_error(&self) -> Option<&crate::model::error::ApiError> {
        let scope = Scope::Card(self.current.as_ref()?.group.clone());
        let mut flights = self.flights.iter().filter(|f| f.scope == scope);
        flights.find_map(|f| match &f.phase {
            Phase::Failed { error } => Some(error),
            Phase::Running { .. } | Phase::Waiting { .. } => None,
        })
    }
}

/// Moves in a text longer than its box; `false` for an action that is no movement.
#[expect(clippy::wildcard_enum_match_arm, reason = "movements only")]
fn scroll_by(scroll: &mut usize, action: Action, page: usize) -> bool {
    *scroll = match action {
        Action::Down => scroll.saturating_add(1),
        Action::Up => scroll.saturating_sub(1),
        Action::PageDown | Action::HalfDown => scroll.saturating_add(page),
        Action::PageUp | Action::HalfUp => scroll.saturating_sub(page),
        Action::Top => 0,
        Action::Bottom => usize::MAX,
        _ => return false,
    };
    true
}
