//! What each action does, wherever it concerns more than one pane.

use super::action::Action;
use super::detail::Outcome;
use super::event::{Effect, Now};
use super::history::BlockKind;
use super::keymap::Place;
use super::line::Role;
use super::overlay::Overlay;
use super::prompt::PromptKind;
use super::status::offset_of;
use super::view::Pane;
use super::{App, Spot};
use crate::model::error::{ApiError, Attempt, Fault};

impl App {
    /// Does one action; `armed` where the key before was a Ctrl-C with nothing to cancel.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the rest belongs to the panes"
    )]
    pub(super) fn act(&mut self, action: Action, armed: bool, now: Now) -> Vec<Effect> {
        match action {
            Action::Help => {
                self.overlay = match self.overlay.take() {
                    Some(Overlay::Help { .. }) => None,
                    _ => Some(Overlay::Help {
                        place: Place::of(self.focus),
                        scroll: 0,
                    }),
                };
            }
            Action::Palette => self.ask(PromptKind::Palette),
            Action::NextPane => self.focus = self.neighbour(true),
            Action::PrevPane => self.focus = self.neighbour(false),
            Action::Open => self.ask(PromptKind::Open),
            Action::PreviousConversation => return self.previous_conversation(),
            Action::Back => return self.back(),
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
            Action::Repaint => return vec![Effect::Repaint],
            Action::Suspend => return vec![Effect::Suspend],
            Action::Close => return self.close(),
            Action::Cancel => return self.cancel(armed),
            _ if self.overlay.is_some() => self.overlay_act(action),
            _ => return self.pane_act(action),
        }
        Vec::new()
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a box answers for scrolling only"
    )]
    fn overlay_act(&mut self, action: Action) {
        let page = usize::from(self.size.height / 2).max(1);
        let Some(Overlay::Help { scroll, .. }) = &mut self.overlay else {
            self.overlay = None;
            return;
        };
        *scroll = match action {
            Action::Down => *scroll + 1,
            Action::Up => scroll.saturating_sub(1),
            Action::PageDown | Action::HalfDown => *scroll + page,
            Action::PageUp | Action::HalfUp => scroll.saturating_sub(page),
            Action::Top => 0,
            Action::Bottom => usize::MAX / 2,
            _ => {
                self.overlay = None;
                return;
            }
        };
    }

    fn pane_act(&mut self, action: Action) -> Vec<Effect> {
        match self.focus {
            Pane::Groups => self.groups_act(action),
            Pane::Messages => {
                self.messages_act(action);
                Vec::new()
            }
            Pane::Detail => {
                self.detail_act(action);
                Vec::new()
            }
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the rest does nothing here")]
    fn groups_act(&mut self, action: Action) -> Vec<Effect> {
        let page = self.pane_height(Pane::Groups);
        if self.picker.move_by(action, page) {
            return Vec::new();
        }
        match action {
            Action::In => {
                if let Some(conversation) = self.picker.selected().cloned() {
                    self.open(conversation, None);
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
    fn messages_act(&mut self, action: Action) {
        match action {
            Action::Top | Action::Bottom => self.remember_spot(),
            Action::ToggleNames => {
                self.show_ids = !self.show_ids;
                return;
            }
            Action::ToggleWrap => {
                self.wrap = !self.wrap;
                return;
            }
            Action::ToggleRaw => {
                self.focus = Pane::Detail;
                self.detail.act(Action::ToggleRaw);
                return;
            }
            _ => {}
        }
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
            (Action::In, Some(BlockKind::Gap)) => history.go_on(),
            (Action::In, Some(BlockKind::Folded(_))) => {
                if let Some(block) = block {
                    history.unfold(block);
                }
            }
            (Action::In, Some(BlockKind::Single(_))) => self.focus = Pane::Detail,
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

    fn detail_act(&mut self, action: Action) {
        match self.detail.act(action) {
            Outcome::Ignored if action == Action::Out => self.leave_detail(),
            Outcome::Handled | Outcome::Ignored => {}
            Outcome::NextMessage => self.step_message(true),
            Outcome::PrevMessage => self.step_message(false),
            Outcome::Leave => self.leave_detail(),
            Outcome::AskFind => self.ask(PromptKind::Find),
        }
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

    fn previous_conversation(&mut self) -> Vec<Effect> {
        if let Some(previous) = self.previous.clone() {
            self.open(previous, None);
            vec![self.saved()]
        } else {
            self.say(Role::Dim, "no conversation before this one");
            Vec::new()
        }
    }

    fn back(&mut self) -> Vec<Effect> {
        let Some(Spot { conversation, seq }) = self.jumps.pop() else {
            self.say(Role::Dim, "no jump to come back from");
            return Vec::new();
        };
        let kept = std::mem::take(&mut self.jumps);
        self.open(conversation, None);
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
        self.flights.retry_all();
        if let Some(history) = self.history_mut() {
            history.go_on();
        }
        if self.halt.take().is_some() {
            self.overlay = None;
            self.probing = true;
            return vec![Effect::Resume];
        }
        Vec::new()
    }

    fn cycle_zone(&mut self, now: Now) {
        self.zone = (self.zone + 1) % self.settings.zones.len().max(1);
        if let Some(zone) = self.settings.zones.get(self.zone) {
            let words = format!("times in {}, UTC{}", zone.name(), offset_of(zone, now));
            self.say(Role::Dim, words);
        }
    }

    fn close(&mut self) -> Vec<Effect> {
        if self.overlay.take().is_some() {
            return Vec::new();
        }
        if self.zoomed {
            self.zoomed = false;
            return Vec::new();
        }
        vec![Effect::Quit(0)]
    }

    fn cancel(&mut self, armed: bool) -> Vec<Effect> {
        let retry = self.settings.keymap.hint(Action::Retry);
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
        self.say(Role::Warning, "Ctrl-C again quits");
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
