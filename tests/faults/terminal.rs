//! What a terminal does: sizes, keys in pieces, pastes, and what it says unasked.

use rustix::termios::{Winsize, tcsetwinsize};

use crate::model::picture;
use crate::process::terminal_of;
use crate::table::run;
use crate::visit::{SIZE, Visit};

const STORM: u16 = 1_000;

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
    visit.t.resize(80, 24);
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
    visit.t.resize(SIZE.0, SIZE.1);
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
    let cases: [(&str, fn()); 10] = [
        ("1x1", one_cell),
        ("0x0", no_cell),
        ("500x1", one_row),
        ("1x300", one_column),
        ("a storm of sizes", storm),
        ("unsolicited replies", replies),
        ("mouse reports while off", mouse_while_off),
        ("invalid UTF-8", invalid_utf8),
        ("a megabyte of paste", megabyte),
        ("the end of a paste within", end_within),
    ];
    run("terminal", &cases, |play| play());
}
