//! Merged forwards: messages inside a message, to any depth that clients make.

use super::{Body, Decoder, MAX_LISTED, text_or_json};
use crate::model::ids::{Seq, UserId};
use crate::model::json::Node;
use crate::model::message::Timestamp;

/// The fields of `TIMRelayElem` (api-facts 5). Text is not sanitised.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Relay {
    /// `Title`.
    pub title: Option<String>,
    /// `MsgNum`: how many messages were forwarded, here or not.
    pub count: Option<i64>,
    /// `AbstractList`: the first lines, as a preview.
    pub abstracts: Vec<String>,
    /// What clients show that do not know forwards.
    pub compatible_text: Option<String>,
    /// `MsgList`; empty where the contents are not in the reply.
    pub messages: Vec<RelayMessage>,
    /// `JsonMsgKey`, or what older clients call it: over 12 KB the contents are
    /// left out, and no call of this API fetches them.
    pub long_key: Option<String>,
}

/// One message inside a forward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayMessage {
    /// `From_Account`; `None` where missing or empty.
    pub sender: Option<UserId>,
    /// `To_Account`: the other side of a one-to-one chat.
    pub to: Option<UserId>,
    /// `GroupId`: where it was said.
    pub group: Option<String>,
    /// Its seq in that group, not in this one.
    pub seq: Option<Seq>,
    /// `MsgRandom`.
    pub random: Option<u32>,
    /// When it was said.
    pub time: Option<Timestamp>,
    /// What was said.
    pub body: Body,
}

const LONG_KEYS: [&str; 3] = ["JsonMsgKey", "downloadKey", "pbDownloadKey"];

impl Relay {
    pub(super) fn read(decoder: &Decoder<'_>, content: Node<'_>) -> Self {
        let text = |name: &str| content.field(name).map(text_or_json);
        let list = |name: &str| {
            let list = content.field(name).into_iter();
            list.flat_map(Node::items).take(MAX_LISTED)
        };
        Self {
            title: text("Title"),
            count: content.field("MsgNum").and_then(Node::int),
            abstracts: list("AbstractList").map(text_or_json).collect(),
            compatible_text: text("CompatibleText"),
            messages: list("MsgList")
                .map(|item| RelayMessage::read(decoder, item))
                .collect(),
            long_key: LONG_KEYS
                .iter()
                .find_map(|name| text(name).filter(|key| !key.is_empty())),
        }
    }
}

impl RelayMessage {
    fn read(decoder: &Decoder<'_>, item: Node<'_>) -> Self {
        let filled = |name: &str| {
            let text = item.field(name).and_then(Node::text);
            text.filter(|text| !text.is_empty())
        };
        let number = |name: &str| item.field(name).and_then(Node::int);
        Self {
            sender: filled("From_Account").map(UserId::new),
            to: filled("To_Account").map(UserId::new),
            group: filled("GroupId"),
            seq: item.field("MsgSeq").and_then(Node::u32).and_then(Seq::new),
            random: item.field("MsgRandom").and_then(Node::u32),
            time: number("MsgTimeStamp")
                .or_else(|| number("MsgTime"))
                .and_then(Timestamp::new),
            body: decoder.body(item, &["To_Account", "GroupId"]),
        }
    }
}
