//! Replies of the service, read leniently into the words of `model`.
//!
//! Every field may be missing, written as a string, or nonsense; one odd item
//! never costs the reply (api-facts 0, 1.2, 1.3, 4, 5, 7). What a reply must be:
//! one JSON object whose brackets match, whose code is 0, and which speaks of
//! the conversation that was asked about.

mod envelope;
mod groups;
mod page;
mod users;

pub use groups::{group_info, group_list, joined_groups, topics};
pub use page::page;
pub use users::{members, names};
