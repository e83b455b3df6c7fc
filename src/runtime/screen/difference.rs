//! One frame's bytes: the cheapest of the ways there are.

use super::encoder::{Encoder, Known};
use super::grid::{Cell, Grid};
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
            for y in 0..next.height {
                encoder.row(y, None, next.row(y));
            }
            encoder
        }
        Some((grid, known)) => {
            let plain = Encoder::new(known, next);
            // One or two rows are as cheap to write as to find.
            let changed = (0..next.height).filter(|y| grid.row(*y) != next.row(*y));
            let shifts = if changed.take(3).count() > 2 {
                shift::candidates(grid, next, known.region)
            } else {
                Vec::new()
            };
            let mut best: Option<Encoder> = None;
            // The plain way last: behind a good shift it is given up early.
            for shift in shifts.into_iter().map(Some).chain([None]) {
                let mut encoder = plain.clone();
                if let Some(shift) = shift {
                    encoder.shift(shift);
                }
                let limit = best.as_ref().map_or(usize::MAX, |best| best.out.len());
                best = rows(encoder, (grid, next), shift, limit).or(best);
            }
            best.unwrap_or(plain)
        }
    };
    best.cursor(cursor);
    Difference {
        bytes: best.out,
        known: best.known,
    }
}

/// All rows behind a shift, or without one; `None` as soon as that is not shorter
/// than the limit.
fn rows(
    mut encoder: Encoder,
    (held, next): (&Grid, &Grid),
    shift: Option<Shift>,
    limit: usize,
) -> Option<Encoder> {
    let blank = vec![Cell::BLANK; usize::from(next.width)];
    for y in 0..next.height {
        let before = shift.map_or(Some(y), |shift| shift.before(y));
        let stands = before.map_or(blank.as_slice(), |from| held.row(from));
        encoder.row(y, Some(stands), next.row(y));
        if encoder.out.len() >= limit {
            return None;
        }
    }
    Some(encoder)
}
