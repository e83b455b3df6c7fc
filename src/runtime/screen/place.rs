//! Where the cursor is, and the cheapest way to elsewhere.

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
    let start = out.len();
    absolute(x, y, out);
    if let Some(row) = from.row(bounds.width) {
        if row == y {
            or_shorter(out, start, |out| sequence(u32::from(x) + 1, b'G', out));
            or_shorter(out, start, |out| {
                out.push(b'\r');
                forward(x, out);
            });
        } else if row < y && !(row <= bounds.bottom && bounds.bottom < y) {
            // Output processing is off: a line feed alone would keep the column,
            // but whoever turns it on must not break the picture.
            or_shorter(out, start, |out| {
                out.push(b'\r');
                out.extend(std::iter::repeat_n(b'\n', usize::from(y - row)));
                forward(x, out);
            });
        }
    }
    if let Place::At { x: old, y: row } = from
        && row == y
    {
        or_shorter(out, start, |out| {
            if x > old {
                forward(x - old, out);
            } else {
                out.extend(std::iter::repeat_n(0x08, usize::from(old - x)));
            }
        });
    }
}

/// Writes another way behind what begins at `start`, and keeps the shorter one. Says
/// whether that is the new one.
pub(super) fn or_shorter(out: &mut Vec<u8>, start: usize, way: impl FnOnce(&mut Vec<u8>)) -> bool {
    let middle = out.len();
    way(out);
    let is_shorter = out.len() - middle < middle - start;
    if is_shorter {
        out.drain(start..middle);
    } else {
        out.truncate(middle);
    }
    is_shorter
}

/// `columns` to the right.
fn forward(columns: u16, out: &mut Vec<u8>) {
    match columns {
        0 => {}
        1 => out.extend_from_slice(b"\x1b[C"),
        n => sequence(n.into(), b'C', out),
    }
}

fn absolute(x: u16, y: u16, out: &mut Vec<u8>) {
    let (column, row) = (u32::from(x) + 1, u32::from(y) + 1);
    out.extend_from_slice(b"\x1b[");
    if row > 1 {
        number(row, out);
    }
    if column > 1 {
        out.push(b';');
        number(column, out);
    }
    out.push(b'H');
}

/// A sequence with one parameter.
pub(super) fn sequence(parameter: u32, last: u8, out: &mut Vec<u8>) {
    out.extend_from_slice(b"\x1b[");
    number(parameter, out);
    out.push(last);
}

/// A number in decimal. Thousands are written for a frame and most of them thrown away:
/// the library's way takes ten times as long.
pub(super) fn number(n: u32, out: &mut Vec<u8>) {
    let start = out.len();
    let mut rest = n;
    loop {
        out.push(u8::try_from(rest % 10).map_or(b'0', |digit| b'0' + digit));
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if let Some(digits) = out.get_mut(start..) {
        digits.reverse();
    }
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
