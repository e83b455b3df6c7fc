//! What is known of one seq, for whoever reads it elsewhere.

use std::fmt;

use super::media::{self, Media};
use crate::model::element::{Body, summary};
use crate::model::haystack;
use crate::model::ids::{Seq, UserId};
use crate::model::json;
use crate::model::mask::Mask;
use crate::model::message::{ItemState, Message, Raw};
use crate::model::text::{Clean, clean};
use crate::model::time::{self, Zone};

/// What became of a seq.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// The message is here.
    Present,
    /// Deleted, expired or never stored; the service does not say which.
    Gone,
    /// Recalled by somebody.
    Recalled,
    /// In a range the service has answered for, and not in the answer.
    Withheld,
    /// It came and cannot be read.
    Unreadable,
    /// The call for it was given up.
    Failed,
}

impl State {
    /// All of them, in the order in which they are counted.
    pub const ALL: [Self; 6] = [
        Self::Present,
        Self::Gone,
        Self::Recalled,
        Self::Withheld,
        Self::Unreadable,
        Self::Failed,
    ];

    /// The word of the files, as a filter's `is:` takes it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Gone => "gone",
            Self::Recalled => "recalled",
            Self::Withheld => "withheld",
            Self::Unreadable => "unreadable",
            Self::Failed => "failed",
        }
    }

    /// What it says to somebody who does not know the service; nothing for a message.
    #[must_use]
    pub const fn explained(self) -> Option<&'static str> {
        match self {
            Self::Present => None,
            Self::Gone => Some("gone: deleted, expired or never stored"),
            Self::Recalled => Some("recalled"),
            Self::Withheld => Some("withheld: the service left it out"),
            Self::Unreadable => Some("unreadable"),
            Self::Failed => Some("failed: could not be fetched"),
        }
    }
}

