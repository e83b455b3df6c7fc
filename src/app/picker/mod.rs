//! The group picker: what groups there are, which are shown, and in what order.
//!
//! The order changes on a key only, never under the cursor: new groups go to the
//! end, new names stay where they are.

mod learn;
mod rows;
#[cfg(test)]
mod tests;
mod wants;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::event::SavedState;
use super::flights::Scope;
use super::input_line::InputLine;
use crate::model::group::{GroupInfo, GroupType, Told};
use crate::model::ids::{Conversation, GroupId, TopicId, UserId};
use crate::model::text::{Clean, clean};

pub use rows::Place;

/// Most groups one `get_group_info` takes (api-facts 4.2).
const INFOS_A_CALL: usize = 50;
/// `get_appid_group_list` may be called once a second (api-facts 4.1); a little
/// more, because the service counts arrivals and we count departures.
const LIST_PAUSE: Duration = Duration::from_millis(1_050);

/// What the order of the list is by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// As the service lists them.
    #[default]
    Listed,
    /// Last message first.
    Activity,
    /// By name, then ID.
    Name,
    /// By type, then name.
    Type,
}

impl Sort {
    fn next(self) -> Self {
        match self {
            Self::Listed | Self::Type => Self::Activity,
            Self::Activity => Self::Name,
            Self::Name => Self::Type,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Listed => "as listed",
            Self::Activity => "by last activity",
            Self::Name => "by name",
            Self::Type => "by type",
        }
    }
}

/// What is known of one group.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// Its data, or the code with the service's text; `None` while not asked.
    pub info: Option<Told>,
    /// Its topics, once known.
    pub topics: Vec<(TopicId, Told)>,
    topics_known: bool,
    /// Name and ID in lower case, for the filter.
    haystack: String,
}

/// The groups of a user, in place of all groups.
#[derive(Debug, Clone)]
struct OfUser {
    user: UserId,
    groups: Vec<GroupId>,
    total: Option<u64>,
    done: bool,
    /// Where the cursor was among all groups.
    before: Option<Conversation>,
}

/// How far the list of all groups has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listing {
    /// The cursor to ask with next.
    At(u64),
    Done,
}

/// The group picker.
#[derive(Debug)]
pub struct Picker {
    entries: BTreeMap<GroupId, Entry>,
    /// Groups in the frozen order.
    order: Vec<GroupId>,
    /// Groups nothing is known of but their ID: with 58,530 groups, looking for
    /// them at every key would be felt.
    unnamed: BTreeSet<GroupId>,
    /// Groups to ask for once more; what is known of them stays till the answer comes.
    stale: BTreeSet<GroupId>,
    total: Option<u64>,
    listing: Listing,
    list_not_before: Option<Instant>,
    background_not_before: Option<Instant>,
    background_pause: Duration,
    of_user: Option<OfUser>,
    sort: Sort,
    /// Words of the filter, as typed.
    filter: String,
    pins: Vec<GroupId>,
    selected: Option<Conversation>,
    /// Where the cursor was in `items` when they were last laid out.
    at: usize,
    /// Index of the first visible item.
    top: usize,
    /// Items in the order shown; made anew when something it depends on changes.
    items: Vec<Conversation>,
    /// Groups on screen, for what to ask first.
    visible: BTreeSet<GroupId>,
}

impl Picker {
    /// `calls_per_second` is the profile's budget, of which names in the
    /// background get a quarter.
    #[must_use]
    pub fn new(saved: &SavedState, calls_per_second: u32) -> Self {
        let pins: Vec<GroupId> = saved
            .pins
            .iter()
            .map(|p| GroupId::new(p.as_str()))
            .collect();
        let mut picker = Self {
            entries: BTreeMap::new(),
            order: Vec::new(),
            unnamed: BTreeSet::new(),
            stale: BTreeSet::new(),
            total: None,
            listing: Listing::At(0),
            list_not_before: None,
            background_not_before: None,
            background_pause: Duration::from_secs(4) / calls_per_second.max(1),
            of_user: None,
            sort: Sort::default(),
            filter: String::new(),
            pins,
            selected: None,
            at: 0,
            top: 0,
            items: Vec::new(),
            visible: BTreeSet::new(),
        };
        let recents = saved.recents.iter().map(|r| GroupId::new(r.group.as_str()));
        let known: Vec<GroupId> = picker.pins.iter().cloned().chain(recents).collect();
        for id in known {
            picker.add(id);
        }
        picker.refresh_items();
        picker
    }

