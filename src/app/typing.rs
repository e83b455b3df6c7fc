//! Keys and pastes on their way to an action or a prompt.

use super::action::Action;
use super::event::{Effect, Now};
use super::key::{Code, Key, Mouse, MouseKind};
use super::keymap::{Lookup, Place};
use super::line::Role;
use super::overlay::{self, Overlay};
use super::prompt::{Prompt, PromptKind};
use super::view::Pane;
use super::{App, keymap};
use crate::model::ids::UserId;
use crate::model::permalink;

/// Lines a turn of the wheel scrolls.
const WHEEL: i64 = 3;

impl App {
    pub(super) fn key(&mut self, key: Key, now: Now) -> Vec<Effect> {
        self.notice = None;
        if self.prompt.is_some() {
            return self.prompt_key(key, now);
        }
        let key = key.to_latin();
        let armed = std::mem::take(&mut self.quit_armed);
        let place = Place::of(self.focus);
        let places = overlay::places(place);
        self.pending.push(key);
        let mut lookup = self.settings.keymap.lookup(&places, &self.pending);
        if lookup == Lookup::Unbound && self.pending.len() > 1 {
            self.pending = vec![key];
            lookup = self.settings.keymap.lookup(&places, &self.pending);
        }
        match lookup {
            Lookup::Action(action) => {
                self.pending.clear();
                self.act(action, armed, now)
            }
            Lookup::Prefix => Vec::new(),
            Lookup::Unbound => {
                let name = keymap::text_of(&self.pending);
                self.pending.clear();
                let help = self.settings.keymap.hint(Action::Help);
                self.say(
                    Role::Dim,
                    format!("{name} does nothing here · {help} lists the keys"),
                );
                Vec::new()
            }
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a prompt knows its own actions only"
    )]
    fn prompt_key(&mut self, key: Key, now: Now) -> Vec<Effect> {
        let Some(prompt) = &mut self.prompt else {
            return Vec::new();
        };
        let action = match self.settings.keymap.lookup(&[Place::Prompts], &[key]) {
            Lookup::Action(action) => action,
            Lookup::Prefix | Lookup::Unbound => {
                if let (Code::Char(c), false, false) = (key.code, key.ctrl, key.alt) {
                    prompt.input.insert(c.encode_utf8(&mut [0; 4]));
                    self.typed();
                }
                return Vec::new();
            }
        };
        if prompt.input.edit(action) {
            self.typed();
            return Vec::new();
        }
        let palette = prompt.kind == PromptKind::Palette;
        match action {
            Action::Submit => return self.submit(now),
            Action::HistoryUp if palette => prompt.chosen = prompt.chosen.saturating_sub(1),
            Action::HistoryDown if palette => {
                let choices = overlay::palette_choices(prompt, Place::of(self.focus)).len();
                prompt.chosen = (prompt.chosen + 1).min(choices.saturating_sub(1));
            }
            Action::HistoryUp | Action::HistoryDown => {
                prompt.recall(&self.submitted, action);
                self.typed();
            }
            Action::Complete => self.complete(),
            // Cancelled, or an erase with nothing left to erase.
            _ => self.dismiss(action == Action::EraseBack),
        }
        Vec::new()
    }

    /// What is typed takes effect at once where that costs nothing.
    fn typed(&mut self) {
        let Some(prompt) = &mut self.prompt else {
            return;
        };
        match prompt.kind {
            PromptKind::FilterGroups => self.picker.set_filter(&prompt.input),
            PromptKind::Palette => prompt.chosen = 0,
            PromptKind::Open | PromptKind::UserGroups | PromptKind::Find => {}
        }
    }

    /// Cancels a prompt. A filter goes back to what it was; one that was erased stays empty.
    fn dismiss(&mut self, erased: bool) {
        if let Some(prompt) = self.prompt.take()
            && prompt.kind == PromptKind::FilterGroups
            && !erased
        {
            let before = Prompt::new(PromptKind::FilterGroups, &prompt.before);
            self.picker.set_filter(&before.input);
        }
    }

    fn complete(&mut self) {
        let Some(prompt) = &mut self.prompt else {
            return;
        };
        let start = prompt.input.text().to_owned();
        let found: Vec<&str> = match prompt.kind {
            PromptKind::Open => self.picker.completions(&start).take(2).collect(),
            PromptKind::UserGroups => self.names.completions(&start).take(2).collect(),
            PromptKind::FilterGroups | PromptKind::Find | PromptKind::Palette => Vec::new(),
        };
        if let [only] = found.as_slice() {
            prompt.input = super::input_line::InputLine::of(only);
        }
    }

