//! Every form, in two zones.

use super::*;

/// What is typed, and what it is at 14:05:09 on Friday in Shanghai and at 02:05:09
/// on Friday in New York, the same instant.
const TIMES: &str = "
    today                          | Fri 2024-05-03 00:00:00 +08:00 | Fri 2024-05-03 00:00:00 -04:00
    yesterday                      | Thu 2024-05-02 00:00:00 +08:00 | Thu 2024-05-02 00:00:00 -04:00
    now                            | Fri 2024-05-03 14:05:09 +08:00 | Fri 2024-05-03 02:05:09 -04:00
    2024-05-03                     | Fri 2024-05-03 00:00:00 +08:00 | Fri 2024-05-03 00:00:00 -04:00
    2024/05/03                     | Fri 2024-05-03 00:00:00 +08:00 | Fri 2024-05-03 00:00:00 -04:00
    2024.5.3                       | Fri 2024-05-03 00:00:00 +08:00 | Fri 2024-05-03 00:00:00 -04:00
    3.5.2024                       | Fri 2024-05-03 00:00:00 +08:00 | Fri 2024-05-03 00:00:00 -04:00
    25/12/2023                     | Mon 2023-12-25 00:00:00 +08:00 | Mon 2023-12-25 00:00:00 -05:00
    12/25                          | Mon 2023-12-25 00:00:00 +08:00 | Mon 2023-12-25 00:00:00 -05:00
    3/3                            | Sun 2024-03-03 00:00:00 +08:00 | Sun 2024-03-03 00:00:00 -05:00
    20240503 0930                  | Fri 2024-05-03 09:30:00 +08:00 | Fri 2024-05-03 09:30:00 -04:00
    2024-05-03 09:30               | Fri 2024-05-03 09:30:00 +08:00 | Fri 2024-05-03 09:30:00 -04:00
    09:30 2024-05-03               | Fri 2024-05-03 09:30:00 +08:00 | Fri 2024-05-03 09:30:00 -04:00
    2024-05-03t09:30:08.75         | Fri 2024-05-03 09:30:08 +08:00 | Fri 2024-05-03 09:30:08 -04:00
    2024-05-03T09:30:00,123Z       | Fri 2024-05-03 17:30:00 +08:00 | Fri 2024-05-03 05:30:00 -04:00
    20240503T093000Z               | Fri 2024-05-03 17:30:00 +08:00 | Fri 2024-05-03 05:30:00 -04:00
    09:30:00,2024-05-03            | Fri 2024-05-03 09:30:00 +08:00 | Fri 2024-05-03 09:30:00 -04:00
    09:30:00,20240503              | Fri 2024-05-03 09:30:00 +08:00 | Fri 2024-05-03 09:30:00 -04:00
    2024-05-03 -0300               | Fri 2024-05-03 11:00:00 +08:00 | Thu 2024-05-02 23:00:00 -04:00
    2024-05-03 UTC-3               | Fri 2024-05-03 11:00:00 +08:00 | Thu 2024-05-02 23:00:00 -04:00
    2024-05-03T09:30+08:00         | Fri 2024-05-03 09:30:00 +08:00 | Thu 2024-05-02 21:30:00 -04:00
    2024-05-03T09:30:00Z           | Fri 2024-05-03 17:30:00 +08:00 | Fri 2024-05-03 05:30:00 -04:00
    2024-05-03 09:30 -0330         | Fri 2024-05-03 21:00:00 +08:00 | Fri 2024-05-03 09:00:00 -04:00
    2024-05-03 09:30 GMT+8         | Fri 2024-05-03 09:30:00 +08:00 | Thu 2024-05-02 21:30:00 -04:00
    2024-05-03 -03:00              | Fri 2024-05-03 11:00:00 +08:00 | Thu 2024-05-02 23:00:00 -04:00
    Fri 2024-05-03 14:05:09 +08:00 | Fri 2024-05-03 14:05:09 +08:00 | Fri 2024-05-03 02:05:09 -04:00
    14:05                          | Fri 2024-05-03 14:05:00 +08:00 | Thu 2024-05-02 14:05:00 -04:00
    14:05:09                       | Fri 2024-05-03 14:05:09 +08:00 | Thu 2024-05-02 14:05:09 -04:00
    14:05:10                       | Thu 2024-05-02 14:05:10 +08:00 | Thu 2024-05-02 14:05:10 -04:00
    14:05 +08:00                   | Fri 2024-05-03 14:05:00 +08:00 | Fri 2024-05-03 02:05:00 -04:00
    2:05 pm                        | Fri 2024-05-03 14:05:00 +08:00 | Thu 2024-05-02 14:05:00 -04:00
    2 p.m.                         | Fri 2024-05-03 14:00:00 +08:00 | Thu 2024-05-02 14:00:00 -04:00
    fri 2:05 A.M                   | Fri 2024-05-03 02:05:00 +08:00 | Fri 2024-05-03 02:05:00 -04:00
    2pm                            | Fri 2024-05-03 14:00:00 +08:00 | Thu 2024-05-02 14:00:00 -04:00
    12am                           | Fri 2024-05-03 00:00:00 +08:00 | Fri 2024-05-03 00:00:00 -04:00
    12 pm                          | Fri 2024-05-03 12:00:00 +08:00 | Thu 2024-05-02 12:00:00 -04:00
    yesterday 18:00                | Thu 2024-05-02 18:00:00 +08:00 | Thu 2024-05-02 18:00:00 -04:00
    6 pm yesterday                 | Thu 2024-05-02 18:00:00 +08:00 | Thu 2024-05-02 18:00:00 -04:00
    today 9:00                     | Fri 2024-05-03 09:00:00 +08:00 | Fri 2024-05-03 09:00:00 -04:00
    today 23:00                    | Fri 2024-05-03 23:00:00 +08:00 | Fri 2024-05-03 23:00:00 -04:00
    fri 14:05                      | Fri 2024-05-03 14:05:00 +08:00 | Fri 2024-04-26 14:05:00 -04:00
    friday                         | Fri 2024-05-03 00:00:00 +08:00 | Fri 2024-05-03 00:00:00 -04:00
    fri                            | Fri 2024-05-03 00:00:00 +08:00 | Fri 2024-05-03 00:00:00 -04:00
    sat                            | Sat 2024-04-27 00:00:00 +08:00 | Sat 2024-04-27 00:00:00 -04:00
    thu, 1:00                      | Thu 2024-05-02 01:00:00 +08:00 | Thu 2024-05-02 01:00:00 -04:00
    -2h                            | Fri 2024-05-03 07:33:20 +08:00 | Thu 2024-05-02 19:33:20 -04:00
    +3d                            | Mon 2024-05-06 09:33:20 +08:00 | Sun 2024-05-05 21:33:20 -04:00
    -30m                           | Fri 2024-05-03 09:03:20 +08:00 | Thu 2024-05-02 21:03:20 -04:00
    -1w                            | Fri 2024-04-26 09:33:20 +08:00 | Thu 2024-04-25 21:33:20 -04:00
    -90s                           | Fri 2024-05-03 09:31:50 +08:00 | Thu 2024-05-02 21:31:50 -04:00
    - 1 day 12h                    | Wed 2024-05-01 21:33:20 +08:00 | Wed 2024-05-01 09:33:20 -04:00
    @1458721802                    | Wed 2016-03-23 16:30:02 +08:00 | Wed 2016-03-23 04:30:02 -04:00
    @1458721802999                 | Wed 2016-03-23 16:30:02 +08:00 | Wed 2016-03-23 04:30:02 -04:00
