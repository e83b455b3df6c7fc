//! Taking a history elsewhere: one concurrent walk over pages, records of what it
//! brings, and files that can be trusted or say why not.
//!
//! Records and their forms are pure ([`record`], [`format`]).

mod beat;
mod course;
pub mod format;
pub mod manifest;
mod media;
mod names;
mod page;
pub mod record;
mod service;
mod sieve;
mod slot;
mod table;
mod walk;

pub use course::{Route, Tally};
pub use format::Format;
pub use manifest::{Asked, Calls, Came, Counts, Manifest, Order};
pub use media::Media;
pub use names::Desk;
pub use record::{Record, State};
pub use service::Service;
pub use sieve::Sieve;
pub use slot::{Entry, Leg};
pub use walk::{Halt, Walk, Wish};
