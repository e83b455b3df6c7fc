use super::*;
use crate::model::ids::UserId;
use crate::model::message::{ItemState, Raw};

/// Seconds, for want of a clock.
pub(super) fn seconds(text: &str) -> Result<Timestamp, Wrong> {
    let time = text.trim().parse().ok().and_then(Timestamp::new);
    // Past the end on purpose: a careless reader must not make the query point outside.
    time.ok_or_else(|| Wrong::new(1..99, "not a time"))
}

fn query(text: &str) -> Query {
    Query::parse(text, &seconds).unwrap_or_else(|wrong| unreachable!("{text}: {wrong:?}"))
}

fn wrong(text: &str) -> (&str, String) {
    let wrong = Query::parse(text, &seconds).expect_err(text);
    (text.get(wrong.at).expect("inside"), wrong.words)
}

/// A message of alice at 100 s: an image, and a text with a link.
pub(super) fn message() -> Message {
    Message {
        seq: Seq::new(812),
        time: Timestamp::new(100),
        sender: Some(UserId::new("alice")),
        state: ItemState::Present,
        system: false,
        random: None,
        priority: None,
        repaired: false,
        raw: Raw::from(
            r#"{"MsgBody":[{"MsgType":"TIMImageElem","MsgContent":{}},
            {"MsgType":"TIMTextElem","MsgContent":{"Text":"Order 7, \"two  words\": https://a.b 退款"}}]}"#,
        ),
    }
}

pub(super) fn subject(message: &Message) -> Subject<'_> {
    Subject {
        seq: Seq::new(812).expect("not zero"),
        state: SeqState::Present,
        failed: false,
        message: Some(message),
        name: Some("Alice Wu 吴"),
    }
}

#[track_caller]
fn check(text: &str, expected: bool) {
    let message = message();
    assert_eq!(query(text).matches(&subject(&message)), expected, "{text}");
}

