//! Replies as bytes: refusals with the service's codes, and envelopes.

use serde_json::{Map, Value};

/// A request that is not served, as an error reply with HTTP status 200.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: u32,
    info: String,
}

impl Refusal {
    /// A refusal with the usual text of its code.
    pub(super) fn of(code: u32) -> Refusal {
        Refusal {
            code,
            info: usual(code).to_owned(),
        }
    }

    /// A refusal that says what is wrong.
    pub(super) fn because(code: u32, why: &str) -> Refusal {
        Refusal {
            code,
            info: format!("{}: {why}", usual(code)),
        }
    }

    pub(super) fn info(&self) -> &str {
        &self.info
    }

    /// The reply's body. The profile service has a field of its own.
    pub(super) fn body(&self) -> Vec<u8> {
        let mut reply = serde_json::json!({
            "ActionStatus": "FAIL",
            "ErrorCode": self.code,
            "ErrorInfo": self.info,
        });
        if (40_000..50_000).contains(&self.code)
            && let Some(reply) = reply.as_object_mut()
        {
            reply.insert("ErrorDisplay".to_owned(), Value::from(""));
        }
        reply.to_string().into_bytes()
    }
}

/// The text that goes with a code. For most codes nobody has published one.
fn usual(code: u32) -> &'static str {
    match code {
        10_002 => "internal error",
        10_003 => "invalid command",
        10_004 => "invalid parameter",
        10_006 => "operation too frequent",
        10_007 => "no permission",
        10_010 => "this group does not exist",
        10_015 => "invalid group id",
        10_018 => "response too large",
        10_019 => "user not found",
        10_044 => "group type does not support roaming messages",
        10_054 => "too many members",
        11_000 => "community not enabled",
        40_001 => "Err_Profile_Comm_Decode_Fail",
        40_002 => "Err_Profile_Comm_No_Account",
        40_003 => "Err_Profile_Comm_Invalid_Account",
        40_009 => "Err_Profile_Comm_Invalid_Tag",
        60_002 => "HTTP parse Error",
        60_003 => "json parse error",
        60_004 => "identifier is missing",
        60_006 => "sdkappid error",
        60_007 => "rest api frequency limit",
        60_008 => "service timeout or request format error,please check and try again",
        60_009 => "request resource not found",
        60_010 => "request need app admin",
        60_011 => "sdkappid frequency limit",
        60_012 => "sdkappid is missing",
        60_015 => "account in the body is not a string",
        60_018 | 60_019 => "too many requests",
        60_021 => "source ip not allowed",
        70_001 => "usersig expired",
        70_002 => "usersig empty",
        70_003 => "usersig invalid",
        70_009 => "usersig verify failed",
        70_013 => "identifier mismatch",
        70_014 => "sdkappid mismatch",
        70_020 => "sdkappid not found",
        70_050 => "too many verification failures",
        70_169 => "timeout",
        110_003 => "topic deleted",
        _ => "",
    }
}

/// A successful reply: `fields`, and the status with this `ErrorInfo`.
pub(super) fn success(info: &str, fields: Value) -> Map<String, Value> {
    let mut reply = match fields {
        Value::Object(fields) => fields,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    };
    reply.insert("ActionStatus".to_owned(), Value::from("OK"));
    reply.insert("ErrorCode".to_owned(), Value::from(0));
    reply.insert("ErrorInfo".to_owned(), Value::from(info));
    reply
}
