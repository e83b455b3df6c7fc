//! Who is in a group of the demonstration, and since when.

use serde::Deserialize;
use serde_json::Value;

use super::kind::{Member, Role};
use super::script::Line;

const DAY: i64 = 86_400;

/// A member as the material names it.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Entry {
    /// `user`, `user:Role` or `user:Role:name card`.
    Plain(String),
    Full(Full),
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Full {
    /// As a plain entry.
    is: String,
    /// Days before now; with the group where there are none.
    joined: Option<i64>,
    /// Days from now until which the member is muted. So many that they leave
    /// 32 bits mean for good, as with the service.
    #[serde(default)]
    muted: i64,
    /// How many of the newest messages the member has not read.
    #[serde(default)]
    unread: u32,
}

/// The members of a world whose time is `now`; the first one owns the group.
pub(super) fn members(entries: &[Entry], now: i64) -> Vec<Member> {
    entries
        .iter()
        .enumerate()
        .map(|(index, entry)| {
            let (is, more) = match entry {
                Entry::Plain(is) => (is, &Full::default()),
                Entry::Full(full) => (&full.is, full),
            };
            let mut member = named(is);
            if index == 0 {
                member.role = Role::Owner;
            }
            member.joined = more.joined.map_or(0, |days| now - days * DAY);
            if more.muted > 0 {
                member.muted_until = seconds(now + more.muted * DAY);
            }
            member.unread = more.unread;
            member
        })
        .collect()
}

fn named(entry: &str) -> Member {
    let mut parts = entry.splitn(3, ':');
    let mut member = Member::new(parts.next().unwrap_or_default());
    if parts.next() == Some("Admin") {
        member.role = Role::Admin;
    }
    parts
        .next()
        .unwrap_or_default()
        .clone_into(&mut member.card);
    member
}

fn seconds(unix: i64) -> u32 {
    u32::try_from(unix.max(0)).unwrap_or(u32::MAX)
}

/// Lets the tips of a script come true: who joined in it has been there since,
/// who was muted in it was so for as long as it says.
pub(super) fn live_through(members: &mut [Member], lines: &[Line]) {
    for line in lines {
        let Ok(tip) = serde_json::from_slice::<Value>(&line.said.body) else {
            continue;
        };
        for member in members.iter_mut() {
            let is_them = |user: &Value| user == member.user.as_str();
            let joined = tip["OpType"] == 1
                && tip["List_Account"]
                    .as_array()
                    .is_some_and(|users| users.iter().any(is_them));
            let muted = tip["MsgMemberInfo"]
                .as_array()
                .and_then(|changes| changes.iter().find(|c| is_them(&c["User_Account"])))
                .and_then(|change| change["ShutupTime"].as_i64());
            if joined {
                member.joined = line.time;
            }
            if let Some(muted) = muted {
                member.muted_until = seconds(line.time + muted);
            }
        }
    }
}
