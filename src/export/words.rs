//! How an export stands, and what may keep it from its end: for whoever shows it.

use std::io;
use std::path::Path;
use std::time::Duration;

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

impl Progress {
    /// How far it has come, how fast since `before`, which was `after` so long ago, and
    /// how long it will take.
    #[must_use]
    pub fn words(&self, before: &Self, after: Duration) -> String {
        let done = self.seqs.saturating_sub(before.seqs);
        let made = self.calls.asked().saturating_sub(before.calls.asked());
        let millis = u64::try_from(after.as_millis()).unwrap_or(u64::MAX).max(1);
        let left = self.of.saturating_sub(self.seqs);
        let time = match (done, left) {
            (_, 0) => String::new(),
            (0, _) => ", nothing has come yet".to_owned(),
            (done, left) => {
                let seconds = left.saturating_mul(millis) / done / 1000;
                format!(", {} left", duration(seconds))
            }
        };
        format!(
            "{} of {} messages, {}/s, {} calls/s{time}",
            self.seqs,
            self.of,
            done.saturating_mul(1000) / millis,
            made.saturating_mul(1000) / millis,
        )
    }

    /// How much is done, 0 to 100; 100 only where nothing is left.
    #[must_use]
    pub fn percent(&self) -> u64 {
        let all = self.seqs.saturating_mul(100).checked_div(self.of);
        all.unwrap_or_default().min(100)
    }
}

/// `7 s`, `3 min`, `2 h`.
fn duration(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h", seconds.div_ceil(3_600)),
    }
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

/// The command that goes on with the export of a file.
#[must_use]
pub fn resume_command(file: &Path) -> Clean {
    let file = file.display().to_string().replace('\'', r"'\''");
    clean(&format!("tim-history export --resume --out '{file}'"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_how_fast_and_how_long() {
        let before = Progress {
            seqs: 100,
            of: 1_100,
            ..Progress::default()
        };
        let mut now = before;
        let words = now.words(&before, Duration::from_secs(1));
        assert!(words.ends_with("nothing has come yet"));
        now.seqs = 600;
        now.calls.pages = 25;
        let said = now.words(&before, Duration::from_secs(5));
        assert_eq!(said, "600 of 1100 messages, 100/s, 5 calls/s, 5 s left");
        assert_eq!(now.percent(), 54);
        assert_eq!(duration(7_199), "120 min");
    }
}
