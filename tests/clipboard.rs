//! Copying through the runtime's own interface, with programs in the place of tmux
//! and a pipe in the place of the terminal.

use std::fs;
use std::io::{PipeReader, Read as _};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};
use tim_history::app::event::{Beyond, Copied, Copy, Event, Hint, Route, Wrapping};
use tim_history::config::Surroundings;
use tim_history::model::copyable::Copyable;
use tim_history::model::text::{Clean, clean};
use tim_history::runtime::clipboard::Clipboard;
use tim_history::runtime::screen::Screen;
use tim_history::runtime::terminal::Output;
use tim_history::state::StateDir;
use tim_history::ui::Colors;

/// Far more than anything here takes.
const WATCHDOG: Duration = Duration::from_secs(20);

/// The most that goes by OSC 52, and more than a pipe holds.
const LARGEST: usize = 74_994;

/// A home, a terminal, and what is copied with.
struct Desk {
    home: tempfile::TempDir,
    terminal: PipeReader,
    screen: Screen,
    clipboard: Clipboard,
}

impl Desk {
    /// Inside the tmux of `tests/fixtures/tmux` with this name.
    fn inside(tmux: &str) -> Self {
        let home = tempfile::tempdir().expect("a scratch directory");
        let bin = home.path().join("bin");
        fs::create_dir(&bin).expect("ours");
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tmux");
        // A link, for a program that is being written cannot be started, and another
        // test may start one while we write.
        symlink(program.join(tmux), bin.join("tmux")).expect("ours");
        Self::at(home, true)
    }

    fn without_tmux() -> Self {
        Self::at(tempfile::tempdir().expect("a scratch directory"), false)
    }

    fn at(home: tempfile::TempDir, tmux: bool) -> Self {
        let path = home.path().to_string_lossy().into_owned();
        let env = |name: &str| match name {
            "TMUX" if tmux => Some("a server".to_owned()),
            "PATH" => Some(format!("{path}/bin:/usr/bin:/bin")),
            "HOME" => Some(path.clone()),
            "TERM" => Some("xterm-256color".to_owned()),
            "TIM_HISTORY_STATE" => Some(format!("{path}/state")),
            "TIM_HISTORY_SECRET_KEY" => Some("0123456789abcdef".to_owned()),
            _ => None,
        };
        let (terminal, write) = std::io::pipe().expect("a pipe");
        let flags = fcntl_getfl(&write).expect("flags");
        fcntl_setfl(&write, flags | OFlags::NONBLOCK).expect("set");
        let screen = Screen::spawn(Output::new(write.into()), Colors::Sixteen);
        Self {
            clipboard: Clipboard::new(Surroundings::read(&env), StateDir::locate(&env)),
            screen: screen.expect("a thread"),
            home,
            terminal,
        }
    }

    /// Copies this text, and waits for its end.
    async fn copy(&mut self, text: &str) -> Copied {
        self.clipboard.start(copy_of(text));
        self.ended().await
    }

