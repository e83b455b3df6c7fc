//! The box above the panes.

use ratatui::layout::{Margin, Rect};

use super::brush::Brush;
use super::glyphs;
use super::pane::right_of;
use super::theme::Surface;
use crate::app::view::OverlayView;

pub(super) fn paint(brush: &mut Brush<'_>, overlay: &OverlayView) {
    let area = brush.clip(overlay.area);
    if area.is_empty() {
        return;
    }
    brush.ours = true;
    let blank = brush.theme.surface(Surface::Pane);
    brush.cover(area, blank);
    frame(brush, area);
    // The title leaves the corner, a line and a blank on its left, as much on its right.
    let title = area.inner(Margin::new(3, 0));
    if title.width > 0 && area.height > 1 {
        let end = brush.line(&overlay.title, title, Surface::Pane);
        for x in [title.x.saturating_sub(1), end] {
            brush.sign((x, area.y), ' ', blank);
        }
    }
    let inner = area.inner(Margin::new(1, 1));
    for (row, place) in overlay.rows.iter().zip(inner.rows()) {
        let surface = if row.selected {
            Surface::Chosen
        } else {
            Surface::Pane
        };
        let style = brush.theme.surface(surface);
        brush.fill(place, style);
        if row.selected {
            let sign = glyphs::mark(brush.ascii, true);
            let style = brush.theme.pointer(surface);
            brush.sign((place.x, place.y), sign, style);
        }
        let text = right_of(place, 1);
        let text = Rect {
            width: text.width.saturating_sub(1),
            ..text
        };
        brush.line(&row.line, text, surface);
        // In a box the sign stands in the row's first cell, which such rows leave blank.
        let sign = glyphs::gutter(row.gutter, brush.ascii);
        if sign != ' ' && !text.is_empty() {
            let role = glyphs::gutter_role(row.gutter);
            let style = brush.theme.style_on(role, None, surface);
            brush.sign((text.x, place.y), sign, style);
        }
    }
}

fn frame(brush: &mut Brush<'_>, area: Rect) {
    let strokes = glyphs::strokes(brush.ascii);
    let style = brush.theme.stroke(true);
    let (right, bottom) = (
        area.right().saturating_sub(1),
        area.bottom().saturating_sub(1),
    );
    for y in [area.y, bottom] {
        let row = Rect {
            y,
            height: 1,
            ..area
        };
        brush.tile(row, strokes.thin, style);
    }
    for y in area.rows().skip(1).map(|row| row.y).filter(|y| *y < bottom) {
        brush.sign((area.x, y), strokes.divider, style);
        brush.sign((right, y), strokes.divider, style);
    }
    let places = [
        (area.x, area.y),
        (right, area.y),
        (area.x, bottom),
        (right, bottom),
    ];
    for (place, corner) in places.into_iter().zip(strokes.corners) {
        brush.sign(place, corner, style);
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;

    use super::*;
    use crate::app::event::Size;
    use crate::app::line::{Line, Role};
    use crate::app::view::{Area, Gutter, Row, View};
    use crate::ui::{Colors, Theme, draw, to_text};

    #[test]
    fn a_row_of_a_box_shows_its_sign_beside_the_mark() {
        let row = |gutter, selected, text| Row {
            gutter,
            line: Line::of(Role::Text, text),
            selected,
        };
        let (width, height) = (12, 4);
        let mut view = View::blank(Size { width, height });
        view.ascii = true;
        view.overlay = Some(OverlayView {
            area: Area {
                x: 0,
                y: 0,
                width,
                height,
            },
            title: Line::new(),
            rows: vec![
                row(Gutter::Gone, true, "  gone"),
                row(Gutter::Plain, false, "plain"),
            ],
        });
        let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
        draw(&view, &Theme::new(Colors::None, None), &mut buf);
        let text = to_text(&buf);
        assert!(text.contains("|>x gone   |"), "{text}");
        assert!(text.contains("| plain    |"), "{text}");
    }
}
