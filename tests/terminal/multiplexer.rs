//! Hostile messages through a real tmux: its screen is the one that a terminal of
//! ours shows.

use std::process::Command;

use tim_history::emulator::World;

use crate::home::{BINARY, Home, serving};
use crate::pty::Pty;
use crate::stream::{Piece, pieces};

const GROUP: &str = "@TGS#2HOSTILE01";
const SIZE: (u16, u16) = (100, 30);

/// tmux with a server of its own in this home, ended with the test.
struct Tmux<'a> {
    home: &'a Home,
}

impl Tmux<'_> {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("tmux");
        command.args(["-L", "t"]).args(arguments).env_clear();
        command.envs(self.home.variables());
        command.env("TMUX_TMPDIR", self.home.path());
        command
    }

    /// The rows of its screen, blanks at their ends left out.
    fn rows(&self) -> Vec<String> {
        let shown = self.command(&["capture-pane", "-p"]).output();
        let shown = shown.expect("tmux runs").stdout;
        let shown = String::from_utf8(shown).expect("UTF-8");
        shown.lines().map(|row| row.trim_end().to_owned()).collect()
    }
}

impl Drop for Tmux<'_> {
    fn drop(&mut self) {
        // It has ended with its program, unless the test failed.
        let _ = self.command(&["kill-server"]).output();
    }
}

/// Whether both show the same, but for when it was fetched and with how many calls.
/// Our terminal model drops U+FFFD, so rows with it differ.
fn alike(ours: &[String], theirs: &[String]) -> bool {
    let differs = |row: &String| {
        ["\u{fffd}", "as of ", " calls · "]
            .iter()
            .any(|w| row.contains(w))
    };
    ours.len() == theirs.len()
        && ours
            .iter()
            .zip(theirs)
            .all(|(ours, theirs)| ours == theirs || differs(theirs))
}

#[test]
fn tmux_shows_what_a_terminal_shows() {
    if Command::new("tmux").arg("-V").output().is_err() {
        skipped();
        return;
    }
    let service = serving(World::demo_at(1_735_891_200));
    let direct = Home::new();
    direct.configure(&service.profile_toml());
    let ours = direct.open(&["--group", GROUP], SIZE);
    ours.shows(&["in one piece"]);

    let home = Home::new();
    home.configure(&service.profile_toml());
    let conf = home.write("tmux.conf", "set -g status off\nset -s escape-time 0\n");
    let tmux = Tmux { home: &home };
    let conf = conf.display().to_string();
    let mut command = home.command("tmux", &["-L", "t", "-f", &conf, "new-session"]);
    command.env("TMUX_TMPDIR", home.path());
    command.args([BINARY, "--group", GROUP]);
    let t = Pty::start(command, SIZE);
    t.shows(&["in one piece"]);

    for keys in [
        "<pageup>", "w", "<pageup>", "<pageup>", "<pageup>", "l", "2", "K", "3", "K", "x",
    ] {
        ours.keys(keys);
        ours.catch_up();
        t.keys(keys);
        let mut both = (Vec::new(), Vec::new());
        for _ in 0..200 {
            let screen = ours.screen();
            let rows = screen.rows(0, SIZE.0);
            both.0 = rows.map(|row| row.trim_end().to_owned()).collect();
            both.1 = tmux.rows();
            if alike(&both.0, &both.1) {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        assert!(alike(&both.0, &both.1), "{keys}\n{both:#?}");
    }
    // tmux asks its terminal this and that, but hands on nothing of a message.
    let foreign = |piece: &Piece| matches!(piece, Piece::Foreign(_) | Piece::Clipboard(_));
    assert!(!pieces(&t.raw()).iter().any(foreign));
    ours.keys("q");
    assert_eq!(ours.finish().end.code, 0);
    t.keys("q");
    assert_eq!(t.finish().end.code, 0);
}

#[expect(
    clippy::print_stderr,
    reason = "a test that does not run has to say so"
)]
fn skipped() {
    eprintln!("skipped: there is no tmux here");
}
