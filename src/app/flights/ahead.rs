//! Pages ahead of a reader who moves fast: how long a page takes, and what becomes of one
//! that fails.
//!
//! The page that is wanted next has the scope of its way for itself; those behind it are
//! in the air beside it. A way knows one failure at a time: what fails behind takes the
//! scope of the way, so that all of it waits, and the error is shown where the reader
//! comes to it.

use std::time::{Duration, Instant};

use super::{Direction, Flight, Flights, Phase, RequestId, Scope};
use crate::app::event::Request;
use crate::model::ids::Conversation;

impl Flights {
    /// How long a page of messages takes from the moment it is asked for; zero before the
    /// first one has come.
    #[must_use]
    pub fn took(&self) -> Duration {
        self.took.unwrap_or_default()
    }

    /// Whether pages of a conversation are asked for in smaller pieces than wanted.
    #[must_use]
    pub fn asks_less(&self, conversation: &Conversation) -> bool {
        self.less.is_of(conversation)
    }

    /// A flight has come well. A quick one counts at once, a slow one by and by: where the
    /// budget is spent, some pages wait for their turn, and asking even earlier would not
    /// bring them any sooner.
    pub(super) fn note_time(&mut self, flight: &Flight, now: Instant) {
        if let (Phase::Running { since, .. }, Request::History { .. }) =
            (&flight.phase, &flight.request)
        {
            let took = now.saturating_duration_since(*since);
            let before = self.took.unwrap_or(took);
            // A quarter of the way up.
            self.took = Some(took.min((before * 3 + took) / 4));
        }
    }

    /// What failed, or waits, behind the page that is wanted next becomes that page's
    /// equal: its scope is that of the way, and what is in the air there flies on behind.
    /// Where the way waits already, one back-off stands for both.
    pub(super) fn lead(&mut self, id: RequestId) {
        let Some(at) = self.all.iter().position(|f| f.id == id) else {
            return;
        };
        let behind = self.all.get(at).map(|f| f.scope.clone());
        let Some(Scope::Ahead(conversation)) = &behind else {
            return;
        };
        let way = Scope::Page(conversation.clone(), Direction::Older);
        let waits = |f: &Flight| matches!(f.phase, Phase::Waiting { .. });
        if self.of(&way).any(waits) {
            self.all.remove(at);
            return;
        }
        for flight in &mut self.all {
            if flight.id == id {
                flight.scope = way.clone();
            } else if flight.scope == way && matches!(flight.phase, Phase::Running { .. }) {
                flight.scope = Scope::Ahead(conversation.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Want;
    use super::*;
    use crate::model::error::{ApiError, Attempt, Fault};
    use crate::model::ids::{GroupId, Seq};
    use crate::model::message::{Ask, AskNo, PageSize};
    use crate::model::text::Clean;

    fn conversation() -> Conversation {
        Conversation::group(GroupId::new("g"))
    }

    fn way() -> Scope {
        Scope::Page(conversation(), Direction::Older)
    }

    fn behind() -> Scope {
        Scope::Ahead(conversation())
    }

    fn page(scope: Scope, seq: u32) -> Want {
        let ask = Ask {
            seq: Seq::new(seq),
            count: PageSize::FULL,
            generation: 0,
            no: AskNo(0),
        };
        let conversation = conversation();
        let request = Request::History { conversation, ask };
        Want { scope, request }
    }

    fn error(fault: Fault) -> ApiError {
        let attempt = Attempt {
            command: "group_msg_get_simple",
            subject: None,
            seq: None,
        };
        ApiError { attempt, fault }
    }

    fn reset() -> ApiError {
        error(Fault::Unreachable {
            host: "h".to_owned(),
            cause: Clean::from("reset"),
        })
    }

    /// The pages of 100, 80 and 60 in the air.
    fn three(now: Instant) -> (Flights, [Want; 3], Vec<RequestId>) {
        let mut flights = Flights::new(1);
        let wants = [page(way(), 100), page(behind(), 80), page(behind(), 60)];
        assert_eq!(flights.reconcile(&wants, now).len(), 3);
        let ids: Vec<_> = flights.iter().map(|flight| flight.id).collect();
        (flights, wants, ids)
    }

    fn standing(flights: &Flights, scope: &Scope) -> Vec<(RequestId, bool)> {
        let of = flights.of(scope);
        let runs = |f: &Flight| matches!(f.phase, Phase::Running { .. });
        of.map(|f| (f.id, runs(f))).collect()
    }

    #[test]
    fn one_that_fails_behind_takes_the_way_and_a_second_one_nothing() {
        let now = Instant::now();
        let (mut flights, _, ids) = three(now);
        flights.land(ids[1], Some(&reset()), now);
        assert_eq!(standing(&flights, &way()), [(ids[1], false)]);
        assert_eq!(
            standing(&flights, &behind()),
            [(ids[0], true), (ids[2], true)]
        );
        flights.land(ids[2], Some(&reset()), now);
        assert_eq!(standing(&flights, &way()), [(ids[1], false)]);
        assert_eq!(standing(&flights, &behind()), [(ids[0], true)]);
    }

    #[test]
    fn the_whole_way_waits_with_the_one_that_failed() {
        let now = Instant::now();
        let (mut flights, _, ids) = three(now);
        flights.land(ids[1], Some(&reset()), now);
        flights.land(ids[0], None, now);
        flights.land(ids[2], None, now);
        let next = [page(way(), 80)];
        assert_eq!(flights.reconcile(&next, now), [], "not before its time");
        let due = flights.wake_at().expect("a retry is due");
        assert!(due > now);
        assert_eq!(flights.reconcile(&next, due).len(), 1);
    }

    #[test]
    fn one_that_is_refused_or_called_off_is_shown_where_the_reader_comes_to_it() {
        let now = Instant::now();
        for called_off in [false, true] {
            let (mut flights, _, ids) = three(now);
            let refused = error(Fault::Cancelled);
            if called_off {
                flights.cancel(ids[1], &refused);
            } else {
                flights.land(ids[1], Some(&refused), now);
            }
            flights.land(ids[0], None, now);
            let failed = |f: &Flight| matches!(f.phase, Phase::Failed { .. });
            assert!(flights.of(&way()).all(failed));
            assert_eq!(flights.reconcile(&[page(way(), 80)], now), []);
        }
    }

    #[test]
    fn a_quick_page_counts_at_once_and_a_slow_one_by_and_by() {
        let start = Instant::now();
        let ms = Duration::from_millis;
        let (mut flights, _, ids) = three(start);
        assert_eq!(flights.took(), Duration::ZERO);
        for (id, after, took) in [(0, 80, 80), (1, 400, 160), (2, 40, 40)] {
            flights.land(ids[id], None, start + ms(after));
            assert_eq!(flights.took(), ms(took));
        }
    }
}
