//! STUB, to be overwritten: only the signatures that the verbs call.

use std::io;
use std::net::{Ipv4Addr, TcpListener};

/// Stub.
pub const SDK_APP_ID: u32 = 1_400_000_000;
/// Stub.
pub const SECRET_KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
/// Stub.
pub const IDENTIFIER: &str = "administrator";

/// Stub.
#[derive(Debug)]
pub struct World;

impl World {
    /// Stub.
    #[must_use]
    pub fn demo() -> Self {
        Self
    }
}

/// Stub.
#[derive(Debug, Default)]
pub struct Knobs(pub u32);

/// Stub.
#[derive(Debug)]
pub struct Emulator(TcpListener);

impl Emulator {
    /// Stub.
    ///
    /// # Errors
    /// Stub.
    pub fn start(world: World, knobs: Knobs, port: u16) -> io::Result<Self> {
        let _ = (world, knobs);
        TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map(Self)
    }

    /// Stub.
    #[must_use]
    pub fn url(&self) -> String {
        let port = self.0.local_addr().map_or(0, |a| a.port());
        format!("http://127.0.0.1:{port}")
    }

    /// Stub.
    #[must_use]
    pub fn profile_toml(&self) -> String {
        format!(
            "[profiles.demo]\nsdk_app_id = {SDK_APP_ID}\nidentifier = \"{IDENTIFIER}\"\nendpoint = \"{}\"\nsecret_key_command = [\"echo\", \"{SECRET_KEY}\"]\n",
            self.url()
        )
    }
}
