//! Stories of where the view stands: jumps, refreshes and scrolls at the sizes
//! where they are hard.

use crate::harness::{START, Story};
use tim_history::app::history::History;
use tim_history::app::view::Pane;
use tim_history::emulator::{Group, Kind, Truth, World};
use tim_history::model::ids::Seq;

fn one(group: Group) -> World {
    World::of(vec![group]).at(START)
}

#[tokio::test]
async fn a_permalink_lands_on_its_seq_where_the_newest_page_fits_the_screen() {
    for (width, height) in [(80, 24), (120, 40), (160, 48), (200, 100)] {
        let t = Story::of(one(Group::chat("@TGS#A", 100_000)))
            .size(width, height)
            .open("tim-history://1400000000/%40TGS%23A/50000")
            .settled()
            .await;
        assert!(
            t.row_of("message 50000").is_some(),
            "{width}x{height}\n{}",
            t.messages()
        );
        assert_eq!(
            t.app.history().and_then(History::selected),
            Seq::new(50_000)
        );
    }
}

#[tokio::test]
async fn asking_again_moves_nothing_under_a_reader_who_is_not_at_the_end() {
    let mut t = Story::of(one(Group::chat("@TGS#A", 100)))
        .size(160, 48)
        .open("@TGS#A")
        .settled()
        .await;
    t.press("kkk");
    let row = t.row_of("message 97");
    assert!(row.is_some());
    t.service
        .change(|world| world.group_mut("@TGS#A").expect("there").grow(6));
    t.press("R").settle().await;
    assert!(
        t.view().status.text().contains("of 106"),
        "{}",
        t.view().status.text()
    );
    assert_eq!(t.row_of("message 97"), row, "{}", t.messages());
    t.press("G").settle().await;
    assert!(t.row_of("message 106").is_some());
}

#[tokio::test]
async fn asking_again_asks_no_history_of_a_group_without_one() {
    let live = Group::chat("@TGS#L", 45)
        .of_kind(Kind::AVChatRoom)
        .named("Live");
    let mut t = Story::of(one(live)).settled().await;
    t.press("<enter>").settle().await;
    t.press("R");
    assert!(
        t.messages().starts_with("Live"),
        "the name stays: {}",
        t.messages()
    );
    t.settle().await;
    assert_eq!(t.history_calls(), 0);
}

#[tokio::test]
async fn the_detail_pane_goes_on_from_a_message_taller_than_the_list() {
    let group = Group::streams("@TGS#S", 6, 4_000);
    let mut t = Story::of(one(group)).open("@TGS#S").settled().await;
    t.press("<enter>K").settle().await;
    assert!(t.detail().starts_with("seq 5"), "{}", t.detail());
    t.press("KJ").settle().await;
    assert!(t.detail().starts_with("seq 5"), "{}", t.detail());
}

#[tokio::test]
async fn a_folded_run_does_not_swallow_its_day() {
    let group = Group::chat("@TGS#A", 40).with_truth(1..=10, Truth::Gone);
    let mut t = Story::of(one(group)).open("@TGS#A").settled().await;
    t.press("g1<enter>").settle().await;
    let text = t.messages();
    let day = text.find("── Wed 2025-01-01").expect("the day");
    let run = text.find("10 deleted or expired").expect("the run");
    assert!(day < run, "{text}");
}

#[tokio::test]
async fn a_selection_that_was_scrolled_away_comes_to_the_reader() {
    let mut t = Story::of(one(Group::chat("@TGS#A", 400)))
        .open("@TGS#A")
        .settled()
        .await;
    for _ in 0..60 {
        t.press("<ctrl-y>").settle().await;
    }
    let top = t
        .messages()
        .lines()
        .nth(1)
        .expect("a row")
        .trim()
        .to_owned();
    t.press("j");
    let shown = t.messages();
    let selected = shown
        .lines()
        .find(|l| l.starts_with('>'))
        .expect("a visible selection");
    assert!(selected.contains(&top), "{selected} is not {top}");
}

#[tokio::test]
async fn a_paste_that_went_astray_makes_no_call() {
    let mut t = Story::of(one(Group::chat("@TGS#A", 5)))
        .open("@TGS#A")
        .settled()
        .await;
    let calls = t.service.calls().len();
    t.event(tim_history::app::event::Event::Paste(
        "refund please thanks".to_owned(),
    ));
    t.settle().await;
    assert_eq!(t.service.calls().len(), calls);
    assert!(
        t.view().keys.text().contains("refund please thanks"),
        "{}",
        t.view().keys.text()
    );
    t.press("<esc>");
    t.event(tim_history::app::event::Event::Paste(
        "https://example.com".to_owned(),
    ));
    assert!(
        t.view().keys.text().contains("web address"),
        "{}",
        t.view().keys.text()
    );
    assert_eq!(
        t.view()
            .panes
            .iter()
            .filter(|p| p.focused)
            .map(|p| p.pane)
            .next(),
        Some(Pane::Messages)
    );
}
