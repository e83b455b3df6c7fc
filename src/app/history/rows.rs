//! How a block of the line looks: its rows, in words and roles.

use super::flow::Flow;
use super::lines::{Kept, Lines};
use super::ours::ours;
use super::words::{gutter, item_words, plural, role, words};
use super::{Block, BlockKind, History};
use crate::app::event::Now;
use crate::app::flights::Flights;
use crate::app::line::{Line, Role};
use crate::app::names::color_of;
use crate::app::remembered::Mark;
use crate::app::standing::Slip;
use crate::app::view::{Gutter, Row};
use crate::model::element::{Body, summary};
use crate::model::error::ApiError;
use crate::model::ids::{Seq, UserId};
use crate::model::message::{ItemState, Message, Timestamp};
use crate::model::needle::Needle;
use crate::model::text::{Clean, clean, grouped};
use crate::model::time::{self, Zone};
use crate::model::timeline::SeqState;

/// What rows are laid out for.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "holds a closure")]
pub struct Paper<'a> {
    /// Columns, gutter not counted.
    pub width: u16,
    /// Long messages take several lines.
    pub wrap: bool,
    /// IDs instead of names.
    pub show_ids: bool,
    /// For the times.
    pub zone: &'a Zone,
    /// What a sender is called here, if not by ID.
    pub names: &'a dyn Fn(&UserId) -> Option<Clean>,
    /// Another number whenever one of them may be another one.
    pub names_known: u64,
    /// For what is loading, waiting or failed.
    pub flights: &'a Flights,
    /// For how long.
    pub now: Now,
    /// Why this group has no history, where its type says so.
    pub refusal: Option<&'a str>,
    /// What stopped all calls, if anything did.
    pub stopped: Option<&'a ApiError>,
    /// What the reader marked here, by seq.
    pub marks: &'a [Mark],
    /// The key that cancels.
    pub cancel: &'a str,
    /// The key that retries.
    pub retry: &'a str,
    /// The key that goes on.
    pub enter: &'a str,
    /// The key that changes the filter.
    pub filter: &'a str,
}

impl Paper<'_> {
    pub(super) fn slip(&self) -> Slip<'_> {
        Slip {
            width: self.width,
            now: self.now,
            retry: self.retry,
            cancel: self.cancel,
        }
    }

    /// Whether anything of a block is marked.
    pub(super) fn marks(&self, block: Block) -> bool {
        let from = self.marks.partition_point(|m| m.seq < block.first.get());
        self.marks
            .get(from)
            .is_some_and(|m| m.seq <= block.last.get())
    }
}

/// What the height of a block depends on, besides its messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Measure {
    width: u16,
    wrap: bool,
    zone: Zone,
}

impl Measure {
    fn is_of(&self, paper: &Paper<'_>) -> bool {
        self.width == paper.width && self.wrap == paper.wrap && self.zone == *paper.zone
    }
}

/// What the lines of a message depend on, besides that.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    show_ids: bool,
    names_known: u64,
    needles: Vec<Needle>,
}

/// A message taller than this is cut in the list; the detail pane shows it whole.
const TALLEST: usize = 8;

impl History {
    /// Whether the rows have to be measured anew, on paper of another kind.
    pub(super) fn forget_measures(&mut self, paper: &Paper<'_>) -> bool {
        // Compared first and made where they differ: they seldom do.
        let is_same = |known: &Measure| known.is_of(paper);
        let other = !self.measured_on.as_ref().is_some_and(is_same);
        if other {
            self.flowed.clear();
            self.measured_on = Some(Measure {
                width: paper.width,
                wrap: paper.wrap,
                zone: paper.zone.clone(),
            });
        }
        let Look {
            show_ids,
            names_known,
            needles,
        } = &self.written_as;
        let is_same = *show_ids == paper.show_ids
            && *names_known == paper.names_known
            && needles.iter().eq(self.needles());
        if other || !is_same {
            self.written_as = Look {
                show_ids: paper.show_ids,
                names_known: paper.names_known,
                needles: self.needles().cloned().collect(),
            };
            self.strip.clear();
            self.written.clear();
        }
        other
    }

    /// How many rows a block has.
    pub(super) fn measure(&mut self, block: Block, paper: &Paper<'_>) -> usize {
        self.lines(block, paper).rows()
    }

    /// The rows of a block, as they are when it is neither marked nor selected.
    pub(super) fn lines(&mut self, block: Block, paper: &Paper<'_>) -> Kept {
        let write = || Kept::from(self.write_block(block, paper));
        if let Some(lines) = self.strip.lines(block) {
            debug_assert_eq!(*lines, write(), "{block:?}");
            return lines.clone();
        }
        let lines = write();
        // What is not loaded tells of calls and of time.
        if block.kind != BlockKind::Gap {
            self.strip.keep(block, lines.clone());
        }
        lines
    }

