//! The laws of what lands, in whatever order: the line under the eye stays, what
//! is said of each seq is what the service said, and nothing is asked for twice.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use crate::harness::{START, keys_of};
use proptest::prelude::*;
use tim_history::app::event::{Effect, Event, Now, Request, Response, SavedState, Size};
use tim_history::app::flights::{Direction, Phase, Scope};
use tim_history::app::history::{BlockKind, History};
use tim_history::app::keymap::Keymap;
use tim_history::app::view::{Gutter, Pane};
use tim_history::app::{App, Settings};
use tim_history::model::error::{ApiError, Attempt, Fault};
use tim_history::model::excerpt::Style;
use tim_history::model::ids::{SdkAppId, Seq, UserId};
use tim_history::model::message::{Ask, Finished, ItemState, Message, Page, Raw, Timestamp};
use tim_history::model::permalink;
use tim_history::model::request::Caller;
use tim_history::model::text::Clean;
use tim_history::model::time::Zone;
use tim_history::model::timeline::SeqState;

pub(crate) const HEAD: u32 = 1_500;

/// What the group really holds; every fifth seq or so is no message.
fn truth(seq: u32) -> SeqState {
    match (seq.wrapping_mul(2_654_435_761) >> 7) % 11 {
        0 => SeqState::Gone,
        1 => SeqState::Recalled,
        2 if seq < HEAD => SeqState::Withheld,
        // Pages of nothing, and a start that has expired.
        _ if (1_120..1_150).contains(&seq) => SeqState::Withheld,
        _ if seq < 95 => SeqState::Gone,
        _ => SeqState::Present,
    }
}

/// One each 4,000 seconds, the newest a day before the stories begin.
fn time_of(seq: u32) -> i64 {
    START - 86_400 - i64::from(HEAD - seq) * 4_000
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
        time: Timestamp::new(time_of(seq)).filter(|_| state != ItemState::Gone),
        sender: Some(UserId::new(format!("user_{}", seq % 3))),
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
        info: Clean::default(),
        items: items.collect(),
        finished: Finished::Whole,
    }
}

/// What was asked: its upper end and how many.
type Asked = (Option<Seq>, u32);

/// Of the app that has no service: the group "group" is open, 20 calls may leave in a second.
pub(crate) fn settings() -> Settings {
    Settings {
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
        calls_per_second: 20,
        search_calls: 500,
        memory: usize::MAX,
        keymap: Keymap::default(),
        seed: 3,
        hint: None,
        noting: false,
        open: Some(permalink::read("group").expect("an ID")),
    }
}

pub(crate) struct World {
    pub(crate) app: App,
    asked: Vec<Effect>,
    /// Replies that were given, to be given again.
    given: Vec<Event>,
    /// Pages that came well.
    answered: BTreeSet<Asked>,
    /// Pages in the air, and which of them somebody called off.
    aloft: BTreeMap<Asked, bool>,
    /// What the laws say against the program.
    broken: Vec<String>,
    base: Instant,
    passed: Duration,
}

impl World {
    pub(crate) fn new(size: Size) -> Self {
        let app = App::new(settings(), SavedState::default());
        let mut world = Self {
            app,
            asked: Vec::new(),
            given: Vec::new(),
            answered: BTreeSet::new(),
            aloft: BTreeMap::new(),
            broken: Vec::new(),
            base: Instant::now(),
            passed: Duration::ZERO,
        };
        world.event(Event::Resize(size));
        world
    }

    fn now(&self) -> Now {
        Now {
            mono: self.base + self.passed,
            wall: Timestamp::new(START),
        }
    }

    pub(crate) fn event(&mut self, event: Event) {
        let woken = matches!(event, Event::Woke);
        let effects = self.app.update(event, self.now());
        // Otherwise the loop would go round without end.
        let now = self.now();
        if woken && self.app.wake_at(now).is_some_and(|at| at <= now.mono) {
            let words = "woken, it wants to be woken at once".to_owned();
            self.broken.push(words);
        }
        for effect in effects {
            if let Effect::Fetch { id, request } = &effect {
                let flights: Vec<_> = self.app.flights().iter().collect();
                let flight = flights.into_iter().find(|f| f.id == *id);
                let scope = flight.map(|f| f.scope.clone());
                if let (Request::History { ask, .. }, Some(scope)) = (request, scope) {
                    self.judge(ask, &scope);
                }
                self.asked.push(effect);
            }
        }
    }

