//! Stories of more messages than the memory allowed for them holds.

use crate::harness::{Harness, START, Story};
use tim_history::emulator::{Group, World};

const MESSAGES: u32 = 20_000;

/// In bytes: two thirds of what all of them take, and what is new is not deflated yet.
const MOST: usize = 800_000;

fn text(seq: u32, words: &str) -> String {
    let time = 1_735_689_600 + i64::from(seq - 1) * 60;
    format!(
        r#"{{"From_Account":"user_1","IsPlaceMsg":0,"MsgBody":[{{"MsgContent":{{"Text":"{words}"}},"MsgType":"TIMTextElem"}}],"MsgPriority":1,"MsgRandom":1,"MsgSeq":{seq},"MsgTimeStamp":{time}}}"#
    )
}

async fn begun(memory: usize) -> Harness {
    let group = Group::chat("@TGS#A", MESSAGES)
        .with_item(300, text(300, "the needle"))
        .with_item(3_000, text(3_000, "the thread"));
    Story::of(World::of(vec![group]).at(START))
        .search_calls(0)
        .memory(memory)
        .open("@TGS#A")
        .settled()
        .await
}

/// Answers what is asked until nothing is, and looks at the memory each time. Says what
/// the most of it was.
async fn finish(t: &mut Harness) -> usize {
    let mut most = 0;
    loop {
        most = most.max(t.app.memory());
        match t.pending.pop_front() {
            Some(effect) => t.deliver(effect).await,
            None if t.searches() => t.wake(),
            None => return most,
        }
    }
}

fn state_of(t: &Harness) -> String {
    let timeline = t.app.history().expect("it is open").timeline();
    let counts = timeline.counts();
    format!("{counts:?}")
}

#[tokio::test]
async fn what_is_far_is_given_up_and_comes_back_with_the_reader() {
    let mut free = begun(usize::MAX).await;
    free.press("/needle<enter>");
    let all = finish(&mut free).await;
    assert!(all > MOST * 4 / 3, "{all} B fit anyway");

    let mut t = begun(MOST).await;
    t.press("/needle<enter>");
    let most = finish(&mut t).await;
    assert_eq!(t.selected(), Some(300), "{}", t.keys_line());
    // What one page brings is given room after it is there.
    assert!(most <= MOST + MOST / 10, "{most} B");
    // Nothing was asked twice, and what was learnt is still known.
    assert_eq!(t.history_calls(), free.history_calls());
    assert_eq!(state_of(&t), state_of(&free));

    let before = t.history_calls();
    t.press("<end>").run().await;
    assert!(t.messages().contains("message 20000"), "{}", t.messages());
    free.press("<end>").run().await;
    // The title says as of when.
    let rows = |t: &Harness| {
        t.messages()
            .split_once('\n')
            .map(|(_, rows)| rows.to_owned())
    };
    assert_eq!(rows(&t), rows(&free));
    let again = t.history_calls() - before;
    assert!((1..20).contains(&again), "{again} calls for two screens");
}

#[tokio::test]
async fn a_search_does_not_pass_over_what_was_given_up() {
    let mut t = begun(MOST).await;
    t.press("/needle<enter>");
    finish(&mut t).await;
    let before = t.history_calls();
    t.press("/thread<enter>");
    finish(&mut t).await;
    t.press("N");
    finish(&mut t).await;
    assert_eq!(t.selected(), Some(3_000), "{}", t.keys_line());
    assert!(t.history_calls() - before > 100, "it had to ask");
    assert!(t.messages().contains("the thread"), "{}", t.messages());
}
