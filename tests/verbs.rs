//! The verbs that ask the service, as programs run them: over real HTTP against the
//! embedded service, results on standard output, the rest on standard error.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;
use tim_history::emulator::{Emulator, Group, Knobs, Truth, World};

/// The newest time of the demo's world; any would do.
const START: i64 = 1_735_891_200;

struct Desk {
    home: TempDir,
    /// Serves as long as the test runs.
    service: Emulator,
}

impl Desk {
    fn new(knobs: Knobs) -> Self {
        Self::of(World::demo_at(START), knobs)
    }

    fn of(world: World, knobs: Knobs) -> Self {
        let service = Emulator::start(world, knobs, 0).expect("a free port");
        let home = tempfile::tempdir().expect("a scratch directory");
        fs::write(home.path().join("t.toml"), service.profile_toml()).expect("ours");
        Self { home, service }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary runs")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tim-history"));
        command
            .args(["--config", "t.toml", "--tz", "UTC"])
            .args(arguments)
            .current_dir(self.home.path())
            .env_clear()
            .env("HOME", self.home.path())
            .stdin(Stdio::null());
        command
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
fn show_prints_so_many_messages_and_the_holes_between_them() {
    let desk = Desk::new(Knobs::default());
    let newest = desk.run(&["show", "@TGS#2SUPPORTA", "-n", "3"]);
    assert_eq!((code(&newest), err(&newest).as_str()), (Some(0), ""));
    let lines: Vec<_> = out(&newest).lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 3);
    assert!(
        lines[2].starts_with("1115  ") && lines[2].contains("⏎"),
        "{lines:?}"
    );
    let holes = out(&desk.run(&["show", "@TGS#2HOLES0500", "20", "-n", "5"]));
    let starts: Vec<_> = holes
        .lines()
        .filter_map(|line| line.split("  ").next())
        .collect();
    assert_eq!(starts, ["20-25", "26", "27", "28", "29", "30-59", "60"]);
    assert!(
        holes.contains("30-59  30 withheld by the service"),
        "{holes}"
    );
}

#[test]
fn a_place_is_found_as_at_the_prompt_of_the_browser() {
    let desk = Desk::new(Knobs::default());
    // A million messages; a few calls tell where a time is.
    let shown = out(&desk.run(&["show", "@TGS#2MILLION01", "2025-01-02 14:05", "-n", "1"]));
    assert!(shown.contains("  2025-01-02 14:05:"), "{shown}");
    let oldest = out(&desk.run(&["show", "@TGS#2HOLES0500", "start", "-n", "1"]));
    assert!(oldest.starts_with("26  "), "{oldest}");
    let wrong = desk.run(&["show", "@TGS#2SUPPORTA", "xyzzy"]);
    assert_eq!((code(&wrong), out(&wrong).as_str()), (Some(2), ""));
    assert!(
        err(&wrong).contains("none of: seq, time"),
        "{}",
        err(&wrong)
    );
    let gone = desk.run(&["show", "@TGS#2DISMISSED"]);
    assert_eq!(code(&gone), Some(3));
    assert!(err(&gone).contains("10010"), "{}", err(&gone));
}

#[test]
fn a_message_is_found_by_the_id_a_client_gave_it() {
    let desk = Desk::new(Knobs::default());
    let show = |place: &str| desk.run(&["show", "@TGS#2MILLION01", place, "-n", "1", "--json"]);
    let meant = json_lines(&out(&show("400000")));
    let raw = &meant[0]["raw"];
    let (random, sent) = (
        &raw["MsgRandom"],
        raw["MsgTimeStamp"].as_i64().expect("one"),
    );
    // The clock of the sender's device may be off.
    for off in [0, 540, -540] {
        let found = show(&format!("144115198339527735-{}-{random}", sent + off));
        assert_eq!(code(&found), Some(0), "{}", err(&found));
        assert_eq!(json_lines(&out(&found))[0]["seq"], 400_000, "{off}");
    }
    let calls = desk.service.calls().len();
    let none = show(&format!("144115198339527735-{}-{random}", sent + 900));
    assert_eq!((code(&none), out(&none).as_str()), (Some(1), ""));
    assert!(err(&none).contains("no MsgRandom"), "{}", err(&none));
    let cost = desk.service.calls().len() - calls;
    // To find the time, and for the twenty minutes around it.
    assert!(cost < 90, "it gives up: {cost} calls");
    // An end of a range may be one, too.
    let id = format!("144115198339527735-{sent}-{random}");
    let found = desk.run(&[
        "find",
        "@TGS#2MILLION01",
        "",
        "--from",
        "399990",
        "--to",
        &id,
    ]);
    assert!(
        err(&found).contains("seqs 399990-400000 "),
        "{}",
        err(&found)
    );
}

