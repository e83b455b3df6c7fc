//! The element types of the service, field by field (api-facts 5).

use super::forward::Relay;
use super::system::System;
use super::{Decoder, MAX_FORWARDS, MAX_LISTED};
use crate::model::json::{Node, NodeKind};

/// What an element is. Every field may be missing; numbers may have come as
/// strings. Text is not sanitised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// `TIMTextElem`; empty where the text is missing.
    Text(String),
    /// `TIMFaceElem`.
    Face {
        /// Which face of the app's set.
        index: Option<i64>,
        /// App-defined; may hold control characters.
        data: Option<String>,
    },
    /// `TIMCustomElem`.
    Custom {
        /// Whatever the app put in: JSON, base64, protobuf bytes as characters.
        data: Option<String>,
        /// The app's description.
        desc: Option<String>,
        /// The app's extension.
        ext: Option<String>,
        /// The push ringtone.
        sound: Option<String>,
    },
    /// `TIMImageElem`.
    Image {
        /// The image's name at the service.
        uuid: Option<String>,
        /// 1 JPG, 2 GIF, 3 PNG, 4 BMP, 255 other.
        format: Option<i64>,
        /// In the order of the reply.
        sizes: Vec<ImageSize>,
    },
    /// `TIMSoundElem`.
    Sound {
        /// Missing from old senders, whose sounds cannot be fetched.
        url: Option<String>,
        /// The sound's name at the service.
        uuid: Option<String>,
        /// Bytes.
        size: Option<u64>,
        /// Length in seconds.
        seconds: Option<u64>,
    },
    /// `TIMFileElem`.
    File {
        /// Missing from old senders, whose files cannot be fetched.
        url: Option<String>,
        /// The file's name at the service.
        uuid: Option<String>,
        /// Bytes.
        size: Option<u64>,
        /// May be a whole `file:///private/...` path.
        name: Option<String>,
    },
    /// `TIMVideoFileElem`.
    Video(Box<Video>),
    /// `TIMLocationElem`.
    Location {
        /// The place in words.
        desc: Option<String>,
        /// Degrees, in the number's own spelling: up to 15 decimals.
        latitude: Option<String>,
        /// Degrees, in the number's own spelling: up to 15 decimals.
        longitude: Option<String>,
    },
    /// `TIMRelayElem`: a merged forward.
    Relay(Relay),
    /// `TIMStreamElem`: an answer that came in pieces.
    Stream(Stream),
    /// `TIMGroupTipElem`, as client SDKs call what happened in a group.
    Tip(System),
    /// `TIMGroupSystemNoticeElem`: only the label is known.
    Notice,
    /// A type we do not know; see the element's JSON.
    Unknown,
    /// Not an element at all, for the reason given, in our words.
    Broken(String),
}

/// One entry of `ImageInfoArray`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImageSize {
    /// 1 original, 2 large, 3 thumbnail.
    pub kind: Option<i64>,
    /// Bytes.
    pub size: Option<u64>,
    /// Pixels; 0 where the service does not know.
    pub width: Option<u64>,
    /// Pixels; 0 where the service does not know.
    pub height: Option<u64>,
    /// May be dead while the message is still listed.
    pub url: Option<String>,
}

/// The fields of `TIMVideoFileElem`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Video {
    /// Missing from old senders, whose videos cannot be fetched.
    pub url: Option<String>,
    /// The video's name at the service.
    pub uuid: Option<String>,
    /// Bytes.
    pub size: Option<u64>,
    /// Length in seconds; 0 from browsers.
    pub seconds: Option<u64>,
    /// Such as `mp4`.
    pub format: Option<String>,
    /// The still picture; its `kind` is always `None`.
    pub thumb: ImageSize,
    /// The still picture's name at the service.
    pub thumb_uuid: Option<String>,
    /// Such as `JPG`.
    pub thumb_format: Option<String>,
}

/// The fields of `TIMStreamElem`. Its form in history is not documented, so the
/// text is taken from wherever it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stream {
    /// The Markdown of all chunks in order, or of the whole; `None` where
    /// neither came.
    pub markdown: Option<String>,
    /// How many chunks it came in; 0 where it came whole.
    pub chunks: usize,
    /// What clients show that do not know streams.
    pub compatible_text: Option<String>,
    /// `StreamMsgID`.
    pub id: Option<String>,
    /// Whether the end was seen; `None` where nothing says so.
    pub ended: Option<bool>,
}

/// The fields of `MsgContent`, or none of them.
#[derive(Clone, Copy)]
struct Fields<'t>(Option<Node<'t>>);

impl<'t> Fields<'t> {
    fn node(self, name: &str) -> Option<Node<'t>> {
        self.0?.field(name)
    }

    fn text(self, name: &str) -> Option<String> {
        self.node(name).map(super::text_or_json)
    }

    fn number(self, name: &str) -> Option<i64> {
        self.node(name).and_then(Node::int)
    }

    fn amount(self, name: &str) -> Option<u64> {
        self.node(name).and_then(Node::unsigned)
    }
}

