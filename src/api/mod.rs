//! STUB, to be overwritten: only the signatures that configuration and verbs call.

pub mod wire;
use std::path::PathBuf;

use secrecy::SecretString;

use crate::model::ids::SdkAppId;

/// Stub.
#[derive(Debug)]
pub struct Access {
    /// Stub.
    pub sdk_app_id: SdkAppId,
    /// Stub.
    pub identifier: String,
    /// Stub.
    pub endpoint: Endpoint,
    /// Stub.
    pub credential: Credential,
    /// Stub.
    pub ca_file: Option<PathBuf>,
    /// Stub.
    pub proxy: Option<SecretString>,
    /// Stub.
    pub calls_per_second: u32,
}

/// Stub.
#[derive(Debug)]
pub enum Credential {
    /// Stub.
    Key(SecretString),
    /// Stub.
    UserSig(SecretString),
}

/// Stub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint(String);

/// Stub.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected an https URL (plain http only for loopback)")]
pub struct EndpointError;

const REGIONS: [(&str, &str); 9] = [
    ("china", "console.tim.qq.com"),
    ("singapore", "adminapisgp.im.qcloud.com"),
    ("seoul", "adminapikr.im.qcloud.com"),
    ("tokyo", "adminapijpn.im.qcloud.com"),
    ("frankfurt", "adminapiger.im.qcloud.com"),
    ("silicon-valley", "adminapiusa.im.qcloud.com"),
    ("jakarta", "adminapiidn.im.qcloud.com"),
    ("mumbai", "adminapiind.im.qcloud.com"),
    ("saudi-arabia", "adminapiksa.im.qcloud.com"),
];

impl Endpoint {
    /// Stub.
    ///
    /// # Errors
    /// Stub.
    pub fn region(name: &str) -> Result<Self, EndpointError> {
        REGIONS
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, host)| Self((*host).to_owned()))
            .ok_or(EndpointError)
    }

    /// Stub.
    ///
    /// # Errors
    /// Stub.
    pub fn custom(url: &str) -> Result<Self, EndpointError> {
        let rest = url.strip_prefix("https://").or_else(|| {
            url.strip_prefix("http://")
                .filter(|rest| rest.starts_with("127.0.0.1"))
        });
        rest.map(|host| Self(host.to_owned())).ok_or(EndpointError)
    }

    /// Stub.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.0
    }

    /// Stub.
    pub fn region_names() -> impl Iterator<Item = &'static str> {
        REGIONS.iter().map(|(name, _)| *name)
    }
}

/// Stub.
pub mod check {
    use super::Access;
    use crate::model::text::Clean;

    /// Stub.
    #[derive(Debug)]
    pub struct Finding {
        /// Stub.
        pub verdict: Verdict,
        /// Stub.
        pub what: Clean,
        /// Stub.
        pub advice: Option<Clean>,
    }

    /// Stub.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Verdict {
        /// Stub.
        Good,
        /// Stub.
        Wanting,
        /// Stub.
        Note,
    }

    /// Stub.
    #[expect(clippy::unused_async, reason = "stub")]
    pub async fn run(access: Access) -> Vec<Finding> {
        drop(access);
        vec![Finding {
            verdict: Verdict::Wanting,
            what: Clean::from("the check is not in this build"),
            advice: None,
        }]
    }
}
