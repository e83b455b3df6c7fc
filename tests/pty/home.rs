//! A home directory, a configuration and an environment of the test's own, so that
//! nothing of this machine shows through.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use portable_pty::CommandBuilder;
use tempfile::TempDir;
use tim_history::emulator::{Emulator, Knobs, World};

use crate::pty::Pty;

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_tim-history");

pub(crate) struct Home {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

impl Home {
    pub(crate) fn new() -> Self {
        let home = Self {
            folder: tempfile::tempdir().expect("a scratch directory"),
            variables: Vec::new(),
        };
        home.with("TERM", "xterm-256color")
            .with("LC_ALL", "C.UTF-8")
            .with("TZ", "UTC")
    }

    /// Sets a variable; the last value counts.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file that only its owner can read.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, text).expect("ours");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("ours");
        path
    }

    /// Writes where the program looks when nothing is named.
    pub(crate) fn configure(&self, text: &str) -> &Self {
        let folder = self.path().join(".config/tim-history");
        fs::create_dir_all(&folder).expect("ours");
        fs::write(folder.join("config.toml"), text).expect("ours");
        self
    }

    /// The whole environment.
    pub(crate) fn variables(&self) -> Vec<(String, OsString)> {
        let home = self.path().into();
        let config = self.path().join(".config").into();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let own = [("HOME", home), ("XDG_CONFIG_HOME", config), ("PATH", path)];
        let own = own
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        let set = self.variables.iter();
        own.chain(set.map(|(name, value)| (name.clone(), value.into())))
            .collect()
    }

    /// A command in this home.
    pub(crate) fn command(&self, program: &str, arguments: &[&str]) -> CommandBuilder {
        let mut command = CommandBuilder::new(program);
        command.env_clear();
        command.args(arguments);
        command.cwd(self.path());
        for (name, value) in self.variables() {
            command.env(name, value);
        }
        command
    }

    /// The browser with these arguments in a terminal of this size.
    pub(crate) fn open(&self, arguments: &[&str], size: (u16, u16)) -> Pty {
        Pty::start(self.command(BINARY, arguments), size)
    }

    /// Every file below, with its bytes.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("ours") {
                let path = entry.expect("ours").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = fs::read(&path).expect("ours");
                    files.push((path, bytes));
                }
            }
        }
        files
    }
}

/// A service with this world and nothing turned.
pub(crate) fn serving(world: World) -> Emulator {
    Emulator::start(world, Knobs::default(), 0).expect("a free port")
}
