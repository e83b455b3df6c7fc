//! What a key copies, and what a reader is told of it. The tests answer as the
//! runtime does.

use tim_history::app::event::{Beyond, Copied, Copy, Effect, Event, Hint, Route, Wrapping};
use tim_history::emulator::{Group, World};
use tim_history::model::copyable::Copyable;

use crate::harness::{Harness, START, Story};

async fn open(width: u16) -> Harness {
    let world = World::of(vec![Group::chat("@TGS#A", 200)]);
    let story = Story::of(world).open("@TGS#A").size(width, 24);
    story.settled().await
}

#[tokio::test]
async fn a_node_of_the_tree_is_copied_by_its_key() {
    let story = Story::of(World::demo_at(START)).open("@TGS#15ERQPAER");
    let mut t = story.size(80, 24).settled().await;
    t.press("ly");
    assert!(t.copies().is_empty());
    assert!(
        t.screen().contains("copy seq "),
        "elsewhere it opens the menu"
    );
    t.press("<esc>4y");
    t.answer_copy(Route::Terminal(Wrapping::Plain));
    let line = t.keys_line();
    assert!(line.starts_with("node as JSON, "), "{line}");
    t.press("jjjy");
    let copies = t.copies();
    let [copy] = copies.as_slice() else {
        panic!("one copy: {copies:?}");
    };
    assert_eq!(
        (copy.what.as_str(), copy.text.as_str()),
        ("node as JSON", "\"MaoTon\"")
    );
}

/// As a pane does it.
fn ask(t: &mut Harness, json: &str) {
    t.done.push(Effect::Copy(Copy {
        text: Copyable::json(json.as_bytes()),
        what: "node as JSON".to_owned(),
    }));
}

#[tokio::test]
async fn what_became_of_a_copy_is_said_until_the_next_key() {
    let mut t = open(140).await;
    let keys = t.keys_line();
    ask(&mut t, r#"{"a":1}"#);
    assert_eq!(t.copies().len(), 1);
    t.answer_copy(Route::Terminal(Wrapping::Plain));
    assert_eq!(
        t.keys_line(),
        "node as JSON, 7 B: sent to the terminal (OSC 52, not confirmed) · \
         also in ~/.local/state/tim-history/last-copy.txt"
    );
    assert!(t.copies().is_empty());
    t.press("k");
    assert_eq!(t.keys_line(), keys);
}

#[tokio::test]
async fn eighty_columns_hold_the_answer() {
    let mut t = open(80).await;
    for route in [
        Route::Terminal(Wrapping::Screen),
        Route::Tmux(Beyond::Asked),
        Route::Tmux(Beyond::Through),
        Route::Tmux(Beyond::TooLarge),
        Route::TooLarge,
    ] {
        ask(&mut t, &"1".repeat(123_400));
        t.answer_copy(route);
        let line = t.keys_line();
        assert!(t.view().keys.width() <= 80, "{line}");
        assert!(line.starts_with("node as JSON, 123.4 kB: "), "{line}");
        assert!(line.ends_with(" in last-copy.txt"), "{line}");
    }
}

#[tokio::test]
async fn the_answer_to_a_copy_stands_above_a_search_that_runs() {
    let mut t = open(80).await;
    t.press("/nowhere to be found<enter>");
    assert!(t.searches(), "{}", t.keys_line());
    ask(&mut t, "[]");
    t.answer_copy(Route::Tmux(Beyond::Asked));
    let said = "node as JSON, 2 B: in tmux";
    assert!(t.keys_line().starts_with(said), "{}", t.keys_line());
    t.press("k");
    assert!(t.searches(), "{}", t.keys_line());
}

#[tokio::test]
async fn the_question_whether_to_quit_outlives_the_answer_to_a_copy() {
    let mut t = open(80).await;
    t.press("/nowhere to be found<enter>");
    assert!(t.searches(), "{}", t.keys_line());
    ask(&mut t, "[]");
    t.press("q");
    let question = t.keys_line();
    t.answer_copy(Route::Tmux(Beyond::Asked));
    assert_eq!(t.keys_line(), question, "the next q would quit unasked");
}

#[tokio::test]
async fn what_tmux_says_does_nothing_to_the_screen() {
    let mut t = open(140).await;
    t.event(Event::Copied(Copied {
        what: "a\u{1b}[31m\nb".to_owned(),
        bytes: 0,
        route: Route::TooLarge,
        file: Err("permission denied".into()),
        hints: vec![Hint::Refused("lost server".into())],
    }));
    let line = t.keys_line();
    assert!(line.starts_with("a^[[31m⏎b"), "{line}");
    assert!(
        line.ends_with("in no file: permission denied · tmux: lost server"),
        "{line}"
    );
    assert!(t.paint().contains("permission denied"));
}
