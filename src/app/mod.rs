//! What the program does: events in, effects out. Pure.

pub mod event;
pub mod key;
pub mod line;