#[test]
fn find_prints_what_matches_and_says_what_it_looked_at() {
    let desk = Desk::new(Knobs::default());
    let found = desk.run(&["find", "@TGS#2SUPPORTA", "data:order=884214"]);
    assert_eq!(code(&found), Some(0));
    assert_eq!(out(&found).lines().count(), 1);
    assert!(out(&found).starts_with("1045  "), "{}", out(&found));
    let said = err(&found);
    assert!(said.starts_with("1 found in seqs 116-1115 · "), "{said}");
    assert!(said.contains(" withheld by the service"), "{said}");
    // By a part of the name, which the service has to be asked for.
    let mei = out(&desk.run(&["find", "@TGS#2SUPPORTA", "from:Mei"]));
    assert!(mei.lines().count() > 5);
    assert!(
        mei.lines()
            .all(|line| line.contains("  Mei Chen 陈梅 (customer_8472)  "))
    );
    let none = desk.run(&["find", "@TGS#2SUPPORTA", "nowhere to be found"]);
    assert_eq!((code(&none), out(&none).as_str()), (Some(1), ""));
    let wrong = desk.run(&["find", "@TGS#2SUPPORTA", "is:lost"]);
    assert_eq!(code(&wrong), Some(2));
}

#[test]
fn for_outsiders_people_have_pseudonyms_and_keep_them() {
    let desk = Desk::new(Knobs::default());
    let all = ["show", "@TGS#2SUPPORTA", "900", "-n", "200"];
    let plain = json_lines(&out(&desk.run(&[&all[..], &["--json"]].concat())));
    let shown = desk.run(&[&all[..], &["--mask-ids"]].concat());
    assert_eq!((code(&shown), err(&shown).as_str()), (Some(0), ""));
    let text = out(&shown);
    let masked = out(&desk.run(&[&all[..], &["--json", "--mask-ids"]].concat()));
    let mut pseudonyms: BTreeMap<&str, &str> = BTreeMap::new();
    let records = json_lines(&masked);
    assert_eq!(records.len(), plain.len());
    for (record, plain) in records.iter().zip(&plain) {
        assert_eq!(record["seq"], plain["seq"]);
        assert!(record.get("raw").is_none() && record["name"].is_null());
        if let Some(id) = plain["sender"].as_str() {
            let pseudonym = record["sender"].as_str().expect("one for each");
            assert_eq!(*pseudonyms.entry(id).or_insert(pseudonym), pseudonym);
        }
    }
    let mut different: Vec<_> = pseudonyms.values().collect();
    different.sort_unstable();
    different.dedup();
    assert!(different.len() > 3 && different.len() == pseudonyms.len());
    for (id, pseudonym) in &pseudonyms {
        for shown in [&text, &masked] {
            let named = id.len() > 1 && !id.starts_with("@TIM") && shown.contains(id);
            assert!(!named && shown.contains(pseudonym), "{id}: {shown}");
        }
    }
    // Asked for, so that they are masked in texts; what else she is called stays.
    assert!(!text.contains("陈梅") && text.contains("[forward Chat history of Mei Chen and "));
    let found = ["find", "@TGS#2SUPPORTA", "from:Mei", "--mask-ids"];
    let found = out(&desk.run(&found));
    assert!(found.lines().count() > 5 && found.lines().all(|line| line.contains("  User ")));
    assert!(!found.contains("customer_8472") && !found.contains("陈梅"));
    // Whom one message alone names, in a call, is masked, too.
    let call = out(&desk.run(&["show", "@TGS#2SUPPORTA", "1096", "-n", "1", "--mask-ids"]));
    assert!(
        call.contains("[audio call: User 1 invites User 2]"),
        "{call}"
    );
    let audit = ["audit", "@TGS#2SUPPORTA", "--from", "1", "--mask-ids"];
    let audit = out(&desk.run(&audit)) + &out(&desk.run(&[&audit[..], &["--json"]].concat()));
    assert!(
        audit.contains("by User ") && !audit.contains("customer_"),
        "{audit}"
    );
}

