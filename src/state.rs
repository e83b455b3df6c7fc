//! What is remembered between sessions, one small file per profile, and the text
//! copied last. It may be lost or damaged at any time: the program starts
//! nevertheless.

mod access_log;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{FlockOperation, OFlags, flock};
use rustix::io::Errno;
use serde::Deserialize as _;
use serde_json::{Map, Value};

pub use access_log::{AccessLog, Who};

use crate::app::event::SavedState;
use crate::config::Env;
use crate::model::copyable::Copyable;
use crate::model::text::{Clean, clean};

/// All that [`crate::app::remembered`] keeps, at its longest and with every
/// character escaped, is two thirds of it; an ordinary file has some kilobytes.
const LARGEST: u64 = 32 * 1024 * 1024;

/// How much of a profile's name is kept readable in the name of its file.
const LONGEST_NAME: usize = 120;

/// How many damaged files are kept besides the first.
const MOST_ASIDE: u32 = 9;

/// The file of the text copied last. No profile's file ends so.
const LAST_COPY: &str = "last-copy.txt";

/// How often, and how far apart, a directory that another program is saving in
/// is tried. A save takes some milliseconds.
const LOCK_TRIES: u32 = 50;
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// The fields of a state that this version knows.
const OF_A_STATE: [&str; 3] = ["pins", "recents", "places"];
/// The same of a place.
const OF_A_PLACE: [&str; 8] = [
    "group",
    "topic",
    "seq",
    "filter",
    "follow",
    "last_head",
    "last_time",
    "marks",
];

/// The directory where state is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateDir(PathBuf);

/// What a state file held.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Loaded {
    /// The state, empty where there was none or none that can be read.
    pub state: SavedState,
    /// What was wrong with the file, if it was set aside.
    pub note: Option<Clean>,
}

impl StateDir {
    /// The directory named by `TIM_HISTORY_STATE`, else the platform's; `None`
    /// where there is no home.
    #[must_use]
    pub fn locate(env: Env<'_>) -> Option<Self> {
        if let Some(path) = env("TIM_HISTORY_STATE").filter(|path| !path.is_empty()) {
            return Some(Self(PathBuf::from(path)));
        }
        let folders = directories::ProjectDirs::from("", "", "tim-history")?;
        let dir = folders.state_dir().unwrap_or(folders.data_local_dir());
        Some(Self(dir.to_owned()))
    }

    /// What was remembered of `profile`. What cannot be read in a file is left
    /// out. A file of which nothing can be used is renamed to `.bad` (`.bad.1` to
    /// `.bad.9` where there is one), so that it is neither lost nor in the way.
    #[must_use]
    pub fn load(&self, profile: &str) -> Loaded {
        let path = self.0.join(file_name(profile));
        let me = rustix::process::geteuid().as_raw();
        let problem = match read(&path, me) {
            Ok(Some(stored)) => {
                let state = stored.state;
                return Loaded { state, note: None };
            }
            Ok(None) => return Loaded::default(),
            Err(problem) => problem,
        };
        let what = match set_aside(&path) {
            Ok(aside) => format!("the saved state {problem}; it is now {}", aside.display()),
            Err(_) => format!("the saved state {problem}: {}", path.display()),
        };
        Loaded {
            state: SavedState::default(),
            note: Some(clean(&what)),
        }
    }

    /// Remembers the state of `profile`. The file is whole at any time. Of two
    /// programs that save, the last one wins, but for [`Places::merged_with`]:
    /// marks of both are kept. What a newer version wrote besides is kept, too.
    ///
    /// [`Places::merged_with`]: crate::app::remembered::Places::merged_with
    ///
    /// # Errors
    /// The directory or the file cannot be written.
    pub fn save(&self, profile: &str, state: &SavedState) -> io::Result<()> {
        self.make()?;
        let path = self.0.join(file_name(profile));
        let _turn = lock(&self.0, LOCK_TRIES);
        let me = rustix::process::geteuid().as_raw();
        let bytes = match read(&path, me) {
            Ok(Some(stored)) => stored.merged(state)?,
            Ok(None) => serde_json::to_vec_pretty(state)?,
            Err(_) => {
                // Damaged since it was loaded. If it cannot be kept, it is replaced.
                let _ = set_aside(&path);
                serde_json::to_vec_pretty(state)?
            }
        };
        replace(&path, &bytes)
    }

    /// Keeps the text copied last, for whoever cannot paste it; its file.
    ///
    /// # Errors
    /// The directory or the file cannot be written.
    pub fn keep_copy(&self, text: &Copyable) -> io::Result<PathBuf> {
        self.make()?;
        let path = self.0.join(LAST_COPY);
        replace(&path, text.as_str().as_bytes())?;
        Ok(path)
    }

    fn make(&self) -> io::Result<()> {
        let mut builder = DirBuilder::new();
        builder.recursive(true).mode(0o700).create(&self.0)
    }
}

/// Puts a new file in the place of `path`: whole at any time, with mode 0600. A
/// link in its place is replaced and not followed.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension(format!("{}.new", std::process::id()));
    let written = write_new(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // Whatever is left of it is of no use.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Writes a file that was not there, with mode 0600, down to the disk.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let create = || {
        File::options()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
    };
    let mut file = match create() {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            // Left by a process that had our number and is gone.
            fs::remove_file(path)?;
            create()?
        }
        other => other?,
    };
    file.write_all(bytes)?;
    file.sync_all()
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
struct Stored {
    state: SavedState,
    /// All of it, also what this version does not know.
    whole: Map<String, Value>,
}