    /// Nothing is asked that is known or on its way.
    fn judge(&mut self, ask: &Ask, scope: &Scope) {
        let asked = (ask.seq, ask.count.get());
        let again = matches!(scope, Scope::Page(_, Direction::Again));
        if !again && self.answered.contains(&asked) {
            self.broken.push(format!("{asked:?} again, for {scope:?}"));
        }
        if !again && self.aloft.get(&asked) == Some(&false) {
            self.broken
                .push(format!("{asked:?} twice at a time, for {scope:?}"));
        }
        let timeline = self.app.history().map(History::timeline);
        if let (false, Some(seq), Some(timeline)) = (again, ask.seq, timeline) {
            let first = seq.back(ask.count.get() - 1);
            let loaded = timeline.loaded_around(seq);
            if loaded.is_some_and(|l| l.first() <= first) {
                self.broken
                    .push(format!("{asked:?} is known, for {scope:?}"));
            }
        }
        self.aloft.insert(asked, false);
    }

    fn press(&mut self, keys: &str) {
        // In the list of groups these would open something else, an export for one.
        if keys.starts_with(['/', 'f', 'm']) && !self.is_reading() {
            return;
        }
        for key in keys_of(keys) {
            if keys == "<ctrl-c>" {
                self.aloft.values_mut().for_each(|off| *off = true);
            }
            self.event(Event::Key(key));
        }
        if self.app.view().cursor.is_some() {
            self.event(Event::Key("esc".parse().expect("a key")));
        }
    }

    fn is_reading(&self) -> bool {
        let view = self.app.view();
        view.overlay.is_none()
            && view
                .panes
                .iter()
                .any(|p| p.focused && p.pane == Pane::Messages)
    }

    /// Something runs that goes somewhere when it ends.
    fn is_going(&self) -> bool {
        self.app.view().keys.text().contains("Esc stops")
    }

    /// Answers one of the open asks, or lets it fail.
    pub(crate) fn answer(&mut self, which: usize, fails: bool) {
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
        if let Request::History { ask, .. } = &request {
            let asked = (ask.seq, ask.count.get());
            self.aloft.remove(&asked);
            // One that was called off and retried is nobody's answer any more.
            if !fails && self.app.flights().iter().any(|f| f.id == id) {
                self.answered.insert(asked);
            }
        }
        let result = match request {
            Request::History { ask, .. } if !fails => Ok(Response::History(page(&ask))),
            Request::Names { .. } if !fails => Ok(Response::Names(Vec::new())),
            Request::Members { .. } if !fails => Ok(Response::Members(Vec::new())),
            _ => Err(failed),
        };
        self.given.push(Event::Reply {
            id,
            result: result.clone(),
        });
        self.event(Event::Reply { id, result });
    }

    /// A reply comes once more.
    fn repeat(&mut self, which: usize) {
        if !self.given.is_empty() {
            let event = self.given[which % self.given.len()].clone();
            self.event(event);
        }
    }

    /// Answers everything, in the order in which it was asked, until nothing is
    /// asked or waited for any more; what failed is retried.
    fn come_to_rest(&mut self) {
        for _ in 0..2_000 {
            if !self.asked.is_empty() {
                self.answer(0, false);
                continue;
            }
            let wake = self.app.wake_at(self.now());
            if let Some(at) = wake.filter(|_| self.passed < Duration::from_mins(10)) {
                self.passed = at.saturating_duration_since(self.base).max(self.passed);
                self.event(Event::Woke);
                continue;
            }
            let failed = |f: &tim_history::app::flights::Flight| {
                matches!(f.phase, Phase::Failed { .. }) && matches!(f.scope, Scope::Page(..))
            };
            if !self.app.flights().iter().any(failed) {
                return;
            }
            self.press("r");
        }
        self.broken.push("never comes to rest".to_owned());
    }

