//! What the program does: events in, effects out. Pure: no await, no clock, no I/O.
//!
//! [`App::update`] is the only way the app changes. It routes what happened to
//! the pane it concerns, states what is wanted, and lays out what the screen
//! shows; painting decides nothing.

pub mod action;
pub mod audit;
pub mod card;
pub mod chart;
pub mod copy_menu;
pub mod detail;
pub mod event;
pub mod exporting;
pub mod flights;
pub mod follow;
pub mod history;
pub mod input_line;
pub mod jobs;
pub mod key;
pub mod keymap;
pub mod line;
pub mod marks;
pub mod names;
pub mod overlay;
pub mod panes;
pub mod picker;
pub mod prompt;
pub mod remembered;
pub mod standing;
pub mod view;

mod accesses;
mod acts;
mod aloft;
mod arrival;
mod box_views;
mod boxes;
mod copied;
mod filling;
mod filtering;
mod following;
mod going;
mod hints;
mod layout;
mod replies;
mod room;
mod searching;
mod status;
mod taking;
mod typing;
mod wants;
mod work;

use std::collections::BTreeMap;
use std::fmt::Display;
use std::rc::Rc;
use std::time::Instant;

use detail::Detail;
use event::{Effect, Event, Now, Recent, SavedState, Size};
use flights::Flights;
use history::History;
use key::Key;
use keymap::Keymap;
use line::{Line, Role};
use names::Names;
use overlay::Overlay;
use picker::Picker;
use prompt::{Prompt, Submitted};
use remembered::Places;
use view::{Pane, View};

use crate::model::deed::Deed;
use crate::model::error::ApiError;
use crate::model::excerpt::Style;
use crate::model::goto::Destination;
use crate::model::ids::{Conversation, SdkAppId, Seq};
use crate::model::permalink::Target;
use crate::model::request::Caller;
use crate::model::text::Clean;
use crate::model::time::Zone;

/// What is settled before the first event.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Stands at the left of the status line in the profile's accent.
    pub label: Clean,
    /// Links of other apps are told apart by it.
    pub app: SdkAppId,
    /// Where calls go and as whom, for those who want to repeat one.
    pub caller: Caller,
    /// How a ticket block is written.
    pub ticket: Style,
    /// The zones that `z` goes round, the first one in force.
    pub zones: Vec<Zone>,
    /// Frames and marks without box characters.
    pub ascii: bool,
    /// Mouse capture from the start.
    pub mouse: bool,
    /// The profile's budget.
    pub calls_per_second: u32,
    /// Calls after which a search waits to be told to go on; 0 never waits.
    pub search_calls: u32,
    /// Bytes that messages may take; far ones are given up where it is more.
    pub memory: usize,
    /// The keys in force.
    pub keymap: Keymap,
    /// Makes the jitter of this session.
    pub seed: u64,
    /// Said once at the start.
    pub hint: Option<Clean>,
    /// Whether there is a record of accesses.
    pub noting: bool,
    /// What to open first.
    pub open: Option<Target>,
}

/// A place to come back to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Spot {
    conversation: Conversation,
    seq: Option<Seq>,
}

/// Credentials do not work: nothing leaves until somebody retries.
#[derive(Debug, Clone)]
struct Halt {
    error: ApiError,
    /// 70050: a minute of silence, whoever retries.
    quiet_until: Option<Instant>,
}

/// How many jumps `Ctrl-O` remembers.
const JUMPS: usize = 100;
/// How many conversations the state file remembers.
const RECENTS: usize = 50;
/// The silence 70050 asks for (api-facts 1.13).
const SILENCE: u64 = 60;

