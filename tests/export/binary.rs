//! The real binary against the embedded service, with latency, failures and `kill -9`.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tim_history::emulator::{Emulator, Group, Knobs, World};
use tim_history::export;

const GROUP: &str = "@TGS#../A";

struct Scene {
    home: TempDir,
    emulator: Emulator,
}

impl Scene {
    /// `verify` believes a file.
    fn verifies(&self, file: &str) {
        let verified = self.run(&["verify", file]);
        assert_eq!(
            verified.status.code(),
            Some(0),
            "{}",
            text(&verified.stdout)
        );
    }

    fn new(knobs: Knobs) -> Self {
        let group = Group::with_holes(GROUP, 3_000);
        let world = World::of(vec![group]).at(1_790_000_000);
        let emulator = Emulator::start(world, knobs, 0).expect("a free port");
        let home = tempfile::tempdir().expect("a scratch directory");
        let profile = emulator.profile_toml();
        fs::write(home.path().join("c.toml"), profile).expect("ours");
        Self { home, emulator }
    }

    fn path(&self) -> &Path {
        self.home.path()
    }

    fn start(&self, arguments: &[&str]) -> Child {
        let arguments = [&["--tz", "UTC"], arguments].concat();
        self.start_where("UTC", &arguments)
    }

    /// On a machine whose own zone is `tz`.
    fn start_where(&self, tz: &str, arguments: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_tim-history"))
            .args(["--config", "c.toml"])
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("TZ", tz)
            .env("HOME", self.path())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs")
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.start(arguments).wait_with_output().expect("it ends")
    }

    /// Waits until the service has been asked so often, or the program has ended.
    fn wait_for_calls(&self, calls: usize, child: &mut Child) {
        while self.emulator.calls().len() < calls {
            if child.try_wait().expect("it runs").is_some() {
                return;
            }
            std::thread::yield_now();
        }
    }
}

fn knobs() -> Knobs {
    Knobs {
        latency: Duration::from_millis(10),
        jitter: Duration::from_millis(5),
        ..Knobs::default()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("our text")
}

fn records(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).expect("it is finished");
    let lines = text
        .lines()
        .filter(|line| !line.starts_with("{\"manifest\""));
    lines.map(str::to_owned).collect()
}

#[test]
fn killed_for_good_and_resumed_it_ends_with_the_same_records() {
    let scene = Scene::new(knobs());
    let all = ["export", GROUP, "--from", "1", "--rate", "200", "--names"];
    let whole = scene.run(&[&all[..], &["--out", "whole.jsonl"]].concat());
    assert_eq!(whole.status.code(), Some(0), "{}", text(&whole.stderr));
    let mut child = scene.start(&[&all[..], &["--out", "b.jsonl"]].concat());
    for more in [30, 25, 40] {
        let calls = scene.emulator.calls().len() + more;
        scene.wait_for_calls(calls, &mut child);
        child.kill().expect("ours");
        child.wait().expect("it ends");
        assert!(!scene.path().join("b.jsonl").exists());
        child = scene.start(&["export", "--resume", "--out", "b.jsonl"]);
    }
    let ended = child.wait_with_output().expect("it ends");
    assert_eq!(ended.status.code(), Some(0), "{}", text(&ended.stderr));
    assert!(ended.stdout.is_empty());
    assert!(text(&ended.stderr).contains("\"resumed\":3"));
    let (a, b) = (
        records(&scene.path().join("whole.jsonl")),
        records(&scene.path().join("b.jsonl")),
    );
    assert!(a.len() == 3_000 && a == b);
    scene.verifies("b.jsonl");
}

#[test]
fn for_outsiders_no_file_names_people_or_group_also_when_gone_on_with() {
    let scene = Scene::new(knobs());
    let all = [
        "export",
        GROUP,
        "--from",
        "1",
        "--rate",
        "100",
        "--mask-ids",
    ];
    let more = ["--names", "--filter", "from:user", "--format", "csv"];
    let all = [&all[..], &more[..]].concat();
    let mut child = scene.start(&all);
    scene.wait_for_calls(40, &mut child);
    child.kill().expect("ours");
    child.wait().expect("it ends");
    let ended = scene.run(&["export", "--resume", "--out", "masked.csv"]);
    let said = text(&ended.stderr);
    assert_eq!(ended.status.code(), Some(0), "{said}");
    assert!(
        said.contains("\"mask_ids\":true") && said.contains("\"resumed\":1"),
        "{said}"
    );
    scene.verifies("masked.csv");
    fs::remove_file(scene.path().join("c.toml")).expect("ours");
    let mut files = 0;
    for file in fs::read_dir(scene.path()).expect("ours") {
        let path = file.expect("it can be listed").path();
        let held = fs::read_to_string(&path).expect("our text") + &path.to_string_lossy();
        assert!(!held.contains("user_") && !held.contains("TGS"), "{held}");
        assert!(
            !held.contains("127.0.0.1") && !held.contains("MsgSeq"),
            "{held}"
        );
        files += 1;
    }
    assert_eq!(files, 3, "the file, its manifest, its hash");
}

