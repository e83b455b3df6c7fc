mod laws;
mod memory;
mod service;

use super::*;
use crate::model::message::{ItemState, Page, Raw, Timestamp};
use crate::model::text::Clean;

pub(super) fn seq(number: u32) -> Seq {
    Seq::new(number).expect("tests name no zero")
}

/// An item; `text` stands for its JSON.
pub(super) fn item(number: Option<u32>, state: ItemState, text: &str) -> Message {
    Message {
        seq: number.map(seq),
        time: number.and_then(|number| Timestamp::new(1_700_000_000 + i64::from(number))),
        sender: None,
        state,
        system: false,
        random: None,
        priority: None,
        repaired: false,
        raw: Raw::from(text),
    }
}

fn present(number: u32) -> Message {
    item(Some(number), ItemState::Present, &format!("text {number}"))
}

fn gone(number: u32) -> Message {
    item(Some(number), ItemState::Gone, &format!("gone {number}"))
}

fn stray(text: &str) -> Message {
    item(None, ItemState::Unreadable("no seq".into()), text)
}

fn page(items: Vec<Message>) -> Page {
    Page {
        info: Clean::default(),
        items,
        finished: Finished::Whole,
    }
}

/// Descending, as the service gives them.
fn presents(numbers: RangeInclusive<u32>) -> Page {
    page(numbers.rev().map(present).collect())
}

pub(super) fn ask(no: u64, number: Option<u32>, count: u32) -> Ask {
    Ask {
        seq: number.map(seq),
        count: PageSize::clamped(count),
        generation: 0,
        no: AskNo(no),
    }
}

fn run(first: u32, last: u32, state: SeqState) -> Run {
    Run {
        first: seq(first),
        last: seq(last),
        state,
    }
}

fn all_runs(timeline: &Timeline) -> Vec<Run> {
    timeline.runs(Seq::FIRST..=Seq::LAST).collect()
}

/// A group of 100 messages, newest page read.
fn hundred() -> Timeline {
    let mut timeline = Timeline::new();
    timeline.merge(ask(1, None, 20), presents(81..=100));
    timeline
}

#[test]
fn the_newest_page_says_where_the_head_is_and_what_to_ask_next() {
    let mut timeline = Timeline::new();
    assert_eq!(timeline.gap_below(seq(5)), None);
    let merged = timeline.merge(ask(1, None, 20), presents(81..=100));
    assert_eq!(
        (merged.added, merged.visible, merged.head_moved),
        (20, 20, true)
    );
    assert_eq!(timeline.head(), Some(seq(100)));
    let gap = timeline.gap_below(seq(100)).expect("80 are left");
    assert_eq!((gap.upper, gap.lower), (seq(80), seq(1)));
    assert_eq!((gap.seq, gap.count), (seq(80), PageSize::FULL));
    assert_eq!(timeline.counts().unfetched, 80);
    assert_eq!(timeline.gaps(), 1);
    assert!(!timeline.bottom_reached());
}

#[test]
fn seqs_missing_between_the_smallest_item_and_the_one_asked_are_withheld() {
    let mut timeline = hundred();
    let reply = page(vec![present(77), gone(76), present(71)]);
    timeline.merge(ask(2, Some(80), 20), reply);
    assert_eq!(
        all_runs(&timeline),
        [
            run(1, 70, SeqState::Unfetched),
            run(71, 71, SeqState::Present),
            run(72, 75, SeqState::Withheld),
            run(76, 76, SeqState::Gone),
            run(77, 77, SeqState::Present),
            run(78, 80, SeqState::Withheld),
            run(81, 100, SeqState::Present),
        ]
    );
    let backwards: Vec<_> = timeline.runs(seq(60)..=seq(79)).rev().collect();
    assert_eq!(backwards.first(), Some(&run(78, 79, SeqState::Withheld)));
    assert_eq!(backwards.last(), Some(&run(60, 70, SeqState::Unfetched)));
}

