//! The one table of keys: lookup, key line, `?`, palette, README and the
//! configuration's `[keys]` come from the same rows.

mod table;
#[cfg(test)]
mod tests;
mod written;

use std::collections::BTreeMap;
use std::fmt;

use super::action::Action;
use super::key::{Code, Key};
use super::view::Pane;

pub use table::TABLE;
pub use written::text_of;

/// Where a binding holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// In every pane.
    Everywhere,
    /// In everything that has rows: panes, help, palette.
    Lists,
    /// In the group picker.
    Groups,
    /// In the message pane.
    Messages,
    /// In the detail pane.
    Detail,
    /// In the audit.
    Audit,
    /// In the chart.
    Chart,
    /// In the list of marks.
    Marks,
    /// In the copy menu.
    Copy,
    /// In the box of an export.
    Export,
    /// While something is typed.
    Prompts,
}

impl Place {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 11] = [
        Self::Everywhere,
        Self::Lists,
        Self::Groups,
        Self::Messages,
        Self::Detail,
        Self::Audit,
        Self::Chart,
        Self::Marks,
        Self::Copy,
        Self::Export,
        Self::Prompts,
    ];

    /// The heading in help and README.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "everywhere",
            Self::Lists => "lists",
            Self::Groups => "groups",
            Self::Messages => "messages",
            Self::Detail => "detail",
            Self::Audit => "audit",
            Self::Chart => "chart",
            Self::Marks => "marks",
            Self::Copy => "copy",
            Self::Export => "export",
            Self::Prompts => "prompts",
        }
    }

    /// Whether it is a box above the panes.
    #[must_use]
    pub const fn is_box(self) -> bool {
        matches!(
            self,
            Self::Audit | Self::Chart | Self::Marks | Self::Copy | Self::Export
        )
    }

    /// The place of a pane's own bindings.
    #[must_use]
    pub const fn of(pane: Pane) -> Self {
        match pane {
            Pane::Groups => Self::Groups,
            Pane::Messages => Self::Messages,
            Pane::Detail => Self::Detail,
        }
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    /// Where it holds.
    pub place: Place,
    /// The part of its name in the configuration behind the place's, such as `search`.
    pub name: &'static str,
    /// What it does.
    pub action: Action,
    /// Its keys as the configuration writes them; `gg` style pairs are written `g g`.
    pub keys: &'static [&'static str],
    /// What it does, in words.
    pub words: &'static str,
    /// The word for the key line, where it is worth one.
    pub short: Option<&'static str>,
}

/// What the keys typed so far mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup {
    /// This.
    Action(Action),
    /// The start of something longer.
    Prefix,
    /// Nothing.
    Unbound,
}

/// The keys in force: the table with the configuration laid over it.
#[derive(Debug, Clone)]
pub struct Keymap {
    bound: Vec<(Place, Action, Vec<Vec<Key>>)>,
    /// By action: each layout shows some of them.
    hints: Vec<String>,
    /// The first key of each, where it holds, and where in `bound` the rest stands: side by
    /// side, to be gone through for each key that is pressed.
    begins: Vec<(Place, Key, usize)>,
}

/// Everything that is wrong with the configured keys, each with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadKeys(pub Vec<(String, String)>);

impl fmt::Display for BadKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (name, why)) in self.0.iter().enumerate() {
            let separator = if i == 0 { "" } else { "; " };
            write!(f, "{separator}{name:?}: {why}")?;
        }
        Ok(())
    }
}

/// Keys that tmux, screen or the terminal take for themselves.
const TAKEN: [char; 11] = ['a', 'b', 's', 'q', '\\', ']', '^', 'p', 'w', 't', 'n'];

/// Keys a terminal cannot tell from Backspace, Tab, Enter and Esc.
const TWINS: [(char, &str); 4] = [
    ('h', "Backspace"),
    ('i', "Tab"),
    ('j', "Enter"),
    ('m', "Enter"),
];

impl Default for Keymap {
    fn default() -> Self {
        let bound = TABLE
            .iter()
            .map(|b| {
                let keys = b.keys.iter().filter_map(|k| sequence(k).ok()).collect();
                (b.place, b.action, keys)
            })
            .collect();
        let mut map = Self {
            bound,
            hints: Vec::new(),
            begins: Vec::new(),
        };
        map.index();
        map
    }
}

impl Keymap {
    /// Lays `[keys]` of the configuration over the table.
    ///
    /// # Errors
    ///
    /// All names that do not exist, texts that are not keys, keys that cannot
    /// arrive and doubly bound keys, together.
    pub fn with(overrides: &BTreeMap<String, Vec<String>>) -> Result<Self, BadKeys> {
        let mut map = Self::default();
        let mut bad = Vec::new();
        for (name, keys) in overrides {
            let found = TABLE
                .iter()
                .zip(&mut map.bound)
                .find(|(b, _)| full_name(b) == *name);
            let Some((binding, bound)) = found else {
                bad.push((
                    name.clone(),
                    "no such action; `:` in the program lists them".to_owned(),
                ));
                continue;
            };
            let mut new = Vec::new();
            for text in keys {
                match sequence(text).and_then(|keys| permitted(&keys, binding.place).map(|()| keys))
                {
                    Ok(keys) => new.push(keys),
                    Err(why) => bad.push((name.clone(), why)),
                }
            }
            bound.2 = new;
        }
        map.index();
        map.report_doubles(&mut bad);
        if bad.is_empty() {
            Ok(map)
        } else {
            Err(BadKeys(bad))
        }
    }

