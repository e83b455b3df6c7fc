//! A visit to a group behind a faulty gateway, and what has to hold of each.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use tim_history::emulator::{
    Emulator, Group, IDENTIFIER, Knobs, SDK_APP_ID, SECRET_KEY, Truth, World,
};

use crate::fault::Fault;
use crate::front::Front;
use crate::home::Home;
use crate::leaks::found;
use crate::model::State;
use crate::pty::{Pty, ticks};
use crate::stream::{Piece, pieces};

pub(crate) const GROUP: &str = "@TGS#A";

/// Five pages, of which up to three are there when somebody begins to read.
pub(crate) const HEAD: u32 = 100;

/// Stands in the configuration of every case.
pub(crate) const PASSWORD: &str = "c4nary+pass/word";

/// So few rows that a pane stands alone, and so few columns that a box covers it.
pub(crate) const SIZE: (u16, u16) = (76, 19);

/// How long the processor is watched.
const WATCHED: Duration = Duration::from_millis(1_500);

/// An ESC that nothing follows for so long is a key of its own.
const LONE: Duration = Duration::from_millis(80);

/// Twentieths of the time watched: a hundredth of a second is a tick. A countdown is
/// painted once a second, by a program that is not optimised.
const IDLE: u64 = 8;

/// A fault may be met by the first try and three more, and again after `r`.
const TRIES: usize = 4;

/// More screens than the group fills; loading may take a few of them.
const SCREENS: usize = 150;

/// What may be kept of replies that are refused, in KiB: the allocator keeps up to twice the
/// largest block it has freed, and that is a reply of 4 MiB.
const GROWTH: u64 = 12 * 1024;

/// The same while they come: the largest reply that is read, twice while its memory grows,
/// and the program's own pages, which are read as they are used.
const GROWTH_FOR_A_WHILE: u64 = 12 * 1024;

/// The browser on a group, what it asks, and what lies behind.
pub(crate) struct Visit {
    pub(crate) service: Emulator,
    pub(crate) front: Front,
    pub(crate) home: Home,
    pub(crate) t: Pty,
    /// When all was well.
    memory: Cell<Option<Memory>>,
}

/// What a profile says beside its endpoint.
pub(crate) fn profile(url: &str, rest: &str) -> String {
    format!(
        "[profiles.p]\nsdk_app_id = {SDK_APP_ID}\nidentifier = \"{IDENTIFIER}\"\n\
         endpoint = \"{url}\"\nsecret_key_file = \"~/secret\"\n{rest}\n"
    )
}

/// A proxy that loopback goes past.
pub(crate) fn unused_proxy() -> String {
    proxy_at("127.0.0.1:9")
}

/// A proxy with the password as a URL wants it.
pub(crate) fn proxy_at(address: &str) -> String {
    let password = PASSWORD.replace('/', "%2F");
    format!("proxy = \"http://user:{password}@{address}\"")
}

pub(crate) fn service() -> Emulator {
    let world = World::of(vec![Group::chat(GROUP, HEAD)]);
    Emulator::start(world, Knobs::default(), 0).expect("a free port")
}

/// A home with the key in it and everything said in the log.
pub(crate) fn home(profile: &str) -> Home {
    let home = Home::new()
        .with("TIM_HISTORY_LOG", "trace")
        .with("RUST_BACKTRACE", "1");
    home.write("secret", SECRET_KEY);
    home.configure(profile);
    home
}

/// The browser on the group.
fn open(home: &Home) -> Pty {
    let log = home.path().join("log");
    let log = log.to_str().expect("a plain path");
    home.open(&["--group", GROUP, "--log", log], SIZE)
}

impl Visit {
    /// In front of a service that does as it should.
    fn new() -> Self {
        let service = service();
        let front = Front::before(service.address());
        let home = home(&profile(&front.url(), &unused_proxy()));
        Self::at(service, front, home)
    }

    /// In this home.
    pub(crate) fn at(service: Emulator, front: Front, home: Home) -> Self {
        let t = open(&home);
        Self::with(service, front, home, t)
    }

    /// In a terminal where the browser is already.
    pub(crate) fn with(service: Emulator, front: Front, home: Home, t: Pty) -> Self {
        Self {
            service,
            front,
            home,
            t,
            memory: Cell::new(None),
        }
    }

    /// The fault was there before: in this command, or in all.
    pub(crate) fn begun_with(fault: Fault, only: Option<&'static str>) -> Self {
        let service = service();
        let front = Front::before(service.address());
        front.strike(fault, only);
        let home = home(&profile(&front.url(), &unused_proxy()));
        let visit = Self::at(service, front, home);
        // Until the program has the terminal, keys are echoed.
        visit.t.shows(&["UTC+00:00"]);
        visit
    }

