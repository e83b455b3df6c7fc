//! Which messages of a chat are not there, and in what way.

use std::ops::RangeInclusive;

use super::mix;

/// What became of a message. A test that walks a history compares with this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It is there, with its body.
    Present,
    /// Deleted, expired or never stored: `IsPlaceMsg` 1.
    Gone,
    /// Taken back by its sender: `IsPlaceMsg` 2, or as the knobs say.
    Recalled,
    /// The service never lists it. Also the answer for a seq the chat does not have.
    Withheld,
}

/// Chances of a hole, in thousandths, for each message on its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scatter {
    pub(super) seed: u64,
    pub(super) gone: u64,
    pub(super) recalled: u64,
    pub(super) withheld: u64,
}

/// The holes of one chat. Needs no memory per message.
#[derive(Clone, Debug, Default)]
pub(super) struct Holes {
    /// Every seq up to here has expired.
    pub(super) expired_to: u32,
    /// Of two ranges that overlap, the one added later holds.
    pub(super) ranges: Vec<(RangeInclusive<u32>, Truth)>,
    pub(super) scatter: Option<Scatter>,
}

impl Holes {
    /// What was laid down for this seq; `None` where nothing was.
    pub(super) fn fixed(&self, seq: u32) -> Option<Truth> {
        if let Some((_, truth)) = self.ranges.iter().rev().find(|(r, _)| r.contains(&seq)) {
            return Some(*truth);
        }
        (seq <= self.expired_to).then_some(Truth::Gone)
    }

    /// What chance makes of this seq.
    pub(super) fn scattered(&self, seq: u32) -> Truth {
        let Some(scatter) = self.scatter else {
            return Truth::Present;
        };
        // Thousandths.
        let chance = mix(scatter.seed, seq.into()) % 1000;
        if chance < scatter.gone {
            Truth::Gone
        } else if chance < scatter.gone + scatter.recalled {
            Truth::Recalled
        } else if chance < scatter.gone + scatter.recalled + scatter.withheld {
            Truth::Withheld
        } else {
            Truth::Present
        }
    }
}