#[test]
fn gone_on_with_in_another_zone_it_ends_with_the_same_records() {
    const ODD: &str = "EST5EDT,M4.1.0,M10.1.0";
    let scene = Scene::new(knobs());
    let all = ["export", GROUP, "--from", "1", "--rate", "100", "--out"];
    for (tz, name) in [
        ("Europe/Berlin", "Europe/Berlin"),
        ("CST-8", "+08:00"),
        (ODD, "local-"),
    ] {
        let begin = |out| scene.start_where(tz, &[&all[..], &[out, "--force"]].concat());
        let whole = begin("whole.jsonl").wait_with_output().expect("it ends");
        assert_eq!(whole.status.code(), Some(0), "{}", text(&whole.stderr));
        let said = text(&whole.stderr);
        assert!(said.contains(&format!("\"zone\":\"{name}")), "{said}");
        let mut child = begin("b.jsonl");
        scene.wait_for_calls(scene.emulator.calls().len() + 30, &mut child);
        child.kill().expect("ours");
        child.wait().expect("it ends");
        let resume = ["export", "--resume", "--out", "b.jsonl", "--force"];
        let mut ended = scene
            .start_where("Asia/Tokyo", &resume)
            .wait_with_output()
            .expect("it ends");
        if tz == ODD {
            // Rather not at all than with other times from here on.
            assert_eq!(ended.status.code(), Some(2));
            assert!(
                text(&ended.stderr).contains("in zone local-"),
                "{}",
                text(&ended.stderr)
            );
            ended = scene
                .start_where(ODD, &resume)
                .wait_with_output()
                .expect("it ends");
        }
        assert_eq!(ended.status.code(), Some(0), "{}", text(&ended.stderr));
        let [a, b] = ["whole.jsonl", "b.jsonl"].map(|file| records(&scene.path().join(file)));
        assert!(a.len() == 3_000 && a == b, "{tz}");
    }
}

#[test]
fn an_interrupt_says_how_to_go_on() {
    let scene = Scene::new(knobs());
    let mut child = scene.start(&[
        "export", GROUP, "--from", "1", "--rate", "100", "--out", "a b",
    ]);
    scene.wait_for_calls(20, &mut child);
    kill_process(Pid::from_child(&child), Signal::INT).expect("it runs");
    let ended = child.wait_with_output().expect("it ends");
    assert_eq!(ended.status.code(), Some(130));
    let said = text(&ended.stderr);
    assert!(
        said.contains("tim-history export --resume --out 'a b'"),
        "{said}"
    );
    let ended = scene.run(&["export", "--resume", "--out", "a b", "-q"]);
    assert_eq!(ended.status.code(), Some(0), "{}", text(&ended.stderr));
    assert!(ended.stderr.is_empty() && ended.stdout.is_empty());
}

#[test]
fn ends_are_found_by_time_and_records_alone_go_to_standard_output() {
    let scene = Scene::new(knobs());
    // Message n is n - 1 minutes after the start of 2025.
    let day = [
        "export",
        GROUP,
        "--from",
        "2025-01-02",
        "--to",
        "2025-01-03 00:00",
        "--rate",
        "200",
    ];
    let ended = scene.run(&[&day[..], &["--out", "-"]].concat());
    assert_eq!(ended.status.code(), Some(0), "{}", text(&ended.stderr));
    let out = text(&ended.stdout);
    let seqs: Vec<u32> = out
        .lines()
        .filter_map(|line| {
            let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
            u32::try_from(value["seq"].as_u64()?).ok()
        })
        .collect();
    let from = *seqs.first().expect("a record");
    // The first at or after midnight may be withheld.
    assert!((1_441..1_460).contains(&from), "{from}");
    assert!((from..=2_880).eq(seqs), "the end is excluded");
    assert!(text(&ended.stderr).contains("from: Thu 2025-01-02 00:00:00 +00:00"));
    let filtered = [
        "export",
        GROUP,
        "--from",
        "1400",
        "--filter",
        "is:recalled",
        "--out",
        "-",
        "-q",
    ];
    let ended = scene.run(&filtered);
    assert_eq!(ended.status.code(), Some(0));
    assert!(ended.stderr.is_empty());
    let states = text(&ended.stdout);
    let states = states
        .lines()
        .filter(|line| !line.starts_with("{\"manifest\""));
    assert!(states.clone().count() > 2);
    assert!(
        states
            .clone()
            .all(|line| line.contains("\"state\":\"recalled\""))
    );
}

