//! What is loaded over time.

use super::dots::{self, DOTS};
use crate::model::ids::Seq;
use crate::model::message::Timestamp;
use crate::model::time::{self, Zone};
use crate::model::timeline::{SeqState, Stretch, Timeline};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// What a column may stand for, in seconds, and what that is called.
const SIZES: [(i64, &str); 17] = [
    (60, "minute"),
    (300, "5 minutes"),
    (600, "10 minutes"),
    (900, "15 minutes"),
    (1800, "30 minutes"),
    (HOUR, "hour"),
    (2 * HOUR, "2 hours"),
    (3 * HOUR, "3 hours"),
    (6 * HOUR, "6 hours"),
    (12 * HOUR, "12 hours"),
    (DAY, "day"),
    (2 * DAY, "2 days"),
    (7 * DAY, "week"),
    (14 * DAY, "2 weeks"),
    (28 * DAY, "4 weeks"),
    (84 * DAY, "12 weeks"),
    (364 * DAY, "52 weeks"),
];
/// Of a Monday, so that weeks begin with one.
const MONDAY: i64 = 4 * DAY;

/// What came in one column's time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Bin {
    /// Messages, also those that cannot be read.
    pub(super) messages: u32,
    /// Deleted, expired or recalled ones. Where no time came with one, it counts
    /// with the item right before it.
    pub(super) lost: u32,
    /// The first item of it.
    pub(super) first: Option<Seq>,
    /// Something of this time is not loaded.
    pub(super) unloaded: bool,
}

/// Time by the clock of the zone, cut into columns of one length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hours {
    /// Where the first column begins; see [`time::on_clock`].
    start: i64,
    size: i64,
    /// What a column stands for.
    pub(super) name: String,
    /// Cells of a column.
    pub(super) wide: usize,
    pub(super) bins: Vec<Bin>,
}

impl Hours {
    /// `None` where nothing with a time is loaded. One step per loaded item.
    pub(super) fn of(timeline: &Timeline, zone: &Zone, cells: usize) -> Option<Self> {
        let head = timeline.head()?;
        let items = placed(timeline, head, zone);
        let first = items.iter().map(|item| item.clock).min()?;
        let last = items.iter().map(|item| item.clock).max()?;
        let mut hours = Self::fitting(first, last, cells);
        for item in items {
            let at = hours.column(item.clock);
            let Some(bin) = hours.bins.get_mut(at) else {
                continue;
            };
            if item.lost {
                bin.lost += 1;
            } else {
                bin.messages += 1;
            }
            let first = bin.first.map_or(item.seq, |first| first.min(item.seq));
            bin.first = Some(first);
        }
        hours.mark_unloaded(timeline, head, zone);
        Some(hours)
    }

    /// The finest columns of which no more than `cells` are needed.
    fn fitting(first: i64, last: i64, cells: usize) -> Self {
        let cells = cells.max(1);
        let of = |size: i64, name: String| {
            let from = if size >= 7 * DAY { MONDAY } else { 0 };
            let steps = first.saturating_sub(from).div_euclid(size);
            let start = steps.saturating_mul(size).saturating_add(from);
            let columns = last.saturating_sub(start) / size;
            let columns = usize::try_from(columns).ok()?.checked_add(1)?;
            (columns <= cells).then(|| Self {
                start,
                size,
                name,
                wide: (cells / columns).max(1),
                bins: vec![Bin::default(); columns],
            })
        };
        let known = SIZES
            .iter()
            .find_map(|(size, name)| of(*size, (*name).to_owned()));
        // Times so far apart are somebody's mistake, but they may come. Each is
        // twice the one before, so the last step is all of time.
        let wider = || {
            (1..=32).find_map(|doubled| {
                let years = 1_i64.checked_shl(doubled)?;
                let size = (364 * DAY).saturating_mul(years);
                of(size, format!("about {years} years"))
            })
        };
        known.or_else(wider).unwrap_or_else(|| Self {
            start: first,
            size: i64::MAX,
            name: "all of time".to_owned(),
            wide: cells,
            bins: vec![Bin::default()],
        })
    }

    /// Columns in which something is not loaded: from the last known time before
    /// each unfetched stretch to the first after it.
    fn mark_unloaded(&mut self, timeline: &Timeline, head: Seq, zone: &Zone) {
        let mut changes = vec![0_i32; self.bins.len() + 1];
        for run in timeline.runs(Seq::FIRST..=head) {
            if run.state != SeqState::Unfetched {
                continue;
            }
            let below = run
                .first
                .prev()
                .and_then(|seq| timeline.timed_at_or_below(seq));
            let above = run
                .last
                .next()
                .and_then(|seq| timeline.timed_at_or_above(seq));
            let column = |(_, at): (Seq, Timestamp)| self.column(time::on_clock(at, zone));
            // At the ends of what is loaded nobody knows how far it goes.
            let (Some(from), Some(to)) = (below.or(above).map(column), above.or(below).map(column))
            else {
                continue;
            };
            if let Some(change) = changes.get_mut(from.min(to)) {
                *change += 1;
            }
            if let Some(change) = changes.get_mut(from.max(to) + 1) {
                *change -= 1;
            }
        }
        let mut depth = 0;
        for (bin, change) in self.bins.iter_mut().zip(changes) {
            depth += change;
            bin.unloaded = depth > 0;
        }
    }

