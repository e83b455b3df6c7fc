//! The search for a secret in what a program leaves behind.

use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use tim_history::emulator::IDENTIFIER;

use crate::signature;

/// A secret as it stands, and in the ways it could be written down by accident.
fn disguises(secret: &str) -> Vec<String> {
    let mut percent = String::new();
    let mut all_percent = String::new();
    let mut hex = String::new();
    for byte in secret.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            percent.push(char::from(byte));
        } else {
            let _ = write!(percent, "%{byte:02X}");
        }
        let _ = write!(all_percent, "%{byte:02X}");
        let _ = write!(hex, "{byte:02x}");
    }
    let login = format!("user:{secret}");
    let mut all = vec![secret.to_owned(), percent, all_percent, hex];
    for text in [secret, &login] {
        all.push(STANDARD.encode(text).trim_end_matches('=').to_owned());
        all.push(URL_SAFE.encode(text).trim_end_matches('=').to_owned());
    }
    all.extend(all.clone().iter().map(|text| text.to_lowercase()));
    all
}

/// How much of a secret may not stand anywhere, and how far its pieces lie apart: any 31
/// characters hold one.
const PIECE: usize = 24;
const APART: usize = 8;

/// A line may be broken, and a text be cut.
fn parts(secret: &str) -> impl Iterator<Item = &str> {
    let all = (0..secret.len()).step_by(APART);
    all.map_while(|from| secret.get(from..from + PIECE))
}

/// Which secret stands here, in which form; a signature counts, whoever made it.
pub(crate) fn found(bytes: &[u8], secrets: &[&str]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    // A line of the terminal may be broken anywhere.
    let joined: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    for (at, secret) in secrets.iter().enumerate() {
        for (how, disguise) in disguises(secret).iter().enumerate() {
            if text.contains(disguise) || joined.contains(disguise) {
                return Some(format!("secret {at} in form {how}"));
            }
        }
    }
    for (at, secret) in secrets.iter().enumerate() {
        if parts(secret).any(|part| text.contains(part)) {
            return Some(format!("a part of secret {at}"));
        }
    }
    let signature = |run: &str| run.len() > 100 && run.contains("eJ");
    let mut runs = text.split(|c: char| !c.is_ascii_alphanumeric() && !"*-_+/=".contains(c));
    runs.any(signature).then(|| "a UserSig".to_owned())
}

#[test]
fn the_search_for_secrets_finds_one_in_each_disguise() {
    const SECRET: &str = "c4nary+pass/word";
    for disguise in disguises(SECRET) {
        let text = format!("before {disguise} after");
        assert!(found(text.as_bytes(), &[SECRET]).is_some(), "{disguise}");
    }
    let sig = signature::of(IDENTIFIER, 0);
    assert!(found(sig.as_bytes(), &[SECRET]).is_some());
    let broken = sig.as_bytes().chunks(40).collect::<Vec<_>>();
    let broken = broken.join(&b"\x1b[5;1H"[..]);
    assert!(found(&broken, &[&sig]).is_some());
    assert_eq!(found(b"nothing of that kind", &[SECRET]), None);
}
