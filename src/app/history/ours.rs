//! Rows of our own: what is not loaded, how it stands, where history begins.

use super::rows::{Paper, columns};
use super::{Block, DRY_PAGES, History};
use crate::app::event::Request;
use crate::app::flights::{Direction, Phase, Scope};
use crate::app::line::{Line, Role};
use crate::app::picker::grouped;
use crate::app::view::{Gutter, Row};
use crate::model::error::ApiError;
use crate::model::ids::Seq;
use crate::model::message::Finished;
use crate::model::text::{Clean, clean};
use crate::model::time;
use crate::model::timeline::SeqState;

/// How far to look for the time of the nearest message.
const LOOK: usize = 64;
/// Lines an error may take.
const TALLEST: usize = 8;

impl History {
    /// A stretch that is not loaded: how much, between when and when, and how it stands.
    pub(super) fn gap(&self, gap: Block, paper: &Paper<'_>) -> Vec<Row> {
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
            .and_then(|s| self.timeline.known_time_at_or_below(s, LOOK));
        let above = gap
            .last
            .next()
            .and_then(|s| self.timeline.known_time_at_or_above(s, LOOK));
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
            let text = Clean::ours(text);
            let lines = text.words(paper.width.into());
            lines
                .map(|line| ours(Line::of(Role::Ours, line)))
                .collect::<Vec<_>>()
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
            let lines = text.words(paper.width.into());
            rows.extend(lines.take(TALLEST).map(|line| Row {
                gutter: Gutter::Failed,
                line: Line::of(role, line),
                selected: false,
            }));
        }
    }
}

pub(super) fn ours(line: Line) -> Row {
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
