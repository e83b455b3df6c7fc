//! The demo's support group: every kind of element and placeholder that the service
//! is known to send has been on a screen.

use tim_history::app::view::Pane;
use tim_history::emulator::World;

use super::film::{Film, SIZES};
use crate::harness::{Harness, START, Story};

const SUPPORT: &str = "@TGS#2SUPPORTA";

async fn open(group: &str, (width, height): (u16, u16)) -> Harness {
    let story = Story::of(World::demo_at(START)).size(width, height);
    story.open(group).settled().await
}

#[tokio::test]
async fn the_support_group_from_its_end_through_all_elements() {
    // What the rows must have said by the time the script of the demo is read.
    let words = [
        "[image ",
        "[face ",
        "[custom ",
        "[location ",
        "[sound ",
        "[file ",
        "[video ",
        "[forward ",
        "recalled",
        "deleted, expired or never stored",
        "withheld",
        "──",
    ];
    for size in SIZES {
        let mut t = open(SUPPORT, size).await;
        let mut film = Film::new();
        film.frame("at the end", &t);
        let mut seen = t.messages();
        for page in 1..40 {
            t.press("<pageup>").settle().await;
            seen.push_str(&t.messages());
            if size.0 == 160 && page < 6 {
                film.frame(&format!("{page} pages up"), &t);
            } else if page < 18 {
                film.pane(&format!("{page} pages up"), Pane::Messages, &t);
            }
        }
        for word in words {
            assert!(seen.contains(word), "{word} at {size:?}");
        }
        film.keep(&format!("support_{}x{}", size.0, size.1));
    }
}

#[tokio::test]
async fn the_pages_of_the_documents_in_rows_detail_and_hex() {
    for size in SIZES {
        let mut film = Film::new();
        for group in ["@TGS#15ERQPAER", "@TGS#15ERQPAER24"] {
            let mut t = open(group, size).await;
            film.frame(&format!("{group} opened"), &t);
            t.press("l");
            for (keys, caption) in [
                ("3", "hex"),
                ("3", "code points"),
                ("2", "JSON"),
                ("1x", "raw JSON"),
                ("xK", "the message before"),
                ("3", "its hex"),
            ] {
                t.press(keys).settle().await;
                film.pane(caption, Pane::Detail, &t);
            }
            assert!(t.detail().contains("08 01 10 06 1a 0f"), "{}", t.detail());
        }
        film.keep(&format!("documents_{}x{}", size.0, size.1));
    }
}
