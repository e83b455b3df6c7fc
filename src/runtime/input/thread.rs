//! The reading thread: sleeps in `poll`, reads, parses, hands over, and ends with
//! its terminal.

use std::io::{self, PipeReader, PipeWriter, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::sync::mpsc;

use super::parser::{Input, Parser};

/// Bytes taken in one go: what follows a paste within them is dropped, so it is
/// more than the 4 KiB a terminal hands over at a time.
pub const READ_CAP: usize = 64 * 1024;
/// Batches waiting for the loop. When it is busy the thread waits, and the
/// terminal's own queue fills instead of our memory.
const BATCHES: usize = 16;
/// How long [`Keyboard::pause`] and [`Keyboard::stop`] wait for the thread. It
/// answers at once unless the loop has stopped taking batches.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Read,
    Pause,
    Stop,
}

#[derive(Debug)]
struct Control {
    wanted: Mode,
    is: Mode,
}

#[derive(Debug)]
struct Shared {
    control: Mutex<Control>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Control> {
        self.control.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, is: Mode) {
        self.lock().is = is;
        self.changed.notify_all();
    }
}

/// The thread that reads the terminal. Dropping it stops it.
#[derive(Debug)]
pub struct Keyboard {
    shared: Arc<Shared>,
    wake: PipeWriter,
}

impl Keyboard {
    /// Starts reading `tty`. Batches hold everything that one wake-up brought;
    /// the last one of a lost terminal ends with [`Input::Gone`], and then the
    /// channel closes.
    ///
    /// # Errors
    /// When there is no descriptor or thread to be had.
    pub fn spawn(tty: OwnedFd) -> io::Result<(Self, mpsc::Receiver<Vec<Input>>)> {
        let (woken, wake) = io::pipe()?;
        let (send, receive) = mpsc::channel(BATCHES);
        let shared = Arc::new(Shared {
            control: Mutex::new(Control {
                wanted: Mode::Read,
                is: Mode::Read,
            }),
            changed: Condvar::new(),
        });
        let reader = Reader {
            tty,
            woken,
            send,
            shared: Arc::clone(&shared),
        };
        std::thread::Builder::new()
            .name("input".to_owned())
            .spawn(move || reader.run())?;
        Ok((Self { shared, wake }, receive))
    }

    /// Stops reading until [`resume`](Self::resume), so that another program may
    /// have the terminal. Returns when the thread has let go of it.
    pub fn pause(&self) {
        self.ask(Mode::Pause);
    }

    /// Reads again after [`pause`](Self::pause).
    pub fn resume(&self) {
        self.ask(Mode::Read);
    }

    /// Ends the thread; the channel closes.
    pub fn stop(self) {
        self.ask(Mode::Stop);
    }

    fn ask(&self, wanted: Mode) {
        let mut control = self.shared.lock();
        control.wanted = wanted;
        // A closed pipe means that the thread has ended, which `is` says too.
        let _ = (&self.wake).write(&[0]);
        let done = |control: &mut Control| control.is != wanted && control.is != Mode::Stop;
        drop(
            self.shared
                .changed
                .wait_timeout_while(control, PATIENCE, |control| done(control)),
        );
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        self.shared.lock().wanted = Mode::Stop;
        let _ = (&self.wake).write(&[0]);
    }
}

/// Says that the thread has ended, however it ends.
struct Ended(Arc<Shared>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.set(Mode::Stop);
    }
}

struct Reader {
    tty: OwnedFd,
    woken: PipeReader,
    send: mpsc::Sender<Vec<Input>>,
    shared: Arc<Shared>,
}

/// What waiting ended with.
enum Wake {
    Readable,
    Asked,
    Late,
}

impl Reader {
    fn run(self) {
        let _ended = Ended(Arc::clone(&self.shared));
        let mut parser = Parser::new();
        let mut buffer = vec![0; READ_CAP];
        let mut last = Instant::now();
        loop {
            let mode = self.shared.lock().wanted;
            self.shared.set(mode);
            if mode == Mode::Stop {
                return;
            }
            let left = parser.deadline().map(|d| d.saturating_sub(last.elapsed()));
            let mut out = Vec::new();
            match self.wait(mode == Mode::Read, left) {
                Ok(Wake::Asked) => {}
                Ok(Wake::Late) => parser.idle(&mut out),
                Ok(Wake::Readable) => {
                    last = Instant::now();
                    let (taken, alive) = take(self.tty.as_fd(), &mut buffer);
                    parser.feed(buffer.get(..taken).unwrap_or_default(), &mut out);
                    if !alive {
                        parser.idle(&mut out);
                        out.push(Input::Gone);
                        let _ = self.send.blocking_send(out);
                        return;
                    }
                }
                Err(_) => {
                    let _ = self.send.blocking_send(vec![Input::Gone]);
                    return;
                }
            }
            if !out.is_empty() && self.send.blocking_send(out).is_err() {
                return;
            }
        }
    }

