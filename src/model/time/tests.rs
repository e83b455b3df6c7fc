//! Zones, calendars and their edges.

use super::*;
use proptest::prelude::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::new(seconds).expect("above zero")
}

fn zone(name: &str) -> Zone {
    Zone::parse(name, &Zone::utc()).expect("a known zone")
}

/// 2024-05-03 06:05:09 UTC, a Friday.
const FRIDAY: i64 = 1_714_716_309;

#[test]
fn a_time_is_shown_in_its_zone_with_the_offset() {
    let shanghai = zone("Asia/Shanghai");
    assert_eq!(clock(at(FRIDAY), &shanghai), "14:05:09");
    assert_eq!(full(at(FRIDAY), &shanghai), "2024-05-03 14:05:09 +08:00");
    assert_eq!(day(at(FRIDAY), &shanghai).label(), "Fri 2024-05-03");
    assert_eq!(
        full(at(FRIDAY), &zone("-0330")),
        "2024-05-03 02:35:09 -03:30"
    );
    assert_eq!(offset(at(FRIDAY), &zone("utc")), "+00:00");
}

proptest! {
    #[test]
    fn a_day_is_called_as_the_calendar_calls_it(seconds in 1..253_402_300_000_i64) {
        let utc = Zone::utc();
        let (civil, _) = utc.civil(at(seconds)).expect("before the year 10000");
        let label = civil.strftime("%a %Y-%m-%d").to_string();
        prop_assert_eq!(day(at(seconds), &utc).label(), label);
    }
}

#[test]
fn days_begin_at_the_zones_midnight() {
    // 23:59:59 and 00:00:00 in Shanghai, one second apart.
    let (before, after) = (at(1_714_751_999), at(1_714_752_000));
    let shanghai = zone("Asia/Shanghai");
    assert!(day(before, &shanghai) < day(after, &shanghai));
    assert_eq!(day(before, &zone("UTC")), day(after, &zone("UTC")));
}

#[test]
fn summer_time_changes_offset_and_clock() {
    let berlin = zone("Europe/Berlin");
    // 2024-03-31: after 01:59:59 comes 03:00:00.
    assert_eq!(
        full(at(1_711_846_799), &berlin),
        "2024-03-31 01:59:59 +01:00"
    );
    assert_eq!(
        full(at(1_711_846_800), &berlin),
        "2024-03-31 03:00:00 +02:00"
    );
    // 2024-10-27: 02:30 comes twice, and the offset tells which.
    assert_eq!(
        full(at(1_729_989_000), &berlin),
        "2024-10-27 02:30:00 +02:00"
    );
    assert_eq!(
        full(at(1_729_992_600), &berlin),
        "2024-10-27 02:30:00 +01:00"
    );
    assert_eq!(offset(at(1_729_989_000), &berlin), "+02:00");
}

#[test]
fn zones_are_read_leniently_and_refused_clearly() {
    let local = zone("Europe/Berlin");
    assert_eq!(Zone::parse("Local", &local), Ok(local.clone()));
    assert_eq!(zone("+8").name(), "+08:00");
    assert_eq!(zone("+0530").name(), "+05:30");
    assert_eq!(zone(" -03:30 ").name(), "-03:30");
    assert_eq!(zone("-00:44:30").name(), "-00:44:30");
    assert_eq!(zone("asia/shanghai").name(), "Asia/Shanghai");
    for bad in [
        "",
        "Mars/Olympus",
        "+",
        "+25",
        "+08:5",
        "+08:60",
        "+8h",
        "++8",
        "+é:00",
        "+14:01",
        "+08:00:60",
        "+08:00:00:00",
    ] {
        let refused = Zone::parse(bad, &local);
        assert_eq!(
            refused,
            Err(UnknownZone {
                name: bad.to_owned()
            })
        );
    }
    let error = UnknownZone {
        name: "\x1b[2J".to_owned(),
    };
    assert!(!error.to_string().contains('\x1b'));
}

#[test]
fn the_cycle_has_each_zone_once() {
    let names = |configured: &Zone, local: &Zone| -> Vec<String> {
        let zones = Zone::cycle(configured, local);
        zones.iter().map(|zone| zone.name().to_owned()).collect()
    };
    let (utc, berlin, shanghai) = (Zone::utc(), zone("Europe/Berlin"), zone("Asia/Shanghai"));
    assert_eq!(
        names(&berlin, &berlin),
        ["Europe/Berlin", "UTC", "Asia/Shanghai"]
    );
    assert_eq!(names(&utc, &utc), ["UTC", "Asia/Shanghai"]);
    assert_eq!(
        names(&zone("-3"), &shanghai),
        ["-03:00", "Asia/Shanghai", "UTC"]
    );
}

#[test]
fn a_day_and_a_time_of_day_are_a_moment() {
    let berlin = zone("Europe/Berlin");
    let half_past_two = TimeOfDay::new(2, 30, 0).expect("a time of day");
    let when = |month, day| {
        let day = CivilDay::dated(2024, month, day).expect("a day");
        moment(day, half_past_two, &berlin).expect("inside the calendar")
    };
    let plain = Moment {
        time: at(1_711_762_200),
        twist: None,
    };
    assert_eq!(when(3, 30), plain);
    assert_eq!(days_later(plain.time, 0, &berlin), Some(plain));
    assert_eq!(when(3, 31).twist, Some(Twist::Skipped));
    let later = at(1_729_992_600);
    assert_eq!(when(10, 27).twist, Some(Twist::Doubled(later)));
    assert_eq!(when(10, 27).time, at(later.seconds() - 3600));
    assert_eq!(days_later(plain.time, 1, &berlin), Some(when(3, 31)));
    assert_eq!(days_later(plain.time, i32::MIN, &berlin), None);
    let before_1970 = CivilDay::dated(1969, 12, 31).expect("a day");
    assert_eq!(moment(before_1970, half_past_two, &berlin), None);
}