#[test]
fn an_empty_page_covers_only_the_window_asked_for() {
    let mut timeline = hundred();
    let merged = timeline.merge(ask(2, Some(80), 20), page(vec![]));
    assert!(merged.empty && !merged.no_progress);
    assert_eq!((merged.added, merged.visible), (20, 0));
    assert_eq!(timeline.run(seq(70)), run(61, 80, SeqState::Withheld));
    assert_eq!(
        timeline.gap_below(seq(100)).map(|gap| gap.seq),
        Some(seq(60))
    );
}

#[test]
fn an_empty_newest_page_covers_nothing() {
    let mut timeline = Timeline::new();
    let merged = timeline.merge(ask(1, None, 20), page(vec![]));
    assert!(merged.empty);
    assert_eq!((timeline.head(), timeline.loaded()), (None, 0));
    assert!(!timeline.is_empty_group());
    assert_eq!(timeline.learn_head(None, AskNo(2)), HeadNews::Same);
    assert!(timeline.is_empty_group());
}

#[test]
fn newest_messages_that_are_withheld_are_found_by_the_reported_head() {
    let mut timeline = hundred();
    assert_eq!(
        timeline.learn_head(Some(seq(103)), AskNo(2)),
        HeadNews::Raised
    );
    let gap = timeline.gap_below(seq(103)).expect("three are not known");
    assert_eq!((gap.seq, gap.count.get()), (seq(103), 3));
    timeline.merge(timeline.ask(Some(gap), AskNo(3)), presents(98..=100));
    assert_eq!(timeline.run(seq(102)), run(101, 103, SeqState::Withheld));
    let merged = timeline.merge(ask(4, None, 20), presents(81..=100));
    assert!(merged.below_head);
}

#[test]
fn an_ask_from_above_the_head_covers_up_to_the_head_of_then() {
    let mut timeline = hundred();
    timeline.merge(ask(2, Some(4000), 20), presents(81..=100));
    assert_eq!(timeline.head(), Some(seq(100)));
    // Fifty more arrive and only the newest are read: nobody has asked for the others.
    timeline.merge(ask(3, None, 20), presents(131..=150));
    assert_eq!(timeline.run(seq(110)), run(101, 130, SeqState::Unfetched));
    // A late report shows that the head was at 105 before that ask: five were left out.
    timeline.learn_head(Some(seq(105)), AskNo(1));
    assert_eq!(timeline.run(seq(102)), run(101, 105, SeqState::Withheld));
    assert_eq!(timeline.run(seq(110)), run(106, 130, SeqState::Unfetched));
}

#[test]
fn items_above_the_seq_asked_count_singly() {
    let mut timeline = hundred();
    let merged = timeline.merge(ask(2, Some(80), 20), page(vec![present(103), present(79)]));
    assert!(!merged.no_progress);
    assert_eq!(timeline.state(seq(80)), SeqState::Withheld);
    assert_eq!(timeline.run(seq(102)), run(101, 102, SeqState::Unfetched));
    assert_eq!(timeline.head(), Some(seq(103)));
}

#[test]
fn a_reply_that_stays_above_the_seq_asked_is_no_progress() {
    let mut timeline = hundred();
    let merged = timeline.merge(ask(2, Some(80), 20), presents(81..=100));
    assert!(merged.no_progress && !merged.empty);
    assert_eq!(merged.added, 0);
    assert_eq!(timeline.state(seq(80)), SeqState::Unfetched);
}

#[test]
fn a_gap_towards_newer_is_asked_by_its_upper_end() {
    let mut timeline = hundred();
    timeline.merge(ask(2, Some(20), 20), presents(1..=20));
    let gap = timeline.gap_above(seq(5)).expect("21 to 80 are left");
    assert_eq!((gap.lower, gap.upper), (seq(21), seq(80)));
    assert_eq!((gap.seq, gap.count.get()), (seq(40), 20));
    // Cut by the service: what is left lies nearest to the reader and is next.
    timeline.merge(timeline.ask(Some(gap), AskNo(3)), presents(33..=40));
    let rest = timeline.gap_above(seq(5)).expect("21 to 32 are left");
    assert_eq!((rest.seq, rest.count.get()), (seq(32), 12));
    assert_eq!(timeline.gap_above(seq(81)), None);
}

