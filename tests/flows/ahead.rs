//! A reader who scrolls back at thirty keys a second, the service some time away, and
//! twenty calls a second: how long a row is on the screen that says "not loaded", and how
//! many pages are fetched that nobody looks at.
//!
//! Twenty calls of twenty messages are 400 messages a second, and no program can show more
//! than that of what it has not got: thirty whole screens of 57 rows would be 1,710. So
//! keys are held to the goal where it can be met: those of a line everywhere, half a screen
//! in a pane of 21 rows, and in higher ones where a message takes some rows. Faster ones are
//! held to use all of the budget, and to fetch hardly more than they look at.

use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

use crate::harness::{START, keys_of};
use crate::order::settings;
use tim_history::app::App;
use tim_history::app::event::{Effect, Event, Now, Request, RequestId, Response, SavedState, Size};
use tim_history::app::history::History;
use tim_history::app::view::{Gutter, Pane};
use tim_history::model::error::{ApiError, Attempt, Fault};
use tim_history::model::ids::{Seq, UserId};
use tim_history::model::message::{Ask, Finished, ItemState, Message, Page, Raw, Timestamp};
use tim_history::model::text::Clean;

const HEAD: u32 = 50_000;
/// Calls in any second, the default.
const BUDGET: usize = 20;
const SECOND: Duration = Duration::from_secs(1);
/// Of a key that is held down.
const REPEAT: Duration = Duration::from_micros(33_333);
/// The first second is for getting up to speed.
const WARM_UP: Duration = SECOND;

/// Pages of no seq fail.
#[expect(clippy::reversed_empty_ranges, reason = "it is to be empty")]
const WORKS: RangeInclusive<u32> = 1..=0;

const SMALL: (u16, u16) = (80, 24);
const MIDDLE: (u16, u16) = (120, 40);
const LARGE: (u16, u16) = (200, 60);
const ROUND_TRIPS: [u64; 3] = [20, 80, 200];

/// How the messages are, and how the service reads what it is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Group {
    /// A row each.
    Short,
    /// Three rows and more each.
    Tall,
    /// The service counts messages, and leaves out every twentieth or so: what two pages
    /// in the air both bring is one in twenty, too.
    Holes,
}

/// What one reader saw.
#[derive(Debug, Default)]
struct Seen {
    /// Of the pane.
    rows: u32,
    /// Time that was looked at, and how much of it with a row that is not loaded.
    looked: Duration,
    lacking: Duration,
    /// Pages fetched, and how many of them would have held what was on the screen.
    fetched: usize,
    read: usize,
}

impl Seen {
    fn percent_lacking(&self) -> f64 {
        100.0 * self.lacking.as_secs_f64() / self.looked.as_secs_f64()
    }

    /// One tenth more than looked at, and what a screen and a half holds.
    fn allowed(&self) -> usize {
        let ahead = (self.rows + self.rows / 2).div_ceil(20);
        self.read + self.read / 10 + usize::try_from(ahead).expect("small")
    }
}

/// The program, a clock, and the calls on their way.
struct Reader {
    app: App,
    group: Group,
    base: Instant,
    passed: Duration,
    /// When each call left or will leave.
    left: Vec<Duration>,
    /// Replies by the time they come, and whether they are errors.
    aloft: Vec<(Duration, RequestId, Request)>,
    round_trip: Duration,
    /// Pages that came.
    pages: usize,
    /// The earliest message that was on the screen.
    top: u32,
    seen: Seen,
    counts: bool,
    /// Pages asked by these seqs fail.
    fails: RangeInclusive<u32>,
}