    fn write_block(&self, block: Block, paper: &Paper<'_>) -> Lines {
        let mut lines = match block.kind {
            BlockKind::Single(state) => self.single(block.first, state, paper),
            BlockKind::Folded(state) => self.folded(block, state, paper),
            BlockKind::Gap => Lines {
                lead: Vec::new(),
                body: self.gap(block, paper),
            },
            BlockKind::Unjudged => Lines {
                lead: Vec::new(),
                body: vec![unjudged(block, paper)],
            },
            BlockKind::Hidden => Lines::default(),
        };
        lines.lead.extend(self.visit_above(block, paper));
        lines
    }

    /// Whether a block is what the cursor is on, or part of a selection.
    pub(super) fn is_taken(&self, block: Block) -> bool {
        let picked = self.selection();
        picked.is_some_and(|s| s.first() <= block.first && block.last <= s.last())
            || self.selected.is_some_and(|s| block.contains(s))
    }

    fn single(&self, seq: Seq, state: SeqState, paper: &Paper<'_>) -> Lines {
        let Some(message) = self.timeline.message(seq) else {
            let row = Row {
                gutter: gutter(state),
                line: self.hole(seq, state, paper),
                selected: false,
            };
            return Lines {
                lead: Vec::new(),
                body: vec![row],
            };
        };
        let mut body = self.message_rows(message, state, paper);
        for stray in self.timeline.strays(seq) {
            let mut line = Line::of(Role::Damaged, "+ an item without a seq: ");
            for part in summary(&Body::decode(stray)) {
                line.push(Role::Text, part.text.one_line());
            }
            body.push(Row {
                gutter: Gutter::Unreadable,
                line,
                selected: false,
            });
        }
        let lead = message
            .time
            .and_then(|sent| self.day_above(seq, sent, paper));
        Lines {
            lead: lead.into_iter().collect(),
            body,
        }
    }

    fn hole(&self, seq: Seq, state: SeqState, paper: &Paper<'_>) -> Line {
        let mut line = Line::new();
        line.pad_to(columns(paper.width).text);
        line.say(role(state), format!("{} {seq}", words(state)));
        if let Some(first) = self.timeline.first_answer(seq) {
            let was = first
                .message
                .map_or("not returned", |m| item_words(&m.state));
            line.say(
                Role::Warning,
                format!(" [changed since first seen: was {was}]"),
            );
        }
        line
    }

    fn message_rows(&self, message: &Message, state: SeqState, paper: &Paper<'_>) -> Vec<Row> {
        let changed = message
            .seq
            .is_some_and(|s| self.timeline.first_answer(s).is_some());
        let mark = if changed {
            Gutter::Changed
        } else {
            gutter(state)
        };
        let write = || self.write(message, (state, changed), paper);
        let lines = match message.seq {
            Some(seq) => self.written.of((seq, changed), write),
            None => write().into(),
        };
        let rows = lines.iter().map(|line| Row {
            gutter: mark,
            line: line.clone(),
            selected: false,
        });
        rows.collect()
    }

    fn write(
        &self,
        message: &Message,
        (state, changed): (SeqState, bool),
        paper: &Paper<'_>,
    ) -> Vec<Line> {
        let columns = columns(paper.width);
        let flowed = || flowed(message, (state, changed), paper);
        let contents = match message.seq {
            Some(seq) => self.flowed.of((seq, changed), flowed),
            None => flowed().into(),
        };
        let mut lines: Vec<Line> = Vec::new();
        for content in contents.iter() {
            let mut line = if lines.is_empty() {
                head_of(message, paper, &columns)
            } else {
                Line::new()
            };
            line.pad_to(columns.text);
            line.append(content.clone().marked(&self.written_as.needles));
            lines.push(line);
        }
        lines
    }

    fn day_above(&self, seq: Seq, sent: Timestamp, paper: &Paper<'_>) -> Option<Row> {
        let day = time::day(sent, paper.zone);
        let above = self.block(seq).and_then(|block| self.older(block));
        let before = above.and_then(|above| {
            if above.kind == BlockKind::Gap {
                // The same day on both sides of it: no other lies between.
                let known = self.timeline.timed_at_or_below(above.first.prev()?);
                return known.map(|(_, time)| time);
            }
            // A run of several days stands under the first of them.
            let folded = matches!(above.kind, BlockKind::Folded(_)).then_some(above);
            let start = folded.and_then(|run| self.times_of(run));
            let known = || self.timeline.timed_at_or_below(above.last);
            start.map(|(first, _)| first).or_else(|| Some(known()?.1))
        });
        if before.is_some_and(|t| time::day(t, paper.zone) == day) {
            return None;
        }
        Some(ours(Line::new().saying(
            Role::Ours,
            format!("── {} {}", day.label(), time::offset(sent, paper.zone)),
        )))
    }

