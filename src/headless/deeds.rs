//! What the verbs are noted as in the record of accesses.

use crate::cli::{Ask, Export};
use crate::model::deed::Deed;
use crate::model::ids::{Conversation, GroupId};

/// What somebody asks with one of the verbs.
#[must_use]
pub fn deed(ask: &Ask) -> Deed {
    match ask {
        Ask::Groups { member, .. } => Deed::new("groups").maybe("user", member.as_ref()),
        Ask::Info { group, .. } => {
            let group = Conversation::group(GroupId::new(group.as_str()));
            Deed::to("info", &group)
        }
        Ask::Show {
            of, place, count, ..
        } => Deed::to("show", &of.conversation())
            .maybe("place", place.as_ref())
            .with("messages", count),
        Ask::Find {
            of,
            expression,
            range,
            ..
        } => Deed::to("find", &of.conversation())
            .with("words", expression)
            .maybe("from", range.from.as_ref())
            .maybe("to", range.to.as_ref()),
        Ask::Audit { of, range, .. } => Deed::to("audit", &of.conversation())
            .maybe("from", range.from.as_ref())
            .maybe("to", range.to.as_ref()),
        Ask::Follow { of, .. } => Deed::to("follow", &of.conversation()),
    }
}

/// What somebody exports.
#[must_use]
pub fn deed_of_export(export: &Export) -> Deed {
    let deed = match export.conversation() {
        Some(conversation) => Deed::to("export", &conversation),
        None => Deed::new("resume"),
    };
    let file = export.out.as_ref().map(|out| out.display().to_string());
    deed.maybe("from", export.from.as_ref())
        .maybe("to", export.to.as_ref())
        .maybe("filter", export.filter.as_ref())
        .maybe("file", file.as_ref())
}
