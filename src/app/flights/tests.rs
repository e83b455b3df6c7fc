//! Single flight, back-off and giving up.

use super::*;
use crate::model::error::{Attempt, Fault};
use crate::model::ids::{Conversation, GroupId, Seq};
use crate::model::message::{Ask, PageSize};
use crate::model::text::Clean;

fn names(user: &str) -> Want {
    let users = vec![crate::model::ids::UserId::new(user)];
    Want {
        scope: Scope::Names,
        request: Request::Names { users },
    }
}

fn error(fault: Fault) -> ApiError {
    ApiError {
        attempt: Attempt {
            command: "portrait_get",
            subject: None,
            seq: None,
        },
        fault,
    }
}

fn refused() -> ApiError {
    error(Fault::Unreachable {
        host: "h".to_owned(),
        cause: Clean::from("refused"),
    })
}

fn id_of(effects: &[Effect]) -> RequestId {
    match effects {
        [Effect::Fetch { id, .. }] => *id,
        other => unreachable!("one fetch expected: {other:?}"),
    }
}

#[test]
fn one_scope_has_one_call_in_the_air() {
    let (mut flights, now) = (Flights::new(1), Instant::now());
    assert_eq!(flights.reconcile(&[names("a"), names("b")], now).len(), 1);
    assert_eq!(flights.reconcile(&[names("b")], now), []);
}

#[test]
fn a_passing_fault_is_tried_three_more_times() {
    let (mut flights, mut now) = (Flights::new(1), Instant::now());
    let wants = [names("a")];
    for wait in [1, 2, 4] {
        let id = id_of(&flights.reconcile(&wants, now));
        flights.land(id, Some(&refused()), now);
        assert_eq!(flights.reconcile(&wants, now), [], "not before its time");
        let due = flights.wake_at().expect("a retry is due");
        assert!(
            due - now >= Duration::from_secs(wait) && due - now < Duration::from_secs(2 * wait)
        );
        now = due;
    }
    let id = id_of(&flights.reconcile(&wants, now));
    assert!(
        flights
            .land(id, Some(&refused()), now)
            .expect("known")
            .gave_up
    );
    assert_eq!(flights.reconcile(&wants, now + HUNG), [], "given up");
    flights.retry_all(now);
    assert_eq!(flights.reconcile(&wants, now).len(), 1);
}

#[test]
fn a_scope_that_waits_waits_whatever_is_wanted_of_it() {
    let (mut flights, now) = (Flights::new(1), Instant::now());
    let id = id_of(&flights.reconcile(&[names("a")], now));
    flights.land(id, Some(&refused()), now);
    for user in ["b", "c", "a", "d"] {
        assert_eq!(flights.reconcile(&[names(user)], now), [], "{user}");
    }
    flights.reconcile(&[], now);
    assert_eq!(flights.wake_at(), None, "nobody wants it");
    assert_eq!(
        flights.reconcile(&[names("e")], now),
        [],
        "away and back is no way around"
    );
    let due = flights.wake_at().expect("wanted again");
    flights.reconcile(&[names("e")], due);
    let phase = flights.iter().next().map(|f| f.phase.clone());
    assert!(
        matches!(
            phase,
            Some(Phase::Running {
                attempt: 1,
                error: Some(_),
                ..
            })
        ),
        "{phase:?}"
    );
}

#[test]
fn a_retry_nobody_wants_is_forgotten_when_its_time_has_come() {
    let (mut flights, now) = (Flights::new(1), Instant::now());
    let id = id_of(&flights.reconcile(&[names("a")], now));
    flights.land(id, Some(&refused()), now);
    flights.reconcile(&[], now + Duration::from_secs(2));
    assert_eq!(flights.iter().count(), 0);
}

