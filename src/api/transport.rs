//! One POST: bytes out, bytes in, within its time and size, and nothing that a
//! gateway says is taken for the service.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_TYPE, DATE};
use secrecy::{ExposeSecret as _, SecretString};

use super::access::Access;
use super::endpoint::Endpoint;
use super::fault::Peer;
use crate::model::error::Fault;
use crate::model::text::{Clean, clean};

/// The largest reply that is read; the service's own limit is 1 MB (api-facts 1.11).
const LARGEST_REPLY: usize = 4 * 1024 * 1024;

/// How much of a page that is not the service's is looked at.
const LARGEST_EXCERPT: usize = 4 * 1024;

/// How much of such a page is shown, in characters.
const EXCERPT: usize = 80;

/// What came back with HTTP 200.
pub(super) struct Reply {
    pub(super) body: Arc<[u8]>,
    /// The `Date` header.
    pub(super) date: Option<SystemTime>,
}

/// The HTTP connection pool, built on first use.
pub(super) struct Transport {
    endpoint: Endpoint,
    ca_file: Option<PathBuf>,
    proxy: Option<SecretString>,
    connect: Duration,
    call: Duration,
    ready: tokio::sync::OnceCell<Ready>,
}

struct Ready {
    client: reqwest::Client,
    peer: Peer,
}

impl Transport {
    pub(super) fn new(access: &Access, connect: Duration, call: Duration) -> Self {
        Self {
            endpoint: access.endpoint.clone(),
            ca_file: access.ca_file.clone(),
            proxy: access.proxy.clone(),
            connect,
            call,
            ready: tokio::sync::OnceCell::new(),
        }
    }

    /// Posts `body` to `path_and_query` and reads the reply to its end.
    pub(super) async fn post(&self, path_and_query: &str, body: String) -> Result<Reply, Fault> {
        let ready = self.ready.get_or_try_init(|| self.build()).await?;
        let url = format!("{}{path_and_query}", self.endpoint.origin());
        let request = ready
            .client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        match tokio::time::timeout(self.call, exchange(request, &ready.peer)).await {
            Ok(result) => result,
            Err(_) => Err(ready.peer.unreachable(&format!(
                "no complete answer within {} s",
                self.call.as_secs_f32()
            ))),
        }
    }

    /// Reading the machine's CA certificates blocks, so it happens on another thread.
    async fn build(&self) -> Result<Ready, Fault> {
        let endpoint = self.endpoint.clone();
        let (ca_file, proxy) = (self.ca_file.clone(), self.proxy.clone());
        let connect = self.connect;
        let peer = Peer {
            host: endpoint.host().to_owned(),
            proxy: proxy_in_use(&endpoint, proxy.as_ref()),
        };
        let failed = peer.clone();
        tokio::task::spawn_blocking(move || {
            let client = client(&endpoint, ca_file, proxy.as_ref(), connect, &peer)?;
            Ok(Ready { client, peer })
        })
        .await
        .unwrap_or_else(|_| Err(failed.unreachable("the HTTP client could not be set up")))
    }
}

fn client(
    endpoint: &Endpoint,
    ca_file: Option<PathBuf>,
    proxy: Option<&SecretString>,
    connect: Duration,
    peer: &Peer,
) -> Result<reqwest::Client, Fault> {
    // The library panics without a provider, also for plain HTTP. Somebody may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .http1_only()
        .https_only(endpoint.is_encrypted())
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .connect_timeout(connect)
        .user_agent(concat!("tim-history/", env!("CARGO_PKG_VERSION")));
    if endpoint.is_loopback() {
        builder = builder.no_proxy();
    } else if let Some(proxy) = proxy {
        let proxy = proxy_url(proxy)
            .and_then(|url| reqwest::Proxy::all(url).ok())
            .ok_or_else(|| peer.unreachable("`proxy` is not a URL such as http://host:port"))?;
        builder = builder.proxy(proxy);
    }
    if !endpoint.is_encrypted() {
        // With none wanted, a machine without CA certificates can still speak to itself.
        builder = builder.tls_certs_only([]);
    } else if let Some(path) = ca_file {
        let pem = std::fs::read(path)
            .map_err(|e| peer.untrusted(&format!("`ca_file` cannot be read: {}", e.kind())))?;
        let certificates = reqwest::Certificate::from_pem_bundle(&pem)
            .ok()
            .filter(|all| !all.is_empty())
            .ok_or_else(|| peer.untrusted("`ca_file` holds no certificate in PEM form"))?;
        builder = builder.tls_certs_merge(certificates);
    }
    builder.build().map_err(|error| peer.fault(error))
}

