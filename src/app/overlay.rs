//! Boxes above the panes: the keys of a place, the palette, why all calls stopped.

use super::audit::AuditBox;
use super::chart::Chart;
use super::copy_menu::CopyMenu;
use super::event::Size;
use super::exporting::Draft;
use super::keymap::{Binding, Keymap, Place, TABLE, full_name};
use super::line::{Line, Role};
use super::marks::MarksBox;
use super::prompt::Prompt;
use super::view::{Area, Gutter, OverlayView, Row};
use crate::model::error::ApiError;
use crate::model::group::Member;
use crate::model::ids::{Seq, UserId};
use crate::model::text::Clean;
use crate::model::timeline::Stretch;

/// What lies above the panes.
#[derive(Debug, Clone)]
pub enum Overlay {
    /// The keys of a place.
    Help {
        /// Of the pane that had the focus.
        place: Place,
        /// Lines above the box.
        scroll: usize,
        /// The box it was asked from, which comes back when it closes.
        under: Option<Box<Overlay>>,
    },
    /// What is missing in a range.
    Audit(AuditBox),
    /// The group as a picture.
    Chart(Chart),
    /// The marks of the conversation.
    Marks(MarksBox),
    /// What can be copied.
    Copy(CopyMenu),
    /// What is to be exported; `None`: the export that was begun.
    Export(Option<Box<Draft>>),
    /// Who a sender is.
    Card {
        /// Whose.
        user: UserId,
        /// The message it was opened on.
        seq: Seq,
        /// What the service said; the inner `None`: not a member.
        answer: Option<Option<Box<Member>>>,
        /// How many of the loaded messages are theirs, and of how many loaded ones.
        sent: Option<(u32, u32)>,
        /// Lines above the box.
        scroll: usize,
    },
    /// An error of the credentials stopped all calls.
    Stopped,
}

/// What a box with a list in it does with an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoxOutcome {
    /// It is done, or means nothing here.
    Stay,
    /// The box closes.
    Close,
    /// Go to this seq; the box closes.
    Jump(Seq),
    /// Load what is not loaded of this stretch; the box stays.
    Fill(Stretch),
}

/// The places whose keys work in a pane, the pane's own first.
#[must_use]
pub fn places(place: Place) -> [Place; 3] {
    [place, Place::Lists, Place::Everywhere]
}

/// Cells of the help: its keys, the longest sentence and the frame.
const HELP: u16 = 78;

/// The help of a place, `scroll` brought into range.
#[must_use]
pub fn help(keymap: &Keymap, place: Place, scroll: &mut usize, size: Size) -> OverlayView {
    let mut rows = Vec::new();
    let mut all: Vec<Place> = places(place).into_iter().chain([Place::Prompts]).collect();
    // A box without keys of its own has those of lists.
    all.dedup();
    for place in all {
        if !rows.is_empty() {
            rows.push(Row::default());
        }
        rows.push(row(Line::of(Role::Label, place.title()), false));
        for binding in TABLE.iter().filter(|b| b.place == place) {
            let keys = keymap.keys_of(place, binding.action);
            if !keys.is_empty() {
                rows.push(row(key_row(&keys, binding.words), false));
            }
        }
    }
    let area = centered(size, HELP, rows.len() + 2);
    let height = usize::from(area.height.saturating_sub(2));
    *scroll = (*scroll).min(rows.len().saturating_sub(height));
    let more = rows.len() > height;
    let title = if more {
        "keys · j k scroll, Esc closes"
    } else {
        "keys · Esc closes"
    };
    let rows = rows.into_iter().skip(*scroll).take(height).collect();
    OverlayView {
        area,
        title: Line::of(Role::Label, title),
        rows,
    }
}

fn key_row(keys: &str, words: &'static str) -> Line {
    let mut line = Line::of(Role::Key, Clean::ours(keys));
    line.pad_to(20);
    line.say(Role::Text, " ");
    line.push(Role::Text, words);
    line
}

/// The actions a palette offers for what is typed: all its words, in any order.
#[must_use]
pub fn palette_choices(prompt: &Prompt, place: Place) -> Vec<&'static Binding> {
    let words: Vec<String> = prompt
        .input
        .text()
        .split_whitespace()
        .map(str::to_lowercase)
        .collect();
    let places = places(place);
    TABLE
        .iter()
        .filter(|b| places.contains(&b.place))
        .filter(|b| {
            let text = format!("{} {}", full_name(b), b.words.to_lowercase());
            words.iter().all(|w| text.contains(w.as_str()))
        })
        .collect()
}

/// Cells of `everywhere.previous-conversation`.
const LONGEST_NAME: usize = 32;
/// Cells of `Enter l Right`, and a blank.
const LONGEST_KEYS: usize = 14;

/// The palette above its prompt.
#[must_use]
pub fn palette(keymap: &Keymap, prompt: &Prompt, place: Place, size: Size) -> OverlayView {
    let choices = palette_choices(prompt, place);
    // Names, keys and most of the words side by side.
    let area = centered(size, 96, 18);
    let height = usize::from(area.height.saturating_sub(2)).max(1);
    let top = (prompt.chosen + 1).saturating_sub(height);
    let shown = choices.iter().enumerate().skip(top).take(height);
    let rows = shown
        .map(|(i, binding)| {
            let mut line = Line::new();
            line.say(Role::Text, full_name(binding));
            line.pad_to(LONGEST_NAME);
            line.say(Role::Text, " ");
            line.say(Role::Key, keymap.keys_of(binding.place, binding.action));
            line.pad_to(LONGEST_NAME + LONGEST_KEYS);
            line.say(Role::Text, " ");
            line.push(Role::Dim, binding.words);
            row(line, i == prompt.chosen)
        })
        .collect();
    OverlayView {
        area,
        title: Line::of(Role::Label, "every action · Enter does it"),
        rows,
    }
}

/// Why nothing is asked any more, and what to do.
#[must_use]
pub fn stopped(error: &ApiError, keymap: &Keymap, size: Size) -> OverlayView {
    let width = usize::from(centered(size, 76, 1).width.saturating_sub(4)).max(1);
    let mut rows = Vec::new();
    let mut say = |role, text: Clean| {
        rows.extend(text.words(width).map(|l| row(Line::of(role, l), false)));
    };
    say(Role::Error, Clean::ours(error.to_string()).one_line());
    say(Role::Text, Clean::ours(error.advice()));
    say(
        Role::Dim,
        Clean::from(
            "No call leaves while this is so: each try counts against the account (70050).",
        ),
    );
    let retry = keymap.hint(super::action::Action::Retry);
    let close = keymap.hint(super::action::Action::Close);
    say(
        Role::Dim,
        Clean::ours(format!(
            "{retry} retries · {close} closes this · `tim-history check` looks closer"
        )),
    );
    let area = centered(size, 76, rows.len() + 2);
    OverlayView {
        area,
        title: Line::of(Role::Error, "all calls stopped"),
        rows,
    }
}

pub(super) fn row(line: Line, selected: bool) -> Row {
    Row {
        gutter: Gutter::Plain,
        line,
        selected,
    }
}

pub(super) fn centered(size: Size, width: u16, height: usize) -> Area {
    let width = width.min(size.width);
    let height = u16::try_from(height)
        .unwrap_or(u16::MAX)
        .min(size.height.saturating_sub(2));
    Area {
        x: (size.width - width) / 2,
        y: (size.height.saturating_sub(2) - height) / 2,
        width,
        height,
    }
}
