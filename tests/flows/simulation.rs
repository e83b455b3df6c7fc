//! Whole visits from one seed each: keys, faults of the service, the order of replies and
//! sizes. When the faults are over and all is at rest, what is there is what a visit
//! without faults would have found.
//!
//! `TIM_HISTORY_RUNS` says how many visits, `TIM_HISTORY_SEED` which one alone. A seed
//! that failed once belongs into [`PINNED`].

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tim_history::app::event::{Event, Size};
use tim_history::app::flights::{Flight, Phase, Scope};
use tim_history::emulator::{Group, Knobs, Truth, World};
use tim_history::model::ids::Seq;
use tim_history::model::timeline::SeqState;

use crate::harness::{Harness, START, Story};

const GROUP: &str = "@TGS#A";
const HEAD: u32 = 300;
const RUNS: u64 = 500;
/// At a time: CI has two processors.
const SIDE_BY_SIDE: usize = 2;
const STEPS: u64 = 24;
/// More than any wait of the program.
const REST: Duration = Duration::from_mins(10);
/// Seeds that failed before.
const PINNED: [u64; 0] = [];

const KEYS: [&str; 24] = [
    "k",
    "j",
    "<pageup>",
    "<pageup>",
    "<pagedown>",
    "<ctrl-u>",
    "<ctrl-d>",
    "<home>",
    "<end>",
    "R",
    "r",
    "<ctrl-o>",
    "w",
    "G",
    "g150<enter>",
    "g1<enter>",
    "g-40<enter>",
    "g35%<enter>",
    "/message 77<enter>",
    "n",
    "N",
    "ffrom:user_1<enter>",
    "f<ctrl-u><enter>",
    "<ctrl-c>",
];

/// The same numbers for the same seed, on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }

    fn index(&mut self, length: usize) -> usize {
        let length = u64::try_from(length).expect("small");
        usize::try_from(self.roll(length)).expect("small")
    }

    fn small(&mut self, from: u16, sides: u64) -> u16 {
        from + u16::try_from(self.roll(sides)).expect("small")
    }
}

fn faults(dice: &mut Dice) -> Knobs {
    let every = u32::try_from(dice.roll(3)).expect("small") + 1;
    let knobs = Knobs::default();
    match dice.roll(6) {
        0 => Knobs {
            http_502_every: Some(every),
            ..knobs
        },
        1 => Knobs {
            cut_body_every: Some(every),
            ..knobs
        },
        2 => Knobs {
            fail_every: Some((every, 10_002)),
            ..knobs
        },
        3 => Knobs {
            fail_always: Some(10_004),
            ..knobs
        },
        _ => knobs,
    }
}

fn group() -> Group {
    let mut group = Group::chat(GROUP, HEAD);
    for seq in 1..HEAD {
        match seq * 31 % 17 {
            0 => group.set_truth(seq..=seq, Truth::Gone),
            5 => group.set_truth(seq..=seq, Truth::Recalled),
            _ => {}
        }
    }
    group
}

async fn step(t: &mut Harness, dice: &mut Dice) {
    match dice.roll(10) {
        0..=3 => {
            t.press(KEYS[dice.index(KEYS.len())]);
        }
        4..=6 if !t.pending.is_empty() => {
            let which = dice.index(t.pending.len());
            let effect = t.pending.remove(which).expect("one of them");
            t.deliver(effect).await;
        }
        7 => {
            let knobs = faults(dice);
            t.service.set(knobs);
        }
        8 => {
            let (width, height) = (dice.small(1, 110), dice.small(1, 36));
            t.event(Event::Resize(Size { width, height }));
        }
        _ => {
            let seconds = dice.roll(9);
            t.advance(Duration::from_secs(seconds)).await;
        }
    }
}

/// Nothing is asked, waited for or failed any more.
async fn come_to_rest(t: &mut Harness) {
    let until = t.now().mono + REST;
    for _ in 0..1_000 {
        t.settle().await;
        let wake = t.app.wake_at(t.now());
        if wake.is_some_and(|at| at <= until) {
            t.wake();
            continue;
        }
        let failed = |flight: &Flight| {
            matches!(flight.phase, Phase::Failed { .. }) && matches!(flight.scope, Scope::Page(..))
        };
        if !t.app.flights().iter().any(failed) {
            return;
        }
        t.press("r");
    }
    panic!(
        "never comes to rest: {:?}\n{:?}\n{}",
        t.app.wake_at(t.now()).map(|at| at - t.now().mono),
        t.app.flights().iter().collect::<Vec<_>>(),
        t.screen()
    );
}

