//! Every element of the samples, as the detail pane paints it.

use serde_json::value::RawValue;
use tim_history::app::view::Pane;
use tim_history::emulator::{Group, World};

use super::film::Film;
use crate::harness::{Harness, START, Story};

/// The items of a sample reply, byte for byte, with their seqs; newest first.
fn items(reply: &str) -> Vec<(u32, String)> {
    #[derive(serde::Deserialize)]
    struct Reply {
        #[serde(rename = "RspMsgList")]
        list: Vec<Box<RawValue>>,
    }
    #[derive(serde::Deserialize)]
    struct Item {
        #[serde(rename = "MsgSeq")]
        seq: u32,
    }
    let reply: Reply = serde_json::from_str(reply).expect("a reply");
    let item = |raw: Box<RawValue>| {
        let item: Option<Item> = serde_json::from_str(raw.get()).ok();
        Some((item?.seq, raw.get().to_owned()))
    };
    reply.list.into_iter().filter_map(item).collect()
}

/// A group that holds just these items.
async fn group_of(items: &[(u32, String)], (width, height): (u16, u16)) -> Harness {
    let first = items.iter().map(|(seq, _)| *seq).min().expect("items");
    let mut group = Group::chat("@TGS#A", 0).expired_to(first - 1);
    for (seq, json) in items {
        group.put(*seq, json.as_str());
    }
    let story = Story::of(World::of(vec![group]).at(START)).size(width, height);
    story.open("@TGS#A").settled().await
}

macro_rules! sample {
    ($name:literal) => {
        include_str!(concat!("../../fixtures/", $name, ".json"))
    };
}

#[tokio::test]
async fn every_element_of_the_samples() {
    let samples = [
        ("elements", sample!("group_msg_get_simple/07_all_elements")),
        (
            "old",
            sample!("group_msg_get_simple/08_legacy_2x_3x_elements"),
        ),
        ("system", sample!("group_msg_get_simple/06_system_messages")),
        (
            "streams",
            sample!("group_msg_get_simple/10_stream_elem_as_sent_and_variants"),
        ),
        (
            "bodies",
            sample!("group_msg_get_simple/14_msgbody_variants"),
        ),
        (
            "unknown",
            sample!("group_msg_get_simple/15_unknown_elements_and_fields"),
        ),
        ("nested", sample!("group_msg_get_simple/09a_relay_nested")),
    ];
    for (name, reply) in samples {
        let items = items(reply);
        let mut film = Film::new();
        for size in [(160, 48), (80, 24)] {
            let mut t = group_of(&items, size).await;
            film.frame(&format!("{}x{}", size.0, size.1), &t);
            if size.0 == 80 {
                continue;
            }
            if t.messages().contains(">G ") {
                t.press("<enter><end>"); // a run of placeholders is folded
            }
            t.press("<tab>");
            for (seq, _) in &items {
                let detail = t.detail();
                assert!(detail.contains(&format!("seq       {seq}")), "{detail}");
                film.pane(&format!("seq {seq}"), Pane::Detail, &t);
                t.press("K").settle().await;
            }
        }
        film.keep(&format!("detail_{name}"));
    }
}

#[tokio::test]
async fn a_forward_is_read_level_by_level() {
    let items = items(sample!("group_msg_get_simple/09a_relay_nested"));
    let mut t = group_of(&items, (80, 24)).await;
    let mut film = Film::new();
    t.press("<tab>+");
    film.frame("the forward", &t);
    for level in 1..4 {
        t.press(".<enter>").settle().await;
        film.frame(&format!("in {level}"), &t);
    }
    t.press("<esc>");
    film.frame("out again", &t);
    film.keep("forward_80x24");
}

#[tokio::test]
async fn the_pages_of_the_documents_as_replies() {
    for (name, reply) in [
        ("2020", sample!("seed_2020")),
        ("2024", sample!("seed_2024")),
    ] {
        let items = items(reply);
        for size in super::film::SIZES {
            let mut t = group_of(&items, size).await;
            let rows = t.messages();
            assert!(rows.contains("[custom MIF "), "{name}: {rows}");
            assert!(rows.contains("[face 15]"), "{name}: {rows}");
            t.press("<tab>").settle().await;
            let detail = t.detail();
            assert!(detail.contains("08 01 10 06 1a"), "{name}: {detail}");
            assert!(detail.contains("MaoTong"), "{name}: {detail}");
            t.press("3");
            assert!(
                t.detail().contains("6f 54 6f 6e 67"),
                "{name}: {}",
                t.detail()
            );
        }
    }
}