    /// What is known of a group or topic.
    #[must_use]
    pub fn info(&self, conversation: &Conversation) -> Option<&Told> {
        let entry = self.entries.get(&conversation.group)?;
        match &conversation.topic {
            None => entry.info.as_ref(),
            Some(topic) => entry
                .topics
                .iter()
                .find(|(id, _)| id == topic)
                .map(|(_, info)| info),
        }
    }

    /// The name of a group or topic: its own, or its ID.
    #[must_use]
    pub fn name(&self, conversation: &Conversation) -> Clean {
        let name = self
            .info(conversation)
            .and_then(|i| i.as_ref().ok())
            .and_then(|i| i.name.as_deref());
        let name = name.map(str::trim).filter(|n| !n.is_empty());
        clean(name.unwrap_or(conversation.id())).one_line()
    }

    /// Why a group has no history, if its type says so (api-facts 1.9).
    #[must_use]
    pub fn type_without_history(&self, group: &GroupId) -> Option<&GroupType> {
        let info = self.entries.get(group)?.info.as_ref()?.as_ref().ok()?;
        info.kind.as_ref().filter(|k| !k.has_history())
    }

    /// The list that is shown: what its calls are for.
    #[must_use]
    pub fn scope(&self) -> Scope {
        if self.of_user.is_some() {
            Scope::Joined
        } else {
            Scope::GroupIds
        }
    }

    /// What the cursor is on.
    #[must_use]
    pub fn selected(&self) -> Option<&Conversation> {
        self.selected.as_ref()
    }

    /// Makes a group or topic known, as when its ID was typed, and puts the cursor on it.
    pub fn show(&mut self, conversation: &Conversation) {
        let group = &conversation.group;
        let mut changed = self.add(group.clone());
        if let (Some(topic), Some(entry)) = (&conversation.topic, self.entries.get_mut(group))
            && !entry.topics.iter().any(|(id, _)| id == topic)
        {
            entry.topics.push((topic.clone(), Ok(GroupInfo::default())));
            changed = true;
        }
        if changed {
            self.refresh_items();
        }
        if !self.items.contains(conversation) {
            self.filter.clear();
            self.of_user = None;
            self.refresh_items();
        }
        self.selected = Some(conversation.clone());
    }

    fn add(&mut self, id: GroupId) -> bool {
        if self.entries.contains_key(&id) {
            return false;
        }
        let entry = Entry {
            haystack: id.as_str().to_lowercase(),
            ..Entry::default()
        };
        self.entries.insert(id.clone(), entry);
        self.unnamed.insert(id.clone());
        self.order.push(id);
        true
    }

    /// Has one conversation's head asked for once more.
    pub fn forget(&mut self, conversation: &Conversation) {
        match &conversation.topic {
            None => {
                self.stale.insert(conversation.group.clone());
            }
            Some(_) => {
                if let Some(entry) = self.entries.get_mut(&conversation.group) {
                    entry.topics_known = false;
                }
            }
        }
    }

    /// Groups whose ID begins like this, for completing a prompt.
    pub fn completions<'a>(&'a self, start: &'a str) -> impl Iterator<Item = &'a str> {
        self.order
            .iter()
            .map(GroupId::as_str)
            .filter(move |id| id.starts_with(start))
    }

    /// Has the groups on screen, and the list, asked for once more.
    pub fn ask_again(&mut self) {
        for id in &self.visible {
            self.stale.insert(id.clone());
            if let Some(entry) = self.entries.get_mut(id) {
                entry.topics_known = false;
            }
        }
        if self.listing == Listing::Done {
            self.listing = Listing::At(0);
        }
    }

    /// Shows the groups of one user instead of all.
    pub fn show_user(&mut self, user: UserId) {
        self.of_user = Some(OfUser {
            user,
            groups: Vec::new(),
            total: None,
            done: false,
            before: self.selected.take(),
        });
        self.filter.clear();
        self.top = 0;
        self.refresh_items();
    }

