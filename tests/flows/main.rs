//! What a reader does, against the embedded service over real HTTP and against
//! replies in any order: the pure app with a second interpreter of its effects.

#![expect(
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking, and looks at what it is about"
)]

mod accesses;
mod ahead;
mod alike;
mod backoff;
mod boxes;
mod copying;
mod exporting;
mod far;
mod filtering;
mod following;
mod going;
mod harness;
mod hostile;
mod memory;
mod order;
mod picture;
mod places;
mod remembered;
mod screens;
mod searching;
mod simulation;
mod stories;
mod taking;

#[expect(dead_code, reason = "the terminal's state matters to others")]
#[path = "../pty/stream.rs"]
mod stream;
