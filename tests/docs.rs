//! Holds the folders to their rules and the documents to the code.

#[path = "docs/readme.rs"]
mod readme;
#[path = "docs/source.rs"]
mod source;

use std::fs;
use std::path::Path;

use tim_history::config::{Config, PROFILE_KEYS, SecretSource, TOP_KEYS, bad_keys};

use source::{root, sources};

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
    let rules: [(&str, &[&str]); 6] = [
        (
            "src/export",
            &["cli", "config", "emulator", "headless", "runtime", "ui"],
        ),
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

fn example() -> String {
    fs::read_to_string(root().join("config.example.toml")).expect("it is in the repository")
}

fn parse(text: &str) -> Config {
    let parsed = Config::parse(Path::new("config.example.toml"), text, &bad_keys);
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
    for name in tim_history::api::Endpoint::regions()
        .iter()
        .map(|r| r.key.as_str())
    {
        assert!(text.contains(name), "{name}");
    }
    for name in tim_history::config::COLOURS {
        assert!(text.contains(name.trim_start_matches("bright-")), "{name}");
    }
}
