//! Calls without a screen: tried again as the browser would, one after another.

use std::time::Duration;

use crate::app::flights::retry_after;
use crate::model::error::ApiError;

/// Makes a call until it is answered or its error is final.
///
/// # Errors
/// The last one.
pub(super) async fn patiently<T>(
    mut call: impl AsyncFnMut() -> Result<T, ApiError>,
) -> Result<T, ApiError> {
    let mut attempt = 0;
    loop {
        let error = match call().await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        // One program alone needs no jitter.
        let Some(wait) = retry_after(attempt, &error, 0.0) else {
            return Err(error);
        };
        attempt += 1;
        tokio::time::sleep(wait.max(Duration::from_millis(1))).await;
    }
}