    /// On the newest page, which has come, with messages alone on the screen.
    pub(crate) fn settled() -> Self {
        let visit = Self::new();
        visit.reads();
        visit
    }

    /// The newest page is there.
    pub(crate) fn reads(&self) {
        self.t
            .shows(&["message 100", "seq 100 of 100", "40 loaded"]);
        self.t.catch_up();
        self.memory.set(Some(Memory::of(self.t.pid())));
    }

    /// Goes up until what is not loaded is selected: two keys in a row move nothing. One may
    /// have closed a box that a fault has opened.
    pub(crate) fn to_the_gap(&self) {
        let (mut before, mut stayed) = (String::new(), 0);
        for _ in 0..SCREENS {
            self.t.keys("<pageup>");
            let shown = self.t.painted().contents();
            let (_, place) = shown.split_once(" seq ").expect("a status line");
            let (place, _) = place.split_once(" of ").expect("a status line");
            let stays = shown.contains("not loaded") && place == before;
            stayed = if stays { stayed + 1 } else { 0 };
            if stayed == 2 {
                return;
            }
            place.clone_into(&mut before);
        }
        panic!("all is loaded:\n{}", self.t.screen().contents());
    }

    /// Holds for every fault: the reader is told, the fault ends and is mended by `r`,
    /// every message is there, and nothing is left behind and nothing got out.
    pub(crate) fn holds(self, says: &[&str], again: &str) {
        self.stands(says);
        self.front.end_fault();
        self.t.keys("r");
        self.is_whole(again);
        self.leave();
    }

    /// Holds while a fault lasts: the reader is told and can go on, waiting costs nothing,
    /// and the service is not pestered.
    pub(crate) fn stands(&self, says: &[&str]) {
        self.says(says);
        self.is_alive();
        self.is_idle();
        self.asks_a_few_times();
        if let Some(before) = self.memory.get() {
            let now = Memory::of(self.t.pid());
            // The system counts in batches: even the most may be a little less than it was.
            let (own, most) = (
                now.own.saturating_sub(before.own),
                now.most.saturating_sub(before.most),
            );
            assert!(own <= GROWTH, "{own} KiB more");
            assert!(most <= GROWTH_FOR_A_WHILE, "{most} KiB more for a while");
        }
    }

    /// Blocks until the screen says all of this, wherever lines break.
    pub(crate) fn says(&self, what: &[&str]) {
        self.t.wait_for(&format!("{what:?}"), |screen| {
            let words = words(screen);
            what.iter().all(|what| words.contains(what))
        });
    }

    /// The next key is answered, and so is Esc.
    pub(crate) fn is_alive(&self) {
        self.t.catch_up();
        self.t.keys(":");
        self.t.shows(&["every action"]);
        self.t.keys("<esc>");
        self.t.hides("every action");
    }

    /// The same from wherever it is: whatever is open is closed, one thing after another.
    pub(crate) fn is_alive_at_last(&self) {
        // More layers than there are, and no two of them one key.
        for _ in 0..8 {
            self.t.keys("<esc>");
            thread::sleep(LONE);
        }
        self.is_alive();
    }

    /// Waiting costs nothing.
    fn is_idle(&self) {
        let before = ticks(self.t.pid()).expect("it runs");
        thread::sleep(WATCHED);
        let spent = ticks(self.t.pid()).expect("it runs") - before;
        assert!(spent <= IDLE, "{spent} ticks while nothing happened");
    }

    /// The same call is made a few times, then left alone.
    fn asks_a_few_times(&self) {
        let seen = self.front.seen();
        let struck = seen.iter().filter(|seen| seen.struck);
        let calls: Vec<_> = struck.map(|seen| (seen.command(), &seen.body)).collect();
        for call in &calls {
            let count = calls.iter().filter(|other| *other == call).count();
            let body = String::from_utf8_lossy(call.1);
            assert!(count <= TRIES, "{count} times: {} {body}", call.0);
        }
    }

    /// Every message is there, once and in its place, from the newest to the first.
    /// `again` is pressed on each screen.
    pub(crate) fn is_whole(&self, again: &str) {
        self.t.keys("G");
        self.t.catch_up();
        let mut met = BTreeSet::new();
        let mut shown = String::new();
        for _ in 0..SCREENS {
            if !again.is_empty() {
                self.t.keys(again);
                self.settle();
            }
            let seqs;
            (shown, seqs) = self.is_in_order();
            met.extend(seqs);
            if shown.contains("start of history") {
                break;
            }
            self.t.keys("<pageup>");
            self.settle();
        }
        let truth = self.service.change(|world| {
            let group = world.group(GROUP).expect("the group");
            let there = |seq: &u32| group.truth(*seq) == Truth::Present;
            (1..=group.head()).filter(there).collect::<BTreeSet<u32>>()
        });
        assert_eq!(met, truth, "lost or made up; the last screen:\n{shown}");
    }

