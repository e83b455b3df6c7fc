//! One frame's bytes: the cheapest of the ways there are.

use super::encoder::{Encoder, Known};
use super::grid::Grid;
use super::shift;

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
            for y in 0..next.height {
                encoder.row(y, None, next.row(y));
            }
            encoder
        }
        Some((grid, known)) => {
            let plain = Encoder::new(known, next);
            let mut best = rows(plain.clone(), grid, next, None);
            // One or two rows are as cheap to write as to find.
            if (0..next.height)
                .filter(|y| grid.hash(*y) != next.hash(*y))
                .count()
                > 2
            {
                for shift in shift::candidates(grid, next, known.region) {
                    let mut encoder = plain.clone();
                    encoder.shift(shift);
                    let shifted = rows(encoder, grid, next, Some(shift));
                    if shifted.out.len() < best.out.len() {
                        best = shifted;
                    }
                }
            }
            best
        }
    };
    best.cursor(cursor);
    Difference {
        bytes: best.out,
        known: best.known,
    }
}

fn rows(mut encoder: Encoder, held: &Grid, next: &Grid, shift: Option<shift::Shift>) -> Encoder {
    let blank = vec![super::grid::Cell::BLANK; usize::from(next.width)];
    for y in 0..next.height {
        let before = shift.map_or(Some(y), |shift| shift.before(y));
        if before.is_some_and(|from| held.hash(from) == next.hash(y)) {
            continue;
        }
        let stands = before.map_or(blank.as_slice(), |from| held.row(from));
        encoder.row(y, Some(stands), next.row(y));
    }
    encoder
}
