//! Where the secret comes from, and whether it was kept well enough there.
//!
//! A secret goes from its source straight into a [`SecretString`]; no error here
//! ever holds a part of it.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use rustix::fs::OFlags;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use super::Env;
use crate::api::Credential;

/// A key has 64 characters and a UserSig some hundred; anything longer is another file.
const LONGEST: u64 = 4096;

/// How long a command may take: enough for a password store that asks a server.
const COMMAND_LIMIT: Duration = Duration::from_secs(10);

/// Where the secret of a profile comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// A file that holds the secret key.
    KeyFile(PathBuf),
    /// An environment variable that holds it.
    KeyEnv(String),
    /// A program that prints it, with its arguments; never through a shell.
    KeyCommand(Vec<String>),
    /// A file that holds a ready UserSig.
    UserSigFile(PathBuf),
    /// An environment variable that holds one.
    UserSigEnv(String),
}

/// Why the secret of a profile cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("profile `{profile}`: {setting}: {problem}")]
pub struct SecretError {
    /// Of which profile.
    pub profile: String,
    /// The key of the profile that names the source.
    pub setting: &'static str,
    /// What is wrong.
    pub problem: SecretProblem,
}

/// What is wrong with a source of a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretProblem {
    /// The file is not there or will not open.
    #[error("cannot read {}: {cause}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// The system's word.
        cause: String,
    },
    /// Somebody else could have read or written it.
    #[error("{} {refusal}", path.display())]
    Unsafe {
        /// Which file.
        path: PathBuf,
        /// Why not.
        refusal: Refusal,
    },
    /// The variable does not exist.
    #[error("the environment variable {0} is not set")]
    NotSet(String),
    /// The program cannot be started.
    #[error("cannot run `{program}`: {cause}")]
    NotRun {
        /// The program, without its arguments.
        program: String,
        /// The system's word.
        cause: String,
    },
    /// The program ended badly.
    #[error("`{program}` ended with {status}; run it by hand to see why")]
    Failed {
        /// The program, without its arguments.
        program: String,
        /// Exit status or signal.
        status: String,
    },
    /// The program did not end in time.
    #[error("`{0}` took longer than 10 s")]
    Slow(String),
    /// What came cannot be a secret.
    #[error("{from} {what}")]
    NotASecret {
        /// Where it came from.
        from: String,
        /// What was expected instead.
        what: &'static str,
    },
}

/// Why a file is not safe enough for a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A directory, pipe or device.
    #[error("is not a regular file")]
    NotAFile,
    /// Neither ours nor root's.
    #[error("belongs to user {0}: expected it to be yours or root's")]
    Foreign(u32),
    /// Open to everybody.
    #[error("is open to everybody (mode {0:04o}): run `chmod 600` on it")]
    Everybody(u32),
    /// Open to a group without root having said so.
    #[error("is open to its group (mode {0:04o}): run `chmod 600` on it, or let root own it")]
    Group(u32),
    /// A symbolic link that ends where somebody else can change things.
    #[error("is a link into a directory of user {0}: name the file itself")]
    Link(u32),
}

impl SecretSource {
    /// The key of the profile that names this source.
    #[must_use]
    pub fn setting(&self) -> &'static str {
        match self {
            Self::KeyFile(_) => "secret_key_file",
            Self::KeyEnv(_) => "secret_key_env",
            Self::KeyCommand(_) => "secret_key_command",
            Self::UserSigFile(_) => "usersig_file",
            Self::UserSigEnv(_) => "usersig_env",
        }
    }

    /// Fetches the secret; may run a program, so it may take up to 10 s.
    pub(super) fn load(&self, env: Env<'_>) -> Result<Credential, SecretProblem> {
        match self {
            Self::KeyFile(path) => from_file(path).map(Credential::Key),
            Self::KeyEnv(name) => from_env(name, env).map(Credential::Key),
            Self::KeyCommand(argv) => from_command(argv, COMMAND_LIMIT).map(Credential::Key),
            Self::UserSigFile(path) => from_file(path).map(Credential::UserSig),
            Self::UserSigEnv(name) => from_env(name, env).map(Credential::UserSig),
        }
    }
}

/// Whether a file of this mode and owner may hold a secret of ours.
fn judge(mode: u32, owner: u32, me: u32) -> Result<(), Refusal> {
    let mode = mode & 0o7777;
    if owner != me && owner != 0 {
        return Err(Refusal::Foreign(owner));
    }
    // Read and write bits: who can write the file can put another key there.
    if mode & 0o006 != 0 {
        return Err(Refusal::Everybody(mode));
    }
    if mode & 0o060 != 0 && owner != 0 {
        return Err(Refusal::Group(mode));
    }
    Ok(())
}

