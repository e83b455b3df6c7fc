//! What has become of the pages a search asked for.

use std::collections::BTreeMap;

use super::ground::Ground;
use super::{Search, SearchStep, Towards};
use crate::app::jobs::{Aloft, PageAsk, Standing};
use crate::model::timeline::{Spans, Stretch, Timeline};

impl Search {
    /// Finds out what has become of the pages asked for; returns what is in the air.
    pub(super) fn look_up(&mut self, timeline: &Timeline, aloft: &[Aloft]) -> Spans<()> {
        let mut flying = Spans::default();
        let mut up = BTreeMap::new();
        for page in aloft {
            match page.how {
                Standing::Running | Standing::Waiting => {
                    flying.set(page.ask.window(), ());
                    up.insert(page.ask, true);
                }
                Standing::Failed => {
                    self.failed.set(page.ask.window(), ());
                    up.entry(page.ask).or_insert(false);
                }
            }
        }
        let answered = std::mem::take(&mut self.answered);
        let mut failures = 0;
        let mut has_landed = false;
        let failed = &mut self.failed;
        self.open.retain(|ask, seen| match up.get(ask) {
            Some(true) => {
                *seen = true;
                true
            }
            Some(false) => {
                failures += 1;
                false
            }
            None if !Ground::is_untouched(timeline, *ask) => {
                has_landed = true;
                false
            }
            None if *seen || answered.contains(ask) => {
                failed.set(ask.window(), ());
                failures += 1;
                false
            }
            None => true,
        });
        if has_landed {
            self.failures = 0;
        }
        self.failures += failures;
        flying
    }

    /// The pages of this search that are still under way and still of use.
    pub(super) fn in_the_air(&self, aloft: &[Aloft], strict: Option<Stretch>) -> Vec<PageAsk> {
        aloft
            .iter()
            .filter(|page| page.how != Standing::Failed && self.open.contains_key(&page.ask))
            .filter(|page| strict.is_some_and(|s| s.meet(page.ask.window()).is_some()))
            .map(|page| page.ask)
            .collect()
    }

    pub(super) fn ask(&mut self, fresh: &[PageAsk]) {
        for ask in fresh {
            if self.open.insert(*ask, false).is_none() {
                self.spent = self.spent.saturating_add(1);
                self.pages = self.pages.saturating_add(1);
            }
            let far = self.towards.far(ask.window());
            if self
                .frontier
                .is_none_or(|old| self.towards.is_beyond(far, old))
            {
                self.frontier = Some(far);
            }
        }
    }

    pub(super) fn wanted(&self, mut asks: Vec<PageAsk>) -> SearchStep {
        if asks.is_empty() {
            return SearchStep::Wait;
        }
        asks.sort_unstable();
        if self.towards == Towards::Older {
            asks.reverse();
        }
        SearchStep::Ask(asks)
    }
}