    fn submit(&mut self, now: Now) -> Vec<Effect> {
        let Some(prompt) = self.prompt.take() else {
            return Vec::new();
        };
        let text = prompt.input.text().trim().to_owned();
        self.submitted.remember(prompt.kind, &text);
        match prompt.kind {
            PromptKind::FilterGroups => {
                if self.picker.selected().is_none() && !text.is_empty() {
                    return self.open_text(&text);
                }
            }
            PromptKind::Open => return self.open_text(&text),
            PromptKind::UserGroups if !text.is_empty() => {
                self.flights.forget_failed(&super::flights::Scope::Joined);
                self.picker.show_user(UserId::new(text));
                self.focus = Pane::Groups;
            }
            PromptKind::UserGroups => {}
            PromptKind::Find => match self.detail.find(&text) {
                Some(places) => self.say(Role::Dim, format!("{places} found · n next, N previous")),
                None if text.is_empty() => {}
                None => self.say(Role::Warning, format!("\"{text}\" is not in this view")),
            },
            PromptKind::Palette => {
                let choices = overlay::palette_choices(&prompt, Place::of(self.focus));
                if let Some(binding) = choices.get(prompt.chosen) {
                    return self.act(binding.action, false, now);
                }
            }
        }
        Vec::new()
    }

    /// Opens what was typed or pasted.
    fn open_text(&mut self, text: &str) -> Vec<Effect> {
        match permalink::read(text) {
            Ok(target) if target.app.is_some_and(|app| app != self.settings.app) => {
                let app = target.app.unwrap_or(self.settings.app);
                self.say(
                    Role::Warning,
                    format!(
                        "this link is for app {app}, this profile is app {}",
                        self.settings.app
                    ),
                );
                Vec::new()
            }
            Ok(target) => {
                self.open(target.conversation, target.seq);
                vec![self.saved()]
            }
            Err(why) => {
                self.say(Role::Warning, why);
                Vec::new()
            }
        }
    }

    /// A paste opens what it plainly names; anything else is offered for a look
    /// first, for a paste that went astray must not become a call.
    pub(super) fn paste(&mut self, text: &str) -> Vec<Effect> {
        self.notice = None;
        self.pending.clear();
        if self.prompt.is_none() {
            // What cannot be an ID is said to be none.
            if permalink::is_plain(text) || permalink::read(text).is_err() {
                self.overlay = None;
                return self.open_text(text);
            }
            self.ask(PromptKind::Open);
        }
        if let Some(prompt) = &mut self.prompt {
            prompt.input.insert(text);
            self.typed();
        }
        Vec::new()
    }

    pub(super) fn mouse_event(&mut self, mouse: Mouse) -> Vec<Effect> {
        // A report may still arrive after capture was turned off.
        if !self.mouse || self.prompt.is_some() || self.overlay.is_some() {
            return Vec::new();
        }
        let inside = |a: super::view::Area| {
            (a.x..a.x + a.width).contains(&mouse.column)
                && (a.y..a.y + a.height).contains(&mouse.row)
        };
        let hit = self
            .view
            .panes
            .iter()
            .find(|p| inside(p.area))
            .map(|p| (p.pane, p.area));
        let Some((pane, area)) = hit else {
            return Vec::new();
        };
        self.pending.clear();
        let lines = match mouse.kind {
            MouseKind::ScrollUp => -WHEEL,
            MouseKind::ScrollDown => WHEEL,
            MouseKind::Press => {
                let again = self.focus == pane;
                self.focus = pane;
                // The first row of a pane is its title.
                let row = mouse.row.checked_sub(area.y + 1);
                return row.map_or_else(Vec::new, |row| self.click(pane, row.into(), again));
            }
        };
        let step = if lines < 0 { Action::Up } else { Action::Down };
        match pane {
            Pane::Messages => {
                if let Some(history) = self.history_mut() {
                    history.scroll(lines);
                }
            }
            Pane::Groups => {
                for _ in 0..WHEEL {
                    self.picker.move_by(step, 1);
                }
            }
            Pane::Detail => {
                for _ in 0..WHEEL {
                    self.detail.act(step);
                }
            }
        }
        Vec::new()
    }

    fn click(&mut self, pane: Pane, row: usize, again: bool) -> Vec<Effect> {
        match pane {
            Pane::Groups => {
                let before = self.picker.selected().cloned();
                let hit = self.picker.click(row);
                let same = before.as_ref() == self.picker.selected();
                if let Some(conversation) = before.filter(|_| hit && same && again) {
                    self.open(conversation, None);
                    return vec![self.saved()];
                }
            }
            Pane::Messages => {
                if let Some(history) = self.history_mut() {
                    history.click(row);
                }
            }
            Pane::Detail => {}
        }
        Vec::new()
    }

    /// Starts a prompt.
    pub(super) fn ask(&mut self, kind: PromptKind) {
        let text = if kind == PromptKind::FilterGroups {
            self.picker.filter()
        } else {
            ""
        };
        self.prompt = Some(Prompt::new(kind, text));
        if !matches!(self.overlay, Some(Overlay::Stopped)) {
            self.overlay = None;
        }
    }
}
