//! What is played and measured; the test target holds the counts to the goals, the
//! bench prints them beside those of the peers.

pub(crate) mod burst;
pub(crate) mod opening;
pub(crate) mod quiet;
pub(crate) mod scroll;
pub(crate) mod stock;
