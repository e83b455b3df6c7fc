//! What holds for any text.

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation as _;

use super::*;
use crate::model::text::{clean, width};
use crate::model::time;

const ZONES: [&str; 7] = [
    "UTC",
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    // Whole days, odd minutes, and until 1972 odd seconds.
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "Africa/Monrovia",
];

/// Pieces of every form, put together at random.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "812",
        "14",
        "05",
        ":",
        "2024",
        "-",
        "/",
        ".",
        "fri",
        "today",
        "yesterday",
        "pm",
        "a",
        "t",
        "z",
        "utc",
        "+",
        "08",
        "%",
        "@",
        "#",
        "seq",
        "start",
        "end",
        "now",
        "h",
        "d",
        "w",
        "s",
        ",",
        " ",
        "　",
        "９",
        "：",
        "1458721802",
        "144115198339527735",
        "99999999999999999999",
        "9999999",
        "{",
        "\"MsgSeq\":",
        "\"GroupId\":\"\\u001b\"",
        "}",
        "1",
        "0",
        "tim-history://",
        "%1b",
        "e\u{301}",
        "\u{301}",
        "🎉",
        "\u{1b}",
        "\u{202e}",
        "\n",
        "@TGS#",
        "2/29",
        "20240229",
    ]);
    prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat())
}

fn time() -> impl Strategy<Value = Timestamp> {
    let seconds = prop_oneof![
        1..=i64::MAX,
        1..4_000_000_000_i64,
        253_400_000_000..253_410_000_000_i64
    ];
    seconds.prop_map(at)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Any text has a reading or a remark; both can be shown.
    #[test]
    fn reading_is_total(
        text in prop_oneof![pieces(), any::<String>(), "[-+@#0-9:/., a-z%]{0,24}"],
        name in prop::sample::select(ZONES.to_vec()),
        now in prop::option::of(time()),
        selected in prop::option::of(1..=u32::MAX),
        selected_time in prop::option::of(time()),
        head in prop::option::of(1..=u32::MAX),
    ) {
        let zone = zone(name);
        let place = Place {
            zone: &zone,
            now,
            selected: selected.and_then(Seq::new),
            selected_time,
            head: head.and_then(Seq::new),
        };
        let harmless = |words: &str| clean(words).as_str() == words && !words.contains('\n');
        let bounded = |wrong: &Wrong| {
            let mut bounds: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).collect();
            bounds.push(text.len());
            wrong.at.start <= wrong.at.end && bounds.contains(&wrong.at.start) && bounds.contains(&wrong.at.end)
        };
        match read(&text, &place) {
            Ok(reading) => {
                for (_, words) in reading.others.iter().chain([&(reading.destination.clone(), reading.words.clone())]) {
                    prop_assert!(!words.is_empty() && harmless(words), "{words:?}");
                    prop_assert!(width(words) <= 96, "{words:?}");
                }
                if let (Destination::Seq(seq), Some(head)) = (&reading.destination, place.head) {
                    prop_assert!(*seq <= head || text.contains("MsgSeq"));
                }
            }
            Err(wrong) => {
                prop_assert!(!wrong.words.is_empty() && harmless(&wrong.words), "{:?}", wrong.words);
                prop_assert!(bounded(&wrong), "{wrong:?}");
            }
        }
        if let Err(wrong) = read_time(&text, &zone, now) {
            prop_assert!(harmless(&wrong.words) && bounded(&wrong), "{wrong:?}");
        }
    }

    /// What is printed can be typed, with or without its weekday, in any zone.
    #[test]
    fn printed_times_are_read_back(
        seconds in prop_oneof![1..4_000_000_000_i64, 1..253_402_207_200_i64],
        shown in prop::sample::select(ZONES.to_vec()),
        typed in prop::sample::select(ZONES.to_vec()),
    ) {
        let (time, shown, typed) = (at(seconds), zone(shown), zone(typed));
        prop_assert_eq!(read_time(&time::full(time, &shown), &typed, None), Ok(time));
        prop_assert_eq!(read_time(&time::dated(time, &shown), &typed, None), Ok(time));
        let reading = read(&time::full(time, &shown), &place(&typed)).map(|reading| reading.destination);
        prop_assert_eq!(reading, Ok(Destination::Time(time)));
    }

    /// A bare time of day is within the last day, or 25 hours where the clock is put back.
    #[test]
    fn the_latest_moment_is_near(
        now in 86_400 * 3..4_000_000_000_i64,
        (hour, minute) in (0..24_u8, 0..60_u8),
        name in prop::sample::select(ZONES.to_vec()),
    ) {
        let zone = zone(name);
        let time = read_time(&format!("{hour}:{minute:02}"), &zone, Some(at(now))).expect("a time of day");
        prop_assert!(time <= at(now));
        // Samoa once had no 30 December: then it is a day more.
        let most = if name == "Pacific/Apia" { 50 } else { 26 };
        prop_assert!(now - time.seconds() <= most * 3600);
    }

    /// A day forward and back is the same time, but where summer time begins or ends.
    #[test]
    fn steps_lead_back(seconds in 86_400 * 3..4_000_000_000_i64, name in prop::sample::select(ZONES.to_vec())) {
        let (time, zone) = (at(seconds), zone(name));
        let there_and_back = |there, back| step(time, there, &zone).and_then(|time| step(time, back, &zone));
        prop_assert_eq!(there_and_back(Step::HourForward, Step::HourBack), Some(time));
        let back = there_and_back(Step::DayForward, Step::DayBack).expect("inside the calendar");
        prop_assert!(back.seconds().abs_diff(seconds) <= 25 * 3600);
        let day = step(time, Step::DayForward, &zone).expect("inside the calendar");
        prop_assert!(day > time);
        prop_assert!((22 * 3600..=49 * 3600).contains(&(day.seconds() - seconds)));
    }
}
