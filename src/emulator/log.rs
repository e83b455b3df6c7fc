//! What was asked of the service, for tests to look at.

use std::collections::VecDeque;
use std::time::Duration;

use serde_json::Value;

/// Calls kept; older ones are forgotten.
const KEPT: usize = 100_000;

/// One request.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Place in the order of arrival, from 0.
    pub order: u64,
    /// Last part of the path, such as `group_msg_get_simple`.
    pub command: String,
    /// The query's pairs in their order; the signature is replaced by `***`.
    pub query: Vec<(String, String)>,
    /// The request's body; `Null` when it is not JSON.
    pub body: Value,
    /// The `ErrorCode` answered, 502 for a gateway's page; `None` while the
    /// call runs, and for ever when it hangs or its connection went away.
    pub outcome: Option<u32>,
    /// When it arrived, since the service started.
    pub at: Duration,
    /// When it was answered, since the service started.
    pub done: Option<Duration>,
}

#[derive(Debug, Default)]
pub(super) struct Log {
    next: u64,
    calls: VecDeque<Call>,
}

impl Log {
    /// Records a request; the number is for [`Log::finish`].
    pub(super) fn arrive(&mut self, mut call: Call) -> u64 {
        call.order = self.next;
        self.next += 1;
        if self.calls.len() == KEPT {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
        self.next - 1
    }

    pub(super) fn finish(&mut self, order: u64, outcome: u32, done: Duration) {
        let from_end = usize::try_from(self.next - order).unwrap_or(usize::MAX);
        let index = self.calls.len().checked_sub(from_end);
        if let Some(call) = index.and_then(|index| self.calls.get_mut(index)) {
            call.outcome = Some(outcome);
            call.done = Some(done);
        }
    }

    pub(super) fn all(&self) -> Vec<Call> {
        self.calls.iter().cloned().collect()
    }
}
