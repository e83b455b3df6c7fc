//! What all replies have in common: one object, a status, a code.

use crate::model::error::Fault;
use crate::model::json::{self, Node, NodeKind, Tape};
use crate::model::text::clean;

/// How much of what cannot be read is quoted, in characters.
pub(super) const QUOTED: usize = 80;

/// Opens a reply: one JSON object, read down to `levels` levels.
pub(super) fn open(body: &[u8], levels: usize) -> Result<Tape<'_>, Fault> {
    let quote = || json::excerpt(body, QUOTED);
    let text = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    match text.trim_ascii_start().first() {
        Some(b'{') => {}
        Some(_) => return Err(malformed(&format!("not a JSON object: {}", quote()))),
        None => return Err(malformed("nothing in it")),
    }
    Tape::parse(body, levels).map_err(|flaw| {
        let (what, at, len) = (flaw.what, flaw.at, body.len());
        malformed(&format!("{what} at byte {at} of {len}: {}", quote()))
    })
}

/// A reply that is not what the documents promise; `what` may quote it.
pub(super) fn malformed(what: &str) -> Fault {
    Fault::Malformed { what: clean(what) }
}

/// The value of the first of `names` that is there and not null (api-facts, C3).
pub(super) fn any_field<'t>(node: Node<'t>, names: &[&str]) -> Option<Node<'t>> {
    names.iter().find_map(|name| node.field(name))
}

/// The list a reply brings; an error where something else stands in its place.
pub(super) fn list<'t>(root: Node<'t>, names: &[&str]) -> Result<Option<Node<'t>>, Fault> {
    match any_field(root, names) {
        Some(list) if list.kind() == NodeKind::Array => Ok(Some(list)),
        Some(other) => {
            let (name, quote) = (
                names.first().unwrap_or(&""),
                json::excerpt(other.bytes(), QUOTED),
            );
            Err(malformed(&format!("{name} is not a list: {quote}")))
        }
        None => Ok(None),
    }
}

/// Whether the service says that the call went well (api-facts 0.6, C10).
///
/// The code decides. Without one, a reply that brings its list is taken at its
/// word. Code 0 with `ActionStatus` FAIL is a failure; no `ActionStatus` is not.
pub(super) fn verdict(root: Node<'_>, has_list: bool) -> Result<(), Fault> {
    let failed = root
        .field("ActionStatus")
        .and_then(Node::text)
        .is_some_and(|status| status.trim().eq_ignore_ascii_case("FAIL"));
    let code = match root.field("ErrorCode") {
        None if has_list || failed => 0,
        None => return Err(malformed("neither ErrorCode nor a list is there")),
        Some(node) => node.u32().ok_or_else(|| {
            let quote = json::excerpt(node.bytes(), QUOTED);
            malformed(&format!("ErrorCode is not a code: {quote}"))
        })?,
    };
    if code == 0 && !failed {
        return Ok(());
    }
    let info = clean(&info(root));
    Err(Fault::Service { code, info })
}

/// Longer texts of the service are cut, in characters; real ones have one line.
const INFO: usize = 2_000;

/// `ErrorInfo`, or `ErrorDisplay` where that is empty. Not sanitised.
pub(super) fn info(node: Node<'_>) -> String {
    let text = ["ErrorInfo", "ErrorDisplay"]
        .iter()
        .filter_map(|name| node.field(name).and_then(Node::text))
        .find(|text| !text.is_empty());
    cut(&text.unwrap_or_default(), INFO)
}

/// The first `chars` characters. Not sanitised.
pub(super) fn cut(text: &str, chars: usize) -> String {
    text.chars().take(chars).collect()
}

/// A text that is there and not empty. Not sanitised.
pub(super) fn filled(node: Node<'_>, name: &str) -> Option<String> {
    node.field(name)
        .and_then(Node::text)
        .filter(|text| !text.is_empty())
}