    /// Whether there is a layer to leave: a filter stays, the list of a user's groups goes.
    pub fn leave_user(&mut self) -> bool {
        let Some(left) = self.of_user.take() else {
            return false;
        };
        self.selected = left.before;
        self.refresh_items();
        true
    }

    /// The filter's words as they are typed.
    pub fn set_filter(&mut self, input: &InputLine) {
        if self.filter != input.text() {
            input.text().clone_into(&mut self.filter);
            self.refresh_items();
            self.top = 0;
        }
    }

    /// The words of the filter.
    #[must_use]
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// The next order; the cursor stays on its group.
    pub fn sort_next(&mut self) -> &'static str {
        self.sort = self.sort.next();
        let key = |id: &GroupId| {
            let info = self
                .entries
                .get(id)
                .and_then(|e| e.info.as_ref())
                .and_then(|i| i.as_ref().ok());
            let name = info
                .and_then(|i| i.name.clone())
                .unwrap_or_default()
                .to_lowercase();
            let unnamed = name.is_empty();
            let kind = info.and_then(|i| i.kind.clone());
            let last = info
                .and_then(|i| i.last_message)
                .map_or(i64::MAX, |t| -t.seconds());
            match self.sort {
                Sort::Listed => (0, None, false, String::new()),
                Sort::Activity => (last, None, unnamed, name),
                Sort::Name => (0, None, unnamed, name),
                Sort::Type => (i64::from(kind.is_none()), kind, unnamed, name),
            }
        };
        let mut order = std::mem::take(&mut self.order);
        order.sort_by_cached_key(|id| (key(id), id.clone()));
        self.order = order;
        self.refresh_items();
        self.sort.words()
    }

    /// Pins or unpins the group under the cursor; `None` where there is none.
    pub fn toggle_pin(&mut self) -> Option<bool> {
        let id = self.selected.as_ref()?.group.clone();
        let pinned = self.pins.contains(&id);
        if pinned {
            self.pins.retain(|p| *p != id);
        } else {
            self.pins.push(id);
        }
        self.refresh_items();
        Some(!pinned)
    }

    /// For the state file.
    #[must_use]
    pub fn pins(&self) -> Vec<String> {
        self.pins.iter().map(|p| p.as_str().to_owned()).collect()
    }

    fn refresh_items(&mut self) {
        let words: Vec<String> = self
            .filter
            .split_whitespace()
            .map(str::to_lowercase)
            .collect();
        let matches = |text: &str| words.iter().all(|w| text.contains(w.as_str()));
        let source: Vec<&GroupId> = if let Some(of_user) = &self.of_user {
            of_user.groups.iter().collect()
        } else {
            let pinned = self.pins.iter();
            let rest = self.order.iter().filter(|id| !self.pins.contains(id));
            pinned.chain(rest).collect()
        };
        let mut items = Vec::with_capacity(source.len());
        for id in source {
            let Some(entry) = self.entries.get(id) else {
                continue;
            };
            let topics: Vec<&TopicId> = entry
                .topics
                .iter()
                .filter(|(topic, info)| words.is_empty() || matches(&topic_haystack(topic, info)))
                .map(|(topic, _)| topic)
                .collect();
            if matches(&entry.haystack) || !topics.is_empty() {
                items.push(Conversation::group(id.clone()));
                let of_topic = |t: &TopicId| Conversation {
                    group: id.clone(),
                    topic: Some(t.clone()),
                };
                items.extend(topics.into_iter().map(of_topic));
            }
        }
        self.items = items;
        if self
            .selected
            .as_ref()
            .is_none_or(|s| !self.items.contains(s))
        {
            self.selected = self.items.first().cloned();
        }
    }
}

impl Entry {
    fn may_have_topics(&self) -> bool {
        matches!(&self.info, Some(Ok(info))
            if info.kind == Some(GroupType::Community) && info.topics != Some(false))
    }
}

fn topic_haystack(topic: &TopicId, info: &Told) -> String {
    let name = info
        .as_ref()
        .ok()
        .and_then(|i| i.name.as_deref())
        .unwrap_or_default();
    format!("{} {}", name.to_lowercase(), topic.as_str().to_lowercase())
}
