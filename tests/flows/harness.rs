//! The second interpreter of effects: the pure app against the embedded service
//! over real HTTP, with time, zone and the order of replies in the test's hands.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tim_history::api::{Access, Client, Credential, Endpoint};
use tim_history::app::event::{Copied, Copy, Effect, Event, Now, Route, SavedState, Size};
use tim_history::app::key::{Code, Key};
use tim_history::app::keymap::Keymap;
use tim_history::app::view::{Pane, View};
use tim_history::app::{App, Settings};
use tim_history::emulator::{self, Call, Emulator, Knobs, World};
use tim_history::model::excerpt::Style;
use tim_history::model::ids::SdkAppId;
use tim_history::model::message::Timestamp;
use tim_history::model::permalink::{self, Target};
use tim_history::model::request::Caller;
use tim_history::model::text::Clean;
use tim_history::model::time::Zone;
use tim_history::runtime::tasks::{Deps, perform};
use tim_history::ui::{self, Canvas, Colors, Picture, Theme};

/// The moment at which every test begins: Fri 2025-01-03 08:00:00 UTC.
pub(crate) const START: i64 = 1_735_891_200;

/// More rounds than any story needs; a program that never stops asking fails here.
const ROUNDS: usize = 5_000;

/// The program, its service and the effects that nobody has performed yet.
pub(crate) struct Harness {
    pub(crate) app: App,
    pub(crate) service: Emulator,
    pub(crate) pending: VecDeque<Effect>,
    /// Everything but fetches, in order.
    pub(crate) done: Vec<Effect>,
    deps: Deps,
    base: Instant,
    passed: Duration,
    /// What was painted last, and of what.
    painted: RefCell<Option<(Rc<View>, Picture)>>,
}

/// How a story begins.
pub(crate) struct Story {
    pub(crate) world: World,
    pub(crate) knobs: Knobs,
    pub(crate) size: (u16, u16),
    pub(crate) open: Option<Target>,
    pub(crate) key: String,
    pub(crate) saved: SavedState,
    pub(crate) ascii: bool,
    /// After how many calls a search pauses.
    pub(crate) search_calls: u32,
    /// Bytes.
    pub(crate) memory: usize,
    /// How a ticket block is written.
    pub(crate) ticket: Style,
    /// Of the profile.
    pub(crate) label: &'static str,
    /// Whether there is a record of accesses.
    pub(crate) noting: bool,
}

impl Story {
    pub(crate) fn of(world: World) -> Self {
        Self {
            world,
            knobs: Knobs::default(),
            size: (80, 24),
            open: None,
            key: emulator::SECRET_KEY.to_owned(),
            saved: SavedState::default(),
            ascii: false,
            search_calls: 500,
            memory: usize::MAX,
            ticket: Style::Markdown,
            label: "test",
            noting: false,
        }
    }

    pub(crate) fn noting(mut self) -> Self {
        self.noting = true;
        self
    }

    pub(crate) fn knobs(mut self, knobs: Knobs) -> Self {
        self.knobs = knobs;
        self
    }

    pub(crate) fn size(mut self, width: u16, height: u16) -> Self {
        self.size = (width, height);
        self
    }

    /// As `--group` does.
    pub(crate) fn open(mut self, target: &str) -> Self {
        self.open = Some(permalink::read(target).expect("a good target"));
        self
    }

    pub(crate) fn search_calls(mut self, calls: u32) -> Self {
        self.search_calls = calls;
        self
    }

    pub(crate) fn memory(mut self, bytes: usize) -> Self {
        self.memory = bytes;
        self
    }

    pub(crate) fn key(mut self, key: &str) -> Self {
        key.clone_into(&mut self.key);
        self
    }

    /// Starts; nothing is answered yet.
    pub(crate) fn begin(self) -> Harness {
        let service = Emulator::start(self.world, self.knobs, 0).expect("a free port");
        let access = Access {
            sdk_app_id: SdkAppId(emulator::SDK_APP_ID),
            identifier: emulator::IDENTIFIER.to_owned(),
            endpoint: Endpoint::custom(&service.url()).expect("loopback"),
            credential: Credential::Key(self.key.into()),
            ca_file: None,
            proxy: None,
            calls_per_second: 200,
        };
        let settings = Settings {
            label: Clean::from(self.label),
            app: SdkAppId(emulator::SDK_APP_ID),
            caller: Caller {
                origin: "https://service.example".to_owned(),
                identifier: "administrator".to_owned(),
            },
            ticket: self.ticket,
            zones: vec![
                Zone::parse("+08:00", &Zone::utc()).expect("a zone"),
                Zone::utc(),
            ],
            ascii: self.ascii,
            mouse: false,
            calls_per_second: 200,
            search_calls: self.search_calls,
            memory: self.memory,
            keymap: Keymap::default(),
            seed: 7,
            hint: None,
            noting: self.noting,
            open: self.open,
        };
        let mut harness = Harness {
            app: App::new(settings, self.saved),
            service,
            pending: VecDeque::new(),
            done: Vec::new(),
            deps: Deps::new(Client::new(access), None),
            base: Instant::now(),
            passed: Duration::ZERO,
            painted: RefCell::new(None),
        };
        let (width, height) = self.size;
        harness.event(Event::Resize(Size { width, height }));
        harness
    }