impl Reader {
    fn begin((width, height): (u16, u16), group: Group, round_trip: u64) -> Self {
        let mut reader = Self {
            app: App::new(settings(), SavedState::default()),
            group,
            base: Instant::now(),
            passed: Duration::ZERO,
            left: Vec::new(),
            aloft: Vec::new(),
            round_trip: Duration::from_millis(round_trip),
            pages: 0,
            top: HEAD,
            seen: Seen::default(),
            counts: false,
            fails: WORKS,
        };
        reader.event(Event::Resize(Size { width, height }));
        // The messages alone.
        reader.press("+");
        reader.until(3 * SECOND);
        let pane = reader.app.view().panes.first().expect("the messages");
        reader.seen.rows = u32::from(pane.area.height) - 1;
        reader
    }

    fn now(&self) -> Now {
        Now {
            mono: self.base + self.passed,
            wall: Timestamp::new(START),
        }
    }

    fn event(&mut self, event: Event) {
        for effect in self.app.update(event, self.now()) {
            if let Effect::Fetch { id, request } = effect {
                let at = self.leave() + self.round_trip;
                self.aloft.push((at, id, request));
            }
        }
        let history = self.app.history().expect("it is open");
        // Upwards from the newest row: the stretch that is not loaded may reach to seq 1.
        let shown = history.on_screen();
        let shown = shown
            .into_iter()
            .flat_map(|s| s.first().get()..=s.last().get());
        let shown = shown.rev().filter_map(Seq::new);
        let loaded = |seq: &Seq| history.timeline().loaded_around(*seq).is_some();
        let top = shown.take_while(loaded).last();
        self.top = self.top.min(top.map_or(HEAD, Seq::get));
    }

    /// Counts a call in the budget, and says when it leaves.
    fn leave(&mut self) -> Duration {
        let before = self.left.len().checked_sub(BUDGET);
        let opens = before.map_or(Duration::ZERO, |n| self.left[n] + SECOND);
        let at = self.passed.max(opens);
        self.left.push(at);
        at
    }

    fn press(&mut self, key: &str) {
        for key in keys_of(key) {
            self.event(Event::Key(key));
        }
    }

    /// Lets time pass: replies come, and the app is woken when it wants to be.
    fn until(&mut self, end: Duration) {
        loop {
            let wake = self.app.wake_at(self.now());
            let wake = wake.map(|at| at.saturating_duration_since(self.base));
            let reply = self.aloft.iter().map(|(at, ..)| *at).min();
            let next = [wake, reply].into_iter().flatten().min();
            let next = next.filter(|at| *at <= end).unwrap_or(end);
            let next = next.max(self.passed);
            self.look(next.saturating_sub(self.passed));
            self.passed = next;
            if let Some(at) = self.aloft.iter().position(|(at, ..)| *at <= next) {
                let (_, id, request) = self.aloft.remove(at);
                self.answer(id, &request);
            } else if wake.is_some_and(|at| at <= next) {
                self.event(Event::Woke);
            } else {
                return;
            }
        }
    }

    /// What stands on the screen has been there for so long.
    fn look(&mut self, time: Duration) {
        if self.counts {
            self.seen.looked += time;
            self.seen.lacking += if self.lacks() { time } else { Duration::ZERO };
        }
    }

    /// Whether a row says that something is not loaded.
    fn lacks(&self) -> bool {
        let panes = &self.app.view().panes;
        let rows = panes.iter().filter(|p| p.pane == Pane::Messages);
        let mut rows = rows.flat_map(|pane| &pane.rows);
        rows.any(|row| matches!(row.gutter, Gutter::Unfetched | Gutter::Failed))
    }

    fn answer(&mut self, id: RequestId, request: &Request) {
        let failed = |fault| ApiError {
            attempt: Attempt {
                command: "any",
                subject: None,
                seq: None,
            },
            fault,
        };
        let result = match request {
            Request::History { ask, .. } if self.fails_for(ask) => {
                Err(failed(Fault::Unreachable {
                    host: "h".to_owned(),
                    cause: Clean::from("reset"),
                }))
            }
            Request::History { ask, .. } => {
                self.pages += 1;
                Ok(Response::History(self.group.page(ask)))
            }
            Request::Names { .. } => Ok(Response::Names(Vec::new())),
            Request::Members { .. } => Ok(Response::Members(Vec::new())),
            _ => Err(failed(Fault::Cancelled)),
        };
        self.event(Event::Reply { id, result });
    }

