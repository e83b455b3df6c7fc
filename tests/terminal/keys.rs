//! Keys as a slow line and a clipboard bring them.

use std::time::Duration;

use tim_history::emulator::{Emulator, Group, World};

use crate::home::{Home, serving};
use crate::pty::Pty;

/// A group of one page, and the browser on its newest message: what is not loaded
/// yet would stop the selection.
fn open() -> (Emulator, Home, Pty) {
    let service = serving(World::of(vec![Group::chat("@TGS#A", 20)]));
    let home = Home::new();
    home.configure(&service.profile_toml());
    let t = home.open(&["--group", "@TGS#A"], (100, 30));
    t.shows(&["· Public ·", "seq 20 of 20"]);
    (service, home, t)
}

fn quit(t: Pty) {
    t.keys("q");
    let left = t.finish();
    assert_eq!(left.end.code, 0);
    left.assert_restored("");
}

#[test]
fn keys_that_come_byte_by_byte_are_the_keys_that_were_pressed() {
    let (_service, _home, t) = open();
    for (key, then) in [
        (b'A', "seq 5 of 20"),
        (b'B', "seq 20 of 20"),
        (b'A', "seq 5 of 20"),
    ] {
        for _ in 0..15 {
            t.send_slowly(&[0x1b, b'[', key], Duration::default);
        }
        t.shows(&[then]);
    }
    quit(t);
}

#[test]
fn what_a_terminal_says_unasked_is_no_key() {
    let (_service, _home, t) = open();
    let said: [&[u8]; 8] = [
        b"\x1b[?62;4c",
        b"\x1b[I",
        b"\x1b[O",
        b"\x1b[12;40R",
        b"\x1b]11;rgb:0000/0000/0000\x07",
        b"\x1bP>|term 1.0\x1b\\",
        b"\x1b[<35;10;10M",
        b"\xff\xfe\xc3",
    ];
    for said in said {
        t.send(said);
        t.keys("k");
    }
    t.shows(&["seq 12 of 20"]);
    t.catch_up();
    quit(t);
}

#[test]
fn a_megabyte_of_paste_presses_no_key() {
    let (_service, _home, t) = open();
    let mut paste = b"\x1b[200~".to_vec();
    paste.extend(b"qjkR\r\n\x1b[A\x03".iter().cycle().take(1_000_000));
    paste.extend_from_slice(b"\x1b[201~");
    t.send(&paste);
    // What comes with the last piece of a paste is dropped with it: wait for its end.
    let shown = t.shows(&["not an ID"]);
    assert!(shown.contains("seq 20 of 20"), "{shown}");
    t.keys("k");
    t.shows(&["seq 19 of 20"]);
    t.catch_up();
    quit(t);
}

#[test]
fn a_paste_into_a_prompt_is_text_of_one_line_and_sends_nothing() {
    let (_service, _home, t) = open();
    t.keys("h");
    t.keys("/");
    t.send(b"\x1b[200~nothing\r\nlike it\x1b[201~");
    t.shows(&["filter groups: nothing like it"]);
    t.keys("<ctrl-c>");
    t.catch_up();
    quit(t);
}
