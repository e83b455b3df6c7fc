//! A terminal that takes nothing for a while: what comes afterwards, and how soon the
//! newest lines stand there.

use std::time::{Duration, Instant};

use crate::keys::{Pressed, full_page};
use crate::program::{settle, shown};
use crate::site::newest;
use crate::table::{Amount, Row, say};

/// How long nothing is taken, and the keys that are pressed meanwhile.
const STALL: Duration = Duration::from_secs(3);
const KEYS: u32 = 300;

/// Bytes on their way at most when the terminal takes some again: what the kernel keeps
/// for a terminal, and what our reader had in hand.
const HELD: usize = 2 * 65_536;

/// Until the newest lines stand there.
const GOAL: Duration = Duration::from_millis(50);

/// Whoever takes longer still is not waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Pages back while nothing is taken; the last key goes to the newest line.
pub(crate) fn rows(all: &[Pressed]) -> Vec<Row> {
    let mut bytes = Row::new("300 keys in 3 s of a stalled terminal");
    let mut newest = Row::new("from its end to the newest lines");
    let mut most = 0;
    for pressed in all {
        let t = &pressed.running.t;
        settle(t);
        if pressed.program.is_ours() {
            most = HELD + full_page(t);
        }
        let stood = t.shared.lock().raw.len();
        let Some(took) = stall(pressed) else {
            say(&format!(
                "{}: no newest lines within {PATIENCE:?} of a stall",
                pressed.program.name
            ));
            continue;
        };
        settle(t);
        let came = t.shared.lock().raw.len() - stood;
        bytes.add(pressed.program, Amount::Bytes(came));
        newest.add(pressed.program, Amount::Time(took));
    }
    let words = format!("what was on its way, 128 KiB, and one page: {most} B");
    let limit = Amount::Time(GOAL);
    vec![
        bytes.at_most(Amount::Bytes(most).number(), words),
        newest.at_most(limit.number(), "50 ms".to_owned()),
    ]
}

/// From the moment at which bytes are taken again.
fn stall(pressed: &Pressed) -> Option<Duration> {
    let t = &pressed.running.t;
    t.shared.change(|state| state.stalled = true);
    for _ in 0..KEYS - 1 {
        t.send(pressed.program.page);
        std::thread::sleep(STALL / KEYS);
    }
    t.send(pressed.program.end);
    std::thread::sleep(STALL / KEYS);
    let resumed = Instant::now();
    t.shared.change(|state| state.stalled = false);
    let came = shown(t, PATIENCE, |screen| screen.contents().contains(&newest()))?;
    Some(came.saturating_duration_since(resumed))
}
