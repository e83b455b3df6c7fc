//! Groups, topics and holes: what is known besides messages.

use super::sheet::Writer;
use super::subject::{GroupCard, Hole};
use super::words;
use crate::app::line::Role;
use crate::model::codes;
use crate::model::group::GroupInfo;
use crate::model::ids::UserId;
use crate::model::message::Timestamp;
use crate::model::text::{self, Clean, grouped};

/// Everything known of a group or topic, or why nothing is.
pub(super) fn card(writer: &mut Writer<'_>, card: &GroupCard<'_>) {
    if let Some(name) = card.info.and_then(|info| info.name.as_deref()) {
        writer.given("name", Some(name));
    }
    writer.field(
        "group",
        Role::Text,
        &text::clean(card.id.as_str()).one_line(),
    );
    if let Some(topic) = card.topic {
        writer.field("topic", Role::Text, &text::clean(topic.as_str()).one_line());
    }
    if let Some((code, said)) = card.error {
        writer.blank();
        error(writer, code, said);
    }
    match card.info {
        Some(info) => facts(writer, info),
        None if card.error.is_none() => writer.say(Role::Dim, "Nothing else is known yet."),
        None => {}
    }
    sentences(writer, &card.sentences);
}

fn error(writer: &mut Writer<'_>, code: u32, said: &str) {
    let meaning = codes::meaning(code).unwrap_or("a code without documentation");
    let mut words = Clean::ours(format!("{code} {meaning}"));
    if !said.is_empty() {
        words.push_ours(" (");
        words.push(&text::clean(said).one_line());
        words.push_ours(")");
    }
    writer.prose(Role::Error, &words);
    let advice = codes::advice(code);
    if !advice.is_empty() {
        writer.field("next", Role::Text, &Clean::ours(advice));
    }
}

fn facts(writer: &mut Writer<'_>, info: &GroupInfo) {
    if let Some(kind) = &info.kind {
        writer.field("type", Role::Text, &text::clean(kind.label()).one_line());
        if !kind.has_history() {
            writer.say(
                Role::Warning,
                "The service stores no messages for groups of this type.",
            );
        }
    }
    match &info.owner {
        Some(owner) => {
            let owner: &UserId = owner;
            let name = words::user(writer, owner.as_str(), None);
            writer.field("owner", Role::Text, &name);
        }
        None => writer.field("owner", Role::Dim, &Clean::from("(none given)")),
    }
    time(writer, "created", info.created);
    match (info.members, info.max_members) {
        (Some(members), Some(max)) => writer.fact("members", format!("{members} of at most {max}")),
        (Some(members), None) => writer.fact("members", members.to_string()),
        (None, Some(max)) => writer.fact("members", format!("at most {max}")),
        (None, None) => {}
    }
    match info.muted {
        Some(true) => writer.field("mute", Role::Warning, &Clean::from("all members are muted")),
        Some(false) => writer.fact("mute", "off"),
        None => {}
    }
    // NextMsgSeq is one above the newest seq (api-facts 4.2).
    match info.next_seq {
        Some(next) if next > 1 => writer.fact("head", format!("seq {}", next - 1)),
        Some(_) => writer.fact("head", "no messages yet"),
        None => {}
    }
    time(writer, "last msg", info.last_message);
    if let Some(option) = &info.join_option {
        writer.field("joining", Role::Text, &text::clean(option).one_line());
    }
    if info.topics == Some(true) {
        writer.fact("topics", "yes");
    }
    for (label, text) in [("notice", &info.notice), ("about", &info.introduction)] {
        if let Some(text) = text {
            writer.given(label, Some(text));
        }
    }
}

fn time(writer: &mut Writer<'_>, label: &str, time: Option<Timestamp>) {
    if let Some(time) = time {
        let words = super::header::moment(writer, time);
        writer.field(label, Role::Time, &words);
    }
}

/// A run without items.
pub(super) fn hole(writer: &mut Writer<'_>, hole: &Hole) {
    if hole.first == hole.last {
        writer.fact("seq", hole.first.to_string());
    } else {
        let count = u64::from(hole.last.get().abs_diff(hole.first.get())) + 1;
        let words = format!("{} to {} ({})", hole.first, hole.last, grouped(count));
        writer.fact("seqs", words);
    }
    sentences(writer, &hole.sentences);
}

fn sentences(writer: &mut Writer<'_>, sentences: &[(Role, Clean)]) {
    if !sentences.is_empty() {
        writer.blank();
    }
    for (role, text) in sentences {
        writer.prose(*role, text);
    }
}