#[test]
fn a_jump_into_an_unfetched_stretch_asks_from_there() {
    let timeline = hundred();
    let below = timeline.gap_below(seq(40)).expect("40 is not known");
    assert_eq!((below.seq, below.len()), (seq(40), 40));
    let above = timeline.gap_above(seq(70)).expect("70 is not known");
    assert_eq!((above.seq, above.count.get()), (seq(80), 11));
}

#[test]
fn the_later_asked_answer_wins_and_the_first_stays() {
    let (asked_early, asked_late) = (ask(2, Some(80), 1), ask(3, Some(80), 1));
    for late_first in [false, true] {
        let mut timeline = hundred();
        let mut replies = vec![
            (asked_early, page(vec![present(80)])),
            (asked_late, page(vec![gone(80)])),
        ];
        if late_first {
            replies.reverse();
        }
        for (ask, reply) in replies {
            timeline.merge(ask, reply);
        }
        assert_eq!(timeline.message(seq(80)), Some(&gone(80)));
        let first = timeline.first_answer(seq(80)).expect("it has changed");
        assert_eq!((first.no, first.message), (AskNo(2), Some(&present(80))));
        assert_eq!(timeline.first_answer(seq(81)), None);
    }
}

#[test]
fn a_message_that_is_left_out_later_is_withheld_but_not_lost() {
    let mut timeline = hundred();
    let merged = timeline.merge(
        ask(2, Some(100), 20),
        page((81..=100).filter(|n| *n != 90).map(present).collect()),
    );
    assert_eq!((merged.added, merged.changed), (0, 1));
    assert_eq!(timeline.state(seq(90)), SeqState::Withheld);
    assert_eq!(timeline.message(seq(90)), None);
    let first = timeline
        .first_answer(seq(90))
        .and_then(|first| first.message);
    assert_eq!(first, Some(&present(90)));
    // And when it is back, it was withheld in between: that differs.
    timeline.merge(ask(3, Some(90), 1), presents(90..=90));
    assert_eq!(timeline.message(seq(90)), Some(&present(90)));
    let between = timeline.first_answer(seq(90)).expect("it has changed");
    assert_eq!((between.no, between.message), (AskNo(2), None));
}

#[test]
fn of_two_items_for_one_seq_in_one_reply_the_one_that_shows_more_counts() {
    for items in [vec![present(100), gone(100)], vec![gone(100), present(100)]] {
        let mut timeline = Timeline::new();
        let merged = timeline.merge(ask(1, None, 20), page(items));
        assert_eq!((merged.added, merged.visible, merged.changed), (1, 1, 0));
        assert_eq!(timeline.message(seq(100)), Some(&present(100)));
        let first = timeline.first_answer(seq(100)).expect("the other one");
        assert_eq!((first.no, first.message), (AskNo(1), Some(&gone(100))));
    }
}

#[test]
fn an_item_without_a_seq_hangs_under_its_predecessor() {
    let mut timeline = Timeline::new();
    let items = vec![stray("a"), present(9), stray("b"), stray("b"), present(8)];
    let reply = page(items);
    let merged = timeline.merge(ask(1, None, 20), reply.clone());
    assert_eq!((merged.added, merged.strays), (2, 3));
    let texts: Vec<_> = timeline
        .strays(seq(9))
        .iter()
        .map(|m| m.raw.bytes())
        .collect();
    assert_eq!(texts, [b"a", b"b", b"b"]);
    assert_eq!(timeline.merge(ask(2, None, 20), reply).strays, 0);
    assert_eq!(timeline.counts().strays, 3);
    assert!(timeline.strays(seq(8)).is_empty());
}

#[test]
fn a_page_of_items_without_seq_covers_as_an_empty_one() {
    let mut timeline = hundred();
    let merged = timeline.merge(ask(2, Some(80), 20), page(vec![stray("a")]));
    assert!(merged.empty && !merged.no_progress);
    assert_eq!(timeline.run(seq(80)), run(61, 80, SeqState::Withheld));
    assert_eq!(timeline.strays(seq(80)).len(), 1);
    timeline.merge(ask(3, None, 20), page(vec![stray("b")]));
    assert_eq!(timeline.placeless().len(), 1);
}

