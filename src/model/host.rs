//! The host of an address as the network knows it: letters of other scripts may look
//! like Latin ones, and only their ASCII form tells which address it is.

use std::borrow::Cow;
use std::ops::Range;

/// The host in ASCII, each label of other letters in Punycode behind `xn--`; `None`
/// where the address has no host, or one that is ASCII already.
///
/// The labels are taken as they stand. Browsers fold some characters into others
/// first, so theirs may differ for capitals and compatibility forms; never for what is
/// a name already.
#[must_use]
pub fn ascii_host(url: &str) -> Option<String> {
    let host = url.get(place(url)?)?;
    if host.is_ascii() || host.len() > LONGEST {
        return None;
    }
    // Full stops of other scripts part labels, too.
    let labels = host.split(['.', '\u{3002}', '\u{ff0e}', '\u{ff61}']);
    let labels: Option<Vec<String>> = labels
        .map(|label| {
            if label.is_ascii() {
                return Some(label.to_owned());
            }
            idna::punycode::encode_str(&label.to_lowercase()).map(|label| format!("xn--{label}"))
        })
        .collect();
    Some(labels?.join("."))
}

/// The address with its host in ASCII, where that can be told.
#[must_use]
pub fn with_ascii_host(url: &str) -> Cow<'_, str> {
    let (Some(host), Some(place)) = (ascii_host(url), place(url)) else {
        return Cow::Borrowed(url);
    };
    let mut url = url.to_owned();
    url.replace_range(place, &host);
    Cow::Owned(url)
}

/// Where the host stands, without user and port.
fn place(url: &str) -> Option<Range<usize>> {
    let start = url.find("://")? + 3;
    let rest = url.get(start..)?;
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let authority = rest.get(..end)?;
    let user = authority.rfind('@').map_or(0, |at| at + 1);
    let host = authority.get(user..)?;
    let is_port = |port: &str| port.bytes().all(|b| b.is_ascii_digit());
    let len = match host.rsplit_once(':') {
        Some((host, port)) if is_port(port) => host.len(),
        Some(_) | None => host.len(),
    };
    Some(start + user..start + user + len)
}

/// Far more than the 253 bytes that a name can have.
const LONGEST: usize = 1_024;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hosts_of_other_letters_are_told_in_ascii() {
        for (url, host) in [
            ("https://b\u{fc}cher.example/a?b", "xn--bcher-kva.example"),
            // Cyrillic letters that look Latin.
            (
                "http://\u{430}\u{440}\u{440}\u{4cf}\u{435}.com",
                "xn--80ak6aa92e.com",
            ),
            (
                "https://u:p@\u{4f8b}\u{5b50}.\u{6d4b}\u{8bd5}:8443/x",
                "xn--fsqu00a.xn--0zwm56d",
            ),
            (
                "https://www\u{3002}m\u{dc}nchen\u{ff0e}de#x",
                "www.xn--mnchen-3ya.de",
            ),
            ("https://paypal.com@\u{fc}.de\\x", "xn--tda.de"),
        ] {
            assert_eq!(ascii_host(url).as_deref(), Some(host), "{url}");
        }
        for none in [
            "",
            "b\u{fc}cher.example",
            "https://example.com/\u{fc}",
            "https://[::1]/\u{fc}",
        ] {
            assert_eq!(ascii_host(none), None, "{none}");
            assert_eq!(with_ascii_host(none), none);
        }
        let whole = with_ascii_host("https://u@b\u{fc}cher.example:8443/\u{fc}?@");
        assert_eq!(whole, "https://u@xn--bcher-kva.example:8443/\u{fc}?@");
    }

    proptest! {
        #[test]
        fn any_address_has_an_ascii_host_or_none(host in any::<String>(), url in any::<String>()) {
            for url in [url, format!("https://{host}/")] {
                prop_assert!(ascii_host(&url).is_none_or(|host| host.is_ascii()));
            }
        }
    }
}
