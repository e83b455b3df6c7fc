//! Finding a time, or the oldest message, by asking for few pages at once.
