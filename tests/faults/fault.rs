//! The ways in which a reply goes wrong.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::front::{Line, Reply, Seen};

/// What a gateway says in its own name: with what a terminal must never get.
pub(crate) const HTML: &str = "<html><head><title>\u{1b}]0;owned\u{7}gateway</title></head>\r\n<body>out of order \u{9b}2J</body></html>";

/// Five gigabytes.
const HUGE: u64 = 5_000_000_000;

/// A chunk of the transfer encoding, and what it weighs.
const CHUNK: usize = 0x1_0000;

/// Where a page is cut.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cut {
    After(usize),
    Middle,
    Before(usize),
}

/// What becomes of the items of a page; the request for it comes with them.
pub(crate) type Change = fn(&[Value], &Value) -> Vec<Value>;

impl Cut {
    /// How much is left of so much.
    fn of(self, length: usize) -> usize {
        match self {
            Self::After(bytes) => bytes,
            Self::Middle => length / 2,
            Self::Before(bytes) => length - bytes,
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// Read, and never answered.
    Silence,
    /// One byte a second.
    Drip,
    /// A gateway's page with this status line.
    Status(&'static str),
    ResetBefore,
    ResetWithin,
    ResetAfter,
    /// Less than was announced, then the end of the connection.
    Short,
    /// A whole reply whose page ends early.
    Cut(Cut),
    /// The beginning of a reply, then the end of the connection.
    Broken(Cut),
    /// The right page with a header that says something else.
    Header(&'static str),
    /// Headers without an end.
    Headers,
    /// A reply of these bytes.
    Body(fn() -> Vec<u8>),
    /// A page with this status line that repeats the request, UserSig and all.
    Echo(&'static str),
    /// A refusal whose text repeats the request.
    EchoInfo,
    /// Elsewhere: to this URL.
    Redirect(String),
    GzipBomb,
    /// Five gigabytes, announced or in chunks without an end.
    Huge {
        announced: bool,
    },
    Code(u32),
    CodeAsText(u32),
    /// The reply as the service gives it, changed.
    Changed(fn(&mut Value)),
    /// The items of a page, changed.
    Items(Change),
    /// 10018 for whoever asks for more.
    MoreThan(u64),
    /// Answers when a later one has been answered, every second time.
    Late(Arc<Overtaking>),
}

/// How often a reply was overtaken by a later one.
#[derive(Debug, Default)]
pub(crate) struct Overtaking {
    met: AtomicUsize,
    answered: AtomicUsize,
    pub(crate) overtaken: AtomicUsize,
}

impl Overtaking {
    /// Waits to be overtaken, if it is its turn; not for long, for nothing may follow.
    fn wait(&self) {
        if self.met.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) {
            let before = self.answered.load(Ordering::SeqCst);
            for _ in 0..100 {
                if self.answered.load(Ordering::SeqCst) > before {
                    self.overtaken.fetch_add(1, Ordering::SeqCst);
                    // The one before has to get there first.
                    settle();
                    return;
                }
                thread::sleep(Duration::from_millis(10));
            }
        }
    }
}

impl Fault {
    /// Whether the connection ends in a reset.
    pub(crate) fn resets(&self) -> bool {
        matches!(
            self,
            Self::ResetBefore | Self::ResetWithin | Self::ResetAfter
        )
    }

    /// Answers; `None` ends the connection.
    pub(crate) fn answer(
        &self,
        seen: &Seen,
        line: &mut dyn Line,
        ask: impl Fn() -> Option<Reply>,
    ) -> Option<()> {
        match self {
            Self::Silence => {
                // Until the client has had enough.
                let _ = line.read(&mut [0]);
                None
            }
            Self::Drip => {
                for byte in ask()?.bytes() {
                    line.write_all(&[byte]).ok()?;
                    line.flush().ok()?;
                    thread::sleep(Duration::from_secs(1));
                }
                None
            }
            Self::ResetBefore => None,
            Self::ResetWithin => {
                let bytes = ask()?.bytes();
                line.write_all(&bytes[..bytes.len() / 2]).ok()?;
                settle();
                None
            }
            Self::ResetAfter => {
                line.write_all(&ask()?.bytes()).ok()?;
                settle();
                None
            }
            Self::Short => {
                let bytes = ask()?.bytes();
                line.write_all(&bytes[..bytes.len() - 20]).ok()?;
                line.flush().ok()?;
                None
            }
            Self::Broken(cut) => {
                let reply = ask()?;
                let bytes = reply.bytes();
                let head = bytes.len() - reply.body.len();
                let kept = head + cut.of(reply.body.len());
                line.write_all(&bytes[..kept]).ok()?;
                None
            }
            Self::Headers => {
                line.write_all(b"HTTP/1.1 200 OK\r\nX-Endless: ").ok()?;
                pour(line, &vec![b'x'; CHUNK])
            }
            Self::Huge { announced } => huge(line, *announced),
            Self::Late(overtaking) => {
                overtaking.wait();
                line.write_all(&ask()?.bytes()).ok()?;
                overtaking.answered.fetch_add(1, Ordering::SeqCst);
                Some(())
            }
            Self::Status(_)
            | Self::Cut(_)
            | Self::Header(_)
            | Self::Body(_)
            | Self::Echo(_)
            | Self::EchoInfo
            | Self::Redirect(_)
            | Self::GzipBomb
            | Self::Code(_)
            | Self::CodeAsText(_)
            | Self::Changed(_)
            | Self::Items(_)
            | Self::MoreThan(_) => line.write_all(&self.reply(seen, ask()?)?.bytes()).ok(),
        }
    }

    /// Of the faults that are a whole reply.
    fn reply(&self, seen: &Seen, mut reply: Reply) -> Option<Reply> {
        match self {
            Self::Status(status) => {
                (*status).clone_into(&mut reply.status);
                reply.headers = vec!["Content-Type: text/html".to_owned()];
                reply.body = HTML.into();
            }
            Self::Cut(cut) => {
                let kept = cut.of(reply.body.len());
                reply.body.truncate(kept);
            }
            Self::Header(header) => reply.headers = vec![(*header).to_owned()],
            Self::Body(body) => reply.body = body(),
            Self::Echo(status) => {
                (*status).clone_into(&mut reply.status);
                reply.body = format!("<html>{}</html>", seen.head).into_bytes();
            }
            Self::EchoInfo => {
                let target = seen.head.lines().next();
                reply.body = refusal(&json!(10_004), target.unwrap_or_default());
            }
            Self::Redirect(url) => {
                "302 Found".clone_into(&mut reply.status);
                reply.headers = vec![format!("Location: {url}/v4/elsewhere")];
            }
            Self::GzipBomb => {
                reply.headers = vec!["Content-Encoding: gzip".to_owned()];
                reply.body = bomb();
            }
            Self::Code(code) => reply.body = refusal(&json!(code), TOLD),
            Self::CodeAsText(code) => reply.body = refusal(&json!(code.to_string()), TOLD),
            Self::Changed(change) => {
                let mut value = serde_json::from_slice(&reply.body).ok()?;
                change(&mut value);
                reply.body = value.to_string().into_bytes();
            }
            Self::Items(change) => {
                let mut value: Value = serde_json::from_slice(&reply.body).ok()?;
                if let Some(items) = value["RspMsgList"].as_array() {
                    value["RspMsgList"] = change(items, &seen.json()).into();
                }
                reply.body = value.to_string().into_bytes();
            }
            Self::MoreThan(most) => {
                if seen.json()["ReqMsgNumber"].as_u64() > Some(*most) {
                    reply.body = refusal(&json!(10_018), TOLD);
                }
            }
            Self::Silence
            | Self::Drip
            | Self::ResetBefore
            | Self::ResetWithin
            | Self::ResetAfter
            | Self::Short
            | Self::Broken(_)
            | Self::Headers
            | Self::Huge { .. }
            | Self::Late(_) => {}
        }
        Some(reply)
    }
}

/// The words of the service may be anything, too.
const TOLD: &str = "as \u{1b}[31mtold\u{202e} by the test";

fn refusal(code: &Value, info: &str) -> Vec<u8> {
    let reply = json!({
        "ActionStatus": "FAIL",
        "ErrorCode": code,
        "ErrorInfo": info,
    });
    reply.to_string().into_bytes()
}

/// What was written before a reset has to arrive before it.
fn settle() {
    thread::sleep(Duration::from_millis(100));
}

/// A gigabyte of blanks in a megabyte: a thousand members one behind the other.
fn bomb() -> Vec<u8> {
    let mut member = GzEncoder::new(Vec::new(), Compression::best());
    member.write_all(&vec![b' '; 1 << 20]).expect("memory");
    member.finish().expect("memory").repeat(1 << 10)
}

fn huge(line: &mut dyn Line, announced: bool) -> Option<()> {
    let mut piece = vec![b' '; CHUNK];
    let head = if announced {
        format!("HTTP/1.1 200 OK\r\nContent-Length: {HUGE}\r\n\r\n")
    } else {
        piece = [format!("{CHUNK:x}\r\n").as_bytes(), &piece, b"\r\n"].concat();
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned()
    };
    line.write_all(head.as_bytes()).ok()?;
    pour(line, &piece)
}

/// Until it is five gigabytes; `None` when the client has had enough.
fn pour(line: &mut dyn Line, piece: &[u8]) -> Option<()> {
    let mut left = HUGE;
    while left > 0 {
        line.write_all(piece).ok()?;
        left = left.saturating_sub(u64::try_from(CHUNK).unwrap_or(HUGE));
    }
    None
}
