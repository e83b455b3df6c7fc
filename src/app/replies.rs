//! What a reply changes: a fact about what was asked, wherever the reader is by now.

use super::event::{Effect, Now, Request, RequestId, Response, secs};
use super::flights::{Direction, Landed, Scope};
use super::history::Learnt;
use super::line::Role;
use super::overlay::Overlay;
use super::{App, Halt, SILENCE};
use crate::model::error::{ApiError, Attempt, Fault, Remedy};
use crate::model::group::Member;
use crate::model::ids::{Conversation, GroupId, Seq, UserId};
use crate::model::message::{Ask, AskNo, Page, Timestamp};
use crate::model::text::{Clean, clean};
use crate::model::timeline::HeadNews;

impl App {
    pub(super) fn reply(
        &mut self,
        id: RequestId,
        result: Result<Response, ApiError>,
        now: Now,
    ) -> Vec<Effect> {
        let (answer, error) = match result {
            Err(error) => (None, Some(error)),
            Ok(Response::History(page)) => (None, self.page(id, page, now)),
            Ok(answer) => (Some(answer), None),
        };
        let Some(landed) = self.flights.land(id, error.as_ref(), now.mono) else {
            return Vec::new();
        };
        // A time-out says nothing about the credentials.
        if error.as_ref().is_none_or(|e| e.code().is_some()) {
            self.probing = false;
        }
        if matches!(landed.scope, Scope::Ahead(_) | Scope::Job(_)) {
            if error.is_some() {
                self.pace.failed();
            } else {
                self.pace.landed();
            }
        }
        self.forget_mended();
        match (error, answer) {
            (Some(error), _) => self.failed(&landed, error, now),
            (None, Some(answer)) => self.learn(landed, answer, now),
            (None, None) => return self.opened(&landed, now),
        }
        Vec::new()
    }

    /// A conversation whose newest page came is one to come back to.
    fn opened(&mut self, landed: &Landed, now: Now) -> Vec<Effect> {
        let Scope::Page(conversation, Direction::Newest) = &landed.scope else {
            return Vec::new();
        };
        self.remember(conversation);
        self.greet(conversation, now);
        vec![self.saved()]
    }

    /// Merges a page before its flight lands: one that brings nothing new is an error.
    fn page(&mut self, id: RequestId, page: Page, now: Now) -> Option<ApiError> {
        let flight = self.flights.iter().find(|f| f.id == id)?;
        let Request::History { conversation, ask } = flight.sent() else {
            return None;
        };
        let direction = flight.scope.direction();
        let (conversation, ask) = (conversation.clone(), *ask);
        let head = |app: &Self| app.histories.get(&conversation)?.timeline().head();
        let before = head(self);
        let learnt = self.learn_page(&conversation, ask, page, (direction, now.wall));
        self.note_answer(ask);
        if direction == Some(Direction::Poll) {
            let known = before.map_or(0, Seq::get);
            let fresh = head(self).map_or(0, |h| h.get().saturating_sub(known));
            self.polled(&conversation, fresh, now);
        }
        match learnt {
            Learnt::Fine => None,
            Learnt::AskHead => {
                self.picker.forget(&conversation);
                None
            }
            Learnt::NoProgress => Some(ApiError {
                attempt: Attempt {
                    command: "group_msg_get_simple",
                    subject: Some(clean(conversation.id()).one_line()),
                    seq: ask.seq,
                },
                fault: Fault::Malformed {
                    what: Clean::from("all its seqs lie above the one asked for"),
                },
            }),
        }
    }

    fn learn_page(
        &mut self,
        conversation: &Conversation,
        ask: Ask,
        page: Page,
        how: (Option<Direction>, Option<Timestamp>),
    ) -> Learnt {
        match self.histories.get_mut(conversation) {
            Some(history) => history.learn_page(ask, page, how),
            None => Learnt::Fine,
        }
    }

