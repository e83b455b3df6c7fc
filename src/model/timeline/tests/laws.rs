//! The laws of a timeline, over generated conversations and replies.

use std::collections::HashSet;

use proptest::prelude::*;

use super::service::{Reading, Service, Step, service, steps};
use super::*;
use crate::model::text::Clean;

/// Something a timeline is told.
#[derive(Debug, Clone)]
enum Fact {
    Page(Ask, Page),
    Head(Option<Seq>, AskNo),
}

fn told<'a>(facts: impl IntoIterator<Item = &'a Fact>) -> Timeline {
    let mut timeline = Timeline::new();
    for fact in facts {
        match fact.clone() {
            Fact::Page(ask, page) => {
                timeline.merge(ask, page);
            }
            Fact::Head(head, no) => {
                timeline.learn_head(head, no);
            }
        }
    }
    timeline
}

/// What is learnt by asking a group while it changes.
fn learnt(mut service: Service, steps: &[Step]) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (no, step) in (1..).zip(steps) {
        match step {
            Step::Page(number, count) => {
                let ask = ask(no, number.map(Seq::get), *count);
                facts.push(Fact::Page(ask, service.answer(ask)));
            }
            Step::Head => facts.push(Fact::Head(service.head(), AskNo(no))),
            Step::Grow(by) => {
                let length = service.truth.len() + by;
                service.truth.resize(length, SeqState::Present);
            }
            Step::Change(at, state) if !service.truth.is_empty() => {
                let at = at.index(service.truth.len());
                service.truth[at] = *state;
            }
            Step::Change(..) => {}
        }
    }
    facts
}

/// Pages that no sane service would give: any seqs in any order, twice, or none,
/// two different replies to one ask among them.
fn odd_pages() -> impl Strategy<Value = Vec<Fact>> {
    let state = prop_oneof![
        Just(ItemState::Present),
        Just(ItemState::Gone),
        Just(ItemState::Recalled),
    ];
    let item = (prop::option::weighted(0.85, 1u32..40), state, 0u8..3).prop_map(
        |(number, state, text)| {
            let mut item = item(number, state, &format!("{text}"));
            item.time = match text {
                0 => None,
                1 => item.time,
                _ => Timestamp::new(1_700_000_030),
            };
            item
        },
    );
    let finished = prop_oneof![
        Just(Finished::Whole),
        Just(Finished::Cut),
        Just(Finished::Other(Some("7".into()))),
    ];
    let ask = (0u64..9, prop::option::of(1u32..50), 1u32..9)
        .prop_map(|(no, number, count)| ask(no, number, count));
    let fact =
        (ask, prop::collection::vec(item, 0..7), finished).prop_map(|(ask, items, finished)| {
            Fact::Page(
                ask,
                Page {
                    items,
                    finished,
                    info: Clean::default(),
                },
            )
        });
    prop::collection::vec(fact, 0..9)
}

/// One answer for one seq: when, and the item or nothing.
type Answer<'a> = (AskNo, Option<&'a Message>);

/// The coverage rule, word by word and seq by seq.
fn answers(facts: &[Fact], number: Seq) -> Vec<Answer<'_>> {
    let mut answers = Vec::new();
    for fact in facts {
        let Fact::Page(ask, page) = fact else {
            continue;
        };
        let items = page.items.iter().filter(|item| item.seq == Some(number));
        let before = answers.len();
        answers.extend(items.map(|item| (ask.no, Some(item))));
        let seqs = page.items.iter().filter_map(|item| item.seq);
        let covers = match ask.seq {
            None => seqs.clone().min() <= Some(number) && Some(number) <= seqs.clone().max(),
            Some(asked) => {
                let lowest = if seqs.clone().count() == 0 {
                    Some(asked.back(ask.count.get() - 1))
                } else {
                    seqs.clone().filter(|seq| *seq <= asked).min()
                };
                let upper = head_as_of(facts, ask.no).map(|head| head.min(asked));
                lowest.is_some_and(|lowest| lowest <= number) && Some(number) <= upper
            }
        };
        if covers && answers.len() == before {
            answers.push((ask.no, None));
        }
    }
    answers
}

fn head_as_of(facts: &[Fact], no: AskNo) -> Option<Seq> {
    let shown = facts.iter().filter_map(|fact| match fact {
        Fact::Page(ask, page) if ask.no <= no => page.items.iter().filter_map(|m| m.seq).max(),
        Fact::Head(head, asked) if *asked <= no => *head,
        Fact::Page(..) | Fact::Head(..) => None,
    });
    shown.max()
}

