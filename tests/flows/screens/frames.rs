//! The picker, what lies over the panes, and the sizes in between.

use tim_history::emulator::World;

use super::film::{Film, SIZES};
use crate::harness::{Harness, START, Story};

fn demo((width, height): (u16, u16)) -> Story {
    Story::of(World::demo_at(START)).size(width, height)
}

async fn support(size: (u16, u16)) -> Harness {
    demo(size).open("@TGS#2SUPPORTA").settled().await
}

#[tokio::test]
async fn the_picker() {
    for size in SIZES {
        let mut film = Film::new();
        let mut t = demo(size).begin();
        film.frame("nothing has answered yet", &t);
        t.settle().await;
        film.frame("named", &t);
        for (keys, caption) in [
            ("<end>", "the last one"),
            ("/order 订", "filtering"),
            ("<enter>ss", "sorted by name"),
            ("/<ctrl-u>nothing like this", "nothing found"),
            ("<ctrl-u><enter>ucustomer_8472", "asking for a user"),
            ("<enter>", "the groups of a user"),
        ] {
            t.press(keys).settle().await;
            film.frame(caption, &t);
        }
        film.keep(&format!("picker_{}x{}", size.0, size.1));
    }
}

#[tokio::test]
async fn what_lies_over_the_panes() {
    for size in SIZES {
        let mut t = support(size).await;
        let mut film = Film::new();
        for (keys, caption) in [
            ("?", "help"),
            ("<esc>:", "palette"),
            ("raw", "palette, searching"),
            ("<esc>o@TGS#", "prompt"),
            ("<esc><ctrl-c>", "a remark"),
            ("+", "messages alone"),
            ("+<tab>+", "detail alone"),
        ] {
            t.press(keys).settle().await;
            film.frame(caption, &t);
        }
        film.keep(&format!("over_{}x{}", size.0, size.1));
    }
}

#[tokio::test]
async fn the_sizes_in_between() {
    let mut film = Film::new();
    for size in [(120, 40), (100, 30), (99, 19), (40, 10), (39, 10), (20, 3)] {
        let mut t = support(size).await;
        film.frame(&format!("{}x{}", size.0, size.1), &t);
        if size == (120, 40) || size == (40, 10) {
            t.press("<tab>");
            film.frame("next pane", &t);
            t.press("<tab>");
            film.frame("next pane", &t);
        }
    }
    film.keep("sizes");
}

#[tokio::test]
async fn a_terminal_without_box_characters() {
    let mut film = Film::new();
    for size in SIZES {
        let mut story = demo(size).open("@TGS#2SUPPORTA");
        story.ascii = true;
        let mut t = story.settled().await;
        film.frame("main", &t);
        t.press("?");
        film.frame("help", &t);
    }
    film.keep("ascii");
}
