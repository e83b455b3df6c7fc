//! The mask of an excerpt: everybody in it, and all others heard of whom a text names.

use super::{Entry, Excerpt};
use crate::model::element::{Body, summary};
use crate::model::mask::{Mask, people};
use crate::model::text::Clean;

/// Made of the senders, of those that system messages name, and of all others heard of
/// whose ID or name stands in a text.
pub(super) fn of(excerpt: &Excerpt<'_>) -> Mask {
    let mut mask = Mask::of(excerpt.conversation);
    for entry in &excerpt.entries {
        let (message, name) = match entry {
            Entry::Said(said) => (said.message, said.name.as_ref()),
            Entry::Stray(message) => (*message, None),
            Entry::Hole(_) => continue,
        };
        for (id, name) in people(message, name.map(Clean::as_str)) {
            mask.meet(&id, name.as_deref());
        }
    }
    let said = said(excerpt);
    for (id, name) in &excerpt.people {
        let (id, name) = (id.as_str(), name.as_ref().map(Clean::as_str));
        let words = [Some(id), name].into_iter().flatten();
        let named = words.filter(|w| w.len() > 1).any(|w| said.contains(w));
        if mask.knows(id) || named {
            mask.meet(id, name);
        }
    }
    mask
}

/// Everything in which somebody may be named.
fn said(excerpt: &Excerpt<'_>) -> String {
    let mut said = String::new();
    let mut hear = |text: &Clean| {
        said.push_str(text.one_line().as_str());
        said.push('\n');
    };
    excerpt.filter.iter().for_each(&mut hear);
    for entry in &excerpt.entries {
        let message = match entry {
            Entry::Said(said) => {
                said.mark.iter().for_each(&mut hear);
                said.message
            }
            Entry::Stray(message) => message,
            Entry::Hole(hole) => {
                hole.marks.iter().for_each(|(_, note)| hear(note));
                continue;
            }
        };
        for part in summary(&Body::decode(message)) {
            hear(&part.text);
        }
    }
    said
}
