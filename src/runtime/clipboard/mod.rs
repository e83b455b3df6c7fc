//! Copying: a text goes to tmux or to the terminal, and into a file in any case.
//!
//! Over ssh there is no clipboard to write to, only terminals to be asked, and none
//! of them answers. So every copy is also kept in a file, and what is reported is
//! what was done, not what was hoped for.

mod osc52;
mod route;
mod tmux;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::task::{JoinError, JoinSet};

use super::screen::Screen;
use crate::app::event::{Copied, Copy, Event};
use crate::config::Surroundings;
use crate::model::copyable::Copyable;
use crate::model::text::{Clean, clean};
use crate::state::StateDir;

/// How long the file may take: a home over the network may hang.
const FILING: Duration = Duration::from_secs(3);

/// What a copy came to.
#[derive(Debug)]
struct Done {
    /// To be sent to the terminal.
    bytes: Option<Vec<u8>>,
    copied: Copied,
}

/// What every copy is done with.
#[derive(Debug)]
struct Ways {
    around: Surroundings,
    state: Option<StateDir>,
    /// Fair: of two copies the later one is the last that tmux and the terminal get.
    turn: Mutex<()>,
    /// Held until a file is written, even where nobody waits for it any more.
    filing: Arc<Mutex<()>>,
}

/// The copies on their way, one after another.
#[derive(Debug)]
pub struct Clipboard {
    ways: Arc<Ways>,
    tasks: JoinSet<Done>,
}

impl Clipboard {
    /// Nothing is copied yet.
    #[must_use]
    pub fn new(around: Surroundings, state: Option<StateDir>) -> Self {
        let ways = Ways {
            around,
            state,
            turn: Mutex::default(),
            filing: Arc::default(),
        };
        Self {
            ways: Arc::new(ways),
            tasks: JoinSet::new(),
        }
    }

    /// Begins a copy; [`next`](Self::next) ends it. Wants to be called in a runtime.
    pub fn start(&mut self, copy: Copy) {
        let ways = Arc::clone(&self.ways);
        self.tasks.spawn(async move { ways.copy(copy).await });
    }

    /// Waits for the end of a copy, sends the terminal its part, and says what
    /// happened; `None` if there is no copy under way. May be dropped while it waits.
    pub async fn next(&mut self, screen: &Screen) -> Option<Event> {
        let done = self.tasks.join_next().await?.unwrap_or_else(resume);
        if let Some(bytes) = done.bytes {
            screen.send_aside(bytes);
        }
        Some(Event::Copied(done.copied))
    }

    /// Lets the copies under way end, for so long: whoever quits right after a copy
    /// wants to paste it.
    pub async fn finish(&mut self, screen: &Screen, within: Duration) {
        let rest = async { while self.next(screen).await.is_some() {} };
        // What has not ended by then is given up.
        let _ = tokio::time::timeout(within, rest).await;
    }
}

/// A task is never aborted, so it has panicked.
fn resume(error: JoinError) -> Done {
    std::panic::resume_unwind(error.into_panic())
}

impl Ways {
    async fn copy(&self, copy: Copy) -> Done {
        let _turn = self.turn.lock().await;
        let text = Arc::new(copy.text);
        let (file, answer) = tokio::join!(self.keep(&text), self.ask_tmux(&text));
        let (route, hints) = route::choose(&self.around, text.len(), answer);
        Done {
            bytes: route::bytes(&route, text.as_str()),
            copied: Copied {
                what: copy.what,
                bytes: text.len() as u64,
                route,
                file,
                hints,
            },
        }
    }

    async fn ask_tmux(&self, text: &Copyable) -> Option<route::Answer> {
        if !self.around.tmux {
            return None;
        }
        Some(tmux::load(&self.around, text.as_str()).await)
    }

    /// Writes the file; its path, or why there is none.
    async fn keep(&self, text: &Arc<Copyable>) -> Result<Clean, Clean> {
        let Some(dir) = self.state.clone() else {
            return Err("there is no home".into());
        };
        let text = Arc::clone(text);
        let filing = Arc::clone(&self.filing);
        let write = async {
            let turn = filing.lock_owned().await;
            let write = move || {
                let _turn = turn;
                dir.keep_copy(&text)
            };
            match tokio::task::spawn_blocking(write).await {
                Ok(written) => written,
                Err(panic) => std::panic::resume_unwind(panic.into_panic()),
            }
        };
        let slow = |_| Err(io::ErrorKind::TimedOut.into());
        let written = tokio::time::timeout(FILING, write).await;
        match written.unwrap_or_else(slow) {
            Ok(path) => Ok(self.shown(&path.to_string_lossy())),
            Err(error) => Err(Clean::ours(error.kind().to_string())),
        }
    }

    /// A path, with the home as `~`.
    fn shown(&self, path: &str) -> Clean {
        let home = self.around.home.as_deref().unwrap_or_default();
        let home = home.trim_end_matches('/');
        match path.strip_prefix(home).filter(|_| !home.is_empty()) {
            Some(below) if below.starts_with('/') => clean(&format!("~{below}")),
            Some(_) | None => clean(path),
        }
    }
}
