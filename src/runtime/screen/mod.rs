//! What the terminal shows: whole painted buffers in, few bytes out.
//!
//! Neither `ratatui::Terminal` nor its backends will do. Measured at 120x40: a line
//! of scrolling costs them 7,342 bytes where `less` needs 99, a queue of 300 keys
//! 2 MB; they swap buffers before a write that may fail, after which the screen is
//! wrong for good; clearing first asks the terminal where its cursor is; and a
//! terminal that takes no bytes stops the whole program.

mod color;
mod difference;
mod encoder;
pub mod gate;
mod grid;
mod intake;
mod pen;
mod place;
mod shift;
#[cfg(test)]
mod tests;
mod writer;
mod writing;

pub use writer::{Frame, Screen, Stats};