    fn wait(&self, reading: bool, limit: Option<Duration>) -> Result<Wake, Errno> {
        let limit = limit.map(timespec);
        let mut fds = [
            PollFd::new(&self.woken, PollFlags::IN),
            PollFd::new(&self.tty, PollFlags::IN),
        ];
        // While paused even the end of the terminal must wait: asking would spin.
        let asked = if reading { &mut fds[..] } else { &mut fds[..1] };
        let limit = if reading { limit.as_ref() } else { None };
        match poll(asked, limit) {
            Ok(0) => Ok(Wake::Late),
            Ok(_) if !fds[0].revents().is_empty() => {
                let mut byte = [0; 16];
                let _ = rustix::io::read(&self.woken, &mut byte);
                Ok(Wake::Asked)
            }
            // POLLHUP and POLLERR too: the read says which end it is.
            Ok(_) => Ok(Wake::Readable),
            Err(Errno::INTR) => Ok(Wake::Asked),
            Err(error) => Err(error),
        }
    }
}

/// Takes everything that is there, up to the buffer's size; `false` when nothing
/// will ever come again.
fn take(tty: BorrowedFd<'_>, buffer: &mut [u8]) -> (usize, bool) {
    let mut taken = 0;
    while let Some(room) = buffer.get_mut(taken..).filter(|room| !room.is_empty()) {
        match rustix::io::read(tty, room) {
            Ok(0) => return (taken, false),
            Ok(more) => taken += more,
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => return (taken, true),
            Err(_) => return (taken, false),
        }
        // The descriptor may be a blocking one: read again only what is there.
        let mut fds = [PollFd::new(&tty, PollFlags::IN)];
        match poll(&mut fds, Some(&timespec(Duration::ZERO))) {
            Ok(0) | Err(_) => return (taken, true),
            Ok(_) => {}
        }
    }
    (taken, true)
}

fn timespec(duration: Duration) -> Timespec {
    Timespec {
        tv_sec: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: duration.subsec_nanos().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::key::Key;

    fn keyboard() -> (Keyboard, mpsc::Receiver<Vec<Input>>, PipeWriter) {
        let (read, write) = io::pipe().expect("a pipe");
        let (keyboard, receive) = Keyboard::spawn(read.into()).expect("a thread");
        (keyboard, receive, write)
    }

    #[test]
    fn keys_come_in_order_and_the_end_is_said_once() {
        let (_keyboard, mut receive, mut write) = keyboard();
        write.write_all(b"jk\x1b[A\x1b").expect("written");
        drop(write);
        let mut all = Vec::new();
        while let Some(batch) = receive.blocking_recv() {
            all.extend(batch);
        }
        let mut wanted: Vec<Input> = ["j", "k", "up", "esc"]
            .map(|name| Input::Key(name.parse().expect("a key")))
            .into();
        wanted.push(Input::Gone);
        assert_eq!(all, wanted);
    }

    #[test]
    fn a_lone_escape_arrives_without_another_byte() {
        let (_keyboard, mut receive, mut write) = keyboard();
        write.write_all(b"\x1b").expect("written");
        let batch = receive.blocking_recv().expect("a batch");
        assert_eq!(batch, [Input::Key("esc".parse().expect("a key"))]);
    }

    #[test]
    fn a_paused_keyboard_leaves_the_bytes_where_they_are() {
        let (keyboard, mut receive, mut write) = keyboard();
        keyboard.pause();
        write.write_all(b"j").expect("written");
        // The second pause waits for the thread to come round again.
        keyboard.pause();
        assert!(receive.try_recv().is_err());
        keyboard.resume();
        let batch = receive.blocking_recv().expect("a batch");
        assert_eq!(batch, [Input::Key(Key::char('j'))]);
    }

    #[test]
    fn stopping_closes_the_channel() {
        let (keyboard, mut receive, write) = keyboard();
        keyboard.stop();
        assert_eq!(receive.blocking_recv(), None);
        drop(write);
    }
}
