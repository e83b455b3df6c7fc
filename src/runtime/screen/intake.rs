//! Takes over painted buffers, one after another.
//!
//! A row that was painted just like that before is not taken apart again: the two pictures
//! share it, and whoever compares them sees at once that it is the same.

use std::sync::Arc;

use ratatui::buffer::{Buffer, Cell};

use super::grid::{Grid, Row, take_row};
use super::writer::After;
use crate::ui::{Colors, Moved};

#[derive(Debug)]
pub(super) struct Intake {
    depth: Colors,
    /// The last buffer, and what became of it.
    before: Option<(Arc<Buffer>, Arc<Grid>)>,
}

impl Intake {
    pub(super) fn new(depth: Colors) -> Self {
        Self {
            depth,
            before: None,
        }
    }

    /// Takes the next picture apart as if it were the first.
    pub(super) fn forget(&mut self) {
        self.before = None;
    }

    /// Takes over a painted buffer; also says how many cells the gate has blocked in
    /// rows that are new.
    pub(super) fn take(&mut self, buffer: Arc<Buffer>, after: Option<After>) -> (Arc<Grid>, u64) {
        let (width, height) = (buffer.area.width, buffer.area.height);
        let before = self.before.as_ref();
        // Said of another picture than ours it is worth nothing.
        let ours = |after: &After| before.is_some_and(|(b, _)| Arc::ptr_eq(b, &after.buffer));
        let told = after
            .filter(ours)
            .map(|after| after.rows)
            .unwrap_or_default();
        let mut before = before
            .filter(|(before, _)| before.area == buffer.area)
            .map(|(before, grid)| Before::new(before, grid));
        let mut blocked = 0;
        let painted = buffer.content.chunks_exact(usize::from(width).max(1));
        let rows = painted.take(height.into()).enumerate().map(|(y, cells)| {
            let told = told.get(y).copied().flatten();
            let known = before.as_mut().and_then(|before| match told {
                Some(from) => before.rows.get(usize::from(from)).cloned(),
                None => before.find(y, cells),
            });
            known.unwrap_or_else(|| {
                let (row, bad) = take_row(cells, self.depth);
                blocked += bad;
                row
            })
        });
        let rows = rows.collect();
        let grid = Arc::new(Grid::new(width, height, rows));
        self.before = Some((buffer, Arc::clone(&grid)));
        (grid, blocked)
    }
}

/// The rows of the last picture, to be found again.
struct Before<'a> {
    painted: Vec<&'a [Cell]>,
    rows: &'a [Arc<Row>],
    moved: Moved,
}

impl<'a> Before<'a> {
    fn new(buffer: &'a Buffer, grid: &'a Grid) -> Self {
        let columns = usize::from(grid.width).max(1);
        Self {
            painted: buffer.content.chunks_exact(columns).collect(),
            rows: grid.rows(),
            moved: Moved::default(),
        }
    }

    /// The row that was painted just like this one.
    fn find(&mut self, y: usize, cells: &[Cell]) -> Option<Arc<Row>> {
        let Self { painted, moved, .. } = self;
        let is_like = |from: usize| {
            let painted = painted.get(from);
            painted.is_some_and(|painted| is_painted_like(painted, cells))
        };
        let from = moved.find(y, is_like)?;
        self.rows.get(from).cloned()
    }
}

/// Whether two rows of cells are taken over alike. Cells that compare themselves look at
/// more than is sent, and most of the work on a row that nobody spoke for is this.
fn is_painted_like(one: &[Cell], two: &[Cell]) -> bool {
    let mut both = one.iter().zip(two);
    one.len() == two.len()
        && both.all(|(one, two)| {
            one.modifier == two.modifier
                && one.fg == two.fg
                && one.bg == two.bg
                && match (one.symbol().as_bytes(), two.symbol().as_bytes()) {
                    ([one], [two]) => one == two,
                    (one, two) => one == two,
                }
        })
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Style};

    use super::*;

    fn buffer(rows: &[(&str, Style)]) -> Buffer {
        let height = u16::try_from(rows.len()).expect("small");
        let mut buffer = Buffer::empty(Rect::new(0, 0, 9, height));
        for (y, (text, style)) in (0..).zip(rows) {
            buffer.set_string(0, y, text, *style);
        }
        buffer
    }

    /// From where each row of the second picture has been taken.
    fn shared(
        intake: &mut Intake,
        one: &[(&str, Style)],
        two: &[(&str, Style)],
    ) -> Vec<Option<usize>> {
        let held = intake.take(buffer(one).into(), None).0;
        let next = intake.take(buffer(two).into(), None).0;
        let own = Intake::new(Colors::True).take(buffer(two).into(), None).0;
        assert_eq!(next, own, "as if it were the first");
        let of = |row: &Arc<Row>| held.rows().iter().position(|old| Arc::ptr_eq(old, row));
        next.rows().iter().map(of).collect()
    }

    #[test]
    fn rows_that_stay_or_move_are_shared_and_others_are_not() {
        let plain = Style::new();
        let red = Style::new().fg(Color::Red);
        let one = [
            ("top", plain),
            ("one", plain),
            ("two", plain),
            ("three", red),
            ("end", plain),
        ];
        let up = [
            ("top", plain),
            ("two", plain),
            ("three", red),
            ("four", plain),
            ("end", plain),
        ];
        let other = [
            ("top", red),
            ("three", plain),
            ("end", plain),
            ("", plain),
            ("two", plain),
        ];
        let mut intake = Intake::new(Colors::True);
        let all = |rows: [usize; 4]| rows.map(Some);
        let [a, b, c, d] = all([0, 2, 3, 4]);
        assert_eq!(shared(&mut intake, &one, &up), [a, b, c, None, d]);
        let other = shared(&mut intake, &one, &other);
        assert_eq!(other, [None, None, Some(4), None, Some(2)]);
    }

    #[test]
    fn nothing_is_shared_with_a_picture_of_another_size() {
        let mut intake = Intake::new(Colors::True);
        let row = ("row", Style::new());
        assert_eq!(shared(&mut intake, &[row], &[row, row]), [None, None]);
        let before = shared(&mut intake, &[row, row], &[row, row]);
        assert_eq!(before, [Some(0), Some(1)]);
    }

    #[test]
    fn what_is_told_of_another_picture_than_the_last_is_not_believed() {
        let row = |text| (text, Style::new());
        let mut intake = Intake::new(Colors::True);
        let first: Arc<Buffer> = buffer(&[row("one"), row("two")]).into();
        let held = intake.take(Arc::clone(&first), None).0;
        let after = |buffer: &Arc<Buffer>| After {
            buffer: Arc::clone(buffer),
            rows: vec![Some(1), None],
        };
        let second: Arc<Buffer> = buffer(&[row("two"), row("new")]).into();
        let next = intake.take(Arc::clone(&second), Some(after(&first))).0;
        assert!(Arc::ptr_eq(&next.rows()[0], &held.rows()[1]));
        let third = buffer(&[row("three"), row("four")]);
        let own = Intake::new(Colors::True).take(third.clone().into(), None).0;
        assert_eq!(intake.take(third.into(), Some(after(&first))).0, own);
    }

    #[test]
    fn an_area_without_columns_is_no_trouble() {
        let buffer = Buffer::empty(Rect::new(0, 0, 0, 4));
        let grid = Intake::new(Colors::True).take(buffer.into(), None).0;
        assert!(grid.row(3).is_none());
    }
}