    /// The screen row in which the selected message begins; in a stretch that is
    /// not loaded nothing is under the eye yet.
    fn eye(&self) -> Option<(Seq, usize)> {
        let history = self.app.history()?;
        let seq = history.selected()?;
        if matches!(
            history.selected_block()?.kind,
            BlockKind::Gap | BlockKind::Unjudged
        ) {
            return None;
        }
        let pane = self
            .app
            .view()
            .panes
            .iter()
            .find(|p| p.pane == Pane::Messages)?;
        // Above a stretch that reaches down to seq 1 there is nothing: when its rows
        // of errors go, what is below moves up. So it does where all that is shown
        // is shorter than the screen, and becomes longer.
        let top = pane.rows.first()?;
        let text = top.line.text();
        // What a filter has to say stands in the blank rows.
        let said = ["None of the", "Nothing matches"];
        let blank = text.is_empty() || said.iter().any(|words| text.starts_with(words));
        if blank || matches!(top.gutter, Gutter::Unfetched | Gutter::Failed) {
            return None;
        }
        let row = pane.rows.iter().position(|r| r.selected)?;
        // The same below: at the end of history nothing comes in their place.
        let at_end = history.on_screen()?.last().get() + 20 > HEAD;
        let below = pane.rows.get(row..).unwrap_or_default();
        if at_end && below.iter().any(|r| r.gutter == Gutter::Failed) {
            return None;
        }
        Some((seq, row))
    }
}

