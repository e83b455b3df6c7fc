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
        hints(pairs, width)
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
    let own = place;
    let go_to = (own == Place::Messages).then_some((Action::GoTo, "go to"));
    let enter = enter.map(|words| (Action::In, words));
    let first = [(Action::Help, "help"), (Action::Close, close)];
    let first = first.into_iter().chain(enter).chain(go_to);
    let others = places(own).into_iter().flat_map(|place| {
        TABLE
            .iter()
            .filter(move |b| b.place == place)
            .filter(|b| !matches!(b.action, Action::Help | Action::Close))
            .filter(move |b| own != Place::Messages || b.action != Action::GoTo)
            .filter_map(|b| b.short.map(|words| (b, words)))
            .filter_map(|(b, words)| Some((keymap.key_of(b.place, b.action)?, words)))
    });
    let first = first.map(|(action, words)| (keymap.hint(action), words));
    hints(first.chain(others), width)
}

/// As many pairs of a key and its words as fit; the others are not even looked up.
pub(super) fn hints(pairs: impl IntoIterator<Item = (String, &'static str)>, width: usize) -> Line {
    let mut line = Line::new();
    let mut used = 0;
    for (key, words) in pairs {
        let space = usize::from(used > 0) * 2;
        used += space + key.len() + 1 + words.len();
        if used > width {
            break;
        }
        line.say(Role::Text, " ".repeat(space));
        line.say(Role::Key, key);
        line.say(Role::Dim, format!(" {words}"));
    }
    line
}
