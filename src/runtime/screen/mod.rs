//! (being written)

mod color;
mod difference;
mod encoder;
pub mod gate;
mod grid;
mod pen;
mod place;
mod shift;
#[cfg(test)]
mod tests;
