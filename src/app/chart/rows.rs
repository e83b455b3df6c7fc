//! The rows of the box: the pictures with their labels, and the cursor in words.

use super::hours::{Hours, clock_words};
use super::line::{Strip, amount};
use super::words::{ALL, name, sentence};
use super::{Chart, Look, Picture};
use crate::app::event::Size;
use crate::app::history::words::{gutter, role};
use crate::app::jobs::audit::{Lack, Tally};
use crate::app::line::{Line, Role};
use crate::app::view::{Area, Gutter, Row};
use crate::model::ids::Seq;
use crate::model::text::grouped;
use crate::model::timeline::{SeqState, Timeline};

/// Below this there is room for one sentence only.
const SMALLEST: Size = Size {
    width: 20,
    height: 8,
};
/// Lines of bars at most: higher ones say no more.
const HIGHEST: usize = 20;
/// Rows in words below the pictures.
const WORDS: usize = 2;
/// Cells of `not loaded`, and of the sign before it with its blank.
pub(super) const NAME: usize = 10;
const SIGN: usize = 2;

/// The room there is, and how it is shared out.
#[derive(Clone, Copy)]
pub(super) struct Paper<'a> {
    pub(super) look: &'a Look<'a>,
    width: usize,
    height: usize,
    /// Cells left of the columns.
    label: usize,
    /// Cells of a state's name.
    name: usize,
}

impl<'a> Paper<'a> {
    pub(super) fn of(timeline: &Timeline, look: &'a Look<'a>) -> Self {
        let width = usize::from(look.size.width.saturating_sub(4));
        let total = timeline.head().map_or(1, |head| grouped(head).len());
        let (name, label) = match width {
            ..40 => (NAME, NAME + 1),
            40..110 => (NAME, SIGN + NAME + 1 + total + 1),
            _ => (23, SIGN + 23 + 1 + total + 1),
        };
        Self {
            look,
            width,
            height: usize::from(look.size.height.saturating_sub(4)),
            label,
            name,
        }
    }

    /// Cells for the columns; `None` where there is room for a sentence only.
    pub(super) fn cells(&self) -> Option<usize> {
        let size = self.look.size;
        let room = size.width >= SMALLEST.width && size.height >= SMALLEST.height;
        room.then(|| self.width.saturating_sub(self.label))
            .filter(|cells| *cells > 0)
    }

    /// A label with its number, up to where the columns begin.
    fn label(&self, role: Role, name: &str, total: Option<u32>) -> Line {
        let mut line = Line::new();
        let roomy = self.width >= 40;
        if roomy {
            line.pad_to(SIGN);
        }
        line.say(role, name);
        if let Some(total) = total.filter(|_| roomy) {
            let total = grouped(total);
            line.pad_to(self.label.saturating_sub(total.len() + 1));
            line.say(Role::Dim, total);
        }
        line.pad_to(self.label);
        line
    }

    /// Three labels below the columns: left, in the middle, right.
    fn axis(&self, drawn: usize, labels: [String; 3]) -> Row {
        let [left, middle, right] = labels;
        let mut line = Line::new();
        line.pad_to(self.label);
        let mut text = left;
        let at = (drawn / 2).saturating_sub(middle.len() / 2);
        let end = drawn.saturating_sub(right.len());
        if at > text.len() + 1 && at + middle.len() + 1 < end {
            text = format!("{text:at$}{middle}");
        }
        if end > text.len() {
            text = format!("{text:end$}{right}");
        }
        line.say(Role::Dim, text);
        row(line)
    }
}

pub(super) fn area(size: Size) -> Area {
    Area {
        x: 0,
        y: 0,
        width: size.width,
        height: size.height.saturating_sub(2),
    }
}

pub(super) fn title(look: &Look<'_>) -> Line {
    let mut line = Line::of(Role::Label, "chart");
    let keys = look.keys;
    let named = [
        (keys.sideways, "move"),
        (keys.picture, "other picture"),
        (keys.enter, "goes there"),
        (keys.close, "closes"),
    ];
    for (key, does) in named.into_iter().filter(|(key, _)| !key.is_empty()) {
        line.say(Role::Dim, " · ");
        line.say(Role::Key, key);
        line.say(Role::Dim, format!(" {does}"));
    }
    line
}

