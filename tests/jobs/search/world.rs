//! A group whose messages follow from their seqs.

use std::collections::BTreeSet;

use tim_history::model::ids::Seq;
use tim_history::model::message::{Finished, ItemState, Message, Page, Raw, Timestamp};
use tim_history::model::text::Clean;

pub(crate) fn seq(number: u32) -> Seq {
    Seq::new(number).expect("tests name no zero")
}

/// Scatters neighbouring numbers.
pub(crate) fn hash(number: u64) -> u64 {
    let mut x = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// What a page of 20 is: not documented, so both must do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// 20 messages, however far down they reach.
    Messages,
    /// What there is of 20 seqs.
    Window,
}

/// The state that the generator says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    Present,
    Gone,
    Recalled,
    Withheld,
}

#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) head: u32,
    pub(crate) rule: Rule,
    /// The messages with the word in them.
    pub(crate) needles: BTreeSet<u32>,
    /// Of a thousand seqs.
    pub(crate) withheld_per_mille: u64,
    plain: Raw,
    needle: Raw,
}

impl World {
    pub(crate) fn new(head: u32, rule: Rule) -> Self {
        Self {
            head,
            rule,
            needles: BTreeSet::new(),
            withheld_per_mille: 5,
            plain: Raw::from("hay"),
            needle: Raw::from("needle"),
        }
    }

    pub(crate) fn truth(&self, number: u32) -> Truth {
        if self.needles.contains(&number) {
            return Truth::Present;
        }
        let at = hash(number.into()) % 1000;
        let withheld = self.withheld_per_mille;
        if at < withheld {
            Truth::Withheld
        } else if at < withheld + 30 {
            Truth::Gone
        } else if at < withheld + 50 {
            Truth::Recalled
        } else {
            Truth::Present
        }
    }

    /// Answers as the service does; `cut` keeps so many of the newest items.
    pub(crate) fn page(&self, asked: u32, count: u32, cut: Option<usize>) -> Page {
        let lowest = match self.rule {
            Rule::Messages => 1,
            Rule::Window => asked.saturating_sub(count - 1).max(1),
        };
        let there = (lowest..=asked.min(self.head))
            .rev()
            .filter(|number| self.truth(*number) != Truth::Withheld);
        let items = there
            .take(cut.unwrap_or(20).min(count as usize))
            .map(|number| self.message(number));
        Page {
            info: Clean::default(),
            items: items.collect(),
            finished: if cut.is_some() {
                Finished::Cut
            } else {
                Finished::Whole
            },
        }
    }

    fn message(&self, number: u32) -> Message {
        let state = match self.truth(number) {
            Truth::Present | Truth::Withheld => ItemState::Present,
            Truth::Gone => ItemState::Gone,
            Truth::Recalled => ItemState::Recalled,
        };
        Message {
            seq: Some(seq(number)),
            time: Timestamp::new(1_600_000_000 + i64::from(number)),
            sender: None,
            state,
            system: false,
            random: None,
            priority: None,
            repaired: false,
            raw: if self.needles.contains(&number) {
                self.needle.clone()
            } else {
                self.plain.clone()
            },
        }
    }
}

/// Looks for the word.
pub(crate) fn has_needle(message: Option<&Message>) -> bool {
    message.is_some_and(|message| message.raw.bytes() == b"needle")
}
