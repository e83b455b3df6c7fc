//! What a picture has in common with the one before.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

use super::moved::Moved;
use crate::app::view::{PaneView, View};

/// For each row of something, from the top: the row of the screen before in which the
/// same stood, where there is one.
pub type Origins = Vec<Option<u16>>;

/// The picture before.
#[derive(Clone, Copy)]
pub(super) struct Before<'a> {
    view: &'a View,
    picture: &'a Buffer,
}

impl<'a> Before<'a> {
    /// `None` where nothing of it can be used for a picture of this view.
    pub(super) fn of(
        (view, picture): (&'a View, &'a Buffer),
        next: &View,
        area: Rect,
    ) -> Option<Self> {
        // A box covers rows that its view still has.
        let is_whole = view.overlay.is_none() && picture.area == area;
        (is_whole && view.ascii == next.ascii).then_some(Self { view, picture })
    }

    /// Of the rows of a pane, its title not counted.
    pub(super) fn origins(self, pane: &PaneView) -> Origins {
        let old = self.view.panes.iter().find(|old| old.pane == pane.pane);
        let like = |old: &&PaneView| old.area == pane.area && old.focused == pane.focused;
        let Some(old) = old.filter(like) else {
            return Vec::new();
        };
        let top = pane.area.y.saturating_add(1);
        // Nobody may take rows for which there is no room for those that stand below.
        let room = usize::from(pane.area.height).saturating_sub(1);
        let rows = pane.rows.iter().take(room).enumerate();
        let mut moved = Moved::default();
        let rows = rows.map(|(y, row)| {
            let from = moved.find(y, |from| from < room && old.rows.get(from) == Some(row))?;
            let from = top.checked_add(u16::try_from(from).ok()?)?;
            (from < self.picture.area.bottom()).then_some(from)
        });
        rows.collect()
    }

    /// Some columns of a row, as they were painted.
    pub(super) fn cells(self, y: u16, columns: Rect) -> Option<&'a [Cell]> {
        let area = self.picture.area;
        let inside = y < area.bottom()
            && columns.left() < columns.right()
            && columns.right() <= area.right();
        let start = inside.then(|| self.picture.index_of(columns.x, y))?;
        self.picture
            .content
            .get(start..)?
            .get(..columns.width.into())
    }
}

/// Fills an empty buffer: with rows of the picture before where all of a row stood there,
/// with blanks else.
pub(super) fn lay_ground(buf: &mut Buffer, before: Option<Before<'_>>, whole: &Origins) {
    let area = buf.area;
    buf.content.clear();
    buf.content.reserve(area.area().try_into().unwrap_or(0));
    for row in area.rows() {
        let from = whole.get(usize::from(row.y)).copied().flatten();
        match before
            .zip(from)
            .and_then(|(before, from)| before.cells(from, row))
        {
            Some(cells) => buf.content.extend_from_slice(cells),
            None => buf
                .content
                .extend(std::iter::repeat_n(Cell::EMPTY, row.width.into())),
        }
    }
}
