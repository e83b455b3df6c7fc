//! One app of the service: who we are there, where it lives and how production looks.

use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::Env;
use super::read::{self, Reader, Table};
use super::secret::{SecretError, SecretSource};
use crate::api::{Access, Endpoint};
use crate::model::ids::SdkAppId;
use crate::model::nearest::nearest;
use crate::model::text::{Clean, clean};
use crate::ui::Accent;

/// The name of the profile that the environment variables make.
pub const ENVIRONMENT: &str = "environment";

/// Calls per second of one process unless the profile says otherwise: a tenth
/// of the quota that the app shares with the customer's own back end.
pub const CALLS_PER_SECOND: u32 = 20;

/// The most a profile may ask for: the documented quota of one app.
pub const MOST_CALLS_PER_SECOND: u32 = 200;

/// Every key a profile may hold.
pub const PROFILE_KEYS: &[&str] = &[
    "sdk_app_id",
    "identifier",
    "region",
    "endpoint",
    "secret_key_file",
    "secret_key_env",
    "secret_key_command",
    "usersig_file",
    "usersig_env",
    "ca_file",
    "proxy",
    "calls_per_second",
    "accent",
    "label",
];

/// The keys of which a profile has exactly one.
const SECRET_KEYS: &[&str] = &[
    "secret_key_file",
    "secret_key_env",
    "secret_key_command",
    "usersig_file",
    "usersig_env",
];

/// Named accent colours: the terminal's own sixteen, in their order.
pub const COLOURS: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];

impl Accent {
    /// Reads a name of [`COLOURS`] or `#rrggbb`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(index) = COLOURS.iter().position(|name| *name == text) {
            return u8::try_from(index).ok().map(Self::Ansi);
        }
        let digits = text.strip_prefix('#').filter(|d| d.len() == 6)?;
        if !digits.chars().all(|c| c.is_ascii_hexdigit()) {
            return None;
        }
        let [_, r, g, b] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Self::Rgb(r, g, b))
    }
}

/// One app of the service, without its secret: that is loaded by
/// [`Profile::access`], and only for the profile that is used.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The name in the file, or [`ENVIRONMENT`].
    pub name: String,
    /// The number of the app.
    pub sdk_app_id: SdkAppId,
    /// An administrator of the app.
    pub identifier: String,
    /// Where the app lives.
    pub endpoint: Endpoint,
    /// Where the secret comes from.
    pub secret: SecretSource,
    /// Certificates to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// May hold a password; `None`: the usual environment variables decide.
    pub proxy: Option<SecretString>,
    /// 1 to [`MOST_CALLS_PER_SECOND`], per process.
    pub calls_per_second: u32,
    /// The colour of the label.
    pub accent: Option<Accent>,
    /// What to call the profile on screen.
    pub label: Option<String>,
}

impl Profile {
    /// The label, or else the name.
    #[must_use]
    pub fn shown(&self) -> Clean {
        clean(self.label.as_deref().unwrap_or(&self.name))
    }

    /// Loads the secret and gives what the client needs.
    ///
    /// # Errors
    /// The secret cannot be had, or is not safe where it lies.
    pub fn access(&self, env: Env<'_>) -> Result<Access, SecretError> {
        let credential = self.secret.load(env).map_err(|problem| SecretError {
            profile: self.name.clone(),
            setting: self.secret.setting(),
            problem,
        })?;
        Ok(Access {
            sdk_app_id: self.sdk_app_id,
            identifier: self.identifier.clone(),
            endpoint: self.endpoint.clone(),
            credential,
            ca_file: self.ca_file.clone(),
            proxy: self.proxy.clone(),
            calls_per_second: self.calls_per_second,
        })
    }

