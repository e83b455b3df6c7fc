//! Call signalling: what a call kit sends to start, take and end a call.

use super::super::arena::Kind;
use super::super::node::Node;
use super::{get, list, number, strings, text};

/// `actionType`, by general knowledge of the signalling in client SDKs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Invite,
    Cancel,
    Accept,
    Reject,
    TimeOut,
}

impl Action {
    fn of(node: Node<'_>) -> Option<Self> {
        Some(match number(node, "actionType")? {
            1 => Self::Invite,
            2 => Self::Cancel,
            3 => Self::Accept,
            4 => Self::Reject,
            5 => Self::TimeOut,
            _ => return None,
        })
    }
}

/// Who calls and who is called, where `node` is signalling.
pub(super) fn people(node: Node<'_>) -> Vec<String> {
    if get(node, "inviteID").is_none() {
        return Vec::new();
    }
    let inner = get(node, "data");
    let deeper = inner.and_then(|inner| get(inner, "data"));
    let places = [Some(node), inner, deeper].into_iter().flatten();
    let mut people: Vec<_> = places.filter_map(|place| text(place, "inviter")).collect();
    people.extend(get(node, "inviteeList").into_iter().flat_map(strings));
    people
}

/// What happened, where `node` is signalling.
pub(super) fn words(node: Node<'_>) -> Option<String> {
    get(node, "inviteID")?;
    let action = Action::of(node)?;
    let inner = get(node, "data").filter(|inner| inner.kind() == Kind::Object);
    // Newer kits put the command one level further in.
    let deeper = inner.and_then(|inner| get(inner, "data"));
    let told = |key: &str| {
        let mut places = [deeper, inner].into_iter().flatten();
        places.find_map(|place| text(place, key))
    };
    let command = told("cmd");
    let kind = told("call_type");
    let call = match (command.as_deref(), kind.as_deref()) {
        (Some("audioCall"), _) => "audio call",
        (Some("videoCall" | "switchToAudio"), _) | (_, Some("2")) => "video call",
        (_, Some("1")) => "audio call",
        _ => "call",
    };
    let command = command.as_deref();
    let switches = command == Some("switchToAudio");
    // Only kits without commands say by its length alone that a call is over.
    if action == Action::Invite && matches!(command, None | Some("hangup")) {
        let length = told("call_end").and_then(|end| end.parse::<u64>().ok());
        if let Some(seconds) = length {
            return Some(format!("{call} ended after {seconds} s"));
        }
        if command.is_some() {
            return Some(format!("{call} ended"));
        }
    }
    let who = text(node, "inviter").or_else(|| told("inviter"));
    let whom = get(node, "inviteeList").and_then(list);
    let inviter = who.as_deref().unwrap_or("somebody");
    let invitees = whom.as_deref().unwrap_or("somebody");
    Some(match action {
        Action::Invite if switches => format!("{call}: {inviter} asks to go on without video"),
        Action::Invite => format!("{call}: {inviter} invites {invitees}"),
        Action::Cancel => match who {
            Some(who) => format!("{call}: {who} cancels"),
            None => format!("{call}: cancelled"),
        },
        Action::Accept if switches => format!("{call}: {invitees} goes on without video"),
        Action::Accept => match whom {
            Some(whom) => format!("{call}: {whom} accepts"),
            None => format!("{call}: accepted"),
        },
        Action::Reject if told("line_busy").is_some() => format!("{call}: {invitees} is busy"),
        Action::Reject => match whom {
            Some(whom) => format!("{call}: {whom} rejects"),
            None => format!("{call}: rejected"),
        },
        Action::TimeOut => format!("{call}: no answer from {invitees}"),
    })
}
