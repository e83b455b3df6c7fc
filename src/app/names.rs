//! What senders are called: name cards of the group first, then nicknames.
//!
//! Names come in the background and never hold up the history: who has none, or
//! cannot be asked, stays an ID.

use std::collections::{BTreeMap, BTreeSet};

use super::event::Request;
use super::flights::{Scope, Want};
use super::line::SENDER_COLORS;
use crate::model::group::{Member, Profile};
use crate::model::ids::{GroupId, UserId};
use crate::model::text::{Clean, clean};

/// Most users one `portrait_get` takes (api-facts 4.6).
const PROFILES_A_CALL: usize = 100;
/// Most users one `get_specified_group_member_info` takes (api-facts 4.5).
const MEMBERS_A_CALL: usize = 50;

/// The names of one profile's users.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// `None`: asked, and there is none.
    nicks: BTreeMap<UserId, Option<Clean>>,
    cards: BTreeMap<GroupId, BTreeMap<UserId, Option<Clean>>>,
    /// Who is called what, by any name: two people must never look like one.
    called: BTreeMap<String, BTreeSet<UserId>>,
    /// Users a whole call failed for, to be asked in halves.
    split: Vec<Vec<UserId>>,
    learnt: u64,
}

impl Names {
    /// The name to show for a user in a group; `None` shows the ID.
    #[must_use]
    pub fn of(&self, group: &GroupId, user: &UserId) -> Option<Clean> {
        let name = self.plain(group, user)?;
        if self.is_shared(user, &name) {
            let mut both = name;
            both.push_ours(" (");
            both.push(&clean(user.as_str()).one_line());
            both.push_ours(")");
            return Some(both);
        }
        Some(name)
    }

    /// Another number whenever somebody may be called something else.
    #[must_use]
    pub fn learnt(&self) -> u64 {
        self.learnt
    }

    /// Users whose ID begins like this, for completing a prompt.
    pub fn completions<'a>(&'a self, start: &'a str) -> impl Iterator<Item = &'a str> {
        self.nicks
            .keys()
            .map(UserId::as_str)
            .filter(move |id| id.starts_with(start))
    }

    /// Everybody that was heard of here, by each name that is known: name card and nick.
    pub fn everybody<'a>(
        &'a self,
        group: &GroupId,
    ) -> impl Iterator<Item = (&'a UserId, Option<&'a Clean>)> {
        let cards = self.cards.get(group).into_iter().flatten();
        let all = cards.chain(&self.nicks);
        all.map(|(user, name)| (user, name.as_ref()))
    }

    /// The name alone, whoever else is called the same.
    #[must_use]
    pub fn plain(&self, group: &GroupId, user: &UserId) -> Option<Clean> {
        let card = self
            .cards
            .get(group)
            .and_then(|c| c.get(user))
            .and_then(Option::as_ref);
        card.or_else(|| self.nicks.get(user).and_then(Option::as_ref))
            .cloned()
    }

    /// Whether somebody else is called the same, or has that for an ID.
    fn is_shared(&self, user: &UserId, name: &Clean) -> bool {
        let other = |u: &UserId| u != user;
        let called = self.called.get(name.as_str());
        let id = UserId::new(name.as_str());
        called.is_some_and(|users| users.iter().any(other))
            || (self.nicks.contains_key(&id) && other(&id))
    }

    fn call(&mut self, user: &UserId, name: &Clean) {
        let users = self.called.entry(name.as_str().to_owned()).or_default();
        users.insert(user.clone());
    }

    /// What should be asked, given the senders on screen.
    #[must_use]
    pub fn wants(&self, group: &GroupId, visible: &BTreeSet<UserId>) -> Vec<Want> {
        let mut wants = Vec::new();
        let cards = self.cards.get(group);
        let askable = |u: &&UserId| is_person(u);
        let users: Vec<UserId> = visible
            .iter()
            .filter(askable)
            .filter(|u| cards.is_none_or(|c| !c.contains_key(*u)))
            .take(MEMBERS_A_CALL)
            .cloned()
            .collect();
        if !users.is_empty() {
            let request = Request::Members {
                group: group.clone(),
                users,
            };
            wants.push(Want {
                scope: Scope::Members(group.clone()),
                request,
            });
        }
        let pending: BTreeSet<&UserId> = self.split.iter().flatten().collect();
        let users: Vec<UserId> = match self.split.last() {
            Some(batch) => batch.clone(),
            None => visible
                .iter()
                .filter(askable)
                .filter(|u| !self.nicks.contains_key(*u) && !pending.contains(*u))
                .take(PROFILES_A_CALL)
                .cloned()
                .collect(),
        };
        if !users.is_empty() {
            wants.push(Want {
                scope: Scope::Names,
                request: Request::Names { users },
            });
        }
        wants
    }

    /// Whether somebody's name card in a group is still to be asked for.
    #[must_use]
    pub fn lacks_card(&self, group: &GroupId, user: &UserId) -> bool {
        let cards = self.cards.get(group);
        is_person(user) && cards.is_none_or(|c| !c.contains_key(user))
    }

    /// Whether somebody's nickname is still to be asked for.
    #[must_use]
    pub fn lacks_nick(&self, user: &UserId) -> bool {
        is_person(user) && !self.nicks.contains_key(user)
    }

    /// Takes nicknames; who was asked for and is not in the reply has none.
    pub fn learn_profiles(&mut self, asked: &[UserId], profiles: Vec<Profile>) {
        self.learnt += 1;
        self.split.retain(|batch| batch != asked);
        for user in asked {
            self.nicks.insert(user.clone(), None);
        }
        for profile in profiles {
            let nick = profile.nick.as_deref().map(tidy).filter(|n| !n.is_empty());
            if let Some(nick) = &nick {
                self.call(&profile.user, nick);
            }
            self.nicks.insert(profile.user, nick);
        }
    }

    /// Takes name cards; who was asked for and is not in the reply has left or has none.
    pub fn learn_members(&mut self, group: &GroupId, asked: &[UserId], members: Vec<Member>) {
        self.learnt += 1;
        let cards = asked.iter().map(|user| (user.clone(), None));
        let mut cards: BTreeMap<UserId, Option<Clean>> = cards.collect();
        for member in members {
            let card = member
                .name_card
                .as_deref()
                .map(tidy)
                .filter(|n| !n.is_empty());
            if let Some(card) = &card {
                self.call(&member.user, card);
            }
            cards.insert(member.user, card);
        }
        self.cards.entry(group.clone()).or_default().extend(cards);
    }

    /// A whole call was refused because of a user in it (api-facts 4.6 leaves open
    /// whether that happens): ask in halves, until a single one is left to blame.
    pub fn profiles_failed(&mut self, asked: &[UserId]) {
        self.learnt += 1;
        self.split.retain(|batch| batch != asked);
        if let [only] = asked {
            self.nicks.insert(only.clone(), None);
            return;
        }
        let (one, other) = asked.split_at(asked.len() / 2);
        self.split.extend(
            [one, other]
                .into_iter()
                .filter(|h| !h.is_empty())
                .map(<[UserId]>::to_vec),
        );
    }
}