/// The whole program, but for its input and output.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent settings, not a state"
)]
pub struct App {
    settings: Settings,
    size: Size,
    focus: Pane,
    zoomed: bool,
    picker: Picker,
    histories: BTreeMap<Conversation, History>,
    current: Option<Conversation>,
    previous: Option<Conversation>,
    jumps: Vec<Spot>,
    /// Where a jump that failed was to lead.
    missed: Option<(Conversation, Destination)>,
    recents: Vec<Recent>,
    /// Where the reader was in each conversation, and what they marked.
    places: Places,
    following: following::Following,
    /// The export behind the panes.
    export: Option<exporting::Running>,
    /// What is to be noted in the record of accesses.
    accesses: Vec<Deed>,
    /// How much of what is loaded the open audit has seen.
    audited: Option<boxes::Audited>,
    detail: Detail,
    names: Names,
    flights: Flights,
    halt: Option<Halt>,
    work: Option<work::Work>,
    pace: jobs::pace::Pace,
    /// Something loaded has not been compared with the filter or the search yet.
    judging: bool,
    overlay: Option<Overlay>,
    prompt: Option<Prompt>,
    submitted: Submitted,
    pending: Vec<Key>,
    notice: Option<Line>,
    /// The notice answers the last key: it stands above what runs.
    answered: bool,
    zone: usize,
    wrap: bool,
    show_ids: bool,
    mouse: bool,
    /// A plain page stands in the terminal instead of our screen, until a key.
    printed: bool,
    /// Until the first answer, one call at a time: each one that fails for the
    /// credentials counts against the account (70050).
    probing: bool,
    /// The last key was a Ctrl-C with nothing to cancel.
    quit_armed: bool,
    view: Rc<View>,
    /// What the keys do in the place where they were last said, in so many columns.
    hints: Option<((keymap::Place, usize), Line)>,
}

impl App {
    /// Nothing is asked before the first event, which tells the size.
    #[must_use]
    pub fn new(settings: Settings, saved: SavedState) -> Self {
        Self {
            picker: Picker::new(&saved, settings.calls_per_second),
            flights: Flights::new(settings.seed),
            notice: settings
                .hint
                .clone()
                .map(|hint| Line::of(Role::Warning, hint)),
            answered: false,
            mouse: settings.mouse,
            recents: saved.recents,
            places: saved.places,
            following: following::Following::new(),
            export: None,
            size: Size {
                width: 80,
                height: 24,
            },
            focus: Pane::Groups,
            zoomed: false,
            histories: BTreeMap::new(),
            current: None,
            previous: None,
            jumps: Vec::new(),
            audited: None,
            accesses: Vec::new(),
            missed: None,
            detail: Detail::default(),
            names: Names::default(),
            halt: None,
            work: None,
            pace: work::pace_of(settings.calls_per_second),
            judging: false,
            overlay: None,
            prompt: None,
            submitted: Submitted::default(),
            pending: Vec::new(),
            zone: 0,
            wrap: true,
            show_ids: false,
            printed: false,
            probing: true,
            quit_armed: false,
            view: Rc::new(View::blank(Size {
                width: 0,
                height: 0,
            })),
            hints: None,
            settings,
        }
    }

    /// What the screen shows.
    #[must_use]
    pub fn view(&self) -> &Rc<View> {
        &self.view
    }

    /// Requests in the air, waiting and given up, for tests and the status line.
    #[must_use]
    pub fn flights(&self) -> &Flights {
        &self.flights
    }

    /// The conversation on screen.
    #[must_use]
    pub fn history(&self) -> Option<&History> {
        self.histories.get(self.current.as_ref()?)
    }

    fn history_mut(&mut self) -> Option<&mut History> {
        self.histories.get_mut(self.current.as_ref()?)
    }

