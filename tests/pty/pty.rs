//! The real binary in a pseudo-terminal, with a model of the screen behind it.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portable_pty::{ChildKiller, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use rustix::termios::tcgetattr;

use crate::model::{End, Shared, State};
use crate::stream::Ledger;

/// A descriptor that slips into a process started at the same moment would keep
/// its pty alive: starting is one after another.
static STARTING: Mutex<()> = Mutex::new(());

/// Held while a process is started by other means than [`Pty`].
pub(crate) fn starting() -> MutexGuard<'static, ()> {
    STARTING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Bytes that are typed in one piece, and who wants to know when.
struct Stroke {
    bytes: Vec<u8>,
    done: Option<Sender<(Instant, Instant)>>,
}

/// A terminal and the program in it. Dropping it kills the program.
pub(crate) struct Pty {
    pub(crate) shared: Arc<Shared>,
    master: Option<Box<dyn MasterPty + Send>>,
    keyboard: Option<Sender<Stroke>>,
    writer: Option<JoinHandle<()>>,
    reader: Option<JoinHandle<()>>,
    killer: Box<dyn ChildKiller + Send + Sync>,
    slave: Option<std::fs::File>,
    before: String,
    pid: u32,
}

/// Everything that was written, once the program is gone.
pub(crate) struct Left {
    pub(crate) end: End,
    pub(crate) raw: Vec<u8>,
    pub(crate) screen: vt100::Screen,
    before: String,
    after: String,
}

impl Left {
    /// Settings and modes are as they were, and the screen shows `text` alone.
    pub(crate) fn assert_restored(&self, text: &str) {
        assert_eq!(self.after, self.before, "the terminal's own settings");
        assert_eq!(Ledger::after(&self.raw), Ledger::default());
        assert!(!self.screen.alternate_screen());
        assert_eq!(self.screen.contents().trim(), text);
    }
}

