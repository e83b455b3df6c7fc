//! The client alone, where thousands of cases are meant or a minute has to pass.

use std::time::{Duration, Instant};

use secrecy::SecretString;
use tim_history::api::{Access, Client, Credential, Endpoint, Limiter};
use tim_history::emulator::{Emulator, IDENTIFIER, Knobs, SDK_APP_ID, SECRET_KEY};
use tim_history::model::codes;
use tim_history::model::error::{ApiError, Fault as Told, Remedy};
use tim_history::model::ids::{Conversation, GroupId, SdkAppId, Seq};
use tim_history::model::message::{Ask, AskNo, Page, PageSize};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use crate::fault::{Cut, Fault};
use crate::front::{Front, HISTORY};
use crate::table::{report, run};
use crate::visit::{GROUP, service};

fn runtime() -> Runtime {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime")
}

/// The most calls a second that a client may make.
const FASTEST: u32 = 200;

fn client(front: &Front, calls_per_second: u32) -> Client {
    Client::new(Access {
        sdk_app_id: SdkAppId(SDK_APP_ID),
        identifier: IDENTIFIER.to_owned(),
        endpoint: Endpoint::custom(&front.url()).expect("loopback"),
        credential: Credential::Key(SecretString::from(SECRET_KEY)),
        ca_file: None,
        proxy: None,
        calls_per_second,
    })
}

async fn page(client: &Client) -> Result<Page, ApiError> {
    let ask = Ask {
        seq: Seq::new(40),
        count: PageSize::FULL,
        generation: 0,
        no: AskNo(1),
    };
    let conversation = Conversation::group(GroupId::new(GROUP));
    client.history(&conversation, &ask).await
}

fn seqs(page: &Page) -> Vec<u32> {
    let seqs = page.items.iter().map(|item| item.seq.map_or(0, Seq::get));
    seqs.collect()
}

fn serve() -> (Emulator, Front) {
    let service = service();
    let front = Front::before(service.address());
    (service, front)
}

/// Refusals that a new UserSig may cure: these alone are sent a second time.
const STALE: [u32; 4] = [70_001, 70_003, 70_005, 70_052];

/// What a code is called and what it leads to; then the service is well again.
async fn is_refused(code: u32) {
    let (_service, front) = serve();
    let client = client(&front, FASTEST);
    front.strike(Fault::Code(code), Some(HISTORY));
    let error = page(&client).await.expect_err("refused");
    assert_eq!(error.code(), Some(code));
    let (text, meaning) = (
        error.to_string(),
        codes::meaning(code).expect("of the table"),
    );
    assert!(
        text.contains(&format!("{GROUP} from seq 40: {code} {meaning}")),
        "{text}"
    );
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
    assert!(!error.advice().is_empty());
    let calls = if STALE.contains(&code) { 1..=2 } else { 1..=1 };
    assert!(
        calls.contains(&front.seen().len()),
        "{} calls",
        front.seen().len()
    );
    front.end_fault();
    let before = front.seen().len();
    if error.remedy() == Remedy::Credentials {
        // Nothing leaves until somebody says so.
        assert_eq!(page(&client).await, Err(error));
        assert_eq!(front.seen().len(), before);
        client.resume();
    }
    if client.silent_for().is_none() {
        let page = page(&client).await.expect("well again");
        assert_eq!(seqs(&page), (21..=40).rev().collect::<Vec<_>>());
    }
}

#[test]
fn codes() {
    let cases: Vec<(String, u32)> = codes::all().map(|code| (code.to_string(), code)).collect();
    assert!(cases.len() > 80, "{}", cases.len());
    run("codes", &cases, |code| {
        runtime().block_on(is_refused(*code));
    });
}

/// Lines of work beside one another, each with a budget of its own.
const LINES: usize = 16;

/// No part of a page is ever taken for the page, whether it is cut well or breaks off.
async fn is_never_taken_for_a_page(front: Front, cuts: Vec<Cut>) -> Vec<String> {
    let client = client(&front, FASTEST);
    let mut wrong = Vec::new();
    for cut in cuts {
        for fault in [Fault::Cut(cut), Fault::Broken(cut)] {
            let name = format!("{fault:?}");
            front.strike(fault, Some(HISTORY));
            let told = page(&client).await.map_err(|error| error.fault);
            let good = match told {
                Err(Told::Malformed { .. }) => name.starts_with("Cut"),
                Err(Told::Unreachable { .. }) => name.starts_with("Broken"),
                _ => false,
            };
            if !good {
                wrong.push(name);
            }
        }
    }
    front.end_fault();
    let page = page(&client).await.expect("well again");
    assert_eq!(seqs(&page), (21..=40).rev().collect::<Vec<_>>());
    wrong
}

