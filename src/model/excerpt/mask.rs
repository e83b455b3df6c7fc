//! Pseudonyms for outsiders: each person keeps one within an excerpt.

use super::{Entry, Excerpt};
use crate::model::element::{Body, Content, Kind, System, summary};
use crate::model::ids::UserId;
use crate::model::text::{Clean, clean};

/// What the service itself is called as a sender: nobody's ID.
const SERVICE: &str = "@TIM#SYSTEM";

/// Who is called what. Made of the senders, of those that system messages name, and
/// of all others heard of whose ID or name stands in a text; it is replaced there. What
/// somebody calls them otherwise stays.
#[derive(Debug, Clone, Default)]
pub(super) struct Mask {
    /// In order of appearance.
    people: Vec<String>,
    /// What is replaced by what, the longest first.
    words: Vec<(String, String)>,
}

impl Mask {
    pub(super) fn of(excerpt: &Excerpt<'_>) -> Self {
        let mut mask = Self::default();
        for entry in &excerpt.entries {
            let (message, name) = match entry {
                Entry::Said(said) => (said.message, said.name.as_ref()),
                Entry::Stray(message) => (*message, None),
                Entry::Hole(_) => continue,
            };
            if let Some(sender) = &message.sender {
                mask.meet(sender.as_str(), name.map(Clean::as_str));
            }
            for (id, nick) in named(&Body::decode(message)) {
                mask.meet(&id, nick.as_deref());
            }
        }
        let said = said(excerpt);
        for (id, name) in &excerpt.people {
            let (id, name) = (id.as_str(), name.as_ref().map(Clean::as_str));
            let known = mask.people.iter().any(|known| known == id);
            let words = [Some(id), name].into_iter().flatten();
            let named = words.filter(|w| w.len() > 1).any(|w| said.contains(w));
            if known || named {
                mask.meet(id, name);
            }
        }
        let conversation = excerpt.conversation;
        let topic = conversation.topic.as_ref().map(|t| (t.as_str(), "(topic)"));
        let group = (conversation.group.as_str(), "(group)");
        for (id, words) in topic.into_iter().chain([group]) {
            mask.replace(id, words);
        }
        // A longer one may hold a shorter one.
        mask.words
            .sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        mask
    }

    fn meet(&mut self, id: &str, name: Option<&str>) {
        if id == SERVICE || id.is_empty() {
            return;
        }
        if !self.people.iter().any(|known| known == id) {
            self.people.push(id.to_owned());
            let pseudonym = self.pseudonym(id);
            self.replace(id, &pseudonym);
        }
        let pseudonym = self.pseudonym(id);
        if let Some(name) = name {
            self.replace(name, &pseudonym);
        }
    }

    fn replace(&mut self, word: &str, by: &str) {
        let word = clean(word).one_line().as_str().trim().to_owned();
        // One letter is no name that could be told from a word.
        if word.chars().count() > 1 && !self.words.iter().any(|(known, _)| *known == word) {
            self.words.push((word, by.to_owned()));
        }
    }

    fn pseudonym(&self, id: &str) -> String {
        let at = self.people.iter().position(|known| known == id);
        at.map_or_else(|| "somebody".to_owned(), |at| format!("User {}", at + 1))
    }

    /// What a sender is called.
    pub(super) fn sender(&self, id: &UserId) -> Clean {
        if id.as_str() == SERVICE {
            return Clean::from("system");
        }
        Clean::ours(self.pseudonym(id.as_str()))
    }

    /// A text without the names that are known.
    pub(super) fn text(&self, text: &Clean) -> Clean {
        let text = text.as_str();
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let before = out_of_word(text.get(..at).and_then(|t| t.chars().next_back()), rest);
            let found = self.words.iter().find(|(word, _)| {
                let after = rest.strip_prefix(word.as_str());
                before && after.is_some_and(|after| ends_word(word, after))
            });
            if let Some((word, by)) = found {
                out.push_str(by);
                at += word.len();
            } else if let Some(c) = rest.chars().next() {
                out.push(c);
                at += c.len_utf8();
            }
        }
        clean(&out)
    }
}

/// Everything in which somebody may be named.
fn said(excerpt: &Excerpt<'_>) -> String {
    let mut said = String::new();
    let mut hear = |text: &Clean| {
        said.push_str(text.one_line().as_str());
        said.push('\n');
    };
    excerpt.filter.iter().for_each(&mut hear);
    for entry in &excerpt.entries {
        let message = match entry {
            Entry::Said(said) => {
                said.mark.iter().for_each(&mut hear);
                said.message
            }
            Entry::Stray(message) => message,
            Entry::Hole(hole) => {
                hole.marks.iter().for_each(|(_, note)| hear(note));
                continue;
            }
        };
        for part in summary(&Body::decode(message)) {
            hear(&part.text);
        }
    }
    said
}

/// Whether a word may begin here: letters of the alphabet are not cut in two.
fn out_of_word(before: Option<char>, rest: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric();
    !(before.is_some_and(inside) && rest.starts_with(inside))
}

fn ends_word(word: &str, after: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric();
    !(word.ends_with(inside) && after.starts_with(inside))
}

/// Whom a system message names: ID, and nick where it came along.
fn named(body: &Body) -> Vec<(String, Option<String>)> {
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
    let mut all = Vec::new();
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
    all
}
