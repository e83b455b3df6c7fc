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
        let words = words(&self.before, now, after);
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

fn words(before: &Progress, now: &Progress, after: Duration) -> String {
    let done = now.seqs.saturating_sub(before.seqs);
    let calls = |p: &Progress| p.calls.pages + p.calls.retries + p.calls.names;
    let made = calls(now).saturating_sub(calls(before));
    let millis = u64::try_from(after.as_millis()).unwrap_or(u64::MAX).max(1);
    let left = now.of.saturating_sub(now.seqs);
    let time = match (done, left) {
        (_, 0) => String::new(),
        (0, _) => ", nothing has come yet".to_owned(),
        (done, left) => format!(", {} s left", left.saturating_mul(millis) / done / 1000),
    };
    format!(
        "{} of {} messages, {}/s, {} calls/s{time}",
        now.seqs,
        now.of,
        done.saturating_mul(1000) / millis,
        made.saturating_mul(1000) / millis,
    )
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
        assert!(words(&before, &now, Duration::from_secs(1)).ends_with("nothing has come yet"));
        now.seqs = 600;
        now.calls.pages = 25;
        let said = words(&before, &now, Duration::from_secs(5));
        assert_eq!(said, "600 of 1100 messages, 100/s, 5 calls/s, 5 s left");
        assert_eq!(bar(&now), "[##########..........]");
    }
}
