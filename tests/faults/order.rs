//! Pages that come in another order, with other seqs and at other times than they should.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use crate::fault::{Change, Fault, Overtaking};
use crate::front::HISTORY;
use crate::plays::comes_otherwise;
use crate::table::run;
use crate::visit::{GROUP, HEAD, Visit};

/// How a case goes.
enum Case {
    /// The items of each page, changed; what the reader is told, if anything.
    Items(Change, &'static [&'static str]),
    /// A story of its own.
    Own(fn()),
}

use Case::{Items, Own};

fn play(case: &Case) {
    match case {
        Items(change, says) => comes_otherwise(&Fault::Items(*change), says, "R"),
        Own(play) => play(),
    }
}

/// As the service would list it.
fn item(like: &Value, seq: u64) -> Value {
    let mut item = like.clone();
    item["MsgSeq"] = json!(seq);
    item["MsgBody"][0]["MsgContent"]["Text"] = json!(format!("message {seq}"));
    item
}

fn seq(item: &Value) -> u64 {
    item["MsgSeq"].as_u64().expect("a seq")
}

fn doubled(items: &[Value], _: &Value) -> Vec<Value> {
    [items, items].concat()
}

fn reversed(items: &[Value], _: &Value) -> Vec<Value> {
    items.iter().rev().cloned().collect()
}

fn shuffled(items: &[Value], _: &Value) -> Vec<Value> {
    let mut items = items.to_vec();
    // 7 and 31 have no factor in common: all keys differ.
    items.sort_by_key(|item| seq(item) * 7 % 31);
    items
}

fn overlapping(items: &[Value], _: &Value) -> Vec<Value> {
    let first = items.first().map_or(0, seq);
    [items, &instead(items, first + 1..=first + 5)].concat()
}

fn with_holes(items: &[Value], _: &Value) -> Vec<Value> {
    let stays = |item: &&Value| !seq(item).is_multiple_of(3);
    items.iter().filter(stays).cloned().collect()
}

fn short(items: &[Value], _: &Value) -> Vec<Value> {
    items.iter().take(3).cloned().collect()
}

fn empty(_: &[Value], _: &Value) -> Vec<Value> {
    Vec::new()
}

/// Other items in place of those that came.
fn instead(items: &[Value], seqs: RangeInclusive<u64>) -> Vec<Value> {
    let like = items.first();
    let page = seqs.rev().filter(|seq| *seq <= HEAD.into());
    page.filter_map(|seq| Some(item(like?, seq))).collect()
}

/// The newest page, whatever is asked for.
fn newest_for_ever(items: &[Value], _: &Value) -> Vec<Value> {
    instead(items, u64::from(HEAD) - 19..=HEAD.into())
}

/// The first page, whatever is asked for.
fn first_for_ever(items: &[Value], _: &Value) -> Vec<Value> {
    instead(items, 1..=20)
}

/// What lies above, in place of what was asked for.
fn above(items: &[Value], asked: &Value) -> Vec<Value> {
    match asked["ReqMsgSeq"].as_u64() {
        Some(asked) => instead(items, asked + 1..=asked + 20),
        None => items.to_vec(),
    }
}

fn all_at(items: &[Value], time: impl Fn(u64) -> u64) -> Vec<Value> {
    let mut items = items.to_vec();
    for item in &mut items {
        item["MsgTimeStamp"] = json!(time(seq(item)));
    }
    items
}

/// The start of 2025.
const THEN: u64 = 1_735_689_600;

fn equal_times(items: &[Value], _: &Value) -> Vec<Value> {
    all_at(items, |_| THEN)
}

fn zero_times(items: &[Value], _: &Value) -> Vec<Value> {
    all_at(items, |_| 0)
}

fn future_times(items: &[Value], _: &Value) -> Vec<Value> {
    // In the year 2100.
    all_at(items, |seq| 4_102_444_800 + seq)
}

fn decreasing_times(items: &[Value], _: &Value) -> Vec<Value> {
    // A day for each message, backwards.
    all_at(items, |seq| THEN - seq * 86_400)
}

/// A search asks for many pages at once.
fn out_of_order() {
    let visit = Visit::settled();
    let overtaking = Arc::new(Overtaking::default());
    let late = Fault::Late(Arc::clone(&overtaking));
    visit.front.strike(late, Some(HISTORY));
    visit.t.keys("/nowhere<enter>");
    visit.says(&["100 loaded"]);
    assert!(overtaking.overtaken.load(Ordering::SeqCst) > 0);
    visit.holds(&[], "");
}

/// The group begins anew, or the service lags behind itself; then all is as it was.
fn head_goes_backwards() {
    let visit = Visit::settled();
    let set_head = |head| {
        visit.service.change(|world| {
            let group = world.group_mut(GROUP).expect("the group");
            group.set_head(head);
        });
    };
    set_head(50);
    visit.t.keys("R");
    visit.says(&["the group began anew", "of 50"]);
    visit.is_in_order();
    visit.stands(&[]);
    set_head(HEAD);
    visit.t.keys("G");
    visit.settle();
    visit.t.keys("R");
    visit.says(&["of 100"]);
    visit.is_whole("R");
    visit.leave();
}

#[test]
fn order() {
    let cases = [
        ("duplicates", Items(doubled, &[])),
        ("reversed", Items(reversed, &[])),
        ("shuffled", Items(shuffled, &[])),
        ("overlap", Items(overlapping, &[])),
        ("holes", Items(with_holes, &["withheld"])),
        ("short", Items(short, &[])),
        ("empty", Items(empty, &["withheld"])),
        (
            "the newest page for ever",
            Items(newest_for_ever, &["lie above the one asked for"]),
        ),
        ("the first page for ever", Items(first_for_ever, &[])),
        (
            "above the asked seq",
            Items(above, &["lie above the one asked for"]),
        ),
        ("times equal", Items(equal_times, &[])),
        ("times zero", Items(zero_times, &[])),
        ("times in the future", Items(future_times, &["2100"])),
        ("times decreasing", Items(decreasing_times, &["2024"])),
        ("replies out of order", Own(out_of_order)),
        ("head going backwards", Own(head_goes_backwards)),
    ];
    run("order", &cases, play);
}
