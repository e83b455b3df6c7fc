//! Rows of our own: what is not loaded, how it stands, where history begins.

use super::rows::{Paper, columns};
use super::{Block, CALLS_A_KEY, DRY_PAGES, History};
use crate::app::event::Request;
use crate::app::flights::{Direction, Phase, Scope};
use crate::app::line::{Line, Role};
use crate::app::standing;
use crate::app::view::{Gutter, Row};
use crate::model::ids::Seq;
use crate::model::message::Finished;
use crate::model::text::{Clean, clean, grouped};
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
        if let Some(words) = self.visit_within(gap) {
            let mut line = Line::new();
            line.pad_to(columns.text);
            line.say(Role::Ours, words);
            rows.push(Row {
                gutter: Gutter::Unfetched,
                line,
                selected: false,
            });
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
        // Of several that are on their way, one row tells.
        let ahead = Scope::Ahead(self.conversation.clone());
        let mut ahead = paper.flights.of(&ahead).filter(|f| in_gap(&f.request));
        if let (true, Some(flight)) = (idle, ahead.next()) {
            idle = false;
            standing::push(&mut rows, &flight.phase, &paper.slip());
        }
        let jobs = Scope::Job(self.conversation.clone());
        let mut of_jobs = paper.flights.of(&jobs).filter(|f| in_gap(&f.request));
        if let Some(failed) = of_jobs.find(|f| matches!(f.phase, Phase::Failed { .. })) {
            standing::push(&mut rows, &failed.phase, &paper.slip());
        }
        // Said where the next page would go, not at every stretch on the screen.
        let next = self.shown.near.iter().any(|(_, seq, _)| gap.contains(*seq));
        let idle = idle && next;
        let spent = self.filter.as_ref().is_some_and(|f| f.calls_left == 0);
        let words = if spent {
            format!("{CALLS_A_KEY} pages asked for with this key · any movement goes on")
        } else {
            let enter = paper.enter;
            format!("{enter} goes on: {DRY_PAGES} pages in a row held no message to show")
        };
        let dry = self.dry_older >= DRY_PAGES || self.dry_newer >= DRY_PAGES;
        if idle && (spent || dry) {
            let said = wrapped(Role::Warning, &words, paper).into_iter();
            rows.extend(said.map(|row| Row {
                gutter: Gutter::Unfetched,
                ..row
            }));
        }
        rows
    }

    /// The line between what was there at the last visit and what came since.
    pub(super) fn visit_above(&self, block: Block, paper: &Paper<'_>) -> Option<Row> {
        let visit = self.last_visit?;
        let before = self.older(block)?;
        if !(before.last <= visit.head && visit.head < block.first) {
            return None;
        }
        let mut line = Line::of(Role::Ours, "── your last visit ended here");
        if let Some(ended) = visit.ended {
            line.say(Role::Ours, format!(", {}", time::full(ended, paper.zone)));
        }
        Some(ours(line))
    }

    /// Where the last visit ended, if that is in a stretch that is not loaded: the
    /// line cannot be drawn there yet.
    fn visit_within(&self, gap: Block) -> Option<String> {
        let head = self.last_visit?.head;
        let within = gap.first <= head && head < gap.last;
        within.then(|| format!("your last visit ended in here, after seq {}", grouped(head)))
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

    /// Whether pages are within reach that are not asked for before the next key.
    pub(super) fn waits_for_a_key(&self) -> bool {
        let spent = self.filter.as_ref().is_some_and(|f| f.calls_left == 0);
        let dry = self.dry_older >= DRY_PAGES || self.dry_newer >= DRY_PAGES;
        !self.shown.near.is_empty() && (spent || dry)
    }

    /// Says in the blank rows above that it is the filter that leaves them blank.
    pub(super) fn say_that_none_matches(&self, paper: &Paper<'_>, rows: &mut [Row]) {
        let Some(shown) = self.shown_by_filter() else {
            return;
        };
        if shown.matching > 0 || (shown.unfinished && !shown.lacks_names) {
            return;
        }
        let words = if shown.lacks_names {
            NAMES_COME.to_owned()
        } else {
            format!(
                "None of the {} loaded matches the filter. {} changes it; an empty one shows all.",
                grouped(shown.loaded),
                paper.filter
            )
        };
        let said = wrapped(Role::Warning, &words, paper);
        let blank = rows
            .iter()
            .take_while(|row| **row == Row::default())
            .count();
        let above = blank.checked_sub(said.len());
        let places = above.and_then(|above| rows.get_mut(above..blank));
        for (place, row) in places.into_iter().flatten().zip(said) {
            *place = row;
        }
    }

    /// What is shown where the filter hides everything that there is.
    pub(super) fn rows_without_a_match(&mut self, paper: &Paper<'_>, height: usize) -> Vec<Row> {
        self.shown = super::viewport::Shown {
            height,
            ..Default::default()
        };
        let words = if self.filter.as_ref().is_some_and(|f| f.names.is_open()) {
            NAMES_COME.to_owned()
        } else {
            format!(
                "None of the {} loaded matches the filter, and nothing is left to load. {} changes it; an empty one shows all.",
                grouped(self.timeline.loaded()),
                paper.filter
            )
        };
        let rows = wrapped(Role::Warning, &words, paper);
        let blank = height.saturating_sub(rows.len());
        let blank = std::iter::repeat_with(Row::default).take(blank);
        blank.chain(rows).take(height).collect()
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

/// Said while nothing matches yet.
const NAMES_COME: &str = "Nothing matches so far: names are still coming.";

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
