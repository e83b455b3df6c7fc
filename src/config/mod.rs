//! What the user has set: the configuration file, the environment, the profiles.
//! The one place that reads configuration files.

mod environment;
mod file;
mod link;
mod log;
mod profile;
mod read;
mod secret;
mod session;
mod surroundings;
mod terminal;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use toml::de::DeTable;

use self::read::{Reader, Table};
use crate::app::keymap::Keymap;
use crate::model::ids::SdkAppId;
use crate::model::time::Zone;

pub use self::link::Fit;
pub use self::log::{LogError, start_log};
pub use self::profile::{
    CALLS_PER_SECOND, COLOURS, ENVIRONMENT, MOST_CALLS_PER_SECOND, PROFILE_KEYS, Profile,
};
pub use self::read::Problem;
pub use self::secret::{Refusal, SecretError, SecretProblem, SecretSource};
pub use self::session::Session;
pub use self::surroundings::Surroundings;
pub use self::terminal::{Drawing, color_depth, drawing, unusable};
pub use crate::model::nearest::nearest;

/// Looks up an environment variable; a parameter, so that tests need no real environment.
pub type Env<'e> = &'e dyn Fn(&str) -> Option<String>;

/// Says what is wrong with the bindings of `[keys]`: action and reason, all at once.
pub type CheckKeys<'c> = &'c dyn Fn(&Keys) -> Vec<(String, String)>;

/// `[keys]`: for an action the keys that call it, as written.
pub type Keys = BTreeMap<String, Vec<String>>;

/// Every key that may stand at the top of the file, outside of tables.
pub const TOP_KEYS: &[&str] = &[
    "default_profile",
    "time_zone",
    "mouse",
    "ascii",
    "color",
    "memory_mb",
    "search_calls",
    "ticket",
    "access_log",
];

/// A configuration of more than 1 MiB is another file.
const LARGEST: u64 = 1024 * 1024;

/// Whether to draw with ASCII alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ascii {
    /// As the locale says.
    #[default]
    Auto,
    /// Always.
    On,
    /// Never.
    Off,
}

/// How many colours to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColorChoice {
    /// As the terminal and `NO_COLOR` say.
    #[default]
    Auto,
    /// `never`.
    Never,
    /// `16`.
    Sixteen,
    /// `256`.
    Indexed,
    /// `truecolor`.
    True,
}

/// How a copied ticket block is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ticket {
    /// With Markdown marks.
    #[default]
    Markdown,
    /// Without.
    Plain,
}

/// The whole configuration. [`Config::default`] is that of an empty file.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file it came from.
    pub file: Option<PathBuf>,
    /// The profile to use unless `--profile` names one.
    pub default_profile: Option<String>,
    /// The zone in which times are shown; `None`: the machine's.
    pub time_zone: Option<Zone>,
    /// Whether the program asks the terminal for mouse reports.
    pub mouse: bool,
    /// Frames without box characters.
    pub ascii: Ascii,
    /// How many colours.
    pub color: ColorChoice,
    /// How much memory messages may take, in MiB.
    pub memory_mb: u32,
    /// After how many calls a search pauses; 0: never.
    pub search_calls: u32,
    /// How a ticket block is written.
    pub ticket: Ticket,
    /// Where to note who looked at what; `None`: nowhere.
    pub access_log: Option<PathBuf>,
    /// Changed keys.
    pub keys: Keys,
    /// The apps, by name.
    pub profiles: BTreeMap<String, Profile>,
    /// What is wrong with the variables that should make [`ENVIRONMENT`].
    environment: Vec<Problem>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            file: None,
            default_profile: None,
            time_zone: None,
            mouse: false,
            ascii: Ascii::default(),
            color: ColorChoice::default(),
            // A million messages of 200 bytes, and room to spare.
            memory_mb: 256,
            // Ten thousand messages: far enough to find most things, little of the quota.
            search_calls: 500,
            ticket: Ticket::default(),
            access_log: None,
            keys: Keys::new(),
            profiles: BTreeMap::new(),
            environment: Vec::new(),
        }
    }
}

/// Why the program cannot start with this configuration. Shows no value of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The file that was named, or found, cannot be read.
    #[error("{}: {cause}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// The system's word, or what was expected.
        cause: String,
    },
    /// All that is wrong, a line each.
    #[error("{}", lines(.0))]
    Problems(Vec<Problem>),
    /// No profile of this name.
    #[error("{0}")]
    NoSuchProfile(String),
    /// Several profiles, and nothing says which.
    #[error("several profiles: choose one of {} with --profile, or set default_profile", .0.join(", "))]
    Undecided(Vec<String>),
    /// A link is for the app of more than one profile.
    #[error("the link is for app {0}, and so are {names}: choose one with --profile", names = .1.join(" and "))]
    SeveralOfApp(SdkAppId, Vec<String>),
    /// A link is for an app without a profile.
    #[error("no profile is for app {0}, which the link names; there are {names}", names = .1.join(", "))]
    NoneOfApp(SdkAppId, Vec<String>),
    /// A link is for another app than that of the profile that was named.
    #[error("the link is for app {0}, but profile `{1}` is for app {2}")]
    OtherApp(SdkAppId, String, SdkAppId),
    /// Nothing says which app to read.
    #[error("{0}")]
    Nothing(String),
}

