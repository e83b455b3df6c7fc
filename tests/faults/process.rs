//! What the system does to the program: signals, stops, and a terminal that takes
//! nothing or is gone.

use std::fs::File;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use rustix::termios::{Action, tcflow};

use crate::fault::Fault;
use crate::front::HISTORY;
use crate::pty::{Pty, ticks};
use crate::table::run;
use crate::visit::Visit;

/// Far more than anything here takes: a hang is an error, slowness is not.
const WATCHDOG: Duration = Duration::from_secs(20);

/// A few seconds stand for the minute: nothing in the program knows how long it was.
const BLOCKED: Duration = Duration::from_secs(4);

/// Of processor time after the hang-up, in hundredths of a second; the program is not
/// optimised, and where others run beside, its end takes two. One that looks for its
/// terminal in vain takes all there are.
const TICKS: u64 = 3;

/// How a picture begins that is painted from nothing.
const AFRESH: &[u8] = b"\x1b[m\x1b[r";

/// Blocks until something is so.
pub(crate) fn eventually(what: &str, is: impl Fn() -> bool) {
    let until = Instant::now() + WATCHDOG;
    while !is() {
        assert!(Instant::now() < until, "never: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// The terminal of the program, opened once more.
pub(crate) fn terminal_of(t: &Pty) -> File {
    let name: PathBuf = format!("/proc/{}/fd/1", t.pid()).into();
    let tty = File::options().read(true).write(true).open(name);
    tty.expect("its standard output")
}

/// How many pictures were painted from nothing.
fn whole_pictures(t: &Pty) -> usize {
    let raw = t.raw();
    raw.windows(AFRESH.len()).filter(|w| *w == AFRESH).count()
}

/// Something is asked for and does not come when the signal does.
fn ended_while_asking(signal: Signal, code: u32) {
    let visit = Visit::settled();
    visit.front.strike(Fault::Silence, Some(HISTORY));
    visit.to_the_gap();
    visit.ends(|t| t.signal(signal), code);
}

fn hang_up() {
    ended_while_asking(Signal::HUP, 129);
}

fn terminate() {
    ended_while_asking(Signal::TERM, 143);
}

fn interrupt() {
    ended_while_asking(Signal::INT, 130);
}

fn quit_signal() {
    ended_while_asking(Signal::QUIT, 131);
}

fn terminal_closed() {
    let mut visit = Visit::settled();
    visit.front.strike(Fault::Silence, Some(HISTORY));
    visit.to_the_gap();
    let before = ticks(visit.t.pid()).expect("it runs");
    visit.t.hang_up();
    let end = visit.t.end();
    assert_eq!(end.code, 129);
    let spent = end.ticks.map_or(0, |ticks| ticks - before);
    assert!(spent <= TICKS, "{spent} ticks without a terminal");
}

/// Nobody could continue it: it must not stop.
fn stop_without_a_shell() {
    let visit = Visit::settled();
    visit.t.signal(Signal::TSTP);
    visit.is_alive();
    visit.is_whole("");
    visit.leave();
}

fn killed_and_continued() {
    let visit = Visit::settled();
    visit.t.signal(Signal::STOP);
    let stat = format!("/proc/{}/stat", visit.t.pid());
    eventually("stopped", || {
        let stat = std::fs::read_to_string(&stat).expect("it is there");
        stat.rsplit_once(')')
            .is_some_and(|(_, rest)| rest.starts_with(" T"))
    });
    let before = whole_pictures(&visit.t);
    visit.t.signal(Signal::CONT);
    eventually("painted from nothing", || whole_pictures(&visit.t) > before);
    visit.reads();
    visit.is_alive();
    visit.is_whole("");
    visit.leave();
}

/// Every write meets EAGAIN: keys and the network go on, and the newest picture comes.
fn blocked() {
    let visit = Visit::settled();
    let tty = terminal_of(&visit.t);
    let asked = visit.front.pages().len();
    tcflow(&tty, Action::OOff).expect("a terminal");
    visit.t.keys("g1<enter>");
    eventually("asked for the first page", || {
        visit.front.pages().len() > asked
    });
    let before = ticks(visit.t.pid()).expect("it runs");
    thread::sleep(BLOCKED);
    let spent = ticks(visit.t.pid()).expect("it runs") - before;
    assert!(spent <= 20, "{spent} ticks while nothing could be shown");
    tcflow(&tty, Action::OOn).expect("a terminal");
    drop(tty);
    visit.says(&["seq 1 of 100"]);
    visit.is_alive();
    visit.is_whole("");
    visit.leave();
}

/// The screen cannot be given back, but the settings are.
fn ended_while_blocked(how: impl FnOnce(&Pty), code: u32) {
    let visit = Visit::settled();
    let tty = terminal_of(&visit.t);
    assert!(
        !visit.t.settings().contains("ICANON"),
        "it reads single keys"
    );
    tcflow(&tty, Action::OOff).expect("a terminal");
    // There is a picture that waits.
    visit.t.keys("k");
    how(&visit.t);
    assert_eq!(visit.t.end().code, code);
    assert!(visit.t.settings().contains("ICANON"), "as it was before");
}

fn quit_while_blocked() {
    ended_while_blocked(|t| t.keys("q"), 0);
}

fn terminated_while_blocked() {
    ended_while_blocked(|t| t.signal(Signal::TERM), 143);
}

fn closed_while_blocked() {
    let mut visit = Visit::settled();
    let tty = terminal_of(&visit.t);
    tcflow(&tty, Action::OOff).expect("a terminal");
    visit.t.keys("k");
    tcflow(&tty, Action::OOn).expect("a terminal");
    drop(tty);
    visit.t.hang_up();
    assert_eq!(visit.t.end().code, 129);
}

#[test]
fn process() {
    let cases: [(&str, fn()); 11] = [
        ("SIGHUP", hang_up),
        ("SIGTERM", terminate),
        ("SIGINT", interrupt),
        ("SIGQUIT", quit_signal),
        ("the terminal closes (EIO)", terminal_closed),
        ("SIGTSTP without a shell", stop_without_a_shell),
        ("kill -STOP and -CONT", killed_and_continued),
        ("output blocked (EAGAIN)", blocked),
        ("q while output is blocked", quit_while_blocked),
        ("SIGTERM while output is blocked", terminated_while_blocked),
        (
            "the terminal closes as output goes on",
            closed_while_blocked,
        ),
    ];
    run("process", &cases, |play| play());
}