    /// Starts and lets everything come to rest.
    pub(crate) async fn settled(self) -> Harness {
        let mut harness = self.begin();
        harness.settle().await;
        harness
    }
}

impl Harness {
    pub(crate) fn now(&self) -> Now {
        let seconds = i64::try_from(self.passed.as_secs()).expect("a short story");
        Now {
            mono: self.base + self.passed,
            wall: Timestamp::new(START + seconds),
        }
    }

    pub(crate) fn event(&mut self, event: Event) {
        for effect in self.app.update(event, self.now()) {
            match effect {
                Effect::Fetch { .. } | Effect::Resume => self.pending.push_back(effect),
                other => self.done.push(other),
            }
        }
    }

    /// Presses keys: `j`, `<enter>`, `<ctrl-d>`.
    pub(crate) fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys_of(keys) {
            self.event(Event::Key(key));
        }
        self
    }

    /// What was to be copied and has not been answered, oldest first.
    pub(crate) fn copies(&self) -> Vec<&Copy> {
        let done = self.done.iter();
        done.filter_map(|effect| match effect {
            Effect::Copy(copy) => Some(copy),
            _ => None,
        })
        .collect()
    }

    /// Answers the oldest copy: it took this way, and a file holds it, too.
    pub(crate) fn answer_copy(&mut self, route: Route) {
        let copy = |effect: &Effect| matches!(effect, Effect::Copy(_));
        let at = self.done.iter().position(copy).expect("a copy");
        let Effect::Copy(copy) = self.done.remove(at) else {
            unreachable!("it was one")
        };
        self.event(Event::Copied(Copied {
            what: copy.what,
            bytes: copy.text.len() as u64,
            route,
            file: Ok("~/.local/state/tim-history/last-copy.txt".into()),
            hints: Vec::new(),
        }));
    }

    /// Performs one effect and takes its event.
    pub(crate) async fn deliver(&mut self, effect: Effect) {
        if let Some(event) = perform(&self.deps, effect).await {
            self.event(event);
        }
    }

    /// Performs everything that is asked, oldest first, until nothing is asked any more.
    pub(crate) async fn settle(&mut self) -> &mut Self {
        for _ in 0..ROUNDS {
            let Some(effect) = self.pending.pop_front() else {
                return self;
            };
            self.deliver(effect).await;
        }
        panic!("still asking after {ROUNDS} replies");
    }

    /// Performs what is asked now, newest first.
    pub(crate) async fn deliver_last_first(&mut self) -> &mut Self {
        for effect in std::mem::take(&mut self.pending).into_iter().rev() {
            self.deliver(effect).await;
        }
        self
    }

    /// Lets time pass, waking the app whenever it wants to be woken.
    pub(crate) async fn advance(&mut self, by: Duration) -> &mut Self {
        let until = self.passed + by;
        for _ in 0..ROUNDS {
            let wake = self
                .app
                .wake_at(self.now())
                .map(|at| at.saturating_duration_since(self.base));
            if let Some(at) = wake.filter(|at| *at <= until) {
                assert!(at > self.passed, "asks to be woken in the past");
                self.passed = at;
                self.event(Event::Woke);
                self.settle().await;
            } else {
                self.passed = until;
                return self;
            }
        }
        panic!("wakes up for ever");
    }

    /// Settles, and lets time pass while a search runs, until it ends.
    pub(crate) async fn run(&mut self) -> &mut Self {
        self.settle().await;
        for _ in 0..ROUNDS {
            if !self.searches() {
                return self;
            }
            self.wake();
            self.settle().await;
        }
        panic!("searches for ever");
    }

    /// Jumps to the moment at which the app wants to be woken.
    pub(crate) fn wake(&mut self) {
        let wake = self.app.wake_at(self.now());
        let wake = wake.expect("it goes on by itself");
        let passed = wake.saturating_duration_since(self.base);
        assert!(passed > self.passed, "asks to be woken in the past");
        self.passed = passed;
        self.event(Event::Woke);
    }

    /// Whether the key line shows something that runs.
    pub(crate) fn searches(&self) -> bool {
        self.keys_line().contains("Esc stops")
    }

    pub(crate) fn keys_line(&self) -> String {
        self.view().keys.text()
    }

    pub(crate) fn selected(&self) -> Option<u32> {
        Some(self.app.history()?.selected()?.get())
    }

    pub(crate) fn view(&self) -> &View {
        self.app.view()
    }

    /// The rows of a pane as text, title first; gutter marks by their first letter.
    pub(crate) fn pane(&self, pane: Pane) -> String {
        let Some(view) = self.view().panes.iter().find(|p| p.pane == pane) else {
            return String::new();
        };
        let mut text = format!("{}\n", view.title.text());
        for row in &view.rows {
            let mark = match format!("{:?}", row.gutter).as_str() {
                "Plain" => ' ',
                other => other.chars().next().unwrap_or(' '),
            };
            let selected = if row.selected { '>' } else { ' ' };
            let line = format!("{selected}{mark} {}", row.line.text());
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    pub(crate) fn messages(&self) -> String {
        self.pane(Pane::Messages)
    }

    pub(crate) fn detail(&self) -> String {
        self.pane(Pane::Detail)
    }

    pub(crate) fn groups(&self) -> String {
        self.pane(Pane::Groups)
    }

    /// Everything on the screen as text.
    pub(crate) fn screen(&self) -> String {
        let view = self.view();
        let mut text: String = view.panes.iter().map(|p| self.pane(p.pane)).collect();
        if let Some(overlay) = &view.overlay {
            text.push_str(&overlay.title.text());
            text.push('\n');
            for row in &overlay.rows {
                text.push_str(&row.line.text());
                text.push('\n');
            }
        }
        text + &format!("{}\n{}\n", view.status.text(), view.keys.text())
    }

    /// The screen as it is painted, in full colour: the same anew and after the picture
    /// before.
    pub(crate) fn painted(&self) -> Buffer {
        let (view, theme) = (self.app.view(), Theme::new(Colors::True, None));
        let Size { width, height } = view.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        ui::draw(view, &theme, &mut buffer);
        let picture = Picture::from(buffer.clone());
        let before = self.painted.replace(Some((Rc::clone(view), picture)));
        if let Some((shown, painted)) = before {
            let before = Some((&*shown, &painted));
            let after = ui::draw_after(before, view, &theme, &mut Canvas::default());
            assert_eq!(after, buffer.clone().into());
        }
        buffer
    }

    /// The painted screen in letters.
    pub(crate) fn paint(&self) -> String {
        ui::to_text(&self.painted())
    }

    /// A painted pane in letters, blank rows at its end left out.
    pub(crate) fn paint_of(&self, pane: Pane) -> String {
        let shown = self.view().panes.iter().find(|p| p.pane == pane);
        let area = shown.expect("the pane is visible").area;
        let whole = self.painted();
        let mut part = Buffer::empty(Rect::new(0, 0, area.width, area.height));
        for y in 0..area.height {
            for x in 0..area.width {
                part[(x, y)] = whole[(area.x + x, area.y + y)].clone();
            }
        }
        format!("{}\n", ui::to_text(&part).trim_end())
    }

    /// The screen row of the first message row that holds `text`.
    pub(crate) fn row_of(&self, text: &str) -> Option<usize> {
        let view = self
            .view()
            .panes
            .iter()
            .find(|p| p.pane == Pane::Messages)?;
        view.rows.iter().position(|r| r.line.text().contains(text))
    }

    /// Calls of one command so far, in order of arrival.
    pub(crate) fn calls(&self, command: &str) -> Vec<Call> {
        self.service
            .calls()
            .into_iter()
            .filter(|c| c.command == command)
            .collect()
    }

    pub(crate) fn history_calls(&self) -> usize {
        self.calls("group_msg_get_simple").len()
    }
}

/// Keys as the tests write them.
pub(crate) fn keys_of(text: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some((name, after)) = rest.strip_prefix('<').and_then(|r| r.split_once('>')) {
            keys.push(name.parse().expect("a key's name"));
            rest = after;
        } else {
            keys.push(Key::plain(Code::Char(c)));
            rest = rest.strip_prefix(c).unwrap_or_default();
        }
    }
    keys
}
