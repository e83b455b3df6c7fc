//! Every field on every screen at three sizes.

use tim_history::api::wire;
use tim_history::app::event::{Effect, Event, ExportEnd, ExportNews};
use tim_history::model::error::{ApiError, Attempt};
use tim_history::model::ids::{Conversation, GroupId};
use tim_history::model::text::clean;

use super::strings::{Hostile, Mixer, listed};
use super::terminal::Terminal;
use super::world::{EACH, WHOLE, everything};
use crate::harness::{Harness, Story};

const COUNT: usize = 50;

/// Half of them with a name of their own, from all over the list, half mixtures.
pub(super) fn fifty(seed: u64) -> Vec<Hostile> {
    let mut mixer = Mixer::new(seed);
    let named = listed();
    let named = (0..COUNT / 2).map(|_| named[mixer.below(named.len())].clone());
    let mut all: Vec<Hostile> = named.collect();
    all.extend((all.len()..COUNT).map(|_| mixer.mix()));
    all
}

struct Viewer {
    t: Harness,
    terminal: Terminal,
}

impl Viewer {
    async fn open(group: &str, strings: &[Hostile], size: (u16, u16)) -> Self {
        let story = Story::of(everything(strings)).size(size.0, size.1);
        let t = story.open(group).settled().await;
        let mut viewer = Self {
            t,
            terminal: Terminal::new(size),
        };
        viewer.terminal.show(&viewer.t);
        viewer
    }

    /// Presses keys one after the other and looks after each.
    async fn look(&mut self, keys: &[&str]) {
        for keys in keys {
            self.t.press(keys).settle().await;
            self.terminal.show(&self.t);
        }
    }

    /// Presses a key until nothing changes any more, or so often.
    async fn until_the_end(&mut self, key: &str, most: usize) {
        for _ in 0..most {
            if !self.step(key).await {
                return;
            }
        }
    }

    /// Presses a key; whether anything has changed.
    async fn step(&mut self, key: &str) -> bool {
        self.t.press(key).settle().await;
        self.terminal.show(&self.t)
    }

    async fn paste(&mut self, prompt: &str, text: &str, then: &[&str]) {
        self.look(&[prompt]).await;
        self.t.event(Event::Paste(text.to_owned()));
        self.terminal.show(&self.t);
        self.look(then).await;
    }
}

/// Rows of messages, one line each and whole, by names and IDs.
async fn rows(strings: &[Hostile], size: (u16, u16)) -> u64 {
    let mut v = Viewer::open(EACH, strings, size).await;
    v.until_the_end("<pageup>", 400).await;
    v.look(&["i", "w"]).await;
    v.until_the_end("<pagedown>", 400).await;
    // Boxes over the last of them: who, where, what is missing, what to copy.
    for h in strings.iter().take(14) {
        v.look(&["u", "<esc>", "y", "<esc>"]).await;
        v.paste("m", &h.text, &["<enter>", "k"]).await;
    }
    v.look(&["'", "j", "<esc>", "a", "j", "<esc>", "t", "h", "j", "<esc>"])
        .await;
    v.look(&["e", "?", "<esc>", "<esc>"]).await;
    v.terminal.frames
}

/// All fields of each message in each of the views, the card of each sender.
async fn details(strings: &[Hostile], size: (u16, u16)) -> u64 {
    let mut v = Viewer::open(WHOLE, strings, size).await;
    v.look(&["l"]).await;
    for n in 0..strings.len() {
        for view in ["1", "2", "3", "4"] {
            v.look(&[view]).await;
            let most = if view == "1" { 6 } else { 1 };
            v.until_the_end("<pagedown>", most).await;
        }
        // Into the elements, in turn.
        v.look(&["x", "1"]).await;
        for _ in 0..n % 10 {
            v.t.press(".");
        }
        v.look(&["4", "<enter>", "1", "<enter>"]).await;
        v.t.press("h").settle().await;
        v.look(&["<esc>", "u", "<esc>", "y", "<esc>", "k", "l"])
            .await;
    }
    v.terminal.frames
}

