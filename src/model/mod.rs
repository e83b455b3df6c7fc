//! What is known: seqs, messages, groups, text. No ratatui, no tokio, no clock, no I/O.

pub mod codes;
pub mod element;
pub mod error;
pub mod group;
pub mod hex;
pub mod ids;
pub mod json;
pub mod message;
pub mod permalink;
pub mod text;
pub mod time;
pub mod timeline;
