//! The plain page: on the terminal's own screen, and gone with the next key.

use rustix::process::{Pid, Signal, kill_process};
use tim_history::emulator::{Emulator, Group, World};

use crate::home::{BINARY, Home, serving};
use crate::hostile::is_ours;
use crate::pty::Pty;
use crate::signals::child_of;
use crate::stream::{Piece, pieces};

const BELOW: &str = "-- any key goes back --";

fn service() -> Emulator {
    let long = format!(
        r#"{{"MsgSeq":3,"From_Account":"ann","MsgTimeStamp":1735891110,"MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"{}"}}}}]}}"#,
        "0123456789".repeat(12)
    );
    let group = Group::chat("@TGS#A", 3).with_item(3, long);
    serving(World::of(vec![group]))
}

fn open(service: &Emulator, home: &Home) -> Pty {
    home.configure(&service.profile_toml());
    let t = home.open(&["--group", "@TGS#A"], (80, 24));
    t.shows(&["seq 3 of 3", "0123456789"]);
    t
}

/// Presses `P` and waits for the whole page.
fn print(t: &Pty) -> String {
    t.keys("P");
    let whole = |screen: &vt100::Screen| {
        !screen.alternate_screen() && screen.contents().trim_end().ends_with(BELOW)
    };
    t.wait_for("a page", whole).contents()
}

#[test]
fn a_page_is_wrapped_by_the_terminal_and_a_key_comes_back() {
    let (service, home) = (service(), Home::new());
    let t = open(&service, &home);
    let page = print(&t);
    // One line for the terminal, however many rows it takes: copied without breaks.
    assert!(page.contains(&"0123456789".repeat(12)), "{page}");
    assert!(page.contains(", as of "), "{page}");
    assert!(page.contains("(ann): 0123456789"), "{page}");
    assert!(t.modes().is_on(25), "the cursor is to be seen");
    assert!(!t.modes().is_on(1000), "the mouse selects");
    // q only comes back: the program goes on.
    t.keys("q");
    let back = |screen: &vt100::Screen| {
        screen.alternate_screen() && screen.contents().contains("seq 3 of 3")
    };
    t.wait_for("our screen", back);
    // A second page stands below the first.
    t.keys("k");
    t.shows(&["seq 2 of 3"]);
    let pages = print(&t);
    assert!(pages.find("(ann): ") < pages.find(": message 2"), "{pages}");
    assert_eq!(pages.matches(BELOW).count(), 1, "{pages}");
    t.keys(" ");
    t.wait_for("our screen", vt100::Screen::alternate_screen);
    t.catch_up();
    t.keys("q");
    let left = t.finish();
    assert_eq!(left.end.code, 0);
    let kept = pages.trim().trim_end_matches(BELOW).trim_end().to_owned();
    left.assert_restored(&kept);
}

#[test]
fn a_signal_on_a_page_ends_the_program_below_it() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
        let (service, home) = (service(), Home::new());
        let t = open(&service, &home);
        let page = print(&t);
        t.signal(signal);
        let left = t.finish();
        assert_eq!(left.end.code, code);
        left.assert_restored(page.trim().trim_end_matches(BELOW).trim_end());
    }
}

#[test]
fn a_page_stands_through_a_new_size_until_the_program_is_continued() {
    let (service, home) = (service(), Home::new());
    let t = open(&service, &home);
    print(&t);
    t.resize(100, 30);
    // Whatever came of that, the page still stands; going on takes us back.
    t.signal(Signal::CONT);
    let back = |screen: &vt100::Screen| {
        screen.alternate_screen() && screen.contents().contains("seq 3 of 3")
    };
    t.wait_for("our screen", back);
    t.catch_up();
    t.keys("q");
    assert_eq!(t.finish().end.code, 0);
}

#[test]
fn a_stop_on_a_page_gives_the_shell_its_terminal_below_it() {
    let service = service();
    let home = Home::new().with("PS1", "READY> ").with("ENV", "");
    home.configure(&service.profile_toml());
    let t = Pty::start(home.command("sh", &["-i"]), (80, 24));
    t.shows(&["READY>"]);
    t.keys(&format!("{BINARY} --group @TGS#A<enter>"));
    t.shows(&["seq 3 of 3", "0123456789"]);
    print(&t);
    // Where the system does not tell whom to stop, there is nothing to see.
    let Some(browser) = child_of(t.pid()) else {
        return;
    };
    let pid = i32::try_from(browser).ok().and_then(Pid::from_raw);
    kill_process(pid.expect("a process"), Signal::TSTP).expect("it runs");
    let stopped = |screen: &vt100::Screen| {
        let shown = screen.contents();
        !screen.alternate_screen() && shown.trim_end().ends_with("READY>") && !shown.contains(BELOW)
    };
    let shown = t.wait_for("the prompt", stopped).contents();
    assert!(shown.contains("(ann): 0123456789"), "{shown}");
    assert!(t.modes().is_fresh(), "{:?}", t.modes());
    t.keys("fg<enter>");
    let back = |screen: &vt100::Screen| {
        screen.alternate_screen() && screen.contents().contains("seq 3 of 3")
    };
    t.wait_for("our screen", back);
    t.keys("q");
    t.wait_for("the prompt", stopped);
    t.keys("exit<enter>");
    assert_eq!(t.finish().end.code, 0);
}

#[test]
fn a_terminal_that_vanishes_under_a_page_ends_the_program() {
    let (service, home) = (service(), Home::new());
    let mut t = open(&service, &home);
    print(&t);
    t.hang_up();
    assert_eq!(t.end().code, 129);
}

#[test]
fn nothing_hostile_gets_onto_a_page() {
    let home = Home::new();
    let t = home.open(&["--demo", "--group", "@TGS#2HOSTILE01"], (80, 24));
    t.shows(&["seq 58 of 58"]);
    t.keys("v<home>");
    t.shows(&["selected", "seq 1 of"]);
    print(&t);
    let before = t.raw().len();
    t.keys(" ");
    t.wait_for("our screen", vt100::Screen::alternate_screen);
    t.catch_up();
    t.keys("q");
    let left = t.finish();
    assert!(left.raw.len() > before);
    let foreign: Vec<Piece> = pieces(&left.raw)
        .into_iter()
        .filter(|piece| !is_ours(piece) && *piece != Piece::Control(b'\t'))
        .collect();
    assert_eq!(foreign, Vec::new());
}
