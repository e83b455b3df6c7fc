//! Keys and what they may be.

use super::*;

fn with(name: &str, keys: &[&str]) -> Result<Keymap, BadKeys> {
    let keys = keys.iter().map(|&k| k.to_owned()).collect();
    Keymap::with(&BTreeMap::from([(name.to_owned(), keys)]))
}

#[test]
fn every_default_key_is_a_permitted_key_and_none_is_bound_twice() {
    for binding in TABLE {
        for key in binding.keys {
            let keys = sequence(key).expect("a default binding parses");
            assert_eq!(permitted(&keys, binding.place), Ok(()), "{key}");
        }
    }
    assert!(Keymap::with(&BTreeMap::new()).is_ok());
}

#[test]
fn names_are_unique() {
    let mut names: Vec<String> = TABLE.iter().map(full_name).collect();
    names.sort();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
fn two_keys_wait_for_the_second() {
    let map = with("lists.start", &["Z Z"]).expect("good keys");
    let g = Key::char('Z');
    assert_eq!(map.lookup(&[Place::Lists], &[g]), Lookup::Prefix);
    assert_eq!(
        map.lookup(&[Place::Lists], &[g, g]),
        Lookup::Action(Action::Top)
    );
    assert_eq!(
        map.lookup(&[Place::Lists], &[g, Key::char('x')]),
        Lookup::Unbound
    );
}

#[test]
fn the_first_place_wins() {
    let map = Keymap::default();
    let slash = [Key::char('/')];
    assert_eq!(
        map.lookup(&[Place::Detail, Place::Lists], &slash),
        Lookup::Action(Action::Find)
    );
    assert_eq!(
        map.lookup(&[Place::Groups, Place::Lists], &slash),
        Lookup::Action(Action::FilterGroups)
    );
    assert_eq!(
        map.lookup(&[Place::Lists, Place::Messages], &slash),
        Lookup::Action(Action::Search)
    );
    assert_eq!(
        map.lookup(&[Place::Lists, Place::Prompts], &slash),
        Lookup::Unbound
    );
}

#[test]
fn the_configuration_replaces_keys() {
    let map = with("messages.wrap", &["W", "f5"]).expect("good keys");
    assert_eq!(
        map.lookup(&[Place::Messages], &[Key::char('W')]),
        Lookup::Action(Action::ToggleWrap)
    );
    assert_eq!(
        map.lookup(&[Place::Messages], &[Key::char('w')]),
        Lookup::Unbound
    );
    assert_eq!(map.keys_of(Place::Messages, Action::ToggleWrap), "W F5");
}

#[test]
fn all_bad_bindings_are_reported_at_once() {
    let overrides = [
        ("messages.wrap", "ctrl-b"),
        ("messages.names", "ctrl-i"),
        ("messages.nonsense", "j"),
        ("messages.raw", "ctrl-shift"),
        ("groups.sort", "p"),
    ];
    let overrides = overrides
        .iter()
        .map(|(n, k)| ((*n).to_owned(), vec![(*k).to_owned()]))
        .collect();
    let BadKeys(bad) = Keymap::with(&overrides).expect_err("five bad ones");
    assert_eq!(bad.len(), 5, "{bad:?}");
    assert!(
        bad.iter()
            .any(|(n, why)| n == "messages.names" && why.contains("Tab"))
    );
    assert!(
        bad.iter().any(|(_, why)| why.contains("groups.sort")),
        "{bad:?}"
    );
}

#[test]
fn every_sentence_fits_the_help_at_80_columns() {
    for binding in TABLE {
        assert!(binding.words.chars().count() <= 52, "{}", binding.words);
    }
}
