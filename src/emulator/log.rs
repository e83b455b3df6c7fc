//! What was asked of the service, for tests to look at.

use std::collections::VecDeque;
use std::time::Duration;

use serde_json::Value;

/// Calls kept; older ones are forgotten.
const KEPT: usize = 100_000;

/// What the kept calls may weigh in bytes, estimated: a caller that sends large
/// bodies for hours must not fill the memory.
const WEIGHT: usize = 64 << 20;

/// What a pair of the query weighs beside its text.
const PAIR: usize = 2 * size_of::<String>();

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

/// A call as it is kept: the body is read when somebody looks at it.
#[derive(Debug)]
struct Kept {
    call: Call,
    body: Vec<u8>,
}

impl Kept {
    fn weight(&self) -> usize {
        let text = |(name, value): &(String, String)| PAIR + name.len() + value.len();
        let query: usize = self.call.query.iter().map(text).sum();
        size_of::<Kept>() + self.call.command.len() + query + self.body.len()
    }
}

#[derive(Debug, Default)]
pub(super) struct Log {
    next: u64,
    weight: usize,
    calls: VecDeque<Kept>,
}

impl Log {
    /// Records a request and its body; the number is for [`Log::finish`].
    pub(super) fn arrive(&mut self, mut call: Call, body: Vec<u8>) -> u64 {
        call.order = self.next;
        self.next += 1;
        let kept = Kept { call, body };
        self.weight += kept.weight();
        self.calls.push_back(kept);
        // The newest stays, whatever it weighs.
        while self.calls.len() > KEPT || (self.weight > WEIGHT && self.calls.len() > 1) {
            let oldest = self.calls.pop_front();
            self.weight -= oldest.map_or(0, |kept| kept.weight());
        }
        self.next - 1
    }

    pub(super) fn finish(&mut self, order: u64, outcome: u32, done: Duration) {
        let from_end = usize::try_from(self.next - order).unwrap_or(usize::MAX);
        let index = self.calls.len().checked_sub(from_end);
        if let Some(kept) = index.and_then(|index| self.calls.get_mut(index)) {
            kept.call.outcome = Some(outcome);
            kept.call.done = Some(done);
        }
    }

    pub(super) fn all(&self) -> Vec<Call> {
        let whole = |kept: &Kept| Call {
            body: serde_json::from_slice(&kept.body).unwrap_or(Value::Null),
            ..kept.call.clone()
        };
        self.calls.iter().map(whole).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call() -> Call {
        Call {
            order: 0,
            command: "a".to_owned(),
            query: vec![("random".to_owned(), "1".to_owned())],
            body: Value::Null,
            outcome: None,
            at: Duration::ZERO,
            done: None,
        }
    }

    #[test]
    fn large_bodies_push_out_the_oldest_calls() {
        let mut log = Log::default();
        for _ in 0..100 {
            log.arrive(call(), vec![b' '; 1 << 20]);
        }
        let kept = log.calls.len();
        assert!((60..64).contains(&kept), "{kept}");
        log.finish(99, 0, Duration::ZERO);
        // Forgotten by now.
        log.finish(0, 60_003, Duration::ZERO);
        let calls = log.all();
        assert_eq!(
            calls.last().map(|call| (call.order, call.outcome)),
            Some((99, Some(0)))
        );
        assert!(calls.iter().all(|call| call.outcome != Some(60_003)));
    }

    #[test]
    fn small_calls_are_kept_by_their_number() {
        let mut log = Log::default();
        for _ in 0..KEPT + 5 {
            log.arrive(call(), b"{\"GroupId\":\"A\"}".to_vec());
        }
        let calls = log.all();
        assert_eq!(calls.len(), KEPT);
        assert_eq!(calls.first().map(|call| call.order), Some(5));
        assert!(calls.iter().all(|call| call.body["GroupId"] == "A"));
    }
}
