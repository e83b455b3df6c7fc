//! Half an hour of keys pressed at random while every twentieth call fails: by hand, for
//! it takes as long as it says.
//!
//! `cargo test --test faults soak -- --ignored --nocapture`, with `TIM_HISTORY_SOAK=N` for
//! N minutes.

use std::io::Write as _;
use std::thread;
use std::time::{Duration, Instant};

use tim_history::emulator::{Emulator, Group, Knobs, World};

use crate::front::Front;
use crate::pty::ticks;
use crate::visit::{GROUP, HEAD, Visit, home, profile, unused_proxy};

const MINUTES: u64 = 30;
const LONGER: &str = "TIM_HISTORY_SOAK";

/// One in so many calls fails.
const EVERY: u32 = 20;

/// How long one kind of fault lasts, and how often it is looked how the program does.
const SPELL: Duration = Duration::from_secs(10);

/// Keys a second: more than a hand presses for half an hour.
const BETWEEN: Duration = Duration::from_millis(40);

/// Everything that changes only what is seen: no filter that would stay, nothing that ends
/// the program.
const KEYS: [&str; 40] = [
    "j",
    "k",
    "k",
    "<pageup>",
    "<pageup>",
    "<pagedown>",
    "<ctrl-u>",
    "<ctrl-d>",
    "<ctrl-e>",
    "<ctrl-y>",
    "G",
    "<home>",
    "l",
    "h",
    "<tab>",
    "+",
    "w",
    "i",
    "x",
    "1",
    "2",
    "3",
    "4",
    "J",
    "K",
    "R",
    "r",
    "n",
    "N",
    "?",
    "?",
    "<ctrl-l>",
    "<esc>",
    "<esc>",
    "g120<enter>",
    "g35%<enter>",
    "/message 7<enter>",
    "o@TGS#A<enter>",
    "o@TGS#B<enter>",
    "o@TGS#C<enter>",
];

/// The same numbers each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        // Knuth's multiplier for 64 bits; its high half has no pattern.
        let next = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = next.wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }
}

fn fault(dice: &mut Dice) -> Knobs {
    let knobs = Knobs::default();
    match dice.roll(5) {
        0 => Knobs {
            http_502_every: Some(EVERY),
            ..knobs
        },
        1 => Knobs {
            cut_body_every: Some(EVERY),
            ..knobs
        },
        2 => Knobs {
            fail_every: Some((EVERY, 10_002)),
            ..knobs
        },
        3 => Knobs {
            fail_every: Some((EVERY, 60_007)),
            ..knobs
        },
        _ => Knobs {
            fail_every: Some((EVERY, 10_002)),
            latency: Duration::from_millis(200),
            ..knobs
        },
    }
}

/// How the program does at one moment.
#[derive(Debug, Clone, Copy)]
struct Sample {
    /// In KiB.
    memory: u64,
    descriptors: usize,
    ticks: u64,
}

impl Sample {
    fn of(pid: u32) -> Self {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("it runs");
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("RssAnon:"));
        let size = line.and_then(|line| line.trim().strip_suffix(" kB"));
        let folder = std::fs::read_dir(format!("/proc/{pid}/fd")).expect("it runs");
        Self {
            memory: size.and_then(|size| size.trim().parse().ok()).expect("kB"),
            descriptors: folder.count(),
            ticks: ticks(pid).expect("it runs"),
        }
    }
}

/// The middle one.
fn median<T: Ord + Copy>(values: impl Iterator<Item = T>) -> T {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values[values.len() / 2]
}

fn say(words: &str) {
    let _ = writeln!(std::io::stdout(), "{words}");
}

#[test]
#[ignore = "half an hour, by hand"]
fn soak() {
    let minutes = std::env::var(LONGER).map_or(MINUTES, |text| text.parse().expect("a number"));
    let group = |id, head| Group::chat(id, head);
    let groups = vec![
        group(GROUP, HEAD),
        group("@TGS#B", 400),
        group("@TGS#C", 400),
    ];
    let service = Emulator::start(World::of(groups), Knobs::default(), 0).expect("a free port");
    let front = Front::before(service.address());
    // Else the log would be all that happens here.
    let home = home(&profile(&front.url(), &unused_proxy())).with("TIM_HISTORY_LOG", "warn");
    let visit = Visit::at(service, front, home);
    visit.reads();
    let (mut dice, mut samples, mut pressed) = (Dice(1), Vec::new(), 0_u64);
    let until = Instant::now() + Duration::from_secs(minutes * 60);
    let mut next = Instant::now() + SPELL;
    while Instant::now() < until {
        if Instant::now() >= next {
            samples.push(Sample::of(visit.t.pid()));
            let knobs = fault(&mut dice);
            visit.service.set(knobs);
            visit.is_alive_at_last();
            next = Instant::now() + SPELL;
        }
        let keys = KEYS[dice.roll(KEYS.len())];
        visit.t.keys(keys);
        pressed += 1;
        if keys == "<esc>" {
            // With the next key it would be another one.
            thread::sleep(BETWEEN * 5);
        }
        thread::sleep(BETWEEN);
    }
    let fifths: Vec<&[Sample]> = samples.chunks_exact(samples.len() / 5).collect();
    let memory: Vec<u64> = fifths
        .iter()
        .map(|of| median(of.iter().map(|sample| sample.memory)))
        .collect();
    let most: Vec<usize> = fifths
        .iter()
        .filter_map(|of| of.iter().map(|sample| sample.descriptors).max())
        .collect();
    say(&format!(
        "{minutes} min, {pressed} keys, {} ticks; in each fifth: memory {memory:?} KiB, \
         descriptors at most {most:?}",
        samples.last().map_or(0, |sample| sample.ticks),
    ));
    // In the first fifth everything is met for the first time.
    let (before, after) = (memory[1], memory[4]);
    // A hundredth, and what an allocator keeps.
    assert!(after <= before + before / 100 + 512, "it grows");
    // A connection more or less at the moment somebody looks is none that is lost.
    assert!(most[4] <= most[0].max(most[1]), "descriptors are lost");
    visit.service.set(Knobs::default());
    visit.is_alive_at_last();
    visit.t.keys("o@TGS#A<enter>");
    visit.says(&["of 100"]);
    visit.is_whole("R");
    visit.leave();
}
