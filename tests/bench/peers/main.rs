//! What we cost beside the programs that a reader of long texts knows.
//!
//! `cargo bench --bench peers` drives our program and those of less, vim and lnav
//! that are installed through pseudo-terminals, over the same lines, and prints one
//! table. Counts of bytes are exact; times are those of this machine at this moment, so
//! nothing is held to them here. `tests/cost` holds the counts.
//!
//! Unless told otherwise we have 20,000 messages loaded, and the silence lasts a minute. Ten
//! minutes with a million are for those who have the time:
//!
//! ```sh
//! cargo bench --bench peers -- keys messages=1000000 silence=600
//! ```
//!
//! Ours is what cargo has built for the bench, in a quarter of the time that the release
//! takes, and in the place of that: what is shipped is measured by a copy of it.
//!
//! ```sh
//! cargo build --release && cp target/release/tim-history target/shipped
//! cargo bench --bench peers -- binary=target/shipped
//! ```
//!
//! At 200 calls a second of 20 messages a million take 250 s to load, for each of our
//! programs that is started with all of it; so `keys` leaves the others out. `starts`,
//! `call`, `keys` and `tmux` are what can be named, several in a row.
//!
//! An export leaves a tenth of the calls to the reader: with 200 a second for all, it runs
//! at 180.

mod call;
mod exporting;
mod keys;
mod loaded;
mod multiplexer;
mod program;
mod site;
mod stalled;
mod starts;
mod table;

#[expect(dead_code, reason = "the test targets use the rest")]
#[path = "../../pty/home.rs"]
mod home;
#[expect(dead_code, reason = "the test targets use the rest")]
#[path = "../../pty/meter.rs"]
mod meter;
#[expect(dead_code, reason = "the test targets use the rest")]
#[path = "../../pty/model.rs"]
mod model;
#[expect(dead_code, reason = "the test targets use the rest")]
#[path = "../../pty/pty.rs"]
mod pty;
#[path = "../../pty/signature.rs"]
mod signature;
#[expect(dead_code, reason = "the test targets use the rest")]
#[path = "../../pty/stream.rs"]
mod stream;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use program::{ALL, Program};
use site::{LINES, MESSAGES, Site};
use table::{Row, say};

/// What is measured together, as it is named.
const SECTIONS: [&str; 4] = ["starts", "call", "keys", "tmux"];

/// What the arguments ask for; all of them may be left out.
struct Asked {
    sections: Vec<&'static str>,
    binary: PathBuf,
    messages: u32,
    silence: Duration,
}

impl Asked {
    /// Nothing where an argument is not understood.
    fn read(arguments: impl Iterator<Item = String>) -> Option<Self> {
        let mut asked = Self {
            sections: Vec::new(),
            binary: home::BINARY.into(),
            messages: MESSAGES,
            silence: keys::QUIET,
        };
        // The runner's own flags come along.
        for argument in arguments.filter(|argument| !argument.starts_with("--")) {
            match argument.split_once('=') {
                Some(("messages", count)) => {
                    asked.messages = count.parse().ok().filter(|n| (1_000..=LINES).contains(n))?;
                }
                // Programs are started elsewhere.
                Some(("binary", path)) => {
                    let path = std::fs::canonicalize(path).ok();
                    asked.binary = path.filter(|path| !is_of_the_bench(path))?;
                }
                Some(("silence", seconds)) => {
                    asked.silence = Duration::from_secs(seconds.parse().ok()?);
                }
                _ => {
                    let known = SECTIONS.iter().find(|section| **section == argument)?;
                    asked.sections.push(known);
                }
            }
        }
        if asked.sections.is_empty() {
            asked.sections.extend(SECTIONS);
        }
        Some(asked)
    }
}

/// Whether a program lies where cargo has just put its own: whoever names it means another.
fn is_of_the_bench(path: &Path) -> bool {
    std::fs::canonicalize(home::BINARY).is_ok_and(|ours| ours == path)
}

fn main() {
    let Some(asked) = Asked::read(std::env::args().skip(1)) else {
        say(&format!(
            "peers: not run, it takes {SECTIONS:?}, silence=SECONDS, messages=1000 to {LINES}, \
             and the binary=PATH of a program that is there, but for {}: cargo has just \
             put there what it built for the bench",
            home::BINARY
        ));
        return;
    };
    let (present, absent): (Vec<Program>, Vec<Program>) =
        ALL.into_iter().partition(Program::is_installed);
    for program in absent {
        say(&format!("{} is not installed: not run", program.name));
    }
    let begun = Instant::now();
    let bytes = std::fs::metadata(&asked.binary).map_or(0, |file| file.len());
    say(&format!("ours: {}, {bytes} B", asked.binary.display()));
    let site = Site::new(asked.binary, asked.messages);
    say(&format!(
        "{} messages loaded by us, which takes {} s at 200 calls a second with 20 each; the same \
         and older ones in a file of {LINES} lines for the others; 120x40",
        site.messages,
        site.loading().as_secs()
    ));
    let mut rows: Vec<Row> = Vec::new();
    for section in asked.sections {
        match section {
            "starts" => rows.push(starts::row(&present, &site)),
            "call" => rows.push(call::row(&site)),
            "keys" => rows.extend(keys::rows(&present, &site, asked.silence)),
            _ => rows.push(multiplexer::row(&present, &site)),
        }
    }
    table::print(&rows);
    say(&format!("measured in {} s", begun.elapsed().as_secs()));
}
