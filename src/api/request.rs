//! What each command sends: exactly the documented parameters (api-facts 1.1, 4).

use serde_json::{Value, json};

use crate::model::error::Attempt;
use crate::model::ids::{Conversation, GroupId, Seq, UserId};
use crate::model::message::Ask;
use crate::model::request;
use crate::model::text::clean;

/// One call before it is signed.
#[derive(Debug, Clone)]
pub(super) struct Call {
    /// The part of the path before the command.
    pub(super) service: &'static str,
    pub(super) command: &'static str,
    /// What it is about, for errors; as it came.
    subject: Option<String>,
    seq: Option<Seq>,
    pub(super) body: String,
}

const GROUPS: &str = request::SERVICE;

/// What `get_group_info` is asked for. Without a filter it would return all members too.
const GROUP_FIELDS: [&str; 14] = [
    "Type",
    "Name",
    "Introduction",
    "Notification",
    "FaceUrl",
    "CreateTime",
    "Owner_Account",
    "LastInfoTime",
    "LastMsgTime",
    "NextMsgSeq",
    "MemberNum",
    "MaxMemberNum",
    "ApplyJoinOption",
    "MuteAllMember",
];

impl Call {
    fn new(service: &'static str, command: &'static str, body: &Value) -> Self {
        Self {
            service,
            command,
            subject: None,
            seq: None,
            body: body.to_string(),
        }
    }

    fn about(self, subject: &str) -> Self {
        Self {
            subject: Some(subject.to_owned()),
            ..self
        }
    }

    /// Names the call in errors.
    pub(super) fn attempt(&self) -> Attempt {
        Attempt {
            command: self.command,
            subject: self.subject.as_deref().map(clean),
            seq: self.seq,
        }
    }
}

pub(super) fn history(conversation: &Conversation, ask: &Ask) -> Call {
    let body = request::body(conversation, ask);
    let call = Call::new(request::SERVICE, request::COMMAND, &body).about(conversation.id());
    Call {
        seq: ask.seq,
        ..call
    }
}

pub(super) fn group_ids(next: u64, limit: u32) -> Call {
    let body = json!({ "Limit": limit, "Next": next });
    Call::new(GROUPS, "get_appid_group_list", &body)
}

pub(super) fn group_info(groups: &[GroupId]) -> Call {
    let ids: Vec<&str> = groups.iter().map(GroupId::as_str).collect();
    let body = json!({
        "GroupIdList": ids,
        "ResponseFilter": { "GroupBaseInfoFilter": GROUP_FIELDS },
    });
    of_one(Call::new(GROUPS, "get_group_info", &body), &ids)
}

/// A hundred groups a call; `WithNoActiveGroups` brings groups nobody has written in yet.
pub(super) fn joined_groups(user: &UserId, offset: u32) -> Call {
    let body = json!({
        "Member_Account": user.as_str(),
        "Limit": 100,
        "Offset": offset,
        "WithNoActiveGroups": 1,
        "ResponseFilter": {
            "GroupBaseInfoFilter": ["Type", "Name", "LastMsgTime", "NextMsgSeq", "MemberNum"],
            "SelfInfoFilter": ["Role", "JoinTime", "MsgFlag", "MsgSeq"],
        },
    });
    Call::new(GROUPS, "get_joined_group_list", &body).about(user.as_str())
}

/// What members are asked for: what the sender's card shows (api-facts 4.4).
/// `MsgFlag` is a setting of the member's own device and nothing to us.
const MEMBER_FIELDS: [&str; 6] = [
    "NameCard",
    "Role",
    "JoinTime",
    "MuteUntil",
    "MsgSeq",
    "LastSendMsgTime",
];

pub(super) fn members(group: &GroupId, users: &[UserId]) -> Call {
    let ids: Vec<&str> = users.iter().map(UserId::as_str).collect();
    let body = json!({
        "GroupId": group.as_str(),
        "Member_List_Account": ids,
        "MemberInfoFilter": MEMBER_FIELDS,
    });
    Call::new(GROUPS, "get_specified_group_member_info", &body).about(group.as_str())
}

/// The documentation's table calls `From_Account` a number; its samples send a string.
pub(super) fn topics(group: &GroupId, identifier: &str) -> Call {
    let body = json!({ "GroupId": group.as_str(), "From_Account": identifier });
    Call::new("million_group_open_http_svc", "get_topic", &body).about(group.as_str())
}

pub(super) fn names(users: &[UserId]) -> Call {
    let ids: Vec<&str> = users.iter().map(UserId::as_str).collect();
    let body = json!({
        "To_Account": ids,
        "TagList": ["Tag_Profile_IM_Nick", "Tag_Profile_IM_Image"],
    });
    of_one(Call::new("profile", "portrait_get", &body), &ids)
}

/// Names the subject of a batch: the one, or the first of how many.
fn of_one(call: Call, ids: &[&str]) -> Call {
    match ids {
        [] => call,
        [one] => call.about(one),
        [first, rest @ ..] => call.about(&format!("{first} and {} more", rest.len())),
    }
}
