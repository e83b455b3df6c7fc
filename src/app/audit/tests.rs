use super::*;
use crate::app::jobs::audit::examine;
use crate::app::jobs::audit::sample::{eventful, group, item, learn, present, seq, shown, stretch};
use crate::model::message::ItemState;
use crate::model::timeline::Timeline;

fn look(width: u16, height: u16, zone: &Zone) -> Look<'_> {
    Look {
        size: Size { width, height },
        zone,
        names: &|id| (id.as_str() == "alice").then(|| Clean::from("Alice Zhang")),
        filling: None,
        keys: Keys {
            enter: "Enter",
            fill: "p",
            stop: "Ctrl-C",
            close: "Esc",
        },
    }
}

fn shanghai() -> Zone {
    Zone::parse("+08:00", &Zone::utc()).expect("an offset")
}

fn of(timeline: &Timeline, first: u32, last: u32) -> AuditBox {
    AuditBox::new(examine(
        timeline,
        stretch(first, last),
        &[stretch(300, 320)],
    ))
}

#[test]
fn it_reads_well_at_80x24() {
    let mut audit = of(&eventful(), 201, 1300);
    insta::assert_snapshot!(shown(&audit.view(&look(80, 24, &shanghai()))));
}

#[test]
fn it_reads_well_at_160x48() {
    let mut audit = of(&eventful(), 201, 1300);
    audit.act(Action::Top, 20);
    insta::assert_snapshot!(shown(&audit.view(&look(160, 48, &shanghai()))));
}

#[test]
fn nothing_is_left_empty() {
    let zone = Zone::utc();
    let text = |audit: &mut AuditBox| shown(&audit.view(&look(80, 24, &zone)));
    let mut timeline = group(40);
    let unknown = text(&mut of(&timeline, 1, 40));
    assert!(unknown.contains("so nothing can be said"), "{unknown}");
    let above = text(&mut of(&timeline, 50, 60));
    assert!(above.contains("nothing to judge"), "{above}");
    let quiet = (1..=20).map(|n| present(n, i64::from(n))).collect();
    learn(&mut timeline, 2, 20, quiet);
    let quiet = text(&mut of(&timeline, 1, 20));
    assert!(quiet.contains("Nothing odd in 20 seqs."), "{quiet}");
    let half = text(&mut of(&timeline, 1, 40));
    assert!(half.contains("not judged: 20 of 40 seqs"), "{half}");
    assert!(
        half.contains("Nothing odd in the 20 seqs that are loaded."),
        "{half}"
    );
}

#[test]
fn keys_move_go_and_close() {
    let mut audit = of(&eventful(), 201, 1300);
    let first = audit.selected().cloned().expect("there is one");
    assert_eq!(first.at.first(), seq(201));
    assert_eq!(audit.act(Action::In, 10), BoxOutcome::Jump(seq(201)));
    audit.act(Action::Down, 10);
    // 300-320 failed.
    assert_eq!(audit.fill(), Some(stretch(300, 320)));
    audit.act(Action::Bottom, 10);
    assert_eq!(audit.act(Action::In, 10), BoxOutcome::Jump(seq(1201)));
    assert_eq!(audit.fill(), None);
    audit.act(Action::Down, 10);
    assert_eq!(audit.act(Action::In, 10), BoxOutcome::Jump(seq(1201)));
    audit.act(Action::Top, 10);
    assert_eq!(audit.selected(), None);
    assert_eq!(audit.fill(), Some(stretch(201, 1300)));
    assert_eq!(audit.act(Action::In, 10), BoxOutcome::Jump(seq(201)));
    assert_eq!(audit.act(Action::Up, 10), BoxOutcome::Stay);
    for (action, firsts) in [
        (Action::PageDown, 4),
        (Action::HalfDown, 6),
        (Action::PageUp, 2),
        (Action::HalfUp, 0),
    ] {
        audit.act(action, 4);
        assert_eq!(audit.at.map_or(0, |at| at + 1), firsts, "{action:?}");
    }
    assert_eq!(audit.act(Action::Out, 10), BoxOutcome::Close);
    assert_eq!(audit.act(Action::Close, 10), BoxOutcome::Close);
    assert_eq!(audit.act(Action::Zoom, 10), BoxOutcome::Stay);
}

#[test]
fn what_is_selected_stays_selected_while_pages_land() {
    let mut timeline = eventful();
    let mut audit = of(&timeline, 1, 1300);
    let zone = Zone::utc();
    while audit.selected().map(|f| f.at.first()) != Some(seq(640)) {
        audit.act(Action::Down, 10);
    }
    audit.view(&look(80, 24, &zone));
    let above = audit.at.expect("selected") - audit.top;
    // Every second one of 341-360 is a hole: ten findings more above.
    let items = (341..=360)
        .map(|n| match n % 2 {
            0 => item(n, ItemState::Gone, None),
            _ => present(n, i64::from(n)),
        })
        .collect();
    learn(&mut timeline, 100, 360, items);
    audit.refresh(examine(&timeline, audit.range(), &[]));
    audit.view(&look(80, 24, &zone));
    assert_eq!(audit.selected().map(|f| f.at.first()), Some(seq(640)));
    assert_eq!(audit.at.expect("selected") - audit.top, above);
    // The run that is being loaded shrinks from above, then it is gone.
    audit.act(Action::Top, 10);
    audit.act(Action::Down, 10);
    assert_eq!(audit.fill(), Some(stretch(1, 340)));
    let items = (321..=340).map(|n| present(n, i64::from(n))).collect();
    learn(&mut timeline, 101, 340, items);
    audit.refresh(examine(&timeline, audit.range(), &[]));
    assert_eq!(audit.fill(), Some(stretch(1, 320)));
    let quiet = examine(&timeline, stretch(500, 505), &[]);
    audit.refresh(quiet);
    assert_eq!(audit.selected(), None);
    assert_eq!(audit.fill(), None);
}

#[test]
fn the_selected_row_is_on_the_screen_at_every_size() {
    let zone = shanghai();
    let full = of(&eventful(), 201, 1300);
    let mut timeline = group(1);
    learn(&mut timeline, 2, 1, vec![present(1, 0)]);
    let empty = AuditBox::new(examine(&Timeline::new(), Stretch::ALL, &[]));
    for mut audit in [full, of(&timeline, 1, 1), empty] {
        for width in 1..=100 {
            for height in 1..=40 {
                let action = if width % 2 == 0 {
                    Action::PageDown
                } else {
                    Action::Up
                };
                audit.act(action, usize::from(height));
                let mut look = look(width, height, &zone);
                look.filling = (height % 3 == 0).then_some((3, 40));
                let view = audit.view(&look);
                shown(&view);
                let marked = view.rows.iter().filter(|row| row.selected).count();
                if width >= 20 && height >= 8 && !audit.findings.found.is_empty() {
                    assert_eq!(marked, 1, "{width}x{height}");
                }
                if width >= 20 && height >= 8 {
                    assert!(!view.rows.is_empty(), "{width}x{height}");
                }
            }
        }
    }
}

#[test]
fn lengths_of_time_have_two_units() {
    let words = [
        0, 59, 60, 250, 3600, 7_203, 12_000, 86_400, 260_000, 90_000_000,
    ];
    assert_eq!(
        words.map(words::lasting),
        [
            "0 s",
            "59 s",
            "1 min",
            "4 min 10 s",
            "1 h",
            "2 h",
            "3 h 20 min",
            "1 day",
            "3 days",
            "1,041 days 16 h",
        ]
    );
}
