//! Where the cursor is, and the cheapest way to elsewhere.

use std::io::Write;

/// What is known of the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Unknown,
    /// Surely there.
    At {
        x: u16,
        y: u16,
    },
    /// On this row, behind something whose width terminals disagree on: column `x`
    /// in ours, `worst` in the widest opinion.
    Drifted {
        x: u16,
        worst: u16,
        y: u16,
    },
    /// Behind the last column of this row: the next character would wrap.
    Edge {
        y: u16,
    },
}

impl Place {
    /// Whether a character printed now lands in this cell.
    pub(super) fn is(self, x: u16, y: u16) -> bool {
        self == Self::At { x, y }
    }

    fn row(self, width: u16) -> Option<u16> {
        match self {
            Self::Unknown => None,
            Self::At { y, .. } | Self::Edge { y } => Some(y),
            // It may have wrapped.
            Self::Drifted { worst, y, .. } => (worst < width).then_some(y),
        }
    }
}

/// What limits the cursor's ways.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) width: u16,
    /// The last row of the scroll region: a line feed there scrolls.
    pub(super) bottom: u16,
}

/// Writes the shortest way from `from` to the cell. Rows and columns count from 0.
pub(super) fn go(from: Place, to: (u16, u16), bounds: Bounds, out: &mut Vec<u8>) {
    let (x, y) = to;
    if from.is(x, y) {
        return;
    }
    let mut best = absolute(x, y);
    let mut offer = |way: Vec<u8>| {
        if way.len() < best.len() {
            best = way;
        }
    };
    if let Some(row) = from.row(bounds.width) {
        if row == y {
            offer(sequence(u32::from(x) + 1, 'G'));
            offer([b"\r".to_vec(), forward(x)].concat());
        } else if row < y && !(row <= bounds.bottom && bounds.bottom < y) {
            // Output processing is off: a line feed alone would keep the column,
            // but whoever turns it on must not break the picture.
            let feeds = vec![b'\n'; usize::from(y - row)];
            offer([b"\r".to_vec(), feeds, forward(x)].concat());
        }
    }
    if let Place::At { x: old, y: row } = from
        && row == y
    {
        if x > old {
            offer(forward(x - old));
        } else {
            offer(vec![0x08; usize::from(old - x)]);
        }
    }
    out.extend_from_slice(&best);
}

/// `columns` to the right.
pub(super) fn forward(columns: u16) -> Vec<u8> {
    match columns {
        0 => Vec::new(),
        1 => b"\x1b[C".to_vec(),
        n => sequence(n.into(), 'C'),
    }
}

fn absolute(x: u16, y: u16) -> Vec<u8> {
    let (column, row) = (u32::from(x) + 1, u32::from(y) + 1);
    match (column, row) {
        (1, 1) => b"\x1b[H".to_vec(),
        (1, _) => sequence(row, 'H'),
        (_, 1) => text(format_args!("\x1b[;{column}H")),
        _ => text(format_args!("\x1b[{row};{column}H")),
    }
}

pub(super) fn sequence(number: u32, last: char) -> Vec<u8> {
    text(format_args!("\x1b[{number}{last}"))
}

pub(super) fn text(what: std::fmt::Arguments<'_>) -> Vec<u8> {
    // The longest is a row and a column of five digits each.
    let mut bytes = Vec::with_capacity(16);
    // Writing to memory cannot fail.
    let _ = bytes.write_fmt(what);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(from: Place, to: (u16, u16)) -> String {
        let bounds = Bounds {
            width: 80,
            bottom: 20,
        };
        let mut out = Vec::new();
        go(from, to, bounds, &mut out);
        String::from_utf8(out).expect("ASCII")
    }

    #[test]
    fn the_shortest_way_is_taken() {
        let at = |x, y| Place::At { x, y };
        for (from, to, bytes) in [
            (at(5, 5), (5, 5), ""),
            (at(5, 5), (6, 5), "\x1b[C"),
            (at(5, 5), (3, 5), "\x08\x08"),
            (at(50, 5), (0, 5), "\r"),
            (at(5, 5), (60, 5), "\x1b[61G"),
            (at(5, 5), (0, 6), "\r\n"),
            (at(5, 20), (0, 21), "\x1b[22H"),
            (at(5, 21), (0, 22), "\r\n"),
            (at(5, 5), (0, 4), "\x1b[5H"),
            (at(5, 5), (9, 0), "\x1b[;10H"),
            (Place::Unknown, (0, 0), "\x1b[H"),
            (Place::Edge { y: 3 }, (0, 4), "\r\n"),
            (Place::Edge { y: 3 }, (70, 3), "\x1b[71G"),
            (
                Place::Drifted {
                    x: 9,
                    worst: 12,
                    y: 3,
                },
                (9, 3),
                "\x1b[10G",
            ),
            (
                Place::Drifted {
                    x: 70,
                    worst: 80,
                    y: 3,
                },
                (70, 3),
                "\x1b[4;71H",
            ),
        ] {
            assert_eq!(way(from, to), bytes, "{from:?} to {to:?}");
        }
    }
}
