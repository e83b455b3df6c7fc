//! Places in a conversation as they are typed: the same forms as at the browser's prompt.

use super::Clock;
use super::reach::Reach;
use crate::app::jobs::hunt::{Aim, Found, Hunt, Landing};
use crate::model::error::ApiError;
use crate::model::goto::{self, Destination, MessageId, Place};
use crate::model::ids::Seq;
use crate::model::message::PageSize;
use crate::model::timeline::Stretch;

/// Why a place that was typed cannot be gone to.
#[derive(Debug, thiserror::Error)]
pub(super) enum Astray {
    /// What was typed is no place.
    #[error("{0}")]
    Typed(String),
    /// It is one, and nothing is there.
    #[error("{0}")]
    NotFound(String),
    /// The page that would tell was given up.
    #[error(transparent)]
    Service(#[from] ApiError),
}

impl Reach {
    /// The seq that something typed means: the same forms as at the browser's prompt.
    ///
    /// # Errors
    /// It is no place, or the service cannot say where.
    pub(super) async fn place(&mut self, text: &str, clock: &Clock) -> Result<Seq, Astray> {
        let head = self.timeline.head().unwrap_or(Seq::FIRST);
        let reading =
            goto::read(text, &self.here(clock)).map_err(|wrong| Astray::Typed(wrong.words))?;
        let aim = match reading.destination {
            Destination::Seq(seq) => return Ok(seq.min(head)),
            Destination::End => return Ok(head),
            Destination::Start => Aim::Oldest,
            Destination::Time(time) => Aim::Time(time),
            Destination::Message(id) => return self.message(id, head).await,
            Destination::Elsewhere(target) => {
                return match target
                    .seq
                    .filter(|_| target.conversation == *self.conversation())
                {
                    Some(seq) => Ok(seq.min(head)),
                    None => Err(Astray::Typed("it names another conversation".to_owned())),
                };
            }
        };
        let landing = self.landing(aim).await?;
        Ok(landing.map_or(head, |landing| landing.seq))
    }

    /// Where a hunt ends; `None` where nobody can say and nothing has failed.
    async fn landing(&mut self, aim: Aim) -> Result<Option<Landing>, Astray> {
        let landing = self.hunt(aim).await;
        let landing = landing.filter(|landing| landing.what != Found::Failed);
        match (landing, self.first_error()) {
            (None, Some(error)) => Err(error.clone().into()),
            (landing, _) => Ok(landing),
        }
    }

    /// The message of an ID: from the earliest it may be on, some pages at a time.
    async fn message(&mut self, id: MessageId, head: Seq) -> Result<Seq, Astray> {
        let landing = self.landing(Aim::Time(id.earliest())).await?;
        let mut next = landing.and_then(|landing| match landing.what {
            Found::At(_) | Found::Oldest(_) => Some(landing.seq),
            Found::AfterTheNewest(_) | Found::Untimed { .. } | Found::Nothing | Found::Failed => {
                None
            }
        });
        let pages = u32::try_from(Hunt::breadth_for(self.calls_per_second)).unwrap_or(1);
        let step = PageSize::FULL.get() * pages;
        while let Some(first) = next.filter(|first| *first <= head) {
            let last = first.forward(step - 1).min(head);
            self.fill(Stretch::new(first, last).unwrap_or(Stretch::one(first)))
                .await;
            let mut passed = false;
            for (seq, message) in self.timeline.all_known(first..=last) {
                if id.is_of(message.random, message.time) {
                    return Ok(seq);
                }
                passed |= message.time.is_some_and(|time| id.is_passed(time));
            }
            next = last.next().filter(|_| !passed);
        }
        match self.first_error() {
            // It may be in what could not be had.
            Some(error) => Err(error.clone().into()),
            None => Err(Astray::NotFound(id.not_found())),
        }
    }

    /// Whether something typed is a time: the end of a range that is not part of it.
    pub(super) fn is_time(&self, text: &str, clock: &Clock) -> bool {
        let read = goto::read(text, &self.here(clock));
        read.is_ok_and(|reading| matches!(reading.destination, Destination::Time(_)))
    }

    /// Whether a seq was sent before the time that was typed: where all is older, the
    /// newest is what a hunt lands on.
    pub(super) fn is_before(&self, seq: Seq, text: &str, clock: &Clock) -> bool {
        let sent = self.timeline.message(seq).and_then(|message| message.time);
        let read = goto::read(text, &self.here(clock)).ok();
        match (sent, read.map(|reading| reading.destination)) {
            (Some(sent), Some(Destination::Time(time))) => sent < time,
            _ => false,
        }
    }

    fn here<'c>(&self, clock: &'c Clock) -> Place<'c> {
        let head = self.timeline.head();
        let newest = head.and_then(|head| self.timeline.timed_at_or_below(head));
        Place {
            zone: &clock.zone,
            now: clock.now,
            selected: head,
            selected_time: newest.map(|(_, time)| time),
            head,
        }
    }
}
