//! An export behind the panes: what is asked of the engine, what its news show, and
//! that nobody quits over it unasked.

use std::path::PathBuf;
use std::time::Duration;

use tim_history::app::event::{Effect, Event, ExportEnd, ExportJob, ExportNews};
use tim_history::emulator::{Group, World};
use tim_history::export::{Calls, Counts, Format, Order, Plan, Progress, Wish};
use tim_history::model::ids::Seq;
use tim_history::model::message::Timestamp;
use tim_history::model::text::{Clean, clean};
use tim_history::model::timeline::Stretch;

use crate::harness::{Harness, START, Story};

async fn open() -> Harness {
    let group = Group::chat("@TGS#A", 300).named("Case 812");
    let world = World::of(vec![group]).at(START);
    Story::of(world).open("@TGS#A").settled().await
}

/// What was asked of the engine, the oldest first; asked for only once.
fn asked(t: &mut Harness) -> Vec<Effect> {
    let mine = |effect: &Effect| matches!(effect, Effect::Export(_) | Effect::SteerExport(_));
    let all = std::mem::take(&mut t.done);
    all.into_iter().filter(mine).collect()
}

fn begun(t: &mut Harness) -> (Plan, Option<String>) {
    let effects = asked(t);
    match effects.as_slice() {
        [Effect::Export(job)] => match job.as_ref() {
            ExportJob::Begin { plan, file } => (plan.clone(), file.clone()),
            ExportJob::GoOn { file } => panic!("a new one, not {}", file.display()),
        },
        other => panic!("one export: {other:?}\n{}", t.screen()),
    }
}

fn seqs(first: u32, last: u32) -> Stretch {
    let seq = |number| Seq::new(number).expect("no zero");
    Stretch::new(seq(first), seq(last)).expect("a range")
}

fn progress(seqs: u64) -> Progress {
    Progress {
        seqs,
        of: 300,
        records: seqs,
        bytes: seqs * 400,
        counts: Counts {
            present: seqs.saturating_sub(3),
            withheld: seqs.min(3),
            ..Counts::default()
        },
        calls: Calls {
            pages: seqs / 20,
            ..Calls::default()
        },
    }
}

fn news(t: &mut Harness, news: ExportNews) {
    t.event(Event::Export(news));
}

/// The box is open and the engine has begun.
async fn going() -> Harness {
    let mut t = open().await;
    t.press("e<enter>");
    asked(&mut t);
    let begun = ExportNews::Begun {
        range: seqs(1, 300),
        file: PathBuf::from("/home/x/case.jsonl"),
        before: Progress::default(),
        remarks: vec!["from: seq 1".into()],
    };
    news(&mut t, begun);
    t
}

#[tokio::test]
async fn enter_exports_everything_with_a_part_of_the_calls() {
    let mut t = open().await;
    t.press("e");
    let screen = t.screen();
    for text in [
        "export Case 812",
        "the oldest left to the newest now",
        "180 of 200 calls",
    ] {
        assert!(screen.contains(text), "{text}: {screen}");
    }
    t.press("<enter>");
    let (plan, file) = begun(&mut t);
    assert_eq!(plan.conversation.group.as_str(), "@TGS#A");
    assert_eq!(
        (plan.from, plan.to, plan.filter, file),
        (None, None, None, None)
    );
    assert_eq!((plan.rate, plan.names), (180, false));
    assert_eq!(plan.format, Format::Jsonl);
    assert_eq!(plan.order, Order::Ascending);
    assert_eq!(plan.now.map(Timestamp::seconds), Some(START));
    assert!(t.screen().contains("looking for both ends"));
    t.press("<enter>");
    assert!(asked(&mut t).is_empty(), "one at a time");
}

#[tokio::test]
async fn the_selection_and_the_filter_are_taken_along_and_all_can_be_changed() {
    let mut t = open().await;
    t.press("fmessage<enter>").settle().await;
    t.press("kvkk");
    let selected: Vec<u32> = t.selected().into_iter().collect();
    t.press("e<enter>");
    let (plan, _) = begun(&mut t);
    assert_eq!(plan.filter.as_deref(), Some("message"));
    let from = plan.from.and_then(|from| from.parse::<u32>().ok());
    assert!(
        from.is_some() && from <= selected.first().copied(),
        "{from:?} {selected:?}"
    );
    news(&mut t, ExportNews::Ended(ExportEnd::Refused("no".into())));

    t.press("f<ctrl-u>is:recalled<enter>r<ctrl-u>14:00..<enter>tdno~/case/<enter>");
    let screen = t.screen();
    for text in [
        "14:00 to the newest now",
        "is:recalled",
        "CSV: a table",
        "newest first",
        "asked for: some calls more",
        "~/case/%40TGS%23A",
    ] {
        assert!(screen.contains(text), "{text}: {screen}");
    }
    t.press("<enter>");
    let (plan, file) = begun(&mut t);
    assert_eq!(plan.filter.as_deref(), Some("is:recalled"));
    assert_eq!((plan.from.as_deref(), plan.to), (Some("14:00"), None));
    assert_eq!((plan.format, plan.order), (Format::Csv, Order::Descending));
    assert!(plan.names);
    assert_eq!(file.as_deref(), Some("~/case/"));
}

