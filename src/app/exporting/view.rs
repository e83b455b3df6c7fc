//! How the box of an export looks.

use super::draft::{Draft, format_words};
use super::running::{Running, Stage};
use crate::app::App;
use crate::app::action::Action;
use crate::app::event::{ExportEnd, Now, Size};
use crate::app::keymap::{Keymap, Place};
use crate::app::line::{Line, Role};
use crate::app::overlay::{centered, row};
use crate::app::view::{OverlayView, Row};
use crate::export::Order;
use crate::model::text::{Clean, grouped};

/// Cells of the box.
const WIDTH: u16 = 76;
/// Cells of the frame, the pointer and a blank.
const AROUND: u16 = 4;
/// Where the value of a setting begins.
const VALUE: usize = 12;
/// Cells of the bar.
const BAR: u64 = 40;

impl App {
    /// The box: what is to be exported, or how it goes.
    pub(in crate::app) fn export_view(&self, draft: Option<&Draft>, now: Now) -> OverlayView {
        let keymap = &self.settings.keymap;
        let (title, lines) = match (draft, &self.export) {
            (Some(draft), _) => (
                title("export ", &draft.name, "Enter starts"),
                settings(
                    draft,
                    (keymap, self.settings.calls_per_second),
                    text_width(self.size),
                ),
            ),
            (None, Some(running)) => (
                title("export of ", &running.draft.name, "Esc closes, it goes on"),
                state(running, now, text_width(self.size)),
            ),
            (None, None) => (Line::of(Role::Label, "export"), Vec::new()),
        };
        OverlayView {
            area: centered(self.size, WIDTH, lines.len() + 2),
            title,
            rows: lines
                .into_iter()
                .map(|line| row(line, false))
                .collect::<Vec<Row>>(),
        }
    }

    /// The words of the key line.
    pub(in crate::app) fn export_hints(&self) -> Vec<(String, &'static str)> {
        let keymap = &self.settings.keymap;
        let stage = self.export.as_ref().map(|running| &running.stage);
        let drafting = matches!(
            &self.overlay,
            Some(crate::app::overlay::Overlay::Export(Some(_)))
        );
        let pairs: &[(Action, &'static str)] = match stage {
            _ if drafting => &[
                (Action::ExportStart, "start"),
                (Action::ExportRange, "range"),
                (Action::ExportFilter, "filter"),
                (Action::ExportFormat, "format"),
                (Action::ExportOrder, "order"),
                (Action::ExportNames, "names"),
                (Action::ToggleMask, "mask"),
                (Action::ExportFile, "file"),
            ],
            Some(Stage::Going) => &[(Action::ExportPause, "pause"), (Action::ExportStop, "stop")],
            Some(Stage::Paused) => &[(Action::ExportPause, "go on"), (Action::ExportStop, "stop")],
            Some(Stage::Looking) => &[(Action::ExportStop, "stop")],
            Some(Stage::Ended(ExportEnd::Stopped { .. })) => {
                &[(Action::ExportStart, "go on"), (Action::Export, "another")]
            }
            Some(Stage::Ended(_)) => &[(Action::Export, "another")],
            Some(Stage::Stopping) | None => &[],
        };
        let keys = |action| {
            let own = keymap.keys_of(Place::Export, action);
            let all = if own.is_empty() {
                keymap.hint(action)
            } else {
                own
            };
            all.split(' ').next().unwrap_or_default().to_owned()
        };
        pairs
            .iter()
            .map(|(action, words)| (keys(*action), *words))
            .collect()
    }
}

fn title(before: &'static str, name: &Clean, after: &'static str) -> Line {
    let mut line = Line::of(Role::Label, before);
    line.push(Role::Label, name.truncate(30));
    line.say(Role::Dim, format!(" · {after}"));
    line
}

fn text_width(size: Size) -> usize {
    usize::from(WIDTH.min(size.width).saturating_sub(AROUND))
}

/// A row for each setting, with its key.
fn settings(draft: &Draft, (keymap, calls_per_second): (&Keymap, u32), width: usize) -> Vec<Line> {
    let setting = |action: Option<Action>, what: &'static str, value: Clean| {
        let keys = action.map(|action| keymap.keys_of(Place::Export, action));
        let mut line = Line::new().saying(Role::Key, keys.unwrap_or_default());
        line.pad_to(3);
        line.push(Role::Dim, what);
        line.pad_to(VALUE);
        line.push(Role::Text, value);
        line
    };
    let order = match draft.order {
        Order::Ascending => "oldest first",
        Order::Descending => "newest first",
    };
    let names = if draft.names {
        "asked for: some calls more"
    } else {
        "not asked for: IDs alone"
    };
    let mask = if draft.mask_ids {
        "on: pseudonyms, and no raw JSON"
    } else {
        "off: IDs as they are"
    };
    let filter = draft.filter.as_deref().unwrap_or("none: everything");
    let share = format!(
        "{} of {} calls a second; what you look at goes first",
        Draft::share(calls_per_second),
        calls_per_second
    );
    let mut lines = vec![
        setting(Some(Action::ExportRange), "range", draft.range_words()),
        setting(
            Some(Action::ExportFilter),
            "filter",
            crate::model::text::clean(filter).one_line(),
        ),
        setting(
            Some(Action::ExportFormat),
            "format",
            Clean::from(format_words(draft.format)),
        ),
        setting(Some(Action::ExportOrder), "order", Clean::from(order)),
        setting(Some(Action::ExportNames), "names", Clean::from(names)),
        setting(Some(Action::ToggleMask), "mask", Clean::from(mask)),
        setting(Some(Action::ExportFile), "file", draft.file_words()),
        setting(None, "rate", Clean::ours(share)),
    ];
    if let Some(why) = &draft.refused {
        let parts = why.words(width.max(1));
        lines.extend(parts.map(|part| Line::of(Role::Error, part)));
    }
    lines
}

