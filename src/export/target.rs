//! The files of an export: written beside the target and renamed when whole, for our eyes
//! alone, never through a link, never over anything.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, OFlags, flock};

use super::format::Format;
use crate::model::ids::{Conversation, TopicId};
use crate::state;

/// The files of one export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// The finished file.
    pub file: PathBuf,
    /// What is there of it while it is not finished: `FILE.part`.
    pub part: PathBuf,
    /// How to go on with it: `FILE.checkpoint`.
    pub checkpoint: PathBuf,
    /// The hash of the finished file, as `sha256sum -c` reads it: `FILE.sha256`.
    pub sha256: PathBuf,
    /// The manifest, where the file does not hold it: `FILE.manifest.json`.
    pub manifest: PathBuf,
}

impl Paths {
    /// The files around `file`.
    #[must_use]
    pub fn of(file: &Path) -> Self {
        let with = |end: &str| {
            let mut name = OsString::from(file);
            name.push(end);
            PathBuf::from(name)
        };
        Self {
            file: file.to_owned(),
            part: with(".part"),
            checkpoint: with(".checkpoint"),
            sha256: with(".sha256"),
            manifest: with(".manifest.json"),
        }
    }

    /// What is in the way of an export of this format, if anything.
    #[must_use]
    pub fn in_the_way(&self, format: Format) -> Option<&Path> {
        let mut all = vec![&self.file, &self.part, &self.checkpoint, &self.sha256];
        if !format.holds_manifest() {
            all.push(&self.manifest);
        }
        let taken = |path: &&PathBuf| fs::symlink_metadata(path).is_ok();
        all.into_iter().find(taken).map(PathBuf::as_path)
    }

    /// Begins both files of a run.
    ///
    /// # Errors
    /// They cannot be made; with [`io::ErrorKind::AlreadyExists`] where they are there.
    pub fn create(&self, force: bool) -> io::Result<(File, File)> {
        if force {
            for path in [&self.part, &self.checkpoint] {
                remove(path)?;
            }
        }
        let new = |path: &Path| options().write(true).read(true).create_new(true).open(path);
        let part = new(&self.part)?;
        lock(&part)?;
        Ok((part, new(&self.checkpoint)?))
    }

    /// Opens both files of a run that did not finish, the checkpoint cut to whole lines.
    ///
    /// # Errors
    /// They cannot be opened; with [`io::ErrorKind::ResourceBusy`] where another process
    /// writes them.
    pub fn reopen(&self) -> io::Result<(File, File)> {
        let open = |path: &Path| {
            let file = options().read(true).write(true).open(path)?;
            if !file.metadata()?.is_file() {
                return Err(io::Error::other("not a regular file"));
            }
            Ok(file)
        };
        let part = open(&self.part)?;
        lock(&part)?;
        Ok((part, open(&self.checkpoint)?))
    }

    /// Gives the finished part its name.
    ///
    /// # Errors
    /// Something is there by now and is not to be replaced, or the system refuses.
    pub fn finish(&self, part: &File, force: bool) -> io::Result<()> {
        part.sync_all()?;
        if force {
            fs::rename(&self.part, &self.file)?;
        } else {
            match fs::hard_link(&self.part, &self.file) {
                Ok(()) => fs::remove_file(&self.part)?,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
                // Some file systems know no links.
                Err(_) if fs::symlink_metadata(&self.file).is_err() => {
                    fs::rename(&self.part, &self.file)?;
                }
                Err(error) => return Err(error),
            }
        }
        remove(&self.checkpoint)?;
        // The names are as good as the system can make them; the bytes are safe already.
        let folder = self
            .file
            .parent()
            .filter(|path| !path.as_os_str().is_empty());
        if let Ok(folder) = File::open(folder.unwrap_or(Path::new("."))) {
            let _ = folder.sync_all();
        }
        Ok(())
    }

    /// Writes a small file beside the finished one.
    ///
    /// # Errors
    /// It is there and is not to be replaced, or cannot be written.
    pub fn beside(path: &Path, bytes: &[u8]) -> io::Result<()> {
        state::replace(path, bytes)
    }
}

/// Where an export goes: `out`, a file called `name` in it where it is a folder, or in the
/// working directory.
#[must_use]
pub fn place(out: Option<&Path>, name: &str) -> PathBuf {
    match out {
        Some(path) if path.is_dir() => path.join(name),
        Some(path) => path.to_owned(),
        None => PathBuf::from(name),
    }
}

/// The name of a file for a group or topic, made of plain signs whatever its ID is.
#[must_use]
pub fn default_name(conversation: &Conversation, format: Format) -> String {
    let group = conversation.group.as_str();
    let about = match conversation.topic.as_ref().map(TopicId::as_str) {
        // A line break is in no ID, so no two pairs look alike.
        Some(topic) => format!("{group}\n{topic}"),
        None => group.to_owned(),
    };
    format!("{}.{}", state::safe_name(&about), format.extension())
}

/// The name of a file for outsiders: it goes where the file goes, so it names no group.
#[must_use]
pub fn masked_name(format: Format) -> String {
    format!("masked.{}", format.extension())
}

fn options() -> OpenOptions {
    let mut options = File::options();
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    options
        .mode(0o600)
        .custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    options
}

/// Keeps a second process out as long as the file is open. Some file systems know no locks.
fn lock(file: &File) -> io::Result<()> {
    match flock(file, FlockOperation::NonBlockingLockExclusive) {
        Err(rustix::io::Errno::WOULDBLOCK) => Err(io::ErrorKind::ResourceBusy.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Drops everything behind the first `bytes` bytes, and goes there.
pub(super) fn cut(file: &mut File, bytes: u64) -> io::Result<()> {
    file.set_len(bytes)?;
    file.seek(SeekFrom::Start(bytes))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::GroupId;

    #[test]
    fn no_group_leads_out_of_its_folder() {
        for id in [
            "../../x",
            "/etc/passwd",
            "..",
            ".",
            "CON",
            "a/../b",
            "@TGS#1",
            "a\0b",
            "-rf",
        ] {
            let conversation = Conversation::group(GroupId::new(id));
            let name = default_name(&conversation, Format::Jsonl);
            let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-%".contains(&b);
            assert!(name.bytes().all(plain), "{name}");
            assert!(!name.starts_with('.'), "{name}");
            assert_eq!(Path::new(&name).extension(), Some("jsonl".as_ref()));
            let placed = place(Some(Path::new("/")), &name);
            assert_eq!(placed.parent(), Some(Path::new("/")));
        }
        let long = Conversation::group(GroupId::new("群".repeat(300)));
        assert!(default_name(&long, Format::Html).len() <= 135);
    }
}