impl Stored {
    fn of(bytes: &[u8]) -> serde_json::Result<Self> {
        // Some editors put a mark of the byte order first.
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let whole: Map<String, Value> = serde_json::from_slice(text)?;
        Ok(Self {
            state: SavedState::deserialize(&Value::Object(whole.clone()))?,
            whole,
        })
    }

    /// What is written over it to remember `state`.
    fn merged(self, state: &SavedState) -> io::Result<Vec<u8>> {
        let state = SavedState {
            places: state.places.merged_with(self.state.places),
            ..state.clone()
        };
        let mut new = serde_json::to_value(&state)?;
        carry(self.whole, &mut new);
        let bytes = serde_json::to_vec_pretty(&new)?;
        if bytes.len() as u64 <= LARGEST {
            return Ok(bytes);
        }
        Ok(serde_json::to_vec_pretty(&state)?)
    }
}

/// Puts the fields of `old` that this version does not know into `new`, and those
/// of each place into the same place.
fn carry(mut old: Map<String, Value>, new: &mut Value) {
    let Value::Object(new) = new else { return };
    if let Some(Value::Array(places)) = old.remove("places") {
        let mut known = BTreeMap::new();
        for place in places {
            if let Value::Object(place) = place {
                known.insert(place_of(&place), place);
            }
        }
        let new = new.get_mut("places").and_then(Value::as_array_mut);
        for place in new.into_iter().flatten().filter_map(Value::as_object_mut) {
            if let Some(old) = known.remove(&place_of(place)) {
                add_unknown(old, place, &OF_A_PLACE);
            }
        }
    }
    add_unknown(old, new, &OF_A_STATE);
}

/// Group and topic, which say which place it is.
fn place_of(place: &Map<String, Value>) -> [Option<String>; 2] {
    let text = |field: &str| place.get(field).and_then(Value::as_str);
    let id = |field| text(field).filter(|id| !id.is_empty()).map(str::to_owned);
    [id("group"), id("topic")]
}

fn add_unknown(old: Map<String, Value>, new: &mut Map<String, Value>, known: &[&str]) {
    let unknown = old.into_iter();
    new.extend(unknown.filter(|(field, _)| !known.contains(&field.as_str())));
}

/// Renames a file that cannot be used. Says to what.
fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let numbered = (1..=MOST_ASIDE).map(|n| path.with_extension(format!("bad.{n}")));
    let mut names = std::iter::once(path.with_extension("bad")).chain(numbered);
    let free = names.find(|name| match fs::symlink_metadata(name) {
        Ok(_) => false,
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    });
    let aside = free.unwrap_or_else(|| path.with_extension(format!("bad.{MOST_ASIDE}")));
    fs::rename(path, &aside).map(|()| aside)
}

/// Keeps other programs from saving in this directory until the file is dropped.
/// One that keeps the lock for all `tries` is stopped or gone wrong, and some file
/// systems know no locks: then it goes without, at the old risk.
fn lock(dir: &Path, tries: u32) -> Option<File> {
    let file = File::open(dir).ok()?;
    for _ in 0..tries {
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Some(file),
            Err(Errno::WOULDBLOCK | Errno::INTR) => std::thread::sleep(LOCK_PAUSE),
            Err(_) => return None,
        }
    }
    None
}

/// What a file holds; `None` if there is no file; or why it cannot be used.
fn read(path: &Path, me: u32) -> Result<Option<Stored>, &'static str> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = match File::options()
        .read(true)
        .custom_flags(i32::try_from(flags.bits()).unwrap_or_default())
        .open(path)
    {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(_) => return Err("cannot be opened"),
    };
    let about = file.metadata().map_err(|_| "cannot be read")?;
    if !about.is_file() {
        return Err("is not a regular file");
    }
    if about.uid() != me {
        return Err("belongs to somebody else");
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|_| "cannot be read")?;
    if bytes.len() as u64 > LARGEST {
        return Err("is too large");
    }
    Stored::of(&bytes).map(Some).map_err(|_| "is damaged")
}

/// The name of a profile's file.
fn file_name(profile: &str) -> String {
    format!("{}.json", safe_name(profile))
}

/// A name for a file about `text`, that stays in its folder and says what it is about:
/// letters, digits, `_` and `-` as they are, a dot inside too, all else as `%XX`, at most
/// 120 bytes of it; then eight hex digits that keep apart what would look the same.
pub(crate) fn safe_name(text: &str) -> String {
    let mut name = String::new();
    for byte in text.bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
        if plain || (byte == b'.' && !name.is_empty()) {
            name.push(char::from(byte));
        } else {
            let _ = write!(name, "%{byte:02X}");
        }
    }
    name.truncate(LONGEST_NAME);
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    // Four bytes: names are few.
    let digits: Vec<String> = digest
        .as_ref()
        .iter()
        .take(4)
        .map(|b| format!("{b:02x}"))
        .collect();
    format!("{name}-{}", digits.concat())
}

/// Opens the file for appending, never through a link, and closes it to everybody else.
pub(crate) fn append_only(path: &Path) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = File::options()
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags(i32::try_from(flags.bits()).unwrap_or_default())
        .open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("expected a regular file"));
    }
    file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    Ok(file)
}

#[cfg(test)]
mod tests;
