//! System messages in words.

use super::elements::own_json;
use super::sheet::Writer;
use super::words;
use crate::app::line::Role;
use crate::model::element::{Affected, System};
use crate::model::text;

/// What happened, who did it and to whom, and the service's own JSON below.
pub(super) fn write(writer: &mut Writer<'_>, system: &System) {
    writer.prose(Role::System, &text::clean(&system.words()));
    match system.op {
        Some(op) => writer.fact("OpType", words::operation(op)),
        None => writer.given("OpType", None),
    }
    if let Some(operator) = &system.operator {
        let who = words::user(writer, operator, None);
        writer.field("by", Role::Text, &who);
    }
    for (i, Affected { id, nick }) in system.members.iter().enumerate() {
        let who = words::user(writer, id, nick.as_deref());
        writer.field(if i == 0 { "whom" } else { "" }, Role::Text, &who);
    }
    if let Some(number) = system.member_num {
        writer.fact("members", format!("{number} afterwards"));
    }
    for (field, value) in &system.group_changes {
        let label = changed(field);
        writer.given(text::clean(label).as_str(), Some(value));
    }
    for (id, seconds) in &system.mutes {
        let mut words = words::user(writer, id, None);
        words.push_ours(&match seconds {
            Some(0) => ": may write again".to_owned(),
            Some(seconds) => format!(": muted for {}", words::seconds(*seconds)),
            None => ": not said what changed".to_owned(),
        });
        writer.field("mute", Role::Text, &words);
    }
    writer.blank();
    writer.say(Role::Label, "its own JSON");
    own_json(writer, system.raw.bytes());
}

/// Keys of `MsgGroupNewInfo` in words (api-facts 1.3).
fn changed(field: &str) -> &str {
    match field {
        "GroupName" => "new name",
        "GroupFaceUrl" => "new face",
        "Owner_Account" => "new owner",
        "GroupNotification" => "notice",
        "GroupIntroduction" => "about",
        other => other,
    }
}
