use proptest::prelude::*;

use super::*;

fn group(n: usize) -> Conversation {
    Conversation::group(GroupId::new(format!("@TGS#{n}")))
}

fn seq(number: u32) -> Seq {
    Seq::new(number).expect("above zero")
}

fn at(seconds: i64) -> Option<Timestamp> {
    Timestamp::new(seconds)
}

fn mark(number: u32, note: &str) -> Mark {
    Mark::new(seq(number), note, at(1_700_000_000))
}

fn read(json: &str) -> Places {
    serde_json::from_str(json).expect("it reads")
}

#[test]
fn the_conversation_visited_last_comes_first() {
    let mut places = Places::default();
    for n in [1, 2, 3, 1] {
        places.touch(&group(n));
    }
    let order: Vec<Conversation> = places.iter().map(Remembered::conversation).collect();
    assert_eq!(order, [group(1), group(3), group(2)]);
}

#[test]
fn a_visit_is_remembered_as_it_ended() {
    let mut places = Places::default();
    let topic = Conversation {
        topic: Some(TopicId::new("@TOPIC#_1")),
        ..group(1)
    };
    let parting = Parting {
        seq: Some(seq(812)),
        filter: Some("  from:alice\nis:recalled "),
        follow: true,
        head: Some(seq(900)),
        time: at(1_700_000_000),
    };
    places.part(&topic, parting);
    let known = places.find(&topic).expect("remembered");
    assert_eq!(
        (known.seq, known.filter.as_deref(), known.follow),
        (Some(812), Some("from:alice is:recalled"), true)
    );
    assert_eq!(
        (known.last_head, known.last_time),
        (Some(900), Some(1_700_000_000))
    );
    assert_eq!(places.find(&group(1)), None, "the community is another");
    // A visit during which nothing was learned leaves the line where it was.
    places.part(&topic, Parting::default());
    let known = places.find(&topic).expect("remembered");
    assert_eq!(
        (known.seq, &known.filter, known.follow),
        (None, &None, false)
    );
    assert_eq!(
        (known.last_head, known.last_time),
        (Some(900), Some(1_700_000_000))
    );
}

#[test]
fn marks_are_kept_by_seq_and_go_as_they_came() {
    let mut places = Places::default();
    let here = group(1);
    for number in [30, 10, 20] {
        assert_eq!(places.toggle_mark(&here, mark(number, "")), Marked::Set);
    }
    assert_eq!(places.mark(&here, mark(10, "the refund")), Marked::Set);
    let all: Vec<(u32, &str)> = places
        .marks(&here)
        .iter()
        .map(|m| (m.seq, m.note.as_str()))
        .collect();
    assert_eq!(all, [(10, "the refund"), (20, ""), (30, "")]);
    assert_eq!(places.toggle_mark(&here, mark(20, "x")), Marked::Removed);
    assert!(places.mark_of(&here, seq(20)).is_none());
    assert!(!places.unmark(&here, seq(20)));
    assert!(!places.unmark(&group(2), seq(10)));
    assert_eq!(places.marks(&group(2)), []);
    assert_eq!(places.marks(&here).len(), 2);
}

#[test]
fn notes_are_one_line_of_bounded_length() {
    let note = |text: &str| mark(1, text).note;
    assert_eq!(
        note("  two\nlines\tand \u{1b}[31m\u{7f}\u{9b} "),
        "two lines and [31m"
    );
    assert_eq!(note(&"生".repeat(500)).chars().count(), NOTE);
}

#[test]
fn age_drops_conversations_but_no_marks() {
    let mut places = Places::default();
    places.mark(&group(0), mark(7, ""));
    for n in 1..=PLACES + 50 {
        places.touch(&group(n));
    }
    assert_eq!(places.iter().count(), PLACES + 1);
    assert_eq!(places.find(&group(50)), None, "the oldest have gone");
    assert!(places.find(&group(51)).is_some());
    assert_eq!(places.marks(&group(0)).len(), 1);
}

