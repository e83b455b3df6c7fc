//! The embedded service against its own documentation, over raw TCP: nothing
//! of the client takes part.
#![expect(clippy::panic, reason = "a test may fail by a panic")]

mod admission;
mod client;
mod demo;
mod faults;
mod foreign;
mod groups;
mod history;
mod wire;
