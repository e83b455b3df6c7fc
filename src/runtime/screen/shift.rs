//! Finds out that rows have only moved.

use super::grid::{Cell, Grid};

/// A stretch of rows that moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shift {
    /// First row of the stretch.
    pub(super) top: u16,
    /// Last row of the stretch.
    pub(super) bottom: u16,
    /// How far; less than the stretch is high.
    pub(super) rows: u16,
    /// Towards the top.
    pub(super) up: bool,
}

impl Shift {
    /// What stands on a row after the shift; `None` for a row that came in blank.
    pub(super) fn before(self, y: u16) -> Option<u16> {
        if !(self.top..=self.bottom).contains(&y) {
            return Some(y);
        }
        let from = if self.up {
            y.checked_add(self.rows)
        } else {
            y.checked_sub(self.rows)
        };
        from.filter(|from| (self.top..=self.bottom).contains(from))
    }
}

/// The shifts worth trying, best first.
///
/// Every row that changed and stands elsewhere on the screen votes for its way;
/// the stretch goes from the first to the last of the voters. `region` is where
/// the terminal scrolls already: using it again saves saying so.
pub(super) fn candidates(held: &Grid, next: &Grid, region: (u16, u16)) -> Vec<Shift> {
    let blank = {
        let row = vec![Cell::BLANK; usize::from(next.width)];
        move |row_of: &Grid, y| row_of.row(y) == row
    };
    let changed: Vec<u16> = (0..next.height)
        .filter(|y| held.hash(*y) != next.hash(*y) && !blank(next, *y))
        .collect();
    // (how far up, how many votes, first row, last row); a screen has few ways.
    let mut ways: Vec<(i32, u32, u16, u16)> = Vec::new();
    for &y in &changed {
        let sources = (0..held.height).filter(|from| held.hash(*from) == next.hash(y));
        for from in sources {
            let way = i32::from(from) - i32::from(y);
            let (low, high) = (y.min(from), y.max(from));
            if let Some(known) = ways.iter_mut().find(|known| known.0 == way) {
                known.1 += 1;
                known.2 = known.2.min(low);
                known.3 = known.3.max(high);
            } else {
                ways.push((way, 1, low, high));
            }
        }
    }
    ways.sort_by_key(|(way, votes, ..)| (std::cmp::Reverse(*votes), way.abs()));
    let mut found = Vec::new();
    for (way, _, top, bottom) in ways.into_iter().take(2) {
        let shift = |top, bottom| Shift {
            top,
            bottom,
            rows: u16::try_from(way.unsigned_abs()).unwrap_or(u16::MAX),
            up: way > 0,
        };
        found.push(shift(top, bottom));
        if region != (top, bottom) && region.0 <= top && bottom <= region.1 {
            found.push(shift(region.0, region.1));
        }
    }
    found
}
