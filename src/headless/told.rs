//! Seqs of a conversation as lines of text.

use crate::app::history::words::plural;
use crate::model::element::{Body, summary};
use crate::model::ids::{Seq, UserId};
use crate::model::message::{ItemState, Message};
use crate::model::text::{Clean, clean};
use crate::model::time::{self, Zone};
use crate::model::timeline::{SeqState, Stretch, Timeline};

/// How seqs are told.
#[derive(Clone, Copy)]
pub(super) struct Teller<'a> {
    pub(super) timeline: &'a Timeline,
    pub(super) zone: &'a Zone,
    pub(super) name_of: &'a dyn Fn(&UserId) -> Option<&'a str>,
}

impl Teller<'_> {
    /// The lines of a stretch, from older to newer: one for each message, one for each
    /// run without any.
    pub(super) fn lines(&self, stretch: Stretch) -> Vec<String> {
        let mut lines = Vec::new();
        for run in self.timeline.runs(stretch.first()..=stretch.last()) {
            let here = self.timeline.messages(run.first..=run.last);
            let told = match run.state {
                SeqState::Present | SeqState::Unreadable | SeqState::Recalled => here
                    .map(|(seq, message)| self.message(seq, message))
                    .collect(),
                SeqState::Gone | SeqState::Withheld | SeqState::Unfetched => {
                    vec![hole(run.first, run.last, run.state)]
                }
            };
            lines.extend(told);
        }
        lines
    }

    /// `812  2024-05-03 14:05:09 +08:00  Mei Chen (mei)  text`: what somebody wrote
    /// stands last, and on one line.
    pub(super) fn message(&self, seq: Seq, message: &Message) -> String {
        let time = message.time.map(|at| time::full(at, self.zone));
        let time = time.as_deref().unwrap_or("-");
        let sender = match &message.sender {
            None => "-".to_owned(),
            Some(user) => {
                let id = one_line(user.as_str());
                match (self.name_of)(user) {
                    Some(name) => format!("{} ({id})", one_line(name)),
                    None => id,
                }
            }
        };
        let text = match &message.state {
            ItemState::Recalled => "recalled".to_owned(),
            ItemState::Gone => plural(SeqState::Gone).to_owned(),
            ItemState::Unreadable(why) => format!("cannot be read: {}", one_line(why)),
            ItemState::Present => words(message),
        };
        format!("{seq}  {time}  {sender}  {text}")
    }
}

/// What the row of the browser's list says.
fn words(message: &Message) -> String {
    let parts = summary(&Body::decode(message)).into_iter();
    let parts: Vec<_> = parts
        .map(|part| part.text.one_line().as_str().to_owned())
        .collect();
    parts.join(" ")
}

fn hole(first: Seq, last: Seq, state: SeqState) -> String {
    let count = last.get() - first.get() + 1;
    let at = if first == last {
        first.to_string()
    } else {
        format!("{first}-{last}")
    };
    format!("{at}  {count} {}", plural(state))
}

fn one_line(text: &str) -> String {
    let text: Clean = clean(text).one_line();
    text.as_str().to_owned()
}
