use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;
use crate::app::event::Recent;
use crate::app::remembered::{MARKED_PLACES, MARKS, Mark, PLACES, Parting, Places};
use crate::model::ids::{Conversation, GroupId, Seq};
use crate::model::message::Timestamp;

fn scratch() -> (tempfile::TempDir, StateDir) {
    let folder = tempfile::tempdir().expect("a scratch directory");
    let dir = StateDir(folder.path().join("state"));
    (folder, dir)
}

fn sample() -> SavedState {
    SavedState {
        pins: vec!["@TGS#1".to_owned(), "a \"group\"".to_owned()],
        recents: vec![Recent {
            group: "@TGS#_1".to_owned(),
            topic: Some("@TGS#_1@TOPIC#_2".to_owned()),
        }],
        places: places(),
    }
}

fn conversation(group: &str) -> Conversation {
    Conversation::group(GroupId::new(group))
}

fn places() -> Places {
    let mut places = Places::default();
    let parting = Parting {
        seq: Seq::new(812),
        filter: Some("from:\"客服 li\" ctx:2"),
        follow: true,
        head: Seq::new(900),
        time: Timestamp::new(1_700_000_000),
    };
    places.part(&conversation("@TGS#1"), parting);
    let mark = Mark::new(Seq::FIRST, "the \\ refund", Timestamp::new(1_700_000_001));
    places.mark(&conversation("@TGS#2"), mark);
    places
}

fn path(dir: &StateDir, profile: &str) -> PathBuf {
    dir.0.join(file_name(profile))
}

#[test]
fn what_is_saved_comes_back_to_its_profile_alone() {
    let (_folder, dir) = scratch();
    assert_eq!(dir.load("prod"), Loaded::default());
    dir.save("prod", &sample()).expect("it saves");
    dir.save("prod", &sample()).expect("and again");
    assert_eq!(dir.load("prod").state, sample());
    assert_eq!(dir.load("Prod"), Loaded::default());
    let files = fs::read_dir(&dir.0).expect("it is there").count();
    assert_eq!(files, 1, "nothing is left beside");
}

#[test]
fn a_file_from_before_there_were_marks_is_read() {
    let (_folder, dir) = scratch();
    dir.save("prod", &SavedState::default()).expect("it saves");
    let old = r#"{"pins": ["a"], "recents": [{"group": "b"}]}"#;
    fs::write(path(&dir, "prod"), old).expect("ours");
    let loaded = dir.load("prod");
    assert_eq!(loaded.note, None);
    assert_eq!(loaded.state.pins, ["a"]);
    assert!(loaded.state.places.is_empty());
}

#[test]
fn the_most_that_is_remembered_fits_its_file() {
    let (_folder, dir) = scratch();
    // Two bytes each in JSON, four in UTF-8: the longest there is of each.
    let (quotes, wide) = ("\"".repeat(300), "\u{1F5C4}".repeat(300));
    let mut places = Places::default();
    for n in 0..MARKED_PLACES + PLACES {
        // 256 bytes are the longest ID.
        let group = format!("{n:06}{}", quotes.get(..250).expect("inside"));
        let conversation = conversation(&group);
        let parting = Parting {
            filter: Some(&quotes),
            ..Parting::default()
        };
        places.part(&conversation, parting);
        for seq in (1..=5).take(if n < MARKED_PLACES { 5 } else { 0 }) {
            let mark = Mark::new(Seq::LAST.back(seq), &wide, Timestamp::new(i64::MAX));
            places.mark(&conversation, mark);
        }
    }
    let state = SavedState {
        places,
        ..SavedState::default()
    };
    let marks: usize = state.places.iter().map(|place| place.marks.len()).sum();
    assert_eq!(marks, MARKS);
    dir.save("prod", &state).expect("it saves");
    let size = fs::metadata(path(&dir, "prod")).expect("it is there").len();
    assert!(size * 3 < LARGEST * 2, "{size}");
    assert_eq!(dir.load("prod").state, state);
    let too_large = File::options().write(true).open(path(&dir, "prod"));
    too_large
        .and_then(|file| file.set_len(LARGEST + 1))
        .expect("ours");
    assert!(dir.load("prod").note.is_some(), "is too large");
}

#[test]
fn files_and_directory_are_ours_alone() {
    let (_folder, dir) = scratch();
    dir.save("prod", &sample()).expect("it saves");
    let mode = |path: &Path| {
        let about = fs::metadata(path).expect("it is there");
        about.permissions().mode() & 0o777
    };
    assert_eq!(mode(&dir.0), 0o700);
    assert_eq!(mode(&path(&dir, "prod")), 0o600);
}

