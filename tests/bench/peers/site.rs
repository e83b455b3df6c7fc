//! What is read: the same lines as a file and as a group.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::time::Duration;

use tim_history::emulator::{Emulator, Group, SECRET_KEY, World};

use crate::home::{Home, serving};

pub(crate) const GROUP: &str = "@TGS#PEERS";

/// A small one, with the newest of the same messages, and how many.
pub(crate) const FEW_GROUP: &str = "@TGS#FEW";
pub(crate) const FEW: u32 = 10_000;

/// All that the peers read, and those that we load unless told otherwise: at 200 calls a
/// second with 20 messages each these take five seconds.
pub(crate) const LINES: u32 = 1_000_000;
pub(crate) const MESSAGES: u32 = 20_000;

/// Messages that a second brings at best.
const A_SECOND: u32 = 200 * 20;

/// How much longer it may take on a busy machine, and in any case.
const SLOWER: u32 = 4;
const ANYWAY: Duration = Duration::from_secs(20);

/// More than a million messages take.
const MEMORY_MB: u32 = 1_024;

/// Beside the configuration.
const KEY_FILE: &str = "key";

/// Fri 2025-01-03 00:00:00 UTC, a midnight: seconds since then are a time of day.
const START: u32 = 1_735_862_400;

/// Seconds of a minute, an hour and a day, and between two messages.
const MINUTE: u32 = 60;
const HOUR: u32 = 3_600;
const DAY: u32 = 86_400;
const STEP: u32 = 3;

/// What is said in turn: short, long, Chinese, and with a character of two cells.
const SAID: [&str; 7] = [
    "hello, my parcel has not come",
    "which number does the label have? it stands below the bars, ten digits",
    "快递还没有到,请帮我查一下",
    "it left Leipzig this morning and should arrive tomorrow before noon",
    "thanks 👍",
    "您好,我马上为您查询,请稍等片刻",
    "a refund goes to the card within five working days, you get a mail about it",
];

/// So many people say it.
const PEOPLE: u32 = 23;

/// Ours reads messages that end where the file ends, with the same numbers.
fn text(line: u32) -> String {
    let said = SAID.iter().cycle().nth(line as usize % SAID.len());
    format!("#{line} {}", said.copied().unwrap_or_default())
}

fn user(line: u32) -> String {
    format!("customer_{}", line % PEOPLE)
}

/// The end of both, which no other line holds.
pub(crate) fn newest() -> String {
    format!("#{LINES} ")
}

/// Everything that is measured against, until the end of the bench.
pub(crate) struct Site {
    /// Our program.
    pub(crate) binary: PathBuf,
    pub(crate) home: Home,
    pub(crate) file: PathBuf,
    pub(crate) service: Emulator,
    /// Of the group that we read.
    pub(crate) messages: u32,
}

impl Site {
    /// `messages` are at most the file's lines.
    pub(crate) fn new(binary: PathBuf, messages: u32) -> Self {
        let home = Home::new();
        let file = home.write("talk.txt", &file());
        let service = serving(World::of(vec![
            group(GROUP, messages),
            group(FEW_GROUP, FEW),
        ]));
        Self {
            binary,
            home,
            file,
            service,
            messages,
        }
    }

    /// How long loading all of them takes, if nothing holds it up.
    pub(crate) fn loading(&self) -> Duration {
        Duration::from_secs((self.messages / A_SECOND).into())
    }

    /// What is waited for it.
    pub(crate) fn patience(&self) -> Duration {
        self.loading() * SLOWER + ANYWAY
    }

    /// A home in which we have never run.
    pub(crate) fn fresh(&self) -> Home {
        let home = Home::new();
        home.configure(&format!(
            "color = \"16\"\nsearch_calls = {}\nmemory_mb = {MEMORY_MB}\n{}calls_per_second = 200\n",
            self.messages,
            with_key_file(&self.service.profile_toml())
        ));
        let key = home.path().join(".config/tim-history").join(KEY_FILE);
        let file = File::options()
            .create_new(true)
            .write(true)
            .mode(0o600)
            .open(key);
        let written = file.and_then(|mut file| file.write_all(SECRET_KEY.as_bytes()));
        written.expect("ours");
        home
    }
}

/// Who names a command for the key waits for that program too, and we measure our own.
fn with_key_file(profile: &str) -> String {
    let line = |line: &str| match line.split_once(" = ") {
        Some(("secret_key_command", _)) => format!("secret_key_file = \"{KEY_FILE}\"\n"),
        _ => format!("{line}\n"),
    };
    profile.lines().map(line).collect()
}

fn file() -> String {
    let mut file = String::new();
    for line in 1..=LINES {
        let time = line * STEP % DAY;
        let (hour, minute, second) = (time / HOUR, time % HOUR / MINUTE, time % MINUTE);
        let (user, text) = (user(line), text(line));
        let _ = writeln!(file, "{hour:02}:{minute:02}:{second:02} {user}  {text}");
    }
    file
}

/// The last lines of the file.
fn group(id: &str, messages: u32) -> Group {
    let mut group = Group::chat(id, messages);
    for seq in 1..=messages {
        let line = LINES - messages + seq;
        let (user, text, time) = (user(line), text(line), START + line * STEP);
        let item = format!(
            "{{\"From_Account\":\"{user}\",\"IsPlaceMsg\":0,\"MsgBody\":[{{\"MsgContent\":{{\"Text\":\
             \"{text}\"}},\"MsgType\":\"TIMTextElem\"}}],\"MsgPriority\":2,\"MsgRandom\":{seq},\
             \"MsgSeq\":{seq},\"MsgTimeStamp\":{time}}}"
        );
        group.put(seq, item);
    }
    group
}
