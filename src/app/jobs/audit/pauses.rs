//! How long nobody wrote.

use super::{Finding, MOST_SILENCES, SHORTEST_SILENCE, UNUSUAL, What};
use crate::model::ids::Seq;
use crate::model::message::Timestamp;
use crate::model::timeline::Stretch;

/// When so many messages in a row are earlier than the one before them, it is
/// the clock that was put back.
const PUT_BACK: usize = 3;
/// The same for the very first: nothing before it speaks for its time.
const PUT_BACK_AT_FIRST: usize = 2;
/// Of fewer pauses there is no usual one.
const ENOUGH: usize = 5;

/// A seq and its time.
type Place = (Seq, Timestamp);

/// The pauses between neighbouring items with a time, as they come. One counts
/// once the item after it has not shown that its end was misdated.
#[derive(Debug, Default)]
pub(super) struct Pauses {
    /// The last item whose time is in order.
    last: Option<Step>,
    /// The one before it; the pause between the two does not count yet.
    earlier: Option<Place>,
    /// Those since whose times are before that of `last`, fewer than [`PUT_BACK`].
    late: Vec<Step>,
    /// Whether somebody wrote since the last item, nobody knows when.
    blind: bool,
    /// All lengths, in seconds.
    lengths: Vec<u32>,
    /// The longest, in no order.
    longest: Vec<Pause>,
}

/// An item, and whether something without a time lies right before it.
#[derive(Debug, Clone, Copy)]
struct Step {
    place: Place,
    blind: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pause {
    seconds: u64,
    from: Place,
    to: Place,
}

impl Pauses {
    /// Nobody knows what lies between here and what comes.
    pub(super) fn interrupt(&mut self) {
        self.settle();
        self.last = None;
        self.earlier = None;
        self.late.clear();
        self.blind = false;
    }

    /// Somebody wrote here, nobody knows when.
    pub(super) fn pass_untimed(&mut self) {
        self.blind = true;
    }

    /// The next item with a time. A single one whose time is out of order makes
    /// no pause, neither before nor after it.
    pub(super) fn pass(&mut self, place: Place) {
        let blind = std::mem::take(&mut self.blind);
        self.step(Step { place, blind });
    }

    fn step(&mut self, here: Step) {
        let Some(last) = self.last else {
            self.last = Some(here);
            return;
        };
        let time = here.place.1;
        let blind = here.blind || self.late.iter().any(|late| late.blind);
        if time >= last.place.1 {
            self.settle();
            self.earlier = Some(last.place);
            self.last = Some(Step { blind, ..here });
            self.late.clear();
        } else if self.earlier.is_some_and(|earlier| time >= earlier.1) {
            // It was `last` that was ahead of its time.
            let blind = blind || last.blind;
            self.last = Some(Step { blind, ..here });
            self.late.clear();
        } else {
            self.late.push(here);
            let most = self.earlier.map_or(PUT_BACK_AT_FIRST, |_| PUT_BACK);
            if self.late.len() >= most {
                // One fewer each time, so this comes to an end.
                let late = std::mem::take(&mut self.late);
                self.last = None;
                self.earlier = None;
                for step in late {
                    self.step(step);
                }
            }
        }
    }

    /// Counts the pause that nothing has spoken against.
    fn settle(&mut self) {
        if let Some((from, to)) = self.earlier.zip(self.last)
            && !to.blind
        {
            self.add(from, to.place);
        }
    }

    fn add(&mut self, from: Place, to: Place) {
        let seconds = to.1.seconds().abs_diff(from.1.seconds());
        self.lengths
            .push(u32::try_from(seconds).unwrap_or(u32::MAX));
        if seconds < SHORTEST_SILENCE {
            return;
        }
        let pause = Pause { seconds, from, to };
        if self.longest.len() < MOST_SILENCES {
            self.longest.push(pause);
            return;
        }
        let shortest = self.longest.iter_mut().min_by_key(|p| p.seconds);
        if let Some(shortest) = shortest.filter(|s| s.seconds < seconds) {
            *shortest = pause;
        }
    }

    /// The longest of them that are unusual.
    pub(super) fn silences(mut self) -> Vec<Finding> {
        self.settle();
        let count = self.lengths.len();
        let usual = if count < ENOUGH {
            0
        } else {
            // Of an even number the lower one in the middle.
            u64::from(*self.lengths.select_nth_unstable((count - 1) / 2).1)
        };
        let unusual = |pause: &&Pause| pause.seconds >= usual.saturating_mul(UNUSUAL);
        let silence = |pause: &Pause| {
            let ((first, from), (last, to)) = (pause.from, pause.to);
            Some(Finding {
                at: Stretch::new(first, last)?,
                time: Some(from),
                what: What::Silence {
                    from,
                    to,
                    timeless: last.get() - first.get() - 1,
                },
            })
        };
        let longest = self.longest.iter().filter(unusual);
        longest.filter_map(silence).collect()
    }
}
