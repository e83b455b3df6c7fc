//! UserSig version 2 (api-facts 3): made from the app's key, or read to see
//! what is wrong with it before the service does.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use ring::hmac;
use secrecy::{ExposeSecret as _, SecretString};

use crate::model::ids::SdkAppId;

/// What a UserSig says of itself.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Contents {
    /// `TLS.identifier`: whom it is for.
    pub(super) identifier: String,
    /// `TLS.sdkappid`: which app it is for.
    pub(super) sdk_app_id: u64,
    /// `TLS.time`: when it was made, Unix seconds.
    pub(super) made: i64,
    /// `TLS.expire`: how long it lasts, seconds.
    pub(super) lifetime: i64,
}

impl Contents {
    /// When it ends, Unix seconds.
    #[must_use]
    pub(super) fn ends(&self) -> i64 {
        self.made.saturating_add(self.lifetime)
    }
}

impl fmt::Debug for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contents")
            .field("sdk_app_id", &self.sdk_app_id)
            .field("made", &self.made)
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

/// Why a text is not a UserSig. Never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotAUserSig {
    /// Nothing there.
    #[error("it is empty")]
    Empty,
    /// `%2A` and the like.
    #[error("it is percent-encoded; paste it as it was made")]
    PercentEncoded,
    /// Letters that its base64 does not use.
    #[error("it holds characters that no UserSig has; it may be in another base64 alphabet")]
    Alphabet,
    /// Padding lost, or cut in the middle.
    #[error("its end is missing")]
    CutOff,
    /// Not a zlib stream.
    #[error("what it holds is not compressed as a UserSig is")]
    NotZlib,
    /// The inner JSON lacks what it needs.
    #[error("what it holds is not a UserSig of version 2")]
    NotVersion2,
}

/// The JSON inside.
#[derive(serde::Serialize, serde::Deserialize)]
struct Inner {
    #[serde(rename = "TLS.ver")]
    version: String,
    #[serde(rename = "TLS.identifier")]
    identifier: String,
    #[serde(rename = "TLS.sdkappid")]
    sdk_app_id: u64,
    #[serde(rename = "TLS.time")]
    time: i64,
    #[serde(rename = "TLS.expire")]
    expire: i64,
    #[serde(rename = "TLS.sig")]
    signature: String,
}

/// Makes a UserSig for `identifier`, valid for `lifetime` seconds from `now` (Unix seconds).
///
/// The key is used as the text the console shows; it is not hex to be decoded.
#[must_use]
pub(super) fn make(
    key: &SecretString,
    (app, identifier): (SdkAppId, &str),
    now: i64,
    lifetime: u32,
) -> SecretString {
    let inner = Inner {
        version: "2.0".to_owned(),
        identifier: identifier.to_owned(),
        sdk_app_id: app.0.into(),
        time: now,
        expire: lifetime.into(),
        signature: signature(key, (app, identifier), now, lifetime),
    };
    let json = serde_json::to_vec(&inner).expect("strings and numbers become JSON");
    let base64 = STANDARD.encode(deflate(&json));
    SecretString::from(base64.replace('+', "*").replace('/', "-").replace('=', "_"))
}

/// Reads a UserSig. Its signature cannot be checked without the key.
///
/// # Errors
/// When it is damaged, and as far as can be told, how.
pub(super) fn read(text: &str) -> Result<Contents, NotAUserSig> {
    let text = text.trim();
    if text.is_empty() {
        return Err(NotAUserSig::Empty);
    }
    if text.contains('%') {
        return Err(NotAUserSig::PercentEncoded);
    }
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '*' | '-' | '_');
    if !text.chars().all(known) {
        return Err(NotAUserSig::Alphabet);
    }
    let base64 = text.replace('*', "+").replace('-', "/").replace('_', "=");
    let packed = STANDARD.decode(base64).map_err(|_| NotAUserSig::CutOff)?;
    let json = inflate(&packed)?;
    let inner: Inner = serde_json::from_slice(&json).map_err(|_| NotAUserSig::NotVersion2)?;
    if inner.version != "2.0" {
        return Err(NotAUserSig::NotVersion2);
    }
    Ok(Contents {
        identifier: inner.identifier,
        sdk_app_id: inner.sdk_app_id,
        made: inner.time,
        lifetime: inner.expire,
    })
}

/// `TLS.sig`: standard base64 of the HMAC-SHA256 over four lines, each ended by a line feed.
fn signature(
    key: &SecretString,
    (app, identifier): (SdkAppId, &str),
    now: i64,
    lifetime: u32,
) -> String {
    let content = format!(
        "TLS.identifier:{identifier}\nTLS.sdkappid:{app}\nTLS.time:{now}\nTLS.expire:{lifetime}\n"
    );
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.expose_secret().as_bytes());
    STANDARD.encode(hmac::sign(&key, content.as_bytes()))
}

