//! One line of scrolling as it leaves a tmux around us.

use std::process::Command;

use crate::home::Home;
use crate::meter::stroke;
use crate::program::{Program, SIZE, settle};
use crate::pty::Pty;
use crate::site::Site;
use crate::table::{Amount, MEDIAN, Row, percentile, say};

/// Lines of one program.
const STROKES: usize = 21;

/// How much more than less we may take there.
const GOAL: f64 = 1.10;

/// tmux with a server of its own in this home, which ends with it.
struct Tmux {
    home: Home,
}

impl Tmux {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("tmux");
        command.args(["-L", "peers"]).args(arguments).env_clear();
        command.envs(self.home.variables());
        command.env("TMUX_TMPDIR", self.home.path());
        command
    }

    fn start(&self, words: &[String]) -> Pty {
        let arguments = ["-L", "peers", "-f", "/dev/null", "new-session"];
        let mut command = self.home.command("tmux", &arguments);
        command.env("TMUX_TMPDIR", self.home.path());
        command.args(words);
        Pty::start(command, SIZE)
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        // It may have ended with its program.
        let _ = self.command(&["kill-server"]).output();
    }
}

pub(crate) fn row(programs: &[Program], site: &Site) -> Row {
    let mut row = Row::new("one line inside tmux, median");
    if Command::new("tmux").arg("-V").output().is_err() {
        say("tmux is not installed: not run");
        return row;
    }
    let two = |program: &&Program| program.is_ours() || program.name == "less";
    for program in programs.iter().filter(two) {
        let tmux = Tmux { home: site.fresh() };
        let t = tmux.start(&program.words(site));
        settle(&t);
        program.prepare(&t, site.patience());
        let mut bytes = Vec::new();
        for _ in 0..STROKES {
            bytes.push(stroke(&t, program.line).bytes);
        }
        row.add(program, Amount::Bytes(percentile(&mut bytes, MEDIAN)));
    }
    row.beside_less(GOAL)
}
