//! `get_appid_group_list` and `get_group_info`.

use serde_json::{Map, Value, json};

use super::super::SDK_APP_ID;
use super::super::fields::Fields;
use super::super::group::Group;
use super::super::kind::Kind;
use super::super::reply::{Refusal, success};
use super::members::{Entries, MEMBER_FIELDS};
use super::{Context, group};

/// Most groups of one list, and how many come unless a number is given.
const MOST_LISTED: u64 = 10_000;

/// Most groups of one question for details.
const MOST_ASKED: usize = 50;

/// Groups of more members than this do not list them in their details.
const MOST_MEMBERS: u32 = 500;

/// Added to an index to make a cursor: cursors are 64 bits wide, and a client
/// that keeps 32 of them finds itself at the start again.
const CURSOR: u64 = 1 << 32;

/// Everything `GroupBaseInfoFilter` can name.
const BASE_FIELDS: [&str; 17] = [
    "Type",
    "Name",
    "Introduction",
    "Notification",
    "FaceUrl",
    "Owner_Account",
    "CreateTime",
    "InfoSeq",
    "LastInfoTime",
    "LastMsgTime",
    "NextMsgSeq",
    "MemberNum",
    "MaxMemberNum",
    "ApplyJoinOption",
    "InviteJoinOption",
    "MuteAllMember",
    "Appid",
];

pub(super) fn list(
    fields: Fields<'_>,
    context: &Context<'_>,
) -> Result<Map<String, Value>, Refusal> {
    let limit = fields
        .integer("Limit", 1, MOST_LISTED)?
        .unwrap_or(MOST_LISTED);
    let next = fields.integer("Next", 0, u64::MAX)?.unwrap_or(0);
    let kind = fields.string("GroupType")?;
    let kind = kind.map(|name| Kind::from_name(name).ok_or_else(|| fields.bad("GroupType")));
    let kind = kind.transpose()?;
    let all = context.world.groups().iter();
    let all: Vec<&Group> = all
        .filter(|group| kind.is_none_or(|kind| group.kind == kind))
        .collect();
    let start = if next == 0 {
        Some(0)
    } else {
        next.checked_sub(CURSOR)
    };
    let start = start.and_then(|start| usize::try_from(start).ok());
    let start = start.filter(|start| *start <= all.len());
    let start = start.ok_or_else(|| fields.bad("Next"))?;
    let end = all
        .len()
        .min(start + usize::try_from(limit).unwrap_or(usize::MAX));
    let page = all.get(start..end).unwrap_or_default();
    let ids: Vec<Value> = page
        .iter()
        .map(|group| json!({"GroupId": group.id}))
        .collect();
    let mut reply = success("", json!({"GroupIdList": ids, "TotalCount": all.len()}));
    if end < all.len() {
        let cursor = CURSOR + u64::try_from(end).unwrap_or(0);
        reply.insert("Next".to_owned(), Value::from(cursor));
    } else if kind.is_none() {
        reply.insert("Next".to_owned(), Value::from(0));
    } else {
        // A sample of the documents has neither field at the end of a list.
        reply.remove("ErrorInfo");
    }
    Ok(reply)
}

pub(super) fn info(
    fields: Fields<'_>,
    context: &Context<'_>,
) -> Result<Map<String, Value>, Refusal> {
    let ids = fields.strings("GroupIdList", MOST_ASKED)?;
    let ids = ids.ok_or_else(|| fields.bad("GroupIdList is required"))?;
    if ids.is_empty() {
        return Err(fields.bad("GroupIdList is empty"));
    }
    let filter = Filter::of(fields)?;
    let all: Vec<Value> = ids
        .into_iter()
        .map(
            |id| match group(id, context).and_then(|group| filter.apply(group, context)) {
                Ok(fields) => fields,
                Err(refusal) => json!({
                    "ErrorCode": refusal.code,
                    "ErrorInfo": refusal.info(),
                    "GroupId": id,
                }),
            },
        )
        .collect();
    Ok(success("", json!({"GroupInfo": all})))
}

