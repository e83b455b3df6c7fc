//! Keys while an export runs behind the panes.

use std::time::{Duration, Instant};

use crate::keys::{Pressed, SPREAD, TIMES, body};
use crate::program::{settle, shown};
use crate::pty::Pty;
use crate::table::{Amount, MEDIAN, Row, WORST, percentile, say};

/// Keys that are pressed in all, over as many exports as that takes.
const KEYS: usize = 300;
const EXPORTS: usize = 8;

/// Between an answer and the next key: as fast as somebody who scrolls.
const GAP: Duration = Duration::from_millis(30);

/// Longer than any answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// What an answer begins with when the box is open, and when an export has ended.
const OPEN: &str = "Esc closes, it goes on";
const ENDED: &str = "exported ";

/// Beside what less takes for the same key without an export.
pub(crate) fn rows(all: &mut [Pressed]) -> Vec<Row> {
    let mut p50 = Row::new("key while exporting, p50");
    let mut p99 = Row::new("the same, p99");
    for pressed in all {
        let program = pressed.program;
        let mut times = if program.is_ours() {
            ours(pressed)
        } else if program.name == "less" {
            std::mem::take(&mut pressed.times)
        } else {
            continue;
        };
        p50.add(program, Amount::Time(percentile(&mut times, MEDIAN)));
        p99.add(program, Amount::Time(percentile(&mut times, WORST)));
    }
    let ours = p50.of("ours").map_or(0.0, Amount::number);
    let p99 = p99.at_most(ours * SPREAD, format!("{SPREAD} x its p50"));
    vec![p50.beside_less(TIMES), p99]
}

fn ours(pressed: &Pressed) -> Vec<Duration> {
    let (t, mut times) = (&pressed.running.t, Vec::new());
    let begun = Instant::now();
    let mut exports = 0;
    while times.len() < KEYS && exports < EXPORTS {
        let name = format!("export-{exports}.jsonl");
        begin(t, &pressed.running.file(&name).expect("a home of ours"));
        exports += 1;
        while times.len() < KEYS
            && let Some(took) = key(t, pressed.program.line)
        {
            times.push(took);
        }
        if times.len() >= KEYS {
            // One of a million messages goes on for long.
            break;
        }
        let ended = shown(t, PATIENCE, |screen| screen.contents().contains(ENDED));
        assert!(
            ended.is_some(),
            "an export ends:\n{}",
            t.screen().contents()
        );
    }
    say(&format!(
        "{} keys pressed during {exports} exports of all that is loaded, {:.1} s",
        times.len(),
        begun.elapsed().as_secs_f64()
    ));
    times
}

/// Begins one and closes its box.
fn begin(t: &Pty, file: &str) {
    // Whatever the one before said is gone with the next key.
    t.keys("G");
    settle(t);
    t.keys("e");
    t.keys(&format!("o{file}<enter>"));
    settle(t);
    t.keys("<enter>");
    t.shows(&[OPEN]);
    t.keys("q");
    t.hides(OPEN);
}

/// From a key to the picture with another pane; `None` once no export runs any more. What
/// is said of the export may change at the same time, so silence is no sign.
fn key(t: &Pty, line: &[u8]) -> Option<Duration> {
    std::thread::sleep(GAP);
    let before = body(&t.screen());
    let sent = Instant::now();
    t.send(line);
    let came = shown(t, PATIENCE, |screen| body(screen) != before);
    let runs = !t.screen().contents().contains(ENDED);
    let took = came.expect("an answer").saturating_duration_since(sent);
    runs.then_some(took)
}
