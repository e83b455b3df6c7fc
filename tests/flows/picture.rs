//! The picture at the top of the README shows what the program really paints.

use std::fs;
use std::path::Path;

use tim_history::emulator::World;
use tim_history::ui::to_svg;

use crate::harness::{START, Story};

/// Set this variable to anything to have the picture drawn anew.
const UPDATE: &str = "UPDATE_README";

#[tokio::test]
async fn the_picture_of_the_screen_is_true() {
    let mut story = Story::of(World::demo_at(START)).size(140, 40);
    story.label = "demo";
    let mut t = story.open("@TGS#2SUPPORTA").settled().await;
    // A message of two elements, its custom data in hex beside it.
    t.press("kkkk").settle().await;
    let picture = to_svg(&t.painted());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/screen.svg");
    if std::env::var_os(UPDATE).is_some() {
        fs::write(&path, &picture).expect("the picture can be written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == picture,
        "assets/screen.svg is not what is painted now:\n{}\n{UPDATE}=1 cargo test draws it anew",
        t.paint()
    );
}
