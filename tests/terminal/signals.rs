//! Ends that nobody asked the program for, and the shell's Ctrl-Z.

use rustix::process::Signal;

use crate::home::{BINARY, Home};
use crate::model::picture;
use crate::pty::{Pty, ticks};

const HANG_UP: u32 = 129;

/// A program that looks for its terminal in vain takes a hundred ticks a second.
/// The end of one that is not optimised takes two or three where others run beside.
const HARDLY_ANY: u64 = 5;

/// What comes last at the start: the names of the last groups and the topics of the
/// communities. From then on nothing has to be done.
const LAST: [&str; 3] = ["Order 77121", "Nothing said yet", "110003"];

/// Wide enough to show [`LAST`].
const WIDE: (u16, u16) = (120, 30);

fn open(home: &Home) -> Pty {
    let t = home.open(&["--demo"], (80, 24));
    t.shows(&["Order support"]);
    t
}

#[test]
fn a_signal_from_outside_ends_the_program_in_good_order() {
    for (signal, code) in [
        (Signal::TERM, 143),
        (Signal::HUP, HANG_UP),
        (Signal::INT, 130),
        (Signal::QUIT, 131),
    ] {
        let home = Home::new();
        let t = open(&home);
        t.signal(signal);
        let left = t.finish();
        assert_eq!(left.end.code, code);
        left.assert_restored("");
    }
}

#[test]
fn a_closed_terminal_ends_the_program() {
    let home = Home::new();
    let mut t = home.open(&["--demo"], WIDE);
    t.shows(&LAST);
    let before = ticks(t.pid());
    t.hang_up();
    let end = t.end();
    assert_eq!(end.code, HANG_UP);
    assert!(
        end.ticks
            .zip(before)
            .is_none_or(|(end, before)| end - before <= HARDLY_ANY)
    );
}

#[test]
fn a_closed_terminal_ends_a_program_that_no_signal_reaches() {
    let home = Home::new();
    // The kernel tells the first process of the session alone, and that one does
    // not listen.
    let script = "trap '' HUP; \"$0\" --demo; echo $? > code";
    let command = home.command("sh", &["-c", script, BINARY]);
    let mut t = Pty::start(command, WIDE);
    t.shows(&LAST);
    let before = child_of(t.pid()).and_then(ticks);
    t.hang_up();
    let end = t.end();
    let code = std::fs::read_to_string(home.path().join("code")).expect("written");
    assert_eq!(code.trim(), HANG_UP.to_string());
    assert!(
        end.ticks
            .zip(before)
            .is_none_or(|(end, before)| end - before <= HARDLY_ANY)
    );
}

/// The only child of a process, where the system tells.
pub(crate) fn child_of(pid: u32) -> Option<u32> {
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).ok()?;
    children.trim().parse().ok()
}

#[test]
fn ctrl_z_gives_the_shell_its_terminal_and_fg_paints_everything_again() {
    let home = Home::new().with("PS1", "READY> ").with("ENV", "");
    let t = Pty::start(home.command("sh", &["-i"]), WIDE);
    t.shows(&["READY>"]);
    let settings = t.settings();
    t.keys(&format!("{BINARY} --demo<enter>"));
    t.wait_for("browser", |screen| {
        screen.alternate_screen() && screen.contents().contains("Order support")
    });
    assert_ne!(t.settings(), settings, "the browser reads single keys");
    t.shows(&LAST);
    let before = picture(&t.painted());
    t.keys("<ctrl-z>");
    // The shell's prompts tell that it has the terminal again: the browser leaves its
    // screen before it gives the settings back.
    let left = |prompts: usize| {
        move |screen: &vt100::Screen| {
            let shown = screen.contents().matches("READY>").count();
            !screen.alternate_screen() && shown == prompts
        }
    };
    t.wait_for("prompt", left(2));
    assert_eq!(t.settings(), settings);
    assert!(t.modes().is_fresh(), "{:?}", t.modes());
    t.keys("fg<enter>");
    // All but the lines at the foot, which count calls.
    t.wait_for("the same picture", |screen| {
        screen.alternate_screen() && picture(screen)[..28] == before[..28]
    });
    t.keys("q");
    t.wait_for("prompt", left(3));
    assert_eq!(t.settings(), settings);
    t.keys("exit<enter>");
    assert_eq!(t.finish().end.code, 0);
}
