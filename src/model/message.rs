//! What the service said about one seq, and what a reply of it looked like.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::codes::REPLY_TOO_LARGE;
use super::error::ApiError;
use super::ids::{Seq, UserId};
use super::text::Clean;

/// A Unix time in whole seconds, by the server's clock (api-facts 1.2).
///
/// Zero is what the service writes where it has no time; it never becomes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// `None` for zero and less: "no usable time".
    #[must_use]
    pub const fn new(seconds: i64) -> Option<Self> {
        if seconds > 0 {
            Some(Self(seconds))
        } else {
            None
        }
    }

    /// Seconds since 1970, always above zero.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0
    }
}

/// The service's own JSON of one message: a range of the untouched reply body. Equal
/// where the bytes are, whatever they are a part of.
#[derive(Clone)]
pub struct Raw {
    body: Arc<[u8]>,
    range: Range<usize>,
}

impl Raw {
    /// `range` outside `body` gives an empty text.
    #[must_use]
    pub fn new(body: Arc<[u8]>, range: Range<usize>) -> Self {
        let range = if body.get(range.clone()).is_some() {
            range
        } else {
            0..0
        };
        Self { body, range }
    }

    /// The bytes as they came, byte for byte: possibly not UTF-8, possibly not valid JSON.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.body.get(self.range.clone()).unwrap_or_default()
    }

    /// A part of this text, by its place in [`Raw::bytes`]; copies nothing.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Self {
        let from = |at: usize| self.range.start.saturating_add(at).min(self.range.end);
        Self::new(Arc::clone(&self.body), from(range.start)..from(range.end))
    }
}

impl PartialEq for Raw {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Raw {}

impl From<&str> for Raw {
    fn from(text: &str) -> Self {
        Self::new(Arc::from(text.as_bytes()), 0..text.len())
    }
}

impl fmt::Debug for Raw {
    /// The length only: message text must not reach a log by way of `{:?}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Raw({} B)", self.range.len())
    }
}

/// What an item of the reply says its message is (`IsPlaceMsg`, api-facts 1.7).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemState {
    /// `IsPlaceMsg` 0 or missing.
    Present,
    /// `IsPlaceMsg` 1: deleted, expired or never stored; the service does not say which.
    Gone,
    /// `IsPlaceMsg` 2. Whether the body is still there is open (api-facts 1.7).
    Recalled,
    /// The item is there but cannot be read; holds the reason, in our words.
    Unreadable(String),
}

/// One item of a reply, with what every view of it needs. The body stays in
/// [`Raw`] and is decoded on demand by [`crate::model::element`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Missing only in broken items; those hang under their predecessor.
    pub seq: Option<Seq>,
    /// `MsgTimeStamp`, or `MsgTime` where that is missing.
    pub time: Option<Timestamp>,
    /// `From_Account`; `None` where missing or empty, as in placeholders.
    pub sender: Option<UserId>,
    /// Which of its lives the message is in.
    pub state: ItemState,
    /// `IsSystemMsg` 1, or a body that only system messages have.
    pub system: bool,
    /// `MsgRandom`, u32.
    pub random: Option<u32>,
    /// `MsgPriority`: 1 High, 2 Normal, 3 Low, 4 Lowest; others are shown as numbers.
    pub priority: Option<i64>,
    /// Something had to be repaired before it could be read: lone surrogates,
    /// bytes that are not UTF-8, raw control bytes.
    pub repaired: bool,
    /// The service's own JSON.
    pub raw: Raw,
}

/// Numbers the asks of a session in the order in which they were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AskNo(pub u64);

/// How many messages one call asks for: 1 to 20 (`ReqMsgNumber`, api-facts 1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageSize(u8);

impl PageSize {
    /// What one call can bring at most.
    pub const FULL: Self = Self(20);

    /// The nearest allowed size.
    #[must_use]
    pub fn clamped(wanted: u32) -> Self {
        Self(u8::try_from(wanted.clamp(1, 20)).unwrap_or(20))
    }

    /// 1 to 20.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0 as u32
    }
}

/// One call of group_msg_get_simple, as the timeline wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ask {
    /// The highest seq wanted, inclusive; `None` asks for the newest messages.
    pub seq: Option<Seq>,
    /// How many.
    pub count: PageSize,
    /// Which life of the group this was asked in; answers of an earlier one are dropped.
    pub generation: u32,
    /// Later-asked answers win over earlier-asked ones.
    pub no: AskNo,
}

impl Ask {
    /// The same for half as many, where the service said that so many are too large to send.
    #[must_use]
    pub fn smaller(self, error: &ApiError) -> Option<Self> {
        let half = self.count.get() / 2;
        let helps = error.code() == Some(REPLY_TOO_LARGE) && half > 0;
        helps.then(|| Self {
            count: PageSize::clamped(half),
            ..self
        })
    }
}

/// `IsFinished` of a reply (api-facts 1.4). Not a stop condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finished {
    /// 1: the requested range came back whole.
    Whole,
    /// 0: the reply was cut by the service.
    Cut,
    /// 2: cut, and the service says all of the range has expired.
    Expired,
    /// Any other value, verbatim as JSON (not sanitised); `None` where it was missing.
    Other(Option<String>),
}

/// One reply of group_msg_get_simple.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// In the order of the reply, which may be any.
    pub items: Vec<Message>,
    /// Verbatim; shown in the reason of a gap or start row.
    pub finished: Finished,
    /// The `ErrorInfo` that came with the good answer: empty as a rule, and at most a
    /// screenful.
    pub info: Clean,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_stays_inside_its_whole() {
        let whole = Raw::new(Arc::from(&b"0123456789"[..]), 2..8);
        assert_eq!(whole.part(1..3).bytes(), b"34");
        assert_eq!(whole.part(4..9).bytes(), b"67");
        assert_eq!(whole.part(7..9).bytes(), b"");
    }
}
