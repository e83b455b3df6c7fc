//! How an export stands, and what may keep it from its end: for whoever shows it.

use std::io;
use std::path::Path;

use super::manifest::{Calls, Counts};
use super::walk::Halt;
use crate::model::text::{Clean, clean};

/// How far an export has come: plain numbers, for whoever shows them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Seqs that are written or left out by the filter.
    pub seqs: u64,
    /// Seqs of the range.
    pub of: u64,
    /// Records written.
    pub records: u64,
    /// Bytes written.
    pub bytes: u64,
    /// How many seqs are in which state.
    pub counts: Counts,
    /// Calls so far.
    pub calls: Calls,
}

/// Why an export did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum Interrupted {
    /// Somebody stopped it, or the service does not answer.
    #[error("{0}")]
    Halted(Halt),
    /// What came cannot be written.
    #[error("{}: {cause}", what.as_str())]
    Unwritten {
        /// Which file, or standard output.
        what: Clean,
        /// The system's word.
        cause: io::Error,
    },
}

/// What is in the way of an export.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// A file that is not to be overwritten.
    #[error("{} is there already; --force replaces it{}", path.as_str(), hint)]
    Taken {
        /// Which.
        path: Clean,
        /// What else could be done.
        hint: &'static str,
    },
    /// There is nothing to go on with.
    #[error("nothing to resume: {} {why}", path.as_str())]
    NoCheckpoint {
        /// Where it should be.
        path: Clean,
        /// What is the matter with it.
        why: &'static str,
    },
    /// Another process is at it.
    #[error("another process is writing {}", .0.as_str())]
    Busy(Clean),
    /// The files cannot be made or opened.
    #[error("{}: {cause}", path.as_str())]
    Unusable {
        /// Which.
        path: Clean,
        /// The system's word.
        cause: io::Error,
    },
}

/// A path, to be shown.
pub(super) fn shown(path: &Path) -> Clean {
    clean(&path.display().to_string()).one_line()
}

impl Refusal {
    /// A file that the system does not give us.
    pub(super) fn of(path: &Path, cause: io::Error) -> Self {
        if cause.kind() == io::ErrorKind::ResourceBusy {
            return Self::Busy(shown(path));
        }
        Self::Unusable {
            path: shown(path),
            cause,
        }
    }
}
