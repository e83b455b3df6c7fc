//! Arguments and exit codes. No argument takes a secret: everybody on the
//! machine can read the arguments of every program.

mod export;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

pub use self::export::Export;

use crate::model::ids::{Conversation, GroupId, TopicId};

/// How the program ends. The same everywhere, for scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: done, and all is well.
    Good,
    /// 1: done, and something is wanting: a check that fails, a code nobody knows.
    Wanting,
    /// 2: the arguments, the configuration or the terminal will not do.
    Usage,
    /// 3: the service refused or could not be reached.
    Refused,
    /// 4: begun and not finished: what was written so far is not all.
    Incomplete,
    /// 128 and the number: ended by a signal.
    Signal(u8),
}

impl Exit {
    /// What the shell sees.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::Wanting => 1,
            Self::Usage => 2,
            Self::Refused => 3,
            Self::Incomplete => 4,
            // Where shells put them.
            Self::Signal(number) => number.saturating_add(128),
        }
    }
}

/// What stands under every help page.
const EXITS: &str = "Exit codes: 0 good, 1 found wanting, 2 usage or configuration, \
    3 the service refused, 4 incomplete, 128+n ended by signal n.";

/// Browse the history of Tencent Chat (Tencent Cloud IM) groups.
///
/// Without a command, opens the browser. It only ever reads.
#[derive(Debug, Parser)]
#[command(name = "tim-history", version, after_help = EXITS)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// What to open.
    #[command(flatten)]
    pub browse: Browse,
    /// What to do instead of browsing.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What holds for every command.
#[derive(Debug, Default, Clone, PartialEq, Eq, Args)]
pub struct Global {
    /// Configuration file [default: TIM_HISTORY_CONFIG, then the usual place]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Profile of the configuration: which app to read
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// Time zone to show times in, such as Asia/Shanghai
    #[arg(long, global = true, value_name = "ZONE")]
    pub tz: Option<String>,
    /// Write a log to FILE; TIM_HISTORY_LOG sets the level
    #[arg(long, global = true, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// Draw with ASCII alone
    #[arg(long, global = true)]
    pub ascii: bool,
    /// No hints, only results and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

/// What to open in the browser.
#[derive(Debug, Default, Clone, PartialEq, Eq, Args)]
pub struct Browse {
    /// Open this group at once
    #[arg(long, value_name = "ID", value_parser = id)]
    pub group: Option<String>,
    /// Open this topic of the group
    #[arg(long, value_name = "ID", requires = "group", value_parser = id)]
    pub topic: Option<String>,
    /// Browse the embedded service: no app, no network
    #[arg(long, conflicts_with = "profile")]
    pub demo: bool,
}

/// What to do instead of browsing.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Check the configuration and the credentials against the service
    Check,
    /// Say what an error code means and what to do about it; needs no network
    Explain {
        /// An ErrorCode, such as 70009
        code: u32,
    },
    /// Read a message's JSON, or its raw Data, from standard input and say what is in it
    Decode {
        /// Print JSON instead of a tree
        #[arg(long)]
        json: bool,
    },
    /// Write the history of a group into a file, each message once and each hole with its name
    Export(Export),
    /// Say whether an exported file was changed, is cut, or leaves out messages; needs no network
    Verify {
        /// What `export` wrote
        file: PathBuf,
    },
    /// Run the embedded service and print the profile for it
    Serve {
        /// Port on 127.0.0.1; 0 takes a free one
        #[arg(long, value_name = "N", default_value_t = DEFAULT_PORT)]
        port: u16,
        /// What it does wrong.
        #[command(flatten)]
        trouble: Trouble,
    },
}

/// How the embedded service behaves, for trying out what the real one may do.
#[derive(Debug, Default, Clone, PartialEq, Eq, Args)]
#[command(next_help_heading = "Trouble")]
pub struct Trouble {
    /// Answer after this many milliseconds
    #[arg(long, value_name = "MS")]
    pub latency: Option<u64>,
    /// Add up to this many milliseconds by chance
    #[arg(long, value_name = "MS")]
    pub jitter: Option<u64>,
    /// Fail every N-th call with an ErrorCode, such as 5:10002
    #[arg(long, value_name = "N:CODE", value_parser = every)]
    pub fail_every: Option<(u32, u32)>,
    /// Answer every N-th call as a broken gateway would: 502 and a page of HTML
    #[arg(long, value_name = "N")]
    pub http_502_every: Option<u32>,
    /// Cut off every N-th reply in the middle
    #[arg(long, value_name = "N")]
    pub cut_every: Option<u32>,
    /// Refuse more calls of one command a second than this
    #[arg(long, value_name = "N")]
    pub rate_limit: Option<u32>,
    /// How recalled messages come
    #[arg(long, value_name = "HOW", value_enum)]
    pub recalled: Option<Recalled>,
    /// Messages older than this many days have expired
    #[arg(long, value_name = "DAYS")]
    pub expiry: Option<u64>,
    /// Count seqs instead of messages: pages come short where seqs are left out
    #[arg(long)]
    pub window: bool,
}

