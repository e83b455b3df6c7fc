//! Pseudonyms for outsiders: each person keeps one, wherever text leaves the program.

use std::collections::{BTreeMap, HashMap};

use super::element::{Body, Content, Kind, System};
use super::ids::{Conversation, UserId};
use super::message::Message;
use super::payload::Payload;
use super::text::{Clean, clean};

/// What the service itself is called as a sender: nobody's ID.
const SERVICE: &str = "@TIM#SYSTEM";

/// Who is called what, in the order in which people were met.
///
/// Their IDs and names are replaced in texts, too. What somebody calls them otherwise
/// stays, and so does whoever has not been met.
#[derive(Debug, Clone, Default)]
pub struct Mask {
    /// The number of each, from 1.
    people: HashMap<String, usize>,
    /// What is replaced by what.
    words: HashMap<String, String>,
    /// How long such words are, in bytes, by their first letter; the longest first, since
    /// a longer one may hold a shorter one.
    lengths: BTreeMap<char, Vec<usize>>,
}

impl Mask {
    /// Nobody is known yet; the conversation's own IDs are hidden.
    #[must_use]
    pub fn of(conversation: &Conversation) -> Self {
        let mut mask = Self::default();
        let topic = conversation.topic.as_ref().map(|t| (t.as_str(), "(topic)"));
        let group = (conversation.group.as_str(), "(group)");
        for (id, words) in topic.into_iter().chain([group]) {
            mask.replace(id, words);
        }
        mask
    }

    /// Somebody of whom an ID is known, and a name perhaps; `false` where that is no news.
    pub fn meet(&mut self, id: &str, name: Option<&str>) -> bool {
        if id == SERVICE || id.is_empty() {
            return false;
        }
        let new = !self.people.contains_key(id);
        if new {
            self.people.insert(id.to_owned(), self.people.len() + 1);
            let pseudonym = self.pseudonym(id);
            self.replace(id, &pseudonym);
        }
        let pseudonym = self.pseudonym(id);
        let renamed = name.is_some_and(|name| self.replace(name, &pseudonym));
        new || renamed
    }

    /// Whether nobody has been met yet.
    #[must_use]
    pub fn met_nobody(&self) -> bool {
        self.people.is_empty()
    }

    /// Whether this one has been met.
    #[must_use]
    pub fn knows(&self, id: &str) -> bool {
        self.people.contains_key(id)
    }

    fn replace(&mut self, word: &str, by: &str) -> bool {
        let word = clean(word).one_line().as_str().trim().to_owned();
        let mut letters = word.chars();
        // One letter is no name that could be told from a word.
        let (Some(first), Some(_)) = (letters.next(), letters.next()) else {
            return false;
        };
        if self.words.contains_key(&word) {
            return false;
        }
        let lengths = self.lengths.entry(first).or_default();
        // Where it stands among its like, from the longest to the shortest.
        if let Err(at) = lengths.binary_search_by(|known| word.len().cmp(known)) {
            lengths.insert(at, word.len());
        }
        self.words.insert(word, by.to_owned());
        true
    }

    fn pseudonym(&self, id: &str) -> String {
        let number = self.people.get(id);
        number.map_or_else(|| "somebody".to_owned(), |number| format!("User {number}"))
    }

    /// What a sender is called.
    #[must_use]
    pub fn sender(&self, id: &UserId) -> Clean {
        if id.as_str() == SERVICE {
            return Clean::from("system");
        }
        Clean::ours(self.pseudonym(id.as_str()))
    }

    /// A text without the IDs and names that are known.
    #[must_use]
    pub fn text(&self, text: &Clean) -> Clean {
        let text = text.as_str();
        let mut out = String::with_capacity(text.len());
        let mut before = None;
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let found = if may_begin_word(before, first) {
                self.word_at(first, rest)
            } else {
                None
            };
            let taken = if let Some((word, by)) = found {
                out.push_str(by);
                word.len()
            } else {
                out.push(first);
                first.len_utf8()
            };
            let (done, left) = rest.split_at_checked(taken).unwrap_or((rest, ""));
            before = done.chars().next_back();
            rest = left;
        }
        clean(&out)
    }

    /// The longest known word that `rest` begins with, and what stands for it.
    fn word_at<'t>(&self, first: char, rest: &'t str) -> Option<(&'t str, &str)> {
        let mut lengths = self.lengths.get(&first)?.iter();
        lengths.find_map(|&length| {
            let (word, after) = rest.split_at_checked(length)?;
            let by = self.words.get(word).filter(|_| ends_word(word, after))?;
            Some((word, by.as_str()))
        })
    }
}

