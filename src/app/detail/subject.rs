//! What the detail pane is asked to show.

use crate::app::keymap::Keymap;
use crate::app::line::Role;
use crate::model::group::GroupInfo;
use crate::model::ids::{GroupId, Seq, TopicId, UserId};
use crate::model::message::{Message, Timestamp};
use crate::model::text::Clean;
use crate::model::time::Zone;
use crate::model::timeline::SeqState;

/// What is selected in the pane before this one.
#[derive(Debug)]
pub enum Subject<'a> {
    /// Nothing.
    Nothing,
    /// Any seq that has an item: present, gone, recalled, unreadable.
    Message(Shown<'a>),
    /// A run without items: withheld, unfetched, failed, or folded.
    Hole(Hole),
    /// A group, while the picker has the focus.
    Group(GroupCard<'a>),
}

/// A message and what else is known of its seq.
#[derive(Debug, Clone)]
pub struct Shown<'a> {
    /// The later-asked item.
    pub message: &'a Message,
    /// What the timeline says of the seq.
    pub state: SeqState,
    /// What was first seen, where that differs: its state, and the item if there was one.
    pub first: Option<(&'a SeqState, Option<&'a Message>)>,
    /// Items without a seq that came right behind it.
    pub strays: &'a [Message],
    /// When the service last said so.
    pub as_of: Option<Timestamp>,
}

/// A run of seqs without items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hole {
    /// The earliest.
    pub first: Seq,
    /// The latest; the same as `first` for one seq.
    pub last: Seq,
    /// What all of them are.
    pub state: SeqState,
    /// What is known and what is not, in whole sentences.
    pub sentences: Vec<(Role, Clean)>,
}

/// A group or topic and what is known of it.
#[derive(Debug, Clone)]
pub struct GroupCard<'a> {
    /// The group.
    pub id: &'a GroupId,
    /// Present for a topic of it.
    pub topic: Option<&'a TopicId>,
    /// What the service said of it, if it has.
    pub info: Option<&'a GroupInfo>,
    /// The code and text it gave instead.
    pub error: Option<(u32, &'a str)>,
    /// What else there is to say, in whole sentences.
    pub sentences: Vec<(Role, Clean)>,
}

/// The place there is, and how the reader wants things written.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    /// The zone of all times.
    pub zone: &'a Zone,
    /// What a user is called, where that is known.
    pub name_of: &'a dyn Fn(&UserId) -> Option<Clean>,
    /// The keys in force, for hints.
    pub keys: &'a Keymap,
    /// Cells of a line, right of the gutter.
    pub width: u16,
    /// Rows below the title.
    pub height: u16,
    /// Without characters whose width terminals disagree on.
    pub ascii: bool,
    /// Numbers that are a time shortly before this are shown as one.
    pub now: Option<Timestamp>,
}

/// Below this many rows the elements come before what is said about them.
const LOW: u16 = 14;

impl Frame<'_> {
    /// Whether there is no room for a header of five rows.
    pub(super) fn is_low(&self) -> bool {
        self.height < LOW
    }
}

impl std::fmt::Debug for Frame<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frame")
            .field("width", &self.width)
            .field("height", &self.height)
            .field("ascii", &self.ascii)
            .finish_non_exhaustive()
    }
}

/// What tells one subject from another: at another one, reading starts at the top.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Identity {
    #[default]
    Nothing,
    /// Seq, random and time: the same seq of another conversation has another random.
    Message(Option<Seq>, Option<u32>, Option<Timestamp>),
    Hole(Seq, Seq),
    Group(GroupId, Option<TopicId>),
}

impl Subject<'_> {
    pub(super) fn identity(&self) -> Identity {
        match self {
            Self::Nothing => Identity::Nothing,
            Self::Message(shown) => {
                let message = shown.message;
                Identity::Message(message.seq, message.random, message.time)
            }
            Self::Hole(hole) => Identity::Hole(hole.first, hole.last),
            Self::Group(card) => Identity::Group(card.id.clone(), card.topic.cloned()),
        }
    }
}
