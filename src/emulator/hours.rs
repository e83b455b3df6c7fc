//! When the messages of a long history were sent: busy hours, dead nights.

use super::mix;

/// Seconds in an hour.
const HOUR: i64 = 3600;

/// A timetable: how many messages came before each hour. Costs memory per
/// hour, not per message; times never decrease with seq.
#[derive(Clone, Debug)]
pub(super) struct Hours {
    start: i64,
    before: Vec<u32>,
}

impl Hours {
    /// Spreads `total` messages over `hours` hours from `start`, in proportion
    /// to `weight` (of the hours since `start`; not all zero).
    pub(super) fn new(start: i64, hours: u32, total: u32, weight: impl Fn(u32) -> u64) -> Hours {
        let sum: u64 = (0..hours).map(&weight).sum();
        let mut before = vec![0];
        let mut done = 0;
        for hour in 0..hours {
            done += weight(hour);
            let share = u64::from(total) * done / sum.max(1);
            before.push(u32::try_from(share).unwrap_or(total));
        }
        Hours { start, before }
    }

    /// The weights of a shop's working day, which is busiest before lunch and in
    /// the evening; the hour is of the day.
    pub(super) fn shop(hour: u32) -> u64 {
        match hour {
            0 => 6,
            1..=6 => 0,
            7 => 8,
            8 => 30,
            9 | 13..=17 => 80,
            10 | 11 => 140,
            12 => 50,
            18 => 90,
            19..=21 => 160,
            22 => 70,
            _ => 25,
        }
    }

    /// Unix seconds of message `seq`, counted from 1.
    pub(super) fn time(&self, seq: u32) -> i64 {
        let hour = self.before.partition_point(|before| *before < seq);
        let hour = hour.saturating_sub(1);
        let first = self.before.get(hour).copied().unwrap_or(0);
        let next = self.before.get(hour + 1).copied().unwrap_or(first);
        let share = i64::from(next.saturating_sub(first)).max(1);
        let index = i64::from(seq.saturating_sub(first).max(1)) - 1;
        let chance = mix(seq.into(), 0) % 3600;
        let within = (index * HOUR + i64::try_from(chance).unwrap_or(0)) / share;
        self.start + i64::try_from(hour).unwrap_or(0) * HOUR + within.min(HOUR - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_never_decrease_and_nights_stay_empty() {
        let hours = Hours::new(0, 240, 5000, |hour| Hours::shop(hour % 24));
        let times: Vec<i64> = (1..=5000).map(|seq| hours.time(seq)).collect();
        assert!(times.is_sorted());
        assert!(
            times
                .iter()
                .all(|time| !(1..7).contains(&(time / HOUR % 24)))
        );
        assert!(times.last().is_some_and(|last| *last > 239 * HOUR));
    }
}
