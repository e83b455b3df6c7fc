//! Holds the folders to their rules and the documents to the code.

use std::fs;
use std::path::{Path, PathBuf};

use tim_history::config::{Config, PROFILE_KEYS, SecretSource, TOP_KEYS, unreadable_keys};

/// Commands of the service that write. None of them may be spelt anywhere in the
/// program: it only reads, and the embedded service offers nothing else.
const WRITES: &[&str] = &[
    "account_delete",
    "account_import",
    "add_group_member",
    "admin_msgwithdraw",
    "admin_set_msg_read",
    "batchsendmsg",
    "change_group_owner",
    "clear_group_msg",
    "create_group",
    "create_topic",
    "delete_group_member",
    "delete_group_msg",
    "destroy_group",
    "destroy_topic",
    "forbid_send_msg",
    "friend_add",
    "friend_delete",
    "group_ban_member",
    "group_msg_recall",
    "group_set_key_values",
    "import_group",
    "importmsg",
    "kick_group_member",
    "modify_c2c_msg",
    "modify_group",
    "modify_topic",
    "modify_user_info",
    "portrait_set",
    "send_broadcast_msg",
    "send_c2c_stream_msg",
    "send_group_msg",
    "send_group_stream_msg",
    "send_group_system_notification",
    "set_unread_msg_num",
];

#[test]
fn no_command_that_writes_is_spelt_in_the_program() {
    for source in sources("src") {
        let text = source.live();
        for command in WRITES {
            assert!(!text.contains(command), "{}: {command}", source.name());
        }
    }
}

#[test]
fn what_is_pure_has_no_clock_and_no_way_out() {
    let banned = [
        "tokio",
        "reqwest",
        "hyper",
        "ratatui",
        "crossterm",
        "std::fs",
        "std::net",
        "std::process",
        "std::env",
        "std::thread",
    ];
    // A time may be named and handed in; nobody may look at the clock.
    let clocks = ["Instant::now", "SystemTime", "Timestamp::now", "Zoned::now"];
    for source in sources("src/model").chain(sources("src/app")) {
        source.has_none_of(&banned);
        source.has_none_of(&clocks);
    }
}

#[test]
fn painting_changes_nothing() {
    for source in sources("src/ui") {
        source.has_none_of(&["&mut App", "&mut app::App", "tokio", "reqwest", "std::fs"]);
    }
}

#[test]
fn folders_know_only_what_they_may() {
    let rules: [(&str, &[&str]); 5] = [
        (
            "src/model",
            &[
                "api", "app", "cli", "config", "emulator", "headless", "runtime", "state", "ui",
            ],
        ),
        (
            "src/api",
            &[
                "app", "cli", "config", "emulator", "headless", "runtime", "state", "ui",
            ],
        ),
        (
            "src/app",
            &[
                "api", "cli", "config", "emulator", "headless", "runtime", "state", "ui",
            ],
        ),
        (
            "src/ui",
            &[
                "api", "cli", "config", "emulator", "headless", "runtime", "state",
            ],
        ),
        (
            "src/emulator",
            &[
                "api", "app", "cli", "config", "headless", "model", "runtime", "state", "ui",
            ],
        ),
    ];
    for (folder, strangers) in rules {
        for source in sources(folder) {
            for stranger in strangers {
                source.has_none_of(&[
                    &format!("crate::{stranger}"),
                    &format!("tim_history::{stranger}"),
                ]);
            }
            assert!(
                !source.code().contains("crate::{"),
                "{}: name one module a line, so that this test can read it",
                source.name()
            );
        }
    }
}

#[test]
fn the_rules_see_code_and_not_comments() {
    let source = Source {
        path: PathBuf::from("x.rs"),
        text: "// tokio\n/* a /* std::fs */ b */ let s = \"reqwest // \\\" x\"; let c = '\"'; 'a: loop {}\n\
               let r = r#\"std::net \" \"#; run(); #[cfg(test)]\nmod tests { fn f() { Instant::now() } }\nlast"
            .to_owned(),
    };
    let code = source.code();
    for hidden in ["tokio", "std::fs", "reqwest", "std::net", "Instant"] {
        assert!(!code.contains(hidden), "{hidden} in {code}");
    }
    for seen in ["let s", "let c", "'a: loop", "run()", "last"] {
        assert!(code.contains(seen), "{seen} in {code}");
    }
    let live = source.live();
    assert!(live.contains("reqwest") && live.contains("std::net"));
    assert!(!live.contains("tokio") && !live.contains("std::fs"));
}

