//! A client that lets everybody else go first.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until, timeout};

use crate::api::Client;
use crate::export::Service;
use crate::model::error::ApiError;
use crate::model::group::{Member, Profile};
use crate::model::ids::{Conversation, GroupId, Seq, UserId};
use crate::model::message::{Ask, Page};
use crate::runtime::tasks::Lane;

/// So long a call stands back: an export that a long search keeps waiting goes on slowly,
/// but goes on.
const PATIENCE: Duration = Duration::from_secs(1);

/// The reader's client, for calls that nobody sits and waits for.
#[derive(Debug, Clone)]
pub(super) struct Courteous {
    client: Client,
    lane: Lane,
    /// The calls that stood back leave one after another: all at once, they would fill
    /// the budget before the reader's next one.
    last: Arc<Mutex<Option<Instant>>>,
    /// Shorter than their beat, or they would never catch up.
    step: Duration,
}

impl Courteous {
    /// For an export of so many calls a second.
    pub(super) fn new(client: Client, lane: Lane, rate: u32) -> Self {
        Self {
            client,
            lane,
            last: Arc::default(),
            step: Duration::from_millis(750) / rate.max(1),
        }
    }

    /// Waits until nobody else wants to go.
    async fn turn(&self) {
        let mut last = self.last.lock().await;
        // Whoever still waits by then has waited for more than us.
        let _ = timeout(PATIENCE, self.lane.free()).await;
        if let Some(last) = *last {
            sleep_until(last + self.step).await;
        }
        *last = Some(Instant::now());
    }
}

impl Service for Courteous {
    async fn page(&self, conversation: &Conversation, ask: &Ask) -> Result<Page, ApiError> {
        self.turn().await;
        self.client.page(conversation, ask).await
    }

    async fn head(&self, conversation: &Conversation) -> Result<Option<Seq>, ApiError> {
        self.turn().await;
        self.client.head(conversation).await
    }

    async fn cards(&self, group: &GroupId, users: &[UserId]) -> Result<Vec<Member>, ApiError> {
        self.turn().await;
        self.client.cards(group, users).await
    }

    async fn nicks(&self, users: &[UserId]) -> Result<Vec<Profile>, ApiError> {
        self.turn().await;
        self.client.nicks(users).await
    }
}
