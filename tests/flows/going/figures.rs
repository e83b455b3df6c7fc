//! What a jump costs, and that it is right, in a million messages over HTTP.

use super::*;

/// SplitMix64, for targets that are the same in every run.
fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The seq on which a time must land: what the service lists at or after it, the
/// first that has a time.
fn assert_true_landing(t: &Harness, group: &Group, time: i64) {
    let at = selected(t);
    let (mut low, mut high) = (1, group.head());
    while low < high {
        let middle = low + (high - low) / 2;
        if group.time(middle) < time {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    assert!(low <= at, "{time}: landed on {at}, before {low}");
    assert_ne!(group.truth(at), Truth::Withheld, "{time}: {at}");
    let timeline = history(t).timeline();
    for passed in low..at {
        let truth = group.truth(passed);
        assert!(
            matches!(truth, Truth::Withheld | Truth::Gone),
            "{time}: passed {passed} on the way to {at}"
        );
        assert_ne!(timeline.state(seq(passed)), SeqState::Unfetched);
        assert!(
            timeline
                .message(seq(passed))
                .is_none_or(|m| m.time.is_none())
        );
    }
}

async fn hundred(page_rule: PageRule, seed: u64) {
    const ID: &str = "@TGS#2MILLION01";
    let mut demo = World::demo_at(START);
    let group = demo.group_mut(ID).expect("there").clone();
    let span = group.time(group.head()) - group.time(1);
    let mut worst = (0, 0, 0);
    let mut t: Option<Harness> = None;
    for n in 0..50_u64 {
        // Each fifth begins with nothing known.
        if n % 5 == 0 {
            let knobs = Knobs {
                page_rule,
                ..Knobs::default()
            };
            let story = Story::of(world(vec![group.clone()])).knobs(knobs);
            t = Some(story.open(ID).settled().await);
        }
        let t = t.as_mut().expect("just begun");
        let share = i64::try_from(mix(seed + n) % 1_000_000).expect("small");
        let time = group.time(1) + span * share / 1_000_000;
        t.press(&format!("g@{time}<enter>"));
        let (rounds, calls) = hunted(t).await;
        assert!(
            rounds <= 5 && calls <= 45,
            "{time}: {rounds} rounds, {calls} calls"
        );
        assert_true_landing(t, &group, time);
        // Half an hour away at most: a few hundred messages.
        let near = time + i64::try_from(mix(n) % 3_600).expect("small") - 1_800;
        t.press(&format!("g@{near}<enter>"));
        let (again, _) = hunted(t).await;
        assert!(again <= 3, "{near} after {time}: {again} rounds");
        assert_true_landing(t, &group, near);
        worst = (worst.0.max(rounds), worst.1.max(calls), worst.2.max(again));
        t.settle().await;
    }
    assert!(worst.0 > 1 && worst.2 > 0, "it was too easy: {worst:?}");
}

#[tokio::test]
async fn fifty_times_in_a_million_messages_where_messages_are_counted() {
    hundred(PageRule::CountMessages, 1).await;
}

#[tokio::test]
async fn fifty_times_in_a_million_messages_where_seqs_are_counted() {
    hundred(PageRule::WindowOfSeqs, 1_000).await;
}
