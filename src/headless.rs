//! The verbs of the command line: results to stdout, a line each, the rest to stderr.

mod audit;
mod choose;
mod decode;
mod deeds;
mod error;
mod export;
mod groups;
mod masked;
mod papers;
mod place;
mod progress;
mod reach;
mod read;
mod told;
mod verify;

use std::fmt;
use std::io::{self, Write};
use std::time::Duration;

use crate::api::Access;
use crate::api::check::{self, Finding, Verdict};
use crate::cli::{self, Exit, Trouble};
use crate::emulator::{Emulator, Knobs, PageRule, Recalled, World};
use crate::model::codes;
use crate::model::copyable::Copyable;
use crate::model::error::Remedy;
use crate::model::message::Timestamp;
use crate::model::text::clean;
use crate::model::time::Zone;

pub use self::audit::audit;
pub use self::choose::choose;
pub use self::decode::decode;
pub use self::deeds::{deed, deed_of_export};
pub use self::error::VerbError;
pub use self::export::{Reader, export, resume};
pub use self::groups::{Listing, groups, info};
pub use self::papers::{completions, man};
pub use self::read::{Prints, Range, find, follow, show};
pub use self::verify::verify;

/// Standard output for results. A reader that has gone away, as behind `| head`,
/// is no error: the rest is dropped and the exit code stays what it is.
#[derive(Debug)]
pub struct Out<W> {
    to: W,
    gone: bool,
}

impl<W: Write> Out<W> {
    /// Writes to `to`.
    pub fn new(to: W) -> Self {
        Self { to, gone: false }
    }

    /// Writes one line, made safe for a terminal, and sends it off.
    ///
    /// # Errors
    /// Anything but a closed pipe, such as a full disk.
    pub fn line(&mut self, text: &str) -> io::Result<()> {
        self.send(clean(text).as_str())
    }

    /// Writes a line of JSON: equal in value to `json`, which must stand on one line,
    /// but with nothing in it that a terminal obeys.
    ///
    /// # Errors
    /// As [`Out::line`].
    pub fn json(&mut self, json: &str) -> io::Result<()> {
        self.send(Copyable::json(json.as_bytes()).as_str())
    }

    /// Whether the reader has gone away.
    #[must_use]
    pub const fn is_gone(&self) -> bool {
        self.gone
    }

    fn send(&mut self, text: &str) -> io::Result<()> {
        if self.gone {
            return Ok(());
        }
        let line = format!("{text}\n");
        match self
            .to
            .write_all(line.as_bytes())
            .and_then(|()| self.to.flush())
        {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.gone = true;
                Ok(())
            }
            other => other,
        }
    }
}

/// In which zone and at what time something typed is read.
#[derive(Debug, Clone)]
pub struct Clock {
    /// Of all times.
    pub zone: Zone,
    /// What is the time; without it nothing is `today`.
    pub now: Option<Timestamp>,
}

/// How a verb tells what it found.
#[derive(Debug, Clone)]
pub struct Telling {
    /// JSON, a line for each thing, instead of lines for eyes.
    pub json: bool,
    /// Pseudonyms instead of people's IDs and names, for outsiders.
    pub mask_ids: bool,
    /// Of times, shown and typed; nothing is read as a time in data without the time it is.
    pub clock: Clock,
}

fn event_loop() -> Result<EventLoop, VerbError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map(EventLoop)
        .map_err(VerbError::Start)
}

/// The event loop of one verb.
struct EventLoop(tokio::runtime::Runtime);

impl EventLoop {
    fn block_on<T>(self, work: impl Future<Output = T>) -> T {
        self.0.block_on(work)
    }

    /// The same; does not wait for another thread that is writing to a pipe nobody reads.
    fn block_on_to_end<T>(self, work: impl Future<Output = T>) -> T {
        let result = self.0.block_on(work);
        self.0.shutdown_background();
        result
    }
}

/// `check`: what works and what to do about what does not, a line each.
///
/// # Errors
/// The findings cannot be written.
pub fn check(access: Access, out: &mut Out<impl Write>) -> Result<Exit, VerbError> {
    let findings = event_loop()?.block_on(check::run(access));
    for finding in &findings {
        for line in finding_lines(finding) {
            out.line(&line)?;
        }
    }
    let wanting = findings.iter().any(|f| f.verdict == Verdict::Wanting);
    Ok(if wanting { Exit::Wanting } else { Exit::Good })
}

/// One finding: the verdict as a word, because colour alone says nothing.
fn finding_lines(finding: &Finding) -> Vec<String> {
    let word = match finding.verdict {
        Verdict::Good => "ok",
        Verdict::Wanting => "wrong",
        Verdict::Note => "note",
    };
    let mut lines = vec![format!("{word:<6} {}", finding.what.as_str())];
    if let Some(advice) = &finding.advice {
        lines.push(format!("{:<6} -> {}", "", advice.as_str()));
    }
    lines
}

/// `explain`: the code table's entry. Exit 1 for a code that the table does not hold.
///
/// # Errors
/// The entry cannot be written.
pub fn explain(code: u32, out: &mut Out<impl Write>) -> Result<Exit, VerbError> {
    let entry = Entry {
        code,
        meaning: codes::meaning(code),
        advice: codes::advice(code),
        remedy: codes::remedy(code),
    };
    for line in entry.to_string().lines() {
        out.line(line)?;
    }
    Ok(match entry.meaning {
        Some(_) => Exit::Good,
        None => Exit::Wanting,
    })
}