/// Otherwise it would be due for ever, and the program woken for it without end.
#[test]
fn what_waits_beside_a_failure_is_forgotten_when_its_time_has_come() {
    let (mut flights, now) = (Flights::new(1), Instant::now());
    let conversation = Conversation {
        group: GroupId::new("g"),
        topic: None,
    };
    let page = |seq| {
        let ask = Ask {
            seq: Seq::new(seq),
            count: PageSize::FULL,
            generation: 0,
            no: AskNo(0),
        };
        Want {
            scope: Scope::Page(conversation.clone(), Direction::Older),
            request: Request::History {
                conversation: conversation.clone(),
                ask,
            },
        }
    };
    let first = id_of(&flights.reconcile(&[page(100)], now));
    flights.cancel(first, &refused());
    let second = id_of(&flights.reconcile(&[page(500)], now));
    flights.land(second, Some(&refused()), now);
    flights.reconcile(&[page(100)], now + HUNG);
    assert_eq!(flights.wake_at(), None);
    assert_eq!(flights.iter().count(), 1, "the failure stays, to be seen");
}

#[test]
fn a_cancelled_call_may_land_and_is_not_tried_again() {
    let (mut flights, now) = (Flights::new(1), Instant::now());
    let id = id_of(&flights.reconcile(&[names("a")], now));
    flights.cancel(id, &error(Fault::Cancelled));
    assert_eq!(flights.reconcile(&[names("a")], now), []);
    assert!(flights.land(id, None, now).is_some(), "its answer counts");
    assert_eq!(flights.reconcile(&[names("a")], now).len(), 1);
}

#[test]
fn a_running_call_nobody_wants_is_left_to_land() {
    let (mut flights, now) = (Flights::new(1), Instant::now());
    let id = id_of(&flights.reconcile(&[names("a")], now));
    assert_eq!(flights.reconcile(&[], now), []);
    assert!(flights.land(id, None, now).is_some());
    assert!(
        flights.land(id, None, now).is_none(),
        "an ended request is unknown"
    );
}

#[test]
fn a_hung_call_is_cut_off() {
    let (mut flights, now) = (Flights::new(1), Instant::now());
    let id = id_of(&flights.reconcile(&[names("a")], now));
    assert_eq!(flights.reconcile(&[], now + HUNG), [Effect::Cancel(id)]);
    assert_eq!(flights.iter().count(), 0);
}

#[test]
fn waits_follow_the_remedy() {
    let wait = |attempt, fault: Fault| retry_after(attempt, &error(fault), 0.0);
    let html = || Fault::Malformed {
        what: Clean::from("HTML"),
    };
    assert_eq!(wait(1, html()), Some(Duration::from_secs(2)));
    assert_eq!(wait(2, html()), None);
    assert_eq!(wait(0, Fault::TooLarge), None);
    assert_eq!(
        wait(
            0,
            Fault::Unsigned {
                cause: Clean::from("expired")
            }
        ),
        None
    );
    let jittered = retry_after(0, &refused(), 1.0).expect("a retry");
    assert_eq!(jittered, Duration::from_millis(1250));
}

#[test]
fn a_page_too_large_to_send_is_asked_for_in_smaller_pieces() {
    let (mut flights, now) = (Flights::new(1), Instant::now());
    let conversation = Conversation::group(GroupId::new("g"));
    let ask = Ask {
        seq: Seq::new(60),
        count: PageSize::FULL,
        generation: 0,
        no: AskNo(0),
    };
    let want = Want {
        scope: Scope::Page(conversation.clone(), Direction::Older),
        request: Request::History { conversation, ask },
    };
    let too_large = error(Fault::Service {
        code: 10_018,
        info: Clean::default(),
    });
    let mut ask = |most: u32| {
        let effects = flights.reconcile(std::slice::from_ref(&want), now);
        let count = match effects.as_slice() {
            [
                Effect::Fetch {
                    request: Request::History { ask, .. },
                    ..
                },
            ] => ask.count.get(),
            other => unreachable!("one page expected: {other:?}"),
        };
        let error = (count > most).then_some(&too_large);
        let landed = flights.land(id_of(&effects), error, now).expect("ours");
        (count, landed.gave_up)
    };
    for count in [20, 10, 5, 6, 3, 4, 5] {
        assert_eq!(ask(5), (count, false));
    }
    // A single message that is too large cannot be asked for in pieces.
    for (count, gave_up) in [(6, false), (3, false), (1, true)] {
        assert_eq!(ask(0), (count, gave_up));
    }
}