    fn fails_for(&self, ask: &Ask) -> bool {
        ask.seq.is_some_and(|seq| self.fails.contains(&seq.get()))
    }

    fn text(&self) -> String {
        let panes = self.app.view().panes.iter();
        let rows = panes.flat_map(|pane| &pane.rows);
        rows.map(|row| row.line.text() + "\n").collect()
    }

    /// Holds a key down for so many seconds.
    fn hold(&mut self, key: &str, seconds: u32) {
        let start = self.passed;
        for n in 0..30 * seconds {
            self.until(start + n * REPEAT);
            self.counts = self.passed >= start + WARM_UP;
            self.press(key);
        }
        self.counts = false;
    }

    /// Waits for what is in the air, and counts the pages.
    fn stand(&mut self) -> &Seen {
        self.until(self.passed + 3 * SECOND);
        let read = (self.top..=HEAD).filter(|seq| !self.group.leaves_out(*seq));
        self.seen.read = read.count().div_ceil(20);
        self.seen.fetched = self.pages;
        &self.seen
    }
}

impl Group {
    fn leaves_out(self, seq: u32) -> bool {
        let scattered = seq.wrapping_mul(2_654_435_761) >> 7;
        self == Self::Holes && scattered.is_multiple_of(20) && seq < HEAD
    }

    fn message(self, seq: u32) -> Option<Message> {
        if self.leaves_out(seq) {
            return None;
        }
        let words = if self == Self::Tall { 80 } else { 0 };
        let text = "word ".repeat(words);
        let json = format!(
            r#"{{"MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"message {seq} {text}"}}}}],"MsgSeq":{seq}}}"#
        );
        Some(Message {
            seq: Seq::new(seq),
            time: Timestamp::new(START - i64::from(HEAD - seq) * 10),
            sender: Some(UserId::new(format!("user_{}", seq % 3))),
            state: ItemState::Present,
            system: false,
            random: Some(seq),
            priority: None,
            repaired: false,
            raw: Raw::from(json.as_str()),
        })
    }

    fn page(self, ask: &Ask) -> Page {
        let top = ask.seq.map_or(HEAD, |s| s.get().min(HEAD));
        let items = (1..=top).rev().filter_map(|seq| self.message(seq));
        let count = usize::try_from(ask.count.get()).expect("20");
        Page {
            info: Clean::default(),
            items: items.take(count).collect(),
            finished: Finished::Whole,
        }
    }
}

/// Holds a key down at each round trip: all is there in time, and hardly more than that.
fn keeps_up(key: &str, (size, group): ((u16, u16), Group), round_trips: &[u64]) {
    for &round_trip in round_trips {
        let mut reader = Reader::begin(size, group, round_trip);
        reader.hold(key, 6);
        let seen = reader.stand();
        let what = format!("{key} {size:?} {group:?} {round_trip} ms: {seen:?}");
        assert!(seen.percent_lacking() <= 1.0, "{what}");
        assert!(seen.fetched <= seen.allowed(), "{what}");
    }
}

#[test]
fn a_line_at_a_time_is_always_there_and_little_more() {
    for size in [SMALL, MIDDLE, LARGE] {
        keeps_up("k", (size, Group::Short), &ROUND_TRIPS);
    }
    keeps_up("<ctrl-y>", (MIDDLE, Group::Short), &ROUND_TRIPS);
}

#[test]
fn half_a_screen_at_a_time_is_there_where_the_budget_allows_it() {
    keeps_up("<ctrl-u>", (SMALL, Group::Short), &ROUND_TRIPS);
    keeps_up("<ctrl-u>", (MIDDLE, Group::Tall), &ROUND_TRIPS);
    // The slowest is the hardest.
    keeps_up("<ctrl-u>", (LARGE, Group::Tall), &[200]);
    keeps_up("<ctrl-u>", (SMALL, Group::Holes), &[200]);
}