/// The groups, their details, their topics, and each of them open.
async fn groups(strings: &[Hostile], size: (u16, u16)) -> u64 {
    let mut v = Viewer::open(EACH, strings, size).await;
    v.look(&["<backtab>", "<home>"]).await;
    for _ in 0..strings.len() + 3 {
        v.look(&["<enter>", "<backtab>", "j"]).await;
    }
    v.look(&["p", "s", "s"]).await;
    v.until_the_end("<pageup>", 60).await;
    for h in strings {
        let filter = h.text.chars().take(3).collect::<String>();
        v.paste("/", &filter, &["<enter>", "<esc>"]).await;
    }
    v.terminal.frames
}

/// Prompts with the strings in them, what they find, and what the service says of them.
async fn prompts(strings: &[Hostile], size: (u16, u16)) -> u64 {
    let mut v = Viewer::open(EACH, strings, size).await;
    for (n, h) in strings.iter().enumerate() {
        let prompt = ["/", "f", "g", "o", ":"][n % 5];
        v.paste(prompt, &h.text, &["<enter>", "<esc>", "<esc>"])
            .await;
    }
    // Enter leads to where nothing is: back to where the rest begins.
    v.paste("o", EACH, &["<enter>", "<esc>"]).await;
    for h in strings {
        v.look(&["e"]).await;
        for news in [
            ExportNews::Ended(ExportEnd::Refused(clean(&h.text))),
            ExportNews::Ended(ExportEnd::Stopped {
                why: Some(clean(&h.text)),
                command: clean(&h.text),
            }),
        ] {
            v.t.event(Event::Export(news));
            v.look(&["<esc>", "e"]).await;
        }
        v.look(&["<esc>"]).await;
    }
    v.terminal.frames
}

/// What the service says where it refuses, in rows, in the box of what stopped.
fn refusals(strings: &[Hostile], size: (u16, u16)) -> u64 {
    let mut frames = 0;
    for (n, h) in strings.iter().enumerate() {
        let code = [10_010, 70_003, 10_002, 99_999][n % 4];
        let body = format!(
            r#"{{"ActionStatus":"FAIL","ErrorCode":{code},"ErrorInfo":"{}"}}"#,
            h.json
        );
        let conversation = Conversation {
            group: GroupId::new(EACH),
            topic: None,
        };
        let body: std::sync::Arc<[u8]> = body.into_bytes().into();
        let fault = wire::page(&body, &conversation).expect_err("a refusal");
        let story = Story::of(everything(&strings[n..=n])).size(size.0, size.1);
        let mut t = story.open(EACH).begin();
        let mut terminal = Terminal::new(size);
        while let Some(effect) = t.pending.pop_front() {
            let Effect::Fetch { id, .. } = effect else {
                continue;
            };
            let attempt = Attempt {
                command: "group_msg_get_simple",
                subject: Some(clean(&h.text)),
                seq: None,
            };
            let error = ApiError {
                attempt,
                fault: fault.clone(),
            };
            t.event(Event::Reply {
                id,
                result: Err(error),
            });
            terminal.show(&t);
        }
        for keys in ["<esc>", "l", "?", "<esc>"] {
            t.press(keys);
            terminal.show(&t);
        }
        frames += terminal.frames;
    }
    frames
}

async fn all(size: (u16, u16), seed: u64) {
    let strings = fifty(seed);
    let frames = [
        rows(&strings, size).await,
        details(&strings, size).await,
        groups(&strings, size).await,
        prompts(&strings, size).await,
        refusals(&strings, size),
    ];
    // Fewer would mean that a key led elsewhere.
    assert!(frames.into_iter().min() > Some(150), "{frames:?}");
}

#[tokio::test]
async fn every_field_on_every_screen_of_a_small_terminal() {
    all((40, 10), 2).await;
}

#[tokio::test]
async fn every_field_on_every_screen_of_a_usual_terminal() {
    all((80, 24), 3).await;
}

#[tokio::test]
async fn every_field_on_every_screen_of_a_large_terminal() {
    all((120, 40), 4).await;
}
