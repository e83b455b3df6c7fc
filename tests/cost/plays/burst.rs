//! Many keys at once, and a terminal that takes nothing for a while.

use std::time::{Duration, Instant};

use super::scroll::Reader;
use crate::meter::{Spent, rest};

/// Of the two kinds of burst.
const KEYS: usize = 300;

/// How long the terminal takes nothing.
const STALL: Duration = Duration::from_secs(3);

pub(crate) struct Burst {
    /// How often something came.
    pub(crate) frames: u64,
    pub(crate) bytes: usize,
    /// What the pane showed afterwards, as text.
    pub(crate) page: usize,
    pub(crate) rows: usize,
}

/// Three hundred lines up in one piece.
pub(crate) fn burst(size: (u16, u16)) -> Burst {
    let reader = Reader::open(5_000, size);
    reader.in_the_middle();
    reader.t.keys("+");
    rest(&reader.t);
    let before = reader.t.shared.lock().arrivals;
    let stood = reader.t.raw().len();
    reader.t.send(&b"\x19".repeat(KEYS));
    reader
        .t
        .shared
        .wait("an answer", |state| (state.raw.len() > stood).then_some(()));
    rest(&reader.t);
    let frames = reader.t.shared.lock().arrivals - before;
    Burst {
        frames,
        bytes: reader.t.raw().len() - stood,
        page: reader.t.screen().contents().len(),
        rows: size.1.into(),
    }
}

pub(crate) struct Stall {
    /// What came after the terminal took bytes again.
    pub(crate) bytes: usize,
    pub(crate) page: usize,
    pub(crate) rows: usize,
    /// From there until the newest position stood on the screen.
    pub(crate) newest: Duration,
    /// By how much the memory grew, in KiB.
    pub(crate) memory: u64,
}

/// Pages up and down for three seconds while nobody reads, then the position is told.
pub(crate) fn stall(size: (u16, u16)) -> Stall {
    let reader = Reader::open(5_000, size);
    reader.in_the_middle();
    reader.t.keys("+");
    rest(&reader.t);
    let stood = reader.t.raw().len();
    let before = Spent::so_far(&reader.t);
    reader.t.shared.change(|state| state.stalled = true);
    let gap = STALL / u32::try_from(KEYS).expect("some hundreds");
    for n in 0..KEYS {
        let up = n % 2 == 0;
        reader.t.send(if up { b"\x1b[5~" } else { b"\x1b[6~" });
        std::thread::sleep(gap);
    }
    reader.t.keys("G");
    let spent = Spent::so_far(&reader.t).since(before);
    let resumed = Instant::now();
    reader.t.shared.change(|state| state.stalled = false);
    reader.t.shows(&["seq 5,000 of"]);
    let newest = resumed.elapsed();
    rest(&reader.t);
    Stall {
        bytes: reader.t.raw().len() - stood,
        page: reader.t.screen().contents().len(),
        rows: size.1.into(),
        newest,
        memory: spent.memory,
    }
}
