//! Jobs in virtual time, against generated groups.

#![expect(clippy::panic, reason = "a test fails by panicking")]

mod search;
