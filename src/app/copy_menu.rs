//! The menu of what can be copied: a box that names its keys.

use super::action::Action;
use super::event::Size;
use super::keymap::{Binding, Keymap, Place, TABLE};
use super::line::{Line, Role};
use super::overlay::{centered, row};
use super::view::{OverlayView, Row};
use crate::model::ids::Seq;
use crate::model::text::grouped;
use crate::model::timeline::Stretch;

/// The menu while it is open. It holds seqs, not "what is selected": a message that
/// comes meanwhile must not be the one that is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyMenu {
    /// What is copied; `None` where nothing is known and only the request is left.
    pub stretch: Option<Stretch>,
    /// Where the cursor is: whose page's request it is.
    pub at: Option<Seq>,
    /// Pseudonyms instead of IDs and names.
    pub masked: bool,
}

/// Cells of a column with the longest words.
const WIDTH: u16 = 72;
/// Cells of the keys, with a blank.
const KEYS: usize = 4;

impl CopyMenu {
    /// What it is about: `seq 812`, `9 seqs, 812 to 820`.
    #[must_use]
    pub fn subject(&self) -> String {
        match self.stretch {
            Some(s) if s.first() == s.last() => format!("seq {}", grouped(s.first())),
            Some(s) => format!(
                "{} seqs, {} to {}",
                grouped(s.len()),
                grouped(s.first()),
                grouped(s.last())
            ),
            None => "nothing loaded".to_owned(),
        }
    }

    /// Whether an entry has something to give.
    #[must_use]
    pub fn offers(&self, action: Action) -> bool {
        let maskable = matches!(
            action,
            Action::CopyText | Action::CopyTicket | Action::ToggleMask
        );
        match self.stretch {
            Some(_) => !self.masked || maskable,
            None => action == Action::CopyRequest,
        }
    }

    /// The box: an entry a row, two in a row where the screen is low.
    #[must_use]
    pub fn view(&self, keymap: &Keymap, size: Size) -> OverlayView {
        let entries: Vec<&Binding> = TABLE.iter().filter(|b| b.place == Place::Copy).collect();
        let low = usize::from(size.height) < entries.len() + LOW;
        let rows: Vec<Row> = if low {
            let pairs = entries.chunks(2).map(|pair| {
                let mut line = Line::new();
                for (at, binding) in pair.iter().enumerate() {
                    line.pad_to(at * COLUMN);
                    line.append(self.entry(binding, keymap, true));
                }
                row(line, false)
            });
            pairs.collect()
        } else {
            let all = entries.iter();
            all.map(|binding| row(self.entry(binding, keymap, false), false))
                .collect()
        };
        let area = centered(size, if low { NARROW } else { WIDTH }, rows.len() + 2);
        let mut title = Line::of(Role::Label, "copy ");
        title.say(Role::Label, self.subject());
        if self.masked {
            title.say(Role::Warning, " · masked");
        }
        if !low {
            title.say(Role::Dim, " · Esc closes");
        }
        OverlayView { area, title, rows }
    }

    fn entry(&self, binding: &Binding, keymap: &Keymap, short: bool) -> Line {
        let offered = self.offers(binding.action);
        let keys = keymap.keys_of(Place::Copy, binding.action);
        let mut line = Line::new().saying(if offered { Role::Key } else { Role::Dim }, keys);
        line.pad_to(KEYS.saturating_sub(1));
        line.say(Role::Text, " ");
        let words = if short {
            binding.short.unwrap_or(binding.words)
        } else {
            binding.words
        };
        line.say(if offered { Role::Text } else { Role::Dim }, words);
        if binding.action == Action::ToggleMask {
            let state = if self.masked { ": on" } else { ": off" };
            line.say(Role::Warning, state);
        } else if !offered && !short {
            // Not by colour alone.
            let why = if self.stretch.is_none() {
                " (nothing loaded)"
            } else {
                " (not while masked)"
            };
            line.say(Role::Dim, why);
        }
        line
    }
}

/// Rows of the frame and of the two lines at the foot.
const LOW: usize = 4;
/// Cells of the box where two entries share a row.
const NARROW: u16 = 40;
/// Where the second of them begins.
const COLUMN: usize = 18;
