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
use crate::model::needle::{self, Needle, narrow, whole_signs};
use crate::model::payload::{Path, Wanted};
use crate::model::wrong::Wrong;

type ReadTime<'r> = &'r dyn Fn(&str) -> Result<Timestamp, Wrong>;

/// More neighbours would hide what was found.
const MAX_CONTEXT: u32 = 100;

/// Patterns in one line.
const MAX_PATTERNS: usize = 8;

/// Texts in one line, patterns among them.
const MAX_TEXTS: usize = 100;

/// How many more words a time may have: `fri 2024-05-03 2:05 pm +08:00`.
const MAX_TIME_WORDS: usize = 5;

pub(super) fn parse(text: &str, read_time: ReadTime<'_>) -> Result<Query, Wrong> {
    let all: Vec<_> = Lexer::new(text).collect();
    let mut reader = Reader {
        read_time,
        terms: Vec::new(),
        context: None,
        program: shares(&all).map_err(|wrong| whole_signs(wrong, text))?,
    };
    for (at, typed) in all.iter().enumerate() {
        let rest = all.get(at + 1..).unwrap_or_default();
        let read = whole_time(text, typed, rest, read_time).and_then(|()| reader.take(typed));
        read.map_err(|wrong| whole_signs(wrong, text))?;
    }
    Ok(Query {
        source: text.to_owned(),
        terms: reader.terms,
        context: reader.context.unwrap_or_default(),
    })
}

/// How big each compiled pattern may be: together they are no bigger than one alone.
///
/// A line is read anew at every key that is typed, so that many texts would freeze the prompt.
fn shares(all: &[Typed<'_>]) -> Result<usize, Wrong> {
    let is_text = |typed: &&Typed<'_>| matches!(typed.head, Head::Bare | Head::Key(Key::Text));
    let is_pattern = |typed: &&Typed<'_>| needle::pattern(&typed.first.text).is_some();
    let texts = || all.iter().filter(is_text);
    if let Some(one) = texts().filter(is_pattern).nth(MAX_PATTERNS) {
        let words = format!("too many patterns: {MAX_PATTERNS} at most; re:a|b looks for either");
        return Err(Wrong::new(one.at.clone(), words));
    }
    if let Some(one) = texts().nth(MAX_TEXTS) {
        let words = format!("too many texts: {MAX_TEXTS} at most");
        return Err(Wrong::new(one.at.clone(), words));
    }
    Ok(needle::MAX_PROGRAM / texts().filter(is_pattern).count().max(1))
}

/// Refuses `after:fri 14:05`: the clock would be looked for as a text, and nobody would see why.
fn whole_time(
    text: &str,
    typed: &Typed<'_>,
    rest: &[Typed<'_>],
    read_time: ReadTime<'_>,
) -> Result<(), Wrong> {
    let timed = matches!(typed.head, Head::Key(Key::After | Key::Before));
    let time = &typed.first;
    let plain = |value: &Value<'_>| value.quote == Quote::None && !value.whole.is_empty();
    if !timed || !plain(time) {
        return Ok(());
    }
    let words = rest
        .iter()
        .take_while(|next| next.head == Head::Bare && plain(&next.first))
        .take(MAX_TIME_WORDS);
    let words: Vec<_> = words.collect();
    let refused = |end: usize| {
        let at = time.whole.start..end;
        let whole = text.get(at.clone()).unwrap_or_default();
        let words = whole.split_whitespace().collect::<Vec<_>>().join(" ");
        Wrong::new(at, format!("quote a time of two words: \"{words}\""))
    };
    // The longest, as in `fri 2:05 pm`.
    for last in words.iter().rev() {
        let end = last.at.end;
        let whole = text.get(time.whole.start..end).unwrap_or_default();
        // A sign alone adds nothing to a time.
        if last.first.text.contains(char::is_alphanumeric) && read_time(whole).is_ok() {
            return Err(refused(end));
        }
    }
    // A clock that is wrong, or of a day that is two, is a clock all the same.
    let Some(clock) = words.first().filter(|clock| !clock.negated) else {
        return Ok(());
    };
    let digits = clock
        .first
        .text
        .trim_start_matches(|c| narrow(c).is_ascii_digit());
    let hours = clock.first.text.chars().count() - digits.chars().count();
    if matches!(hours, 1 | 2) && digits.starts_with([':', '\u{ff1a}']) {
        return Err(refused(clock.first.whole.end));
    }
    Ok(())
}

struct Reader<'r> {
    read_time: ReadTime<'r>,
    terms: Vec<Term>,
    context: Option<u32>,
    /// How big each compiled text may be, in bytes.
    program: usize,
}

impl Reader<'_> {
    fn take(&mut self, typed: &Typed<'_>) -> Result<(), Wrong> {
        let key = well_formed(typed)?;
        let (value, values) = (&typed.first, typed.values());
        let criterion = match key {
            Key::Text => {
                let needle = Needle::parse_within(&value.text, self.program);
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
            Key::Data => data(value)?,
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
        let count = narrowed(&typed.first).parse().ok();
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

/// What an input method wrote full-width, as plain ASCII.
fn narrowed(value: &Value<'_>) -> String {
    value.text.chars().map(narrow).collect()
}

/// Those of `all` that the values name.
fn picks<'v, T: Copy>(
    what: &str,
    values: impl Iterator<Item = &'v Value<'v>>,
    all: &[T],
    name: impl Fn(T) -> &'static str,
) -> Result<Vec<T>, Wrong> {
    let pick = |value: &Value<'_>| {
        let typed = narrowed(value);
        let meant = |one: &T| name(*one).eq_ignore_ascii_case(&typed);
        all.iter().copied().find(meant).ok_or_else(|| {
            let known: Vec<_> = all.iter().map(|one| name(*one)).collect();
            let words = format!("no {what} `{}`; there are {}", value.text, known.join(", "));
            Wrong::new(value.whole.clone(), words)
        })
    };
    values.map(pick).collect()
}

/// A path, and behind an equals sign the value that is wanted there.
fn data(value: &Value<'_>) -> Result<Criterion, Wrong> {
    let wrong = |words: &str| Wrong::new(value.whole.clone(), words);
    // An input method writes the full-width sign.
    let (path, wanted) = match value.text.split_once(['=', '\u{ff1d}']) {
        Some((path, wanted)) => (path, Some(wanted)),
        None => (value.text.as_ref(), None),
    };
    let path = Path::parse(path);
    let path = path.ok_or_else(|| wrong("a path is missing, as in data:orderId=812"))?;
    if wanted == Some("") && value.quote == Quote::None {
        let alone = format!(
            "a value is missing; data:{} asks whether it is there",
            path.as_str()
        );
        return Err(wrong(&alone));
    }
    Ok(Criterion::Data(path, wanted.map(Wanted::new)))
}

fn seqs(value: &Value<'_>) -> Result<RangeInclusive<Seq>, Wrong> {
    let text = narrowed(value);
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
            let seq = seq(&text)?;
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