/// Letters of the alphabet are not cut in two for a name.
fn may_begin_word(before: Option<char>, first: char) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric();
    !(before.is_some_and(inside) && inside(first))
}

fn ends_word(word: &str, after: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric();
    !(word.ends_with(inside) && after.starts_with(inside))
}

/// Whom a message names outside of what is said in it: its sender, those of a system
/// message, with a name where one came along, and those of a call and of reactions.
/// `name` is the sender's.
#[must_use]
pub fn people(message: &Message, name: Option<&str>) -> Vec<(String, Option<String>)> {
    let sender = message.sender.as_ref();
    let sender = sender.map(|id| (id.as_str().to_owned(), name.map(str::to_owned)));
    let mut all: Vec<_> = sender.into_iter().collect();
    let body = Body::decode(message);
    let systems: Vec<&System> = match &body.content {
        Content::System(system) => vec![system],
        Content::Elements(elements) => elements
            .iter()
            .filter_map(|element| {
                if let Kind::Tip(system) = &element.kind {
                    Some(system)
                } else {
                    None
                }
            })
            .collect(),
        Content::Empty | Content::Odd(_) => Vec::new(),
    };
    for system in systems {
        let operator = system.operator.clone();
        all.extend(operator.map(|id| (id, system.operator_nick.clone())));
        let members = system.members.iter();
        all.extend(members.map(|member| (member.id.clone(), member.nick.clone())));
        all.extend(system.mutes.iter().map(|(id, _)| (id.clone(), None)));
        let owner = |(field, _): &&(String, String)| field == "Owner_Account";
        let owners = system.group_changes.iter().filter(owner);
        all.extend(owners.map(|(_, id)| (id.clone(), None)));
    }
    let mut packed = |text: &str| {
        let people = Payload::glance(text).people().into_iter();
        all.extend(people.map(|id| (id, None)));
    };
    if let Content::Elements(elements) = &body.content {
        for element in elements {
            if let Kind::Custom {
                data: Some(data), ..
            } = &element.kind
            {
                packed(data);
            }
        }
    }
    if let Some(custom) = &body.cloud_custom_data {
        packed(custom);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::element::summary;
    use crate::model::ids::GroupId;
    use crate::model::message::{ItemState, Raw};

    #[test]
    fn who_is_called_and_who_reacted_is_met_with_the_sender() {
        let call = r#"{"inviteID":"x","actionType":1,"inviter":"ann","inviteeList":["bob","cat"],"data":"{\"cmd\":\"audioCall\"}"}"#;
        let echo = r#"{"messageReact":{"reacts":{"ok":["dan","ann"]}}}"#;
        let raw = serde_json::json!({
            "From_Account": "ann",
            "CloudCustomData": echo,
            "MsgBody": [{ "MsgType": "TIMCustomElem", "MsgContent": { "Data": call } }],
        });
        let message = Message {
            seq: None,
            time: None,
            sender: Some(UserId::new("ann")),
            state: ItemState::Present,
            system: false,
            random: None,
            priority: None,
            repaired: false,
            raw: Raw::from(raw.to_string().as_str()),
        };
        let mut mask = Mask::default();
        for (id, name) in people(&message, Some("Ann")) {
            mask.meet(&id, name.as_deref());
        }
        let parts = summary(&Body::decode(&message)).into_iter();
        let told: Vec<_> = parts.map(|part| mask.text(&part.text)).collect();
        let told: Vec<_> = told.iter().map(Clean::as_str).collect();
        assert_eq!(
            told,
            [
                "[audio call: User 1 invites User 2, User 3]",
                "[reactions: ok by User 4, User 1]"
            ]
        );
    }

    #[test]
    fn the_longest_word_is_replaced_and_none_is_cut() {
        let mut mask = Mask::of(&Conversation::group(GroupId::new("G1")));
        assert!(mask.meet("ann", Some("Ann Lee")));
        assert!(mask.meet("ann_2", Some("李雷")));
        assert!(!mask.meet("ann", Some("Ann Lee")), "no news");
        assert!(mask.meet("ann", Some("Annie")), "by another name");
        assert!(!mask.meet(SERVICE, None) && !mask.meet("", Some("nobody")));
        let text = clean("ann ann_2, Ann Lee and Annie in G1: banner, annual, 李雷说 G12");
        assert_eq!(
            mask.text(&text).as_str(),
            "User 1 User 2, User 1 and User 1 in (group): banner, annual, User 2说 G12"
        );
        assert_eq!(mask.sender(&UserId::new("ann_2")).as_str(), "User 2");
        assert_eq!(mask.sender(&UserId::new(SERVICE)).as_str(), "system");
        assert_eq!(mask.sender(&UserId::new("unmet")).as_str(), "somebody");
    }
}
