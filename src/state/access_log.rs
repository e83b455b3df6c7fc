//! The record of accesses: one line of JSON for each, only ever added, for our eyes alone.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::config::Env;
use crate::model::copyable::Copyable;
use crate::model::deed::Deed;
use crate::model::ids::SdkAppId;
use crate::model::message::Timestamp;
use crate::model::time::{self, Zone};

/// Who looks, as far as the system knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// Of the process; the one thing here that cannot be made up.
    uid: u32,
    /// What `LOGNAME` or `USER` says.
    user: Option<String>,
    /// Whose account was left for this one with sudo.
    sudo: Option<String>,
    /// From which address, over ssh.
    from: Option<String>,
    /// The profile's label.
    profile: String,
    /// Of which app it is.
    app: SdkAppId,
    /// What the access is for, as the reader says.
    ticket: Option<String>,
}

impl Who {
    /// Whoever runs this process, with this profile, for this ticket.
    #[must_use]
    pub fn here(env: Env<'_>, (profile, app): (&str, SdkAppId), ticket: Option<&str>) -> Self {
        let some = |name: &str| env(name).filter(|value| !value.is_empty());
        let client = some("SSH_CLIENT").or_else(|| some("SSH_CONNECTION"));
        Self {
            uid: rustix::process::getuid().as_raw(),
            user: some("LOGNAME").or_else(|| some("USER")),
            sudo: some("SUDO_USER"),
            from: client.and_then(|text| Some(text.split_whitespace().next()?.to_owned())),
            profile: profile.to_owned(),
            app,
            ticket: ticket.map(str::to_owned),
        }
    }
}

/// A record of accesses that can be written.
#[derive(Debug)]
pub struct AccessLog {
    file: Mutex<File>,
    who: Who,
}

impl AccessLog {
    /// Opens the file, or makes it, with mode 0600.
    ///
    /// # Errors
    /// It is a link or no file, or the system refuses.
    pub fn open(path: &Path, who: Who) -> io::Result<Self> {
        Ok(Self {
            file: Mutex::new(super::append_only(path)?),
            who,
        })
    }

    /// Adds one line. `now` is `None` where nobody knows the time.
    ///
    /// # Errors
    /// The system refuses; what was written before is whole.
    pub fn note(&self, deed: &Deed, now: Option<Timestamp>) -> io::Result<()> {
        let line = line(&self.who, deed, now);
        // A lock that a panic left behind still guards a good file.
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // At once: lines of several processes must not mix.
        file.write_all(line.as_bytes())
    }
}

fn line(who: &Who, deed: &Deed, now: Option<Timestamp>) -> String {
    let time = now.and_then(|now| time::rfc3339(now, &Zone::utc()));
    let text = |text: &Option<String>| text.clone().map(Value::from);
    let conversation = deed.conversation.as_ref();
    let topic = conversation.and_then(|conversation| conversation.topic.as_ref());
    let known = [
        ("time", Some(time.map_or(Value::Null, Value::from))),
        ("uid", Some(who.uid.into())),
        ("user", text(&who.user)),
        ("sudo_user", text(&who.sudo)),
        ("from", text(&who.from)),
        ("profile", Some(who.profile.as_str().into())),
        ("sdk_app_id", Some(who.app.0.into())),
        ("ticket", text(&who.ticket)),
        ("action", Some(deed.action.into())),
        ("group", conversation.map(|c| c.group.as_str().into())),
        ("topic", topic.map(|topic| topic.as_str().into())),
    ];
    let details = deed.details.iter();
    let details = details.map(|(name, value)| (*name, Some(value.as_str().into())));
    let fields: Vec<String> = known
        .into_iter()
        .chain(details)
        .filter_map(|(name, value)| Some(format!("\"{name}\":{}", value?)))
        .collect();
    let line = format!("{{{}}}", fields.join(","));
    // Escaped like all JSON that leaves: nothing in it drives a terminal.
    Copyable::json(line.as_bytes()).as_str().to_owned() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::{Conversation, GroupId};

    fn who() -> Who {
        let env = |name: &str| match name {
            "LOGNAME" => Some("mei".to_owned()),
            "SSH_CLIENT" => Some("192.0.2.7 51234 22".to_owned()),
            _ => None,
        };
        Who {
            uid: 1000,
            ..Who::here(
                &env,
                ("prod", SdkAppId(1_400_000_000)),
                Some("T-1\u{1b}]0;x\u{7}"),
            )
        }
    }

    #[test]
    fn a_line_says_who_when_where_and_what_and_drives_no_terminal() {
        let group = Conversation::group(GroupId::new("@TGS#1\u{202e}"));
        let access = Deed::to("search", &group)
            .with("words", "refund \u{9b}2J")
            .maybe("seq", None::<&u32>);
        let line = line(&who(), &access, Timestamp::new(1_735_891_200));
        let plain = |c: char| c == '\n' || (!c.is_control() && c != '\u{202e}');
        assert!(line.chars().all(plain), "{line}");
        let read: Value = serde_json::from_str(&line).expect("JSON");
        let expected = serde_json::json!({
            "time": "2025-01-03T08:00:00+00:00", "uid": 1000, "user": "mei", "from": "192.0.2.7",
            "profile": "prod", "sdk_app_id": 1_400_000_000, "ticket": "T-1\u{1b}]0;x\u{7}",
            "action": "search", "group": "@TGS#1\u{202e}", "words": "refund \u{9b}2J"
        });
        assert_eq!(read, expected);
    }

    #[test]
    fn lines_are_added_and_the_file_is_ours_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a scratch directory");
        let path = folder.path().join("access.log");
        for action in ["open", "search"] {
            let log = AccessLog::open(&path, who()).expect("it opens");
            log.note(&Deed::new(action), None).expect("it takes a line");
        }
        let text = std::fs::read_to_string(&path).expect("ours");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(
            lines
                .first()
                .is_some_and(|line| line.contains("\"time\":null"))
        );
        assert!(lines.last().is_some_and(|line| line.contains("\"search\"")));
        let mode = std::fs::metadata(&path)
            .expect("there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        std::os::unix::fs::symlink(&path, folder.path().join("link")).expect("ours");
        assert!(AccessLog::open(&folder.path().join("link"), who()).is_err());
    }
}
