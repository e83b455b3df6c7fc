//! The browser's export: the file is the one the command line would write, quitting
//! leaves one that can be gone on with, and the reader goes first.

use std::process::Command;

use rustix::process::Signal;
use tim_history::emulator::{Emulator, Group, IDENTIFIER, Knobs, SDK_APP_ID, SECRET_KEY, World};

use crate::home::{BINARY, Home};
use crate::pty::{Pty, starting};

const NAME: &str = "case.jsonl";

/// A service with a group of 4,000, and a profile with so many calls a second.
fn scene(calls: u32) -> (Emulator, Home) {
    let world = World::of(vec![Group::chat("@TGS#A", 4_000)]);
    let service = Emulator::start(world, Knobs::default(), 0).expect("a free port");
    let home = Home::new();
    home.configure(&format!(
        "[profiles.p]\nsdk_app_id = {SDK_APP_ID}\nidentifier = \"{IDENTIFIER}\"\n\
         endpoint = \"{}\"\ncalls_per_second = {calls}\n\
         secret_key_command = [\"printf\", \"%s\", \"{SECRET_KEY}\"]\n",
        service.url()
    ));
    (service, home)
}

fn file(home: &Home) -> String {
    home.path().join(NAME).display().to_string()
}

fn open(home: &Home) -> Pty {
    let t = home.open(&["--group", "@TGS#A"], (100, 30));
    t.shows(&["seq 4,000 of 4,000"]);
    t.keys("er1..<enter>");
    t.shows(&["1 to the newest now"]);
    t.keys(&format!("o{}<enter>", file(home)));
    t.shows(&[NAME]);
    t.keys("<enter>");
    t
}

fn run(home: &Home, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(BINARY);
    command.env_clear().env("HOME", home.path()).args(arguments);
    let ended = {
        let _one_at_a_time = starting();
        command.output().expect("it runs")
    };
    let said = [ended.stdout, ended.stderr].concat();
    (
        ended.status.code(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

#[test]
fn it_runs_behind_the_panes_and_its_file_can_be_verified() {
    let (service, home) = scene(200);
    let t = open(&home);
    t.shows(&["exporting"]);
    // Reading goes on meanwhile.
    t.keys("q");
    t.keys("g1200<enter>");
    t.shows(&["seq 1,200 of 4,000", "message 1200"]);
    t.shows(&["exported 4000 records"]);
    t.keys("q");
    let left = t.finish();
    assert_eq!(left.end.code, 0);
    left.assert_restored("");
    let (code, said) = run(&home, &["verify", &file(&home)]);
    assert_eq!(code, Some(0), "{said}");
    drop(service);
}

#[test]
fn quitting_asks_and_the_command_it_prints_goes_on() {
    let (service, home) = scene(20);
    let t = open(&home);
    t.shows(&["calls/s"]);
    t.keys("qq");
    t.shows(&["an export is under way: q again quits"]);
    t.keys("q");
    let left = t.finish();
    assert_eq!(left.end.code, 0);
    let screen = left.screen.contents().replace('\n', "");
    let command = format!("tim-history export --resume --out '{}'", file(&home));
    assert!(screen.contains(&command), "{screen}");
    let (code, said) = run(
        &home,
        &["export", "--resume", "--out", &file(&home), "--rate", "200"],
    );
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = run(&home, &["verify", &file(&home)]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("4000"), "{said}");
    drop(service);
}

#[test]
fn a_signal_leaves_what_can_be_gone_on_with_too() {
    let (service, home) = scene(20);
    let t = open(&home);
    t.shows(&["calls/s"]);
    t.signal(Signal::TERM);
    let left = t.finish();
    assert_eq!(left.end.code, 143);
    assert!(
        left.screen
            .contents()
            .contains("go on with: tim-history export --resume")
    );
    assert!(home.path().join(format!("{NAME}.checkpoint")).exists());
    drop(service);
}

#[test]
fn nothing_is_overwritten() {
    let (service, home) = scene(200);
    home.write(NAME, "mine");
    let t = open(&home);
    t.shows(&["is there already: choose another file"]);
    t.keys("qq");
    assert_eq!(t.finish().end.code, 0);
    let kept = std::fs::read_to_string(home.path().join(NAME)).expect("it is there");
    assert_eq!(kept, "mine");
    drop(service);
}

#[test]
fn what_the_reader_waits_for_goes_first() {
    // Two calls a second: the export alone would keep a reader waiting for its turn.
    let (service, home) = scene(2);
    let t = open(&home);
    t.shows(&["exporting"]);
    t.keys("q");
    t.hides("it goes on");
    let before = calls(&service);
    t.keys("g900<enter>");
    t.shows(&["message 900"]);
    let meanwhile = calls(&service) - before;
    assert!(meanwhile <= 8, "{meanwhile} calls until it was there");
    t.keys("qq");
    assert_eq!(t.finish().end.code, 0);
}

fn calls(service: &Emulator) -> usize {
    service.calls().len()
}