    /// The column of a time by the zone's clock, the nearest for those outside.
    pub(super) fn column(&self, clock: i64) -> usize {
        let at = clock.saturating_sub(self.start).max(0) / self.size;
        let last = self.bins.len().saturating_sub(1);
        usize::try_from(at).unwrap_or(last).min(last)
    }

    /// The column nearest to a seq by the times known around it.
    pub(super) fn column_of(&self, seq: Seq, timeline: &Timeline, zone: &Zone) -> Option<usize> {
        let above = timeline.timed_at_or_above(seq);
        let near = above.or_else(|| timeline.timed_at_or_below(seq));
        near.map(|(_, at)| self.column(time::on_clock(at, zone)))
    }

    /// The columns of a stretch, as far as times in it are known.
    pub(super) fn columns_of(
        &self,
        stretch: Stretch,
        timeline: &Timeline,
        zone: &Zone,
    ) -> Option<(usize, usize)> {
        let (from, first) = timeline.timed_at_or_above(stretch.first())?;
        let (to, last) = timeline.timed_at_or_below(stretch.last())?;
        let column = |at| self.column(time::on_clock(at, zone));
        (from <= to).then(|| (column(first), column(last)))
    }

    /// Where a column begins, by the zone's clock.
    pub(super) fn begins(&self, column: usize) -> i64 {
        let column = i64::try_from(column).unwrap_or(i64::MAX);
        self.start.saturating_add(self.size.saturating_mul(column))
    }

    /// The first item of a column or of the nearest one after it, else before it.
    pub(super) fn first_at(&self, column: usize) -> Option<Seq> {
        let from = self.bins.iter().skip(column).find_map(|bin| bin.first);
        let before = || {
            self.bins
                .iter()
                .take(column)
                .rev()
                .find_map(|bin| bin.first)
        };
        from.or_else(before)
    }

    /// `the hour from 2024-05-03 14:00`.
    pub(super) fn words(&self, column: usize) -> String {
        let from = self.begins(column);
        let date = clock_words(from, false);
        let from = match clock_words(from, true) {
            clock if self.is_fine() && !clock.starts_with('@') => {
                let clock: String = clock.chars().skip(5).collect();
                date + &clock
            }
            _ => date,
        };
        let article = if self.name.starts_with(|c: char| c.is_ascii_digit()) {
            ""
        } else {
            "the "
        };
        format!("{article}{} from {from}", self.name)
    }

    /// Whether hours and minutes say something.
    pub(super) const fn is_fine(&self) -> bool {
        self.size < DAY
    }

    /// The most messages of one column.
    pub(super) fn most(&self) -> u32 {
        self.bins.iter().map(|bin| bin.messages).max().unwrap_or(0)
    }

    /// Bars of messages, the top line first.
    pub(super) fn bars(&self, lines: usize, ascii: bool) -> Vec<String> {
        let (most, dots) = (self.most(), u32::try_from(lines).unwrap_or(1) * DOTS);
        let height = |bin: &Bin| dots::height(bin.messages, most, dots);
        let columns: Vec<_> = self.bins.iter().map(height).map(|h| (h, h)).collect();
        dots::bars(&columns, self.wide, lines, ascii)
    }

    /// One line: what share of each column was deleted or recalled.
    pub(super) fn lost(&self, ascii: bool) -> String {
        let height = |bin: &Bin| dots::height(bin.lost, bin.messages + bin.lost, DOTS);
        let columns: Vec<_> = self.bins.iter().map(height).map(|h| (h, h)).collect();
        dots::bars(&columns, self.wide, 1, ascii).concat()
    }

    /// One line: a mark where something is not loaded.
    pub(super) fn unloaded(&self) -> String {
        let mark = |bin: &Bin| if bin.unloaded { "?" } else { " " };
        let marks = self.bins.iter().map(|bin| mark(bin).repeat(self.wide));
        marks.collect()
    }
}

/// An item that has a place in time.
struct Placed {
    seq: Seq,
    clock: i64,
    lost: bool,
}

fn placed(timeline: &Timeline, head: Seq, zone: &Zone) -> Vec<Placed> {
    let mut items = Vec::new();
    let mut before: Option<(Seq, i64)> = None;
    for (seq, known) in timeline.all_known(Seq::FIRST..=head) {
        let lost = is_lost(known.state);
        let own = known.time.map(|at| time::on_clock(at, zone));
        let near = before.filter(|(last, _)| lost && last.next() == Some(seq));
        let clock = own.or(near.map(|(_, clock)| clock));
        items.extend(clock.map(|clock| Placed { seq, clock, lost }));
        before = clock.map(|clock| (seq, clock));
    }
    items
}

