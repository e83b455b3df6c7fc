//! What is known of a sender.
