//! What a program has written, as a terminal shows it, and waiting for it to change.

use std::num::NonZeroU16;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Far more than anything here takes: a hang is an error, slowness is not.
const WATCHDOG: Duration = Duration::from_secs(20);

/// What has become of the process.
#[derive(Debug, Clone)]
pub(crate) struct End {
    /// As a shell tells it: 128 and the number for a signal that killed it.
    pub(crate) code: u32,
    /// Processor time of it and of its children, in ticks; `None` where the
    /// system does not tell.
    pub(crate) ticks: Option<u64>,
}

/// How a picture begins that is painted from nothing.
const AFRESH: &[u8] = b"\x1b[m\x1b[r";

pub(crate) struct State {
    pub(crate) screen: vt100::Parser,
    pub(crate) raw: Vec<u8>,
    /// Bytes of `raw` that the screen has taken.
    shown: usize,
    /// What stood there when the last picture from nothing began, and how many
    /// there have been.
    pub(crate) whole: (usize, Option<vt100::Screen>),
    pub(crate) end: Option<End>,
    /// When the last byte came.
    pub(crate) came: Instant,
    /// How often some came: a picture is written in one piece, and comes in one unless
    /// this machine is busy.
    pub(crate) arrivals: u64,
    /// Take nothing for now.
    pub(crate) stalled: bool,
    /// Let go of the terminal with the next byte.
    pub(crate) hang_up: bool,
}

impl State {
    pub(crate) fn new(rows: NonZeroU16, columns: NonZeroU16) -> Self {
        Self {
            screen: vt100::Parser::new(rows, columns, 0),
            raw: Vec::new(),
            shown: 0,
            whole: (0, None),
            end: None,
            came: Instant::now(),
            arrivals: 0,
            stalled: false,
            hang_up: false,
        }
    }

    /// The screen takes what is there, up to the beginning of an `AFRESH` that may
    /// still come.
    pub(crate) fn take(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        self.came = Instant::now();
        self.arrivals += 1;
        let rest = |state: &Self| state.raw[state.shown..].to_vec();
        while let Some(at) = rest(self).windows(AFRESH.len()).position(|w| w == AFRESH) {
            self.show(at);
            self.whole = (self.whole.0 + 1, Some(self.screen.screen().clone()));
            self.show(AFRESH.len());
        }
        let rest = rest(self);
        let held = (1..AFRESH.len())
            .rev()
            .find(|n| rest.ends_with(&AFRESH[..*n]));
        self.show(rest.len() - held.unwrap_or(0));
    }

    /// Nothing more will come.
    pub(crate) fn take_rest(&mut self) {
        self.show(self.raw.len() - self.shown);
    }

    fn show(&mut self, count: usize) {
        let until = self.shown + count;
        self.screen.process(&self.raw[self.shown..until]);
        self.shown = until;
    }
}

pub(crate) struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    pub(crate) fn new(state: State) -> Self {
        Self {
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    /// Blocks as long as nothing is to be taken.
    pub(crate) fn wait_out_the_stall(&self) {
        let state = self.lock();
        let woken = self.changed.wait_while(state, |state| state.stalled);
        drop(woken.unwrap_or_else(PoisonError::into_inner));
    }

    /// Blocks until nothing has come for `gap`.
    pub(crate) fn wait_for_rest(&self, gap: Duration) {
        let mut state = self.lock();
        while let Some(left) = gap
            .checked_sub(state.came.elapsed())
            .filter(|l| !l.is_zero())
        {
            let woken = self.changed.wait_timeout(state, left);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Blocks until `get` gives something.
    pub(crate) fn wait<T>(&self, what: &str, mut get: impl FnMut(&State) -> Option<T>) -> T {
        let until = Instant::now() + WATCHDOG;
        let mut state = self.lock();
        loop {
            if let Some(found) = get(&state) {
                return found;
            }
            let left = until.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "no {what}; the end: {:?}; the screen:\n{}",
                state.end,
                state.screen.screen().contents()
            );
            let woken = self.changed.wait_timeout(state, left);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// What an eye sees: characters and, where there is one, how it looks. A blank
/// that was written is none other than one that was erased.
pub(crate) fn picture(screen: &vt100::Screen) -> Vec<String> {
    let (rows, columns) = screen.size();
    let row = |row: u16| -> String {
        let cells = (0..columns.get()).filter_map(|column| screen.cell(row, column));
        cells.map(look).collect()
    };
    (0..rows.get()).map(row).collect()
}

fn look(cell: &vt100::Cell) -> String {
    let blank = cell.contents().trim().is_empty();
    if blank && !cell.inverse() && !cell.underline() && cell.bgcolor() == vt100::Color::Default {
        return " ".to_owned();
    }
    if blank && !cell.inverse() && !cell.underline() {
        return format!(" {:?}", cell.bgcolor());
    }
    let pen = (cell.fgcolor(), cell.bgcolor(), cell.bold(), cell.inverse());
    if pen == (vt100::Color::Default, vt100::Color::Default, false, false) {
        return cell.contents().to_owned();
    }
    format!("{}{pen:?}", cell.contents())
}
