//! The terminal's modes, set and undone in this one place.
//!
//! Nothing is ever asked of the terminal: over ssh an answer is start-up time, and
//! a late one arrives as keys. `ratatui::restore` and crossterm's raw mode will not
//! do: the former stops at the first error and leaves the cursor hidden, the latter
//! runs `tput` from the path when it cannot find the size.

mod output;
mod page;
mod restore;

use std::fs::File;
use std::io::{self, IsTerminal};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags, fstat, open};
use rustix::process::Signal;
use rustix::termios::{OptionalActions, tcgetattr, tcgetwinsize, tcsetattr, ttyname};

pub use output::{Lost, Output};
pub use restore::{install_panic_hook, restore};

use crate::app::event::Size;
use restore::{Saved, save, say_paged};

/// Has the terminal remember its wheel's state, since many have it as arrow keys anyway.
/// Not while it is ours: it would remember what we set.
const REMEMBER: &[u8] = b"\x1b[?1007s";
/// Alternate screen, hidden cursor, paste brackets, and the wheel as arrow keys.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[?1007h";
/// Presses and wheel, with decimal places.
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1000l";
/// How long a terminal may take to accept the first bytes.
const PATIENCE: Duration = Duration::from_secs(10);
/// Within this time a signal to stop has stopped every thread.
const STOPPING: Duration = Duration::from_millis(100);
/// What a terminal that does not know its size is taken for.
const USUAL: Size = Size {
    width: 80,
    height: 24,
};
/// The largest picture that is painted; a terminal that claims more shows it in
/// its corner.
const LARGEST: Size = Size {
    width: 1_000,
    height: 500,
};

/// Why there is no screen to show anything on.
#[derive(Debug, thiserror::Error)]
pub enum NoTerminal {
    /// Standard output leads elsewhere.
    #[error("standard output is not a terminal")]
    Output,
    /// Neither standard input nor `/dev/tty` is one.
    #[error("there is no terminal to read keys from: {0}")]
    Input(io::Error),
    /// It would not take our settings.
    #[error("cannot set up the terminal: {0}")]
    Settings(io::Error),
    /// It would not take our first bytes.
    #[error(transparent)]
    Lost(#[from] Lost),
}

/// The terminal in our modes. Dropping it gives it back; so do [`restore`] and the
/// panic hook, whichever comes first. There is one per process.
#[derive(Debug)]
pub struct Terminal {
    input: Arc<OwnedFd>,
    output: Output,
}

impl Terminal {
    /// Takes the terminal of standard input and output over.
    ///
    /// # Errors
    /// See [`NoTerminal`]; the terminal is as before then.
    pub fn enter(mouse: bool) -> Result<Self, NoTerminal> {
        let output = io::stdout();
        if !output.is_terminal() {
            return Err(NoTerminal::Output);
        }
        let input = if io::stdin().is_terminal() {
            own(io::stdin())
        } else {
            File::open("/dev/tty").and_then(own)
        };
        let input = input.map_err(NoTerminal::Input)?;
        let shared = || output.as_fd().try_clone_to_owned().map(Output::new);
        let output = reopened(&output)
            .map(Output::unshared)
            .or_else(|_| shared());
        let output = output.map_err(NoTerminal::Settings)?;
        Self::enter_on(input, output, mouse)
    }

    /// Takes over the terminal behind these descriptors.
    ///
    /// # Errors
    /// See [`NoTerminal`]; the terminal is as before then.
    pub fn enter_on(input: OwnedFd, output: Output, mouse: bool) -> Result<Self, NoTerminal> {
        let terminal = Self {
            input: Arc::new(input),
            output,
        };
        terminal.resume(mouse)?;
        Ok(terminal)
    }

    /// Gives the terminal back until [`resume`](Self::resume): before stopping, for
    /// another program, or for good. Does nothing if it is not ours.
    pub fn leave(&self) {
        restore();
    }

