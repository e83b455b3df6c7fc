//! What a reader does, against the embedded service over real HTTP and against
//! replies in any order: the pure app with a second interpreter of its effects.

#![expect(
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking, and looks at what it is about"
)]

mod accesses;
mod backoff;
mod boxes;
mod copying;
mod exporting;
mod far;
mod filtering;
mod following;
mod going;
mod harness;
mod order;
mod picture;
mod places;
mod remembered;
mod screens;
mod searching;
mod stories;
mod taking;
