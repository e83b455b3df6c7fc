//! Where the service answers: one of its regions, or a host of one's own.

use std::fmt;
use std::net::IpAddr;
use std::sync::LazyLock;

use crate::model::text::{Clean, clean};

/// A data centre an app can live in (api-facts 2); a wrong one gives 70020.
#[derive(Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// As the configuration writes it: `silicon-valley`.
    pub key: String,
    /// As people say it.
    pub label: String,
    /// The host that answers.
    pub primary: String,
    /// For networks on which the primary does not resolve.
    pub backup: String,
    /// What to know before choosing it.
    pub note: Option<String>,
}

#[derive(serde::Deserialize)]
struct Table {
    region: Vec<Region>,
}

static TABLE: LazyLock<Vec<Region>> = LazyLock::new(|| {
    toml::from_str::<Table>(include_str!("../../assets/regions.toml"))
        .expect("the region table in assets parses")
        .region
});

/// Scheme, host and port of the service, without a path.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// `https://host[:port]`, or `http://` for loopback.
    origin: String,
    /// `host[:port]`, to show.
    host: String,
    /// The region, unless the host is one's own.
    region: Option<&'static Region>,
    /// Whether this is the machine itself.
    loopback: bool,
}

/// Why a setting is not an endpoint. Never repeats a URL: it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAnEndpoint {
    /// No region of that name.
    #[error("there is no region `{}`; did you mean `{nearest}`?", name.as_str())]
    UnknownRegion {
        /// As it was written.
        name: Clean,
        /// The key that looks most like it.
        nearest: &'static str,
    },
    /// It does not parse.
    #[error("not a URL; write it as https://host or https://host:port")]
    NotAUrl,
    /// Another scheme than https, or http to another machine.
    #[error("only https is allowed (plain http for this machine only), as UserSig goes over it")]
    NotEncrypted,
    /// User name, path, query or fragment.
    #[error("an endpoint is a host and perhaps a port: leave out path, query and user name")]
    MoreThanAHost,
}

impl Endpoint {
    /// The endpoint of a region by its key, such as `frankfurt`.
    ///
    /// # Errors
    /// For another name; suggests the nearest one.
    pub fn region(name: &str) -> Result<Self, NotAnEndpoint> {
        let wanted = name.trim().to_ascii_lowercase();
        if let Some(region) = TABLE.iter().find(|region| region.key == wanted) {
            return Ok(Self::of(region, &region.primary));
        }
        let nearest = TABLE
            .iter()
            .min_by_key(|region| distance(&region.key, &wanted))
            .map_or("", |region| region.key.as_str());
        Err(NotAnEndpoint::UnknownRegion {
            name: clean(name),
            nearest,
        })
    }

    /// A host of one's own: `https://host[:port]`, or `http://` for this machine.
    ///
    /// # Errors
    /// For anything that is more or less than that.
    pub fn custom(url: &str) -> Result<Self, NotAnEndpoint> {
        let url = reqwest::Url::parse(url.trim()).map_err(|_| NotAnEndpoint::NotAUrl)?;
        let name = url.host_str().ok_or(NotAnEndpoint::NotAUrl)?;
        let loopback = is_loopback(name);
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            _ => return Err(NotAnEndpoint::NotEncrypted),
        }
        let only_a_host = matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if !only_a_host {
            return Err(NotAnEndpoint::MoreThanAHost);
        }
        let host = match url.port() {
            Some(port) => format!("{name}:{port}"),
            None => name.to_owned(),
        };
        Ok(Self {
            origin: format!("{}://{host}", url.scheme()),
            host,
            region: None,
            loopback,
        })
    }

    fn of(region: &'static Region, host: &str) -> Self {
        Self {
            origin: format!("https://{host}"),
            host: host.to_owned(),
            region: Some(region),
            loopback: false,
        }
    }

    /// Host, with the port where one was given: safe to show.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The region's other host; `None` for a host of one's own and for the backup itself.
    #[must_use]
    pub fn backup(&self) -> Option<Self> {
        self.region
            .filter(|region| region.primary == self.host)
            .map(|region| Self::of(region, &region.backup))
    }

    /// The region, unless the host is one's own.
    #[must_use]
    pub fn known_region(&self) -> Option<&'static Region> {
        self.region
    }

    /// All regions, in the order of the documentation.
    #[must_use]
    pub fn regions() -> &'static [Region] {
        &TABLE
    }

    /// `https://host[:port]`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether calls stay on this machine: then no proxy is asked.
    pub(super) fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Whether calls are encrypted; only loopback may do without.
    pub(super) fn is_encrypted(&self) -> bool {
        self.origin.starts_with("https:")
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({})", self.origin)
    }
}

