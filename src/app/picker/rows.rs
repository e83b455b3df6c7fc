//! The picker's movement and rows.

use std::collections::BTreeSet;

use super::{Listing, Picker};
use crate::app::action::Action;
use crate::app::event::Now;
use crate::app::flights::Phase;
use crate::app::line::{Line, Role};
use crate::app::standing::{self, Slip};
use crate::app::view::{Gutter, Row};
use crate::model::codes;
use crate::model::error::ApiError;
use crate::model::group::GroupInfo;
use crate::model::ids::Conversation;
use crate::model::text::{Clean, clean, grouped};
use crate::model::time::{self, Zone};

/// What the rows are laid out for.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Columns, gutter not counted.
    pub width: u16,
    /// Rows.
    pub height: u16,
    /// For the times.
    pub zone: &'a Zone,
    /// For "today".
    pub now: Now,
    /// How the call for the list stands, if there is one.
    pub phase: Option<&'a Phase>,
    /// What stopped all calls, if anything did.
    pub stopped: Option<&'a ApiError>,
    /// For what failed.
    pub slip: Slip<'a>,
}

/// The narrowest list that shows the column; names keep the rest.
const SHOWS_LAST: usize = 24;
const SHOWS_TYPE: usize = 42;
const SHOWS_MEMBERS: usize = 54;
const SHOWS_ID: usize = 100;

impl Picker {
    /// Moves the cursor; `false` for an action that does not move.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the picker answers for its own actions"
    )]
    pub fn move_by(&mut self, action: Action, page: usize) -> bool {
        let at = self.position();
        let last = self.items.len().saturating_sub(1);
        let page = page.max(1);
        let to = match action {
            Action::Down => at + 1,
            Action::Up => at.saturating_sub(1),
            Action::PageDown => at + page,
            Action::PageUp => at.saturating_sub(page),
            Action::HalfDown => at + page.div_ceil(2),
            Action::HalfUp => at.saturating_sub(page.div_ceil(2)),
            Action::Top => 0,
            Action::Bottom => last,
            _ => return false,
        };
        self.at = to.min(last);
        self.selected = self.items.get(self.at).cloned();
        true
    }

    /// Puts the cursor on a visible row; `false` below the last one.
    pub fn click(&mut self, row: usize) -> bool {
        let item = self.items.get(self.top + row).cloned();
        let hit = item.is_some();
        self.selected = item.or(self.selected.take());
        hit
    }

    /// The index of the cursor's item: where it was, or wherever it has gone.
    fn position(&self) -> usize {
        let selected = self.selected.as_ref();
        if self.items.get(self.at) == selected {
            return self.at;
        }
        let found = self.items.iter().position(|i| Some(i) == selected);
        found.unwrap_or(0)
    }

    /// The title: what is listed, how far, in which order.
    #[must_use]
    pub fn title(&self, phase: Option<&Phase>) -> Line {
        let mut line = self.listed();
        match phase {
            Some(Phase::Failed { error }) => {
                line.say(Role::Error, " · failed");
                if let Some(code) = error.code() {
                    line.say(Role::Error, format!(" {code}"));
                }
            }
            Some(Phase::Waiting { .. }) => line.say(Role::Warning, " · waiting"),
            Some(Phase::Running { .. }) | None => {}
        }
        line
    }

    fn listed(&self) -> Line {
        let mut line = Line::of(Role::Label, "Groups");
        if let Some(of_user) = &self.of_user {
            line.say(Role::Dim, " of ");
            line.push(Role::Text, clean(of_user.user.as_str()).one_line());
            let total = of_user
                .total
                .map_or_else(|| "…".to_owned(), |t| t.to_string());
            line.say(Role::Dim, format!(" {} of {total}", of_user.groups.len()));
            return line;
        }
        let named = self.entries.len() - self.unnamed.len();
        let known = u64::try_from(self.order.len()).unwrap_or(u64::MAX);
        let total = self.total.unwrap_or(known).max(known);
        let done = self.listing == Listing::Done && u64::try_from(named).unwrap_or(0) >= total;
        if done {
            line.say(Role::Dim, format!(" {total}"));
        } else if total > 0 {
            line.say(
                Role::Dim,
                format!(" {} of {} named", grouped(named), grouped(total)),
            );
        }
        if !self.filter.is_empty() {
            line.say(Role::Dim, " · /");
            line.push(Role::Input, clean(&self.filter).one_line());
        } else if self.sort != super::Sort::Listed {
            line.say(Role::Dim, format!(" · {}", self.sort.words()));
        }
        line
    }

    /// The visible rows; remembers which groups they show.
    pub fn lay_out(&mut self, place: &Place<'_>) -> Vec<Row> {
        let height = usize::from(place.height).max(1);
        let at = self.position();
        self.at = at;
        let most = self.items.len().saturating_sub(height);
        self.top = self
            .top
            .clamp((at + 1).saturating_sub(height), at)
            .min(most);
        let shown: Vec<Conversation> = self
            .items
            .iter()
            .skip(self.top)
            .take(height)
            .cloned()
            .collect();
        self.visible = shown
            .iter()
            .map(|c| c.group.clone())
            .collect::<BTreeSet<_>>();
        if shown.is_empty() {
            let mut rows = self.empty_rows(place);
            rows.truncate(height);
            return rows;
        }
        shown.iter().map(|c| self.row(c, place)).collect()
    }

    fn empty_rows(&self, place: &Place<'_>) -> Vec<Row> {
        let done = match &self.of_user {
            Some(of_user) => of_user.done,
            None => self.listing == Listing::Done,
        };
        let words: &[&str] = match (self.filter.is_empty(), self.of_user.is_some(), done) {
            (false, _, _) => &[
                "No group matches the filter.",
                "Enter opens what was typed as an ID;",
                "/ and an empty line shows all.",
            ],
            (true, true, true) => &[
                "This user is in no group.",
                "Check the user ID; Esc shows all.",
            ],
            (true, false, true) => &["No group is known.", "o opens a group by its ID."],
            (true, true, false) => &["The groups of this user"],
            (true, false, false) => &["The groups"],
        };
        let row = |w: &&str| Row {
            gutter: Gutter::Ours,
            line: Line::new().saying(Role::Ours, w),
            selected: false,
        };
        let mut rows: Vec<Row> = words.iter().map(row).collect();
        match (place.stopped, place.phase) {
            (Some(error), _) => standing::push_failed(&mut rows, error, &place.slip),
            (None, Some(phase)) if !done => standing::push(&mut rows, phase, &place.slip),
            (None, _) => {}
        }
        rows
    }

    fn row(&self, conversation: &Conversation, place: &Place<'_>) -> Row {
        let selected = self.selected.as_ref() == Some(conversation);
        let pinned = conversation.topic.is_none() && self.pins.contains(&conversation.group);
        let gutter = if pinned {
            Gutter::Pinned
        } else {
            Gutter::Plain
        };
        let info = self.info(conversation);
        let width = usize::from(place.width);
        let name_width = width - columns(width);
        let mut line = Line::new();
        if conversation.topic.is_some() {
            line.say(Role::Dim, "  # ");
        }
        let dimmed = match info {
            Some(Ok(i)) => i.kind.as_ref().is_some_and(|k| !k.has_history()),
            Some(Err(_)) | None => true,
        };
        let role = if dimmed { Role::Dim } else { Role::Text };
        let room = name_width.saturating_sub(line.width());
        line.push(role, self.name(conversation).truncate(room));
        match info {
            Some(Err((code, text))) => push_error(&mut line, (*code, text), width),
            Some(Ok(info)) => push_columns(&mut line, conversation, info, place),
            None => {}
        }
        Row {
            gutter,
            line,
            selected,
        }
    }
}

