//! Lays out the whole screen at the end of an update, as owned rows.

use std::rc::Rc;

use super::action::Action;
use super::detail::{Frame, GroupCard, Hole, Shown, Subject};
use super::event::Now;
use super::flights::{Phase, Scope};
use super::history::{Block, BlockKind, History, Paper};
use super::line::{Line, Role};
use super::overlay::{self, Overlay};
use super::panes::{SMALLEST, arrange};
use super::picker;
use super::prompt::PromptKind;
use super::standing::Slip;
use super::view::{Area, Gutter, Pane, PaneView, Row, View};
use super::{App, keymap};
use crate::model::ids::UserId;
use crate::model::text::{Clean, clean, grouped};
use crate::model::time::{self, Zone};
use crate::model::timeline::SeqState;

/// Cells of the gutter left of every row.
const GUTTER: u16 = 2;

impl App {
    /// Makes [`App::view`] anew.
    pub(super) fn lay_out(&mut self, now: Now) {
        let mut view = View::blank(self.size);
        view.ascii = self.settings.ascii;
        if self.size.width < SMALLEST.width || self.size.height < SMALLEST.height {
            view.status = Line::of(Role::Warning, "too small: 40x10 or more");
            self.view = Rc::new(view);
            return;
        }
        for (pane, area) in arrange(self.size, self.focus, self.zoomed) {
            let (title, rows) = match pane {
                Pane::Groups => self.groups_rows(area, now),
                Pane::Messages => self.messages_rows(area, now),
                Pane::Detail => self.detail_rows(area, now),
            };
            let focused = pane == self.focus;
            view.panes.push(PaneView {
                pane,
                area,
                divided: area.x > 0,
                title,
                focused,
                rows,
            });
        }
        view.status = self
            .explanation(now)
            .unwrap_or_else(|| self.status_line(now));
        view.keys = self.key_line(now);
        if let Some((_, before)) = self.prompt_window() {
            let column = u16::try_from(before).unwrap_or(u16::MAX);
            let column = column.min(self.size.width - 1);
            view.cursor = Some((column, self.size.height - 1));
        }
        view.overlay = self.overlay_view(now);
        self.view = Rc::new(view);
    }

    fn groups_rows(&mut self, area: Area, now: Now) -> (Line, Vec<Row>) {
        let Self {
            settings,
            flights,
            picker,
            halt,
            ..
        } = self;
        let Some(zone) = settings.zones.get(self.zone) else {
            return Default::default();
        };
        let hint = |action| settings.keymap.hinted(action);
        let (retry, cancel) = (hint(Action::Retry), hint(Action::Cancel));
        let list = picker.scope();
        let infos = flights
            .of(&Scope::Groups)
            .chain(flights.of(&Scope::Background));
        let failed_info = infos
            .map(|f| &f.phase)
            .find(|p| matches!(p, Phase::Failed { .. }));
        let phase = flights.of(&list).next().map(|f| &f.phase).or(failed_info);
        let width = inner(area);
        let place = picker::Place {
            width,
            height: below_title(area),
            zone,
            now,
            phase,
            stopped: halt.as_ref().map(|h| &h.error),
            slip: Slip {
                width,
                now,
                retry,
                cancel,
            },
        };
        let rows = picker.lay_out(&place);
        (picker.title(phase), rows)
    }

    fn messages_rows(&mut self, area: Area, now: Now) -> (Line, Vec<Row>) {
        let (name, rest) = self.messages_title();
        let height = usize::from(below_title(area));
        let rows = self.on_paper(area, now, |history, paper| history.lay_out(paper, height));
        let (Some(rows), Some(zone), Some(history)) =
            (rows, self.settings.zones.get(self.zone), self.history())
        else {
            return (name, nothing_open(&self.settings.keymap, height));
        };
        let mut name = name;
        if let Some(query) = history.filter() {
            // The filter is to be seen, however long the name is.
            let room = usize::from(area.width / 3);
            let whole = self.picker.name(&history.conversation);
            name = Line::of(Role::Label, whole.truncate(room));
            name.say(Role::Dim, " · filter: ");
            name.push(Role::Warning, clean(query.source()).one_line().truncate(40));
        }
        // Without a day separator on screen nothing else says which day it is.
        let mut title = name;
        if let Some(top) = history.top_time() {
            let day = time::day(top, zone);
            title.say(Role::Time, format_args!(" · {day}"));
        }
        title.append(rest);
        // A recall since then is not known of: asking again tells.
        if let Some(as_of) = history.head_as_of() {
            let clock = time::clock(as_of, zone);
            let words = Clean::ours(format_args!(" · as of {clock}"));
            let needed = title.width() + words.width();
            if needed <= usize::from(inner(area).saturating_sub(1)) {
                title.push(Role::Time, words);
            }
        }
        (title, rows)
    }