const fn is_lost(state: SeqState) -> bool {
    match state {
        SeqState::Gone | SeqState::Recalled => true,
        SeqState::Present | SeqState::Unreadable | SeqState::Withheld | SeqState::Unfetched => {
            false
        }
    }
}

/// A time by the zone's clock: `05-03 14:00`, or the date alone.
pub(super) fn clock_words(clock: i64, fine: bool) -> String {
    let Some(at) = Timestamp::new(clock) else {
        return "before 1970".to_owned();
    };
    let full = time::full(at, &Zone::utc());
    if full.starts_with('@') {
        full
    } else if fine {
        full.chars().skip(5).take(11).collect()
    } else {
        full.chars().take(10).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::jobs::audit::sample::{START, eventful, group, item, learn, present, seq};
    use crate::model::message::ItemState;

    #[test]
    fn every_loaded_time_is_in_its_column() {
        let timeline = eventful();
        let zone = Zone::parse("+08:00", &Zone::utc()).expect("an offset");
        for cells in [1, 2, 7, 55, 130] {
            let hours = Hours::of(&timeline, &zone, cells).expect("times are known");
            assert!(hours.bins.len() * hours.wide <= cells, "{cells}");
            let messages: u32 = hours.bins.iter().map(|bin| bin.messages).sum();
            let counts = timeline.counts();
            assert_eq!(messages, counts.present);
            let lost: u32 = hours.bins.iter().map(|bin| bin.lost).sum();
            // 401-430 stand at the edge of what is loaded: nobody knows when.
            assert_eq!(lost, counts.gone + counts.recalled - 30);
            for (column, bin) in hours.bins.iter().enumerate() {
                assert_eq!(hours.column(hours.begins(column)), column);
                let Some(first) = bin.first else { continue };
                let sent = timeline.timed_at_or_below(first).map(|(_, at)| at);
                let sent = sent.map(|at| time::on_clock(at, &zone));
                assert_eq!(sent.map(|at| hours.column(at)), Some(column));
            }
        }
    }

    #[test]
    fn hours_begin_on_the_hour_of_the_zone() {
        let mut timeline = group(2);
        let items = vec![present(1, 0), present(2, 30 * HOUR)];
        learn(&mut timeline, 2, 2, items);
        let zone = Zone::parse("+05:30", &Zone::utc()).expect("an offset");
        let hours = Hours::of(&timeline, &zone, 60).expect("times are known");
        assert_eq!((hours.name.as_str(), hours.bins.len()), ("hour", 31));
        // 01:00 UTC is 06:30 there.
        assert_eq!(clock_words(hours.begins(0), hours.is_fine()), "05-03 06:00");
        assert_eq!(hours.words(1), "the hour from 2024-05-03 07:00");
        let days = Hours::of(&timeline, &zone, 2).expect("times are known");
        assert_eq!(clock_words(days.begins(1), days.is_fine()), "2024-05-04");
    }

    #[test]
    fn what_is_not_loaded_is_no_silence() {
        let mut timeline = group(60);
        learn(&mut timeline, 2, 20, vec![present(19, 0), present(20, 60)]);
        learn(
            &mut timeline,
            3,
            40,
            vec![present(39, 10 * HOUR), present(40, 20 * HOUR)],
        );
        let hours = Hours::of(&timeline, &Zone::utc(), 30).expect("times are known");
        assert_eq!(hours.name, "hour");
        let unloaded: Vec<_> = hours.bins.iter().map(|bin| bin.unloaded).collect();
        // 1-18 before the first hour, 21-38 up to the tenth, 41-60 from the last on.
        let expected: Vec<_> = (0..=20).map(|hour| hour <= 10 || hour == 20).collect();
        assert_eq!(unloaded, expected);
    }

    #[test]
    fn times_at_the_ends_of_all_time_are_drawn() {
        let mut timeline = group(3);
        let far = |number, at| item(number, ItemState::Gone, Some(at));
        let items = vec![far(1, 1 - START), far(2, 0), far(3, i64::MAX - START)];
        learn(&mut timeline, 2, 3, items);
        for cells in [1, 5, 80] {
            let hours = Hours::of(&timeline, &Zone::utc(), cells).expect("times are known");
            assert!(hours.bins.len() <= cells);
            assert_eq!(hours.bins.iter().map(|bin| bin.lost).sum::<u32>(), 3);
            assert_eq!(
                hours.column_of(seq(3), &timeline, &Zone::utc()),
                Some(hours.bins.len() - 1)
            );
            for column in 0..hours.bins.len() {
                assert_ne!(clock_words(hours.begins(column), false), "");
            }
        }
        assert_eq!(Hours::of(&group(5), &Zone::utc(), 40), None);
    }
}
