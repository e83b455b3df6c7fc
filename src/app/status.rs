//! The two lines at the bottom: where one is, and what the keys do.

use std::fmt::Display;

use super::event::Now;
use super::flights::{Direction, Flight, Phase, Scope};
use super::hints::{hints, key_hints};
use super::line::{Line, Piece, Role};
use super::overlay::Overlay;
use super::prompt::PromptKind;
use super::{App, action::Action};
use crate::model::text::{Clean, clean, grouped};
use crate::model::time::{self, Zone};

/// The offset now: what the times of today are behind or ahead by.
pub(super) fn offset_of(zone: &Zone, now: Now) -> String {
    now.wall
        .map(|wall| time::offset(wall, zone))
        .unwrap_or_default()
}

/// A field of the status line: the smaller the number, the earlier it is dropped.
pub(super) struct Field {
    pub(super) keep: u8,
    pub(super) role: Role,
    pub(super) words: Clean,
    /// Has a form of fewer cells, for when dropping fields is not enough.
    pub(super) shortens: bool,
}

impl Field {
    /// One that has no shorter form.
    pub(super) const fn of(keep: u8, role: Role, words: Clean) -> Self {
        Self {
            keep,
            role,
            words,
            shortens: false,
        }
    }
}

/// Never dropped: the profile, the seq, the gaps, the zone.
pub(super) const ALWAYS: u8 = u8::MAX;

/// The narrowest screen whose status line has room for the head beside the seq.
const SHOWS_HEAD: u16 = 56;

/// As many as there can be.
const FIELDS: usize = 13;

impl App {
    /// Profile, group, position, loaded, gaps, calls, what is in flight, zone.
    pub(super) fn status_line(&self, now: Now) -> Line {
        let mut fields = Vec::with_capacity(FIELDS);
        let label = self.settings.label.clone();
        fields.push(Field::of(ALWAYS, Role::Accent, label));
        if let Some(conversation) = &self.current {
            let name = self.picker.name(conversation).truncate(24);
            fields.push(Field::of(3, Role::Label, name));
        }
        if let Some(history) = self.history() {
            let timeline = history.timeline();
            if let Some(head) = timeline.head() {
                let seq = grouped(history.selected().unwrap_or(head));
                let gaps = timeline.gaps();
                fields.push(if self.size.width < SHOWS_HEAD {
                    field(ALWAYS, Role::Text, format_args!("seq {seq}"))
                } else {
                    let head = grouped(head);
                    field(ALWAYS, Role::Text, format_args!("seq {seq} of {head}"))
                });
                let loaded = grouped(timeline.loaded());
                fields.push(field(2, Role::Dim, format_args!("{loaded} loaded")));
                let mut extend = |keep, role, words: Option<String>| {
                    fields.extend(words.map(|words| field(keep, role, words)));
                };
                extend(ALWAYS, Role::Accent, self.selection_words());
                extend(ALWAYS, Role::Warning, self.filter_words());
                extend(4, Role::Accent, self.hits_words());
                extend(ALWAYS, Role::Accent, self.head_words());
                if gaps > 0 {
                    let word = if gaps == 1 { "gap" } else { "gaps" };
                    fields.push(field(ALWAYS, Role::Ours, format_args!("{gaps} {word}")));
                }
            }
        }
        let calls = self.flights.started();
        let word = if calls == 1 { "call" } else { "calls" };
        let calls = grouped(calls);
        fields.push(field(1, Role::Dim, format_args!("{calls} {word}")));
        if let Some(words) = self.export_field() {
            fields.push(field(ALWAYS, Role::Accent, words));
        }
        if let Some((role, words)) = self.in_flight(now) {
            fields.push(field(ALWAYS, role, words));
        }
        if let Some(zone) = self.settings.zones.get(self.zone) {
            let offset = offset_of(zone, now);
            fields.push(field(ALWAYS, Role::Time, format_args!("UTC{offset}")));
        }
        fit(fields, usize::from(self.size.width))
    }

    /// The call whose time is shown: one somebody may be waiting for.
    pub(super) fn shown_flight(&self) -> Option<&Flight> {
        let shown = |f: &&Flight| {
            let waits = matches!(f.phase, Phase::Running { .. } | Phase::Waiting { .. });
            let matters = match &f.scope {
                // A poll is nothing to wait for.
                Scope::Page(_, Direction::Poll)
                | Scope::Background
                | Scope::Topics(_)
                | Scope::Members(_)
                | Scope::Names => false,
                Scope::Page(conversation, _) | Scope::Ahead(conversation) => {
                    Some(conversation) == self.current.as_ref()
                }
                // What a stopped job left in the air lands by itself.
                Scope::Job(conversation) => {
                    self.work.is_some() && Some(conversation) == self.current.as_ref()
                }
                Scope::GroupIds | Scope::Joined | Scope::Groups | Scope::Card(_) => true,
            };
            waits && matters
        };
        let order = |f: &&Flight| {
            let page = matches!(f.scope, Scope::Page(..) | Scope::Ahead(_));
            let newest = matches!(f.scope, Scope::Page(_, Direction::Newest));
            (!newest, !page)
        };
        self.flights.iter().filter(shown).min_by_key(order)
    }

