//! How a request stands, as rows: loading, waiting with the reason, failed with
//! the key that retries.

use super::event::Now;
use super::flights::Phase;
use super::line::{Line, Role};
use super::view::{Gutter, Row};
use crate::model::error::ApiError;
use crate::model::text::Clean;

/// What such rows are laid out for.
#[derive(Debug, Clone, Copy)]
pub struct Slip<'a> {
    /// Columns, gutter not counted.
    pub width: u16,
    /// For elapsed and remaining seconds.
    pub now: Now,
    /// The key that retries.
    pub retry: &'a str,
    /// The key that cancels.
    pub cancel: &'a str,
}

/// Lines an error may take.
const TALLEST: usize = 8;

/// Adds how a request stands to the row that says what it is for.
pub fn push(rows: &mut Vec<Row>, phase: &Phase, slip: &Slip<'_>) {
    match phase {
        Phase::Running {
            since,
            attempt,
            error,
        } => {
            let seconds = slip.now.mono.saturating_duration_since(*since).as_secs();
            let words = match seconds {
                0 => " · loading".to_owned(),
                _ => format!(" · loading {seconds} s"),
            };
            if let Some(row) = rows.last_mut() {
                row.line.say(Role::Ours, words);
            }
            if let Some(error) = error {
                push_text(rows, Role::Error, &what(error), slip);
                push_text(
                    rows,
                    Role::Warning,
                    &Clean::ours(format!("try {}", attempt + 1)),
                    slip,
                );
            }
        }
        Phase::Waiting { until, error, .. } => {
            let wait = until
                .saturating_duration_since(slip.now.mono)
                .as_millis()
                .div_ceil(1000);
            push_text(rows, Role::Error, &what(error), slip);
            let words = format!("next try in {wait} s · {} stops trying", slip.cancel);
            push_text(rows, Role::Warning, &Clean::ours(words), slip);
            push_text(rows, Role::Text, &Clean::ours(error.advice()), slip);
        }
        Phase::Failed { error } => push_failed(rows, error, slip),
    }
}

/// Adds an error that nothing will be done about without a key.
pub fn push_failed(rows: &mut Vec<Row>, error: &ApiError, slip: &Slip<'_>) {
    push_text(rows, Role::Error, &what(error), slip);
    let mut line = Line::of(Role::Key, Clean::ours(slip.retry));
    line.say(Role::Dim, " retries");
    rows.push(failed(line));
    push_text(rows, Role::Text, &Clean::ours(error.advice()), slip);
}

fn what(error: &ApiError) -> Clean {
    Clean::ours(error.to_string()).one_line()
}

fn push_text(rows: &mut Vec<Row>, role: Role, text: &Clean, slip: &Slip<'_>) {
    if text.is_empty() {
        return;
    }
    let lines = text.words(slip.width.into()).take(TALLEST);
    rows.extend(lines.map(|line| failed(Line::of(role, line))));
}

fn failed(line: Line) -> Row {
    Row {
        gutter: Gutter::Failed,
        line,
        selected: false,
    }
}
