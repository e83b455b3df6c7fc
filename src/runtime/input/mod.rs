//! Keys from the terminal: read by the loop itself, one small parser of our own.
//!
//! No library's reader will do. Measured: crossterm 0.29 reads every one of 150
//! arrow keys that arrive in two pieces as `Esc`, `[`, `A`, termina 0.4 every
//! one of 200; over ssh keys do arrive in pieces. After an unasked reply
//! termina's parser swallows all later keys; on a dead terminal crossterm spins
//! at 90 % of a core, and its poll with a time limit ignores the limit while a
//! sequence is unfinished.

mod keyboard;
mod parser;
mod sequence;

#[cfg(test)]
mod tests;

pub use keyboard::Keyboard;
pub use parser::{Input, PASTE_CAP, Parser};
