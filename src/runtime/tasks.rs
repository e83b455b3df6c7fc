//! Where effects become I/O: each in a task of its own, each ending in an event or in nothing.

use std::sync::Arc;

use tokio::sync::{Mutex, watch};

use crate::api::Client;
use crate::app::event::{Effect, Event, Request, Response, SavedState};
use crate::model::deed::Deed;
use crate::model::error::ApiError;
use crate::model::text::Clean;
use crate::state::{AccessLog, StateDir};

/// What effects are performed with.
#[derive(Debug, Clone)]
pub struct Deps {
    /// The way to the service.
    pub client: Client,
    /// The profile's name and where its state is kept, if anywhere.
    pub state: Option<(StateDir, String)>,
    saving: Arc<Mutex<()>>,
    accesses: Option<Arc<AccessLog>>,
    noting: Arc<Mutex<()>>,
    lane: Lane,
}

impl Deps {
    /// Nothing is touched yet.
    #[must_use]
    pub fn new(client: Client, state: Option<(StateDir, String)>) -> Self {
        Self {
            client,
            state,
            saving: Arc::default(),
            accesses: None,
            noting: Arc::default(),
            lane: Lane::default(),
        }
    }

    /// Notes accesses there.
    #[must_use]
    pub fn noting(mut self, accesses: Option<AccessLog>) -> Self {
        self.accesses = accesses.map(Arc::new);
        self
    }

    /// Where the calls of the reader go.
    #[must_use]
    pub fn lane(&self) -> Lane {
        self.lane.clone()
    }
}

/// The calls that somebody sits and waits for. Clones are one.
#[derive(Debug, Clone, Default)]
pub struct Lane(Arc<watch::Sender<usize>>);

/// One call in the lane, until dropped.
struct InLane(Lane);

impl Lane {
    fn enter(&self) -> InLane {
        self.0.send_modify(|calls| *calls += 1);
        InLane(self.clone())
    }

    /// Waits until there is none.
    pub async fn free(&self) {
        // The sender lives as long as this does.
        let _ = self.0.subscribe().wait_for(|calls| *calls == 0).await;
    }
}

impl Drop for InLane {
    fn drop(&mut self) {
        self.0
            .0
            .send_modify(|calls| *calls = calls.saturating_sub(1));
    }
}

/// Runs one effect to its end. The only place where an effect becomes I/O.
pub async fn perform(deps: &Deps, effect: Effect) -> Option<Event> {
    match effect {
        Effect::Fetch { id, request } => {
            let _in_lane = deps.lane.enter();
            let result = answer(&deps.client, request).await;
            Some(Event::Reply { id, result })
        }
        Effect::Resume => {
            deps.client.resume();
            None
        }
        Effect::Save(state) => save(deps, state).await,
        Effect::Note(deed) => note(deps, deed).await,
        // The loop's own: they need its task table or its terminal.
        Effect::Cancel(_)
        | Effect::Copy(_)
        | Effect::Export(_)
        | Effect::SteerExport(_)
        | Effect::Print(_)
        | Effect::EndPrint
        | Effect::Mouse(_)
        | Effect::Repaint
        | Effect::Suspend
        | Effect::Quit(_) => None,
    }
}

async fn answer(client: &Client, request: Request) -> Result<Response, ApiError> {
    match request {
        Request::History { conversation, ask } => client
            .history(&conversation, &ask)
            .await
            .map(Response::History),
        Request::GroupIds { next } => client.group_ids(next).await.map(Response::GroupIds),
        Request::GroupInfo { groups } => client.group_info(&groups).await.map(Response::GroupInfo),
        Request::JoinedGroups { user, offset } => client
            .joined_groups(&user, offset)
            .await
            .map(Response::JoinedGroups),
        Request::Members { group, users } => {
            client.members(&group, &users).await.map(Response::Members)
        }
        Request::Topics { group } => client.topics(&group).await.map(Response::Topics),
        Request::Names { users } => client.names(&users).await.map(Response::Names),
    }
}

async fn note(deps: &Deps, deed: Deed) -> Option<Event> {
    let accesses = deps.accesses.clone()?;
    let now = super::now().wall;
    // The lock is fair: lines stand in the order of what was done.
    let _turn = deps.noting.lock().await;
    let noted = tokio::task::spawn_blocking(move || accesses.note(&deed, now)).await;
    match noted {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(Event::NotNoted(Clean::ours(error.kind().to_string()))),
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}

async fn save(deps: &Deps, state: SavedState) -> Option<Event> {
    let (dir, profile) = deps.state.clone()?;
    // The lock is fair: of two saves the later one is written last.
    let _turn = deps.saving.lock().await;
    let written = tokio::task::spawn_blocking(move || dir.save(&profile, &state)).await;
    match written {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(Event::NotSaved(Clean::ours(error.to_string()))),
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}