fn state_of(answer: Answer<'_>) -> SeqState {
    answer
        .1
        .map_or(SeqState::Withheld, |item| SeqState::from(&item.state))
}

/// Every query of the timeline against what the facts say seq by seq.
fn says_what_the_facts_say(facts: &[Fact]) -> Result<(), TestCaseError> {
    let timeline = told(facts);
    let head = head_as_of(facts, AskNo(u64::MAX));
    prop_assert_eq!(timeline.head(), head);
    let Some(head) = head else { return Ok(()) };
    let mut states = Vec::new();
    for number in 1..=head.get() {
        let said = answers(facts, seq(number));
        let last = said.iter().map(|answer| answer.0).max();
        let newest: Vec<_> = said
            .iter()
            .filter(|answer| Some(answer.0) == last)
            .collect();
        let state = timeline.state(seq(number));
        states.push(state);
        if newest.is_empty() {
            prop_assert_eq!(state, SeqState::Unfetched);
            continue;
        }
        prop_assert_eq!(timeline.asked_last(seq(number)), last);
        prop_assert!(newest.iter().any(|answer| state_of(**answer) == state));
        // Several only where one ask had two replies, or a reply the seq twice. An
        // item counts more than its absence; which item is another test.
        let now = timeline.message(seq(number));
        prop_assert_eq!(
            now.is_some(),
            newest.iter().any(|answer| answer.1.is_some())
        );
        prop_assert!(newest.iter().any(|answer| answer.1 == now));
        let different = said.iter().filter(|answer| answer.1 != now);
        let first = timeline.first_answer(seq(number));
        prop_assert_eq!(
            first.map(|first| first.no),
            different.clone().map(|answer| answer.0).min()
        );
        if let Some(first) = first {
            prop_assert!(said.contains(&(first.no, first.message)));
        }
    }
    knows_its_times(&timeline)?;
    agrees_with(&timeline, &states)
}

/// What is answered in logarithmic time against a look at every record.
fn knows_its_times(timeline: &Timeline) -> Result<(), TestCaseError> {
    let records = timeline.records.iter();
    let times: Vec<(Seq, Timestamp)> = records
        .filter_map(|(at, record)| Some((at, record.time()?)))
        .collect();
    let end = timeline.head().map_or(1, Seq::get);
    for at in (1..60).map(seq) {
        let below = times.iter().rfind(|(timed, _)| *timed <= at);
        prop_assert_eq!(timeline.timed_at_or_below(at), below.copied());
        let above = times.iter().find(|(timed, _)| *timed >= at);
        prop_assert_eq!(timeline.timed_at_or_above(at), above.copied());
        let is_left = |at: &u32| timeline.state(seq(*at)).is_left();
        prop_assert_eq!(
            timeline.left_at_or_above(at).map(|run| run.first().get()),
            (at.get()..=end).find(is_left)
        );
        prop_assert_eq!(
            timeline.left_at_or_below(at).map(|run| run.last().get()),
            (1..=at.get()).rfind(is_left)
        );
    }
    let back = times.windows(2).find(|pair| pair[0].1 > pair[1].1);
    prop_assert_eq!(
        timeline.backwards(),
        back.map(|pair| (pair[0].0, pair[1].0))
    );
    for second in 0..62 {
        let time = Timestamp::new(1_700_000_000 + second).expect("above zero");
        let fences = timeline.fences(time);
        prop_assert!(fences.below.is_none_or(|(_, below)| below < time));
        prop_assert!(fences.above.is_none_or(|(_, above)| above >= time));
        let from = fences.below.map_or(0, |(at, _)| at.get());
        let to = fences.above.map_or(u32::MAX, |(at, _)| at.get());
        let between = |at: u32| from < at && at < to;
        prop_assert!(!times.iter().any(|(at, _)| between(at.get())));
        prop_assert!(times.is_empty() || fences != Fences::default());
    }
    Ok(())
}