    fn folded(&self, block: Block, state: SeqState, paper: &Paper<'_>) -> Lines {
        let columns = columns(paper.width);
        let mut line = Line::new();
        let times = self.times_of(block);
        if let Some((first, _)) = times {
            line.say(Role::Time, clock(paper, first, &columns));
        }
        line.pad_to(columns.text);
        let (first, last) = (grouped(block.first), grouped(block.last));
        line.say(
            role(state),
            format!(
                "{} {} · {first}-{last}",
                grouped(block.len()),
                plural(state)
            ),
        );
        line.say(Role::Dim, format!(" · {} unfolds", paper.enter));
        if let Some((first, last)) = times.filter(|(f, l)| f != l) {
            let same_day = time::day(first, paper.zone) == time::day(last, paper.zone);
            let to = if same_day {
                time::clock(last, paper.zone)
            } else {
                time::full(last, paper.zone)
            };
            line.say(Role::Dim, format!(" · to {to}"));
        }
        let row = Row {
            gutter: gutter(state),
            line,
            selected: false,
        };
        let lead = times.and_then(|(sent, _)| self.day_above(block.first, sent, paper));
        Lines {
            lead: lead.into_iter().collect(),
            body: vec![row],
        }
    }

    fn times_of(&self, block: Block) -> Option<(Timestamp, Timestamp)> {
        let (at, first) = self.timeline.timed_at_or_above(block.first)?;
        let (to, last) = self.timeline.timed_at_or_below(block.last)?;
        (block.contains(at) && block.contains(to)).then_some((first, last))
    }
}

/// Loaded messages that nobody has compared with the filter yet.
fn unjudged(block: Block, paper: &Paper<'_>) -> Row {
    let mut line = Line::new();
    line.pad_to(columns(paper.width).text);
    let words = format!("{} loaded, still to be filtered", grouped(block.len()));
    line.say(Role::Ours, words);
    ours(line)
}

/// The lines of what a message says, as far as the list shows them.
fn flowed(message: &Message, (state, changed): (SeqState, bool), paper: &Paper<'_>) -> Vec<Line> {
    let columns = columns(paper.width);
    let room = usize::from(paper.width).saturating_sub(columns.text).max(1);
    let mut flow = Flow::new(room, if paper.wrap { TALLEST } else { 1 });
    match &message.state {
        ItemState::Present => {
            let role = if message.system {
                Role::System
            } else {
                Role::Text
            };
            for part in summary(&Body::decode(message)) {
                flow.add(&part, if part.media { Role::Media } else { role });
            }
        }
        ItemState::Gone | ItemState::Recalled => flow.say(role(state), words(state)),
        ItemState::Unreadable(reason) => {
            flow.say(Role::Damaged, "cannot be read: ");
            flow.words(Role::Damaged, clean(reason));
        }
    }
    if changed {
        flow.say(Role::Warning, "[changed since first seen]");
    }
    flow.lines()
}

/// Where the columns begin, and how wide they are.
pub(super) struct Columns {
    seconds: bool,
    sender: usize,
    pub(super) text: usize,
}

pub(super) fn columns(width: u16) -> Columns {
    match width {
        90.. => Columns {
            seconds: true,
            sender: 18,
            text: 28,
        },
        60.. => Columns {
            seconds: true,
            sender: 12,
            text: 22,
        },
        48.. => Columns {
            seconds: false,
            sender: 10,
            text: 17,
        },
        _ => Columns {
            seconds: false,
            sender: 7,
            text: 14,
        },
    }
}

fn clock(paper: &Paper<'_>, time: Timestamp, columns: &Columns) -> String {
    let clock = time::clock(time, paper.zone);
    if columns.seconds {
        clock
    } else {
        clock.chars().take(5).collect()
    }
}

/// Time and sender: always first, never reordered by what follows.
fn head_of(message: &Message, paper: &Paper<'_>, columns: &Columns) -> Line {
    let mut line = Line::new();
    let time = message.time.map(|t| clock(paper, t, columns));
    line.say(
        Role::Time,
        time.unwrap_or_else(|| if columns.seconds { "--:--:--" } else { "--:--" }.to_owned()),
    );
    line.say(Role::Text, " ");
    if let Some(sender) = &message.sender {
        let name = shown_sender(sender, message, paper).truncate(columns.sender);
        line.push(
            if message.system {
                Role::System
            } else {
                Role::Sender(color_of(sender))
            },
            name,
        );
    }
    line
}

fn shown_sender(sender: &UserId, message: &Message, paper: &Paper<'_>) -> Clean {
    if message.system && sender.as_str() == "@TIM#SYSTEM" && !paper.show_ids {
        return Clean::from("system");
    }
    let name = if paper.show_ids {
        None
    } else {
        (paper.names)(sender)
    };
    name.unwrap_or_else(|| clean(sender.as_str()).one_line())
}
