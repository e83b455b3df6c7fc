//! Stories of filtering: what stays, what is said of the rest, what it costs; and
//! the law that what is shown is what matches.

use std::time::Duration;

use crate::harness::{Harness, START, Story, keys_of};
use crate::order::{HEAD, World as Group400};
use proptest::prelude::*;
use tim_history::app::event::{Event, Size};
use tim_history::app::history::{BlockKind, History};
use tim_history::app::key::{Mouse, MouseKind};
use tim_history::app::view::Pane;
use tim_history::emulator::{Group, Knobs, Truth, User, World};
use tim_history::model::ids::Seq;
use tim_history::model::query::{Query, Subject};
use tim_history::model::timeline::SeqState;
use tim_history::model::wrong::Wrong;

fn one(group: Group) -> World {
    World::of(vec![group]).at(START)
}

fn named(nick: &str) -> User {
    User {
        nick: nick.to_owned(),
        ..User::default()
    }
}

/// The numbers of the messages on screen that say "message n".
fn numbers(rows: impl Iterator<Item = String>) -> Vec<u32> {
    let number = |row: String| {
        let (_, after) = row.split_once("message ")?;
        let end = after.find(|c: char| !c.is_ascii_digit());
        after.get(..end.unwrap_or(after.len()))?.parse().ok()
    };
    rows.filter_map(number).collect()
}

fn shown(t: &Harness) -> Vec<u32> {
    numbers(t.messages().lines().skip(1).map(str::to_owned))
}

