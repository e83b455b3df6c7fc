//! What was said, as text: of one message what it says and nothing else, of several
//! with who said it when.

use super::escape::{Style, link};
use super::mask;
use super::{CHANGED, Entry, Excerpt, Said, numbers};
use crate::model::copyable::Copyable;
use crate::model::element::{Body, summary};
use crate::model::mask::Mask;
use crate::model::message::{ItemState, Message};
use crate::model::text::{Clean, clean};
use crate::model::time;

/// The excerpt as text, with pseudonyms if `masked`.
///
/// Of several entries each begins a line with its seq, and further lines of a
/// message are indented, so that none passes for another's.
#[must_use]
pub fn text(excerpt: &Excerpt<'_>, masked: bool) -> Copyable {
    let mask = masked.then(|| mask::of(excerpt));
    if let Some(said) = excerpt.only() {
        return whole(said.message, mask.as_ref()).into();
    }
    several(excerpt, mask.as_ref())
}

/// The excerpt as a page to read: who said what when, also of a single message.
#[must_use]
pub fn page(excerpt: &Excerpt<'_>) -> Copyable {
    several(excerpt, None)
}

fn several(excerpt: &Excerpt<'_>, mask: Option<&Mask>) -> Copyable {
    let mut lines = vec![head(excerpt, mask.is_some())];
    for entry in &excerpt.entries {
        match entry {
            Entry::Said(said) => lines.push(line(excerpt, said, mask)),
            Entry::Stray(message) => {
                let text = whole(message, mask);
                lines.push(Clean::ours(format!(
                    "  + without a seq: {}",
                    indented(&text)
                )));
            }
            Entry::Hole(hole) => {
                let numbers = numbers(hole.first, hole.last);
                lines.push(Clean::ours(format!("{numbers}  [{}]", hole.words())));
            }
        }
    }
    Copyable::lines(lines.into_iter().map(Copyable::from))
}

fn head(excerpt: &Excerpt<'_>, masked: bool) -> Clean {
    let mut head = Clean::default();
    if let Some((first, last)) = excerpt.range() {
        head.push_ours(&format!("seq {}", numbers(first, last)));
    }
    if !masked {
        head.push_ours(" of ");
        head.push(&excerpt.name.one_line());
    }
    if let Some(as_of) = excerpt.as_of() {
        head.push_ours(&format!(", as of {as_of}"));
    }
    head
}

fn line(excerpt: &Excerpt<'_>, said: &Said<'_>, mask: Option<&Mask>) -> Clean {
    let message = said.message;
    let time = message.time.map(|time| time::full(time, excerpt.zone));
    let time = time.unwrap_or_else(|| "(no time)".to_owned());
    let sender = sender(said, mask, Style::Plain);
    let text = indented(&whole(message, mask));
    let changed = if said.changed {
        format!(" [{}]", CHANGED.trim_start_matches(", "))
    } else {
        String::new()
    };
    Clean::ours(format!("{}  {time}  {sender}: {text}{changed}", said.seq))
}

/// Name and ID, or the pseudonym.
pub(super) fn sender(said: &Said<'_>, mask: Option<&Mask>, style: Style) -> String {
    let Some(id) = &said.message.sender else {
        return style.ours("no sender");
    };
    match mask {
        Some(mask) => style.sender(Some(&mask.sender(id)), None),
        None => style.sender(said.name.as_ref(), Some(&clean(id.as_str()))),
    }
}

/// Further lines below the first one, out of the column of the seqs.
fn indented(text: &Clean) -> String {
    text.as_str().replace('\n', "\n    ")
}

/// All that a message says, media with their addresses.
fn whole(message: &Message, mask: Option<&Mask>) -> Clean {
    let mut text = Clean::default();
    if let ItemState::Unreadable(why) = &message.state {
        text.push_ours("[cannot be read: ");
        text.push(&clean(why).one_line());
        text.push_ours("]");
        return text;
    }
    for part in summary(&Body::decode(message)) {
        if !text.is_empty() {
            text.push_ours(" ");
        }
        let words = match mask {
            Some(mask) => mask.text(&part.text),
            None => part.text,
        };
        text.push(&words);
        // An address tells outsiders more than a pseudonym hides.
        let url = part.url.filter(|_| mask.is_none());
        if let Some(url) = url.as_deref().and_then(link) {
            text.push_ours(&format!(" {url}"));
        }
    }
    text
}
