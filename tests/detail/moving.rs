//! What keys do.

use tim_history::app::action::Action;
use tim_history::app::detail::{Laid, Outcome};
use tim_history::app::line::Role;
use tim_history::model::needle::Needle;
use tim_history::model::text::Clean;

use crate::pane::{Pane, message, only, sample, text};

#[test]
fn forwards_open_to_the_deepest_and_close_again() {
    let all = sample("09a_relay_nested");
    let it = all.first().expect("one message");
    let mut pane = Pane::new(78, 40);
    let mut story = text(&pane.show(it));
    for _ in 0..4 {
        assert_eq!(pane.detail.act(Action::In), Outcome::Handled);
        story += "\n";
        story += &text(&pane.show(it));
    }
    assert!(story.contains("deepest"), "{story}");
    assert_eq!(pane.detail.act(Action::In), Outcome::Ignored);
    for title in [
        "forward 3/4: Nested 1",
        "forward 2/4: Nested 2",
        "forward 1/4: Nested 3",
    ] {
        assert_eq!(pane.detail.act(Action::Out), Outcome::Handled);
        assert!(pane.show(it).title.text().starts_with(title), "{title}");
    }
    assert_eq!(pane.detail.act(Action::Out), Outcome::Handled);
    assert!(pane.show(it).title.text().starts_with("seq 700"));
    assert_eq!(pane.detail.act(Action::Out), Outcome::Leave);
    insta::assert_snapshot!("nested_forward", story);
}

#[test]
fn the_views_follow_the_chosen_element() {
    let all = sample("07_all_elements");
    let it = all.first().expect("three elements");
    let mut pane = Pane::new(78, 30);
    let mut story = String::new();
    for actions in [
        &[Action::ViewJson][..],
        &[Action::NextElement],
        &[Action::ViewHex],
        &[Action::NextElement],
        &[Action::NextElement],
        &[Action::ToggleRaw],
        &[Action::ToggleRaw],
        &[Action::ViewText],
    ] {
        story.push_str(&text(&pane.after(it, actions)));
    }
    insta::assert_snapshot!("views_follow", story);
}

#[test]
fn long_lines_are_cut_or_wrapped() {
    let all = sample("16_control_chars_and_hostile_text");
    let mut pane = Pane::new(30, 2000);
    for it in &all {
        let wrapped = pane.show(it);
        let cut = pane.after(it, &[Action::ToggleWrap]);
        assert!(cut.rows.len() <= wrapped.rows.len());
        pane.after(it, &[Action::ToggleWrap]);
    }
    let longest = all.iter().map(|it| pane.show(it).rows.len()).max();
    assert!(longest > Some(100), "one of them is long: {longest:?}");
}

#[test]
fn the_chosen_element_is_brought_into_sight_and_scrolling_stays_in_bounds() {
    let all = sample("07_all_elements");
    let it = all.first().expect("three elements");
    let mut pane = Pane::new(78, 4);
    let laid = pane.after(it, &[Action::NextElement]);
    assert!(laid.rows.iter().any(|row| row.selected), "{}", text(&laid));
    let laid = pane.after(
        it,
        &[Action::NextElement, Action::NextElement, Action::Bottom],
    );
    assert!(laid.title.text().contains("element 3/3"));
    assert_eq!((laid.more_below, laid.rows.len()), (0, 4));
    let laid = pane.after(it, &[Action::PageUp]);
    assert_eq!(laid.more_below, 3);
    let laid = pane.after(it, &[Action::Top, Action::Up]);
    assert_eq!(laid.more_above, 0);
}

#[test]
fn text_is_read_on_where_it_was_left_unless_another_element_was_chosen() {
    let all = sample("07_all_elements");
    let it = all.first().expect("three elements");
    let mut pane = Pane::new(78, 6);
    let before = pane.after(it, &[Action::Down, Action::Down]);
    let after = pane.after(it, &[Action::ViewHex, Action::ViewText]);
    assert_eq!(after, before);
    let turned = [Action::ViewJson, Action::NextElement, Action::ViewText];
    let moved = pane.after(it, &turned);
    assert!(
        moved.rows.iter().any(|row| row.selected),
        "{}",
        text(&moved)
    );
}

