//! When a call that failed is worth another try.

use std::time::Duration;

use crate::model::error::{ApiError, Fault, Remedy};

/// Waits of the three retries after a passing fault (design.md, section 5).
const TRANSIENT: [Duration; 3] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
];

/// The longest wait after a throttle code.
const THROTTLE_CEILING: Duration = Duration::from_secs(30);

/// How long to wait before try number `attempt + 1`; `None` to give up.
///
/// `jitter`, 0 to 1, adds up to a quarter, so that many screens that were told
/// to slow down do not come back at once.
#[must_use]
pub fn retry_after(attempt: u32, error: &ApiError, jitter: f64) -> Option<Duration> {
    let wait = match error.remedy() {
        Remedy::Credentials | Remedy::Permanent => return None,
        Remedy::Throttle => Duration::from_secs(1)
            .saturating_mul(1 << attempt.min(5))
            .min(THROTTLE_CEILING),
        Remedy::Transient => {
            // A page of HTML under status 200 stays one: two retries, not three.
            let tries = if matches!(error.fault, Fault::Malformed { .. }) {
                2
            } else {
                3
            };
            let wait = TRANSIENT
                .iter()
                .take(tries)
                .nth(usize::try_from(attempt).ok()?);
            *wait?
        }
    };
    Some(wait.mul_f64(1.0 + 0.25 * jitter.clamp(0.0, 1.0)))
}
