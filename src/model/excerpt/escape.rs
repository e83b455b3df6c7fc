//! What a stranger wrote, as letters of a format and never as its signs.

use std::fmt::Write as _;

use crate::model::host::with_ascii_host;
use crate::model::text::Clean;

/// How a ticket block is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// With the signs of Markdown.
    Markdown,
    /// Without; what is ours stands in square brackets.
    Plain,
}

/// What means something in Markdown or one of its dialects wherever it stands. The
/// signs that mean something at the start of a line only are not among them: no
/// foreign text ever stands there.
const SIGNS: &str = "\\`*_{}[]<>#!|~&$^@";

impl Style {
    /// The text in one line, with everything that could pass for ours taken apart.
    pub(super) fn escaped(self, text: &Clean) -> String {
        let signs = match self {
            Self::Markdown => SIGNS,
            Self::Plain => "[",
        };
        let line = text.one_line();
        let mut out = String::with_capacity(line.as_str().len());
        for c in line.as_str().chars() {
            if signs.contains(c) {
                out.push('\\');
            }
            out.push(c);
        }
        out
    }

    /// A sender: the name, then the ID in round brackets.
    pub(super) fn sender(self, name: Option<&Clean>, id: Option<&Clean>) -> String {
        let name = name.map(|name| match self {
            Self::Markdown => format!("**{}**", self.escaped(name).trim()),
            Self::Plain => format!("\"{}\"", quotable(&self.escaped(name), "\"\\")),
        });
        let id = id.map(|id| {
            let id = self.escaped(id);
            match self {
                // Its own backslashes are escaped already.
                Self::Markdown => format!("({})", quotable(&id, "()")),
                Self::Plain => format!("({})", quotable(&id, "()\\")),
            }
        });
        let parts: Vec<String> = name.into_iter().chain(id).collect();
        parts.join(" ")
    }

    /// A remark of ours, which no text can imitate.
    pub(super) fn ours(self, words: &str) -> String {
        match self {
            Self::Markdown => format!("*{words}*"),
            Self::Plain => format!("[{words}]"),
        }
    }

    /// A label such as `[image 1.8 MB]`, with the address it leads to.
    pub(super) fn label(self, label: &Clean, url: Option<&str>) -> String {
        let text = label.as_str();
        let inner = text.strip_prefix('[').and_then(|t| t.strip_suffix(']'));
        let inner = label.slice(inner.map_or(0..text.len(), |inner| 1..1 + inner.len()));
        let inner = self.escaped(&inner);
        match (self, url.and_then(link)) {
            (Self::Markdown, Some(url)) => format!("[{inner}]({url})"),
            (Self::Markdown, None) => format!("\\[{inner}\\]"),
            (Self::Plain, Some(url)) => format!("[{inner} {url}]"),
            (Self::Plain, None) => format!("[{inner}]"),
        }
    }
}

fn quotable(text: &str, signs: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if signs.contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// An address of the web with everything percent-encoded that could end it early;
/// `None` for anything that is no such address.
pub(super) fn link(url: &str) -> Option<String> {
    let lower = url.trim().to_ascii_lowercase();
    if !lower.starts_with("https://") && !lower.starts_with("http://") {
        return None;
    }
    let url = with_ascii_host(url.trim());
    let mut out = String::with_capacity(url.len());
    for byte in url.bytes() {
        let safe = byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'*+,=%".contains(&byte);
        if safe {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    Some(out)
}
