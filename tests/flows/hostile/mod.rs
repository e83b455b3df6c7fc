//! Whatever strangers write, and wherever it stands: the terminal gets what was
//! painted, in our own writer's words, and nothing in it acts.

mod harmless;
mod screens;
mod strings;
mod terminal;
mod ways;
mod world;

use strings::{Hostile, Mixer, listed};
use terminal::Terminal;

use crate::harness::Story;

/// In the text of one message each.
const STRINGS: usize = 10_000;

/// Everything that has a name, and mixtures up to so many.
fn strings(count: usize, seed: u64) -> Vec<Hostile> {
    let mut mixer = Mixer::new(seed);
    let mut all = listed();
    while all.len() < count {
        all.push(mixer.mix());
    }
    all
}

/// Every message is on the screen once: in rows of a line each, or whole.
async fn pages(strings: &[Hostile], size: (u16, u16), whole: bool) {
    let story = Story::of(world::texts(strings)).size(size.0, size.1);
    let mut t = story.open(world::EACH).settled().await;
    let mut terminal = Terminal::new(size);
    t.press("+");
    if whole {
        t.press("w");
    }
    while terminal.show(&t) {
        t.press("<pageup>").settle().await;
    }
    assert_eq!(t.selected(), Some(1), "paged through to the start");
}

#[tokio::test]
async fn ten_thousand_strings_in_the_text_of_a_message() {
    let strings = strings(STRINGS, 1);
    let (one, other) = strings.split_at(strings.len() / 2);
    pages(one, (160, 48), false).await;
    pages(other, (160, 48), false).await;
}

#[tokio::test]
async fn every_string_with_a_name_in_whole_messages() {
    pages(&listed(), (120, 40), true).await;
}
