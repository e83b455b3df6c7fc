//! Bars as text: braille, four dots high and two wide in every cell, or plain signs.

/// Dots above each other in one cell.
pub(super) const DOTS: u32 = 4;

/// How many of `dots` a share is worth: none for nothing, at least one for anything.
pub(super) fn height(part: u32, whole: u32, dots: u32) -> u32 {
    if part == 0 || whole == 0 {
        return 0;
    }
    let share = (u64::from(part) * u64::from(dots)).div_ceil(u64::from(whole));
    u32::try_from(share).unwrap_or(dots).min(dots)
}

/// One cell with so many dots from below in its left and right half.
pub(super) fn cell(left: u32, right: u32, ascii: bool) -> char {
    const LEFT: [u32; 5] = [0, 0x40, 0x44, 0x46, 0x47];
    const RIGHT: [u32; 5] = [0, 0x80, 0xa0, 0xb0, 0xb8];
    if left == 0 && right == 0 {
        // U+2800, the braille sign without dots, is a blank that not all can tell from a letter.
        return ' ';
    }
    if ascii {
        return match left.max(right) {
            0 => ' ',
            1 => '.',
            2 => ':',
            _ => '#',
        };
    }
    let dots = |table: [u32; 5], height: u32| {
        let last = table.len() - 1;
        let at = usize::try_from(height).unwrap_or(last).min(last);
        table.get(at).copied().unwrap_or(0)
    };
    char::from_u32(0x2800 + dots(LEFT, left) + dots(RIGHT, right)).unwrap_or(' ')
}

/// Columns of the given heights as `lines` lines, the top one first; each column
/// is `wide` cells and has a height, in dots, for its left and its right half.
pub(super) fn bars(columns: &[(u32, u32)], wide: usize, lines: usize, ascii: bool) -> Vec<String> {
    let mut text = Vec::with_capacity(lines);
    for line in (0..lines).rev() {
        let below = u32::try_from(line).unwrap_or(0) * DOTS;
        let part = |height: u32| height.saturating_sub(below).min(DOTS);
        let mut row = String::new();
        for (left, right) in columns {
            let (left, right) = (part(*left), part(*right));
            for at in 0..wide {
                // Of a wide column, too, one half stands left and one right.
                let half = |at: usize| if at < wide { left } else { right };
                row.push(cell(half(at * 2), half(at * 2 + 1), ascii));
            }
        }
        text.push(row);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anything_is_seen_and_only_all_is_full() {
        assert_eq!(height(0, 10, 4), 0);
        assert_eq!(height(1, 1_000_000, 4), 1);
        assert_eq!(height(5, 10, 4), 2);
        assert_eq!(height(10, 10, 4), 4);
        assert_eq!(height(u32::MAX, u32::MAX, 80), 80);
    }

    #[test]
    fn dots_fill_from_below() {
        assert_eq!(cell(0, 0, false), ' ');
        assert_eq!(cell(1, 0, false), '⡀');
        assert_eq!(cell(4, 4, false), '⣿');
        assert_eq!(cell(0, 2, false), '⢠');
        assert_eq!(bars(&[(8, 5)], 1, 2, false), ["⣇", "⣿"]);
        assert_eq!(bars(&[(4, 1)], 2, 1, true), ["#."]);
    }
}
