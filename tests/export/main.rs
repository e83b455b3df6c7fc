//! Exports: the walk in virtual time, and files over the embedded service.

mod binary;
mod fake;
mod files;
mod proofs;
mod walk;
