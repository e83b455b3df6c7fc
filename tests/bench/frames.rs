//! What a picture costs in instructions: as much as the rows on the screen, whatever lies
//! behind or in them.
//!
//! `cargo bench --bench frames` starts itself under callgrind for each case, which counts
//! from when everything is loaded, and prints what one more key and its picture take
//! against the plain case. Where `valgrind` is not installed it says so, and what a million
//! messages take is compared by time only. `-- NAME` runs the cases with that in their
//! names, and no times.

mod desk;

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Instant;

use desk::{Desk, Talked};

/// What a case may take, in hundredths of the plain one.
const GOAL: u64 = 120;

/// Messages that are loaded in the plain cases, and behind a picture that is to cost no
/// more.
const FEW: u32 = 10_000;
const MILLION: u32 = 1_000_000;

/// And in the others, which are about one large message.
const HANDFUL: u32 = 1_000;

/// Turns of the two groups that are compared by time, and pictures of a turn.
const TURNS: usize = 41;
const PICTURES: usize = 80;

/// A picture of the usual size.
const SIZE: (u16, u16) = (120, 40);

/// Keys and pictures that are counted: every key of a round as often as the others.
const FRAMES: u32 = 40;

/// Bytes, or characters, of the messages that are large.
const LARGE: usize = 1_000_000;

/// Beside what is large: the selection moves, and rows while it stays.
const BESIDE: [&str; 8] = ["k", "j", "ctrl-y", "ctrl-e", "k", "j", "ctrl-y", "ctrl-e"];

/// Onto it, and into the detail pane.
const INTO: [&str; 3] = ["k", "k", "l"];

/// There, within it.
const WITHIN: [&str; 8] = ["j", "j", "pagedown", "pageup", "ctrl-d", "ctrl-u", "k", "k"];

#[derive(Clone, Copy)]
struct Case {
    name: &'static str,
    head: u32,
    /// What one message says instead of little; empty for none.
    odd: fn() -> String,
    looks: Looks,
}

/// How it is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Looks {
    /// In the list, in lines that are cut.
    Cut,
    /// In the list, wrapped.
    Wrapped,
    /// In the detail pane.
    Whole,
}

const fn case(name: &'static str, odd: fn() -> String, looks: Looks) -> Case {
    Case {
        name,
        head: HANDFUL,
        odd,
        looks,
    }
}

/// The first of those that look alike is the plain one.
const CASES: [Case; 11] = [
    Case {
        head: FEW,
        ..case("ten thousand messages", String::new, Looks::Cut)
    },
    Case {
        head: MILLION,
        ..case("a million messages", String::new, Looks::Cut)
    },
    case("1 MB in one", words, Looks::Cut),
    case("10^6 combining marks in one", marks, Looks::Cut),
    Case {
        head: FEW,
        ..case(
            "wrapped: ten thousand messages",
            String::new,
            Looks::Wrapped,
        )
    },
    Case {
        head: MILLION,
        ..case("wrapped: a million messages", String::new, Looks::Wrapped)
    },
    case("wrapped: 1 MB in one", words, Looks::Wrapped),
    case("wrapped: 10^6 combining marks", marks, Looks::Wrapped),
    case("detail: a page of text", page, Looks::Whole),
    case("detail: 1 MB", words, Looks::Whole),
    case("detail: 10^6 combining marks", marks, Looks::Whole),
];

/// More than the pane shows at once.
fn page() -> String {
    "words of a talk, ".repeat(1_000)
}

fn words() -> String {
    "words of a talk, ".repeat(LARGE / 17)
}

