//! The arguments of `export`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::id;
use crate::export::Format;
use crate::model::ids::{Conversation, GroupId, TopicId};

/// What is exported, and how it is written.
#[derive(Debug, Default, Clone, PartialEq, Eq, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags, each by itself")]
pub struct Export {
    /// The group's ID
    #[arg(value_parser = id, required_unless_present = "resume")]
    pub group: Option<String>,
    /// This topic of the group
    #[arg(long, value_name = "ID", value_parser = id)]
    pub topic: Option<String>,
    /// The first message: a seq, or a time as the browser's go-to prompt takes it [default: the oldest left]
    #[arg(long, value_name = "WHEN|SEQ", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// The last one: a seq, included; or a time, excluded [default: the newest now]
    #[arg(long, value_name = "WHEN|SEQ", allow_hyphen_values = true)]
    pub to: Option<String>,
    /// Only what matches, as the browser's filter takes it; what failed is written all the same
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// How records are written
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// The file or its folder; - is standard output [default: a name made of the group's ID, here]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Calls per second [default: the profile's]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=200))]
    pub rate: Option<u32>,
    /// Go on with an export that did not finish, with its own options; needs --out alone
    #[arg(long, requires = "out", conflicts_with_all = ["group", "topic", "from", "to", "filter", "format", "reverse", "names", "mask_ids"])]
    pub resume: bool,
    /// The newest message first
    #[arg(long)]
    pub reverse: bool,
    /// Ask for the names of senders, too; costs some calls
    #[arg(long)]
    pub names: bool,
    /// Pseudonyms instead of people's IDs and names, and none of the service's own JSON, for outsiders
    #[arg(long)]
    pub mask_ids: bool,
    /// Replace what is there
    #[arg(long)]
    pub force: bool,
}

impl Export {
    /// What to export; `None` where the checkpoint says it.
    #[must_use]
    pub fn conversation(&self) -> Option<Conversation> {
        Some(Conversation {
            group: GroupId::new(self.group.as_deref()?),
            topic: self.topic.as_deref().map(TopicId::new),
        })
    }

    /// Whether records go to standard output.
    #[must_use]
    pub fn to_stdout(&self) -> bool {
        self.out.as_deref() == Some(Path::new("-"))
    }
}

#[cfg(test)]
mod tests {
    use crate::cli::{Cli, Command};

    #[test]
    fn resuming_needs_the_file_alone() {
        let read = |line: &str| Cli::read(format!("tim-history {line}").split_whitespace());
        let cli = read("export --resume --out x --rate 5 -q").expect("it reads");
        let Some(Command::Export(export)) = cli.command else {
            unreachable!("export")
        };
        assert!(export.resume && export.conversation().is_none());
        for line in [
            "export",
            "export --resume",
            "export G --resume --out x",
            "export --resume --out x --mask-ids",
            "export --resume --out x --format csv",
            "export G --rate 201",
        ] {
            assert!(read(line).is_err(), "{line}");
        }
        let cli = read("export G --topic T --from -2h --to 812 --out -").expect("it reads");
        let Some(Command::Export(export)) = cli.command else {
            unreachable!("export")
        };
        assert!(export.to_stdout());
        assert_eq!(export.from.as_deref(), Some("-2h"));
        assert!(export.conversation().is_some_and(|c| c.id() == "T"));
    }
}
