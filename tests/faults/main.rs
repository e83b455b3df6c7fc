//! The real binary in a pseudo-terminal against a service that fails in every way
//! there is a name for: one case in one table each.
//!
//! `cargo test --test faults -- --nocapture` says how many cases of each table held.
//! `TIM_HISTORY_FAULTS=name` runs those whose names hold that text.

#![expect(clippy::panic, reason = "a screen that never comes is a failure")]

mod access;
mod client;
mod export;
mod fault;
mod front;
mod network;
mod order;
mod plays;
mod service;
mod table;
mod visit;

#[expect(dead_code, reason = "the other target uses the rest")]
#[path = "../pty/home.rs"]
mod home;
#[path = "../pty/leaks.rs"]
mod leaks;
#[expect(dead_code, reason = "the other target uses the rest")]
#[path = "../pty/model.rs"]
mod model;
#[expect(dead_code, reason = "the other target uses the rest")]
#[path = "../pty/pty.rs"]
mod pty;
#[path = "../pty/signature.rs"]
mod signature;
#[expect(dead_code, reason = "the other target uses the rest")]
#[path = "../pty/stream.rs"]
mod stream;