fn state_of(truth: Truth) -> SeqState {
    match truth {
        Truth::Present => SeqState::Present,
        Truth::Gone => SeqState::Gone,
        Truth::Recalled => SeqState::Recalled,
        Truth::Withheld => SeqState::Withheld,
    }
}

/// What is known is true, what is on the screen is known and in order.
fn is_true(t: &Harness) {
    let history = t.app.history().expect("a group is open");
    let timeline = history.timeline();
    let truth = |seq: Seq| {
        let truth = t.service.change(|world| {
            let group = world.group(GROUP).expect("the group");
            group.truth(seq.get())
        });
        state_of(truth)
    };
    for seq in (1..=HEAD).filter_map(Seq::new) {
        let known = timeline.state(seq);
        if known != SeqState::Unfetched {
            assert_eq!(known, truth(seq), "seq {seq}");
        }
        if known == SeqState::Present {
            let message = timeline.message(seq).expect("it is there");
            let text = format!("message {seq}\"");
            assert!(
                String::from_utf8_lossy(message.raw.bytes()).contains(&text),
                "seq {seq}"
            );
        }
    }
    assert!(history.selected().is_some(), "nothing is selected");
    let shown = history.on_screen().expect("a stretch");
    for seq in (shown.first().get()..=shown.last().get()).filter_map(Seq::new) {
        assert_ne!(timeline.state(seq), SeqState::Unfetched, "seq {seq}");
    }
    let text = t.messages();
    let rows = text.lines().filter_map(|row| row.split_once("message "));
    let number = |rest: &str| rest.split(' ').next().and_then(|n| n.parse::<u32>().ok());
    let seqs: Vec<u32> = rows.filter_map(|(_, rest)| number(rest)).collect();
    assert!(!seqs.is_empty(), "no message is shown:\n{text}");
    assert!(
        seqs.is_sorted_by(|one, next| one < next),
        "{seqs:?}\n{text}"
    );
}

async fn visit(seed: u64) {
    let mut dice = Dice(seed);
    let size = (dice.small(30, 80), dice.small(8, 30));
    let story = Story::of(World::of(vec![group()]).at(START));
    let mut t = story.size(size.0, size.1).open(GROUP).begin();
    for _ in 0..STEPS {
        step(&mut t, &mut dice).await;
    }
    t.service.set(Knobs::default());
    let (width, height) = (80, 24);
    t.event(Event::Resize(Size { width, height }));
    // A key meant for one pane may have opened something else in another.
    t.press("<esc><esc><ctrl-c>o@TGS#A<enter>");
    come_to_rest(&mut t).await;
    // Wherever the keys led, the messages have the focus now, and all of them are shown.
    t.press("g1<enter>f<ctrl-u><enter>");
    come_to_rest(&mut t).await;
    t.press("G");
    come_to_rest(&mut t).await;
    is_true(&t);
}

fn run(seed: u64) {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().expect("a loop");
    runtime.block_on(visit(seed));
}

fn named(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[test]
fn the_end_of_a_visit_with_faults_is_that_of_one_without() {
    if let Some(seed) = named("TIM_HISTORY_SEED") {
        return run(seed);
    }
    PINNED.into_iter().for_each(run);
    let runs = named("TIM_HISTORY_RUNS").unwrap_or(RUNS);
    let (next, failed) = (AtomicU64::new(0), Mutex::new(Vec::new()));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= runs {
                return;
            }
            if catch_unwind(AssertUnwindSafe(|| run(seed))).is_err() {
                failed.lock().expect("not poisoned").push(seed);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(work);
        }
    });
    let failed = failed.into_inner().expect("not poisoned");
    assert!(
        failed.is_empty(),
        "{failed:?} of {runs}; TIM_HISTORY_SEED={} runs the first alone",
        failed.first().copied().unwrap_or_default()
    );
}
