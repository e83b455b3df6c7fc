//! A message in a line: its elements in order, as the message row shows them.

use super::{Body, Content, Element, Kind};
use crate::model::json;
use crate::model::payload::{Beside, Payload, Reading};
use crate::model::text::{Clean, clean};

/// One piece of a summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryPart {
    /// Safe to show; text elements keep their line breaks.
    pub text: Clean,
    /// A label that stands for something, rather than words somebody wrote.
    pub media: bool,
    /// Where the thing itself is, as it came: not sanitised.
    pub url: Option<String>,
}

/// What the message row shows of `body`: text as it is, all else as a label. What it
/// replies to stands in front, what others did with it behind.
#[must_use]
pub fn summary(body: &Body) -> Vec<SummaryPart> {
    let beside = body.cloud_custom_data.as_deref().map(beside);
    let beside = beside.unwrap_or_default();
    let mut parts: Vec<_> = beside.reply.iter().map(|reply| label(reply, &[])).collect();
    match &body.content {
        Content::Elements(elements) => parts.extend(elements.iter().map(|element| SummaryPart {
            url: element.address().map(str::to_owned),
            ..part(element)
        })),
        Content::System(system) => parts.push(words(&one_line(&system.words()))),
        Content::Empty => parts.push(label("empty", &[])),
        Content::Odd(raw) => {
            let quote = json::excerpt(raw.bytes(), QUOTED);
            parts.push(label("unknown body", &[Some(quote)]));
        }
    }
    parts.extend(beside.echo.iter().map(|echo| label(echo, &[])));
    parts
}

/// Most apps keep other things there: what has none of the keys is not decoded.
fn beside(custom: &str) -> Beside {
    if custom.contains("messageRe") {
        Payload::glance(custom).beside()
    } else {
        Beside::default()
    }
}

/// How much of a body of unknown form is quoted, in characters.
const QUOTED: usize = 60;

fn part(element: &Element) -> SummaryPart {
    match &element.kind {
        Kind::Text(text) if text.is_empty() => label("empty text", &[]),
        Kind::Text(text) => words(text),
        Kind::Face { index, .. } => label("face", &[index.map(|index| index.to_string())]),
        Kind::Custom { data, desc, .. } => custom(data.as_deref(), desc.as_ref()),
        Kind::Image { sizes, .. } => {
            let original = sizes.iter().find(|size| size.kind == Some(1));
            let shown = original.or(sizes.first());
            let pixels = shown.and_then(|image| match (image.width?, image.height?) {
                (0, _) | (_, 0) => None,
                (width, height) => Some(format!("{width}x{height}")),
            });
            label(
                "image",
                &[shown.and_then(|image| image.size).map(size), pixels],
            )
        }
        Kind::Sound {
            size: bytes,
            seconds,
            ..
        } => label("sound", &[seconds.map(clock), bytes.map(size)]),
        Kind::File {
            name, size: bytes, ..
        } => {
            let name = name.as_deref().map(|name| base_name(name).to_owned());
            label("file", &[name, bytes.map(size)])
        }
        Kind::Video(video) => {
            let length = video.seconds.filter(|&seconds| seconds > 0).map(clock);
            label("video", &[length, video.size.map(size)])
        }
        Kind::Location {
            desc,
            latitude,
            longitude,
        } => {
            let point = latitude.as_ref().zip(longitude.as_ref());
            let point = point.map(|(latitude, longitude)| format!("{latitude}, {longitude}"));
            let desc = desc.clone().filter(|desc| !desc.is_empty());
            label("location", &[desc.or(point)])
        }
        Kind::Relay(relay) => {
            let listed = i64::try_from(relay.messages.len()).ok();
            let count = relay.count.or(listed.filter(|&count| count > 0));
            let count = count.map(|count| match count {
                1 => "1 message".to_owned(),
                count => format!("{count} messages"),
            });
            let title = relay.title.clone().filter(|title| !title.is_empty());
            let words: Vec<_> = title.into_iter().chain(count).collect();
            label("forward", &[Some(words.join(", "))])
        }
        Kind::Stream(stream) => {
            match stream.markdown.as_ref().or(stream.compatible_text.as_ref()) {
                Some(text) => words(text),
                None => label("stream", &[]),
            }
        }
        Kind::Tip(system) if system.op.is_some() => words(&one_line(&system.words())),
        Kind::Tip(_) | Kind::Notice | Kind::Unknown => label(&element.name, &[]),
        Kind::Broken(reason) => label("unreadable element:", &[Some(reason.clone())]),
    }
}