#[test]
fn damage_is_set_aside_and_never_in_the_way() {
    let (_folder, dir) = scratch();
    dir.save("prod", &sample()).expect("it saves");
    let file = path(&dir, "prod");
    let whole = fs::read(&file).expect("it is there");
    for cut in 0..whole.len() {
        fs::write(&file, whole.get(..cut).expect("inside")).expect("ours");
        let loaded = dir.load("prod");
        assert_eq!(loaded.state, SavedState::default());
        assert!(loaded.note.is_some(), "cut at {cut}");
        assert!(!file.exists() && file.with_extension("bad").exists());
    }
    fs::write(&file, [0xff, 0, 0x1b]).expect("ours");
    assert!(dir.load("prod").note.is_some());
    dir.save("prod", &sample()).expect("it saves again");
    assert_eq!(dir.load("prod").state, sample());
}

#[test]
fn links_and_directories_in_its_place_are_set_aside() {
    let (folder, dir) = scratch();
    fs::create_dir(&dir.0).expect("ours");
    let elsewhere = folder.path().join("elsewhere");
    fs::write(&elsewhere, "{}").expect("ours");
    symlink(&elsewhere, path(&dir, "prod")).expect("ours");
    assert!(dir.load("prod").note.is_some());
    assert!(elsewhere.exists());
    fs::create_dir(path(&dir, "test")).expect("ours");
    assert!(dir.load("test").note.is_some());
    dir.save("test", &sample())
        .expect("the place is free again");
}

#[test]
fn a_file_of_somebody_else_is_not_believed() {
    let (_folder, dir) = scratch();
    dir.save("prod", &sample()).expect("it saves");
    let file = path(&dir, "prod");
    let me = rustix::process::geteuid().as_raw();
    let stored = read(&file, me).map(|stored| stored.map(|stored| stored.state));
    assert_eq!(stored, Ok(Some(sample())));
    assert_eq!(read(&file, me + 1), Err("belongs to somebody else"));
}

#[test]
fn names_cannot_leave_the_directory() {
    for name in [
        "../../x",
        "/etc/passwd",
        "..",
        ".",
        "",
        "a/b",
        "生产",
        "\0",
        &"x".repeat(400),
    ] {
        let file = file_name(name);
        assert!(!file.starts_with('.') && !file.contains('/'), "{file}");
        assert!(
            file.len() <= LONGEST_NAME + "-12345678.json".len(),
            "{file}"
        );
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b"._-%".contains(&b);
        assert!(file.bytes().all(allowed), "{file}");
    }
    assert!(file_name("prod.eu").starts_with("prod.eu-"));
    assert_ne!(file_name(&"x".repeat(200)), file_name(&"x".repeat(201)));
}

#[test]
fn the_directory_can_be_named() {
    let named = StateDir::locate(&|_| Some("/somewhere".to_owned()));
    assert_eq!(named, Some(StateDir(PathBuf::from("/somewhere"))));
}

/// Writes a file as it is, and reads it as the program would.
fn read_back(dir: &StateDir, text: &[u8]) -> Loaded {
    dir.save("prod", &SavedState::default()).expect("it saves");
    fs::write(path(dir, "prod"), text).expect("ours");
    dir.load("prod")
}

