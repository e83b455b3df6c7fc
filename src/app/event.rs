//! What can happen ([`Event`]), what is to be done ([`Effect`]), and what is
//! asked of the service ([`Request`], [`Response`]), all as plain data.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::key::{Key, Mouse};
use super::remembered::Places;
use super::remembered::lenient::entries;
use crate::export::{Plan, Progress, Wish};
use crate::model::copyable::Copyable;
use crate::model::deed::Deed;
use crate::model::error::ApiError;
use crate::model::group::{GroupAnswer, GroupList, JoinedGroups, Member, Profile, TopicAnswer};
use crate::model::ids::{Conversation, GroupId, TopicId, UserId};
use crate::model::message::{Ask, Page, Timestamp};
use crate::model::text::Clean;
use crate::model::timeline::Stretch;

/// The time, handed in: nothing pure reads a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// For waiting and measuring.
    pub mono: Instant,
    /// For showing and comparing with the server's times; `None` before 1970.
    pub wall: Option<Timestamp>,
}

/// The terminal's size in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// Tells one request of a session from all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// Something that happened outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A key.
    Key(Key),
    /// Text pasted between paste brackets: never keys.
    Paste(String),
    /// The mouse, where capture is on.
    Mouse(Mouse),
    /// The terminal has this size now.
    Resize(Size),
    /// We were stopped and go on.
    Resumed,
    /// The time named by `wake_at` has come.
    Woke,
    /// A request has ended.
    Reply {
        /// Which.
        id: RequestId,
        /// How.
        result: Result<Response, ApiError>,
    },
    /// The state file could not be written; the cause, ready to show.
    NotSaved(Clean),
    /// An [`Effect::Copy`] has ended.
    Copied(Copied),
    /// How the export goes.
    Export(ExportNews),
    /// The record of accesses could not be written; the cause, ready to show.
    NotNoted(Clean),
}

/// Something to be done outside. Data, so that a test can be its second interpreter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Ask the service.
    Fetch {
        /// Comes back with the reply.
        id: RequestId,
        /// What for.
        request: Request,
    },
    /// Give up a request: only on quitting and for a hung call. An unknown id is ignored.
    Cancel(RequestId),
    /// Let calls leave again after an error of the credentials stopped them.
    Resume,
    /// Remember for the next session.
    Save(SavedState),
    /// Put a text where the reader can paste it; answered by [`Event::Copied`].
    Copy(Copy),
    /// Note in the record of accesses.
    Note(Deed),
    /// Begin an export, or go on with one; answered by [`Event::Export`]. One at a time.
    Export(Box<ExportJob>),
    /// Pause the export, let it go on, or stop it.
    SteerExport(Wish),
    /// Leave our screen and print this for the terminal to wrap and keep, until
    /// [`Effect::EndPrint`].
    Print(Copyable),
    /// Come back to our screen.
    EndPrint,
    /// Turn the terminal's mouse reports on or off.
    Mouse(bool),
    /// Paint everything again.
    Repaint,
    /// Stop, as the shell's Ctrl-Z would.
    Suspend,
    /// End the program with this exit code.
    Quit(u8),
}

/// An export to be run behind the panes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportJob {
    /// A new one.
    Begin {
        /// Of what.
        plan: Plan,
        /// The file or its folder, as typed; `None`: a name of ours, where we are.
        file: Option<String>,
    },
    /// One that did not come to its end: its options are beside its file.
    GoOn {
        /// The finished file's name.
        file: PathBuf,
    },
}

/// How an export goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportNews {
    /// Both ends are found and the files are there.
    Begun {
        /// The seqs of the range.
        range: Stretch,
        /// The finished file's name.
        file: PathBuf,
        /// How far it came in an earlier run.
        before: Progress,
        /// How its ends were understood, and what is not certain.
        remarks: Vec<Clean>,
    },
    /// How far it has come; at most once a second.
    Going(Progress),
    /// It has ended.
    Ended(ExportEnd),
}

/// How an export ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportEnd {
    /// All of it is in the file.
    Done {
        /// What came.
        progress: Progress,
        /// Of the whole file, in hex.
        sha256: String,
    },
    /// It can be gone on with.
    Stopped {
        /// Why it stopped by itself.
        why: Option<Clean>,
        /// The command that goes on with it.
        command: Clean,
    },
    /// Nothing was written, and why.
    Refused(Clean),
}

/// A text for the reader's clipboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// All of it.
    pub text: Copyable,
    /// What it is, in our words: `node as JSON`.
    pub what: String,
}

