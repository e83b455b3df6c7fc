//! The only way from the HTTP library's errors to ours: by what can be done
//! about them, in our words, and without the URL, which holds the UserSig.

use std::error::Error;
use std::io;

use rustls::CertificateError as P;

use crate::model::error::Fault;
use crate::model::text::{Clean, clean};

/// Whom a call goes to, to name it in an error.
#[derive(Debug, Clone)]
pub(super) struct Peer {
    /// The service's host.
    pub(super) host: String,
    /// The host of the proxy in between.
    pub(super) proxy: Option<String>,
}

impl Peer {
    pub(super) fn unreachable(&self, cause: &str) -> Fault {
        let cause = match &self.proxy {
            Some(proxy) => Clean::ours(format!("{cause} (through the proxy {proxy})")),
            None => Clean::ours(cause),
        };
        Fault::Unreachable {
            host: self.host.clone(),
            cause,
        }
    }

    pub(super) fn untrusted(&self, cause: &str) -> Fault {
        Fault::Certificate {
            host: self.host.clone(),
            cause: Clean::ours(cause),
        }
    }

    /// What an error of the HTTP library means.
    pub(super) fn fault(&self, error: reqwest::Error) -> Fault {
        // Only causes are ever shown, not the error itself; this is the second lock on that door.
        let error = error.without_url();
        let causes = causes(&error);
        let says = |words: &str| causes.iter().any(|cause| cause.to_string().contains(words));

        if says("No CA certificates were loaded") {
            return self
                .untrusted("this machine has no CA certificates; install them or set ca_file");
        }
        if let Some(tls) = causes
            .iter()
            .find_map(|c| c.downcast_ref::<rustls::Error>())
        {
            return match certificate_problem(tls) {
                Some(problem) => self.untrusted(&problem),
                None => self.unreachable(&format!("no TLS connection: {tls}")),
            };
        }
        if says("proxy authorization required") {
            return Fault::Http {
                // The proxy's own answer: Proxy Authentication Required.
                status: 407,
                excerpt: Clean::from("the proxy wants a user name and password"),
            };
        }
        if error.is_timeout() {
            return self.unreachable(if error.is_connect() {
                "no connection in time"
            } else {
                "no answer in time"
            });
        }
        if error.is_dns() || says("dns error") {
            return self.unreachable("the host name does not resolve");
        }
        if let Some(kind) = causes
            .iter()
            .find_map(|c| c.downcast_ref::<io::Error>())
            .map(io::Error::kind)
            && let Some(words) = connection_problem(kind)
        {
            return self.unreachable(words);
        }
        if error.is_connect() && says("unsuccessful") {
            return self.unreachable("the proxy would not connect");
        }
        let broken = error.is_body() || error.is_decode() || says("connection closed");
        if broken || says("end of file") {
            return self.unreachable("the connection broke before the reply was complete");
        }
        // Causes nobody has seen yet, but for one that might show the URL.
        let last = causes.last().map(ToString::to_string);
        match last.filter(|text| !text.contains("://") && !text.contains("usersig")) {
            Some(text) => self.unreachable(clean(&text).as_str()),
            None => self.unreachable("the call could not be made"),
        }
    }
}

/// All that lies under the error, outermost first. An I/O error hides its content
/// from `source`, and that content is where TLS says what is wrong.
fn causes(error: &reqwest::Error) -> Vec<&(dyn Error + 'static)> {
    let mut all = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        // Nested errors of the library would print their URL.
        if !cause.is::<reqwest::Error>() {
            all.push(cause);
        }
        let inside = cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match inside {
            Some(inside) => Some(inside),
            None => cause.source(),
        };
    }
    all
}

/// Which certificate problem it is; `None` for other TLS errors.
fn certificate_problem(error: &rustls::Error) -> Option<String> {
    if matches!(error, rustls::Error::NoCertificatesPresented) {
        return Some("it shows no certificate".to_owned());
    }
    let rustls::Error::InvalidCertificate(problem) = error else {
        return None;
    };
    let words = if matches!(problem, P::UnknownIssuer) {
        "its certificate comes from an authority this machine does not know"
    } else if matches!(
        problem,
        P::NotValidForName | P::NotValidForNameContext { .. }
    ) {
        "its certificate is for another host"
    } else if matches!(problem, P::Expired | P::ExpiredContext { .. }) {
        "its certificate has expired, or this machine's clock is ahead"
    } else if matches!(problem, P::NotValidYet | P::NotValidYetContext { .. }) {
        "its certificate is not valid yet, or this machine's clock is behind"
    } else if matches!(problem, P::Revoked) {
        "its certificate has been revoked"
    } else {
        return Some(format!("its certificate is refused: {problem}"));
    };
    Some(words.to_owned())
}

/// What the operating system says of a connection, in words.
fn connection_problem(kind: io::ErrorKind) -> Option<&'static str> {
    let rows = [
        (io::ErrorKind::ConnectionRefused, "connection refused"),
        (io::ErrorKind::ConnectionReset, "the connection was reset"),
        (io::ErrorKind::ConnectionAborted, "the connection was reset"),
        (io::ErrorKind::BrokenPipe, "the connection was reset"),
        (io::ErrorKind::NetworkUnreachable, "no network"),
        (io::ErrorKind::HostUnreachable, "no route to the host"),
        (io::ErrorKind::NetworkDown, "no network"),
        (io::ErrorKind::TimedOut, "no connection in time"),
    ];
    rows.into_iter()
        .find_map(|(known, words)| (known == kind).then_some(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_error_says_which() {
        let rows = [
            (P::UnknownIssuer, "authority"),
            (P::NotValidForName, "another host"),
            (P::Expired, "expired"),
            (P::NotValidYet, "not valid yet"),
            (P::Revoked, "revoked"),
            (P::BadEncoding, "refused"),
        ];
        for (problem, word) in rows {
            let text = certificate_problem(&rustls::Error::InvalidCertificate(problem));
            assert!(
                text.as_deref().is_some_and(|t| t.contains(word)),
                "{text:?}"
            );
        }
        let other = rustls::Error::General("handshake".to_owned());
        assert_eq!(certificate_problem(&other), None);
    }

    #[test]
    fn the_proxy_in_between_is_named() {
        let peer = Peer {
            host: "console.tim.qq.com".to_owned(),
            proxy: Some("proxy.example:3128".to_owned()),
        };
        let text = peer.unreachable("connection refused").to_string();
        assert!(text.contains("proxy.example:3128"), "{text}");
    }
}
