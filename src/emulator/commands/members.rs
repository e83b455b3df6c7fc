//! `get_group_member_info` and `get_specified_group_member_info`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::fields::Fields;
use super::super::group::Group;
use super::super::kind::{Kind, Member, Role};
use super::super::reply::{Refusal, success};
use super::super::said;
use super::{Context, group};

/// Everything `MemberInfoFilter` can name; `Member_Account` always comes.
pub(super) const MEMBER_FIELDS: [&str; 7] = [
    "Role",
    "JoinTime",
    "MsgSeq",
    "MsgFlag",
    "LastSendMsgTime",
    "MuteUntil",
    "NameCard",
];

/// Most members of one page: the text says 200, the table 6000, and the text
/// recommends 100.
const MOST: u64 = 6000;

/// The same in communities.
const MOST_IN_COMMUNITY: u64 = 100;

/// Most members of one question.
const MOST_ASKED: usize = 50;

/// Newest messages that are looked through for a member's last one.
const LOOKED_AT: u32 = 200;

/// Where a community's cursor counts from: too large for a double.
const CURSOR: u64 = 144_115_265_295_492_787;

pub(super) fn all(
    fields: Fields<'_>,
    context: &Context<'_>,
) -> Result<Map<String, Value>, Refusal> {
    let id = fields.required("GroupId")?;
    let wanted = fields.strings("MemberInfoFilter", usize::MAX)?;
    let wanted = wanted.unwrap_or_else(|| MEMBER_FIELDS.to_vec());
    let roles = fields.strings("MemberRoleFilter", usize::MAX)?;
    fields.strings("AppDefinedDataFilter_GroupMember", usize::MAX)?;
    let group = group(id, context)?;
    let community = match group.kind {
        Kind::AVChatRoom => return Err(Refusal::of(10_007)),
        Kind::Community => true,
        Kind::Private | Kind::Public | Kind::ChatRoom | Kind::BChatRoom => false,
    };
    let most = if community { MOST_IN_COMMUNITY } else { MOST };
    // The recommended page.
    let limit = fields.integer("Limit", 1, most)?.unwrap_or(100);
    let offset = if community {
        from_cursor(fields)?
    } else {
        fields.integer("Offset", 0, u64::MAX)?.unwrap_or(0)
    };
    let (limit, offset) = (usize::try_from(limit), usize::try_from(offset));
    let (limit, offset) = (limit.unwrap_or(usize::MAX), offset.unwrap_or(usize::MAX));
    let asked = |member: &&Member| {
        roles
            .as_ref()
            .is_none_or(|roles| roles.contains(&member.role.name()))
    };
    let found: Vec<&Member> = group.members.iter().filter(asked).collect();
    let entries = Entries::of(group, context, &wanted);
    let page = found.iter().skip(offset).take(limit);
    let list: Vec<Value> = page
        .enumerate()
        .map(|(index, member)| {
            let mut entry = entries.entry(member);
            // The documents' own sample has a space here.
            if index == 1 && member.role == Role::Member && entry.get("Role").is_some() {
                entry["Role"] = json!("Member ");
            }
            entry
        })
        .collect();
    let end = offset.saturating_add(list.len());
    let mut reply = success(
        "",
        json!({"MemberNum": group.member_num(), "MemberList": list}),
    );
    if community {
        let more = end < found.len();
        let next = CURSOR + u64::try_from(end).unwrap_or(0);
        let next = if more {
            next.to_string()
        } else {
            String::new()
        };
        reply.insert("Next".to_owned(), Value::from(next));
    }
    Ok(reply)
}

fn from_cursor(fields: Fields<'_>) -> Result<u64, Refusal> {
    if fields.has("Offset") {
        return Err(fields.bad("Offset is not for communities"));
    }
    match fields.string("Next")? {
        None | Some("") => Ok(0),
        Some(text) => {
            let cursor = text.parse::<u64>().ok();
            let offset = cursor.and_then(|cursor| cursor.checked_sub(CURSOR));
            offset.ok_or_else(|| fields.bad("Next"))
        }
    }
}

pub(super) fn some(
    fields: Fields<'_>,
    context: &Context<'_>,
) -> Result<Map<String, Value>, Refusal> {
    let id = fields.required("GroupId")?;
    let asked = fields.accounts("Member_List_Account", MOST_ASKED)?;
    let asked = asked.ok_or_else(|| fields.bad("Member_List_Account is required"))?;
    let wanted = fields.strings("MemberInfoFilter", usize::MAX)?;
    let wanted = wanted.unwrap_or_else(|| MEMBER_FIELDS.to_vec());
    fields.strings("AppDefinedDataFilter_GroupMember", usize::MAX)?;
    let group = group(id, context)?;
    if group.kind == Kind::AVChatRoom {
        return Err(Refusal::of(10_007));
    }
    // Who has left is not in the reply.
    let found = asked
        .iter()
        .filter_map(|id| group.members.iter().find(|member| member.user == *id));
    let entries = Entries::of(group, context, &wanted);
    let list: Vec<Value> = found.map(|member| entries.entry(member)).collect();
    Ok(success(
        "succeed",
        json!({"GroupId": id, "MemberList": list}),
    ))
}

/// What entries about the members of a group hold.
pub(super) struct Entries<'a> {
    group: &'a Group,
    names: &'a [&'a str],
    head: u32,
    /// When somebody wrote last, by sender in JSON.
    last_sent: BTreeMap<Vec<u8>, i64>,
}

impl<'a> Entries<'a> {
    /// Entries with the named fields.
    pub(super) fn of(group: &'a Group, context: &Context<'_>, names: &'a [&'a str]) -> Self {
        let head = group.chat.head(context.now.elapsed);
        let last_sent = if names.contains(&"LastSendMsgTime") {
            group.chat.lately(head, LOOKED_AT)
        } else {
            BTreeMap::new()
        };
        Self {
            group,
            names,
            head,
            last_sent,
        }
    }

    pub(super) fn entry(&self, member: &Member) -> Value {
        let mut entry = Map::new();
        entry.insert("Member_Account".to_owned(), json!(member.user));
        for name in self.names {
            let value = match *name {
                "Role" => json!(member.role.name()),
                "JoinTime" => json!(self.group.joined(member)),
                "MsgSeq" => json!(self.head.saturating_sub(member.unread)),
                "MsgFlag" => json!("AcceptAndNotify"),
                "LastSendMsgTime" => {
                    let last = self.last_sent.get(&said::json(&member.user));
                    json!(last.copied().unwrap_or(0))
                }
                "MuteUntil" => json!(member.muted_until),
                "NameCard" => json!(member.card),
                _ => continue,
            };
            entry.insert((*name).to_owned(), value);
        }
        Value::Object(entry)
    }
}
