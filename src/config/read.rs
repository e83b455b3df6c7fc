//! A TOML file as tables with lines, so that every complaint can name its place.
//!
//! Read by hand instead of by serde, because serde stops at the first mistake
//! and somebody who fills in a file wants to hear of all of them.

use std::fmt;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use crate::model::nearest::nearest;

/// One thing that is wrong with the configuration. Never holds a value of the
/// file, which might be a secret in the wrong place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, or `environment`.
    pub place: String,
    /// The line, counted from 1; `None` for the environment.
    pub line: Option<usize>,
    /// The key with its tables, or the variable.
    pub key: Option<String>,
    /// What was expected.
    pub what: String,
}

impl fmt::Display for Problem {
    /// `FILE:LINE: key `x`: expected ...`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        f.write_str(": ")?;
        match (&self.key, self.line) {
            (Some(key), Some(_)) => write!(f, "key `{key}`: ")?,
            (Some(key), None) => write!(f, "{key}: ")?,
            (None, _) => {}
        }
        f.write_str(&self.what)
    }
}

/// Collects what is wrong with one file.
#[derive(Debug)]
pub(super) struct Reader<'f> {
    file: &'f Path,
    text: &'f str,
    problems: Vec<Problem>,
}

/// One table of the file.
#[derive(Debug, Clone)]
pub(super) struct Table<'t> {
    /// The names of the tables around, each with a dot: `profiles.prod.`.
    path: String,
    /// Where the table begins, in bytes.
    at: usize,
    entries: Vec<Entry<'t>>,
}

/// A key with its value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'t> {
    /// The key as written, without quotes.
    pub(super) key: &'t str,
    /// Where the key stands, in bytes.
    pub(super) at: usize,
    value: &'t DeValue<'t>,
}

impl<'f> Reader<'f> {
    pub(super) fn new(file: &'f Path, text: &'f str) -> Self {
        Self {
            file,
            text,
            problems: Vec::new(),
        }
    }

    /// Notes a problem at a byte of the file.
    pub(super) fn report(&mut self, at: usize, key: Option<String>, what: impl Into<String>) {
        let before = self.text.as_bytes().iter().take(at);
        let line = before.filter(|byte| **byte == b'\n').count() + 1;
        self.problems.push(Problem {
            place: self.file.display().to_string(),
            line: Some(line),
            key,
            what: what.into(),
        });
    }

    /// All problems, in the order of the file.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        self.problems.sort_by_key(|problem| problem.line);
        self.problems.dedup();
        self.problems
    }

    /// Complains of every key that is not `known`, with the nearest that is.
    pub(super) fn only(&mut self, table: &Table<'_>, known: &[&str]) {
        for entry in &table.entries {
            if known.contains(&entry.key) {
                continue;
            }
            let key = format!("{}{}", table.path, entry.key);
            let mut what = format!("expected one of {}", known.join(", "));
            if is_a_secret(entry.key) {
                "expected no secret in this file: name a place with secret_key_file, secret_key_env or secret_key_command"
                    .clone_into(&mut what);
            } else if let Some(near) = nearest(entry.key, known.iter().copied()) {
                what = format!("expected a known key; did you mean `{near}`?");
            }
            self.report(entry.at, Some(key), what);
        }
    }

    /// Reads `key` if it is there; a value that `read` refuses is a problem.
    pub(super) fn get<T>(
        &mut self,
        (table, key): (&Table<'_>, &str),
        expected: &str,
        read: impl FnOnce(&DeValue<'_>) -> Option<T>,
    ) -> Option<T> {
        let entry = table.find(key)?;
        let value = read(entry.value);
        if value.is_none() {
            let expected = format!("expected {expected}");
            self.report(entry.at, Some(format!("{}{key}", table.path)), expected);
        }
        value
    }

    /// Notes a problem with `key` of `table`, or with the table where the key is missing.
    pub(super) fn reject(&mut self, table: &Table<'_>, key: &str, what: impl Into<String>) {
        let at = table.find(key).map_or(table.at, |entry| entry.at);
        self.report(at, Some(format!("{}{key}", table.path)), what);
    }

    /// The table under `key`, if there is one.
    pub(super) fn table<'t>(&mut self, table: &Table<'t>, key: &str) -> Option<Table<'t>> {
        let entry = table.find(key)?;
        let inner = entry.table(&format!("{}{key}.", table.path));
        if inner.is_none() {
            self.reject(table, key, format!("expected a table: [{key}]"));
        }
        inner
    }
}

impl<'t> Table<'t> {
    /// The whole file as a table.
    pub(super) fn root(parsed: &'t DeTable<'t>) -> Self {
        Self::new(parsed, String::new(), 0)
    }

    fn new(parsed: &'t DeTable<'t>, path: String, at: usize) -> Self {
        let entries = parsed.iter().map(|(key, value)| Entry {
            key: key.get_ref(),
            at: key.span().start,
            value: value.get_ref(),
        });
        Self {
            path,
            at,
            entries: entries.collect(),
        }
    }

    pub(super) fn entries(&self) -> &[Entry<'t>] {
        &self.entries
    }

    fn find(&self, key: &str) -> Option<Entry<'t>> {
        self.entries.iter().find(|e| e.key == key).copied()
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.find(key).is_some()
    }
}

impl<'t> Entry<'t> {
    /// The value as a table; `path` is what its keys are called under.
    pub(super) fn table(self, path: &str) -> Option<Table<'t>> {
        let inner = self.value.as_table()?;
        Some(Table::new(inner, path.to_owned(), self.at))
    }

    /// The value as a list of texts.
    pub(super) fn texts(self) -> Option<Vec<String>> {
        texts(self.value)
    }
}

/// A key under which somebody would write the secret itself.
fn is_a_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase().replace('-', "_");
    [
        "secret",
        "secret_key",
        "secretkey",
        "key",
        "usersig",
        "user_sig",
        "password",
    ]
    .contains(&key.as_str())
}

/// A text that is not blank.
pub(super) fn text(value: &DeValue<'_>) -> Option<String> {
    let text = value.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A text without control characters.
pub(super) fn plain(value: &DeValue<'_>) -> Option<String> {
    text(value).filter(|text| !text.chars().any(char::is_control))
}

/// `true` or `false`.
pub(super) fn truth(value: &DeValue<'_>) -> Option<bool> {
    value.as_bool()
}

/// A list of texts, one at least.
pub(super) fn texts(value: &DeValue<'_>) -> Option<Vec<String>> {
    let list = value.as_array()?;
    let texts: Option<Vec<String>> = list
        .iter()
        .map(|item| item.get_ref().as_str().map(str::to_owned))
        .collect();
    texts.filter(|texts| !texts.is_empty())
}

/// A whole number between the bounds, both included.
pub(super) fn number(value: &DeValue<'_>, bounds: std::ops::RangeInclusive<u32>) -> Option<u32> {
    let written = value.as_integer()?;
    let number = u32::from_str_radix(written.as_str(), written.radix()).ok()?;
    bounds.contains(&number).then_some(number)
}
