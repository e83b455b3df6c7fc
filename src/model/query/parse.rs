//! From typed terms to what they ask, or to what is wrong with one.

use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};

use super::Query;
use super::lex::{Head, Lexer, Quote, Typed, Value};
use super::term::{Criterion, HAS, Is, Key, Sender, Term, When};
use crate::model::haystack::KINDS;
use crate::model::ids::Seq;
use crate::model::message::Timestamp;
use crate::model::nearest::nearest;
use crate::model::needle::{Needle, whole_signs};
use crate::model::wrong::Wrong;

type ReadTime<'r> = &'r dyn Fn(&str) -> Result<Timestamp, Wrong>;

/// More neighbours would hide what was found.
const MAX_CONTEXT: u32 = 100;

pub(super) fn parse(text: &str, read_time: ReadTime<'_>) -> Result<Query, Wrong> {
    let mut reader = Reader {
        read_time,
        terms: Vec::new(),
        context: None,
    };
    let mut lexer = Lexer::new(text).peekable();
    while let Some(typed) = lexer.next() {
        let read = whole_time(&typed, lexer.peek()).and_then(|()| reader.take(&typed));
        read.map_err(|wrong| whole_signs(wrong, text))?;
    }
    Ok(Query {
        source: text.to_owned(),
        terms: reader.terms,
        context: reader.context.unwrap_or_default(),
    })
}

/// Refuses `after:fri 14:05`: the clock would be looked for as a text, and nobody would see why.
fn whole_time(typed: &Typed<'_>, next: Option<&Typed<'_>>) -> Result<(), Wrong> {
    let timed = matches!(typed.head, Head::Key(Key::After | Key::Before));
    let (time, clock) = match next {
        Some(next) if timed && next.head == Head::Bare && !next.negated => {
            (&typed.first, &next.first)
        }
        Some(_) | None => return Ok(()),
    };
    let plain = time.quote == Quote::None && clock.quote == Quote::None && !time.whole.is_empty();
    let digits = clock.text.trim_start_matches(|c: char| c.is_ascii_digit());
    let hours = clock.text.len() - digits.len();
    if plain && matches!(hours, 1 | 2) && digits.starts_with([':', '\u{ff1a}']) {
        let words = format!(
            "quote a time of two words: \"{} {}\"",
            time.text, clock.text
        );
        return Err(Wrong::new(time.whole.start..clock.whole.end, words));
    }
    Ok(())
}

struct Reader<'r> {
    read_time: ReadTime<'r>,
    terms: Vec<Term>,
    context: Option<u32>,
}

impl Reader<'_> {
    fn take(&mut self, typed: &Typed<'_>) -> Result<(), Wrong> {
        let key = well_formed(typed)?;
        let (value, values) = (&typed.first, typed.values());
        let criterion = match key {
            Key::Text => {
                let needle = Needle::parse(&value.text);
                Criterion::Text(needle.map_err(|wrong| inside(wrong, value))?)
            }
            Key::After => Criterion::Time(When::After(self.time(value)?)),
            Key::Before => Criterion::Time(When::Before(self.time(value)?)),
            Key::From => Criterion::From(
                values
                    .map(|value| Sender::new(value.text.clone().into_owned()))
                    .collect(),
            ),
            Key::Type => Criterion::Type(picks("type", values, KINDS, |kind| kind)?),
            Key::Has => Criterion::Has(picks("thing to have", values, &HAS, |thing| thing)?),
            Key::Is => Criterion::Is(picks("state", values, &Is::ALL, Is::name)?),
            Key::Seq => Criterion::Seq(values.map(seqs).collect::<Result<_, _>>()?),
            Key::Context => return self.neighbours(typed),
        };
        self.terms.push(Term {
            negated: typed.negated,
            criterion,
        });
        Ok(())
    }

    fn time(&self, value: &Value<'_>) -> Result<Timestamp, Wrong> {
        (self.read_time)(&value.text).map_err(|wrong| inside(wrong, value))
    }

    fn neighbours(&mut self, typed: &Typed<'_>) -> Result<(), Wrong> {
        let wrong = |words: String| Err(Wrong::new(typed.at.clone(), words));
        if typed.negated {
            return wrong("ctx cannot be negated".to_owned());
        }
        if self.context.is_some() {
            return wrong("ctx stands twice".to_owned());
        }
        let count = typed.first.text.parse().ok();
        self.context = count.filter(|count| *count <= MAX_CONTEXT);
        if self.context.is_none() {
            return wrong(format!("ctx takes a number from 0 to {MAX_CONTEXT}"));
        }
        Ok(())
    }
}

