//! What apps write into a message, as they write it.

use crate::model::element::{Body, Content, Kind};

/// One text that an app wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written<'b> {
    /// Where it stands, as in [`Hit::part`](super::Hit::part).
    pub name: &'static str,
    /// As it came: not sanitised.
    pub text: &'b str,
}

/// The fields of `body` that belong to the app, and those of what it forwards: custom
/// elements, data of faces, cloud custom data.
pub(super) fn written(body: &Body) -> impl Iterator<Item = Written<'_>> {
    let mut bodies = vec![body];
    std::iter::from_fn(move || bodies.pop().map(|body| of_one(body, &mut bodies))).flatten()
}

/// Those of one message; the messages it forwards are pushed.
fn of_one<'b>(body: &'b Body, bodies: &mut Vec<&'b Body>) -> Vec<Written<'b>> {
    let mut written = Vec::new();
    let mut add = |name, text: Option<&'b String>| {
        written.extend(text.map(|text| Written { name, text }));
    };
    if let Content::Elements(elements) = &body.content {
        for element in elements {
            match &element.kind {
                Kind::Custom {
                    data, desc, ext, ..
                } => {
                    add("custom Data", data.as_ref());
                    add("custom Desc", desc.as_ref());
                    add("custom Ext", ext.as_ref());
                }
                Kind::Face { data, .. } => add("face Data", data.as_ref()),
                Kind::Relay(relay) => bodies.extend(relay.messages.iter().map(|one| &one.body)),
                Kind::Text(_)
                | Kind::Image { .. }
                | Kind::Sound { .. }
                | Kind::File { .. }
                | Kind::Video(_)
                | Kind::Location { .. }
                | Kind::Stream(_)
                | Kind::Tip(_)
                | Kind::Notice
                | Kind::Unknown
                | Kind::Broken(_) => {}
            }
        }
    }
    add("cloud custom data", body.cloud_custom_data.as_ref());
    written
}
