//! A block for a ticket: what it is, how much of it there is, and one line each.
//!
//! Every line of the block begins with words or a seq of ours, and foreign text is
//! escaped for the style: nobody can write a line that is not theirs.

use super::escape::Style;
use super::mask;
use super::text::sender;
use super::{CHANGED, Entry, Excerpt, Hole, Said, Tally, numbers};
use crate::model::copyable::Copyable;
use crate::model::element::{Body, summary};
use crate::model::mask::Mask;
use crate::model::message::{ItemState, Message};
use crate::model::permalink;
use crate::model::text::{Clean, clean};
use crate::model::time;

/// The block, with pseudonyms if `masked`.
#[must_use]
pub fn ticket(excerpt: &Excerpt<'_>, style: Style, masked: bool) -> Copyable {
    let mask = masked.then(|| mask::of(excerpt));
    let writer = Writer {
        excerpt,
        style,
        mask: mask.as_ref(),
    };
    let mut lines = writer.header();
    lines.push(String::new());
    lines.extend(excerpt.entries.iter().map(|entry| writer.entry(entry)));
    // Once more through the sanitiser, a line at a time: it changes nothing.
    Copyable::lines(lines.iter().map(|line| Copyable::from(clean(line))))
}

struct Writer<'w, 'a> {
    excerpt: &'w Excerpt<'a>,
    style: Style,
    mask: Option<&'w Mask>,
}

impl Writer<'_, '_> {
    fn header(&self) -> Vec<String> {
        let excerpt = self.excerpt;
        let escaped = |text: &Clean| self.style.escaped(text);
        let mut facts = Vec::new();
        let profile = escaped(&excerpt.profile);
        if self.mask.is_some() {
            facts.push(("Profile", profile));
            let words = "IDs and names are masked; links and group are left out";
            facts.push(("Masked", words.to_owned()));
        } else {
            facts.push(("Profile", format!("{profile}, app {}", excerpt.app)));
            let conversation = excerpt.conversation;
            let name = escaped(&excerpt.name);
            let id = escaped(&clean(conversation.group.as_str()));
            // A group without a known name is called by its ID.
            facts.push(match &conversation.topic {
                None if name == id => ("Group", id),
                None => ("Group", format!("{name}, {id}")),
                Some(_) => ("Group", id),
            });
            if let Some(topic) = &conversation.topic {
                let id = escaped(&clean(topic.as_str()));
                facts.push(("Topic", format!("{name}, {id}")));
            }
        }
        if let Some((first, last)) = excerpt.range() {
            let mut range = numbers(first, last);
            if let Some(times) = excerpt.sent() {
                range = format!("{range}, {times}");
            }
            facts.push(("Seq", range));
        }
        facts.push(("Holds", Tally::of(&excerpt.entries).words()));
        if let Some(filter) = &excerpt.filter {
            let filter = match self.mask {
                Some(mask) => mask.text(filter),
                None => filter.clone(),
            };
            facts.push(("Filter", escaped(&filter)));
        }
        if let Some(as_of) = excerpt.as_of() {
            facts.push(("As of", as_of));
        }
        if let (Some((first, _)), None) = (excerpt.range(), self.mask) {
            let link = permalink::link(excerpt.app, excerpt.conversation, first);
            facts.push((
                "Link",
                match self.style {
                    Style::Markdown => format!("<{link}>"),
                    Style::Plain => link,
                },
            ));
        }
        let fact = |(name, value)| match self.style {
            Style::Markdown => format!("- **{name}:** {value}"),
            Style::Plain => format!("{name}: {value}"),
        };
        facts.into_iter().map(fact).collect()
    }

    fn entry(&self, entry: &Entry<'_>) -> String {
        let line = match entry {
            Entry::Said(said) => self.said(said),
            Entry::Hole(hole) => self.hole(hole),
            Entry::Stray(message) => {
                let words = self.style.ours("an item without a seq");
                format!("+ {words}: {}", self.words(message))
            }
        };
        // Another sign than the header's, for a list of its own.
        match self.style {
            Style::Markdown => format!("* {line}"),
            Style::Plain => line,
        }
    }

    fn said(&self, said: &Said<'_>) -> String {
        let message = said.message;
        let time = message.time.map(|time| time::full(time, self.excerpt.zone));
        let time = time.unwrap_or_else(|| self.style.ours("no time"));
        let sender = sender(said, self.mask, self.style);
        let mut line = format!("{} {time} {sender}: {}", said.seq, self.words(message));
        if said.changed {
            line.push(' ');
            line.push_str(&self.style.ours(CHANGED.trim_start_matches(", ")));
        }
        if let Some(note) = &said.mark {
            self.mark(&mut line, None, note);
        }
        line
    }

    fn hole(&self, hole: &Hole) -> String {
        let numbers = numbers(hole.first, hole.last);
        let time = hole.time.map(|time| time::full(time, self.excerpt.zone));
        let time = time.map(|time| format!("{time} ")).unwrap_or_default();
        let mut line = format!("{numbers} {time}{}", self.style.ours(&hole.words()));
        for (seq, note) in &hole.marks {
            let seq = (hole.first != hole.last).then_some(*seq);
            self.mark(&mut line, seq, note);
        }
        line
    }

    /// Behind what is marked, with the reader's note.
    fn mark(&self, line: &mut String, seq: Option<crate::model::ids::Seq>, note: &Clean) {
        let which = seq.map(|seq| format!("{seq} ")).unwrap_or_default();
        let note = match self.mask {
            Some(mask) => mask.text(note),
            None => note.clone(),
        };
        let colon = if note.is_empty() { "" } else { ":" };
        let words = self.style.ours(&format!("{which}marked{colon}"));
        for part in [words, self.style.escaped(&note)] {
            if !part.is_empty() {
                line.push(' ');
                line.push_str(&part);
            }
        }
    }

    /// What a message says, in one line.
    fn words(&self, message: &Message) -> String {
        if let ItemState::Unreadable(why) = &message.state {
            let why = self.style.escaped(&clean(why));
            return format!("{} {why}", self.style.ours("cannot be read:"));
        }
        let parts = summary(&Body::decode(message)).into_iter().map(|part| {
            let text = match self.mask {
                Some(mask) => mask.text(&part.text.one_line()),
                None => part.text.one_line(),
            };
            let url = part.url.as_deref().filter(|_| self.mask.is_none());
            if part.media {
                self.style.label(&text, url)
            } else {
                self.style.escaped(&text)
            }
        });
        let parts: Vec<String> = parts.collect();
        parts.join(" ")
    }
}
