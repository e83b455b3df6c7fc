//! What was measured, as a table that can be copied into a text.

use std::io::Write as _;
use std::time::Duration;

use crate::program::{ALL, Program};

/// A second has so many of what times are written in.
pub(crate) const MILLIS: f64 = 1e3;

/// Percentiles that are shown, in hundredths.
pub(crate) const MEDIAN: usize = 50;
pub(crate) const WORST: usize = 99;

/// What one program spent, in whatever the row is about.
#[derive(Clone, Copy)]
pub(crate) enum Amount {
    Bytes(usize),
    Time(Duration),
    Count(u64),
}

impl Amount {
    pub(crate) fn number(self) -> f64 {
        let small = |n: u64| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        match self {
            Self::Bytes(bytes) => small(bytes as u64),
            Self::Time(time) => time.as_secs_f64(),
            Self::Count(count) => small(count),
        }
    }

    fn written(self) -> String {
        match self {
            Self::Bytes(bytes) => format!("{bytes} B"),
            Self::Time(time) => format!("{:.2} ms", time.as_secs_f64() * MILLIS),
            Self::Count(count) => count.to_string(),
        }
    }
}

/// One thing that was measured.
pub(crate) struct Row {
    what: String,
    /// By the name of the program.
    amounts: Vec<(&'static str, Amount)>,
    goal: String,
    met: Option<bool>,
}

impl Row {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            amounts: Vec::new(),
            goal: "none".to_owned(),
            met: None,
        }
    }

    pub(crate) fn add(&mut self, program: &Program, amount: Amount) {
        self.amounts.push((program.name, amount));
    }

    pub(crate) fn of(&self, name: &str) -> Option<Amount> {
        let mut amounts = self.amounts.iter();
        amounts.find(|(of, _)| *of == name).map(|(_, a)| *a)
    }

    /// Ours is to be at most this.
    pub(crate) fn at_most(mut self, most: f64, words: String) -> Self {
        self.goal = words;
        self.met = self.of("ours").map(|ours| ours.number() <= most);
        self
    }

    /// Ours is to be at most so many times what less takes.
    pub(crate) fn beside_less(self, times: f64) -> Self {
        let less = self.of("less").map(Amount::number);
        let words = format!("{times:.2} x less");
        match less {
            Some(less) => self.at_most(less * times, words),
            None => self,
        }
    }

    /// To less, or else to the best of those that are there.
    fn ratio(&self) -> String {
        let others = self.amounts.iter().filter(|(name, _)| *name != "ours");
        let best = others.map(|(_, a)| a.number()).reduce(f64::min);
        let to = self.of("less").map(Amount::number).or(best);
        let Some((ours, to)) = self.of("ours").map(Amount::number).zip(to) else {
            return "-".to_owned();
        };
        if to > 0.0 {
            format!("{:.2}", ours / to)
        } else {
            "-".to_owned()
        }
    }

    fn cells(&self) -> Vec<String> {
        let mut cells = vec![self.what.clone()];
        let amount = |name| self.of(name).map_or("-".to_owned(), Amount::written);
        cells.extend(ALL.iter().map(|program| amount(program.name)));
        cells.extend([self.ratio(), self.goal.clone()]);
        cells.push(match self.met {
            Some(true) => "met".to_owned(),
            Some(false) => "not met".to_owned(),
            None => "-".to_owned(),
        });
        cells
    }
}

pub(crate) fn print(rows: &[Row]) {
    say("| what | ours | less | vim | lnav | ours to less | goal | |");
    say("|---|---|---|---|---|---|---|---|");
    for row in rows {
        say(&format!("| {} |", row.cells().join(" | ")));
    }
}

/// A line for whoever runs the bench.
pub(crate) fn say(line: &str) {
    // Nobody reads it any more: then there is nothing to say.
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// The value below which so many hundredths lie.
pub(crate) fn percentile<T: Ord + Copy>(values: &mut [T], hundredths: usize) -> T {
    values.sort_unstable();
    values[(values.len() * hundredths / 100).min(values.len() - 1)]
}
