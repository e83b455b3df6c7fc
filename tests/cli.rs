//! The real binary without a screen: arguments, exit codes, what goes where.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tim_history::config::{Config, bad_keys};
use tim_history::model::codes;

/// A home of its own, so that nothing of this machine shows through.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a scratch directory"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tim-history"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.path())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary runs")
    }

    /// Writes a configuration and gives its path.
    fn config(&self, text: &str) -> String {
        let path = self.path().join("t.toml");
        fs::write(&path, text).expect("ours");
        path.display().to_string()
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

#[test]
fn help_and_version_are_results() {
    let home = Home::new();
    for flag in ["--help", "--version"] {
        let ended = home.run(&[flag]);
        assert_eq!(code(&ended), Some(0));
        assert!(out(&ended).contains("tim-history") && err(&ended).is_empty());
    }
    assert!(out(&home.run(&["--help"])).contains("4 incomplete"));
}

#[test]
fn bad_arguments_end_with_2_and_say_so_on_stderr() {
    let home = Home::new();
    for arguments in [
        &["--nonsense"][..],
        &["--topic", "t"],
        &["explain"],
        &["explain", "x"],
        &["check", "--demo"],
        &["explain", "1", "--tz", "Not/AZone"],
        &["explain", "1", "--log", "/nonexistent/log"],
    ] {
        let ended = home.run(arguments);
        assert_eq!(code(&ended), Some(2), "{arguments:?}");
        assert!(out(&ended).is_empty() && !err(&ended).is_empty());
    }
}

#[test]
fn without_a_terminal_the_browser_says_one_line() {
    let home = Home::new();
    for arguments in [&["--demo"][..], &[], &["--group", "g"]] {
        let ended = home.run(arguments);
        assert_eq!(code(&ended), Some(2));
        assert_eq!(err(&ended).lines().count(), 1, "{}", err(&ended));
        assert!(err(&ended).contains("needs a terminal"));
    }
}

#[test]
fn with_nothing_set_the_three_ways_are_told() {
    let ended = Home::new().run(&["check"]);
    assert_eq!(code(&ended), Some(2));
    for word in [
        "--demo",
        "config.example.toml",
        "config.toml",
        "TIM_HISTORY_SECRET_KEY",
    ] {
        assert!(err(&ended).contains(word), "{}", err(&ended));
    }
}

#[test]
fn a_bad_configuration_names_file_line_and_key() {
    let home = Home::new();
    let path = home.config("mouse = 1\n[profiles.p]\nregoin = \"seoul\"\n");
    for arguments in [
        &["check", "--config", &path][..],
        &["--config", &path, "check"],
    ] {
        let ended = home.run(arguments);
        assert_eq!(code(&ended), Some(2));
        assert!(err(&ended).starts_with(&format!("{path}:1: key `mouse`: expected true or false")));
        assert!(err(&ended).contains(&format!("{path}:3: key `profiles.p.regoin`")));
        assert!(err(&ended).contains("did you mean `region`?"));
    }
    let by_env = home
        .command(&["check"])
        .env("TIM_HISTORY_CONFIG", &path)
        .output();
    assert_eq!(code(&by_env.expect("the binary runs")), Some(2));
}

#[test]
fn a_key_that_others_can_read_is_refused_and_not_shown() {
    const KEY: &str = "hunter2hunter2hunter2";
    let home = Home::new();
    let key = home.path().join("prod.key");
    fs::write(&key, KEY).expect("ours");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("ours");
    let path = home.config(
        "[profiles.prod]\nsdk_app_id = 1\nidentifier = \"a\"\nregion = \"seoul\"\nsecret_key_file = \"prod.key\"\n",
    );
    let ended = home.run(&["check", "--config", &path]);
    assert_eq!(code(&ended), Some(2));
    assert!(
        err(&ended).contains("profile `prod`: secret_key_file: "),
        "{}",
        err(&ended)
    );
    assert!(err(&ended).contains("chmod 600"));
    assert!(!err(&ended).contains(KEY) && !out(&ended).contains(KEY));
}

#[test]
fn explain_needs_no_configuration_and_exits_by_what_it_knows() {
    let home = Home::new();
    for number in [70_009, 10_010, 4_294_967_295] {
        let ended = home.run(&["explain", &number.to_string()]);
        let known = codes::meaning(number).is_some();
        assert_eq!(code(&ended), Some(i32::from(!known)), "{number}");
        assert!(out(&ended).starts_with(&format!("{number}: ")));
        assert!(out(&ended).contains("what to do: ") && err(&ended).is_empty());
    }
}

/// Runs `decode` with `input` on its standard input.
fn decoded(arguments: &[&str], input: &[u8]) -> Output {
    let home = Home::new();
    let mut child = home
        .command(&[&["--tz", "UTC", "decode"], arguments].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut stdin = child.stdin.take().expect("piped");
    stdin.write_all(input).expect("it reads");
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

#[test]
fn decode_tells_raw_data_and_messages_as_a_tree_or_json() {
    let raw = decoded(&[], b"\x08\x01\x10\x06\x1a\x06MaoTong\n");
    assert_eq!(code(&raw), Some(0));
    insta::assert_snapshot!(out(&raw), @r#"
    message, 3 fields  damaged
      1: 1  zigzag -1  true
      2: 6  zigzag 3
      3: "MaoTon"
      tail: 67  wire type 7 does not exist (at byte 12)
    "#);
    let json = decoded(&["--json"], b"\x08\x01\x10\x06\x1a\x06MaoTong");
    insta::assert_snapshot!(out(&json), @r#"
    {"1":1,"2":6,"3":"MaoTon","(damage)":{"at":12,"why":"wire type 7 does not exist","tail":"67"}}
    "#);
    let message = br#"{"MsgSeq":1,"CloudCustomData":"{\"messageReply\":{\"messageSender\":\"a\\u202e\"}}","MsgBody":[
        {"MsgType":"TIMCustomElem","MsgContent":{"Data":"eyJvcmRlcklkIjo4MTIsImF0IjoxNzAwMDAwMDAwfQ==","Ext":"url"}}]}"#;
    insta::assert_snapshot!(out(&decoded(&[], message)), @r#"
    custom Data
    base64  44 bytes hold 31
      as JSON: 2 members
        orderId: 812
        at: 1700000000  2023-11-14 22:13:20 +00:00
    custom Ext
    "url"
    cloud custom data
    1 member
      messageReply: 1 member
        messageSender: "a¦"
    "#);
    insta::assert_snapshot!(out(&decoded(&["--json"], message)), @r#"
    {"part":"custom Data","value":{"orderId":812,"at":1700000000}}
    {"part":"custom Ext","value":"url"}
    {"part":"cloud custom data","value":{"messageReply":{"messageSender":"a\u202e"}}}
    "#);
}

/// The tree is for eyes; JSON is for programs, which want the value.
#[test]
fn where_nothing_is_packed_decode_says_so_beside_the_empty_result() {
    let message = br#"{"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"hi"}}]}"#;
    for arguments in [&[][..], &["--json"]] {
        let ended = decoded(arguments, message);
        assert_eq!((ended.status.code(), out(&ended).as_str()), (Some(0), ""));
        let said = err(&ended);
        assert!(said.starts_with("nothing is packed in this"), "{said}");
    }
    let quiet = decoded(&["-q"], message);
    assert!(quiet.status.success() && quiet.stdout.is_empty() && quiet.stderr.is_empty());
    assert!(
        decoded(&[], b"hello").stderr.is_empty(),
        "raw data is something"
    );
}

#[test]
fn decoded_json_is_equal_in_value_whatever_is_in_it() {
    let text = format!(
        "🇩🇪 👨\u{200d}👩\u{200d}👧 ❤\u{fe0f} e\u{301} \u{9b}31m{}",
        "x".repeat(300_000)
    );
    let input = serde_json::json!({ "a": text }).to_string();
    let printed = out(&decoded(&["--json"], input.as_bytes()));
    assert!(!printed.contains('\u{9b}') && !printed.contains('\u{200d}'));
    let back: serde_json::Value = serde_json::from_str(&printed).expect("JSON");
    assert_eq!(back["a"].as_str(), Some(text.as_str()));
}

#[test]
fn a_reader_that_leaves_changes_nothing_and_a_full_disk_does() {
    let home = Home::new();
    let mut child = home
        .command(&["explain", "4294967295"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    drop(child.stdout.take());
    let ended = child.wait_with_output().expect("it ends");
    assert_eq!(code(&ended), Some(1));
    assert!(err(&ended).is_empty(), "{}", err(&ended));
    if let Ok(full) = File::options().write(true).open("/dev/full") {
        let full = home
            .command(&["explain", "4294967295"])
            .stdout(full)
            .output();
        let ended = full.expect("the binary runs");
        assert_eq!(code(&ended), Some(4));
        assert!(err(&ended).contains("cannot write the result"));
    }
}

#[test]
fn the_log_is_for_our_eyes_alone() {
    let home = Home::new();
    let log = home.path().join("log");
    let ended = home.run(&["explain", "1", "--log", &log.display().to_string()]);
    assert!(err(&ended).is_empty(), "{}", err(&ended));
    let mode = fs::metadata(&log)
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let wrong = home
        .command(&["explain", "1", "--log", &log.display().to_string()])
        .env("TIM_HISTORY_LOG", "loud")
        .output()
        .expect("the binary runs");
    assert_eq!(code(&wrong), Some(2));
}

/// Starts `serve` and waits until it has printed its profile.
fn serve(home: &Home) -> Child {
    let mut child = home
        .command(&["serve", "--port", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    // The hint comes when all of the profile has been written.
    let stderr = child.stderr.take().expect("piped");
    let mut hint = String::new();
    let mut stderr = BufReader::new(stderr);
    stderr.read_line(&mut hint).expect("the hint comes");
    assert!(hint.contains("Ctrl-C"), "{hint}");
    child
}

#[test]
fn serve_prints_a_profile_to_paste_and_ends_by_signal() {
    let home = Home::new();
    for (signal, expected) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let mut child = serve(&home);
        let pid = Pid::from_child(&child);
        kill_process(pid, signal).expect("it runs");
        assert_eq!(child.wait().expect("it ends").code(), Some(expected));
        let mut profile = String::new();
        let mut stdout = child.stdout.take().expect("piped");
        stdout.read_to_string(&mut profile).expect("our text");
        let config = Config::parse(Path::new("pasted.toml"), &profile, &bad_keys);
        let config = config.expect("it is complete");
        let access = config.choose(None).expect("one profile").access(&|_| None);
        assert!(access.is_ok());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn no_core_file_can_hold_a_secret() {
    let home = Home::new();
    let mut child = serve(&home);
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).expect("it runs");
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    let figures: Vec<&str> = core.expect("a limit").split_whitespace().skip(4).collect();
    assert_eq!(figures, ["0", "0", "bytes"]);
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("it listens").port().to_string();
    let ended = Home::new().run(&["serve", "--port", &port]);
    assert_eq!(code(&ended), Some(2));
    assert!(err(&ended).contains(&port) && err(&ended).contains("--port"));
}

/// What the binary says in a terminal of this kind, and how it ends.
fn in_terminal(home: &Home, term: &str, arguments: &[&str]) -> (String, u32) {
    use portable_pty::{CommandBuilder, PtySize, native_pty_system};

    let pair = native_pty_system()
        .openpty(PtySize::default())
        .expect("a terminal");
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_tim-history"));
    command.args(arguments);
    command.env_clear();
    command.env("HOME", home.path());
    command.env("TERM", term);
    let mut child = pair.slave.spawn_command(command).expect("it starts");
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().expect("it can be read");
    let mut said = Vec::new();
    // The end of a terminal is an error on Linux.
    let _ = reader.read_to_end(&mut said);
    let ended = child.wait().expect("it ends");
    (
        String::from_utf8_lossy(&said).into_owned(),
        ended.exit_code(),
    )
}

#[test]
fn a_dumb_terminal_is_refused_in_one_line() {
    let (said, code) = in_terminal(&Home::new(), "dumb", &["--demo"]);
    assert_eq!(code, 2);
    assert!(said.contains("TERM=dumb"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn the_browser_without_configuration_tells_the_three_ways() {
    let (said, code) = in_terminal(&Home::new(), "xterm-256color", &[]);
    assert_eq!(code, 2);
    assert!(said.contains("tim-history --demo"), "{said}");
    assert!(
        !said.contains('\u{1b}'),
        "the screen was not touched: {said:?}"
    );
}

/// A profile that is never asked for its secret.
fn of_app(name: &str, app: u32) -> String {
    format!(
        "[profiles.{name}]\nsdk_app_id = {app}\nidentifier = \"a\"\nregion = \"china\"\n\
         secret_key_env = \"NONE\"\n"
    )
}

#[test]
fn a_link_without_one_profile_for_it_says_what_there_is() {
    let home = Home::new();
    let link = "tim-history://7/%40TGS%23A/1";
    let cases = [
        (
            of_app("a", 7) + &of_app("b", 7),
            &[][..],
            "the link is for app 7, and so are `a` and `b`: choose one with --profile",
        ),
        (
            of_app("a", 8) + &of_app("b", 9),
            &[],
            "no profile is for app 7, which the link names; there are `a` (app 8), `b` (app 9)",
        ),
        (
            of_app("a", 7) + &of_app("b", 9),
            &["--profile", "b"],
            "the link is for app 7, but profile `b` is for app 9",
        ),
        (of_app("a", 7), &[], "the browser needs a terminal"),
    ];
    for (config, more, said) in cases {
        let path = home.config(&config);
        let arguments = [&["--config", &path, "open", link][..], more].concat();
        let ended = home.run(&arguments);
        assert_eq!(code(&ended), Some(2), "{said}");
        assert!(err(&ended).contains(said), "{said}\n{}", err(&ended));
    }
    for wrong in ["tim-history://x/g/1", "https://example.com", ""] {
        let ended = home.run(&["open", wrong]);
        assert_eq!(code(&ended), Some(2), "{wrong}");
    }
}
