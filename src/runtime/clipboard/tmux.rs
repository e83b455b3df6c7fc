//! The `tmux` around us, asked to take a text into a buffer.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};

use super::route::{Answer, is_sendable};
use crate::config::Surroundings;
use crate::model::text::{Clean, clean_bytes};

/// How long tmux may take: it answers within milliseconds, or it hangs.
const LIMIT: Duration = Duration::from_secs(3);

/// How much of a complaint is read, in bytes, and how much is shown, in cells.
const COMPLAINT: u64 = 1_000;
const SHOWN: usize = 60;

/// Has tmux take a text. One that terminals would not take is not handed on.
pub(super) async fn load(around: &Surroundings, text: &str) -> Answer {
    if !is_sendable(text.len()) {
        return match run(around, &["load-buffer", "-"], text).await {
            Ok(()) => Answer::Kept,
            Err(failure) => Answer::Refused(failure.why()),
        };
    }
    match run(around, &["load-buffer", "-w", "-"], text).await {
        Ok(()) => Answer::HandedOn,
        // Before 3.2 there was no `-w`. What tmux says of it differs from version to
        // version, so it is tried without whatever was said.
        Err(Failure::Ended(why)) => match run(around, &["load-buffer", "-"], text).await {
            Ok(()) => Answer::Kept,
            Err(_) => Answer::Refused(why),
        },
        Err(failure) => Answer::Refused(failure.why()),
    }
}

/// Why tmux did not take a text.
enum Failure {
    /// It said no.
    Ended(Clean),
    /// It could not be asked, or did not answer in time.
    Silent(Clean),
}

impl Failure {
    fn why(self) -> Clean {
        match self {
            Self::Ended(why) | Self::Silent(why) => why,
        }
    }
}

/// Runs tmux without a shell. Whatever it writes is kept off the screen.
async fn run(around: &Surroundings, arguments: &[&str], text: &str) -> Result<(), Failure> {
    let mut command = Command::new("tmux");
    command
        .args(arguments)
        .env_clear()
        // The program is looked for in this `PATH`, too.
        .envs(around.for_tmux.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let silent = |error: &io::Error| Failure::Silent(Clean::ours(error.kind().to_string()));
    let mut child = command.spawn().map_err(|error| {
        if error.kind() == io::ErrorKind::NotFound {
            return Failure::Silent("not in PATH".into());
        }
        silent(&error)
    })?;
    let Ok(ended) = tokio::time::timeout(LIMIT, talk(&mut child, text)).await else {
        // Already gone is as good as killed.
        let _ = child.kill().await;
        return Err(Failure::Silent("no answer".into()));
    };
    let (status, complaint) = ended.map_err(|error| silent(&error))?;
    if status.success() {
        return Ok(());
    }
    let complaint = clean_bytes(&complaint);
    let first = complaint.as_str().lines().next().unwrap_or_default();
    Err(Failure::Ended(if first.is_empty() {
        Clean::ours(status.to_string())
    } else {
        Clean::ours(first).truncate(SHOWN)
    }))
}

/// Hands the text over and waits for the end; what was said of it.
async fn talk(child: &mut Child, text: &str) -> io::Result<(ExitStatus, Vec<u8>)> {
    let (stdin, stderr) = (child.stdin.take(), child.stderr.take());
    let write = async {
        match stdin {
            // Dropped at the end: tmux reads up to there.
            Some(mut stdin) => stdin.write_all(text.as_bytes()).await,
            None => Ok(()),
        }
    };
    let listen = async {
        let mut said = Vec::new();
        if let Some(stderr) = stderr {
            // What cannot be read is no more than an unknown reason.
            let _ = stderr.take(COMPLAINT).read_to_end(&mut said).await;
        }
        said
    };
    let (written, said, status) = tokio::join!(write, listen, child.wait());
    let status = status?;
    // One that refuses ends without reading; one that is content has read everything.
    if status.success() {
        written?;
    }
    Ok((status, said))
}
