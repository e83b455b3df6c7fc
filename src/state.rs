//! What is remembered between sessions, one small file per profile. It may be
//! lost or damaged at any time: the program starts nevertheless.

use std::fmt::Write as _;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use crate::app::event::SavedState;
use crate::config::Env;
use crate::model::text::{Clean, clean};

/// All that [`crate::app::remembered`] keeps, at its longest and with every
/// character escaped, is two thirds of it; an ordinary file has some kilobytes.
const LARGEST: u64 = 32 * 1024 * 1024;

/// How much of a profile's name is kept readable in the name of its file.
const LONGEST_NAME: usize = 120;

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

    /// What was remembered of `profile`. A file that cannot be used is renamed
    /// to `.bad`, so that it is neither lost nor in the way.
    #[must_use]
    pub fn load(&self, profile: &str) -> Loaded {
        let path = self.0.join(file_name(profile));
        let me = rustix::process::geteuid().as_raw();
        let problem = match read(&path, me) {
            Ok(Some(state)) => return Loaded { state, note: None },
            Ok(None) => return Loaded::default(),
            Err(problem) => problem,
        };
        let aside = path.with_extension("bad");
        let what = match fs::rename(&path, &aside) {
            Ok(()) => format!("the saved state {problem}; it is now {}", aside.display()),
            Err(_) => format!("the saved state {problem}: {}", path.display()),
        };
        Loaded {
            state: SavedState::default(),
            note: Some(clean(&what)),
        }
    }

    /// Remembers the state of `profile`. The file is whole at any time; of two
    /// programs that save, the last one wins.
    ///
    /// # Errors
    /// The directory or the file cannot be written.
    pub fn save(&self, profile: &str, state: &SavedState) -> io::Result<()> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.0)?;
        let path = self.0.join(file_name(profile));
        let beside = path.with_extension(format!("{}.new", std::process::id()));
        let bytes = serde_json::to_vec_pretty(state)?;
        let written = write_new(&beside, &bytes).and_then(|()| fs::rename(&beside, &path));
        if written.is_err() {
            // Whatever is left of it is of no use.
            let _ = fs::remove_file(&beside);
        }
        written
    }
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

/// The state in a file; `None` if there is no file; or why it cannot be used.
fn read(path: &Path, me: u32) -> Result<Option<SavedState>, &'static str> {
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
    serde_json::from_slice(&bytes)
        .map(Some)
        .map_err(|_| "is damaged")
}

