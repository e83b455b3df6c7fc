//! What the keys of the file mean.

use std::collections::BTreeMap;
use std::path::Path;

use super::profile::{self, ENVIRONMENT, Profile};
use super::read::{self, Reader, Table};
use super::{Ascii, CheckKeys, ColorChoice, Config, Keys, TOP_KEYS, Ticket};
use crate::model::nearest::nearest;
use crate::model::time::Zone;

/// Reads the whole file; what is wrong with it is left with the reader.
pub(super) fn read_top(
    root: &Table<'_>,
    reader: &mut Reader<'_>,
    file: &Path,
    check_keys: CheckKeys<'_>,
) -> Config {
    let known: Vec<&str> = TOP_KEYS
        .iter()
        .copied()
        .chain(["keys", "profiles"])
        .collect();
    reader.only(root, &known);
    let folder = file.parent().unwrap_or(Path::new(""));
    let mut config = Config {
        file: Some(file.to_owned()),
        ..Config::default()
    };
    config.default_profile = reader.get((root, "default_profile"), "a name", read::text);
    if let Some(name) = reader.get((root, "time_zone"), "the name of a time zone", read::text) {
        match Zone::parse(&name, &Zone::system()) {
            Ok(zone) => config.time_zone = Some(zone),
            Err(error) => reader.reject(root, "time_zone", error.to_string()),
        }
    }
    if let Some(mouse) = reader.get((root, "mouse"), "true or false", read::truth) {
        config.mouse = mouse;
    }
    let ascii = reader.get((root, "ascii"), "true, false or \"auto\"", |value| {
        match (value.as_bool(), value.as_str()) {
            (Some(true), _) => Some(Ascii::On),
            (Some(false), _) => Some(Ascii::Off),
            (None, Some("auto")) => Some(Ascii::Auto),
            (None, _) => None,
        }
    });
    config.ascii = ascii.unwrap_or_default();
    let expected = "one of \"auto\", \"16\", \"256\", \"truecolor\", \"never\"";
    let color = reader.get((root, "color"), expected, |value| {
        Some(match value.as_str()? {
            "auto" => ColorChoice::Auto,
            "never" => ColorChoice::Never,
            "16" => ColorChoice::Sixteen,
            "256" => ColorChoice::Indexed,
            "truecolor" => ColorChoice::True,
            _ => return None,
        })
    });
    config.color = color.unwrap_or_default();
    // Below 16 MiB not even what is on screen has room; 64 GiB is more than anybody means.
    let bounds = 16..=65_536;
    let expected = "MiB as a whole number, 16 to 65536";
    if let Some(memory) = reader.get((root, "memory_mb"), expected, |v| read::number(v, bounds)) {
        config.memory_mb = memory;
    }
    let expected = "a whole number of calls, 0 for no pause";
    let calls = reader.get((root, "search_calls"), expected, |value| {
        read::number(value, 0..=u32::MAX)
    });
    config.search_calls = calls.unwrap_or(config.search_calls);
    let ticket = reader.get(
        (root, "ticket"),
        "\"markdown\" or \"plain\"",
        |value| match value.as_str() {
            Some("markdown") => Some(Ticket::Markdown),
            Some("plain") => Some(Ticket::Plain),
            Some(_) | None => None,
        },
    );
    config.ticket = ticket.unwrap_or_default();
    config.access_log = reader.get((root, "access_log"), "a path", |value| {
        read::plain(value).map(|text| profile::place(folder, &text))
    });
    config.keys = read_keys(root, reader, check_keys);
    config.profiles = read_profiles(root, (reader, folder));
    if let Some(name) = &config.default_profile {
        check_default(name, root, reader);
    }
    config
}

/// The default must be one of the profiles; `environment` may come from outside.
fn check_default(name: &str, root: &Table<'_>, reader: &mut Reader<'_>) {
    let profiles = reader.table(root, "profiles");
    let names: Vec<&str> = profiles
        .iter()
        .flat_map(|table| table.entries().iter().map(|entry| entry.key))
        .collect();
    if name == ENVIRONMENT || names.contains(&name) {
        return;
    }
    let what = nearest(name, names).map_or_else(
        || "expected the name of a profile of this file".to_owned(),
        |near| format!("expected the name of a profile; did you mean `{near}`?"),
    );
    reader.reject(root, "default_profile", what);
}

fn read_keys(root: &Table<'_>, reader: &mut Reader<'_>, check_keys: CheckKeys<'_>) -> Keys {
    let mut keys = Keys::new();
    let mut places = BTreeMap::new();
    let Some(table) = reader.table(root, "keys") else {
        return keys;
    };
    for (action, entry) in bindings(&table, "") {
        let Some(texts) = entry.texts() else {
            let what = "expected a list of keys, such as [\"/\"]";
            reader.report(entry.at, Some(format!("keys.{action}")), what);
            continue;
        };
        places.insert(action.clone(), entry.at);
        keys.insert(action, texts);
    }
    for (action, what) in check_keys(&keys) {
        let at = places.get(&action).copied().unwrap_or_default();
        reader.report(at, Some(format!("keys.{action}")), what);
    }
    keys
}

/// The bindings with their full names: `messages.search` means the same with and without quotes.
fn bindings<'t>(table: &Table<'t>, before: &str) -> Vec<(String, read::Entry<'t>)> {
    let mut found = Vec::new();
    for entry in table.entries() {
        let name = format!("{before}{}", entry.key);
        match entry.table("") {
            Some(inner) => found.extend(bindings(&inner, &format!("{name}."))),
            None => found.push((name, *entry)),
        }
    }
    found
}

fn read_profiles(
    root: &Table<'_>,
    (reader, folder): (&mut Reader<'_>, &Path),
) -> BTreeMap<String, Profile> {
    let mut profiles = BTreeMap::new();
    let Some(table) = reader.table(root, "profiles") else {
        return profiles;
    };
    for entry in table.entries() {
        let path = format!("profiles.{}", entry.key);
        let name = entry.key;
        if name.is_empty() || name.chars().any(char::is_control) || name == ENVIRONMENT {
            let what = "expected another name: it may not be empty, hold control characters or be `environment`";
            reader.report(entry.at, Some(path), what);
        } else if let Some(inner) = entry.table(&format!("{path}.")) {
            if let Some(profile) = Profile::read(name, &inner, (&mut *reader, folder)) {
                profiles.insert(name.to_owned(), profile);
            }
        } else {
            reader.report(entry.at, Some(path), "expected a table: [profiles.NAME]");
        }
    }
    profiles
}
