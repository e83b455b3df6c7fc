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
            punycode(&label.to_lowercase()).map(|label| format!("xn--{label}"))
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

/// RFC 3492, section 6.3; `None` where it would leave 32 bits.
fn punycode(label: &str) -> Option<String> {
    const FIRST: u32 = 128;
    let mut out: String = label.chars().filter(char::is_ascii).collect();
    let basic = u32::try_from(out.len()).ok()?;
    if basic > 0 {
        out.push('-');
    }
    let count = u32::try_from(label.chars().count()).ok()?;
    let (mut next, mut delta, mut bias, mut done) = (FIRST, 0_u32, 72, basic);
    while done < count {
        let least = label.chars().map(u32::from).filter(|c| *c >= next).min()?;
        delta = delta.checked_add((least - next).checked_mul(done + 1)?)?;
        next = least;
        for c in label.chars().map(u32::from) {
            if c < next {
                delta = delta.checked_add(1)?;
            }
            if c == next {
                variable(&mut out, delta, bias);
                bias = adapted(delta, done + 1, done == basic);
                delta = 0;
                done += 1;
            }
        }
        delta = delta.checked_add(1)?;
        next += 1;
    }
    Some(out)
}

const BASE: u32 = 36;
const LEAST: u32 = 1;
const MOST: u32 = 26;

/// A number in digits whose worth depends on their place.
fn variable(out: &mut String, mut number: u32, bias: u32) {
    let mut k = BASE;
    loop {
        let threshold = k.saturating_sub(bias).clamp(LEAST, MOST);
        if number < threshold {
            break;
        }
        out.push(digit(threshold + (number - threshold) % (BASE - threshold)));
        number = (number - threshold) / (BASE - threshold);
        k += BASE;
    }
    out.push(digit(number));
}

fn digit(number: u32) -> char {
    // Letters come before figures.
    let figure = number.checked_sub(26).and_then(|n| char::from_digit(n, 10));
    let letter = || char::from_digit(number + 10, BASE);
    figure.or_else(letter).unwrap_or('a')
}

/// RFC 3492, section 6.1.
fn adapted(delta: u32, points: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / points;
    let mut k = 0;
    while delta > ((BASE - LEAST) * MOST) / 2 {
        delta /= BASE - LEAST;
        k += BASE;
    }
    k + (BASE - LEAST + 1) * delta / (delta + 38)
}

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

    /// RFC 3492, section 7.1, samples A, B, L and P.
    #[test]
    fn the_samples_of_the_rfc() {
        for (text, code) in [
            (
                "\u{644}\u{64a}\u{647}\u{645}\u{627}\u{628}\u{62a}\u{643}\u{644}\u{645}\u{648}\u{634}\u{639}\u{631}\u{628}\u{64a}\u{61f}",
                "egbpdaj6bu4bxfgehfvwxn",
            ),
            (
                "\u{4ed6}\u{4eec}\u{4e3a}\u{4ec0}\u{4e48}\u{4e0d}\u{8bf4}\u{4e2d}\u{6587}",
                "ihqwcrb4cv8a8dqg056pqjye",
            ),
            (
                "3\u{5e74}b\u{7d44}\u{91d1}\u{516b}\u{5148}\u{751f}",
                "3b-ww4c5e180e575a65lsy2b",
            ),
            (
                "maji\u{3067}koi\u{3059}\u{308b}5\u{79d2}\u{524d}",
                "majikoi5-783gue6qz075azm5e",
            ),
        ] {
            assert_eq!(punycode(text).as_deref(), Some(code));
        }
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
