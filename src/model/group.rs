//! What is known of groups, topics, members and users besides their messages.

use super::ids::{GroupId, TopicId, UserId};
use super::message::Timestamp;

/// The type of a group (api-facts 6): old and new names are both understood.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupType {
    /// `Private`, newer name Work.
    Private,
    /// `Public`.
    Public,
    /// `ChatRoom`, newer name Meeting.
    ChatRoom,
    /// `AVChatRoom`: nothing is stored.
    AvChatRoom,
    /// `BChatRoom`: legacy, nothing is stored.
    BChatRoom,
    /// `Community`, which may have topics.
    Community,
    /// A name we do not know, as it came (not sanitised).
    Other(String),
}

impl GroupType {
    /// Reads the REST name, old or new, with stray spaces.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        match name.trim() {
            "Private" | "Work" => Self::Private,
            "Public" => Self::Public,
            "ChatRoom" | "Meeting" => Self::ChatRoom,
            "AVChatRoom" => Self::AvChatRoom,
            "BChatRoom" => Self::BChatRoom,
            "Community" => Self::Community,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The REST name, as the service takes and gives it; of a type we do not know, as
    /// it came (not sanitised).
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Private => "Private",
            Self::Public => "Public",
            Self::ChatRoom => "ChatRoom",
            Self::AvChatRoom => "AVChatRoom",
            Self::BChatRoom => "BChatRoom",
            Self::Community => "Community",
            Self::Other(name) => name,
        }
    }

    /// What to show: the REST name, with the newer one behind it where it differs.
    #[must_use]
    pub fn label(&self) -> &str {
        match self {
            Self::Private => "Private (Work)",
            Self::Public => "Public",
            Self::ChatRoom => "ChatRoom (Meeting)",
            Self::AvChatRoom => "AVChatRoom",
            Self::BChatRoom => "BChatRoom",
            Self::Community => "Community",
            Self::Other(name) => name,
        }
    }

    /// Whether the service keeps a history for groups of this type (api-facts 1.9).
    #[must_use]
    pub fn has_history(&self) -> bool {
        !matches!(self, Self::AvChatRoom | Self::BChatRoom)
    }
}

/// What `get_group_info` or `get_joined_group_list` says of one group; every field may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GroupInfo {
    /// `Type`.
    pub kind: Option<GroupType>,
    /// `Name`; may be empty.
    pub name: Option<String>,
    /// `Owner_Account`; `None` where empty.
    pub owner: Option<UserId>,
    /// `CreateTime`.
    pub created: Option<Timestamp>,
    /// `LastMsgTime`; `None` where 0.
    pub last_message: Option<Timestamp>,
    /// `NextMsgSeq`: one above the newest seq, stored tips included.
    pub next_seq: Option<u32>,
    /// `MemberNum`.
    pub members: Option<u32>,
    /// `MaxMemberNum`.
    pub max_members: Option<u32>,
    /// `MuteAllMember` is `On`.
    pub muted: Option<bool>,
    /// `Notification`.
    pub notice: Option<String>,
    /// `Introduction`.
    pub introduction: Option<String>,
    /// `ApplyJoinOption`, verbatim.
    pub join_option: Option<String>,
    /// `SupportTopic` 1: the community has topics.
    pub topics: Option<bool>,
}

/// What the service said of one group or topic: its data, or the code with its text.
pub type Told = Result<GroupInfo, (u32, String)>;

/// One entry of a `get_group_info` reply: the group, or why not.
///
/// The top-level code of that reply says nothing about single groups (api-facts 4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupAnswer {
    /// The group asked for.
    pub id: GroupId,
    /// Its data, or the code (10010, 10015, ...) with the service's text.
    pub info: Told,
}

/// One reply of `get_appid_group_list`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupList {
    /// IDs only; names come with `get_group_info`.
    pub ids: Vec<GroupId>,
    /// How many groups the app has, whatever the page.
    pub total: Option<u64>,
    /// The cursor of the next page, 64 bits; `None` at the end (0 or missing).
    pub next: Option<u64>,
}

