//! System messages: what happened in a group, in fields and in words.

use super::{MAX_LISTED, text_or_json};
use crate::model::json::Node;
use crate::model::message::Raw;

/// The object form of `MsgBody` (api-facts 1.3). Its fields are attested for a
/// sibling of this API only, so all may be missing. Text is not sanitised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    /// `OpType`: 1 joined, 2 left, 3 removed, 4 and 5 admin set and unset,
    /// 6 group changed, 7 member changed.
    pub op: Option<i64>,
    /// `Operator_Account`: who did it.
    pub operator: Option<String>,
    /// The nick of that user at that time, where it came along.
    pub operator_nick: Option<String>,
    /// Whom it was done to.
    pub members: Vec<Affected>,
    /// `MemberNum`: the size of the group after it.
    pub member_num: Option<i64>,
    /// `MsgGroupNewInfo`: fields of the group and their new values.
    pub group_changes: Vec<(String, String)>,
    /// `MsgMemberInfo`: users and for how many seconds they may not speak.
    pub mutes: Vec<(String, Option<u64>)>,
    /// All of it.
    pub raw: Raw,
}

/// A user to whom something was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affected {
    /// The user's ID.
    pub id: String,
    /// The nick at that time, where it came along.
    pub nick: Option<String>,
}

/// This many seconds of silence mean "for good".
const FOR_GOOD: u64 = u32::MAX as u64;

impl System {
    pub(super) fn read(node: Node<'_>, raw: Raw) -> Self {
        let number = |name: &str| node.field(name).and_then(Node::int);
        Self {
            op: number("OpType"),
            operator: filled(node, "Operator_Account"),
            operator_nick: node
                .field("MsgOperatorMemberExtraInfo")
                .and_then(|extra| filled(extra, "NickName")),
            members: affected(node),
            member_num: number("MemberNum"),
            group_changes: node
                .field("MsgGroupNewInfo")
                .into_iter()
                .flat_map(Node::members)
                .take(MAX_LISTED)
                .map(|(key, value)| (text_or_json(key), text_or_json(value)))
                .collect(),
            mutes: list(node, "MsgMemberInfo")
                .filter_map(|entry| {
                    let seconds = entry.field("ShutupTime").and_then(Node::unsigned);
                    Some((filled(entry, "User_Account")?, seconds))
                })
                .collect(),
            raw,
        }
    }

    /// One sentence of what happened, with IDs as names. Not sanitised.
    #[must_use]
    pub fn words(&self) -> String {
        let who = self.operator.as_deref().unwrap_or("somebody");
        let ids: Vec<&str> = self
            .members
            .iter()
            .map(|member| member.id.as_str())
            .collect();
        let whom = if ids.is_empty() {
            "somebody".to_owned()
        } else {
            ids.join(", ")
        };
        let alone = ids.is_empty() || ids == [who];
        match self.op {
            Some(1) if alone => format!("{who} joined"),
            Some(1) if self.operator.is_none() => format!("{whom} joined"),
            Some(1) => format!("{who} invited {whom}"),
            Some(2) if alone || self.operator.is_some() => format!("{who} left"),
            Some(2) => format!("{whom} left"),
            Some(3) => format!("{who} removed {whom}"),
            Some(4) => format!("{who} made {whom} admin"),
            Some(5) => format!("{who} ended the admin role of {whom}"),
            Some(6) if self.group_changes.is_empty() => format!("{who} changed the group"),
            Some(6) => format!("{who} changed the group: {}", self.changes()),
            Some(7) if self.mutes.is_empty() => format!("{who} changed a member: {whom}"),
            Some(7) => format!("{who} {}", self.silence()),
            Some(op) => format!("system message of type {op}"),
            None => "system message without a type".to_owned(),
        }
    }

    fn changes(&self) -> String {
        let named = self.group_changes.iter();
        let named: Vec<_> = named
            .map(|(field, value)| format!("{} \"{value}\"", field_in_words(field)))
            .collect();
        named.join(", ")
    }

    fn silence(&self) -> String {
        let mutes: Vec<_> = self
            .mutes
            .iter()
            .map(|(id, seconds)| match seconds {
                None => format!("changed a member: {id}"),
                Some(0) => format!("unmuted {id}"),
                Some(FOR_GOOD..) => format!("muted {id} for good"),
                Some(seconds) => format!("muted {id} for {}", span(*seconds)),
            })
            .collect();
        mutes.join(", ")
    }
}

fn field_in_words(field: &str) -> &str {
    match field {
        "GroupName" => "name",
        "GroupNotification" => "notice",
        "GroupIntroduction" => "introduction",
        "GroupFaceUrl" => "picture",
        "Owner_Account" => "owner",
        other => other,
    }
}

/// Seconds in the largest unit that divides them.
fn span(seconds: u64) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "min")];
    units
        .iter()
        .find(|(unit, _)| seconds.is_multiple_of(*unit))
        .map_or_else(
            || format!("{seconds} s"),
            |(unit, name)| format!("{} {name}", seconds / unit),
        )
}

fn filled(node: Node<'_>, name: &str) -> Option<String> {
    let text = node.field(name).and_then(Node::text);
    text.filter(|text| !text.is_empty())
}

fn list<'t>(node: Node<'t>, name: &str) -> impl Iterator<Item = Node<'t>> + use<'t> {
    let list = node.field(name).into_iter();
    list.flat_map(Node::items).take(MAX_LISTED)
}

/// `List_Account` with the nicks of `MsgMemberExtraInfo`, or the latter alone.
fn affected(node: Node<'_>) -> Vec<Affected> {
    let known: Vec<_> = list(node, "MsgMemberExtraInfo")
        .filter_map(|entry| {
            Some(Affected {
                id: filled(entry, "UserId")?,
                nick: filled(entry, "NickName"),
            })
        })
        .collect();
    let listed: Vec<_> = list(node, "List_Account").filter_map(Node::text).collect();
    if listed.is_empty() {
        return known;
    }
    listed
        .into_iter()
        .map(|id| {
            let nick = known.iter().find(|member| member.id == id);
            let nick = nick.and_then(|member| member.nick.clone());
            Affected { id, nick }
        })
        .collect()
}
