//! What the term under the cursor may become.

use std::borrow::Cow;

use super::lex::{Head, Lexer, Quote, Typed, quote};
use super::term::Key;

/// What is known that a term could name.
#[derive(Debug, Clone, Copy)]
pub struct Offers<'a> {
    /// Who has sent something: ID, and the shown name where one is known.
    pub senders: &'a [(String, Option<String>)],
}

/// A line with its term completed, as far as there is one way to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The whole line.
    pub text: String,
    /// Where the cursor is then, in bytes.
    pub cursor: usize,
    /// What would fit where several things do, at most 50; senders as
    /// `id (name)`. Not sanitised.
    pub choices: Vec<String>,
}

/// Nobody reads more.
const MAX_CHOICES: usize = 50;

/// Completes what stands directly left of `cursor` (bytes): a key, a type, a
/// state, a thing to have, or a sender by the beginning of the ID or name, of whom the ID is written.
///
/// `None` inside a word, where nothing fits, and where all is said already.
#[must_use]
pub fn complete(text: &str, cursor: usize, offers: &Offers<'_>) -> Option<Completion> {
    let (before, after) = text.split_at_checked(cursor)?;
    let typed = Lexer::new(before).last();
    let place = match typed.as_ref().filter(|typed| typed.at.end == cursor) {
        Some(typed) => Place::of(typed, after)?,
        None => Place::between(cursor),
    };
    let candidates = match place.what {
        What::Key { negated } => keys(place.prefix, negated),
        What::Value(Key::From) => senders(place.prefix, offers),
        What::Value(key) => words(key, place.prefix, typed.as_ref()?),
    };
    place.filled(before, after, &candidates)
}

/// What is to be replaced, and by what.
struct Place<'t> {
    what: What,
    /// What has been typed of it.
    prefix: &'t str,
    /// Where it begins, with its quote.
    start: usize,
    quoted: bool,
}

enum What {
    Key { negated: bool },
    Value(Key),
}

/// One thing that fits.
struct Candidate {
    /// What is written.
    text: String,
    /// What is shown.
    choice: String,
}

impl<'t> Place<'t> {
    const fn between(cursor: usize) -> Self {
        Self {
            what: What::Key { negated: false },
            prefix: "",
            start: cursor,
            quoted: false,
        }
    }

    fn of(typed: &'t Typed<'_>, after: &str) -> Option<Self> {
        let value = typed
            .values()
            .next_back()
            .filter(|_| typed.glued.is_empty())?;
        let quoted = match value.quote {
            Quote::None => false,
            Quote::Open => true,
            Quote::Closed => return None,
        };
        let negated = typed.negated;
        let (what, in_list) = match &typed.head {
            Head::Bare if quoted => return None,
            Head::Bare => (What::Key { negated }, false),
            Head::Key(key @ (Key::From | Key::Type | Key::Is | Key::Has)) => {
                (What::Value(*key), true)
            }
            Head::Key(
                Key::After | Key::Before | Key::Text | Key::Data | Key::Seq | Key::Context,
            )
            | Head::Unknown(_) => return None,
        };
        // A quote that is open here and closed right behind the cursor is one value.
        let ends = |rest: &str| {
            let next = rest.chars().next();
            next.is_none_or(|c| c.is_whitespace() || in_list && c == ',')
        };
        let fits = if quoted {
            let escaped = value.text.ends_with('\\');
            !escaped && (after.is_empty() || after.strip_prefix('"').is_some_and(ends))
        } else {
            ends(after)
        };
        fits.then_some(Self {
            what,
            prefix: &value.text,
            start: value.whole.start,
            quoted,
        })
    }

    fn filled(&self, before: &str, after: &str, fitting: &[Candidate]) -> Option<Completion> {
        let line = format!("{before}{after}");
        let (text, alone) = match fitting {
            [] => return None,
            [only] => (only.text.as_str(), true),
            several => (self.common(several), false),
        };
        let shown = fitting.iter().filter(|_| !alone).take(MAX_CHOICES);
        let choices = shown.map(|candidate| candidate.choice.clone()).collect();
        if text.is_empty() {
            return Some(Completion {
                text: line,
                cursor: before.len(),
                choices,
            });
        }
        let written = match self.what {
            What::Key { .. } => Cow::Borrowed(text),
            What::Value(_) => quote(text),
        };
        // The quote that closes this value.
        let closed = after.strip_prefix('"').filter(|_| self.quoted);
        let head = before.get(..self.start)?;
        let filled = format!("{head}{written}{}", closed.unwrap_or(after));
        // Where more is to be typed, that is inside the quotes.
        let inside = usize::from(!alone && written.ends_with('"'));
        (!alone || filled != line).then(|| Completion {
            text: filled,
            cursor: self.start + written.len() - inside,
            choices,
        })
    }

    /// What all begin with, if that goes on from what is typed.
    fn common<'c>(&self, several: &'c [Candidate]) -> &'c str {
        let Some((first, others)) = several.split_first() else {
            return "";
        };
        let length = others.iter().fold(first.text.len(), |length, other| {
            let both = first.text.char_indices().zip(other.text.chars());
            let differs = both.filter(|((_, a), b)| a != b).map(|((at, _), _)| at);
            differs.min().unwrap_or(other.text.len()).min(length)
        });
        let common = first.text.get(..length).unwrap_or_default();
        let goes_on = common
            .to_lowercase()
            .starts_with(&self.prefix.to_lowercase());
        if goes_on { common } else { "" }
    }
}

fn keys(prefix: &str, negated: bool) -> Vec<Candidate> {
    let prefix = prefix.to_ascii_lowercase();
    let mut keys = Key::ALL.to_vec();
    keys.retain(|key| key.name().starts_with(&prefix) && !(negated && *key == Key::Context));
    keys.into_iter()
        .map(|key| Candidate::plain(format!("{}:", key.name())))
        .collect()
}

/// Words that the term does not name already.
fn words(key: Key, prefix: &str, typed: &Typed<'_>) -> Vec<Candidate> {
    let prefix = prefix.to_ascii_lowercase();
    let mut words = key.words();
    words.retain(|word| {
        let mut others = typed.values().rev().skip(1);
        word.starts_with(&prefix) && others.all(|other| !other.text.eq_ignore_ascii_case(word))
    });
    words
        .into_iter()
        .map(|word| Candidate::plain(word.to_owned()))
        .collect()
}

fn senders(prefix: &str, offers: &Offers<'_>) -> Vec<Candidate> {
    let prefix = prefix.to_lowercase();
    let begins = |text: &str| text.to_lowercase().starts_with(&prefix);
    let fits = offers.senders.iter().filter(|(id, name)| {
        let typable = !id.is_empty() && !id.contains(char::is_control);
        typable && (begins(id) || name.as_deref().is_some_and(begins))
    });
    fits.map(|(id, name)| Candidate {
        text: id.clone(),
        choice: match name {
            Some(name) => format!("{id} ({name})"),
            None => id.clone(),
        },
    })
    .collect()
}

impl Candidate {
    fn plain(text: String) -> Self {
        Self {
            choice: text.clone(),
            text,
        }
    }
}
