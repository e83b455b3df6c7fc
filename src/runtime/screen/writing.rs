//! One frame after another as bytes: what the terminal shows, and what it is still to take.

use std::sync::Arc;

use super::difference::difference;
use super::encoder::Known;
use super::grid::Grid;
use super::writer::Shared;
use crate::runtime::terminal::{Lost, Output};

/// A frame as the encoder takes it: the cells, and where the cursor is seen.
pub(super) type Taken = (Arc<Grid>, Option<(u16, u16)>);

/// Cells that the terminal shows, and what else is known of it.
type Held = (Arc<Grid>, Known);

/// A frame that is being written.
#[derive(Debug)]
pub(super) struct Begun {
    bytes: Vec<u8>,
    written: usize,
    /// What the terminal shows when all of them have been.
    makes: Held,
}

/// The terminal as far as we know it, and what is on its way there.
#[derive(Debug)]
pub(super) struct Writing {
    pub(super) output: Output,
    /// What the terminal shows; `None` when that is not known.
    held: Option<Held>,
    /// What it is to show.
    newest: Option<Taken>,
    pub(super) begun: Option<Begun>,
}

impl Writing {
    pub(super) fn new(output: Output) -> Self {
        Self {
            output,
            held: None,
            newest: None,
            begun: None,
        }
    }

    /// Nobody knows any more what the terminal shows.
    pub(super) fn lose(&mut self) {
        self.held = None;
        self.begun = None;
    }

    /// Takes the newest frame.
    pub(super) fn begin(&mut self, shared: &Shared) {
        let mut slot = shared.lock();
        let frame = slot.frame.take();
        if std::mem::take(&mut slot.repaint) {
            self.held = None;
        }
        drop(slot);
        if frame.is_some() {
            self.newest = frame;
        }
        let Some((grid, cursor)) = &self.newest else {
            return;
        };
        let held = self.held.as_ref().map(|(grid, known)| (&**grid, *known));
        let made = difference(held, grid, *cursor);
        let makes = (Arc::clone(grid), made.known);
        if made.bytes.is_empty() {
            self.held = Some(makes);
            return;
        }
        let stats = &mut shared.lock().stats;
        stats.frames += 1;
        stats.bytes += made.bytes.len() as u64;
        // Until the write has ended nobody knows what the terminal shows.
        self.held = None;
        self.begun = Some(Begun {
            bytes: made.bytes,
            written: 0,
            makes,
        });
    }

    /// Writes what the terminal takes at once.
    pub(super) fn write_now(&mut self) -> Result<(), Lost> {
        if let Some(begun) = &mut self.begun {
            begun.written = self.output.write_now(&begun.bytes)?;
            if begun.written == begun.bytes.len() {
                self.end();
            }
        }
        Ok(())
    }

    /// Writes everything, and waits for the terminal.
    pub(super) fn write_all(&mut self, shared: &Shared, stop: bool) -> Result<(), Lost> {
        shared.lock().unfinished = false;
        self.finish()?;
        self.send_asides(shared)?;
        if stop {
            return Ok(());
        }
        // Now, and not before the asides: they may have had to wait.
        self.begin(shared);
        self.finish()
    }

    fn finish(&mut self) -> Result<(), Lost> {
        if let Some(begun) = &self.begun {
            self.output.finish(&begun.bytes, begun.written, None)?;
            self.end();
        }
        Ok(())
    }

    fn end(&mut self) {
        self.held = self.begun.take().map(|begun| begun.makes);
    }

    fn send_asides(&self, shared: &Shared) -> Result<(), Lost> {
        loop {
            let mut slot = shared.lock();
            let Some(bytes) = slot.asides.pop_front() else {
                return Ok(());
            };
            slot.stats.bytes += bytes.len() as u64;
            drop(slot);
            self.output.write(&bytes, None)?;
        }
    }
}