fn from_file(path: &Path) -> Result<SecretString, SecretProblem> {
    let unreadable = |error: io::Error| SecretProblem::Unreadable {
        path: path.to_owned(),
        cause: error.kind().to_string(),
    };
    let refused = |refusal| SecretProblem::Unsafe {
        path: path.to_owned(),
        refusal,
    };
    let me = rustix::process::geteuid().as_raw();
    let target = follow(path, me).map_err(unreadable)?.map_err(refused)?;
    // No link at the last moment, and no waiting for the writer of a pipe.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = File::options()
        .read(true)
        .custom_flags(i32::try_from(flags.bits()).unwrap_or_default())
        .open(&target)
        .map_err(unreadable)?;
    let about = file.metadata().map_err(unreadable)?;
    if !about.is_file() {
        return Err(refused(Refusal::NotAFile));
    }
    judge(about.mode(), about.uid(), me).map_err(refused)?;
    let bytes = read_all(file).map_err(unreadable)?;
    checked(&bytes, &path.display().to_string())
}

/// The file a path ends at. A link may not lead into a directory of somebody
/// else, who could put another file there.
fn follow(path: &Path, me: u32) -> io::Result<Result<PathBuf, Refusal>> {
    let target = fs::canonicalize(path)?;
    if std::path::absolute(path)? == target {
        return Ok(Ok(target));
    }
    for folder in target.ancestors().skip(1) {
        let owner = fs::metadata(folder)?.uid();
        if owner != me && owner != 0 {
            return Ok(Err(Refusal::Link(owner)));
        }
    }
    Ok(Ok(target))
}

fn from_env(name: &str, env: Env<'_>) -> Result<SecretString, SecretProblem> {
    let value = env(name).ok_or_else(|| SecretProblem::NotSet(name.to_owned()))?;
    let value = Zeroizing::new(value);
    checked(
        value.as_bytes(),
        &format!("the environment variable {name}"),
    )
}

fn from_command(argv: &[String], limit: Duration) -> Result<SecretString, SecretProblem> {
    let Some((program, arguments)) = argv.split_first() else {
        return Err(SecretProblem::NotSet("secret_key_command".to_owned()));
    };
    let not_run = |error: io::Error| SecretProblem::NotRun {
        program: program.clone(),
        cause: error.kind().to_string(),
    };
    let until = Instant::now() + limit;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        // What a password store says when it fails may hold what it was asked for.
        .stderr(Stdio::null())
        .spawn()
        .map_err(not_run)?;
    let (tell, told) = mpsc::channel();
    if let Some(stdout) = child.stdout.take() {
        // Its own thread, because a grandchild may keep the pipe open for ever.
        std::thread::spawn(move || tell.send(read_all(stdout)));
    }
    let left = until.saturating_duration_since(Instant::now());
    let printed = told.recv_timeout(left).ok();
    let status = printed.as_ref().and_then(|_| end_of(&mut child, until));
    let (Some(printed), Some(status)) = (printed, status) else {
        // Already gone is as good as killed.
        let _ = child.kill();
        let _ = child.wait();
        return Err(SecretProblem::Slow(program.clone()));
    };
    if !status.success() {
        return Err(SecretProblem::Failed {
            program: program.clone(),
            status: status.to_string(),
        });
    }
    checked(
        &printed.map_err(not_run)?,
        &format!("the output of `{program}`"),
    )
}

/// The status of a program that has closed its output; `None` if it goes on nevertheless.
fn end_of(child: &mut Child, until: Instant) -> Option<std::process::ExitStatus> {
    // Short against a person's patience, long against the machine's.
    const LONGEST_PAUSE: Duration = Duration::from_millis(5);
    // Most programs end with their output, and the first picture waits for this.
    let mut pause = Duration::from_micros(50);
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        if Instant::now() >= until {
            return None;
        }
        std::thread::sleep(pause);
        pause = LONGEST_PAUSE.min(pause * 2);
    }
}

/// Reads at most one byte more than [`LONGEST`], into memory that is wiped.
fn read_all(from: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    // All of it at once: growing would leave copies behind.
    let mut bytes = Zeroizing::new(vec![0; usize::try_from(LONGEST).unwrap_or_default() + 1]);
    let mut from = from.take(LONGEST + 1);
    let mut filled = 0;
    while let Some(room) = bytes.get_mut(filled..).filter(|room| !room.is_empty()) {
        match from.read(room) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

/// Takes off one newline and makes sure that what is left can be a secret.
fn checked(bytes: &[u8], from: &str) -> Result<SecretString, SecretProblem> {
    let not = |what| SecretProblem::NotASecret {
        from: from.to_owned(),
        what,
    };
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    if bytes.is_empty() {
        return Err(not("is empty"));
    }
    if bytes.len() as u64 > LONGEST {
        return Err(not("is longer than 4096 bytes"));
    }
    // Keys and UserSigs are ASCII without spaces; an editor's BOM or a second
    // line would only show much later, as a signature that does not fit.
    if !bytes.iter().all(u8::is_ascii_graphic) {
        return Err(not(
            "holds more than one word of ASCII letters, digits and signs",
        ));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| not("is not text"))?;
    Ok(SecretString::new(Box::from(text)))
}

#[cfg(test)]
mod tests;
