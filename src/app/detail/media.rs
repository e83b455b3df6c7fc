//! Elements that stand for something stored elsewhere, and streams.

use super::sheet::Writer;
use super::words;
use crate::app::line::Role;
use crate::model::element::{ImageSize, Stream, Video};
use crate::model::host::ascii_host;
use crate::model::text;

/// An image in all its sizes.
pub(super) fn image(
    writer: &mut Writer<'_>,
    uuid: Option<&str>,
    format: Option<i64>,
    sizes: &[ImageSize],
) {
    number(writer, "format", format, words::image_format);
    writer.given("UUID", uuid);
    if sizes.is_empty() {
        writer.say(Role::Warning, "No sizes in the reply, so there is no URL.");
    }
    for size in sizes {
        let name = words::image_size(size.kind);
        writer.fact(&name, extent(size));
        writer.indented(|w| address(w, size.url.as_deref(), uuid));
    }
}

/// Size, name at the service and address of a file, or of what else has one of each.
pub(super) fn stored(
    writer: &mut Writer<'_>,
    size: Option<u64>,
    uuid: Option<&str>,
    url: Option<&str>,
) {
    number(writer, "size", size, words::bytes);
    writer.given("UUID", uuid);
    address(writer, url, uuid);
}

/// A video and its still picture.
pub(super) fn video(writer: &mut Writer<'_>, video: &Video) {
    writer.given("format", video.format.as_deref());
    number(writer, "length", video.seconds, text::duration_s);
    stored(
        writer,
        video.size,
        video.uuid.as_deref(),
        video.url.as_deref(),
    );
    writer.fact("picture", extent(&video.thumb));
    writer.indented(|w| {
        w.given("format", video.thumb_format.as_deref());
        w.given("UUID", video.thumb_uuid.as_deref());
        address(w, video.thumb.url.as_deref(), video.thumb_uuid.as_deref());
    });
}

/// A stream, in whichever form history gives it.
pub(super) fn stream(writer: &mut Writer<'_>, stream: &Stream) {
    match &stream.markdown {
        Some(markdown) => writer.prose(Role::Text, &text::clean(markdown)),
        None => writer.say(
            Role::Warning,
            "The reply holds neither its Markdown nor its chunks, only this:",
        ),
    }
    if let Some(text) = &stream.compatible_text {
        writer.given("CompatibleText", Some(text));
    }
    if stream.chunks > 0 {
        writer.fact("chunks", stream.chunks.to_string());
    }
    match stream.ended {
        Some(true) => writer.fact("ended", "yes"),
        Some(false) => writer.field("ended", Role::Warning, &"not in this reply".into()),
        None => writer.field("ended", Role::Dim, &"(not said)".into()),
    }
    if let Some(id) = &stream.id {
        writer.given("StreamMsgID", Some(id));
    }
}

/// The whole address, or why there is none.
fn address(writer: &mut Writer<'_>, url: Option<&str>, uuid: Option<&str>) {
    if let Some(url) = url.filter(|url| !url.is_empty()) {
        writer.prose(Role::Text, &text::clean(url));
        // Two scripts can spell hosts that look the same.
        if let Some(host) = ascii_host(url) {
            writer.field("host", Role::Warning, &text::clean(&host));
        }
        return;
    }
    let why = if uuid.is_some_and(|uuid| !uuid.is_empty()) {
        "No URL: sent by an old SDK: UUID only, cannot be downloaded."
    } else {
        "No URL and no UUID in the reply: nothing says where it is stored."
    };
    writer.say(Role::Warning, why);
}

fn extent(size: &ImageSize) -> String {
    let bytes = match size.size {
        Some(bytes) => words::bytes(bytes),
        None => "size not given".to_owned(),
    };
    match (size.width, size.height) {
        (Some(0), _) | (_, Some(0)) => format!("{bytes}, extent unknown to the service"),
        (Some(width), Some(height)) => format!("{bytes}, {width}x{height}"),
        (None, _) | (_, None) => bytes,
    }
}

/// A number in words; one that is missing is said to be.
pub(super) fn number<T>(
    writer: &mut Writer<'_>,
    label: &str,
    value: Option<T>,
    words: impl Fn(T) -> String,
) {
    match value {
        Some(value) => writer.fact(label, words(value)),
        None => writer.given(label, None),
    }
}
