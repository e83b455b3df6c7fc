//! View 4: the tree of what an app packed in, its cursor, and the bytes it marks.

use tim_history::app::action::Action;
use tim_history::app::detail::{Laid, Outcome, Subject};
use tim_history::app::line::Role;
use tim_history::model::message::{Message, Timestamp};
use tim_history::model::needle::Needle;

use crate::pane::{Pane, message, sample, shown, text};

fn custom(data: &str) -> Message {
    let data = serde_json::to_string(data).expect("a string");
    message(&format!(
        r#"{{"MsgSeq":7,"MsgBody":[{{"MsgType":"TIMCustomElem","MsgContent":{{"Data":{data},"Ext":""}}}}]}}"#
    ))
}

/// What is marked in the dump: digits, then characters, of each row.
fn marked(laid: &Laid) -> Vec<&str> {
    let pieces = laid.rows.iter().flat_map(|row| row.line.pieces.iter());
    let marked = pieces.filter(|piece| piece.role == Role::Match);
    marked.map(|piece| piece.text.as_str()).collect()
}

fn chosen(laid: &Laid) -> String {
    let row = laid.rows.iter().find(|row| row.selected);
    row.map(|row| row.line.text().trim().to_owned())
        .unwrap_or_default()
}

#[test]
fn the_pages_of_the_documents_decode_up_to_where_they_broke() {
    let damaged = "\u{8}\u{1}\u{10}\u{6}\u{1a}\u{6}";
    for (data, name, tail) in [
        ("MaoTong", "\"MaoTon\"", "tail: 67"),
        (" MaoTong", "\" MaoTo\"", "tail: 6e 67"),
    ] {
        let it = custom(&format!("{damaged}{data}"));
        let mut pane = Pane::new(78, 20);
        let shown = text(&pane.after(&it, &[Action::ViewDecoded]));
        for row in ["1: 1 ", "2: 6 ", &format!("3: {name}"), tail] {
            assert!(shown.contains(row), "{row}: {shown}");
        }
    }
}

#[test]
fn moving_in_the_tree_marks_the_bytes() {
    let it = custom("\u{8}\u{1}\u{10}\u{6}\u{1a}\u{6}MaoTong");
    let mut pane = Pane::new(78, 20);
    let laid = pane.after(&it, &[Action::ViewDecoded]);
    assert_eq!(
        marked(&laid),
        ["08 01 10 06 1a 06 4d 61  6f 54 6f 6e 67", "......MaoTong"]
    );
    let laid = pane.after(&it, &[Action::Down]);
    assert_eq!(
        (chosen(&laid).as_str(), marked(&laid)),
        ("1: 1 · zigzag -1 · true", vec!["08 01", ".."])
    );
    let laid = pane.after(&it, &[Action::Bottom]);
    assert_eq!(
        chosen(&laid),
        "tail: 67 · wire type 7 does not exist (at byte 12)"
    );
    assert_eq!(marked(&laid), ["67", "g"]);
}

#[test]
fn a_node_of_an_unpacked_layer_marks_the_bytes_of_that_layer() {
    // {"order":{"id":884213},"note":"ok"}
    let it = custom("eyJvcmRlciI6eyJpZCI6ODg0MjEzfSwibm90ZSI6Im9rIn0=");
    let mut pane = Pane::new(78, 24);
    let mut laid = pane.after(&it, &[Action::ViewDecoded]);
    for _ in 0..8 {
        if chosen(&laid).starts_with("id:") {
            break;
        }
        laid = pane.after(&it, &[Action::Down]);
    }
    assert_eq!(chosen(&laid), "id: 884213");
    let marks = marked(&laid);
    // Every second one is in characters.
    let characters: String = marks.into_iter().skip(1).step_by(2).collect();
    assert_eq!(characters, "\"id\":884213");
    assert!(text(&laid).contains("Data > base64"), "{}", text(&laid));
}

