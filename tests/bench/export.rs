//! How much of the allowed rate an export uses, over real HTTP and the embedded service.
//!
//! `cargo bench --bench export` prints a line per round trip: the ratio of calls to the
//! allowed ones in the poorest full second after the second one, the most in any second
//! that slides over them, requests to pages, and how long it took. `-- SEQS RATE` takes
//! other sizes than 100,000 messages at 200 calls a second.

use std::io::Write as _;
use std::time::{Duration, Instant};

use tim_history::api::{Access, Client, Credential, Endpoint};
use tim_history::emulator::{self, Emulator, Group, Knobs, World};
use tim_history::export::{
    Asked, Export, Format, Options, Order, Paths, Progress, Sink, Wish, verify,
};
use tim_history::model::ids::SdkAppId;
use tim_history::model::time::Zone;
use tokio::sync::watch;

const GROUP: &str = "@TGS#BENCH";

/// What one export is measured at.
#[derive(Clone, Copy)]
struct Case {
    seqs: u32,
    rate: u32,
    /// In milliseconds.
    round_trip: u64,
    failing: bool,
}

fn main() {
    // The runner's own flags come first.
    let numbers: Vec<u32> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    let seqs = numbers.first().copied().unwrap_or(100_000);
    let rate = numbers.get(1).copied().unwrap_or(200);
    say(&format!("{seqs} messages at {rate} calls/s"));
    say("round trip  failing  poorest  most  requests/pages  seconds  of the least possible");
    for (round_trip, failing) in [(20, false), (20, true), (80, true), (200, true)] {
        measure(Case {
            seqs,
            rate,
            round_trip,
            failing,
        });
    }
}

fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn measure(case: Case) {
    // The jitter of 30 % either way lies above the rest of the round trip.
    let latency = Duration::from_millis(case.round_trip);
    let knobs = Knobs {
        latency: latency * 7 / 10,
        jitter: latency * 6 / 10,
        http_502_every: case.failing.then_some(100),
        rate_limit: case.rate,
        ..Knobs::default()
    };
    let world = World::of(vec![Group::with_holes(GROUP, case.seqs)]);
    let emulator = Emulator::start(world, knobs, 0).expect("a free port");
    let client = Client::new(Access {
        sdk_app_id: SdkAppId(emulator::SDK_APP_ID),
        identifier: emulator::IDENTIFIER.to_owned(),
        endpoint: Endpoint::custom(&emulator.url()).expect("a loopback endpoint"),
        credential: Credential::Key(emulator::SECRET_KEY.into()),
        ca_file: None,
        proxy: None,
        calls_per_second: case.rate,
    });
    let home = tempfile::tempdir().expect("a scratch directory");
    let file = home.path().join("x");
    let sink = Sink::File {
        paths: Paths::of(&file),
        force: false,
    };
    let export = Export::begin(options(case), 0, (None, Zone::utc()), sink);
    let export = export.expect("nothing there");
    let (_wish, wishes) = watch::channel(Wish::Go);
    let (told, _news) = watch::channel(Progress::default());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let begun = Instant::now();
    let done = runtime.block_on(export.run(client, (wishes, &told), &String::new));
    let took = begun.elapsed().as_secs_f64();
    let result = done
        .expect("no fault")
        .manifest
        .result
        .expect("the last one");
    assert!(verify(&file).expect("an export").wrong.is_empty());

    let arrivals: Vec<Duration> = emulator.calls().iter().map(|call| call.at).collect();
    let pages = u64::from(case.seqs.div_ceil(20));
    let (poorest, most) = rates(&arrivals, usize::try_from(pages).unwrap_or_default());
    let ratio = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX)) / f64::from(case.rate);
    let requests = (
        result.calls.pages + result.calls.retries,
        result.calls.retries,
    );
    let least = f64::from(case.seqs.div_ceil(20)) / f64::from(case.rate);
    say(&format!(
        "{:>7} ms  {:>7}  {:>7.3}  {:>4.2}  {:>6}/{pages}+{:<3}  {took:>7.2}  {:.3}",
        case.round_trip,
        if case.failing { "1 %" } else { "none" },
        ratio(poorest),
        ratio(most),
        requests.0,
        requests.1,
        took / least,
    ));
    if emulator.violations() > 0 {
        say(&format!("  {} calls came too fast", emulator.violations()));
    }
}

/// The fewest calls in a full second after the second one, as long as pages are left to be
/// asked for, and the most in any second.
fn rates(arrivals: &[Duration], pages: usize) -> (usize, usize) {
    let second = Duration::from_secs(1);
    let start = arrivals.first().copied().unwrap_or_default();
    let last = arrivals
        .get(pages.saturating_sub(1))
        .copied()
        .unwrap_or_default();
    let mut poorest = usize::MAX;
    let mut from = start + second * 2;
    while from + second <= last {
        let within = arrivals
            .iter()
            .filter(|at| **at >= from && **at < from + second);
        poorest = poorest.min(within.count());
        from += second;
    }
    let most = arrivals.iter().enumerate().map(|(i, from)| {
        let later = arrivals.iter().skip(i);
        later
            .take_while(|at| at.saturating_sub(*from) < second)
            .count()
    });
    (poorest, most.max().unwrap_or_default())
}

fn options(case: Case) -> Options {
    Options {
        asked: Asked {
            version: String::new(),
            profile: String::new(),
            sdk_app_id: emulator::SDK_APP_ID,
            endpoint: String::new(),
            group: GROUP.to_owned(),
            topic: None,
            from: 1,
            to: case.seqs,
            head: case.seqs,
            order: Order::Ascending,
            filter: None,
            zone: "UTC".to_owned(),
            names: false,
            mask_ids: false,
            format: Format::Jsonl,
            started: String::new(),
        },
        profile_name: String::new(),
        rate: case.rate,
        now: None,
    }
}
