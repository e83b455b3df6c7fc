//! What apps packed into custom messages, as the tree of view 4 shows it.

use std::collections::BTreeSet;

use tim_history::app::view::Pane;
use tim_history::emulator::World;

use super::film::{Film, SIZES};
use crate::harness::{Harness, START, Story};

async fn open(group: &str, (width, height): (u16, u16)) -> Harness {
    let story = Story::of(World::demo_at(START)).size(width, height);
    story.open(group).settled().await
}

#[tokio::test]
async fn the_pages_of_the_documents_as_trees() {
    for size in SIZES {
        let mut film = Film::new();
        for (group, name, tail) in [
            ("@TGS#15ERQPAER", "3: \"MaoTon\"", "tail: 67"),
            ("@TGS#15ERQPAER24", "3: \" MaoTo\"", "tail: 6e 67"),
        ] {
            let mut t = open(group, size).await;
            t.press("l4");
            film.frame(&format!("{group} decoded"), &t);
            for row in ["1: 1 ", "2: 6 ", name, tail] {
                assert!(t.detail().contains(row), "{row}: {}", t.detail());
            }
            t.press("jjj");
            film.frame("at the third field", &t);
            t.press("K").settle().await;
            film.pane("the message before", Pane::Detail, &t);
        }
        film.keep(&format!("decoded_seeds_{}x{}", size.0, size.1));
    }
}

/// Every message of these groups that may hold something packed.
#[tokio::test]
async fn every_form_of_custom_data() {
    for (name, group) in [
        ("elements", "@TGS#2SUPPORTA"),
        ("hostile", "@TGS#2HOSTILE01"),
    ] {
        for size in SIZES {
            let mut t = open(group, size).await;
            t.press("ftype:custom,face,unknown<enter>").settle().await;
            // Pages on until no key brings more.
            for _ in 0..60 {
                t.press("<pageup>").settle().await;
            }
            t.press("<end><tab>4").settle().await;
            let mut film = Film::new();
            // The script says some of them more than once: by what stands below the title.
            let mut seen = BTreeSet::new();
            let mut last = String::new();
            // More than there are.
            for _ in 0..200 {
                let detail = t.detail();
                if detail == last {
                    break;
                }
                let (title, rows) = detail.split_once('\n').unwrap_or_default();
                if title.contains("decoded") && seen.insert(rows.to_owned()) {
                    film.pane(&format!("form {}", seen.len()), Pane::Detail, &t);
                }
                last = detail;
                t.press("K").settle().await;
            }
            assert!(seen.len() > 4, "{group} has {} of them", seen.len());
            film.keep(&format!("decoded_{name}_{}x{}", size.0, size.1));
        }
    }
}
