//! What keys, silence and a start cost, in bytes and counts: exact on any machine.
//! Times stand in the bench (`cargo bench --bench peers`).

#[expect(dead_code, reason = "the bench prints the rest")]
mod plays;
mod pressing;
mod scrolling;

#[expect(dead_code, reason = "the other targets use the rest")]
#[path = "../pty/home.rs"]
mod home;
#[expect(dead_code, reason = "the bench uses the rest")]
#[path = "../pty/meter.rs"]
mod meter;
#[expect(dead_code, reason = "the other targets use the rest")]
#[path = "../pty/model.rs"]
mod model;
#[expect(dead_code, reason = "the other targets use the rest")]
#[path = "../pty/pty.rs"]
mod pty;
#[expect(dead_code, reason = "the other targets use the rest")]
#[path = "../pty/stream.rs"]
mod stream;

/// The sizes at which everything is held.
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];
