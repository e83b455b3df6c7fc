//! Rows of our own: what is not loaded, how it stands, where history begins.

use super::rows::{Paper, columns};
use super::{Block, DRY_PAGES, History};
use crate::app::event::Request;
use crate::app::flights::{Direction, Phase, Scope};
use crate::app::line::{Line, Role};
use crate::app::picker::grouped;
use crate::app::standing;
use crate::app::view::{Gutter, Row};
use crate::model::ids::Seq;
use crate::model::message::Finished;
use crate::model::text::{Clean, clean};
use crate::model::time;
use crate::model::timeline::SeqState;

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
                grouped(gap.first),
                grouped(gap.last)
            )
        };
        line.say(Role::Ours, size);
        let below = gap
            .first
            .prev()
            .and_then(|seq| self.timeline.timed_at_or_below(seq));
        let above = gap
            .last
            .next()
            .and_then(|seq| self.timeline.timed_at_or_above(seq));
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
                standing::push(&mut rows, &flight.phase, &paper.slip());
            }
        }
        if idle && (self.dry_older >= DRY_PAGES || self.dry_newer >= DRY_PAGES) {
            let enter = paper.enter;
            let words =
                format!("{enter} goes on: {DRY_PAGES} pages in a row held no message to show");
            rows.extend(
                wrapped(Role::Warning, &words, paper)
                    .into_iter()
                    .map(|row| Row {
                        gutter: Gutter::Unfetched,
                        ..row
                    }),
            );
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
        let scope = Scope::Page(self.conversation.clone(), Direction::Newest);
        let flight = paper.flights.of(&scope).next();
        let no_roaming = flight.is_some_and(
            |f| matches!(&f.phase, Phase::Failed { error } if error.code() == Some(10_044)),
        );
        let mut say = |words: &str| rows.extend(wrapped(Role::Ours, words, paper));
        if let Some(kind) = paper.refusal {
            say(&format!(
                "{kind} keeps no history: the service stores no messages for this type of group."
            ));
        } else if no_roaming {
            say(
                "This type of group keeps no history: the service stores no messages for it (10044).",
            );
        } else if let Some(error) = paper.stopped {
            say("All calls have stopped.");
            standing::push_failed(&mut rows, error, &paper.slip());
        } else if let Some(flight) = flight {
            say("The newest messages");
            standing::push(&mut rows, &flight.phase, &paper.slip());
        } else if self.timeline.is_empty_group() {
            say("No message yet: the service says that seq 1 is still to come.");
        } else if self.newest_was_empty {
            say("The newest page came back empty; asking for the head.");
        } else {
            say("The newest messages are asked for next.");
        }
        let blank = height.saturating_sub(rows.len());
        let mut all: Vec<Row> = std::iter::repeat_with(Row::default).take(blank).collect();
        all.append(&mut rows);
        all.truncate(height);
        all
    }
}

pub(super) fn ours(line: Line) -> Row {
    Row {
        gutter: Gutter::Ours,
        line,
        selected: false,
    }
}

/// Words of our own, in as many rows as they need.
fn wrapped(role: Role, words: &str, paper: &Paper<'_>) -> Vec<Row> {
    let words = Clean::ours(words);
    let lines = words.words(paper.width.into());
    lines.map(|line| ours(Line::of(role, line))).collect()
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
