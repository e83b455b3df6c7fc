//! Loading what an audit calls missing.

use super::App;
use super::action::Action;
use super::event::Now;
use super::jobs::search::{Search, SearchStep, Towards, Why};
use super::jobs::sieve::Sieve;
use super::line::{Line, Role};
use super::work::Job;
use crate::model::ids::Seq;
use crate::model::message::PageSize;
use crate::model::text;
use crate::model::text::grouped;
use crate::model::timeline::{Stretch, Timeline};

impl App {
    /// How much of what an audit asked for has come: done, of.
    pub(super) fn filling(&self) -> Option<(u32, u32)> {
        match &self.work.as_ref()?.job {
            Job::Fill {
                stretch, missing, ..
            } => {
                let left = unfetched(self.history()?.timeline(), *stretch);
                Some((missing.saturating_sub(left), *missing))
            }
            Job::Hunt { .. } | Job::Match { .. } | Job::Search => None,
        }
    }

    /// Loads what is missing of a stretch.
    pub(super) fn fill(&mut self, stretch: Stretch) {
        let Some(history) = self.history() else {
            return;
        };
        let missing = unfetched(history.timeline(), stretch);
        if missing == 0 {
            self.say(Role::Dim, "nothing is missing there");
            return;
        }
        if self.filling().is_some() {
            self.say(Role::Dim, "loading already: Esc stops it");
            return;
        }
        let from = stretch.last().next().unwrap_or(stretch.last());
        // The quota is production's: it pauses where a search would.
        let allowance = Some(self.settings.search_calls).filter(|calls| *calls > 0);
        let mut search = Search::new(from, Towards::Older, allowance);
        search.bound(Some(stretch.first()));
        self.start_job(Job::Fill {
            stretch,
            search,
            sieve: Sieve::new(),
            missing,
        });
    }

    /// Loading has ended: says what came, and what did not.
    pub(super) fn filled(&mut self, stretch: Stretch, failed: u32, how: &SearchStep) {
        let load = self.settings.keymap.hint(Action::Fill);
        let (first, last) = (grouped(stretch.first()), grouped(stretch.last()));
        match (how, failed) {
            (SearchStep::Pause(Why::Allowance), _) => {
                let calls = grouped(self.settings.search_calls);
                let words = format!("paused after {calls} calls · {load} goes on");
                self.say(Role::Warning, words);
            }
            (SearchStep::Pause(Why::Failing), _) => self.say(
                Role::Error,
                format!("stopped loading: three pages in a row failed · {load} tries again"),
            ),
            (_, 0) => self.say(Role::Dim, format!("loaded {first}-{last}")),
            (_, failed) => self.say(
                Role::Error,
                format!(
                    "loaded {first}-{last} but for {} that failed · {load} tries again",
                    grouped(failed)
                ),
            ),
        }
    }

    /// How far loading has got, and how long it may still take.
    pub(super) fn fill_progress(&self, (stretch, missing): (Stretch, u32), now: Now) -> Line {
        let left = self
            .history()
            .map_or(0, |h| unfetched(h.timeline(), stretch));
        let rate = self.pace.rate(now.mono);
        let mut line = Line::of(Role::Accent, "loading ");
        line.say(
            Role::Text,
            format!(
                "{} of {} · {rate} calls/s",
                grouped(missing.saturating_sub(left)),
                grouped(missing)
            ),
        );
        let calls = u64::from(left.div_ceil(PageSize::FULL.get()));
        if let Some(seconds) = calls.checked_div(u64::from(rate)).filter(|s| *s > 0) {
            let words = format!(" · about {} left", text::span_s(seconds));
            line.say(Role::Dim, words);
        }
        line
    }
}

/// How many seqs of a stretch, up to the head, are not loaded.
pub(super) fn unfetched(timeline: &Timeline, stretch: Stretch) -> u32 {
    let line = timeline.head().and_then(|h| Stretch::new(Seq::FIRST, h));
    let Some(part) = line.and_then(|line| line.meet(stretch)) else {
        return 0;
    };
    let loaded: u32 = timeline.answered(part).map(Stretch::len).sum();
    part.len().saturating_sub(loaded)
}
