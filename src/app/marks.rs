//! The list of marked messages.