#[test]
fn times_of_day_and_days_are_those_of_the_clock_and_the_calendar() {
    assert_eq!(TimeOfDay::new(24, 0, 0), None);
    assert_eq!(TimeOfDay::new(23, 59, 60), None);
    assert_eq!(TimeOfDay::MIDNIGHT.to_string(), "00:00");
    let shown = TimeOfDay::at(at(FRIDAY), &zone("+8")).expect("inside the calendar");
    assert_eq!(shown.to_string(), "14:05:09");
    assert_eq!(CivilDay::dated(2023, 2, 29), None);
    let friday = day(at(FRIDAY), &zone("+8"));
    assert_eq!(friday.weekday(), Some(4));
    assert_eq!(friday.year(), Some(2024));
    assert_eq!(friday.moved(-3), CivilDay::dated(2024, 4, 30));
    assert_eq!(friday.moved(i32::MAX), None);
    assert_eq!(day(at(i64::MAX), &Zone::utc()).weekday(), None);
}

#[test]
fn ages_are_rounded_down() {
    let ago = |seconds| super::ago(at(FRIDAY - seconds), at(FRIDAY));
    assert_eq!(ago(0), "just now");
    assert_eq!(ago(59), "just now");
    assert_eq!(ago(200), "3 min ago");
    assert_eq!(ago(3600), "1 h ago");
    assert_eq!(ago(86_400), "1 day ago");
    assert_eq!(ago(2 * 86_400 + 5), "2 days ago");
    assert_eq!(ago(45 * 86_400), "1 month ago");
    assert_eq!(ago(800 * 86_400), "2 years ago");
    assert_eq!(ago(-180), "in 3 min");
}

#[test]
fn beyond_the_calendar_there_are_seconds() {
    let end = at(i64::MAX);
    assert_eq!(full(end, &zone("UTC")), "@9223372036854775807");
    assert_eq!(clock(end, &zone("UTC")), "@9223372036854775807");
    assert_eq!(offset(end, &zone("+8")), "+00:00");
    assert!(day(end, &zone("UTC")) > day(at(FRIDAY), &zone("UTC")));
    // The last second that every zone can show.
    assert_eq!(
        full(at(253_402_207_200), &zone("UTC")),
        "9999-12-30 22:00:00 +00:00"
    );
    assert_eq!(full(at(253_402_207_201), &zone("UTC")), "@253402207201");
}

proptest! {
    #[test]
    fn any_time_can_be_shown(
        seconds in prop_oneof![1..=i64::MAX, 1..300_000_000_000_i64, 253_400_000_000..253_410_000_000_i64],
        now in 1..=i64::MAX,
        name in prop::sample::select(vec!["UTC", "Asia/Shanghai", "America/New_York", "+14:00", "-14:00"]),
    ) {
        let (time, zone) = (at(seconds), zone(name));
        prop_assert!(!full(time, &zone).is_empty());
        prop_assert!(!clock(time, &zone).is_empty());
        prop_assert!(!day(time, &zone).label().is_empty());
        prop_assert!(!offset(time, &zone).is_empty());
        prop_assert!(!ago(time, at(now)).is_empty());
    }
}

#[test]
fn the_zone_of_a_machine_gets_a_name_that_means_the_same_elsewhere() {
    let local = |zone: TimeZone| Zone {
        name: LOCAL.to_owned(),
        zone,
    };
    let named = |name: &str| local(TimeZone::get(name).expect("known"));
    let posix = |text: &str| local(TimeZone::posix(text).expect("readable"));
    for (zone, name) in [
        (named("Asia/Shanghai"), "Asia/Shanghai"),
        (named("Europe/Berlin"), "Europe/Berlin"),
        (local(TimeZone::UTC), "UTC"),
        (local(TimeZone::unknown()), "UTC"),
        (posix("CST-8"), "+08:00"),
        (posix("<+0545>-5:45"), "+05:45"),
        (Zone::utc(), "UTC"),
    ] {
        let lasting = zone.lasting();
        assert_eq!(lasting.name(), name);
        assert!(lasting.is_like(&zone), "{name}");
        assert_eq!(lasting.lasting(), lasting);
        let elsewhere = Zone::parse(name, &named("America/New_York"));
        assert_eq!(elsewhere.as_ref(), Ok(&lasting));
    }
    // Nothing but a machine that is set alike knows this one.
    let odd = posix("EST5EDT,M4.1.0,M10.1.0");
    let lasting = odd.lasting();
    assert!(lasting.name().starts_with("local-"), "{}", lasting.name());
    let alike = posix("XST5XDT,M4.1.0,M10.1.0");
    let found = Zone::parse(lasting.name(), &alike).expect("alike");
    assert!(found.is_like(&odd) && found.name() == lasting.name());
    for other in [named("America/New_York"), Zone::utc()] {
        assert!(Zone::parse(lasting.name(), &other).is_err());
    }
}
