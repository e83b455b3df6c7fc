//! The record of accesses: what was asked for is noted, what was read is not.

use tim_history::app::event::{Effect, Event};
use tim_history::emulator::{Group, World};
use tim_history::model::deed::Deed;

use crate::harness::{Harness, START, Story};

fn story() -> Story {
    let groups = vec![
        Group::chat("@TGS#A", 300).sent_at(START - 30_000, 100),
        Group::chat("@TGS#B", 40),
    ];
    Story::of(World::of(groups).at(START)).noting()
}

/// Action, group and details, as one line.
fn noted(t: &mut Harness) -> Vec<String> {
    let done = std::mem::take(&mut t.done);
    let lines = done.into_iter().filter_map(|effect| match effect {
        Effect::Note(access) => Some(line(&access)),
        _ => None,
    });
    lines.collect()
}

fn line(deed: &Deed) -> String {
    let group = deed.conversation.as_ref().map_or("", |c| c.group.as_str());
    let details = deed.details.iter();
    let details: Vec<String> = details
        .map(|(name, value)| format!(" {name}={value}"))
        .collect();
    let details = details.concat();
    format!("{} {group}{details}", deed.action)
}

#[tokio::test]
async fn what_was_asked_for_is_noted() {
    let mut t = story().open("@TGS#A").settled().await;
    assert_eq!(noted(&mut t), ["open @TGS#A"]);
    t.press("/message 29<enter>").run().await;
    t.press("<esc>fis:recalled<enter>f<ctrl-u><enter>")
        .settle()
        .await;
    assert_eq!(
        noted(&mut t),
        [
            "search @TGS#A words=message 29",
            "filter @TGS#A words=is:recalled",
            "filter @TGS#A words="
        ]
    );
    t.press("g300<enter>").settle().await;
    t.press("vkyt");
    assert_eq!(
        noted(&mut t),
        ["copy @TGS#A what=ticket block first=299 last=300"]
    );
    t.press("P");
    let page = noted(&mut t);
    assert_eq!(page, ["copy @TGS#A what=plain page first=299 last=300"]);
    t.press("<esc>ertod<ctrl-u>1..200<enter>o/tmp/x<enter><enter>");
    assert_eq!(
        noted(&mut t),
        ["export @TGS#A from=1 to=200 file=/tmp/x"],
        "{}",
        t.screen()
    );
}

#[tokio::test]
async fn how_much_was_read_is_noted_on_leaving() {
    let mut t = story().open("@TGS#A").settled().await;
    noted(&mut t);
    t.press("o@TGS#B<enter>").settle().await;
    let lines = noted(&mut t);
    let [read, open] = lines.as_slice() else {
        panic!("two: {lines:?}");
    };
    assert!(read.starts_with("read @TGS#A messages="), "{read}");
    assert!(read.ends_with(" last=300"), "{read}");
    assert_eq!(open, "open @TGS#B");
    let now = t.now();
    let farewell = t.app.farewell(now);
    let last = farewell.iter().find_map(|effect| match effect {
        Effect::Note(access) => Some(line(access)),
        _ => None,
    });
    assert_eq!(
        last.as_deref(),
        Some("read @TGS#B messages=40 first=1 last=40")
    );
}

#[tokio::test]
async fn a_record_that_cannot_be_written_is_said() {
    let mut t = story().open("@TGS#A").settled().await;
    t.event(Event::NotNoted("no space left".into()));
    assert!(
        t.keys_line()
            .contains("the access log cannot be written: no space left")
    );
}

#[tokio::test]
async fn nobody_notes_unasked() {
    let mut t = Story::of(World::of(vec![Group::chat("@TGS#A", 30)]).at(START))
        .open("@TGS#A")
        .settled()
        .await;
    t.press("/message<enter>").run().await;
    assert!(noted(&mut t).is_empty());
}
