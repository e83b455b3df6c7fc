//! `get_joined_group_list`: the groups of one user.

use serde_json::{Map, Value, json};

use super::super::fields::Fields;
use super::super::group::Group;
use super::super::kind::Kind;
use super::super::reply::{Refusal, success};
use super::{Context, groups};

/// Most groups of one page.
const MOST: u64 = 5000;

pub(super) fn list(
    fields: Fields<'_>,
    context: &Context<'_>,
) -> Result<Map<String, Value>, Refusal> {
    let user = fields.account("Member_Account")?;
    let huge = fields.switch("WithHugeGroups")?;
    let inactive = fields.switch("WithNoActiveGroups")?;
    let with_topics = fields.switch("SupportTopic")?;
    let limit = fields.integer("Limit", 1, MOST)?.unwrap_or(MOST);
    let offset = fields.integer("Offset", 0, u64::MAX)?.unwrap_or(0);
    let kind = fields.string("GroupType")?;
    let kind = kind.map(|name| Kind::from_name(name).ok_or_else(|| fields.bad("GroupType")));
    let kind = kind.transpose()?;
    if with_topics && kind != Some(Kind::Community) {
        return Err(fields.bad("SupportTopic needs GroupType Community"));
    }
    let filter = fields.object("ResponseFilter")?;
    let base = filter.map(|filter| filter.strings("GroupBaseInfoFilter", usize::MAX));
    let base = base.transpose()?.flatten().unwrap_or_default();
    let own = filter.map(|filter| filter.strings("SelfInfoFilter", usize::MAX));
    let own = own.transpose()?.flatten().unwrap_or_default();
    if !context.world.knows(user) && !context.world.people().contains(user) {
        return Err(Refusal::of(10_019));
    }
    let listed = |group: &&Group| {
        let unused = group.kind == Kind::Private && group.chat.head(context.now.elapsed) == 0;
        group.members.iter().any(|member| member.user == user)
            && !group.dismissed
            && kind.is_none_or(|kind| group.kind == kind)
            && (huge || group.kind != Kind::AVChatRoom)
            && (inactive || !unused)
            && (!with_topics || group.topics.is_some())
    };
    let all: Vec<&Group> = context.world.groups().iter().filter(listed).collect();
    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let page = all.iter().skip(offset).take(limit);
    let list: Vec<Value> = page
        .map(|group| entry(group, user, context, (&base, &own)))
        .collect();
    Ok(success(
        "ok",
        json!({"TotalCount": all.len(), "GroupIdList": list}),
    ))
}

fn entry(group: &Group, user: &str, context: &Context<'_>, names: (&[&str], &[&str])) -> Value {
    let (base, own) = names;
    let mut entry = groups::base(group, context, base);
    entry.insert("GroupId".to_owned(), json!(group.id));
    let head = group.chat.head(context.now.elapsed);
    let member = group.members.iter().find(|member| member.user == user);
    let mut me = Map::new();
    for name in own {
        let value = match *name {
            "Role" => json!(member.map_or("Member", |member| member.role.name())),
            "JoinTime" => json!(member.map_or(group.created, |member| group.joined(member))),
            "MsgFlag" => json!("AcceptAndNotify"),
            "MsgSeq" => json!(head.saturating_sub(member.map_or(0, |member| member.unread))),
            _ => continue,
        };
        me.insert((*name).to_owned(), value);
    }
    if let Some(topics) = &group.topics {
        let heads = topics
            .iter()
            .map(|topic| topic.chat.head(context.now.elapsed));
        let gross: u64 = heads.map(u64::from).sum();
        entry.insert("SupportTopic".to_owned(), json!(1));
        entry.insert("GrossTopicNextMsgSeq".to_owned(), json!(gross + 1));
        me.insert("GrossTopicReadSeq".to_owned(), json!(gross));
    }
    if !me.is_empty() {
        entry.insert("SelfInfo".to_owned(), Value::Object(me));
    }
    Value::Object(entry)
}
