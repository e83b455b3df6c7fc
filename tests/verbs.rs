//! The verbs that ask the service, as programs run them: over real HTTP against the
//! embedded service, results on standard output, the rest on standard error.

use std::fs;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use tim_history::emulator::{Emulator, Knobs, World};

/// The newest time of the demo's world; any would do.
const START: i64 = 1_735_891_200;

struct Desk {
    home: TempDir,
    /// Serves as long as the test runs.
    service: Emulator,
}

impl Desk {
    fn new(knobs: Knobs) -> Self {
        let service = Emulator::start(World::demo_at(START), knobs, 0).expect("a free port");
        let home = tempfile::tempdir().expect("a scratch directory");
        fs::write(home.path().join("t.toml"), service.profile_toml()).expect("ours");
        Self { home, service }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_tim-history"))
            .args(["--config", "t.toml", "--tz", "UTC"])
            .args(arguments)
            .current_dir(self.home.path())
            .env_clear()
            .env("HOME", self.home.path())
            .stdin(Stdio::null())
            .output()
            .expect("the binary runs")
    }
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("our text")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("our text")
}

fn json_lines(text: &str) -> Vec<Value> {
    let lines = text.lines().map(serde_json::from_str);
    lines
        .collect::<Result<_, _>>()
        .expect("a value in each line")
}

#[test]
fn all_groups_are_listed_each_in_a_line_that_no_name_can_break() {
    let desk = Desk::new(Knobs::default());
    let ended = desk.run(&["groups"]);
    assert_eq!((code(&ended), err(&ended).as_str()), (Some(0), ""));
    let text = out(&ended);
    assert!(text.contains("1000000     1874  Public              @TGS#2MILLION01  Marketplace"));
    assert!(text.contains("@TGS#2DISMISSED  10010: "), "{text}");
    assert!(
        !text.contains('\x1b'),
        "one of them has escapes in its name"
    );
    let listed = json_lines(&out(&desk.run(&["groups", "--json"])));
    assert_eq!(listed.len(), text.lines().count());
    let hostile = listed.iter().find(|group| group["id"] == "@TGS#2HOSTILE01");
    let name = hostile.and_then(|group| group["name"].as_str());
    assert!(
        name.is_some_and(|name| name.starts_with("Hostile \x1b[31m")),
        "equal in value"
    );
}

#[test]
fn groups_are_those_of_a_user_and_of_a_type() {
    let desk = Desk::new(Knobs::default());
    let of_user = json_lines(&out(&desk.run(&[
        "groups",
        "--member",
        "customer_8472",
        "--json",
    ])));
    assert!(of_user.len() > 2 && of_user.len() < 20, "{of_user:?}");
    let communities = json_lines(&out(&desk.run(&[
        "groups",
        "--type",
        "Community",
        "--json",
    ])));
    assert!(!communities.is_empty());
    assert!(communities.iter().all(|group| group["type"] == "Community"));
    // Old and new names are one.
    let work = out(&desk.run(&["groups", "--type", "Work"]));
    assert_eq!(work, out(&desk.run(&["groups", "--type", "Private"])));
}

#[test]
fn info_says_what_is_known_or_why_nothing_is() {
    let desk = Desk::new(Knobs::default());
    let ended = desk.run(&["info", "@TGS#2SUPPORTA"]);
    assert_eq!(code(&ended), Some(0));
    let text = out(&ended);
    assert!(
        text.starts_with("id            @TGS#2SUPPORTA\nname          Order support"),
        "{text}"
    );
    assert!(text.contains("\nhead          1115\n"), "{text}");
    let gone = desk.run(&["info", "@TGS#2DISMISSED", "--json"]);
    assert_eq!(code(&gone), Some(3));
    let gone = json_lines(&out(&gone));
    assert_eq!(gone[0]["error"]["code"], 10_010);
}

#[test]
fn a_refusal_is_told_on_stderr_with_what_was_attempted() {
    let knobs = Knobs {
        fail_always: Some(10_007),
        ..Knobs::default()
    };
    let desk = Desk::new(knobs);
    let ended = desk.run(&["groups"]);
    assert_eq!((code(&ended), out(&ended).as_str()), (Some(3), ""));
    let said = err(&ended);
    for part in ["get_appid_group_list", "10007", "permission"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    drop(desk.service);
}

#[test]
fn completions_and_the_manual_page_know_every_verb() {
    let desk = Desk::new(Knobs::default());
    for shell in ["bash", "zsh", "fish"] {
        let script = out(&desk.run(&["completions", shell]));
        for verb in ["check", "explain", "decode", "groups", "info", "serve"] {
            assert!(script.contains(verb), "{shell}: {verb}");
        }
    }
    let script = out(&desk.run(&["completions", "bash"]));
    let path = desk.home.path().join("completions");
    fs::write(&path, script).expect("ours");
    if let Ok(read) = Command::new("bash").arg("-n").arg(&path).output() {
        assert!(
            read.status.success(),
            "{}",
            String::from_utf8_lossy(&read.stderr)
        );
    }
    let page = out(&desk.run(&["man"]));
    assert!(
        page.starts_with(".ie"),
        "{}",
        page.lines().next().unwrap_or_default()
    );
    for part in [
        ".SH \"GROUPS\"",
        "\\-\\-member",
        ".SH \"SERVE\"",
        "Exit codes",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
}
