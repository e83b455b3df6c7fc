//! The signals we answer, each in our own words.

use std::io;

use tokio::signal::unix::{Signal as Stream, SignalKind, signal};

/// The exit code of a program that lost its terminal: 128 + SIGHUP.
pub(super) const HANG_UP: u8 = 128 + 1;

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// End, with this exit code.
    End(u8),
    /// The terminal has another size.
    Resized,
    /// Stop until continued.
    Stop,
    /// We were stopped and go on.
    Continued,
}

/// All signals we answer.
///
/// Whoever handles SIGHUP must end by it: a program that outlives its terminal
/// and polls on takes a whole processor.
pub(super) struct Signals {
    hang_up: Stream,
    interrupt: Stream,
    quit: Stream,
    terminate: Stream,
    window: Stream,
    stop: Stream,
    go_on: Stream,
}

impl Signals {
    pub(super) fn listen() -> io::Result<Self> {
        let other = |signal: rustix::process::Signal| SignalKind::from_raw(signal.as_raw());
        // A file that may not grow is an error of that write, not the end: unanswered,
        // this signal would leave the terminal as it is.
        drop(signal(other(rustix::process::Signal::XFSZ))?);
        Ok(Self {
            hang_up: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
            terminate: signal(SignalKind::terminate())?,
            window: signal(SignalKind::window_change())?,
            stop: signal(other(rustix::process::Signal::TSTP))?,
            go_on: signal(other(rustix::process::Signal::CONT))?,
        })
    }

    pub(super) async fn next(&mut self) -> Signal {
        let end = |kind: SignalKind| {
            Signal::End(u8::try_from(128 + kind.as_raw_value()).unwrap_or(u8::MAX))
        };
        tokio::select! {
            biased;
            _ = self.hang_up.recv() => end(SignalKind::hangup()),
            _ = self.terminate.recv() => end(SignalKind::terminate()),
            _ = self.interrupt.recv() => end(SignalKind::interrupt()),
            _ = self.quit.recv() => end(SignalKind::quit()),
            _ = self.go_on.recv() => Signal::Continued,
            _ = self.stop.recv() => Signal::Stop,
            _ = self.window.recv() => Signal::Resized,
        }
    }
}
