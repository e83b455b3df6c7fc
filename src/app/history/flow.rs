//! Parts of a message on their way into lines.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::app::line::{Line, Role};
use crate::model::element::SummaryPart;
use crate::model::ids::Seq;
use crate::model::text::Clean;
use crate::model::timeline::Stretch;

/// Messages whose lines are kept: more than any screen and its margin hold.
const MOST: usize = 1_024;

/// Lines of messages, on one paper: to read and to wrap a megabyte anew for each picture
/// would cost more than all the rest of it.
#[derive(Debug, Default)]
pub(super) struct Kept(RefCell<BTreeMap<Key, Rc<[Line]>>>);

/// Of a message, and whether the service said something else of it before.
type Key = (Seq, bool);

impl Kept {
    /// The lines of a message: those of last time, or what `make` makes of it.
    pub(super) fn of(&self, key: Key, make: impl FnOnce() -> Vec<Line>) -> Rc<[Line]> {
        if let Some(lines) = self.0.borrow().get(&key) {
            return Rc::clone(lines);
        }
        let lines: Rc<[Line]> = make().into();
        let mut kept = self.0.borrow_mut();
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(key, Rc::clone(&lines));
        lines
    }

    /// Those of a stretch may say something else now.
    pub(super) fn forget(&mut self, stretch: Stretch) {
        let within = |seq: Seq| stretch.first() <= seq && seq <= stretch.last();
        self.0.get_mut().retain(|(seq, _), _| !within(*seq));
    }

    /// The paper, or what is written on it, is another one.
    pub(super) fn clear(&mut self) {
        self.0.get_mut().clear();
    }
}

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
        self.put(role, part.text.clone(), !part.media);
    }

    pub(super) fn words(&mut self, role: Role, text: Clean) {
        self.put(role, text, true);
    }

    /// What does not fit into the line goes on in the next, or begins there if it
    /// is one thing rather than words.
    fn put(&mut self, role: Role, text: Clean, words: bool) {
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
        if words && used > 0 {
            self.go_on(space > 0, role, &text);
            return;
        }
        for line in text.words(self.room) {
            if self.line.width() > 0 {
                self.end_line();
            }
            if self.cut {
                return;
            }
            self.line.push(role, line);
        }
    }

    /// Puts words of which the first line has only the room that is left.
    fn go_on(&mut self, apart: bool, role: Role, text: &Clean) {
        let blank = apart || self.line.text().ends_with(' ');
        let used = self.line.width() + usize::from(apart);
        // What stands there already, as if it were one word.
        let mut taken = "x".repeat(used.saturating_sub(usize::from(blank)));
        taken.push_str(if blank { " " } else { "" });
        let mut whole = Clean::ours(&taken);
        whole.push(text);
        let mut lines = whole.words(self.room);
        let first = lines.next().unwrap_or_default();
        let rest = taken.len().min(first.as_str().len())..first.as_str().len();
        if !rest.is_empty() {
            if apart {
                self.line.push(Role::Text, Clean::from(" "));
            }
            self.line.push(role, first.slice(rest));
        }
        for line in lines {
            self.end_line();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::clean;

    fn flow(room: usize, most: usize, parts: &[(&str, bool)]) -> Vec<String> {
        let mut flow = Flow::new(room, most);
        for (text, media) in parts {
            let text = clean(text);
            let media = *media;
            let url = None;
            flow.add(&SummaryPart { text, media, url }, Role::Text);
        }
        flow.lines().iter().map(Line::text).collect()
    }

    #[test]
    fn words_go_on_where_the_line_is_and_labels_stay_whole() {
        let parts = [
            ("see", false),
            ("[face 1]", true),
            ("and more words", false),
        ];
        assert_eq!(flow(16, 8, &parts), ["see [face 1] and", "more words"]);
        assert_eq!(flow(8, 8, &parts), ["see", "[face 1]", "and more", "words"]);
    }

    #[test]
    fn peoples_own_blanks_are_not_doubled() {
        let parts = [("so much ", false), ("[face 1]", true), (" bye", false)];
        assert_eq!(flow(40, 8, &parts), ["so much [face 1] bye"]);
        assert_eq!(flow(16, 8, &parts), ["so much [face 1]", "bye"]);
    }

    #[test]
    fn nothing_is_wider_than_the_room() {
        let long = "中文消息很长 and abcdefghijklmnopqrstuvwxyz\nline two";
        for room in 26..40 {
            let parts = [("[a]", true), (long, false), ("[b c]", true), (long, false)];
            for line in flow(room, 8, &parts) {
                assert!(crate::model::text::width(&line) <= room, "{room}: {line}");
            }
        }
    }
}
