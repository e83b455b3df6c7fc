//! The painter: a finished [`View`] becomes cells. It decides nothing but looks.
//!
//! What a message says stays right of the gutter: the two cells on the left of
//! every row, and the frames, are ours alone, so that nobody can write a row that
//! looks like one of ours. Text comes clean; a cell that is not drawable all the
//! same is replaced here, before the screen's own gate.
//!
//! Every painter survives every size, and nothing is painted outside the buffer.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod after;
mod brush;
mod foot;
mod frame;
mod glyphs;
mod moved;
pub(crate) mod palette;
mod pane;
mod picture;
mod proof;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
mod theme;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use self::after::{Before, Origins, is_wide, lay_ground};
use self::brush::Brush;
use crate::app::view::View;

pub(crate) use self::after::SPARE;
pub use self::after::{Canvas, Picture};
pub(crate) use self::moved::Moved;
pub use self::picture::to_svg;
pub use self::proof::{style_hash, to_text};
pub use self::theme::{Accent, Colors, Surface, Theme};

/// Paints the whole screen over whatever the buffer held; `buf.area` is the screen.
///
/// The cursor is the caller's: [`View::cursor`] says where it belongs.
pub fn draw(view: &View, theme: &Theme, buf: &mut Buffer) {
    buf.reset();
    let _ = paint(view, *theme, None, buf);
}

/// Paints what [`draw`] would, in less time: rows that the picture before shows already
/// are shared with it. It must have been painted with this theme.
pub fn draw_after(
    before: Option<(&View, &Picture)>,
    view: &View,
    theme: &Theme,
    canvas: &mut Canvas,
) -> Picture {
    let area = Rect::new(0, 0, view.size.width, view.size.height);
    canvas.fit(area);
    let before = before.and_then(|before| Before::of(before, view, area));
    let whole = paint(view, *theme, before, &mut canvas.buffer);
    Picture::take(canvas, before, &whole)
}

/// Paints on a blank canvas, but for rows that stand whole in the picture before: says which.
fn paint(view: &View, theme: Theme, before: Option<Before<'_>>, buf: &mut Buffer) -> Origins {
    let screen = buf.area;
    let of = |pane| before.map(|before| before.origins(pane));
    let origins: Vec<_> = view.panes.iter().map(of).collect();
    let mut whole = vec![None; screen.height.into()];
    for (pane, origins) in view.panes.iter().zip(&origins) {
        let first = usize::from(pane.area.y).saturating_add(1);
        let rows = whole.iter_mut().skip(first).zip(origins.iter().flatten());
        if is_wide(pane, screen.width) {
            rows.for_each(|(row, from)| *row = *from);
        }
    }
    if let Some(before) = before {
        before.keep_frame(view, &mut whole);
    }
    if let (Some(before), Some(_)) = (before, &view.overlay) {
        lay_ground(buf, before, &whole);
    }
    let mut brush = Brush::new(&theme, view.ascii, buf);
    if view.panes.is_empty() {
        foot::notice(&mut brush, &view.status, screen);
    } else {
        for (pane, origins) in view.panes.iter().zip(&origins) {
            let rows = before.zip(origins.as_ref());
            pane::paint(&mut brush, pane, rows, &whole);
        }
        foot::paint(&mut brush, view, screen, &whole);
    }
    if let Some(overlay) = &view.overlay {
        frame::paint(&mut brush, overlay);
        whole.fill(None);
    }
    whole
}