fn tidy(name: &str) -> Clean {
    clean(name.trim()).one_line()
}

/// System senders and robots have no profile and may fail the whole call (api-facts 4.6).
pub(super) fn is_person(user: &UserId) -> bool {
    let id = user.as_str();
    !(id.starts_with("@TIM#") || id.starts_with("@RBT#") || id == "administrator" || id.is_empty())
}

/// The stable colour of a user, by ID.
#[must_use]
pub fn color_of(user: &UserId) -> u8 {
    // FNV-1a: stable across runs and machines, unlike the standard hasher.
    let hash = user.as_str().bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    u8::try_from((hash >> 8) % u32::from(SENDER_COLORS)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: &str) -> UserId {
        UserId::new(id)
    }

    fn profile(id: &str, nick: &str) -> Profile {
        Profile {
            user: user(id),
            nick: Some(nick.to_owned()),
        }
    }

    fn shown(names: &Names, id: &str) -> Option<String> {
        names
            .of(&GroupId::new("g"), &user(id))
            .map(|n| n.as_str().to_owned())
    }

    #[test]
    fn a_name_card_beats_a_nickname() {
        let mut names = Names::default();
        names.learn_profiles(&[user("a")], vec![profile("a", "Ann")]);
        assert_eq!(shown(&names, "a").as_deref(), Some("Ann"));
        let card = Member {
            name_card: Some("Ann (desk)".to_owned()),
            ..Member::new(user("a"))
        };
        names.learn_members(&GroupId::new("g"), &[user("a")], vec![card]);
        assert_eq!(shown(&names, "a").as_deref(), Some("Ann (desk)"));
        assert_eq!(shown(&names, "b"), None);
    }

    #[test]
    fn two_people_of_one_name_are_told_apart() {
        let mut names = Names::default();
        names.learn_profiles(
            &[],
            vec![
                profile("a", "Support"),
                profile("b", "Support"),
                profile("c", "a"),
            ],
        );
        assert_eq!(shown(&names, "a").as_deref(), Some("Support (a)"));
        assert_eq!(shown(&names, "b").as_deref(), Some("Support (b)"));
        assert_eq!(
            shown(&names, "c").as_deref(),
            Some("a (c)"),
            "a name that is another's ID"
        );
    }

    #[test]
    fn nobody_is_asked_for_twice_and_machines_never() {
        let mut names = Names::default();
        let group = GroupId::new("g");
        let visible: BTreeSet<UserId> = ["a", "@TIM#SYSTEM", "administrator", "@RBT#x"]
            .map(user)
            .into();
        assert_eq!(names.wants(&group, &visible).len(), 2);
        names.learn_profiles(&[user("a")], Vec::new());
        names.learn_members(&group, &[user("a")], Vec::new());
        assert_eq!(names.wants(&group, &visible), []);
    }

    #[test]
    fn one_bad_user_does_not_cost_the_others_their_names() {
        let mut names = Names::default();
        let all = [user("a"), user("bad"), user("c")];
        let visible: BTreeSet<UserId> = all.iter().cloned().collect();
        let mut calls = 0;
        while let Some(Want {
            request: Request::Names { users },
            ..
        }) = names
            .wants(&GroupId::new("g"), &visible)
            .into_iter()
            .find(|w| w.scope == Scope::Names)
        {
            calls += 1;
            assert!(calls < 10, "ends by itself");
            if users.contains(&user("bad")) {
                names.profiles_failed(&users);
            } else {
                let known = users.iter().map(|u| profile(u.as_str(), "N")).collect();
                names.learn_profiles(&users, known);
            }
        }
        assert!(shown(&names, "a").is_some() && shown(&names, "c").is_some());
        assert_eq!(shown(&names, "bad"), None);
    }
}
