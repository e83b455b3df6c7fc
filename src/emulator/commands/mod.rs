//! The commands that are served. All of them only read.

mod groups;
mod history;
mod joined;
mod members;
mod profile;
mod topics;

use serde_json::{Map, Value};

use super::clock::Now;
use super::fields::Fields;
use super::group::Group;
use super::knobs::Knobs;
use super::limits::Rate;
use super::reply::Refusal;
use super::world::World;

/// Longest custom group ID in bytes.
const LONGEST_ID: usize = 48;

/// What a command works on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    pub(super) world: &'a World,
    pub(super) knobs: &'a Knobs,
    pub(super) now: Now,
}

/// A command of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    History,
    GroupList,
    GroupInfo,
    JoinedGroups,
    Members,
    SomeMembers,
    Topics,
    Portraits,
}

/// The command of that name. An unknown service is a wrong path; a known
/// service answers for the words it does not know itself.
pub(super) fn find(service: &str, command: &str) -> Result<Command, Refusal> {
    let known = match service {
        "group_open_http_svc" => match command {
            "group_msg_get_simple" => Some(Command::History),
            "get_appid_group_list" => Some(Command::GroupList),
            "get_group_info" => Some(Command::GroupInfo),
            "get_joined_group_list" => Some(Command::JoinedGroups),
            "get_group_member_info" => Some(Command::Members),
            "get_specified_group_member_info" => Some(Command::SomeMembers),
            _ => None,
        },
        "million_group_open_http_svc" => (command == "get_topic").then_some(Command::Topics),
        "profile" if command == "portrait_get" => Some(Command::Portraits),
        _ => return Err(Refusal::of(60_009)),
    };
    known.ok_or_else(|| Refusal::of(10_003))
}

impl Command {
    /// How often it may be called, and the code that says it was too often.
    pub(super) fn rate(self, knobs: &Knobs) -> (Rate, u32) {
        let (calls, code) = match self {
            Command::GroupList => (knobs.list_rate_limit, 10_006),
            Command::History
            | Command::GroupInfo
            | Command::JoinedGroups
            | Command::Members
            | Command::SomeMembers
            | Command::Topics
            | Command::Portraits => (knobs.rate_limit, 60_007),
        };
        let within = knobs.rate_window;
        (Rate { calls, within }, code)
    }

    pub(super) fn run(
        self,
        body: &Map<String, Value>,
        context: &Context<'_>,
    ) -> Result<Vec<u8>, Refusal> {
        let fields = Fields::new(body, 10_004);
        let reply = match self {
            Command::History => return history::pull(fields, context),
            Command::GroupList => groups::list(fields, context),
            Command::GroupInfo => groups::info(fields, context),
            Command::JoinedGroups => joined::list(fields, context),
            Command::Members => members::all(fields, context),
            Command::SomeMembers => members::some(fields, context),
            Command::Topics => topics::get(fields, context),
            Command::Portraits => profile::get(Fields::new(body, 40_001), context),
        };
        let mut reply = reply?;
        if context.knobs.bare_replies {
            reply.remove("ActionStatus");
            reply.remove("ErrorInfo");
        }
        let body = Value::Object(reply).to_string().into_bytes();
        // The documented largest reply, 1 MB.
        if body.len() > 1 << 20 {
            return Err(Refusal::of(10_018));
        }
        Ok(body)
    }
}

/// The group of that ID, if the ID can be one at all.
fn group<'a>(id: &str, context: &Context<'a>) -> Result<&'a Group, Refusal> {
    let printable = id.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if id.is_empty() || id.len() > LONGEST_ID || !printable {
        return Err(Refusal::of(10_015));
    }
    let group = context.world.group(id).filter(|group| !group.dismissed);
    group.ok_or_else(|| Refusal::of(10_010))
}
