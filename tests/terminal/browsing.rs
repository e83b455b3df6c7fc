//! What the program is for, from the first key to the last.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use tim_history::emulator::{Group, World};

use crate::home::{BINARY, Home, serving};
use crate::pty::{Pty, starting};
use crate::stream::{Piece, pieces};

/// More screens than any group here fills; loading may take a few of them.
const SCREENS: usize = 2_000;

/// Scrolls up until the screen shows `text`.
fn scroll_up_to(t: &Pty, text: &str) -> String {
    for _ in 0..SCREENS {
        t.keys("<pageup>");
        t.catch_up();
        let shown = t.screen().contents();
        if shown.contains(text) {
            return shown;
        }
    }
    panic!("no {text:?} in {SCREENS} screens");
}

#[test]
fn a_visit_to_the_demo_ends_with_the_terminal_as_it_was() {
    let home = Home::new();
    let t = home.open(&["--demo"], (120, 40));
    t.shows(&["Order support", "All kinds of holes"]);
    t.keys("/support<enter>");
    t.shows(&["Groups 26 · /support"]);
    t.keys("<enter>");
    t.shows(&[
        "Happy birthday from all of us",
        "1,115 of 1,115",
        "recalled",
    ]);
    // Up, message by message, to the custom element, and into its bytes.
    t.keys("kkkk");
    t.shows(&["seq 1,111 of", "1/2 TIMCustomElem"]);
    t.keys("l3");
    t.shows(&["▌ seq 1111  element 1/2  hex", "00000000  08 01 10 06"]);
    t.keys("4jjj");
    t.shows(&[
        "▌ seq 1111  element 1/2  decoded",
        "3: \"猫瞳\"",
        "bytes 4-11 of 12",
    ]);
    t.keys("y");
    t.shows(&["node as JSON, 8 B: sent"]);
    // "猫瞳" with its quotes, in base64.
    let sent = Piece::Clipboard("IueMq+eesyI=".to_owned());
    assert!(pieces(&t.raw()).contains(&sent));
    t.keys("1");
    t.shows(&["▌ seq 1111  element 1/2  text"]);
    t.keys("h");
    t.shows(&["▌ Order support"]);
    t.keys("h");
    t.shows(&["▌ Groups 26 · /support"]);
    t.keys("q");
    let left = t.finish();
    assert_eq!(left.end.code, 0);
    left.assert_restored("");
}

#[test]
fn five_hundred_messages_are_read_to_the_first_through_all_kinds_of_holes() {
    for size in [(80, 24), (160, 48)] {
        // One of its own each: a visit begins where the last one ended.
        let home = Home::new();
        let t = home.open(&["--demo", "--group", "@TGS#2HOLES0500"], size);
        t.shows(&["seq 500 of 500"]);
        let shown = scroll_up_to(&t, "start of history");
        assert!(shown.contains("message 26"), "{shown}");
        // In pages of 20, with some room for what was left out of them.
        t.shows(&["500 loaded"]);
        t.keys("q");
        let left = t.finish();
        assert_eq!(left.end.code, 0);
        left.assert_restored("");
    }
}

#[test]
fn a_group_named_at_the_start_opens_on_its_newest_messages() {
    let service = serving(World::of(vec![Group::chat("@TGS#A", 90)]));
    let home = Home::new();
    home.configure(&service.profile_toml());
    let t = home.open(&["--group", "@TGS#A"], (80, 24));
    // The bar marks the pane that has the keys.
    let shown = t.shows(&["· Public ·", "message 90", "seq 90 of 90"]);
    assert!(!shown.contains("message 9 "), "{shown}");
    t.keys("k");
    t.shows(&["seq 89 of 90"]);
    t.keys("q");
    assert_eq!(t.finish().end.code, 0);
}

/// `serve` in a process of its own; it ends with the test.
struct Served(Child);

impl Served {
    /// Starts it and gives the profile it prints.
    fn start() -> (Self, String) {
        let one_at_a_time = starting();
        let child = Command::new(BINARY)
            .args(["serve", "--port", "0", "--quiet"])
            .stdout(Stdio::piped())
            .spawn();
        drop(one_at_a_time);
        let mut child = child.expect("it starts");
        let out = child.stdout.take().expect("piped");
        let mut profile = String::new();
        for line in BufReader::new(out).lines() {
            let line = line.expect("our text");
            profile.push_str(&line);
            profile.push('\n');
            if line.starts_with("secret_key_command") {
                break;
            }
        }
        (Self(child), profile)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn what_serve_prints_is_a_configuration_for_another_process() {
    let (_served, profile) = Served::start();
    let home = Home::new();
    home.configure(&profile);
    let t = home.open(&["--group", "@TGS#2SUPPORTA"], (120, 40));
    t.shows(&["Happy birthday from all of us"]);
    t.keys("h");
    t.shows(&["All kinds of holes"]);
    t.keys("q");
    assert_eq!(t.finish().end.code, 0);
}