/// Runs, gaps and counts against a plain list of states from seq 1 to the head.
fn agrees_with(timeline: &Timeline, states: &[SeqState]) -> Result<(), TestCaseError> {
    let number = |index: usize| seq(u32::try_from(index + 1).expect("short"));
    for (index, state) in states.iter().enumerate() {
        let mut first = index;
        while first > 0 && states[first - 1] == *state {
            first -= 1;
        }
        let same = states[index..].iter().take_while(|other| *other == state);
        let run = Run {
            first: number(first),
            last: number(index + same.count() - 1),
            state: *state,
        };
        prop_assert_eq!(timeline.run(number(index)), run);

        let is_open = |state: &SeqState| *state == SeqState::Unfetched;
        let upper = states[..=index].iter().rposition(is_open);
        let below = timeline.gap_below(number(index));
        prop_assert_eq!(below.map(|gap| gap.upper), upper.map(number));
        prop_assert_eq!(
            below.map(|gap| gap.lower),
            upper.map(|upper| timeline.run(number(upper)).first)
        );
        let lower = states[index..]
            .iter()
            .position(is_open)
            .map(|at| at + index);
        let above = timeline.gap_above(number(index));
        prop_assert_eq!(above.map(|gap| gap.lower), lower.map(number));
        if let Some(gap) = above {
            prop_assert_eq!(gap.seq.get() - gap.lower.get() + 1, gap.count.get());
            prop_assert!(gap.seq <= gap.upper);
        }
    }
    let forth: Vec<_> = timeline.runs(Seq::FIRST..=Seq::LAST).collect();
    let mut back: Vec<_> = timeline.runs(Seq::FIRST..=Seq::LAST).rev().collect();
    back.reverse();
    prop_assert_eq!(&forth, &back);
    let count = |state| {
        let these = states.iter().filter(|other| **other == state).count();
        u32::try_from(these).expect("short")
    };
    let counts = timeline.counts();
    let expected = Counts {
        present: count(SeqState::Present),
        gone: count(SeqState::Gone),
        recalled: count(SeqState::Recalled),
        withheld: count(SeqState::Withheld),
        unreadable: count(SeqState::Unreadable),
        unfetched: count(SeqState::Unfetched),
        strays: counts.strays,
    };
    prop_assert_eq!(counts, expected);
    let open = forth.iter().filter(|run| run.state == SeqState::Unfetched);
    prop_assert_eq!(timeline.gaps(), open.count());
    Ok(())
}

/// A fact list in another order, some of it twice.
fn shuffled(facts: Vec<Fact>) -> impl Strategy<Value = (Vec<Fact>, Vec<Fact>)> {
    let doubled: Vec<Fact> = facts.iter().chain(&facts).cloned().collect();
    (Just(facts), Just(doubled).prop_shuffle())
}

/// How a reader moves.
#[derive(Debug, Clone)]
enum Move {
    Older(prop::sample::Index),
    Newer(prop::sample::Index),
    Newest,
    Again(prop::sample::Index),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let place = any::<prop::sample::Index>;
    let step = prop_oneof![
        place().prop_map(Move::Older),
        place().prop_map(Move::Newer),
        Just(Move::Newest),
        place().prop_map(Move::Again),
    ];
    prop::collection::vec(step, 0..20)
}

/// Asks, and says how many seqs that made known.
fn fetch(timeline: &mut Timeline, service: &Service, gap: Option<Gap>, no: u64) -> u32 {
    let ask = timeline.ask(gap, AskNo(no));
    timeline.merge(ask, service.answer(ask)).added
}

#[test]
fn strays_of_one_place_stand_in_one_order() {
    let place = record::Place {
        no: AskNo(4),
        index: 1,
        nth: 0,
    };
    let hung = |states: [ItemState; 2]| {
        let mut strays = Strays::default();
        for state in states {
            strays.hang(place, item(None, state, "x"));
        }
        strays
    };
    let one = hung([ItemState::Recalled, ItemState::Gone]);
    assert_eq!(one.messages().len(), 2);
    assert_eq!(one, hung([ItemState::Gone, ItemState::Recalled]));
}

