use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::model::haystack::Haystack;
use crate::model::message::{ItemState, Raw};

fn message() -> impl Strategy<Value = Message> {
    let state = prop_oneof![
        Just(ItemState::Present),
        Just(ItemState::Gone),
        Just(ItemState::Recalled),
        ".{0,9}".prop_map(ItemState::Unreadable),
    ];
    let raw = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        "[ -~退款]{0,60}".prop_map(String::into_bytes),
    ];
    let time = prop_oneof![any::<i64>(), 1_700_000_000i64..1_700_009_000];
    let marks = (
        any::<bool>(),
        any::<bool>(),
        any::<Option<u32>>(),
        any::<Option<i64>>(),
    );
    (state, raw, time, prop::option::of("[a-c]{1,3}"), marks).prop_map(
        |(state, raw, time, sender, (system, repaired, random, priority))| Message {
            seq: None,
            time: Timestamp::new(time),
            sender: sender.map(|id| UserId::new(id.as_str())),
            state,
            system,
            random,
            priority,
            repaired,
            // A part of something larger, as in a page.
            raw: Raw::new(Arc::from([b"<", &*raw, b">"].concat()), 1..raw.len() + 1),
        },
    )
}

/// A message of one or two texts.
fn said() -> impl Strategy<Value = Message> {
    let text = "[a-cA-Ck退款，,. ａＡ１1é\u{301}\u{212a}\u{2003}]{0,12}|e\u{301}|\\\\u0000a";
    (message(), prop::collection::vec(text, 1..3)).prop_map(|(message, texts)| {
        let elements: Vec<String> = texts
            .iter()
            .map(|text| {
                format!("{{\"MsgType\":\"TIMTextElem\",\"MsgContent\":{{\"Text\":\"{text}\"}}}}")
            })
            .collect();
        let json = format!("{{\"MsgBody\":[{}]}}", elements.join(","));
        Message {
            raw: Raw::from(json.as_str()),
            ..message
        }
    })
}

fn filled(items: &[(u64, u32, Message)]) -> Store {
    let mut store = Store::default();
    fill(&mut store, items);
    store
}

fn fill(store: &mut Store, items: &[(u64, u32, Message)]) {
    for (no, at, message) in items {
        let seq = Seq::new(*at).expect("not zero");
        let message = Message {
            seq: Some(seq),
            ..message.clone()
        };
        store.add(AskNo(*no), seq, message);
    }
}

/// In a few leaves of two shelves, and in the last one.
fn place() -> impl Strategy<Value = u32> {
    prop_oneof![4 => 1u32..150, 2 => 4_000u32..4_200, 1 => u32::MAX - 70..=u32::MAX]
}

/// What a search finds in `range` is what holds the needle.
fn look(store: &Store, needle: &Needle, range: &RangeInclusive<Seq>) -> Result<(), TestCaseError> {
    let mut found = Vec::new();
    store.search(needle, range, |seq| found.push(seq));
    let holds = |message: &Message| Haystack::of(message).holds(needle);
    let all = store.range(range.clone());
    let there = all.filter(|(_, record)| holds(&record.latest().message));
    let there: Vec<_> = there.map(|(seq, _)| seq).collect();
    prop_assert_eq!(found, there, "{}", needle.source());
    Ok(())
}

fn items() -> impl Strategy<Value = Vec<(u64, u32, Message)>> {
    let seq = prop_oneof![1u32..200, Just(u32::MAX), Just(u32::MAX - 70)];
    let no = prop_oneof![0u64..9, Just(u64::MAX)];
    prop::collection::vec((no, seq, message()), 0..60)
}

fn everything(store: &Store) -> Vec<(Seq, Record)> {
    let all = store.iter();
    all.map(|(seq, record)| (seq, record.clone())).collect()
}

