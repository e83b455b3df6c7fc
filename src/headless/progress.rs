//! How far an export has come, for people: a bar on a terminal, else now and then a line.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::Duration;

use crate::export::Progress;
use crate::model::text::clean;

/// Cells of the bar.
const BAR: u64 = 20;

/// Shows progress on standard error.
#[derive(Debug)]
pub(super) struct Meter {
    how: How,
    /// What was there before this run.
    before: Progress,
    drawn: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Bar,
    Lines,
    Quiet,
}

impl Meter {
    pub(super) fn new(quiet: bool, before: Progress) -> Self {
        let how = if quiet {
            How::Quiet
        } else if io::stderr().is_terminal() {
            How::Bar
        } else {
            How::Lines
        };
        Self {
            how,
            before,
            drawn: false,
        }
    }

    /// How often it is to be shown: four times a second is fluent, and a log is read later.
    pub(super) fn every(&self) -> Duration {
        match self.how {
            How::Bar => Duration::from_millis(250),
            How::Lines => Duration::from_secs(10),
            How::Quiet => Duration::from_hours(1),
        }
    }

    /// Shows how far it has come `after` so long.
    pub(super) fn show(&mut self, now: &Progress, after: Duration) {
        let words = now.words(&self.before, after);
        // Nobody is left to tell if this fails.
        let _ = match self.how {
            How::Quiet => Ok(()),
            How::Lines => writeln!(io::stderr(), "{}", clean(&words).as_str()),
            How::Bar => {
                self.drawn = true;
                let line = format!("{} {words}", bar(now));
                write!(io::stderr(), "\r{}\u{1b}[K", clean(&line).as_str())
            }
        };
    }

    /// Makes room for what is said next.
    pub(super) fn end(&mut self) {
        if std::mem::take(&mut self.drawn) {
            let _ = writeln!(io::stderr());
        }
    }
}

fn bar(now: &Progress) -> String {
    let full = now.seqs.saturating_mul(BAR) / now.of.max(1);
    let full = usize::try_from(full.min(BAR)).unwrap_or_default();
    let rest = usize::try_from(BAR).unwrap_or_default() - full;
    format!("[{}{}]", "#".repeat(full), ".".repeat(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_as_full_as_the_file() {
        let now = Progress {
            seqs: 600,
            of: 1_100,
            ..Progress::default()
        };
        assert_eq!(bar(&now), "[##########..........]");
    }
}
