//! Finds out that rows have only moved.

use std::sync::Arc;

use super::grid::{Cell, Glyph, Grid, Row};
use crate::ui::Moved;

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

/// A row is compared in this many pieces: where panes stand side by side, one may
/// scroll while the others stay. Moving all and mending the others is often still
/// the cheapest.
const PIECES: usize = 8;

/// What tells the pieces of a row apart; `None` is blank. A false likeness costs a
/// useless try, nothing else.
pub(super) type Prints = [Option<u64>; PIECES];
/// How many directions and distances are tried.
const TRIED: usize = 2;

/// The pieces of one column band that moved one way.
#[derive(Debug, Clone, Copy)]
struct Votes {
    /// Rows up; negative is down.
    way: i32,
    count: usize,
    /// First and last row, before or after.
    rows: (u16, u16),
}

/// The shifts worth trying, best first.
///
/// `region` is where the terminal scrolls already: using it again saves saying so.
pub(super) fn candidates(held: &Grid, next: &Grid, region: (u16, u16)) -> Vec<Shift> {
    let ways = match way_of_most(held, next) {
        Some(way) => vec![way],
        None => ways_of_pieces(held, next),
    };
    let mut found = Vec::new();
    for Way { by, surest, all } in ways {
        let again = region.0 <= all.0 && all.1 <= region.1;
        for (top, bottom) in [Some(surest), Some(all), again.then_some(region)]
            .into_iter()
            .flatten()
        {
            let shift = Shift {
                top,
                bottom,
                rows: u16::try_from(by.unsigned_abs()).unwrap_or(u16::MAX),
                up: by > 0,
            };
            if !found.contains(&shift) {
                found.push(shift);
            }
        }
    }
    found
}

/// One way in which rows have moved.
struct Way {
    /// Rows up; negative is down.
    by: i32,
    /// First and last row, before or after, of the column band that is the surest of it.
    surest: (u16, u16),
    /// The same of all bands.
    all: (u16, u16),
}

/// Where most rows that changed have moved as they were: to know that, rows need not be
/// taken to pieces, which costs more than all the rest of a frame.
fn way_of_most(held: &Grid, next: &Grid) -> Option<Way> {
    let (held, next) = (held.rows(), next.rows());
    let is_at = |row: &Arc<Row>, y: usize| held.get(y).is_some_and(|held| Arc::ptr_eq(held, row));
    let mut changed = 0;
    // How far, how many, and the first and the last of them.
    let mut ways: Vec<(isize, usize, (usize, usize))> = Vec::new();
    let mut moved = Moved::default();
    for (y, row) in next.iter().enumerate().filter(|(y, row)| !is_at(row, *y)) {
        changed += 1;
        let Some(from) = moved.find(y, |from| is_at(row, from)) else {
            continue;
        };
        let by = from.checked_signed_diff(y)?;
        match ways.iter_mut().find(|(known, ..)| *known == by) {
            Some((_, count, rows)) => (*count, rows.1) = (*count + 1, y),
            None => ways.push((by, 1, (y, y))),
        }
    }
    let most = ways.into_iter().find(|(_, count, _)| count * 2 > changed);
    let (by, _, (mut first, mut last)) = most?;
    // The selection has left the rows on the edges, or come there.
    let is_like = |y: usize| {
        let from = y.checked_add_signed(by).and_then(|from| held.get(from));
        next.get(y)
            .zip(from)
            .is_some_and(|(row, from)| row.is_like(from))
    };
    while let Some(above) = first.checked_sub(1).filter(|y| is_like(*y)) {
        first = above;
    }
    while is_like(last + 1) {
        last += 1;
    }
    let row = |row: usize| u16::try_from(row).ok();
    let ends = [first, last].map(|y| Some((row(y)?, row(y.checked_add_signed(by)?)?)));
    let [Some(first), Some(last)] = ends else {
        return None;
    };
    let rows = (first.0.min(first.1), last.0.max(last.1));
    Some(Way {
        by: i32::try_from(by).ok()?,
        surest: rows,
        all: rows,
    })
}

