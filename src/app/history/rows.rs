//! How a block of the line looks: its rows, in words and roles.

use super::{Block, BlockKind, DRY_PAGES, History};
use crate::app::event::{Now, Request};
use crate::app::flights::{Direction, Flights, Phase, Scope};
use crate::app::line::{Line, Role};
use crate::app::names::color_of;
use crate::app::picker::grouped;
use crate::app::view::{Gutter, Row};
use crate::model::element::{Body, SummaryPart, summary};
use crate::model::error::ApiError;
use crate::model::ids::{Seq, UserId};
use crate::model::message::{Finished, ItemState, Message, Timestamp};
use crate::model::text::{Clean, clean};
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
    /// For what is loading, waiting or failed.
    pub flights: &'a Flights,
    /// For how long.
    pub now: Now,
    /// Why this group has no history, where its type says so.
    pub refusal: Option<&'a str>,
    /// The key that retries.
    pub retry: &'a str,
    /// The key that goes on.
    pub enter: &'a str,
}

/// What the height of a block depends on, besides its messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Measure {
    width: u16,
    wrap: bool,
    zone: Zone,
}

/// The rows of one block.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// Above the block's own: a day separator.
    pub(super) lead: Vec<Row>,
    /// Its own, at least one.
    pub(super) body: Vec<Row>,
}

/// A message taller than this is cut in the list; the detail pane shows it whole.
const TALLEST: usize = 8;
/// How far to look for the time of the message before.
const LOOK_BACK: usize = 64;

impl History {
    pub(super) fn forget_measures(&mut self, paper: &Paper<'_>) {
        let measure = Measure {
            width: paper.width,
            wrap: paper.wrap,
            zone: paper.zone.clone(),
        };
        if self.measured_on.as_ref() != Some(&measure) {
            self.heights.clear();
            self.measured_on = Some(measure);
        }
    }

    /// Rows of a block, from what was measured before where possible.
    pub(super) fn measure(&mut self, block: Block, paper: &Paper<'_>) -> usize {
        if let Some(rows) = self.heights.get(&block.first) {
            return *rows;
        }
        let lines = self.lines(block, paper);
        lines.lead.len() + lines.body.len()
    }

    /// The rows of a block.
    pub(super) fn lines(&mut self, block: Block, paper: &Paper<'_>) -> Lines {
        let mut lines = match block.kind {
            BlockKind::Single(state) => self.single(block.first, state, paper),
            BlockKind::Folded(state) => Lines {
                lead: Vec::new(),
                body: vec![self.folded(block, state, paper)],
            },
            BlockKind::Gap => Lines {
                lead: Vec::new(),
                body: self.gap(block, paper),
            },
        };
        if self.selected.is_some_and(|s| block.contains(s)) {
            for row in &mut lines.body {
                row.selected = true;
            }
        }
        if block.kind == BlockKind::Gap {
            self.heights.remove(&block.first);
        } else {
            self.heights.insert(block.first, lines.body.len());
        }
        lines
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
        let lead = self.day_above(seq, message, paper).into_iter().collect();
        Lines { lead, body }
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
        let changed = message
            .seq
            .is_some_and(|s| self.timeline.first_answer(s).is_some());
        if changed {
            flow.say(Role::Warning, "[changed since first seen]");
        }
        let mark = if changed {
            Gutter::Changed
        } else {
            gutter(state)
        };
        let mut rows: Vec<Row> = Vec::new();
        for content in flow.lines() {
            let mut line = if rows.is_empty() {
                head_of(message, paper, &columns)
            } else {
                Line::new()
            };
            line.pad_to(columns.text);
            line.append(content);
            rows.push(Row {
                gutter: mark,
                line,
                selected: false,
            });
        }
        rows
    }

    fn day_above(&self, seq: Seq, message: &Message, paper: &Paper<'_>) -> Option<Row> {
        let sent = message.time?;
        let day = time::day(sent, paper.zone);
        let before = seq
            .prev()
            .filter(|p| self.timeline.state(*p) != SeqState::Unfetched);
        let before = before.and_then(|p| self.timeline.known_time_at_or_below(p, LOOK_BACK));
        if before.is_some_and(|(_, t)| time::day(t, paper.zone) == day) {
            return None;
        }
        Some(ours(Line::new().saying(
            Role::Ours,
            format!("── {} {}", day.label(), time::offset(sent, paper.zone)),
        )))
    }

