//! Terminal, keyboard and screen together, in a process of their own behind a real
//! pseudo-terminal: this test binary starts itself there as a tiny program.

#![expect(clippy::panic, reason = "the program under test is told to")]

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::termios::tcgetattr;
use tim_history::app::key::{Code, Key};
use tim_history::runtime::input::{Input, Keyboard};
use tim_history::runtime::screen::{Frame, Screen};
use tim_history::runtime::terminal::{Terminal, can_stop, install_panic_hook, stop_here};
use tim_history::ui::Colors;

/// Says to the test named in [`ALONE`] that it is the program.
const ROLE: &str = "TIM_HISTORY_TEST_PROGRAM";
/// Far more than anything here takes: a hang is an error, slowness is not.
const WATCHDOG: Duration = Duration::from_secs(20);
/// The program's exit code when its terminal has gone.
const HANGUP: u32 = 129;

/// Where the program's log is said to be; nothing is written there.
const LOG: &str = "/var/log/of-the-test";

/// Its end is a fault.
struct Mine;

impl Drop for Mine {
    fn drop(&mut self) {
        panic!("in a drop");
    }
}

/// Shows how many keys of which kind have come.
fn run() -> i32 {
    install_panic_hook(Some(LOG.into()));
    let terminal = Terminal::enter(true).expect("a terminal");
    let tty = terminal.input().expect("a descriptor");
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().expect("a runtime");
    let _inside = runtime.enter();
    let mut keyboard = Keyboard::new(tty).expect("a keyboard");
    let mut screen = Screen::spawn(terminal.output(), Colors::Sixteen).expect("a thread");
    let (mut ups, mut others, mut pastes, mut escapes) = (0, 0, 0, 0);
    let mut code = 0;
    'program: loop {
        let size = terminal.size();
        let mut buffer = Buffer::empty(Rect::new(0, 0, size.width, size.height));
        let text = format!("ups {ups}, others {others}, pastes {pastes}.");
        buffer.set_string(0, 1, text, Style::new());
        if escapes > 0 {
            buffer.set_string(
                0,
                2,
                format!("blocked {}", screen.stats().blocked),
                Style::new(),
            );
        }
        for cell in buffer.content.iter_mut().rev().take(escapes) {
            // What no path of ours puts there, and ratatui does not mind.
            cell.set_symbol("\x1b[2J");
        }
        screen.show(Frame {
            picture: buffer.into(),
            cursor: None,
        });
        for input in runtime.block_on(keyboard.next()) {
            match input {
                Input::Gone => {
                    code = 129;
                    break 'program;
                }
                Input::Paste(_) => pastes += 1,
                Input::Key(key) if key == Key::plain(Code::Up) => ups += 1,
                Input::Key(key) if key == Key::char('q') => break 'program,
                Input::Key(key) if key == Key::char('p') => panic!("told to"),
                Input::Key(key) if key == Key::char('d') => drop(Mine),
                Input::Key(key) if key == Key::char('e') => escapes += 1,
                Input::Key(key) if key == Key::char('u') => {
                    let _first_by_a_fault = Mine;
                    panic!("told to");
                }
                Input::Key(key) if key == Key::char('t') => {
                    let secret = "abc";
                    let thread = std::thread::spawn(move || panic!("hidden {secret}"));
                    assert!(thread.join().is_ok(), "never reached");
                }
                Input::Key(key) if key == Key::char('z') && can_stop() => {
                    terminal.leave();
                    stop_here();
                    terminal.resume(true).expect("the terminal again");
                    screen.repaint();
                }
                Input::Key(_) | Input::Mouse(_) => others += 1,
            }
        }
    }
    let _ = screen.stop(Duration::from_secs(1));
    terminal.leave();
    code
}

struct Program {
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    output: Receiver<Vec<u8>>,
    /// All of it that has been looked at.
    raw: Vec<u8>,
    screen: vt100::Parser,
    slave: std::fs::File,
    before: String,
}

/// How a shell starts the program: with SIGHUP ignored, as under nohup, so that
/// only the keyboard can notice the end.
const ALONE: &str =
    "trap '' HUP; exec \"$0\" keys_sent_byte_by_byte_are_read_and_shown --exact --nocapture";
