//! The programs that are compared, each in a terminal of the same size.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;
use vt100::Screen;

use crate::home::Home;
use crate::pty::Pty;
use crate::site::{FEW_GROUP, GROUP, Site, newest};

pub(crate) const SIZE: (u16, u16) = (120, 40);

/// A key that nothing answered for so long is pressed again.
const AGAIN: Duration = Duration::from_millis(500);

/// How often it is looked whether an answer came; when it came is known exactly.
const LOOK: Duration = Duration::from_micros(200);

/// After this silence a program has come to rest.
const REST: Duration = Duration::from_millis(300);

/// Some write without end, a clock for one: then this is waited for and no more.
const PATIENCE: Duration = Duration::from_secs(3);

/// Longer than any start; beyond it the program does not do what is measured.
const LIMIT: Duration = Duration::from_secs(30);

/// One of them, and its keys.
pub(crate) struct Program {
    pub(crate) name: &'static str,
    arguments: &'static [&'static str],
    /// A key that can be obeyed at once, and how its answer begins.
    ask: &'static [u8],
    asked: &'static str,
    /// To the newest line.
    pub(crate) end: &'static [u8],
    /// Back by a line, and by a page.
    pub(crate) line: &'static [u8],
    pub(crate) page: &'static [u8],
}

/// Ours first; the table has them in this order.
pub(crate) const ALL: [Program; 4] = [
    Program {
        name: "ours",
        arguments: &["--group", GROUP],
        ask: b":",
        asked: "every action",
        end: b"G",
        line: b"\x19",
        page: b"\x1b[5~",
    },
    Program {
        name: "less",
        arguments: &["-S"],
        ask: b"/",
        asked: "/",
        end: b"G",
        line: b"\x19",
        page: b"\x02",
    },
    Program {
        name: "vim",
        arguments: &["-u", "NONE", "-R"],
        ask: b":",
        asked: ":",
        end: b"G",
        line: b"\x19",
        page: b"\x02",
    },
    Program {
        name: "lnav",
        arguments: &[],
        ask: b":",
        asked: ":",
        end: b"G",
        line: b"k",
        page: b"\x1b[5~",
    },
];

/// Ours with few messages loaded; none of the table's columns is its own.
pub(crate) const FEW: Program = Program {
    arguments: &["--group", FEW_GROUP],
    ..ALL[0]
};

/// A program that runs, with the home it runs in where that is its own.
pub(crate) struct Running {
    pub(crate) t: Pty,
    home: Option<Home>,
}

impl Running {
    /// A file that is not there yet, beside what the program itself writes.
    pub(crate) fn file(&self, name: &str) -> Option<String> {
        let path = self.home.as_ref()?.path().join(name);
        Some(path.display().to_string())
    }
}

impl Program {
    pub(crate) fn is_ours(&self) -> bool {
        self.name == "ours"
    }

    pub(crate) fn is_installed(&self) -> bool {
        let mut command = Command::new(self.name);
        command.arg("--version").stdout(Stdio::null());
        self.is_ours() || command.stderr(Stdio::null()).status().is_ok()
    }

    /// The program and its arguments.
    pub(crate) fn words(&self, site: &Site) -> Vec<String> {
        let file = site.file.display().to_string();
        let ours = || site.binary.display().to_string();
        let program = if self.is_ours() {
            ours()
        } else {
            self.name.to_owned()
        };
        let arguments = self.arguments.iter().map(|word| (*word).to_owned());
        let mut words: Vec<String> = [program].into_iter().chain(arguments).collect();
        words.extend((!self.is_ours()).then_some(file));
        words
    }

    /// We begin in a home of our own, as if never run before.
    pub(crate) fn command(&self, site: &Site) -> (CommandBuilder, Option<Home>) {
        let words = self.words(site);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let home = self.is_ours().then(|| site.fresh());
        let (program, arguments) = words.split_first().expect("a program");
        let at = home.as_ref().unwrap_or(&site.home);
        (at.command(program, arguments), home)
    }

    /// From the start to the first picture that obeys a key.
    pub(crate) fn start(&self, site: &Site) -> Duration {
        let (command, _home) = self.command(site);
        let begun = Instant::now();
        let t = Pty::start(command, SIZE);
        t.shared
            .wait("a picture", |s| (!s.raw.is_empty()).then_some(()));
        let obeyed = press_until(&t, self.ask, |screen| self.obeys(screen));
        obeyed.saturating_duration_since(begun)
    }

    fn obeys(&self, screen: &Screen) -> bool {
        if self.is_ours() {
            return screen.contents().contains(self.asked);
        }
        let rows = screen.rows(0, SIZE.0);
        rows.last().is_some_and(|row| row.starts_with(self.asked))
    }

    /// Opens the program at the newest line, with everything loaded, and with the
    /// messages alone.
    pub(crate) fn open(&self, site: &Site) -> Running {
        let (command, home) = self.command(site);
        let t = Pty::start(command, SIZE);
        self.prepare(&t, site.patience());
        Running { t, home }
    }

    pub(crate) fn prepare(&self, t: &Pty, loading: Duration) {
        if self.is_ours() {
            t.shows(&[&newest()]);
            // A search for what nobody said loads all.
            t.keys("/qqq<enter>");
            let all = |screen: &Screen| screen.contents().contains("no older hit");
            assert!(
                shown(t, loading, all).is_some(),
                "not loaded in {loading:?}"
            );
            // Whoever is in between may wait for what follows an Escape.
            t.keys("<esc>");
            t.hides("no older hit");
            t.keys("+");
            t.hides("┬");
        } else {
            settle(t);
        }
        press_until(t, self.end, |screen| screen.contents().contains(&newest()));
        settle(t);
    }
}

/// When the screen was first seen as `is` wants it, to the last byte of that; `None` if
/// not in time.
pub(crate) fn shown(t: &Pty, within: Duration, is: impl Fn(&Screen) -> bool) -> Option<Instant> {
    let (begun, mut seen) = (Instant::now(), None);
    while begun.elapsed() < within {
        {
            let state = t.shared.lock();
            if seen != Some(state.raw.len()) {
                seen = Some(state.raw.len());
                if is(state.screen.screen()) {
                    return Some(state.came);
                }
            }
        }
        std::thread::sleep(LOOK);
    }
    None
}

/// Blocks until the program writes no more, or only what it writes without end.
pub(crate) fn settle(t: &Pty) {
    let until = Instant::now() + PATIENCE;
    // What was typed just now has to be answered first.
    std::thread::sleep(REST);
    while Instant::now() < until {
        let left = REST.checked_sub(t.shared.lock().came.elapsed());
        match left.filter(|left| !left.is_zero()) {
            Some(left) => std::thread::sleep(left),
            None => return,
        }
    }
}

/// Presses keys, and again after a while, until the screen is as `is` wants it; when
/// the last byte of that came.
pub(crate) fn press_until(t: &Pty, keys: &[u8], is: impl Fn(&Screen) -> bool) -> Instant {
    let (begun, mut pressed) = (Instant::now(), None::<Instant>);
    let mut seen = 0;
    loop {
        if pressed.is_none_or(|at| at.elapsed() > AGAIN) {
            t.send(keys);
            pressed = Some(Instant::now());
        }
        {
            let state = t.shared.lock();
            if state.raw.len() != seen {
                seen = state.raw.len();
                if is(state.screen.screen()) {
                    return state.came;
                }
            }
            let screen = state.screen.screen();
            assert!(
                begun.elapsed() < LIMIT,
                "it does not obey {keys:?}:\n{}",
                screen.contents()
            );
        }
        std::thread::sleep(LOOK);
    }
}
