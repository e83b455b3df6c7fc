use super::sample::{START, group, item, learn, present, seq, stretch};
use super::*;
use crate::model::message::{ItemState, Message};

fn runs(findings: &Findings) -> Vec<(Stretch, Lack, Option<u64>)> {
    let run = |f: &Finding| match &f.what {
        What::Run { lack, span, .. } => Some((f.at, *lack, span.seconds())),
        What::Silence { .. } | What::Twice { .. } | What::Backwards { .. } => None,
    };
    findings.found.iter().filter_map(run).collect()
}

#[test]
fn runs_say_why_and_within_which_time() {
    let mut timeline = group(100);
    let items = vec![
        present(50, 0),
        item(51, ItemState::Recalled, None),
        item(52, ItemState::Recalled, None),
        present(53, 9),
        item(54, ItemState::Gone, Some(20)),
        item(55, ItemState::Gone, Some(25)),
        present(58, 60),
        item(59, ItemState::Unreadable("no body".into()), None),
    ];
    learn(&mut timeline, 2, 59, items);
    learn(&mut timeline, 3, 90, vec![present(90, 100)]);
    let findings = examine(&timeline, stretch(40, 95), &[stretch(92, 120)]);
    assert_eq!(
        runs(&findings),
        [
            (stretch(40, 49), Lack::Unfetched, None),
            (stretch(51, 52), Lack::Recalled, Some(9)),
            (stretch(54, 55), Lack::Gone, Some(5)),
            (stretch(56, 57), Lack::Withheld, Some(35)),
            (stretch(59, 59), Lack::Unreadable, Some(40)),
            (stretch(60, 89), Lack::Unfetched, Some(40)),
            (stretch(91, 91), Lack::Unfetched, None),
            (stretch(92, 95), Lack::Failed, None),
        ]
    );
    let counts = Tally {
        present: 4,
        gone: 2,
        recalled: 2,
        withheld: 2,
        unreadable: 1,
        failed: 4,
        unfetched: 41,
    };
    assert_eq!(findings.counts, counts);
    assert_eq!(counts.seqs(), 56);
    assert_eq!(findings.found.len(), 8);
    assert_eq!(findings.cut, None);
}

#[test]
fn counts_are_those_of_the_timeline() {
    let mut timeline = group(300);
    for page in 0..6_u32 {
        let items = (1..=20_u32)
            .filter(|n| n % 7 != 0)
            .map(|n| {
                let number = page * 40 + n;
                let state = match n % 5 {
                    0 => ItemState::Gone,
                    1 => ItemState::Recalled,
                    _ => ItemState::Present,
                };
                item(number, state, Some(i64::from(number)))
            })
            .collect();
        learn(&mut timeline, u64::from(page) + 2, page * 40 + 20, items);
    }
    let counts = timeline.counts();
    let found = examine(&timeline, Stretch::ALL, &[stretch(30, 50), stretch(22, 35)]);
    let tally = found.counts;
    assert_eq!(tally.present, counts.present);
    assert_eq!(tally.gone, counts.gone);
    assert_eq!(tally.recalled, counts.recalled);
    assert_eq!(tally.withheld, counts.withheld);
    assert_eq!(tally.unreadable, counts.unreadable);
    assert_eq!(tally.missing(), counts.unfetched);
    // 22-40 of the failed ones are not loaded.
    assert_eq!(tally.failed, 19);
    assert_eq!(tally.judged(), timeline.loaded());
    let in_runs: u32 = runs(&found).iter().map(|(at, _, _)| at.len()).sum();
    assert_eq!(in_runs + tally.present, 300);
    let failed = runs(&found)
        .into_iter()
        .filter(|(_, lack, _)| *lack == Lack::Failed);
    let failed: Vec<_> = failed.map(|(at, _, _)| at).collect();
    assert_eq!(failed, [stretch(22, 40)]);
}

