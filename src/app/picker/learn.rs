//! What replies add to the picker.

use super::{LIST_PAUSE, Listing, Picker};
use crate::app::event::Now;
use crate::model::error::ApiError;
use crate::model::group::{GroupAnswer, GroupInfo, GroupList, JoinedGroups, Told, TopicAnswer};
use crate::model::ids::{Conversation, GroupId, UserId};

impl Picker {
    /// Takes a page of the list of all groups.
    pub fn learn_list(&mut self, list: GroupList, now: Now) {
        self.total = list.total.or(self.total);
        let whole = self.filter.is_empty() && self.of_user.is_none();
        for id in list.ids {
            if self.add(id.clone()) && whole {
                self.items.push(Conversation::group(id));
            }
        }
        self.listing = list.next.map_or(Listing::Done, Listing::At);
        self.list_not_before = Some(now.mono + LIST_PAUSE);
        if self.selected.is_none() {
            self.selected = self.items.first().cloned();
        }
        if !whole {
            self.refresh_items();
        }
    }

    /// Takes names and heads; groups asked for and not in the reply are marked as unanswered.
    pub fn learn_infos(&mut self, asked: &[GroupId], answers: Vec<GroupAnswer>) {
        for id in asked {
            let entry = self.entries.entry(id.clone()).or_default();
            if entry.info.is_none() {
                entry.info = Some(Ok(GroupInfo::default()));
            }
            self.unnamed.remove(id);
            self.stale.remove(id);
        }
        for answer in answers {
            self.learn(&answer.id, answer.info);
        }
        // Names change what is listed only where a filter looks at them.
        if !self.filter.is_empty() {
            self.refresh_items();
        }
    }

    fn learn(&mut self, id: &GroupId, info: Told) {
        self.add(id.clone());
        let Some(entry) = self.entries.get_mut(id) else {
            return;
        };
        let name = info
            .as_ref()
            .ok()
            .and_then(|i| i.name.as_deref())
            .unwrap_or_default();
        entry.haystack = format!("{} {}", name.to_lowercase(), id.as_str().to_lowercase());
        entry.info = Some(info);
        self.unnamed.remove(id);
        self.stale.remove(id);
    }

    /// Takes a page of the groups of a user.
    pub fn learn_joined(&mut self, asked: &UserId, joined: JoinedGroups) {
        let empty = joined.groups.is_empty();
        for (id, info) in &joined.groups {
            self.add(id.clone());
            let known = self
                .entries
                .get(id)
                .is_some_and(|e| matches!(e.info, Some(Ok(_))));
            if !known {
                self.learn(id, Ok(info.clone()));
            }
        }
        if let Some(of_user) = self.of_user.as_mut().filter(|o| o.user == *asked) {
            of_user
                .groups
                .extend(joined.groups.into_iter().map(|(id, _)| id));
            of_user.total = joined.total.or(of_user.total);
            let got = u64::try_from(of_user.groups.len()).unwrap_or(u64::MAX);
            of_user.done = empty || of_user.total.is_none_or(|t| got >= t);
        }
        self.refresh_items();
    }

    /// Takes the topics of a community; an error means it has none to show.
    pub fn learn_topics(&mut self, group: &GroupId, topics: Result<Vec<TopicAnswer>, &ApiError>) {
        let Some(entry) = self.entries.get_mut(group) else {
            return;
        };
        entry.topics_known = true;
        if let Ok(topics) = topics {
            // One that was opened by its ID stays, listed or not.
            let mut known = std::mem::take(&mut entry.topics);
            known.retain(|(id, _)| topics.iter().all(|t| t.id != *id));
            entry.topics = topics
                .into_iter()
                .map(|t| (t.id, t.info))
                .chain(known)
                .collect();
            self.refresh_items();
        }
    }
}
