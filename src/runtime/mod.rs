//! The thin shell between the pure program and the machine.

pub mod input;
pub mod screen;
pub mod terminal;
