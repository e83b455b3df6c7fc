//! What an export asks of the service, so that tests can stand in for it.

use std::future::Future;

use crate::api::Client;
use crate::model::error::ApiError;
use crate::model::group::{Member, Profile};
use crate::model::ids::{Conversation, GroupId, Seq, UserId};
use crate::model::message::{Ask, Page};

/// What an export asks of the service. Clones share one call budget.
pub trait Service: Clone + Send + Sync + 'static {
    /// One page of a history.
    fn page(
        &self,
        conversation: &Conversation,
        ask: &Ask,
    ) -> impl Future<Output = Result<Page, ApiError>> + Send;

    /// The newest seq as the service counts it, stored or not; `None` where it does not say.
    fn head(
        &self,
        conversation: &Conversation,
    ) -> impl Future<Output = Result<Option<Seq>, ApiError>> + Send;

    /// Name cards of at most 50 members.
    fn cards(
        &self,
        group: &GroupId,
        users: &[UserId],
    ) -> impl Future<Output = Result<Vec<Member>, ApiError>> + Send;

    /// Nicknames of at most 100 users.
    fn nicks(
        &self,
        users: &[UserId],
    ) -> impl Future<Output = Result<Vec<Profile>, ApiError>> + Send;
}

impl Service for Client {
    async fn page(&self, conversation: &Conversation, ask: &Ask) -> Result<Page, ApiError> {
        self.history(conversation, ask).await
    }

    async fn head(&self, conversation: &Conversation) -> Result<Option<Seq>, ApiError> {
        let group = &conversation.group;
        let next = if let Some(topic) = &conversation.topic {
            let topics = self.topics(group).await?;
            let told = topics.into_iter().find(|answer| answer.id == *topic);
            told.and_then(|answer| answer.info.ok()?.next_seq)
        } else {
            let groups = self.group_info(std::slice::from_ref(group)).await?;
            let told = groups.into_iter().find(|answer| answer.id == *group);
            told.and_then(|answer| answer.info.ok()?.next_seq)
        };
        Ok(next.and_then(|next| Seq::new(next.checked_sub(1)?)))
    }

    async fn cards(&self, group: &GroupId, users: &[UserId]) -> Result<Vec<Member>, ApiError> {
        self.members(group, users).await
    }

    async fn nicks(&self, users: &[UserId]) -> Result<Vec<Profile>, ApiError> {
        self.names(users).await
    }
}