    /// No message stands twice or above an earlier one; gives what is shown.
    pub(crate) fn is_in_order(&self) -> (String, Vec<u32>) {
        let shown = self.t.painted().contents();
        let seqs = seqs(&shown);
        let rising = seqs.is_sorted_by(|one, next| one < next);
        assert!(rising, "out of order or twice: {seqs:?}\n{shown}");
        (shown, seqs)
    }

    /// The terminal has another size than before, and the program has taken it up: keys
    /// typed before that may be answered at the old size, which none of the new one shows
    /// rightly.
    pub(crate) fn resized(&self, (width, height): (u16, u16)) {
        let before = self.t.shared.lock().whole.0;
        self.t.resize(width, height);
        let repainted = |state: &State| (state.whole.0 > before).then_some(());
        self.t.shared.wait("repaint", repainted);
    }

    /// What was asked for has come, or has been given up: a call that a fault still had when
    /// it ended may be one to be tried again.
    pub(crate) fn settle(&self) {
        self.t.catch_up();
        self.t.wait_for("an end of calls", |screen| {
            let shown = screen.contents();
            !shown.contains("asking") && !shown.contains("retry in")
        });
    }

    /// Quits; nothing is left behind, and nothing got out.
    pub(crate) fn leave(self) {
        drop(self.left());
    }

    /// The same, and what may go on.
    pub(crate) fn left(self) -> (Emulator, Front, Home) {
        self.ends(|t| t.keys("q"), 0)
    }

    /// Is ended in this way, with this code; the same holds.
    pub(crate) fn ends(self, how: impl FnOnce(&Pty), code: u32) -> (Emulator, Front, Home) {
        let Self {
            service,
            front,
            home,
            t,
            ..
        } = self;
        let mut said = std::fs::read(format!("/proc/{}/cmdline", t.pid())).unwrap_or_default();
        how(&t);
        let left = t.finish();
        assert_eq!(left.end.code, code);
        left.assert_restored("");
        let raw: Vec<Piece> = pieces(&left.raw);
        let foreign = |piece: &&Piece| matches!(piece, Piece::Foreign(_) | Piece::Command(_));
        assert_eq!(raw.iter().find(foreign), None, "raw on the screen");
        said.extend(left.raw);
        keeps_secrets(&said, &home, &front);
        (service, front, home)
    }
}

/// No secret but where it belongs.
pub(crate) fn keeps_secrets(output: &[u8], home: &Home, front: &Front) {
    let seen = front.seen();
    let mut secrets = vec![SECRET_KEY, PASSWORD];
    secrets.extend(
        seen.iter()
            .map(crate::front::Seen::usersig)
            .filter(|sig| !sig.is_empty()),
    );
    secrets.sort_unstable();
    secrets.dedup();
    let clean = |place: &str, bytes: &[u8]| assert_eq!(found(bytes, &secrets), None, "{place}");
    clean("the output", output);
    for request in &seen {
        clean("a request", &request.without_usersig());
    }
    let files = home.files();
    assert!(files.iter().any(|(path, _)| path.ends_with("log")));
    for (path, bytes) in files {
        let given = ["secret", "sig", "config.toml"];
        let given = given.iter().any(|name| path.ends_with(name));
        if !given {
            clean(&path.display().to_string(), &bytes);
        }
    }
}

/// What the screen says, without frames and line breaks.
pub(crate) fn words(screen: &vt100::Screen) -> String {
    let shown = screen.contents();
    let frames = |c: char| c.is_whitespace() || "│╭╮╰╯─┬┴▌!⋅".contains(c);
    let words: Vec<&str> = shown.split(frames).filter(|w| !w.is_empty()).collect();
    words.join(" ")
}

/// The messages on the screen, from the top.
fn seqs(shown: &str) -> Vec<u32> {
    let number = |row: &str| {
        let (_, rest) = row.split_once("message ")?;
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    };
    shown.lines().filter_map(number).collect()
}

/// What a process takes, in KiB.
#[derive(Clone, Copy)]
struct Memory {
    /// Of its own, at the moment.
    own: u64,
    /// The most it ever took.
    most: u64,
}

impl Memory {
    fn of(pid: u32) -> Self {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("it runs");
        let size = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let size = line.and_then(|line| line.trim().strip_suffix(" kB"));
            size.and_then(|size| size.trim().parse().ok())
                .expect("a size in kB")
        };
        Self {
            own: size("RssAnon:"),
            most: size("VmHWM:"),
        }
    }
}
