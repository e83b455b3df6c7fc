//! One driver for all tables of cases: it runs them side by side and says how many
//! held.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::front::lock;

/// So many at a time: nearly all of them wait for a time-out or a retry most of the time.
const SIDE_BY_SIDE: usize = 10;

/// Runs only cases whose names hold this text.
const ONLY: &str = "TIM_HISTORY_FAULTS";

/// Runs a group of named cases; fails with the names of those that did not hold.
pub(crate) fn run<T: Sync>(
    group: &str,
    cases: &[(impl AsRef<str> + Sync, T)],
    play: impl Fn(&T) + Sync,
) {
    let only = std::env::var(ONLY).unwrap_or_default();
    let chosen = cases.iter().map(|(name, case)| (name.as_ref(), case));
    let chosen: Vec<(&str, &T)> = chosen.filter(|(name, _)| name.contains(&only)).collect();
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some((name, case)) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
            // The message of the panic is printed where it happens; here the name counts.
            if catch_unwind(AssertUnwindSafe(|| play(case))).is_err() {
                lock(&failed).push((*name).to_owned());
            }
        }
    };
    thread::scope(|scope| {
        for n in 0..SIDE_BY_SIDE.min(chosen.len()) {
            let thread = thread::Builder::new().name(format!("{group} {n}"));
            thread.spawn_scoped(scope, work).expect("a thread");
        }
    });
    report(group, chosen.len(), &lock(&failed));
}

/// Says how many cases of a group held, for whoever looks after the run; fails where one
/// did not.
#[expect(clippy::print_stdout, reason = "seen where output is not captured")]
pub(crate) fn report(group: &str, count: usize, failed: &[String]) {
    let words = format!("{group}: {} of {count} passed", count - failed.len());
    println!("{words}");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("faults");
    fs::create_dir_all(&folder).expect("the build's own folder");
    fs::write(folder.join(group), words + "\n").expect("the build's own folder");
    assert!(failed.is_empty(), "{group}: {failed:?} did not hold");
}