#[test]
fn a_page_keeps_its_verdict_at_its_lower_end() {
    let mut timeline = hundred();
    let cut = Page {
        info: Clean::default(),
        items: vec![present(80)],
        finished: Finished::Cut,
    };
    timeline.merge(ask(2, Some(80), 20), cut);
    assert_eq!(timeline.finished_at(seq(80)), Some(&Finished::Cut));
    assert_eq!(timeline.finished_at(seq(81)), Some(&Finished::Whole));
    let expired = Page {
        info: Clean::default(),
        items: vec![],
        finished: Finished::Expired,
    };
    timeline.merge(ask(3, Some(79), 20), expired);
    assert_eq!(timeline.finished_at(seq(60)), Some(&Finished::Expired));
    assert_eq!(timeline.finished_at(seq(59)), None);
}

#[test]
fn a_lower_head_counts_only_when_it_is_reported_twice() {
    let mut timeline = hundred();
    assert_eq!(
        timeline.learn_head(Some(seq(7)), AskNo(2)),
        HeadNews::Doubted
    );
    assert_eq!(
        timeline.learn_head(Some(seq(7)), AskNo(2)),
        HeadNews::Doubted
    );
    assert_eq!(
        (timeline.head(), timeline.generation()),
        (Some(seq(100)), 0)
    );
    assert_eq!(
        timeline.learn_head(Some(seq(8)), AskNo(3)),
        HeadNews::Restarted
    );
    assert_eq!((timeline.head(), timeline.generation()), (Some(seq(8)), 1));
    assert_eq!(timeline.loaded(), 0);
    let merged = timeline.merge(ask(4, None, 20), presents(81..=100));
    assert!(merged.stale);
    assert_eq!(timeline.loaded(), 0);
}

#[test]
fn a_lower_head_is_forgotten_when_the_messages_above_it_come_again() {
    let mut timeline = hundred();
    assert_eq!(
        timeline.learn_head(Some(seq(7)), AskNo(2)),
        HeadNews::Doubted
    );
    timeline.merge(ask(3, None, 20), presents(81..=100));
    assert_eq!(
        timeline.learn_head(Some(seq(7)), AskNo(4)),
        HeadNews::Doubted
    );
    assert_eq!(
        timeline.learn_head(Some(seq(100)), AskNo(5)),
        HeadNews::Same
    );
    assert_eq!(timeline.learn_head(None, AskNo(6)), HeadNews::Doubted);
    assert_eq!(timeline.learn_head(None, AskNo(7)), HeadNews::Restarted);
    assert!(timeline.is_empty_group());
}

#[test]
fn an_old_report_that_comes_late_is_no_lower_head() {
    let mut timeline = Timeline::new();
    timeline.merge(ask(5, None, 20), presents(81..=100));
    assert_eq!(timeline.learn_head(Some(seq(90)), AskNo(3)), HeadNews::Same);
    assert_eq!(timeline.head(), Some(seq(100)));
}

#[test]
fn times_are_found_past_items_without_one() {
    let mut timeline = hundred();
    let mut timeless = gone(80);
    timeless.time = None;
    timeline.merge(ask(2, Some(80), 1), page(vec![timeless]));
    let at = |number: u32| Timestamp::new(1_700_000_000 + i64::from(number)).expect("above zero");
    assert_eq!(timeline.timed_at_or_above(seq(50)), Some((seq(81), at(81))));
    assert_eq!(timeline.timed_at_or_below(seq(95)), Some((seq(95), at(95))));
    assert_eq!(timeline.timed_at_or_below(seq(80)), None);
    assert_eq!(timeline.timed_at_or_above(seq(101)), None);
    let fences = timeline.fences(at(81));
    assert_eq!(
        (fences.below, fences.above),
        (None, Some((seq(81), at(81))))
    );
    let fences = timeline.fences(at(101));
    assert_eq!(
        (fences.below, fences.above),
        (Some((seq(100), at(100))), None)
    );
}