    /// Does something with what is read, and all its rows are laid out for.
    fn on_paper<T>(
        &mut self,
        area: Area,
        now: Now,
        act: impl FnOnce(&mut History, &Paper<'_>) -> T,
    ) -> Option<T> {
        let Self {
            settings,
            names,
            flights,
            histories,
            current,
            picker,
            places,
            ..
        } = self;
        let conversation = current.as_ref()?;
        let history = histories.get_mut(conversation)?;
        let zone = settings.zones.get(self.zone)?;
        let group = &conversation.group;
        let name_of = |user: &UserId| names.of(group, user);
        let hint = |action| settings.keymap.hinted(action);
        let paper = Paper {
            width: inner(area),
            wrap: self.wrap,
            show_ids: self.show_ids,
            zone,
            names: &name_of,
            names_known: names.learnt(),
            flights,
            now,
            refusal: picker
                .type_without_history(group)
                .map(crate::model::group::GroupType::label),
            stopped: self.halt.as_ref().map(|h| &h.error),
            marks: places.marks(conversation),
            cancel: hint(Action::Cancel),
            retry: hint(Action::Retry),
            enter: hint(Action::In),
            filter: hint(Action::Filter),
        };
        Some(act(history, &paper))
    }

    /// Gets ready for the next key, while nobody waits for a picture: [`App::view`] stays.
    pub fn prepare(&mut self, now: Now) {
        let panes = self.view.panes.iter();
        let messages = panes.filter(|pane| pane.pane == Pane::Messages);
        let Some(area) = messages.map(|pane| pane.area).next() else {
            return;
        };
        self.on_paper(area, now, History::prepare);
    }

    /// The name of the conversation, and what else is known of it.
    fn messages_title(&self) -> (Line, Line) {
        let mut rest = Line::new();
        let Some(conversation) = &self.current else {
            return (Line::of(Role::Label, "Messages"), rest);
        };
        if let Some(Ok(info)) = self.picker.info(conversation) {
            if let Some(kind) = &info.kind {
                rest.say(Role::Dim, format_args!(" · {}", kind.label()));
            }
            if let Some(members) = info.members {
                let members = grouped(members);
                rest.say(Role::Dim, format_args!(" · {members} members"));
            }
        }
        (Line::of(Role::Label, self.picker.name(conversation)), rest)
    }

    fn detail_rows(&mut self, area: Area, now: Now) -> (Line, Vec<Row>) {
        let Self {
            settings,
            names,
            histories,
            current,
            picker,
            detail,
            ..
        } = self;
        let Some(zone) = settings.zones.get(self.zone) else {
            return Default::default();
        };
        let history = current.as_ref().and_then(|c| histories.get(c));
        let for_group = self.focus == Pane::Groups || history.is_none();
        let group = history.map(|h| h.conversation.group.clone());
        let name_of = |user: &UserId| group.as_ref().and_then(|g| names.of(g, user));
        let frame = Frame {
            zone,
            name_of: &name_of,
            keys: &settings.keymap,
            width: inner(area),
            height: below_title(area),
            ascii: settings.ascii,
            now: now.wall,
        };
        let laid = match (for_group, picker.selected(), history) {
            (true, Some(selected), _) => {
                let info = picker.info(selected);
                let card = GroupCard {
                    id: &selected.group,
                    topic: selected.topic.as_ref(),
                    info: info.and_then(|i| i.as_ref().ok()),
                    error: info
                        .and_then(|i| i.as_ref().err())
                        .map(|(code, text)| (*code, text.as_str())),
                    sentences: if info.is_none() {
                        vec![(Role::Dim, Clean::from("asking for it…"))]
                    } else {
                        Vec::new()
                    },
                };
                detail.lay_out(&Subject::Group(card), &frame)
            }
            (false, _, Some(history)) => with_subject(history, zone, |s| detail.lay_out(s, &frame)),
            _ => detail.lay_out(&Subject::Nothing, &frame),
        };
        let mut title = laid.title;
        if laid.more_below > 0 {
            let word = if laid.more_below == 1 {
                "line"
            } else {
                "lines"
            };
            title.say(Role::Dim, format!(" · {} more {word}", laid.more_below));
        }
        (title, laid.rows)
    }

    fn overlay_view(&mut self, now: Now) -> Option<super::view::OverlayView> {
        let keymap = &self.settings.keymap;
        if let Some(prompt) = self
            .prompt
            .as_ref()
            .filter(|p| p.kind == PromptKind::Palette)
        {
            return Some(overlay::palette(keymap, prompt, self.place(), self.size));
        }
        match self.overlay.as_mut()? {
            Overlay::Help { place, scroll, .. } => {
                Some(overlay::help(keymap, *place, scroll, self.size))
            }
            Overlay::Audit(_)
            | Overlay::Chart(_)
            | Overlay::Marks(_)
            | Overlay::Copy(_)
            | Overlay::Export(_)
            | Overlay::Card { .. } => self.box_view(now),
            Overlay::Stopped => {
                let halt = self.halt.as_ref()?;
                Some(overlay::stopped(&halt.error, keymap, self.size))
            }
        }
    }
}

fn inner(area: Area) -> u16 {
    area.width.saturating_sub(GUTTER)
}

fn below_title(area: Area) -> u16 {
    area.height.saturating_sub(1)
}

fn nothing_open(keymap: &keymap::Keymap, height: usize) -> Vec<Row> {
    let (enter, open) = (keymap.hint(Action::In), keymap.hint(Action::Open));
    let words = [
        "No conversation is open.".to_owned(),
        format!("{enter} in the groups opens one;"),
        format!("{open} opens any ID."),
    ];
    let row = |w: &String| Row {
        gutter: Gutter::Ours,
        line: Line::new().saying(Role::Ours, w),
        selected: false,
    };
    words.iter().map(row).take(height).collect()
}

/// Calls `lay_out` with what is selected in the messages.
fn with_subject<T>(history: &History, zone: &Zone, lay_out: impl FnOnce(&Subject<'_>) -> T) -> T {
    let timeline = history.timeline();
    let Some((seq, block)) = history.selected().zip(history.selected_block()) else {
        return lay_out(&Subject::Nothing);
    };
    let message = match block.kind {
        BlockKind::Single(state) => timeline.message(seq).map(|m| (m, state)),
        BlockKind::Folded(_) | BlockKind::Gap | BlockKind::Unjudged | BlockKind::Hidden => None,
    };
    let Some((message, state)) = message else {
        return lay_out(&Subject::Hole(hole(history, block, zone)));
    };
    let first = timeline.first_answer(seq);
    let first_state = first.map(|f| {
        f.message
            .map_or(SeqState::Withheld, |m| SeqState::from(&m.state))
    });
    let shown = Shown {
        message,
        state,
        first: first_state
            .as_ref()
            .zip(first)
            .map(|(state, first)| (state, first.message)),
        strays: timeline.strays(seq),
        as_of: history.as_of(seq),
    };
    lay_out(&Subject::Message(shown))
}

fn hole(history: &History, block: Block, zone: &Zone) -> Hole {
    let state = match block.kind {
        BlockKind::Single(state) | BlockKind::Folded(state) => state,
        BlockKind::Gap => SeqState::Unfetched,
        BlockKind::Unjudged | BlockKind::Hidden => SeqState::Present,
    };
    let words: &[&'static str] = match state {
        SeqState::Gone => &[
            "Deleted, expired or never stored: the service does not say which.",
            "It keeps the seq and nothing else.",
        ],
        SeqState::Recalled => &["Recalled by somebody: the service does not say by whom or why."],
        SeqState::Withheld => &[
            "The service answered for this range and left these out.",
            "Recalled messages may be left out like this; so may directed ones. It does not say.",
        ],
        SeqState::Unfetched => &["Not loaded: nothing is known about it yet."],
        SeqState::Present | SeqState::Unreadable => &[],
    };
    let mut sentences: Vec<(Role, Clean)> = words
        .iter()
        .map(|w| (Role::Text, Clean::from(*w)))
        .collect();
    if let Some(first) = history
        .timeline()
        .first_answer(block.first)
        .filter(|_| block.len() == 1)
    {
        let was = if first.message.is_some() {
            "There was a message here when it was first asked for."
        } else {
            "It was left out before, too."
        };
        sentences.push((Role::Warning, Clean::from(was)));
    }
    // One answer for all of it, or the older one of its ends.
    let ends = [block.first, block.last].map(|seq| history.as_of(seq));
    if let [Some(first), Some(last)] = ends {
        let words = format!("As of {}.", time::full(first.min(last), zone));
        sentences.push((Role::Time, Clean::ours(words)));
    }
    Hole {
        first: block.first,
        last: block.last,
        state,
        sentences,
    }
}