#[test]
fn every_key_keeps_what_it_says() {
    for (text, keeps) in [
        ("", true),
        (" \u{3000} ", true),
        ("order", true),
        ("order 退款", true),
        ("order nothing", false),
        ("Order", true),
        ("ORDER", false),
        ("text:order", true),
        ("text:\"order 7\"", true),
        ("\"order 8\"", false),
        (r#""\"two  words\"""#, true),
        ("re:^order\\s\\d", true),
        ("text:re:ord(er)?", true),
        ("\"re:order \\d,\"", true),
        ("re:\"order \\d,\"", true),
        ("text：re：\"order \\d\\b\"", true),
        ("7,", true),
        ("https://a.b", true),
        ("re:re://", false),
        ("from:alice", true),
        ("FROM：alice", true),
        ("from:Alice", true),
        ("from:alic", true),
        ("from:ALICE-WU", false),
        ("from:\"ice w\"", true),
        ("from:吴", true),
        ("from:bob,alice", true),
        ("from:bob from:alice", true),
        ("from:bob,\"x, y\"", false),
        ("-from:bob", true),
        ("-from:bob -from:alice", false),
        ("-from:bob,alice", false),
        ("type:image", true),
        ("type:custom,TEXT", true),
        ("type:custom type:text", true),
        ("type:system", false),
        ("after:100", true),
        ("after:101", false),
        ("after:\"100\"", true),
        ("before:100", false),
        ("before:101", true),
        ("after:50 before:150", true),
        ("after:50 7", true),
        ("after:50 -14:05", true),
        ("seq：８１２", true),
        ("seq:８１１．．９００", true),
        ("-is:ｇｏｎｅ", true),
        ("ctx:５ seq:812", true),
        ("after:50 \"14:05\"", false),
        ("is:present", true),
        ("is:recalled,present", true),
        ("is:gone is:recalled", false),
        ("is:system", false),
        ("has:link", true),
        ("has:file,image", true),
        ("has:video", false),
        ("seq:812", true),
        ("seq:811,812", true),
        ("seq:812..900", true),
        ("seq:813..", false),
        ("seq:812..", true),
        ("seq:..812", true),
        ("seq:..811", false),
        ("-seq:812", false),
        ("-after:101", true),
        ("from:alice type:file", false),
        ("from:alice has:link order -nothing ctx:2", true),
        ("-order", false),
        ("-\"order 8\"", true),
        ("-re:x$", true),
        ("--", true),
    ] {
        check(text, keeps);
    }
}

#[test]
fn states_and_holes_are_told_apart() {
    let message = message();
    let hole = |state| Subject {
        state,
        message: None,
        name: None,
        ..subject(&message)
    };
    for (text, state, keeps, wants_holes) in [
        ("is:gone", SeqState::Gone, true, true),
        ("is:gone", SeqState::Recalled, false, true),
        ("is:gone,withheld", SeqState::Withheld, true, true),
        ("is:recalled", SeqState::Recalled, true, true),
        ("is:unreadable", SeqState::Unreadable, true, false),
        ("is:present", SeqState::Unfetched, false, false),
        ("is:system", SeqState::Gone, false, false),
        ("-is:system", SeqState::Gone, true, false),
        ("-is:present", SeqState::Gone, true, true),
        ("-is:gone", SeqState::Gone, false, true),
        ("-from:bot", SeqState::Gone, true, false),
        ("order", SeqState::Gone, false, false),
        ("from:alice", SeqState::Gone, false, false),
        ("after:1", SeqState::Gone, false, false),
        ("before:999", SeqState::Gone, false, false),
        ("type:text has:link", SeqState::Gone, false, false),
        ("is:failed", SeqState::Unfetched, false, true),
    ] {
        let query = query(text);
        assert_eq!(query.matches(&hole(state)), keeps, "{text} {state:?}");
        assert_eq!(query.wants_holes(), wants_holes, "{text}");
    }
    let failed = Subject {
        failed: true,
        ..hole(SeqState::Unfetched)
    };
    assert!(query("is:failed").matches(&failed));
}

#[test]
fn system_messages_and_texts_of_recalled_ones_are_found() {
    let mut message = message();
    message.system = true;
    message.state = ItemState::Recalled;
    let subject = Subject {
        state: SeqState::Recalled,
        ..subject(&message)
    };
    for text in [
        "is:system",
        "type:system",
        "is:recalled 退款",
        "-is:present",
    ] {
        assert!(query(text).matches(&subject), "{text}");
    }
}

#[test]
fn a_query_tells_what_it_is_about() {
    let whole = query(r#"refund -bot text:"two words" re:x from:alice ctx:2"#);
    let needles: Vec<_> = whole.needles().map(Needle::source).collect();
    assert_eq!(needles, ["refund", "two words", "re:x"]);
    assert!(whole.uses_names() && !whole.is_empty());
    assert_eq!(whole.context(), 2);
    assert!(!query("refund").uses_names());
    assert!(query(" ctx:100 ").is_empty());
    assert_eq!(query(" a  b ").source(), " a  b ");
}

#[test]
fn a_wrong_term_says_where_and_why() {
    for (text, at, words) in [
        ("a form:x", "form", "no key `form`; did you mean `from`?"),
        (
            "note:x",
            "note",
            "no key `note`; quote the text to look for it",
        ),
        (
            "x from:",
            "from:",
            "a value is missing after from:, such as from:alice",
        ),
        (
            "from:a, b",
            "from:a,",
            "a value is missing after from:, such as from:alice",
        ),
        (
            "from:\"\"",
            "from:\"\"",
            "a value is missing after from:, such as from:alice",
        ),
        (
            "has:",
            "has:",
            "a value is missing after has:, one of link, image, file, video, sound, location, custom, face, forward",
        ),
        (
            "a -",
            "-",
            "what to leave out is missing, such as -from:bot",
        ),
        ("\"\"", "\"\"", "nothing to look for"),
        (
            "type:text,imgae b",
            "imgae",
            "no type `imgae`; there are text, face, custom, image, sound, file, video, location, forward, stream, system, unknown",
        ),
        (
            "is:deleted",
            "deleted",
            "no state `deleted`; there are present, gone, recalled, withheld, unreadable, failed, system",
        ),
        (
            "has:text",
            "text",
            "no thing to have `text`; there are link, image, file, video, sound, location, custom, face, forward",
        ),
        ("seq:0", "0", "seqs go from 1 to 4294967295"),
        (
            "seq:4294967296",
            "4294967296",
            "seqs go from 1 to 4294967295",
        ),
        (
            "seq:900..812",
            "900..812",
            "the smaller seq stands first: 812..900",
        ),
        (
            "seq:..",
            "..",
            "not a seq or range: 812, 812..900, 812.. or ..900",
        ),
        (
            "seq:1,1-2",
            "1-2",
            "not a seq or range: 812, 812..900, 812.. or ..900",
        ),
        ("x text:re:a(b", "(", "unclosed group"),
        ("re:\"a (b\" c", "(", "unclosed group"),
        ("\"re:a (b\" c", "(", "unclosed group"),
        ("退 \"a b", "\"a b", "the quote is not closed"),
        ("from:a,\"b c", "\"b c", "the quote is not closed"),
        ("re:\"b c", "re:\"b c", "the quote is not closed"),
        ("\"a\"b c", "b", "a space is missing after the quote"),
        (
            "from:\"a\"b,c d",
            "b,c",
            "a space is missing after the quote",
        ),
        ("after:noon x", "oon", "not a time"),
        ("before:\"at noon\"", "t noon", "not a time"),
        (r#"before:"\"noon""#, r#"\"noon"#, "not a time"),
        (
            "after:fri 14:05 x",
            "fri 14:05",
            "quote a time of two words: \"fri 14:05\"",
        ),
        ("ctx:1 a ctx:2", "ctx:2", "ctx stands twice"),
        ("ctx:101", "ctx:101", "ctx takes a number from 0 to 100"),
        ("-ctx:1", "-ctx:1", "ctx cannot be negated"),
    ] {
        assert_eq!(wrong(text), (at, words.to_owned()), "{text}");
    }
}

/// Reads times as the screen does, in UTC, on Friday 2024-05-03 at 06:05:09.
fn typed_time(text: &str) -> Result<Timestamp, Wrong> {
    let zone = crate::model::time::Zone::utc();
    crate::model::goto::read_time(text, &zone, Timestamp::new(1_714_716_309))
}

#[test]
fn a_time_of_several_words_is_not_taken_apart() {
    for (text, whole) in [
        ("after:fri 2pm", "fri 2pm"),
        ("after:fri 2 pm refund", "fri 2 pm"),
        ("after:fri 2:05  p.m.", "fri 2:05  p.m."),
        ("after:2024-05-03 0930", "2024-05-03 0930"),
        ("before:2024-05-03 +08:00", "2024-05-03 +08:00"),
        ("before:2024-05-03 -08:00 x", "2024-05-03 -08:00"),
        ("after:2024-05-03 09:30 +08:00 x", "2024-05-03 09:30 +08:00"),
        ("after:3/5 14:05", "3/5 14:05"),
        ("after:fri １４：０５", "fri １４：０５"),
    ] {
        let wrong = Query::parse(text, &typed_time).expect_err(text);
        assert_eq!(text.get(wrong.at), Some(whole), "{text}");
        let said = whole.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(
            wrong.words,
            format!("quote a time of two words: \"{said}\"")
        );
    }
    for text in [
        "after:\"fri 2pm\"",
        "after:fri \"2pm\"",
        "after:fri refund",
        "after:fri -bot",
        "after:fri , 7",
        "after:fri from:2pm",
    ] {
        assert!(Query::parse(text, &typed_time).is_ok(), "{text}");
    }
}

#[test]
fn the_patterns_of_a_line_share_the_room_of_one() {
    assert!(Query::parse("re:\\w{60}", &seconds).is_ok());
    let (at, words) = wrong("re:\\w{60} re:\\w{60} re:\\w{60} re:\\w{60} re:a re:b re:c re:d");
    assert_eq!(
        (at, words.as_str()),
        ("\\w{60}", "the pattern is too big: repeat less")
    );
    assert!(Query::parse(&"re:ord(er)? ".repeat(8), &seconds).is_ok());
    let line = "re:\\w{60} ".repeat(100);
    assert_eq!(
        wrong(&line),
        (
            "re:\\w{60}",
            "too many patterns: 8 at most; re:a|b looks for either".to_owned()
        )
    );
    assert!(Query::parse(&"a ".repeat(100), &seconds).is_ok());
    assert_eq!(
        wrong(&"a ".repeat(101)),
        ("a", "too many texts: 100 at most".to_owned())
    );
}

#[test]
fn what_only_looks_like_a_key_is_text() {
    for text in [
        "http://x",
        "Https://x:80/",
        "12:30",
        ":smile:",
        "备注:x",
        "退款：x",
        "a-b:c",
        "5\"",
        "say\"x",
    ] {
        let query = query(text);
        let needles: Vec<_> = query.needles().map(Needle::source).collect();
        assert_eq!(needles, [text]);
    }
}

fn completed(text: &str) -> Option<(String, Vec<String>)> {
    let cursor = text.find('|').expect("a cursor");
    let senders = [
        ("alice", Some("Alice Wu")),
        ("alan", None),
        ("u1", Some("Bob")),
        ("Jo B", Some("Jo B")),
        ("Jo \"C\", D", None),
        ("bad\u{7}", None),
    ];
    let senders = senders.map(|(id, name)| (id.to_owned(), name.map(str::to_owned)));
    let done = complete(
        &text.replace('|', ""),
        cursor,
        &Offers { senders: &senders },
    )?;
    let (before, after) = done.text.split_at(done.cursor);
    Some((format!("{before}|{after}"), done.choices))
}

#[test]
fn tab_completes_as_far_as_there_is_one_way() {
    for (text, line, choices) in [
        ("fr|", "from:|", &[][..]),
        ("refund -FR| x", "refund -from:| x", &[]),
        ("t|", "t|", &["type:", "text:"]),
        ("te|", "text:|", &[]),
        ("a -c|", "", &[]),
        ("c|", "ctx:|", &[]),
        ("-b|", "-before:|", &[]),
        ("is:re|", "is:recalled|", &[]),
        ("is:RE|", "is:recalled|", &[]),
        ("is:gone,w|", "is:gone,withheld|", &[]),
        ("is:gone,g|", "", &[]),
        ("is:gone,\"w|\"", "is:gone,withheld|", &[]),
        ("has:f|", "has:f|", &["file", "face", "forward"]),
        (
            "has:f|,link x",
            "has:f|,link x",
            &["file", "face", "forward"],
        ),
        ("type:s|", "type:s|", &["sound", "stream", "system"]),
        ("type:sy|", "type:system|", &[]),
        ("type:system|", "", &[]),
        ("from:al|", "from:al|", &["alice (Alice Wu)", "alan"]),
        ("from:ali|", "from:alice|", &[]),
        ("-from:x,ALI|", "-from:x,alice|", &[]),
        ("from:bo|", "from:u1|", &[]),
        ("from:jo|", "from:\"Jo |\"", &["Jo B (Jo B)", "Jo \"C\", D"]),
        (
            "from:\"Jo |\" x",
            "from:\"Jo |\" x",
            &["Jo B (Jo B)", "Jo \"C\", D"],
        ),
        ("from:\"Jo B|\" x", "", &[]),
        ("from:\"Jo \\\"|\"", "from:\"Jo \\\"C\\\", D\"|", &[]),
        ("from:\"Jo b|", "from:\"Jo B\"|", &[]),
        ("from:bad|", "", &[]),
        ("from:zz|", "", &[]),
        ("fr|om", "", &[]),
        ("from:al|ice", "", &[]),
        ("\"fr|\"", "", &[]),
        ("after:1|", "", &[]),
        ("nope:x|", "", &[]),
        ("refund|", "", &[]),
        ("from:\"a\"|", "", &[]),
    ] {
        let expected = (!line.is_empty()).then(|| {
            let choices = choices.iter().map(|&choice| choice.to_owned());
            (line.to_owned(), choices.collect::<Vec<_>>())
        });
        assert_eq!(completed(text), expected, "{text}");
    }
    let keys = "from: type: after: before: is: has: text: data: seq: ctx:";
    let all: Vec<_> = keys.split(' ').map(str::to_owned).collect();
    assert_eq!(completed("|"), Some(("|".to_owned(), all.clone())));
    assert_eq!(completed("x |"), Some(("x |".to_owned(), all)));
    assert_eq!(completed("-|").expect("keys").1.len(), 9);
    let senders = completed("from:|").expect("senders");
    assert_eq!(senders.1.len(), 5);
}
