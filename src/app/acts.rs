//! What each action does, wherever it concerns more than one pane.

use super::action::Action;
use super::detail::Outcome;
use super::event::{Copy, Effect, Now, Recent};
use super::history::BlockKind;
use super::jobs::search::Towards;
use super::line::{Line, Role};
use super::overlay::Overlay;
use super::prompt::PromptKind;
use super::status::offset_of;
use super::view::Pane;
use super::{App, Spot};
use crate::model::error::{ApiError, Attempt, Fault};
use crate::model::goto::{Destination, Step};

impl App {
    /// Does one action; `armed` where the key before was a Ctrl-C with nothing to cancel.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the rest belongs to the panes"
    )]
    pub(super) fn act(&mut self, action: Action, armed: bool, now: Now) -> Vec<Effect> {
        match action {
            Action::Help => {
                if matches!(self.overlay, Some(Overlay::Help { .. })) {
                    self.close_box();
                } else {
                    let place = self.place();
                    self.overlay = Some(Overlay::Help {
                        place,
                        scroll: 0,
                        under: self.overlay.take().map(Box::new),
                    });
                }
            }
            Action::Palette => self.ask(PromptKind::Palette),
            Action::NextPane | Action::PrevPane | Action::Zoom if self.in_box() => {
                return self.overlay_act(action, now);
            }
            Action::NextPane => self.focus = self.neighbour(true),
            Action::PrevPane => self.focus = self.neighbour(false),
            Action::Open => self.ask(PromptKind::Open),
            Action::GoTo => self.ask(PromptKind::GoTo),
            Action::PreviousConversation => return self.previous_conversation(now),
            Action::Back => return self.back(now),
            Action::Zoom => self.zoomed = !self.zoomed,
            Action::Refresh => return self.refresh(),
            Action::Retry => return self.retry(now),
            Action::CycleZone => self.cycle_zone(now),
            Action::ToggleMouse => {
                self.mouse = !self.mouse;
                self.say(
                    Role::Dim,
                    if self.mouse {
                        "mouse capture on"
                    } else {
                        "mouse capture off"
                    },
                );
                return vec![Effect::Mouse(self.mouse)];
            }
            Action::PlainPage => return self.print_page(),
            Action::Repaint => return vec![Effect::Repaint],
            Action::Suspend => return vec![Effect::Suspend],
            Action::Close => return self.close(armed),
            Action::Cancel => return self.cancel(armed),
            _ if self.overlay.is_some() => return self.overlay_act(action, now),
            _ => return self.pane_act(action, now),
        }
        Vec::new()
    }

    pub(super) fn pane_act(&mut self, action: Action, now: Now) -> Vec<Effect> {
        match self.focus {
            Pane::Groups => self.groups_act(action, now),
            Pane::Messages => self.messages_act(action, now),
            Pane::Detail => self.detail_act(action),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the rest does nothing here")]
    fn groups_act(&mut self, action: Action, now: Now) -> Vec<Effect> {
        let page = self.pane_height(Pane::Groups);
        if self.picker.move_by(action, page) {
            return Vec::new();
        }
        match action {
            Action::In => {
                if let Some(conversation) = self.picker.selected().cloned() {
                    self.open(conversation, None, now);
                    return vec![self.saved()];
                }
            }
            Action::Out if !self.picker.leave_user() => {
                self.zoomed = false;
            }
            Action::FilterGroups => self.ask(PromptKind::FilterGroups),
            Action::UserGroups => self.ask(PromptKind::UserGroups),
            Action::Pin => {
                if let Some(pinned) = self.picker.toggle_pin() {
                    self.say(Role::Dim, if pinned { "pinned" } else { "unpinned" });
                    return vec![self.saved()];
                }
            }
            Action::Sort => {
                let words = self.picker.sort_next();
                self.say(Role::Dim, format!("sorted {words}"));
            }
            _ => {}
        }
        Vec::new()
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the rest does nothing here")]
    fn messages_act(&mut self, action: Action, now: Now) -> Vec<Effect> {
        match action {
            Action::Top => return self.go(Destination::Start, now),
            Action::Bottom => return self.go(Destination::End, now),
            Action::ToggleNames => self.show_ids = !self.show_ids,
            Action::ToggleWrap => self.wrap = !self.wrap,
            Action::ToggleRaw => {
                self.focus = Pane::Detail;
                self.detail.act(Action::ToggleRaw);
            }
            Action::Search => self.ask(PromptKind::Search),
            Action::SearchOlder => self.search_on(Towards::Older),
            Action::SearchNewer => self.search_on(Towards::Newer),
            Action::Filter => self.ask(PromptKind::Filter),
            Action::Follow => self.toggle_follow(now),
            Action::SenderOlder => self.same_sender(Towards::Older),
            Action::SenderNewer => self.same_sender(Towards::Newer),
            Action::HourBack => self.step_time(Step::HourBack, now),
            Action::HourForward => self.step_time(Step::HourForward, now),
            Action::DayBack => self.step_time(Step::DayBack, now),
            Action::DayForward => self.step_time(Step::DayForward, now),
            Action::Card => self.open_card(),
            Action::Audit => self.open_audit(),
            Action::Chart => self.open_chart(),
            Action::Mark => self.ask(PromptKind::Note),
            Action::Marks => self.open_marks(),
            Action::Select => self.toggle_selection(),
            Action::Copy => self.open_copy_menu(),
            Action::Export => self.open_export(),
            _ => self.move_or_enter(action),
        }
        Vec::new()
    }

    fn move_or_enter(&mut self, action: Action) {
        let Some(history) = self.history_mut() else {
            if action == Action::Out {
                self.focus = Pane::Groups;
            }
            return;
        };
        if history.move_by(action) {
            return;
        }
        let block = history.selected_block();
        match (action, block.map(|b| b.kind)) {
            (Action::In, Some(BlockKind::Gap)) => history.enter_gap(),
            (Action::In, Some(BlockKind::Folded(_))) => {
                if let Some(block) = block {
                    history.unfold(block);
                }
            }
            (Action::In, Some(BlockKind::Single(_))) => self.focus = Pane::Detail,
            (Action::Out, _) if history.end_selection() => {}
            (Action::Out, _) => {
                let folded = history
                    .selected()
                    .is_some_and(|seq| history.fold_again(seq));
                if !folded {
                    self.leave_messages();
                }
            }
            _ => {}
        }
    }

    fn leave_messages(&mut self) {
        if self.zoomed {
            self.zoomed = false;
        } else {
            self.focus = Pane::Groups;
        }
    }

    fn detail_act(&mut self, action: Action) -> Vec<Effect> {
        if action == Action::Copy {
            self.open_copy_menu();
            return Vec::new();
        }
        match self.detail.act(action) {
            Outcome::Ignored if action == Action::Out => self.leave_detail(),
            Outcome::Handled | Outcome::Ignored => {}
            Outcome::NextMessage => self.step_message(true),
            Outcome::PrevMessage => self.step_message(false),
            Outcome::Leave => self.leave_detail(),
            Outcome::AskFind => self.ask(PromptKind::Find),
            Outcome::Copy => return self.copy_node(),
        }
        Vec::new()
    }

    fn copy_node(&mut self) -> Vec<Effect> {
        let Some(text) = self.detail.copied() else {
            self.open_copy_menu();
            return Vec::new();
        };
        let taken = self.history().and_then(super::history::History::taken);
        self.note_taken("node as JSON", taken);
        vec![Effect::Copy(Copy {
            text,
            what: "node as JSON".to_owned(),
        })]
    }

    fn leave_detail(&mut self) {
        if self.zoomed {
            self.zoomed = false;
        } else {
            self.focus = if self.current.is_some() {
                Pane::Messages
            } else {
                Pane::Groups
            };
        }
    }

    fn step_message(&mut self, newer: bool) {
        if let Some(history) = self.history_mut() {
            history.step_over(newer);
        }
    }

    fn neighbour(&self, forwards: bool) -> Pane {
        match (self.focus, forwards) {
            (Pane::Groups, true) | (Pane::Detail, false) => Pane::Messages,
            (Pane::Messages, true) | (Pane::Groups, false) => Pane::Detail,
            (Pane::Detail, true) | (Pane::Messages, false) => Pane::Groups,
        }
    }

    fn previous_conversation(&mut self, now: Now) -> Vec<Effect> {
        // The last session's, as long as there is none in this one.
        let recent = || {
            let mut recents = self.recents.iter().map(Recent::conversation);
            recents.find(|c| self.current.as_ref() != Some(c))
        };
        if let Some(previous) = self.previous.clone().or_else(recent) {
            self.open(previous, None, now);
            vec![self.saved()]
        } else {
            self.say(Role::Dim, "no conversation before this one");
            Vec::new()
        }
    }

    fn back(&mut self, now: Now) -> Vec<Effect> {
        self.stop_going();
        let here = self.spot();
        // A jump that was stopped or led nowhere left the reader where they were.
        while self
            .jumps
            .last()
            .is_some_and(|last| Some(last) == here.as_ref())
        {
            self.jumps.pop();
        }
        let Some(Spot { conversation, seq }) = self.jumps.pop() else {
            self.say(Role::Dim, "no jump to come back from");
            return Vec::new();
        };
        let kept = std::mem::take(&mut self.jumps);
        let elsewhere = self.current.as_ref() != Some(&conversation);
        self.open(conversation, None, now);
        if let Some(current) = self.current.as_ref().filter(|_| elsewhere) {
            let mut line = Line::of(Role::Dim, "back in ");
            line.push(Role::Label, self.picker.name(current));
            self.notice = Some(line);
        }
        // Coming back is no jump of its own.
        self.jumps = kept;
        if let Some(history) = self.history_mut() {
            match seq {
                Some(seq) => history.go_to(seq),
                None => {
                    history.move_by(Action::Bottom);
                }
            }
        }
        vec![self.saved()]
    }

    fn refresh(&mut self) -> Vec<Effect> {
        match self.current.clone() {
            Some(current) if self.focus != Pane::Groups => {
                self.picker.forget(&current);
                if let Some(history) = self.history_mut() {
                    history.ask_again();
                }
                self.say(
                    Role::Dim,
                    "asking again for what is on screen and the newest",
                );
            }
            _ => {
                self.picker.ask_again();
                self.say(Role::Dim, "asking again for the groups");
            }
        }
        Vec::new()
    }

    fn retry(&mut self, now: Now) -> Vec<Effect> {
        if let Some(halt) = &self.halt
            && let Some(until) = halt.quiet_until.filter(|t| *t > now.mono)
        {
            let left = until.saturating_duration_since(now.mono).as_secs() + 1;
            self.say(
                Role::Warning,
                format!("70050: the service wants a minute of silence, {left} s of it are left"),
            );
            return Vec::new();
        }
        self.flights.retry_all(now.mono);
        self.resume_job();
        if let Some(history) = self.history_mut() {
            history.go_on();
        }
        let mut effects = Vec::new();
        if self.halt.take().is_some() {
            self.overlay = None;
            self.probing = true;
            effects.push(Effect::Resume);
        }
        effects.extend(self.go_again(now));
        effects
    }

    fn cycle_zone(&mut self, now: Now) {
        self.zone = (self.zone + 1) % self.settings.zones.len().max(1);
        if let Some(zone) = self.settings.zones.get(self.zone) {
            let words = format!("times in {}, UTC{}", zone.name(), offset_of(zone, now));
            self.say(Role::Dim, words);
        }
        self.read_filters_anew(now);
    }

    /// Closes the top layer, else quits; asks once while a job runs.
    fn close(&mut self, armed: bool) -> Vec<Effect> {
        if self.close_box() {
            return Vec::new();
        }
        if self.zoomed {
            self.zoomed = false;
            return Vec::new();
        }
        if !armed && (self.work.is_some() || self.exporting()) {
            self.quit_armed = true;
            let key = self.settings.keymap.hint(Action::Close);
            let words = if self.exporting() {
                format!("an export is under way: {key} again quits, and says how to go on with it")
            } else {
                format!("something is still running: {key} again quits, Esc stops it")
            };
            self.say(Role::Warning, words);
            return Vec::new();
        }
        vec![Effect::Quit(0)]
    }

    fn cancel(&mut self, armed: bool) -> Vec<Effect> {
        let retry = self.settings.keymap.hint(Action::Retry);
        if self.cancel_job() {
            return Vec::new();
        }
        if self.flights.stop_waiting() {
            self.say(Role::Dim, format!("stopped trying · {retry} retries"));
            return Vec::new();
        }
        let running = self.shown_flight().map(|f| (f.id, f.scope.clone()));
        if let Some((id, scope)) = running {
            let attempt = Attempt {
                command: scope.command(),
                subject: None,
                seq: None,
            };
            let fault = Fault::Cancelled;
            self.flights.cancel(id, &ApiError { attempt, fault });
            self.say(Role::Dim, format!("cancelled · {retry} asks again"));
            return Vec::new();
        }
        if armed {
            return vec![Effect::Quit(0)];
        }
        self.quit_armed = true;
        let words = if self.exporting() {
            "an export is under way: Ctrl-C again quits, and says how to go on with it"
        } else {
            "Ctrl-C again quits"
        };
        self.say(Role::Warning, words);
        Vec::new()
    }

    fn pane_height(&self, pane: Pane) -> usize {
        let area = self
            .view
            .panes
            .iter()
            .find(|p| p.pane == pane)
            .map(|p| p.area);
        area.map_or(1, |a| usize::from(a.height.saturating_sub(2)).max(1))
    }
}
