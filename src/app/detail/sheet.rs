//! The rows of the pane as they are written down: eager for prose, lazy for hex.

use std::cell::RefCell;
use std::fmt::Display;
use std::ops::Range;
use std::sync::Arc;

use super::flow::flow;
use super::hexdump::Dump;
use super::subject::Frame;
use crate::app::line::{Line, Role};
use crate::app::view::{Gutter, Row};
use crate::model::ids::UserId;
use crate::model::text::{self, Clean};

/// Everything the pane could show in one view, with lines still uncut.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    blocks: Vec<Block>,
    rows: usize,
    /// Which rows belong to which of the things one can step to.
    pub(super) stops: Vec<Rows>,
    /// What the title says of the view.
    pub(super) word: &'static str,
    /// The names that were asked for, and what was known of them.
    pub(super) names: Vec<(UserId, Option<Clean>)>,
}

/// The rows of one thing to step to.
#[derive(Debug, Clone, Default)]
pub(super) struct Rows {
    /// With what leads to it.
    pub(super) all: Range<usize>,
    /// Its own first one.
    pub(super) head: usize,
}

#[derive(Debug, Clone)]
enum Block {
    Rows(Vec<Row>),
    Dump(Dump),
}

impl Block {
    fn len(&self) -> usize {
        match self {
            Self::Rows(rows) => rows.len(),
            Self::Dump(dump) => dump.rows(),
        }
    }
}

impl Sheet {
    /// How many rows there are, those of dumps counted and not formatted.
    pub(super) const fn len(&self) -> usize {
        self.rows
    }

    /// The rows `range`, formatted now.
    pub(super) fn rows(&self, range: Range<usize>) -> impl Iterator<Item = Row> {
        let mut start = 0;
        self.blocks.iter().flat_map(move |block| {
            let first = start;
            start += block.len();
            let from = range.start.saturating_sub(first).min(block.len());
            let to = range.end.saturating_sub(first).min(block.len()).max(from);
            let rows: Vec<Row> = match block {
                Block::Rows(rows) => rows.get(from..to).unwrap_or_default().to_vec(),
                Block::Dump(dump) => (from..to).map(|i| dump.row(i)).collect(),
            };
            rows
        })
    }

    /// Which of the things one can step to `row` belongs to, or the last one above it.
    pub(super) fn stop_at(&self, row: usize) -> usize {
        let from_here = self.stops.partition_point(|rows| rows.head <= row);
        from_here.saturating_sub(1)
    }

    /// The text of all rows, for finding.
    pub(super) fn texts(&self) -> impl Iterator<Item = String> {
        self.blocks.iter().flat_map(|block| {
            (0..block.len()).map(move |i| match block {
                Block::Rows(rows) => rows.get(i).map(|r| r.line.text()).unwrap_or_default(),
                Block::Dump(dump) => dump.row(i).line.text(),
            })
        })
    }
}

/// Writes a [`Sheet`] from top to bottom.
pub(super) struct Writer<'a> {
    pub(super) frame: &'a Frame<'a>,
    /// Long lines are left long, to be cut where they are shown.
    long: bool,
    indent: usize,
    sheet: Sheet,
    names: RefCell<Vec<(UserId, Option<Clean>)>>,
    open: Option<Rows>,
    lead: Option<usize>,
}

/// Labels up to this many cells stand left of what they label.
const LABEL: usize = 10;
/// Lines narrower than this have their labels above.
const NARROW: usize = 30;

impl<'a> Writer<'a> {
    pub(super) fn new(frame: &'a Frame<'a>, long: bool) -> Self {
        Self {
            frame,
            long,
            indent: 0,
            sheet: Sheet::default(),
            names: RefCell::default(),
            open: None,
            lead: None,
        }
    }

    pub(super) fn finish(mut self) -> Sheet {
        self.close_stop();
        self.sheet.names = self.names.into_inner();
        self.sheet
    }

    /// What a user is called; remembered, so that a name that comes later is noticed.
    pub(super) fn name_of(&self, user: &UserId) -> Option<Clean> {
        let name = (self.frame.name_of)(user);
        self.names.borrow_mut().push((user.clone(), name.clone()));
        name
    }

    /// Cells of a line, indentation taken off.
    pub(super) fn width(&self) -> usize {
        usize::from(self.frame.width)
            .saturating_sub(self.indent)
            .max(1)
    }

    /// Runs `write` two cells further right.
    pub(super) fn indented(&mut self, write: impl FnOnce(&mut Self)) {
        self.indent += 2;
        write(self);
        self.indent -= 2;
    }

    /// Names the view for the title.
    pub(super) fn call(&mut self, word: &'static str) {
        self.sheet.word = word;
    }

    /// What is written from here on belongs to the next thing one can step to.
    pub(super) fn open_stop(&mut self) {
        self.close_stop();
        let head = self.sheet.rows;
        let all = self.lead.take().unwrap_or(head)..head;
        self.open = Some(Rows { all, head });
    }

