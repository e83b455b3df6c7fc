//! What a picture has in common with the one before.

use std::hint::black_box;
use std::rc::Rc;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

use super::moved::Moved;
use crate::app::view::{PaneView, View};

/// For each row of something, from the top: the row of the screen before in which the
/// same stood, where there is one.
pub(super) type Origins = Vec<Option<u16>>;

/// A painted screen. Rows that stood in the one before are shared with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    area: Rect,
    rows: Rc<Vec<Rc<[Cell]>>>,
}

/// So many rows that left are kept for new ones, here and on their way to the terminal: most
/// keys change one or a few.
pub(crate) const SPARE: usize = 8;

/// What pictures are painted on: blank between two of them.
#[derive(Debug, Default)]
pub struct Canvas {
    pub(super) buffer: Buffer,
    /// Rows that stand in no picture any more: the next ones go there. To ask for some
    /// thousand bytes for each row of each picture, in a heap that has seen a million
    /// messages, takes longer than to paint it.
    spare: Vec<Rc<[Cell]>>,
}

impl Canvas {
    pub(super) fn fit(&mut self, area: Rect) {
        if self.buffer.area != area {
            *self = Self {
                buffer: Buffer::empty(area),
                spare: Vec::new(),
            };
        }
    }

    /// Takes a picture back that nobody looks at any more, for the rows of the next ones.
    pub fn reclaim(&mut self, picture: Picture) {
        let columns = usize::from(self.buffer.area.width);
        let rows = Rc::try_unwrap(picture.rows).unwrap_or_default();
        let free = rows.into_iter().filter_map(|mut row| {
            let is_free = row.len() == columns && Rc::get_mut(&mut row).is_some();
            is_free.then_some(row)
        });
        let room = SPARE.saturating_sub(self.spare.len());
        self.spare.extend(free.take(room));
    }
}

/// A row of a picture out of painted cells, which are blank then.
fn keep(painted: &mut [Cell], spare: &mut Vec<Rc<[Cell]>>) -> Rc<[Cell]> {
    if let Some(mut row) = spare.pop()
        && let Some(cells) = Rc::get_mut(&mut row)
        && cells.len() == painted.len()
    {
        for (cell, painted) in cells.iter_mut().zip(painted) {
            *cell = std::mem::take(painted);
        }
        return row;
    }
    painted.iter_mut().map(std::mem::take).collect()
}

impl Picture {
    /// The area, which is what [`Picture::rows`] fill.
    #[must_use]
    pub fn area(&self) -> Rect {
        self.area
    }

    /// From the top.
    #[must_use]
    pub fn rows(&self) -> &[Rc<[Cell]>] {
        &self.rows
    }

    /// Takes what was painted out of a canvas, which is blank then, but for rows that stand
    /// in the picture before.
    pub(super) fn take(canvas: &mut Canvas, before: Option<Before<'_>>, whole: &Origins) -> Self {
        let Canvas { buffer, spare } = canvas;
        let area = buffer.area;
        let columns = usize::from(area.width).max(1);
        if let Some(before) = before {
            // All at once: they are cold, and one after another each is waited for by itself.
            let shares = before.picture.rows.iter().map(Rc::strong_count);
            black_box(shares.sum::<usize>());
        }
        let painted = buffer.content.chunks_mut(columns).enumerate();
        let mut rows: Vec<Rc<[Cell]>> = Vec::with_capacity(area.height.into());
        for (y, painted) in painted {
            let from = whole.get(y).copied().flatten().map(usize::from);
            let same = before
                .zip(from)
                .and_then(|(b, from)| b.picture.rows.get(from));
            let row = if let Some(same) = same {
                Rc::clone(same)
            } else if let Some(above) = rows.last().filter(|above| ***above == *painted) {
                // Where there is nothing yet, most of the screen is one blank row.
                painted.fill(Cell::default());
                Rc::clone(above)
            } else {
                keep(painted, spare)
            };
            rows.push(row);
        }
        let rows = Rc::new(rows);
        Self { area, rows }
    }

