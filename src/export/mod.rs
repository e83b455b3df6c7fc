//! Taking a history elsewhere: one concurrent walk over pages, records of what it
//! brings, and files that can be trusted or say why not.
//!
//! Records and their forms are pure ([`record`], [`format`]), and so is the order of what
//! is asked (`course`, `slot`, `beat`). [`Walk`] and [`Export`] await; files are written by
//! other threads. Whoever runs an export steers it by a [`Wish`] and sees its [`Progress`],
//! both plain data: the command line does, and a screen can.
//!
//! ```text
//!  Finder ─► range ─► Walk ─► Leg ─► Record ─► Sieve ─► Format ─► FILE.part ─► FILE
//!                      ▲ Course: asks, retries, order       └─► FILE.checkpoint
//! ```

mod beat;
mod book;
pub mod checkpoint;
mod course;
mod digest;
mod finish;
pub mod format;
mod locate;
pub mod manifest;
mod media;
mod names;
mod page;
mod plan;
pub mod record;
mod run;
mod seqs;
mod service;
mod sieve;
mod slot;
mod table;
mod target;
mod veil;
mod verify;
mod walk;
mod words;

pub use checkpoint::{Checkpoint, Options};
pub use course::{Route, Tally};
pub use format::Format;
pub(crate) use locate::page;
pub use locate::{Ends, Finder, Located, Nowhere};
pub use manifest::{Asked, Calls, Came, Counts, Manifest, Order};
pub use media::Media;
pub use names::Desk;
pub(crate) use names::persist;
pub use plan::{Origin, Plan, Unfit, go_on, stamp};
pub use record::{Record, State};
pub use run::{Done, Export, Sink, unfinished};
pub use service::Service;
pub use sieve::Sieve;
pub use slot::{Entry, Leg};
pub use target::{Paths, default_name, masked_name, place};
pub use verify::{Unverifiable, Verdict, verify};
pub use walk::{Halt, Walk, Wish};
pub use words::{Interrupted, Progress, Refusal, resume_command};