#[test]
fn cuts() {
    let (service, front) = serve();
    // Many clients, each with the budget of one.
    service.set(Knobs {
        rate_limit: FASTEST * 100,
        ..Knobs::default()
    });
    runtime().block_on(async {
        page(&client(&front, FASTEST)).await.expect("a page");
        let length = front.last_length();
        assert!(length > 3_000, "{length}");
        let mut lines = JoinSet::new();
        for line in 0..LINES {
            let cuts = (line..length).step_by(LINES).map(Cut::After);
            let front = Front::before(service.address());
            lines.spawn(is_never_taken_for_a_page(front, cuts.collect()));
        }
        let wrong = lines.join_all().await.concat();
        report("cuts", 2 * length, &wrong);
    });
}

/// 70050: a minute without a call, whoever asks; then one word is enough.
async fn sits_out_a_minute() {
    let (_service, front) = serve();
    let client = client(&front, FASTEST);
    front.strike_pages(Fault::Code(70_050), 0, 1);
    let refused = page(&client).await.expect_err("locked out");
    // Time that has stopped moves only where it is told to.
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(58)).await;
    client.resume();
    assert_eq!(page(&client).await, Err(refused));
    assert!(client.silent_for().is_some());
    assert_eq!(front.seen().len(), 1);
    tokio::time::advance(Duration::from_secs(3)).await;
    assert_eq!(client.silent_for(), None);
    tokio::time::resume();
    page(&client).await.expect("well again");
    assert_eq!(front.seen().len(), 2);
}

/// Calls a second before anybody complains.
const RATE: u32 = 40;

/// What the way to the server may press together.
const PRESSED: usize = 6;

/// A burst of complaints: from then on at most half as many calls leave in a second.
async fn slows_down() {
    let (_service, front) = serve();
    let client = client(&front, RATE);
    let until = Instant::now() + Duration::from_secs(5);
    front.strike_pages(Fault::Code(60_007), 50, 5);
    let mut callers = JoinSet::new();
    for _ in 0..8 {
        let client = client.clone();
        callers.spawn(async move {
            while Instant::now() < until {
                // Some are refused: that is what it is about.
                let _ = page(&client).await;
            }
        });
    }
    callers.join_all().await;
    let seen = front.seen();
    let first = seen
        .iter()
        .find(|seen| seen.struck)
        .expect("a complaint")
        .at;
    let within = |from: u64, to: u64| {
        let (from, to) = (Duration::from_millis(from), Duration::from_millis(to));
        let after = |at: Instant| at.saturating_duration_since(first);
        let seen = seen.iter().filter(|s| s.at > first);
        seen.filter(|s| (from..to).contains(&after(s.at))).count()
    };
    // In the second of the complaint itself those count that were on their way.
    for (second, most) in [(1, 21), (2, 23)] {
        let calls = within(second * 1_000 + 100, second * 1_000 + 1_100);
        assert!(calls > 0, "it goes on");
        assert!(calls <= most + PRESSED, "{calls} calls in second {second}");
    }
    assert_eq!(seen.iter().filter(|seen| seen.struck).count(), 5);
}

/// A complaint halves the rate; what it comes back by in a second is a twentieth.
async fn comes_back_slowly() {
    tokio::time::pause();
    let limiter = Limiter::new(RATE, Duration::from_secs(1));
    let start = limiter.leave().await;
    limiter.slow_down(start);
    let mut calls: Vec<u32> = vec![0; 20];
    while let Ok(second) = usize::try_from((limiter.leave().await - start).as_secs())
        && let Some(calls) = calls.get_mut(second)
    {
        *calls += 1;
    }
    assert!(
        calls.iter().take(1).all(|first| *first <= RATE / 2),
        "{calls:?}"
    );
    for pair in calls.windows(2) {
        // A call more or less for the edges of a second.
        assert!(pair[1] + 1 >= pair[0], "{calls:?}");
        assert!(pair[1] <= pair[0] + pair[0] / 20 + 2, "{calls:?}");
    }
    assert!(calls.ends_with(&[RATE]), "all of it in the end: {calls:?}");
}

#[test]
fn pauses() {
    let minute: fn() = || runtime().block_on(sits_out_a_minute());
    let burst: fn() = || runtime().block_on(slows_down());
    let recovery: fn() = || runtime().block_on(comes_back_slowly());
    let cases = [
        ("a slow recovery", recovery),
        ("70050, a minute of silence", minute),
        ("60007 in a burst", burst),
    ];
    run("pauses", &cases, |play| play());
}