    fn report_doubles(&self, bad: &mut Vec<(String, String)>) {
        for (i, (place, action, keys)) in self.bound.iter().enumerate() {
            for (other_place, other, other_keys) in self.bound.iter().skip(i + 1) {
                if place != other_place || action == other {
                    continue;
                }
                for key in keys.iter().filter(|k| other_keys.contains(k)) {
                    let name = |i: usize| TABLE.get(i).map(full_name).unwrap_or_default();
                    let other = self
                        .bound
                        .iter()
                        .position(|b| b.0 == *other_place && b.1 == *other);
                    bad.push((
                        name(i),
                        format!(
                            "`{}` is bound to {:?} too",
                            text_of(key),
                            other.map(name).unwrap_or_default()
                        ),
                    ));
                }
            }
        }
    }

    /// What `keys` mean in `places`, the first place that knows them winning.
    #[must_use]
    pub fn lookup(&self, places: &[Place], keys: &[Key]) -> Lookup {
        let Some(first) = keys.first() else {
            return Lookup::Prefix;
        };
        let mut prefix = false;
        for place in places {
            let like = self
                .begins
                .iter()
                .filter(|b| b.0 == *place && b.1 == *first);
            for (_, action, bound) in like.filter_map(|b| self.bound.get(b.2)) {
                if bound.iter().any(|k| k == keys) {
                    return Lookup::Action(*action);
                }
                prefix |= bound.iter().any(|k| k.starts_with(keys));
            }
        }
        if prefix {
            Lookup::Prefix
        } else {
            Lookup::Unbound
        }
    }

    /// The keys of an action in a place, as text, joined by a space; empty where there are none.
    #[must_use]
    pub fn keys_of(&self, place: Place, action: Action) -> String {
        let bound = self.bound.iter().find(|b| b.0 == place && b.1 == action);
        let texts: Vec<String> = bound
            .map(|b| b.2.iter().map(|k| text_of(k)).collect())
            .unwrap_or_default();
        texts.join(" ")
    }

    /// The first key of an action in a place; `None` where there is none.
    #[must_use]
    pub fn key_of(&self, place: Place, action: Action) -> Option<String> {
        let bound = self.bound.iter().find(|b| b.0 == place && b.1 == action);
        bound?.2.first().map(|keys| text_of(keys))
    }

    /// The first key of an action, for hints; the action's name where it has none.
    #[must_use]
    pub fn hint(&self, action: Action) -> String {
        self.hinted(action).to_owned()
    }

    /// The same, for what is laid out at each key.
    #[must_use]
    pub fn hinted(&self, action: Action) -> &str {
        self.hints.get(action as usize).map_or("", String::as_str)
    }

    /// Notes what is asked for again and again.
    fn index(&mut self) {
        let bound = self.bound.iter().enumerate();
        let begins = bound.flat_map(|(at, (place, _, keys))| {
            let first = keys.iter().filter_map(|keys| keys.first());
            first.map(move |key| (*place, *key, at))
        });
        self.begins = begins.collect();
        let most = TABLE.iter().map(|b| b.action as usize).max().unwrap_or(0);
        self.hints = vec![String::new(); most + 1];
        for Binding { action, .. } in TABLE {
            let mut bound = self.bound.iter().filter(|b| b.1 == *action);
            let first = bound.find_map(|b| b.2.first());
            let hint = first.map_or_else(|| format!(":{}", name_of(*action)), |keys| text_of(keys));
            if let Some(place) = self.hints.get_mut(*action as usize) {
                *place = hint;
            }
        }
    }
}

/// The name of a binding in `[keys]` and the palette, such as `messages.wrap`.
#[must_use]
pub fn full_name(binding: &Binding) -> String {
    format!("{}.{}", binding.place.title(), binding.name)
}

fn name_of(action: Action) -> String {
    TABLE
        .iter()
        .find(|b| b.action == action)
        .map(full_name)
        .unwrap_or_default()
}

fn sequence(text: &str) -> Result<Vec<Key>, String> {
    let keys: Result<Vec<Key>, _> = text.split(' ').map(str::parse).collect();
    let keys = keys.map_err(|e: super::key::NotAKey| e.to_string())?;
    if keys.len() > 2 {
        Err(format!("`{text}` has more than two keys"))
    } else {
        Ok(keys)
    }
}

fn permitted(keys: &[Key], place: Place) -> Result<(), String> {
    for key in keys {
        let Code::Char(c) = key.code else { continue };
        if key.alt {
            return Err(format!(
                "`{key}`: Alt keys are not told apart from Esc over a slow link"
            ));
        }
        if !key.ctrl {
            continue;
        }
        if let Some((_, twin)) = TWINS.iter().find(|(t, _)| *t == c) {
            return Err(format!(
                "`{key}`: a terminal sends the same byte for {twin}"
            ));
        }
        if c == '[' {
            return Err(format!("`{key}`: a terminal sends the same byte for Esc"));
        }
        if place != Place::Prompts && TAKEN.contains(&c) {
            return Err(format!("`{key}`: tmux, screen or the terminal take it"));
        }
    }
    if place != Place::Prompts && keys.contains(&Key::char('~')) {
        return Err("`~`: ssh takes it at the start of a line".to_owned());
    }
    Ok(())
}