/// A zlib stream (RFC 1950).
fn deflate(bytes: &[u8]) -> Vec<u8> {
    // A stored block costs 11 bytes more than its content, so this always fits.
    let mut packed = Vec::with_capacity(bytes.len() + 64);
    let status = Compress::new(Compression::default(), true).compress_vec(
        bytes,
        &mut packed,
        FlushCompress::Finish,
    );
    debug_assert!(matches!(status, Ok(Status::StreamEnd)));
    packed
}

/// Undoes [`deflate`], into at most [`INNER_LIMIT`] bytes.
fn inflate(packed: &[u8]) -> Result<Vec<u8>, NotAUserSig> {
    let mut json = Vec::with_capacity(INNER_LIMIT);
    match Decompress::new(true).decompress_vec(packed, &mut json, FlushDecompress::Finish) {
        Ok(Status::StreamEnd) => Ok(json),
        Ok(Status::Ok | Status::BufError) if json.len() < INNER_LIMIT => Err(NotAUserSig::CutOff),
        Ok(Status::Ok | Status::BufError) => Err(NotAUserSig::NotVersion2),
        Err(_) => Err(NotAUserSig::NotZlib),
    }
}

/// The JSON is about 200 bytes; a userbuf adds some. More is not a UserSig.
const INNER_LIMIT: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Vectors {
        vectors: Vec<Vector>,
        should_be_rejected_or_flagged_by_a_checker: std::collections::BTreeMap<String, String>,
    }

    #[derive(serde::Deserialize)]
    struct Vector {
        name: String,
        sdkappid: u32,
        identifier: String,
        key: String,
        expire: u32,
        time: i64,
        userbuf: Option<String>,
        tls_sig: String,
        inner_json: String,
        usersig: String,
    }

    fn vectors() -> Vectors {
        serde_json::from_str(include_str!(
            "../../tests/fixtures/api/usersig_vectors.json"
        ))
        .expect("the vectors parse")
    }

    #[test]
    fn what_is_made_equals_the_official_libraries() {
        let mut compared = 0;
        for v in vectors().vectors.iter().filter(|v| v.userbuf.is_none()) {
            let key = SecretString::from(v.key.as_str());
            let whom = (SdkAppId(v.sdkappid), v.identifier.as_str());
            assert_eq!(
                signature(&key, whom, v.time, v.expire),
                v.tls_sig,
                "{}",
                v.name
            );

            let made = make(&key, whom, v.time, v.expire);
            let base64 = made.expose_secret().replace('*', "+").replace('-', "/");
            let packed = STANDARD
                .decode(base64.replace('_', "="))
                .expect("padded base64");
            assert_eq!(packed.first(), Some(&0x78), "{}: a zlib header", v.name);
            let json = inflate(&packed).expect("a zlib stream");
            let ours: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
            let theirs: serde_json::Value = serde_json::from_str(&v.inner_json).expect("JSON");
            assert_eq!(ours, theirs, "{}", v.name);
            compared += 1;
        }
        assert!(compared >= 6, "only {compared} vectors");
    }

    #[test]
    fn every_vector_is_read() {
        for v in vectors().vectors {
            let contents = read(&v.usersig).unwrap_or_else(|e| unreachable!("{}: {e}", v.name));
            assert_eq!(contents.identifier, v.identifier, "{}", v.name);
            assert_eq!(contents.sdk_app_id, u64::from(v.sdkappid), "{}", v.name);
            assert_eq!(contents.made, v.time, "{}", v.name);
            assert_eq!(contents.ends(), v.time + i64::from(v.expire), "{}", v.name);
        }
    }

    #[test]
    fn damage_is_named() {
        let damaged = vectors().should_be_rejected_or_flagged_by_a_checker;
        let expected = [
            ("lost_padding", NotAUserSig::CutOff),
            ("rfc4648_urlsafe", NotAUserSig::Alphabet),
            ("truncated", NotAUserSig::CutOff),
            ("gzip_instead_of_zlib", NotAUserSig::NotZlib),
            ("empty", NotAUserSig::Empty),
        ];
        assert_eq!(damaged.len(), expected.len());
        for (name, why) in expected {
            let text = damaged.get(name).expect("a damaged form");
            assert_eq!(read(text), Err(why), "{name}");
        }
        assert_eq!(read("eJyr%2AVgrx"), Err(NotAUserSig::PercentEncoded));
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let packed = deflate(&vec![b'a'; 10 * INNER_LIMIT]);
        assert_eq!(inflate(&packed), Err(NotAUserSig::NotVersion2));
    }
}
