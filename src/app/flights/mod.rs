//! Requests in the air, waiting to retry, or given up: one record per ask, and
//! no other flag for "loading" anywhere.
//!
//! After every event the app states what it wants; [`Flights::reconcile`] turns
//! the difference into effects. Prefetch, retry, back-off, single flight and
//! giving up are this one mechanism.

mod ahead;
mod less;
mod policy;
mod scope;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

pub use policy::retry_after;
pub use scope::{Direction, Scope};

use self::less::Less;

use super::event::{Effect, Request, RequestId};
use crate::model::error::{ApiError, Remedy};
use crate::model::message::AskNo;

/// Something the app would like to be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Want {
    /// One call at a time for this.
    pub scope: Scope,
    /// The call; the number of its ask is given when it leaves.
    pub request: Request,
}

/// One request and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flight {
    /// Of the try in the air, or of the last one.
    pub id: RequestId,
    /// What it is for.
    pub scope: Scope,
    /// As it was wanted.
    pub request: Request,
    /// How it stands.
    pub phase: Phase,
    asked: Request,
    /// Somebody still wants something of its scope.
    wanted: bool,
}

/// What serves a want, or holds it up, has the same name. A job may have hundreds of calls
/// in the air, so they are looked up and not compared each with each.
type Name<'a> = (&'a Scope, Option<&'a Request>);

impl Want {
    fn name(&self) -> Name<'_> {
        self.scope.name(&self.request)
    }
}

impl Flight {
    fn name(&self) -> Name<'_> {
        self.scope.name(&self.request)
    }

    /// The request as it left, with the number of its ask.
    #[must_use]
    pub fn sent(&self) -> &Request {
        &self.asked
    }

    /// Whether somebody wanted it when wants were last looked at.
    #[must_use]
    pub const fn is_wanted(&self) -> bool {
        self.wanted
    }
}

/// How a request stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// In the air.
    Running {
        /// Since when.
        since: Instant,
        /// 0 for the first try.
        attempt: u32,
        /// Why the try before it failed.
        error: Option<ApiError>,
    },
    /// Will be tried again.
    Waiting {
        /// When.
        until: Instant,
        /// The number of the next try.
        attempt: u32,
        /// Why.
        error: ApiError,
    },
    /// Given up, until somebody asks for it.
    Failed {
        /// Why.
        error: ApiError,
    },
}

/// A reply that belongs to a request of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landed {
    /// What it was for.
    pub scope: Scope,
    /// As it was sent, with the number of its ask.
    pub request: Request,
    /// The number of its try, in one order with those of asks.
    pub no: AskNo,
    /// It failed for good.
    pub gave_up: bool,
}

/// A call in the air for longer than this is cut off: the client ends calls
/// after 15 s, so only one that waits for its turn for ever gets this old.
pub const HUNG: Duration = Duration::from_mins(2);

/// All requests of the session that have not ended well.
#[derive(Debug)]
pub struct Flights {
    all: Vec<Flight>,
    next_id: u64,
    seed: u64,
    started: u64,
    /// What waits is for something else since wants were last looked at.
    redirected: bool,
    /// How many messages a page is asked for, where it is fewer than wanted.
    less: Less,
    /// How long a page of messages takes.
    took: Option<Duration>,
}