/// `localhost`, 127.0.0.0/8 and `::1`; no name is looked up.
fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// How many letters must change to turn one word into the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for ((to, above), diagonal) in b.iter().zip(row.iter().skip(1)).zip(row.iter()) {
            let left = next.last().copied().unwrap_or_default();
            let step = diagonal + usize::from(from != *to);
            next.push(step.min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_has_two_hosts() {
        let keys: Vec<&str> = TABLE.iter().map(|region| region.key.as_str()).collect();
        assert_eq!(
            keys,
            [
                "china",
                "singapore",
                "seoul",
                "tokyo",
                "frankfurt",
                "silicon-valley",
                "jakarta",
                "mumbai",
                "saudi-arabia"
            ]
        );
        for region in Endpoint::regions() {
            let endpoint = Endpoint::region(&region.key).expect("a key of the table");
            let backup = endpoint.backup().expect("a backup");
            assert_eq!(endpoint.host(), region.primary);
            assert_eq!(backup.host(), region.backup);
            assert_eq!(backup.backup(), None);
            assert!(endpoint.is_encrypted() && !endpoint.is_loopback());
            let marked = matches!(region.key.as_str(), "mumbai" | "saudi-arabia");
            assert_eq!(region.note.is_some(), marked, "{}", region.key);
        }
    }

    #[test]
    fn a_slip_in_a_region_gets_the_nearest_one() {
        for (slip, meant) in [("tokio", "tokyo"), ("siliconvalley", "silicon-valley")] {
            let error = Endpoint::region(slip).expect_err("not a region");
            assert!(
                error.to_string().ends_with(&format!("`{meant}`?")),
                "{error}"
            );
        }
        assert!(Endpoint::region(" Seoul ").is_ok());
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        for good in [
            "http://127.0.0.1:8080",
            "http://localhost:1/",
            "http://[::1]:9",
            "https://gateway.example",
        ] {
            assert!(Endpoint::custom(good).is_ok(), "{good}");
        }
        for bad in [
            "http://10.0.0.1",
            "ftp://127.0.0.1",
            "http://127.0.0.1.evil.example",
        ] {
            assert_eq!(
                Endpoint::custom(bad),
                Err(NotAnEndpoint::NotEncrypted),
                "{bad}"
            );
        }
        let endpoint = Endpoint::custom("https://Gateway.example:8443/").expect("an endpoint");
        assert_eq!(endpoint.host(), "gateway.example:8443");
        assert_eq!(endpoint.origin(), "https://gateway.example:8443");
    }

    #[test]
    fn an_endpoint_is_no_more_than_a_host() {
        for bad in [
            "https://user:hunter2@host.example",
            "https://host.example/v4",
            "https://host.example?x=1",
        ] {
            let error = Endpoint::custom(bad).expect_err("more than a host");
            assert_eq!(error, NotAnEndpoint::MoreThanAHost, "{bad}");
            assert!(!error.to_string().contains("hunter2"));
        }
        assert_eq!(Endpoint::custom("console"), Err(NotAnEndpoint::NotAUrl));
    }
}
