//! Seqs of a conversation as lines of text.

use std::io::Write;

use super::{Out, VerbError};
use crate::app::history::words::plural;
use crate::export::Record;
use crate::model::element::{Body, summary};
use crate::model::error::ApiError;
use crate::model::ids::{Seq, UserId};
use crate::model::mask::Mask;
use crate::model::message::{ItemState, Message};
use crate::model::text::{Clean, clean};
use crate::model::time::{self, Zone};
use crate::model::timeline::{Run, SeqState, Stretch, Timeline};

/// How seqs are told.
#[derive(Clone, Copy)]
pub(super) struct Teller<'a> {
    pub(super) timeline: &'a Timeline,
    pub(super) zone: &'a Zone,
    pub(super) name_of: &'a dyn Fn(&UserId) -> Option<&'a str>,
    /// The records of an export, one for each seq, instead of lines for eyes.
    pub(super) json: bool,
    /// For outsiders: who is called what.
    pub(super) mask: Option<&'a Mask>,
    /// Why some of it could not be loaded.
    pub(super) error: Option<&'a ApiError>,
}

impl Teller<'_> {
    /// Prints a stretch, from older to newer: each message, and what stands between.
    pub(super) fn tell(
        &self,
        stretch: Stretch,
        out: &mut Out<impl Write>,
    ) -> Result<(), VerbError> {
        for run in self.timeline.runs(stretch.first()..=stretch.last()) {
            self.run(run, out)?;
        }
        Ok(())
    }

    /// Prints one run.
    pub(super) fn run(&self, run: Run, out: &mut Out<impl Write>) -> Result<(), VerbError> {
        let has_lines = match run.state {
            SeqState::Present | SeqState::Unreadable | SeqState::Recalled => true,
            SeqState::Gone | SeqState::Withheld | SeqState::Unfetched => self.json,
        };
        if !has_lines {
            return Ok(out.line(&hole(run.first, run.last, run.state))?);
        }
        let mut seq = Some(run.first);
        while let Some(at) = seq.filter(|at| *at <= run.last) {
            self.seq(at, out)?;
            seq = at.next();
        }
        Ok(())
    }

    /// Prints one seq.
    pub(super) fn seq(&self, seq: Seq, out: &mut Out<impl Write>) -> Result<(), VerbError> {
        let message = self.timeline.message(seq);
        if self.json {
            let record = self.record(seq, message);
            let record = match self.mask {
                Some(mask) => record.masked(mask),
                None => record,
            };
            return Ok(out.json(&record.to_json())?);
        }
        let line = match message {
            Some(message) => self.message(seq, message),
            None => hole(seq, seq, self.timeline.state(seq)),
        };
        Ok(out.line(&line)?)
    }

    fn record(&self, seq: Seq, message: Option<&Message>) -> Record {
        match message {
            Some(message) => {
                let name = message.sender.as_ref().and_then(self.name_of);
                Record::of(
                    seq,
                    message,
                    name.map(|name| clean(name).one_line()),
                    self.zone,
                )
            }
            None if self.timeline.state(seq) == SeqState::Withheld => Record::withheld(seq),
            None => {
                let why = self.error.map(ToString::to_string);
                Record::failed(seq, &Clean::ours(why.unwrap_or_default()))
            }
        }
    }

    /// `812  2024-05-03 14:05:09 +08:00  Mei Chen (mei)  text`: what somebody wrote
    /// stands last, and on one line.
    fn message(&self, seq: Seq, message: &Message) -> String {
        let time = message.time.map(|at| time::full(at, self.zone));
        let time = time.as_deref().unwrap_or("-");
        let sender = match (&message.sender, self.mask) {
            (None, _) => "-".to_owned(),
            (Some(user), Some(mask)) => mask.sender(user).as_str().to_owned(),
            (Some(user), None) => {
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
            ItemState::Present => self.words(message),
        };
        format!("{seq}  {time}  {sender}  {text}")
    }

    /// What the row of the browser's list says.
    fn words(&self, message: &Message) -> String {
        let parts = summary(&Body::decode(message)).into_iter();
        let parts = parts.map(|part| part.text.one_line());
        let parts: Vec<_> = parts
            .map(|text| match self.mask {
                Some(mask) => mask.text(&text).as_str().to_owned(),
                None => text.as_str().to_owned(),
            })
            .collect();
        parts.join(" ")
    }
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
