//! What is known: seqs, messages, groups, text. No ratatui, no tokio, no clock, no I/O.

pub mod codes;
pub mod copyable;
pub mod deed;
pub mod element;
pub mod error;
pub mod excerpt;
pub mod goto;
pub mod group;
pub mod haystack;
pub mod hex;
pub mod host;
pub mod ids;
pub mod json;
pub mod mask;
pub mod message;
pub mod nearest;
pub mod needle;
pub mod payload;
pub mod permalink;
pub mod query;
pub mod request;
pub mod text;
pub mod time;
pub mod timeline;
pub mod wrong;