#[test]
fn what_cannot_be_exported_says_why() {
    let scene = Scene::new(knobs());
    let rows: [(&[&str], i32, &str); 6] = [
        (&["export", "nobody"], 3, "10010"),
        (&["export", GROUP, "--from", "soon"], 2, "--from"),
        (&["export", GROUP, "--filter", "is:nothing"], 2, "--filter"),
        (&["export", GROUP, "--from", "2031-01-01"], 1, "no message"),
        (
            &["export", "--resume", "--out", "x"],
            2,
            "nothing to resume",
        ),
        (&["verify", "c.toml"], 2, "no export"),
    ];
    for (arguments, code, words) in rows {
        let ended = scene.run(arguments);
        let said = text(&ended.stderr);
        assert_eq!(ended.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(words), "{said}");
        assert!(ended.stdout.is_empty());
    }
    // No file was left by any of them.
    let left = fs::read_dir(scene.path()).expect("ours").count();
    assert_eq!(left, 1);
}

#[test]
fn a_full_disk_leaves_what_can_be_gone_on_with() {
    let scene = Scene::new(knobs());
    // A limit for the size of files, and not the signal that comes with it, is as good.
    let script = format!(
        "trap '' XFSZ; ulimit -f 400; exec '{}' --config c.toml --tz UTC export '{GROUP}' \
         --from 1 --rate 200 --out x.jsonl",
        env!("CARGO_BIN_EXE_tim-history")
    );
    let ended = Command::new("sh")
        .args(["-c", &script])
        .current_dir(scene.path())
        .env("HOME", scene.path())
        .stdin(Stdio::null())
        .output()
        .expect("there is a shell");
    let said = text(&ended.stderr);
    assert_eq!(ended.status.code(), Some(4), "{said}");
    assert!(
        said.contains("x.jsonl.part") && said.contains("--resume"),
        "{said}"
    );
    let ended = scene.run(&["export", "--resume", "--out", "x.jsonl"]);
    assert_eq!(ended.status.code(), Some(0), "{}", text(&ended.stderr));
    assert_eq!(records(&scene.path().join("x.jsonl")).len(), 3_000);
    scene.verifies("x.jsonl");
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let scene = Scene::new(knobs());
    let all = [
        "export", GROUP, "--from", "1", "--rate", "200", "--out", "-", "-q",
    ];
    let mut child = scene.start(&all);
    drop(child.stdout.take());
    let ended = child.wait_with_output().expect("it ends");
    assert_eq!(ended.status.code(), Some(0));
    assert!(ended.stderr.is_empty(), "{}", text(&ended.stderr));
    assert!(scene.emulator.calls().len() < 100);
}

#[test]
fn failures_and_a_name_of_our_own() {
    let scene = Scene::new(Knobs {
        http_502_every: Some(40),
        reply_cap: 2_000,
        ..knobs()
    });
    let ended = scene.run(&[
        "export", GROUP, "--from", "1", "--to", "600", "--rate", "200",
    ]);
    assert_eq!(ended.status.code(), Some(0), "{}", text(&ended.stderr));
    let files = fs::read_dir(scene.path()).expect("ours");
    let names: Vec<String> = files
        .map(|file| {
            file.expect("it can be listed")
                .file_name()
                .into_string()
                .expect("plain")
        })
        .collect();
    let name = names
        .iter()
        .min_by_key(|name| (!name.starts_with("%40"), name.len()))
        .expect("it is here");
    assert!(name.starts_with("%40TGS%23..%2FA-"), "{name}");
    assert_eq!(names.len(), 3, "the file, its hash, the configuration");
    let file = scene.path().join(name);
    assert_eq!(records(&file).len(), 600);
    assert!(export::verify(&file).expect("an export").wrong.is_empty());
}
