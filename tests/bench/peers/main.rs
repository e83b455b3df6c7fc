//! What we cost beside the programs that a reader of long texts knows.
//!
//! `cargo bench --bench peers` drives our release build and those of less, vim and lnav
//! that are installed through pseudo-terminals, over the same lines, and prints one
//! table. Counts of bytes are exact; times are those of this machine at this moment, so
//! nothing is held to them here. `tests/cost` holds the counts.

mod call;
mod keys;
mod multiplexer;
mod program;
mod site;
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

use program::{ALL, Program};
use site::{LINES, MESSAGES, Site};
use table::{Row, say};

fn main() {
    let (present, absent): (Vec<Program>, Vec<Program>) =
        ALL.into_iter().partition(Program::is_installed);
    for program in absent {
        say(&format!("{} is not installed: not run", program.name));
    }
    let site = Site::new();
    say(&format!(
        "{MESSAGES} messages loaded by us, as 200 calls a second with 20 each are 4000; the same and \
         older ones in a file of {LINES} lines for the others; 120x40"
    ));
    let mut rows: Vec<Row> = vec![starts::row(&present, &site)];
    rows.push(call::row(&site));
    rows.extend(keys::rows(&present, &site));
    rows.push(multiplexer::row(&present, &site));
    table::print(&rows);
}
