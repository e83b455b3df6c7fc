//! What is said about texts that cannot be read, and where.

use std::ops::Range;

use super::*;
use crate::model::text::width;

/// Texts with the bytes that are meant and what is said of them.
fn check<'a>(table: impl IntoIterator<Item = (&'a str, Range<usize>, &'a str)>) {
    let utc = Zone::utc();
    for (text, at, words) in table {
        let wrong = read(text, &place(&utc)).expect_err(text);
        assert_eq!(wrong, Wrong::new(at, words), "{text}");
        assert!(width(words) <= 64, "{words}");
    }
}

#[test]
fn remarks_on_times_say_where_and_what_is_possible() {
    check([
        ("", 0..0, EXAMPLES),
        ("  ", 2..2, EXAMPLES),
        (
            "blah",
            0..4,
            "\"blah\" is none of: seq, time, date, -2h, 50%, start, end",
        ),
        (
            "🎉",
            0..4,
            "\"🎉\" is none of: 14:05, today, fri 9:00, 2024-05-03 09:30",
        ),
        (
            "14:05 e\u{301}!",
            6..9,
            "\"e\u{301}\" is none of: 14:05, today, fri 9:00, 2024-05-03 09:30",
        ),
        (
            "start 5",
            0..5,
            "\"start\" is none of: 14:05, today, fri 9:00, 2024-05-03 09:30",
        ),
        ("tod", 0..3, "go on: today"),
        ("s", 0..1, "go on: start, seq, saturday, sunday"),
        ("14:", 3..3, "go on: 14:05, 14:05:09 or 2 pm"),
        ("14:5", 3..4, "minutes and seconds have two digits"),
        ("１４：６０", 9..15, "minutes and seconds end at 59"),
        ("25:00", 0..2, "hours end at 23"),
        ("13 pm", 0..5, "with am and pm, hours go from 1 to 12"),
        ("fri 14", 4..6, "go on: 14:05, 14:05:09 or 2 pm"),
        ("2024-", 5..5, "go on: a date reads 2024-05-03"),
        ("2024-05", 7..7, "go on: a date reads 2024-05-03"),
        ("fri 2024-02-30", 4..14, "the calendar has no such day"),
        ("13/13/2024", 0..10, "the calendar has no such day"),
        ("2/30", 0..4, "the calendar has no such day"),
        ("3/5/24", 0..6, "write the year with four digits"),
        ("1969-12-31", 0..10, "that is before 1970 or after 9999"),
        (
            "mon 2024-05-03",
            0..14,
            "that day is another weekday: Fri 2024-05-03",
        ),
        ("fri mon", 4..7, "there is a day already"),
        ("yesterday fri", 10..13, "there is a day already"),
        ("fri today", 4..9, "there is a day already"),
        ("14:05 15:05", 6..11, "there is a time already"),
        ("14:05Z +08:00", 7..13, "there is an offset already"),
        ("today +99:00", 6..12, "an offset reads +08:00"),
        (
            "today -1",
            6..8,
            "behind a day, an offset reads +08:00 or +0800",
        ),
        (
            "2024-05-03 +8",
            11..13,
            "behind a day, an offset reads +08:00 or +0800",
        ),
        ("fri am", 4..6, "am and pm stand behind a time"),
        (
            "z",
            0..1,
            "\"z\" is none of: seq, time, date, -2h, 50%, start, end",
        ),
    ]);
}

#[test]
fn remarks_on_all_else_do_too() {
    check([
        ("-99999w", 0..7, "that is before 1970 or after 9999"),
        ("-9999999d", 0..9, "that is before 1970 or after 9999"),
        (
            "-99999999999h9999999999999999d",
            13..30,
            "that is before 1970 or after 9999",
        ),
        ("-", 1..1, "go on: -200 seqs, -30m, -2h, +3d or +1w"),
        ("-2x", 2..3, "units are s, m (minutes), h, d and w"),
        ("-1d2", 4..4, "go on: s, m, h, d or w"),
        ("2h", 0..2, "-2h goes back, +2h forward"),
        ("0", 0..1, "seqs begin at 1"),
        ("seq", 0..3, "after seq comes its number"),
        ("99999999999", 0..11, "seqs end at 4,294,967,295"),
        ("101%", 0..4, "a part of the whole is 0% to 100%"),
        ("100.0001%", 0..9, "a part of the whole is 0% to 100%"),
        (
            "1.0000000001%",
            0..13,
            "a percentage has nine decimals at most",
        ),
        (
            "202405320930",
            0..12,
            "no date, and seqs end at 4,294,967,295",
        ),
        ("@999999999999", 0..13, "that is before 1970 or after 9999"),
        ("+9999999999h", 0..12, "that is before 1970 or after 9999"),
        ("-5%", 0..3, "a part of the whole is 0% to 100%"),
        (
            "@",
            0..1,
            "after @ come 10 digits of seconds or 13 of milliseconds",
        ),
        (
            "@0",
            0..2,
            "after @ come 10 digits of seconds or 13 of milliseconds",
        ),
        ("tim-", 4..4, "go on: SDKAPPID/GROUP[/TOPIC]/SEQ"),
        (
            "tim-history://1/g/x",
            0..19,
            "the permalink's last part is not a seq",
        ),
        ("https://x", 0..9, "a web address is no permalink"),
        (
            "144115198339527735",
            0..18,
            "no seq or time; a message ID has two more parts",
        ),
        (
            "144115198339527735-16",
            21..21,
            "a message ID has three parts: SENDER-TIME-RANDOM",
        ),
        (
            "144115198339527735-16-5",
            19..21,
            "the message ID's second part is no time",
        ),
        (
            "1-1607914832-4294967296",
            13..23,
            "the message ID's third part is no MsgRandom",
        ),
        (
            "{\"GroupId\":\"g\"",
            0..14,
            "there is no MsgSeq in this JSON",
        ),
        ("{\"MsgSeq\":0}", 0..12, "the MsgSeq in this JSON is 0"),
    ]);
}

#[test]
fn without_the_time_it_is_bare_times_cannot_be_read() {
    let utc = Zone::utc();
    let place = Place {
        now: None,
        ..place(&utc)
    };
    for text in [
        "14:05",
        "fri",
        "fri 14:05",
        "today",
        "yesterday 18:00",
        "3/5",
        "now",
    ] {
        let wrong = read(text, &place).expect_err(text);
        assert_eq!(wrong.words, "nobody knows what time it is: give a date too");
        assert_eq!(wrong.at, 0..text.len());
    }
    assert!(read("2024-05-03 14:05", &place).is_ok());
    let reading = read("1405", &place).expect("no time of day without now");
    assert_eq!(reading.destination, Destination::End);
}

#[test]
fn hostile_text_is_quoted_harmlessly() {
    let utc = Zone::utc();
    let text = "\u{1b}]52;c;Zm9v\u{7}\u{202e}x";
    let wrong = read(text, &place(&utc)).expect_err("no form");
    assert!(
        !wrong.words.contains(['\u{1b}', '\u{7}', '\u{202e}']),
        "{:?}",
        wrong.words
    );
}