#[test]
fn a_silence_is_not_claimed_across_what_is_not_loaded() {
    let mut timeline = group(60);
    let chat = |from: u32, to: u32, start: i64| -> Vec<Message> {
        (from..=to)
            .map(|n| present(n, start + i64::from(n - from) * 30))
            .collect()
    };
    learn(&mut timeline, 2, 10, chat(1, 10, 0));
    // Nobody knows what was written in 11-20, for a whole day.
    learn(&mut timeline, 3, 30, chat(21, 30, 86_400));
    // Here the service has answered: 31 cannot be read and two hours pass.
    let mut items = chat(32, 42, 86_400 + 7_200);
    items.push(present(30, 86_400 + 270));
    items.push(item(31, ItemState::Unreadable("no body".into()), None));
    learn(&mut timeline, 4, 42, items);
    let found = examine(&timeline, stretch(1, 42), &[]).found;
    let silences: Vec<_> = found
        .iter()
        .filter(|f| matches!(f.what, What::Silence { .. }))
        .collect();
    assert_eq!(silences.len(), 1, "{silences:?}");
    let only = silences.first().expect("there is one");
    assert_eq!(only.at, stretch(30, 32));
    let from = Timestamp::new(START + 86_400 + 270).expect("not zero");
    let to = Timestamp::new(START + 86_400 + 7_200).expect("not zero");
    let expected = What::Silence {
        from,
        to,
        timeless: 1,
    };
    assert_eq!(only.what, expected);
}

#[test]
fn long_pauses_are_no_silence_where_all_are_long() {
    let mut timeline = group(20);
    let daily = (1..=20).map(|n| present(n, i64::from(n) * 86_400));
    learn(&mut timeline, 2, 20, daily.collect());
    assert_eq!(examine(&timeline, Stretch::ALL, &[]).found, []);
}

#[test]
fn only_the_longest_silences_are_listed() {
    let mut timeline = group(30);
    let mut at = 0;
    let mut items = Vec::new();
    for n in 1..=15_u32 {
        at += 1000 + i64::from(n);
        items.push(present(n * 2 - 1, at));
        items.push(present(n * 2, at + 1));
    }
    learn(&mut timeline, 2, 30, items);
    let found = examine(&timeline, Stretch::ALL, &[]).found;
    // Of 14 long pauses between 15 short ones, each longer than the one before.
    let firsts: Vec<_> = found.iter().map(|f| f.at.first().get()).collect();
    assert_eq!(firsts, [10, 12, 14, 16, 18, 20, 22, 24, 26, 28]);
}

#[test]
fn duplicates_have_sender_and_random_in_common() {
    let mut timeline = group(6);
    let with = |number, sender: &str, random| Message {
        sender: Some(UserId::new(sender)),
        random: Some(random),
        ..present(number, i64::from(number) * 4)
    };
    let items = vec![
        with(1, "alice", 7),
        with(2, "bob", 7),
        with(3, "alice", 7),
        with(4, "alice", 0),
        with(5, "alice", 0),
        with(6, "alice", 7),
    ];
    learn(&mut timeline, 2, 6, items);
    let found = examine(&timeline, Stretch::ALL, &[]).found;
    let twins: Vec<_> = found.iter().map(|f| (f.at.first(), &f.what)).collect();
    let twice = |of, apart| What::Twice {
        of: seq(of),
        apart: Some(apart),
        sender: UserId::new("alice"),
    };
    assert_eq!(twins, [(seq(3), &twice(1, 8)), (seq(6), &twice(3, 12))]);
}

#[test]
fn a_time_that_goes_backwards_is_reported_once() {
    let mut timeline = group(5);
    let times = [(1, 100), (2, 5_000), (3, 110), (4, 120), (5, 120)];
    let items = times.map(|(n, at)| present(n, at)).to_vec();
    learn(&mut timeline, 2, 5, items);
    let found = examine(&timeline, Stretch::ALL, &[]).found;
    let backwards: Vec<_> = found
        .iter()
        .filter(|f| matches!(f.what, What::Backwards { .. }))
        .map(|f| (f.at, &f.what))
        .collect();
    let what = What::Backwards {
        after: seq(2),
        by: 4_890,
    };
    assert_eq!(backwards, [(stretch(3, 3), &what)]);
    // Seq 2 was ahead of its time: nobody was silent before it.
    assert_eq!(found.len(), 1);
}