#[test]
fn finding_counts_places_marks_them_and_goes_round() {
    let raw = r#"{"MsgSeq":1,"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"one Needle\n\n\n\n\n\n\n\n\n\n\n\ntwo needle needle"}}]}"#;
    let it = message(raw);
    let mut pane = Pane::new(40, 6);
    pane.show(&it);
    assert_eq!(pane.detail.find(Needle::parse("needle").ok()), Some(3));
    let first = pane.show(&it);
    let marked = |laid: &Laid| -> Vec<String> {
        let pieces = laid.rows.iter().flat_map(|r| r.line.pieces.iter());
        pieces
            .filter(|p| p.role == Role::Match)
            .map(|p| p.text.as_str().to_owned())
            .collect()
    };
    assert_eq!(marked(&first), ["Needle"]);
    pane.detail.act(Action::FindNext);
    assert_eq!(marked(&pane.show(&it)), ["needle", "needle"]);
    pane.detail.act(Action::FindNext);
    assert_eq!(marked(&pane.show(&it)), ["Needle"]);
    pane.detail.act(Action::FindPrev);
    assert_eq!(marked(&pane.show(&it)), ["needle", "needle"]);
    assert_eq!(pane.detail.find(Needle::parse("absent").ok()), None);
    assert!(pane.show(&it).title.text().ends_with("not found"));
    assert_eq!(pane.detail.find(Needle::parse("").ok()), None);
    assert_eq!(pane.detail.act(Action::FindNext), Outcome::AskFind);
}

#[test]
fn another_message_starts_at_the_top_in_the_same_view() {
    let all = sample("07_all_elements");
    let mut pane = Pane::new(60, 5);
    let [first, second, ..] = &all[..] else {
        unreachable!("the sample has many")
    };
    pane.after(
        first,
        &[Action::ViewJson, Action::NextElement, Action::Bottom],
    );
    assert_eq!(pane.detail.act(Action::NextMessage), Outcome::NextMessage);
    let laid = pane.show(second);
    assert_eq!(laid.more_above, 0);
    assert!(
        laid.title.text().ends_with("JSON"),
        "{:?}",
        laid.title.text()
    );
}

#[test]
fn a_name_that_comes_later_is_shown_without_a_key() {
    let all = sample("01_official_sample");
    let it = all.first().expect("a message");
    let mut pane = Pane::new(60, 20);
    assert!(!text(&pane.lay_out_with(&only(it), &|_| None)).contains("Mao"));
    let named = text(&pane.lay_out_with(&only(it), &|_| Some(Clean::from("Mao"))));
    assert!(named.contains("Mao (144115197276518801)"), "{named}");
}

#[test]
fn no_size_and_no_key_breaks_it_and_no_row_is_too_wide() {
    let actions = [
        Action::In,
        Action::NextElement,
        Action::ViewHex,
        Action::ViewHex,
        Action::Bottom,
        Action::ViewJson,
        Action::PrevElement,
        Action::ToggleRaw,
        Action::PageDown,
        Action::ToggleWrap,
        Action::Top,
        Action::ViewText,
        Action::HalfUp,
        Action::Out,
    ];
    for name in [
        "07_all_elements",
        "16_control_chars_and_hostile_text",
        "09a_relay_nested",
    ] {
        let all = sample(name);
        for (width, height) in [(0, 0), (1, 1), (2, 3), (11, 4), (29, 9), (160, 48)] {
            let mut pane = Pane::new(width, height);
            for it in &all {
                for action in actions {
                    let laid = pane.after(it, &[action]);
                    assert!(laid.rows.len() <= usize::from(height));
                    let widest = laid.rows.iter().map(|r| r.line.width()).max();
                    assert!(
                        widest.unwrap_or(0) <= usize::from(width),
                        "{name} {width} {action:?}"
                    );
                }
            }
        }
    }
}
