//! What a terminal does: sizes, keys in pieces, pastes, and what it says unasked.

use std::time::Duration;

use rustix::termios::{Winsize, tcsetwinsize};

use crate::model::picture;
use crate::process::terminal_of;
use crate::table::run;
use crate::visit::{SIZE, Visit};

const STORM: u16 = 1_000;

/// Keys that come in pieces; more of them by hand with this variable.
const SPLIT: u64 = 200;
const MORE: &str = "TIM_HISTORY_SPLIT_KEYS";
/// Of them in one direction before it is looked where they led.
const STRETCH: u64 = 20;
/// At most between two bytes of a key.
const GAP: u64 = 25;
/// An ESC that stands alone for so long is a key of its own, by design: where this machine
/// made a gap that long, nothing can be said about what came of it.
const TOO_LONG: Duration = Duration::from_millis(50);
/// Stretches that may be void in a row before this machine is too busy for the case.
const VOID: u32 = 20;
/// How terminals write the keys up and down.
const WRITTEN: [(&str, &str); 4] = [
    ("\x1b[A", "\x1b[B"),
    ("\x1bOA", "\x1bOB"),
    ("\x1b[1A", "\x1b[1B"),
    ("\x1b[1;2A", "\x1b[1;2B"),
];

/// It goes to this size and back, is usable, and every message is there.
fn survives(width: u16, height: u16) {
    let visit = Visit::settled();
    visit.t.resize(width, height);
    // Keys at that size are answered, too: what they did shows afterwards.
    visit.t.keys("k");
    visit.t.resize(SIZE.0, SIZE.1);
    visit.says(&["seq 99 of 100"]);
    visit.is_alive();
    visit.is_whole("");
    visit.leave();
}

fn one_cell() {
    survives(1, 1);
}

fn one_row() {
    survives(500, 1);
}

fn one_column() {
    survives(1, 300);
}

/// A terminal that does not know its size is taken for a usual one.
fn no_cell() {
    let visit = Visit::settled();
    visit.resized((80, 24));
    let tty = terminal_of(&visit.t);
    let none = Winsize {
        ws_row: 0,
        ws_col: 0,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&tty, none).expect("a terminal");
    drop(tty);
    visit.t.keys("k");
    visit.says(&["seq 99 of 100"]);
    visit.is_alive();
    visit.resized(SIZE);
    visit.is_whole("");
    visit.leave();
}

/// The picture after it is the one that is painted from nothing.
fn storm() {
    let visit = Visit::settled();
    for n in 0..STORM {
        visit.t.resize(1 + n % 200 * 67 % 200, 1 + n % 60 * 41 % 60);
    }
    visit.t.resize(SIZE.0, SIZE.1);
    visit.says(&["seq 100 of 100"]);
    visit.t.catch_up();
    let (kept, painted) = (picture(&visit.t.painted()), picture(&visit.t.painted()));
    assert_eq!(kept, painted);
    visit.is_alive();
    visit.is_whole("");
    visit.leave();
}

/// Up and down again, byte by byte; `false` where a gap was too long to tell.
fn stretch(visit: &Visit, dice: &mut u64) -> bool {
    let mut roll = |sides: u64| {
        // Knuth's multiplier for 64 bits; its high half has no pattern.
        *dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (*dice >> 33) % sides
    };
    let mut longest = Duration::ZERO;
    for (up, seq) in [(true, 100 - STRETCH), (false, 100)] {
        for _ in 0..STRETCH {
            let written = usize::try_from(roll(WRITTEN.len() as u64)).expect("small");
            let (one, other) = WRITTEN[written];
            let key = if up { one } else { other };
            let gap = || Duration::from_millis(roll(GAP + 1));
            longest = longest.max(visit.t.send_slowly(key.as_bytes(), gap));
        }
        if longest >= TOO_LONG {
            return false;
        }
        visit.says(&[&format!("seq {seq} of 100")]);
    }
    true
}

/// None of them is misread, however slowly its bytes come.
fn split_keys() {
    let wanted = std::env::var(MORE).map_or(SPLIT, |text| text.parse().expect("a number"));
    let (mut read, mut void, mut dice) = (0, 0, 1);
    while read < wanted {
        let visit = Visit::settled();
        let mut whole = true;
        while read < wanted && whole {
            whole = stretch(&visit, &mut dice);
            if whole {
                read += STRETCH * 2;
                void = 0;
            }
        }
        if whole {
            visit.is_alive();
            visit.is_whole("");
            visit.leave();
        } else {
            // It may be anywhere now.
            void += 1;
            assert!(void < VOID, "no quiet {STRETCH} keys on this machine");
        }
    }
}

/// What a terminal says must press no key: the selection stays.
fn presses_nothing(said: &[&[u8]]) {
    let visit = Visit::settled();
    for said in said {
        visit.t.send(said);
        visit.t.keys("k");
        visit.says(&["seq 99 of 100"]);
        visit.t.keys("j");
        visit.says(&["seq 100 of 100"]);
    }
    visit.is_alive();
    visit.is_whole("");
    visit.leave();
}

fn replies() {
    presses_nothing(&[
        b"\x1b[?62;4c",
        b"\x1b[>41;354;0c",
        b"\x1b[0n",
        b"\x1b[12;40R",
        b"\x1b]11;rgb:0000/0000/0000\x07",
        b"\x1b]52;c;cXE=\x1b\\",
        b"\x1bP>|term 1.0\x1b\\",
        b"\x1b_Gi=1;OK\x1b\\",
        b"\x1b[I",
        b"\x1b[O",
    ]);
}

fn mouse_while_off() {
    presses_nothing(&[b"\x1b[<64;10;10M", b"\x1b[<0;10;10m", b"\x1b[<35;70;18M"]);
}

fn invalid_utf8() {
    presses_nothing(&[
        b"\xff\xfe",
        b"\xc3",
        b"\xe2\x82",
        b"\xf0\x9f\x98",
        b"\xc0\x80",
    ]);
}

/// Commands in a paste are text.
fn megabyte() {
    let visit = Visit::settled();
    let mut paste = b"\x1b[200~".to_vec();
    paste.extend(b"qjkR\r\n\x1b[A\x03".iter().cycle().take(1_000_000));
    paste.extend_from_slice(b"\x1b[201~");
    visit.t.send(&paste);
    visit.says(&["not an ID"]);
    visit.t.keys("k");
    visit.says(&["seq 99 of 100"]);
    visit.is_alive();
    visit.is_whole("");
    visit.leave();
}

/// The first end counts, and what follows it in the same read is dropped.
fn end_within() {
    let visit = Visit::settled();
    visit
        .t
        .send(b"\x1b[200~harmless words\x1b[201~\x03qq\x1b[201~");
    visit.says(&["harmless words"]);
    visit.t.keys("<esc>");
    visit.t.hides("harmless words");
    visit.t.keys("k");
    visit.says(&["seq 99 of 100"]);
    visit.is_alive();
    visit.is_whole("");
    visit.leave();
}

#[test]
fn terminal() {
    let cases: [(&str, fn()); 11] = [
        ("1x1", one_cell),
        ("0x0", no_cell),
        ("500x1", one_row),
        ("1x300", one_column),
        ("a storm of sizes", storm),
        ("keys split at every byte", split_keys),
        ("unsolicited replies", replies),
        ("mouse reports while off", mouse_while_off),
        ("invalid UTF-8", invalid_utf8),
        ("a megabyte of paste", megabyte),
        ("the end of a paste within", end_within),
    ];
    run("terminal", &cases, |play| play());
}