impl From<&ItemState> for State {
    fn from(state: &ItemState) -> Self {
        match state {
            ItemState::Present => Self::Present,
            ItemState::Gone => Self::Gone,
            ItemState::Recalled => Self::Recalled,
            ItemState::Unreadable(_) => Self::Unreadable,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What is known of one seq. A file holds one for each seq of its range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Which.
    pub seq: Seq,
    /// When it was sent (RFC 3339, in the zone of the export), if the service says so.
    pub time: Option<String>,
    /// Who sent it, as it came.
    pub sender: Option<UserId>,
    /// What the sender is called, where somebody asked.
    pub name: Option<Clean>,
    /// What became of it.
    pub state: State,
    /// The types of its elements, each once ([`haystack::KINDS`]).
    pub kinds: Vec<&'static str>,
    /// The message in one line; empty for what is gone, recalled or withheld, the reason
    /// for what is unreadable or failed.
    pub text: Clean,
    /// The service's own JSON; `None` where nothing came.
    pub raw: Option<Raw>,
    /// What can be fetched elsewhere.
    pub media: Vec<Media>,
}

impl Record {
    /// A seq for which an item came.
    #[must_use]
    pub fn of(seq: Seq, message: &Message, name: Option<Clean>, zone: &Zone) -> Self {
        let mut record = Self {
            time: message.time.and_then(|time| time::rfc3339(time, zone)),
            sender: message.sender.clone(),
            name,
            raw: Some(message.raw.clone()),
            ..Self::bare(seq, State::from(&message.state))
        };
        match &message.state {
            ItemState::Present => {
                let body = Body::decode(message);
                record.kinds = haystack::kinds(message);
                record.text = line(&body);
                record.media = media::of(&body);
            }
            // What somebody took back is not told; where the service still has it, it is in `raw`.
            ItemState::Recalled => record.kinds = haystack::kinds(message),
            ItemState::Gone => {}
            ItemState::Unreadable(reason) => record.text = clean(reason).one_line(),
        }
        record
    }

    /// A seq that the service left out of its answer.
    #[must_use]
    pub fn withheld(seq: Seq) -> Self {
        Self::bare(seq, State::Withheld)
    }

    /// A seq that could not be asked for, and why.
    #[must_use]
    pub fn failed(seq: Seq, why: &Clean) -> Self {
        Self {
            text: why.one_line(),
            ..Self::bare(seq, State::Failed)
        }
    }

    /// The same for outsiders: a pseudonym for the sender, no name and no addresses, and
    /// none of the service's own JSON, which shows all of them.
    #[must_use]
    pub fn masked(self, mask: &Mask) -> Self {
        let pseudonym = |id: UserId| UserId::new(mask.sender(&id).as_str());
        Self {
            sender: self.sender.map(pseudonym),
            name: None,
            text: mask.text(&self.text),
            raw: None,
            media: Vec::new(),
            ..self
        }
    }

    fn bare(seq: Seq, state: State) -> Self {
        Self {
            seq,
            time: None,
            sender: None,
            name: None,
            state,
            kinds: Vec::new(),
            text: Clean::default(),
            raw: None,
            media: Vec::new(),
        }
    }

    /// The record as one line of JSON, without its end.
    ///
    /// `raw` stands there as it came: line breaks and tabs between its tokens are blanks,
    /// control and format characters are escaped. What is not JSON stands there as a text.
    #[must_use]
    pub fn to_json(&self) -> String {
        let text = |text: Option<&str>| match text {
            Some(text) => quoted(text),
            None => "null".to_owned(),
        };
        let kinds: Vec<String> = self.kinds.iter().map(|kind| quoted(kind)).collect();
        format!(
            r#"{{"seq":{},"time":{},"sender":{},"name":{},"state":{},"kinds":[{}],"text":{}{}}}"#,
            self.seq,
            text(self.time.as_deref()),
            text(self.sender.as_ref().map(UserId::as_str)),
            text(self.name.as_ref().map(Clean::as_str)),
            quoted(self.state.word()),
            kinds.join(","),
            quoted(self.text.as_str()),
            self.raw_json()
                .map_or(String::new(), |raw| format!(r#","raw":{raw}"#)),
        )
    }

    /// The service's own JSON as it stands in the record.
    #[must_use]
    pub fn raw_json(&self) -> Option<String> {
        self.raw.as_ref().map(|raw| raw_json(raw.bytes()))
    }

    /// Who sent it, to be shown: the name before the ID.
    #[must_use]
    pub fn by(&self) -> Option<Clean> {
        let id = clean(self.sender.as_ref()?.as_str()).one_line();
        let Some(mut by) = self.name.clone() else {
            return Some(id);
        };
        by.push_ours(" (");
        by.push(&id);
        by.push_ours(")");
        Some(by)
    }
}

/// The message as its row shows it, in one line.
fn line(body: &Body) -> Clean {
    let mut line = Clean::default();
    for part in summary(body) {
        if !line.is_empty() {
            line.push_ours(" ");
        }
        line.push(&part.text);
    }
    line.one_line()
}

/// A text of JSON, in which nothing is left that a terminal obeys.
pub(super) fn quoted(text: &str) -> String {
    // A string always becomes JSON.
    let json = serde_json::to_string(text).unwrap_or_default();
    json::escape_unsafe(json.as_bytes())
}

fn raw_json(raw: &[u8]) -> String {
    let (repaired, _) = json::repair(raw);
    if json::check(&repaired).is_err() {
        return quoted(&String::from_utf8_lossy(raw));
    }
    // Those inside texts are escaped by now; what is left stands between tokens.
    json::escape_unsafe(raw).replace(['\n', '\r', '\t'], " ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::model::message::Timestamp;

    fn message(raw: &str, state: ItemState) -> Message {
        Message {
            seq: Seq::new(7),
            time: Timestamp::new(1_714_716_309),
            sender: Some(UserId::new("a\u{1b}b")),
            state,
            system: false,
            random: None,
            priority: None,
            repaired: false,
            raw: Raw::from(raw),
        }
    }

    fn zone() -> Zone {
        Zone::parse("+08:00", &Zone::utc()).expect("an offset")
    }

    fn record(raw: &str, state: ItemState) -> Record {
        let name = Some(clean("Mei"));
        Record::of(Seq::FIRST, &message(raw, state), name, &zone())
    }

    #[test]
    fn a_message_has_all_keys_in_their_order() {
        let raw = "{\"MsgBody\":\r\n[{\"MsgType\":\"TIMTextElem\",\"MsgContent\":{\"Text\":\"hi\\nyou \u{202e}\"}}],\t\"x\":1.50}";
        let json = record(raw, ItemState::Present).to_json();
        insta::assert_snapshot!(json, @r#"{"seq":1,"time":"2024-05-03T14:05:09+08:00","sender":"a\u001bb","name":"Mei","state":"present","kinds":["text"],"text":"hi⏎you ¦","raw":{"MsgBody":  [{"MsgType":"TIMTextElem","MsgContent":{"Text":"hi\nyou \u202e"}}], "x":1.50}}"#);
        let value: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(
            value["raw"],
            serde_json::from_str::<Value>(raw).expect("JSON")
        );
    }

    #[test]
    fn what_did_not_come_has_no_raw() {
        let withheld = Record::withheld(Seq::FIRST).to_json();
        assert_eq!(
            withheld,
            r#"{"seq":1,"time":null,"sender":null,"name":null,"state":"withheld","kinds":[],"text":""}"#
        );
        let failed = Record::failed(Seq::FIRST, &clean("no\nanswer")).to_json();
        assert!(failed.contains(r#""state":"failed","kinds":[],"text":"no⏎answer"}"#));
    }

    #[test]
    fn what_was_taken_back_is_in_raw_alone() {
        let raw = r#"{"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"oops"}}]}"#;
        let recalled = record(raw, ItemState::Recalled);
        assert_eq!((recalled.text.as_str(), recalled.kinds.len()), ("", 1));
        assert!(recalled.to_json().contains("oops"));
    }

    #[test]
    fn a_masked_record_shows_nobody() {
        let raw =
            r#"{"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"ask Mei (mei_1)"}}]}"#;
        let mut message = message(raw, ItemState::Present);
        message.sender = Some(UserId::new("mei_1"));
        let mut mask = Mask::default();
        mask.meet("mei_1", Some("Mei"));
        let record = Record::of(Seq::FIRST, &message, Some(clean("Mei")), &zone());
        let json = record.masked(&mask).to_json();
        insta::assert_snapshot!(json, @r#"{"seq":1,"time":"2024-05-03T14:05:09+08:00","sender":"User 1","name":null,"state":"present","kinds":["text"],"text":"ask User 1 (User 1)"}"#);
    }

    #[test]
    fn what_is_not_json_is_kept_as_a_text() {
        let broken = record(
            "{\"MsgSeq\":7,,",
            ItemState::Unreadable("not JSON".to_owned()),
        );
        let json = broken.to_json();
        let value: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(value["raw"], "{\"MsgSeq\":7,,");
        assert_eq!(value["text"], "not JSON");
    }

    proptest! {
        /// Whatever came, a record is one line of JSON without anything to obey.
        #[test]
        fn a_record_is_one_harmless_line(raw in any::<String>(), sender in any::<String>()) {
            let mut hostile = message(&raw, ItemState::Present);
            hostile.sender = Some(UserId::new(sender.as_str()));
            let record = Record::of(Seq::FIRST, &hostile, Some(clean(&raw)), &zone());
            let json = record.to_json();
            prop_assert!(!json.contains(char::is_control), "{json:?}");
            let value: Value = serde_json::from_str(&json).expect("JSON");
            prop_assert_eq!(value["sender"].as_str(), Some(sender.as_str()));
        }
    }
}