/// Somebody else has made reading and writing not to wait, and finds it so afterwards.
const NOT_WAITING: &str = "ROLE_OF_FLAGS=set \"$0\" flags --exact --nocapture;
    \"$0\" keys_sent_byte_by_byte_are_read_and_shown --exact --nocapture;
    ROLE_OF_FLAGS=tell \"$0\" flags --exact --nocapture";
/// As a job of a shell, which waits for Enter before it lets the job go on.
const AS_JOB: &str = "set -m; \"$0\" keys_sent_byte_by_byte_are_read_and_shown --exact --nocapture;
    echo STOPPED; read -r line; fg; echo CODE $?";

impl Program {
    fn start(script: &str) -> Self {
        let (rows, cols) = (10, 60);
        let size = PtySize {
            rows,
            cols,
            ..PtySize::default()
        };
        let pair = native_pty_system().openpty(size).expect("a pty");
        let name = pair.master.tty_name().expect("a name");
        let slave = std::fs::File::options().read(true).write(true).open(name);
        let slave = slave.expect("the slave opens");
        let before = settings(&slave);
        let mut command = CommandBuilder::new("sh");
        command.args(["-c", script]);
        command.arg(std::env::current_exe().expect("this test"));
        command.env(ROLE, "1");
        let child = pair.slave.spawn_command(command).expect("started");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let (send, output) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4_096];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                if send.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let keys = pair.master.take_writer().expect("a writer");
        let cells = |n| NonZeroU16::new(n).expect("not 0");
        let mut program = Self {
            master: pair.master,
            keys,
            child,
            output,
            raw: Vec::new(),
            screen: vt100::Parser::new(cells(rows), cells(cols), 0),
            slave,
            before,
        };
        program.wait_for("ups 0, others 0, pastes 0.");
        assert_ne!(settings(&program.slave), program.before);
        program
    }

    fn send(&mut self, bytes: &[u8]) {
        self.keys.write_all(bytes).expect("written");
        self.keys.flush().expect("written");
    }

    fn wait_for(&mut self, text: &str) {
        while !self.screen.screen().contents().contains(text) {
            let bytes = self.output.recv_timeout(WATCHDOG);
            let bytes = bytes.unwrap_or_else(|_| {
                unreachable!("no {text:?} in {:?}", self.screen.screen().contents())
            });
            self.screen.process(&bytes);
            self.raw.extend(bytes);
        }
    }

    /// How often these bytes came.
    fn count(&self, bytes: &[u8]) -> usize {
        let windows = self.raw.windows(bytes.len());
        windows.filter(|window| *window == bytes).count()
    }

    /// Waits for the end; the exit code.
    fn end(&mut self) -> u32 {
        self.child.wait().expect("ended").exit_code()
    }

    /// The settings are as before, all modes are off, and what came after.
    fn assert_restored(&mut self, last: &str) {
        self.wait_for(last);
        assert_eq!(settings(&self.slave), self.before);
        let screen = self.screen.screen();
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    }
}

fn settings(slave: &std::fs::File) -> String {
    format!("{:?}", tcgetattr(slave).expect("settings"))
}

#[test]
fn keys_sent_byte_by_byte_are_read_and_shown() {
    if std::env::var_os(ROLE).is_some() {
        std::process::exit(run());
    }
    let mut program = Program::start(ALONE);
    for _ in 0..300 {
        for byte in b"\x1b[A" {
            program.send(&[*byte]);
        }
    }
    program.wait_for("ups 300, others 0, pastes 0.");
    program.send(b"\x1b[?62;4c\x1b[I\x1b]11;rgb:0/0/0\x07j");
    program.wait_for("ups 300, others 1, pastes 0.");
    program.send(b"\x1b[200~qqqq\x1b[201~");
    program.wait_for("ups 300, others 1, pastes 1.");
    program.send(b"q");
    assert_eq!(program.end(), 0);
    program.assert_restored("running 1 test");
}

/// What the shell of [`NOT_WAITING`] asks of this program.
const FLAGS: &str = "ROLE_OF_FLAGS";

