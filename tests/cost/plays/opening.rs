//! From nothing to the newest messages.

use std::time::{Duration, Instant};

use tim_history::emulator::{Call, Group, World};

use crate::home::{Home, serving};

/// How sequences begin that a terminal answers: device attributes, status reports,
/// versions, keyboard modes and colours.
const QUESTIONS: [&[u8]; 7] = [
    b"\x1b[c", b"\x1b[>c", b"\x1b[5n", b"\x1b[6n", b"\x1b[>q", b"\x1b[?u", b"\x1bP+q",
];

pub(crate) struct Opening {
    /// Which questions were put to the terminal.
    pub(crate) questions: Vec<Vec<u8>>,
    /// Calls that had arrived when the newest messages stood there.
    pub(crate) calls: Vec<Call>,
    pub(crate) messages: Duration,
}

pub(crate) fn opening(size: (u16, u16)) -> Opening {
    let service = serving(World::of(vec![Group::chat("@TGS#A", 90)]));
    let home = Home::new();
    home.configure(&service.profile_toml());
    let begun = Instant::now();
    let t = home.open(&["--group", "@TGS#A"], size);
    t.shows(&["message 90"]);
    let messages = begun.elapsed();
    let calls = service.calls();
    let raw = t.raw();
    let asked = |question: &&[u8]| raw.windows(question.len()).any(|w| w == *question);
    let questions = QUESTIONS.into_iter().filter(asked);
    Opening {
        questions: questions.map(<[u8]>::to_vec).collect(),
        calls,
        messages,
    }
}
