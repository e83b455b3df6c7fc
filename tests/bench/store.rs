//! What a million loaded messages cost: memory.
//!
//! `cargo bench --bench store` loads them as the program does, page by page from JSON.
//! `-- MESSAGES` takes another number.

mod talk;

use std::io::Write as _;
use std::sync::Arc;
use std::time::Instant;

use talk::{PAGE, Talk};
use tim_history::api::wire;
use tim_history::model::ids::{Conversation, GroupId, Seq};
use tim_history::model::message::{Ask, AskNo, PageSize};
use tim_history::model::timeline::Timeline;

fn main() {
    // The runner's own flags come first.
    let numbers: Vec<u32> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    let messages = numbers.first().copied().unwrap_or(1_000_000);
    let before = anonymous();
    let (timeline, json, took) = load(messages);
    let held = anonymous().saturating_sub(before);
    let each = |bytes: u64| bytes / u64::from(messages.max(1));
    say(&format!(
        "{messages} messages, {} B of JSON each",
        each(json)
    ));
    say(&format!("loaded in {took:.2} s, reading the JSON included"));
    say(&format!("memory: {} B each by RssAnon", each(held)));
    assert_eq!(timeline.loaded(), messages / PAGE * PAGE);
}

fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Merges the pages from the newest down, as somebody reads. Says how many bytes of
/// JSON there were, and how many seconds it took without making them up.
fn load(messages: u32) -> (Timeline, u64, f64) {
    let conversation = Conversation {
        group: GroupId::new("@TGS#BENCH"),
        topic: None,
    };
    let mut talk = Talk::new();
    let mut timeline = Timeline::new();
    let (mut json, mut took) = (0, 0.0);
    for (no, page) in (0..messages / PAGE).rev().enumerate() {
        let first = page * PAGE + 1;
        let body: Arc<[u8]> = talk.page(first);
        json += body.len() as u64;
        let begun = Instant::now();
        let page = wire::page(&body, &conversation).expect("it reads");
        let ask = Ask {
            seq: (no > 0).then(|| Seq::new(first + PAGE - 1)).flatten(),
            count: PageSize::FULL,
            generation: 0,
            no: AskNo(no as u64 + 1),
        };
        timeline.merge(ask, page);
        took += begun.elapsed().as_secs_f64();
    }
    (timeline, json, took)
}

/// Bytes of this process that are in memory and in no file.
fn anonymous() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok());
    kib.map_or(0, |kib: u64| kib * 1024)
}
