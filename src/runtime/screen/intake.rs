//! Takes over painted pictures, one after another.
//!
//! A row that was painted just like that before is not taken apart again: the two pictures
//! share it, and whoever compares them sees at once that it is the same.

use std::rc::Rc;
use std::sync::Arc;

use ratatui::buffer::Cell;

use super::grid::{Grid, Row, take_row};
use crate::ui::{Colors, Moved, Picture, SPARE};

#[derive(Debug)]
pub(super) struct Intake {
    depth: Colors,
    /// The last picture, and what became of it.
    before: Option<(Picture, Arc<Grid>)>,
    /// What became of the one before it: by now the terminal shows another, most likely.
    older: Option<Arc<Grid>>,
    /// Rows of no grid any more: the next ones go there.
    spare: Vec<Arc<Row>>,
}

impl Intake {
    pub(super) fn new(depth: Colors) -> Self {
        Self {
            depth,
            before: None,
            older: None,
            spare: Vec::new(),
        }
    }

    /// Takes the next picture apart as if it were the first.
    pub(super) fn forget(&mut self) {
        self.before = None;
        self.older = None;
    }

    /// Takes over a picture; also says how many cells the gate has blocked in rows that are
    /// new.
    pub(super) fn take(&mut self, picture: Picture) -> (Arc<Grid>, u64) {
        if let Some(older) = self.older.take().and_then(Arc::into_inner) {
            let room = SPARE.saturating_sub(self.spare.len());
            self.spare.extend(older.into_spare().take(room));
        }
        let spare = &mut self.spare;
        let before = self.before.as_ref();
        let before = before.filter(|(before, _)| before.area() == picture.area());
        let mut moved = Moved::default();
        let mut blocked = 0;
        let mut rows: Vec<Arc<Row>> = Vec::with_capacity(picture.rows().len());
        let mut above = None;
        for (y, cells) in picture.rows().iter().enumerate() {
            let is_as_above = above
                .replace(cells)
                .is_some_and(|above| Rc::ptr_eq(above, cells));
            let known = before.and_then(|(before, grid)| {
                let painted = |from: usize| before.rows().get(from);
                let is_it = |from: usize| painted(from).is_some_and(|p| Rc::ptr_eq(p, cells));
                // A row that nobody spoke for may have been painted once more as it was.
                let is_as_it_was = || painted(y).is_some_and(|p| is_painted_like(p, cells));
                let from = moved.find(y, is_it).or_else(|| is_as_it_was().then_some(y));
                grid.rows().get(from?).cloned()
            });
            let known = known.or_else(|| rows.last().filter(|_| is_as_above).cloned());
            rows.push(known.unwrap_or_else(|| {
                let (row, bad) = take_row(cells, self.depth, spare.pop());
                blocked += bad;
                row
            }));
        }
        let area = picture.area();
        let grid = Arc::new(Grid::new(area.width, area.height, rows));
        let before = self.before.replace((picture, Arc::clone(&grid)));
        self.older = before.map(|(_, grid)| grid);
        (grid, blocked)
    }
}

/// Whether two rows of cells are taken over alike. Cells that compare themselves look at
/// more than is sent, and most of the work on a row that nobody spoke for is this.
fn is_painted_like(one: &[Cell], two: &[Cell]) -> bool {
    let mut both = one.iter().zip(two.iter());
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
    use ratatui::buffer::Buffer;
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

    /// From where each row of the second picture has been taken, of which somebody spoke for
    /// those that stand in the first, or nobody spoke for any.
    fn shared(
        intake: &mut Intake,
        one: &[(&str, Style)],
        two: &[(&str, Style)],
        are_known: bool,
    ) -> Vec<Option<usize>> {
        let (one, mut next) = (Picture::from(buffer(one)), Picture::from(buffer(two)));
        if are_known {
            next = next.after(&one);
        }
        let held = intake.take(one).0;
        let next = intake.take(next).0;
        let own = Intake::new(Colors::True).take(buffer(two).into()).0;
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
        assert_eq!(shared(&mut intake, &one, &up, true), [a, b, c, None, d]);
        let stay = [a, None, None, None, d];
        assert_eq!(shared(&mut intake, &one, &up, false), stay);
        let other = shared(&mut intake, &one, &other, true);
        assert_eq!(other, [None, None, Some(4), None, Some(2)]);
    }

    #[test]
    fn a_row_that_nobody_looks_at_is_the_room_for_a_later_one_and_no_other_is() {
        let mut intake = Intake::new(Colors::True);
        let mut take = |text: &str| {
            let rows = [("stays", Style::new()), (text, Style::new())];
            intake.take(buffer(&rows).into()).0
        };
        let first = take("one");
        let place = Arc::as_ptr(&first.rows()[1]);
        let seen = take("two");
        drop(first);
        let kept = take("three");
        let later = take("four");
        assert_eq!(Arc::as_ptr(&kept.rows()[1]), place, "the room of the first");
        let own = |text| {
            Intake::new(Colors::True)
                .take(buffer(&[("stays", Style::new()), (text, Style::new())]).into())
                .0
        };
        assert_eq!(
            [&seen, &kept, &later],
            [&own("two"), &own("three"), &own("four")]
        );
    }

    #[test]
    fn nothing_is_shared_with_a_picture_of_another_size() {
        let mut intake = Intake::new(Colors::True);
        let row = ("row", Style::new());
        let other = shared(&mut intake, &[row], &[row, row], true);
        assert_eq!(other, [None, None]);
        let last = ("last", Style::new());
        let before = shared(&mut intake, &[row, last], &[row, last], false);
        assert_eq!(before, [Some(0), Some(1)]);
    }

    #[test]
    fn a_row_like_the_one_above_is_the_same_row() {
        let row = ("row", Style::new());
        let grid = Intake::new(Colors::True)
            .take(buffer(&[row, row, row]).into())
            .0;
        assert!(
            grid.rows()
                .windows(2)
                .all(|both| Arc::ptr_eq(&both[0], &both[1]))
        );
    }

    #[test]
    fn an_area_without_columns_is_no_trouble() {
        let buffer = Buffer::empty(Rect::new(0, 0, 0, 4));
        let grid = Intake::new(Colors::True).take(buffer.into()).0;
        assert!(grid.row(3).is_none());
    }
}