#[test]
fn it_folds_and_goes_out_at_the_root() {
    let it = custom(r#"{"a":{"b":[1,2]},"c":3}"#);
    let mut pane = Pane::new(60, 24);
    let open = text(&pane.after(&it, &[Action::ViewDecoded]));
    for row in [
        "▾ Data: 2 members",
        "▾ a: 1 member",
        "▾ b: 2 items",
        "1: 2",
        "c: 3",
    ] {
        assert!(open.contains(row), "{row}: {open}");
    }
    // In goes down, a fold hides what is below, and one more unfolds it.
    let laid = pane.after(&it, &[Action::In]);
    assert_eq!(chosen(&laid), "▾ a: 1 member");
    let folded = text(&pane.after(&it, &[Action::Fold]));
    assert!(
        folded.contains("▸ a: 1 member") && !folded.contains("items"),
        "{folded}"
    );
    let unfolded = pane.after(&it, &[Action::In]);
    assert!(
        text(&unfolded).contains("▾ b: 2 items"),
        "{}",
        text(&unfolded)
    );
    let deep = pane.after(&it, &[Action::In, Action::In]);
    assert_eq!(chosen(&deep), "0: 1");
    // Out goes to what it hangs below and folds that, up to the root, which it leaves.
    let out = [Action::Out, Action::Out, Action::Out, Action::Out];
    let laid = pane.after(&it, &out);
    assert_eq!(chosen(&laid), "▸ a: 1 member");
    let laid = pane.after(&it, &[Action::Out]);
    assert_eq!(chosen(&laid), "▾ Data: 2 members");
    assert_eq!(pane.detail.act(Action::Out), Outcome::Leave);
}

#[test]
fn a_node_is_copied_as_json_with_nothing_a_terminal_obeys() {
    let it = custom("{\"a\":{\"b\":\"x\u{9b}\u{202e}y\"}}");
    let mut pane = Pane::new(60, 24);
    pane.show(&it);
    assert_eq!(
        pane.detail.copied(),
        None,
        "there is no node in the text view"
    );
    pane.after(&it, &[Action::ViewDecoded, Action::Down]);
    assert_eq!(pane.detail.act(Action::CopyNode), Outcome::Copy);
    let copied = pane.detail.copied().expect("a node");
    assert_eq!(copied.as_str(), r#"{"b":"x\u009b\u202ey"}"#);
    let back: serde_json::Value = serde_json::from_str(copied.as_str()).expect("JSON");
    assert_eq!(back["b"], "x\u{9b}\u{202e}y");
}

#[test]
fn finding_takes_the_cursor_along() {
    let numbers: Vec<_> = (100..140).map(|n| format!("\"k{n}\":{n}")).collect();
    let it = custom(&format!("{{{}}}", numbers.join(",")));
    let mut pane = Pane::new(60, 12);
    pane.after(&it, &[Action::ViewDecoded]);
    assert_eq!(pane.detail.find(Needle::parse("k133").ok()), Some(1));
    assert_eq!(chosen(&pane.show(&it)), "k133: 133");
    let laid = pane.after(&it, &[Action::PageUp]);
    assert!(chosen(&laid).starts_with("k12"), "{}", chosen(&laid));
    let laid = pane.after(&it, &[Action::Top]);
    assert!(chosen(&laid).starts_with("▾ Data"), "{}", chosen(&laid));
}

#[test]
fn a_node_taller_than_the_pane_is_read_by_pages() {
    let long = "word ".repeat(150);
    let it = custom(&format!(r#"{{"a":"{long}","b":1}}"#));
    let mut pane = Pane::new(40, 12);
    let mut laid = pane.after(&it, &[Action::ViewDecoded, Action::Down]);
    let mut above = vec![laid.more_above];
    while laid.more_below > 0 && above.len() < 20 {
        laid = pane.after(&it, &[Action::PageDown]);
        above.push(laid.more_above);
    }
    assert!(above.len() > 2 && above.is_sorted(), "{above:?}");
    assert_eq!(laid.more_below, 0, "{above:?}");
    while laid.more_above > 0 && above.len() < 40 {
        laid = pane.after(&it, &[Action::PageUp]);
        above.push(laid.more_above);
    }
    assert_eq!(laid.more_above, 0, "{above:?}");
    assert!(chosen(&laid).starts_with("▾ Data"), "{}", chosen(&laid));
}

#[test]
fn a_later_answer_that_says_the_same_moves_nothing() {
    let it = custom(r#"{"a":{"b":[1,2]},"c":3}"#);
    let mut pane = Pane::new(60, 24);
    pane.after(&it, &[Action::ViewDecoded, Action::Down, Action::Fold]);
    let mut later = shown(&it);
    later.as_of = Timestamp::new(1_800_000_000);
    let laid = pane.lay_out(&Subject::Message(later));
    assert_eq!(chosen(&laid), "▸ a: 1 member");
}

#[test]
fn the_cursor_stays_in_sight_in_another_size_and_wrap() {
    let texts: Vec<_> = (100..140)
        .map(|n| format!("\"k{n}\":\"{}\"", "word ".repeat(20)))
        .collect();
    let it = custom(&format!("{{{}}}", texts.join(",")));
    let mut pane = Pane::new(110, 30);
    pane.after(&it, &[Action::ViewDecoded]);
    pane.after(&it, &[Action::Down; 20]);
    for (width, height) in [(110, 8), (40, 8), (40, 20), (160, 20)] {
        pane.resize(width, height);
        let laid = pane.show(&it);
        assert!(chosen(&laid).starts_with("k119"), "{}", text(&laid));
    }
    let laid = pane.after(&it, &[Action::ToggleWrap]);
    assert!(chosen(&laid).starts_with("k119"), "{}", text(&laid));
}

#[test]
fn a_long_list_begins_folded_and_other_readings_too() {
    let numbers: Vec<_> = (0..200).map(|n| n.to_string()).collect();
    let it = custom(&format!(r#"{{"list":[{}],"then":1}}"#, numbers.join(",")));
    let mut pane = Pane::new(60, 40);
    let shown = text(&pane.after(&it, &[Action::ViewDecoded]));
    assert!(
        shown.contains("▸ list: 200 items") && shown.contains("then: 1"),
        "{shown}"
    );
}

#[test]
fn the_tree_follows_the_element_and_the_message() {
    let all = sample("07_all_elements");
    let mut pane = Pane::new(78, 30);
    let mut story = String::new();
    for it in &all {
        story += &text(&pane.after(it, &[Action::ViewDecoded]));
        for _ in 1..3 {
            story += &text(&pane.after(it, &[Action::NextElement]));
        }
    }
    insta::assert_snapshot!("tree_follows", story);
}

#[test]
fn every_size_has_room_for_what_it_shows() {
    let it =
        custom(r#"{"a":{"b":[1,2,{"deep":{"deeper":"a text of some length to be wrapped"}}]}}"#);
    for width in 1..140 {
        for height in 1..24 {
            let mut pane = Pane::new(width, height);
            let laid = pane.after(&it, &[Action::ViewDecoded, Action::Bottom]);
            assert!(laid.rows.len() <= usize::from(height), "{width}x{height}");
            let chosen = laid.rows.iter().filter(|row| row.selected).count();
            assert!(chosen > 0, "{width}x{height}: {}", text(&laid));
            for row in &laid.rows {
                assert!(
                    row.line.width() <= usize::from(width),
                    "{width}x{height}: {}",
                    row.line.text()
                );
            }
        }
    }
}

#[test]
fn a_root_begins_open_however_much_hangs_below_it() {
    let members: Vec<_> = (0..80).map(|n| format!("\"k{n}\":{n}")).collect();
    let it = custom(&format!("{{{}}}", members.join(",")));
    let mut pane = Pane::new(60, 40);
    let shown = text(&pane.after(&it, &[Action::ViewDecoded]));
    assert!(
        shown.contains("▾ Data: 80 members") && shown.contains("k0: 0"),
        "{shown}"
    );
}
