//! An export while the service fails: every message is in the file, once.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tim_history::emulator::{Emulator, IDENTIFIER};

use crate::fault::{Cut, Fault};
use crate::front::Front;
use crate::home::{BINARY, Home};
use crate::pty::starting;
use crate::signature;
use crate::table::run;
use crate::visit::{GROUP, HEAD, home, keeps_secrets, profile, service, unused_proxy};

/// Passed by the first call, so that a fault strikes in the middle.
const GOOD: usize = 2;

struct Desk {
    _service: Emulator,
    front: Front,
    home: Home,
}

impl Desk {
    fn new() -> Self {
        let service = service();
        let front = Front::before(service.address());
        let home = home(&profile(&front.url(), &unused_proxy()));
        Self {
            _service: service,
            front,
            home,
        }
    }

    fn file(&self) -> PathBuf {
        self.home.path().join("out.jsonl")
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let one_at_a_time = starting();
        let child = Command::new(BINARY)
            .args(arguments)
            .args(["--log", "log"])
            .env_clear()
            .envs(self.home.variables())
            .current_dir(self.home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        drop(one_at_a_time);
        let output = child
            .expect("it starts")
            .wait_with_output()
            .expect("it ends");
        for bytes in [&output.stdout, &output.stderr] {
            keeps_secrets(bytes, &self.home, &self.front);
            let text = String::from_utf8_lossy(bytes);
            let raw = |c: char| c.is_control() && c != '\n';
            assert!(!text.contains(raw), "raw: {text:?}");
        }
        output
    }

    fn export(&self, arguments: &[&str]) -> Output {
        self.run(&[&["export", "--out", "out.jsonl"], arguments].concat())
    }

    /// Every message is there once, in its order.
    fn is_whole(&self) {
        let text = std::fs::read_to_string(self.file()).expect("the export");
        assert_eq!(seqs(&text), all());
    }
}

/// Of JSON Lines.
fn seqs(text: &str) -> Vec<u64> {
    let value = |line| serde_json::from_str::<Value>(line).expect("JSON");
    let records = text.lines().map(value);
    records
        .filter_map(|record| record["seq"].as_u64())
        .collect()
}

fn all() -> Vec<u64> {
    (1..=u64::from(HEAD)).collect()
}

fn is_whole_in_spite_of(fault: &Fault, count: usize) -> Desk {
    let desk = Desk::new();
    desk.front.strike_pages(fault.clone(), GOOD, count);
    let output = desk.export(&[GROUP]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(desk.front.pages().iter().any(|page| page.struck));
    desk.is_whole();
    desk
}

enum Case {
    /// So many pages fail.
    Some(Fault, usize),
    Own(fn()),
}

use Case::{Own, Some as Few};

fn play(case: &Case) {
    match case {
        Few(fault, count) => drop(is_whole_in_spite_of(fault, *count)),
        Own(play) => play(),
    }
}

/// What is sent with a UserSig that was refused is sent once more with another one.
fn key_signs_anew() {
    // A call a second: by the third, the UserSig is not of this second any more.
    let desk = Desk::new();
    desk.front.strike_pages(Fault::Code(70_001), GOOD, 1);
    let output = desk.export(&[GROUP, "--from", "1", "--rate", "1"]);
    assert_eq!(output.status.code(), Some(0));
    desk.is_whole();
    let pages = desk.front.pages();
    let refused = pages.iter().find(|page| page.struck).expect("struck");
    let again: Vec<_> = pages
        .iter()
        .filter(|p| p.body == refused.body && !p.struck)
        .collect();
    assert_eq!(again.len(), 1);
    assert!(again.iter().all(|page| page.usersig() != refused.usersig()));
}

/// Without the key it stops and says how to go on; then it goes on from there.
fn usersig_ends_it_and_another_goes_on() {
    let desk = Desk::new();
    let usersig = "usersig_file = \"~/sig\"";
    let own = profile(&desk.front.url(), &unused_proxy());
    desk.home
        .configure(&own.replace("secret_key_file = \"~/secret\"", usersig));
    desk.home
        .write("sig", &signature::of(IDENTIFIER, signature::now()));
    desk.front
        .strike_pages(Fault::Code(70_001), GOOD, usize::MAX);
    let output = desk.export(&[GROUP, "--from", "1"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_ne!(output.status.code(), Some(0), "{said}");
    assert!(
        said.contains("70001") && said.contains("--resume"),
        "{said}"
    );
    assert!(
        !desk.file().exists(),
        "half a file under the name of a whole one"
    );
    let struck = desk.front.pages().iter().filter(|page| page.struck).count();
    assert!(
        struck <= 8,
        "{struck} calls with a UserSig that was refused"
    );
    desk.front.end_fault();
    // Another one than before, which was of this minute.
    let earlier = signature::now() - 120;
    desk.home.write("sig", &signature::of(IDENTIFIER, earlier));
    let output = desk.export(&["--resume"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    desk.is_whole();
}

/// Verbs that print ask for less, too.
fn verbs_ask_for_less() {
    let desk = Desk::new();
    desk.front.strike_pages(Fault::MoreThan(3), 0, usize::MAX);
    let output = desk.run(&["find", GROUP, "type:text", "--json"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert_eq!(seqs(&printed), all());
}

#[test]
fn export() {
    let cases = [
        ("70001 with the key", Own(key_signs_anew)),
        (
            "70001 with a UserSig",
            Own(usersig_ends_it_and_another_goes_on),
        ),
        ("10002", Few(Fault::Code(10_002), 2)),
        ("10018", Few(Fault::MoreThan(3), usize::MAX)),
        ("10018 for a verb", Own(verbs_ask_for_less)),
        ("60007 in a burst", Few(Fault::Code(60_007), 3)),
        ("502", Few(Fault::Status("502 Bad Gateway"), 2)),
        ("200 with HTML", Few(Fault::Status("200 OK"), 1)),
        ("reset in the body", Few(Fault::ResetWithin, 2)),
        ("short body", Few(Fault::Short, 2)),
        ("page cut in the middle", Few(Fault::Cut(Cut::Middle), 1)),
    ];
    run("export", &cases, play);
}