    fn folded(&self, block: Block, state: SeqState, paper: &Paper<'_>) -> Row {
        let columns = columns(paper.width);
        let mut line = Line::new();
        let times = self.times_of(block);
        if let Some((first, _)) = times {
            line.say(Role::Time, clock(paper, first, &columns));
        }
        line.pad_to(columns.text);
        line.say(
            role(state),
            format!(
                "{} {} · {}-{}",
                grouped(block.len()),
                plural(state),
                block.first,
                block.last
            ),
        );
        line.say(Role::Dim, format!(" · {} unfolds", paper.enter));
        if let Some((first, last)) = times.filter(|(f, l)| f != l) {
            let (from, to) = (time::full(first, paper.zone), time::full(last, paper.zone));
            let same_day = time::day(first, paper.zone) == time::day(last, paper.zone);
            let to = if same_day {
                time::clock(last, paper.zone)
            } else {
                to
            };
            line.say(Role::Dim, format!(" · {from} to {to}"));
        }
        Row {
            gutter: gutter(state),
            line,
            selected: false,
        }
    }

    fn times_of(&self, block: Block) -> Option<(Timestamp, Timestamp)> {
        let (at, first) = self
            .timeline
            .known_time_at_or_above(block.first, LOOK_BACK)?;
        let (to, last) = self
            .timeline
            .known_time_at_or_below(block.last, LOOK_BACK)?;
        (block.contains(at) && block.contains(to)).then_some((first, last))
    }

    /// A stretch that is not loaded: how much, between when and when, and how it stands.
    fn gap(&self, gap: Block, paper: &Paper<'_>) -> Vec<Row> {
        let columns = columns(paper.width);
        let mut line = Line::new();
        line.pad_to(columns.text);
        let size = if gap.len() == 1 {
            format!("seq {} not loaded", gap.first)
        } else {
            format!(
                "{} not loaded · {}-{}",
                grouped(gap.len()),
                gap.first,
                gap.last
            )
        };
        line.say(Role::Ours, size);
        let below = gap
            .first
            .prev()
            .and_then(|s| self.timeline.known_time_at_or_below(s, LOOK_BACK));
        let above = gap
            .last
            .next()
            .and_then(|s| self.timeline.known_time_at_or_above(s, LOOK_BACK));
        if let (Some((_, from)), Some((_, to))) = (below, above) {
            line.say(
                Role::Dim,
                format!(
                    " · {} to {}",
                    time::full(from, paper.zone),
                    time::full(to, paper.zone)
                ),
            );
        }
        let mut rows = vec![Row {
            gutter: Gutter::Unfetched,
            line,
            selected: false,
        }];
        if let Some(note) = gap
            .last
            .next()
            .and_then(|s| self.timeline.finished_at(s))
            .and_then(finished_words)
            && let Some(row) = rows.first_mut()
        {
            row.line.say(Role::Dim, " · ");
            row.line.push(Role::Dim, note);
        }
        let in_gap = |request: &Request| {
            matches!(request, Request::History { ask, .. }
                if ask.seq.is_some_and(|s| gap.contains(s)))
        };
        let mut idle = true;
        for direction in [Direction::Older, Direction::Newer] {
            let scope = Scope::Page(self.conversation.clone(), direction);
            for flight in paper.flights.of(&scope).filter(|f| in_gap(&f.request)) {
                idle = false;
                push_phase(&mut rows, &flight.phase, paper);
            }
        }
        if idle && (self.dry_older >= DRY_PAGES || self.dry_newer >= DRY_PAGES) {
            let mut line = Line::new();
            line.pad_to(columns.text);
            let enter = paper.enter;
            line.say(
                Role::Warning,
                format!("{enter} goes on: {DRY_PAGES} pages in a row held no message"),
            );
            rows.push(Row {
                gutter: Gutter::Unfetched,
                line,
                selected: false,
            });
        }
        rows
    }

    /// The rows above seq 1.
    pub(super) fn start_rows(&self) -> Vec<Row> {
        if self.timeline.state(Seq::FIRST) == SeqState::Unfetched {
            return Vec::new();
        }
        let mut line = Line::of(
            Role::Ours,
            "start of history · seq 1 is the first of every group",
        );
        if let Some(note) = self
            .timeline
            .finished_at(Seq::FIRST)
            .and_then(finished_words)
        {
            line.say(Role::Ours, " · ");
            line.push(Role::Ours, note);
        }
        vec![ours(line)]
    }