impl Flights {
    /// `seed` makes the jitter of this session.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            all: Vec::new(),
            next_id: 1,
            seed: seed | 1,
            started: 0,
            redirected: false,
            less: Less::default(),
            took: None,
        }
    }

    /// Whether the last [`Flights::reconcile`] changed what something waits for.
    #[must_use]
    pub fn was_redirected(&self) -> bool {
        self.redirected
    }

    /// How many calls have left in this session.
    #[must_use]
    pub fn started(&self) -> u64 {
        self.started
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Flight> {
        self.all.iter()
    }

    /// Those of one scope.
    pub fn of<'a>(&'a self, scope: &'a Scope) -> impl Iterator<Item = &'a Flight> {
        self.all.iter().filter(move |f| f.scope == *scope)
    }

    /// Starts what is wanted and not under way.
    ///
    /// A scope that waits, waits whatever is wanted of it by then: scrolling
    /// through an outage must not be a way around the back-off. A running call
    /// nobody wants is left to land: it was counted and its answer is a fact
    /// worth keeping.
    pub fn reconcile(&mut self, wants: &[Want], now: Instant) -> Vec<Effect> {
        // What has been given up keeps nothing waiting in its scope.
        let open = self.open(wants);
        let (mut names, mut open_names) = (BTreeSet::new(), BTreeSet::new());
        names.extend(wants.iter().map(Want::name));
        open_names.extend(open.iter().map(|want| want.name()));
        for flight in &mut self.all {
            let for_retry = matches!(flight.phase, Phase::Waiting { .. });
            let wanted = if for_retry { &open_names } else { &names };
            flight.wanted = wanted.contains(&flight.name());
        }
        self.redirected = false;
        self.prune(now);
        let mut effects = self.cut_off_hung(now);
        let mut served = BTreeSet::new();
        for want in self.startable(open, now) {
            if served.insert(want.name()) {
                effects.extend(self.serve(want, now));
            }
        }
        effects
    }

    /// Wants that have not been given up, alone or with all of their scope.
    fn open<'w>(&self, wants: &'w [Want]) -> Vec<&'w Want> {
        let mut failed = BTreeSet::new();
        for flight in &self.all {
            if matches!(flight.phase, Phase::Failed { .. }) {
                failed.insert(flight.scope.failure(&flight.request));
            }
        }
        let is_open = |want: &&Want| !failed.contains(&want.scope.failure(&want.request));
        wants.iter().filter(is_open).collect()
    }

    /// Leaves out what is in the air, and what is one of many calls and has to wait.
    fn startable<'w>(&self, mut open: Vec<&'w Want>, now: Instant) -> Vec<&'w Want> {
        let mut busy = BTreeSet::new();
        for flight in &self.all {
            match &flight.phase {
                Phase::Running { .. } => {
                    busy.insert(flight.name());
                }
                Phase::Waiting { until, error, .. } if *until > now && flight.scope.is_many() => {
                    // The service asked for a pause in one of many calls: all of them pause.
                    let alone = error.remedy() != Remedy::Throttle;
                    busy.insert((&flight.scope, alone.then_some(&flight.request)));
                }
                Phase::Waiting { .. } | Phase::Failed { .. } => {}
            }
        }
        open.retain(|want| !busy.contains(&want.name()) && !busy.contains(&(&want.scope, None)));
        open
    }

    /// Forgets what waits, and nobody wants any more by the time it is due. Until
    /// then it stays, for asking anew would be a way around the back-off.
    pub fn prune(&mut self, now: Instant) {
        self.all.retain(|f| match f.phase {
            Phase::Running { .. } | Phase::Failed { .. } => true,
            Phase::Waiting { until, .. } => f.wanted || until > now,
        });
    }

    /// Starts a want, unless its scope is busy or has to wait.
    fn serve(&mut self, want: &Want, now: Instant) -> Option<Effect> {
        let active =
            |f: &Flight| f.name() == want.name() && !matches!(f.phase, Phase::Failed { .. });
        let Some(at) = self.all.iter().position(active) else {
            return Some(self.start(want, 0, None, now));
        };
        let flight = self.all.get_mut(at)?;
        match flight.phase.clone() {
            Phase::Waiting { until, .. } if until > now => {
                if flight.request != want.request {
                    flight.request = want.request.clone();
                    self.redirected = true;
                }
                None
            }
            Phase::Waiting { attempt, error, .. } => {
                self.all.remove(at);
                Some(self.start(want, attempt, Some(error), now))
            }
            Phase::Running { .. } | Phase::Failed { .. } => None,
        }
    }

    fn start(
        &mut self,
        want: &Want,
        attempt: u32,
        error: Option<ApiError>,
        now: Instant,
    ) -> Effect {
        let id = RequestId(self.next_id);
        self.next_id += 1;
        self.started += 1;
        let mut asked = want.request.clone();
        if let Request::History { conversation, ask } = &mut asked {
            ask.no = AskNo(id.0);
            ask.count = self.less.of(conversation, ask.count);
        }
        self.all.push(Flight {
            id,
            scope: want.scope.clone(),
            request: want.request.clone(),
            phase: Phase::Running {
                since: now,
                attempt,
                error,
            },
            asked: asked.clone(),
            wanted: true,
        });
        Effect::Fetch { id, request: asked }
    }

    fn cut_off_hung(&mut self, now: Instant) -> Vec<Effect> {
        let hung = |f: &Flight| match f.phase {
            Phase::Running { since, .. } => now.saturating_duration_since(since) >= HUNG,
            Phase::Waiting { .. } | Phase::Failed { .. } => false,
        };
        let effects = self
            .all
            .iter()
            .filter(|f| hung(f))
            .map(|f| Effect::Cancel(f.id))
            .collect();
        self.all.retain(|f| !hung(f));
        effects
    }

    /// Takes the end of a request; `None` for one we do not know any more.
    pub fn land(
        &mut self,
        id: RequestId,
        error: Option<&ApiError>,
        now: Instant,
    ) -> Option<Landed> {
        let jitter = self.jitter();
        let at = self.all.iter().position(|f| f.id == id)?;
        let flight = self.all.get_mut(at)?;
        // What was cancelled may still land, but is not tried again.
        let attempt = match flight.phase {
            Phase::Running { attempt, .. } => Some(attempt),
            Phase::Failed { .. } => None,
            Phase::Waiting { .. } => return None,
        };
        let (scope, request, no) = (flight.scope.clone(), flight.asked.clone(), AskNo(id.0));
        let Some(error) = error.cloned() else {
            let flight = self.all.remove(at);
            self.note_time(&flight, now);
            self.less.came(&request);
            return Some(Landed {
                scope,
                request,
                no,
                gave_up: false,
            });
        };
        let next = attempt.and_then(|attempt| {
            // With fewer it is another question, not another try of the same.
            if self.less.refused(&request, &error) {
                return Some((attempt, Duration::ZERO));
            }
            retry_after(attempt, &error, jitter).map(|wait| (attempt + 1, wait))
        });
        flight.phase = match next {
            Some((attempt, wait)) => Phase::Waiting {
                until: now + wait,
                attempt,
                error,
            },
            None => Phase::Failed { error },
        };
        self.lead(id);
        Some(Landed {
            scope,
            request,
            no,
            gave_up: next.is_none(),
        })
    }

    /// Forgets all failures and lets what waits try at once, so that what is still
    /// wanted starts anew.
    pub fn retry_all(&mut self, now: Instant) {
        self.all
            .retain(|f| !matches!(f.phase, Phase::Failed { .. }));
        for flight in &mut self.all {
            if let Phase::Waiting { until, attempt, .. } = &mut flight.phase {
                (*until, *attempt) = (now, 0);
            }
        }
    }

    /// Ends all waiting for a retry: what waited has failed. `false` where nothing waited.
    pub fn stop_waiting(&mut self) -> bool {
        let mut stopped = false;
        for flight in &mut self.all {
            if let Phase::Waiting { error, .. } = &flight.phase {
                flight.phase = Phase::Failed {
                    error: error.clone(),
                };
                stopped = true;
            }
        }
        stopped
    }

    /// Cancels a running call: it is not tried again, but what it brings still counts.
    pub fn cancel(&mut self, id: RequestId, error: &ApiError) {
        for flight in self.all.iter_mut().filter(|f| f.id == id) {
            flight.phase = Phase::Failed {
                error: error.clone(),
            };
        }
        self.lead(id);
    }

    /// Whether any call is in the air.
    #[must_use]
    pub fn any_running(&self) -> bool {
        self.all
            .iter()
            .any(|f| matches!(f.phase, Phase::Running { .. }))
    }

    /// Forgets those that failed and of which `is_done` holds.
    pub fn forget_done(&mut self, is_done: impl Fn(&Flight) -> bool) {
        self.all
            .retain(|f| !matches!(f.phase, Phase::Failed { .. }) || !is_done(f));
    }

    /// Forgets failures of one scope, for what is better forgotten than shown.
    pub fn forget_failed(&mut self, scope: &Scope) {
        self.all
            .retain(|f| f.scope != *scope || matches!(f.phase, Phase::Running { .. }));
    }

    /// The next moment at which something here changes by itself.
    #[must_use]
    pub fn wake_at(&self) -> Option<Instant> {
        self.all
            .iter()
            .filter_map(|f| match f.phase {
                Phase::Running { since, .. } => Some(since + HUNG),
                Phase::Waiting { until, .. } => (f.wanted || f.scope.is_many()).then_some(until),
                Phase::Failed { .. } => None,
            })
            .min()
    }

    /// Xorshift: enough for spreading retries, and the same in every test.
    fn jitter(&mut self) -> f64 {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        f64::from(u32::try_from(self.seed >> 32).unwrap_or(0)) / f64::from(u32::MAX)
    }
}

#[cfg(test)]
mod tests;