fn marks() -> String {
    format!("Z{}", "\u{301}".repeat(LARGE))
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|a| !a.starts_with("--"));
    let first = arguments.next();
    if first.as_deref() == Some("play") {
        let name = arguments.next().expect("a case");
        let case = CASES.iter().find(|case| case.name == name);
        play(case.expect("a case"));
    }
    if first.is_none() {
        times();
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        say("frames: not run, valgrind is not installed");
        return;
    }
    say(&format!(
        "{:<34}{:>14}{:>8}  goal 1.20",
        "a key and its picture", "instructions", "ratio"
    ));
    let mut plain = [0; 3];
    for case in &CASES {
        let basis = &mut plain[case.looks as usize];
        let chosen = first.as_ref().is_none_or(|part| case.name.contains(part));
        if !chosen && *basis > 0 {
            continue;
        }
        let Some(whole) = instructions(case) else {
            say(&format!(
                "{}: not run, callgrind did not begin to count",
                case.name
            ));
            continue;
        };
        let each = whole / u64::from(FRAMES);
        if *basis == 0 {
            *basis = each;
        }
        let hundredths = each * 100 / *basis;
        let met = if hundredths <= GOAL { "met" } else { "not met" };
        say(&format!(
            "{:<34}{each:>14}{:>5}.{:02}  {met}",
            case.name,
            hundredths / 100,
            hundredths % 100
        ));
    }
}

fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// What a key and its picture take with a million messages loaded against ten thousand, as
/// the ratio of medians of turns about.
fn times() {
    let mut desks = [10_000, MILLION].map(|head| {
        let mut desk = Desk::at(Talked { head, odd: None }, SIZE);
        desk.load_all();
        assert_eq!(desk.loaded(), head);
        desk
    });
    let mut taken = [const { Vec::new() }; 2];
    for _ in 0..TURNS {
        for (desk, taken) in desks.iter_mut().zip(&mut taken) {
            let begun = Instant::now();
            for key in BESIDE.iter().cycle().take(PICTURES) {
                desk.press(key);
                desk.paint();
            }
            taken.push(begun.elapsed());
        }
    }
    let [few, million] = taken.map(|mut turns| {
        turns.sort_unstable();
        turns[TURNS / 2].as_secs_f64()
    });
    let ratio = million / few;
    say(&format!(
        "a key and its picture, a million loaded against ten thousand: {ratio:.2}, goal 1.10, {}",
        if ratio <= 1.1 { "met" } else { "not met" }
    ));
}

/// Everything there is to load is loaded; then keys are counted, each with its picture.
fn play(case: &Case) -> ! {
    let odd = Some((case.odd)()).filter(|text| !text.is_empty());
    let talked = Talked {
        head: case.head,
        odd: odd.map(Into::into),
    };
    let mut desk = Desk::at(talked, SIZE);
    desk.load_all();
    assert_eq!(desk.loaded(), case.head);
    let (first, keys): (&[&str], _) = match case.looks {
        Looks::Cut => (&[], BESIDE),
        Looks::Wrapped => (&["w"], BESIDE),
        Looks::Whole => (&INTO, WITHIN),
    };
    // Once round, so that all is laid out that has to be.
    for key in first.iter().chain(&keys) {
        desk.press(key);
        desk.paint();
    }
    count_from_here();
    let frames = usize::try_from(FRAMES).expect("few");
    for key in keys.iter().cycle().take(frames) {
        desk.press(key);
        desk.paint();
    }
    // Without giving back what was loaded: that would count.
    std::process::exit(0);
}

/// Has callgrind count. It obeys a process that runs, so this one does not sleep meanwhile.
fn count_from_here() {
    let me = std::process::id().to_string();
    let mut control = Command::new("callgrind_control")
        .args(["--instr=on", &me])
        .stdout(Stdio::null())
        .spawn()
        .expect("it comes with callgrind");
    while control.try_wait().expect("it was started").is_none() {
        std::hint::spin_loop();
    }
}

/// What callgrind counts in a case; `None` where it counted nothing.
fn instructions(case: &Case) -> Option<u64> {
    let me = std::env::current_exe().expect("this bench");
    let ended = Command::new("valgrind")
        .args(["--tool=callgrind", "--instr-atstart=no"])
        .arg("--callgrind-out-file=/dev/null")
        .arg(me)
        .args(["play", case.name])
        .output()
        .expect("valgrind runs");
    let told = String::from_utf8_lossy(&ended.stderr).into_owned();
    let line = told
        .lines()
        .find_map(|line| line.split_once("Collected : "));
    let count = line.and_then(|(_, count)| count.trim().parse().ok());
    count.filter(|count| *count > 0)
}
