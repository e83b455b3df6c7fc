//! One message in the form the service sends it: bytes, because some are
//! hostile and not even UTF-8.

use serde_json::Value;

/// What a sender put into a message. All fields are JSON text.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) from: Vec<u8>,
    /// An array of elements, or the object of a system message.
    pub(super) body: Vec<u8>,
    pub(super) priority: Option<u8>,
    pub(super) cloud: Option<Vec<u8>>,
    /// Further fields of the item, as `,"Key":value`; for oddities.
    pub(super) extra: Vec<u8>,
}

/// How a message is shown to the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Whole,
    Gone,
    Recalled { body: bool },
}

/// Where and when a message stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) seq: u32,
    pub(super) time: i64,
    pub(super) random: u32,
}

impl Said {
    pub(super) fn text(from: &str, text: &str) -> Said {
        Said::elements(
            from,
            &serde_json::json!([{"MsgContent": {"Text": text}, "MsgType": "TIMTextElem"}]),
        )
    }

    pub(super) fn elements(from: &str, body: &Value) -> Said {
        Said::raw(json(from), body.to_string().into_bytes())
    }

    pub(super) fn raw(from: Vec<u8>, body: Vec<u8>) -> Said {
        Said {
            from,
            body,
            // Normal.
            priority: Some(2),
            cloud: None,
            extra: Vec::new(),
        }
    }

    /// Writes one item of `RspMsgList`, keys sorted as in Tencent's samples.
    pub(super) fn write(&self, out: &mut Vec<u8>, place: Place, shown: Shown) {
        let (mark, body) = match shown {
            Shown::Whole => (0, true),
            Shown::Gone => return gone(out, place),
            Shown::Recalled { body } => (2, body),
        };
        out.push(b'{');
        if let (Some(cloud), true) = (&self.cloud, body) {
            out.extend_from_slice(b"\"CloudCustomData\":");
            out.extend_from_slice(cloud);
            out.push(b',');
        }
        out.extend_from_slice(b"\"From_Account\":");
        out.extend_from_slice(&self.from);
        out.extend_from_slice(format!(",\"IsPlaceMsg\":{mark}").as_bytes());
        if self.body.first() == Some(&b'{') {
            out.extend_from_slice(b",\"IsSystemMsg\":1");
        }
        out.extend_from_slice(b",\"MsgBody\":");
        out.extend_from_slice(if body { &self.body } else { b"[]" });
        if let Some(priority) = self.priority {
            out.extend_from_slice(format!(",\"MsgPriority\":{priority}").as_bytes());
        }
        let Place { seq, time, random } = place;
        out.extend_from_slice(
            format!(",\"MsgRandom\":{random},\"MsgSeq\":{seq},\"MsgTimeStamp\":{time}").as_bytes(),
        );
        out.extend_from_slice(&self.extra);
        out.push(b'}');
    }
}

/// A hole is listed with an empty body, and sometimes with little else.
fn gone(out: &mut Vec<u8>, place: Place) {
    let Place { seq, time, random } = place;
    let item = match random % 8 {
        0 => format!(
            "{{\"From_Account\":\"\",\"IsPlaceMsg\":1,\"MsgBody\":[],\"MsgPriority\":2,\
             \"MsgRandom\":0,\"MsgSeq\":{seq},\"MsgTimeStamp\":0}}"
        ),
        1 => format!("{{\"IsPlaceMsg\":1,\"MsgBody\":[],\"MsgSeq\":{seq}}}"),
        _ => format!(
            "{{\"From_Account\":\"\",\"IsPlaceMsg\":1,\"MsgBody\":[],\"MsgPriority\":2,\
             \"MsgRandom\":{random},\"MsgSeq\":{seq},\"MsgTimeStamp\":{time}}}"
        ),
    };
    out.extend_from_slice(item.as_bytes());
}

/// `text` as a JSON string.
pub(super) fn json(text: &str) -> Vec<u8> {
    Value::from(text).to_string().into_bytes()
}
