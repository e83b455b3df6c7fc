//! When to look for new messages.
