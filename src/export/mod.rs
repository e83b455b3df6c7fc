//! Taking a history elsewhere: one concurrent walk over pages, records of what it
//! brings, and files that can be trusted or say why not.
//!
//! Records and their forms are pure ([`record`], [`format`]).

pub mod format;
pub mod manifest;
mod media;
mod page;
pub mod record;
mod sieve;
mod table;

pub use format::Format;
pub use manifest::{Asked, Calls, Came, Counts, Manifest, Order};
pub use media::Media;
pub use record::{Record, State};
pub use sieve::Sieve;
