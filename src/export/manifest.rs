//! What an export was asked for and what came of it, so that a part can never be taken
//! for the whole.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::format::Format;
use super::record::State;
use crate::model::ids::{Conversation, GroupId, Seq, TopicId};
use crate::model::json;
use crate::model::text::{Clean, clean};
use crate::model::timeline::Stretch;

/// In which order records are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// The smallest seq first.
    #[default]
    Ascending,
    /// The largest seq first.
    Descending,
}

/// What was asked for. A resumed run takes it from the checkpoint, word for word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Of this program.
    pub version: String,
    /// What the profile is called.
    pub profile: String,
    /// Which app; 0 where that is masked.
    pub sdk_app_id: u32,
    /// The host that was asked.
    pub endpoint: String,
    /// Which group.
    pub group: String,
    /// Which topic of it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub topic: Option<String>,
    /// The smallest seq of the range.
    pub from: u32,
    /// The largest, as of the start where nobody named one.
    pub to: u32,
    /// The newest seq at the start.
    pub head: u32,
    /// In which order.
    pub order: Order,
    /// The filter, as it was typed.
    pub filter: Option<String>,
    /// Of all times.
    pub zone: String,
    /// Whether senders were to be named.
    pub names: bool,
    /// Whether people stand under pseudonyms, for outsiders.
    #[serde(default)]
    pub mask_ids: bool,
    /// How the records are written.
    pub format: Format,
    /// When the first run began (RFC 3339).
    pub started: String,
}

impl Asked {
    /// The range; `None` where it is empty, which no export of ours is.
    #[must_use]
    pub fn range(&self) -> Option<Stretch> {
        Stretch::new(Seq::new(self.from)?, Seq::new(self.to)?)
    }

    /// The group or topic.
    #[must_use]
    pub fn conversation(&self) -> Conversation {
        Conversation {
            group: GroupId::new(self.group.as_str()),
            topic: self.topic.as_deref().map(TopicId::new),
        }
    }

    /// As the file says it: for outsiders without app, host and group, and without the
    /// words of the filter, which may name somebody.
    pub(super) fn shown(&self) -> Self {
        if !self.mask_ids {
            return self.clone();
        }
        let masked = || "(masked)".to_owned();
        Self {
            sdk_app_id: 0,
            endpoint: masked(),
            group: "(group)".to_owned(),
            topic: self.topic.as_ref().map(|_| "(topic)".to_owned()),
            filter: self.filter.as_ref().map(|_| masked()),
            ..self.clone()
        }
    }
}

/// How many seqs of the range are in which state, whether a filter kept them or not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// See [`State::Present`]; and so on.
    pub present: u64,
    /// See [`State::Gone`].
    pub gone: u64,
    /// See [`State::Recalled`].
    pub recalled: u64,
    /// See [`State::Withheld`].
    pub withheld: u64,
    /// See [`State::Unreadable`].
    pub unreadable: u64,
    /// See [`State::Failed`].
    pub failed: u64,
}

impl Counts {
    /// Counts one seq more.
    pub fn add(&mut self, state: State) {
        *self.of_mut(state) += 1;
    }

    /// How many seqs are in that state.
    #[must_use]
    pub const fn of(&self, state: State) -> u64 {
        match state {
            State::Present => self.present,
            State::Gone => self.gone,
            State::Recalled => self.recalled,
            State::Withheld => self.withheld,
            State::Unreadable => self.unreadable,
            State::Failed => self.failed,
        }
    }

    fn of_mut(&mut self, state: State) -> &mut u64 {
        match state {
            State::Present => &mut self.present,
            State::Gone => &mut self.gone,
            State::Recalled => &mut self.recalled,
            State::Withheld => &mut self.withheld,
            State::Unreadable => &mut self.unreadable,
            State::Failed => &mut self.failed,
        }
    }

    /// `97 present, 3 withheld`: what there is none of is left out.
    #[must_use]
    pub fn words(&self) -> String {
        let states = State::ALL.into_iter().map(|state| (self.of(state), state));
        let some: Vec<String> = states
            .filter(|(n, _)| *n > 0)
            .map(|(n, state)| format!("{n} {state}"))
            .collect();
        some.join(", ")
    }

    /// All seqs that were looked at.
    #[must_use]
    pub const fn sum(&self) -> u64 {
        self.present + self.gone + self.recalled + self.withheld + self.unreadable + self.failed
    }
}

/// Calls of the service, by what they were for; those of all runs together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calls {
    /// Pages asked for, without the tries behind a failed one.
    pub pages: u64,
    /// Tries behind a failed one.
    pub retries: u64,
    /// For the names of senders.
    pub names: u64,
    /// For the head and the ends of the range.
    pub finding: u64,
}

impl Calls {
    /// What was asked for while it ran, the range being known.
    #[must_use]
    pub const fn asked(&self) -> u64 {
        self.pages + self.retries + self.names
    }
}

