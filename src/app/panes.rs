//! Where the panes stand at each size (design.md, section 6).

use super::event::Size;
use super::view::{Area, Pane};

/// Below this there is only a notice.
pub const SMALLEST: Size = Size {
    width: 40,
    height: 10,
};

/// Rows at the bottom: status and keys.
const FOOTER: u16 = 2;

/// The visible panes with their areas; a column left of an area with `x > 0` is a divider.
#[must_use]
pub fn arrange(size: Size, focus: Pane, zoomed: bool) -> Vec<(Pane, Area)> {
    let whole = Area {
        x: 0,
        y: 0,
        width: size.width,
        height: size.height.saturating_sub(FOOTER),
    };
    if zoomed {
        return vec![(focus, whole)];
    }
    match (size.width, size.height) {
        (140.., _) => three(whole, focus),
        (100.., _) => two(whole, focus),
        (_, 20..) => stacked(whole, focus),
        _ => vec![(focus, whole)],
    }
}

fn three(whole: Area, focus: Pane) -> Vec<(Pane, Area)> {
    // While groups are chosen they get room for type and members; else the messages do.
    let groups = match (focus, whole.width) {
        (Pane::Groups, 160..) => 60,
        (Pane::Groups, _) => 48,
        (Pane::Messages | Pane::Detail, _) => 34,
    };
    let rest = whole.width - groups - 2;
    // Eight bytes of hex with their offsets and text need 46 columns and the gutter.
    let detail = (rest * 2 / 5).clamp(48, 80).min(rest.saturating_sub(30));
    let messages = rest - detail;
    vec![
        (
            Pane::Groups,
            Area {
                width: groups,
                ..whole
            },
        ),
        (
            Pane::Messages,
            Area {
                x: groups + 1,
                width: messages,
                ..whole
            },
        ),
        (
            Pane::Detail,
            Area {
                x: groups + messages + 2,
                width: detail,
                ..whole
            },
        ),
    ]
}

fn two(whole: Area, focus: Pane) -> Vec<(Pane, Area)> {
    let right = (whole.width * 2 / 5).clamp(40, 60);
    let left = whole.width - right - 1;
    let first = Area {
        width: left,
        ..whole
    };
    let second = Area {
        x: left + 1,
        width: right,
        ..whole
    };
    match focus {
        Pane::Groups => vec![(Pane::Messages, first), (Pane::Groups, second)],
        Pane::Messages | Pane::Detail => vec![(Pane::Messages, first), (Pane::Detail, second)],
    }
}

fn stacked(whole: Area, focus: Pane) -> Vec<(Pane, Area)> {
    // The pane in use gets the larger part.
    let upper = match focus {
        Pane::Groups | Pane::Messages => whole.height * 3 / 5,
        Pane::Detail => whole.height * 2 / 5,
    };
    let first = Area {
        height: upper,
        ..whole
    };
    let second = Area {
        y: upper,
        height: whole.height - upper,
        ..whole
    };
    let top = if focus == Pane::Groups {
        Pane::Groups
    } else {
        Pane::Messages
    };
    vec![(top, first), (Pane::Detail, second)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panes(width: u16, height: u16, focus: Pane) -> Vec<Pane> {
        arrange(Size { width, height }, focus, false)
            .into_iter()
            .map(|(p, _)| p)
            .collect()
    }

    #[test]
    fn the_size_decides_how_many_panes_there_are() {
        use Pane::{Detail, Groups, Messages};
        assert_eq!(panes(160, 48, Messages), [Groups, Messages, Detail]);
        assert_eq!(panes(140, 24, Detail), [Groups, Messages, Detail]);
        assert_eq!(panes(120, 40, Messages), [Messages, Detail]);
        assert_eq!(panes(120, 40, Groups), [Messages, Groups]);
        assert_eq!(panes(80, 24, Messages), [Messages, Detail]);
        assert_eq!(panes(80, 24, Groups), [Groups, Detail]);
        assert_eq!(panes(80, 19, Detail), [Detail]);
    }

    #[test]
    fn panes_fill_the_screen_and_do_not_overlap() {
        for width in 1..=300 {
            for height in 1..=60 {
                for focus in [Pane::Groups, Pane::Messages, Pane::Detail] {
                    let size = Size { width, height };
                    let all = arrange(size, focus, false);
                    let cells: u32 = all
                        .iter()
                        .map(|(_, a)| u32::from(a.width) * u32::from(a.height))
                        .sum();
                    let dividers = all.iter().filter(|(_, a)| a.x > 0).count();
                    let body = u32::from(height.saturating_sub(FOOTER));
                    let dividers = u32::try_from(dividers).expect("few") * body;
                    assert_eq!(
                        cells + dividers,
                        u32::from(width) * body,
                        "{width}x{height}"
                    );
                    assert!(
                        all.iter()
                            .all(|(_, a)| a.x + a.width <= width && a.y + a.height <= height)
                    );
                }
            }
        }
    }
}
