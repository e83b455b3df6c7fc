//! Holds the README to the program.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tim_history::app::keymap::{Binding, Keymap, Place, TABLE, full_name};
use tim_history::cli::{Cli, Exit};
use tim_history::config::{PROFILE_KEYS, TOP_KEYS};

use super::source::{root, sources};

/// Set this variable to anything to have what is generated written anew.
const UPDATE: &str = "UPDATE_README";

const KEYS_BEGIN: &str = "<!-- keys: begin -->\n";
const KEYS_END: &str = "<!-- keys: end -->";

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("it is in the repository")
}

/// What stands between fences, a line each.
fn shell_lines(text: &str) -> Vec<&str> {
    let blocks = text.split("```").skip(1).step_by(2);
    blocks
        .filter_map(|block| block.strip_prefix("sh\n"))
        .flat_map(str::lines)
        .collect()
}

/// What stands between backticks, blocks apart.
fn quoted(text: &str) -> Vec<&str> {
    let prose = text.split("```").step_by(2);
    prose
        .flat_map(|prose| prose.split('`').skip(1).step_by(2))
        .collect()
}

fn keys_table() -> String {
    let keymap = Keymap::default();
    let mut text = String::new();
    for place in Place::ALL {
        let title = place.title();
        text.extend(["\n| ", title, " | | |\n|---|---|---|\n"]);
        for binding in TABLE.iter().filter(|binding| binding.place == place) {
            text.push_str(&key_row(binding, &keymap));
        }
    }
    text.push('\n');
    text
}

fn key_row(binding: &Binding, keymap: &Keymap) -> String {
    let keys = keymap.keys_of(binding.place, binding.action);
    let keys: Vec<String> = keys.split_whitespace().map(|k| format!("`{k}`")).collect();
    let name = full_name(binding);
    format!("| {} | {} | `{name}` |\n", keys.join(" "), binding.words)
}

#[test]
fn the_keys_of_the_readme_are_those_of_the_program() {
    let text = readme();
    let (before, rest) = text.split_once(KEYS_BEGIN).expect("where the keys begin");
    let (kept, after) = rest.split_once(KEYS_END).expect("where they end");
    let keys = keys_table();
    if std::env::var_os(UPDATE).is_some() && kept != keys {
        let text = [before, KEYS_BEGIN, &keys, KEYS_END, after].concat();
        fs::write(root().join("README.md"), text).expect("the README can be written");
        return;
    }
    assert_eq!(kept, keys, "{UPDATE}=1 cargo test writes them anew");
}

#[test]
fn the_readme_begins_with_the_picture_and_the_two_commands() {
    let text = readme();
    assert!(text.starts_with("![") && text.contains("](assets/screen.svg)"));
    let lines = shell_lines(&text);
    assert_eq!(lines.first(), Some(&"cargo run --release -- --demo"));
    assert_eq!(lines.get(1), Some(&"cargo test"));
    let alone = text.lines().filter(|line| line.starts_with("cargo test"));
    assert_eq!(alone.count(), 1, "the checks read it from there");
}

#[test]
fn every_command_of_the_readme_is_understood() {
    let text = readme();
    let mut seen = 0;
    for line in shell_lines(&text).into_iter().chain(quoted(&text)) {
        let line = line.split(" > ").next().unwrap_or_default();
        let Some(arguments) = line
            .strip_prefix("cargo run --release --")
            .or_else(|| line.strip_prefix("tim-history "))
        else {
            continue;
        };
        seen += 1;
        let all = ["tim-history"]
            .into_iter()
            .chain(arguments.split_whitespace());
        assert!(Cli::read(all).is_ok(), "{line}");
    }
    assert!(seen > 6, "{seen} commands");
}

#[test]
fn every_flag_of_the_readme_exists() {
    use clap::CommandFactory as _;

    let command = Cli::command();
    let subcommands = command.get_subcommands();
    let known: BTreeSet<String> = subcommands
        .chain([&command])
        .flat_map(clap::Command::get_arguments)
        .flat_map(|a| {
            let long = a.get_long().map(|long| format!("--{long}"));
            long.into_iter()
                .chain(a.get_short().map(|c| format!("-{c}")))
        })
        .collect();
    let text = readme();
    let flags = quoted(&text).into_iter().filter_map(|q| {
        let flag = q.split(' ').next()?;
        // A single dash is a key, and `-2h` a time.
        let letter = flag
            .trim_start_matches('-')
            .starts_with(char::is_alphabetic);
        (flag.starts_with('-') && letter).then_some(flag)
    });
    for flag in flags {
        assert!(known.contains(flag), "{flag}");
    }
    // Those of a command stand in its own help.
    for flag in command.get_arguments().filter_map(clap::Arg::get_long) {
        assert!(
            text.contains(&format!("--{flag}")),
            "{flag} is not in the README"
        );
    }
}

#[test]
fn every_exit_code_is_in_the_readme() {
    let text = readme();
    let all = [
        Exit::Good,
        Exit::Wanting,
        Exit::Usage,
        Exit::Refused,
        Exit::Incomplete,
    ];
    for exit in all {
        let code = exit.code();
        assert!(text.contains(&format!("\n| {code} | ")), "{code}");
    }
    assert_eq!(Exit::Signal(0).code(), 128);
    assert!(text.contains("\n| 128 + n | "));
}

#[test]
fn every_link_and_file_of_the_readme_exists() {
    let text = readme();
    let headings: Vec<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .map(|heading| heading.to_lowercase().replace(' ', "-"))
        .collect();
    let links = text.split("](").skip(1);
    let links = links.filter_map(|rest| rest.split(')').next());
    let mut seen = 0;
    for link in links.filter(|link| !link.contains("://")) {
        seen += 1;
        let there = match link.strip_prefix('#') {
            Some(heading) => headings.iter().any(|h| h == heading),
            None => root().join(link).exists(),
        };
        assert!(there, "{link}");
    }
    assert!(seen > 3, "{seen} links");
    for path in quoted(&text) {
        let first = Path::new(path).components().next();
        let ours = first.is_some_and(|c| {
            ["src", "tests", "assets"]
                .iter()
                .any(|folder| c.as_os_str() == *folder)
        });
        assert!(!ours || root().join(path).exists(), "{path}");
    }
}

#[test]
fn every_setting_of_the_readme_exists() {
    let text = readme();
    let code: String = sources("src").map(|source| source.live()).collect();
    let is_key =
        |word: &str| word.contains('_') && word.chars().all(|c| c == '_' || c.is_ascii_lowercase());
    let is_variable = |word: &str| {
        word.starts_with("TIM_HISTORY_") && word.chars().all(|c| c == '_' || c.is_ascii_uppercase())
    };
    let mut seen = BTreeSet::new();
    for word in quoted(&text) {
        if is_key(word) && !TOP_KEYS.contains(&word) && !PROFILE_KEYS.contains(&word) {
            // What is no key is a command of the service.
            assert!(code.contains(&format!("{word}\"")), "{word}");
        }
        if is_variable(word) {
            assert!(code.contains(word), "{word}");
        }
        seen.insert(word);
    }
    for key in PROFILE_KEYS {
        assert!(seen.contains(key), "{key} is not in the README");
    }
    for region in tim_history::api::Endpoint::regions() {
        assert!(seen.contains(region.key.as_str()), "{}", region.key);
    }
}

#[test]
fn the_readme_names_the_rust_it_needs() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("it is there");
    let line = manifest
        .lines()
        .find_map(|l| l.strip_prefix("rust-version = \""));
    let version = line.expect("it is set").trim_end_matches('"');
    assert!(readme().contains(&format!("Rust {version} or newer")));
}
