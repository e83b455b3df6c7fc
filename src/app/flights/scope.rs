//! What calls are for, and how many of a kind may be in the air.

use super::Name;
use crate::app::event::Request;
use crate::model::ids::{Conversation, GroupId};

/// What may have one call in the air at a time, or many where it says so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Pages of a conversation, per direction.
    Page(Conversation, Direction),
    /// Pages behind the next older one, for a reader who moves fast: many at a time,
    /// as the pace allows.
    Ahead(Conversation),
    /// Pages that a job of a conversation asks for: many at a time, as the job's
    /// pace allows.
    Job(Conversation),
    /// The list of group IDs.
    GroupIds,
    /// Names and heads of groups on screen.
    Groups,
    /// Names of the other groups, at a quarter of the budget.
    Background,
    /// The groups of a user.
    Joined,
    /// The topics of a community.
    Topics(GroupId),
    /// Name cards of members.
    Members(GroupId),
    /// Nicknames.
    Names,
    /// One member, for the card of a sender.
    Card(GroupId),
}

impl Scope {
    /// The command its calls use.
    #[must_use]
    pub fn command(&self) -> &'static str {
        match self {
            Self::Page(..) | Self::Ahead(_) | Self::Job(_) => "group_msg_get_simple",
            Self::GroupIds => "get_appid_group_list",
            Self::Groups | Self::Background => "get_group_info",
            Self::Joined => "get_joined_group_list",
            Self::Topics(_) => "get_topic",
            Self::Members(_) | Self::Card(_) => "get_specified_group_member_info",
            Self::Names => "portrait_get",
        }
    }

    /// Whether it may have several calls in the air, told apart by what they ask for.
    pub(super) const fn is_many(&self) -> bool {
        matches!(self, Self::Ahead(_) | Self::Job(_))
    }

    /// What a call for this is known by.
    pub(super) fn name<'a>(&'a self, request: &'a Request) -> Name<'a> {
        (self, self.is_many().then_some(request))
    }

    /// What a failure is known by. A list that cannot be had is not asked for piece by
    /// piece: one failure stands for all of its scope until somebody retries.
    pub(super) fn failure<'a>(&'a self, request: &'a Request) -> Name<'a> {
        let stands_alone = matches!(self, Self::Page(..) | Self::Job(_));
        (self, stands_alone.then_some(request))
    }

    /// Which way its pages extend what is known; `None` for a job's, and for what is no page.
    #[must_use]
    pub const fn direction(&self) -> Option<Direction> {
        match self {
            Self::Page(_, direction) => Some(*direction),
            Self::Ahead(_) => Some(Direction::Older),
            Self::Job(_)
            | Self::GroupIds
            | Self::Groups
            | Self::Background
            | Self::Joined
            | Self::Topics(_)
            | Self::Members(_)
            | Self::Names
            | Self::Card(_) => None,
        }
    }
}

/// Which way a page extends what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// The first page.
    Newest,
    /// Towards smaller seqs.
    Older,
    /// Towards larger seqs.
    Newer,
    /// What is known already, asked again.
    Again,
    /// The newest page, to see what came in the meantime.
    Poll,
}