proptest! {
    /// Deflated and taken out again, everything is as it was, byte for byte.
    #[test]
    fn what_is_closed_comes_out_as_it_was(items in items()) {
        let open = filled(&items);
        let mut closed = open.clone();
        closed.close_all();
        prop_assert_eq!(&closed, &open);
        prop_assert_eq!(everything(&closed), everything(&open));
        for (no, at, message) in &items {
            let seq = Seq::new(*at).expect("not zero");
            let versions = closed.get(seq).expect("it was added").versions();
            let mut raws = versions.map(|version| version.message.raw.bytes());
            prop_assert!(raws.any(|raw| raw == message.raw.bytes()));
            let before = open.sketch(seq).map(|sketch| sketch.last);
            prop_assert_eq!(closed.sketch(seq).map(|sketch| sketch.last), before);
            prop_assert!(before >= Some(AskNo(*no)));
        }
        // Added to once more, it opens.
        for (no, at, message) in items {
            let seq = Seq::new(at).expect("not zero");
            closed.add(AskNo(no), seq, Message { seq: Some(seq), ..message });
        }
        prop_assert_eq!(everything(&closed), everything(&open));
    }

    /// What is given up keeps state, time and sender, and what cannot be had again; the
    /// same items make it whole.
    #[test]
    fn what_is_given_up_comes_back(items in items()) {
        let whole = filled(&items);
        let mut thin = whole.clone();
        thin.close_all();
        while thin.give_up(&[]).is_some() {}
        prop_assert!(thin.known(Seq::FIRST..=Seq::LAST).eq(whole.known(Seq::FIRST..=Seq::LAST)));
        for (seq, record) in whole.iter() {
            prop_assert_eq!(thin.get(seq).is_some(), record.first_other().is_some());
        }
        thin.close_all();
        for (seq, record) in whole.iter() {
            let latest = record.latest();
            thin.add(latest.asked.last, seq, latest.message.clone());
        }
        prop_assert_eq!(&thin, &whole);
        thin.close_all();
        prop_assert!(thin.leaves.values().all(Leaf::is_whole));
    }

    /// A search over all texts finds what looking at one item after another finds: open or
    /// closed, said anew, or partly given up.
    #[test]
    fn a_search_finds_what_is_there(
        said in prop::collection::vec((0u64..5, place(), said()), 1..60),
        again in prop::collection::vec((5u64..9, place(), said()), 0..9),
        what in prop_oneof![
            "[a-cA-Ckß退款，,.ａＡ１1é\u{212a}]{1,3}",
            "[ab ]{1,3}",
            "[a-cA1,退\u{2003} ]{1,4}|[a\u{0}]{1,2}",
            "re:[ab.^$]{1,3}",
        ],
        given_up in 0usize..3,
        (first, last) in (place(), place()),
    ) {
        let Ok(needle) = Needle::parse(&what) else { return Ok(()) };
        let mut store = filled(&said);
        let some = Seq::new(first).expect("not zero")..=Seq::new(last).expect("not zero");
        look(&store, &needle, &some)?;
        store.close_all();
        look(&store, &needle, &some)?;
        for _ in 0..given_up {
            store.give_up(&[]);
            look(&store, &needle, &some)?;
        }
        fill(&mut store, &again);
        look(&store, &needle, &some)?;
        store.close_all();
        look(&store, &needle, &some)?;
        look(&store, &needle, &(Seq::FIRST..=Seq::LAST))?;
    }

    /// The count of bytes is that of all leaves, whatever happened to them.
    #[test]
    fn the_count_is_kept(items in items()) {
        let mut store = filled(&items);
        let counted = |store: &Store| {
            let shelves = store.shelves.iter().map(|(_, shelf)| shelf.bytes());
            store.leaves.values().map(Leaf::bytes).chain(shelves).sum::<usize>()
        };
        prop_assert_eq!(store.bytes, counted(&store));
        store.tidy();
        store.close_all();
        prop_assert_eq!(store.bytes, counted(&store));
        while store.give_up(&[]).is_some() {
            prop_assert_eq!(store.bytes, counted(&store));
        }
        prop_assert_eq!(store.bytes, counted(&store));
        prop_assert!(store.shelves.is_empty(), "what is given up is on no shelf");
    }
}

#[test]
fn what_is_lent_is_taken_back() {
    let raw = Raw::from("{}");
    let mut store = Store::default();
    // More leaves than stay open and lent together.
    for leaf in 1..100 {
        let seq = Seq::new(leaf * SPAN).expect("not zero");
        let message = Message {
            seq: Some(seq),
            time: None,
            sender: None,
            state: ItemState::Present,
            system: false,
            random: None,
            priority: None,
            repaired: false,
            raw: raw.clone(),
        };
        store.add(AskNo(1), seq, message);
        store.tidy();
    }
    assert_eq!(store.open.len(), OPEN);
    assert_eq!(store.iter().count(), 99);
    let lent = |store: &Store| store.lent.lock().map(|lent| lent.len()).unwrap_or_default();
    assert_eq!(lent(&store), 99 - OPEN);
    store.tidy();
    assert_eq!(lent(&store), LENT);
}

#[test]
fn what_is_furthest_is_given_up_first() {
    let seq = |leaf: u32| Seq::new(leaf * SPAN + 1).expect("not zero");
    let near = |first, last| Stretch::new(seq(first), seq(last)).expect("not empty");
    let order = |near: &[Stretch]| {
        let mut store = Store {
            whole: (0..100).collect(),
            ..Store::default()
        };
        let mut order = Vec::new();
        while let Some(leaf) = store.furthest(near) {
            store.whole.remove(&leaf);
            order.push(leaf);
        }
        (order, store.whole.len())
    };
    assert_eq!(order(&[]).1, 0);
    let (from_top, left) = order(&[near(99, 99)]);
    assert_eq!((from_top.first(), left), (Some(&0), 5));
    let (two, left) = order(&[near(10, 11), near(80, 90)]);
    assert_eq!(two.first(), Some(&45));
    // The places themselves, and a margin on either side of both.
    assert_eq!(left, 2 + 8 + 11 + 8);
}
