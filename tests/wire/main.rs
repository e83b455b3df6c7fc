//! Replies of the service as they really come: everything is read, nothing is believed.

#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod elements;
mod laws;
mod odd;
mod pages;
mod pickers;
mod refusals;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tim_history::api::wire;
use tim_history::model::error::Fault;
use tim_history::model::ids::{Conversation, GroupId, TopicId};
use tim_history::model::message::{Message, Page};

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every fixture that is a page, with its name.
fn pages() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let folder = root.join("group_msg_get_simple");
    let entries = std::fs::read_dir(folder).expect("the fixtures are there");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.push(root.join("seed_2020.json"));
    paths.push(root.join("seed_2024.json"));
    paths.sort();
    let name = |path: &PathBuf| {
        path.file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned()
    };
    paths
        .iter()
        .map(|path| (name(path), std::fs::read(path).expect("readable")))
        .collect()
}

/// The conversation that a fixture is about.
fn conversation(name: &str) -> Conversation {
    if name.starts_with("seed") || name.starts_with("01") {
        return Conversation::group(GroupId::new("@TGS#15ERQPAER"));
    }
    if name.starts_with("11") {
        return Conversation {
            group: GroupId::new("@TGS#_@TGS#cQVLVHIM62CJ"),
            topic: Some(TopicId::new(
                "@TGS#_@TGS#cQVLVHIM62CJ@TOPIC#_@TOPIC#cRTE3HIM62C5",
            )),
        };
    }
    Conversation::group(GroupId::new("@TGS#2J4SZEAEL"))
}

fn read(body: &[u8], conversation: &Conversation) -> Result<Page, Fault> {
    wire::page(&Arc::from(body), conversation)
}

fn page_of(name: &str) -> Page {
    let found = pages().into_iter().find(|(stem, _)| stem == name);
    let (_, body) = found.unwrap_or_else(|| panic!("no fixture {name}"));
    read(&body, &conversation(name)).unwrap_or_else(|fault| panic!("{name}: {fault}"))
}

/// A page of group `g` with these items.
fn page_with(items: &[u8]) -> Vec<u8> {
    let mut body = br#"{"ErrorCode":0,"GroupId":"g","IsFinished":1,"RspMsgList":["#.to_vec();
    body.extend_from_slice(items);
    body.extend_from_slice(b"]}");
    body
}

fn group_g() -> Conversation {
    Conversation::group(GroupId::new("g"))
}

/// The one message of a page that holds only `item`.
fn message(item: &[u8]) -> Message {
    let page = read(&page_with(item), &group_g()).expect("the page survives its item");
    assert_eq!(page.items.len(), 1);
    page.items[0].clone()
}
