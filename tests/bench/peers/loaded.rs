//! A key where much is loaded beside the same key where little is.

use std::time::Duration;

use crate::meter::stroke;
use crate::program::{FEW, Program, Running};
use crate::pty::Pty;
use crate::site::{self, Site};
use crate::table::{Amount, MEDIAN, MILLIS, Row, percentile};

/// Single keys, in rounds in which the two take turns.
const ROUNDS: usize = 20;
const KEYS: usize = 50;

/// Of the p50 with all of them loaded to that with few.
const TIMES: f64 = 1.1;

/// `many` is ours with everything loaded.
pub(crate) fn row(program: &Program, many: &Running, site: &Site) -> Row {
    let few = FEW.open(site);
    let (mut with_many, mut with_few) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let mut turns = [(&many.t, &mut with_many), (&few.t, &mut with_few)];
        // There and back, so that neither always comes after the other.
        if round % 2 == 1 {
            turns.reverse();
        }
        for (t, times) in turns {
            times.extend((0..KEYS).map(|_| took(t, program.line)));
        }
    }
    let ours = percentile(&mut with_many, MEDIAN);
    let beside = percentile(&mut with_few, MEDIAN).as_secs_f64();
    let mut row = Row::new(format!("{} loaded, p50", site.messages));
    row.add(program, Amount::Time(ours));
    let words = format!(
        "{TIMES:.2} x with {} loaded, {:.2} ms: is {:.2} x",
        site::FEW,
        beside * MILLIS,
        ours.as_secs_f64() / beside
    );
    row.at_most(beside * TIMES, words)
}

fn took(t: &Pty, line: &[u8]) -> Duration {
    stroke(t, line).took
}
