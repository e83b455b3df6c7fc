//! Exports: the walk in virtual time, and files over the embedded service.

mod fake;
mod walk;