/// What became of a [`Copy`], as far as anybody can know: a terminal does not
/// say whether it took a text, and some take none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// From the [`Copy`].
    pub what: String,
    /// Length of the text.
    pub bytes: u64,
    /// Where it went besides the file.
    pub route: Route,
    /// The file that holds the text now, or why there is none.
    pub file: Result<Clean, Clean>,
    /// What may keep it from arriving, the most likely first.
    pub hints: Vec<Hint>,
}

/// The way of a text to the reader's clipboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// tmux keeps it as its newest buffer; that much is sure.
    Tmux(Beyond),
    /// Sent to the terminal as OSC 52.
    Terminal(Wrapping),
    /// Terminals do not take so much.
    TooLarge,
}

/// How far a text that tmux keeps was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beyond {
    /// tmux was asked to hand it on to its own terminal.
    Asked,
    /// It does not know how to; the same was sent through it as OSC 52.
    Through,
    /// No further: terminals do not take so much.
    TooLarge,
}

/// What stands around OSC 52, so that the terminal outside gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrapping {
    /// Nothing.
    Plain,
    /// What tmux passes through.
    Tmux,
    /// What GNU screen passes through, in pieces.
    Screen,
}

/// What may keep a copied text from arriving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// There is a tmux around us that we cannot reach: it listens to programs only
    /// with `set-clipboard on`.
    SetClipboard,
    /// tmux lets the sequence through only with `allow-passthrough on`.
    Passthrough,
    /// tmux did not take the text, and why.
    Refused(Clean),
}

/// What is remembered per profile between sessions: IDs, numbers and what
/// the reader typed, never message text.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct SavedState {
    /// Pinned groups, in the order of pinning.
    #[serde(deserialize_with = "entries")]
    pub pins: Vec<String>,
    /// Conversations opened lately, newest first, at most 50.
    #[serde(deserialize_with = "entries")]
    pub recents: Vec<Recent>,
    /// Where the reader stood in each conversation, and what they marked there.
    #[serde(skip_serializing_if = "Places::is_empty")]
    pub places: Places,
}

/// A conversation opened lately.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Recent {
    /// The group.
    pub group: String,
    /// The topic, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
}

impl Recent {
    /// Which conversation it is.
    #[must_use]
    pub fn conversation(&self) -> Conversation {
        Conversation {
            group: GroupId::new(self.group.as_str()),
            topic: self.topic.as_deref().map(TopicId::new),
        }
    }
}

/// What can be asked of the service. Every one of them only reads.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Request {
    /// `group_msg_get_simple`.
    History {
        /// Of what.
        conversation: Conversation,
        /// Which page.
        ask: Ask,
    },
    /// `get_appid_group_list`, 1,000 IDs a call, at most once a second (api-facts 4.1).
    GroupIds {
        /// The cursor of the previous reply; 0 at first. 64 bits.
        next: u64,
    },
    /// `get_group_info`, at most 50 groups a call (api-facts 4.2).
    GroupInfo {
        /// Which.
        groups: Vec<GroupId>,
    },
    /// `get_joined_group_list` (api-facts 4.3).
    JoinedGroups {
        /// Whose.
        user: UserId,
        /// How many to skip.
        offset: u32,
    },
    /// `get_specified_group_member_info`, at most 50 users a call (api-facts 4.5).
    Members {
        /// In which group.
        group: GroupId,
        /// Whom.
        users: Vec<UserId>,
    },
    /// `get_topic`: all topics of a community (api-facts 4.7).
    Topics {
        /// The community.
        group: GroupId,
    },
    /// `portrait_get`: nicknames of at most 100 users a call (api-facts 4.6).
    Names {
        /// Whose.
        users: Vec<UserId>,
    },
}

/// What the service answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response {
    /// To [`Request::History`].
    History(Page),
    /// To [`Request::GroupIds`].
    GroupIds(GroupList),
    /// To [`Request::GroupInfo`].
    GroupInfo(Vec<GroupAnswer>),
    /// To [`Request::JoinedGroups`].
    JoinedGroups(JoinedGroups),
    /// To [`Request::Members`].
    Members(Vec<Member>),
    /// To [`Request::Topics`].
    Topics(Vec<TopicAnswer>),
    /// To [`Request::Names`].
    Names(Vec<Profile>),
}

/// Whole seconds, for readable code at the many places that need them.
#[must_use]
pub const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