    /// Reads one `[profiles.NAME]`; `None` where something needed is missing or wrong.
    pub(super) fn read(
        name: &str,
        table: &Table<'_>,
        (reader, folder): (&mut Reader<'_>, &Path),
    ) -> Option<Self> {
        reader.only(table, PROFILE_KEYS);
        let id = required(reader, table, "sdk_app_id", "the app's number");
        let id = id.and_then(|()| {
            let expected = "the app's number from the console, 1 to 4294967295";
            reader.get((table, "sdk_app_id"), expected, |value| {
                read::number(value, 1..=u32::MAX)
            })
        });
        let identifier = required(reader, table, "identifier", "an app administrator");
        let identifier = identifier.and_then(|()| {
            reader.get((table, "identifier"), IDENTIFIER, |value| {
                value
                    .as_str()
                    .filter(|id| is_identifier(id))
                    .map(str::to_owned)
            })
        });
        let endpoint = read_endpoint(reader, table);
        let secret = read_secret(reader, table, folder);
        let ca_file = reader.get((table, "ca_file"), "a path", |value| {
            read::text(value).map(|path| place(folder, &path))
        });
        let proxy = reader.get((table, "proxy"), "an http:// or https:// URL", |value| {
            let url = read::plain(value)?;
            let known = url.starts_with("http://") || url.starts_with("https://");
            known.then(|| SecretString::from(url))
        });
        let calls = reader.get(
            (table, "calls_per_second"),
            "a whole number, 1 to 200",
            |value| read::number(value, 1..=MOST_CALLS_PER_SECOND),
        );
        let accent = read_accent(reader, table);
        let label = reader.get((table, "label"), "a text in one line", read::plain);
        Some(Self {
            name: name.to_owned(),
            sdk_app_id: SdkAppId(id?),
            identifier: identifier?,
            endpoint: endpoint?,
            secret: secret?,
            ca_file,
            proxy,
            calls_per_second: calls.unwrap_or(CALLS_PER_SECOND),
            accent,
            label,
        })
    }
}

/// What an identifier is expected to be.
pub(super) const IDENTIFIER: &str = "an app administrator: 1 to 32 printable ASCII characters";

/// Whether the service could know a user of this name (api-facts 2).
pub(super) fn is_identifier(id: &str) -> bool {
    (1..=32).contains(&id.len()) && id.bytes().all(|b| (0x20..=0x7e).contains(&b))
}

/// Complains where `key` is missing.
fn required(reader: &mut Reader<'_>, table: &Table<'_>, key: &str, what: &str) -> Option<()> {
    if table.has(key) {
        return Some(());
    }
    reader.reject(table, key, format!("missing: expected {what}"));
    None
}

fn read_endpoint(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<Endpoint> {
    match (table.has("region"), table.has("endpoint")) {
        (true, false) => {
            let name = reader.get((table, "region"), "a name in quotes", read::text)?;
            let endpoint = region(&name);
            endpoint
                .map_err(|what| reader.reject(table, "region", what))
                .ok()
        }
        (false, true) => {
            let url = reader.get((table, "endpoint"), "a URL in quotes", read::text)?;
            let endpoint = Endpoint::custom(&url).map_err(|error| error.to_string());
            endpoint
                .map_err(|what| reader.reject(table, "endpoint", what))
                .ok()
        }
        (false, false) => {
            reader.reject(table, "region", "missing: expected region or endpoint");
            None
        }
        (true, true) => {
            reader.reject(
                table,
                "endpoint",
                "expected either region or endpoint, not both",
            );
            None
        }
    }
}

/// The endpoint of a region, or what was expected.
pub(super) fn region(name: &str) -> Result<Endpoint, String> {
    Endpoint::region(name).map_err(|_| {
        let names: Vec<&str> = Endpoint::regions().iter().map(|r| r.key.as_str()).collect();
        let mut what = format!("expected one of {}", names.join(", "));
        if let Some(near) = nearest(name, names) {
            what.push_str("; did you mean `");
            what.push_str(near);
            what.push_str("`?");
        }
        what
    })
}

fn read_secret(reader: &mut Reader<'_>, table: &Table<'_>, folder: &Path) -> Option<SecretSource> {
    let mut given = SECRET_KEYS.iter().filter(|key| table.has(key));
    let (first, second) = (given.next(), given.next());
    let Some(key) = first else {
        let what = format!("missing: expected one of {}", SECRET_KEYS.join(", "));
        reader.reject(table, "secret_key_file", what);
        return None;
    };
    if let Some(other) = second {
        reader.reject(
            table,
            other,
            format!("expected only one secret: `{key}` is there too"),
        );
        return None;
    }
    let at = (table, *key);
    match *key {
        "secret_key_command" => {
            let expected = "a list of texts: the program and its arguments";
            let argv = reader.get(at, expected, read::texts)?;
            Some(SecretSource::KeyCommand(argv))
        }
        "secret_key_file" => path(reader, at, folder).map(SecretSource::KeyFile),
        "usersig_file" => path(reader, at, folder).map(SecretSource::UserSigFile),
        "usersig_env" => variable(reader, at).map(SecretSource::UserSigEnv),
        _ => variable(reader, at).map(SecretSource::KeyEnv),
    }
}

fn path(reader: &mut Reader<'_>, at: (&Table<'_>, &str), folder: &Path) -> Option<PathBuf> {
    reader.get(at, "a path", |value| {
        read::plain(value).map(|text| place(folder, &text))
    })
}

fn variable(reader: &mut Reader<'_>, at: (&Table<'_>, &str)) -> Option<String> {
    let expected = "the name of an environment variable, not the secret itself";
    reader.get(at, expected, |value| {
        read::plain(value).filter(|name| {
            let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
            name.bytes().all(word) && !name.starts_with(|c: char| c.is_ascii_digit())
        })
    })
}

/// A path of the file: `~/` is the home, anything relative lies beside the file.
pub(super) fn place(folder: &Path, text: &str) -> PathBuf {
    let home = text
        .strip_prefix("~/")
        .and_then(|rest| directories::BaseDirs::new().map(|base| base.home_dir().join(rest)));
    home.unwrap_or_else(|| folder.join(text))
}

fn read_accent(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<Accent> {
    let expected = format!("#rrggbb or one of {}", COLOURS.join(", "));
    reader.get((table, "accent"), &expected, |value| {
        Accent::parse(value.as_str()?)
    })
}
