//! How a page is asked for, as the service's own tools want it written.
//!
//! The client sends exactly this body, so what is copied is what was sent.

use std::fmt::Write as _;

use serde_json::json;

use super::copyable::Copyable;
use super::error::{ApiError, Fault};
use super::ids::{Conversation, SdkAppId, TopicId};
use super::message::{Ask, Timestamp};
use super::text::Clean;
use super::time::{self, Zone};

/// The part of the path before the command.
pub const SERVICE: &str = "group_open_http_svc";
/// The command that gives a page of history.
pub const COMMAND: &str = "group_msg_get_simple";

/// The body that asks for a page. `WithRecalledMsg` always: a recalled message is
/// shown as one, not as a hole.
#[must_use]
pub fn body(conversation: &Conversation, ask: &Ask) -> serde_json::Value {
    let mut body = json!({
        "GroupId": conversation.group.as_str(),
        "ReqMsgNumber": ask.count.get(),
        "WithRecalledMsg": 1,
    });
    if let Some(seq) = ask.seq {
        body["ReqMsgSeq"] = json!(seq.get());
    }
    if let Some(topic) = conversation.topic.as_ref().map(TopicId::as_str) {
        body["TopicId"] = json!(topic);
    }
    body
}

/// Percent-encodes all but the unreserved characters of RFC 3986: an identifier
/// may hold any printable ASCII (api-facts 2).
#[must_use]
pub fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Where calls go and as whom; no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// `https://host`, with a port where one was given.
    pub origin: String,
    /// The administrator.
    pub identifier: String,
}

/// A page that was asked for, and what came of it.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The app.
    pub app: SdkAppId,
    /// Of what.
    pub conversation: &'a Conversation,
    /// Which.
    pub ask: Ask,
    /// When a good answer came, if that is known, and its `ErrorInfo`; or why none came.
    pub answer: Result<(Option<Timestamp>, &'a Clean), &'a ApiError>,
    /// For that time.
    pub zone: &'a Zone,
}

/// The request as it left, `$USERSIG` in place of the secret and `$RANDOM` in place
/// of the number nobody keeps, and what was answered.
#[must_use]
pub fn written(caller: &Caller, asked: &Asked<'_>) -> Copyable {
    let head = format!(
        "POST {}/v4/{SERVICE}/{COMMAND}?sdkappid={}&identifier={}\
         &usersig=$USERSIG&random=$RANDOM&contenttype=json",
        caller.origin,
        asked.app,
        percent_encoded(&caller.identifier),
    );
    let body = body(asked.conversation, &asked.ask).to_string();
    let blank = Copyable::default;
    Copyable::lines([
        Clean::ours(head).into(),
        blank(),
        Copyable::json(body.as_bytes()),
        blank(),
        answer(asked).into(),
    ])
}

fn answer(asked: &Asked<'_>) -> Clean {
    match asked.answer {
        Ok((at, info)) => {
            let at = at.map(|at| time::full(at, asked.zone));
            let at = at.map(|at| format!(" at {at}")).unwrap_or_default();
            told(&format!("0{at}"), info)
        }
        Err(error) => match &error.fault {
            Fault::Service { code, info } => told(&code.to_string(), info),
            Fault::Unreachable { .. }
            | Fault::Certificate { .. }
            | Fault::Http { .. }
            | Fault::Malformed { .. }
            | Fault::TooLarge
            | Fault::Cancelled
            | Fault::Unsigned { .. } => {
                let mut text = Clean::from("No ErrorCode: ");
                text.push(&Clean::ours(error.to_string()).one_line());
                text
            }
        },
    }
}

/// The service's own words, which a good answer has none of as a rule.
fn told(code: &str, info: &Clean) -> Clean {
    let mut text = Clean::ours(format!("ErrorCode: {code}\nErrorInfo: "));
    if info.is_empty() {
        text.push_ours("(empty)");
    } else {
        text.push(&info.one_line());
    }
    text
}
