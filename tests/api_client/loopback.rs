//! A server that answers what a test tells it to and keeps what it was sent, byte by byte.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// What becomes of a request.
pub enum Answer {
    /// These bytes; the connection stays.
    Send(Vec<u8>),
    /// These bytes, then the end of the connection.
    SendAndClose(Vec<u8>),
    /// These bytes, then nothing, with the connection open.
    SendAndHang(Vec<u8>),
    /// Nothing, with the connection open.
    Hang,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The first line, without its end.
    pub line: String,
    headers: Vec<String>,
    pub body: Vec<u8>,
}

impl Seen {
    /// Of the header with this lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    fn target(&self) -> &str {
        self.line.split(' ').nth(1).expect("a request target")
    }

    pub fn path(&self) -> &str {
        self.target().split('?').next().expect("a path")
    }

    /// The value of a query parameter, still encoded.
    pub fn query(&self, name: &str) -> Option<&str> {
        let (_, query) = self.target().split_once('?')?;
        query.split('&').find_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            (key == name).then_some(value)
        })
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }
}

/// The server; it lives as long as the test program.
pub struct Loopback {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Loopback {
    /// `answer` gets the number of the request, from 0, and the request.
    pub fn start(answer: impl Fn(usize, &Seen) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (log, answer) = (Arc::clone(&seen), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                thread::spawn(move || serve(stream, &log, answer.as_ref()));
            }
        });
        Self { address, seen }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.seen).clone()
    }

    /// The one request that came.
    pub fn only(&self) -> Seen {
        let mut seen = self.seen();
        assert_eq!(seen.len(), 1, "one request");
        seen.remove(0)
    }
}

/// A reply with HTTP 200.
pub fn ok(body: &str) -> Vec<u8> {
    http("200 OK", body)
}

/// A reply with any status; without Content-Type, as the service's documentation shows it.
pub fn http(status: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn serve(
    mut stream: TcpStream,
    log: &Mutex<Vec<Seen>>,
    answer: &(impl Fn(usize, &Seen) -> Answer + Send + Sync),
) {
    while let Some(request) = receive(&mut stream) {
        let number = {
            let mut log = lock(log);
            log.push(request.clone());
            log.len() - 1
        };
        let (bytes, stays, hangs) = match answer(number, &request) {
            Answer::Send(bytes) => (bytes, true, false),
            Answer::SendAndClose(bytes) => (bytes, false, false),
            Answer::SendAndHang(bytes) => (bytes, false, true),
            Answer::Hang => (Vec::new(), false, true),
        };
        if stream.write_all(&bytes).is_err() {
            return;
        }
        if hangs {
            // Until the client has had enough.
            let _ = stream.read(&mut [0]);
        }
        if !stays {
            return;
        }
    }
}

/// One request; `None` when the client is gone.
fn receive(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let mut one = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        if stream.read(&mut one).ok()? == 0 {
            return None;
        }
        bytes.extend_from_slice(&one);
    }
    let head = String::from_utf8(bytes).expect("ASCII headers");
    let mut lines = head.lines().map(str::to_owned);
    let mut seen = Seen {
        line: lines.next().expect("a request line"),
        headers: lines.collect(),
        body: Vec::new(),
    };
    let length = seen.header("content-length").map_or(0, |value| {
        value.parse().expect("a Content-Length in digits")
    });
    seen.body.resize(length, 0);
    stream.read_exact(&mut seen.body).ok()?;
    Some(seen)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