";

#[test]
fn times_are_read_in_the_zone_and_said_in_full() {
    for row in TIMES.trim().lines() {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [text, shanghai, new_york] = cells.as_slice() else {
            panic!("three cells: {row}");
        };
        assert_eq!(words(text, "Asia/Shanghai"), *shanghai, "{text}");
        assert_eq!(words(text, "America/New_York"), *new_york, "{text}");
    }
}

#[test]
fn words_and_destination_are_the_same_time() {
    let time = Destination::Time(at(1_714_716_300));
    for text in [
        "14:05",
        " 2:05  PM ",
        "ＦＲＩ　１４：０５",
        "2024-05-03t14:05",
        "@1714716300",
    ] {
        assert_eq!(destination(text), time, "{text}");
    }
}

#[test]
fn seqs_are_bare_or_counted() {
    let table = [
        ("812", 812, "seq 812"),
        ("1,233", 1233, "seq 1,233"),
        ("#7", 7, "seq 7"),
        ("Seq 812", 812, "seq 812"),
        ("seq:812", 812, "seq 812"),
        ("-200", 612, "seq 612, 200 before the selected"),
        ("+50", 862, "seq 862, 50 after the selected"),
        ("- 1,000", 1, "seq 1 (the first), 811 before the selected"),
        (
            "+99999999999",
            1233,
            "seq 1,233 (the newest), 421 after the selected",
        ),
        ("50%", 617, "seq 617, 50% of 1,233"),
        ("12.5 %", 154, "seq 154, 12.5% of 1,233"),
        ("99.9999%", 1233, "seq 1,233, 99.9999% of 1,233"),
        ("0%", 1, "seq 1, 0% of 1,233"),
        ("100%", 1233, "seq 1,233, 100% of 1,233"),
    ];
    for (text, number, said) in table {
        assert_eq!(destination(text), Destination::Seq(seq(number)), "{text}");
        assert_eq!(words(text, "UTC"), said, "{text}");
    }
}

