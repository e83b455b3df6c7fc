//! What keys cost: the bytes that answer them, and what the process spends.

use std::fs;
use std::time::{Duration, Instant};

use crate::pty::{Pty, ticks};

/// After so much silence a picture is whole: it leaves in one write, and nothing else
/// moves by itself.
const REST: Duration = Duration::from_millis(30);

/// What came for a stroke.
pub(crate) struct Answer {
    pub(crate) bytes: usize,
    /// From the key to the last byte.
    pub(crate) took: Duration,
    pub(crate) before: vt100::Screen,
    pub(crate) after: vt100::Screen,
}

/// Sends bytes in one piece and takes what answers them, to its end. There has to be
/// an answer.
pub(crate) fn stroke(t: &Pty, bytes: &[u8]) -> Answer {
    let before = t.screen();
    let stood = t.shared.lock().raw.len();
    let sent = Instant::now();
    t.send(bytes);
    t.shared
        .wait("an answer", |state| (state.raw.len() > stood).then_some(()));
    t.shared.wait_for_rest(REST);
    let state = t.shared.lock();
    Answer {
        bytes: state.raw.len() - stood,
        took: state.came.saturating_duration_since(sent),
        before,
        after: state.screen.screen().clone(),
    }
}

/// Blocks until the program writes no more.
pub(crate) fn rest(t: &Pty) {
    t.shared.wait_for_rest(REST * 10);
}

/// What a process has spent so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spent {
    /// Of the processor, in hundredths of a second.
    pub(crate) ticks: u64,
    /// Times a thread went to sleep, and so was woken.
    pub(crate) wakes: u64,
    /// Memory that no file stands behind, in KiB.
    pub(crate) memory: u64,
}

impl Spent {
    pub(crate) fn so_far(t: &Pty) -> Self {
        let pid = t.pid();
        let tasks = fs::read_dir(format!("/proc/{pid}/task"));
        let tasks = tasks.into_iter().flatten().flatten();
        let wakes =
            tasks.map(|task| field(&task.path().join("status"), "voluntary_ctxt_switches:"));
        Self {
            ticks: ticks(pid).unwrap_or_default(),
            wakes: wakes.sum(),
            memory: field(format!("/proc/{pid}/status").as_ref(), "RssAnon:"),
        }
    }

    pub(crate) fn since(self, before: Self) -> Self {
        Self {
            ticks: self.ticks - before.ticks,
            wakes: self.wakes.saturating_sub(before.wakes),
            memory: self.memory.saturating_sub(before.memory),
        }
    }
}

/// A number of a file of the system's; 0 where there is none.
fn field(path: &std::path::Path, name: &str) -> u64 {
    let text = fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|rest| rest.split_whitespace().next());
    number.and_then(|n| n.parse().ok()).unwrap_or_default()
}
