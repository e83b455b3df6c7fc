//! What the picker would like to know, and when it may ask.

use std::time::Instant;

use super::{INFOS_A_CALL, Listing, Picker};
use crate::app::event::{Now, Request};
use crate::app::flights::{Scope, Want};
use crate::model::ids::{Conversation, GroupId};

impl Picker {
    /// What should be loaded for the list, most visible first.
    #[must_use]
    pub fn wants(&self, current: Option<&Conversation>, now: Now) -> Vec<Want> {
        let mut wants = Vec::new();
        let missing = |id: &&GroupId| self.unnamed.contains(*id) || self.stale.contains(*id);
        let first = current.map(|c| &c.group);
        let others = self.visible.iter().filter(|id| Some(*id) != first);
        let ids: Vec<GroupId> = first
            .into_iter()
            .chain(others)
            .filter(missing)
            .take(INFOS_A_CALL)
            .cloned()
            .collect();
        if !ids.is_empty() {
            wants.push(Want {
                scope: Scope::Groups,
                request: Request::GroupInfo { groups: ids },
            });
        }
        if let Some(of_user) = self.of_user.as_ref().filter(|o| !o.done) {
            let offset = u32::try_from(of_user.groups.len()).unwrap_or(u32::MAX);
            let request = Request::JoinedGroups {
                user: of_user.user.clone(),
                offset,
            };
            wants.push(Want {
                scope: Scope::Joined,
                request,
            });
        }
        for id in first.into_iter().chain(&self.visible) {
            if self
                .entries
                .get(id)
                .is_some_and(|e| !e.topics_known && e.may_have_topics())
            {
                let request = Request::Topics { group: id.clone() };
                wants.push(Want {
                    scope: Scope::Topics(id.clone()),
                    request,
                });
            }
        }
        if let Listing::At(next) = self.listing
            && self.list_not_before.is_none_or(|t| t <= now.mono)
        {
            wants.push(Want {
                scope: Scope::GroupIds,
                request: Request::GroupIds { next },
            });
        }
        wants
    }

    /// Whether it is the turn of names in the background: a quarter of the budget.
    #[must_use]
    pub fn background_is_due(&self, now: Now) -> bool {
        self.background_not_before.is_none_or(|t| t <= now.mono)
    }

    /// The next groups to name in the background, whenever their turn is: those that
    /// [`Picker::wants`] does not ask for at once.
    #[must_use]
    pub fn background_want(&self, current: Option<&Conversation>) -> Option<Want> {
        let first = current.map(|c| &c.group);
        let at_once = |id: &GroupId| Some(id) == first || self.visible.contains(id);
        let unnamed = self.unnamed.iter().filter(|id| !at_once(id));
        let groups: Vec<GroupId> = unnamed.take(INFOS_A_CALL).cloned().collect();
        (!groups.is_empty()).then_some(Want {
            scope: Scope::Background,
            request: Request::GroupInfo { groups },
        })
    }

    /// A background call has left: the next one waits for its share of the budget.
    pub fn background_started(&mut self, now: Now) {
        self.background_not_before = Some(now.mono + self.background_pause);
    }

    /// When something here is wanted that is not wanted yet.
    #[must_use]
    pub fn wake_at(&self, current: Option<&Conversation>, now: Now) -> Option<Instant> {
        let list = self
            .list_not_before
            .filter(|_| self.listing != Listing::Done);
        let background = self
            .background_not_before
            .filter(|_| self.background_want(current).is_some());
        list.into_iter()
            .chain(background)
            .filter(|t| *t > now.mono)
            .min()
    }
}
