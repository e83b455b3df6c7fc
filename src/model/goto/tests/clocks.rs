//! Where the calendar has edges: summer time, new year, the time it is now.

use super::*;
use crate::model::time;

fn said(text: &str, zone_name: &str, now: i64) -> String {
    let zone = zone(zone_name);
    let place = Place {
        now: Some(at(now)),
        ..place(&zone)
    };
    read(text, &place).expect(text).words
}

#[test]
fn a_time_that_does_not_exist_is_said() {
    assert_eq!(
        words("2024-03-31 02:30", "Europe/Berlin"),
        "Sun 2024-03-31 03:30:00 +02:00; 02:30 does not exist that day"
    );
    assert_eq!(
        words("2024-03-10 2:30 am", "America/New_York"),
        "Sun 2024-03-10 03:30:00 -04:00; 02:30 does not exist that day"
    );
    // Here midnight itself is skipped.
    assert_eq!(
        words("2018-11-04", "America/Sao_Paulo"),
        "Sun 2018-11-04 01:00:00 -02:00; 00:00 does not exist that day"
    );
    assert_eq!(
        words("2024-03-31 02:30", "UTC"),
        "Sun 2024-03-31 02:30:00 +00:00"
    );
}

#[test]
fn a_time_that_comes_twice_is_the_first_and_offers_the_second() {
    for (name, text, first, second) in [
        (
            "Europe/Berlin",
            "2024-10-27 02:30",
            "Sun 2024-10-27 02:30:00 +02:00",
            "+01:00",
        ),
        (
            "America/New_York",
            "2024-11-03 01:30",
            "Sun 2024-11-03 01:30:00 -04:00",
            "-05:00",
        ),
    ] {
        let zone = zone(name);
        let reading = read(text, &place(&zone)).expect(text);
        assert_eq!(
            reading.words,
            format!("{first}; happens twice: the first one")
        );
        let Destination::Time(time) = reading.destination else {
            panic!("{text} is a time");
        };
        let again = at(time.seconds() + 3600);
        assert_eq!(time::offset(again, &zone), second);
        let (other, words) = reading.others.first().expect("the second");
        assert_eq!(*other, Destination::Time(again));
        assert!(words.ends_with("; the second one"), "{words}");
        // An offset leaves no doubt.
        let exact = format!("{text} {second}");
        assert_eq!(
            read(&exact, &place(&zone)).map(|r| (r.destination, r.others.len())),
            Ok((Destination::Time(again), 0))
        );
    }
}

#[test]
fn days_keep_the_time_on_the_clock() {
    // 2024-03-30 02:30 in Berlin; the next day has no such time.
    let berlin = zone("Europe/Berlin");
    let place = Place {
        selected_time: Some(at(1_711_762_200)),
        ..place(&berlin)
    };
    let said = |text: &str| read(text, &place).expect(text).words;
    assert_eq!(
        said("+1d"),
        "Sun 2024-03-31 03:30:00 +02:00; 02:30 does not exist that day"
    );
    assert_eq!(said("+2d"), "Mon 2024-04-01 02:30:00 +02:00");
    assert_eq!(said("+48h"), "Mon 2024-04-01 03:30:00 +02:00");
}

#[test]
fn steps_of_a_key_go_by_the_hour_and_by_the_calendar() {
    let berlin = zone("Europe/Berlin");
    let after = |from, by| step(at(from), by, &berlin).map(|time| time::full(time, &berlin));
    // 2024-03-30 12:00, the day before one of 23 hours.
    let noon = 1_711_796_400;
    assert_eq!(
        after(noon, Step::DayForward).as_deref(),
        Some("2024-03-31 12:00:00 +02:00")
    );
    assert_eq!(
        after(noon, Step::DayBack).as_deref(),
        Some("2024-03-29 12:00:00 +01:00")
    );
    // 01:59:59 before the gap.
    assert_eq!(
        after(1_711_846_799, Step::HourForward).as_deref(),
        Some("2024-03-31 03:59:59 +02:00")
    );
    // 02:30 for the second time, and the hour before it.
    assert_eq!(
        after(1_729_992_600, Step::HourBack).as_deref(),
        Some("2024-10-27 02:30:00 +02:00")
    );
    // A day forward into the gap, and into a time that comes twice.
    assert_eq!(
        after(1_711_762_200, Step::DayForward).as_deref(),
        Some("2024-03-31 03:30:00 +02:00")
    );
    assert_eq!(
        after(1_729_902_600, Step::DayForward).as_deref(),
        Some("2024-10-27 02:30:00 +02:00")
    );
    assert_eq!(after(3600, Step::HourBack), None);
    assert_eq!(after(3600, Step::DayBack), None);
    assert_eq!(after(i64::MAX, Step::HourForward), None);
    assert_eq!(after(i64::MAX, Step::DayForward), None);
}

