//! The program as it begins, from what the session says.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::app::keymap::Keymap;
use crate::app::{App, Settings};
use crate::config::{Session, Ticket};
use crate::model::excerpt::Style;
use crate::model::request::Caller;
use crate::model::text::Clean;
use crate::model::time::Zone;
use crate::state::StateDir;

/// The program as it is before anything has happened.
pub(super) fn start(session: &Session, state: Option<&(StateDir, String)>) -> anyhow::Result<App> {
    let local = Zone::system();
    let configured = session.zone.clone().unwrap_or_else(|| local.clone());
    let loaded = state.map(|(dir, name)| dir.load(name)).unwrap_or_default();
    let hint = session
        .drawing
        .hint
        .filter(|_| !session.quiet)
        .map(Clean::from);
    let settings = Settings {
        label: session.label.clone(),
        app: session.access.sdk_app_id,
        caller: Caller {
            origin: session.access.endpoint.origin().to_owned(),
            identifier: session.access.identifier.clone(),
        },
        ticket: match session.ticket {
            Ticket::Markdown => Style::Markdown,
            Ticket::Plain => Style::Plain,
        },
        zones: Zone::cycle(&configured, &local),
        ascii: session.drawing.ascii,
        mouse: session.mouse,
        calls_per_second: session.access.calls_per_second,
        search_calls: session.search_calls,
        memory: bytes(session.memory_mb),
        keymap: Keymap::with(&session.keys).map_err(|bad| anyhow::anyhow!("[keys]: {bad}"))?,
        seed: seed(),
        hint: loaded.note.or(hint),
        noting: session.accesses.is_some(),
        open: session.start.clone(),
    };
    Ok(App::new(settings, loaded.state))
}

const fn bytes(mib: u32) -> usize {
    // More than this machine could address is no bound.
    (mib as usize).saturating_mul(1 << 20)
}

/// Different in every process, so that retries of many do not fall together.
fn seed() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let nanos = since.map_or(0, |d| d.as_secs() ^ u64::from(d.subsec_nanos()) << 32);
    nanos ^ u64::from(std::process::id()).rotate_left(16)
}
