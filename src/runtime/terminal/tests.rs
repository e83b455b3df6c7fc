//! Against real pseudo-terminals.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Mutex, MutexGuard, PoisonError};

use portable_pty::{MasterPty, PtySize, native_pty_system};
use rustix::termios::LocalModes;

use super::*;

/// There is one terminal per process, and tests run side by side.
static ONE: Mutex<()> = Mutex::new(());

struct Pty {
    master: Box<dyn MasterPty + Send>,
    /// Keeps the terminal alive while nobody else has it open.
    slave: File,
    _one: MutexGuard<'static, ()>,
}

impl Pty {
    fn new(rows: u16, cols: u16) -> Self {
        let one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let size = PtySize {
            rows,
            cols,
            ..PtySize::default()
        };
        let pair = native_pty_system().openpty(size).expect("a pty");
        let name = pair.master.tty_name().expect("a name");
        let slave = File::options().read(true).write(true).open(name);
        Self {
            master: pair.master,
            slave: slave.expect("the slave opens"),
            _one: one,
        }
    }

    fn own(&self) -> OwnedFd {
        own(&self.slave).expect("a descriptor")
    }

    fn enter(&self, mouse: bool) -> Terminal {
        Terminal::enter_on(self.own(), Output::unshared(self.own()), mouse).expect("entered")
    }

    /// Input, output, control and local modes, as text.
    fn settings(&self) -> String {
        format!("{:?}", tcgetattr(&self.slave).expect("settings"))
    }

    fn is_raw(&self) -> bool {
        let modes = tcgetattr(&self.slave).expect("settings").local_modes;
        !modes.intersects(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG)
    }

    /// Everything that has been sent, up to and with a last byte sent by us.
    fn sent(&self) -> String {
        let end = Output::new(self.own());
        end.write(b"\x04", None).expect("written");
        let mut reader = self.master.try_clone_reader().expect("a reader");
        let mut bytes = Vec::new();
        let mut byte = [0];
        while reader.read(&mut byte).expect("read") == 1 && byte != [0x04] {
            bytes.extend(byte);
        }
        String::from_utf8(bytes).expect("ASCII")
    }
}

/// Every private mode that was set and not undone.
fn left_on(sent: &str) -> Vec<&str> {
    let mut modes = BTreeMap::new();
    for part in sent.split("\x1b[?").skip(1) {
        let end = part.find(|c: char| !c.is_ascii_digit()).expect("a final");
        let (mode, last) = part.split_at(end);
        // 1007 is saved before and restored after; 25 is on to begin with.
        let on = match last.as_bytes()[0] {
            b'h' => true,
            b'l' | b'r' => false,
            b's' => continue,
            other => unreachable!("{other}"),
        };
        modes.insert(mode, on != (mode == "25"));
    }
    modes
        .into_iter()
        .filter(|(_, on)| *on)
        .map(|(mode, _)| mode)
        .collect()
}

#[test]
fn every_mode_that_was_set_is_undone_and_the_settings_are_as_before() {
    for mouse in [false, true] {
        let pty = Pty::new(24, 80);
        let before = pty.settings();
        let terminal = pty.enter(mouse);
        assert!(pty.is_raw());
        let entered = pty.sent();
        assert!(left_on(&entered).contains(&"1049"), "{entered:?}");
        assert_eq!(left_on(&entered).contains(&"1006"), mouse);
        terminal.leave();
        assert_eq!(pty.settings(), before);
        let all = entered + &pty.sent();
        assert_eq!(left_on(&all), Vec::<&str>::new(), "{all:?}");
        assert!(all.ends_with("\x1b[?1049l"));
    }
}

#[test]
fn the_terminal_is_given_back_once() {
    let pty = Pty::new(24, 80);
    let terminal = pty.enter(false);
    terminal.leave();
    restore();
    drop(terminal);
    assert_eq!(pty.sent().matches("\x1b[?1049l").count(), 1);
}

#[test]
fn the_modes_come_back_after_a_stop_and_nothing_is_written_meanwhile() {
    let pty = Pty::new(24, 80);
    let before = pty.settings();
    let terminal = pty.enter(false);
    let output = terminal.output();
    terminal.leave();
    assert_eq!(output.write(b"x", None), Err(Lost::Shut));
    assert_eq!(output.write_now(b"x"), Err(Lost::Shut));
    terminal.resume(true).expect("resumed");
    assert!(pty.is_raw());
    output.write(b"y", None).expect("written");
    // A second time without leaving, as after a plain SIGCONT.
    terminal.resume(true).expect("resumed");
    drop(terminal);
    assert_eq!(pty.settings(), before);
    let sent = pty.sent();
    assert!(sent.contains('y') && !sent.contains('x'), "{sent:?}");
    assert_eq!(left_on(&sent), Vec::<&str>::new());
}

#[test]
fn a_stalled_terminal_still_gets_its_settings_back() {
    let pty = Pty::new(24, 80);
    let before = pty.settings();
    let terminal = pty.enter(false);
    // Nobody reads: the terminal's queue fills up.
    let late = terminal
        .output()
        .write(&vec![b'x'; 1 << 20], Some(Instant::now()));
    assert_eq!(late, Err(Lost::Late));
    terminal.leave();
    assert_eq!(pty.settings(), before);
}

#[test]
fn a_write_cut_short_is_cancelled_before_the_modes_are_undone() {
    let bytes = vec![b'x'; 1 << 20];
    let late = |output: &Output| output.write(&bytes, Some(Instant::now())) == Err(Lost::Late);
    cut_short(late);
    let part = |count| (1..bytes.len()).contains(&count);
    cut_short(|output| output.write_now(&bytes).is_ok_and(part));
}

fn cut_short(write: impl Fn(&Output) -> bool) {
    let pty = Pty::new(24, 80);
    let terminal = pty.enter(false);
    assert!(write(&terminal.output()));
    let mut reader = pty.master.try_clone_reader().expect("a reader");
    let reading = std::thread::spawn(move || {
        let (mut bytes, mut part) = (Vec::new(), [0; 4_096]);
        while !bytes.ends_with(b"\x1b[?1049l") {
            let count = reader.read(&mut part).expect("read");
            bytes.extend_from_slice(&part[..count]);
        }
        bytes
    });
    terminal.leave();
    let bytes = reading.join().expect("read to the end");
    let end = [b"x\x18".as_slice(), super::restore::LEAVE].concat();
    assert!(bytes.ends_with(&end));
}

#[test]
fn a_terminal_that_has_gone_is_said_to_have_gone() {
    let pty = Pty::new(24, 80);
    let terminal = pty.enter(false);
    let Pty {
        master,
        slave,
        _one,
    } = pty;
    drop((master, slave));
    assert_eq!(terminal.output().write(b"x", None), Err(Lost::Gone));
    terminal.leave();
}

#[test]
fn a_size_is_never_nothing_and_never_too_much() {
    for ((rows, cols), (height, width)) in [
        ((24, 80), (24, 80)),
        ((0, 0), (24, 80)),
        ((1, 1), (1, 1)),
        ((1, 65_535), (1, 1_000)),
        ((65_535, 0), (500, 80)),
    ] {
        let pty = Pty::new(rows, cols);
        assert_eq!(size_of(&pty.slave), Size { width, height });
    }
    let (read, _write) = io::pipe().expect("a pipe");
    assert_eq!(size_of(read), USUAL);
}

#[test]
fn a_pipe_is_no_terminal() {
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (read, write) = io::pipe().expect("a pipe");
    let entered = Terminal::enter_on(read.into(), Output::new(write.into()), false);
    assert!(matches!(entered, Err(NoTerminal::Settings(_))));
}
