//! Parts of a message on their way into lines.

use crate::app::line::{Line, Role};
use crate::model::element::SummaryPart;
use crate::model::text::Clean;

/// Parts of a message flowing into lines of one width.
pub(super) struct Flow {
    room: usize,
    most: usize,
    done: Vec<Line>,
    line: Line,
    cut: bool,
}

impl Flow {
    pub(super) fn new(room: usize, most: usize) -> Self {
        Self {
            room,
            most,
            done: Vec::new(),
            line: Line::new(),
            cut: false,
        }
    }

    pub(super) fn say(&mut self, role: Role, text: &'static str) {
        self.words(role, Clean::from(text));
    }

    pub(super) fn add(&mut self, part: &SummaryPart, role: Role) {
        self.words(role, part.text.clone());
    }

    pub(super) fn words(&mut self, role: Role, text: Clean) {
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

    pub(super) fn lines(mut self) -> Vec<Line> {
        self.done.push(self.line);
        self.done
    }
}
