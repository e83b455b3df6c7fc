//! The whole program in virtual time, over a group of a million messages that
//! nobody stores: a service with a round trip, jitter and a budget.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use tim_history::app::event::{Effect, Event, Now, Request, Response, SavedState, Size};
use tim_history::app::keymap::Keymap;
use tim_history::app::{App, Settings};
use tim_history::model::excerpt::Style;
use tim_history::model::ids::{SdkAppId, Seq, UserId};
use tim_history::model::message::{Ask, Finished, ItemState, Message, Page, Raw, Timestamp};
use tim_history::model::permalink;
use tim_history::model::request::Caller;
use tim_history::model::text::Clean;
use tim_history::model::time::Zone;

use crate::harness::{START, keys_of};

const HEAD: u32 = 1_000_000;
/// Of the profile.
const CALLS_PER_SECOND: u32 = 20;
/// How far back the word stands: 5,000 pages.
const BACK: u32 = 100_000;

fn message(seq: u32) -> Message {
    // Three in a hundred are deleted.
    let gone = seq.wrapping_mul(2_654_435_761) >> 16 & 0xff < 8;
    let text = if seq == HEAD - BACK {
        "the needle"
    } else {
        "hay"
    };
    let json = format!(
        r#"{{"MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"{text}"}}}}],"MsgSeq":{seq}}}"#
    );
    Message {
        seq: Seq::new(seq),
        time: Timestamp::new(START - i64::from(HEAD - seq)),
        sender: Some(UserId::new("user")),
        state: if gone {
            ItemState::Gone
        } else {
            ItemState::Present
        },
        system: false,
        random: Some(seq),
        priority: None,
        repaired: false,
        raw: Raw::from(json.as_str()),
    }
}

fn page(ask: &Ask) -> Page {
    let top = ask.seq.map_or(HEAD, |s| s.get().min(HEAD));
    let bottom = top.saturating_sub(ask.count.get() - 1).max(1);
    Page {
        info: Clean::default(),
        items: (bottom..=top).rev().map(message).collect(),
        finished: Finished::Whole,
    }
}

/// The program and a service that answers in time.
struct Line {
    app: App,
    /// Replies on their way, by when they come; the number keeps equal ones apart.
    coming: BTreeMap<(Duration, u64), Event>,
    /// When calls left, for the budget.
    left: VecDeque<Duration>,
    pages: Vec<Ask>,
    base: Instant,
    passed: Duration,
}

impl Line {
    fn open() -> Self {
        let settings = Settings {
            label: Clean::from("test"),
            app: SdkAppId(1),
            caller: Caller {
                origin: "https://service.example".to_owned(),
                identifier: "administrator".to_owned(),
            },
            ticket: Style::Markdown,
            zones: vec![Zone::utc()],
            ascii: false,
            mouse: false,
            calls_per_second: CALLS_PER_SECOND,
            search_calls: 0,
            memory: usize::MAX,
            keymap: Keymap::default(),
            seed: 5,
            hint: None,
            noting: false,
            open: Some(permalink::read("group").expect("an ID")),
        };
        let mut line = Self {
            app: App::new(settings, SavedState::default()),
            coming: BTreeMap::new(),
            left: VecDeque::new(),
            pages: Vec::new(),
            base: Instant::now(),
            passed: Duration::ZERO,
        };
        let size = Size {
            width: 80,
            height: 24,
        };
        line.event(Event::Resize(size));
        line
    }

    fn now(&self) -> Now {
        Now {
            mono: self.base + self.passed,
            wall: Timestamp::new(START),
        }
    }

    fn event(&mut self, event: Event) {
        for effect in self.app.update(event, self.now()) {
            if let Effect::Fetch { id, request } = effect
                && let Request::History { ask, .. } = request
            {
                let result = Ok(Response::History(page(&ask)));
                let at = self.answered_at();
                self.coming.insert((at, id.0), Event::Reply { id, result });
                self.pages.push(ask);
            }
        }
    }

    /// When a call made now is answered: it may have to wait for the budget, and
    /// the round trip is 80 ms, up to 30 % more or less.
    fn answered_at(&mut self) -> Duration {
        let second = Duration::from_secs(1);
        let budget = usize::try_from(CALLS_PER_SECOND).expect("small");
        let before = self.left.len().checked_sub(budget);
        let free = before
            .and_then(|at| self.left.get(at))
            .map(|at| *at + second);
        let leaves = free.map_or(self.passed, |free| free.max(self.passed));
        self.left.push_back(leaves);
        let jitter = u64::try_from(self.left.len() * 7919 % 49).expect("small");
        leaves + Duration::from_millis(56 + jitter)
    }

    /// Lets the next thing happen; `false` where nothing will by itself.
    fn step(&mut self) -> bool {
        let reply = self.coming.first_key_value().map(|((at, _), _)| *at);
        let wake = self.app.wake_at(self.now());
        let wake = wake.map(|at| at.saturating_duration_since(self.base));
        match (reply, wake) {
            (None, None) => return false,
            (Some(reply), wake) if wake.is_none_or(|wake| reply <= wake) => {
                self.passed = self.passed.max(reply);
                if let Some((_, event)) = self.coming.pop_first() {
                    self.event(event);
                }
            }
            (_, Some(wake)) => {
                self.passed = self.passed.max(wake);
                self.event(Event::Woke);
            }
            (Some(_), None) => {}
        }
        true
    }

    fn selected(&self) -> Option<Seq> {
        self.app.history()?.selected()
    }

    fn press(&mut self, keys: &str) {
        for key in keys_of(keys) {
            self.event(Event::Key(key));
        }
    }

    /// Until the search rests, or so many pages were asked for.
    fn search(&mut self, pages: usize) {
        for _ in 0..pages * 10 {
            let running = self.app.view().keys.text().contains("Esc stops");
            if !running || self.pages.len() >= pages || !self.step() {
                return;
            }
        }
    }

    /// Until nothing is on its way any more.
    fn land(&mut self) {
        while !self.coming.is_empty() && self.step() {}
    }
}

#[test]
fn a_word_far_back_is_found_within_the_budget_and_without_idling() {
    let mut line = Line::open();
    line.land();
    let (begun, before) = (line.passed, line.pages.len());
    line.press("/needle<enter>");
    let half = usize::try_from(BACK / 40).expect("small");
    line.search(half);
    line.press("<esc>");
    line.land();
    assert_ne!(line.selected(), Seq::new(HEAD - BACK), "stopped half-way");
    line.press("n");
    line.search(usize::MAX / 10);
    assert_eq!(line.selected(), Seq::new(HEAD - BACK));

    let calls = u32::try_from(line.pages.len() - before).expect("thousands");
    let pages = BACK / 20;
    // One in fifty more.
    assert!(calls <= pages + pages / 50, "{calls} calls, {pages} pages");
    let seconds = line.passed.saturating_sub(begun).as_secs_f64();
    let rate = f64::from(calls) / seconds;
    assert!(rate >= 0.9 * f64::from(CALLS_PER_SECOND), "{rate} calls/s");
    let different: BTreeSet<_> = line.pages.iter().map(|ask| (ask.seq, ask.count)).collect();
    assert_eq!(different.len(), line.pages.len(), "no page twice");
}