/// The best line about what an app sent: words where we have some, else the first
/// fields, else its size.
fn custom(data: Option<&str>, desc: Option<&String>) -> SummaryPart {
    let desc = desc.filter(|desc| !desc.is_empty());
    let reading = data.and_then(|data| Payload::glance(data).reading());
    match reading {
        Some(Reading::Known(happened)) => label(&happened, &[]),
        Some(Reading::Said(said)) => words(&said),
        Some(Reading::Named(named)) => {
            // Often the text over again.
            let more = desc.filter(|desc| !named.contains(desc.as_str()));
            label(&named, &[more.cloned()])
        }
        Some(Reading::Fields(fields)) => label("custom", &[desc.cloned(), Some(fields)]),
        None => {
            let bytes = data.map(|data| size(data.len() as u64));
            label("custom", &[desc.cloned(), bytes])
        }
    }
}

fn words(text: &str) -> SummaryPart {
    SummaryPart {
        text: clean(text),
        media: false,
        url: None,
    }
}

/// `[name detail detail]`, on one line, without the details that are empty.
fn label(name: &str, details: &[Option<String>]) -> SummaryPart {
    let mut text = format!("[{name}");
    for detail in details.iter().flatten().filter(|detail| !detail.is_empty()) {
        text.push(' ');
        text.push_str(detail);
    }
    text.push(']');
    SummaryPart {
        text: clean(&one_line(&text)),
        media: true,
        url: None,
    }
}

fn one_line(text: &str) -> String {
    text.replace("\r\n", " ")
        .replace(['\n', '\r', '\t', '\u{2028}', '\u{2029}'], " ")
}

/// The last part of a path, which some clients send whole (api-facts 5).
fn base_name(name: &str) -> &str {
    if name.starts_with("file:") || name.starts_with('/') {
        name.trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or(name)
    } else {
        name
    }
}

/// `0:05`, `12:34`, `1:02:03`.
fn clock(seconds: u64) -> String {
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{rest:02}")
    } else {
        format!("{minutes}:{rest:02}")
    }
}

/// Bytes in decimal units with one decimal, as phones show them: `12.5 kB`.
fn size(bytes: u64) -> String {
    if bytes < 1_000 {
        return format!("{bytes} B");
    }
    // Rounded before the unit is chosen, so that 999,950 is 1.0 MB and not 1000.0 kB.
    let tenths = |unit: u64| (u128::from(bytes) * 10 + u128::from(unit / 2)) / u128::from(unit);
    let units = [(1_000, "kB"), (1_000_000, "MB"), (1_000_000_000, "GB")];
    let fits = units.iter().find(|(unit, _)| tenths(*unit) < 10_000);
    let (unit, name) = fits.unwrap_or(&units[2]);
    let tenths = tenths(*unit);
    format!("{}.{} {name}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_decimal_and_rounded() {
        for (bytes, text) in [
            (0, "0 B"),
            (949, "949 B"),
            (12_535, "12.5 kB"),
            (999_949, "999.9 kB"),
            (999_950, "1.0 MB"),
            (1_853_095, "1.9 MB"),
            (4_000_000_000, "4.0 GB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }

    #[test]
    fn lengths_read_as_a_clock() {
        assert_eq!(clock(5), "0:05");
        assert_eq!(clock(754), "12:34");
        assert_eq!(clock(3_723), "1:02:03");
    }

    #[test]
    fn only_paths_lose_their_folders() {
        assert_eq!(base_name("file:///private/tmp/trim.MOV"), "trim.MOV");
        assert_eq!(base_name("/a/b/"), "b");
        assert_eq!(base_name("24/7 report.pdf"), "24/7 report.pdf");
        assert_eq!(base_name("/"), "");
    }
}
