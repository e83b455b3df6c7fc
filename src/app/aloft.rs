//! The pages that a job asks for, on their way: what it wants, what flies, what
//! came, and what somebody else asks for already.

use super::App;
use super::event::{Effect, Now, Request};
use super::flights::{Direction, Flight, Phase, Scope, Want};
use super::jobs::{Aloft, PageAsk, Standing};
use super::work::Job;
use crate::model::ids::Conversation;
use crate::model::message::Ask;
use crate::model::timeline::Stretch;

impl App {
    /// What the running job wants.
    pub(super) fn job_wants(&self) -> Vec<Want> {
        let history = self.history();
        let Some((work, history)) = self.work.as_ref().zip(history) else {
            return Vec::new();
        };
        let viewed = history.wants();
        // What the screen asks for in the same moment is not asked for twice.
        let by_view = |want: &Want, page: &PageAsk| {
            let under_way = || {
                self.flights
                    .of(&want.scope)
                    .any(|f| f.request == want.request)
            };
            let mut viewed = viewed.iter().filter_map(|v| match &v.request {
                Request::History { ask, .. } => Some((ask.seq?, ask.count)),
                Request::GroupIds { .. }
                | Request::GroupInfo { .. }
                | Request::JoinedGroups { .. }
                | Request::Members { .. }
                | Request::Topics { .. }
                | Request::Names { .. } => None,
            });
            viewed.any(|(seq, count)| {
                PageAsk { seq, count }
                    .window()
                    .meet(page.window())
                    .is_some()
            }) && !under_way()
        };
        let pages = work.wants.iter();
        let wants = pages.map(|page| (history.job_want(*page), page));
        let wants = wants.filter(|(want, page)| !by_view(want, page));
        wants.map(|(want, _)| want).collect()
    }

    /// Pages of a conversation that are on their way or have been given up. What waits to
    /// be tried again, and has come by another way, is neither: a job that asks for it would
    /// ask until the wait is over.
    pub(super) fn aloft(&self, conversation: &Conversation) -> Vec<Aloft> {
        let Some(history) = self.histories.get(conversation) else {
            return Vec::new();
        };
        let timeline = history.timeline();
        let generation = timeline.generation();
        let pages = self.flights.iter().filter_map(|flight| {
            let (of, page, age) = page_of(flight)?;
            let how = match flight.phase {
                Phase::Running { .. } => Standing::Running,
                Phase::Waiting { .. } if timeline.is_answered(page.window()) => return None,
                Phase::Waiting { .. } => Standing::Waiting,
                Phase::Failed { .. } => Standing::Failed,
            };
            (of == conversation && age == generation).then_some(Aloft { ask: page, how })
        });
        pages.collect()
    }

    /// Failed pages whose seqs have come by another way are no failures any more.
    pub(super) fn forget_mended(&mut self) {
        let Self {
            flights, histories, ..
        } = self;
        flights.forget_done(|flight| {
            let Some((conversation, page, _)) = page_of(flight) else {
                return false;
            };
            let history = histories.get(conversation);
            history.is_some_and(|history| history.timeline().is_answered(page.window()))
        });
    }

    /// Pages that are on their way already.
    pub(super) fn coming(&self) -> Coming<'_> {
        let mut coming = Coming(Vec::new());
        for flight in self.flights.iter() {
            let comes = match flight.phase {
                Phase::Running { .. } => true,
                // It is tried again when it is due, in the same moment as this would be.
                Phase::Waiting { .. } => flight.is_wanted(),
                Phase::Failed { .. } => false,
            };
            if let Some((conversation, page, _)) = page_of(flight).filter(|_| comes) {
                coming.add(&flight.scope, conversation, page.window());
            }
        }
        coming
    }

    /// A page of the conversation has been answered, and merged.
    pub(super) fn note_answer(&mut self, ask: Ask) {
        let Some(seq) = ask.seq else { return };
        let page = PageAsk {
            seq,
            count: ask.count,
        };
        match self.work.as_mut().map(|w| &mut w.job) {
            Some(Job::Match { search, .. } | Job::Fill { search, .. }) => search.landed(page),
            Some(Job::Hunt { .. } | Job::Search) | None => {}
        }
    }

    /// What should be loaded ahead of a reader who moves. A job that runs has all that the
    /// budget leaves; the reader then goes one page at a time.
    pub(super) fn wants_ahead(&self, now: Now) -> Vec<Want> {
        let history = self.history().filter(|_| self.work.is_none());
        history.map(|h| h.wants_ahead(now)).unwrap_or_default()
    }

    /// Leaves those of the pages ahead that can leave now: no other call of the reader's
    /// is to stand behind them in the budget. Each key looks at the rest anew.
    pub(super) fn pace_ahead(&mut self, wants: &mut Vec<Want>, now: Now) {
        let is_ahead = |scope: &Scope| matches!(scope, Scope::Ahead(_));
        if !wants.iter().any(|want| is_ahead(&want.scope)) {
            return;
        }
        let in_air = self.flights.iter().filter(|f| is_ahead(&f.scope)).count();
        let mut room = self.pace.room(in_air, now.mono);
        wants.retain(|want| {
            let leaves = !is_ahead(&want.scope) || room > 0;
            room = room.saturating_sub(usize::from(is_ahead(&want.scope)));
            leaves
        });
    }

    /// Counts what left on behalf of a job, or ahead of the reader.
    pub(super) fn count_paced(&mut self, effects: &[Effect], now: Now) {
        let is_paced = |effect: &&Effect| {
            let Effect::Fetch { id, .. } = effect else {
                return false;
            };
            let mut flights = self.flights.iter();
            flights.any(|f| f.id == *id && matches!(f.scope, Scope::Ahead(_) | Scope::Job(_)))
        };
        let started = effects.iter().filter(is_paced).count();
        if started > 0 {
            self.pace.started(started, now.mono);
        }
        if let Some(work) = &mut self.work {
            work.wakes_at = self.pace.wake_at(now.mono);
        }
    }
}

/// Pages that are on their way, by what they are for.
pub(super) struct Coming<'a>(Vec<(&'a Scope, &'a Conversation, Vec<Stretch>)>);

impl<'a> Coming<'a> {
    fn add(&mut self, scope: &'a Scope, conversation: &'a Conversation, window: Stretch) {
        match self.0.iter_mut().find(|(of, ..)| *of == scope) {
            Some((.., windows)) => windows.push(window),
            None => self.0.push((scope, conversation, vec![window])),
        }
    }

    /// Whether somebody else has asked for what a want begins with.
    pub(super) fn cover(&self, want: &Want) -> bool {
        let Request::History { conversation, ask } = &want.request else {
            return false;
        };
        let Some(seq) = ask.seq else { return false };
        if matches!(want.scope, Scope::Page(_, Direction::Again)) {
            return false;
        }
        let holds = |window: &Stretch| window.first() <= seq && seq <= window.last();
        self.0.iter().any(|(scope, of, windows)| {
            let other = **scope != want.scope && *of == conversation;
            other && windows.iter().any(holds)
        })
    }
}

/// The page a flight asks for, of what, and in which life of the group.
pub(super) fn page_of(flight: &Flight) -> Option<(&Conversation, PageAsk, u32)> {
    match (&flight.scope, &flight.request) {
        (
            Scope::Page(..) | Scope::Ahead(_) | Scope::Job(_),
            Request::History { conversation, ask },
        ) => {
            let page = PageAsk {
                seq: ask.seq?,
                count: ask.count,
            };
            Some((conversation, page, ask.generation))
        }
        _ => None,
    }
}
