//! The terminal's bytes, read by the loop itself: to wake a thread for them takes longer
//! than to read them.

use std::io;
use std::os::fd::OwnedFd;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, read};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::time::Instant;

use super::parser::{Input, Parser};
use crate::runtime::sleep;

/// Bytes taken in one go: what follows a paste within them is dropped, so it is
/// more than the 4 KiB a terminal hands over at a time.
const READ_CAP: usize = 64 * 1024;
/// Room for one read: what a terminal hands over at a time.
const PIECE: usize = 4 * 1024;

/// What the terminal sends, as the loop asks for it.
///
/// Nothing is read ahead: what nobody has asked for stays in the terminal's queue, for
/// whoever has the terminal next.
#[derive(Debug)]
pub struct Keyboard {
    tty: AsyncFd<OwnedFd>,
    parser: Parser,
    /// When the last bytes were read.
    last: Instant,
}

impl Keyboard {
    /// Reads `tty`, which may be one that waits. Wants to be called in a runtime.
    ///
    /// # Errors
    /// When it is none that can be waited for, as a file.
    #[expect(
        deprecated,
        reason = "what it fails to rule out are types that change their descriptor"
    )]
    pub fn new(tty: OwnedFd) -> io::Result<Self> {
        Ok(Self {
            tty: AsyncFd::with_interest(tty, Interest::READABLE)?,
            parser: Parser::new(),
            last: Instant::now(),
        })
    }

    /// Waits for the next input; the batch holds everything that was there. The last one
    /// of a lost terminal ends with [`Input::Gone`]. May be dropped while it waits.
    pub async fn next(&mut self) -> Vec<Input> {
        loop {
            let until = self.parser.deadline().map(|wait| self.last + wait);
            let taken = tokio::select! {
                biased;
                taken = self.tty.async_io(Interest::READABLE, take) => taken,
                // A loop that was busy for so long has not heard yet of what is there.
                () = sleep(until) => take(self.tty.get_ref()),
            };
            let batch = self.read(taken);
            if !batch.is_empty() {
                return batch;
            }
        }
    }

    /// What is there already; it may be less than an input. `None` if it is nothing.
    pub fn try_next(&mut self) -> Option<Vec<Input>> {
        match take(self.tty.get_ref()) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
            taken => Some(self.read(taken)),
        }
    }

    fn read(&mut self, taken: io::Result<Vec<u8>>) -> Vec<Input> {
        let mut batch = Vec::new();
        let is_late = |error: &io::Error| error.kind() == io::ErrorKind::WouldBlock;
        match taken {
            Ok(bytes) if !bytes.is_empty() => {
                self.last = Instant::now();
                self.parser.feed(&bytes, &mut batch);
            }
            Err(error) if is_late(&error) => self.parser.idle(&mut batch),
            Ok(_) | Err(_) => {
                self.parser.idle(&mut batch);
                batch.push(Input::Gone);
            }
        }
        batch
    }
}

/// Takes everything that is there, up to [`READ_CAP`]. Nothing at all is the end, and
/// [`WouldBlock`](io::ErrorKind::WouldBlock) that there is nothing yet.
fn take(tty: &OwnedFd) -> io::Result<Vec<u8>> {
    // Most often it is one key, which needs no room to speak of.
    let (mut bytes, mut piece) = (Vec::new(), [0; PIECE]);
    let end = loop {
        // The descriptor may be one that waits, or become one: read only what is there.
        let mut fds = [PollFd::new(tty, PollFlags::IN)];
        if !poll(&mut fds, Some(&Timespec::default())).is_ok_and(|ready| ready > 0) {
            break Errno::AGAIN;
        }
        match read(tty, &mut piece) {
            Ok(taken) => {
                bytes.extend(piece.iter().take(taken));
                // What leaves room was all there is.
                if taken < PIECE || bytes.len() >= READ_CAP {
                    return Ok(bytes);
                }
            }
            Err(Errno::INTR) => {}
            Err(error) => break error,
        }
    };
    // An end that follows bytes is found again.
    if bytes.is_empty() {
        return Err(end.into());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::{PipeReader, PipeWriter, Read, Write};
    use std::time::Duration;

    use super::*;

    /// Of a pipe that waits, so that a read too many is one without end.
    fn keyboard() -> (Keyboard, PipeReader, PipeWriter) {
        let (read, write) = io::pipe().expect("a pipe");
        let tty = read.try_clone().expect("a descriptor").into();
        (Keyboard::new(tty).expect("a keyboard"), read, write)
    }

    fn keys<const N: usize>(names: [&str; N]) -> [Input; N] {
        names.map(|name| Input::Key(name.parse().expect("a key")))
    }

    #[tokio::test]
    async fn keys_come_in_order_and_the_end_is_last() {
        let (mut keyboard, read, mut write) = keyboard();
        write.write_all(b"jk\x1b[A\x1b").expect("written");
        drop((read, write));
        let mut all = Vec::new();
        while !all.contains(&Input::Gone) {
            all.extend(keyboard.next().await);
        }
        let (end, before) = all.split_last().expect("an end");
        assert_eq!(before, keys(["j", "k", "up", "esc"]));
        assert_eq!(*end, Input::Gone);
    }

    #[tokio::test(start_paused = true)]
    async fn a_lone_escape_arrives_without_another_byte() {
        let (mut keyboard, _read, mut write) = keyboard();
        write.write_all(b"\x1b").expect("written");
        assert_eq!(keyboard.next().await, keys(["esc"]));
    }

    #[tokio::test(start_paused = true)]
    async fn a_key_in_two_pieces_is_one_however_late_the_loop_looks() {
        let (mut keyboard, _read, mut write) = keyboard();
        write.write_all(b"\x1b").expect("written");
        assert_eq!(keyboard.try_next(), Some(Vec::new()));
        tokio::time::advance(Duration::from_secs(1)).await;
        write.write_all(b"[A").expect("written");
        assert_eq!(keyboard.next().await, keys(["up"]));
    }

    #[tokio::test]
    async fn a_wait_that_is_given_up_loses_nothing() {
        let (mut keyboard, _read, mut write) = keyboard();
        for name in ["j", "k", "l"] {
            tokio::select! {
                biased;
                early = keyboard.next() => unreachable!("{early:?}"),
                () = tokio::task::yield_now() => {}
            }
            assert_eq!(keyboard.try_next(), None);
            write.write_all(name.as_bytes()).expect("written");
            assert_eq!(keyboard.next().await, keys([name]));
        }
    }

    #[tokio::test]
    async fn what_follows_a_paste_is_dropped_with_everything_that_was_there() {
        let (mut keyboard, _read, mut write) = keyboard();
        let paste = "x".repeat(3 * PIECE);
        write!(write, "\x1b[200~{paste}\x1b[201~q").expect("written");
        assert_eq!(keyboard.next().await, [Input::Paste(paste)]);
        assert_eq!(keyboard.try_next(), None);
    }

    #[tokio::test]
    async fn what_nobody_asked_for_stays_where_it_is() {
        let (mut keyboard, mut read, mut write) = keyboard();
        write.write_all(b"j").expect("written");
        assert_eq!(keyboard.next().await, keys(["j"]));
        write.write_all(b"ls").expect("written");
        drop(keyboard);
        let mut left = [0; 2];
        read.read_exact(&mut left).expect("read");
        assert_eq!(left, *b"ls");
    }

    #[tokio::test]
    async fn a_file_is_no_keyboard() {
        let file = File::open("/proc/self/exe").or_else(|_| File::open("Cargo.toml"));
        let keyboard = Keyboard::new(file.expect("a file").into());
        assert!(keyboard.is_err());
    }
}