/// 1,100 rows in a second are more than anybody can have: all the budget lets through
/// comes, and what was asked for when the key is let go is hardly more than was read.
#[test]
fn who_is_too_fast_gets_all_that_can_be_had() {
    for round_trip in ROUND_TRIPS {
        let mut reader = Reader::begin(MIDDLE, Group::Short, round_trip);
        reader.hold("<pageup>", 4);
        let seen = reader.stand();
        let what = format!("{round_trip} ms: {seen:?}");
        assert!(seen.fetched <= seen.allowed(), "{what}");
        // The first second is for getting up to speed.
        assert!(seen.fetched >= 3 * BUDGET, "{what}");
    }
}

/// Nothing is ahead of one who stands still but a screen and a half, however fast it went.
#[test]
fn who_stands_still_asks_for_nothing_further() {
    let mut reader = Reader::begin(SMALL, Group::Short, 200);
    reader.hold("<ctrl-u>", 2);
    reader.stand();
    let before = reader.left.len();
    reader.press("<ctrl-y>");
    reader.until(reader.passed + 3 * SECOND);
    let calls = reader.left.len() - before;
    assert!(calls <= 1, "{calls} calls for one line");
}

/// An outage: all pages ahead wait with the first that fails, its error is shown, and
/// keys are no way around the wait.
#[test]
fn an_outage_costs_a_fast_reader_no_more_calls_than_a_slow_one() {
    let mut reader = Reader::begin(SMALL, Group::Short, 200);
    reader.hold("<ctrl-u>", 3);
    reader.fails = 1..=HEAD;
    let (before, in_air) = (reader.left.len(), reader.aloft.len());
    reader.hold("<ctrl-u>", 10);
    let calls = reader.left.len() - before;
    // A page asked for by the key at which it began, and three more tries of one.
    assert!(calls <= in_air + 4, "{calls} calls, {in_air} in the air");
    let text = reader.text();
    assert!(text.contains("r retries"), "{text}");

    reader.fails = WORKS;
    reader.press("r");
    reader.hold("<ctrl-u>", 3);
    reader.stand();
    assert!(!reader.lacks(), "{}", reader.text());
    // The one below all that is loaded.
    let timeline = reader.app.history().expect("it is open").timeline();
    assert_eq!(timeline.gaps(), 1);
}

/// One page fails among those that come: what lies behind it is there, and hides nothing.
#[test]
fn a_page_that_fails_among_others_shows_its_error_until_it_comes() {
    let mut reader = Reader::begin(SMALL, Group::Short, 200);
    reader.hold("<ctrl-u>", 2);
    let first = reader.app.history().and_then(History::on_screen);
    let first = first.expect("messages").first().get();
    // Some pages further, where those behind are in the air with it.
    reader.fails = first - 200..=first - 181;
    let mut words = String::new();
    for _ in 0..600 {
        reader.until(reader.passed + REPEAT);
        if !reader.lacks() {
            reader.press("<ctrl-y><ctrl-y><ctrl-y>");
        }
        words.push_str(&reader.text());
        if words.contains("r retries") {
            break;
        }
    }
    for said in ["next try in", "try 2", "try 4", "r retries"] {
        assert!(words.contains(said), "{said}: {}", reader.text());
    }
    // What came from behind it is there already.
    let gaps = |reader: &Reader| reader.app.history().map(|h| h.timeline().gaps());
    assert_eq!(gaps(&reader), Some(2));
    reader.fails = WORKS;
    reader.press("r");
    reader.stand();
    assert!(!reader.lacks(), "{}", reader.text());
    assert_eq!(gaps(&reader), Some(1));
}
