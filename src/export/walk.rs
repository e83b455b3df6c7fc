//! One concurrent walk over the pages of a range: asked for many at once, handed out in order.

use std::time::Instant;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::course::{Course, Move, Route, Tally};
use super::names::Desk;
use super::service::Service;
use super::slot::Leg;
use crate::model::error::ApiError;
use crate::model::ids::Conversation;
use crate::model::message::{Ask, Page};

/// What somebody outside wants of a walk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wish {
    /// To go on.
    #[default]
    Go,
    /// To ask for nothing more for now; what is in the air lands and goes out.
    Pause,
    /// To end. What is in the air is dropped.
    Stop,
}

/// Why a walk ended before its range did. What has gone out stays.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Halt {
    /// Somebody wished so.
    #[error("stopped")]
    Stopped,
    /// The service refused, or could not be reached any more.
    #[error("{0}")]
    Refused(Box<ApiError>),
}

type Landed = ((u64, Ask), Result<Page, ApiError>);

/// A walk under way. Dropping it drops all that is in the air.
#[derive(Debug)]
pub struct Walk<S> {
    service: S,
    conversation: Conversation,
    course: Course,
    air: JoinSet<Landed>,
    desk: Option<Desk<S>>,
    /// `None`: nobody is left to wish for anything.
    wishes: Option<watch::Receiver<Wish>>,
}

impl<S: Service> Walk<S> {
    /// Nothing is asked before [`Walk::next`].
    #[must_use]
    pub fn new(service: S, conversation: Conversation, route: Route) -> Self {
        Self {
            service,
            conversation,
            course: Course::new(route),
            air: JoinSet::new(),
            desk: None,
            wishes: None,
        }
    }

    /// Learns the names of all senders before their page goes out.
    #[must_use]
    pub fn naming(mut self, desk: Option<Desk<S>>) -> Self {
        self.desk = desk;
        self
    }

    /// Listens to somebody outside.
    #[must_use]
    pub fn heeding(mut self, wishes: watch::Receiver<Wish>) -> Self {
        self.wishes = Some(wishes);
        self
    }

    /// What was asked for so far.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.course.tally()
    }

    /// The next page's worth of seqs, in the order of the route; `None` at its end.
    ///
    /// Whoever takes long between two calls slows the walk down: no more is held than
    /// ten seconds' worth of pages. Nothing is lost if the future is dropped.
    ///
    /// # Errors
    /// See [`Halt`]. All that was whole before has been handed out then.
    pub async fn next(&mut self) -> Result<Option<Leg>, Halt> {
        loop {
            let wish = self.wishes.as_ref().map(|wishes| *wishes.borrow());
            let wake = match wish.unwrap_or_default() {
                Wish::Stop => return Err(Halt::Stopped),
                Wish::Pause => None,
                Wish::Go => self.launch(),
            };
            if let Some(leg) = self.course.take() {
                return Ok(Some(leg));
            }
            if self.course.is_over() {
                return Ok(None);
            }
            if let Some(error) = self.course.fatal() {
                return Err(Halt::Refused(Box::new(error.clone())));
            }
            tokio::select! {
                biased;
                Some(landed) = self.air.join_next() => match landed {
                    Ok((ask, result)) => self.course.land(ask, result, now()),
                    Err(panic) => std::panic::resume_unwind(panic.into_panic()),
                },
                () = sleep(wake) => {}
                () = changed(&mut self.wishes) => {}
            }
        }
    }

    /// Sends off all that may leave now; says when to look again.
    fn launch(&mut self) -> Option<Instant> {
        loop {
            match self.course.step(now()) {
                Move::Wait(until) => return until,
                Move::Ask(number, ask) => {
                    let call = call(self.service.clone(), self.conversation.clone(), ask);
                    let desk = self.desk.clone();
                    self.air.spawn(async move {
                        let mut result = call.await;
                        if let (Ok(page), Some(desk)) = (&result, desk)
                            && let Err(error) = desk.meet(page).await
                        {
                            // Without the names the page is not what was asked for.
                            result = Err(error);
                        }
                        ((number, ask), result)
                    });
                }
            }
        }
    }
}

async fn call<S: Service>(
    service: S,
    conversation: Conversation,
    ask: Ask,
) -> Result<Page, ApiError> {
    service.page(&conversation, &ask).await
}

async fn sleep(until: Option<Instant>) {
    match until {
        Some(until) => tokio::time::sleep_until(until.into()).await,
        None => std::future::pending().await,
    }
}

/// Ends when somebody wishes for something else.
async fn changed(wishes: &mut Option<watch::Receiver<Wish>>) {
    if let Some(receiver) = wishes
        && receiver.changed().await.is_ok()
    {
        return;
    }
    *wishes = None;
    std::future::pending::<()>().await;
}

/// The runtime's clock, which tests can stop.
fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}
