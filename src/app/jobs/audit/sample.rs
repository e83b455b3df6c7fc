//! Timelines made by hand, for the tests of whatever looks at them, and boxes as text.

use crate::app::view::{Gutter, OverlayView};
use crate::model::ids::{Seq, UserId};
use crate::model::message::{
    Ask, AskNo, Finished, ItemState, Message, Page, PageSize, Raw, Timestamp,
};
use crate::model::text::Clean;
use crate::model::timeline::{Stretch, Timeline};

/// Fri 2024-05-03 01:00:00 UTC.
pub(crate) const START: i64 = 1_714_698_000;

pub(crate) fn seq(number: u32) -> Seq {
    Seq::new(number).expect("tests name no zero")
}

pub(crate) fn stretch(first: u32, last: u32) -> Stretch {
    Stretch::new(seq(first), seq(last)).expect("tests name no empty stretch")
}

pub(crate) fn time(at: i64) -> Timestamp {
    Timestamp::new(START + at).expect("tests name no time before 1970")
}

/// An item, and when it was sent: seconds after the start.
pub(crate) fn item(number: u32, state: ItemState, at: Option<i64>) -> Message {
    Message {
        seq: Some(seq(number)),
        time: at.map(time),
        sender: None,
        state,
        system: false,
        random: None,
        priority: None,
        repaired: false,
        raw: Raw::from(format!("text {number}").as_str()),
    }
}

/// Present, by Alice.
pub(crate) fn present(number: u32, at: i64) -> Message {
    Message {
        sender: Some(UserId::new("alice")),
        random: Some(number),
        ..item(number, ItemState::Present, Some(at))
    }
}

/// One reply that reaches from its smallest item to `top`.
pub(crate) fn learn(timeline: &mut Timeline, no: u64, top: u32, items: Vec<Message>) {
    let ask = Ask {
        seq: Some(seq(top)),
        count: PageSize::FULL,
        generation: 0,
        no: AskNo(no),
    };
    let finished = Finished::Whole;
    timeline.merge(
        ask,
        Page {
            items,
            finished,
            info: Clean::default(),
        },
    );
}

/// Of which nothing but the head is known.
pub(crate) fn group(head: u32) -> Timeline {
    let mut timeline = Timeline::new();
    timeline.learn_head(Seq::new(head), AskNo(1));
    timeline
}

/// 1,300 seqs with everything in it that can be found; 400 of them not loaded.
pub(crate) fn eventful() -> Timeline {
    let mut timeline = group(1300);
    let mut at = 0;
    for page in 20..65 {
        let mut items = Vec::new();
        for number in page * 20 + 1..=page * 20 + 20 {
            at += 60 + i64::from(number % 13) * 17;
            if number == 905 {
                at += 9 * 3600;
            }
            items.extend(eventful_item(number, at));
        }
        learn(&mut timeline, u64::from(page) + 2, page * 20 + 20, items);
    }
    timeline
}

fn eventful_item(number: u32, at: i64) -> Option<Message> {
    Some(match number {
        401..=430 => item(number, ItemState::Gone, None),
        512 | 513 | 777 => item(number, ItemState::Recalled, None),
        640 => Message {
            sender: Some(UserId::new("bob")),
            ..item(number, ItemState::Recalled, Some(at))
        },
        705..=708 | 1_111 => return None,
        850 => item(number, ItemState::Unreadable("no body".into()), None),
        1_005 => Message {
            random: Some(1_004),
            ..present(number, at)
        },
        1_201 => present(number, at - 7_000),
        _ => present(number, at),
    })
}

/// The rows of a box in plain text, cut to what the painter shows of them.
pub(crate) fn shown(view: &OverlayView) -> String {
    let width = usize::from(view.area.width.saturating_sub(4));
    let height = usize::from(view.area.height.saturating_sub(2));
    let mut text = format!("-- {}\n", view.title.text());
    assert!(view.rows.len() <= height, "more rows than fit");
    for row in &view.rows {
        let mark = if row.selected { '>' } else { ' ' };
        let line: String = row.line.text().chars().take(width).collect();
        let cut = if row.line.width() > width { "…" } else { "" };
        let sign = match row.gutter {
            Gutter::Plain => ' ',
            Gutter::Gone => 'x',
            Gutter::Recalled => '<',
            Gutter::Withheld => '?',
            Gutter::Unreadable | Gutter::Failed => '!',
            Gutter::Unfetched => '~',
            Gutter::Marked => '#',
            Gutter::Ours => '.',
            Gutter::Changed | Gutter::Pinned | Gutter::Element => '*',
        };
        let line = match sign {
            ' ' => line,
            sign => line.replacen(' ', &sign.to_string(), 1),
        };
        text.push_str(format!("{mark}{line}{cut}").trim_end());
        text.push('\n');
    }
    text
}
