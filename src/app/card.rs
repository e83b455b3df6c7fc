//! What is known of a sender: a box with the facts of their membership.

use std::fmt::Display;

use super::event::Size;
use super::line::{Line, Role, SENDER_COLORS};
use super::names::{color_of, is_person};
use super::overlay::{centered, row};
use super::view::{OverlayView, Row};
use crate::model::error::ApiError;
use crate::model::group::{Member, Mute};
use crate::model::ids::{Seq, UserId};
use crate::model::message::Timestamp;
use crate::model::text::{Clean, clean, grouped};
use crate::model::time::{Zone, ago, full};

/// What is known of a sender and of the message that led to them.
#[derive(Debug, Clone, Copy)]
pub struct Card<'a> {
    /// Who.
    pub id: &'a UserId,
    /// What they are called in the group; `None` where nothing but the ID is known.
    pub name: Option<&'a Clean>,
    /// What the service says of their membership.
    pub known: Knowledge<'a>,
    /// The message that the card was opened on, and when it was sent.
    pub message: Option<(Seq, Option<Timestamp>)>,
    /// The newest seq of the conversation.
    pub head: Option<Seq>,
    /// How many of the loaded messages are theirs.
    pub loaded: u32,
    /// The conversation is a topic: the read position counts the messages of
    /// its group, so it is not compared with seqs of the topic.
    pub topic: bool,
}

/// What came of asking for a member (api-facts 4.5).
#[derive(Debug, Clone, Copy)]
pub enum Knowledge<'a> {
    /// The answer is on its way.
    Asking,
    /// They are in the group.
    Member(&'a Member),
    /// Asked, and not in the reply.
    NotAMember,
    /// There was no answer.
    Failed(&'a ApiError),
    /// Nothing is asked; the reason in a sentence, as [`unasked`] gives it.
    NotAsked(&'static str),
}

/// How the card is shown.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// Of all times.
    pub zone: &'a Zone,
    /// For ages, and for whether a mute still runs.
    pub now: Option<Timestamp>,
    /// The terminal's.
    pub size: Size,
    /// What the keys do here, for the title: `Esc closes`.
    pub keys: &'a str,
}

/// Why a sender's membership is not asked for; `None` where it is.
#[must_use]
pub fn unasked(user: &UserId) -> Option<&'static str> {
    if is_person(user) {
        return None;
    }
    Some(if user.as_str().starts_with("@RBT#") {
        "A robot of the service: it has no membership to ask for."
    } else if user.as_str().is_empty() {
        "The message names no sender."
    } else {
        "The service or its administrator: there is no membership to ask for."
    })
}

/// Cells of the box: a time with its offset and age beside its name.
const WIDTH: u16 = 72;
/// Cells of the frame, the pointer and a blank.
const AROUND: u16 = 4;
/// Cells of the longest name of a field, and a blank.
const NAMES: usize = 10;

/// The card, `scroll` rows down; `scroll` is brought into range.
#[must_use]
pub fn view(card: &Card<'_>, look: &Look<'_>, scroll: &mut usize) -> OverlayView {
    let width = centered(look.size, WIDTH, 0).width.saturating_sub(AROUND);
    let mut sheet = Sheet {
        rows: Vec::new(),
        width: usize::from(width).max(1),
    };
    who(&mut sheet, card);
    match card.known {
        Knowledge::Asking => sheet.say(Role::Dim, "asking the service …"),
        Knowledge::Member(member) => facts(&mut sheet, member, (card, look)),
        Knowledge::NotAMember => sheet.say(
            Role::Warning,
            "Not a member now: they left, were removed or never joined. The service says \
             nothing else of them.",
        ),
        Knowledge::Failed(error) => {
            sheet.prose(Role::Error, &Clean::ours(error.to_string()).one_line());
            sheet.say(Role::Dim, error.advice());
        }
        Knowledge::NotAsked(reason) => sheet.say(Role::Dim, reason),
    }
    let area = centered(look.size, WIDTH, sheet.rows.len() + 2);
    let height = usize::from(area.height.saturating_sub(2));
    *scroll = (*scroll).min(sheet.rows.len().saturating_sub(height));
    let more = if sheet.rows.len() > height {
        " · j k scroll"
    } else {
        ""
    };
    OverlayView {
        area,
        title: Line::of(Role::Label, "sender").saying(Role::Dim, format!("{more} · {}", look.keys)),
        rows: sheet.rows.into_iter().skip(*scroll).take(height).collect(),
    }
}

fn who(sheet: &mut Sheet, card: &Card<'_>) {
    let color = Role::Sender(color_of(card.id) % SENDER_COLORS);
    if let Some(name) = card.name {
        sheet.field("name", color, &name.one_line());
    }
    let id = clean(card.id.as_str()).one_line();
    let id_role = if card.name.is_some() {
        Role::Text
    } else {
        color
    };
    sheet.field("ID", id_role, &id);
    let loaded = match card.loaded {
        0 => "none of their messages".to_owned(),
        n => format!("{} of their messages", grouped(n)),
    };
    sheet.ours("loaded", Role::Text, loaded);
    sheet.rows.push(Row::default());
}

