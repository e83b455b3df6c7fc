//! The boxes above the panes, as they are painted.

use tim_history::emulator::World;

use super::film::{Film, SIZES};
use crate::harness::{Harness, START, Story};

async fn open(group: &str, (width, height): (u16, u16)) -> Harness {
    let story = Story::of(World::demo_at(START)).size(width, height);
    story.open(group).settled().await
}

#[tokio::test]
async fn the_audit() {
    for size in SIZES {
        let mut t = open("@TGS#2HOLES0500", size).await;
        t.press("<pageup><pageup>").settle().await;
        let mut film = Film::new();
        for (keys, caption) in [
            ("a", "of what is loaded"),
            ("jj", "on a run"),
            ("a", "asking for a range"),
            ("100..250", "a range"),
            ("<enter>", "of that range"),
            ("<home>", "the summary"),
        ] {
            t.press(keys).settle().await;
            film.frame(caption, &t);
        }
        t.press("L");
        film.frame("loading", &t);
        t.press("<esc>?");
        film.frame("help", &t);
        film.has(&["is not judged", "loading: 0 of", "L load"]);
        film.keep(&format!("audit_{}x{}", size.0, size.1));
    }
}

#[tokio::test]
async fn the_chart() {
    for size in SIZES {
        let mut t = open("@TGS#2HOLES0500", size).await;
        t.press("<pageup><pageup>").settle().await;
        let mut film = Film::new();
        for (keys, caption) in [
            ("t", "opened"),
            ("hhhhhhhh", "the cursor moved"),
            ("j", "over time"),
            ("<esc><home>t", "at the start"),
        ] {
            t.press(keys).settle().await;
            film.frame(caption, &t);
        }
        let mut story = Story::of(World::demo_at(START)).open("@TGS#2HOLES0500");
        story.size = size;
        story.ascii = true;
        let mut t = story.settled().await;
        t.press("t");
        film.frame("without braille", &t);
        film.keep(&format!("chart_{}x{}", size.0, size.1));
    }
}

#[tokio::test]
async fn marks_and_the_card() {
    for size in SIZES {
        let mut t = open("@TGS#2SUPPORTA", size).await;
        let mut film = Film::new();
        for (keys, caption) in [
            ("'", "no mark"),
            ("<esc>m", "asking for a note"),
            ("the refund 退款 in question<enter>", "marked"),
            ("kkkkm<enter>", "another one"),
            ("m", "changing its note"),
            ("<esc>'", "the marks"),
            ("<esc>u", "the card of a sender"),
            ("<esc>kkku", "another card"),
            ("?", "help"),
        ] {
            t.press(keys).settle().await;
            film.frame(caption, &t);
        }
        film.keep(&format!("marks_card_{}x{}", size.0, size.1));
    }
}

#[tokio::test]
async fn a_visit_and_news_below() {
    for size in SIZES {
        let mut t = open("@TGS#2SUPPORTA", size).await;
        t.press("kkk").settle().await;
        let now = t.now();
        let farewell = t.app.farewell(now);
        let [tim_history::app::event::Effect::Save(saved)] = farewell.as_slice() else {
            panic!("a farewell saves");
        };
        let saved = saved.clone();
        let mut world = World::demo_at(START);
        world.group_mut("@TGS#2SUPPORTA").expect("there").grow(6);
        let mut story = Story::of(world).size(size.0, size.1).open("@TGS#2SUPPORTA");
        story.saved = saved;
        let mut t = story.settled().await;
        let mut film = Film::new();
        film.frame("opened again", &t);
        t.press("F").settle().await;
        film.frame("followed", &t);
        film.keep(&format!("visit_{}x{}", size.0, size.1));
    }
}

#[tokio::test]
async fn the_copy_menu_and_a_selection() {
    for size in SIZES {
        let mut t = open("@TGS#2HOLES0500", size).await;
        let mut film = Film::new();
        for (keys, caption) in [
            ("y", "the menu"),
            ("m", "masked"),
            ("j", "what cannot be masked"),
            ("?", "help"),
            ("<esc><esc>vkkkk", "a selection"),
            ("y", "the menu of a selection"),
        ] {
            t.press(keys).settle().await;
            film.frame(caption, &t);
        }
        let mut story = Story::of(World::demo_at(START)).open("@TGS#2HOLES0500");
        story.size = (40, 10);
        story.ascii = true;
        let mut t = story.settled().await;
        t.press("vky");
        film.frame("on the smallest screen, in ASCII", &t);
        film.has(&["copy seq 500", "seqs selected", "mask: off"]);
        film.keep(&format!("copying_{}x{}", size.0, size.1));
    }
}

#[tokio::test]
async fn the_export() {
    for size in SIZES {
        let mut t = open("@TGS#2SUPPORTA", size).await;
        let mut film = Film::new();
        for (keys, caption) in [
            ("e", "opened"),
            ("r", "asking for a range"),
            ("fri 14:00..", "as it is understood"),
            ("<enter>", "with a range"),
            ("?", "help"),
        ] {
            t.press(keys).settle().await;
            film.frame(caption, &t);
        }
        film.has(&[
            "the oldest left to the newest now",
            "Enter starts",
            "fri 14:00 to",
        ]);
        film.keep(&format!("export_{}x{}", size.0, size.1));
    }
}