#[test]
fn one_wrong_value_costs_no_other() {
    let (_folder, dir) = scratch();
    let mark = |places: &Places, group: &str| {
        let mark = places.mark_of(&conversation(group), Seq::FIRST).cloned();
        mark.map(|mark| mark.note)
    };
    for field in [
        r#""last_time":1e9"#,
        r#""last_time":"x""#,
        r#""follow":null"#,
        r#""filter":5"#,
        r#""seq":{}"#,
        r#""last_head":[]"#,
        r#""marks":null"#,
        r#""marks":[5,null,{"seq":1,"note":null,"set":"x"}]"#,
        r#""topic":5"#,
        r#""group":5"#,
    ] {
        let text = format!(
            r#"{{"pins":["a"],"recents":[{{"group":"b"}}],"places":[{{"group":"x",{field}}},7,
            {{"group":"y","marks":[{{"seq":1,"note":"kept"}}]}}]}}"#
        );
        let loaded = read_back(&dir, text.as_bytes());
        assert_eq!(loaded.note, None, "{field}");
        let state = loaded.state;
        assert_eq!(mark(&state.places, "y").as_deref(), Some("kept"), "{field}");
        assert_eq!((state.pins.len(), state.recents.len()), (1, 1), "{field}");
        // A place whose topic is not known is not that of the group.
        let named = !field.contains("topic") && !field.contains("group");
        let found = state.places.find(&conversation("x")).is_some();
        assert_eq!(found, named, "{field}");
        let noted = field.contains("note").then_some("");
        assert_eq!(mark(&state.places, "x").as_deref(), noted, "{field}");
    }
    let places = r#""places":[{"group":"y","marks":[{"seq":1,"note":"kept"}]}]"#;
    for (field, pins, recents) in [
        (r#""pins":null"#, 0, 0),
        (r#""pins":["a",5,"b"]"#, 2, 0),
        (r#""recents":["a"]"#, 0, 0),
        (
            r#""recents":[{},{"group":"b","topic":6},{"group":"b"}]"#,
            0,
            1,
        ),
        (r#""recents":{}"#, 0, 0),
    ] {
        let text = format!("\u{feff}{{{field},{places}}}");
        let loaded = read_back(&dir, text.as_bytes());
        assert_eq!(loaded.note, None, "{field}");
        let state = loaded.state;
        assert_eq!((state.pins.len(), state.recents.len()), (pins, recents));
        assert_eq!(mark(&state.places, "y").as_deref(), Some("kept"), "{field}");
    }
    for text in ["null", "[]", "5", "\"x\""] {
        assert!(read_back(&dir, text.as_bytes()).note.is_some(), "{text}");
    }
}

#[test]
fn the_copies_of_damaged_files_do_not_replace_each_other() {
    let (_folder, dir) = scratch();
    for n in 0..=MOST_ASIDE {
        assert!(read_back(&dir, format!("{n}").as_bytes()).note.is_some());
    }
    let file = path(&dir, "prod");
    let kept = |name: &str| fs::read_to_string(file.with_extension(name)).expect("kept");
    assert_eq!((kept("bad"), kept("bad.1")), ("0".into(), "1".into()));
    assert_eq!(kept("bad.9"), "9");
    // There is an end to it.
    assert!(read_back(&dir, b"10").note.is_some());
    assert_eq!((kept("bad.8"), kept("bad.9")), ("8".into(), "10".into()));
}

#[test]
fn what_is_damaged_while_the_program_runs_is_set_aside_as_well() {
    let (_folder, dir) = scratch();
    dir.save("prod", &sample()).expect("it saves");
    let file = path(&dir, "prod");
    fs::write(&file, "{").expect("ours");
    dir.save("prod", &sample()).expect("it saves");
    assert_eq!(dir.load("prod").state, sample());
    let aside = fs::read_to_string(file.with_extension("bad"));
    assert_eq!(aside.expect("kept"), "{");
}

#[test]
fn what_this_version_does_not_know_is_kept() {
    let (_folder, dir) = scratch();
    let newer = r#"{"pins":["old"],"colour":{"of":1},"places":[
        {"group":"@TGS#1","mood":[2],"filter":7},{"group":"@TGS#1","topic":"t","mood":[3]}]}"#;
    let mut state = read_back(&dir, newer.as_bytes()).state;
    state.pins = vec!["new".to_owned()];
    state
        .places
        .part(&conversation("@TGS#1"), Parting::default());
    dir.save("prod", &state).expect("it saves");
    let text = fs::read(path(&dir, "prod")).expect("it is there");
    let written: Value = serde_json::from_slice(&text).expect("JSON");
    let expected = serde_json::json!({"pins": ["new"], "recents": [], "colour": {"of": 1}, "places": [
        {"group": "@TGS#1", "mood": [2]},
        {"group": "@TGS#1", "topic": "t", "mood": [3]},
    ]});
    assert_eq!(written, expected);
}

#[test]
fn two_programs_keep_the_marks_of_both() {
    let (_folder, dir) = scratch();
    let here = conversation("@TGS#1");
    let set = |state: &mut SavedState, seq: u32, note: &str| {
        let mark = Mark::new(Seq::new(seq).expect("above zero"), note, None);
        state.places.mark(&here, mark);
    };
    let notes = || -> Vec<(u32, String)> {
        let state = dir.load("prod").state;
        let marks = state.places.marks(&here).iter();
        marks.map(|mark| (mark.seq, mark.note.clone())).collect()
    };
    let said = |all: &[(u32, &str)]| -> Vec<(u32, String)> {
        all.iter()
            .map(|(seq, note)| (*seq, (*note).to_owned()))
            .collect()
    };
    let mut before = SavedState::default();
    set(&mut before, 1, "before");
    set(&mut before, 2, "both");
    dir.save("prod", &before).expect("it saves");
    let (mut one, mut two) = (dir.load("prod").state, dir.load("prod").state);
    set(&mut one, 10, "of one");
    dir.save("prod", &one).expect("it saves");
    set(&mut two, 20, "of two");
    set(&mut two, 2, "changed");
    two.places
        .mark(&conversation("@TGS#2"), Mark::new(Seq::FIRST, "", None));
    dir.save("prod", &two).expect("it saves");
    let all = [
        (1, "before"),
        (2, "changed"),
        (10, "of one"),
        (20, "of two"),
    ];
    assert_eq!(notes(), said(&all));
    // Removed by one, which the other does not know.
    assert!(one.places.unmark(&here, Seq::FIRST));
    dir.save("prod", &one).expect("it saves");
    dir.save("prod", &two).expect("it saves");
    dir.save("prod", &one).expect("it saves");
    assert_eq!(notes(), said(&all[1..]), "removed for good");
    set(&mut one, 1, "again");
    dir.save("prod", &one).expect("it saves");
    assert_eq!(notes().first(), Some(&(1, "again".to_owned())));
    let other = dir.load("prod").state;
    assert_eq!(other.places.marks(&conversation("@TGS#2")).len(), 1);
}

#[test]
fn where_only_the_other_program_was_its_position_stays() {
    let (_folder, dir) = scratch();
    let (mut one, mut two) = (sample(), sample());
    for state in [&one, &two] {
        dir.save("prod", state).expect("it saves");
    }
    one = dir.load("prod").state;
    two.clone_from(&one);
    let at = |seq| Parting {
        seq: Seq::new(seq),
        ..Parting::default()
    };
    one.places.part(&conversation("@TGS#1"), at(5));
    dir.save("prod", &one).expect("it saves");
    two.places.part(&conversation("@TGS#3"), at(7));
    dir.save("prod", &two).expect("it saves");
    let places = dir.load("prod").state.places;
    let all = places.iter().map(|place| (place.group.as_str(), place.seq));
    let all: Vec<_> = all.collect();
    assert_eq!(
        all,
        [("@TGS#3", Some(7)), ("@TGS#1", Some(5)), ("@TGS#2", None)]
    );
}

#[test]
fn a_directory_that_another_program_is_saving_in_is_waited_for() {
    let (_folder, dir) = scratch();
    dir.save("prod", &sample()).expect("it saves");
    let turn = lock(&dir.0, 1);
    assert!(turn.is_some() && lock(&dir.0, 1).is_none());
    drop(turn);
    assert!(lock(&dir.0, 1).is_some());
}

fn copyable(text: &str) -> Copyable {
    Copyable::from(&clean(text))
}

#[test]
fn the_text_copied_last_is_ours_alone_and_replaces_the_one_before() {
    let (_folder, dir) = scratch();
    let path = dir.keep_copy(&copyable("a longer one")).expect("kept");
    assert_eq!(path, dir.0.join("last-copy.txt"));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("ours");
    dir.keep_copy(&copyable("全\n")).expect("kept");
    assert_eq!(fs::read_to_string(&path).expect("it is there"), "全\n");
    let about = fs::metadata(&path).expect("it is there");
    assert_eq!(about.permissions().mode() & 0o777, 0o600);
    let files = fs::read_dir(&dir.0).expect("it is there").count();
    assert_eq!(files, 1, "nothing is left beside");
}

#[test]
fn a_link_in_the_place_of_the_copied_text_is_replaced_and_not_followed() {
    let (folder, dir) = scratch();
    let target = folder.path().join("target");
    fs::write(&target, "theirs").expect("ours");
    fs::create_dir(&dir.0).expect("ours");
    let path = dir.0.join(LAST_COPY);
    let beside = path.with_extension(format!("{}.new", std::process::id()));
    symlink(&target, &path).expect("ours");
    symlink(&target, &beside).expect("ours");
    dir.keep_copy(&copyable("secret")).expect("kept");
    assert_eq!(fs::read_to_string(&target).expect("it is there"), "theirs");
    let about = fs::symlink_metadata(&path).expect("it is there");
    assert!(about.is_file());
    assert_eq!(fs::read_to_string(&path).expect("it is there"), "secret");
}

#[test]
fn a_copied_text_that_cannot_be_kept_is_an_error_and_leaves_nothing() {
    let (_folder, dir) = scratch();
    let path = dir.0.join(LAST_COPY);
    fs::create_dir_all(path.join("in the way")).expect("ours");
    assert!(dir.keep_copy(&copyable("x")).is_err());
    let files = fs::read_dir(&dir.0).expect("it is there").count();
    assert_eq!(files, 1, "nothing is left beside");
    // No name can be made below a file.
    fs::write(dir.0.join("file"), "").expect("ours");
    let below = StateDir(dir.0.join("file"));
    assert!(below.keep_copy(&copyable("x")).is_err());
}

#[test]
fn the_file_is_ours_alone_and_grows() {
    use std::io::Write as _;

    let folder = tempfile::tempdir().expect("a scratch directory");
    let path = folder.path().join("log");
    std::fs::write(&path, "before\n").expect("ours");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("ours");
    let mut file = append_only(&path).expect("it opens");
    file.write_all(b"after\n").expect("it takes bytes");
    let mode = file.metadata().expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = std::fs::read_to_string(&path).expect("ours");
    assert_eq!(text, "before\nafter\n");
    std::os::unix::fs::symlink(&path, folder.path().join("link")).expect("ours");
    assert!(append_only(&folder.path().join("link")).is_err());
}
