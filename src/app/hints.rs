//! The key line: what the keys do here, as many words as fit.

use super::App;
use super::action::Action;
use super::keymap::{Keymap, Place, TABLE};
use super::line::{Line, Role};
use super::overlay::{Overlay, places};

impl App {
    /// What the copy menu offers, each with its key.
    fn menu_hints(&self) -> Vec<(String, &'static str)> {
        let rows = TABLE.iter().filter(|b| b.place == Place::Copy);
        let hints = rows.filter_map(|b| {
            let words = b.short?;
            Some((self.settings.keymap.key_of(b.place, b.action)?, words))
        });
        hints.collect()
    }

    /// The words of the key line while a box lies above the panes.
    pub(super) fn box_hints(&self, width: usize) -> Line {
        let keymap = &self.settings.keymap;
        let mut pairs = vec![(keymap.hint(Action::Out), "close")];
        let place = self.place();
        match &self.overlay {
            Some(Overlay::Help { .. } | Overlay::Stopped) | None => {}
            Some(Overlay::Card { .. }) => {
                if self.card_error().is_some() {
                    pairs.push((keymap.hint(Action::Retry), "retry"));
                }
                pairs.push((keymap.hint(Action::Help), "help"));
            }
            Some(Overlay::Copy(_)) => pairs.extend(self.menu_hints()),
            Some(Overlay::Export(_)) => pairs.extend(self.export_hints()),
            Some(Overlay::Audit(_) | Overlay::Chart(_) | Overlay::Marks(_)) => {
                pairs.insert(0, (keymap.hint(Action::In), "go there"));
                let rows = TABLE.iter().filter(|b| b.place == place);
                pairs.extend(rows.filter_map(|b| {
                    let words = b.short?;
                    Some((keymap.key_of(b.place, b.action)?, words))
                }));
                pairs.push((keymap.hint(Action::GoTo), "go to"));
                pairs.push((keymap.hint(Action::Help), "help"));
            }
        }
        hints(&pairs, width)
    }
}

/// The words of the key line for a place, as many as fit.
#[must_use]
pub(super) fn key_hints(keymap: &Keymap, place: Place, width: usize) -> Line {
    let enter = match place {
        Place::Groups => Some("open"),
        Place::Audit | Place::Chart | Place::Marks => Some("go there"),
        Place::Everywhere
        | Place::Lists
        | Place::Messages
        | Place::Detail
        | Place::Copy
        | Place::Export
        | Place::Prompts => None,
    };
    let close = if place.is_box() { "close" } else { "quit" };
    let mut pairs = vec![
        (keymap.hint(Action::Help), "help"),
        (keymap.hint(Action::Close), close),
    ];
    pairs.extend(enter.map(|words| (keymap.hint(Action::In), words)));
    if place == Place::Messages {
        pairs.push((keymap.hint(Action::GoTo), "go to"));
    }
    let own = place;
    for place in places(own) {
        let rows = TABLE
            .iter()
            .filter(|b| b.place == place)
            .filter(|b| !matches!(b.action, Action::Help | Action::Close))
            .filter(|b| own != Place::Messages || b.action != Action::GoTo);
        pairs.extend(rows.filter_map(|b| {
            let words = b.short?;
            Some((keymap.key_of(b.place, b.action)?, words))
        }));
    }
    hints(&pairs, width)
}

pub(super) fn hints(pairs: &[(String, &'static str)], width: usize) -> Line {
    let mut line = Line::new();
    for (key, words) in pairs {
        let space = usize::from(line.width() > 0) * 2;
        if line.width() + space + key.len() + 1 + words.len() > width {
            break;
        }
        line.say(Role::Text, " ".repeat(space));
        line.say(Role::Key, key);
        line.say(Role::Dim, format!(" {words}"));
    }
    line
}
