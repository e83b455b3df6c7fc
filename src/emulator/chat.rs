//! The messages of one conversation: a pure function of the seq.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::dialogue::{self, Cast};
use super::holes::{Holes, Truth};
use super::hours::Hours;
use super::mix;
use super::said::{Place, Said, Shown, json};
use super::script::Line;

/// Who streams answers.
const ASSISTANT: &str = "@RBT#assistant";

/// A run of messages by seq from 1. Only those given one by one use memory.
#[derive(Clone, Debug)]
pub(super) struct Chat {
    /// Newest seq when the world began.
    pub(super) head: u32,
    /// Messages per second since.
    pub(super) growth: f64,
    pub(super) times: Times,
    pub(super) source: Source,
    /// Who talks, where the messages are conversations.
    pub(super) cast: Arc<Cast>,
    pub(super) holes: Holes,
    /// Lines with their own time; the first stands at `script_from`.
    pub(super) script: Arc<Vec<Line>>,
    pub(super) script_from: u32,
    /// Whole items, sent exactly as they stand.
    pub(super) verbatim: BTreeMap<u32, Vec<u8>>,
    pub(super) seed: u64,
}

/// When messages are sent, unless they have a time of their own.
#[derive(Clone, Debug)]
pub(super) enum Times {
    /// The first at `start`, one each `step` seconds.
    Steps { start: i64, step: i64 },
    /// By a timetable.
    Hours(Arc<Hours>),
    /// By a timetable of conversations, each said in one go.
    Talks(Arc<Hours>),
}

/// What messages say, unless they are given.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source {
    /// `message n`.
    Numbered,
    /// Conversations of customers and agents.
    Dialogues,
    /// An assistant's streamed answers of about this many bytes.
    Streams(usize),
}

impl Chat {
    /// `head` messages "message n", one a minute from the start of 2025.
    pub(super) fn numbered(head: u32) -> Chat {
        Chat {
            head,
            growth: 0.0,
            times: Times::Steps {
                start: 1_735_689_600,
                step: 60,
            },
            source: Source::Numbered,
            cast: Arc::default(),
            holes: Holes::default(),
            script: Arc::default(),
            script_from: 1,
            verbatim: BTreeMap::new(),
            seed: 1,
        }
    }

    /// Newest seq after the world has run for `elapsed`.
    pub(super) fn head(&self, elapsed: Duration) -> u32 {
        let grown = elapsed.as_secs_f64() * self.growth;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a float cast saturates, and both factors are positive"
        )]
        let grown = grown as u32;
        self.head.saturating_add(grown)
    }

    fn line(&self, seq: u32) -> Option<&Line> {
        let index = seq.checked_sub(self.script_from)?;
        self.script.get(usize::try_from(index).ok()?)
    }

    pub(super) fn truth(&self, seq: u32) -> Truth {
        if seq == 0 || (seq > self.head && self.growth <= 0.0) {
            return Truth::Withheld;
        }
        if let Some(truth) = self.holes.fixed(seq) {
            return truth;
        }
        let line = self.line(seq).map(|line| line.truth);
        line.unwrap_or_else(|| self.holes.scattered(seq))
    }

    /// Whether the service says of `seq` that it has expired; `horizon` is the
    /// time before which everything has.
    pub(super) fn expired(&self, seq: u32, horizon: Option<i64>) -> bool {
        seq <= self.holes.expired_to || horizon.is_some_and(|horizon| self.time(seq) < horizon)
    }

    /// Whether a recalled message keeps its body in any case.
    pub(super) fn keeps_body(&self, seq: u32) -> bool {
        self.line(seq).is_some_and(|line| line.keeps_body)
    }

    /// Unix seconds; never decreases with seq.
    pub(super) fn time(&self, seq: u32) -> i64 {
        if seq > self.head && self.growth > 0.0 {
            let after = f64::from(seq - self.head) / self.growth;
            #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
            return self.time(self.head) + after.ceil() as i64;
        }
        if let Some(line) = self.line(seq) {
            return line.time;
        }
        match &self.times {
            Times::Steps { start, step } => start + (i64::from(seq) - 1) * step,
            Times::Hours(hours) => hours.time(seq),
            Times::Talks(hours) => talk_time(hours, seq),
        }
    }

    /// Writes the item of `seq`, shown as the caller decided.
    pub(super) fn write(&self, out: &mut Vec<u8>, seq: u32, shown: Shown) {
        if let (Some(item), Shown::Whole) = (self.verbatim.get(&seq), shown) {
            out.extend_from_slice(item);
            return;
        }
        let [a, b, c, d, ..] = mix(self.seed ^ 0x5EED, seq.into()).to_le_bytes();
        let place = Place {
            seq,
            time: self.time(seq),
            random: u32::from_le_bytes([a, b, c, d]),
        };
        match self.line(seq) {
            Some(line) => line.said.write(out, place, shown),
            None => self.said(seq).write(out, place, shown),
        }
    }

    /// Who wrote among the `count` newest messages up to `head`, and when last.
    pub(super) fn lately(&self, head: u32, count: u32) -> BTreeMap<Vec<u8>, i64> {
        let seqs = head.saturating_sub(count)..head;
        let seqs = seqs.map(|before| before + 1);
        seqs.filter(|seq| !self.verbatim.contains_key(seq))
            .map(|seq| (self.sender(seq), self.time(seq)))
            .collect()
    }

    /// Who wrote `seq`, as JSON.
    fn sender(&self, seq: u32) -> Vec<u8> {
        match (self.line(seq), self.source) {
            (Some(line), _) => line.said.from.clone(),
            (None, Source::Numbered | Source::Dialogues) => self.said(seq).from,
            // Without writing a whole answer for its name.
            (None, Source::Streams(_)) => json(ASSISTANT),
        }
    }

    fn said(&self, seq: u32) -> Said {
        match self.source {
            Source::Numbered => {
                // A few senders, so that names and colours have something to do.
                Said::text(&format!("user_{}", seq % 5), &format!("message {seq}"))
            }
            Source::Dialogues => dialogue::line(self.seed, &self.cast, seq),
            Source::Streams(bytes) => {
                let sentence = format!("Answer {seq}: the parcel is on its way. ");
                let markdown = sentence.repeat(bytes / sentence.len() + 1);
                Said::elements(
                    ASSISTANT,
                    &serde_json::json!([{
                        "MsgContent": {
                            "CompatibleText": "Please upgrade to see this message.",
                            "IsStreamEnded": true,
                            "Markdown": markdown,
                        },
                        "MsgType": "TIMStreamElem",
                    }]),
                )
            }
        }
    }
}

/// Time of a line of a conversation; the next one never begins before its end.
fn talk_time(hours: &Hours, seq: u32) -> i64 {
    let (talk, line) = dialogue::place(seq);
    let start = hours.time(talk + 1);
    let next = hours.time(talk + 2);
    // Twenty seconds to two minutes between lines.
    let pause = |line: u32| 20 + mix(talk.into(), line.into()) % 100;
    let after: u64 = (0..line).map(pause).sum();
    let time = start + i64::try_from(after).unwrap_or(0);
    if next > start { time.min(next) } else { start }
}
