//! What a million loaded messages cost: memory, and the time to search them.
//!
//! `cargo bench --bench store` loads them as the program does, page by page from JSON, and
//! compares searches with `memmem` over the same texts, turn by turn. `-- MESSAGES` takes
//! another number.

mod talk;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use memchr::memmem;
use talk::{PAGE, RARE, Talk};
use tim_history::api::wire;
use tim_history::app::jobs::sieve::Sieve;
use tim_history::model::haystack::Haystack;
use tim_history::model::ids::{Conversation, GroupId, Seq};
use tim_history::model::message::{Ask, AskNo, PageSize};
use tim_history::model::needle::Needle;
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
    let counted = timeline.bytes() as u64;
    goal("bytes each by RssAnon", whole(each(held)), 200.0);
    goal("bytes each by its own count", whole(each(counted)), 200.0);
    assert_eq!(timeline.loaded(), messages / PAGE * PAGE);
    check_json(&timeline, messages);
    let texts = texts(&timeline);
    search(&timeline, &texts);
}

/// Prints a figure and whether it is at most what it should be.
fn goal(what: &str, figure: f64, most: f64) {
    let met = if figure <= most { "met" } else { "NOT MET" };
    say(&format!("{what:<44} {figure:>9.2}  goal {most}: {met}"));
}

fn whole(number: u64) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// Every thousandth message has the JSON that was sent.
fn check_json(timeline: &Timeline, messages: u32) {
    let mut talk = Talk::new();
    let mut sent: Vec<Arc<[u8]>> = Vec::new();
    // In the order in which they were made up.
    for page in (0..messages / PAGE).rev() {
        let body = talk.page(page * PAGE + 1);
        if page % 50 == 0 {
            sent.push(body);
        }
    }
    let mut checked = 0;
    for (nth, page) in (0..messages / PAGE)
        .rev()
        .filter(|page| page % 50 == 0)
        .enumerate()
    {
        let seq = Seq::new(page * PAGE + 1).expect("not zero");
        let message = timeline.message(seq).expect("it was loaded");
        let body = sent.get(nth).expect("one for each");
        let found = memmem::find(body, message.raw.bytes());
        assert!(found.is_some() && !message.raw.bytes().is_empty(), "{seq}");
        checked += 1;
    }
    say(&format!(
        "JSON of {checked} messages is byte for byte what was sent"
    ));
}

/// All texts in one piece, as a search over them would have it at best.
fn texts(timeline: &Timeline) -> String {
    let mut texts = String::new();
    timeline.each(&(Seq::FIRST..=Seq::LAST), |_, message| {
        Haystack::of(message).read(|text| {
            texts.push_str(text);
            texts.push('\0');
            true
        });
    });
    texts
}

fn search(timeline: &Timeline, texts: &str) {
    // A word of the rare kind, one with a capital, common ones in either case, two of the
    // signs used most, a phrase, and what may be written with a full-width sign.
    let common = common(texts, |word| word.is_ascii() && word.len() == 4);
    let signs = common_signs(texts);
    let phrase = phrase(texts, &common);
    let signed = format!("{}-1", common.to_uppercase());
    let cased = common.to_uppercase();
    say("search                              hits    ms  memmem ms  ratio");
    for (what, most) in [
        (RARE, 6.0),
        ("Quagmire", 3.0),
        (common.as_str(), 6.0),
        (cased.as_str(), 3.0),
        (signs.as_str(), 3.0),
        (phrase.as_str(), 6.0),
        (signed.as_str(), 3.0),
    ] {
        let needle = Needle::parse(what).expect("a literal");
        let finder = memmem::Finder::new(what);
        let all = Seq::FIRST..=Seq::LAST;
        let (mut ours, mut theirs, mut hits) = (Vec::new(), Vec::new(), 0);
        for _ in 0..11 {
            let begun = Instant::now();
            hits = 0;
            timeline.search(&needle, &all, |_| hits += 1);
            ours.push(begun.elapsed().as_secs_f64() * 1e3);
            let begun = Instant::now();
            std::hint::black_box(finder.find_iter(texts.as_bytes()).count());
            theirs.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        let (ours, theirs) = (median(ours), median(theirs));
        let mut sieve = Sieve::new();
        let begun = Instant::now();
        sieve.search(timeline, (Seq::LAST, usize::MAX), &needle);
        let kept = begun.elapsed().as_secs_f64() * 1e3;
        assert_eq!(sieve.hits(), hits, "{what}");
        say(&format!(
            "{what:<32} {hits:>7} {ours:>6.2} {theirs:>6.2}, kept in {kept:.2} ms"
        ));
        goal("  times memmem", ours / theirs, most);
    }
    // A pattern is tried on each text.
    let needle = Needle::parse("re:ba[a-z]+ne").expect("a pattern");
    let begun = Instant::now();
    let mut hits = 0;
    timeline.search(&needle, &(Seq::FIRST..=Seq::LAST), |_| hits += 1);
    say(&format!(
        "a pattern: {hits} hits, {:.0} ms",
        begun.elapsed().as_secs_f64() * 1e3
    ));
    beside_vim(timeline, texts);
}

/// The best of the peers at this is vim: the time it needs by its own clock for a word that
/// is nowhere, in a file of the same texts.
fn beside_vim(timeline: &Timeline, texts: &str) {
    const NOWHERE: &str = "Quagmire";
    let literal = Needle::parse(NOWHERE).expect("a literal");
    let folder = tempfile::tempdir().expect("a folder");
    let (file, answer) = (folder.path().join("texts"), folder.path().join("seconds"));
    std::fs::write(&file, texts.replace('\0', "\n")).expect("ours");
    let answer_to = answer.display();
    let commands = [
        "set nowrapscan".to_owned(),
        "normal! gg".to_owned(),
        "let t = reltime()".to_owned(),
        format!("call search('{NOWHERE}')"),
        format!("call writefile([reltimestr(reltime(t))], '{answer_to}')"),
        "qa!".to_owned(),
    ];
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let mut vim = Command::new("vim");
        vim.args(["-u", "NONE", "-n", "-es"]).stdin(Stdio::null());
        vim.args(commands.iter().flat_map(|command| ["-c", command]));
        if vim.arg(&file).status().is_err() {
            say("vim is not installed: nothing to compare with");
            return;
        }
        let said = std::fs::read_to_string(&answer).expect("vim writes it");
        let seconds: f64 = said.trim().parse().expect("seconds");
        theirs.push(seconds * 1e3);
        let begun = Instant::now();
        timeline.search(&literal, &(Seq::FIRST..=Seq::LAST), |_| {});
        ours.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    let (ours, theirs) = (median(ours), median(theirs));
    say(&format!("a literal: {ours:.2} ms, vim {theirs:.0} ms"));
    goal("  parts of vim's time", ours / theirs, 1.0 / 20.0);
}

/// The word that is met first among those that `is_meant`.
fn common(texts: &str, is_meant: impl Fn(&str) -> bool) -> String {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    // So much tells which words are used most.
    let some = texts.split([' ', '\0', '，']).take(100_000);
    for word in some.filter(|word| is_meant(word)) {
        *counts.entry(word).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map_or_else(String::new, |(word, _)| word.to_owned())
}

/// `word` and what comes after it first.
fn phrase(texts: &str, word: &str) -> String {
    let begin = format!("{word} ");
    let next = texts
        .split(&begin)
        .nth(1)
        .and_then(|rest| rest.split([' ', '\0']).next());
    begin + next.unwrap_or_default()
}

fn common_signs(texts: &str) -> String {
    let word = common(texts, |word| !word.is_ascii());
    word.chars().take(2).collect()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
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
