//! The export behind the panes, as far as it is known here.

use std::path::PathBuf;
use std::time::Instant;

use super::draft::Draft;
use crate::app::event::{ExportEnd, ExportNews};
use crate::export::Progress;
use crate::model::text::{Clean, clean};
use crate::model::timeline::Stretch;

/// How it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Its ends are looked for.
    Looking,
    /// It goes.
    Going,
    /// Somebody paused it.
    Paused,
    /// Somebody stopped it; what is in the air lands.
    Stopping,
    /// It is over.
    Ended(ExportEnd),
}

/// An export that has begun.
#[derive(Debug, Clone)]
pub struct Running {
    /// What was asked for.
    pub draft: Draft,
    /// How it stands.
    pub stage: Stage,
    /// The seqs of the range, once known.
    pub range: Option<Stretch>,
    /// The finished file's name, once settled.
    pub file: Option<PathBuf>,
    /// How far it has come.
    pub progress: Progress,
    /// What is not certain about its ends.
    pub remarks: Vec<Clean>,
    /// Since when it goes without a pause, and how far it was then.
    since: (Instant, Progress),
    /// Its end has not been looked at.
    pub unseen: bool,
}

impl Running {
    /// One that has just begun.
    #[must_use]
    pub fn new(draft: Draft, now: Instant) -> Self {
        Self {
            draft,
            stage: Stage::Looking,
            range: None,
            file: None,
            progress: Progress::default(),
            remarks: Vec::new(),
            since: (now, Progress::default()),
            unseen: false,
        }
    }

    /// Takes in what happened.
    pub fn learn(&mut self, news: ExportNews, now: Instant) {
        match news {
            ExportNews::Begun {
                range,
                file,
                before,
                remarks,
            } => {
                self.range = Some(range);
                self.file = Some(file);
                self.remarks = remarks;
                self.progress = before;
                self.since = (now, before);
                if self.stage == Stage::Looking {
                    self.stage = Stage::Going;
                }
            }
            ExportNews::Going(progress) => self.progress = progress,
            ExportNews::Ended(end) => {
                if let ExportEnd::Done { progress, .. } = &end {
                    self.progress = *progress;
                }
                self.stage = Stage::Ended(end);
                self.unseen = true;
            }
        }
    }

    /// Counts the rate anew: a pause is no slowness.
    pub fn set_off(&mut self, stage: Stage, now: Instant) {
        self.since = (now, self.progress);
        self.stage = stage;
    }

    /// Whether something would be lost of it if the program ended.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        !matches!(self.stage, Stage::Ended(_))
    }

    /// For the status line, at most 12 cells.
    #[must_use]
    pub fn field(&self) -> Option<String> {
        Some(match &self.stage {
            Stage::Looking => "export 0%".to_owned(),
            Stage::Going | Stage::Stopping => format!("export {}%", self.progress.percent()),
            Stage::Paused => "export holds".to_owned(),
            Stage::Ended(_) if !self.unseen => return None,
            Stage::Ended(ExportEnd::Done { .. }) => "export done".to_owned(),
            Stage::Ended(ExportEnd::Stopped { .. } | ExportEnd::Refused(_)) => {
                "export ended".to_owned()
            }
        })
    }

    /// Messages, rate, calls a second, time left.
    #[must_use]
    pub fn pace(&self, now: Instant) -> String {
        let Progress { seqs, of, .. } = self.progress;
        let (since, before) = &self.since;
        match self.stage {
            Stage::Going => {
                let after = now.saturating_duration_since(*since);
                self.progress.words(before, after)
            }
            Stage::Looking | Stage::Paused | Stage::Stopping | Stage::Ended(_) => {
                format!("{seqs} of {of} messages")
            }
        }
    }

    /// The file, to be shown.
    #[must_use]
    pub fn file_words(&self) -> Clean {
        match &self.file {
            Some(file) => clean(&file.display().to_string()).one_line(),
            None => self.draft.file_words(),
        }
    }
}
