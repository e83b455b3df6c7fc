//! Keys and pastes on their way to an action or a prompt.

use super::action::Action;
use super::event::{Effect, Now};
use super::going::wrong_line;
use super::key::{Code, Key, Mouse, MouseKind};
use super::keymap::{Lookup, Place};
use super::line::Role;
use super::overlay::{self, Overlay};
use super::prompt::{Prompt, PromptKind};
use super::view::Pane;
use super::{App, keymap};
use crate::model::deed::Deed;
use crate::model::goto::{self, Destination};
use crate::model::ids::UserId;
use crate::model::needle::Needle;
use crate::model::permalink::{self, Target};

/// Lines a turn of the wheel scrolls.
const WHEEL: i64 = 3;

impl App {
    pub(super) fn key(&mut self, key: Key, now: Now) -> Vec<Effect> {
        let noticed = self.notice.take().is_some();
        self.answered = false;
        if self.prompt.is_some() {
            return self.prompt_key(key, now);
        }
        let key = key.to_latin();
        let armed = std::mem::take(&mut self.quit_armed);
        let esc = key == Key::plain(Code::Esc);
        if esc && self.cancel_job() {
            return Vec::new();
        }
        // Meant for what was said, or for a job that ended a moment before.
        if esc && noticed && self.focus == Pane::Messages && self.overlay.is_none() {
            return Vec::new();
        }
        let places = overlay::places(self.place());
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
        let place = self.place();
        let Some(prompt) = &mut self.prompt else {
            return Vec::new();
        };
        let action = match self.settings.keymap.lookup(&[Place::Prompts], &[key]) {
            Lookup::Action(action) => action,
            Lookup::Prefix | Lookup::Unbound => {
                if let Some(ends) = goes_to_an_end(prompt, key) {
                    self.prompt = None;
                    return self.go_to_end(ends, now);
                }
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
                let choices = overlay::palette_choices(prompt, place).len();
                prompt.chosen = (prompt.chosen + 1).min(choices.saturating_sub(1));
            }
            Action::HistoryUp | Action::HistoryDown => {
                prompt.recall(&self.submitted, action);
                self.typed();
            }
            Action::Complete => self.complete(now),
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
            PromptKind::Palette | PromptKind::GoTo => prompt.chosen = 0,
            PromptKind::Filter => prompt.choices.clear(),
            PromptKind::Open
            | PromptKind::UserGroups
            | PromptKind::Find
            | PromptKind::Search
            | PromptKind::Note
            | PromptKind::Export(_)
            | PromptKind::AuditRange => {}
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

    fn complete(&mut self, now: Now) {
        match self.prompt.as_ref().map(|p| p.kind) {
            Some(PromptKind::Filter) => return self.complete_filter(),
            Some(PromptKind::GoTo) => return self.next_reading(now),
            _ => {}
        }
        let Some(prompt) = &mut self.prompt else {
            return;
        };
        let start = prompt.input.text().to_owned();
        let found: Vec<&str> = match prompt.kind {
            PromptKind::Open => self.picker.completions(&start).take(2).collect(),
            PromptKind::UserGroups => self.names.completions(&start).take(2).collect(),
            PromptKind::FilterGroups
            | PromptKind::Find
            | PromptKind::Palette
            | PromptKind::GoTo
            | PromptKind::Search
            | PromptKind::Filter
            | PromptKind::Note
            | PromptKind::Export(_)
            | PromptKind::AuditRange => Vec::new(),
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
                    return self.open_text(&text, now);
                }
            }
            PromptKind::Open => return self.open_text(&text, now),
            PromptKind::GoTo => {
                let effects = self.go_to_text(&text, prompt.chosen, now);
                // What was gone to lies below the box it was asked from.
                if self.prompt.is_none() && self.in_box() {
                    self.overlay = None;
                }
                return effects;
            }
            PromptKind::Search => self.search_text(&text, now),
            PromptKind::Filter => self.filter_text(&text, now),
            PromptKind::Note => return self.mark(&text, now),
            PromptKind::AuditRange => self.audit_text(&text, now),
            PromptKind::Export(part) => self.export_text(part, &text, now),
            PromptKind::UserGroups if !text.is_empty() => {
                self.flights.forget_failed(&super::flights::Scope::Joined);
                self.note(Deed::new("groups").with("user", &text));
                self.picker.show_user(UserId::new(text));
                self.focus = Pane::Groups;
            }
            PromptKind::UserGroups => {}
            PromptKind::Find => self.find_in_detail(&text),
            PromptKind::Palette => {
                let choices = overlay::palette_choices(&prompt, self.place());
                if let Some(binding) = choices.get(prompt.chosen) {
                    return self.act(binding.action, false, now);
                }
            }
        }
        Vec::new()
    }