    /// What is shown while no message is known.
    pub(super) fn rows_before_the_first_page(&self, paper: &Paper<'_>, height: usize) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        let say = |text: String| {
            let lines = Clean::ours(text).wrap_words(paper.width.into());
            lines
                .into_iter()
                .map(|line| ours(Line::of(Role::Ours, line)))
        };
        let scope = Scope::Page(self.conversation.clone(), Direction::Newest);
        let flight = paper.flights.of(&scope).next();
        let no_roaming = flight.is_some_and(
            |f| matches!(&f.phase, Phase::Failed { error } if error.code() == Some(10_044)),
        );
        if let Some(kind) = paper.refusal {
            rows.extend(say(format!(
                "{kind} keeps no history: the service stores no messages for this type of group."
            )));
        } else if no_roaming {
            rows.extend(say("This type of group keeps no history: the service stores no messages for it (10044).".to_owned()));
        } else if let Some(flight) = flight {
            rows.push(Row {
                gutter: Gutter::Unfetched,
                line: Line::of(Role::Ours, "the newest messages"),
                selected: false,
            });
            push_phase(&mut rows, &flight.phase, paper);
        } else if self.timeline.is_empty_group() {
            rows.extend(say(
                "No message yet: the service says that seq 1 is still to come.".to_owned(),
            ));
        } else if self.newest_was_empty {
            rows.extend(say(
                "The newest page came back empty; asking for the head…".to_owned()
            ));
        }
        let blank = height.saturating_sub(rows.len());
        let mut all: Vec<Row> = std::iter::repeat_with(Row::default).take(blank).collect();
        all.append(&mut rows);
        all.truncate(height);
        all
    }
}

/// Where the columns begin, and how wide they are.
struct Columns {
    seconds: bool,
    sender: usize,
    text: usize,
}

fn columns(width: u16) -> Columns {
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

fn push_phase(rows: &mut Vec<Row>, phase: &Phase, paper: &Paper<'_>) {
    let after = |from: std::time::Instant| paper.now.mono.saturating_duration_since(from).as_secs();
    match phase {
        Phase::Running { since, attempt } => {
            let again = if *attempt > 0 {
                format!(", try {}", attempt + 1)
            } else {
                String::new()
            };
            if let Some(row) = rows.last_mut() {
                let seconds = after(*since);
                let seconds = if seconds > 0 {
                    format!(" {seconds} s")
                } else {
                    String::new()
                };
                row.line
                    .say(Role::Ours, format!(" · loading{seconds}{again}"));
            }
        }
        Phase::Waiting { until, error, .. } => {
            let wait = until
                .saturating_duration_since(paper.now.mono)
                .as_millis()
                .div_ceil(1000);
            push_error(rows, error, paper);
            let mut line = Line::new();
            line.say(
                Role::Warning,
                format!("next try in {wait} s · Ctrl-C stops trying"),
            );
            rows.push(Row {
                gutter: Gutter::Failed,
                line,
                selected: false,
            });
        }
        Phase::Failed { error } => {
            push_error(rows, error, paper);
            let mut line = Line::of(Role::Key, Clean::ours(paper.retry));
            line.say(Role::Dim, " retries");
            rows.push(Row {
                gutter: Gutter::Failed,
                line,
                selected: false,
            });
        }
    }
}

fn push_error(rows: &mut Vec<Row>, error: &ApiError, paper: &Paper<'_>) {
    let what = Clean::ours(error.to_string()).one_line();
    let advice = Clean::ours(error.advice());
    for (role, text) in [(Role::Error, what), (Role::Text, advice)] {
        if !text.is_empty() {
            let lines = text.wrap_words(paper.width.into());
            rows.extend(lines.into_iter().take(TALLEST).map(|line| Row {
                gutter: Gutter::Failed,
                line: Line::of(role, line),
                selected: false,
            }));
        }
    }
}

fn ours(line: Line) -> Row {
    Row {
        gutter: Gutter::Ours,
        line,
        selected: false,
    }
}

fn finished_words(finished: &Finished) -> Option<Clean> {
    match finished {
        Finished::Whole => None,
        Finished::Cut => Some(Clean::from("reply cut by the service (IsFinished 0)")),
        Finished::Expired => Some(Clean::from(
            "the service says all of this range has expired (IsFinished 2)",
        )),
        Finished::Other(None) => Some(Clean::from("the reply had no IsFinished")),
        Finished::Other(Some(value)) => {
            let mut words = Clean::from("IsFinished ");
            words.push(&clean(value).one_line().truncate(20));
            Some(words)
        }
    }
}

fn role(state: SeqState) -> Role {
    match state {
        SeqState::Present => Role::Text,
        SeqState::Gone => Role::Gone,
        SeqState::Recalled => Role::Recalled,
        SeqState::Withheld => Role::Withheld,
        SeqState::Unreadable => Role::Damaged,
        SeqState::Unfetched => Role::Ours,
    }
}

fn gutter(state: SeqState) -> Gutter {
    match state {
        SeqState::Present => Gutter::Plain,
        SeqState::Gone => Gutter::Gone,
        SeqState::Recalled => Gutter::Recalled,
        SeqState::Withheld => Gutter::Withheld,
        SeqState::Unreadable => Gutter::Unreadable,
        SeqState::Unfetched => Gutter::Unfetched,
    }
}

fn words(state: SeqState) -> &'static str {
    match state {
        SeqState::Present => "message",
        SeqState::Gone => "deleted, expired or never stored",
        SeqState::Recalled => "recalled",
        SeqState::Withheld => "withheld: the service left out seq",
        SeqState::Unreadable => "cannot be read",
        SeqState::Unfetched => "not loaded",
    }
}