#[test]
fn a_time_that_goes_backwards_is_known_whatever_lies_between() {
    let mut timeline = hundred();
    assert_eq!(timeline.backwards(), None);
    let mut late = present(7);
    late.time = Timestamp::new(1_700_000_099);
    timeline.merge(ask(2, Some(7), 1), page(vec![late]));
    assert_eq!(timeline.backwards(), Some((seq(7), seq(81))));
    // What comes in between later is the nearer neighbour.
    timeline.merge(ask(3, Some(50), 1), page(vec![present(50)]));
    assert_eq!(timeline.backwards(), Some((seq(7), seq(50))));
}

#[test]
fn what_is_left_and_what_was_answered_is_found_across_gaps() {
    let mut timeline = hundred();
    timeline.merge(ask(2, Some(40), 2), page(vec![gone(40), gone(39)]));
    let all = Stretch::new(seq(40), seq(90)).expect("not empty");
    let answered: Vec<_> = timeline.answered(all).collect();
    assert_eq!(
        answered,
        [Some(Stretch::one(seq(40))), Stretch::new(seq(81), seq(90))]
            .map(|stretch| stretch.expect("not empty"))
    );
    assert_eq!(
        timeline.left_at_or_above(seq(1)),
        Stretch::new(seq(81), seq(100))
    );
    assert_eq!(
        timeline.left_at_or_below(seq(84)),
        Stretch::new(seq(81), seq(84))
    );
    assert_eq!(timeline.left_at_or_below(seq(80)), None);
    assert_eq!(timeline.left_at_or_above(seq(101)), None);
}

#[test]
fn a_run_of_two_hundred_thousand_gone_seqs_is_one_span() {
    let mut timeline = Timeline::new();
    for no in 0..10_000u64 {
        let top = 200_000 - u32::try_from(no).expect("small") * 20;
        let items = (top - 19..=top).rev().map(gone).collect();
        timeline.merge(ask(no + 1, Some(top), 20), page(items));
    }
    assert_eq!(timeline.run(seq(77)), run(1, 200_000, SeqState::Gone));
    assert_eq!(timeline.states.len(), 1);
    assert_eq!(timeline.gap_below(Seq::LAST), None);
    assert!(timeline.bottom_reached());
    assert_eq!(timeline.finished_at(seq(1)), Some(&Finished::Whole));
}

#[test]
fn above_the_head_nothing_is_fetched_and_nothing_is_counted() {
    let timeline = hundred();
    assert_eq!(
        timeline.run(seq(300)),
        run(101, u32::MAX, SeqState::Unfetched)
    );
    assert_eq!(timeline.run(seq(30)), run(1, 80, SeqState::Unfetched));
    assert_eq!(
        Timeline::new().run(seq(3)),
        run(1, u32::MAX, SeqState::Unfetched)
    );
    assert_eq!(timeline.runs(seq(101)..=seq(300)).count(), 0);
    assert_eq!(timeline.messages(seq(99)..=seq(300)).count(), 2);
    assert_eq!(timeline.messages(seq(9)..=seq(3)).count(), 0);
    assert_eq!(timeline.runs(seq(9)..=seq(3)).count(), 0);
}

#[test]
fn a_reply_with_seqs_from_end_to_end_costs_no_more_than_its_items() {
    let mut timeline = Timeline::new();
    let merged = timeline.merge(ask(1, None, 20), page(vec![present(u32::MAX), present(1)]));
    assert_eq!((merged.added, merged.visible), (u32::MAX, 2));
    assert_eq!(
        timeline.run(seq(9)),
        run(2, u32::MAX - 1, SeqState::Withheld)
    );
    assert_eq!(
        (timeline.gap_below(Seq::LAST), timeline.gap_above(seq(1))),
        (None, None)
    );
    assert_eq!(timeline.counts().unfetched, 0);
    assert_eq!((timeline.states.len(), timeline.absent.len()), (3, 1));
}