    /// Sets our modes, again or for the first time; also after a SIGCONT that no
    /// [`leave`](Self::leave) went before. The screen must be painted anew.
    ///
    /// # Errors
    /// See [`NoTerminal`]; the terminal is as before then.
    pub fn resume(&self, mouse: bool) -> Result<(), NoTerminal> {
        let settings = |error: rustix::io::Errno| NoTerminal::Settings(error.into());
        let termios = tcgetattr(&self.input).map_err(settings)?;
        let mut raw = termios.clone();
        raw.make_raw();
        let first = save(Saved {
            input: Arc::clone(&self.input),
            termios,
            output: self.output.clone(),
            paged: false,
        });
        say_paged(false);
        self.output.gate.open();
        let set = tcsetattr(&self.input, OptionalActions::Now, &raw).map_err(settings);
        let until = Some(Instant::now() + PATIENCE);
        let remember = if first { REMEMBER } else { b"" };
        let modes = [remember, ENTER, if mouse { MOUSE_ON } else { b"" }].concat();
        let done = set.and_then(|()| Ok(self.output.write(&modes, until)?));
        if done.is_err() {
            restore();
        }
        done
    }

    /// Says whether a page stands in place of our screen: leaving is another thing
    /// there. To be said before the page is sent.
    pub fn stand_on_page(&self, paged: bool) {
        say_paged(paged);
    }

    /// What to send (see [`Screen::send_aside`](super::screen::Screen::send_aside))
    /// to turn mouse reports on or off. Leaving turns them off in any case.
    #[must_use]
    pub const fn mouse(on: bool) -> &'static [u8] {
        if on { MOUSE_ON } else { MOUSE_OFF }
    }

    /// Where the screen's writer writes.
    #[must_use]
    pub fn output(&self) -> Output {
        self.output.clone()
    }

    /// A descriptor for the keyboard.
    ///
    /// # Errors
    /// When there are no descriptors left.
    pub fn input(&self) -> io::Result<OwnedFd> {
        self.input.try_clone()
    }

    /// The size now, from 1x1 to 1000x500. A terminal that does not know its size
    /// is 80x24.
    #[must_use]
    pub fn size(&self) -> Size {
        size_of(&*self.output.fd)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        restore();
    }
}

/// Whether standard output is a terminal that can show more than lines.
#[must_use]
pub fn is_terminal() -> bool {
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    io::stdout().is_terminal() && !dumb
}

/// Whether someone could wake us after stopping. The first process of a session
/// (`ssh -t host tim-history`, a terminal's own command) has nobody.
#[must_use]
pub fn can_stop() -> bool {
    let session = rustix::process::getsid(None);
    session.is_ok_and(|session| session != rustix::process::getpgrp())
}

/// Stops this process and those it was started together with, as Ctrl-Z in a line
/// program does. Returns when we go on. [`Terminal::leave`] first.
pub fn stop_here() {
    // SIGTSTP would only reach our own handler.
    let _ = rustix::process::kill_current_process_group(Signal::STOP);
    // The kernel stops the main thread before the call returns, any other a moment
    // later. The time goes by while we are stopped.
    std::thread::sleep(STOPPING);
}

fn size_of(tty: impl AsFd) -> Size {
    let (width, height) = tcgetwinsize(tty).map_or((0, 0), |size| (size.ws_col, size.ws_row));
    let within = |size: u16, usual, largest: u16| if size == 0 { usual } else { largest.min(size) };
    Size {
        width: within(width, USUAL.width, LARGEST.width),
        height: within(height, USUAL.height, LARGEST.height),
    }
}

/// A terminal of our own, where the device cannot be opened (after `su`) the shared one.
fn own(tty: impl AsFd) -> io::Result<OwnedFd> {
    reopened(&tty).or_else(|_| tty.as_fd().try_clone_to_owned())
}

/// The same terminal through a file description of our own: reads and writes on it
/// never block, and nobody else's do because of us.
fn reopened(tty: impl AsFd) -> rustix::io::Result<OwnedFd> {
    let name = ttyname(&tty, Vec::new())?;
    let flags = OFlags::RDWR | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let path = std::ffi::OsStr::from_bytes(name.as_bytes());
    let fd = open(path, flags, Mode::empty())?;
    // In a container the name may belong to another terminal.
    let same = fstat(&fd)?.st_rdev == fstat(&tty)?.st_rdev;
    if same {
        Ok(fd)
    } else {
        Err(rustix::io::Errno::NXIO)
    }
}

#[cfg(test)]
mod tests;
