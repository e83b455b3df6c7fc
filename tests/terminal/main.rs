//! The real binary in a pseudo-terminal: what a reader sees, and what is left
//! behind.

#![expect(clippy::panic, reason = "a screen that never comes is a failure")]

mod browsing;
mod exporting;
mod home;
mod hostile;
mod keys;
mod looks;
mod model;
mod opening;
mod page;
mod pty;
mod refusals;
mod secrets;
mod signals;
mod signature;
mod sizes;
mod stream;
