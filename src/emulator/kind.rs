//! What groups are, and who is in them.

/// A group type, under the name the REST interface uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Work groups of newer documents.
    Private,
    /// Public groups.
    Public,
    /// Meeting groups of newer documents.
    ChatRoom,
    /// Live groups: no history, no member list.
    AVChatRoom,
    /// Broadcasts of old documents: no history.
    BChatRoom,
    /// Communities, which may have topics.
    Community,
}

impl Kind {
    /// All types, in the order of the documents.
    pub const ALL: [Kind; 6] = [
        Kind::Private,
        Kind::Public,
        Kind::ChatRoom,
        Kind::AVChatRoom,
        Kind::BChatRoom,
        Kind::Community,
    ];

    /// The name in requests and replies.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Private => "Private",
            Kind::Public => "Public",
            Kind::ChatRoom => "ChatRoom",
            Kind::AVChatRoom => "AVChatRoom",
            Kind::BChatRoom => "BChatRoom",
            Kind::Community => "Community",
        }
    }

    /// The type of that REST name; the newer names are not accepted.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub(super) fn has_history(self) -> bool {
        match self {
            Kind::Private | Kind::Public | Kind::ChatRoom | Kind::Community => true,
            Kind::AVChatRoom | Kind::BChatRoom => false,
        }
    }
}

/// A member's standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The one owner.
    Owner,
    /// May manage members.
    Admin,
    /// Everybody else.
    Member,
}

impl Role {
    pub(super) fn name(self) -> &'static str {
        match self {
            Role::Owner => "Owner",
            Role::Admin => "Admin",
            Role::Member => "Member",
        }
    }
}

/// A user in a group.
#[derive(Clone, Debug)]
pub struct Member {
    /// UserID.
    pub user: String,
    /// Standing in the group.
    pub role: Role,
    /// Name in this group only; empty when unset.
    pub card: String,
    /// Unix seconds until which the member is muted; 0 when not.
    pub muted_until: u32,
    /// Unix seconds of joining; 0 when the member was there from the start.
    pub joined: i64,
    /// How many of the newest messages the member has not read.
    pub unread: u32,
}

impl Member {
    /// An ordinary member without a name card.
    #[must_use]
    pub fn new(user: &str) -> Member {
        Member {
            user: user.to_owned(),
            role: Role::Member,
            card: String::new(),
            muted_until: 0,
            joined: 0,
            unread: 0,
        }
    }
}
