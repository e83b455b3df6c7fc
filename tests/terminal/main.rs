//! The real binary in a pseudo-terminal: what a reader sees, and what is left
//! behind.

#![expect(clippy::panic, reason = "a screen that never comes is a failure")]

mod browsing;
mod exporting;
mod hostile;
mod keys;
mod looks;
mod multiplexer;
mod opening;
mod page;
mod refusals;
mod secrets;
mod signals;
mod sizes;

#[path = "../pty/home.rs"]
mod home;
#[path = "../pty/leaks.rs"]
mod leaks;
#[expect(dead_code, reason = "the other targets use the rest")]
#[path = "../pty/model.rs"]
mod model;
#[path = "../pty/pty.rs"]
mod pty;
#[path = "../pty/signature.rs"]
mod signature;
#[path = "../pty/stream.rs"]
mod stream;