fn example() -> String {
    fs::read_to_string(root().join("config.example.toml")).expect("it is in the repository")
}

fn parse(text: &str) -> Config {
    let parsed = Config::parse(Path::new("config.example.toml"), text, &unreadable_keys);
    parsed.unwrap_or_else(|error| unreachable!("{error}"))
}

#[test]
fn the_example_can_be_used_as_it_stands() {
    let config = parse(&example());
    let profile = config.choose(None).expect("its default exists");
    assert_eq!(profile.name, "support");
    assert!(matches!(profile.secret, SecretSource::KeyFile(_)));
}

#[test]
fn the_example_shows_the_defaults() {
    let text = example();
    let shown = |line: &&str| line.starts_with('#') && !line.starts_with("# ") && *line != "#";
    assert_eq!(text.lines().filter(shown).count(), 7, "the defaults shown");
    let set: Vec<&str> = text
        .lines()
        .map(|line| {
            line.strip_prefix('#')
                .filter(|_| shown(&line))
                .unwrap_or(line)
        })
        .collect();
    let (config, default) = (parse(&set.join("\n")), Config::default());
    assert_eq!(config.mouse, default.mouse);
    assert_eq!(config.ascii, default.ascii);
    assert_eq!(config.color, default.color);
    assert_eq!(config.memory_mb, default.memory_mb);
    assert_eq!(config.search_calls, default.search_calls);
    assert_eq!(config.ticket, default.ticket);
    assert_eq!(config.access_log, default.access_log);
    let profile = config.choose(None).expect("its default exists");
    let rate = tim_history::config::CALLS_PER_SECOND;
    assert_eq!(profile.calls_per_second, rate);
}

#[test]
fn every_other_way_of_the_example_can_be_used() {
    let text = example();
    let ways: Vec<&str> = text
        .lines()
        .filter_map(|l| l.strip_prefix("# or: "))
        .collect();
    assert!(ways.len() > 8, "{ways:?}");
    for way in ways {
        let key = way.split(" = ").next().expect("a key").trim_matches('"');
        // What has to make room, because only one of them may be there.
        let rivals: &[&str] = match key {
            "endpoint" => &["region"],
            _ if key.starts_with("secret_key") || key.starts_with("usersig") => {
                &["secret_key_file"]
            }
            _ => &[],
        };
        let changed: Vec<&str> = text
            .lines()
            .map(|line| {
                line.strip_prefix("# or: ")
                    .filter(|rest| *rest == way)
                    .unwrap_or(line)
            })
            .filter(|line| {
                !rivals
                    .iter()
                    .any(|rival| line.starts_with(&format!("{rival} = ")))
            })
            .collect();
        parse(&changed.join("\n"));
    }
}