#[derive(Debug, Clone)]
enum Step {
    Press(&'static str),
    Answer(usize, bool),
    Repeat(usize),
    Wait(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let keys = prop::sample::select(vec![
        "k",
        "j",
        "<pageup>",
        "<pagedown>",
        "<ctrl-u>",
        "<ctrl-u><ctrl-u><ctrl-u><ctrl-u>",
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
    let jumps = prop::sample::select(vec![
        "g700<enter>",
        "g1<enter>",
        "g1135<enter>",
        "g-300<enter>",
        "g+25<enter>",
        "g35%<enter>",
        "g-9d<enter>",
        "g@1733500000<enter>",
        "g@1731234567<enter>",
        "g@1<enter>",
        "gg",
        "gG",
        ",",
        ".",
        "<",
        ">",
        "mhere<enter>",
        "'<enter>",
        "<esc>",
        "<ctrl-c>",
    ]);
    let finds = prop::sample::select(vec![
        "/message 77 <enter>",
        "/message 1201 <enter>",
        "n",
        "N",
        "s",
        "S",
        "ffrom:user_1<enter>",
        "fis:recalled ctx:1<enter>",
        "f<ctrl-u><enter>",
    ]);
    let step = prop_oneof![
        4 => keys.prop_map(Step::Press),
        3 => jumps.prop_map(Step::Press),
        1 => finds.prop_map(Step::Press),
        8 => (any::<usize>(), prop::bool::weighted(0.15)).prop_map(|(n, f)| Step::Answer(n, f)),
        1 => any::<usize>().prop_map(Step::Repeat),
        1 => (0..9_u64).prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, max_shrink_iters: 100, ..ProptestConfig::default() })]

    /// Jumps, scrolls, filters and searches among pages that come late, twice, in
    /// any order or not at all: the selected line keeps its row but where a jump
    /// ends, nothing is asked for without need, and after all has been answered,
    /// what was asked for is what the service said.
    #[test]
    fn whatever_lands_nothing_moves_nothing_is_asked_twice_and_all_is_true(
        steps in steps(),
        (width, height) in (40..180_u16, 10..50_u16),
    ) {
        hold(steps, Size { width, height })?;
    }
}

/// A page that lands between the selected message and the end of a list whose end
/// is on the screen: once it moved what was selected.
#[test]
fn a_page_between_the_selection_and_the_end_moves_nothing() -> Result<(), TestCaseError> {
    let answer = |which| Step::Answer(which, false);
    let steps = vec![
        answer(0),
        Step::Press("<pageup>"),
        Step::Press("n"),
        Step::Press("g1135<enter>"),
        answer(5),
        answer(0),
        Step::Press("<ctrl-y>"),
        Step::Press("ffrom:user_1<enter>"),
        answer(0),
        answer(0),
        answer(0),
        // Typed behind what stands there, it is a filter that hides all messages.
        Step::Press("ffrom:user_1<enter>"),
        Step::Press("<pagedown>"),
        Step::Press("mhere<enter>"),
        answer(1),
        answer(1),
        answer(1),
        answer(1),
    ];
    let size = Size {
        width: 45,
        height: 29,
    };
    hold(steps, size)
}

/// The list and a search want the same page, and the search gets it while the list waits
/// to try again: once it was asked for again with each reply.
#[test]
fn a_page_that_has_come_is_not_asked_for_again_because_another_waits_for_it() {
    let mut world = World::new(Size {
        width: 80,
        height: 12,
    });
    world.come_to_rest();
    // The list asks for one page at a time, and this one is elsewhere.
    world.press("g700<enter>");
    world.press("<end>");
    (0..4).for_each(|_| world.press("<pageup>"));
    world.press("/message 77 <enter>");
    // Now what waits in its place is the page that the search begins with.
    world.answer(0, true);
    let page = |request: &Request| match request {
        Request::History { ask, .. } => ask.seq,
        _ => None,
    };
    let list = |world: &World| {
        let mut flights = world.app.flights().iter();
        let waits = flights.find(|f| matches!(f.phase, Phase::Waiting { .. }));
        waits.and_then(|flight| page(&flight.request))
    };
    let waits_for = list(&world).expect("the list waits");
    (0..4).for_each(|_| world.press("<pagedown>"));
    let of_search = |effect: &Effect| matches!(effect, Effect::Fetch { request, .. } if page(request) == Some(waits_for));
    assert!(world.asked.iter().any(of_search), "the search asks for it");
    for _ in 0..6 {
        world.answer(0, false);
    }
    assert_eq!(list(&world), Some(waits_for), "still");
    let history = world.app.history().expect("open");
    assert!(history.timeline().loaded_around(waits_for).is_some());
    assert!(world.broken.is_empty(), "{:?}", world.broken);
    assert!(world.asked.is_empty(), "nothing is in the air");
}

/// Does the steps, and holds what happens against the laws.
fn hold(steps: Vec<Step>, size: Size) -> Result<(), TestCaseError> {
    let mut world = World::new(size);
    for step in steps {
        match step {
            Step::Press(keys) => world.press(keys),
            Step::Answer(which, fails) => {
                let (before, going) = (world.eye(), world.is_going());
                world.answer(which, fails);
                let arrived = going && !world.is_going();
                if let (Some(before), Some(after), false) = (before, world.eye(), arrived) {
                    prop_assert_eq!(before, after);
                }
            }
            Step::Repeat(which) => {
                let before = world.eye();
                world.repeat(which);
                if let (Some(before), Some(after)) = (before, world.eye()) {
                    prop_assert_eq!(before, after);
                }
                if let (Some((seq, _)), Some(history)) = (before, world.app.history()) {
                    prop_assert_eq!(history.selected(), Some(seq));
                }
            }
            Step::Wait(seconds) => {
                world.passed += Duration::from_secs(seconds);
                world.event(Event::Woke);
            }
        }
        prop_assert!(world.broken.is_empty(), "{:?}", world.broken);
    }
    world.come_to_rest();
    prop_assert!(world.broken.is_empty(), "{:?}", world.broken);
    let Some(history) = world.app.history() else {
        return Ok(());
    };
    for seq in (1..=HEAD).filter_map(Seq::new) {
        let known = history.timeline().state(seq);
        if known != SeqState::Unfetched {
            prop_assert_eq!(known, truth(seq.get()), "seq {}", seq);
        }
    }
    for (seq, count) in &world.answered {
        let top = seq.map_or(HEAD, |seq| seq.get().min(HEAD));
        for seq in (top.saturating_sub(count - 1).max(1)..=top).filter_map(Seq::new) {
            let known = history.timeline().state(seq);
            prop_assert_eq!(known, truth(seq.get()), "asked, seq {}", seq);
        }
    }
    Ok(())
}
