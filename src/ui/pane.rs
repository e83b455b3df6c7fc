//! One pane: its title, its divider, its rows with their gutter.

use std::rc::Rc;

use ratatui::layout::Rect;

use super::after::{Before, Origins};
use super::brush::Brush;
use super::glyphs;
use super::theme::Surface;
use crate::app::line::{Line, Piece, Role};
use crate::app::view::{Gutter, PaneView, Row};

/// Cells left of every row: the sign, then the mark of the selection.
const GUTTER: u16 = 2;

/// Paints a pane: rows that stood in the picture before are copied from there, and those
/// that are `whole` have been.
pub(super) fn paint(
    brush: &mut Brush<'_>,
    pane: &PaneView,
    before: Option<(Before<'_>, &Origins)>,
    whole: &Origins,
) {
    let area = brush.clip(pane.area);
    if area.is_empty() {
        return;
    }
    if pane.divided {
        divide(brush, area);
    }
    let mut rows = area.rows();
    let stands = |row: Rect| whole.get(usize::from(row.y)).is_some_and(Option::is_some);
    if let Some(row) = rows.next().filter(|row| !stands(*row)) {
        title(brush, pane, row);
    }
    for ((y, row), place) in pane.rows.iter().enumerate().zip(rows) {
        if stands(place) {
            continue;
        }
        let copied = before.is_some_and(|(before, origins)| {
            let from = origins.get(y).copied().flatten();
            let cells = from.and_then(|from| before.cells(from, place));
            cells.is_some_and(|cells| brush.copy(cells, place))
        });
        if !copied {
            paint_row(brush, row, place, pane.focused);
        }
    }
}

fn divide(brush: &mut Brush<'_>, area: Rect) {
    let Some(x) = area.x.checked_sub(1) else {
        return;
    };
    let strokes = glyphs::strokes(brush.ascii);
    let style = brush.theme.stroke(false);
    brush.sign((x, area.y), strokes.joint, style);
    for y in area.top().saturating_add(1)..area.bottom() {
        brush.sign((x, y), strokes.divider, style);
    }
}

/// The pane in use has a mark, a bold title and a heavy rule; others a thin one.
fn title(brush: &mut Brush<'_>, pane: &PaneView, row: Rect) {
    let strokes = glyphs::strokes(brush.ascii);
    let (rule, style) = (
        if pane.focused {
            strokes.heavy
        } else {
            strokes.thin
        },
        brush.theme.stroke(pane.focused),
    );
    brush.tile(row, rule, style);
    let blank = brush.theme.surface(Surface::Pane);
    brush.fill(
        Rect {
            width: GUTTER.min(row.width),
            ..row
        },
        blank,
    );
    if pane.focused {
        let sign = glyphs::mark(brush.ascii, true);
        let style = brush.theme.pointer(Surface::Pane);
        brush.sign((row.x, row.y), sign, style);
    }
    let line = if pane.focused {
        pane.title.clone()
    } else {
        quieter(pane)
    };
    let end = brush.line(&line, right_of(row, GUTTER), Surface::Pane);
    if end < row.right() {
        brush.sign((end, row.y), ' ', blank);
    }
}

/// The title of a pane that is not in use: nothing bold.
fn quieter(pane: &PaneView) -> crate::app::line::Line {
    let mut line = pane.title.clone();
    for piece in Rc::make_mut(&mut line.pieces) {
        if piece.role == Role::Label {
            piece.role = Role::Dim;
        }
    }
    line
}

fn paint_row(brush: &mut Brush<'_>, row: &Row, place: Rect, focused: bool) {
    let surface = match (row.selected, focused) {
        (false, _) => Surface::Pane,
        (true, true) => Surface::Chosen,
        (true, false) => Surface::Resting,
    };
    // Where nothing but reverse video makes a bar, it ends with the first piece: one over
    // the whole width would send the text of two rows again for each step.
    let short = surface == Surface::Chosen && !brush.theme.has_bars();
    let bar = if short { Surface::Pane } else { surface };
    if row.selected {
        let style = brush.theme.surface(bar);
        brush.fill(place, style);
    }
    let text = right_of(place, GUTTER);
    if is_rule(row) {
        // A day's rule begins at the pane's edge, where no text can.
        let sign = glyphs::strokes(brush.ascii).thin;
        let style = brush.theme.style_on(Role::Ours, None, surface);
        brush.tile(place, sign, style);
        let end = brush.line(&row.line, text, surface);
        if end < text.right() {
            brush.sign((end, place.y), ' ', style);
        }
    } else {
        let sign = glyphs::gutter(row.gutter, brush.ascii);
        let role = glyphs::gutter_role(row.gutter);
        let style = brush.theme.style_on(role, None, surface);
        if place.width > 0 && sign != ' ' {
            brush.sign((place.x, place.y), sign, style);
        }
        brush.line(&row.line, text, bar);
        if row.selected && short {
            first_words(brush, row, text, surface);
        }
    }
    if row.selected && place.width >= GUTTER {
        let sign = glyphs::mark(brush.ascii, focused);
        let style = brush.theme.pointer(surface);
        brush.sign((place.x.saturating_add(1), place.y), sign, style);
    }
}

/// The first piece of a row that says something, on a surface of its own.
fn first_words(brush: &mut Brush<'_>, row: &Row, place: Rect, surface: Surface) {
    let blank = |piece: &&Piece| piece.text.as_str().trim().is_empty();
    let mut pieces = row.line.pieces.iter().skip_while(blank);
    let Some(first) = pieces.next() else { return };
    let before = row.line.pieces.iter().take_while(blank);
    let before: usize = before.map(|piece| piece.text.width()).sum();
    let words = Line {
        pieces: vec![first.clone()].into(),
    };
    let place = right_of(place, u16::try_from(before).unwrap_or(u16::MAX));
    brush.line(&words, place, surface);
}

/// A row of ours that starts as a horizontal line goes on as one.
fn is_rule(row: &Row) -> bool {
    let first = row.line.pieces.first();
    row.gutter == Gutter::Ours
        && first.is_some_and(|p| p.role == Role::Ours && p.text.as_str().starts_with("── "))
}

/// What is left of a row behind some of its cells.
pub(super) fn right_of(row: Rect, cells: u16) -> Rect {
    let cells = cells.min(row.width);
    Rect {
        x: row.x.saturating_add(cells),
        width: row.width.saturating_sub(cells),
        ..row
    }
}
