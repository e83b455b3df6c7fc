//! What holds for every line that can be typed.

use proptest::prelude::*;

use super::tests::{message, seconds, subject};
use super::*;

/// What people type, and what they type wrong.
fn piece() -> impl Strategy<Value = String> {
    let known = proptest::sample::select(vec![
        "from:", "-from:", "type:", "after:", "before:", "is:", "has:", "text:", "data:",
        "data:a=", "seq:", "ctx:", "re:", "form:", "alice", "bob", "text", "image", "100", "101",
        "gone", "present", "link", "812", "..", "900", "order", "\"", "\\", "\\\"", ",", " ", " ",
        "-", ":", "：", "(", "退", "e\u{301}", "http://", "\u{3000}", "x*",
    ]);
    prop_oneof![8 => known.prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)]
}

fn line() -> impl Strategy<Value = String> {
    proptest::collection::vec(piece(), 0..12).prop_map(|pieces| pieces.concat())
}

/// One term that is right.
fn term() -> impl Strategy<Value = String> {
    let value = |key: &'static str, values: &[&'static str]| {
        let values = proptest::sample::subsequence(values.to_vec(), 1..=2);
        values.prop_map(move |values| format!("{key}:{}", values.join(",")))
    };
    prop_oneof![
        value("from", &["alice", "bob", "\"ice w\"", "wu"]),
        value("type", &["text", "image", "file", "system"]),
        value("is", &["present", "gone", "recalled", "system", "failed"]),
        value("has", &["link", "image", "video"]),
        value("seq", &["812", "1..811", "813..", "..900"]),
        (50..150_u32).prop_map(|time| format!("after:{time}")),
        (50..150_u32).prop_map(|time| format!("before:{time}")),
        proptest::sample::select(vec!["order", "Nope", "re:^ord", "\"order 7\"", "text:退"])
            .prop_map(str::to_owned),
    ]
}

fn state() -> impl Strategy<Value = SeqState> {
    proptest::sample::select(vec![
        SeqState::Present,
        SeqState::Gone,
        SeqState::Recalled,
        SeqState::Withheld,
        SeqState::Unreadable,
        SeqState::Unfetched,
    ])
}

fn offers() -> Vec<(String, Option<String>)> {
    let senders = [
        "alice",
        "al",
        "Bob, B",
        "bob \"x\" ",
        "100",
        "\\",
        "\\\"",
        "-x",
        "退",
    ];
    senders
        .map(|id| (id.to_owned(), Some(id.to_uppercase())))
        .to_vec()
}

proptest! {
    /// Any line is a query or a remark on a part of it.
    #[test]
    fn any_line_may_be_typed(text in prop_oneof![line(), any::<String>()]) {
        match Query::parse(&text, &seconds) {
            Ok(query) => {
                prop_assert_eq!(query.source(), &text);
                prop_assert_eq!(Query::parse(query.source(), &seconds), Ok(query.clone()));
                prop_assert!(query.context() <= 100);
                let _ = query.matches(&subject(&message()));
            }
            Err(wrong) => {
                prop_assert!(text.get(wrong.at).is_some());
                prop_assert!(!wrong.words.is_empty() && !wrong.words.contains('\n'));
            }
        }
    }

    /// A term and its negation part the world in two.
    #[test]
    fn what_a_term_drops_its_negation_keeps(
        term in term(),
        (state, failed, known) in (state(), any::<bool>(), any::<bool>()),
        (name, time) in (any::<bool>(), proptest::option::of(50..150_i64)),
    ) {
        let mut message = message();
        message.time = time.and_then(Timestamp::new);
        let subject = Subject {
            state,
            failed,
            message: known.then_some(&message),
            name: name.then_some("Alice Wu"),
            ..subject(&message)
        };
        let keeps = |text: &str| Query::parse(text, &seconds).expect("right").matches(&subject);
        prop_assert_ne!(keeps(&term), keeps(&format!("-{term}")), "{}", term);
    }

    /// Terms of different keys, and negated ones, must all hold; others of one key need not.
    #[test]
    fn terms_are_joined_by_their_keys(a in term(), b in term(), negated in any::<bool>()) {
        let b = format!("{}{b}", if negated { "-" } else { "" });
        let message = message();
        let keeps = |text: &str| {
            Query::parse(text, &seconds).expect("right").matches(&subject(&message))
        };
        let key = |text: &str| match text.split_once(':') {
            Some((key, _)) if !matches!(key, "re" | "text") => key.to_owned(),
            Some(_) | None => String::new(),
        };
        let (key, other) = (key(&a), key(&b));
        let either = key == other && !key.is_empty();
        let expected = if either { keeps(&a) || keeps(&b) } else { keeps(&a) && keeps(&b) };
        prop_assert_eq!(keeps(&format!("{a} {b}")), expected, "{} {}", a, b);
    }

    /// What Tab writes is right wherever it was right before, but for the value behind a new key.
    #[test]
    fn completing_makes_nothing_wrong(text in line(), at in any::<proptest::sample::Index>()) {
        let places: Vec<_> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect();
        let cursor = *at.get(&places);
        let senders = offers();
        let Some(done) = complete(&text, cursor, &Offers { senders: &senders }) else {
            return Ok(());
        };
        prop_assert!(done.text.is_char_boundary(done.cursor));
        prop_assert!(done.choices.len() <= 50);
        let before = Query::parse(&text, &seconds);
        let Err(wrong) = Query::parse(&done.text, &seconds) else { return Ok(()) };
        let (left, _) = done.text.split_at(done.cursor);
        let new_key = left.ends_with(':') && wrong.at.end == done.cursor;
        if new_key && wrong.words.contains("missing") {
            return Ok(());
        }
        // What is wrong now was so before, and no earlier part of the line is to blame.
        let old = before.expect_err("it was right");
        prop_assert!(wrong.at.start >= old.at.start.min(cursor), "{:?} {:?}", old, wrong);
    }
}