#[test]
fn an_account_that_is_no_more_does_not_hide_the_names_of_others() {
    let knobs = Knobs {
        strict_portraits: true,
        ..Knobs::default()
    };
    let desk = Desk::new(knobs);
    let mei = desk.run(&["find", "@TGS#2SUPPORTA", "from:Mei"]);
    assert_eq!(code(&mei), Some(0), "{}", err(&mei));
    assert!(out(&mei).lines().all(|line| line.contains("  Mei Chen ")));
}

#[test]
fn json_of_a_range_has_a_record_for_each_seq() {
    let desk = Desk::new(Knobs::default());
    let shown = desk.run(&["show", "@TGS#2HOLES0500", "20", "-n", "5", "--json"]);
    let lines = json_lines(&out(&shown));
    let seqs: Vec<_> = lines
        .iter()
        .filter_map(|line| line["seq"].as_u64())
        .collect();
    assert_eq!(seqs, (20..=60).collect::<Vec<_>>());
    let state = |seq: usize| lines[seq - 20]["state"].as_str();
    assert_eq!(
        (state(20), state(26), state(30)),
        (Some("gone"), Some("present"), Some("withheld"))
    );
    assert_eq!(lines[6]["raw"]["MsgSeq"], 26);
    let found = [
        "find",
        "@TGS#2HOLES0500",
        "is:withheld",
        "--to",
        "60",
        "--from",
        "26",
    ];
    let found = out(&desk.run(&[&found[..], &["--json"]].concat()));
    assert_eq!(json_lines(&found).len(), 30, "{found}");
    // What the service sends stands there as it came, even half a surrogate pair, but
    // nothing of it raw.
    let hostile = out(&desk.run(&["show", "@TGS#2HOSTILE01", "-n", "100", "--json"]));
    assert!(!hostile.contains(|c: char| c.is_control() && c != '\n'));
    assert!(hostile.lines().count() > 40 && hostile.contains("\\ud83d"));
}

#[test]
fn a_range_holds_its_seqs_and_not_the_time_it_ends_at() {
    let desk = Desk::new(Knobs::default());
    let range = |from: &str, to: &str| {
        let asked = ["find", "@TGS#2HOLES0500", "", "--from", from, "--to", to];
        err(&desk.run(&asked))
    };
    assert!(
        range("60", "64").contains("seqs 60-64 "),
        "{}",
        range("60", "64")
    );
    let shown = out(&desk.run(&["show", "@TGS#2HOLES0500", "64", "-n", "1"]));
    let time = shown.split("  ").nth(1).expect("a time");
    let time = time.strip_suffix(" +00:00").expect("in UTC");
    assert!(
        range("60", time).contains("seqs 60-63 "),
        "{}",
        range("60", time)
    );
    // All is older: the newest belongs to it.
    assert!(range("490", "2025-01-03 08:00").contains("seqs 490-500 "));
}

#[test]
fn audit_ends_with_1_where_something_was_withheld_and_4_where_it_failed() {
    let desk = Desk::new(Knobs::default());
    let whole = desk.run(&["audit", "@TGS#2HOLES0500"]);
    assert_eq!((code(&whole), err(&whole).as_str()), (Some(1), ""));
    let text = out(&whole);
    assert!(
        text.starts_with("1-500: 297 messages · 66 deleted or expired"),
        "{text}"
    );
    let fine = [
        "audit",
        "@TGS#2HOLES0500",
        "--from",
        "1",
        "--to",
        "29",
        "--json",
    ];
    let fine = desk.run(&fine);
    assert_eq!(code(&fine), Some(0));
    let lines = json_lines(&out(&fine));
    assert_eq!(lines[0]["audit"]["gone"], 25);
    assert_eq!(
        (&lines[1]["kind"], &lines[1]["last"]),
        (&Value::from("gone"), &Value::from(25))
    );
    let knobs = Knobs {
        // What every second call is answered with is final.
        fail_every: Some((2, 10_004)),
        ..Knobs::default()
    };
    let desk = Desk::new(knobs);
    let cut = desk.run(&["audit", "@TGS#2HOLES0500", "--json"]);
    assert_eq!(code(&cut), Some(4));
    assert!(err(&cut).contains("10004"), "{}", err(&cut));
    let lines = json_lines(&out(&cut));
    assert!(
        lines[0]["audit"]["failed"].as_u64() > Some(0),
        "{:?}",
        lines[0]
    );
    assert_eq!(lines[0]["audit"]["not_loaded"], 0);
}

