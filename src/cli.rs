//! Arguments and exit codes. No argument takes a secret: everybody on the
//! machine can read the arguments of every program.

mod export;
mod trouble;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

pub use self::export::Export;

use crate::model::ids::{Conversation, GroupId, TopicId};
use crate::model::permalink::{self, Target};

pub use trouble::{Recalled, Trouble};

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
    /// What this is for, such as a case number: noted in the access log
    #[arg(long, global = true, value_name = "TEXT")]
    pub ticket: Option<String>,
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
    /// Open the browser on the message a permalink names, with the profile of its app
    Open {
        /// tim-history://SDKAPPID/GROUP[/TOPIC]/SEQ; or an ID
        #[arg(value_name = "LINK", value_parser = target)]
        link: Target,
    },
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
    /// Print what the service says, without a screen.
    #[command(flatten)]
    Ask(Ask),
    /// Print what a shell needs to complete these arguments
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// Print the manual page; `man -l -` shows it
    Man,
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

/// What to print of what the service says.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Ask {
    /// List the groups of the app, or of a user: last message, newest seq, members, type, ID, name
    Groups {
        /// Only groups that this user is in
        #[arg(long, value_name = "USER_ID", value_parser = id)]
        member: Option<String>,
        /// Only groups of this type, such as Public or Work
        #[arg(long = "type", value_name = "TYPE")]
        kind: Option<String>,
        /// Print JSON, a line for each group
        #[arg(long)]
        json: bool,
    },
    /// Say what the service knows of a group
    Info {
        /// Its ID
        #[arg(value_parser = id)]
        group: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print messages from a place on, the newest where none is named
    Show {
        /// Which group or topic.
        #[command(flatten)]
        of: Of,
        /// A seq, a time, a permalink or a message ID, as at the browser's prompt: 812, 14:05, "fri 14:05", -2h, start
        #[arg(allow_hyphen_values = true)]
        place: Option<String>,
        /// How many messages
        #[arg(short = 'n', value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
        count: u32,
        /// Print JSON, a line for each seq
        #[arg(long)]
        json: bool,
        /// Pseudonyms instead of people's IDs and names, for outsiders
        #[arg(long)]
        mask_ids: bool,
    },
    /// Print the messages of a range that match a filter; exit 1 where none does
    Find {
        /// Which group or topic.
        #[command(flatten)]
        of: Of,
        /// A filter, such as "from:alice is:recalled refund"
        #[arg(allow_hyphen_values = true)]
        expression: String,
        /// Which part of the history.
        #[command(flatten)]
        range: Range,
        /// Print JSON, a line for each match
        #[arg(long)]
        json: bool,
        /// Pseudonyms instead of people's IDs and names, for outsiders
        #[arg(long)]
        mask_ids: bool,
    },
    /// Say what is missing, silent, doubled or out of order; exit 1 where something was withheld
    Audit {
        /// Which group or topic.
        #[command(flatten)]
        of: Of,
        /// Which part of the history.
        #[command(flatten)]
        range: Range,
        /// Print JSON, a line for each finding
        #[arg(long)]
        json: bool,
        /// Pseudonyms instead of people's IDs and names, for outsiders
        #[arg(long)]
        mask_ids: bool,
    },
    /// Print the newest messages, and each new one as it comes
    Follow {
        /// Which group or topic.
        #[command(flatten)]
        of: Of,
        /// Print JSON, a line for each seq
        #[arg(long)]
        json: bool,
        /// Pseudonyms instead of people's IDs and names, for outsiders
        #[arg(long)]
        mask_ids: bool,
    },
}

/// Which group or topic.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Of {
    /// The group's ID
    #[arg(value_parser = id)]
    pub group: String,
    /// A topic of the group
    // Not the browser's `--topic`, which goes with no command.
    #[arg(id = "topic_of", long = "topic", value_name = "ID", value_parser = id)]
    pub topic: Option<String>,
}

impl Of {
    /// The conversation that is meant.
    #[must_use]
    pub fn conversation(&self) -> Conversation {
        Conversation {
            group: GroupId::new(self.group.as_str()),
            topic: self.topic.as_deref().map(TopicId::new),
        }
    }
}

/// Which part of the history.
#[derive(Debug, Default, Clone, PartialEq, Eq, Args)]
pub struct Range {
    /// From this seq or time on [default: the newest 1,000 seqs]
    #[arg(long, value_name = "WHEN|SEQ", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// Up to this seq, or before this time [default: the newest]
    #[arg(long, value_name = "WHEN|SEQ", allow_hyphen_values = true)]
    pub to: Option<String>,
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

fn target(text: &str) -> Result<Target, &'static str> {
    permalink::read(text)
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
        let opens = matches!(cli.command, Some(Command::Open { .. }));
        let allowed = Browse {
            demo: opens && cli.browse.demo,
            ..Browse::default()
        };
        if cli.command.is_some() && cli.browse != allowed {
            return Err(Self::command().error(
                ErrorKind::ArgumentConflict,
                "--group, --topic and --demo open the browser and go with no command, \
                 but --demo with open",
            ));
        }
        Ok(cli)
    }
}

impl Browse {
    /// What to open at once, if anything was named.
    #[must_use]
    pub fn target(&self) -> Option<Target> {
        let group = self.group.as_deref()?;
        Some(Target {
            app: None,
            conversation: Conversation {
                group: GroupId::new(group),
                topic: self.topic.as_deref().map(TopicId::new),
            },
            seq: None,
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
        let start = cli.browse.target().expect("something to open").conversation;
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
