//! The picker's rules, without a screen.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks at what it is about"
)]

use std::time::{Duration, Instant};

use super::*;
use crate::app::action::Action;
use crate::app::event::{Now, Recent, Request};
use crate::app::flights::{Scope, Want};
use crate::model::group::{GroupAnswer, GroupInfo, GroupList};
use crate::model::message::Timestamp;

const ALL: u32 = 58_530;

fn now() -> Now {
    Now {
        mono: Instant::now(),
        wall: Timestamp::new(1_735_891_200),
    }
}

fn id(n: u32) -> GroupId {
    GroupId::new(format!("@TGS#{n:06}"))
}

fn listed(first: u32, next: Option<u64>) -> GroupList {
    let ids = (first..(first + 1_000).min(ALL)).map(id).collect();
    GroupList {
        ids,
        total: Some(u64::from(ALL)),
        next,
    }
}

fn named(n: u32, name: &str) -> GroupAnswer {
    let info = GroupInfo {
        name: Some(name.to_owned()),
        ..GroupInfo::default()
    };
    GroupAnswer {
        id: id(n),
        info: Ok(info),
    }
}

fn place(zone: &crate::model::time::Zone, now: Now) -> Place<'_> {
    Place {
        width: 60,
        height: 20,
        zone,
        now,
        phase: None,
        stopped: None,
        slip: crate::app::standing::Slip {
            width: 60,
            now,
            retry: "r",
            cancel: "Ctrl-C",
        },
    }
}

#[test]
fn a_great_many_groups_are_named_in_batches_the_visible_ones_first() {
    let (zone, now) = (crate::model::time::Zone::utc(), now());
    let mut picker = Picker::new(&SavedState::default(), 20);
    for first in (0..ALL).step_by(1_000) {
        picker.learn_list(listed(first, Some(1)), now);
    }
    assert_eq!(picker.lay_out(&place(&zone, now)).len(), 20);
    assert_eq!(picker.title(None).text(), "Groups 0 of 58,530 named");
    let wants = picker.wants(None, now);
    let groups = |scope: &Scope| {
        let mut groups = wants.iter().filter_map(|w| match &w.request {
            Request::GroupInfo { groups } if w.scope == *scope => Some(groups.clone()),
            _ => None,
        });
        groups.next()
    };
    assert_eq!(groups(&Scope::Groups).expect("the visible ones").len(), 20);
    let Some(Want {
        request: Request::GroupInfo { groups: background },
        ..
    }) = picker.background_want(None)
    else {
        unreachable!("there are others");
    };
    assert_eq!(background.len(), 50);
    assert!(!background.contains(&id(0)));
    assert!(background.contains(&id(20)));
    // Of the current group `wants` asks at once, whether the list is on the screen or not.
    let current = Conversation::group(id(20));
    let others = picker.background_want(Some(&current)).map(|w| w.request);
    let asks = |request: &Request| matches!(request, Request::GroupInfo { groups } if groups.contains(&id(20)));
    assert!(others.is_some_and(|request| !asks(&request)));
    picker.learn_infos(&background, vec![named(21, "Somebody's desk")]);
    assert_eq!(picker.title(None).text(), "Groups 50 of 58,530 named");
}

#[test]
fn names_in_the_background_take_a_quarter_of_the_budget() {
    let now = now();
    let mut picker = Picker::new(&SavedState::default(), 20);
    picker.learn_list(listed(0, None), now);
    let background =
        |p: &Picker, now| p.background_is_due(now) && p.background_want(None).is_some();
    assert!(background(&picker, now));
    picker.background_started(now);
    let later = |ms| Now {
        mono: now.mono + Duration::from_millis(ms),
        ..now
    };
    assert!(!background(&picker, later(199)));
    assert!(background(&picker, later(200)), "5 of 20 calls a second");
    assert_eq!(picker.wake_at(None, now), Some(later(200).mono));
}

#[test]
fn the_list_is_asked_for_once_a_second() {
    let now = now();
    let mut picker = Picker::new(&SavedState::default(), 20);
    picker.learn_list(listed(0, Some(7)), now);
    let asks = |p: &Picker, now| {
        p.wants(None, now)
            .iter()
            .any(|w| w.scope == Scope::GroupIds)
    };
    assert!(!asks(&picker, now));
    let second = Now {
        mono: now.mono + Duration::from_millis(1_050),
        ..now
    };
    assert!(asks(&picker, second));
}

#[test]
fn what_comes_in_does_not_move_what_is_there() {
    let (zone, now) = (crate::model::time::Zone::utc(), now());
    let saved = SavedState {
        pins: vec!["pinned".to_owned()],
        recents: vec![Recent {
            group: "recent".to_owned(),
            topic: None,
        }],
        ..SavedState::default()
    };
    let mut picker = Picker::new(&saved, 20);
    picker.learn_list(listed(0, Some(7)), now);
    picker.lay_out(&place(&zone, now));
    picker.move_by(Action::Down, 1);
    picker.move_by(Action::Down, 1);
    assert_eq!(picker.selected(), Some(&Conversation::group(id(0))));
    let row = |p: &mut Picker| {
        p.lay_out(&place(&zone, now))
            .iter()
            .position(|r| r.selected)
    };
    assert_eq!(row(&mut picker), Some(2));
    picker.learn_infos(&[id(0)], vec![named(0, "Zebra")]);
    picker.learn_list(listed(1_000, None), now);
    assert_eq!(
        row(&mut picker),
        Some(2),
        "names and groups came, the cursor stayed"
    );
    picker.sort_next();
    assert_eq!(
        picker.selected(),
        Some(&Conversation::group(id(0))),
        "sorted: it stays on its group"
    );
}

#[test]
fn groups_that_the_reply_leaves_out_are_not_asked_for_ever() {
    let (zone, now) = (crate::model::time::Zone::utc(), now());
    let mut picker = Picker::new(&SavedState::default(), 20);
    picker.learn_list(
        GroupList {
            ids: vec![id(1)],
            total: Some(1),
            next: None,
        },
        now,
    );
    picker.lay_out(&place(&zone, now));
    picker.learn_infos(&[id(1)], Vec::new());
    assert_eq!(picker.wants(None, now), []);
    assert_eq!(picker.background_want(None), None);
}
