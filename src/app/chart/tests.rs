use super::*;
use crate::app::jobs::audit::sample::{eventful, group, learn, present, seq, shown, stretch};
use crate::app::view::OverlayView;
use crate::model::message::AskNo;

fn look(width: u16, height: u16, zone: &Zone) -> Look<'_> {
    Look {
        size: Size { width, height },
        zone,
        on_screen: None,
        ascii: false,
        keys: Keys {
            sideways: "h l",
            picture: "j k",
            enter: "Enter",
            close: "Esc",
        },
    }
}

fn shanghai() -> Zone {
    Zone::parse("+08:00", &Zone::utc()).expect("an offset")
}

fn timelines() -> [Timeline; 6] {
    let mut empty = Timeline::new();
    empty.learn_head(None, AskNo(1));
    let mut one = group(1);
    learn(&mut one, 2, 1, vec![present(1, 0)]);
    let mut far = group(u32::MAX);
    learn(&mut far, 2, u32::MAX, vec![present(u32::MAX, 0)]);
    [Timeline::new(), empty, one, group(30), far, eventful()]
}

const MOVES: [Action; 10] = [
    Action::CursorRight,
    Action::PageUp,
    Action::Down,
    Action::CursorLeft,
    Action::HalfDown,
    Action::Top,
    Action::Up,
    Action::HalfUp,
    Action::Bottom,
    Action::PageDown,
];

#[test]
fn it_reads_well_at_80x24() {
    let zone = shanghai();
    let mut look = look(80, 24, &zone);
    look.on_screen = Some(stretch(820, 870));
    let mut chart = Chart::new(Some(seq(850)));
    insta::assert_snapshot!(shown(&chart.view(&eventful(), &look)));
}

#[test]
fn it_reads_well_at_160x48() {
    let zone = shanghai();
    let timeline = eventful();
    let look = look(160, 48, &zone);
    let mut chart = Chart::new(Some(seq(850)));
    chart.view(&timeline, &look);
    for action in [Action::Down, Action::CursorRight, Action::CursorRight] {
        chart.act(action, &timeline);
    }
    insta::assert_snapshot!(shown(&chart.view(&timeline, &look)));
}

#[test]
fn it_reads_well_in_ascii_with_few_messages() {
    let zone = Zone::utc();
    let mut timeline = group(12);
    let chat = (5..=10).map(|n| present(n, i64::from(n) * 2000)).collect();
    learn(&mut timeline, 2, 11, chat);
    let mut look = look(60, 24, &zone);
    look.ascii = true;
    let text = shown(&Chart::new(None).view(&timeline, &look));
    assert!(!text.chars().any(|c| ('\u{2800}'..='\u{28ff}').contains(&c)));
    insta::assert_snapshot!(text);
}

#[test]
fn it_survives_every_size_and_fits() {
    let zone = shanghai();
    for timeline in timelines() {
        let mut chart = Chart::new(Some(seq(700)));
        for width in 1..=100 {
            let step = if width % 10 == 0 { 1 } else { 5 };
            for height in (1 + width % 5..=40).step_by(step) {
                let action = MOVES[usize::from(height + width) % MOVES.len()];
                chart.act(action, &timeline);
                let mut look = look(width, height, &zone);
                look.ascii = width % 2 == 0;
                look.on_screen = Some(stretch(690, 9_000));
                let view = chart.view(&timeline, &look);
                check(&view, &look);
                let at = chart.cursor(&timeline);
                assert!(at <= timeline.head() && at.is_some() == timeline.head().is_some());
            }
        }
    }
}

fn check(view: &OverlayView, look: &Look<'_>) {
    let text = shown(view);
    let Size { width, height } = look.size;
    let braille = text.chars().any(|c| ('\u{2800}'..='\u{28ff}').contains(&c));
    assert!(!(look.ascii && braille), "{width}x{height}\n{text}");
    if width >= 20 && height >= 8 {
        assert!(!view.rows.is_empty(), "{width}x{height}");
        // The pictures are never wider than their place: what is cut is words.
        let room = usize::from(width) - 4;
        let drawn = |line: &str| line.chars().any(|c| ('\u{2801}'..='\u{28ff}').contains(&c));
        let too_wide =
            |row: &&crate::app::view::Row| row.line.width() > room && drawn(&row.line.text());
        assert_eq!(view.rows.iter().find(too_wide), None, "{width}x{height}");
    }
}

