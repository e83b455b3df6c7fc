//! The way to the service: names, ports, proxies and certificates.

use std::io::{Write, copy};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpSocket;
use tokio::runtime::Builder;

use crate::front::{Front, lock, read_head};
use crate::visit::{Visit, home, profile, proxy_at, service, unused_proxy};

/// What is under way at the start, list, newest page, heads and names, each with a few tries.
const CALLS: usize = 16;

fn fixture(name: &str) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.join("tests/fixtures/api/tls").join(name)
}

fn certificate(name: &str) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let chain = vec![CertificateDer::from_pem_file(fixture(name)).expect("a certificate")];
    let key = PrivateKeyDer::from_pem_file(fixture("leaf_key.pem")).expect("a key");
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("TLS versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("a certificate and its key");
    Arc::new(config)
}

fn trusting(authority: &str) -> String {
    format!("ca_file = \"{}\"", fixture(authority).display())
}

pub(crate) fn does_not_resolve() {
    let service = service();
    let front = Front::before(service.address());
    let home = home(&profile("https://service.invalid", ""));
    let visit = Visit::at(service, front, home);
    visit.stands(&[
        "service.invalid",
        "the host name does not resolve",
        "next try in",
    ]);
    visit.leave();
}

pub(crate) fn is_refused() {
    // Bound and not listening, it refuses, and nobody else is given the port meanwhile.
    let socket = TcpSocket::new_v4().expect("a socket");
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    socket.bind(any).expect("a free port");
    let address = socket.local_addr().expect("bound");
    let service = service();
    let nobody = Front::before(service.address());
    let home = home(&profile(&format!("http://{address}"), &unused_proxy()));
    let mut visit = Visit::at(service, nobody, home);
    visit.stands(&["no answer from 127.0.0.1", "connection refused"]);
    let runtime = Builder::new_current_thread().enable_io().build();
    let listener = runtime
        .expect("a runtime")
        // As many may wait as the standard library lets.
        .block_on(async { socket.listen(128)?.into_std() });
    let listener = listener.expect("it listens");
    listener.set_nonblocking(false).expect("ours");
    visit.front = Front::at(listener, visit.service.address());
    visit.t.keys("r");
    visit.reads();
    visit.is_whole("");
    visit.leave();
}

/// A proxy that asks for a password until it is told not to, and keeps what it heard.
struct Proxy {
    address: SocketAddr,
    opens: Arc<AtomicBool>,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn before(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("bound");
        let (opens, heard) = (Arc::new(AtomicBool::new(false)), Arc::default());
        let (open, log) = (Arc::clone(&opens), Arc::clone(&heard));
        thread::spawn(move || {
            for tcp in listener.incoming().flatten() {
                let (open, log) = (open.load(Ordering::SeqCst), Arc::clone(&log));
                thread::spawn(move || connect(tcp, target, open, &log));
            }
        });
        Self {
            address,
            opens,
            heard,
        }
    }
}

/// `None` when a side is gone.
fn connect(
    mut tcp: TcpStream,
    target: SocketAddr,
    opens: bool,
    heard: &Mutex<Vec<String>>,
) -> Option<()> {
    lock(heard).push(read_head(&mut tcp)?);
    if !opens {
        let refusal = "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
        return tcp.write_all(refusal.as_bytes()).ok();
    }
    tcp.write_all(b"HTTP/1.1 200 OK\r\n\r\n").ok()?;
    let mut there = TcpStream::connect(target).ok()?;
    let (mut from, mut to) = (tcp.try_clone().ok()?, there.try_clone().ok()?);
    thread::spawn(move || copy(&mut from, &mut to));
    copy(&mut there, &mut tcp).ok()?;
    None
}

pub(crate) fn proxy_wants_a_password() {
    let service = service();
    let front = Front::before(service.address());
    front.show_certificate(certificate("other_host.pem"));
    let proxy = Proxy::before(front.address);
    let proxied = proxy_at(&proxy.address.to_string());
    let rest = format!("{}\n{proxied}", trusting("ca.pem"));
    let home = home(&profile("https://elsewhere.example", &rest));
    let visit = Visit::at(service, front, home);
    visit.stands(&[
        "HTTP 407",
        "the proxy wants a user name and password",
        "`proxy`",
    ]);
    let refused = lock(&proxy.heard).len();
    assert!(refused <= CALLS, "{refused} calls");
    assert_eq!(visit.front.seen().len(), 0);
    proxy.opens.store(true, Ordering::SeqCst);
    visit.t.keys("r");
    visit.reads();
    visit.is_whole("");
    for head in lock(&proxy.heard).iter() {
        // What a proxy needs: where to, and who asks.
        let line = head.lines().next();
        assert_eq!(line, Some("CONNECT elsewhere.example:443 HTTP/1.1"));
        assert!(!head.contains("usersig"), "{head}");
    }
    visit.leave();
}

/// Told which problem it is; not one request gets out, and a good certificate mends it.
fn is_not_trusted(shown: &str, words: &str) {
    let service = service();
    let front = Front::before(service.address());
    front.show_certificate(certificate(shown));
    let url = front.url().replace("http:", "https:");
    let home = home(&profile(
        &url,
        &format!("{}\n{}", trusting("ca.pem"), unused_proxy()),
    ));
    let visit = Visit::at(service, front, home);
    visit.stands(&["127.0.0.1", "is not trusted", words]);
    assert_eq!(visit.front.seen().len(), 0);
    visit.front.show_certificate(certificate("good.pem"));
    visit.t.keys("r");
    visit.reads();
    visit.is_whole("");
    visit.leave();
}

pub(crate) fn another_host() {
    is_not_trusted("other_host.pem", "for another host");
}

pub(crate) fn has_expired() {
    is_not_trusted("expired.pem", "has expired");
}

pub(crate) fn not_valid_yet() {
    is_not_trusted("not_yet.pem", "not valid yet");
}

/// Only another setting mends that, and a new start.
pub(crate) fn unknown_authority() {
    let service = service();
    let front = Front::before(service.address());
    front.show_certificate(certificate("good.pem"));
    let url = front.url().replace("http:", "https:");
    let profile = |ca: &str| profile(&url, &format!("{}\n{}", trusting(ca), unused_proxy()));
    let home = home(&profile("other_host.pem"));
    let visit = Visit::at(service, front, home);
    visit.stands(&[
        "127.0.0.1",
        "is not trusted",
        "an authority this machine does not know",
    ]);
    assert_eq!(visit.front.seen().len(), 0);
    let (service, front, home) = visit.left();
    home.configure(&profile("ca.pem"));
    let visit = Visit::at(service, front, home);
    visit.reads();
    visit.is_whole("");
    visit.leave();
}
