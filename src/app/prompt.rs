//! One line at the bottom that asks for something.

use super::action::Action;
use super::exporting::Part;
use super::input_line::InputLine;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PromptKind {
    /// Words to filter the groups by, taking effect as they are typed.
    FilterGroups,
    /// An ID or a permalink.
    Open,
    /// A place in the conversation.
    GoTo,
    /// What to search for, back in time.
    Search,
    /// Which messages to show.
    Filter,
    /// A note for the mark on the selected message.
    Note,
    /// What to audit.
    AuditRange,
    /// Something about an export.
    Export(Part),
    /// A user, whose groups to list.
    UserGroups,
    /// What to find in the detail pane.
    Find,
    /// An action by name.
    Palette,
}

impl PromptKind {
    /// What stands left of the input.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::FilterGroups => "filter groups: ",
            Self::Open => "open ID or permalink: ",
            Self::GoTo => "go to: ",
            Self::Search => "/",
            Self::Filter => "filter: ",
            Self::Note => "note of the mark: ",
            Self::AuditRange => "audit from..to: ",
            Self::Export(Part::Range) => "export from..to: ",
            Self::Export(Part::Filter) => "export only: ",
            Self::Export(Part::File) => "export to file: ",
            Self::UserGroups => "groups of user ID: ",
            Self::Find => "find here: ",
            Self::Palette => ":",
        }
    }
}

/// A prompt in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// What for.
    pub kind: PromptKind,
    /// What is typed.
    pub input: InputLine,
    /// What to go back to when it is cancelled.
    pub before: String,
    /// Where in the history of this kind; `None` for what is typed now.
    recalled: Option<usize>,
    /// The line under the cursor of a list that belongs to the prompt.
    pub chosen: usize,
    /// What the last completion left to choose from.
    pub choices: Vec<String>,
}

/// What was submitted before, per kind, newest last.
#[derive(Debug, Clone, Default)]
pub struct Submitted(Vec<(PromptKind, String)>);

/// How many submitted lines are kept.
const KEPT: usize = 100;

impl Submitted {
    /// Remembers a line; the same line again moves to the end.
    pub fn remember(&mut self, kind: PromptKind, text: &str) {
        if !text.is_empty() {
            self.0.retain(|(k, t)| !(*k == kind && t == text));
            self.0.push((kind, text.to_owned()));
            let over = self.0.len().saturating_sub(KEPT);
            self.0.drain(..over);
        }
    }

    fn of(&self, kind: PromptKind) -> Vec<&str> {
        self.0
            .iter()
            .rev()
            .filter(|(k, _)| *k == kind)
            .map(|(_, t)| t.as_str())
            .collect()
    }
}

impl Prompt {
    /// A prompt with `text` in it.
    #[must_use]
    pub fn new(kind: PromptKind, text: &str) -> Self {
        Self {
            kind,
            input: InputLine::of(text),
            before: text.to_owned(),
            recalled: None,
            chosen: 0,
            choices: Vec::new(),
        }
    }

    /// Puts an earlier or later submitted line into the input.
    pub fn recall(&mut self, submitted: &Submitted, action: Action) {
        let lines = submitted.of(self.kind);
        let next = match (action, self.recalled) {
            (Action::HistoryUp, None) => Some(0),
            (Action::HistoryUp, Some(at)) => Some((at + 1).min(lines.len().saturating_sub(1))),
            (_, Some(0) | None) => None,
            (_, Some(at)) => Some(at - 1),
        };
        self.recalled = next.filter(|at| *at < lines.len());
        let text = self.recalled.and_then(|at| lines.get(at)).copied();
        if text.is_some() || action != Action::HistoryUp {
            self.input = InputLine::of(text.unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_newest_first_and_leave_again() {
        let mut submitted = Submitted::default();
        for text in ["one", "two", "one"] {
            submitted.remember(PromptKind::Open, text);
        }
        submitted.remember(PromptKind::Find, "elsewhere");
        let mut prompt = Prompt::new(PromptKind::Open, "");
        let mut press = |action| {
            prompt.recall(&submitted, action);
            prompt.input.text().to_owned()
        };
        assert_eq!(press(Action::HistoryUp), "one");
        assert_eq!(press(Action::HistoryUp), "two");
        assert_eq!(press(Action::HistoryUp), "two", "the oldest stays");
        assert_eq!(press(Action::HistoryDown), "one");
        assert_eq!(press(Action::HistoryDown), "");
    }
}