/// What is known of one that was begun.
fn state(running: &Running, now: Now, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut range = Line::new();
    match running.range {
        Some(range_) => range.say(
            Role::Text,
            format!(
                "seq {} to {} · ",
                grouped(range_.first()),
                grouped(range_.last())
            ),
        ),
        None => range.push(Role::Text, running.draft.range_words()),
    }
    if running.range.is_some() {
        range.push(Role::Dim, format_words(running.draft.format));
    }
    lines.push(range);
    for remark in &running.remarks {
        lines.push(Line::of(
            Role::Dim,
            remark.clone().one_line().truncate(width),
        ));
    }
    lines.push(bar(running));
    lines.push(Line::new().saying(Role::Text, running.pace(now.mono)));
    let counted = running.progress.counts.words();
    if !counted.is_empty() {
        lines.push(Line::new().saying(Role::Text, counted));
    }
    let mut file = Line::of(Role::Dim, "file ");
    file.push(Role::Text, running.file_words());
    lines.push(file);
    let mut say = |role, text: &Clean| {
        lines.extend(text.words(width.max(1)).map(|part| Line::of(role, part)));
    };
    match &running.stage {
        Stage::Ended(ExportEnd::Done { sha256, .. }) => {
            say(Role::Dim, &Clean::ours(format!("sha256 {sha256}")));
        }
        Stage::Ended(ExportEnd::Stopped { why, command }) => {
            if let Some(why) = why {
                say(Role::Error, &why.clone().one_line());
            }
            let mut words = Clean::from("elsewhere: ");
            words.push(command);
            say(Role::Dim, &words);
        }
        Stage::Ended(ExportEnd::Refused(why)) => say(Role::Error, &why.clone().one_line()),
        Stage::Looking | Stage::Going | Stage::Paused | Stage::Stopping => {}
    }
    lines
}

fn bar(running: &Running) -> Line {
    let words = match &running.stage {
        Stage::Looking => "looking for both ends",
        Stage::Going => "exporting",
        Stage::Paused => "paused",
        Stage::Stopping => "stopping",
        Stage::Ended(ExportEnd::Done { .. }) => "done",
        Stage::Ended(ExportEnd::Stopped { .. }) => "stopped",
        Stage::Ended(ExportEnd::Refused(_)) => "refused",
    };
    let percent = running.progress.percent();
    let full = usize::try_from(percent.saturating_mul(BAR) / 100).unwrap_or_default();
    let rest = usize::try_from(BAR)
        .unwrap_or_default()
        .saturating_sub(full);
    let mut line = Line::of(Role::Dim, "[");
    line.say(Role::Accent, "#".repeat(full));
    line.say(Role::Dim, format!("{}] ", ".".repeat(rest)));
    line.say(Role::Text, format!("{percent} % "));
    line.say(Role::Label, words);
    line
}
