//! The terminal may have another size at any time.

use tim_history::emulator::{Group, World};

use crate::home::{Home, serving};
use crate::model::picture;

/// Where a browser of any size stands: in a group with wide characters.
const SUPPORT: &[&str] = &["--demo", "--group", "@TGS#2SUPPORTA"];

#[test]
fn every_size_shows_what_fits_it() {
    let home = Home::new();
    let t = home.open(SUPPORT, (160, 48));
    t.shows(&[
        "▌ Order support",
        "Groups 26",
        "Happy birthday",
        "seq       1115",
    ]);
    for ((width, height), texts) in [
        (
            (80, 24),
            &["▌ Order support", "Happy birthday", "seq       1115"][..],
        ),
        ((40, 10), &["▌ Order support"]),
        ((20, 5), &["too small"]),
        (
            (120, 40),
            &["▌ Order support", "Happy birthday", "seq       1115"],
        ),
        ((1, 1), &[]),
        (
            (160, 48),
            &["▌ Order support", "Groups 26", "Happy birthday"],
        ),
    ] {
        t.resize(width, height);
        t.shows(texts);
    }
    t.keys("q");
    let left = t.finish();
    assert_eq!(left.end.code, 0);
    left.assert_restored("");
}

/// A message with characters of two columns, between others.
fn wide(seq: u32) -> String {
    format!(
        r#"{{"From_Account":"user_1","IsPlaceMsg":0,"MsgBody":[{{"MsgContent":{{"Text":"{}"}},"MsgType":"TIMTextElem"}}],"MsgPriority":2,"MsgRandom":1,"MsgSeq":{seq},"MsgTimeStamp":1735689600}}"#,
        "取件码 택배 🎂 ".repeat(12)
    )
}

#[test]
fn the_picture_after_a_storm_of_sizes_is_the_one_painted_from_nothing() {
    let mut group = Group::chat("@TGS#A", 20);
    for seq in (2..20).step_by(3) {
        group.put(seq, wide(seq));
    }
    let service = serving(World::of(vec![group]));
    let home = Home::new();
    home.configure(&service.profile_toml());
    let t = home.open(&["--group", "@TGS#A"], (120, 40));
    // Nothing is on its way any more when every row has its name.
    t.wait_for("names", |screen| {
        let shown = screen.contents();
        shown.matches("Nick of").count() >= 20 && !shown.contains("asking")
    });
    for n in 0..200 {
        // Widths 1 to 200, heights 1 to 60, large and small in turns.
        t.resize(1 + n * 67 % 200, 1 + n * 41 % 60);
    }
    t.resize(30, 5);
    t.shows(&["too small"]);
    t.resize(100, 30);
    t.shows(&["· Public ·", "20 loaded"]);
    // What was shown may have been painted for one of the sizes before.
    t.catch_up();
    let (kept, painted) = (picture(&t.painted()), picture(&t.painted()));
    let other = kept
        .iter()
        .zip(&painted)
        .find(|(kept, painted)| kept != painted);
    assert_eq!(other, None);
    t.keys("q");
    let left = t.finish();
    assert_eq!(left.end.code, 0);
    left.assert_restored("");
}
