//! A state directory that takes nothing, files in it that are damaged or of somebody
//! else, and two programs that share it.

use std::fs;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};

use crate::front::Front;
use crate::home::{BINARY, Home};
use crate::pty::Pty;
use crate::table::run;
use crate::visit::{GROUP, SIZE, Visit, home, profile, service, unused_proxy};

/// What is said where nothing can be kept.
const NOT_KEPT: &str = "marks are not kept";

/// A file made worse.
type Damage = fn(&Path);

fn mark(t: &Pty, note: &str) {
    t.keys(&format!("m{note}<enter>"));
    t.catch_up();
}

/// Everything that is kept, with its text.
fn kept(home: &Home, extension: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = home.files();
    files.retain(|(path, _)| path.extension().is_some_and(|e| e == extension));
    files
}

fn holds(bytes: &[u8], text: &str) -> bool {
    String::from_utf8_lossy(bytes).contains(text)
}

/// The reader is told, and all else is as ever.
fn keeps_nothing(visit: Visit) {
    visit.reads();
    visit.t.keys("mnote<enter>");
    visit.says(&[NOT_KEPT]);
    visit.is_alive();
    visit.is_whole("");
    let (_service, _front, home) = visit.left();
    assert_eq!(kept(&home, "json"), []);
}

/// As a disk without room: no file may hold a byte.
fn full() {
    let service = service();
    let front = Front::before(service.address());
    let home = home(&profile(&front.url(), &unused_proxy()));
    home.write("log", "");
    let script = "ulimit -f 0; exec \"$0\" --group \"$1\"";
    let t = Pty::start(home.command("sh", &["-c", script, BINARY, GROUP]), SIZE);
    keeps_nothing(Visit::with(service, front, home, t));
}

/// Modes do not stop root, but a file in place of a folder does.
fn no_folder() {
    let service = service();
    let front = Front::before(service.address());
    let home = home(&profile(&front.url(), &unused_proxy()));
    home.write(".local", "");
    keeps_nothing(Visit::at(service, front, home));
}

fn truncated(path: &Path) {
    let bytes = fs::read(path).expect("ours");
    fs::write(path, &bytes[..bytes.len() / 2]).expect("ours");
}

fn emptied(path: &Path) {
    fs::write(path, "").expect("ours");
}

fn garbage(path: &Path) {
    fs::write(path, b"\x1b]0;owned\x07\xff\x00{[").expect("ours");
}

#[expect(clippy::print_stdout, reason = "what was not tested is said")]
fn foreign(path: &Path) {
    if chown(path, Some(65_534), None).is_err() {
        println!("disk: only root can give a file away; it is damaged instead");
        garbage(path);
    }
}

/// The file is set aside as it was, and a new one takes its place.
fn damaged(damage: Damage) {
    let service = service();
    let front = Front::before(service.address());
    let home = home(&profile(&front.url(), &unused_proxy()));
    let visit = Visit::at(service, front, home);
    visit.reads();
    mark(&visit.t, "before");
    let (service, front, home) = visit.left();
    let (path, bytes) = kept(&home, "json").pop().expect("a state file");
    assert!(holds(&bytes, "before"));
    damage(&path);
    let bytes = fs::read(&path).expect("root, or ours");
    let visit = Visit::at(service, front, home);
    visit.says(&["the saved state"]);
    visit.reads();
    mark(&visit.t, "after");
    visit.is_whole("");
    let (_service, _front, home) = visit.left();
    assert!(kept(&home, "bad").iter().any(|(_, bad)| *bad == bytes));
    let now = kept(&home, "json").pop().expect("a state file").1;
    assert!(holds(&now, "after") && !holds(&now, "before"));
}

fn cut_short() {
    damaged(truncated);
}

fn empty() {
    damaged(emptied);
}

fn noise() {
    damaged(garbage);
}

fn of_somebody_else() {
    damaged(foreign);
}

fn two_at_once() {
    let service = service();
    let front = Front::before(service.address());
    let home = home(&profile(&front.url(), &unused_proxy()));
    let one = Visit::at(service, front, home);
    one.reads();
    let two = one.home.open(&["--group", GROUP], SIZE);
    two.shows(&["message 100", "seq 100 of 100"]);
    mark(&one.t, "of one");
    two.keys("k");
    two.shows(&["seq 99 of 100"]);
    mark(&two, "of two");
    mark(&one.t, "changed");
    two.keys("q");
    let left = two.finish();
    assert_eq!(left.end.code, 0);
    left.assert_restored("");
    let (_service, _front, home) = one.left();
    let now = kept(&home, "json").pop().expect("a state file").1;
    let text = String::from_utf8_lossy(&now);
    assert!(
        text.contains("changed") && text.contains("of two"),
        "{text}"
    );
}

#[test]
fn disk() {
    let cases: [(&str, fn()); 7] = [
        ("full", full),
        ("read-only", no_folder),
        ("truncated", cut_short),
        ("empty", empty),
        ("garbage", noise),
        ("foreign", of_somebody_else),
        ("two at once", two_at_once),
    ];
    run("disk", &cases, |play| play());
}
