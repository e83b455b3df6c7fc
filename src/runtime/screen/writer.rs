//! Frames on their way to the terminal: at once where it takes them, and by a thread that
//! alone waits for it where it does not. To wake the thread for each would take longer than
//! all the rest of a frame.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::intake::Intake;
use super::writing::{Taken, Writing};
use crate::runtime::terminal::{Lost, Output};
use crate::ui::{Colors, Picture};

/// What is to be shown.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The whole screen; its area starts at 0, 0.
    pub picture: Picture,
    /// Column and row of the cursor, where one is to be seen.
    pub cursor: Option<(u16, u16)>,
}

/// What has been written so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// Frames that changed anything.
    pub frames: u64,
    /// Bytes of frames and of what was sent aside.
    pub bytes: u64,
    /// Cells that held a control or format character and were replaced.
    pub blocked: u64,
}

#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent wishes and facts, not a state"
)]
pub(super) struct Slot {
    pub(super) frame: Option<Taken>,
    pub(super) repaint: bool,
    pub(super) asides: VecDeque<Vec<u8>>,
    /// The terminal did not take all of a frame at once.
    pub(super) unfinished: bool,
    stop: bool,
    ended: bool,
    pub(super) stats: Stats,
}

impl Slot {
    fn is_idle(&self) -> bool {
        let nothing = self.frame.is_none() && !self.repaint && self.asides.is_empty();
        nothing && !self.unfinished && !self.stop
    }
}

#[derive(Debug)]
pub(super) struct Shared {
    slot: Mutex<Slot>,
    changed: Condvar,
    gone: Notify,
    /// The thread has it while it works; others take it where it is free, and never wait.
    writing: Mutex<Writing>,
}

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of what became of a write.
    fn note(&self, writer: &mut Writing, written: Result<(), Lost>) {
        match written {
            Ok(()) => {}
            Err(Lost::Gone) => self.gone.notify_one(),
            // Somebody else has the terminal; a repaint comes with its return.
            Err(Lost::Shut | Lost::Late) => writer.lose(),
        }
    }

    /// Writes the frame that waits, as far as the terminal takes it at once; false where
    /// the thread is needed.
    fn paint_now(&self) -> bool {
        let Ok(mut writer) = self.writing.try_lock() else {
            return false;
        };
        let slot = self.lock();
        if slot.unfinished || slot.stop || !slot.asides.is_empty() {
            return false;
        }
        drop(slot);
        writer.begin(self);
        let written = writer.write_now();
        self.note(&mut writer, written);
        let left = writer.begun.is_some();
        self.lock().unfinished = left;
        !left
    }
}

/// The writer's handle. None of its methods waits for the terminal, but
/// [`stop`](Self::stop) does, for a while. Dropping it ends the thread.
#[derive(Debug)]
pub struct Screen {
    shared: Arc<Shared>,
    intake: Intake,
}

impl Screen {
    /// Starts the writer. It knows nothing of the terminal yet: the first frame is
    /// painted in full.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub fn spawn(output: Output, colors: Colors) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            slot: Mutex::default(),
            changed: Condvar::new(),
            gone: Notify::new(),
            writing: Mutex::new(Writing::new(output)),
        });
        let theirs = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("screen".to_owned())
            .spawn(move || run(&theirs))?;
        let intake = Intake::new(colors);
        Ok(Self { shared, intake })
    }

    /// Shows a frame as soon as the terminal has taken the one before. A frame not
    /// yet begun is replaced: the newest wins, and at most one waits.
    pub fn show(&mut self, frame: Frame) {
        self.hand_over(frame, false);
    }

    /// Forgets what the terminal shows and paints this frame in full: after a
    /// resize the one before must not be painted once more.
    pub fn show_anew(&mut self, frame: Frame) {
        self.intake.forget();
        self.hand_over(frame, true);
    }

    /// Takes a frame apart here, where its cells have just been painted: the writer gets
    /// rows, most of which it has, and need not fetch all cells from another core.
    fn hand_over(&mut self, frame: Frame, anew: bool) {
        let (grid, blocked) = self.intake.take(frame.picture);
        let mut slot = self.shared.lock();
        slot.frame = Some((grid, frame.cursor));
        slot.repaint |= anew;
        slot.stats.blocked += blocked;
        drop(slot);
        if !self.shared.paint_now() {
            self.shared.changed.notify_all();
        }
        debug_assert_eq!(
            blocked, 0,
            "a control or format character got as far as the screen"
        );
    }

    /// Forgets what the terminal shows and paints the newest frame in full: after
    /// a stop or another program's output.
    pub fn repaint(&self) {
        self.shared.lock().repaint = true;
        self.shared.changed.notify_all();
    }

    /// Sends bytes between two frames, in order and never replaced: the clipboard,
    /// mouse reports. They must leave cells, cursor, colours and scroll region alone.
    pub fn send_aside(&self, bytes: Vec<u8>) {
        self.shared.lock().asides.push_back(bytes);
        self.shared.changed.notify_all();
    }

    /// As [`send_aside`](Self::send_aside), for bytes that end our picture: a frame
    /// that waits is dropped, and the next one must come by
    /// [`show_anew`](Self::show_anew).
    pub fn send_instead(&self, bytes: Vec<u8>) {
        let mut slot = self.shared.lock();
        slot.frame = None;
        slot.repaint = false;
        slot.asides.push_back(bytes);
        drop(slot);
        self.shared.changed.notify_all();
    }

    /// Ends when there is no terminal any more.
    pub async fn gone(&self) {
        self.shared.gone.notified().await;
    }

    /// What has been written so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.shared.lock().stats
    }

    /// Ends the thread after the write it is in and what was sent aside; a frame
    /// not yet begun is dropped. False if the terminal took too long: the thread
    /// then ends once the terminal is given back.
    #[must_use]
    pub fn stop(self, within: Duration) -> bool {
        let mut slot = self.shared.lock();
        slot.stop = true;
        self.shared.changed.notify_all();
        let waited = self
            .shared
            .changed
            .wait_timeout_while(slot, within, |slot| !slot.ended);
        waited.unwrap_or_else(PoisonError::into_inner).0.ended
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.shared.lock().stop = true;
        self.shared.changed.notify_all();
    }
}

/// Says that the thread has ended, however it ends.
struct Ended<'a>(&'a Shared);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.lock().ended = true;
        self.0.changed.notify_all();
    }
}

/// The thread: what could not be written at once.
fn run(shared: &Shared) {
    let _ended = Ended(shared);
    loop {
        let slot = shared.lock();
        let waited = shared.changed.wait_while(slot, |slot| slot.is_idle());
        let stop = waited.unwrap_or_else(PoisonError::into_inner).stop;
        let writer = shared.writing.lock();
        let mut writer = writer.unwrap_or_else(PoisonError::into_inner);
        let written = writer.write_all(shared, stop);
        shared.note(&mut writer, written);
        if stop || written == Err(Lost::Gone) {
            return;
        }
    }
}

#[cfg(test)]
mod tests;
