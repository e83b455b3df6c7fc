//! Replies about members and users (api-facts 4.4 to 4.6).

use super::envelope::{filled, open};
use super::groups::answered;
use super::page::time;
use crate::model::error::Fault;
use crate::model::group::{Member, Profile};
use crate::model::ids::UserId;
use crate::model::json::{MAX_DEPTH, Node};

/// Reads one reply of get_specified_group_member_info or get_group_member_info.
///
/// # Errors
/// [`Fault::Service`] or [`Fault::Malformed`].
pub fn members(body: &[u8]) -> Result<Vec<Member>, Fault> {
    let tape = open(body, MAX_DEPTH)?;
    let members = answered(tape.root(), &["MemberList"])?;
    Ok(members
        .into_iter()
        .flat_map(Node::items)
        .filter_map(|member| {
            let when = |name: &str| member.field(name).and_then(time);
            Some(Member {
                user: UserId::new(filled(member, "Member_Account")?),
                name_card: filled(member, "NameCard"),
                role: filled(member, "Role").map(|role| role.trim().to_owned()),
                joined: when("JoinTime"),
                muted_until: when("MuteUntil"),
                read_seq: member.field("MsgSeq").and_then(Node::u32),
                last_sent: when("LastSendMsgTime"),
            })
        })
        .collect())
}

/// Reads one reply of portrait_get: nicks. Users that failed are listed without one.
///
/// # Errors
/// [`Fault::Service`] or [`Fault::Malformed`].
pub fn names(body: &[u8]) -> Result<Vec<Profile>, Fault> {
    let tape = open(body, MAX_DEPTH)?;
    let users = answered(tape.root(), &["UserProfileItem"])?;
    Ok(users
        .into_iter()
        .flat_map(Node::items)
        .filter_map(|user| {
            Some(Profile {
                user: UserId::new(filled(user, "To_Account")?),
                nick: user.field("ProfileItem").and_then(nick),
            })
        })
        .collect())
}

fn nick(tags: Node<'_>) -> Option<String> {
    tags.items()
        .filter(|tag| filled(*tag, "Tag").as_deref() == Some("Tag_Profile_IM_Nick"))
        .find_map(|tag| filled(tag, "Value"))
}
