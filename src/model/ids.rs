//! Names for things of the service, as types that cannot be mixed up.
//!
//! Nothing here is sanitised: an identifier is kept as it came and goes through
//! [`crate::model::text`] before anybody sees it.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

/// The place of a message in its conversation; smaller is earlier.
///
/// Unique and consecutive in a group or topic, 1 to 4,294,967,295 (api-facts
/// 1.5). Zero cannot be written: `ReqMsgSeq: 0` may mean "not given", and a walk
/// that asked for it would start again at the newest message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seq(NonZeroU32);

impl Seq {
    /// The first message of every conversation.
    pub const FIRST: Self = Self(NonZeroU32::MIN);
    /// The largest number the service can give.
    pub const LAST: Self = Self(NonZeroU32::MAX);

    /// `None` for zero, which no message carries.
    #[must_use]
    pub const fn new(number: u32) -> Option<Self> {
        match NonZeroU32::new(number) {
            Some(n) => Some(Self(n)),
            None => None,
        }
    }

    /// The plain number, never zero.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0.get()
    }

    /// The next earlier seq; `None` at the first message, where every walk ends.
    #[must_use]
    pub const fn prev(self) -> Option<Self> {
        Self::new(self.0.get() - 1)
    }

    /// The next later seq; `None` only at the largest number.
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        match self.0.checked_add(1) {
            Some(n) => Some(Self(n)),
            None => None,
        }
    }

    /// `by` seqs earlier, but not before the first.
    #[must_use]
    pub const fn back(self, by: u32) -> Self {
        match Self::new(self.0.get().saturating_sub(by)) {
            Some(seq) => seq,
            None => Self::FIRST,
        }
    }

    /// `by` seqs later, but not after the largest number.
    #[must_use]
    pub const fn forward(self, by: u32) -> Self {
        Self(self.0.saturating_add(by))
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes the identifier as the service or the user wrote it.
            #[must_use]
            pub fn new(id: impl Into<Arc<str>>) -> Self {
                Self(id.into())
            }

            /// As it came: not safe to show.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

identifier! {
    /// A group: `@TGS#...` or a custom ID of up to 48 printable ASCII bytes, in
    /// which spaces, quotes and slashes may occur (api-facts 6).
    GroupId
}
identifier! {
    /// A topic of a community, up to 96 bytes (api-facts 6).
    TopicId
}
identifier! {
    /// A user, up to 32 bytes of printable ASCII (api-facts 2).
    UserId
}

/// A group, or one topic of a community: what has a history of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Conversation {
    /// The group, and for a topic the community it belongs to.
    pub group: GroupId,
    /// Present for a topic.
    pub topic: Option<TopicId>,
}

impl Conversation {
    /// The conversation of a whole group.
    #[must_use]
    pub fn group(group: GroupId) -> Self {
        Self { group, topic: None }
    }

    /// The ID that tells this conversation from all others: the topic's if there is one.
    #[must_use]
    pub fn id(&self) -> &str {
        self.topic
            .as_ref()
            .map_or(self.group.as_str(), TopicId::as_str)
    }
}

/// The number of an app in the console (SDKAppID).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SdkAppId(pub u32);

impl fmt::Display for SdkAppId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_towards_older_messages_ends_by_itself() {
        assert_eq!(Seq::new(0), None);
        assert_eq!(Seq::FIRST.prev(), None);
        assert_eq!(Seq::new(2).and_then(Seq::prev), Some(Seq::FIRST));
        assert_eq!(Seq::LAST.next(), None);
    }

    #[test]
    fn steps_stay_inside_the_line_of_seqs() {
        assert_eq!(Seq::FIRST.back(20), Seq::FIRST);
        assert_eq!(Seq::LAST.forward(20), Seq::LAST);
    }
}