#[tokio::test]
async fn what_cannot_be_read_is_said_and_stays_to_be_mended() {
    let mut t = open().await;
    t.press("er812<enter>");
    assert!(
        t.screen().contains("two ends with .. between them"),
        "{}",
        t.screen()
    );
    t.press("<ctrl-u>25:99..<enter>");
    assert!(
        t.keys_line().contains("export from..to: 25:99.."),
        "{}",
        t.keys_line()
    );
    t.press("<ctrl-u>..<enter>");
    t.press("f-nonsense:x<enter>");
    assert!(t.keys_line().contains("export only: "), "{}", t.keys_line());
    t.press("<esc><enter>");
    let (plan, _) = begun(&mut t);
    assert_eq!(plan.filter, None);
}

#[tokio::test]
async fn it_is_watched_paused_and_stopped_and_gone_on_with() {
    let mut t = going().await;
    t.advance(Duration::from_secs(1)).await;
    news(&mut t, ExportNews::Going(progress(100)));
    let screen = t.screen();
    for text in [
        "seq 1 to 300",
        "33 % exporting",
        "100 of 300 messages, 100/s, 5 calls/s, 2 s left",
        "97 present, 3 withheld",
        "/home/x/case.jsonl",
        "export 33%",
    ] {
        assert!(screen.contains(text), "{text}: {screen}");
    }
    t.press("p");
    assert_eq!(asked(&mut t), [Effect::SteerExport(Wish::Pause)]);
    assert!(t.screen().contains("33 % paused"));
    t.press("<esc>");
    assert!(
        t.screen().contains("export holds"),
        "it stays in the status line"
    );
    t.press("ep");
    assert_eq!(asked(&mut t), [Effect::SteerExport(Wish::Go)]);
    t.press("s");
    assert_eq!(asked(&mut t), [Effect::SteerExport(Wish::Stop)]);
    let stopped = ExportEnd::Stopped {
        why: None,
        command: "tim-history export --resume --out '/home/x/case.jsonl'".into(),
    };
    news(&mut t, ExportNews::Ended(stopped));
    let screen = t.screen();
    assert!(
        screen.contains("elsewhere: tim-history export --resume"),
        "{screen}"
    );
    t.press("<enter>");
    let effects = asked(&mut t);
    let file = PathBuf::from("/home/x/case.jsonl");
    assert_eq!(
        effects,
        [Effect::Export(Box::new(ExportJob::GoOn { file }))]
    );
}

#[tokio::test]
async fn the_end_is_told_wherever_the_reader_is() {
    let mut t = going().await;
    t.press("<esc>gg").settle().await;
    let done = ExportEnd::Done {
        progress: progress(300),
        sha256: "ab".repeat(32),
    };
    news(&mut t, ExportNews::Ended(done));
    assert!(
        t.keys_line()
            .starts_with("exported 300 records · e shows where")
    );
    assert!(t.screen().contains("export done"));
    t.press("e");
    let screen = t.screen();
    assert!(
        screen.contains(&"ab".repeat(32)) && screen.contains("100 % done"),
        "{screen}"
    );
    t.press("<esc>");
    assert!(!t.screen().contains("export done"), "it has been seen");
    t.press("ee");
    assert!(t.screen().contains("Enter starts"), "another one");
}

#[tokio::test]
async fn quitting_asks_while_it_is_under_way() {
    for (keys, again) in [("q", "q"), ("<ctrl-c>", "<ctrl-c>")] {
        let mut t = going().await;
        t.press("<esc>").press(keys);
        assert!(!t.done.contains(&Effect::Quit(0)));
        let line = t.keys_line();
        assert!(line.contains("says how to go on with it"), "{line}");
        t.press(again);
        assert!(t.done.contains(&Effect::Quit(0)));
    }
}

#[tokio::test]
async fn what_stopped_by_itself_says_why_and_nothing_of_it_drives_the_terminal() {
    let mut t = going().await;
    let why: Clean = clean("group_msg_get_simple: 10007 \u{1b}[2J\u{202e}no right");
    let stopped = ExportEnd::Stopped {
        why: Some(why),
        command: "tim-history export --resume --out 'x'".into(),
    };
    news(&mut t, ExportNews::Ended(stopped));
    let screen = t.screen();
    assert!(
        screen.contains("the export has stopped: group_msg"),
        "{screen}"
    );
    assert!(!screen.contains(['\u{1b}', '\u{202e}']));
}

#[tokio::test]
async fn news_nobody_waits_for_change_nothing() {
    let mut t = open().await;
    let before = t.screen();
    news(&mut t, ExportNews::Going(progress(20)));
    assert_eq!(t.screen(), before);
}
