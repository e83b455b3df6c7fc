//! What is to be loaded now, and when to look again.

use std::time::Instant;

use super::App;
use super::event::{Effect, Now, secs};
use super::flights::{Direction, Phase, Scope, Want};

impl App {
    /// Starts what is wanted and not under way.
    pub(super) fn reconcile(&mut self, now: Now) -> Vec<Effect> {
        let mut wants = if self.halt.is_some() {
            Vec::new()
        } else {
            self.wants(now)
        };
        if self.probing {
            wants.truncate(usize::from(!self.flights.any_running()));
        }
        let coming = self.coming();
        wants.retain(|want| !coming.cover(want));
        // What the list and a job both want travels for the job, which waits for nobody.
        let jobs = wants.iter().filter(|w| matches!(w.scope, Scope::Job(_)));
        let mut asked: Vec<_> = jobs.map(|want| want.request.clone()).collect();
        let extends = |scope: &Scope| {
            let ways = [Direction::Older, Direction::Newer];
            scope.direction().is_some_and(|way| ways.contains(&way))
        };
        // A small stretch may be wanted from both of its sides.
        wants.retain(|want| {
            let new = !extends(&want.scope) || !asked.contains(&want.request);
            if new && extends(&want.scope) {
                asked.push(want.request.clone());
            }
            new
        });
        self.pace_ahead(&mut wants, now);
        let effects = self.flights.reconcile(&wants, now.mono);
        self.count_paced(&effects, now);
        self.watch_polls(now);
        let background = |e: &Effect| {
            let mut flights = self.flights.of(&Scope::Background);
            matches!(e, Effect::Fetch { id, .. } if flights.any(|f| f.id == *id))
        };
        if effects.iter().any(background) {
            self.picker.background_started(now);
        }
        effects
    }

    /// What should be loaded, most visible first.
    fn wants(&mut self, now: Now) -> Vec<Want> {
        let mut wants = Vec::new();
        let mut all_are_named = false;
        if let Some(history) = self.history() {
            let group = &history.conversation.group;
            if self.picker.type_without_history(group).is_none() {
                wants.extend(history.wants());
                wants.extend(self.job_wants());
                wants.extend(self.poll_want(now));
                wants.extend(self.card_want());
                let names = self.names.wants(group, &history.unnamed_senders());
                all_are_named = names.is_empty();
                wants.extend(names);
                wants.extend(self.wants_ahead(now));
            }
        }
        if all_are_named && let Some(history) = self.history_mut() {
            history.all_are_named();
        }
        wants.extend(self.picker.wants(self.current.as_ref(), now));
        // What waits to be tried again stays wanted between two turns: otherwise
        // its back-off would be forgotten with each of them.
        let begun = self.flights.of(&Scope::Background).next().is_some();
        if begun || self.picker.background_is_due(now) {
            wants.extend(self.picker.background_want(self.current.as_ref()));
        }
        wants
    }

    /// When to send [`Event::Woke`] if nothing else happens first.
    #[must_use]
    pub fn wake_at(&self, now: Now) -> Option<Instant> {
        let second = self.shown_flight().and_then(|f| match f.phase {
            Phase::Running { since, .. } => {
                let elapsed = now.mono.saturating_duration_since(since).as_secs();
                Some(since + secs(elapsed + 1))
            }
            // Counts down in whole seconds before the retry.
            Phase::Waiting { until, .. } => {
                let left = until.saturating_duration_since(now.mono).as_millis();
                let whole = u64::try_from(left.saturating_sub(1) / 1000).unwrap_or(0);
                until.checked_sub(secs(whole))
            }
            Phase::Failed { .. } => None,
        });
        let quiet = self
            .halt
            .as_ref()
            .and_then(|h| h.quiet_until)
            .filter(|t| *t > now.mono);
        [
            second,
            quiet,
            self.flights.wake_at(),
            self.picker.wake_at(self.current.as_ref(), now),
            self.work_wakes_at(now),
            self.poll_wakes_at(now),
            self.audit_wakes_at(now).filter(|at| *at > now.mono),
        ]
        .into_iter()
        .flatten()
        .min()
    }
}