#[test]
fn the_example_names_every_key() {
    let text = example();
    for key in TOP_KEYS.iter().chain(PROFILE_KEYS) {
        let named = text.lines().any(|line| {
            let line = line.trim_start_matches("# or: ").trim_start_matches('#');
            line.starts_with(&format!("{key} = "))
        });
        assert!(named, "{key}");
    }
    for name in tim_history::api::Endpoint::region_names() {
        assert!(text.contains(name), "{name}");
    }
    for name in tim_history::config::COLOURS {
        assert!(text.contains(name.trim_start_matches("bright-")), "{name}");
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below a folder, and the file of the same name beside it.
fn sources(folder: &str) -> impl Iterator<Item = Source> {
    let mut found = Vec::new();
    let file = root().join(format!("{folder}.rs"));
    if file.exists() {
        found.push(file);
    }
    collect(&root().join(folder), &mut found);
    assert!(!found.is_empty(), "{folder} holds no code");
    found.into_iter().map(|path| Source {
        text: fs::read_to_string(&path).expect("code is text"),
        path,
    })
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("the folder can be listed").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// One file of code.
struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    fn name(&self) -> String {
        let path = self.path.strip_prefix(root()).unwrap_or(&self.path);
        path.display().to_string()
    }

    /// Without comments.
    fn live(&self) -> String {
        strip(&self.text, true)
    }

    /// Without comments, without what stands in quotes, without test modules:
    /// a test may need a clock to make a time.
    fn code(&self) -> String {
        let is_test = self.path.file_stem().is_some_and(|name| name == "tests")
            || self
                .path
                .components()
                .any(|part| part.as_os_str() == "tests");
        if is_test {
            return String::new();
        }
        without_tests(&strip(&self.text, false))
    }

    fn has_none_of(&self, words: &[&str]) {
        let code = self.code();
        for word in words {
            assert!(!has_word(&code, word), "{}: {word}", self.name());
        }
    }
}

/// Whether `word` stands there as a whole: `crate::app` is not in `crate::apparatus`.
fn has_word(code: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        let before = code.get(..at).and_then(|text| text.chars().next_back());
        let after = code
            .get(at + word.len()..)
            .and_then(|text| text.chars().next());
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

/// Takes comments out of Rust code, and unless they are kept the insides of texts too.
fn strip(text: &str, keep_texts: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let (mut out, mut i) = (String::new(), 0);
    while i < chars.len() {
        if at(i) == '/' && at(i + 1) == '/' {
            while i < chars.len() && at(i) != '\n' {
                i += 1;
            }
        } else if at(i) == '/' && at(i + 1) == '*' {
            i = end_of_block(&chars, i);
        } else if let Some(end) = end_of_text(&chars, i) {
            if keep_texts {
                out.extend(chars.iter().take(end).skip(i));
            } else {
                out.push_str("\"\"");
            }
            i = end;
        } else {
            out.push(at(i));
            i += 1;
        }
    }
    out
}

/// Behind a block comment, which may hold others.
fn end_of_block(chars: &[char], start: usize) -> usize {
    let (mut depth, mut i) = (0, start);
    while i < chars.len() {
        match (chars.get(i), chars.get(i + 1)) {
            (Some('/'), Some('*')) => (depth, i) = (depth + 1, i + 2),
            (Some('*'), Some('/')) => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            break;
        }
    }
    i
}

/// Behind a text or character that begins at `start`; `None` if none does.
fn end_of_text(chars: &[char], start: usize) -> Option<usize> {
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let in_word = start > 0 && (at(start - 1).is_alphanumeric() || at(start - 1) == '_');
    if at(start) == 'r' && !in_word {
        let hashes = (start + 1..chars.len())
            .take_while(|i| at(*i) == '#')
            .count();
        let open = start + 1 + hashes;
        if at(open) != '"' {
            return None;
        }
        let closes = |i: &usize| at(*i) == '"' && (1..=hashes).all(|n| at(i + n) == '#');
        let close = (open + 1..chars.len()).find(closes).unwrap_or(chars.len());
        return Some((close + 1 + hashes).min(chars.len()));
    }
    let quote = at(start);
    // A quote that another one does not follow soon is a lifetime.
    let is_char = quote == '\'' && (at(start + 1) == '\\' || at(start + 2) == '\'');
    if quote != '"' && !is_char {
        return None;
    }
    let mut i = start + 1;
    while i < chars.len() && at(i) != quote {
        i += if at(i) == '\\' { 2 } else { 1 };
    }
    Some((i + 1).min(chars.len()))
}

/// Takes out every item marked `#[cfg(test)]`.
fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let Some((before, rest)) = code.split_once(MARK) else {
        return code.to_owned();
    };
    let mut depth = 0_usize;
    let mut end = rest.len();
    for (i, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && (c == '}' || c == ';') {
            end = i + 1;
            break;
        }
    }
    let after = rest.get(end..).unwrap_or_default();
    format!("{before}{}", without_tests(after))
}
