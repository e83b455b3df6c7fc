//! What is under the cursor, in words.

use super::hours::{Bin, Hours};
use super::line::{Strip, amount};
use super::rows::NAME;
use super::{Chart, Look};
use crate::app::history::words::plural;
use crate::app::jobs::audit::Lack;
use crate::app::line::{Line, Role};
use crate::model::ids::Seq;
use crate::model::text::{Clean, grouped};
use crate::model::time;
use crate::model::timeline::{SeqState, Stretch, Timeline};

impl Chart {
    /// What the column under the cursor holds, and its times.
    pub(super) fn seq_words(
        &self,
        timeline: &Timeline,
        strip: &Strip,
        head: Seq,
        look: &Look<'_>,
    ) -> Vec<Line> {
        let at = self.cursor(timeline).unwrap_or(head);
        let column = strip.scale.column(at);
        let range = strip.scale.range(column);
        let mut words = if range.len() == 1 {
            format!("seq {}:", grouped(range.first()))
        } else {
            format!("seq {}-{}:", grouped(range.first()), grouped(range.last()))
        };
        let tally = strip.column(column);
        let mut joint = " ";
        for state in ALL {
            let count = amount(tally, Lack::of(state));
            if count > 0 {
                let part = [joint, &grouped(count), " ", name(state, NAME)];
                words.extend(part);
                joint = " · ";
            }
        }
        vec![
            Line::new().saying(Role::Text, words),
            times(timeline, range, look),
        ]
    }

    /// What came in the time under the cursor, and where a jump goes.
    pub(super) fn hour_words(
        &self,
        timeline: &Timeline,
        hours: Option<&Hours>,
        look: &Look<'_>,
    ) -> Vec<Line> {
        let column = hours.and_then(|hours| self.hour(hours, timeline, look.zone));
        let Some((hours, column)) = hours.zip(column) else {
            let words = "Times are known once messages are loaded.";
            return vec![Line::of(Role::Text, words)];
        };
        let bin = hours.bins.get(column).copied().unwrap_or_default();
        let mut line = Line::new().saying(Role::Time, hours.words(column));
        line.say(Role::Text, format!(" · {}", bin_words(bin)));
        let mut goes = Line::new();
        if let Some(seq) = self.cursor(timeline) {
            let key = look.keys.enter;
            let key = if key.is_empty() { "a jump" } else { key };
            goes.say(Role::Key, key);
            goes.say(Role::Dim, format!(" goes to {}", grouped(seq)));
            if bin.first.is_none() {
                goes.say(Role::Dim, ", the nearest that is loaded");
            } else if let Some(at) = timeline.known(seq).and_then(|m| m.time) {
                let at = time::full(at, look.zone);
                goes.say(Role::Dim, format!(", {at}"));
            }
        }
        vec![line, goes]
    }
}

fn bin_words(bin: Bin) -> String {
    let mut words = match (bin.messages, bin.unloaded) {
        (0, true) => "none loaded".to_owned(),
        (0, false) => "no message".to_owned(),
        (1, _) => "1 message".to_owned(),
        (n, _) => format!("{} messages", grouped(n)),
    };
    if bin.lost > 0 {
        words.extend([" · ", &grouped(bin.lost), " deleted or recalled"]);
    }
    if bin.unloaded {
        words.push_str(" · part of it is not loaded");
    }
    words
}

/// The times of a column, or those between which it lies.
fn times(timeline: &Timeline, range: Stretch, look: &Look<'_>) -> Line {
    let full = |at| time::full(at, look.zone);
    let first = timeline.timed_at_or_above(range.first());
    let last = timeline.timed_at_or_below(range.last());
    if let (Some((from, first)), Some((to, last))) = (first, last)
        && from <= to
    {
        let words = if first == last {
            full(first)
        } else {
            format!("{} to {}", full(first), full(last))
        };
        return Line::new().saying(Role::Time, words);
    }
    // No time in the column: `first` lies above it and `last` below.
    let words = match (last, first) {
        (Some((_, after)), Some((_, before))) => {
            format!("between {} and {}", full(after), full(before))
        }
        (Some((_, after)), None) => format!("after {}", full(after)),
        (None, Some((_, before))) => format!("before {}", full(before)),
        (None, None) => "when is not known: nothing with a time is loaded near it".to_owned(),
    };
    Line::new().saying(Role::Dim, words)
}

/// In the order in which they are drawn.
pub(super) const ALL: [SeqState; 6] = [
    SeqState::Present,
    SeqState::Gone,
    SeqState::Recalled,
    SeqState::Withheld,
    SeqState::Unreadable,
    SeqState::Unfetched,
];

/// What a state is called in so many cells.
pub(super) fn name(state: SeqState, room: usize) -> &'static str {
    let long = plural(state);
    if long.len() <= room {
        return long;
    }
    match state {
        SeqState::Present => "messages",
        SeqState::Gone => "gone",
        SeqState::Recalled => "recalled",
        SeqState::Withheld => "withheld",
        SeqState::Unreadable => "unreadable",
        SeqState::Unfetched => "not loaded",
    }
}

/// What there is to say without a picture.
pub(super) fn sentence(timeline: &Timeline) -> Clean {
    match timeline.head() {
        Some(head) => Clean::ours(format!(
            "{} of {} seqs loaded",
            grouped(timeline.loaded()),
            grouped(head)
        )),
        None if timeline.is_empty_group() => {
            Clean::from("There is no message here: nothing to draw.")
        }
        None => Clean::from("The newest seq is not known yet: nothing to draw."),
    }
}
