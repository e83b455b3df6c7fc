//! What needs many pages, over groups of a million messages in virtual time.

mod hunt;