    /// The same picture, with all rows shared that stand somewhere in another one.
    #[cfg(test)]
    pub(crate) fn after(mut self, before: &Self) -> Self {
        for row in Rc::make_mut(&mut self.rows) {
            if let Some(same) = before.rows.iter().find(|same| *same == row) {
                *row = Rc::clone(same);
            }
        }
        self
    }
}

impl From<Buffer> for Picture {
    fn from(painted: Buffer) -> Self {
        let mut canvas = Canvas {
            buffer: painted,
            spare: Vec::new(),
        };
        Self::take(&mut canvas, None, &Origins::new())
    }
}

/// The picture before.
#[derive(Clone, Copy)]
pub(super) struct Before<'a> {
    view: &'a View,
    picture: &'a Picture,
}

impl<'a> Before<'a> {
    /// `None` where nothing of it can be used for a picture of this view.
    pub(super) fn of(
        (view, picture): (&'a View, &'a Picture),
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

    /// Says which of the rows that are none of a pane's own stand there already, as wide as
    /// the screen: titles, and the two lines at the bottom.
    pub(super) fn keep_frame(self, next: &View, whole: &mut Origins) {
        let old = self.view;
        // A screen without panes has something else in these places.
        if old.panes.is_empty() || next.panes.is_empty() {
            return;
        }
        let mut set = |y: u16, stands: bool| {
            if let Some(row) = whole.get_mut(usize::from(y)) {
                *row = stands.then_some(y);
            }
        };
        let width = self.picture.area.width;
        for pane in next.panes.iter().filter(|pane| is_wide(pane, width)) {
            let is_like = |old: &PaneView| {
                old.area == pane.area && old.focused == pane.focused && old.title == pane.title
            };
            set(pane.area.y, old.panes.iter().any(is_like));
        }
        // Above all panes, where there is no room for all of them.
        let bottom = self.picture.area.bottom();
        for (from_below, stands) in [(2, old.status == next.status), (1, old.keys == next.keys)] {
            if let Some(y) = bottom.checked_sub(from_below) {
                set(y, stands);
            }
        }
    }

    /// Some columns of a row, as they were painted.
    pub(super) fn cells(self, y: u16, columns: Rect) -> Option<&'a [Cell]> {
        let row = self.picture.rows.get(usize::from(y))?;
        row.get(columns.left().into()..columns.right().into())
    }
}

/// Whether nothing else stands beside a pane.
pub(super) fn is_wide(pane: &PaneView, width: u16) -> bool {
    pane.area.x == 0 && pane.area.width >= width
}

