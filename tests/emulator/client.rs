//! A client made by hand: raw TCP, and signatures of our own making.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use ring::hmac;
use serde_json::{Value, json};
use tim_history::emulator::{Emulator, Group, IDENTIFIER, Knobs, SDK_APP_ID, SECRET_KEY, World};

/// The time of every world here: the clock stands still.
pub(crate) const NOW: i64 = 1_760_000_000;

pub(crate) const HISTORY: &str = "group_open_http_svc/group_msg_get_simple";
pub(crate) const LIST: &str = "group_open_http_svc/get_appid_group_list";
pub(crate) const INFO: &str = "group_open_http_svc/get_group_info";
pub(crate) const JOINED: &str = "group_open_http_svc/get_joined_group_list";
pub(crate) const MEMBERS: &str = "group_open_http_svc/get_group_member_info";
pub(crate) const SOME_MEMBERS: &str = "group_open_http_svc/get_specified_group_member_info";
pub(crate) const TOPICS: &str = "million_group_open_http_svc/get_topic";
pub(crate) const PORTRAITS: &str = "profile/portrait_get";

/// A service with these groups, its clock at [`NOW`].
pub(crate) fn serving(groups: Vec<Group>) -> Emulator {
    serving_with(groups, Knobs::default())
}

pub(crate) fn serving_with(groups: Vec<Group>, knobs: Knobs) -> Emulator {
    Emulator::start(World::of(groups).at(NOW), knobs, 0).expect("a free port")
}

/// Who signs, and with what.
#[derive(Clone)]
pub(crate) struct Signer<'a> {
    pub(crate) identifier: &'a str,
    pub(crate) sdk_app_id: u32,
    pub(crate) key: &'a [u8],
    pub(crate) time: i64,
    pub(crate) expire: i64,
}

impl Default for Signer<'_> {
    fn default() -> Self {
        Signer {
            identifier: IDENTIFIER,
            sdk_app_id: SDK_APP_ID,
            key: SECRET_KEY.as_bytes(),
            time: NOW,
            expire: 3600,
        }
    }
}

impl Signer<'_> {
    pub(crate) fn sign(&self) -> String {
        let (id, app, time, expire) = (self.identifier, self.sdk_app_id, self.time, self.expire);
        let content = format!(
            "TLS.identifier:{id}\nTLS.sdkappid:{app}\nTLS.time:{time}\nTLS.expire:{expire}\n"
        );
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.key);
        let sig = STANDARD.encode(hmac::sign(&key, content.as_bytes()));
        pack(
            &json!({
                "TLS.ver": "2.0",
                "TLS.identifier": id,
                "TLS.sdkappid": app,
                "TLS.expire": expire,
                "TLS.time": time,
                "TLS.sig": sig,
            })
            .to_string(),
            Compression::default(),
        )
    }
}

/// Compresses and encodes the JSON inside a UserSig.
pub(crate) fn pack(json: &str, level: Compression) -> String {
    let mut zlib = ZlibEncoder::new(Vec::new(), level);
    zlib.write_all(json.as_bytes()).expect("memory");
    let base64 = STANDARD.encode(zlib.finish().expect("memory"));
    base64.replace('+', "*").replace('/', "-").replace('=', "_")
}

/// The query of a well-formed request.
pub(crate) fn query() -> String {
    let usersig = Signer::default().sign();
    query_with(&usersig)
}

pub(crate) fn query_with(usersig: &str) -> String {
    format!(
        "sdkappid={SDK_APP_ID}&identifier={IDENTIFIER}&usersig={usersig}&random=99999999&contenttype=json"
    )
}

/// A reply as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    pub(crate) fn code(&self) -> u64 {
        self.json()["ErrorCode"].as_u64().expect("an ErrorCode")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find_map(|header| {
            let (found, value) = header.split_once(':')?;
            found.eq_ignore_ascii_case(name).then_some(value)
        });
        header.map(str::trim)
    }
}

/// One connection, for one request or several.
pub(crate) struct Wire(BufReader<TcpStream>);

impl Wire {
    pub(crate) fn to(emulator: &Emulator) -> Wire {
        let stream = TcpStream::connect(emulator.address()).expect("it listens");
        let watchdog = Some(Duration::from_secs(10));
        stream.set_read_timeout(watchdog).expect("a time-out");
        Wire(BufReader::new(stream))
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.0.get_mut().write_all(bytes).expect("it reads");
    }

    /// Nothing more will be sent.
    pub(crate) fn finish(&mut self) {
        let end = self.0.get_mut().shutdown(std::net::Shutdown::Write);
        end.expect("an open connection");
    }

    /// Reads status and headers only: all there is to leave to go on.
    pub(crate) fn receive_head(&mut self) -> Option<(u16, Vec<String>)> {
        let mut line = String::new();
        self.0.read_line(&mut line).ok()?;
        let status = line.split(' ').nth(1)?.parse().ok()?;
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).ok()?;
            if line.trim().is_empty() {
                break;
            }
            headers.push(line.trim().to_owned());
        }
        Some((status, headers))
    }

    /// Reads one reply; `None` when it breaks off.
    pub(crate) fn receive(&mut self) -> Option<Answer> {
        let (status, headers) = self.receive_head()?;
        let mut answer = Answer {
            status,
            headers,
            body: Vec::new(),
        };
        match answer.header("content-length").map(str::parse) {
            Some(length) => {
                answer.body = vec![0; length.ok()?];
                self.0.read_exact(&mut answer.body).ok()?;
            }
            None => {
                self.0.read_to_end(&mut answer.body).ok()?;
            }
        }
        Some(answer)
    }
}

/// The bytes of a POST without any header that is not needed.
pub(crate) fn post(path: &str, query: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "POST /v4/{path}?{query} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// Sends raw bytes on a connection of their own.
pub(crate) fn exchange(emulator: &Emulator, bytes: &[u8]) -> Answer {
    let mut wire = Wire::to(emulator);
    wire.send(bytes);
    wire.receive().expect("an answer")
}

/// A well-formed call.
pub(crate) fn call(emulator: &Emulator, path: &str, body: &Value) -> Value {
    raw_call(emulator, path, body).json()
}

pub(crate) fn raw_call(emulator: &Emulator, path: &str, body: &Value) -> Answer {
    let answer = exchange(emulator, &post(path, &query(), body.to_string().as_bytes()));
    assert_eq!(answer.status, 200);
    answer
}

/// The error code of a well-formed call.
pub(crate) fn code(emulator: &Emulator, path: &str, body: &Value) -> u64 {
    let reply = call(emulator, path, body);
    let code = reply["ErrorCode"].as_u64().expect("an ErrorCode");
    let status = if code == 0 { "OK" } else { "FAIL" };
    if reply.get("ActionStatus").is_some() {
        assert_eq!(reply["ActionStatus"], status);
    }
    code
}

/// The seqs of a history reply, in its order.
pub(crate) fn seqs(reply: &Value) -> Vec<u64> {
    let items = reply["RspMsgList"].as_array().expect("a list");
    items
        .iter()
        .map(|item| item["MsgSeq"].as_u64().expect("a seq"))
        .collect()
}
