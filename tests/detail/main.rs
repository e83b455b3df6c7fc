//! The detail pane on the service's replies: rows as text, and how keys move in them.

mod content;
mod moving;
mod pane;
mod tree;
