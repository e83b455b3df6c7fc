//! Everything the service knows: groups, users and the time.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::clock::{Clock, Now};
use super::demo;
use super::group::Group;

/// A user's profile.
#[derive(Clone, Debug, Default)]
pub struct User {
    /// Empty when unset: the tag is then not listed in replies.
    pub nick: String,
    /// Address of the picture; empty when unset.
    pub image: String,
}

/// Groups and users, and a clock of their own.
#[derive(Clone, Debug)]
pub struct World {
    groups: Vec<Group>,
    index: BTreeMap<String, usize>,
    users: BTreeMap<String, User>,
    clock: Clock,
}

impl World {
    /// The demonstration: over a dozen groups of every kind, the newest message
    /// minutes old, on the machine's clock.
    #[must_use]
    pub fn demo() -> World {
        let mut world = demo::world(super::clock::unix_now());
        world.clock = Clock::running();
        world
    }

    /// The same at a given time, with the clock standing still: every reply is
    /// the same on each run. [`Knobs::time_passed`](super::Knobs::time_passed) moves it.
    #[must_use]
    pub fn demo_at(now_unix: i64) -> World {
        demo::world(now_unix).at(now_unix)
    }

    /// Just these groups, on the machine's clock; their members are its users,
    /// nicknamed "Nick of ID".
    #[must_use]
    pub fn of(groups: Vec<Group>) -> World {
        let mut world = World {
            groups: Vec::new(),
            index: BTreeMap::new(),
            users: BTreeMap::new(),
            clock: Clock::running(),
        };
        for group in groups {
            for member in &group.members {
                let nick = format!("Nick of {}", member.user);
                world.users.entry(member.user.clone()).or_insert(User {
                    nick,
                    image: String::new(),
                });
            }
            world.add(group);
        }
        world
    }

    /// Stops the clock at this time.
    #[must_use]
    pub fn at(mut self, now_unix: i64) -> World {
        self.clock = Clock::Standing { unix: now_unix };
        self
    }

    /// Adds or replaces a user.
    #[must_use]
    pub fn with_user(mut self, id: &str, user: User) -> World {
        self.users.insert(id.to_owned(), user);
        self
    }

    /// Makes a user unknown, as one who was deleted and still has messages.
    #[must_use]
    pub fn without_user(mut self, id: &str) -> World {
        self.users.remove(id);
        self
    }

    /// Adds a group, or replaces the one of the same ID.
    pub fn add(&mut self, group: Group) {
        if let Some(old) = self.group_mut(&group.id) {
            *old = group;
        } else {
            self.index.insert(group.id.clone(), self.groups.len());
            self.groups.push(group);
        }
    }

    /// The group of that ID.
    #[must_use]
    pub fn group(&self, id: &str) -> Option<&Group> {
        self.groups.get(*self.index.get(id)?)
    }

    /// The group of that ID, to be changed.
    pub fn group_mut(&mut self, id: &str) -> Option<&mut Group> {
        self.groups.get_mut(*self.index.get(id)?)
    }

    /// All groups, in the order in which the service lists them.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    pub(super) fn user(&self, id: &str) -> Option<&User> {
        self.users.get(id)
    }

    pub(super) fn set_users(&mut self, known: BTreeMap<String, User>) {
        self.users = known;
    }

    pub(super) fn knows(&self, id: &str) -> bool {
        self.users.contains_key(id)
    }

    /// IDs that appear as members anywhere.
    #[must_use]
    pub fn people(&self) -> BTreeSet<&str> {
        let members = self.groups.iter().flat_map(|group| &group.members);
        members.map(|member| member.user.as_str()).collect()
    }

    pub(super) fn now(&self, passed: Duration) -> Now {
        self.clock.now(passed)
    }
}