#[test]
fn a_time_out_of_order_makes_no_silence() {
    let of = |times: &[i64]| {
        let items = (1..).zip(times).map(|(n, at)| present(n, *at));
        silences(items.collect())
    };
    assert_eq!(of(&[9_001, 9_002, 9_003, 1, 9_004, 9_005]), []);
    assert_eq!(of(&[1, 2, 90_000, 3, 4, 5]), []);
    assert_eq!(of(&[1, 2, 90_000, 3, 4, 7_000, 7_001]), [(5, 6)]);
    assert_eq!(of(&[1, 2, 3, 7_000, 1, 7_001, 7_002]), [(3, 4)]);
    // The clock is put back for good: silences are seen again.
    let back = [90_001, 90_002, 90_003, 1, 2, 3, 4, 7_000, 7_001];
    assert_eq!(of(&back), [(7, 8)]);
    // The first may be the one that is wrong, or the second.
    assert_eq!(of(&[90_000, 1, 2, 7_000, 7_001]), [(3, 4)]);
    assert_eq!(of(&[90_000, 1, 7_000, 7_001]), [(2, 3)]);
    assert_eq!(of(&[90_000, 1, 90_001, 90_002]), []);
    // A single one that nothing follows is believed, as one that is put back is not.
    assert_eq!(of(&[1, 2, 3, 4, 90_000]), [(4, 5)]);
    assert_eq!(of(&[5, 6, 90_000, 1, 2, 3, 4]), []);
}

#[test]
fn a_misdated_message_takes_no_silence_away() {
    let mut items = Vec::new();
    let mut at = 0;
    for n in 1..=10_u32 {
        items.push(present(n * 2 - 1, at));
        items.push(present(n * 2, at + 1));
        at += 1_000;
    }
    items.push(present(21, at));
    items.push(present(22, at + 900_000));
    items.push(present(23, at + 1));
    assert_eq!(silences(items).len(), MOST_SILENCES);
}

#[test]
fn no_silence_is_claimed_across_what_was_written_at_an_unknown_time() {
    let with = |middle: Option<Message>| {
        let rest = [present(1, 0), present(2, 10), present(4, 7_000)];
        silences(rest.into_iter().chain(middle).collect())
    };
    assert_eq!(with(None), [], "withheld");
    for state in [ItemState::Gone, ItemState::Recalled] {
        assert_eq!(with(Some(item(3, state.clone(), None))), []);
        assert_eq!(with(Some(item(3, state, Some(20)))), [(3, 4)]);
    }
    // A late one in between does not make it known.
    let items = vec![
        present(1, 0),
        present(2, 10),
        item(3, ItemState::Gone, None),
        present(4, -5),
        present(5, 7_000),
        present(6, 14_000),
    ];
    assert_eq!(silences(items), [(5, 6)]);
}

#[test]
fn among_few_messages_every_long_pause_is_a_silence() {
    let of = |times: &[i64]| {
        let items = (1..).zip(times).map(|(n, at)| present(n, *at));
        silences(items.collect())
    };
    assert_eq!(of(&[0, 7_000]), [(1, 2)]);
    assert_eq!(of(&[0, 30, 7_000, 14_000]), [(2, 3), (3, 4)]);
    // From five pauses on there is a usual one: 30 of six, the lower in the middle.
    assert_eq!(of(&[0, 30, 60, 90, 7_000, 14_000, 21_000]).len(), 3);
    assert_eq!(of(&[0, 30, 60, 7_000, 14_000, 21_000]), []);
}

/// First and last seq of the silences in a group of these items.
fn silences(items: Vec<Message>) -> Vec<(u32, u32)> {
    let seqs = items.iter().filter_map(|item| item.seq);
    let head = seqs.max().map_or(1, Seq::get);
    let mut timeline = group(head);
    learn(&mut timeline, 2, head, items);
    let found = examine(&timeline, Stretch::ALL, &[]).found;
    let silences = found.iter().filter(|f| match f.what {
        What::Silence { .. } => true,
        What::Run { .. } | What::Twice { .. } | What::Backwards { .. } => false,
    });
    let ends = silences.map(|f| (f.at.first().get(), f.at.last().get()));
    ends.collect()
}

