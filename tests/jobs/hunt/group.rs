//! Groups of any size without memory per message, and how the service pages them.

use std::ops::RangeInclusive;
use std::sync::Arc;

use tim_history::model::ids::Seq;
use tim_history::model::message::{Ask, Finished, ItemState, Message, Page, Raw, Timestamp};
use tim_history::model::text::Clean;

/// When messages come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Traffic {
    Uniform,
    DayAndNight,
    Bursts,
}

/// What `ReqMsgNumber` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    Messages,
    Window,
}

/// What the service has of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    Present,
    Recalled,
    Gone,
    Withheld,
}

/// Chances in a thousand that a message is a hole of each kind.
pub(crate) type Holes = [u64; 3];

#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) head: u32,
    pub(crate) traffic: Traffic,
    pub(crate) rule: Rule,
    pub(crate) seed: u64,
    pub(crate) holes: Holes,
    /// Everything up to here has expired.
    pub(crate) expired: u32,
    pub(crate) deleted: Option<RangeInclusive<u32>>,
    /// Whether placeholders of deleted ones keep their times.
    pub(crate) keeps_times: bool,
    pub(crate) untimed: Option<RangeInclusive<u32>>,
    /// A seq whose message claims to be from long after.
    pub(crate) misdated: Option<u32>,
    /// Where bursts begin, in seconds from the first; one for every [`BURST`] seqs.
    starts: Arc<[i64]>,
    raw: Raw,
}

const BURST: u32 = 2_500;
const DAY: i64 = 86_400;
const BEGIN: i64 = 1_600_000_000;

/// SplitMix64.
pub(crate) fn mix(seed: u64, value: u64) -> u64 {
    let mut z = seed ^ value.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Group {
    pub(crate) fn new(head: u32, traffic: Traffic, rule: Rule, seed: u64) -> Self {
        let bursts = head / BURST + 1;
        let mut at = 0;
        let starts = (0..bursts).map(|burst| {
            let begin = at;
            // A silence of up to three weeks, or none at all.
            let silence = mix(seed, u64::from(burst) + 77) % 42;
            let silence = i64::try_from(silence)
                .expect("small")
                .saturating_sub(21)
                .max(0)
                * DAY;
            at += Self::burst_length(seed, burst) + silence + 5;
            begin
        });
        Self {
            head,
            traffic,
            rule,
            seed,
            holes: [34, 33, 33],
            expired: 0,
            deleted: None,
            keeps_times: false,
            untimed: None,
            misdated: None,
            starts: starts.collect(),
            raw: Raw::from("{}"),
        }
    }

    /// In seconds: from forty messages a second, the most there can be, to one in
    /// half a minute.
    fn burst_length(seed: u64, burst: u32) -> i64 {
        let quarters = [1, 4, 40, 400, 3_000].map(|rate| i64::from(BURST) * rate / 40);
        let pick = mix(seed, u64::from(burst)) % 5;
        quarters[usize::try_from(pick).expect("small")]
    }

    /// The server's clock when the message came: never before that of an earlier one.
    pub(crate) fn time(&self, seq: u32) -> i64 {
        let n = i64::from(seq);
        BEGIN
            + match self.traffic {
                Traffic::Uniform => {
                    let jitter = mix(self.seed, seq.into()) % 31;
                    n * 31 + i64::try_from(jitter).expect("small")
                }
                Traffic::DayAndNight => {
                    // 2,700 a day, most of them at noon, none before eight.
                    let (day, nth) = (n / 2_700, n % 2_700);
                    let noon = nth - 1_350;
                    let bend = noon * noon * noon / (1_350 * 1_350);
                    day * DAY + 16 * 3_600 + (noon + bend) * 10
                }
                Traffic::Bursts => {
                    let (burst, nth) = (seq / BURST, i64::from(seq % BURST));
                    let start = self.starts[burst as usize];
                    start + nth * Self::burst_length(self.seed, burst) / i64::from(BURST)
                }
            }
    }

    pub(crate) fn truth(&self, seq: u32) -> Truth {
        let chance = mix(self.seed ^ 0x5eed, seq.into()) % 1_000;
        let [gone, recalled, withheld] = self.holes;
        let deleted = self
            .deleted
            .as_ref()
            .is_some_and(|part| part.contains(&seq));
        if chance < withheld {
            Truth::Withheld
        } else if seq <= self.expired || deleted || chance < withheld + gone {
            Truth::Gone
        } else if chance < withheld + gone + recalled {
            Truth::Recalled
        } else {
            Truth::Present
        }
    }

    /// What a reader can know of its time.
    pub(crate) fn shown_time(&self, seq: u32) -> Option<i64> {
        let untimed = self
            .untimed
            .as_ref()
            .is_some_and(|part| part.contains(&seq));
        if self.misdated == Some(seq) {
            return Some(self.time(seq) + 400 * DAY);
        }
        match self.truth(seq) {
            Truth::Present | Truth::Recalled => (!untimed).then(|| self.time(seq)),
            Truth::Gone if self.keeps_times && seq > self.expired => Some(self.time(seq)),
            Truth::Gone | Truth::Withheld => None,
        }
    }

    /// The first seq with a known time at or after `time`, looked for from below.
    pub(crate) fn first_at(&self, time: i64) -> Option<u32> {
        let (mut low, mut high) = (1, self.head + 1);
        while low < high {
            let middle = low.midpoint(high);
            if self.time(middle) < time {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        (low..=self.head).find(|seq| self.shown_time(*seq).is_some())
    }

    pub(crate) fn oldest_left(&self) -> Option<u32> {
        let left = |seq: &u32| matches!(self.truth(*seq), Truth::Present | Truth::Recalled);
        (self.expired + 1..=self.head).find(left)
    }

    pub(crate) fn answer(&self, ask: Ask) -> Page {
        let count = ask.count.get();
        let top = ask.seq.map_or(self.head, Seq::get).min(self.head);
        let mut items = Vec::new();
        let mut seq = top;
        while seq > 0 {
            let full = match self.rule {
                Rule::Messages => items.len() >= count as usize,
                Rule::Window => top - seq >= count,
            };
            if full {
                break;
            }
            items.extend(self.item(seq));
            seq -= 1;
        }
        Page {
            info: Clean::default(),
            items,
            finished: Finished::Whole,
        }
    }

    fn item(&self, seq: u32) -> Option<Message> {
        let state = match self.truth(seq) {
            Truth::Present => ItemState::Present,
            Truth::Recalled => ItemState::Recalled,
            Truth::Gone => ItemState::Gone,
            Truth::Withheld => return None,
        };
        Some(Message {
            seq: Seq::new(seq),
            time: self.shown_time(seq).and_then(Timestamp::new),
            sender: None,
            state,
            system: false,
            random: None,
            priority: None,
            repaired: false,
            raw: self.raw.clone(),
        })
    }
}