    /// At most 12 cells.
    fn in_flight(&self, now: Now) -> Option<(Role, String)> {
        if let Some(halt) = &self.halt {
            let words = halt.quiet_until.filter(|t| *t > now.mono).map_or_else(
                || "stopped".to_owned(),
                |t| {
                    format!(
                        "silent {}s",
                        t.saturating_duration_since(now.mono)
                            .as_millis()
                            .div_ceil(1000)
                    )
                },
            );
            return Some((Role::Error, words));
        }
        match &self.shown_flight()?.phase {
            Phase::Running { since, .. } => {
                let seconds = now.mono.saturating_duration_since(*since).as_secs();
                let words = if seconds == 0 {
                    "asking".to_owned()
                } else {
                    format!("asking {seconds}s")
                };
                Some((Role::Dim, words))
            }
            Phase::Waiting { until, .. } => {
                let wait = until
                    .saturating_duration_since(now.mono)
                    .as_millis()
                    .div_ceil(1000);
                Some((Role::Warning, format!("retry in {wait}s")))
            }
            Phase::Failed { .. } => None,
        }
    }

    /// The prompt as far as it fits, and the cells left of its cursor.
    pub(super) fn prompt_window(&self) -> Option<(Line, usize)> {
        let prompt = self.prompt.as_ref()?;
        let label = prompt.kind.label();
        let room = usize::from(self.size.width).saturating_sub(label.len());
        let (shown, before) = prompt.input.window(room);
        let mut line = Line::of(Role::Key, label);
        line.push(Role::Input, clean(shown).one_line());
        Some((line, label.len() + before))
    }

    /// How what is typed is understood, in place of the status line.
    pub(super) fn explanation(&self, now: Now) -> Option<Line> {
        let prompt = self.prompt.as_ref()?;
        let text = prompt.input.text();
        let line = match prompt.kind {
            PromptKind::GoTo => self.explain_go_to(text, prompt.chosen, now),
            PromptKind::Search => self.explain_search(text, now),
            PromptKind::Filter => self.explain_filter(text, &prompt.choices, now),
            PromptKind::AuditRange => self.explain_range(text, now),
            PromptKind::Export(part) => self.explain_export(part, text, now),
            PromptKind::Note => Line::new().saying(Role::Dim, self.explain_note()),
            PromptKind::FilterGroups
            | PromptKind::Open
            | PromptKind::UserGroups
            | PromptKind::Find
            | PromptKind::Palette => return None,
        };
        Some(line)
    }

    /// The prompt, what runs, a remark, or what the keys do here.
    pub(super) fn key_line(&mut self, now: Now) -> Line {
        if let Some((line, _)) = self.prompt_window() {
            return line;
        }
        // A question that waits for its answer stands above what runs, and so does
        // the answer to the key before.
        let above = self.quit_armed || self.answered;
        if let Some(notice) = self.notice.as_ref().filter(|_| above) {
            return notice.clone();
        }
        if let Some(line) = self.progress_line(now) {
            return line;
        }
        if let Some(notice) = &self.notice {
            return notice.clone();
        }
        let keymap = &self.settings.keymap;
        if matches!(self.overlay, Some(Overlay::Stopped)) {
            return hints(
                [
                    (keymap.hint(Action::Retry), "retries"),
                    (keymap.hint(Action::Close), "closes"),
                ],
                80,
            );
        }
        let width = usize::from(self.size.width);
        if self.in_box() {
            return self.box_hints(width);
        }
        let of = (self.place(), width);
        if let Some((_, line)) = self.hints.as_ref().filter(|(before, _)| *before == of) {
            return line.clone();
        }
        let line = key_hints(keymap, of.0, width);
        self.hints = Some((of, line.clone()));
        line
    }
}

/// `seq 1,100 of 1,115` as `1,100/1,115`, `UTC+08:00` as `+08:00`, `9 seqs selected`
/// as `9 sel`, `searched 1-20` as `1-20`.
fn shorter(text: &str) -> Option<Clean> {
    if let Some(zone) = text.strip_prefix("UTC") {
        return Some(Clean::ours(zone));
    }
    if let Some(count) = text.strip_suffix(" seqs selected") {
        return Some(Clean::ours(format_args!("{count} sel")));
    }
    if let Some(range) = text.strip_prefix("searched ") {
        return Some(Clean::ours(range));
    }
    let place = text.strip_prefix("seq ")?;
    Some(match place.split_once(" of ") {
        Some((seq, head)) => Clean::ours(format_args!("{seq}/{head}")),
        None => Clean::ours(place),
    })
}

/// A field that shortens, if there is a way.
pub(super) fn field(keep: u8, role: Role, words: impl Display) -> Field {
    Field {
        shortens: true,
        ..Field::of(keep, role, Clean::ours(words))
    }
}

/// The fields that fit, with bars between them.
pub(super) fn fit(mut fields: Vec<Field>, width: usize) -> Line {
    let needed = |fields: &[Field]| {
        fields.iter().map(|f| f.words.width()).sum::<usize>() + 3 * fields.len().saturating_sub(1)
    };
    while needed(&fields) > width {
        let droppable = fields.iter().enumerate().filter(|(_, f)| f.keep < ALWAYS);
        let Some((at, _)) = droppable.min_by_key(|(_, f)| f.keep) else {
            break;
        };
        fields.remove(at);
    }
    if needed(&fields) > width {
        for field in &mut fields {
            if let Some(short) = shorter(field.words.as_str()).filter(|_| field.shortens) {
                field.words = short;
            }
        }
    }
    let bar = Clean::ours(" · ");
    let mut pieces = Vec::with_capacity(2 * fields.len());
    for Field { role, words, .. } in fields.into_iter().filter(|f| !f.words.is_empty()) {
        if !pieces.is_empty() {
            let text = bar.clone();
            let role = Role::Dim;
            pieces.push(Piece { text, role });
        }
        pieces.push(Piece { text: words, role });
    }
    pieces.into()
}
