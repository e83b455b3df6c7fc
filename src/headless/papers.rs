//! `completions` and `man`: from the definitions that the arguments are read by.

use std::io::{self, Write};

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::VerbError;
use crate::cli::{Cli, Exit};

/// `completions`: what a shell needs to complete our arguments.
///
/// # Errors
/// It cannot be written.
pub fn completions(shell: Shell, out: &mut impl Write) -> Result<Exit, VerbError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "tim-history", &mut script);
    send(&script, out)
}

/// `man`: the manual page, for `man -l -`; each verb with its arguments.
///
/// # Errors
/// It cannot be written.
pub fn man(out: &mut impl Write) -> Result<Exit, VerbError> {
    let mut page = Vec::new();
    let mut whole = Cli::command();
    whole.build();
    clap_mangen::Man::new(whole.clone()).render(&mut page)?;
    for verb in whole
        .get_subcommands()
        .filter(|verb| verb.get_name() != "help")
    {
        let man = clap_mangen::Man::new(verb.clone());
        // One page holds all: the verb's own name stands as a heading over its options.
        writeln!(page, ".SH \"{}\"", verb.get_name().to_uppercase())?;
        man.render_synopsis_section(&mut page)?;
        man.render_description_section(&mut page)?;
        man.render_options_section(&mut page)?;
    }
    send(&page, out)
}

/// A reader that has gone away is no error.
fn send(text: &[u8], out: &mut impl Write) -> Result<Exit, VerbError> {
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(Exit::Good),
    }
}
