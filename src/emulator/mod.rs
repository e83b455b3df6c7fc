//! A small Tencent: the service's HTTP interface over a made-up world.
//!
//! It is a second, independent reading of what is known of the service: it
//! shares no type with the client and uses nothing else of this crate, so that
//! one misreading cannot hide on both sides. `--demo` and `serve` run it, and
//! the tests drive the client against it.

mod auth;
mod catalogue;
mod chat;
mod clock;
mod commands;
mod demo;
mod dialogue;
mod faults;
mod fields;
mod gate;
mod group;
mod holes;
mod hostile;
mod hours;
mod kind;
mod knobs;
mod limits;
mod log;
mod people;
mod query;
mod reply;
mod said;
mod script;
mod server;
mod stream;
mod world;

pub use group::{Group, Topic};
pub use holes::Truth;
pub use kind::{Kind, Member, Role};
pub use knobs::{Echo, Knobs, Order, PageRule, Recalled, Unasked};
pub use log::Call;
pub use server::Emulator;
pub use world::{User, World};

/// The only SDKAppID this service knows.
pub const SDK_APP_ID: u32 = 1_400_000_000;

/// The key of [`SDK_APP_ID`]: the public example of Tencent's own signing
/// libraries, not a secret. Its text is used as it stands, never hex-decoded.
pub const SECRET_KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";

/// The app administrator; every other identifier is refused with 60010.
pub const IDENTIFIER: &str = "administrator";

/// A well-mixed number for (`seed`, `n`): the one source of chance here, so
/// that a world is the same on every run (splitmix64).
fn mix(seed: u64, n: u64) -> u64 {
    let mut z = seed
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .wrapping_add(n)
        .wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// One of `all`, chosen by `chance`; `None` only when there is nothing.
fn pick<T>(all: &[T], chance: u64) -> Option<&T> {
    let count = u64::try_from(all.len()).ok().filter(|count| *count > 0)?;
    all.get(usize::try_from(chance % count).ok()?)
}