#[test]
fn a_random_number_that_comes_again_much_later_is_chance() {
    let same = |number: u32, at: Option<i64>| Message {
        sender: Some(UserId::new("alice")),
        random: Some(7),
        ..item(number, ItemState::Present, at)
    };
    let twins = |items: Vec<Message>| {
        let mut timeline = group(3_000);
        for (no, item) in (2..).zip(items) {
            let top = item.seq.map_or(1, Seq::get);
            learn(&mut timeline, no, top, vec![item]);
        }
        let found = examine(&timeline, Stretch::ALL, &[]).found;
        let twice = |f: &&Finding| matches!(f.what, What::Twice { .. });
        let twins = found.iter().filter(twice);
        twins.map(|f| f.at.first().get()).collect::<Vec<_>>()
    };
    let day = 86_400;
    let timed = [(1, 0), (2, day), (3, 2 * day + 1), (2_900, 2 * day + 9)];
    let timed = timed.map(|(n, at)| same(n, Some(at))).to_vec();
    assert_eq!(twins(timed), [2, 2_900]);
    let untimed = [(1, None), (1_001, None), (2_002, Some(5)), (2_003, None)];
    let untimed = untimed.map(|(n, at)| same(n, at)).to_vec();
    assert_eq!(twins(untimed), [1_001, 2_003]);
}

#[test]
fn the_sender_of_a_run_is_told_where_the_service_tells() {
    let mut timeline = group(8);
    let by = |number, sender: &str| Message {
        sender: Some(UserId::new(sender)),
        ..item(number, ItemState::Recalled, None)
    };
    let items = vec![
        item(1, ItemState::Recalled, None),
        by(2, "alice"),
        present(3, 0),
        by(4, "alice"),
        by(5, "bob"),
        present(6, 1),
        item(7, ItemState::Recalled, None),
        present(8, 2),
    ];
    learn(&mut timeline, 2, 8, items);
    let found = examine(&timeline, Stretch::ALL, &[]).found;
    let senders = found.iter().filter_map(|f| match &f.what {
        What::Run { sender, .. } => Some(sender.clone()),
        What::Silence { .. } | What::Twice { .. } | What::Backwards { .. } => None,
    });
    let senders: Vec<_> = senders.collect();
    let alice = Sender::One(UserId::new("alice"));
    assert_eq!(senders, [alice, Sender::Several, Sender::Untold]);
}

#[test]
fn the_list_has_an_end_and_says_where_it_stops_being_whole() {
    let head = 20_000;
    let mut timeline = group(head);
    for page in 0..head / 20 {
        let items = (1..=20)
            .map(|n| {
                let number = page * 20 + n;
                if number % 2 == 0 {
                    item(number, ItemState::Gone, None)
                } else {
                    // A duplicate far behind the last run that is listed.
                    Message {
                        random: Some(if number > 19_990 { 1 } else { number }),
                        ..present(number, i64::from(number))
                    }
                }
            })
            .collect();
        learn(&mut timeline, u64::from(page) + 2, page * 20 + 20, items);
    }
    let found = examine(&timeline, Stretch::ALL, &[]);
    assert_eq!(found.counts.gone, 10_000);
    assert_eq!(runs(&found).len(), MOST_RUNS);
    let cut = Cut {
        unlisted: 6_000,
        from: seq(8_002),
    };
    assert_eq!(found.cut, Some(cut));
    assert_eq!(
        found.found.last().map(|f| f.at.first()),
        Some(seq(19_999)),
        "the duplicates are there all the same"
    );
    let rest = examine(&timeline, stretch(8_002, head), &[]);
    assert_eq!(rest.cut.map(|cut| cut.from), Some(seq(16_002)));
}

#[test]
fn where_nothing_is_known_nothing_is_found() {
    let nothing = examine(&Timeline::new(), Stretch::ALL, &[stretch(1, 5)]);
    assert_eq!((nothing.line, nothing.found.len()), (None, 0));
    let above = examine(&group(10), stretch(11, 20), &[]);
    assert_eq!((above.line, above.counts.seqs()), (None, 0));
    let mut timeline = group(1);
    learn(&mut timeline, 2, 1, vec![present(1, 0)]);
    let one = examine(&timeline, Stretch::ALL, &[]);
    assert_eq!((one.line, one.found.len()), (Some(stretch(1, 1)), 0));
    assert_eq!(one.counts.present, 1);
}
