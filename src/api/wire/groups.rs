//! Replies about groups and topics (api-facts 4.1 to 4.3, 4.7).

use super::envelope::{any_field, filled, info, list, open, verdict};
use super::page::time;
use crate::model::error::Fault;
use crate::model::group::{
    GroupAnswer, GroupInfo, GroupList, GroupType, JoinedGroups, TopicAnswer,
};
use crate::model::ids::{GroupId, TopicId, UserId};
use crate::model::json::{MAX_DEPTH, Node};

/// Reads one reply of get_appid_group_list; entries without an ID are left out.
///
/// # Errors
/// [`Fault::Service`] or [`Fault::Malformed`].
pub fn group_list(body: &[u8]) -> Result<GroupList, Fault> {
    let tape = open(body, MAX_DEPTH)?;
    let root = tape.root();
    let groups = answered(root, &["GroupIdList"])?;
    Ok(GroupList {
        ids: groups
            .into_iter()
            .flat_map(Node::items)
            .filter_map(group_id)
            .collect(),
        total: root.field("TotalCount").and_then(Node::unsigned),
        next: root
            .field("Next")
            .and_then(Node::unsigned)
            .filter(|&next| next != 0),
    })
}

/// Reads one reply of get_group_info: each group has its own verdict, and the
/// code of the whole counts only where no group came at all (api-facts 4.2).
///
/// # Errors
/// [`Fault::Service`] or [`Fault::Malformed`].
pub fn group_info(body: &[u8]) -> Result<Vec<GroupAnswer>, Fault> {
    let tape = open(body, MAX_DEPTH)?;
    let groups = one_by_one(tape.root(), &["GroupInfo"])?;
    Ok(groups
        .into_iter()
        .flat_map(Node::items)
        .filter_map(|group| {
            Some(GroupAnswer {
                id: group_id(group)?,
                info: own_verdict(group).map(|()| fields(group)),
            })
        })
        .collect())
}

/// Reads one reply of get_joined_group_list; entries without an ID are left out.
///
/// # Errors
/// [`Fault::Service`] or [`Fault::Malformed`].
pub fn joined_groups(body: &[u8]) -> Result<JoinedGroups, Fault> {
    let tape = open(body, MAX_DEPTH)?;
    let root = tape.root();
    let groups = answered(root, &["GroupIdList"])?;
    Ok(JoinedGroups {
        groups: groups
            .into_iter()
            .flat_map(Node::items)
            .filter_map(|group| Some((group_id(group)?, fields(group))))
            .collect(),
        total: root.field("TotalCount").and_then(Node::unsigned),
    })
}

/// Reads one reply of get_topic: each topic has its own verdict (api-facts 4.7).
///
/// # Errors
/// [`Fault::Service`] or [`Fault::Malformed`].
pub fn topics(body: &[u8]) -> Result<Vec<TopicAnswer>, Fault> {
    let tape = open(body, MAX_DEPTH)?;
    let topics = one_by_one(tape.root(), &["TopicAndSelfInfo"])?;
    Ok(topics
        .into_iter()
        .flat_map(Node::items)
        .filter_map(|entry| {
            let topic = entry.field("TopicInfo")?;
            Some(TopicAnswer {
                id: TopicId::new(filled(topic, "TopicId")?),
                info: own_verdict(entry).map(|()| fields(topic)),
            })
        })
        .collect())
}

/// The list of a reply whose code speaks for the whole.
pub(super) fn answered<'t>(root: Node<'t>, names: &[&str]) -> Result<Option<Node<'t>>, Fault> {
    let found = list(root, names);
    verdict(root, matches!(found, Ok(Some(_))))?;
    found
}

/// The list of a reply whose entries each carry a code of their own.
fn one_by_one<'t>(root: Node<'t>, names: &[&str]) -> Result<Option<Node<'t>>, Fault> {
    match list(root, names) {
        Ok(Some(found)) if found.items().next().is_some() => Ok(Some(found)),
        found => {
            verdict(root, matches!(found, Ok(Some(_))))?;
            found
        }
    }
}

/// The code of one entry with the service's text; without a code it is well.
fn own_verdict(entry: Node<'_>) -> Result<(), (u32, String)> {
    match entry.field("ErrorCode").and_then(Node::u32) {
        None | Some(0) => Ok(()),
        Some(code) => Err((code, info(entry))),
    }
}

/// The ID of an entry, which some pages spell `groupID` and some lists hold bare.
fn group_id(entry: Node<'_>) -> Option<GroupId> {
    any_field(entry, &["GroupId", "GroupID", "groupID"])
        .or(Some(entry))
        .and_then(Node::text)
        .filter(|id| !id.is_empty())
        .map(GroupId::new)
}

fn fields(group: Node<'_>) -> GroupInfo {
    let text = |name: &str| group.field(name).and_then(Node::text);
    let number = |name: &str| group.field(name).and_then(Node::u32);
    let when = |name: &str| group.field(name).and_then(time);
    GroupInfo {
        kind: text("Type").map(|name| GroupType::parse(&name)),
        name: text("Name").or_else(|| text("TopicName")),
        owner: filled(group, "Owner_Account").map(UserId::new),
        created: when("CreateTime"),
        last_message: when("LastMsgTime"),
        next_seq: number("NextMsgSeq"),
        members: number("MemberNum"),
        max_members: number("MaxMemberNum"),
        muted: muted(group),
        notice: text("Notification"),
        introduction: text("Introduction"),
        join_option: text("ApplyJoinOption"),
        topics: group
            .field("SupportTopic")
            .and_then(Node::flag)
            .map(|flag| flag != 0),
    }
}

/// `MuteAllMember` On or Off; older replies about topics have `ShutUpAllFlag`.
fn muted(group: Node<'_>) -> Option<bool> {
    let flag = any_field(group, &["MuteAllMember", "ShutUpAllFlag"])?;
    match flag.text()?.trim() {
        word if word.eq_ignore_ascii_case("On") => Some(true),
        word if word.eq_ignore_ascii_case("Off") => Some(false),
        _ => flag.flag().map(|flag| flag != 0),
    }
}
