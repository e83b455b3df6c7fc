//! How the service is spoken to: signed calls in, typed answers out.
//!
//! Knows [`crate::model`] and nothing of the screen. Nothing in here writes to
//! the service, retries by itself (but for one new UserSig), or lets a secret
//! or a URL into an error, a log or a `Debug`.

mod access;
pub mod check;
mod client;
mod endpoint;
mod fault;
mod limit;
mod request;
mod signer;
mod stop;
mod transport;
mod usersig;
pub mod wire;

pub use access::{Access, Credential, Timing};
pub use client::Client;
pub use endpoint::{Endpoint, NotAnEndpoint, Region};
pub use limit::Limiter;
pub use signer::Wall;