#[test]
fn the_latest_such_moment_is_not_after_now() {
    // Friday 13:00, 14:05 and 14:06 in Shanghai.
    let one = NOW - 3909;
    let exactly = NOW - 9;
    assert_eq!(
        said("14:05", "Asia/Shanghai", one),
        "Thu 2024-05-02 14:05:00 +08:00"
    );
    assert_eq!(
        said("14:05", "Asia/Shanghai", exactly),
        "Fri 2024-05-03 14:05:00 +08:00"
    );
    assert_eq!(
        said("fri 14:05", "Asia/Shanghai", exactly - 1),
        "Fri 2024-04-26 14:05:00 +08:00"
    );
    assert_eq!(
        said("fri 14:05", "Asia/Shanghai", exactly),
        "Fri 2024-05-03 14:05:00 +08:00"
    );
    // Midnight sharp is of the day that begins.
    let midnight = 1_714_665_600;
    assert_eq!(
        said("fri", "Asia/Shanghai", midnight),
        "Fri 2024-05-03 00:00:00 +08:00"
    );
    assert_eq!(
        said("fri", "Asia/Shanghai", midnight - 1),
        "Fri 2024-04-26 00:00:00 +08:00"
    );
}

#[test]
fn the_gap_can_put_the_latest_moment_a_day_back() {
    // Berlin, 2024-03-31 03:10: half past two is not before 03:30.
    assert_eq!(
        said("02:30", "Europe/Berlin", 1_711_847_400),
        "Sat 2024-03-30 02:30:00 +01:00"
    );
}

#[test]
fn of_two_such_moments_the_latest_is_not_after_now() {
    let berlin = zone("Europe/Berlin");
    // 2024-10-27, a Sunday, 02:30 for the first time, and for the second.
    let (first, second) = (1_729_989_000, 1_729_992_600);
    for text in ["02:30", "sun 02:30"] {
        for (now, time, said) in [
            (first, first, "+02:00; happens twice: the first one"),
            (second - 1, first, "+02:00; happens twice: the first one"),
            (second, second, "+01:00; happens twice: the second one"),
            (
                second + 80_000,
                second,
                "+01:00; happens twice: the second one",
            ),
        ] {
            let place = Place {
                now: Some(at(now)),
                ..place(&berlin)
            };
            let reading = read(text, &place).expect(text);
            assert_eq!(reading.words, format!("Sun 2024-10-27 02:30:00 {said}"));
            assert_eq!(reading.destination, Destination::Time(at(time)));
            let other = at(first + second - time);
            let others: Vec<_> = reading.others.iter().map(|other| &other.0).collect();
            assert_eq!(others, [&Destination::Time(other)]);
            assert_eq!(read_time(text, &berlin, Some(at(now))), Ok(at(time)));
        }
    }
}

#[test]
fn years_turn_where_the_calendar_does() {
    // 2024-01-01 00:30 in Shanghai, still 2023 in UTC.
    let new_year = 1_704_040_200;
    assert_eq!(
        said("yesterday", "Asia/Shanghai", new_year),
        "Sun 2023-12-31 00:00:00 +08:00"
    );
    assert_eq!(
        said("yesterday", "UTC", new_year),
        "Sat 2023-12-30 00:00:00 +00:00"
    );
    assert_eq!(
        said("14:05", "Asia/Shanghai", new_year),
        "Sun 2023-12-31 14:05:00 +08:00"
    );
    assert_eq!(
        said("12-31", "Asia/Shanghai", new_year),
        "Sun 2023-12-31 00:00:00 +08:00"
    );
    assert_eq!(
        said("1/1", "Asia/Shanghai", new_year),
        "Mon 2024-01-01 00:00:00 +08:00"
    );
    assert_eq!(
        said("1/1 09:00", "Asia/Shanghai", new_year),
        "Sun 2023-01-01 09:00:00 +08:00"
    );
    // The last leap day, seen from a year that has none.
    assert_eq!(
        said("2/29", "UTC", 1_767_225_600),
        "Thu 2024-02-29 00:00:00 +00:00"
    );
    assert_eq!(
        said("mon 12/25", "UTC", 1_767_225_600),
        "Mon 2023-12-25 00:00:00 +00:00"
    );
}

#[test]
fn a_filter_takes_a_time_that_is_only_one() {
    let shanghai = zone("Asia/Shanghai");
    let read = |text: &str| read_time(text, &shanghai, Some(at(NOW)));
    for (text, seconds) in [
        ("14:00", 1_714_716_000),
        ("fri 15:30", 1_714_116_600),
        ("today", 1_714_665_600),
        ("now", NOW),
        ("2024-05-03", 1_714_665_600),
        ("20240503", 1_714_665_600),
        ("2024-05-03T09:30+08:00", 1_714_699_800),
        ("@1458721802", 1_458_721_802),
        ("1458721802", 1_458_721_802),
        ("1458721802000", 1_458_721_802),
    ] {
        assert_eq!(read(text), Ok(at(seconds)), "{text}");
    }
    let wrong = read("03/05/2024").expect_err("two dates");
    assert_eq!(wrong.at, 0..10);
    assert_eq!(
        wrong.words,
        "is that Tue 2024-03-05 or Fri 2024-05-03? write it so"
    );
    for text in ["", "812", "1405", "-2h", "50%", "start", "blah"] {
        assert!(read(text).is_err(), "{text}");
    }
}
