//! What is to be loaded of a conversation.

use super::{DRY_PAGES, History};
use crate::app::event::Request;
use crate::app::flights::{Direction, Scope, Want};
use crate::app::jobs::PageAsk;
use crate::model::ids::Seq;
use crate::model::message::{Ask, AskNo, PageSize};
use crate::model::timeline::SeqState;

impl History {
    /// What should be loaded, most visible first.
    #[must_use]
    pub fn wants(&self) -> Vec<Want> {
        let mut wants = Vec::new();
        if !self.opened {
            wants.push(self.want(Direction::Newest, None, PageSize::FULL));
            return wants;
        }
        // While the list is not on screen, what it was last seen to lack may have come.
        let near = self.shown.near.iter().copied();
        let lacking = near.filter(|near| self.timeline.state(near.1) == SeqState::Unfetched);
        let mut begun = self.filter.as_ref().map(|f| f.in_air.clone());
        for (direction, seq, count) in lacking {
            let dry = match direction {
                Direction::Older => self.dry_older,
                Direction::Newer => self.dry_newer,
                Direction::Newest | Direction::Again | Direction::Poll => 0,
            };
            let allowed = match (&self.filter, &mut begun) {
                (Some(filter), Some(begun)) => filter.allows(direction, begun),
                _ => true,
            };
            if dry < DRY_PAGES && allowed {
                wants.push(self.want(direction, Some(seq), count));
            }
        }
        if let Some(seq) = self.again.front() {
            wants.push(self.want(Direction::Again, *seq, PageSize::FULL));
        }
        wants
    }

    /// The newest page, to see what came in the meantime.
    #[must_use]
    pub fn poll(&self) -> Want {
        self.want(Direction::Poll, None, PageSize::FULL)
    }

    /// A page that a job of this conversation asks for.
    #[must_use]
    pub fn job_want(&self, page: PageAsk) -> Want {
        Want {
            scope: Scope::Job(self.conversation.clone()),
            ..self.want(Direction::Older, Some(page.seq), page.count)
        }
    }

    pub(super) fn want(&self, direction: Direction, seq: Option<Seq>, count: PageSize) -> Want {
        let ask = Ask {
            seq,
            count,
            generation: self.timeline.generation(),
            no: AskNo(0),
        };
        Want {
            scope: Scope::Page(self.conversation.clone(), direction),
            request: Request::History {
                conversation: self.conversation.clone(),
                ask,
            },
        }
    }
}