/// One reply of `get_joined_group_list`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinedGroups {
    /// The groups with what the filter asked for.
    pub groups: Vec<(GroupId, GroupInfo)>,
    /// `TotalCount`.
    pub total: Option<u64>,
}

/// One topic of a `get_topic` reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicAnswer {
    /// The topic.
    pub id: TopicId,
    /// Its data (name, head, notice, mute), or the code (110003, ...) with the service's text.
    pub info: Told,
}

/// One member of a `get_specified_group_member_info` reply (api-facts 4.4, 4.5).
///
/// Who has left is not in such a reply, so a user who was asked for and is
/// missing is no member now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// `Member_Account`.
    pub user: UserId,
    /// `NameCard`; `None` where empty.
    pub name_card: Option<String>,
    /// `Role`, trimmed: the documentation's sample has a trailing space.
    pub role: Option<String>,
    /// `JoinTime`: when this membership began. Who left and came back may have
    /// written before it.
    pub joined: Option<Timestamp>,
    /// `MuteUntil`, verbatim; `None` where 0. A time that has passed mutes
    /// nobody: see [`Member::muted`].
    pub muted_until: Option<Timestamp>,
    /// `MsgSeq`: the newest seq of the group that the member has read, 0 for
    /// none. It counts the group's own messages and says nothing of topics.
    pub read_seq: Option<u32>,
    /// `LastSendMsgTime`; `None` where 0.
    pub last_sent: Option<Timestamp>,
}

/// What the mute of a member comes to at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mute {
    /// May write, as far as the member's own mute goes.
    None,
    /// Muted until then.
    Until(Timestamp),
    /// Muted until the largest time that has 32 bits, which means for good.
    ForGood,
}

impl Member {
    /// A member of whom nothing else is known.
    #[must_use]
    pub fn new(user: UserId) -> Self {
        Self {
            user,
            name_card: None,
            role: None,
            joined: None,
            muted_until: None,
            read_seq: None,
            last_sent: None,
        }
    }

    /// The mute at `now`; without a clock every mute counts as running.
    #[must_use]
    pub fn muted(&self, now: Option<Timestamp>) -> Mute {
        let running = |until: &Timestamp| now.is_none_or(|now| now < *until);
        match self.muted_until.filter(running) {
            None => Mute::None,
            Some(until) if until.seconds() >= i64::from(u32::MAX) => Mute::ForGood,
            Some(until) => Mute::Until(until),
        }
    }
}

/// One user of a `portrait_get` reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// `To_Account`.
    pub user: UserId,
    /// `Tag_Profile_IM_Nick`; `None` where unset, empty or not given.
    pub nick: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_read_old_and_new_names() {
        assert_eq!(GroupType::parse("Work"), GroupType::Private);
        assert_eq!(GroupType::parse("Meeting ").label(), "ChatRoom (Meeting)");
        assert_eq!(GroupType::parse("Squad").label(), "Squad");
        assert!(!GroupType::parse("AVChatRoom").has_history());
        assert!(!GroupType::parse("BChatRoom").has_history());
        assert!(GroupType::parse("Community").has_history());
    }

    #[test]
    fn a_mute_ends_when_its_time_has_passed() {
        let at = |seconds| Timestamp::new(seconds);
        let mut member = Member::new(UserId::new("a"));
        assert_eq!(member.muted(at(100)), Mute::None);
        member.muted_until = at(100);
        let until = at(100).map(Mute::Until);
        assert_eq!(Some(member.muted(at(99))), until);
        assert_eq!(Some(member.muted(None)), until, "without a clock");
        assert_eq!(member.muted(at(100)), Mute::None);
        member.muted_until = at(4_294_967_295);
        assert_eq!(member.muted(at(100)), Mute::ForGood);
    }
}
