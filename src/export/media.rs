//! What a message points at: addresses of images, sounds, videos and files.

use std::fmt::Write as _;

use crate::model::element::{Body, Content, Kind};
use crate::model::text::{Clean, clean};

/// Something that can be fetched, as long as the service keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// What it is, in our words or by its file name.
    pub label: Clean,
    /// http or https, percent-encoded: plain ASCII without spaces, quotes and angle brackets.
    pub url: String,
}

/// All that the elements of a message name; nothing that is inside a forward.
#[must_use]
pub(super) fn of(body: &Body) -> Vec<Media> {
    let Content::Elements(elements) = &body.content else {
        return Vec::new();
    };
    let media = elements.iter().filter_map(|element| {
        let url = web(element.address()?)?;
        let label = if let Kind::File { name, .. } = &element.kind {
            name.as_deref().unwrap_or("file")
        } else if let Kind::Image { .. } = &element.kind {
            "image"
        } else if let Kind::Sound { .. } = &element.kind {
            "sound"
        } else {
            "video"
        };
        let label = clean(label).one_line();
        Some(Media { label, url })
    });
    media.collect()
}

/// An address that a browser may be sent to; `None` for `javascript:` and its like.
fn web(url: &str) -> Option<String> {
    let url = url.trim();
    let begins = |scheme: &str| {
        let start = url.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    if !begins("http://") && !begins("https://") {
        return None;
    }
    let mut safe = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_graphic() && !b"<>\"'`\\^{|}".contains(&byte) {
            safe.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(safe, "%{byte:02X}");
        }
    }
    Some(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_followed_and_none_breaks_out() {
        let rows = [
            (
                "https://a.example/b?c=1&d=2",
                Some("https://a.example/b?c=1&d=2"),
            ),
            ("HTTP://a/\"><script>", Some("HTTP://a/%22%3E%3Cscript%3E")),
            (" https://a/图 x", Some("https://a/%E5%9B%BE%20x")),
            ("javascript:alert(1)", None),
            ("data:text/html,x", None),
            ("//a.example", None),
            ("", None),
        ];
        for (url, safe) in rows {
            assert_eq!(web(url).as_deref(), safe, "{url}");
        }
    }
}