#[test]
fn the_ends_have_names() {
    assert_eq!(destination("start"), Destination::Start);
    assert_eq!(destination(" END "), Destination::End);
    assert_eq!(
        words("start", "UTC"),
        "the oldest message that is still there"
    );
    assert_eq!(words("end", "UTC"), "the newest message, seq 1,233");
}

#[test]
fn a_number_above_the_head_is_offered_as_a_time() {
    let table = [
        (
            "1458721802",
            1_458_721_802,
            "Wed 2016-03-23 16:30:02 +08:00",
        ),
        (
            "1458721802000",
            1_458_721_802,
            "Wed 2016-03-23 16:30:02 +08:00",
        ),
        ("20240503", 1_714_665_600, "Fri 2024-05-03 00:00:00 +08:00"),
        (
            "202405030930",
            1_714_699_800,
            "Fri 2024-05-03 09:30:00 +08:00",
        ),
        ("1405", 1_714_716_300, "Fri 2024-05-03 14:05:00 +08:00"),
        ("2359", 1_714_665_540, "Thu 2024-05-02 23:59:00 +08:00"),
    ];
    let shanghai = zone("Asia/Shanghai");
    let end = (Destination::End, "the newest message, seq 1,233".to_owned());
    for (text, time, said) in table {
        let reading = read(text, &place(&shanghai)).expect(text);
        assert_eq!(reading.destination, Destination::Time(at(time)), "{text}");
        assert_eq!(
            reading.words,
            format!("{said} (a time: above the head 1,233)")
        );
        assert_eq!(reading.others, std::slice::from_ref(&end));
    }
    for text in ["99999", "5000000", "#1405", "1,405"] {
        assert_eq!(destination(text), Destination::End, "{text}");
        assert_eq!(
            words(text, "UTC"),
            "above the head 1,233: the newest message"
        );
    }
    for (text, what) in [("9999", "time"), ("2405", "time"), ("20240532", "date")] {
        assert_eq!(destination(text), Destination::End, "{text}");
        let said = format!("above the head 1,233, no {what}: the newest message");
        assert_eq!(words(text, "UTC"), said);
    }
}