/// The ways of most pieces, best first. Every piece of a row that changed and stands
/// elsewhere in its columns votes for its way; the stretch goes from the first to the last
/// of the voters.
fn ways_of_pieces(held: &Grid, next: &Grid) -> Vec<Way> {
    let (held, next) = changed(held, next);
    let bands: Vec<Vec<Votes>> = (0..PIECES)
        .map(|piece| votes(&band(&held, piece), &band(&next, piece)))
        .collect();
    let mut ways: Vec<(i32, usize)> = Vec::new();
    for votes in bands.iter().flatten() {
        match ways.iter_mut().find(|(way, _)| *way == votes.way) {
            Some((_, count)) => *count += votes.count,
            None => ways.push((votes.way, votes.count)),
        }
    }
    ways.sort_by_key(|(way, count)| (std::cmp::Reverse(*count), way.abs()));
    let best = ways.into_iter().take(TRIED).filter_map(|(way, _)| {
        let voters = || bands.iter().flatten().filter(|votes| votes.way == way);
        Some(Way {
            by: way,
            // One band's chance likeness must not drag the others' stretch along.
            surest: voters().max_by_key(|votes| votes.count)?.rows,
            all: voters()
                .map(|votes| votes.rows)
                .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?,
        })
    });
    best.collect()
}

/// What tells the rows apart that are not the same in both.
fn changed(held: &Grid, next: &Grid) -> (Vec<Prints>, Vec<Prints>) {
    let both = held.rows().iter().zip(next.rows());
    both.map(|(held, next)| {
        if Arc::ptr_eq(held, next) {
            Default::default()
        } else {
            (*held.prints(), *next.prints())
        }
    })
    .unzip()
}

/// One piece of each row.
fn band(rows: &[Prints], piece: usize) -> Vec<Option<u64>> {
    let piece = |row: &Prints| row.get(piece).copied().flatten();
    rows.iter().map(piece).collect()
}

/// Of one row.
pub(super) fn prints(row: &[Cell]) -> Prints {
    std::array::from_fn(|piece| {
        let edge = |piece: usize| row.len() * piece / PIECES;
        let cells = row.get(edge(piece)..edge(piece + 1)).unwrap_or_default();
        let mut mix = Mix(0);
        let mut shows = false;
        for cell in cells {
            shows |= *cell != Cell::BLANK;
            mix.cell(cell);
        }
        shows.then_some(mix.0)
    })
}

/// Those of one band.
fn votes(held: &[Option<u64>], next: &[Option<u64>]) -> Vec<Votes> {
    let mut all: Vec<Votes> = Vec::new();
    for (y, (now, before)) in (0_u16..).zip(next.iter().zip(held)) {
        if now.is_none() || now == before {
            continue;
        }
        for (from, _) in (0_u16..).zip(held).filter(|(_, held)| *held == now) {
            let way = i32::from(from) - i32::from(y);
            let (low, high) = (y.min(from), y.max(from));
            match all.iter_mut().find(|votes| votes.way == way) {
                Some(votes) => {
                    votes.count += 1;
                    votes.rows = (votes.rows.0.min(low), votes.rows.1.max(high));
                }
                None => all.push(Votes {
                    way,
                    count: 1,
                    rows: (low, high),
                }),
            }
        }
    }
    all
}

/// A quick hash.
struct Mix(u64);

impl Mix {
    fn cell(&mut self, cell: &Cell) {
        let glyph = match &cell.glyph {
            Glyph::Char(c) => u64::from(*c),
            Glyph::Tail => u64::from(u32::MAX),
            Glyph::Cluster(text) => {
                for byte in text.bytes() {
                    self.number(byte.into());
                }
                u64::from(u32::MAX - 1)
            }
        };
        let pen = cell.pen;
        self.number(glyph | u64::from(pen.look.bits()) << u32::BITS);
        self.number(u64::from(pen.fg.bits()) | u64::from(pen.bg.bits()) << u32::BITS);
    }

    fn number(&mut self, n: u64) {
        // The multiplier of FxHash: odd, and no pattern in its bits.
        self.0 = (self.0.rotate_left(5) ^ n).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}
