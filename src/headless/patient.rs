//! Calls without a screen: tried again as the browser would.

use std::future::Future;

use crate::app::flights::retry_after;
use crate::model::error::ApiError;

/// Makes a call until it is answered or its error is final.
///
/// # Errors
/// The last one.
pub(super) async fn patiently<T, F>(mut call: impl FnMut() -> F) -> Result<T, ApiError>
where
    F: Future<Output = Result<T, ApiError>>,
{
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
        tokio::time::sleep(wait).await;
    }
}
