//! What apps write into a message, as they write it.

use crate::model::element::{Body, Content, Kind};

/// The fields of `body` that belong to the app, and those of what it forwards: custom
/// elements, data of faces, cloud custom data.
pub(super) fn written(body: &Body) -> impl Iterator<Item = &str> {
    let mut bodies = vec![body];
    std::iter::from_fn(move || bodies.pop().map(|body| of_one(body, &mut bodies))).flatten()
}

/// Those of one message; the messages it forwards are pushed.
fn of_one<'b>(body: &'b Body, bodies: &mut Vec<&'b Body>) -> Vec<&'b str> {
    let mut written: Vec<Option<&String>> = Vec::new();
    if let Content::Elements(elements) = &body.content {
        for element in elements {
            match &element.kind {
                Kind::Custom {
                    data, desc, ext, ..
                } => written.extend([data.as_ref(), desc.as_ref(), ext.as_ref()]),
                Kind::Face { data, .. } => written.push(data.as_ref()),
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
    written.push(body.cloud_custom_data.as_ref());
    written.into_iter().flatten().map(String::as_str).collect()
}
