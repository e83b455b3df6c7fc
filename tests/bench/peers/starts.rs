//! From nothing to a program that obeys.

use crate::program::Program;
use crate::site::Site;
use crate::table::{Amount, MEDIAN, Row, percentile};

/// How often each starts. lnav reads the whole file first, which takes seconds.
const STARTS: usize = 11;
const SLOW: usize = 3;

/// How much longer than less we may take.
const GOAL: f64 = 3.0;

pub(crate) fn row(programs: &[Program], site: &Site) -> Row {
    let mut row = Row::new("start to the first key obeyed");
    let mut taken: Vec<_> = programs.iter().map(|_| Vec::new()).collect();
    for round in 0..STARTS {
        for (program, taken) in programs.iter().zip(&mut taken) {
            if program.name != "lnav" || round < SLOW {
                taken.push(program.start(site));
            }
        }
    }
    for (program, taken) in programs.iter().zip(&mut taken) {
        row.add(program, Amount::Time(percentile(taken, MEDIAN)));
    }
    row.beside_less(GOAL)
}