fn facts(sheet: &mut Sheet, member: &Member, (card, look): (&Card<'_>, &Look<'_>)) {
    match &member.role {
        Some(role) => sheet.field("role", Role::Text, &clean(role).one_line()),
        None => sheet.ours("role", Role::Dim, "not said"),
    }
    sheet.when("joined", member.joined, (look, "not said"));
    match member.muted(look.now) {
        Mute::None => sheet.ours("muted", Role::Text, "no"),
        Mute::ForGood => sheet.ours("muted", Role::Warning, "for good"),
        Mute::Until(until) => {
            let until = with_age(until, look);
            sheet.ours("muted", Role::Warning, format!("until {until}"));
        }
    }
    read(sheet, member.read_seq, card);
    sheet.when("last sent", member.last_sent, (look, "not known"));
    if let Some(message) = card.message {
        let (read, joined) = (seen(member, card, message), came(member, message));
        if read.is_some() || joined.is_some() {
            sheet.rows.push(Row::default());
        }
        for (role, sentence) in read.into_iter().chain(joined) {
            sheet.say(role, &sentence);
        }
    }
}

fn read(sheet: &mut Sheet, read: Option<u32>, card: &Card<'_>) {
    let text = match (read, card.head) {
        (None, _) => return sheet.ours("read", Role::Dim, "not said"),
        (Some(0), _) => "nothing yet".to_owned(),
        (Some(read), _) if card.topic => {
            format!(
                "up to seq {} of the group, not told per topic",
                grouped(read)
            )
        }
        (Some(read), None) => format!("up to seq {}", grouped(read)),
        (Some(read), Some(head)) => match head.get().saturating_sub(read) {
            0 => format!("up to seq {}, the newest", grouped(read)),
            behind => format!(
                "up to seq {}, {} behind the newest",
                grouped(read),
                grouped(behind)
            ),
        },
    };
    sheet.ours("read", Role::Text, text);
}

type Sentence = (Role, String);

/// Whether they have read the message.
fn seen(member: &Member, card: &Card<'_>, (seq, _): (Seq, Option<Timestamp>)) -> Option<Sentence> {
    let read = member.read_seq.filter(|_| !card.topic)?;
    let (seq, number) = (grouped(seq), seq.get());
    Some(if read >= number {
        (Role::Text, format!("Has read message {seq}."))
    } else {
        (Role::Warning, format!("Has not read message {seq}."))
    })
}

/// Whether they joined before or after the message.
fn came(member: &Member, (seq, sent): (Seq, Option<Timestamp>)) -> Option<Sentence> {
    let joined = member.joined?;
    let seq = grouped(seq);
    let Some(sent) = sent else {
        let text = format!("Message {seq} has no time, so joining cannot be compared with it.");
        return Some((Role::Dim, text));
    };
    let span = ago(sent.min(joined), sent.max(joined));
    let span = span.strip_suffix(" ago").unwrap_or("less than a minute");
    Some(if joined > sent {
        let text = format!(
            "Joined {span} after message {seq} was sent. Who leaves and comes back joins anew."
        );
        (Role::Warning, text)
    } else {
        let text = format!("Joined {span} before message {seq} was sent.");
        (Role::Text, text)
    })
}

fn with_age(time: Timestamp, look: &Look<'_>) -> String {
    let at = full(time, look.zone);
    match look.now {
        Some(now) => format!("{at} · {}", ago(time, now)),
        None => at,
    }
}

/// Rows of fields and sentences, wrapped to a width.
struct Sheet {
    rows: Vec<Row>,
    width: usize,
}

impl Sheet {
    fn field(&mut self, name: &'static str, role: Role, value: &Clean) {
        // Half of a box too narrow for both.
        let indent = NAMES.min(self.width / 2);
        let room = self.width.saturating_sub(indent).max(1);
        for (n, part) in value.words(room).enumerate() {
            let mut line = Line::new();
            if n == 0 {
                line.push(Role::Label, Clean::ours(name).truncate(indent));
            }
            line.pad_to(indent);
            line.push(role, part);
            self.rows.push(row(line, false));
        }
    }

    fn ours(&mut self, name: &'static str, role: Role, value: impl Display) {
        self.field(name, role, &Clean::ours(value));
    }

    fn when(
        &mut self,
        name: &'static str,
        time: Option<Timestamp>,
        (look, unknown): (&Look<'_>, &'static str),
    ) {
        match time {
            Some(time) => self.ours(name, Role::Time, with_age(time, look)),
            None => self.ours(name, Role::Dim, unknown),
        }
    }

    fn prose(&mut self, role: Role, text: &Clean) {
        for part in text.words(self.width) {
            self.rows.push(row(Line::of(role, part), false));
        }
    }

    fn say(&mut self, role: Role, text: impl Display) {
        self.prose(role, &Clean::ours(text));
    }
}

#[cfg(test)]
mod tests;
