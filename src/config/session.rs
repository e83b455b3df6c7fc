//! Everything the browser needs to start, gathered from arguments, file and environment.

use super::{Config, Drawing, Keys, Profile, Surroundings, Ticket};
use crate::api::Access;
use crate::emulator::Emulator;
use crate::model::permalink::Target;
use crate::model::text::{Clean, clean};
use crate::model::time::Zone;
use crate::state::{AccessLog, StateDir};
use crate::ui::{Accent, Colors};

/// What the browser starts with.
#[derive(Debug)]
pub struct Session {
    /// The name of the profile: what its state is kept under.
    pub profile: String,
    /// What the profile is called on screen.
    pub label: Clean,
    /// The colour of the label.
    pub accent: Option<Accent>,
    /// How to reach the app, with its secret.
    pub access: Access,
    /// The embedded service, if the browser runs on it: it ends with the session.
    pub demo: Option<Emulator>,
    /// What to open at once.
    pub start: Option<Target>,
    /// The zone in which times are shown; `None`: the machine's.
    pub zone: Option<Zone>,
    /// ASCII or not, and a hint to show once.
    pub drawing: Drawing,
    /// What a copied text has to get through.
    pub surroundings: Surroundings,
    /// How many colours.
    pub colors: Colors,
    /// Whether to ask for mouse reports.
    pub mouse: bool,
    /// No hints.
    pub quiet: bool,
    /// Changed keys, as written.
    pub keys: Keys,
    /// How much memory messages may take, in MiB.
    pub memory_mb: u32,
    /// After how many calls a search pauses; 0: never.
    pub search_calls: u32,
    /// How a ticket block is written.
    pub ticket: Ticket,
    /// The record of accesses, if one is kept.
    pub accesses: Option<AccessLog>,
    /// Where pins and recents are kept; `None`: nowhere.
    pub state: Option<StateDir>,
}

impl Session {
    /// A session on the app that `access` reaches, with the settings of `config`.
    /// What the arguments and the terminal say is then set on its fields.
    #[must_use]
    pub fn new(config: &Config, name: &str, access: Access) -> Self {
        Self {
            profile: name.to_owned(),
            label: clean(name),
            accent: None,
            access,
            demo: None,
            start: None,
            zone: config.time_zone.clone(),
            drawing: Drawing {
                ascii: false,
                hint: None,
            },
            surroundings: Surroundings::default(),
            colors: Colors::Sixteen,
            mouse: config.mouse,
            quiet: false,
            keys: config.keys.clone(),
            memory_mb: config.memory_mb,
            search_calls: config.search_calls,
            ticket: config.ticket,
            accesses: None,
            state: None,
        }
    }

    /// A session on a profile, under its label and colour.
    #[must_use]
    pub fn on(config: &Config, profile: &Profile, access: Access) -> Self {
        Self {
            label: profile.shown(),
            accent: profile.accent,
            ..Self::new(config, &profile.name, access)
        }
    }
}