    /// Opens what was typed or pasted: an ID, a permalink, and what the go-to
    /// prompt alone would take, such as a message ID.
    fn open_text(&mut self, text: &str, now: Now) -> Vec<Effect> {
        if goto::is_place(text) && self.history().is_some() {
            return self.go_to_text(text, 0, now);
        }
        match permalink::read(text) {
            Ok(target) => self.open_target(target, now),
            Err(why) => {
                self.say(Role::Warning, why);
                Vec::new()
            }
        }
    }

    pub(super) fn open_target(&mut self, target: Target, now: Now) -> Vec<Effect> {
        if let Some(app) = target.app.filter(|app| *app != self.settings.app) {
            self.say(
                Role::Warning,
                format!(
                    "this link is for app {app}, not {} · tim-history open takes it",
                    self.settings.app
                ),
            );
            return Vec::new();
        }
        self.open(target.conversation, target.seq, now);
        vec![self.saved()]
    }

    fn find_in_detail(&mut self, text: &str) {
        let needle = match Needle::parse(text) {
            Ok(needle) => Some(needle),
            Err(_) if text.is_empty() => None,
            Err(wrong) => {
                self.notice = Some(wrong_line(&wrong));
                return;
            }
        };
        match self.detail.find(needle) {
            Some(places) => self.say(Role::Dim, format!("{places} found · n next, N previous")),
            None if text.is_empty() => {}
            None => self.say(Role::Warning, format!("\"{text}\" is not in this view")),
        }
    }

    /// Another reading of an ambiguous text.
    fn next_reading(&mut self, now: Now) {
        let Some(prompt) = &self.prompt else { return };
        let reading = self.reading(prompt.input.text(), now);
        let readings = reading.map_or(1, |r| r.others.len() + 1);
        if let Some(prompt) = &mut self.prompt {
            prompt.chosen = (prompt.chosen + 1) % readings;
        }
    }

    /// `gg` and `gG`: the ends of the messages, or of the list that has the focus.
    fn go_to_end(&mut self, destination: Destination, now: Now) -> Vec<Effect> {
        if self.focus == Pane::Messages {
            return self.go(destination, now);
        }
        let action = if destination == Destination::Start {
            Action::Top
        } else {
            Action::Bottom
        };
        self.pane_act(action, now)
    }

    /// A paste opens what it plainly names; anything else is offered for a look
    /// first, for a paste that went astray must not become a call.
    pub(super) fn paste(&mut self, text: &str, now: Now) -> Vec<Effect> {
        self.notice = None;
        self.answered = false;
        self.pending.clear();
        if self.prompt.is_none() {
            // What cannot be an ID is said to be none.
            let plain = permalink::is_plain(text) || goto::is_place(text);
            if plain || permalink::read(text).is_err() {
                self.overlay = None;
                return self.open_text(text, now);
            }
            self.ask(PromptKind::Open);
        }
        if let Some(prompt) = &mut self.prompt {
            prompt.input.insert(text);
            self.typed();
        }
        Vec::new()
    }

    pub(super) fn mouse_event(&mut self, mouse: Mouse, now: Now) -> Vec<Effect> {
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
                return row.map_or_else(Vec::new, |row| self.click(pane, row.into(), again, now));
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

    fn click(&mut self, pane: Pane, row: usize, again: bool, now: Now) -> Vec<Effect> {
        match pane {
            Pane::Groups => {
                let before = self.picker.selected().cloned();
                let hit = self.picker.click(row);
                let same = before.as_ref() == self.picker.selected();
                if let Some(conversation) = before.filter(|_| hit && same && again) {
                    self.open(conversation, None, now);
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
        let history = self.history();
        let text = match kind {
            PromptKind::FilterGroups => self.picker.filter().to_owned(),
            PromptKind::Filter => history
                .and_then(|h| h.filter())
                .map(|q| q.source().to_owned())
                .unwrap_or_default(),
            PromptKind::Note => self.note_here().unwrap_or_default(),
            PromptKind::Open
            | PromptKind::GoTo
            | PromptKind::Search
            | PromptKind::AuditRange
            | PromptKind::Export(_)
            | PromptKind::UserGroups
            | PromptKind::Find
            | PromptKind::Palette => String::new(),
        };
        self.ask_with(kind, &text);
    }

    /// Starts a prompt with this text in it.
    pub(super) fn ask_with(&mut self, kind: PromptKind, text: &str) {
        self.prompt = Some(Prompt::new(kind, text));
        // A box with something to choose in it stays below the prompt.
        if matches!(self.overlay, Some(Overlay::Help { .. })) {
            self.close_box();
        }
    }
}

/// `g` and `G` in an empty go-to prompt.
fn goes_to_an_end(prompt: &Prompt, key: Key) -> Option<Destination> {
    if prompt.kind != PromptKind::GoTo || !prompt.input.text().is_empty() {
        return None;
    }
    let key = key.to_latin();
    if key == Key::char('g') {
        Some(Destination::Start)
    } else {
        (key == Key::char('G')).then_some(Destination::End)
    }
}