/// What a `ResponseFilter` leaves. With none at all everything comes, the
/// members too; with any, only what is named.
#[derive(Debug)]
struct Filter<'a> {
    base: Vec<&'a str>,
    members: Option<Vec<&'a str>>,
    app_data: bool,
}

impl<'a> Filter<'a> {
    fn of(fields: Fields<'a>) -> Result<Filter<'a>, Refusal> {
        let Some(filter) = fields.object("ResponseFilter")? else {
            return Ok(Filter {
                base: BASE_FIELDS.to_vec(),
                members: Some(MEMBER_FIELDS.to_vec()),
                app_data: true,
            });
        };
        filter.strings("AppDefinedDataFilter_GroupMember", usize::MAX)?;
        let app_data = filter.strings("AppDefinedDataFilter_Group", usize::MAX)?;
        Ok(Filter {
            base: filter
                .strings("GroupBaseInfoFilter", usize::MAX)?
                .unwrap_or_default(),
            members: filter.strings("MemberInfoFilter", usize::MAX)?,
            app_data: app_data.is_some_and(|keys| keys.contains(&"ticket")),
        })
    }

    fn apply(&self, group: &Group, context: &Context<'_>) -> Result<Value, Refusal> {
        let mut all = base(group, context, &self.base);
        all.insert("GroupId".to_owned(), Value::from(group.id.as_str()));
        all.insert("ErrorCode".to_owned(), Value::from(0));
        all.insert("ErrorInfo".to_owned(), Value::from(""));
        if self.app_data {
            // Values may be binary.
            let value = json!([{"Key": "ticket", "Value": "T\u{0}\u{1}"}]);
            all.insert("AppDefinedData".to_owned(), value);
        }
        if let (Some(fields), true) = (&self.members, group.kind != Kind::AVChatRoom) {
            if group.member_num() > MOST_MEMBERS {
                return Err(Refusal::of(10_054));
            }
            let entries = Entries::of(group, context, fields);
            let members = group.members.iter().map(|member| entries.entry(member));
            all.insert("MemberList".to_owned(), members.collect());
        }
        Ok(Value::Object(all))
    }
}

/// The named base fields of a group; names nobody knows are ignored.
pub(super) fn base(group: &Group, context: &Context<'_>, names: &[&str]) -> Map<String, Value> {
    let head = group.chat.head(context.now.elapsed);
    let head = if group.kind.has_history() { head } else { 0 };
    let last = if head == 0 { 0 } else { group.chat.time(head) };
    let field = |name: &str| {
        Some(match name {
            "Type" => json!(group.kind.name()),
            "Name" => json!(group.name),
            "Introduction" => json!(group.introduction),
            "Notification" => json!(group.notification),
            "FaceUrl" => json!(""),
            "Owner_Account" => json!(group.owner),
            "CreateTime" | "LastInfoTime" => json!(group.created),
            "InfoSeq" => json!(1),
            "LastMsgTime" => json!(last),
            "NextMsgSeq" => json!(u64::from(head) + 1),
            "MemberNum" => json!(group.member_num()),
            "MaxMemberNum" => json!(most_members(group.kind)),
            "ApplyJoinOption" => json!("NeedPermission"),
            "InviteJoinOption" => json!("FreeAccess"),
            "MuteAllMember" => json!(if group.muted { "On" } else { "Off" }),
            "Appid" => json!(SDK_APP_ID),
            _ => return None,
        })
    };
    let known = names
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), field(name)?)));
    known.collect()
}

fn most_members(kind: Kind) -> u32 {
    match kind {
        Kind::Private => 200,
        Kind::Public => 2000,
        Kind::ChatRoom => 6000,
        Kind::AVChatRoom | Kind::BChatRoom => 1_000_000,
        Kind::Community => 100_000,
    }
}
