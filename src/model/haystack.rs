//! The texts of a message that a search looks through.