/// One entry of the code table, for reading.
struct Entry {
    code: u32,
    meaning: Option<&'static str>,
    advice: &'static str,
    remedy: Remedy,
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.code;
        let Some(meaning) = self.meaning else {
            writeln!(
                f,
                "{code}: the public documentation does not know this code"
            )?;
            return f.write_str(
                "what to do: read the service's own text (ErrorInfo) beside it; \
                 if it stays, ask Tencent with the code, the time and the SDKAppID",
            );
        };
        writeln!(f, "{code}: {meaning}")?;
        if !self.advice.is_empty() {
            writeln!(f, "what to do: {}", self.advice)?;
        }
        let retried = match self.remedy {
            Remedy::Credentials => {
                "no: a setting is wrong, so all calls of the profile stop (a UserSig made here is renewed once)"
            }
            Remedy::Throttle => "yes: after 1 s, doubling to 30 s, until it works or is cancelled",
            Remedy::Transient => "yes: three times, after 1, 2 and 4 s",
            Remedy::Permanent => "no: the same call would fail again",
        };
        write!(f, "retried by itself: {retried}")
    }
}

/// The knobs that the arguments of `serve` turn.
#[must_use]
pub fn knobs(trouble: &Trouble) -> Knobs {
    let usual = Knobs::default();
    Knobs {
        latency: trouble.latency.map_or(usual.latency, Duration::from_millis),
        jitter: trouble.jitter.map_or(usual.jitter, Duration::from_millis),
        fail_every: trouble.fail_every,
        http_502_every: trouble.http_502_every,
        cut_body_every: trouble.cut_every,
        rate_limit: trouble.rate_limit.unwrap_or(usual.rate_limit),
        recalled: match trouble.recalled {
            None | Some(cli::Recalled::Listed) => Recalled::Listed,
            Some(cli::Recalled::WithBody) => Recalled::ListedWithBody,
            Some(cli::Recalled::Withheld) => Recalled::WithheldEvenWhenAsked,
            Some(cli::Recalled::Gone) => Recalled::AsGone,
        },
        expiry: trouble
            .expiry
            .map(|days| Duration::from_hours(24 * days.min(36_500))),
        page_rule: if trouble.window {
            PageRule::WindowOfSeqs
        } else {
            usual.page_rule
        },
        ..usual
    }
}

/// `serve`: runs the embedded service until a signal ends it, which the exit code names.
///
/// # Errors
/// The port is taken or the profile cannot be written.
pub fn serve(
    port: u16,
    knobs: Knobs,
    out: &mut Out<impl Write>,
    hint: &mut Out<impl Write>,
) -> Result<Exit, VerbError> {
    let emulator = Emulator::start(World::demo(), knobs, port)
        .map_err(|cause| VerbError::Port { port, cause })?;
    event_loop()?.block_on(async {
        // Before the profile is printed: whoever has read it may send a signal.
        let mut ends = Ends::listen().map_err(VerbError::Start)?;
        for line in emulator.profile_toml().lines() {
            out.line(line)?;
        }
        // A closed stderr takes no hints.
        let _ = hint.line(&format!(
            "serving {}; put the profile above into the configuration; Ctrl-C ends",
            emulator.url()
        ));
        Ok(Exit::Signal(ends.next().await))
    })
}

/// The signals that end a program. A hangup is left to the system, so that
/// `nohup` works.
struct Ends {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

impl Ends {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// The number of the first that comes.
    async fn next(&mut self) -> u8 {
        // As POSIX numbers them.
        tokio::select! {
            _ = self.interrupt.recv() => 2,
            _ = self.terminate.recv() => 15,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::Clean;

    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Full;

    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_leaves_is_no_error_and_a_full_disk_is() {
        let mut out = Out::new(Closed);
        assert!(out.line("a").is_ok() && out.line("b").is_ok());
        let error = explain(1, &mut Out::new(Full)).expect_err("nothing was written");
        assert_eq!(error.exit(), Exit::Incomplete);
    }

    #[test]
    fn nothing_raw_reaches_the_terminal() {
        let mut bytes = Vec::new();
        Out::new(&mut bytes).line("a\u{1b}[2Jb").expect("it writes");
        assert!(!bytes.contains(&0x1b));
    }

    #[test]
    fn an_entry_says_meaning_remedy_and_retry() {
        let entry = Entry {
            code: 60_007,
            meaning: Some("too many calls"),
            advice: "wait",
            remedy: Remedy::Throttle,
        };
        let text = entry.to_string();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.first(), Some(&"60007: too many calls"));
        assert_eq!(lines.get(1), Some(&"what to do: wait"));
        assert!(text.contains("retried by itself: yes"));
    }

    #[test]
    fn an_unknown_code_says_what_to_do() {
        let mut bytes = Vec::new();
        let exit = explain(4_294_967_295, &mut Out::new(&mut bytes)).expect("it writes");
        assert_eq!(exit, Exit::Wanting);
        let text = String::from_utf8(bytes).expect("our own text");
        assert!(text.contains("4294967295") && text.contains("what to do"));
    }

    #[test]
    fn a_finding_has_a_word_and_its_advice_below() {
        let finding = Finding {
            verdict: Verdict::Wanting,
            what: Clean::from("region"),
            advice: Some(Clean::from("try singapore")),
        };
        let lines = finding_lines(&finding);
        assert_eq!(lines, ["wrong  region", "       -> try singapore"]);
    }
}