/// Cells of the columns right of the name.
fn columns(width: usize) -> usize {
    let column = |from: usize, cells: usize| if width >= from { cells } else { 0 };
    column(SHOWS_LAST, 7) + column(SHOWS_TYPE, 19) + column(SHOWS_MEMBERS, 8) + column(SHOWS_ID, 32)
}

fn push_error(line: &mut Line, (code, text): (u32, &str), width: usize) {
    let room = width.saturating_sub(line.width() + 2);
    let mut words = Clean::ours(format!(
        "{code} {}",
        codes::meaning(code).unwrap_or_default()
    ));
    if codes::meaning(code).is_none() {
        words.push(&clean(text).one_line());
    }
    line.say(Role::Text, "  ");
    line.push(Role::Error, words.truncate(room));
}

fn push_columns(line: &mut Line, conversation: &Conversation, info: &GroupInfo, place: &Place<'_>) {
    let width = usize::from(place.width);
    let mut column = width - columns(width);
    let mut cell = |from: usize, cells: usize, role: Role, text: Clean| {
        if width >= from {
            line.pad_to(column + 1);
            line.push(role, text.truncate(cells - 1));
            column += cells;
        }
    };
    let kind = info.kind.as_ref().map(|k| clean(k.label()).one_line());
    let kind = if conversation.topic.is_some() {
        Some(Clean::from("topic"))
    } else {
        kind
    };
    cell(SHOWS_TYPE, 19, Role::Dim, kind.unwrap_or_default());
    let members = info.members.map(|m| format!("{m:>7}")).unwrap_or_default();
    cell(SHOWS_MEMBERS, 8, Role::Dim, Clean::ours(members));
    let last = info
        .last_message
        .map(|t| time::short(t, place.now.wall, place.zone));
    cell(
        SHOWS_LAST,
        7,
        Role::Time,
        Clean::ours(format!("{:>6}", last.unwrap_or_default())),
    );
    cell(SHOWS_ID, 32, Role::Dim, clean(conversation.id()).one_line());
}
