//! The real binary in a pseudo-terminal against a service that fails in every way
//! there is a name for: one case in one table each.
//!
//! `cargo test --test faults -- --nocapture` says how many cases of each table held.
//! `TIM_HISTORY_FAULTS=name` runs those whose names hold that text.
//!
//! Rows that need another program than the browser stand elsewhere:
//!
//! | Row | Where |
//! |---|---|
//! | panic in draw, panic in a task | `terminal_parts.rs` |
//! | the terminal closes with SIGHUP ignored | `terminal/signals.rs`, `terminal_parts.rs` |
//! | SIGTSTP and SIGCONT under a shell | `terminal/signals.rs`, `terminal/page.rs` |
//! | 10,000 keys split at every byte, without gaps | `src/runtime/input/tests.rs` |
//! | a write cut short | `src/runtime/terminal/tests.rs` |
//! | replies in any order | `flows/order.rs` |

#![expect(clippy::panic, reason = "a screen that never comes is a failure")]

mod access;
mod client;
mod disk;
mod export;
mod fault;
mod front;
mod network;
mod order;
mod plays;
mod process;
mod service;
mod soak;
mod table;
mod terminal;
mod visit;

#[expect(dead_code, reason = "the other target uses the rest")]
#[path = "../pty/home.rs"]
mod home;
#[path = "../pty/leaks.rs"]
mod leaks;
#[expect(dead_code, reason = "the other targets use the rest")]
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