/// Puts rows of the picture before on a canvas, for what lies above them.
pub(super) fn lay_ground(canvas: &mut Buffer, before: Before<'_>, whole: &Origins) {
    let columns = usize::from(canvas.area.width).max(1);
    for (row, from) in canvas.content.chunks_mut(columns).zip(whole) {
        let from = from.and_then(|from| before.picture.rows.get(usize::from(from)));
        if let Some(from) = from.filter(|from| from.len() == row.len()) {
            row.clone_from_slice(from);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::sample::{overlay, painted, view};
    use super::super::{Colors, Theme, draw_after};
    use super::*;
    use crate::app::event::Size;
    use crate::app::line::{Line, Role};

    const THEME: Theme = Theme::new(Colors::True, None);

    /// What a step changes in what is shown.
    #[derive(Debug, Clone)]
    enum Change {
        Moves(bool, usize),
        Selects(usize),
        Says(usize, bool),
        Focus,
        Box,
        Ascii,
        Size(u16, u16),
    }

    fn change() -> impl Strategy<Value = Change> {
        prop_oneof![
            4 => (any::<bool>(), 0..12_usize).prop_map(|(up, by)| Change::Moves(up, by)),
            4 => (0..20_usize).prop_map(Change::Selects),
            2 => (0..3_usize, any::<bool>()).prop_map(|(at, other)| Change::Says(at, other)),
            1 => Just(Change::Focus),
            1 => Just(Change::Box),
            1 => Just(Change::Ascii),
            1 => (0..130_u16, 0..30_u16).prop_map(|(w, h)| Change::Size(w, h)),
        ]
    }

    #[test]
    fn a_row_that_has_left_all_pictures_is_the_room_for_a_new_one() {
        let mut shown = view(80, 24);
        let mut canvas = Canvas::default();
        let first = draw_after(None, &shown, &THEME, &mut canvas);
        let old = shown.clone();
        shown.status = Line::of(Role::Label, "others");
        let second = draw_after(Some((&old, &first)), &shown, &THEME, &mut canvas);
        let (status, looked_at) = (first.rows.get(22).map(Rc::as_ptr), first.clone());
        canvas.reclaim(first);
        assert!(canvas.spare.is_empty(), "somebody looks at it");
        canvas.reclaim(looked_at);
        let old = shown.clone();
        shown.keys = Line::of(Role::Label, "more");
        let third = draw_after(Some((&old, &second)), &shown, &THEME, &mut canvas);
        assert_eq!(third.rows.get(23).map(Rc::as_ptr), status);
        assert!(status.is_some());
        assert_eq!(third, Picture::from(painted(&shown, THEME)));
    }

    #[test]
    fn rows_that_look_like_the_one_above_take_no_room() {
        let mut canvas = Canvas::default();
        let picture = draw_after(
            None,
            &View::blank(Size {
                width: 200,
                height: 60,
            }),
            &THEME,
            &mut canvas,
        );
        let mut rows: Vec<_> = picture.rows.iter().map(Rc::as_ptr).collect();
        rows.dedup();
        assert_eq!(rows.len(), 1);
    }

    proptest! {
        /// Rows are copied from where they stood only where they look the same.
        #[test]
        fn a_picture_is_the_same_after_another_one(changes in prop::collection::vec(change(), 1..30)) {
            // More rows than there is room for, which nobody may take for those below.
            let view = |width, height| {
                let mut view = view(width, height);
                let panes = view.panes.iter_mut();
                panes.for_each(|pane| pane.rows.extend(pane.rows.clone()));
                view
            };
            let mut shown = view(110, 24);
            let mut before: Option<(View, Picture)> = None;
            let mut canvas = Canvas::default();
            for change in changes {
                match change {
                    Change::Size(width, height) => shown = view(width, height),
                    Change::Ascii => shown.ascii = !shown.ascii,
                    Change::Box => shown.overlay = shown.overlay.take().xor(Some(overlay(shown.size))),
                    Change::Says(at, other) => {
                        let says = if other { "others" } else { "words" };
                        let says = Line::of(Role::Label, says);
                        match at {
                            0 => shown.status = says,
                            1 => shown.keys = says,
                            _ => shown.panes.iter_mut().for_each(|p| p.title = says.clone()),
                        }
                    }
                    Change::Focus => shown.panes.iter_mut().for_each(|p| p.focused = !p.focused),
                    Change::Moves(up, by) => for pane in &mut shown.panes {
                        let by = by.min(pane.rows.len());
                        if up { pane.rows.rotate_left(by) } else { pane.rows.rotate_right(by) }
                    },
                    Change::Selects(at) => for pane in &mut shown.panes {
                        let rows = pane.rows.iter_mut().enumerate();
                        rows.for_each(|(y, row)| row.selected = y == at);
                    },
                }
                let whole = Picture::from(painted(&shown, THEME));
                let mut next = whole.clone();
                if let Some((old, picture)) = &before {
                    let after = draw_after(Some((old, picture)), &shown, &THEME, &mut canvas);
                    prop_assert_eq!(&after, &whole);
                    prop_assert!(canvas.buffer.content.iter().all(|cell| *cell == Cell::default()));
                    next = after;
                }
                // The next picture is made of what is left of this one.
                if let Some((_, old)) = before.replace((shown.clone(), next)) {
                    canvas.reclaim(old);
                }
            }
        }
    }
}