/// The key of a term that has values, with their quotes in order.
fn well_formed(typed: &Typed<'_>) -> Result<Key, Wrong> {
    let key = match &typed.head {
        Head::Key(key) => *key,
        Head::Bare => Key::Text,
        Head::Unknown(name) => return Err(unknown(name, typed)),
    };
    if let Some(value) = typed.values().find(|value| value.quote == Quote::Open) {
        return Err(Wrong::new(value.whole.clone(), "the quote is not closed"));
    }
    if !typed.glued.is_empty() {
        let words = "a space is missing after the quote";
        return Err(Wrong::new(typed.glued.clone(), words));
    }
    let Some(empty) = typed.values().find(|value| value.text.is_empty()) else {
        return Ok(key);
    };
    let words = match typed.head {
        Head::Bare if typed.negated && empty.whole.is_empty() => {
            "what to leave out is missing, such as -from:bot".to_owned()
        }
        Head::Bare => "nothing to look for".to_owned(),
        Head::Key(_) | Head::Unknown(_) => {
            let name = key.name();
            match key.words() {
                words if words.is_empty() => {
                    format!(
                        "a value is missing after {name}:, such as {}",
                        key.example()
                    )
                }
                words => format!(
                    "a value is missing after {name}:, one of {}",
                    words.join(", ")
                ),
            }
        }
    };
    Err(Wrong::new(typed.at.start..empty.whole.end, words))
}

fn unknown(name: &Range<usize>, typed: &Typed<'_>) -> Wrong {
    // The name is the beginning of the value, which the lexer left whole.
    let value = &typed.first.text;
    let typed_name = value.get(..name.len()).unwrap_or_default();
    let near = nearest(&typed_name.to_ascii_lowercase(), Key::ALL.map(Key::name));
    let words = near.map_or_else(
        || format!("no key `{typed_name}`; quote the text to look for it"),
        |near| format!("no key `{typed_name}`; did you mean `{near}`?"),
    );
    Wrong::new(name.clone(), words)
}

/// A remark on what a value says, moved to where the value stands.
fn inside(wrong: Wrong, value: &Value<'_>) -> Wrong {
    match value.text {
        Cow::Borrowed(text) => {
            let within = |at: usize| at.min(text.len());
            let at = within(wrong.at.start)..within(wrong.at.end);
            Wrong::new(at, wrong.words).moved(value.inner.start)
        }
        // Escapes have moved everything.
        Cow::Owned(_) => Wrong::new(value.inner.clone(), wrong.words),
    }
}

/// Those of `all` that the values name.
fn picks<'v, T: Copy>(
    what: &str,
    values: impl Iterator<Item = &'v Value<'v>>,
    all: &[T],
    name: impl Fn(T) -> &'static str,
) -> Result<Vec<T>, Wrong> {
    let pick = |value: &Value<'_>| {
        let meant = |one: &T| name(*one).eq_ignore_ascii_case(&value.text);
        all.iter().copied().find(meant).ok_or_else(|| {
            let known: Vec<_> = all.iter().map(|one| name(*one)).collect();
            let words = format!("no {what} `{}`; there are {}", value.text, known.join(", "));
            Wrong::new(value.whole.clone(), words)
        })
    };
    values.map(pick).collect()
}

fn seqs(value: &Value<'_>) -> Result<RangeInclusive<Seq>, Wrong> {
    let text = value.text.as_ref();
    let wrong = |words: &str| Wrong::new(value.whole.clone(), words);
    let seq = |text: &str| {
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !plain {
            return Err(wrong("not a seq or range: 812, 812..900, 812.. or ..900"));
        }
        let seq = text.parse().ok().and_then(Seq::new);
        seq.ok_or_else(|| wrong("seqs go from 1 to 4294967295"))
    };
    let (first, last) = match text.split_once("..") {
        None => {
            let seq = seq(text)?;
            (seq, seq)
        }
        Some(("", last)) => (Seq::FIRST, seq(last)?),
        Some((first, "")) => (seq(first)?, Seq::LAST),
        Some((first, last)) => (seq(first)?, seq(last)?),
    };
    if first > last {
        return Err(wrong(&format!(
            "the smaller seq stands first: {last}..{first}"
        )));
    }
    Ok(first..=last)
}