proptest! {
    /// Replies of a living group may come in any order, and twice.
    #[test]
    fn merging_is_order_free(
        (facts, other) in (service(), steps())
            .prop_map(|(service, steps)| learnt(service, &steps))
            .prop_flat_map(shuffled)
    ) {
        prop_assert_eq!(told(&facts), told(&other));
    }

    /// So may replies that make no sense.
    #[test]
    fn merging_odd_pages_is_order_free((facts, other) in odd_pages().prop_flat_map(shuffled)) {
        prop_assert_eq!(told(&facts), told(&other));
    }

    /// State, first answer, runs, gaps and counts are what the coverage rule says seq by seq.
    #[test]
    fn a_timeline_says_what_the_facts_say(
        facts in (service(), steps()).prop_map(|(service, steps)| learnt(service, &steps))
    ) {
        says_what_the_facts_say(&facts)?;
    }

    /// Also where the replies make no sense.
    #[test]
    fn a_timeline_of_odd_pages_says_what_they_say(facts in odd_pages()) {
        says_what_the_facts_say(&facts)?;
    }

    /// What is learnt later brings no ask back that was of no use before.
    #[test]
    fn asks_of_no_use_stay_so(facts in odd_pages(), at in any::<prop::sample::Index>()) {
        let (known, later) = facts.split_at(at.index(facts.len() + 1));
        let mut allowed = told(known).asks_in_use();
        for fact in later {
            if let Fact::Page(ask, _) = fact {
                allowed.insert(ask.no);
            }
        }
        let timeline = told(&facts);
        for number in 1..=timeline.head().map_or(0, Seq::get) {
            let last = timeline.asked_last(seq(number));
            prop_assert!(last.is_none_or(|no| allowed.contains(&no)), "{last:?}");
        }
    }

    /// In both readings of the documentation, a walk from the head to the bottom
    /// accounts for each seq exactly once, and each call of it is worth its while.
    #[test]
    fn walking_back_reads_the_whole_conversation(service in service()) {
        let mut timeline = Timeline::new();
        let mut known = fetch(&mut timeline, &service, None, 1);
        timeline.learn_head(service.head(), AskNo(2));
        let mut asked = HashSet::new();
        while let Some(gap) = timeline.gap_below(Seq::LAST) {
            let no = 3 + asked.len() as u64;
            prop_assert!(asked.insert((gap.seq, gap.count)), "asked twice: {gap:?}");
            let added = fetch(&mut timeline, &service, Some(gap), no);
            prop_assert!(added > 0, "nothing new from {gap:?}");
            known += added;
        }
        prop_assert_eq!(known as usize, service.truth.len());
        agrees_with(&timeline, &service.truth)?;
        prop_assert_eq!(timeline.is_empty_group(), service.truth.is_empty());
        if service.cut == 20 {
            // Two windows of 20 in a row cover 21 seqs at least.
            let most = match service.reading {
                Reading::Messages => service.truth.len().div_ceil(20) + 1,
                Reading::Window => 2 * service.truth.len().div_ceil(21) + 1,
            };
            prop_assert!(asked.len() <= most, "{} calls", asked.len());
        }
    }

    /// However one jumps about, gaps are worth asking for, and filling them all ends
    /// with the truth.
    #[test]
    fn jumping_about_ends_with_the_truth(
        (service, moves) in (service(), moves()),
        upwards in any::<bool>(),
    ) {
        let mut timeline = Timeline::new();
        timeline.learn_head(service.head(), AskNo(1));
        let mut no = 1;
        let place = |at: &prop::sample::Index| {
            let index = at.index(service.truth.len().max(1));
            seq(u32::try_from(index + 1).expect("short"))
        };
        for step in &moves {
            no += 1;
            let gap = match step {
                Move::Older(at) => timeline.gap_below(place(at)),
                Move::Newer(at) => timeline.gap_above(place(at)),
                Move::Newest => None,
                Move::Again(at) => {
                    let ask = Ask { seq: Some(place(at)), ..timeline.ask(None, AskNo(no)) };
                    timeline.merge(ask, service.answer(ask));
                    continue;
                }
            };
            let added = fetch(&mut timeline, &service, gap, no);
            prop_assert!(gap.is_none() || added > 0, "nothing new from {gap:?}");
        }
        let next = |timeline: &Timeline| if upwards {
            timeline.gap_above(Seq::FIRST)
        } else {
            timeline.gap_below(Seq::LAST)
        };
        while let Some(gap) = next(&timeline) {
            no += 1;
            prop_assert!(fetch(&mut timeline, &service, Some(gap), no) > 0);
        }
        agrees_with(&timeline, &service.truth)?;
        prop_assert_eq!(timeline.loaded() as usize, service.truth.len());
        for number in 1..=timeline.loaded() {
            prop_assert_eq!(timeline.first_answer(seq(number)), None);
        }
    }
}
