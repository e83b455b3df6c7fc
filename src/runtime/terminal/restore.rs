//! Giving the terminal back, exactly once, on every way out: leaving, stopping,
//! signals, panics.

use std::io::Write;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::termios::{OptionalActions, Termios, tcgetpgrp, tcsetattr};

use super::output::{Gate, Output, wait_writable};
use super::page::{LEAVE_PAGE, NO_REGION};
use crate::model::text::clean;

/// How long giving back may try to write: a stalled terminal must not keep us.
const PATIENCE: Duration = Duration::from_secs(1);
/// Ends the program after a panic, as Rust itself would.
const PANICKED: i32 = 101;

/// Everything that [`super::ENTER`], the mouse and the encoder set, undone: colours
/// and looks, scroll region, mouse reports, paste brackets, alternate scroll (as it
/// was before us), cursor, screen. The region goes first because that moves the
/// cursor, which the last sequence puts back.
pub(super) const LEAVE: &[u8] =
    b"\x1b[m\x1b[r\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[?1007r\x1b[?25h\x1b[?1049l";
/// Ends whatever sequence a write was cut in.
const CANCEL: &[u8] = b"\x18";

/// What is needed to give the terminal back.
#[derive(Debug)]
pub(super) struct Saved {
    pub(super) input: Arc<OwnedFd>,
    pub(super) termios: Termios,
    pub(super) output: Output,
    /// A page stands in place of our screen, or is on its way.
    pub(super) paged: bool,
}

/// Full from entering to giving back; whoever takes it out gives it back.
pub(super) static SAVED: Mutex<Option<Saved>> = Mutex::new(None);

/// Gives the terminal back, if it is ours at the moment: modes undone, settings as
/// they were. Does nothing the second time. For the panic hook and the last line
/// of `main`; allocates nothing.
pub fn restore() {
    let until = Instant::now() + PATIENCE;
    let saved = loop {
        match SAVED.try_lock() {
            Ok(mut saved) => break saved.take(),
            Err(TryLockError::Poisoned(saved)) => break saved.into_inner().take(),
            // Held for an instant only, unless the panic came just then.
            Err(TryLockError::WouldBlock) if Instant::now() < until => std::thread::yield_now(),
            Err(TryLockError::WouldBlock) => return,
        }
    };
    if let Some(saved) = saved {
        give_back(&saved, until);
    }
}

fn give_back(saved: &Saved, until: Instant) {
    // A write cut short may have left the terminal inside a sequence.
    if let Some(cut) = Gate::shut(&saved.output.gate, until) {
        let region = if saved.paged { NO_REGION } else { b"" };
        let leave = if saved.paged { LEAVE_PAGE } else { LEAVE };
        let cancelled =
            !cut || write(&saved.output, CANCEL, until) && write(&saved.output, region, until);
        let _ = cancelled && write(&saved.output, leave, until);
    }
    set_back(saved);
}

/// Sets the terminal's own settings back, unless another program has the terminal:
/// then its settings stand there, and ours to restore would only stop us (SIGTTOU).
fn set_back(saved: &Saved) {
    let ours = rustix::process::getpgrp();
    if tcgetpgrp(&saved.input).is_ok_and(|group| group != ours) {
        return;
    }
    while tcsetattr(&saved.input, OptionalActions::Now, &saved.termios) == Err(Errno::INTR) {}
}

/// Writes past the shut gate; whether all of it arrived in time.
fn write(output: &Output, bytes: &[u8], until: Instant) -> bool {
    let mut rest = bytes;
    while !rest.is_empty() {
        let left = until.saturating_duration_since(Instant::now());
        // First, because the descriptor may be a blocking one.
        wait_writable(&*output.fd, left);
        match rustix::io::write(&*output.fd, rest) {
            Ok(count) => rest = rest.get(count..).unwrap_or_default(),
            Err(Errno::INTR | Errno::AGAIN) if !left.is_zero() => {}
            Err(_) => return false,
        }
    }
    true
}

/// From now on a panic in any thread gives the terminal back, says where it
/// happened, names the log, and ends the program with code 101: a program that
/// lost a thread must not go on as if nothing were missing.
///
/// What a panic says is shown only if it is a fixed text of the program: a
/// formatted one may quote messages or secrets.
pub fn install_panic_hook(log: Option<PathBuf>) {
    std::panic::set_hook(Box::new(move |panic| {
        restore();
        let place = panic
            .location()
            .map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        let said = panic.payload().downcast_ref::<&'static str>().copied();
        tracing::error!(place, said, "panic");
        let text = report(&place, said, log.as_ref());
        // A stalled terminal must not keep a program that is lost already, and
        // nobody is left to tell if this fails.
        if wait_writable(std::io::stderr(), PATIENCE) {
            let _ = std::io::stderr().write_all(text.as_bytes());
        }
        std::process::exit(PANICKED);
    }));
}

fn report(place: &str, said: Option<&str>, log: Option<&PathBuf>) -> String {
    let said = said.map(|said| format!(": {said}")).unwrap_or_default();
    let log = log.map_or_else(
        || "run again with --log FILE to keep a log".to_owned(),
        |path| format!("the log is in {}", path.display()),
    );
    // One line each, whatever a path holds.
    let line = |text: String| clean(&text).as_str().replace(['\n', '\t'], " ");
    format!(
        "{}\n{}\n",
        line(format!(
            "tim-history: stopped by a fault of its own at {place}{said}"
        )),
        line(log)
    )
}

/// Puts what is needed to give the terminal back where every way out finds it;
/// what stands there already is the older truth and stays. Whether it is the first.
pub(super) fn save(saved: Saved) -> bool {
    let mut slot = SAVED.lock().unwrap_or_else(PoisonError::into_inner);
    let first = slot.is_none();
    slot.get_or_insert(saved);
    first
}

/// Keeps in mind whether a page stands in place of our screen.
pub(super) fn say_paged(paged: bool) {
    let mut slot = SAVED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(saved) = slot.as_mut() {
        saved.paged = paged;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_two_lines_and_quotes_nothing_foreign() {
        let log = PathBuf::from("/var/log/\u{1b}[2Jx\ny");
        let text = report("src/a.rs:1:2", Some("a default binding parses"), Some(&log));
        assert_eq!(text.lines().count(), 2);
        assert!(text.contains("src/a.rs:1:2: a default binding parses"));
        assert!(text.contains("/var/log/") && !text.contains('\u{1b}'));
        let text = report("src/a.rs:1:2", None, None);
        assert!(text.contains("at src/a.rs:1:2\n") && text.contains("--log FILE"));
    }
}
