//! Records for reading: HTML as one plain file, and Markdown.
//!
//! No scripts and nothing that is fetched by itself: media are links, and what a message
//! says is escaped, whatever it says.

use std::fmt::Write as _;

use super::manifest::Manifest;
use super::record::Record;
use crate::model::text::{Clean, clean};

/// All of the look. Policy and styles keep a browser from fetching anything by itself.
const TOP: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
    <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
    <meta name=\"referrer\" content=\"no-referrer\">\n";

const STYLE: &str = "<style>\n\
    body { font: 15px/1.5 system-ui, sans-serif; margin: 1em; }\n\
    td { vertical-align: top; padding: 0 .8em .3em 0; overflow-wrap: anywhere; }\n\
    td.seq, time { color: #595959; white-space: nowrap; }\n\
    em { color: #8a4b00; }\n\
    pre { white-space: pre-wrap; overflow-wrap: anywhere; }\n\
    </style>\n";

/// Everything in front of the records.
pub(super) fn html_head(manifest: &Manifest) -> String {
    let title = html(manifest.title().as_str());
    format!(
        "{TOP}<title>{title}</title>\n{STYLE}</head>\n<body>\n<h1>{title}</h1>\n<p>{}</p>\n<table>\n",
        html(manifest.line().as_str())
    )
}

/// One row of the table. Its `id` is `s` and the seq, for links into the file.
pub(super) fn html_record(record: &Record) -> String {
    let time = match &record.time {
        Some(time) => format!("<time>{time}</time>"),
        None => String::new(),
    };
    let by = record.by().map(|by| html(by.as_str()));
    let mut text = Vec::new();
    if let Some(words) = record.state.explained() {
        text.push(format!("<em>[{words}]</em>"));
    }
    if !record.text.is_empty() {
        text.push(html(record.text.as_str()));
    }
    for media in &record.media {
        text.push(format!(
            "<a rel=\"noreferrer noopener\" href=\"{}\">{}</a>",
            html(&media.url),
            html(media.label.as_str())
        ));
    }
    format!(
        "<tr id=\"s{0}\" class=\"{1}\"><td class=\"seq\">{0}</td><td>{time}</td><td>{2}</td><td>{3}</td></tr>\n",
        record.seq,
        record.state,
        by.unwrap_or_default(),
        text.join(" "),
    )
}

/// Everything behind them.
pub(super) fn html_foot(manifest: &Manifest) -> String {
    let json = html(&manifest.to_json());
    format!("</table>\n<pre>{json}</pre>\n</body>\n</html>\n")
}

/// Everything in front of the records.
pub(super) fn markdown_head(manifest: &Manifest) -> String {
    format!(
        "# {}\n\n{}\n\n",
        markdown(manifest.title().as_str()),
        markdown(manifest.line().as_str())
    )
}

/// One entry of a list.
pub(super) fn markdown_record(record: &Record) -> String {
    let mut line = format!("- {}", record.seq);
    if let Some(time) = &record.time {
        line.push(' ');
        line.push_str(time);
    }
    if let Some(by) = record.by() {
        // Writing to a string cannot fail, here and below.
        let _ = write!(line, " **{}**:", markdown(by.as_str()));
    }
    if let Some(words) = record.state.explained() {
        let _ = write!(line, " *\\[{words}\\]*");
    }
    if !record.text.is_empty() {
        line.push(' ');
        line.push_str(&markdown(record.text.as_str()));
    }
    for media in &record.media {
        let _ = write!(
            line,
            " [{}](<{}>)",
            markdown(media.label.as_str()),
            media.url
        );
    }
    line.push('\n');
    line
}

/// Everything behind them.
pub(super) fn markdown_foot(manifest: &Manifest) -> String {
    // No run of backticks closes the block: they are escaped in JSON of ours.
    let json = manifest.to_json().replace('`', "\\u0060");
    format!("\n```json\n{json}\n```\n")
}

/// Text for HTML, between tags and inside double quotes.
fn html(text: &str) -> String {
    let text = one_line(text);
    let text = text.as_str().replace('&', "&amp;");
    let text = text.replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#39;")
}

/// Text for Markdown, in the middle of a line: every sign with a meaning is escaped.
fn markdown(text: &str) -> String {
    let text = one_line(text);
    let mut safe = String::with_capacity(text.as_str().len());
    for c in text.as_str().chars() {
        if "\\`*_{}[]<>|~&#!$".contains(c) {
            safe.push('\\');
        }
        safe.push(c);
    }
    safe
}

fn one_line(text: &str) -> Clean {
    clean(text).one_line()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_said_is_markup() {
        assert_eq!(
            html("<script>alert('1 & \"2\"')</script>"),
            "&lt;script&gt;alert(&#39;1 &amp; &quot;2&quot;&#39;)&lt;/script&gt;"
        );
        assert_eq!(
            markdown("*a* _b_ `c` [d](e) <f> |g| #h ![i]"),
            "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\<f\\> \\|g\\| \\#h \\!\\[i\\]"
        );
    }
}