async fn exchange(request: reqwest::RequestBuilder, peer: &Peer) -> Result<Reply, Fault> {
    let mut response = request.send().await.map_err(|e| peer.fault(e))?;
    let status = response.status().as_u16();
    if status != 200 {
        let excerpt = if response.status().is_redirection() {
            Clean::from("a redirect, not followed")
        } else {
            excerpt(&mut response).await
        };
        return Err(Fault::Http { status, excerpt });
    }
    let date = response
        .headers()
        .get(DATE)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| httpdate::parse_http_date(text).ok());
    if response
        .content_length()
        .is_some_and(|n| n > LARGEST_REPLY as u64)
    {
        return Err(Fault::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| peer.fault(e))? {
        if body.len() + chunk.len() > LARGEST_REPLY {
            return Err(Fault::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Reply {
        body: body.into(),
        date,
    })
}

/// The beginning of what a gateway said. It may repeat our URL, so all from the UserSig on is dropped.
async fn excerpt(response: &mut reqwest::Response) -> Clean {
    let mut bytes = Vec::new();
    while bytes.len() < LARGEST_EXCERPT {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    let before = text.split("usersig").next().unwrap_or_default();
    let words: Vec<&str> = before.split_whitespace().collect();
    clean(&words.join(" ").chars().take(EXCERPT).collect::<String>())
}

/// The `proxy` setting as a URL. One with a path is none: a `/` in a password that was
/// not percent-encoded makes the name and the beginning of the password a host and a port.
fn proxy_url(proxy: &SecretString) -> Option<reqwest::Url> {
    let url = reqwest::Url::parse(proxy.expose_secret().trim()).ok()?;
    let is_plain = matches!(url.path(), "" | "/") && url.query().is_none();
    let is_plain = is_plain && url.fragment().is_none();
    (is_plain && matches!(url.scheme(), "http" | "https")).then_some(url)
}

/// The host of the proxy that calls to `endpoint` go through, by the HTTP library's own rules.
pub(super) fn proxy_in_use(endpoint: &Endpoint, set: Option<&SecretString>) -> Option<String> {
    use hyper_util::client::proxy::matcher::Matcher;

    if endpoint.is_loopback() {
        return None;
    }
    let uri = endpoint.origin().parse::<hyper::Uri>().ok()?;
    let matcher = match set {
        Some(proxy) => Matcher::builder().all(proxy_url(proxy)?.as_str()).build(),
        None => Matcher::from_system(),
    };
    let found = matcher.intercept(&uri)?;
    let host = found.uri().host()?;
    let shown = match found.uri().port_u16() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    Some(clean(&shown).as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_named_by_its_host_only() {
        let proxy = SecretString::from("http://me:hunter2@proxy.example:3128");
        let far = Endpoint::region("china").expect("a region");
        assert_eq!(
            proxy_in_use(&far, Some(&proxy)).as_deref(),
            Some("proxy.example:3128")
        );
        for unclear in [
            "http://me:1234/5@proxy.example",
            "http://me:1?5@proxy.example",
        ] {
            let shown = proxy_in_use(&far, Some(&SecretString::from(unclear)));
            assert_eq!(shown, None, "that would be a part of the password");
        }
        let near = Endpoint::custom("http://127.0.0.1:1").expect("loopback");
        assert_eq!(proxy_in_use(&near, Some(&proxy)), None);
    }
}
