//! Messages meant to hurt: what any chat user can send, and bytes that are not
//! text at all.
//!
//! The material is JSON with two kinds of marks inside strings, replaced
//! byte for byte: `{{hex ff fe}}` for bytes that no JSON file can hold, and
//! `{{300 times abc}}` for what would be too long to read.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::catalogue::compact;
use super::holes::Truth;
use super::said::Said;
use super::script::Line;

const HOSTILE: &str = include_str!("../../assets/demo/hostile.json");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    from: Box<RawValue>,
    body: Box<RawValue>,
    cloud: Option<Box<RawValue>>,
    /// The body is this deep inside merged forwards.
    #[serde(default)]
    forwarded: usize,
    /// Further fields of the item.
    extra: Option<Box<RawValue>>,
}

/// One line a minute, the newest a few minutes before `now`.
pub(super) fn lines(now: i64) -> Vec<Line> {
    let entries: Vec<Entry> = serde_json::from_str(HOSTILE).expect("the hostile material parses");
    let count = i64::try_from(entries.len()).unwrap_or(0);
    let times = (0..count).map(|n| now - (count - n) * 60 - 120);
    entries
        .into_iter()
        .zip(times)
        .map(|(entry, time)| {
            let body = forwarded(&bytes(&entry.body), entry.forwarded);
            let mut said = Said::raw(bytes(&entry.from), body);
            said.cloud = entry.cloud.as_deref().map(bytes);
            if let Some(extra) = entry.extra.as_deref().map(bytes) {
                // The inside of an object, after a comma.
                let inside = extra
                    .strip_prefix(b"{")
                    .and_then(|rest| rest.strip_suffix(b"}"));
                said.extra.push(b',');
                said.extra.extend_from_slice(inside.unwrap_or_default());
            }
            Line {
                time,
                truth: Truth::Present,
                keeps_body: false,
                said,
            }
        })
        .collect()
}

/// Wraps a body into merged forwards, one inside the other.
fn forwarded(body: &[u8], depth: usize) -> Vec<u8> {
    const OPEN: &str = "[{\"MsgContent\":{\"AbstractList\":[\"a: [merged forward]\"],\
        \"CompatibleText\":\"Please upgrade.\",\"MsgList\":[{\"From_Account\":\"a\",\"MsgBody\":";
    const CLOSE: &str = ",\"MsgRandom\":1,\"MsgSeq\":1,\"MsgTimeStamp\":1763700000}],\
        \"MsgNum\":1,\"Title\":\"One inside the other\"},\"MsgType\":\"TIMRelayElem\"}]";
    let mut out = OPEN.repeat(depth).into_bytes();
    out.extend_from_slice(body);
    out.extend_from_slice(CLOSE.repeat(depth).as_bytes());
    out
}

fn bytes(raw: &RawValue) -> Vec<u8> {
    let json = compact(raw.get());
    let mut out = Vec::with_capacity(json.len());
    let mut rest = json.as_slice();
    while let Some(start) = find(rest, b"{{") {
        let (before, mark) = rest.split_at(start);
        let Some(end) = find(mark, b"}}") else {
            break;
        };
        out.extend_from_slice(before);
        let (inside, after) = mark.split_at(end);
        expand(&mut out, inside.get(2..).unwrap_or_default());
        rest = after.get(2..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out
}

fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len())
        .position(|window| window == needle)
}

fn expand(out: &mut Vec<u8>, mark: &[u8]) {
    let mark = String::from_utf8_lossy(mark);
    if let Some(digits) = mark.strip_prefix("hex ") {
        let bytes = digits.split(' ').map(|pair| u8::from_str_radix(pair, 16));
        out.extend(bytes.map(|byte| byte.expect("the material's bytes are hexadecimal")));
    } else {
        let (count, what) = mark
            .split_once(" times ")
            .expect("the material's marks are known");
        let count: usize = count.parse().expect("the material's counts are numbers");
        out.extend_from_slice(what.repeat(count).as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_bytes() {
        let raw: &RawValue =
            serde_json::from_str(r#"["{{hex ff 41}}","{{3 times ab}}","{}"]"#).expect("JSON");
        assert_eq!(bytes(raw), b"[\"\xffA\",\"ababab\",\"{}\"]");
    }

    #[test]
    fn the_material_holds_what_is_not_text() {
        let all = lines(1_700_000_000);
        assert!(
            all.iter()
                .any(|line| String::from_utf8(line.said.body.clone()).is_err())
        );
        assert!(all.iter().map(|line| line.time).is_sorted());
    }
}
