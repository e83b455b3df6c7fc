//! What an audit of a range finds.