#[test]
#[expect(clippy::print_stdout, reason = "the other test reads it")]
fn flags() {
    let Some(role) = std::env::var_os(FLAGS) else {
        return;
    };
    let flags = fcntl_getfl(std::io::stdin()).expect("flags");
    if role == "set" {
        fcntl_setfl(std::io::stdin(), flags | OFlags::NONBLOCK).expect("set");
    }
    println!("NOT WAITING {}", flags.contains(OFlags::NONBLOCK));
}

#[test]
fn a_terminal_that_others_made_not_to_wait_is_one_like_any_other() {
    let mut program = Program::start(NOT_WAITING);
    assert_eq!(program.count(b"NOT WAITING false"), 1);
    program.send(b"\x1b[Ajj");
    program.wait_for("ups 1, others 2, pastes 0.");
    program.send(b"q");
    program.assert_restored("NOT WAITING true");
    assert_eq!(program.end(), 0);
}

#[test]
fn a_panic_gives_the_terminal_back_before_it_speaks() {
    for (key, said) in [
        (b"p", "told to"),
        (b"t", "a fault of its own at"),
        (b"d", "in a drop"),
        // The first fault ends the program before another one can follow.
        (b"u", "told to"),
    ] {
        let mut program = Program::start(ALONE);
        program.send(key);
        assert_eq!(program.end(), 101);
        program.assert_restored(LOG);
        let shown = program.screen.screen().contents();
        assert!(shown.contains(said), "{shown}");
        // The screen left, the cursor shown and paste brackets off, once each.
        for mode in [&b"\x1b[?1049l"[..], b"\x1b[?25h", b"\x1b[?2004l"] {
            assert_eq!(program.count(mode), 1, "{mode:?} after {said}");
        }
        let restored = program.raw.windows(8).position(|w| w == b"\x1b[?1049l");
        let spoke = program.raw.windows(5).position(|w| w == b"fault");
        assert!(restored < spoke, "it speaks on the screen that stays");
        assert!(
            !shown.contains("hidden"),
            "a formatted text may quote anything: {shown}"
        );
    }
}

#[test]
fn an_escape_in_a_cell_ends_a_debug_build_and_is_counted_in_a_release() {
    let mut program = Program::start(ALONE);
    program.send(b"e");
    if cfg!(debug_assertions) {
        assert_eq!(program.end(), 101);
        program.assert_restored(LOG);
        let shown = program.screen.screen().contents();
        assert!(shown.contains("a fault of its own at"), "{shown}");
    } else {
        program.send(b"j");
        program.wait_for("others 1");
        program.send(b"j");
        program.wait_for("others 2");
        let shown = program.screen.screen().contents();
        assert!(!shown.contains("blocked 0"), "{shown}");
        assert!(shown.ends_with('?'), "{shown}");
        program.send(b"q");
        assert_eq!(program.end(), 0);
    }
    assert_eq!(program.count(b"\x1b[2J"), 0);
}

#[test]
fn a_program_whose_terminal_has_gone_ends() {
    let mut program = Program::start(ALONE);
    let Program {
        master,
        keys,
        child,
        output,
        ..
    } = &mut program;
    // The reader's copy of the master goes with the channel and one more byte.
    let (_, dead) = channel();
    drop((
        std::mem::replace(keys, Box::new(std::io::sink())),
        std::mem::replace(output, dead),
    ));
    let empty = native_pty_system()
        .openpty(PtySize::default())
        .expect("a pty");
    drop(std::mem::replace(master, empty.master));
    assert_eq!(child.wait().expect("ended").exit_code(), HANGUP);
}

#[test]
fn a_stopped_program_leaves_the_terminal_to_the_shell_and_comes_back() {
    let mut program = Program::start(AS_JOB);
    program.send(b"jz");
    program.assert_restored("STOPPED");
    program.send(b"\n");
    program.wait_for("ups 0, others 1, pastes 0.");
    assert!(program.screen.screen().alternate_screen());
    program.send(b"j");
    program.wait_for("ups 0, others 2, pastes 0.");
    program.send(b"q");
    program.assert_restored("CODE 0");
    assert_eq!(program.end(), 0);
}
