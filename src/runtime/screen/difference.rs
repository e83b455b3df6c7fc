//! One frame's bytes: the cheapest of the ways there are.

use std::sync::Arc;

use super::encoder::{Encoder, Known};
use super::grid::{Cell, Grid, Row};
use super::shift::{self, Shift};

/// What to write, and what is known of the terminal once it is written.
#[derive(Debug)]
pub(super) struct Difference {
    pub(super) bytes: Vec<u8>,
    pub(super) known: Known,
}

/// From what the terminal shows (`None`: nothing is known) to the next picture.
/// No bytes when there is nothing to change.
pub(super) fn difference(
    held: Option<(&Grid, Known)>,
    next: &Grid,
    cursor: Option<(u16, u16)>,
) -> Difference {
    let held = held.filter(|(grid, _)| (grid.width, grid.height) == (next.width, next.height));
    let mut best = match held {
        None => {
            let mut encoder = Encoder::afresh(next);
            // Row by row: clearing everything first would flicker.
            for (y, row) in (0..).zip(next.rows()) {
                encoder.row(y, None, &row.cells);
            }
            encoder
        }
        Some((grid, known)) => {
            // One or two rows are as cheap to write as to find.
            let changed = grid.rows().iter().zip(next.rows());
            let changed = changed.filter(|(held, next)| !Arc::ptr_eq(held, next));
            let shifts = if changed.take(3).count() > 2 {
                shift::candidates(grid, next, known.region)
            } else {
                Vec::new()
            };
            let mut best: Option<Encoder> = None;
            // The plain way last: behind a good shift it is given up early.
            for shift in shifts.into_iter().map(Some).chain([None]) {
                let mut encoder = Encoder::new(known, next);
                if let Some(shift) = shift {
                    encoder.shift(shift);
                }
                let limit = best.as_ref().map_or(usize::MAX, |best| best.out.len());
                let stands = Stands { held: grid, shift };
                if stands.costs(next, limit.saturating_sub(encoder.out.len())) {
                    continue;
                }
                best = rows(encoder, &stands, next, limit).or(best);
            }
            best.unwrap_or_else(|| Encoder::new(known, next))
        }
    };
    best.cursor(cursor);
    Difference {
        bytes: best.out,
        known: best.known,
    }
}

/// What stands on each row, behind a shift or without one.
struct Stands<'a> {
    held: &'a Grid,
    shift: Option<Shift>,
}

impl Stands<'_> {
    /// The cells of a row, where that is not the row that is to stand there: none of a row
    /// that is blank.
    fn other_than(&self, y: u16, next: &Arc<Row>) -> Option<&[Cell]> {
        let before = (self.shift).map_or(Some(y), |shift| shift.before(y));
        let stands = before.and_then(|from| self.held.row(from));
        match stands {
            Some(row) if Arc::ptr_eq(row, next) => None,
            Some(row) => Some(&row.cells),
            None => Some(&[]),
        }
    }

    /// Whether it takes that many bytes at least: one for each sign that comes. To count
    /// them is far less work than to find the ways between them.
    fn costs(&self, next: &Grid, bytes: usize) -> bool {
        let mut signs = 0;
        for (y, row) in (0..).zip(next.rows()) {
            let Some(stands) = self.other_than(y, row) else {
                continue;
            };
            let stands = stands.iter().chain(std::iter::repeat(&Cell::BLANK));
            let comes = row.cells.iter().zip(stands);
            signs += comes
                .filter(|(next, held)| next.shows() && held != next)
                .count();
            if signs >= bytes {
                return true;
            }
        }
        signs >= bytes
    }
}

/// All rows; `None` as soon as that is not shorter than the limit.
fn rows(mut encoder: Encoder, stands: &Stands<'_>, next: &Grid, limit: usize) -> Option<Encoder> {
    for (y, row) in (0..).zip(next.rows()) {
        let Some(held) = stands.other_than(y, row) else {
            continue;
        };
        encoder.row(y, Some(held), &row.cells);
        if encoder.out.len() >= limit {
            return None;
        }
    }
    Some(encoder)
}