#[test]
fn a_jump_lands_in_the_column_under_the_cursor() {
    let zone = shanghai();
    let timeline = eventful();
    let mut chart = Chart::new(Some(seq(850)));
    assert_eq!(chart.act(Action::In, &timeline), BoxOutcome::Jump(seq(850)));
    for round in 0..200_usize {
        chart.view(&timeline, &look(80, 30, &zone));
        chart.act(MOVES[(round * round + round / 7) % MOVES.len()], &timeline);
        let to = match chart.act(Action::In, &timeline) {
            BoxOutcome::Jump(to) => Some(to),
            BoxOutcome::Stay | BoxOutcome::Close | BoxOutcome::Fill(_) => None,
        };
        let to = to.expect("there is a place to go to");
        let drawn = chart.drawn.as_ref().expect("drawn");
        if chart.clock.is_none() {
            let scale = drawn.strip.scale;
            let column = scale.range(scale.column(to));
            assert!(to == column.first() || to == seq(850), "{to}");
        } else {
            let hours = drawn.hours.as_ref().expect("times");
            let column = chart.hour(hours, &timeline, &zone).expect("a column");
            assert_eq!(Some(to), hours.first_at(column));
            if hours.bins[column].first.is_some() {
                assert_eq!(hours.column_of(to, &timeline, &zone), Some(column));
            }
        }
    }
}

#[test]
fn every_column_can_be_reached() {
    let zone = Zone::utc();
    let timeline = eventful();
    let mut chart = Chart::new(None);
    chart.view(&timeline, &look(80, 24, &zone));
    for picture in [Action::Up, Action::Down] {
        chart.act(picture, &timeline);
        chart.act(Action::Top, &timeline);
        let (strip, hours) = {
            let drawn = chart.drawn.as_ref().expect("drawn");
            let hours = drawn.hours.as_ref().expect("times");
            (drawn.strip.scale.columns(), hours.bins.len())
        };
        let columns = match chart.picture {
            Picture::Seqs => usize::try_from(strip).expect("few"),
            Picture::Hours => hours,
        };
        let place = |chart: &Chart| {
            let drawn = chart.drawn.as_ref().expect("drawn");
            let hours = drawn.hours.as_ref().expect("times");
            match chart.picture {
                Picture::Seqs => {
                    let at = chart.cursor(&timeline).expect("a head");
                    usize::try_from(drawn.strip.scale.column(at)).expect("few")
                }
                Picture::Hours => chart.hour(hours, &timeline, &zone).expect("times"),
            }
        };
        for column in 0..columns {
            assert_eq!(place(&chart), column);
            chart.act(Action::CursorRight, &timeline);
        }
        assert_eq!(place(&chart), columns - 1, "the last one is the end");
        chart.act(Action::Top, &timeline);
        chart.act(Action::Bottom, &timeline);
        assert_eq!(place(&chart), columns - 1);
    }
}

#[test]
fn what_lands_meanwhile_is_drawn() {
    let zone = Zone::utc();
    let mut timeline = group(40);
    let mut chart = Chart::new(None);
    let before = shown(&chart.view(&timeline, &look(80, 24, &zone)));
    assert!(before.contains("0 of 40 loaded"), "{before}");
    assert!(before.contains("nothing that has a time"), "{before}");
    let items = (1..=20).map(|n| present(n, i64::from(n) * 60)).collect();
    learn(&mut timeline, 2, 20, items);
    let after = shown(&chart.view(&timeline, &look(80, 24, &zone)));
    assert!(after.contains("20 of 40 loaded"), "{after}");
    assert!(after.contains("messages per minute, at most 1"), "{after}");
}

#[test]
fn keys_close_and_others_do_nothing() {
    let mut chart = Chart::new(None);
    assert_eq!(chart.act(Action::Close, &group(3)), BoxOutcome::Close);
    assert_eq!(chart.act(Action::Out, &group(3)), BoxOutcome::Close);
    let before = chart.clone();
    assert_eq!(chart.act(Action::Zoom, &group(3)), BoxOutcome::Stay);
    assert_eq!(chart, before);
    assert_eq!(chart.act(Action::In, &Timeline::new()), BoxOutcome::Stay);
}
