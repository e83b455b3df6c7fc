use super::*;

/// Pages of 20, the newest first.
fn pages(messages: u32) -> impl Iterator<Item = (Ask, Page)> {
    (0..messages / 20).rev().enumerate().map(move |(nth, at)| {
        let (first, last) = (at * 20 + 1, at * 20 + 20);
        let mut items: Vec<Message> = (first..=last).rev().map(present).collect();
        // One of each page is gone, and one is left out.
        if let Some(item) = items.get_mut(3) {
            *item = gone(last - 3);
        }
        items.remove(7);
        let asked = if nth == 0 { None } else { Some(last) };
        (ask(nth as u64 + 1, asked, 20), page(items))
    })
}

#[test]
fn what_is_given_up_keeps_state_and_time_and_comes_back_whole() {
    const MESSAGES: u32 = 4_000;
    let mut whole = Timeline::new();
    for (ask, page) in pages(MESSAGES) {
        whole.merge(ask, page);
    }
    let mut thin = whole.clone();
    let near = [Stretch::one(seq(2_000))];
    while thin.make_room(&near, 0) {}
    assert!(thin.bytes() < whole.bytes());
    assert_eq!(all_runs(&thin), all_runs(&whole));
    assert_eq!(thin.counts(), whole.counts());
    let all = Seq::FIRST..=Seq::LAST;
    assert!(thin.all_known(all.clone()).eq(whole.all_known(all.clone())));
    assert_eq!(thin.fences(time(100)), whole.fences(time(100)));
    // What lies near is here, and what lies far is not.
    assert_eq!(thin.message(seq(2_001)), Some(&present(2_001)));
    let far = thin.away_around(seq(3_001)).expect("it is far");
    assert_eq!(thin.message(seq(3_001)), None);

    // Called back, it is a gap like any other, and the rest is as it was.
    assert!(thin.call_back(far));
    assert_eq!(thin.state(seq(3_001)), SeqState::Unfetched);
    let gap = thin.gap_below(far.last()).expect("it is not loaded");
    assert_eq!((gap.lower, gap.upper), (far.first(), far.last()));
    assert_eq!(
        thin.timed_at_or_below(seq(3_001)),
        whole.timed_at_or_below(seq(3_001))
    );

    // The same answers make it what it was.
    thin.call_back(Stretch::ALL);
    for (ask, page) in pages(MESSAGES) {
        thin.merge(ask, page);
    }
    assert_eq!(thin, whole);
}

fn time(number: i64) -> Timestamp {
    Timestamp::new(1_700_000_000 + number).expect("later than 1970")
}
