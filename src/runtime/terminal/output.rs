//! The one way bytes reach the terminal, and the gate that shuts it.

use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl};
use rustix::io::Errno;

/// How long a blocked writer sleeps before it looks whether the gate has been
/// shut: four times a second costs nothing, and only a stalled terminal pays it.
const LOOK: Duration = Duration::from_millis(250);
/// How long to wait between two tries at a gate that a writer holds.
const RETRY: Duration = Duration::from_millis(2);

/// Why bytes did not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// The terminal has been given back.
    #[error("the terminal has been given back")]
    Shut,
    /// The terminal took nothing for too long.
    #[error("the terminal takes no output")]
    Late,
    /// There is no terminal any more.
    #[error("the terminal has gone")]
    Gone,
}

#[derive(Debug, Default)]
pub(super) struct State {
    shut: bool,
    /// The last write has begun and not ended: the terminal may be inside a sequence.
    unfinished: bool,
}

/// Shut while the terminal belongs to somebody else.
#[derive(Debug, Default)]
pub(super) struct Gate(Mutex<State>);

impl Gate {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn open(&self) {
        self.lock().shut = false;
    }

    /// Shuts the gate; whether a write was cut short, or `None` when a blocked
    /// writer still held the gate at the deadline.
    pub(super) fn shut(&self, until: Instant) -> Option<bool> {
        loop {
            match self.0.try_lock() {
                Ok(mut state) => {
                    state.shut = true;
                    return Some(std::mem::take(&mut state.unfinished));
                }
                Err(TryLockError::Poisoned(state)) => {
                    state.into_inner().shut = true;
                    return Some(true);
                }
                Err(TryLockError::WouldBlock) if Instant::now() < until => {
                    std::thread::sleep(RETRY);
                }
                Err(TryLockError::WouldBlock) => return None,
            }
        }
    }
}

/// Where the screen's bytes go. Copies share the descriptor and the gate.
#[derive(Debug, Clone)]
pub struct Output {
    pub(super) fd: Arc<OwnedFd>,
    pub(super) gate: Arc<Gate>,
    /// Nobody else has this file description, and a write on it never waits.
    unshared: bool,
}

impl Output {
    /// An output of its own, behind an open gate.
    #[must_use]
    pub fn new(fd: OwnedFd) -> Self {
        Self {
            fd: Arc::new(fd),
            gate: Arc::default(),
            unshared: false,
        }
    }

    /// The same on a file description of our own, of which writes do not wait.
    #[must_use]
    pub fn unshared(fd: OwnedFd) -> Self {
        let unshared = true;
        Self {
            unshared,
            ..Self::new(fd)
        }
    }

    /// Whether a write would not wait now, whatever others do.
    #[must_use]
    pub fn never_waits(&self) -> bool {
        let flags = || fcntl_getfl(&*self.fd).unwrap_or(OFlags::empty());
        self.unshared && flags().contains(OFlags::NONBLOCK)
    }

    /// Writes what the terminal takes at once, and says how much that is: nothing where
    /// it might have to be waited for.
    ///
    /// # Errors
    /// See [`Lost`].
    pub fn write_now(&self, bytes: &[u8]) -> Result<usize, Lost> {
        if self.never_waits() {
            self.try_write(bytes, bytes.len())
        } else {
            Ok(0)
        }
    }

    /// Writes everything, in one piece where the terminal takes it in one.
    ///
    /// # Errors
    /// See [`Lost`]. A part may have arrived: what the terminal shows is unknown then.
    pub fn write(&self, bytes: &[u8], until: Option<Instant>) -> Result<(), Lost> {
        self.finish(bytes, 0, until)
    }

    /// Writes the rest of what has been written in part.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn finish(&self, bytes: &[u8], from: usize, until: Option<Instant>) -> Result<(), Lost> {
        let mut rest = bytes.get(from..).unwrap_or_default();
        while !rest.is_empty() {
            match self.try_write(rest, bytes.len())? {
                0 => self.wait(until)?,
                count => rest = rest.get(count..).unwrap_or_default(),
            }
        }
        Ok(())
    }

    /// One write of what is left of `whole` bytes; 0 where the terminal takes none now.
    fn try_write(&self, rest: &[u8], whole: usize) -> Result<usize, Lost> {
        let mut state = self.gate.lock();
        if state.shut {
            return Err(Lost::Shut);
        }
        let written = loop {
            match rustix::io::write(&*self.fd, rest) {
                Ok(count) => break count,
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => break 0,
                Err(_) => return Err(Lost::Gone),
            }
        };
        let left = rest.len() - written;
        state.unfinished = 0 < left && left < whole;
        Ok(written)
    }

    fn wait(&self, until: Option<Instant>) -> Result<(), Lost> {
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        if left.is_some_and(|left| left.is_zero()) {
            return Err(Lost::Late);
        }
        wait_writable(&*self.fd, left.map_or(LOOK, |left| left.min(LOOK)));
        Ok(())
    }
}

/// Waits until `fd` takes bytes, or for the time given; whether it takes any, or
/// has an error to tell.
pub(super) fn wait_writable(fd: impl AsFd, limit: Duration) -> bool {
    let limit = Timespec {
        tv_sec: i64::try_from(limit.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: limit.subsec_nanos().into(),
    };
    let ready = poll(&mut [PollFd::new(&fd, PollFlags::OUT)], Some(&limit));
    ready.is_ok_and(|ready| ready > 0)
}