/// The rows as running words.
fn words_of(t: &Harness) -> String {
    let text = t.messages().replace("\n O ", " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn title(t: &Harness) -> String {
    t.messages().lines().next().expect("a title").to_owned()
}

fn status(t: &Harness) -> String {
    t.view().status.text()
}

async fn filtered(group: Group, filter: &str) -> Harness {
    let mut t = Story::of(one(group))
        .size(80, 60)
        .open("@TGS#A")
        .settled()
        .await;
    t.press("+f").press(filter).press("<enter>").settle().await;
    t
}

#[tokio::test]
async fn every_kind_of_term_shows_what_it_says() {
    let by_sender = |n: u32| (1..=60).filter(|seq| seq % 5 == n).collect::<Vec<u32>>();
    let cases: &[(&str, Vec<u32>)] = &[
        ("from:user_3", by_sender(3)),
        ("from:user_3 -message", Vec::new()),
        ("type:file", Vec::new()),
        ("type:text from:user_1,user_3 seq:..9", vec![1, 3, 6, 8]),
        (
            r#"after:"2025-01-01 08:30" before:"2025-01-01 08:40""#,
            (31..=40).collect(),
        ),
        ("seq:12..14,50", vec![12, 13, 14, 50]),
        ("\"message 5\"", (50..60).rev().chain([5]).rev().collect()),
        ("re:e.[12]0$", vec![10, 20]),
        ("seq:30 ctx:2", vec![28, 29, 30, 31, 32]),
        (
            "-from:user_0,user_1,user_2,user_3 seq:1..20",
            vec![4, 9, 14, 19],
        ),
    ];
    for (filter, expected) in cases {
        let t = filtered(Group::chat("@TGS#A", 60), filter).await;
        assert_eq!(&shown(&t), expected, "{filter}\n{}", t.messages());
        let words = format!("{} of 60 loaded shown", expected.len());
        let words = if filter.contains("ctx") {
            "1 of 60 loaded shown".to_owned()
        } else {
            words
        };
        assert!(status(&t).contains(&words), "{filter}: {}", status(&t));
        let start = filter.get(..8).expect("long enough");
        assert!(
            title(&t).contains(&format!("filter: {start}")),
            "{}",
            title(&t)
        );
    }
}

#[tokio::test]
async fn states_are_found_with_their_neighbours_and_holes_stay() {
    let group = || {
        Group::chat("@TGS#A", 60)
            .with_truth(20..=20, Truth::Recalled)
            .with_truth(40..=41, Truth::Gone)
            .with_truth(50..=52, Truth::Withheld)
    };
    let t = filtered(group(), "is:recalled ctx:2").await;
    assert_eq!(shown(&t), [18, 19, 21, 22], "{}", t.messages());
    assert!(t.messages().contains("recalled"), "{}", t.messages());
    assert!(t.messages().contains("3 withheld"), "{}", t.messages());
    assert!(!t.messages().contains("2 deleted"), "{}", t.messages());
    assert!(
        status(&t).contains("1 of 60 loaded shown"),
        "{}",
        status(&t)
    );
    let t = filtered(group(), "is:gone,withheld").await;
    assert!(t.messages().contains("2 deleted"), "{}", t.messages());
    assert!(
        status(&t).contains("5 of 60 loaded shown"),
        "{}",
        status(&t)
    );
    let t = filtered(group(), "is:gone").await;
    assert!(
        status(&t).contains("2 of 60 loaded shown"),
        "{}",
        status(&t)
    );
}

#[tokio::test]
async fn a_wrong_term_changes_nothing_and_says_where_and_why() {
    let mut t = filtered(Group::chat("@TGS#A", 60), "from:user_3").await;
    let before = shown(&t);
    for (wrong, why) in [
        (" is:rekalled", "rekalled"),
        (" after:someday", "someday"),
        (" text:re:a(b", "unclosed"),
        (" fron:user_1", "fron"),
    ] {
        t.press("f").press(wrong).press("<enter>").settle().await;
        assert!(status(&t).starts_with("? "), "{}", status(&t));
        assert!(status(&t).contains(why), "{}", status(&t));
        assert_eq!(t.keys_line(), format!("filter: from:user_3{wrong}"));
        assert_eq!(shown(&t), before);
        t.press("<esc>");
        assert!(title(&t).contains("filter: from:user_3 ·"), "{}", title(&t));
    }
}

#[tokio::test]
async fn tab_completes_keys_types_states_and_senders() {
    let mut t = Story::of(one(Group::chat("@TGS#A", 60)))
        .open("@TGS#A")
        .settled()
        .await;
    t.press("fty<tab>");
    assert_eq!(t.keys_line(), "filter: type:");
    t.press("im<tab>");
    assert_eq!(t.keys_line(), "filter: type:image");
    t.press("<ctrl-u>is:rec<tab>");
    assert_eq!(t.keys_line(), "filter: is:recalled");
    t.press("<ctrl-u>from:us<tab>");
    assert_eq!(t.keys_line(), "filter: from:user_");
    let offers = status(&t);
    assert!(offers.starts_with("Tab: "), "{offers}");
    for n in 0..5 {
        assert!(offers.contains(&format!("user_{n}")), "{offers}");
    }
    t.press("4<enter>").settle().await;
    assert!(shown(&t).iter().all(|n| n % 5 == 4), "{}", t.messages());
}

#[tokio::test]
async fn it_pages_on_until_the_screen_is_full() {
    let mut t = Story::of(one(Group::chat("@TGS#A", 2_000)))
        .open("@TGS#A")
        .settled()
        .await;
    let before = t.history_calls();
    t.press("ffrom:user_3<enter>").settle().await;
    let rows = t.messages();
    assert!(!rows.contains("not loaded"), "{rows}");
    assert!(shown(&t).len() > 8, "{rows}");
    let calls = t.history_calls() - before;
    assert!(calls <= 10, "{calls} calls");
    // One in five of a page's 20 is shown: a screen up is some five pages.
    for _ in 0..10 {
        t.press("<pageup>").settle().await;
        assert!(!t.messages().contains("not loaded"), "{}", t.messages());
    }
}

#[tokio::test]
async fn ten_calls_are_spent_for_one_key_and_it_says_so() {
    let mut t = Story::of(one(Group::chat("@TGS#A", 2_000)))
        .open("@TGS#A")
        .settled()
        .await;
    let calls = t.history_calls();
    t.press("fnowhere<enter>").settle().await;
    assert_eq!(t.history_calls() - calls, 10);
    let rows = t.messages();
    assert!(rows.contains("10 pages asked for with this key"), "{rows}");
    let loaded = t.app.history().expect("open").timeline().loaded();
    let words = format!("None of the {loaded} loaded matches the filter. f changes it");
    assert!(words_of(&t).contains(&words), "{words}: {rows}");
    // Nothing goes on by itself.
    t.advance(Duration::from_mins(1)).await;
    assert_eq!(t.history_calls() - calls, 10);
    t.press("k").settle().await;
    assert_eq!(t.history_calls() - calls, 20);
    assert!(
        t.messages().contains("10 pages asked for"),
        "{}",
        t.messages()
    );
    t.press("<enter>").settle().await;
    assert_eq!(t.history_calls() - calls, 30);
}

#[tokio::test]
async fn a_filter_that_nothing_matches_says_so_and_how_to_change_it() {
    let t = filtered(Group::chat("@TGS#A", 30), "nowhere").await;
    let rows = words_of(&t);
    assert!(
        rows.contains("None of the 30 loaded matches the filter"),
        "{rows}"
    );
    assert!(rows.contains("f changes it"), "{rows}");
    assert!(
        status(&t).contains("0 of 30 loaded shown"),
        "{}",
        status(&t)
    );
    // Where holes stay on the screen as well.
    let group = Group::chat("@TGS#A", 30).with_truth(10..=12, Truth::Withheld);
    let t = filtered(group, "nowhere").await;
    let rows = words_of(&t);
    assert!(rows.contains("3 withheld"), "{rows}");
    assert!(
        rows.contains("None of the 30 loaded matches the filter"),
        "{rows}"
    );
}

#[tokio::test]
async fn the_selection_moves_to_the_nearest_row_and_stays_when_all_is_shown_again() {
    let mut t = Story::of(one(Group::chat("@TGS#A", 100)))
        .size(80, 40)
        .open("tim-history://1400000000/%40TGS%23A/70")
        .settled()
        .await;
    t.press("ffrom:user_3<enter>").settle().await;
    // 68 and 73 are theirs.
    assert_eq!(t.selected(), Some(68));
    t.press("kj");
    assert_eq!(t.selected(), Some(68));
    t.press("k");
    assert_eq!(t.selected(), Some(63));
    let row = t.row_of("message 63");
    t.press("f<ctrl-u><enter>").settle().await;
    assert_eq!(t.selected(), Some(63));
    assert_eq!(t.row_of("message 63"), row, "the line under the eye stays");
    assert!(t.row_of("message 64").is_some(), "{}", t.messages());
    assert!(!title(&t).contains("filter"), "{}", title(&t));
    assert!(!status(&t).contains("shown"), "{}", status(&t));
    // Cancelling a prompt leaves the filter alone.
    t.press("ffrom:user_1<enter>f<ctrl-u>x<esc>").settle().await;
    assert!(title(&t).contains("filter: from:user_1"), "{}", title(&t));
}

#[tokio::test]
async fn days_are_right_between_what_is_shown() {
    // A day has 24 messages; only every fifth is shown.
    let group = Group::chat("@TGS#A", 100).sent_at(START - 100 * 3_600, 3_600);
    let t = filtered(group, "seq:9,10,30,99").await;
    let text = t.messages();
    let lines: Vec<&str> = text
        .lines()
        .filter(|l| l.contains("──") || l.contains("message"))
        .collect();
    let kinds: Vec<bool> = lines.iter().map(|l| l.contains("message")).collect();
    assert_eq!(
        kinds,
        [false, true, true, false, true, false, true],
        "{text}"
    );
}

#[tokio::test]
async fn names_that_come_later_count() {
    let world = World::of(vec![Group::chat("@TGS#A", 60)])
        .at(START)
        .with_user("user_2", named("Alice Li"));
    let mut t = Story::of(world).size(80, 60).open("@TGS#A").begin();
    let mut held = Vec::new();
    // Only history is answered.
    while let Some(effect) = t.pending.pop_front() {
        let names = format!("{effect:?}");
        if names.contains("Members") || names.contains("Names") {
            held.push(effect);
        } else {
            t.deliver(effect).await;
        }
    }
    t.press("ffrom:\"alice li\"<enter>");
    assert_eq!(shown(&t), Vec::<u32>::new());
    for effect in held {
        t.deliver(effect).await;
    }
    t.settle().await;
    let theirs: Vec<u32> = (1..=60).filter(|seq| seq % 5 == 2).collect();
    assert!(theirs.ends_with(&shown(&t)), "{}", t.messages());
    assert!(shown(&t).len() > 3, "{}", t.messages());
    assert!(
        status(&t).contains("12 of 60 loaded shown"),
        "{}",
        status(&t)
    );
}

#[tokio::test]
async fn senders_that_no_row_shows_are_named_for_the_filter() {
    let world = World::of(vec![Group::chat("@TGS#A", 400)])
        .at(START)
        .with_user("rare_user", named("Rare Bird"));
    let mut t = Story::of(world).open("@TGS#A").settled().await;
    t.service.change(|world| {
        let item = r#"{"From_Account":"rare_user","IsPlaceMsg":0,"MsgBody":[{"MsgContent":{"Text":"hello"},"MsgType":"TIMTextElem"}],"MsgPriority":1,"MsgRandom":1,"MsgSeq":330,"MsgTimeStamp":1735709340}"#;
        world.group_mut("@TGS#A").expect("there").put(330, item);
    });
    t.press("ffrom:bird<enter>").settle().await;
    assert!(t.row_of("hello").is_some(), "{}", t.messages());
    assert!(t.row_of("Rare Bird").is_some(), "{}", t.messages());
}

#[tokio::test]
async fn what_failed_stays_as_a_row_under_any_filter() {
    let mut t = Story::of(one(Group::chat("@TGS#A", 400)))
        .open("@TGS#A")
        .settled()
        .await;
    t.service.set(Knobs {
        fail_always: Some(10_004),
        only: Some("group_msg_get_simple".to_owned()),
        ..Knobs::default()
    });
    t.press("fis:failed");
    assert!(
        status(&t).contains("failed pages stand in the rows of what is not loaded"),
        "{}",
        status(&t)
    );
    t.press("<enter>").settle().await;
    assert!(t.messages().contains("not loaded"), "{}", t.messages());
    assert!(t.messages().contains("10004"), "{}", t.messages());
    assert!(status(&t).contains("0 of"), "{}", status(&t));
}

#[tokio::test]
async fn the_wheel_goes_on_after_ten_calls() {
    let mut t = Story::of(one(Group::chat("@TGS#A", 4_000)))
        .size(120, 40)
        .open("@TGS#A")
        .settled()
        .await;
    t.press(":mouse<enter>fnowhere<enter>").settle().await;
    let calls = t.history_calls();
    t.event(Event::Mouse(Mouse {
        kind: MouseKind::ScrollUp,
        column: 60,
        row: 30,
    }));
    t.settle().await;
    assert_eq!(t.history_calls() - calls, 10, "{}", t.messages());
}

#[tokio::test]
async fn ten_calls_are_ten_though_they_go_both_ways() {
    let mut t = Story::of(one(Group::chat("@TGS#A", 4_000)))
        .open("tim-history://1400000000/%40TGS%23A/2000")
        .settled()
        .await;
    let calls = t.history_calls();
    t.press("fseq:2000<enter>").settle().await;
    assert_eq!(t.history_calls() - calls, 10, "{}", t.messages());
}

#[tokio::test]
async fn none_is_said_to_match_only_when_the_names_have_come() {
    let world = World::of(vec![Group::chat("@TGS#A", 30)]).at(START);
    let mut t = Story::of(world).size(80, 60).open("@TGS#A").begin();
    let mut held = Vec::new();
    while let Some(effect) = t.pending.pop_front() {
        let words = format!("{effect:?}");
        if words.contains("Members") || words.contains("Names") {
            held.push(effect);
        } else {
            t.deliver(effect).await;
        }
    }
    t.press("ffrom:nobody<enter>");
    let rows = words_of(&t);
    assert!(rows.contains("names are still coming"), "{rows}");
    assert!(!rows.contains("None of"), "{rows}");
    assert!(status(&t).contains("0+ of 30"), "{}", status(&t));
    for effect in held {
        t.deliver(effect).await;
    }
    t.settle().await;
    let rows = words_of(&t);
    assert!(rows.contains("None of the 30 loaded"), "{rows}");
    assert!(status(&t).contains("0 of 30"), "{}", status(&t));
}

#[tokio::test]
async fn the_withheld_that_are_meant_are_counted_as_pages_come() {
    let group = Group::chat("@TGS#A", 900)
        .with_truth(890..=892, Truth::Withheld)
        .with_truth(20..=23, Truth::Withheld);
    let mut t = filtered(group, "is:withheld").await;
    assert!(status(&t).contains("3 of"), "{}", status(&t));
    t.press("g20<enter>").settle().await;
    assert!(status(&t).contains("7 of"), "{}", status(&t));
}

/// What the law of the filter says of one seq, by looking at each neighbour.
fn is_shown(history: &History, query: &Query, seq: u32) -> bool {
    let timeline = history.timeline();
    let at = |seq: u32| Seq::new(seq).map_or(SeqState::Unfetched, |s| timeline.state(s));
    let matches = |seq: u32| {
        let Some(s) = Seq::new(seq) else { return false };
        query.matches(&Subject {
            seq: s,
            state: timeline.state(s),
            failed: false,
            message: timeline.message(s),
            name: None,
        })
    };
    if matches(seq) {
        return true;
    }
    let near = |step: fn(u32) -> u32| {
        let mut next = step(seq);
        for _ in 0..query.context() {
            match at(next) {
                SeqState::Unfetched => return false,
                _ if matches(next) => return true,
                SeqState::Withheld => return false,
                _ => next = step(next),
            }
        }
        false
    };
    near(|s| s + 1) || near(|s| s.saturating_sub(1))
}

#[derive(Debug, Clone)]
enum Step {
    Press(&'static str),
    Filter(&'static str),
    Answer(usize, bool),
    Resize(u16, u16),
}

fn size() -> impl Strategy<Value = (u16, u16)> {
    prop_oneof![(1..=60_u16, 1..=20_u16), (40..=120_u16, 10..=50_u16)]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let keys = prop::sample::select(vec![
        "k",
        "j",
        "<pageup>",
        "<pagedown>",
        "<ctrl-u>",
        "<ctrl-d>",
        "<home>",
        "G",
        "R",
        "<enter>",
        "<esc>",
        "i",
        "w",
    ]);
    let filters = prop::sample::select(vec![
        "",
        "from:user_1",
        "-from:user_1",
        "from:user_2 ctx:1",
        "is:recalled",
        "is:gone,withheld",
        "is:recalled ctx:3",
        "seq:100..200 -is:present ctx:1",
        "seq:390..",
        "re:[27]$|3\\b",
        "\"message 39\"",
        "word word -7",
        "nowhere",
        "type:image",
    ]);
    let step = prop_oneof![
        6 => keys.prop_map(Step::Press),
        2 => filters.prop_map(Step::Filter),
        7 => (any::<usize>(), prop::bool::weighted(0.1)).prop_map(|(n, f)| Step::Answer(n, f)),
        1 => size().prop_map(|(w, h)| Step::Resize(w, h)),
    ];
    prop::collection::vec(step, 1..60)
}

/// The selected row is on the screen and shown by right, and the rows between the
/// first and the last are those that match.
fn what_is_shown_matches(world: &Group400) -> Result<(), TestCaseError> {
    let Some(history) = world.app.history() else {
        return Ok(());
    };
    let panes = &world.app.view().panes;
    let Some(pane) = panes.iter().find(|p| p.pane == Pane::Messages) else {
        return Ok(());
    };
    if !history.is_open() || pane.rows.is_empty() {
        return Ok(());
    }
    let Some(source) = history.filter().map(Query::source) else {
        return Ok(());
    };
    let no_time = |_: &str| Err(Wrong::new(0..0, "none here"));
    let query = Query::parse(source, &no_time).expect("it is in force");
    let screen = || pane.rows.iter().map(|r| r.line.text());
    let all = || screen().collect::<Vec<_>>().join("\n");
    let Some(visible) = history.on_screen() else {
        // Nothing matches and nothing is left to load.
        let none = (1..=HEAD).all(|seq| !is_shown(history, &query, seq));
        prop_assert!(none, "{source}: nothing is shown");
        return Ok(());
    };
    let block = history.selected_block().expect("a selection");
    prop_assert!(block.kind != BlockKind::Hidden, "{source}: {block:?}");
    prop_assert!(
        pane.rows.iter().any(|r| r.selected),
        "{source}: {:?} is not on the screen\n{}",
        history.selected(),
        all()
    );
    if let BlockKind::Single(state) = block.kind {
        let right = state == SeqState::Withheld || is_shown(history, &query, block.first.get());
        prop_assert!(right, "{source}: {block:?} is selected");
    }
    // The first and the last may be cut.
    let inside = visible.first().get() + 1..visible.last().get();
    let mut expected: Vec<u32> = inside
        .clone()
        .filter(|seq| {
            Seq::new(*seq).is_some_and(|s| history.timeline().state(s) == SeqState::Present)
        })
        .filter(|seq| is_shown(history, &query, *seq))
        .collect();
    expected.sort_unstable();
    let found: Vec<u32> = numbers(screen())
        .into_iter()
        .filter(|n| inside.contains(n))
        .collect();
    prop_assert_eq!(found, expected, "{}\n{}", source, all());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_shown_is_what_matches(steps in steps(), (width, height) in size()) {
        let mut world = Group400::new(Size { width, height });
        for step in steps {
            match step {
                Step::Press(keys) => {
                    for key in keys_of(keys) {
                        world.event(Event::Key(key));
                    }
                }
                Step::Filter(filter) => {
                    for key in keys_of("<esc><esc><tab>") {
                        world.event(Event::Key(key));
                    }
                    for key in keys_of(&format!("f<ctrl-u>{filter}<enter>")) {
                        world.event(Event::Key(key));
                    }
                }
                Step::Answer(which, fails) => world.answer(which, fails),
                Step::Resize(width, height) => world.event(Event::Resize(Size { width, height })),
            }
            what_is_shown_matches(&world)?;
        }
    }
}