/// The name of a profile's file: letters, digits, `_` and `-` as they are, a dot
/// inside too, all else as `%XX`, at most 120 bytes of it; then eight hex digits
/// that keep apart what would look the same.
fn file_name(profile: &str) -> String {
    let mut name = String::new();
    for byte in profile.bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
        if plain || (byte == b'.' && !name.is_empty()) {
            name.push(char::from(byte));
        } else {
            let _ = write!(name, "%{byte:02X}");
        }
    }
    name.truncate(LONGEST_NAME);
    let digest = ring::digest::digest(&ring::digest::SHA256, profile.as_bytes());
    // Four bytes: profiles are few.
    let digits: Vec<String> = digest
        .as_ref()
        .iter()
        .take(4)
        .map(|b| format!("{b:02x}"))
        .collect();
    format!("{name}-{}.json", digits.concat())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;
    use crate::app::event::Recent;
    use crate::app::remembered::{MARKED_PLACES, MARKS, Mark, PLACES, Parting, Places};
    use crate::model::ids::{Conversation, GroupId, Seq};
    use crate::model::message::Timestamp;

    fn scratch() -> (tempfile::TempDir, StateDir) {
        let folder = tempfile::tempdir().expect("a scratch directory");
        let dir = StateDir(folder.path().join("state"));
        (folder, dir)
    }

    fn sample() -> SavedState {
        SavedState {
            pins: vec!["@TGS#1".to_owned(), "a \"group\"".to_owned()],
            recents: vec![Recent {
                group: "@TGS#_1".to_owned(),
                topic: Some("@TGS#_1@TOPIC#_2".to_owned()),
            }],
            places: places(),
        }
    }

    fn conversation(group: &str) -> Conversation {
        Conversation::group(GroupId::new(group))
    }

    fn places() -> Places {
        let mut places = Places::default();
        let parting = Parting {
            seq: Seq::new(812),
            filter: Some("from:\"客服 li\" ctx:2"),
            follow: true,
            head: Seq::new(900),
            time: Timestamp::new(1_700_000_000),
        };
        places.part(&conversation("@TGS#1"), parting);
        let mark = Mark::new(Seq::FIRST, "the \\ refund", Timestamp::new(1_700_000_001));
        places.mark(&conversation("@TGS#2"), mark);
        places
    }

    fn path(dir: &StateDir, profile: &str) -> PathBuf {
        dir.0.join(file_name(profile))
    }

    #[test]
    fn what_is_saved_comes_back_to_its_profile_alone() {
        let (_folder, dir) = scratch();
        assert_eq!(dir.load("prod"), Loaded::default());
        dir.save("prod", &sample()).expect("it saves");
        dir.save("prod", &sample()).expect("and again");
        assert_eq!(dir.load("prod").state, sample());
        assert_eq!(dir.load("Prod"), Loaded::default());
        let files = fs::read_dir(&dir.0).expect("it is there").count();
        assert_eq!(files, 1, "nothing is left beside");
    }

    #[test]
    fn a_file_from_before_there_were_marks_is_read() {
        let (_folder, dir) = scratch();
        dir.save("prod", &SavedState::default()).expect("it saves");
        let old = r#"{"pins": ["a"], "recents": [{"group": "b"}]}"#;
        fs::write(path(&dir, "prod"), old).expect("ours");
        let loaded = dir.load("prod");
        assert_eq!(loaded.note, None);
        assert_eq!(loaded.state.pins, ["a"]);
        assert!(loaded.state.places.is_empty());
    }

    #[test]
    fn the_most_that_is_remembered_fits_its_file() {
        let (_folder, dir) = scratch();
        // Two bytes each in JSON, four in UTF-8: the longest there is of each.
        let (quotes, wide) = ("\"".repeat(300), "\u{1F5C4}".repeat(300));
        let mut places = Places::default();
        for n in 0..MARKED_PLACES + PLACES {
            // 256 bytes are the longest ID.
            let group = format!("{n:06}{}", quotes.get(..250).expect("inside"));
            let conversation = conversation(&group);
            let parting = Parting {
                filter: Some(&quotes),
                ..Parting::default()
            };
            places.part(&conversation, parting);
            for seq in (1..=5).take(if n < MARKED_PLACES { 5 } else { 0 }) {
                let mark = Mark::new(Seq::LAST.back(seq), &wide, Timestamp::new(i64::MAX));
                places.mark(&conversation, mark);
            }
        }
        let state = SavedState {
            places,
            ..SavedState::default()
        };
        let marks: usize = state.places.iter().map(|place| place.marks.len()).sum();
        assert_eq!(marks, MARKS);
        dir.save("prod", &state).expect("it saves");
        let size = fs::metadata(path(&dir, "prod")).expect("it is there").len();
        assert!(size * 3 < LARGEST * 2, "{size}");
        assert_eq!(dir.load("prod").state, state);
        let too_large = File::options().write(true).open(path(&dir, "prod"));
        too_large
            .and_then(|file| file.set_len(LARGEST + 1))
            .expect("ours");
        assert!(dir.load("prod").note.is_some(), "is too large");
    }

    #[test]
    fn files_and_directory_are_ours_alone() {
        let (_folder, dir) = scratch();
        dir.save("prod", &sample()).expect("it saves");
        let mode = |path: &Path| {
            let about = fs::metadata(path).expect("it is there");
            about.permissions().mode() & 0o777
        };
        assert_eq!(mode(&dir.0), 0o700);
        assert_eq!(mode(&path(&dir, "prod")), 0o600);
    }

    #[test]
    fn damage_is_set_aside_and_never_in_the_way() {
        let (_folder, dir) = scratch();
        dir.save("prod", &sample()).expect("it saves");
        let file = path(&dir, "prod");
        let whole = fs::read(&file).expect("it is there");
        for cut in 0..whole.len() {
            fs::write(&file, whole.get(..cut).expect("inside")).expect("ours");
            let loaded = dir.load("prod");
            assert_eq!(loaded.state, SavedState::default());
            assert!(loaded.note.is_some(), "cut at {cut}");
            assert!(!file.exists() && file.with_extension("bad").exists());
        }
        fs::write(&file, [0xff, 0, 0x1b]).expect("ours");
        assert!(dir.load("prod").note.is_some());
        dir.save("prod", &sample()).expect("it saves again");
        assert_eq!(dir.load("prod").state, sample());
    }

    #[test]
    fn links_and_directories_in_its_place_are_set_aside() {
        let (folder, dir) = scratch();
        fs::create_dir(&dir.0).expect("ours");
        let elsewhere = folder.path().join("elsewhere");
        fs::write(&elsewhere, "{}").expect("ours");
        symlink(&elsewhere, path(&dir, "prod")).expect("ours");
        assert!(dir.load("prod").note.is_some());
        assert!(elsewhere.exists());
        fs::create_dir(path(&dir, "test")).expect("ours");
        assert!(dir.load("test").note.is_some());
        dir.save("test", &sample())
            .expect("the place is free again");
    }

    #[test]
    fn a_file_of_somebody_else_is_not_believed() {
        let (_folder, dir) = scratch();
        dir.save("prod", &sample()).expect("it saves");
        let file = path(&dir, "prod");
        let me = rustix::process::geteuid().as_raw();
        assert_eq!(read(&file, me), Ok(Some(sample())));
        assert_eq!(read(&file, me + 1), Err("belongs to somebody else"));
    }

    #[test]
    fn names_cannot_leave_the_directory() {
        for name in [
            "../../x",
            "/etc/passwd",
            "..",
            ".",
            "",
            "a/b",
            "生产",
            "\0",
            &"x".repeat(400),
        ] {
            let file = file_name(name);
            assert!(!file.starts_with('.') && !file.contains('/'), "{file}");
            assert!(
                file.len() <= LONGEST_NAME + "-12345678.json".len(),
                "{file}"
            );
            let allowed = |b: u8| b.is_ascii_alphanumeric() || b"._-%".contains(&b);
            assert!(file.bytes().all(allowed), "{file}");
        }
        assert!(file_name("prod.eu").starts_with("prod.eu-"));
        assert_ne!(file_name(&"x".repeat(200)), file_name(&"x".repeat(201)));
    }

    #[test]
    fn the_directory_can_be_named() {
        let named = StateDir::locate(&|_| Some("/somewhere".to_owned()));
        assert_eq!(named, Some(StateDir(PathBuf::from("/somewhere"))));
    }
}
