//! What the embedded service is told to do wrong.

use clap::{Args, ValueEnum};

/// How the embedded service behaves, for trying out what the real one may do.
#[derive(Debug, Default, Clone, PartialEq, Eq, Args)]
#[command(next_help_heading = "Trouble")]
pub struct Trouble {
    /// Answer after this many milliseconds
    #[arg(long, value_name = "MS")]
    pub latency: Option<u64>,
    /// Add up to this many milliseconds by chance
    #[arg(long, value_name = "MS")]
    pub jitter: Option<u64>,
    /// Fail every N-th call with an ErrorCode, such as 5:10002
    #[arg(long, value_name = "N:CODE", value_parser = every)]
    pub fail_every: Option<(u32, u32)>,
    /// Answer every N-th call as a broken gateway would: 502 and a page of HTML
    #[arg(long, value_name = "N")]
    pub http_502_every: Option<u32>,
    /// Cut off every N-th reply in the middle
    #[arg(long, value_name = "N")]
    pub cut_every: Option<u32>,
    /// Refuse more calls of one command a second than this
    #[arg(long, value_name = "N")]
    pub rate_limit: Option<u32>,
    /// How recalled messages come
    #[arg(long, value_name = "HOW", value_enum)]
    pub recalled: Option<Recalled>,
    /// Messages older than this many days have expired
    #[arg(long, value_name = "DAYS")]
    pub expiry: Option<u64>,
    /// Count seqs instead of messages: pages come short where seqs are left out
    #[arg(long)]
    pub window: bool,
}

/// How recalled messages come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Recalled {
    /// As placeholders without their content
    Listed,
    /// As placeholders that still hold their content
    WithBody,
    /// Not at all, although asked for
    Withheld,
    /// As deleted ones
    Gone,
}

fn every(text: &str) -> Result<(u32, u32), String> {
    let parts = text.split_once(':');
    let parts = parts.and_then(|(n, code)| Some((n.parse().ok()?, code.parse().ok()?)));
    parts
        .filter(|(n, _)| *n > 0)
        .ok_or_else(|| "expected N:CODE, such as 5:10002".to_owned())
}