fn lines(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

impl Config {
    /// Reads the file named by `given` or `TIM_HISTORY_CONFIG`, else the one in
    /// its usual place if there is one, and the profile of the environment.
    ///
    /// # Errors
    /// A file that was named is not there, or anything in it is wrong.
    pub fn load(
        given: Option<&Path>,
        env: Env<'_>,
        check_keys: CheckKeys<'_>,
    ) -> Result<Self, ConfigError> {
        let named = given.map(Path::to_owned).or_else(|| {
            let path = env("TIM_HISTORY_CONFIG").filter(|path| !path.is_empty());
            path.map(PathBuf::from)
        });
        let file = named.clone().or_else(usual_place);
        let text = match &file {
            Some(path) => read_file(path, named.is_some())?,
            None => None,
        };
        let mut config = match (text, &file) {
            (Some(text), Some(path)) => Self::parse(path, &text, check_keys)?,
            (Some(_) | None, _) => Self::default(),
        };
        match environment::profile(env) {
            Some(Ok(profile)) => {
                config.profiles.insert(ENVIRONMENT.to_owned(), profile);
            }
            Some(Err(problems)) => config.environment = problems,
            None => {}
        }
        Ok(config)
    }

    /// Reads the text of a configuration; `file` is where it says it came from,
    /// and what relative paths in it are relative to.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn parse(file: &Path, text: &str, check_keys: CheckKeys<'_>) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(file, text);
        let (parsed, broken) = DeTable::parse_recoverable(text);
        for error in &broken {
            // What was understood of a broken file would only add complaints.
            let at = error.span().map_or(0, |span| span.start);
            reader.report(at, None, error.message());
        }
        if !broken.is_empty() {
            return Err(ConfigError::Problems(reader.finish()));
        }
        let config = file::read_top(
            &Table::root(parsed.get_ref()),
            &mut reader,
            file,
            check_keys,
        );
        let problems = reader.finish();
        if problems.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError::Problems(problems))
        }
    }

    /// The profile to use: the one named, else the default, else the only one.
    ///
    /// # Errors
    /// There is none, or more than one and nothing says which.
    pub fn choose(&self, name: Option<&str>) -> Result<&Profile, ConfigError> {
        if let Some(name) = name.or(self.default_profile.as_deref()) {
            return self.profiles.get(name).ok_or_else(|| self.no_profile(name));
        }
        let mut profiles = self.profiles.values();
        match (profiles.next(), profiles.next()) {
            (Some(only), None) => Ok(only),
            (Some(_), Some(_)) => Err(ConfigError::Undecided(
                self.profiles.keys().cloned().collect(),
            )),
            (None, _) if self.environment.is_empty() => Err(ConfigError::Nothing(
                environment::three_ways(self.file.as_deref()),
            )),
            (None, _) => Err(ConfigError::Problems(self.environment.clone())),
        }
    }

    fn no_profile(&self, name: &str) -> ConfigError {
        if name == ENVIRONMENT && !self.environment.is_empty() {
            return ConfigError::Problems(self.environment.clone());
        }
        let mut what = format!("no profile `{name}`");
        if let Some(near) = nearest(name, self.profiles.keys().map(String::as_str)) {
            let _ = write!(what, "; did you mean `{near}`?");
        } else if self.profiles.is_empty() {
            what.push_str("; there are no profiles");
        } else {
            let names: Vec<&str> = self.profiles.keys().map(String::as_str).collect();
            let _ = write!(what, "; there are {}", names.join(", "));
        }
        ConfigError::NoSuchProfile(what)
    }
}

/// Where the configuration lies unless something else is said.
#[must_use]
pub fn usual_place() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "tim-history")
        .map(|folders| folders.config_dir().join("config.toml"))
}

/// The text of the file; `None` if it is not there and nobody named it.
fn read_file(path: &Path, named: bool) -> Result<Option<String>, ConfigError> {
    let unreadable = |cause: String| ConfigError::Unreadable {
        path: path.to_owned(),
        cause,
    };
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !named => return Ok(None),
        Err(error) => return Err(unreadable(format!("cannot be opened: {}", error.kind()))),
    };
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(format!("cannot be read: {}", error.kind())))?;
    if bytes.len() as u64 > LARGEST {
        return Err(unreadable("expected a file of at most 1 MiB".to_owned()));
    }
    String::from_utf8(bytes).map(Some).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let before = error.as_bytes().iter().take(good);
        ConfigError::Problems(vec![Problem {
            place: path.display().to_string(),
            line: Some(before.filter(|byte| **byte == b'\n').count() + 1),
            key: None,
            what: "expected UTF-8".to_owned(),
        }])
    })
}

/// Everything that is wrong with the bindings: names, keys, doubles.
#[must_use]
pub fn bad_keys(keys: &Keys) -> Vec<(String, String)> {
    Keymap::with(keys)
        .err()
        .map(|bad| bad.0)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