impl Chart {
    pub(super) fn rows(&self, timeline: &Timeline, paper: &Paper<'_>) -> Vec<Row> {
        let known = timeline.head().zip(self.drawn.as_ref());
        let Some((head, drawn)) = known.filter(|_| paper.cells().is_some()) else {
            let words = sentence(timeline);
            let lines = words.words(paper.width.max(1)).take(paper.height);
            return lines.map(|l| row(Line::of(Role::Text, l))).collect();
        };
        let states = states(drawn.strip.total);
        // Heading, marks and axis; over time also what is lost and not loaded.
        let (by_seq, by_time) = (states.len() + 3, 5);
        let room = paper.height.saturating_sub(WORDS);
        let both = room >= by_seq + by_time + 2;
        let tall = if room >= 2 * states.len() + by_time + 3 + 14 {
            2
        } else {
            1
        };
        let blanks = 2 * usize::from(room >= by_seq + by_time + 6);
        let mut rows = Vec::new();
        if both || self.picture == Picture::Seqs {
            rows.extend(self.seq_rows(timeline, &drawn.strip, (&states, tall), paper));
        }
        if both && blanks > 0 {
            rows.push(Row::default());
        }
        if both || self.picture == Picture::Hours {
            let left = room.saturating_sub(rows.len() + by_time + blanks / 2);
            let lines = left.clamp(1, HIGHEST);
            rows.extend(self.hour_rows(timeline, drawn.hours.as_ref(), lines, paper));
        }
        rows.truncate(room);
        if both && blanks > 0 {
            rows.push(Row::default());
        }
        let words = match self.picture {
            Picture::Seqs => self.seq_words(timeline, &drawn.strip, head, paper.look),
            Picture::Hours => self.hour_words(timeline, drawn.hours.as_ref(), paper.look),
        };
        rows.extend(words.into_iter().map(row));
        rows
    }

    fn heading(&self, picture: Picture, words: &str) -> Row {
        let selected = self.picture == picture;
        let role = if selected { Role::Label } else { Role::Dim };
        Row {
            selected,
            ..row(Line::new().saying(role, words))
        }
    }

    /// The row below the columns: what is on the screen, and the cursor.
    fn marks(
        &self,
        picture: Picture,
        (columns, wide): (usize, usize),
        (cursor, shown): (Option<usize>, Option<(usize, usize)>),
        paper: &Paper<'_>,
    ) -> Row {
        let legend = if shown.is_some() { "= on screen" } else { "" };
        let legend: String = legend.chars().take(paper.label.saturating_sub(1)).collect();
        let mut line = paper.label(Role::Dim, &legend, None);
        if line.width() > paper.label {
            line = Line::new();
            line.pad_to(paper.label);
        }
        let key = if self.picture == picture {
            Role::Key
        } else {
            Role::Dim
        };
        let sign = |column: usize| {
            if cursor == Some(column) {
                (key, "^")
            } else if shown.is_some_and(|(from, to)| (from..=to).contains(&column)) {
                (Role::Ours, "=")
            } else {
                (Role::Text, " ")
            }
        };
        let signs: Vec<_> = (0..columns).map(sign).collect();
        for alike in signs.chunk_by(|a, b| a == b) {
            if let Some((role, sign)) = alike.first() {
                line.say(*role, sign.repeat(alike.len() * wide));
            }
        }
        row(line)
    }

