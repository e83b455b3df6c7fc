//! What needs many pages, in virtual time, over generated groups of up to a million messages.

#![expect(clippy::panic, reason = "a test fails by panicking")]

mod hunt;
mod search;