    fn learn(&mut self, landed: Landed, response: Response, now: Now) {
        match (landed.request, response) {
            (Request::GroupIds { .. }, Response::GroupIds(list)) => {
                self.picker.learn_list(list, now);
            }
            (Request::GroupInfo { groups }, Response::GroupInfo(answers)) => {
                let heads: Vec<_> = answers
                    .iter()
                    .filter_map(|a| Some((a.id.clone(), a.info.as_ref().ok()?.next_seq?)))
                    .collect();
                self.picker.learn_infos(&groups, answers);
                for (group, next) in heads {
                    self.learn_head(&Conversation::group(group), next, landed.no);
                }
            }
            (Request::JoinedGroups { user, .. }, Response::JoinedGroups(joined)) => {
                self.picker.learn_joined(&user, joined);
            }
            (Request::Topics { group }, Response::Topics(topics)) => {
                let heads: Vec<_> = topics
                    .iter()
                    .filter_map(|t| Some((t.id.clone(), t.info.as_ref().ok()?.next_seq?)))
                    .collect();
                self.picker.learn_topics(&group, Ok(topics));
                for (topic, next) in heads {
                    let topic = Conversation {
                        group: group.clone(),
                        topic: Some(topic),
                    };
                    self.learn_head(&topic, next, landed.no);
                }
            }
            (Request::Members { group, users }, Response::Members(members)) => {
                self.learn_card((&group, &users), &members);
                self.names.learn_members(&group, &users, members);
                self.names_came();
            }
            (Request::Names { users }, Response::Names(profiles)) => {
                self.names.learn_profiles(&users, profiles);
                self.names_came();
            }
            // An answer to another question is our own bug; nothing is learnt from it.
            _ => {}
        }
    }

    /// The answer to a card, whoever asked.
    fn learn_card(&mut self, (group, asked): (&GroupId, &[UserId]), members: &[Member]) {
        let here = self.current.as_ref().is_some_and(|c| c.group == *group);
        // Help may lie above the card.
        let top = match &mut self.overlay {
            Some(Overlay::Help { under, .. }) => under.as_deref_mut(),
            other => other.as_mut(),
        };
        if let Some(Overlay::Card { user, answer, .. }) = top
            && here
            && asked.contains(user)
        {
            let member = members.iter().find(|m| m.user == *user);
            *answer = Some(member.cloned().map(Box::new));
        }
    }

    fn names_came(&mut self) {
        for history in self.histories.values_mut() {
            history.names_came();
        }
    }

    fn learn_head(&mut self, conversation: &Conversation, next: u32, no: AskNo) {
        let Some(history) = self.histories.get_mut(conversation) else {
            return;
        };
        match history.learn_head(next, no) {
            HeadNews::Same | HeadNews::Raised => {}
            HeadNews::Doubted => self.picker.forget(conversation),
            HeadNews::Restarted => self.say(
                Role::Warning,
                "the newest seq went backwards: the group began anew, what was loaded is put away",
            ),
        }
    }

    fn failed(&mut self, landed: &Landed, error: ApiError, now: Now) {
        if error.remedy() == Remedy::Credentials {
            let quiet = (error.code() == Some(70_050)).then(|| now.mono + secs(SILENCE));
            self.flights.stop_waiting();
            let first = self.halt.is_none();
            let quiet_until = quiet.or_else(|| self.halt.as_ref().and_then(|h| h.quiet_until));
            if first || quiet.is_some() {
                // A page of help stays where it is: the key that closes it is on its way.
                if let Some(Overlay::Help { under, .. }) = &mut self.overlay {
                    *under = Some(Box::new(Overlay::Stopped));
                } else {
                    self.overlay = Some(Overlay::Stopped);
                }
                self.halt = Some(Halt { error, quiet_until });
            }
            return;
        }
        if !landed.gave_up {
            return;
        }
        match (&landed.scope, &landed.request) {
            (Scope::Page(conversation, direction), _) if *direction != Direction::Poll => {
                if *direction == Direction::Again {
                    self.flights.forget_failed(&landed.scope);
                    if let Some(history) = self.histories.get_mut(conversation) {
                        history.again_failed();
                    }
                    self.say_error(&error);
                }
            }
            // The card and the job say so themselves, and the next poll is to come.
            (Scope::Card(_) | Scope::Ahead(_) | Scope::Job(_) | Scope::Page(..), _) => {}
            (Scope::Names, Request::Names { users }) if is_about_a_user(&error) => {
                self.names.profiles_failed(users);
                self.flights.forget_failed(&Scope::Names);
            }
            (Scope::Topics(group), _) => {
                // 11000: the app has no topics; the community is a group like others.
                self.picker.learn_topics(group, Err(&error));
                self.flights.forget_failed(&landed.scope);
                if error.code() != Some(11_000) {
                    self.say_error(&error);
                }
            }
            _ => self.say_error(&error),
        }
    }
}

/// Whether the service refused a batch because of a user in it: 40003 and its
/// like say that an account is not known (api-facts 1.13).
fn is_about_a_user(error: &ApiError) -> bool {
    matches!(error.code(), Some(40_001..=40_003 | 70_107 | 10_019))
}