    fn seq_rows(
        &self,
        timeline: &Timeline,
        strip: &Strip,
        (states, tall): (&[SeqState], usize),
        paper: &Paper<'_>,
    ) -> Vec<Row> {
        let (total, scale) = (strip.total, strip.scale);
        let each = scale.range(0).len();
        let words = format!(
            "the whole group by seq: {} of {} loaded · a column is {}",
            grouped(total.judged()),
            grouped(total.seqs()),
            if each == 1 {
                "1 seq".to_owned()
            } else {
                format!("{} seqs", grouped(each))
            }
        );
        let mut rows = vec![self.heading(Picture::Seqs, &words)];
        for state in states {
            let lack = Lack::of(*state);
            let count = amount(total, lack);
            for (i, bar) in strip
                .bars(lack, tall, paper.look.ascii)
                .into_iter()
                .enumerate()
            {
                // The name stands beside the foot of the bars.
                let named = i + 1 == tall;
                let mut line = if named {
                    paper.label(role(*state), name(*state, paper.name), Some(count))
                } else {
                    paper.label(Role::Dim, "", None)
                };
                line.say(role(*state), bar);
                rows.push(Row {
                    gutter: if named && paper.width >= 40 {
                        gutter(*state)
                    } else {
                        Gutter::Plain
                    },
                    ..row(line)
                });
            }
        }
        let columns = usize::try_from(scale.columns()).unwrap_or(1);
        let column = |seq: Seq| usize::try_from(scale.column(seq)).unwrap_or(0);
        let cursor = self.cursor(timeline).map(column);
        let head = timeline.head();
        let on_screen = paper.look.on_screen.filter(|s| Some(s.first()) <= head);
        let shown = on_screen.map(|s| (column(s.first()), column(s.last())));
        rows.push(self.marks(Picture::Seqs, (columns, strip.wide), (cursor, shown), paper));
        let middle = scale.range(scale.columns() / 2).first();
        let last = head.unwrap_or(Seq::FIRST);
        let labels = [Seq::FIRST, middle, last].map(|seq| grouped(seq).into_string());
        rows.push(paper.axis(columns * strip.wide, labels));
        rows
    }

    fn hour_rows(
        &self,
        timeline: &Timeline,
        hours: Option<&Hours>,
        lines: usize,
        paper: &Paper<'_>,
    ) -> Vec<Row> {
        let Some(hours) = hours else {
            let words = "loaded only, over time: nothing that has a time";
            return vec![self.heading(Picture::Hours, words)];
        };
        let words = format!(
            "loaded only, over time: messages per {}, at most {}",
            hours.name,
            grouped(hours.most())
        );
        let mut rows = vec![self.heading(Picture::Hours, &words)];
        for (i, bar) in hours.bars(lines, paper.look.ascii).into_iter().enumerate() {
            let mut line = if i + 1 == lines {
                let sum: u32 = hours.bins.iter().map(|bin| bin.messages).sum();
                paper.label(Role::Text, "messages", Some(sum))
            } else {
                paper.label(Role::Dim, "", None)
            };
            line.say(Role::Text, bar);
            rows.push(row(line));
        }
        let lost: u32 = hours.bins.iter().map(|bin| bin.lost).sum();
        let mut line = paper.label(Role::Gone, "deleted", Some(lost));
        line.say(Role::Gone, hours.lost(paper.look.ascii));
        rows.push(row(line));
        let mut line = paper.label(Role::Ours, "not loaded", None);
        line.say(Role::Ours, hours.unloaded());
        rows.push(row(line));
        let cursor = self.hour(hours, timeline, paper.look.zone);
        let on_screen = paper.look.on_screen;
        let shown = on_screen.and_then(|s| hours.columns_of(s, timeline, paper.look.zone));
        let columns = hours.bins.len();
        rows.push(self.marks(
            Picture::Hours,
            (columns, hours.wide),
            (cursor, shown),
            paper,
        ));
        let label = |column: usize| clock_words(hours.begins(column), hours.is_fine());
        let labels = [label(0), label(columns / 2), label(columns)];
        rows.push(paper.axis(columns * hours.wide, labels));
        rows
    }
}

/// The states that get a row: the rarest only where there is one.
fn states(total: Tally) -> Vec<SeqState> {
    let rare = |state: &SeqState| *state == SeqState::Unreadable && total.unreadable == 0;
    ALL.into_iter().filter(|state| !rare(state)).collect()
}

fn row(line: Line) -> Row {
    Row {
        line,
        ..Row::default()
    }
}