    /// The only way the app changes. Ends by laying out what the screen shows.
    pub fn update(&mut self, event: Event, now: Now) -> Vec<Effect> {
        if let Some(target) = self.settings.open.take() {
            self.open(target.conversation, target.seq, now);
        }
        let polled = self.is_about_a_poll(&event, now).then(|| self.picture());
        let mut effects = match event {
            Event::Key(_) | Event::Paste(_) if self.printed => {
                self.printed = false;
                vec![Effect::EndPrint]
            }
            Event::Key(key) => self.key(key, now),
            Event::Paste(text) => self.paste(&text, now),
            Event::Mouse(mouse) => self.mouse_event(mouse, now),
            Event::Resize(size) => {
                self.size = size;
                vec![Effect::Repaint]
            }
            Event::Resumed => {
                self.printed = false;
                vec![Effect::Repaint]
            }
            Event::Woke => Vec::new(),
            Event::Reply { id, result } => self.reply(id, result, now),
            Event::NotSaved(cause) => {
                let mut line = Line::of(Role::Warning, "pins, recents and marks are not kept: ");
                line.push(Role::Warning, cause);
                self.notice = Some(line);
                Vec::new()
            }
            Event::Copied(copied) => {
                self.say_copied(&copied);
                Vec::new()
            }
            Event::NotNoted(cause) => {
                let mut line = Line::of(Role::Error, "the access log cannot be written: ");
                line.push(Role::Error, cause);
                self.notice = Some(line);
                Vec::new()
            }
            Event::Export(news) => {
                self.export_news(news, now);
                Vec::new()
            }
        };
        self.note_pages_in_air();
        self.drive(now);
        if self.settle_names() {
            self.drive(now);
        }
        self.watch_polls(now);
        self.refresh_audit(now);
        self.make_room();
        self.lay_out(now);
        let started = self.reconcile(now);
        // A call that waits is shown at the stretch it will be for.
        if !started.is_empty() || self.flights.was_redirected() {
            self.lay_out(now);
            effects.extend(started);
        }
        if let Some(before) = polled {
            self.keep_picture(before);
        }
        effects.extend(self.noted());
        effects
    }

    /// Goes to a conversation, and in it to a seq.
    fn open(&mut self, conversation: Conversation, seq: Option<Seq>, now: Now) {
        self.remember_spot();
        if self.current.as_ref() != Some(&conversation) {
            self.stop_job();
            self.note_read();
            self.note(Deed::to("open", &conversation).maybe("seq", seq.as_ref()));
            self.part(now.wall);
            if let Some(history) = self.history_mut() {
                history.end_selection();
            }
        }
        if self.current.as_ref() != Some(&conversation) {
            self.previous = self.current.take();
        }
        self.picker.show(&conversation);
        let exists = |history: &History| history.is_open();
        if self.histories.get(&conversation).is_some_and(exists) {
            self.remember(&conversation);
        }
        let new = || History::new(conversation.clone(), seq);
        let known = self.histories.contains_key(&conversation);
        let history = self
            .histories
            .entry(conversation.clone())
            .or_insert_with(new);
        if let (true, Some(seq)) = (known, seq) {
            history.go_to(seq);
        }
        if seq.is_some() {
            // What would move the view again gives way.
            self.stop_going();
        }
        if !known {
            self.recall(&conversation, seq, now);
        }
        // A box shows something of the conversation that is left.
        if !matches!(self.overlay, Some(Overlay::Stopped)) {
            self.overlay = None;
        }
        self.current = Some(conversation);
        self.focus = Pane::Messages;
    }

    /// Puts a conversation at the top of those opened lately: one that is known to
    /// exist, so that a slip of the pen does not come back at every start.
    fn remember(&mut self, conversation: &Conversation) {
        let recent = Recent {
            group: conversation.group.as_str().to_owned(),
            topic: conversation.topic.as_ref().map(|t| t.as_str().to_owned()),
        };
        self.recents.retain(|r| *r != recent);
        self.recents.insert(0, recent);
        self.recents.truncate(RECENTS);
    }

    /// Where the reader is.
    fn spot(&self) -> Option<Spot> {
        let history = self.history()?;
        Some(Spot {
            conversation: history.conversation.clone(),
            seq: history.place(),
        })
    }

    fn remember_spot(&mut self) {
        if let Some(spot) = self.spot() {
            if self.jumps.last() != Some(&spot) {
                self.jumps.push(spot);
            }
            let over = self.jumps.len().saturating_sub(JUMPS);
            self.jumps.drain(..over);
        }
    }

    fn saved(&self) -> Effect {
        Effect::Save(SavedState {
            pins: self.picker.pins(),
            recents: self.recents.clone(),
            places: self.places.clone(),
        })
    }

    fn say_error(&mut self, error: &ApiError) {
        let words = Clean::ours(error.to_string()).one_line();
        self.notice = Some(Line::of(Role::Error, words));
    }

    fn say(&mut self, role: Role, text: impl Display) {
        self.notice = Some(Line::new().saying(role, text));
    }
}
