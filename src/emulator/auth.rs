//! Verifies a UserSig, version 2, in the way Tencent's signing libraries make it.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::ZlibDecoder;
use ring::hmac;
use serde_json::Value;

/// Far more than any signature's JSON: guards against a bomb.
const LONGEST: u64 = 64 * 1024;

/// Whom the caller says they are, and under which app.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim<'a> {
    pub(super) sdk_app_id: u32,
    pub(super) identifier: &'a str,
    pub(super) usersig: &'a str,
}

/// Checks a claim at a time in Unix seconds; the error is the service's code.
pub(super) fn verify(claim: Claim<'_>, key: &str, now: i64) -> Result<(), u32> {
    if claim.usersig.is_empty() {
        return Err(70_002);
    }
    let ticket = decode(claim.usersig).ok_or(70_003_u32)?;
    if ticket.sdk_app_id != u64::from(claim.sdk_app_id) {
        return Err(70_014);
    }
    if ticket.identifier != claim.identifier {
        return Err(70_013);
    }
    // The key is the text the console shows, not what its hex digits say.
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    if hmac::verify(&key, ticket.content().as_bytes(), &ticket.signature).is_err() {
        return Err(70_009);
    }
    if now > ticket.time.saturating_add(ticket.expire) {
        return Err(70_001);
    }
    Ok(())
}

/// What is inside a UserSig.
#[derive(Debug)]
struct Ticket {
    identifier: String,
    sdk_app_id: u64,
    time: i64,
    expire: i64,
    userbuf: Option<String>,
    signature: Vec<u8>,
}

fn decode(usersig: &str) -> Option<Ticket> {
    let standard: Option<String> = usersig.chars().map(standard).collect();
    let packed = STANDARD.decode(standard?).ok()?;
    let mut json = String::new();
    let unpacked = ZlibDecoder::new(packed.as_slice());
    unpacked.take(LONGEST).read_to_string(&mut json).ok()?;
    let all: Value = serde_json::from_str(&json).ok()?;
    let text = |name: &str| all.get(name).and_then(Value::as_str);
    if text("TLS.ver") != Some("2.0") {
        return None;
    }
    Some(Ticket {
        identifier: text("TLS.identifier")?.to_owned(),
        sdk_app_id: all.get("TLS.sdkappid")?.as_u64()?,
        time: all.get("TLS.time")?.as_i64()?,
        expire: all.get("TLS.expire")?.as_i64()?,
        userbuf: text("TLS.userbuf").map(str::to_owned),
        signature: STANDARD.decode(text("TLS.sig")?).ok()?,
    })
}

/// From the alphabet of UserSigs, which is not the URL-safe one of RFC 4648.
fn standard(letter: char) -> Option<char> {
    match letter {
        '*' => Some('+'),
        '-' => Some('/'),
        '_' => Some('='),
        _ => letter.is_ascii_alphanumeric().then_some(letter),
    }
}

impl Ticket {
    /// The text that was signed.
    fn content(&self) -> String {
        let mut content = format!(
            "TLS.identifier:{}\nTLS.sdkappid:{}\nTLS.time:{}\nTLS.expire:{}\n",
            self.identifier, self.sdk_app_id, self.time, self.expire
        );
        if let Some(userbuf) = &self.userbuf {
            content.push_str("TLS.userbuf:");
            content.push_str(userbuf);
            content.push('\n');
        }
        content
    }
}
