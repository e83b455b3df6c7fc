//! Replies into the words of the model (being written).

use std::sync::Arc;

use serde_json::Value;

use crate::model::error::Fault;
use crate::model::group::{GroupAnswer, GroupList, JoinedGroups, Member, Profile, TopicAnswer};
use crate::model::ids::{Conversation, GroupId};
use crate::model::message::{Finished, Page};
use crate::model::text::{Clean, clean};

fn envelope(body: &[u8]) -> Result<Value, Fault> {
    let value: Value = serde_json::from_slice(body).map_err(|e| Fault::Malformed {
        what: Clean::ours(e.to_string()),
    })?;
    let code = value["ErrorCode"].as_u64().unwrap_or(0);
    if code != 0 || value["ActionStatus"] == "FAIL" {
        return Err(Fault::Service {
            code: u32::try_from(code).unwrap_or(u32::MAX),
            info: clean(value["ErrorInfo"].as_str().unwrap_or_default()),
        });
    }
    Ok(value)
}

/// Reads a reply.
///
/// # Errors
/// See [`Fault`].
pub fn page(body: &Arc<[u8]>, _: &Conversation) -> Result<Page, Fault> {
    envelope(body).map(|_| Page {
        items: Vec::new(),
        finished: Finished::Whole,
    })
}

/// Reads a reply.
///
/// # Errors
/// See [`Fault`].
pub fn group_list(body: &[u8]) -> Result<GroupList, Fault> {
    let value = envelope(body)?;
    let ids = value["GroupIdList"].as_array().cloned().unwrap_or_default();
    Ok(GroupList {
        ids: ids
            .iter()
            .filter_map(|item| item["GroupId"].as_str().map(GroupId::new))
            .collect(),
        total: value["TotalCount"].as_u64(),
        next: value["Next"].as_u64().filter(|next| *next != 0),
    })
}

/// Reads a reply.
///
/// # Errors
/// See [`Fault`].
pub fn group_info(body: &[u8]) -> Result<Vec<GroupAnswer>, Fault> {
    envelope(body).map(|_| Vec::new())
}

/// Reads a reply.
///
/// # Errors
/// See [`Fault`].
pub fn joined_groups(body: &[u8]) -> Result<JoinedGroups, Fault> {
    envelope(body).map(|_| JoinedGroups {
        groups: Vec::new(),
        total: None,
    })
}

/// Reads a reply.
///
/// # Errors
/// See [`Fault`].
pub fn members(body: &[u8]) -> Result<Vec<Member>, Fault> {
    envelope(body).map(|_| Vec::new())
}

/// Reads a reply.
///
/// # Errors
/// See [`Fault`].
pub fn topics(body: &[u8]) -> Result<Vec<TopicAnswer>, Fault> {
    envelope(body).map(|_| Vec::new())
}

/// Reads a reply.
///
/// # Errors
/// See [`Fault`].
pub fn names(body: &[u8]) -> Result<Vec<Profile>, Fault> {
    envelope(body).map(|_| Vec::new())
}
