//! The two lines at the bottom, and the notice of a terminal that is too small.

use ratatui::layout::Rect;

use super::after::Origins;
use super::brush::Brush;
use super::pane::right_of;
use super::theme::Surface;
use crate::app::line::{Line, Piece, Role};
use crate::app::view::View;

/// What the status line has between its fields.
const BETWEEN: &str = " · ";

/// Paints the two lines, but for those that are `whole` in the picture before.
pub(super) fn paint(brush: &mut Brush<'_>, view: &View, screen: Rect, whole: &Origins) {
    let stands = |row: &Rect| whole.get(usize::from(row.y)).is_some_and(Option::is_some);
    let mut from_below = screen.rows().rev();
    if let Some(keys) = from_below.next().filter(|row| !stands(row)) {
        let style = brush.theme.surface(Surface::Pane);
        brush.cover(keys, style);
        brush.line(&view.keys, keys, Surface::Pane);
    }
    if let Some(status) = from_below.next().filter(|row| !stands(row)) {
        let style = brush.theme.surface(Surface::Bar);
        brush.cover(status, style);
        paint_status(brush, &view.status, status);
    }
}

/// The badge of the profile, then the fields.
///
/// The badge has a blank on either side and takes them, and the one behind it,
/// from the bar between it and the next field: nothing gets wider.
fn paint_status(brush: &mut Brush<'_>, line: &Line, row: Rect) {
    let (badge, rest) = match line.pieces.split_first() {
        Some((first, rest)) if first.role == Role::Accent => match rest.split_first() {
            Some((between, rest)) if between.text.as_str() == BETWEEN => (first, rest),
            None if first.text.width().saturating_add(2) <= usize::from(row.width) => (first, rest),
            None | Some(_) => {
                brush.line(line, row, Surface::Bar);
                return;
            }
        },
        Some(_) | None => {
            brush.line(line, row, Surface::Bar);
            return;
        }
    };
    let style = brush.theme.style_on(Role::Accent, None, Surface::Bar);
    let width = u16::try_from(badge.text.width()).unwrap_or(u16::MAX);
    let place = Rect {
        width: width.saturating_add(2).min(row.width),
        ..row
    };
    brush.fill(place, style);
    let badge: &[Piece] = std::slice::from_ref(badge);
    brush.pieces(badge, right_of(place, 1), Surface::Bar);
    brush.pieces(
        rest,
        right_of(row, place.width.saturating_add(1)),
        Surface::Bar,
    );
}

/// One line in the middle of a screen without panes.
pub(super) fn notice(brush: &mut Brush<'_>, line: &Line, screen: Rect) {
    let width = u16::try_from(line.width()).unwrap_or(u16::MAX);
    let mut rows = screen
        .rows()
        .skip(usize::from(screen.height.saturating_sub(1) / 2));
    if let Some(row) = rows.next() {
        let before = row.width.saturating_sub(width) / 2;
        brush.line(line, right_of(row, before), Surface::Pane);
    }
}
