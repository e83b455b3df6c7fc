//! The call budget: a sliding window over the calls that left, shared by all
//! tasks of a profile (api-facts 1.10).
//!
//! A bucket that saves up would let twice the rate through in one second, so
//! what is counted is calls in the last second, at the moment they leave.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How much of the rate comes back in each second after a halving.
const RECOVERY_PER_SECOND: f64 = 1.05;

/// When calls may leave. Pure: it is told what time it is.
#[derive(Debug)]
pub(super) struct Budget {
    /// Calls in one window when the service does not complain.
    full: f64,
    /// Calls in one window now; at least 1.
    rate: f64,
    /// When `rate` was last brought up to date.
    since: Instant,
    /// When the rate was last halved.
    halved: Option<Instant>,
    window: Duration,
    /// The calls of the last window, oldest first.
    left: VecDeque<Instant>,
}

impl Budget {
    pub(super) fn new(calls: u32, window: Duration, now: Instant) -> Self {
        let full = f64::from(calls.max(1));
        Self {
            full,
            rate: full,
            since: now,
            halved: None,
            window,
            left: VecDeque::new(),
        }
    }

    /// Lets a call leave now, or says when to ask again.
    pub(super) fn leave(&mut self, now: Instant) -> Result<(), Instant> {
        if let Some(until) = self.blocked(now) {
            return Err(until);
        }
        self.left.push_back(now);
        Ok(())
    }

    /// Until when no call may leave; `None` when one may leave now.
    fn blocked(&mut self, now: Instant) -> Option<Instant> {
        self.recover(now);
        while let Some(first) = self.left.front()
            && now.saturating_duration_since(*first) >= self.window
        {
            self.left.pop_front();
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the rate lies between 1 and the configured number of calls"
        )]
        let allowed = self.rate as usize;
        // How many have to leave the window before there is room for one more.
        let too_many = (self.left.len() + 1).saturating_sub(allowed);
        let blocking = self.left.get(too_many.checked_sub(1)?)?;
        Some(*blocking + self.window)
    }

    /// The service asked for a pause in answer to a call that left at `sent`.
    ///
    /// Halves the rate, but once only for all calls that were under way at the time.
    pub(super) fn slow_down(&mut self, sent: Instant, now: Instant) {
        self.recover(now);
        if self.halved.is_none_or(|halved| sent > halved) {
            self.rate = (self.rate / 2.0).max(1.0);
            self.halved = Some(now);
        }
    }

    fn recover(&mut self, now: Instant) {
        let seconds = now.saturating_duration_since(self.since).as_secs_f64();
        self.rate = (self.rate * RECOVERY_PER_SECOND.powf(seconds)).min(self.full);
        self.since = self.since.max(now);
    }
}

/// A [`Budget`] that can be waited for, first come, first served.
#[derive(Debug)]
pub struct Limiter {
    /// Held by the one whose turn it is. Fair, and dropping a waiting future gives its place back.
    turn: tokio::sync::Mutex<()>,
    budget: Mutex<Budget>,
}

impl Limiter {
    /// So many calls in any window of that length.
    #[must_use]
    pub fn new(calls: u32, window: Duration) -> Self {
        Self {
            turn: tokio::sync::Mutex::new(()),
            budget: Mutex::new(Budget::new(calls, window, now())),
        }
    }

    /// Waits until a call may leave, counts it, and says when that was.
    pub async fn leave(&self) -> Instant {
        let _turn = self.turn.lock().await;
        self.counted().await
    }

    /// The same under a second limit: it is counted in both at the moment it leaves both.
    pub(super) async fn leave_with(&self, common: &Self) -> Instant {
        let _turn = self.turn.lock().await;
        while let Some(until) = self.with(|budget| budget.blocked(now())) {
            tokio::time::sleep_until(until.into()).await;
        }
        // Nobody can take our place meanwhile: the turn is still ours.
        let left = common.leave().await;
        self.with(|budget| budget.left.push_back(left));
        left
    }

    /// The service asked for a pause in answer to a call that left at `sent`: half as many
    /// calls leave for now.
    pub fn slow_down(&self, sent: Instant) {
        self.with(|budget| budget.slow_down(sent, now()));
    }

    async fn counted(&self) -> Instant {
        loop {
            let time = now();
            match self.with(|budget| budget.leave(time)) {
                Ok(()) => return time,
                Err(until) => tokio::time::sleep_until(until.into()).await,
            }
        }
    }