#[test]
fn too_many_marks_are_refused_rather_than_others_forgotten() {
    let mut places = Places::default();
    let here = group(1);
    for number in 1..=5_000 {
        assert_eq!(places.mark(&here, mark(number, "")), Marked::Set);
    }
    assert_eq!(places.mark(&here, mark(5_001, "")), Marked::Full);
    assert_eq!(places.mark(&group(2), mark(1, "")), Marked::Full);
    assert_eq!(places.mark(&here, mark(5, "said anew")), Marked::Set);
    assert!(places.unmark(&here, seq(1)));
    assert_eq!(places.mark(&group(2), mark(1, "")), Marked::Set);
    let mut places = Places::default();
    for n in 0..MARKED_PLACES {
        assert_eq!(places.mark(&group(n), mark(1, "")), Marked::Set);
    }
    assert_eq!(
        places.mark(&group(MARKED_PLACES), mark(1, "")),
        Marked::Full
    );
    assert_eq!(places.mark(&group(0), mark(2, "")), Marked::Set);
}

#[test]
fn damaged_values_are_brought_into_bounds() {
    let long = "x".repeat(2_000);
    let places = read(&format!(
        r#"[
        {{"group": "a", "seq": 0, "last_head": -5, "last_time": -1, "filter": " \u001b ",
          "marks": [{{"seq": 0}}, {{"seq": 9, "note": "a\nb\u0000"}}, {{"seq": 3, "set": -4}},
                    {{"seq": 4294967296}}, {{"seq": "7"}}, {{}}, {{"seq": 9}}]}},
        {{"group": ""}}, {{}}, {{"group": "{long}"}}, {{"group": "b", "topic": "{long}"}},
        {{"group": "c", "topic": "", "filter": "{long}", "seq": 1.5, "new": {{"to": "us"}}}},
        {{"group": "a", "seq": 5, "marks": [{{"seq": 4}}, {{"seq": 3, "note": "said"}}]}}
        ]"#
    ));
    let of = |group: &str| Remembered {
        group: group.to_owned(),
        ..Remembered::default()
    };
    let marks = [(3, "said"), (4, ""), (9, "a b")].map(|(seq, note)| Mark {
        seq,
        note: note.to_owned(),
        set: None,
    });
    let a = Remembered {
        marks: marks.to_vec(),
        ..of("a")
    };
    assert_eq!(places.iter().collect::<Vec<_>>(), [&a, &of("c")]);
}

#[test]
fn what_is_written_is_short() {
    let mut places = Places::default();
    places.touch(&group(1));
    places.mark(&group(1), Mark::new(seq(4), "", None));
    let json = serde_json::to_string(&places).expect("it writes");
    assert_eq!(json, r#"[{"group":"@TGS#1","marks":[{"seq":4}]}]"#);
}

fn said() -> impl Strategy<Value = Vec<Remembered>> {
    let mark = (0_u32..6, ".{0,4}", any::<Option<i64>>());
    let mark = mark.prop_map(|(seq, note, set)| Mark { seq, note, set });
    let marks = prop::collection::vec(mark, 0..8);
    let place = (
        "[ab]{0,2}",
        any::<Option<u32>>(),
        ".{0,6}",
        any::<Option<i64>>(),
        marks,
    );
    let place = place.prop_map(|(group, seq, filter, last_time, marks)| Remembered {
        group,
        seq,
        filter: Some(filter),
        last_time,
        marks,
        ..Remembered::default()
    });
    prop::collection::vec(place, 0..12)
}

proptest! {
    /// Whatever a file said: what is made of it holds the promises, and
    /// writing and reading it again changes nothing.
    #[test]
    fn what_was_read_once_is_in_order(said in said()) {
        let places = Places::of(said);
        let mut seen = std::collections::BTreeSet::new();
        for place in places.iter() {
            prop_assert!(!place.group.is_empty() && seen.insert(place.conversation()));
            prop_assert!(place.marks.is_sorted_by(|a, b| a.seq < b.seq));
            prop_assert!(place.marks.iter().all(|m| m.seq > 0 && !m.note.contains(char::is_control)));
        }
        let json = serde_json::to_string(&places).expect("it writes");
        prop_assert_eq!(read(&json), places);
    }
}