impl Pty {
    /// Starts a command in a terminal of `width` and `height` cells.
    pub(crate) fn start(command: CommandBuilder, (width, height): (u16, u16)) -> Self {
        let one_at_a_time = starting();
        let pair = native_pty_system().openpty(size(width, height));
        let pair = pair.expect("a pty");
        let name = pair.master.tty_name().expect("a name");
        let slave = std::fs::File::options().read(true).write(true).open(name);
        let slave = slave.expect("the slave opens");
        let before = settings(&slave);
        let mut child = pair.slave.spawn_command(command).expect("it starts");
        drop(pair.slave);
        let mut output = pair.master.try_clone_reader().expect("a reader");
        let mut input = pair.master.take_writer().expect("a writer");
        drop(one_at_a_time);
        let (rows, columns) = (cells(height), cells(width));
        let shared = Arc::new(Shared::new(State::new(rows, columns)));
        let reading = Arc::clone(&shared);
        let reader = std::thread::spawn(move || {
            let mut bytes = vec![0; 65_536];
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                let bytes = &bytes[..count];
                reading.wait_out_the_stall();
                reading.change(|state| state.take(bytes));
                if reading.lock().hang_up {
                    return;
                }
            }
        });
        // A program that reads nothing must not hold up the test that says so.
        let (keyboard, typed) = channel::<Stroke>();
        let writer = std::thread::spawn(move || {
            for Stroke { bytes, done } in typed {
                let before = Instant::now();
                if input.write_all(&bytes).is_err() {
                    return;
                }
                if let Some(done) = done {
                    // Whoever asked has given up waiting otherwise.
                    let _ = done.send((before, Instant::now()));
                }
            }
        });
        let pid = child.process_id().expect("it runs");
        let killer = child.clone_killer();
        let waiting = Arc::clone(&shared);
        std::thread::spawn(move || {
            // Looked at before it is reaped: its times are still there.
            let _ = waitid(
                WaitId::Pid(pid_of(pid)),
                WaitIdOptions::EXITED | WaitIdOptions::NOWAIT,
            );
            let ticks = ticks(pid);
            let code = child.wait().expect("ended").exit_code();
            waiting.change(|state| state.end = Some(End { code, ticks }));
        });
        Self {
            shared,
            master: Some(pair.master),
            keyboard: Some(keyboard),
            writer: Some(writer),
            reader: Some(reader),
            killer,
            slave: Some(slave),
            before,
            pid,
        }
    }

    /// Blocks until the screen is as `is` wants it; gives it.
    pub(crate) fn wait_for(
        &self,
        what: &str,
        is: impl Fn(&vt100::Screen) -> bool,
    ) -> vt100::Screen {
        self.shared.wait(what, |state| {
            let screen = state.screen.screen();
            is(screen).then(|| screen.clone())
        })
    }

    /// Blocks until the screen shows all of these texts; gives its text.
    pub(crate) fn shows(&self, texts: &[&str]) -> String {
        let all = |screen: &vt100::Screen| {
            let shown = screen.contents();
            texts.iter().all(|text| shown.contains(text))
        };
        self.wait_for(&format!("{texts:?}"), all).contents()
    }

    /// Blocks until the screen shows this text no longer.
    pub(crate) fn hides(&self, text: &str) -> String {
        let what = format!("screen without {text:?}");
        let screen = self.wait_for(&what, |screen| !screen.contents().contains(text));
        screen.contents()
    }

    pub(crate) fn screen(&self) -> vt100::Screen {
        self.shared.lock().screen.screen().clone()
    }

    pub(crate) fn raw(&self) -> Vec<u8> {
        self.shared.lock().raw.clone()
    }

    /// Types; the pieces of several calls arrive one by one.
    pub(crate) fn send(&self, bytes: &[u8]) {
        self.stroke(bytes, None);
    }

    fn stroke(&self, bytes: &[u8], done: Option<Sender<(Instant, Instant)>>) {
        let keyboard = self.keyboard.as_ref().expect("a terminal");
        let bytes = bytes.to_vec();
        let sent = keyboard.send(Stroke { bytes, done });
        sent.expect("it is open");
    }

    /// Types one byte after the other with `gap` between two of them; gives the longest
    /// time that can have lain between two, which a busy machine makes longer.
    pub(crate) fn send_slowly(&self, bytes: &[u8], mut gap: impl FnMut() -> Duration) -> Duration {
        let mut last: Option<Instant> = None;
        let mut longest = Duration::ZERO;
        for byte in bytes {
            if last.is_some() {
                std::thread::sleep(gap());
            }
            let (done, when) = channel();
            self.stroke(&[*byte], Some(done));
            let (before, after) = when.recv().expect("it is typed");
            longest = longest.max(last.map_or(Duration::ZERO, |last| after - last));
            last = Some(before);
        }
        longest
    }

    /// Presses keys as the configuration writes them: `j`, `<enter>`, `<ctrl-d>`.
    pub(crate) fn keys(&self, keys: &str) {
        let mut bytes = Vec::new();
        let mut rest = keys;
        while let Some(c) = rest.chars().next() {
            if let Some((name, after)) = rest.strip_prefix('<').and_then(|r| r.split_once('>')) {
                bytes.extend_from_slice(&named(name));
                rest = after;
            } else {
                bytes.extend_from_slice(c.to_string().as_bytes());
                rest = rest.strip_prefix(c).unwrap_or_default();
            }
        }
        self.send(&bytes);
    }

    /// The picture after everything sent before, to its last byte.
    pub(crate) fn painted(&self) -> vt100::Screen {
        let before = self.shared.lock().whole.0;
        self.keys("<ctrl-l>");
        self.shared.wait("repaint", |state| {
            let (count, screen) = &state.whole;
            screen.clone().filter(|_| *count > before)
        })
    }

    /// Everything sent before has been worked on, and its picture is on its way.
    pub(crate) fn catch_up(&self) {
        self.keys("?");
        self.shows(&["j k scroll, Esc"]);
        self.keys("?");
        self.hides("j k scroll, Esc");
    }

    pub(crate) fn resize(&self, width: u16, height: u16) {
        // The model first: what comes for the new size must find it there.
        self.shared.change(|state| {
            let (rows, columns) = (cells(height), cells(width));
            state.screen.screen_mut().set_size(rows, columns);
        });
        let master = self.master.as_ref().expect("a terminal");
        master.resize(size(width, height)).expect("resized");
    }

    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(pid_of(self.pid), signal).expect("it runs");
    }

    /// Blocks until the program has ended.
    pub(crate) fn end(&self) -> End {
        self.shared.wait("end", |state| state.end.clone())
    }

    /// Takes the terminal away.
    pub(crate) fn hang_up(&mut self) {
        self.shared.change(|state| state.hang_up = true);
        let mut slave = self.slave.take().expect("open");
        // Wakes our own reader, so that it lets go.
        slave.write_all(b" ").expect("written");
        let reader = self.reader.take().expect("running");
        reader.join().expect("it does not panic");
        drop(self.keyboard.take());
        let writer = self.writer.take().expect("running");
        writer.join().expect("it does not panic");
        drop(self.master.take());
    }

    /// The terminal's own settings at the moment.
    pub(crate) fn settings(&self) -> String {
        settings(self.slave.as_ref().expect("open"))
    }

    /// What differs from a fresh terminal at the moment.
    pub(crate) fn modes(&self) -> Ledger {
        Ledger::after(&self.raw())
    }

    /// Waits for the end, and for the last byte.
    pub(crate) fn finish(mut self) -> Left {
        let end = self.end();
        let slave = self.slave.take().expect("open");
        let after = settings(&slave);
        // With the last slave the reader comes to the end of what was written.
        drop(slave);
        let reader = self.reader.take().expect("running");
        reader.join().expect("it does not panic");
        self.shared.change(State::take_rest);
        Left {
            end,
            raw: self.raw(),
            screen: self.screen(),
            before: std::mem::take(&mut self.before),
            after,
        }
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        if self.shared.lock().end.is_none() {
            let _ = self.killer.kill();
        }
    }
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        ..PtySize::default()
    }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a size is not 0")
}

fn settings(slave: &std::fs::File) -> String {
    format!("{:?}", tcgetattr(slave).expect("settings"))
}

fn pid_of(pid: u32) -> Pid {
    let pid = i32::try_from(pid).expect("a small number");
    Pid::from_raw(pid).expect("not 0")
}

/// Processor time so far of a process and of its children that have ended.
pub(crate) fn ticks(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in brackets may hold anything.
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    // utime, stime, cutime and cstime are the 14th to the 17th of all fields.
    let times = fields.get(11..15)?;
    times.iter().map(|time| time.parse::<u64>().ok()).sum()
}

/// What a terminal sends for a key.
fn named(name: &str) -> Vec<u8> {
    let sequence: &[u8] = match name {
        "enter" => b"\r",
        "esc" => b"\x1b",
        "tab" => b"\t",
        "backspace" => b"\x7f",
        "up" => b"\x1b[A",
        "down" => b"\x1b[B",
        "right" => b"\x1b[C",
        "left" => b"\x1b[D",
        "home" => b"\x1b[H",
        "end" => b"\x1b[F",
        "pageup" => b"\x1b[5~",
        "pagedown" => b"\x1b[6~",
        control => {
            let letter = control.strip_prefix("ctrl-").and_then(|c| c.bytes().next());
            return vec![letter.expect("a key that is known here") & 0x1f];
        }
    };
    sequence.to_vec()
}