    async fn ended(&mut self) -> Copied {
        match self.clipboard.next(&self.screen).await {
            Some(Event::Copied(copied)) => copied,
            other => unreachable!("{other:?}"),
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap_or_default()
    }

    fn kept(&self) -> String {
        self.read("state/last-copy.txt")
    }

    /// Ends the screen; all that the terminal was sent.
    fn sent(self) -> String {
        let Self {
            screen,
            mut terminal,
            ..
        } = self;
        let all = std::thread::spawn(move || {
            let mut all = String::new();
            terminal.read_to_string(&mut all).expect("ASCII");
            all
        });
        assert!(screen.stop(WATCHDOG));
        all.join().expect("read")
    }
}

fn copy_of(text: &str) -> Copy {
    Copy {
        text: Copyable::from(&clean(text)),
        what: "node as JSON".to_owned(),
    }
}

fn saved() -> Clean {
    "~/state/last-copy.txt".into()
}

#[tokio::test]
async fn outside_of_tmux_the_terminal_gets_the_text_and_a_file_keeps_it() {
    let mut desk = Desk::without_tmux();
    let copied = desk.copy("{\"全\": 1}\n").await;
    assert_eq!(
        copied,
        Copied {
            what: "node as JSON".to_owned(),
            bytes: 11,
            route: Route::Terminal(Wrapping::Plain),
            file: Ok(saved()),
            hints: vec![],
        }
    );
    assert_eq!(desk.kept(), "{\"全\": 1}\n");
    assert_eq!(desk.sent(), "\x1b]52;c;eyLlhagiOiAxfQo=\x07");
}

#[tokio::test]
async fn what_is_too_large_for_a_terminal_is_in_the_file_alone() {
    let mut desk = Desk::without_tmux();
    let copied = desk.copy(&"x".repeat(LARGEST)).await;
    assert_eq!(copied.route, Route::Terminal(Wrapping::Plain));
    let copied = desk.copy(&"y".repeat(LARGEST + 1)).await;
    assert_eq!((copied.route, copied.file), (Route::TooLarge, Ok(saved())));
    assert_eq!(desk.kept(), "y".repeat(LARGEST + 1));
    // The first one alone: 100,000 bytes.
    assert_eq!(desk.sent().len(), 100_000);
}

#[tokio::test]
async fn tmux_reads_the_text_and_its_words_stay_off_the_screen() {
    let mut desk = Desk::inside("takes");
    let text = format!("[\"{}\"]\n", "全".repeat(24_000));
    let copied = desk.copy(&text).await;
    assert_eq!(copied.route, Route::Tmux(Beyond::Asked));
    assert_eq!((copied.file, copied.hints), (Ok(saved()), vec![]));
    assert_eq!(desk.read("asked"), "load-buffer -w -\n");
    assert_eq!(desk.read("buffer"), text);
    assert_eq!(desk.kept(), text);
    let env = desk.read("env");
    assert!(env.contains("TMUX=a server\n"), "{env}");
    assert!(!env.contains("SECRET") && !env.contains("CARGO"), "{env}");
    assert_eq!(desk.sent(), "");
}

#[tokio::test]
async fn what_is_too_large_for_a_terminal_stays_in_tmux() {
    let mut desk = Desk::inside("takes");
    let text = "x".repeat(LARGEST + 1);
    let copied = desk.copy(&text).await;
    assert_eq!(copied.route, Route::Tmux(Beyond::TooLarge));
    assert_eq!(desk.read("asked"), "load-buffer -\n");
    assert_eq!(desk.read("buffer"), text);
    assert_eq!(desk.sent(), "");
}

#[tokio::test]
async fn an_old_tmux_keeps_the_text_and_lets_the_sequence_through() {
    let mut desk = Desk::inside("old");
    let copied = desk.copy("hello").await;
    assert_eq!(copied.route, Route::Tmux(Beyond::Through));
    assert_eq!(desk.read("asked"), "load-buffer -w -\nload-buffer -\n");
    assert_eq!(desk.read("buffer"), "hello");
    let wrapped = "\x1bPtmux;\x1b\x1b]52;c;aGVsbG8=\x07\x1b\\";
    assert_eq!(desk.sent(), wrapped);
}

#[tokio::test]
async fn a_tmux_that_refuses_is_passed_by_and_quoted_safely() {
    let mut desk = Desk::inside("refuses");
    let copied = desk.copy(&"x".repeat(LARGEST)).await;
    assert_eq!(copied.route, Route::Terminal(Wrapping::Tmux));
    let why = clean("no server running on ^[[31m/tmp/tmux-0/default");
    assert_eq!(copied.hints, [Hint::Passthrough, Hint::Refused(why)]);
    assert_eq!(desk.read("asked").lines().count(), 2);
    // 100,000 bytes, the two around the inner escape, seven before and two behind.
    assert_eq!(desk.sent().len(), 100_010);
}

#[tokio::test]
async fn a_tmux_that_does_not_read_the_text_has_not_taken_it() {
    let mut desk = Desk::inside("forgets");
    let copied = desk.copy(&"x".repeat(LARGEST)).await;
    assert_eq!(copied.route, Route::Terminal(Wrapping::Tmux));
    assert_eq!(copied.hints.len(), 2);
}

#[tokio::test]
async fn without_its_program_tmux_is_passed_by() {
    let mut desk = Desk::inside("not-there");
    // Whatever the machine has must not be found either.
    let mut around = Surroundings::read(&|_| None);
    around.tmux = true;
    let bin = desk.file("bin").to_string_lossy().into_owned();
    around.for_tmux = vec![("PATH", bin)];
    desk.clipboard = Clipboard::new(around, None);
    let copied = desk.copy("hello").await;
    assert_eq!(copied.route, Route::Terminal(Wrapping::Tmux));
    let why = Hint::Refused("not in PATH".into());
    assert_eq!(copied.hints, [Hint::Passthrough, why]);
    assert_eq!(copied.file, Err("there is no home".into()));
}

/// The clock stands still until the program has started, and then jumps to the
/// moment at which somebody wants to be woken.
#[tokio::test(start_paused = true)]
async fn a_tmux_that_hangs_is_ended() {
    let mut desk = Desk::inside("hangs");
    let fifo = desk.file("started");
    let made = Command::new("mkfifo").arg(&fifo).status();
    assert!(made.expect("it runs").success());
    let started = tokio::task::spawn_blocking(move || fs::read_to_string(fifo));
    let (copied, pid) = tokio::join!(desk.copy("hello"), started);
    assert_eq!(copied.route, Route::Terminal(Wrapping::Tmux));
    assert_eq!(
        copied.hints,
        [Hint::Passthrough, Hint::Refused("no answer".into())]
    );
    assert_eq!(copied.file, Ok(saved()));
    let pid = pid.expect("not aborted").expect("a line");
    let pid = Pid::from_raw(pid.trim().parse().expect("a number"));
    assert_eq!(test_kill_process(pid.expect("not 0")), Err(Errno::SRCH));
    assert_eq!(desk.read("asked"), "load-buffer -w -\n");
    assert!(desk.sent().starts_with("\x1bPtmux;"));
}

#[tokio::test]
async fn of_many_copies_the_last_one_stays() {
    let mut desk = Desk::inside("takes");
    for n in 0..5 {
        desk.clipboard.start(copy_of(&format!("text {n}")));
    }
    for _ in 0..5 {
        assert_eq!(desk.ended().await.route, Route::Tmux(Beyond::Asked));
    }
    assert_eq!(
        (desk.read("buffer"), desk.kept()),
        ("text 4".into(), "text 4".into())
    );
    assert_eq!(desk.clipboard.next(&desk.screen).await, None);
}

#[tokio::test]
async fn a_copy_right_before_the_end_is_not_lost() {
    let mut desk = Desk::without_tmux();
    desk.clipboard.start(copy_of("hello"));
    desk.clipboard.finish(&desk.screen, WATCHDOG).await;
    assert_eq!(desk.kept(), "hello");
    assert_eq!(desk.sent(), "\x1b]52;c;aGVsbG8=\x07");
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_said_and_keeps_nothing_up() {
    let mut desk = Desk::without_tmux();
    fs::write(desk.file("state"), "in the way").expect("ours");
    let copied = desk.copy("hello").await;
    assert_eq!(copied.route, Route::Terminal(Wrapping::Plain));
    assert_eq!(copied.file, Err("entity already exists".into()));
    assert_eq!(desk.sent(), "\x1b]52;c;aGVsbG8=\x07");
}