impl Decoder<'_> {
    /// A forward comes back here for each message in it, so it is read first:
    /// the many locals of the plain kinds stay off the stack.
    pub(super) fn kind(&self, element: Node<'_>, name: &str) -> Kind {
        if name == "TIMRelayElem" && element.kind() == NodeKind::Object {
            self.relay(element.field("MsgContent"))
        } else {
            self.plain(element, name)
        }
    }

    #[inline(never)]
    fn plain(&self, element: Node<'_>, name: &str) -> Kind {
        match element.kind() {
            NodeKind::Object => {}
            NodeKind::Sealed => return Kind::Broken("nested too deep".to_owned()),
            NodeKind::Array | NodeKind::String | NodeKind::Number | NodeKind::Word => {
                return Kind::Broken("not an element".to_owned());
            }
        }
        let content = element.field("MsgContent");
        let fields = Fields(content);
        let text = |name: &str| fields.text(name);
        let amount = |name: &str| fields.amount(name);
        match name {
            "TIMTextElem" => Kind::Text(text("Text").unwrap_or_default()),
            "TIMFaceElem" => Kind::Face {
                index: fields.number("Index"),
                data: text("Data"),
            },
            "TIMCustomElem" => Kind::Custom {
                data: text("Data"),
                desc: text("Desc"),
                ext: text("Ext"),
                sound: text("Sound"),
            },
            "TIMImageElem" => Kind::Image {
                uuid: text("UUID"),
                format: fields.number("ImageFormat"),
                sizes: list(fields.node("ImageInfoArray"))
                    .map(image_size)
                    .collect(),
            },
            "TIMSoundElem" => Kind::Sound {
                url: text("Url"),
                uuid: text("UUID"),
                size: amount("Size"),
                seconds: amount("Second"),
            },
            "TIMFileElem" => Kind::File {
                url: text("Url"),
                uuid: text("UUID"),
                size: amount("FileSize"),
                name: text("FileName").or_else(|| text("fileName")),
            },
            "TIMVideoFileElem" => Kind::Video(Box::new(video(fields))),
            "TIMLocationElem" => Kind::Location {
                desc: text("Desc"),
                latitude: text("Latitude"),
                longitude: text("Longitude"),
            },
            "TIMStreamElem" => Kind::Stream(stream(fields)),
            "TIMGroupTipElem" => {
                let node = content.unwrap_or(element);
                Kind::Tip(System::read(node, self.part(node)))
            }
            "TIMGroupSystemNoticeElem" => Kind::Notice,
            "" => Kind::Broken("MsgType is missing".to_owned()),
            _ => Kind::Unknown,
        }
    }

    fn relay(&self, content: Option<Node<'_>>) -> Kind {
        if self.forwards >= MAX_FORWARDS {
            return Kind::Broken(format!("more than {MAX_FORWARDS} forwards in each other"));
        }
        let inner = Decoder {
            forwards: self.forwards + 1,
            ..*self
        };
        Kind::Relay(
            content
                .map(|node| Relay::read(&inner, node))
                .unwrap_or_default(),
        )
    }
}

fn list(node: Option<Node<'_>>) -> impl Iterator<Item = Node<'_>> {
    node.into_iter().flat_map(Node::items).take(MAX_LISTED)
}

fn image_size(entry: Node<'_>) -> ImageSize {
    let fields = Fields(Some(entry));
    ImageSize {
        kind: fields.number("Type"),
        size: fields.amount("Size"),
        width: fields.amount("Width"),
        height: fields.amount("Height"),
        url: fields.text("URL").or_else(|| fields.text("Url")),
    }
}

fn video(fields: Fields<'_>) -> Video {
    Video {
        url: fields.text("VideoUrl"),
        uuid: fields.text("VideoUUID"),
        size: fields.amount("VideoSize"),
        seconds: fields.amount("VideoSecond"),
        format: fields.text("VideoFormat"),
        thumb: ImageSize {
            kind: None,
            size: fields.amount("ThumbSize"),
            width: fields.amount("ThumbWidth"),
            height: fields.amount("ThumbHeight"),
            url: fields.text("ThumbUrl"),
        },
        thumb_uuid: fields.text("ThumbUUID"),
        thumb_format: fields.text("ThumbFormat"),
    }
}

fn stream(fields: Fields<'_>) -> Stream {
    let mut chunks: Vec<_> = list(fields.node("Chunks"))
        .map(|chunk| Fields(Some(chunk)))
        .collect();
    if chunks.iter().all(|chunk| chunk.number("Index").is_some()) {
        chunks.sort_by_key(|chunk| chunk.number("Index"));
    }
    let pieces: Vec<_> = chunks
        .iter()
        .filter_map(|chunk| chunk.text("Markdown"))
        .collect();
    let is_true =
        |fields: &Fields<'_>, name| fields.node(name).and_then(Node::flag).map(|n| n != 0);
    let last = chunks
        .iter()
        .filter_map(|chunk| is_true(chunk, "IsLast"))
        .reduce(|a, b| a || b);
    Stream {
        markdown: fields
            .text("Markdown")
            .or_else(|| (!pieces.is_empty()).then(|| pieces.concat())),
        chunks: chunks.len(),
        compatible_text: fields.text("CompatibleText"),
        id: fields.text("StreamMsgID"),
        ended: is_true(&fields, "IsStreamEnded").or(last),
    }
}