    /// What is written from here on belongs to the stop that is opened next.
    pub(super) fn lead(&mut self) {
        self.lead = Some(self.sheet.rows);
    }

    pub(super) fn close_stop(&mut self) {
        if let Some(mut rows) = self.open.take() {
            rows.all.end = self.sheet.rows;
            self.sheet.stops.push(rows);
        }
    }

    pub(super) fn row(&mut self, gutter: Gutter, line: Line) {
        let mut indented = Line::new();
        indented.pad_to(self.indent);
        indented.append(line);
        let row = Row {
            gutter,
            line: indented,
            selected: false,
        };
        self.sheet.rows += 1;
        if let Some(Block::Rows(rows)) = self.sheet.blocks.last_mut() {
            rows.push(row);
        } else {
            self.sheet.blocks.push(Block::Rows(vec![row]));
        }
    }

    /// One line, wrapped between its pieces, further lines `hang` cells in.
    pub(super) fn line(&mut self, line: &Line, hang: usize) {
        self.marked(Gutter::Plain, line, hang);
    }

    /// The same with a mark at its first row.
    pub(super) fn marked(&mut self, gutter: Gutter, line: &Line, hang: usize) {
        if self.long {
            self.row(gutter, line.clone());
            return;
        }
        let mut gutter = gutter;
        for line in flow(line, self.width(), hang) {
            self.row(gutter, line);
            gutter = Gutter::Plain;
        }
    }

    pub(super) fn blank(&mut self) {
        self.row(Gutter::Plain, Line::new());
    }

    /// Text with its own line breaks.
    pub(super) fn prose(&mut self, role: Role, text: &Clean) {
        for line in self.wrapped(text, self.width()) {
            self.row(Gutter::Plain, Line::of(role, line));
        }
    }

    /// Words of our own.
    pub(super) fn say(&mut self, role: Role, words: impl Display) {
        self.prose(role, &Clean::ours(words));
    }

    fn wrapped(&self, text: &Clean, width: usize) -> Vec<Clean> {
        // Wide enough that only the text's own breaks count.
        const ENDLESS: usize = usize::MAX / 4;
        text.words(if self.long { ENDLESS } else { width })
            .collect()
    }

    /// A label and its text beside it, or below where either is too wide.
    pub(super) fn field(&mut self, label: &str, role: Role, text: &Clean) {
        let label = Line::of(Role::Label, Clean::ours(label));
        if label.width() >= LABEL || self.width() < NARROW {
            self.row(Gutter::Plain, label);
            self.indented(|w| w.prose(role, text));
            return;
        }
        let mut start = label;
        for line in self.wrapped(text, self.width() - LABEL) {
            start.pad_to(LABEL);
            start.push(role, line);
            self.row(Gutter::Plain, std::mem::take(&mut start));
        }
        if !start.pieces.is_empty() {
            self.row(Gutter::Plain, start);
        }
    }

    /// A label with JSON behind it, or below where it has more lines than one.
    pub(super) fn json_field(&mut self, label: &str, lines: &[(usize, Line)]) {
        let mut head = Line::of(Role::Label, Clean::ours(label));
        if let [(_, only)] = lines {
            head.push(Role::Text, " ");
            head.pad_to(LABEL);
            head.append(only.clone());
            self.line(&head, LABEL);
        } else {
            self.line(&head, LABEL);
            self.indented(|w| w.lines(lines));
        }
    }

    /// A label with words of our own.
    pub(super) fn fact(&mut self, label: &str, words: impl Display) {
        self.field(label, Role::Text, &Clean::ours(words));
    }

    /// A label with foreign text, and a word of ours where there is none.
    pub(super) fn given(&mut self, label: &str, value: Option<&str>) {
        match value {
            None => self.field(label, Role::Dim, &Clean::from("(not in the reply)")),
            Some("") => self.field(label, Role::Dim, &Clean::from("(empty)")),
            Some(value) => self.field(label, Role::Text, &text::clean(value)),
        }
    }

    /// Lines with the cells by which each is to be indented, half the width at
    /// most; further rows of a line stand two cells right of its first.
    pub(super) fn lines(&mut self, lines: &[(usize, Line)]) {
        for (indent, line) in lines {
            let indent = (*indent).min(self.width() / 2);
            let mut indented = Line::new();
            indented.pad_to(indent);
            indented.append(line.clone());
            self.line(&indented, indent + 2);
        }
    }

    /// The first `limit` rows of a dump, or all. Returns how many bytes it shows.
    pub(super) fn dump(&mut self, bytes: &Arc<[u8]>, limit: Option<usize>) -> usize {
        let dump = Dump::new(
            bytes,
            (self.indent, self.width()),
            limit.unwrap_or(usize::MAX),
        );
        let shown = dump.bytes();
        self.sheet.rows += dump.rows();
        self.sheet.blocks.push(Block::Dump(dump));
        shown
    }

    /// The key of an action, as the reader has it.
    pub(super) fn key(&self, action: crate::app::action::Action) -> String {
        self.frame.keys.hint(action)
    }
}