    fn with<T>(&self, run: impl FnOnce(&mut Budget) -> T) -> T {
        run(&mut self.budget.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The runtime's clock, which tests can stop.
fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// How many leave at once at `now`.
    fn burst(budget: &mut Budget, now: Instant) -> usize {
        (0..1000).take_while(|_| budget.leave(now).is_ok()).count()
    }

    #[test]
    fn no_second_ever_holds_more_than_the_budget() {
        let start = Instant::now();
        let mut budget = Budget::new(20, SECOND, start);
        let mut left: Vec<Instant> = Vec::new();
        // Asked at an odd step, as a busy program would: 7 ms for ten seconds.
        for step in 0..1430 {
            let now = start + ms(7 * step);
            if budget.leave(now).is_ok() {
                left.push(now);
            }
        }
        for (i, first) in left.iter().enumerate() {
            let within = left.iter().skip(i).take_while(|t| **t - *first < SECOND);
            assert!(within.count() <= 20);
        }
        assert!(left.len() >= 195, "only {} of 200 used", left.len());
    }

    #[test]
    fn the_time_to_ask_again_is_the_time_it_works() {
        let start = Instant::now();
        let mut budget = Budget::new(2, SECOND, start);
        assert_eq!(budget.leave(start), Ok(()));
        assert_eq!(budget.leave(start + ms(300)), Ok(()));
        assert_eq!(budget.leave(start + ms(400)), Err(start + SECOND));
        assert_eq!(budget.leave(start + SECOND), Ok(()));
        assert_eq!(budget.leave(start + SECOND), Err(start + ms(1300)));
    }

    #[test]
    fn a_complaint_halves_the_rate_once_and_it_comes_back_slowly() {
        let start = Instant::now();
        let mut budget = Budget::new(100, SECOND, start);
        assert_eq!(burst(&mut budget, start), 100);
        // Three answers to calls of the same burst are one complaint.
        for _ in 0..3 {
            budget.slow_down(start, start + ms(50));
        }
        assert_eq!(burst(&mut budget, start + SECOND), 52);
        let later = start + 3 * SECOND;
        assert_eq!(burst(&mut budget, later), 57);
        budget.slow_down(later, later + ms(50));
        assert_eq!(burst(&mut budget, start + 4 * SECOND), 30);
        assert_eq!(
            burst(&mut budget, start + 60 * SECOND),
            100,
            "all of it in the end"
        );
    }

    #[test]
    fn however_often_it_complains_one_call_a_second_is_left() {
        let start = Instant::now();
        let mut budget = Budget::new(20, SECOND, start);
        for step in 0..10 {
            budget.slow_down(start + ms(2 * step), start + ms(2 * step + 1));
        }
        assert_eq!(burst(&mut budget, start + ms(100)), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_wait_leave_in_the_order_they_came() {
        let limiter = std::sync::Arc::new(Limiter::new(1, SECOND));
        let (report, mut order) = tokio::sync::mpsc::unbounded_channel();
        let start = limiter.leave().await;
        let mut waiting = Vec::new();
        for n in 1..=4_u32 {
            let (limiter, report) = (std::sync::Arc::clone(&limiter), report.clone());
            let task = tokio::spawn(async move {
                let left = limiter.leave().await;
                report.send((n, left - start)).expect("the test listens");
            });
            tokio::task::yield_now().await;
            waiting.push(task);
        }
        // The second in the row gives up: those behind move up.
        waiting.swap_remove(1).abort();
        drop(report);
        let mut left = Vec::new();
        while let Some(one) = order.recv().await {
            left.push((one.0, one.1.as_secs()));
        }
        assert_eq!(left, [(1, 1), (3, 2), (4, 3)]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_second_limit_counts_at_the_moment_of_leaving() {
        let (common, list) = (Limiter::new(1, 5 * SECOND), Limiter::new(1, SECOND));
        let start = common.leave().await;
        let first = list.leave_with(&common).await;
        let second = list.leave_with(&common).await;
        assert_eq!((first - start, second - start), (5 * SECOND, 10 * SECOND));
        let wide = Limiter::new(100, SECOND);
        let third = list.leave_with(&wide).await;
        assert_eq!(third - start, 11 * SECOND);
    }
}
