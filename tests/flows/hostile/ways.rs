//! The other ways out: what is copied, printed, exported, told by the verbs, logged.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use tim_history::app::event::Effect;
use tim_history::emulator::{Emulator, Knobs};

use super::harmless::harmless;
use super::screens::fifty;
use super::world::{EACH, WHOLE, everything};
use crate::harness::Story;

#[tokio::test]
async fn what_is_copied_or_printed() {
    let strings = fifty(5);
    for group in [EACH, WHOLE] {
        let story = Story::of(everything(&strings)).size(100, 30);
        let mut t = story.open(group).settled().await;
        let mut left = 0;
        for _ in 0..50 {
            for keys in [
                "yy",
                "yt",
                "yj",
                "yh",
                "yl",
                "yi",
                "yu",
                "yr",
                "<esc><esc>",
                "P",
                "<esc>",
            ] {
                t.press(keys).settle().await;
                for effect in std::mem::take(&mut t.done) {
                    let text = match &effect {
                        Effect::Copy(copy) => copy.text.as_str(),
                        Effect::Print(text) => text.as_str(),
                        _ => continue,
                    };
                    harmless(keys, text);
                    left += 1;
                }
            }
            t.press("k").settle().await;
        }
        assert!(left > 100, "{left}");
    }
}

/// Runs the program; what it says has to be text and harmless.
fn run(home: &Path, arguments: &[&str]) {
    run_to(&[0], home, arguments);
}

fn run_to(codes: &[i32], home: &Path, arguments: &[&str]) {
    let ended = Command::new(env!("CARGO_BIN_EXE_tim-history"))
        .args(["--config", "t.toml", "--tz", "UTC", "--log", "log"])
        .args(arguments)
        .current_dir(home)
        .env_clear()
        .env("HOME", home)
        .env("TIM_HISTORY_LOG", "trace")
        .stdin(Stdio::null())
        .output()
        .expect("the binary runs");
    let what = format!("{arguments:?}");
    let code = ended.status.code().expect("it ends by itself");
    assert!(codes.contains(&code), "{what}: {ended:?}");
    for bytes in [ended.stdout, ended.stderr] {
        harmless(&what, &String::from_utf8(bytes).expect("our text"));
    }
}

#[test]
fn what_the_verbs_tell_and_export_and_log() {
    let strings = fifty(6);
    let world = everything(&strings);
    let ids: Vec<String> = world.groups().iter().map(|g| g.id().to_owned()).collect();
    let service = Emulator::start(world, Knobs::default(), 0).expect("a free port");
    let home = tempfile::tempdir().expect("a scratch directory");
    let home = home.path();
    fs::write(home.join("t.toml"), service.profile_toml()).expect("ours");
    run(home, &["groups"]);
    run(home, &["groups", "--json"]);
    for group in [EACH, WHOLE] {
        run(home, &["show", group, "-n", "700"]);
        run(home, &["show", group, "-n", "700", "--json"]);
        run(home, &["find", group, "is:present"]);
        run(home, &["info", group]);
    }
    // Those that an argument may be.
    for id in ids
        .iter()
        .filter(|id| !id.contains(char::is_control))
        .skip(2)
        .step_by(9)
    {
        run_to(&[0, 3], home, &["info", "--", id]);
    }
    // A refusal quotes what was typed, which may have been pasted.
    run_to(&[2], home, &["info", "--", "a\u{9b}2Jb"]);
    run_to(&[2], home, &["--\u{1b}]0;x\u{7}\u{202e}"]);
    run_to(&[2], home, &["show", EACH, "\u{1b}[2J\u{202e}"]);
    for format in ["jsonl", "csv", "markdown", "html"] {
        run(
            home,
            &["export", EACH, "--format", format, "--names", "--out", "-"],
        );
    }
    let log = fs::read_to_string(home.join("log")).expect("a log of text");
    assert!(!log.is_empty());
    harmless("the log", &log);
}
