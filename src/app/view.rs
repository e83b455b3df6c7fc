//! What the screen shows, laid out at the end of every update. Painting decides nothing.

use super::event::Size;
use super::line::Line;

/// One of the three panes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pane {
    /// The group picker.
    Groups,
    /// The messages of one conversation.
    Messages,
    /// Everything about what is selected.
    Detail,
}

/// A rectangle in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Area {
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub height: u16,
}

/// What the cells left of a row say; nothing a message can write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Gutter {
    /// An ordinary row, or the further lines of any.
    #[default]
    Plain,
    /// Placeholder 1.
    Gone,
    /// Placeholder 2.
    Recalled,
    /// Covered, not returned.
    Withheld,
    /// Cannot be read.
    Unreadable,
    /// Not loaded, or loading.
    Unfetched,
    /// A call that failed.
    Failed,
    /// Differs from what was first seen.
    Changed,
    /// A row of our own: day, start of history.
    Ours,
    /// A message the reader marked.
    Marked,
    /// A pinned group.
    Pinned,
    /// An element the detail pane can step to.
    Element,
}

/// One row of a pane.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// The mark on the left.
    pub gutter: Gutter,
    /// The text right of the gutter.
    pub line: Line,
    /// Belongs to what is selected.
    pub selected: bool,
}

/// One pane on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaneView {
    /// Which.
    pub pane: Pane,
    /// With its title line, which is the first row.
    pub area: Area,
    /// A divider stands in the column left of `area`.
    pub divided: bool,
    /// The title line.
    pub title: Line,
    /// The keys go here.
    pub focused: bool,
    /// Top to bottom, as many as fit below the title.
    pub rows: Vec<Row>,
}

/// A box above the panes: help, palette.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverlayView {
    /// With its frame.
    pub area: Area,
    /// In the frame's top line.
    pub title: Line,
    /// Inside the frame.
    pub rows: Vec<Row>,
}

/// The whole screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Of the terminal.
    pub size: Size,
    /// The visible panes, left to right or top to bottom.
    pub panes: Vec<PaneView>,
    /// The last row but one.
    pub status: Line,
    /// The last row: keys, or the prompt.
    pub keys: Line,
    /// Where the cursor is shown, while something is typed: column, row.
    pub cursor: Option<(u16, u16)>,
    /// Above everything.
    pub overlay: Option<OverlayView>,
    /// Frames and marks without box or block characters.
    pub ascii: bool,
}

impl View {
    /// A screen of this size with nothing on it.
    #[must_use]
    pub fn blank(size: Size) -> Self {
        Self {
            size,
            panes: Vec::new(),
            status: Line::new(),
            keys: Line::new(),
            cursor: None,
            overlay: None,
            ascii: false,
        }
    }
}
