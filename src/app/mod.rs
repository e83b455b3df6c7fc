//! What the program does: events in, effects out. Pure.

pub mod action;
pub mod detail;
pub mod event;
pub mod flights;
pub mod key;
pub mod keymap;
pub mod line;
pub mod panes;
pub mod view;
