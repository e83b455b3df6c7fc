//! A gateway in front of the embedded service that breaks replies when it is told to.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;

use crate::fault::Fault;

/// The command of a page of history.
pub(crate) const HISTORY: &str = "group_msg_get_simple";

/// A connection that says nothing for so long is left: by then every client has gone.
const PATIENCE: Duration = Duration::from_secs(40);

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
    pub(crate) at: Instant,
    /// A fault was its answer.
    pub(crate) struck: bool,
}

impl Seen {
    fn target(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    pub(crate) fn command(&self) -> &str {
        let path = self.target().split('?').next().unwrap_or_default();
        path.rsplit('/').next().unwrap_or_default()
    }

    pub(crate) fn usersig(&self) -> &str {
        let (_, query) = self.target().split_once('?').unwrap_or_default();
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let sig = pairs.find(|(name, _)| *name == "usersig");
        sig.map_or("", |(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// All of it but the one place where a UserSig belongs.
    pub(crate) fn without_usersig(&self) -> Vec<u8> {
        let head = match self.usersig() {
            "" => self.head.clone(),
            sig => self.head.replacen(sig, "", 1),
        };
        [head.as_bytes(), &self.body].concat()
    }
}

/// Which requests a fault strikes.
#[derive(Debug, Clone)]
struct Rule {
    fault: Fault,
    /// All commands, or this one.
    only: Option<&'static str>,
    /// So many go well before.
    after: usize,
    /// So many are left; `None`: all.
    left: Option<usize>,
}

#[derive(Debug)]
struct Shared {
    upstream: SocketAddr,
    rule: Mutex<Option<Rule>>,
    seen: Mutex<Vec<Seen>>,
    /// Of the body of the service's last reply.
    last_length: AtomicUsize,
    tls: Mutex<Option<Arc<ServerConfig>>>,
}

/// The gateway; it listens as long as the test program lives.
#[derive(Debug, Clone)]
pub(crate) struct Front {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
}

impl Front {
    /// In front of the service at `upstream`, with nothing broken.
    pub(crate) fn before(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        Self::at(listener, upstream)
    }

    pub(crate) fn at(listener: TcpListener, upstream: SocketAddr) -> Self {
        let address = listener.local_addr().expect("bound");
        let shared = Arc::new(Shared {
            upstream,
            rule: Mutex::default(),
            seen: Mutex::default(),
            last_length: AtomicUsize::new(0),
            tls: Mutex::default(),
        });
        let serving = Arc::clone(&shared);
        thread::spawn(move || {
            for tcp in listener.incoming().flatten() {
                let shared = Arc::clone(&serving);
                // The client may leave at any moment: that ends the thread.
                thread::spawn(move || shared.connection(tcp));
            }
        });
        Self { address, shared }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Breaks all replies to this command, or to all commands.
    pub(crate) fn strike(&self, fault: Fault, only: Option<&'static str>) {
        self.set(Rule {
            fault,
            only,
            after: 0,
            left: None,
        });
    }

    /// Breaks `count` replies that bring pages, behind `after` good ones.
    pub(crate) fn strike_pages(&self, fault: Fault, after: usize, count: usize) {
        self.set(Rule {
            fault,
            only: Some(HISTORY),
            after,
            left: Some(count),
        });
    }

    fn set(&self, rule: Rule) {
        *lock(&self.shared.rule) = Some(rule);
    }

    /// From now on the service answers as it should.
    pub(crate) fn end_fault(&self) {
        *lock(&self.shared.rule) = None;
    }

    /// Speaks TLS from the next connection on.
    pub(crate) fn show_certificate(&self, config: Arc<ServerConfig>) {
        *lock(&self.shared.tls) = Some(config);
    }

    /// Bytes in the body of the service's last reply.
    pub(crate) fn last_length(&self) -> usize {
        self.shared.last_length.load(Ordering::SeqCst)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        lock(&self.shared.seen).clone()
    }

    /// Pages asked for so far.
    pub(crate) fn pages(&self) -> Vec<Seen> {
        let mut seen = self.seen();
        seen.retain(|seen| seen.command() == HISTORY);
        seen
    }
}

/// The two kinds of connection.
pub(crate) trait Line: Read + Write {}
impl<T: Read + Write> Line for T {}

impl Shared {
    fn connection(&self, tcp: TcpStream) -> Option<()> {
        tcp.set_nodelay(true).ok()?;
        tcp.set_read_timeout(Some(PATIENCE)).ok()?;
        tcp.set_write_timeout(Some(PATIENCE)).ok()?;
        let tls = lock(&self.tls).clone();
        let mut line: Box<dyn Line> = match tls {
            Some(config) => {
                let server = ServerConnection::new(config).expect("a TLS server");
                Box::new(StreamOwned::new(server, tcp))
            }
            None => Box::new(tcp),
        };
        while self.exchange(&mut *line).is_some() {}
        None
    }

    /// One request and what becomes of it; `None` ends the connection.
    fn exchange(&self, line: &mut dyn Line) -> Option<()> {
        let head = read_head(line)?;
        let length = length(&head);
        let mut seen = Seen {
            head,
            body: Vec::new(),
            at: Instant::now(),
            struck: false,
        };
        let fault = self.next_fault(seen.command());
        seen.struck = fault.is_some();
        // Closed with a byte unread, a connection ends in a reset. All bodies are objects.
        let resets = fault.as_ref().is_some_and(Fault::resets);
        seen.body.resize(length - usize::from(resets), 0);
        line.read_exact(&mut seen.body).ok()?;
        if resets {
            seen.body.push(b'}');
        }
        lock(&self.seen).push(seen.clone());
        match fault {
            None => line.write_all(&self.ask(&seen)?.bytes()).ok(),
            Some(fault) => fault.answer(&seen, line, || self.ask(&seen)),
        }
    }

    fn next_fault(&self, command: &str) -> Option<Fault> {
        let mut rule = lock(&self.rule);
        let found = rule.as_mut()?;
        if found.only.is_some_and(|only| only != command) || found.left == Some(0) {
            return None;
        }
        if found.after > 0 {
            found.after -= 1;
            return None;
        }
        found.left = found.left.map(|left| left - 1);
        Some(found.fault.clone())
    }

    /// What the service itself answers.
    fn ask(&self, seen: &Seen) -> Option<Reply> {
        let mut tcp = TcpStream::connect(self.upstream).ok()?;
        let line = seen.head.lines().next()?;
        let head = format!(
            "{line}\r\nHost: service\r\nContent-Type: application/json\r\n\
             Connection: close\r\nContent-Length: {}\r\n\r\n",
            seen.body.len()
        );
        tcp.write_all(&[head.as_bytes(), &seen.body].concat())
            .ok()?;
        let mut bytes = Vec::new();
        tcp.read_to_end(&mut bytes).ok()?;
        let _ = tcp.shutdown(Shutdown::Both);
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let body = bytes.split_off(end + 4);
        self.last_length.store(body.len(), Ordering::SeqCst);
        // What time it is there.
        let head = String::from_utf8(bytes).ok()?;
        let date = |line: &&str| line.to_ascii_lowercase().starts_with("date:");
        Some(Reply {
            status: "200 OK".to_owned(),
            headers: head.lines().filter(date).map(str::to_owned).collect(),
            body,
        })
    }
}

/// A reply before it is broken.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: String,
    pub(crate) headers: Vec<String>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn head(&self, length: u64) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {}\r\nContent-Length: {length}\r\n", self.status);
        for header in &self.headers {
            head.push_str(header);
            head.push_str("\r\n");
        }
        head.push_str("\r\n");
        head.into_bytes()
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let length = u64::try_from(self.body.len()).expect("it is in memory");
        [self.head(length), self.body.clone()].concat()
    }
}

/// Up to the empty line; `None` when the client is gone.
pub(crate) fn read_head(line: &mut dyn Line) -> Option<String> {
    let mut bytes = Vec::new();
    let mut one = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        if line.read(&mut one).ok()? == 0 {
            return None;
        }
        bytes.extend_from_slice(&one);
    }
    String::from_utf8(bytes).ok()
}

fn length(head: &str) -> usize {
    let header = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_it = name.eq_ignore_ascii_case("content-length");
        is_it.then(|| value.trim().parse().expect("digits"))
    });
    header.unwrap_or(0)
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