/// What came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Came {
    /// How many seqs are in which state.
    pub counts: Counts,
    /// How many records were written: all of the range, or what a filter kept.
    pub records: u64,
    /// Items without a seq, which are no records.
    pub strays: u64,
    /// What it cost.
    pub calls: Calls,
    /// How often it was taken up again.
    pub resumed: u32,
    /// When it ended (RFC 3339).
    pub finished: String,
    /// Where in the file the records begin, in bytes.
    pub records_from: u64,
    /// How many bytes they have, line ends included.
    pub records_bytes: u64,
    /// Over these bytes, in hex.
    pub sha256: String,
}

/// What was asked, and at the end what came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// What was asked for.
    #[serde(flatten)]
    pub asked: Asked,
    /// What came; `None` at the beginning.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub result: Option<Came>,
}

#[derive(Serialize, Deserialize)]
struct Wrapped<M> {
    manifest: M,
}

impl Manifest {
    /// One line of JSON without its end: `{"manifest":{...}}`.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Texts and numbers always become JSON.
        let json = serde_json::to_vec(&Wrapped { manifest: self }).unwrap_or_default();
        json::escape_unsafe(&json)
    }

    /// Reads what [`Manifest::to_json`] wrote; `None` for anything else.
    #[must_use]
    pub fn read(json: &[u8]) -> Option<Self> {
        let wrapped: Wrapped<Self> = serde_json::from_slice(json).ok()?;
        Some(wrapped.manifest)
    }

    /// A heading.
    pub(super) fn title(&self) -> Clean {
        let asked = &self.asked;
        let of = asked.topic.as_deref().unwrap_or(&asked.group);
        let text = format!("{of}, seq {} to {}", asked.from, asked.to);
        clean(&text).one_line()
    }

    /// The line below it.
    pub(super) fn line(&self) -> Clean {
        let asked = &self.asked;
        let whose = if asked.mask_ids {
            "IDs and names are masked".to_owned()
        } else {
            format!("SDKAppID {}, {}", asked.sdk_app_id, asked.endpoint)
        };
        let mut text = format!(
            "Profile {}, {whose}, begun {}, times in {}",
            asked.profile, asked.started, asked.zone
        );
        if let Some(filter) = &asked.filter {
            // Writing to a string cannot fail.
            let _ = write!(text, "; only what matches: {filter}");
        }
        clean(&text).one_line()
    }
}

#[cfg(test)]
pub(super) fn sample() -> Asked {
    Asked {
        version: "1.0.0".to_owned(),
        profile: "Support <EU>".to_owned(),
        sdk_app_id: 1_400_000_000,
        endpoint: "console.tim.qq.com".to_owned(),
        group: "@TGS#1".to_owned(),
        topic: None,
        from: 1,
        to: 9,
        head: 9,
        order: Order::Ascending,
        filter: Some("from:a \u{202e}".to_owned()),
        zone: "UTC".to_owned(),
        names: false,
        mask_ids: false,
        format: Format::Jsonl,
        started: "2026-11-26T00:00:00+00:00".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn for_outsiders_it_says_that_it_is_masked_and_names_nothing() {
        let asked = Asked {
            mask_ids: true,
            ..sample()
        };
        let manifest = Manifest {
            asked: asked.shown(),
            result: None,
        };
        let json = manifest.to_json();
        assert!(json.contains("\"mask_ids\":true"), "{json}");
        let words = [manifest.title(), manifest.line()].map(|text| text.as_str().to_owned());
        for hidden in ["@TGS#1", "1400000000", "tim.qq.com", "from:a"] {
            assert!(
                !json.contains(hidden) && !words.concat().contains(hidden),
                "{json}"
            );
        }
        assert!(
            words[1].contains("IDs and names are masked"),
            "{}",
            words[1]
        );
        // What was masked is not asked for by another name.
        assert_eq!(asked.shown().shown(), asked.shown());
        assert_eq!(sample().shown(), sample());
        // Files of an earlier version say nothing of it.
        let old = Manifest {
            asked: sample(),
            result: None,
        }
        .to_json();
        let old = old.replace("\"mask_ids\":false,", "");
        assert!(Manifest::read(old.as_bytes()).is_some_and(|old| !old.asked.mask_ids));
    }

    #[test]
    fn a_manifest_is_one_line_that_can_be_read_again() {
        let manifest = Manifest {
            asked: sample(),
            result: Some(Came {
                counts: Counts::default(),
                records: 0,
                strays: 0,
                calls: Calls::default(),
                resumed: 2,
                finished: String::new(),
                records_from: 3,
                records_bytes: 0,
                sha256: "00".to_owned(),
            }),
        };
        let json = manifest.to_json();
        assert!(json.starts_with("{\"manifest\":{\"version\":\"1.0.0\",\"profile\":"));
        assert!(!json.contains(['\n', '\u{202e}']));
        assert_eq!(Manifest::read(json.as_bytes()), Some(manifest.clone()));
        let begun = Manifest {
            result: None,
            ..manifest
        };
        assert!(!begun.to_json().contains("result"));
        assert_eq!(Manifest::read(b"{\"seq\":1}"), None);
    }
}
