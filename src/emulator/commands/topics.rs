//! `get_topic`: the topics of a community.

use serde_json::{Map, Value, json};

use super::super::fields::Fields;
use super::super::group::Topic;
use super::super::kind::Kind;
use super::super::reply::{Refusal, success};
use super::{Context, group};

/// Most topics of a community.
const MOST: usize = 200;

pub(super) fn get(
    fields: Fields<'_>,
    context: &Context<'_>,
) -> Result<Map<String, Value>, Refusal> {
    let id = fields.required("GroupId")?;
    // The table says a number, the samples send a string.
    match fields.value("From_Account") {
        Some(Value::Number(number)) if number.is_u64() => {}
        _ => {
            fields.account("From_Account")?;
        }
    }
    let asked = fields.strings("TopicIdList", MOST)?.unwrap_or_default();
    let filter = fields.strings("ResponseFilter", usize::MAX)?;
    let group = group(id, context)?;
    if group.kind != Kind::Community {
        return Err(fields.bad("GroupId is not a community"));
    }
    let topics = group.topics.as_ref().ok_or_else(|| Refusal::of(11_000))?;
    let list: Vec<Value> = if asked.is_empty() {
        topics
            .iter()
            .map(|topic| entry(topic, id, context, filter.as_deref()))
            .collect()
    } else {
        let one = |topic_id: &&str| match topics.iter().find(|topic| topic.id == **topic_id) {
            Some(topic) => entry(topic, id, context, filter.as_deref()),
            None => gone(topic_id, id),
        };
        asked.iter().map(one).collect()
    };
    Ok(success("ok", json!({"TopicAndSelfInfo": list})))
}

fn entry(topic: &Topic, group: &str, context: &Context<'_>, filter: Option<&[&str]>) -> Value {
    if topic.deleted {
        return gone(&topic.id, group);
    }
    let head = topic.chat.head(context.now.elapsed);
    let all = json!({
        "TopicName": topic.name,
        "FaceUrl": "",
        "NextMsgSeq": u64::from(head) + 1,
        "Notification": "",
        "Introduction": "",
        "CreateTime": topic.chat.time(1),
        "LastMsgTime": if head == 0 { 0 } else { topic.chat.time(head) },
        "MuteAllMember": "Off",
        "CustomString": "",
    });
    let mut shown: Map<String, Value> = all
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| filter.is_none_or(|filter| filter.contains(&name.as_str())))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    // The capitals are the service's.
    shown.insert("GroupID".to_owned(), json!(group));
    shown.insert("TopicId".to_owned(), json!(topic.id));
    json!({
        "ErrorCode": 0,
        "ErrorInfo": "ok",
        "SelfInfo": {"MsgFlag": "AcceptAndNotify", "MsgSeq": 0, "ShutUpTime": 0},
        "TopicInfo": shown,
    })
}

fn gone(topic: &str, group: &str) -> Value {
    json!({
        "ErrorCode": 110_003,
        "ErrorInfo": "topic deleted",
        "TopicInfo": {"GroupID": group, "TopicId": topic},
    })
}
