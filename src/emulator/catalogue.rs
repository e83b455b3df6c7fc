//! Ready-made message bodies by name, from the demo's material.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::value::RawValue;

const ELEMENTS: &str = include_str!("../../assets/demo/elements.json");

static CATALOGUE: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    let all: BTreeMap<String, Box<RawValue>> =
        serde_json::from_str(ELEMENTS).expect("the demo's elements parse");
    all.into_iter()
        .map(|(name, raw)| (name, compact(raw.get())))
        .collect()
});

/// The body called `name`: an array of elements, or a system message's object.
pub(super) fn body(name: &str) -> Option<Vec<u8>> {
    CATALOGUE.get(name).cloned()
}

/// JSON without the white space between its tokens; strings stay byte for byte.
pub(super) fn compact(json: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(json.len());
    let (mut quoted, mut escaped) = (false, false);
    for byte in json.bytes() {
        if quoted {
            quoted = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
        } else if byte.is_ascii_whitespace() {
            continue;
        } else {
            quoted = byte == b'"';
        }
        out.push(byte);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compacting_leaves_strings_alone() {
        let json = "{ \"a b\" : [ \"\\\" x\\\\\" , 1 ] }";
        assert_eq!(compact(json), b"{\"a b\":[\"\\\" x\\\\\",1]}");
    }
}