#[test]
fn a_number_with_a_zero_before_it_is_a_time_of_day() {
    let shanghai = zone("Asia/Shanghai");
    let headless = Place {
        head: None,
        ..place(&shanghai)
    };
    for place in [place(&shanghai), headless] {
        let reading = read("0905", &place).expect("a time");
        assert_eq!(reading.destination, Destination::Time(at(1_714_698_300)));
        assert_eq!(
            reading.words,
            "Fri 2024-05-03 09:05:00 +08:00 (a time, or seq 905)"
        );
        let other = (Destination::Seq(seq(905)), "seq 905".to_owned());
        assert_eq!(reading.others, [other]);
    }
    assert_eq!(destination("0000"), Destination::Time(at(1_714_665_600)));
    assert_eq!(destination("0812"), Destination::Time(at(1_714_695_120)));
    for (text, number) in [("905", 905), ("0099", 99), ("#0905", 905), ("00905", 905)] {
        assert_eq!(destination(text), Destination::Seq(seq(number)), "{text}");
    }
}

#[test]
fn without_a_head_a_number_is_a_seq_unless_it_is_too_large_for_one() {
    let utc = Zone::utc();
    let headless = Place {
        head: None,
        ..place(&utc)
    };
    let reading = read("1405", &headless).expect("a seq");
    assert_eq!(reading.destination, Destination::Seq(seq(1405)));
    assert_eq!(reading.others.len(), 1, "the time of day");
    let reading = read("1458721802", &headless).expect("a time");
    assert_eq!(reading.destination, Destination::Time(at(1_458_721_802)));
    assert_eq!(reading.others.len(), 1, "the seq");
    let reading = read("1458721802000", &headless).expect("a time");
    assert_eq!(reading.others, []);
    assert!(read("50%", &headless).is_err());
    let reading = read("+50", &headless).expect("a seq");
    assert_eq!(reading.destination, Destination::Seq(seq(862)));
}

#[test]
fn without_a_selection_steps_count_from_the_newest_and_from_now() {
    let shanghai = zone("Asia/Shanghai");
    let unselected = Place {
        selected: None,
        selected_time: None,
        ..place(&shanghai)
    };
    let said = |text: &str, place: &Place<'_>| read(text, place).map(|reading| reading.words);
    assert_eq!(
        said("-2h", &unselected).as_deref(),
        Ok("from now: Fri 2024-05-03 12:05:09 +08:00")
    );
    assert_eq!(
        said("-33", &unselected).as_deref(),
        Ok("seq 1,200, 33 before the newest")
    );
    let timeless = Place {
        selected_time: None,
        ..place(&shanghai)
    };
    assert_eq!(
        said("-2h", &timeless).as_deref(),
        Ok("from now (no time here): Fri 2024-05-03 12:05:09 +08:00")
    );
    let nowhere = Place {
        now: None,
        head: None,
        ..unselected
    };
    assert!(said("-2h", &nowhere).is_err());
    assert!(said("-200", &nowhere).is_err());
}

#[test]
fn a_date_that_is_two_shows_both() {
    let shanghai = zone("Asia/Shanghai");
    let (march, may) = (at(1_709_568_000), at(1_714_665_600));
    for text in ["03/05/2024", "3/5", "03-05", "3-5-2024"] {
        let reading = read(text, &place(&shanghai)).expect(text);
        assert_eq!(reading.destination, Destination::Time(march), "{text}");
        assert_eq!(
            reading.words,
            "Tue 2024-03-05 00:00:00 +08:00, or Fri 2024-05-03"
        );
        let other = "Fri 2024-05-03 00:00:00 +08:00".to_owned();
        assert_eq!(reading.others, [(Destination::Time(may), other)]);
    }
    // A weekday tells which.
    assert_eq!(destination("fri 3/5/2024"), Destination::Time(may));
    assert_eq!(destination("fri 3/5"), Destination::Time(may));
}
