//! Conversations written out line by line in the demo's material.

use serde::Deserialize;

use super::catalogue;
use super::holes::Truth;
use super::said::{Said, json};

/// One scripted message, with its time.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) time: i64,
    pub(super) truth: Truth,
    pub(super) keeps_body: bool,
    pub(super) said: Said,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    talk: Vec<Talk>,
}

/// Lines said in one go. It begins on a day and at a time of it (seconds of
/// the UTC day), or some minutes before now.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Talk {
    days_ago: Option<i64>,
    at: Option<String>,
    minutes_ago: Option<i64>,
    lines: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Entry {
    /// Sender, seconds after the line before, text.
    Plain(String, i64, String),
    Full(Full),
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Full {
    from: String,
    after: i64,
    #[serde(default)]
    text: String,
    /// Elements by name, in place of the text.
    elements: Option<String>,
    truth: Option<Fate>,
    /// This many lines alike.
    count: Option<u32>,
    cloud: Option<String>,
    priority: Option<u8>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Fate {
    Gone,
    Recalled,
    RecalledWithBody,
    Withheld,
}

/// The lines of `script` for a world whose time is `now`, oldest first.
pub(super) fn lines(script: &str, now: i64) -> Vec<Line> {
    let script: Script = toml::from_str(script).expect("the demo's script parses");
    let mut lines: Vec<Line> = Vec::new();
    for talk in script.talk {
        let mut time = talk.start(now);
        for entry in talk.lines {
            let full = match entry {
                Entry::Plain(from, after, text) => Full {
                    from,
                    after,
                    text,
                    ..Full::default()
                },
                Entry::Full(full) => full,
            };
            for _ in 0..full.count.unwrap_or(1) {
                let newest = lines.last().map_or(i64::MIN, |line| line.time);
                time = (time + full.after).max(newest).min(now);
                lines.push(full.line(time));
            }
        }
    }
    lines
}

impl Talk {
    fn start(&self, now: i64) -> i64 {
        const DAY: i64 = 86_400;
        if let Some(minutes) = self.minutes_ago {
            return now - minutes * 60;
        }
        let at = self.at.as_deref().unwrap_or("00:00");
        let (hours, minutes) = at.split_once(':').unwrap_or((at, "0"));
        let number = |text: &str| text.parse::<i64>().unwrap_or(0);
        let midnight = now - now.rem_euclid(DAY) - self.days_ago.unwrap_or(0) * DAY;
        midnight + number(hours) * 3600 + number(minutes) * 60
    }
}

impl Full {
    fn line(&self, time: i64) -> Line {
        let mut said = match &self.elements {
            Some(name) => {
                let body = catalogue::body(name);
                Said::raw(
                    json(&self.from),
                    body.expect("the script names known elements"),
                )
            }
            None => Said::text(&self.from, &self.text),
        };
        said.cloud = self.cloud.as_deref().map(json);
        said.priority = self.priority.or(said.priority);
        let truth = match self.truth {
            None => Truth::Present,
            Some(Fate::Gone) => Truth::Gone,
            Some(Fate::Recalled | Fate::RecalledWithBody) => Truth::Recalled,
            Some(Fate::Withheld) => Truth::Withheld,
        };
        Line {
            time,
            truth,
            keeps_body: matches!(self.truth, Some(Fate::RecalledWithBody)),
            said,
        }
    }
}
