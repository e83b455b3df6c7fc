//! What it takes to call the service, and how patient to be. Prints no secret.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use secrecy::SecretString;

use super::endpoint::Endpoint;
use super::signer::Wall;
use crate::model::ids::SdkAppId;

/// What it takes to call the service: one profile.
#[derive(Clone)]
pub struct Access {
    /// The app.
    pub sdk_app_id: SdkAppId,
    /// An app administrator's account.
    pub identifier: String,
    /// Where the service answers.
    pub endpoint: Endpoint,
    /// How calls are signed.
    pub credential: Credential,
    /// PEM certificates to trust besides the machine's.
    pub ca_file: Option<PathBuf>,
    /// `http://[user:password@]host:port`; `None` for what the environment says.
    /// Never used for loopback.
    pub proxy: Option<SecretString>,
    /// The budget of this process, 1 to 200; values outside are clamped.
    pub calls_per_second: u32,
}

/// How calls are signed.
#[derive(Debug, Clone)]
pub enum Credential {
    /// The app's secret key as the console shows it: UserSigs are made from it as needed.
    Key(SecretString),
    /// A UserSig made elsewhere; when it ends, calls end.
    UserSig(SecretString),
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access")
            .field("sdk_app_id", &self.sdk_app_id.0)
            .field("endpoint", &self.endpoint)
            .field("calls_per_second", &self.calls_per_second)
            .finish_non_exhaustive()
    }
}

/// How long to wait, and what time it is.
#[derive(Clone)]
pub struct Timing {
    /// For a connection.
    pub connect: Duration,
    /// For a whole call, from its leaving to the last byte of the reply.
    pub call: Duration,
    /// The wall clock: Unix seconds.
    pub wall: Wall,
}

impl Default for Timing {
    /// 5 s to connect and 15 s in all: the service itself gives up after 3 s (api-facts 2).
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            call: Duration::from_secs(15),
            wall: Arc::new(|| unix(SystemTime::now())),
        }
    }
}

impl fmt::Debug for Timing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timing")
            .field("connect", &self.connect)
            .field("call", &self.call)
            .finish_non_exhaustive()
    }
}

/// Unix seconds; 0 before 1970.
pub(super) fn unix(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        Err(_) => 0,
    }
}