fn plural(state: SeqState) -> &'static str {
    match state {
        SeqState::Present => "messages",
        SeqState::Gone => "deleted or expired",
        SeqState::Recalled => "recalled",
        SeqState::Withheld => "withheld by the service",
        SeqState::Unreadable => "unreadable",
        SeqState::Unfetched => "not loaded",
    }
}

fn item_words(state: &ItemState) -> &'static str {
    match state {
        ItemState::Present => "a message",
        ItemState::Gone => "deleted or expired",
        ItemState::Recalled => "recalled",
        ItemState::Unreadable(_) => "unreadable",
    }
}

/// Parts of a message flowing into lines of one width.
struct Flow {
    room: usize,
    most: usize,
    done: Vec<Line>,
    line: Line,
    cut: bool,
}

impl Flow {
    fn new(room: usize, most: usize) -> Self {
        Self {
            room,
            most,
            done: Vec::new(),
            line: Line::new(),
            cut: false,
        }
    }

    fn say(&mut self, role: Role, text: &'static str) {
        self.words(role, Clean::from(text));
    }

    fn add(&mut self, part: &SummaryPart, role: Role) {
        self.words(role, part.text.clone());
    }

    fn words(&mut self, role: Role, text: Clean) {
        if self.cut {
            return;
        }
        let text = if self.most == 1 {
            text.one_line()
        } else {
            text
        };
        let used = self.line.width();
        // Some people put their own blanks around what is no text.
        let apart = text.as_str().starts_with(' ') || self.line.text().ends_with(' ');
        let space = usize::from(used > 0 && !apart);
        let single = !text.as_str().contains('\n');
        if single && used + space + text.width() <= self.room {
            if space > 0 {
                self.line.push(Role::Text, Clean::from(" "));
            }
            self.line.push(role, text);
            return;
        }
        if self.most == 1 {
            if space > 0 {
                self.line.push(Role::Text, Clean::from(" "));
            }
            let left = self.room.saturating_sub(self.line.width());
            self.line.push(role, text.truncate(left));
            self.cut = true;
            return;
        }
        for line in text.wrap_words(self.room) {
            if self.line.width() > 0 {
                self.end_line();
            }
            if self.cut {
                return;
            }
            self.line.push(role, line);
        }
    }

    fn end_line(&mut self) {
        self.done.push(std::mem::take(&mut self.line));
        if self.done.len() + 1 >= self.most {
            self.line
                .push(Role::Dim, Clean::from("… more in the detail pane"));
            self.cut = true;
        }
    }

    fn lines(mut self) -> Vec<Line> {
        self.done.push(self.line);
        self.done
    }
}
