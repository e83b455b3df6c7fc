//! The painter: a finished [`View`] becomes cells. It decides nothing but looks.
//!
//! What a message says stays right of the gutter: the two cells on the left of
//! every row, and the frames, are ours alone, so that nobody can write a row that
//! looks like one of ours. Text comes clean; a cell that is not drawable all the
//! same is replaced here, before the screen's own gate.
//!
//! Every painter survives every size, and nothing is painted outside the buffer.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

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

use self::brush::Brush;
use crate::app::view::{PaneView, View};

pub(crate) use self::moved::Moved;
pub use self::picture::to_svg;
pub use self::proof::{style_hash, to_text};
pub use self::theme::{Accent, Colors, Surface, Theme};

/// Paints the whole screen over whatever the buffer held; `buf.area` is the screen, and
/// all that a new buffer needs.
///
/// The cursor is the caller's: [`View::cursor`] says where it belongs.
pub fn draw(view: &View, theme: &Theme, buf: &mut Buffer) {
    paint(view, *theme, None, buf);
}

/// Paints what [`draw`] would, in less time: rows that the picture before shows already
/// are copied from there. It must have been painted with this theme.
pub fn draw_after(before: (&View, &Buffer), view: &View, theme: &Theme, buf: &mut Buffer) {
    let (shown, painted) = before;
    // A box covers rows that its view still has.
    let is_whole = shown.overlay.is_none() && painted.area == buf.area;
    let before = (is_whole && shown.ascii == view.ascii).then_some(before);
    paint(view, *theme, before, buf);
}

fn paint(view: &View, theme: Theme, before: Option<(&View, &Buffer)>, buf: &mut Buffer) {
    let screen = buf.area;
    buf.content.clear();
    buf.resize(screen);
    let mut brush = Brush::new(&theme, view.ascii, buf);
    if view.panes.is_empty() {
        foot::notice(&mut brush, &view.status, screen);
    } else {
        for pane in &view.panes {
            let before = before.and_then(|(view, painted)| {
                let of = |old: &&PaneView| old.pane == pane.pane;
                Some((view.panes.iter().find(of)?, painted))
            });
            pane::paint(&mut brush, pane, before);
        }
        foot::paint(&mut brush, view, screen);
    }
    if let Some(overlay) = &view.overlay {
        frame::paint(&mut brush, overlay);
    }
}
