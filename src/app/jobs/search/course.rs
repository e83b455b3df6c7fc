//! Where one step of a search goes, and what it meets there.

use super::ground::{Ground, Open};
use super::{COUNTED_PER_STEP, IN_A_ROW, Search, Towards};
use crate::app::jobs::PageAsk;
use crate::app::jobs::sieve::{Near, Sieve};
use crate::model::ids::Seq;
use crate::model::timeline::{Spans, Stretch, Timeline};

/// Where the walk of one step goes.
pub(super) struct Course {
    pub(super) hit: Option<Seq>,
    pub(super) is_judged: bool,
    /// Where nothing may be passed over.
    pub(super) strict: Option<Stretch>,
    /// The end of the way, or the hit.
    pub(super) end: Seq,
}

/// What the walk of one step has met.
#[derive(Default)]
pub(super) struct Walk {
    pub(super) fresh: Vec<PageAsk>,
    /// The first open seq.
    pub(super) edge: Option<Seq>,
    /// Only the allowance kept it from asking.
    pub(super) is_spent: bool,
}

impl Search {
    /// `None` where there is nothing in this direction.
    pub(super) fn course(&mut self, timeline: &Timeline, sieve: &Sieve) -> Option<Course> {
        let towards = self.towards;
        let (from, end) = match towards {
            // What lies above the head is nothing to look at.
            Towards::Older => {
                let above = timeline.head().map_or(self.at, |h| h.forward(1));
                (self.at.min(above), self.limit.unwrap_or(Seq::FIRST))
            }
            Towards::Newer => {
                let head = timeline.head()?;
                (self.at, self.limit.map_or(head, |limit| limit.min(head)))
            }
        };
        let way = Ground::beyond(towards, from, end)?;
        let near = sieve.hit(timeline, self.at, towards);
        let hit = match near {
            Near::Hit { seq, .. } if !towards.is_beyond(seq, end) => Some(seq),
            Near::Hit { .. } | Near::None { .. } => {
                self.paging = true;
                None
            }
            Near::Unjudged => None,
        };
        let end = hit.unwrap_or(end);
        let strict = if self.paging {
            Some(way)
        } else {
            self.frontier
                .and_then(|frontier| Ground::beyond(towards, from, frontier))
        };
        let before_end = towards.stretch(towards.near(way), end);
        Some(Course {
            hit,
            is_judged: near != Near::Unjudged,
            strict: strict.zip(before_end).and_then(|(a, b)| a.meet(b)),
            end,
        })
    }

    /// Collects what to ask for, as far as room and allowance go.
    pub(super) fn walk(
        &self,
        timeline: &Timeline,
        flying: &Spans<()>,
        within: Option<Stretch>,
        room: usize,
    ) -> Walk {
        let ground = Ground {
            timeline,
            towards: self.towards,
            flying,
            failed: &self.failed,
        };
        let mut left = self
            .allowance
            .map(|allowance| allowance.saturating_sub(self.spent));
        let mut walk = Walk::default();
        for open in ground.open(within) {
            walk.edge.get_or_insert(self.towards.near(open.stretch()));
            let Open::Free(stretch) = open else { continue };
            let ask = PageAsk::top_of(stretch);
            if !self.open.contains_key(&ask) {
                walk.is_spent = left == Some(0);
                left = left.map(|left| left.saturating_sub(1));
            }
            if walk.is_spent || walk.fresh.len() >= room || self.failures >= IN_A_ROW {
                break;
            }
            walk.fresh.push(ask);
        }
        walk
    }

    /// Everything before the first open seq is behind us; without one, all of the way.
    pub(super) fn note_reached(&mut self, timeline: &Timeline, course: &Course, walk: &Walk) {
        let towards = self.towards;
        let reached = match walk.edge {
            // The seq before it: the next one the other way.
            Some(edge) => match towards {
                Towards::Older => edge.next(),
                Towards::Newer => edge.prev(),
            },
            None => Some(course.end),
        };
        let reached = reached.filter(|seq| course.is_judged && towards.is_beyond(*seq, self.at));
        if let Some(reached) = reached {
            self.reached = Some(reached);
            self.tally
                .advance(timeline, &self.failed, reached, COUNTED_PER_STEP);
        }
    }
}