/// How recalled messages come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Recalled {
    /// As placeholders without their content
    Listed,
    /// As placeholders that still hold their content
    WithBody,
    /// Not at all, although asked for
    Withheld,
    /// As deleted ones
    Gone,
}

fn every(text: &str) -> Result<(u32, u32), String> {
    let parts = text.split_once(':');
    let parts = parts.and_then(|(n, code)| Some((n.parse().ok()?, code.parse().ok()?)));
    parts
        .filter(|(n, _)| *n > 0)
        .ok_or_else(|| "expected N:CODE, such as 5:10002".to_owned())
}

/// Where `serve` listens unless told: fixed, so that a profile pasted once stays
/// right; in the range that no service has registered.
pub const DEFAULT_PORT: u16 = 47_470;

/// An ID as somebody types it: the service knows none that is empty or holds
/// control characters (api-facts 6).
fn id(text: &str) -> Result<String, String> {
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err("expected an ID without control characters".to_owned());
    }
    Ok(text.to_owned())
}

impl Cli {
    /// Reads the arguments, the program's name first.
    ///
    /// # Errors
    /// They cannot be understood; or `--help` or `--version` was asked for, which
    /// is an error only by type.
    pub fn read(
        arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    ) -> Result<Self, clap::Error> {
        let cli = Self::try_parse_from(arguments)?;
        if cli.command.is_some() && cli.browse != Browse::default() {
            return Err(Self::command().error(
                ErrorKind::ArgumentConflict,
                "--group, --topic and --demo open the browser and go with no command",
            ));
        }
        Ok(cli)
    }
}

impl Browse {
    /// What to open at once, if anything was named.
    #[must_use]
    pub fn conversation(&self) -> Option<Conversation> {
        let group = self.group.as_deref()?;
        Some(Conversation {
            group: GroupId::new(group),
            topic: self.topic.as_deref().map(TopicId::new),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Cli, clap::Error> {
        Cli::read(format!("tim-history {line}").split_whitespace())
    }

    #[test]
    fn the_definitions_hold_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn globals_stand_before_and_behind_the_command() {
        for line in ["--profile prod -q check", "check --profile prod --quiet"] {
            let cli = read(line).expect("it reads");
            assert_eq!(cli.global.profile.as_deref(), Some("prod"));
            assert!(cli.global.quiet);
            assert_eq!(cli.command, Some(Command::Check));
        }
    }

    #[test]
    fn the_embedded_service_is_told_what_to_do_wrong() {
        let cli =
            read("serve --fail-every 5:10002 --recalled with-body --window").expect("it reads");
        let Some(Command::Serve { port, trouble }) = cli.command else {
            unreachable!("serve")
        };
        assert_eq!(port, DEFAULT_PORT);
        assert_eq!(trouble.fail_every, Some((5, 10_002)));
        assert_eq!(trouble.recalled, Some(Recalled::WithBody));
        assert!(trouble.window);
        assert!(read("serve --fail-every 0:10002").is_err());
    }

    #[test]
    fn a_topic_needs_its_group() {
        assert!(read("--topic T").is_err());
        let cli = read("--group G --topic T").expect("it reads");
        let start = cli.browse.conversation().expect("something to open");
        assert_eq!(start.id(), "T");
        assert_eq!(start.group.as_str(), "G");
    }

    #[test]
    fn what_opens_the_browser_goes_with_no_command() {
        for line in [
            "--demo check",
            "--group G serve",
            "--demo --profile p",
            "--group=",
        ] {
            let error = read(line).expect_err(line);
            assert_eq!(error.exit_code(), 2, "{line}");
        }
    }

    #[test]
    fn ports_and_codes_are_numbers() {
        assert!(read("serve --port 70000").is_err());
        assert!(read("explain abc").is_err());
        let cli = read("explain 70009").expect("it reads");
        assert_eq!(cli.command, Some(Command::Explain { code: 70_009 }));
    }

    #[test]
    fn no_argument_takes_a_secret() {
        let names: Vec<String> = Cli::command()
            .get_arguments()
            .map(|argument| argument.get_id().to_string())
            .collect();
        for word in ["key", "secret", "sig", "password", "proxy"] {
            assert!(names.iter().all(|name| !name.contains(word)), "{word}");
        }
    }

    #[test]
    fn signals_end_where_shells_expect_them() {
        assert_eq!(Exit::Signal(2).code(), 130);
        assert_eq!(Exit::Signal(15).code(), 143);
    }
}
