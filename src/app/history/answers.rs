//! Which pages were answered, for as long as a seq is known by one of them.

use std::collections::BTreeMap;

use crate::model::message::{Ask, AskNo, Timestamp};
use crate::model::text::Clean;
use crate::model::timeline::Timeline;

/// So many are kept without asking what of them is still of use.
const FEW: usize = 128;

/// A page that was answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What was asked for.
    pub ask: Ask,
    /// When the answer came, by the clock of this machine.
    pub at: Option<Timestamp>,
    /// Its `ErrorInfo`.
    pub info: Clean,
}

/// By the number of their ask.
///
/// A page that is asked for again and again, as the newest one is, leaves an answer each
/// time, and only the last one is ever looked at. The others are dropped once there are
/// twice as many as were of use the last time: a look at all that is known, as rarely as
/// it can be.
#[derive(Debug)]
pub(super) struct Answers {
    all: BTreeMap<AskNo, Answer>,
    limit: usize,
}

impl Default for Answers {
    fn default() -> Self {
        Self {
            all: BTreeMap::new(),
            limit: FEW,
        }
    }
}

impl Answers {
    pub(super) fn of(&self, no: AskNo) -> Option<&Answer> {
        self.all.get(&no)
    }

    /// Keeps an answer whose page the timeline has merged.
    pub(super) fn take(&mut self, answer: Answer, timeline: &Timeline) {
        self.all.insert(answer.ask.no, answer);
        if self.all.len() > self.limit {
            let of_use = timeline.asks_in_use();
            self.all.retain(|no, _| of_use.contains(no));
            self.limit = FEW.max(2 * self.all.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::Seq;
    use crate::model::message::{Finished, Page, PageSize};

    #[test]
    fn polling_for_ever_keeps_little_and_forgets_nothing_of_use() {
        let seq = |number| Seq::new(number).expect("not zero");
        let (mut timeline, mut answers) = (Timeline::new(), Answers::default());
        timeline.learn_head(Some(seq(100)), AskNo(0));
        for no in 1..10_000 {
            // One in ten is of a page; the others are of the newest seq alone.
            let at = if no % 10 == 0 { 50 } else { 100 };
            let ask = Ask {
                seq: Some(seq(at)),
                count: PageSize::clamped(if at == 50 { 20 } else { 1 }),
                generation: 0,
                no: AskNo(no),
            };
            let page = Page {
                info: Clean::default(),
                items: Vec::new(),
                finished: Finished::Whole,
            };
            timeline.merge(ask, page);
            let (at, info) = (None, Clean::default());
            answers.take(Answer { ask, at, info }, &timeline);
            assert!(answers.all.len() <= FEW);
        }
        for (at, asked) in [(100, 9_999), (50, 9_990), (31, 9_990)] {
            let no = timeline.asked_last(seq(at)).expect("it was asked for");
            assert_eq!(
                answers.of(no).map(|answer| answer.ask.no),
                Some(AskNo(asked))
            );
        }
    }
}
