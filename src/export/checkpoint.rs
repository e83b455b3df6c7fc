//! What a run leaves behind so that another can go on: its options, the names it learnt,
//! and after each page how far the file is good.
//!
//! Lines of JSON that are only ever added. A line that was cut off by a crash is not read,
//! and one that speaks of more bytes than the file has is not believed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::manifest::{Asked, Calls, Counts};
use super::veil::{Met, forget};
use crate::model::ids::UserId;

/// What a run begins with; a resumed run begins with the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// What was asked for.
    pub asked: Asked,
    /// The name of the profile in the configuration.
    pub profile_name: String,
    /// Calls a second.
    pub rate: u32,
    /// When the filter was read, in Unix seconds: `after:14:00` depends on it.
    pub now: Option<i64>,
}

/// How far a run has come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// The next seq to be written; `None` when all are.
    pub next: Option<u32>,
    /// How many bytes of the file are good.
    pub bytes: u64,
    /// The last seq in `counts`: further than `next` where a filter keeps neighbours of
    /// matches, and some that have come by may still be written.
    pub counted: Option<u32>,
    /// See [`Sieve::after`](super::Sieve::after).
    pub after: u32,
    /// What they hold.
    pub counts: Counts,
    /// Records in them.
    pub records: u64,
    /// Items without a seq.
    pub strays: u64,
    /// What it cost so far.
    pub calls: Calls,
    /// How often the run was taken up again.
    pub resumed: u32,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Line {
    Export(Options),
    Names(Vec<(String, Option<String>)>),
    Met(Vec<Met>),
    At(Reached),
}

/// What a checkpoint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The options of the first run.
    pub options: Options,
    /// Names of senders that are known.
    pub names: BTreeMap<UserId, Option<String>>,
    /// Whom the mask met up to there.
    pub met: Vec<Met>,
    /// The furthest that the file bears out.
    pub reached: Reached,
}

/// The first line.
#[must_use]
pub fn begin(options: &Options) -> Vec<u8> {
    write(&Line::Export(options.clone()))
}

/// A line for names that were learnt.
#[must_use]
pub fn names(learnt: &[(UserId, Option<String>)]) -> Vec<u8> {
    let texts = learnt.iter();
    let texts = texts.map(|(user, name)| (user.as_str().to_owned(), name.clone()));
    write(&Line::Names(texts.collect()))
}

/// A line for those whom the mask met. It stands before that of their page.
#[must_use]
pub fn met(met: Vec<Met>) -> Vec<u8> {
    write(&Line::Met(met))
}

/// A line for a page that is in the file.
#[must_use]
pub fn at(reached: &Reached) -> Vec<u8> {
    write(&Line::At(reached.clone()))
}

fn write(line: &Line) -> Vec<u8> {
    // Texts and numbers always become JSON.
    let mut json = serde_json::to_vec(line).unwrap_or_default();
    json.push(b'\n');
    json
}

/// Reads a checkpoint beside a file of `bytes` bytes; `None` where it is not one.
#[must_use]
pub fn read(text: &[u8], bytes: u64) -> Option<Checkpoint> {
    let end = text.iter().rposition(|byte| *byte == b'\n')?;
    let mut lines = text.get(..end)?.split(|byte| *byte == b'\n');
    let Line::Export(options) = serde_json::from_slice(lines.next()?).ok()? else {
        return None;
    };
    let order = options.asked.order;
    let mut found = Checkpoint {
        options,
        names: BTreeMap::new(),
        met: Vec::new(),
        reached: Reached::default(),
    };
    for line in lines {
        // What was damaged by a crash comes last; what follows it was never written.
        match serde_json::from_slice(line).ok() {
            Some(Line::At(reached)) if reached.bytes <= bytes => {
                if reached.resumed > found.reached.resumed {
                    // What was beyond is met anew, and may be another by then.
                    forget(&mut found.met, reached.next, order);
                }
                found.reached = reached;
            }
            Some(Line::At(_)) => {}
            Some(Line::Names(learnt)) => {
                let learnt = learnt.into_iter();
                let learnt = learnt.map(|(user, name)| (UserId::new(user), name));
                found.names.extend(learnt);
            }
            Some(Line::Met(met)) => found.met.extend(met),
            Some(Line::Export(_)) | None => return None,
        }
    }
    forget(&mut found.met, found.reached.next, order);
    // Not even the head of the file was noted: it begins anew.
    (found.reached.bytes > 0).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::super::manifest::sample;
    use super::*;

    #[test]
    fn the_furthest_that_the_file_bears_out_counts() {
        let options = Options {
            asked: sample(),
            profile_name: "p".to_owned(),
            rate: 20,
            now: Some(1),
        };
        let reached = |bytes| Reached {
            next: Some(3),
            bytes,
            ..Reached::default()
        };
        let learnt = [
            (UserId::new("a"), Some("A\n".to_owned())),
            (UserId::new("b"), None),
        ];
        let text = [
            begin(&options),
            at(&reached(10)),
            names(&learnt),
            at(&reached(20)),
            at(&reached(30)),
        ]
        .concat();
        let found = read(&text, 25).expect("a checkpoint");
        assert_eq!(found.reached, reached(20));
        assert_eq!(found.names, learnt.into());
        assert_eq!(found.options, options);
        // Cut anywhere behind the first two lines, it is one still.
        let two = begin(&options).len() + at(&reached(10)).len();
        for cut in two..text.len() {
            let part = text.get(..cut).expect("inside");
            assert!(read(part, 99).is_some(), "cut at {cut}");
        }
        assert_eq!(read(&begin(&options), 99), None);
        assert_eq!(read(b"{}\n", 99), None);
    }

    #[test]
    fn whom_a_run_met_beyond_what_is_in_the_file_is_met_anew() {
        let options = Options {
            asked: sample(),
            profile_name: "p".to_owned(),
            rate: 20,
            now: None,
        };
        let reached = |next, bytes, resumed| Reached {
            next: Some(next),
            bytes,
            resumed,
            ..Reached::default()
        };
        let some = |text: &str| -> Vec<Met> { serde_json::from_str(text).expect("people") };
        let one = r#"{"seq":1,"id":"a","name":null}"#;
        let two = r#"{"seq":4,"id":"b","name":"B"}"#;
        let other = r#"{"seq":4,"id":"c","name":null}"#;
        let text = [
            begin(&options),
            met(some(&format!("[{one}]"))),
            at(&reached(3, 10, 0)),
            met(some(&format!("[{two}]"))),
        ]
        .concat();
        let first = read(&text, 99).expect("a checkpoint");
        assert_eq!(first.met, some(&format!("[{one}]")));
        let more = [
            at(&reached(3, 10, 1)),
            met(some(&format!("[{other}]"))),
            at(&reached(5, 20, 1)),
        ];
        let second = read(&[text, more.concat()].concat(), 99).expect("a checkpoint");
        assert_eq!(second.met, some(&format!("[{one},{other}]")));
    }
}
