//! UserSigs of the test's own making.

use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use ring::hmac;
use serde_json::json;
use tim_history::emulator::{SDK_APP_ID, SECRET_KEY};

/// How long one is good for, in seconds.
const HOUR: i64 = 3_600;

/// The moment, in Unix seconds.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(since.expect("after 1970").as_secs()).expect("before the end")
}

/// For this identifier, made at `time`.
pub(crate) fn of(identifier: &str, time: i64) -> String {
    let content = format!(
        "TLS.identifier:{identifier}\nTLS.sdkappid:{SDK_APP_ID}\nTLS.time:{time}\nTLS.expire:{HOUR}\n"
    );
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET_KEY.as_bytes());
    let json = json!({
        "TLS.ver": "2.0",
        "TLS.identifier": identifier,
        "TLS.sdkappid": SDK_APP_ID,
        "TLS.expire": HOUR,
        "TLS.time": time,
        "TLS.sig": STANDARD.encode(hmac::sign(&key, content.as_bytes())),
    });
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(json.to_string().as_bytes()).expect("memory");
    let base64 = STANDARD.encode(zlib.finish().expect("memory"));
    base64.replace('+', "*").replace('/', "-").replace('=', "_")
}
