//! The optional log: off unless `--log` names a file.

use std::path::Path;
use std::sync::Mutex;

use tracing::Level;
use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use super::Env;
use crate::state::append_only;

/// Why there is no log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// `TIM_HISTORY_LOG` is no level.
    #[error("TIM_HISTORY_LOG: expected one of error, warn, info, debug, trace")]
    Level,
    /// The file cannot be written.
    #[error("--log {path}: {cause}")]
    File {
        /// Which file.
        path: String,
        /// The system's word, or what was expected.
        cause: String,
    },
}

/// Libraries that print whole requests below `info`, signatures included.
const TALKATIVE: &[&str] = &["hyper", "hyper_util", "h2", "reqwest", "rustls", "tower"];

/// Sends what the program notes about itself to the end of `path`, with mode
/// 0600, from the level of `TIM_HISTORY_LOG` up (default `info`).
///
/// # Errors
/// The level is none, or the file cannot be written.
pub fn start_log(path: &Path, env: Env<'_>) -> Result<(), LogError> {
    let level = level(env)?;
    let file = append_only(path).map_err(|error| LogError::File {
        path: path.display().to_string(),
        cause: error.to_string(),
    })?;
    let to_file = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(Mutex::new(file))
        .with_filter(filter_fn(|about| may_log(about.target(), *about.level())));
    // A second log in one process is refused; the first goes on.
    let _ = tracing_subscriber::registry()
        .with(to_file.and_then(level))
        .try_init();
    Ok(())
}

fn level(env: Env<'_>) -> Result<LevelFilter, LogError> {
    match env("TIM_HISTORY_LOG").as_deref() {
        Some("error") => Ok(LevelFilter::ERROR),
        Some("warn") => Ok(LevelFilter::WARN),
        None | Some("" | "info") => Ok(LevelFilter::INFO),
        Some("debug") => Ok(LevelFilter::DEBUG),
        Some("trace") => Ok(LevelFilter::TRACE),
        Some(_) => Err(LogError::Level),
    }
}

/// Whether an event of this origin may be written at this level at all.
fn may_log(target: &str, level: Level) -> bool {
    let library = target.split("::").next().unwrap_or_default();
    // `tracing` orders levels by how much they say: INFO < DEBUG.
    level <= Level::INFO || !TALKATIVE.contains(&library)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_words() {
        let with = |value: &'static str| level(&move |_| Some(value.to_owned()));
        assert_eq!(level(&|_| None), Ok(LevelFilter::INFO));
        assert_eq!(with("trace"), Ok(LevelFilter::TRACE));
        assert_eq!(with("hyper=trace"), Err(LogError::Level));
    }

    #[test]
    fn the_libraries_that_print_requests_stay_quiet() {
        assert!(!may_log("hyper::proto::h1", Level::TRACE));
        assert!(!may_log("h2", Level::DEBUG));
        assert!(may_log("rustls", Level::WARN));
        assert!(may_log("tim_history::api", Level::TRACE));
        assert!(may_log("hyperspace", Level::DEBUG));
    }
}
