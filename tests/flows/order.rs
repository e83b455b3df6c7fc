//! The law of the anchor: whatever lands, in whatever order, the line under the eye stays.

use std::time::{Duration, Instant};

use crate::harness::{START, keys_of};
use proptest::prelude::*;
use tim_history::app::event::{Effect, Event, Now, Request, Response, SavedState, Size};
use tim_history::app::history::BlockKind;
use tim_history::app::keymap::Keymap;
use tim_history::app::view::{Gutter, Pane};
use tim_history::app::{App, Settings};
use tim_history::model::error::{ApiError, Attempt, Fault};
use tim_history::model::ids::{SdkAppId, Seq, UserId};
use tim_history::model::message::{Ask, Finished, ItemState, Message, Page, Raw, Timestamp};
use tim_history::model::permalink;
use tim_history::model::text::Clean;
use tim_history::model::time::Zone;
use tim_history::model::timeline::SeqState;

const HEAD: u32 = 400;

/// What the group really holds; every fifth seq or so is no message.
fn truth(seq: u32) -> SeqState {
    match (seq.wrapping_mul(2_654_435_761) >> 7) % 11 {
        0 => SeqState::Gone,
        1 => SeqState::Recalled,
        2 if seq < HEAD => SeqState::Withheld,
        _ if (120..150).contains(&seq) => SeqState::Withheld,
        _ => SeqState::Present,
    }
}

fn message(seq: u32) -> Option<Message> {
    let state = match truth(seq) {
        SeqState::Withheld => return None,
        SeqState::Gone => ItemState::Gone,
        SeqState::Recalled => ItemState::Recalled,
        SeqState::Present | SeqState::Unreadable | SeqState::Unfetched => ItemState::Present,
    };
    let text = "word ".repeat(usize::try_from(seq % 30).expect("small"));
    let json = format!(
        r#"{{"MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"message {seq} {text}"}}}}],"MsgSeq":{seq}}}"#
    );
    Some(Message {
        seq: Seq::new(seq),
        time: Timestamp::new(START - 4_000_000 + i64::from(seq) * 4_000),
        sender: Some(UserId::new("user")),
        state,
        system: false,
        random: Some(seq),
        priority: None,
        repaired: false,
        raw: Raw::from(json.as_str()),
    })
}

fn page(ask: &Ask) -> Page {
    let top = ask.seq.map_or(HEAD, |s| s.get().min(HEAD));
    let items = (1..=top).rev().filter_map(message);
    let items = items.take(usize::try_from(ask.count.get()).expect("20"));
    Page {
        items: items.collect(),
        finished: Finished::Whole,
    }
}

struct World {
    app: App,
    asked: Vec<Effect>,
    base: Instant,
    passed: Duration,
}

impl World {
    fn new(size: Size) -> Self {
        let settings = Settings {
            label: Clean::from("test"),
            app: SdkAppId(1),
            zones: vec![Zone::utc()],
            ascii: false,
            mouse: false,
            calls_per_second: 20,
            keymap: Keymap::default(),
            seed: 3,
            hint: None,
            open: Some(permalink::read("group").expect("an ID")),
        };
        let app = App::new(settings, SavedState::default());
        let mut world = Self {
            app,
            asked: Vec::new(),
            base: Instant::now(),
            passed: Duration::ZERO,
        };
        world.event(Event::Resize(size));
        world
    }

    fn event(&mut self, event: Event) {
        let now = Now {
            mono: self.base + self.passed,
            wall: Timestamp::new(START),
        };
        let effects = self.app.update(event, now);
        self.asked.extend(
            effects
                .into_iter()
                .filter(|e| matches!(e, Effect::Fetch { .. })),
        );
    }

    /// Answers one of the open asks, or lets it fail.
    fn answer(&mut self, which: usize, fails: bool) {
        if self.asked.is_empty() {
            return;
        }
        let Effect::Fetch { id, request } = self.asked.remove(which % self.asked.len()) else {
            return;
        };
        let failed = ApiError {
            attempt: Attempt {
                command: "any",
                subject: None,
                seq: None,
            },
            fault: Fault::Unreachable {
                host: "h".to_owned(),
                cause: Clean::from("reset"),
            },
        };
        let result = match request {
            Request::History { ask, .. } if !fails => Ok(Response::History(page(&ask))),
            Request::Names { .. } if !fails => Ok(Response::Names(Vec::new())),
            Request::Members { .. } if !fails => Ok(Response::Members(Vec::new())),
            _ => Err(failed),
        };
        self.event(Event::Reply { id, result });
    }

    /// The screen row in which the selected message begins; in a stretch that is
    /// not loaded nothing is under the eye yet.
    fn eye(&self) -> Option<(Seq, usize)> {
        let history = self.app.history()?;
        let seq = history.selected()?;
        if history.selected_block()?.kind == BlockKind::Gap {
            return None;
        }
        let pane = self
            .app
            .view()
            .panes
            .iter()
            .find(|p| p.pane == Pane::Messages)?;
        // Above a stretch that reaches down to seq 1 there is nothing: when its rows
        // of errors go, what is below moves up.
        let top = pane.rows.first()?.gutter;
        if matches!(top, Gutter::Unfetched | Gutter::Failed) {
            return None;
        }
        Some((seq, pane.rows.iter().position(|r| r.selected)?))
    }
}

#[derive(Debug, Clone)]
enum Step {
    Press(&'static str),
    Answer(usize, bool),
    Wait(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let keys = prop::sample::select(vec![
        "k",
        "j",
        "<pageup>",
        "<pagedown>",
        "<ctrl-u>",
        "<ctrl-d>",
        "<ctrl-y>",
        "<ctrl-e>",
        "<home>",
        "<end>",
        "w",
        "R",
        "r",
        "<ctrl-o>",
        "<enter>",
        "h",
        "i",
    ]);
    let step = prop_oneof![
        4 => keys.prop_map(Step::Press),
        5 => (any::<usize>(), prop::bool::weighted(0.15)).prop_map(|(n, f)| Step::Answer(n, f)),
        1 => (0..9_u64).prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Pages, late and reordered, some failing: the selected line keeps its row, the
    /// program keeps its feet, and what it says of each seq is what the service said.
    #[test]
    fn the_line_under_the_eye_never_moves_when_something_lands(
        steps in steps(),
        (width, height) in (40..180_u16, 10..50_u16),
    ) {
        let mut world = World::new(Size { width, height });
        for step in steps {
            match step {
                Step::Press(keys) => {
                    for key in keys_of(keys) {
                        world.event(Event::Key(key));
                    }
                }
                Step::Answer(which, fails) => {
                    let before = world.eye();
                    world.answer(which, fails);
                    if let (Some(before), Some(after)) = (before, world.eye()) {
                        prop_assert_eq!(before, after);
                    }
                }
                Step::Wait(seconds) => {
                    world.passed += Duration::from_secs(seconds);
                    world.event(Event::Woke);
                }
            }
        }
        let Some(history) = world.app.history() else { return Ok(()) };
        for seq in (1..=HEAD).filter_map(Seq::new) {
            let known = history.timeline().state(seq);
            if known != SeqState::Unfetched {
                prop_assert_eq!(known, truth(seq.get()), "seq {}", seq);
            }
        }
    }
}
