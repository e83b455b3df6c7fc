//! The program at a desk of its own: keys in, pictures out, and a service that is a
//! function. Nothing here waits for anything.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tim_history::api::wire;
use tim_history::app::event::{Effect, Event, Now, Request, RequestId, Response, SavedState, Size};
use tim_history::app::key::Key;
use tim_history::app::keymap::Keymap;
use tim_history::app::{App, Settings};
use tim_history::model::excerpt::Style;
use tim_history::model::ids::{Conversation, GroupId, SdkAppId};
use tim_history::model::message::{Ask, Timestamp};
use tim_history::model::permalink::Target;
use tim_history::model::request::Caller;
use tim_history::model::text::Clean;
use tim_history::model::time::Zone;
use tim_history::ui::{self, Colors, Theme};

pub(crate) const GROUP: &str = "@TGS#BENCH";

/// Fri 2025-01-03 08:00:00 UTC.
const START: i64 = 1_735_891_200;

/// What the newest message but two says; the others say little.
pub(crate) type Said = Arc<str>;

/// The group that is read.
pub(crate) struct Talked {
    pub(crate) head: u32,
    /// Said two messages below the newest, as it stands between quotes in JSON.
    pub(crate) odd: Option<Said>,
}

impl Talked {
    fn item(&self, seq: u32) -> String {
        let time = START - 60 * i64::from(self.head - seq) / 8;
        let text = match &self.odd {
            Some(odd) if seq + 2 == self.head => odd.to_string(),
            _ => format!("message {seq} of a talk, 第{seq}条消息"),
        };
        let person = seq % 7;
        format!(
            "{{\"From_Account\":\"customer_{person}\",\"IsPlaceMsg\":0,\"MsgBody\":[{{\"MsgContent\":\
             {{\"Text\":\"{text}\"}},\"MsgType\":\"TIMTextElem\"}}],\"MsgPriority\":2,\
             \"MsgRandom\":{seq},\"MsgSeq\":{seq},\"MsgTimeStamp\":{time}}}"
        )
    }

    fn page(&self, ask: &Ask) -> Arc<[u8]> {
        let top = ask.seq.map_or(self.head, |seq| seq.get().min(self.head));
        let bottom = top.saturating_sub(ask.count.get()) + 1;
        let mut body = format!(
            "{{\"ActionStatus\":\"OK\",\"ErrorInfo\":\"\",\"ErrorCode\":0,\"GroupId\":\"{GROUP}\",\
             \"IsFinished\":1,\"RspMsgList\":["
        );
        for seq in (bottom..=top).rev() {
            let comma = if seq == top { "" } else { "," };
            let _ = write!(body, "{comma}{}", self.item(seq));
        }
        body.push_str("]}");
        Arc::from(body.into_bytes())
    }

    fn answer(&self, request: &Request) -> Response {
        let next = u64::from(self.head) + 1;
        let one = format!(
            "{{\"ErrorCode\":0,\"TotalCount\":1,\"GroupIdList\":[{{\"GroupId\":\"{GROUP}\"}}],\"Next\":0,\
             \"GroupInfo\":[{{\"GroupId\":\"{GROUP}\",\"ErrorCode\":0,\"Type\":\"Public\",\
             \"Name\":\"Bench\",\"NextMsgSeq\":{next}}}],\"MemberList\":[],\"UserProfileItem\":[],\
             \"TopicInfo\":[]}}"
        );
        let body = one.as_bytes();
        let answer = match request {
            Request::History { conversation, ask } => {
                wire::page(&self.page(ask), conversation).map(Response::History)
            }
            Request::GroupIds { .. } => wire::group_list(body).map(Response::GroupIds),
            Request::GroupInfo { .. } => wire::group_info(body).map(Response::GroupInfo),
            Request::JoinedGroups { .. } => wire::joined_groups(body).map(Response::JoinedGroups),
            Request::Members { .. } => wire::members(body).map(Response::Members),
            Request::Topics { .. } => wire::topics(body).map(Response::Topics),
            Request::Names { .. } => wire::names(body).map(Response::Names),
        };
        answer.expect("our own replies can be read")
    }
}

/// The program and what it looks at.
pub(crate) struct Desk {
    app: App,
    talked: Talked,
    theme: Theme,
    buffer: Buffer,
    pending: VecDeque<(RequestId, Request)>,
    base: Instant,
    passed: Duration,
}

impl Desk {
    /// On the newest page, which has come.
    pub(crate) fn at(talked: Talked, (width, height): (u16, u16)) -> Self {
        let settings = Settings {
            label: Clean::from("bench"),
            app: SdkAppId(1_400_000_000),
            caller: Caller {
                origin: "https://service.example".to_owned(),
                identifier: "administrator".to_owned(),
            },
            ticket: Style::Markdown,
            zones: vec![Zone::utc()],
            ascii: false,
            mouse: false,
            calls_per_second: 200,
            memory: usize::MAX,
            search_calls: 0,
            keymap: Keymap::default(),
            seed: 7,
            hint: None,
            noting: false,
            open: Some(Target {
                app: None,
                conversation: Conversation::group(GroupId::new(GROUP)),
                seq: None,
            }),
        };
        let mut desk = Self {
            app: App::new(settings, SavedState::default()),
            talked,
            theme: Theme::new(Colors::Sixteen, None),
            buffer: Buffer::empty(Rect::new(0, 0, width, height)),
            pending: VecDeque::new(),
            base: Instant::now(),
            passed: Duration::ZERO,
        };
        desk.event(Event::Resize(Size { width, height }));
        desk.settle();
        desk
    }

    fn now(&self) -> Now {
        let seconds = i64::try_from(self.passed.as_secs()).expect("days");
        Now {
            mono: self.base + self.passed,
            wall: Timestamp::new(START + seconds),
        }
    }

    fn event(&mut self, event: Event) {
        for effect in self.app.update(event, self.now()) {
            if let Effect::Fetch { id, request } = effect {
                self.pending.push_back((id, request));
            }
        }
    }

    fn settle(&mut self) {
        while let Some((id, request)) = self.pending.pop_front() {
            let result = Ok(self.talked.answer(&request));
            self.event(Event::Reply { id, result });
        }
    }

    /// Presses one key.
    pub(crate) fn press(&mut self, key: &str) {
        let key: Key = key.parse().expect("a key");
        self.event(Event::Key(key));
    }

    /// Everything is loaded, as by a search for what nobody said, and the newest message is
    /// selected again.
    ///
    /// Meanwhile the terminal is too small for any row: with a million messages most of the
    /// time would go into pictures that nobody sees.
    pub(crate) fn load_all(&mut self) {
        let Rect { width, height, .. } = self.buffer.area;
        self.event(Event::Resize(Size {
            width: 1,
            height: 1,
        }));
        for key in ["/", "q", "q", "q", "enter"] {
            self.press(key);
        }
        loop {
            self.settle();
            if self.loaded() == self.talked.head {
                break;
            }
            let wake = self.app.wake_at(self.now()).expect("the search goes on");
            self.passed = wake.saturating_duration_since(self.base);
            self.event(Event::Woke);
        }
        self.event(Event::Resize(Size { width, height }));
        for key in ["esc", "G"] {
            self.press(key);
        }
        self.settle();
    }

    pub(crate) fn loaded(&self) -> u32 {
        let history = self.app.history().expect("a group is open");
        history.timeline().loaded()
    }

    /// Paints what is to be seen.
    pub(crate) fn paint(&mut self) -> &Buffer {
        ui::draw(self.app.view(), &self.theme, &mut self.buffer);
        &self.buffer
    }
}
