//! What a test or a demo can turn: everything the facts leave open, and faults.

use std::time::Duration;

/// How the service behaves. The default is a well-behaved one.
#[derive(Clone, Debug, PartialEq)]
pub struct Knobs {
    /// Added before each answer.
    pub latency: Duration,
    /// Up to this much more, differing from call to call in a fixed pattern.
    pub jitter: Duration,
    /// Added for calls about one group, named by its ID.
    pub slow_group: Option<(String, Duration)>,
    /// `(n, code)`: every n-th call fails with this error code.
    pub fail_every: Option<(u32, u32)>,
    /// Every call fails with this error code.
    pub fail_always: Option<u32>,
    /// Every n-th call gets a gateway's HTML page with status 502.
    pub http_502_every: Option<u32>,
    /// Every n-th reply ends in the middle of its body, and the connection with it.
    pub cut_body_every: Option<u32>,
    /// Requests are read and never answered.
    pub hang: bool,
    /// Restricts the five faults above to one command, such as
    /// `group_msg_get_simple`; the n of "every n-th" counts only its calls.
    pub only: Option<String>,
    /// Calls per second and command, as a sliding window; beyond it 60007.
    pub rate_limit: u32,
    /// The same for `get_appid_group_list`; beyond it 10006.
    pub list_rate_limit: u32,
    /// What those limits count in: a second, less what the network squeezes
    /// together. A long window makes a test of the limits sure.
    pub rate_window: Duration,
    /// How recalled messages look to a call with `WithRecalledMsg: 1`.
    pub recalled: Recalled,
    /// How they look to a call without it.
    pub unasked: Unasked,
    /// What `ReqMsgNumber` counts.
    pub page_rule: PageRule,
    /// Messages older than this are expired, in all groups.
    pub expiry: Option<Duration>,
    /// Largest history reply in bytes; a longer one is cut (`IsFinished` 0 or 2).
    pub reply_cap: usize,
    /// The `IsFinished` of every history reply, whatever it should be.
    pub is_finished: Option<i64>,
    /// The `ErrorInfo` of good history replies, where they have one.
    pub page_info: String,
    /// Order of the messages of a history page.
    pub order: Order,
    /// Seconds by which the `Date` header is ahead (or, negative, behind).
    pub clock_skew: i64,
    /// How long 70050 lasts after too many failed verifications.
    pub lockout: Duration,
    /// How long a request's body may take to arrive; beyond it 60008.
    pub patience: Duration,
    /// Successful replies come without `ActionStatus` and `ErrorInfo`.
    pub bare_replies: bool,
    /// One unknown account fails `portrait_get` as a whole.
    pub strict_portraits: bool,
    /// What the `GroupId` of a history reply names.
    pub echo: Echo,
    /// Added to the world's clock: lets groups grow, and messages and
    /// signatures expire, without waiting.
    pub time_passed: Duration,
}

impl Default for Knobs {
    fn default() -> Self {
        Knobs {
            latency: Duration::ZERO,
            jitter: Duration::ZERO,
            slow_group: None,
            fail_every: None,
            fail_always: None,
            http_502_every: None,
            cut_body_every: None,
            hang: false,
            only: None,
            // The documented rates.
            rate_limit: 200,
            list_rate_limit: 1,
            rate_window: Duration::from_millis(950),
            recalled: Recalled::Listed,
            unasked: Unasked::LeftOut,
            page_rule: PageRule::CountMessages,
            expiry: None,
            // The documented largest reply, 1 MB.
            reply_cap: 1 << 20,
            is_finished: None,
            page_info: String::new(),
            order: Order::NewestFirst,
            clock_skew: 0,
            // "Wait a minute."
            lockout: Duration::from_mins(1),
            patience: Duration::from_secs(30),
            bare_replies: false,
            strict_portraits: false,
            echo: Echo::Group,
            time_passed: Duration::ZERO,
        }
    }
}

/// How a recalled message looks when recalled messages are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recalled {
    /// `IsPlaceMsg` 2 with an empty body, save for the few messages whose own
    /// data say that the body stays.
    Listed,
    /// `IsPlaceMsg` 2, the body still there.
    ListedWithBody,
    /// Left out although asked for.
    WithheldEvenWhenAsked,
    /// `IsPlaceMsg` 1, as if deleted.
    AsGone,
}

/// How a recalled message looks when recalled messages are not asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unasked {
    /// Its seq is missing from the page.
    LeftOut,
    /// `IsPlaceMsg` 1, as if deleted.
    AsGone,
}

/// The two readings of "pull `ReqMsgNumber` messages up to `ReqMsgSeq`".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageRule {
    /// Items are counted: what is left out makes room for older ones.
    CountMessages,
    /// Seqs are counted: what is left out makes the page short, even empty.
    WindowOfSeqs,
}

/// What the `GroupId` of a history reply names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echo {
    /// The group asked for.
    Group,
    /// The topic, when one was asked for.
    Topic,
    /// A conversation nobody asked for.
    Other,
}

/// Order of the messages of a history page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// As in the documents' sample.
    NewestFirst,
    /// Nobody has seen it, and nobody has promised that it cannot be.
    OldestFirst,
}
