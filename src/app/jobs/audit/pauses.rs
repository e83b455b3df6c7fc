//! How long nobody wrote.

use super::{Finding, MOST_SILENCES, SHORTEST_SILENCE, UNUSUAL, What};
use crate::model::ids::Seq;
use crate::model::message::Timestamp;
use crate::model::timeline::Stretch;

/// When so many messages in a row are earlier than the one before them, it is
/// the clock that was put back.
const PUT_BACK: u8 = 3;

/// A seq and its time.
type Place = (Seq, Timestamp);

/// The pauses between neighbouring items with a time, as they come.
#[derive(Debug, Default)]
pub(super) struct Pauses {
    /// The last item whose time is in order.
    last: Option<Place>,
    /// The one before it.
    earlier: Option<Place>,
    /// How many came since whose times are before that of `last`.
    late: u8,
    /// All lengths, in seconds.
    lengths: Vec<u32>,
    /// The longest, in no order.
    longest: Vec<Pause>,
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
        self.last = None;
        self.earlier = None;
        self.late = 0;
    }

    /// The next item with a time. A single one whose time is out of order makes
    /// no pause, neither before nor after it.
    pub(super) fn pass(&mut self, here: Place) {
        let Some(last) = self.last else {
            self.last = Some(here);
            return;
        };
        if here.1 >= last.1 {
            self.earlier = Some(last);
            self.add(last, here);
        } else if let Some(earlier) = self.earlier.filter(|earlier| here.1 >= earlier.1) {
            self.lengths.pop();
            self.longest.retain(|pause| pause.to != last);
            self.add(earlier, here);
        } else {
            self.late += 1;
            if self.late == PUT_BACK {
                self.interrupt();
                self.last = Some(here);
            }
            return;
        }
        self.late = 0;
        self.last = Some(here);
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
        let middle = self.lengths.len() / 2;
        let median = if self.lengths.is_empty() {
            0
        } else {
            u64::from(*self.lengths.select_nth_unstable(middle).1)
        };
        let unusual = |pause: &&Pause| pause.seconds >= median.saturating_mul(UNUSUAL);
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