#[test]
fn follow_prints_what_comes_until_a_signal_ends_it() {
    let world = World::of(vec![Group::chat("@TGS#A", 50)]).at(START);
    let desk = Desk::of(world, Knobs::default());
    let mut command = desk.command(&["follow", "@TGS#A"]);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let mut next = || lines.next().expect("a line").expect("our text");
    let first: Vec<_> = (0..10).map(|_| next()).collect();
    assert!(
        first[0].starts_with("41  ") && first[9].starts_with("50  "),
        "{first:?}"
    );
    desk.service.change(|world| {
        let group = world.group_mut("@TGS#A").expect("it is there");
        group.grow(3);
        group.set_truth(52..=52, Truth::Withheld);
    });
    let came: Vec<_> = (0..3).map(|_| next()).collect();
    assert!(
        came[0].starts_with("51  ") && came[2].starts_with("53  "),
        "{came:?}"
    );
    assert_eq!(came[1], "52  1 withheld by the service");
    kill_process(Pid::from_child(&child), Signal::TERM).expect("it runs");
    assert_eq!(child.wait().expect("it ends").code(), Some(143));
}

#[test]
fn passing_faults_are_tried_again() {
    let knobs = Knobs {
        http_502_every: Some(3),
        ..Knobs::default()
    };
    let desk = Desk::new(knobs);
    let ended = desk.run(&["find", "@TGS#2HOLES0500", "message"]);
    assert_eq!(code(&ended), Some(0), "{}", err(&ended));
    assert!(err(&ended).contains("seqs 1-500"), "{}", err(&ended));
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

#[test]
fn what_was_asked_is_noted_where_a_record_is_kept() {
    let desk = Desk::new(Knobs::default());
    let config = desk.home.path().join("t.toml");
    let profile = fs::read_to_string(&config).expect("ours");
    let with = |log: &str| format!("access_log = \"{log}\"\n{profile}");
    fs::write(&config, with("access.log")).expect("ours");
    let ended = desk.run(&[
        "show",
        "@TGS#2SUPPORTA",
        "1100",
        "-n",
        "2",
        "--ticket",
        "T-7",
    ]);
    assert_eq!(code(&ended), Some(0), "{}", err(&ended));
    let ended = desk.run(&["find", "@TGS#2SUPPORTA", "refund", "--from", "1000"]);
    assert_eq!(code(&ended), Some(0), "{}", err(&ended));
    let ended = desk.run(&[
        "export",
        "@TGS#2SUPPORTA",
        "--from",
        "1100",
        "--out",
        "x.jsonl",
    ]);
    assert_eq!(code(&ended), Some(0), "{}", err(&ended));
    let text = fs::read_to_string(desk.home.path().join("access.log")).expect("it is there");
    let lines = json_lines(&text);
    let [show, find, export] = lines.as_slice() else {
        unreachable!("three: {text}");
    };
    assert_eq!(show["action"], "show");
    assert_eq!(show["ticket"], "T-7");
    assert_eq!(show["place"], "1100");
    assert!(show["time"].is_string() && show["uid"].is_number());
    assert_eq!(
        (&find["words"], &find["from"]),
        (&"refund".into(), &"1000".into())
    );
    assert_eq!(
        (&export["group"], &export["file"]),
        (&"@TGS#2SUPPORTA".into(), &"x.jsonl".into())
    );

    let said = json_lines(&out(&desk.run(&[
        "show",
        "@TGS#2SUPPORTA",
        "1100",
        "-n",
        "1",
        "--json",
    ])));
    let said = said[0]["text"].as_str().expect("a text").to_owned();
    assert!(
        !said.is_empty() && !text.contains(&said),
        "what was read is not noted"
    );

    // Where it cannot be written, nothing is asked.
    fs::write(&config, with("no/such/folder/access.log")).expect("ours");
    let before = desk.service.calls().len();
    let ended = desk.run(&["show", "@TGS#2SUPPORTA"]);
    assert_eq!(code(&ended), Some(2));
    assert!(err(&ended).contains("access_log"), "{}", err(&ended));
    assert_eq!(desk.service.calls().len(), before);
}
