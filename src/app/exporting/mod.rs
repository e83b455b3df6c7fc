//! Exporting behind the panes: what is wanted, how it goes, how it ended.
//!
//! The engine is [`crate::export`]; here is what is asked of it and what it tells.

mod draft;
mod running;
mod view;

pub use draft::{Draft, Part};
pub use running::{Running, Stage};

use super::App;
use super::action::Action;
use super::event::{Effect, ExportEnd, ExportJob, ExportNews, Now};
use super::going::wrong_line;
use super::history::History;
use super::line::{Line, Role};
use super::overlay::Overlay;
use super::prompt::PromptKind;
use crate::export::Wish;
use crate::model::deed::Deed;
use crate::model::goto;
use crate::model::text::{Clean, clean};
use crate::model::wrong::Wrong;

impl App {
    /// Opens the box: of the export there is, else of a new one.
    pub(super) fn open_export(&mut self) {
        if let Some(running) = &mut self.export {
            running.unseen = false;
            self.overlay = Some(Overlay::Export(None));
        } else {
            self.draft_export();
        }
    }

    fn draft_export(&mut self) {
        let Some(history) = self.history() else {
            self.say(Role::Dim, "no conversation is open");
            return;
        };
        let conversation = history.conversation.clone();
        let filter = history.filter().map(|query| query.source().to_owned());
        let name = self.picker.name(&conversation);
        let draft = Draft::new(
            conversation,
            name,
            self.history().and_then(History::selection),
            filter,
        );
        self.overlay = Some(Overlay::Export(Some(Box::new(draft))));
    }

    /// Does an action in the box; `draft` is what it is about, unless something was begun.
    pub(super) fn export_act(
        &mut self,
        draft: Option<Box<Draft>>,
        action: Action,
        now: Now,
    ) -> Vec<Effect> {
        if action == Action::Out {
            self.close_box();
            return Vec::new();
        }
        match draft {
            Some(draft) => self.draft_act(draft, action, now),
            None => self.running_act(action, now),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the rest does nothing here")]
    fn draft_act(&mut self, mut draft: Box<Draft>, action: Action, now: Now) -> Vec<Effect> {
        let prompt = match action {
            Action::ExportStart => return self.begin_export(*draft, now),
            Action::ExportFormat => {
                draft.turn_format();
                None
            }
            Action::ExportOrder => {
                draft.turn_order();
                None
            }
            Action::ExportNames => {
                draft.names = !draft.names;
                None
            }
            Action::ToggleMask => {
                draft.mask_ids = !draft.mask_ids;
                None
            }
            Action::ExportRange => Some((Part::Range, draft.range_text())),
            Action::ExportFilter => {
                let filter = draft.filter.clone().unwrap_or_default();
                Some((Part::Filter, filter))
            }
            Action::ExportFile => {
                let file = draft.file.clone().unwrap_or_default();
                Some((Part::File, file))
            }
            Action::ExportPause | Action::ExportStop => {
                self.say(Role::Dim, "nothing is being exported yet");
                None
            }
            _ => None,
        };
        self.overlay = Some(Overlay::Export(Some(draft)));
        if let Some((part, text)) = prompt {
            self.ask_with(PromptKind::Export(part), &text);
        }
        Vec::new()
    }

    fn begin_export(&mut self, draft: Draft, now: Now) -> Vec<Effect> {
        let Some(zone) = self.zone() else {
            return Vec::new();
        };
        let plan = draft.plan(self.settings.calls_per_second, zone, now.wall);
        let file = draft.file.clone();
        self.note(
            Deed::to("export", &draft.conversation)
                .maybe("from", draft.ends.0.as_ref())
                .maybe("to", draft.ends.1.as_ref())
                .maybe("filter", draft.filter.as_ref())
                .with("file", draft.file_words().as_str()),
        );
        self.export = Some(Running::new(draft, now.mono));
        self.overlay = Some(Overlay::Export(None));
        vec![Effect::Export(Box::new(ExportJob::Begin { plan, file }))]
    }

    fn running_act(&mut self, action: Action, now: Now) -> Vec<Effect> {
        let Some(running) = &mut self.export else {
            self.overlay = None;
            return Vec::new();
        };
        match (action, &running.stage) {
            (Action::ExportPause, Stage::Going) => {
                running.set_off(Stage::Paused, now.mono);
                vec![Effect::SteerExport(Wish::Pause)]
            }
            (Action::ExportPause, Stage::Paused) => {
                running.set_off(Stage::Going, now.mono);
                vec![Effect::SteerExport(Wish::Go)]
            }
            (Action::ExportStop, Stage::Looking | Stage::Going | Stage::Paused) => {
                running.stage = Stage::Stopping;
                vec![Effect::SteerExport(Wish::Stop)]
            }
            (Action::ExportStart, Stage::Ended(ExportEnd::Stopped { .. })) => {
                let Some(file) = running.file.clone() else {
                    return Vec::new();
                };
                running.set_off(Stage::Looking, now.mono);
                vec![Effect::Export(Box::new(ExportJob::GoOn { file }))]
            }
            (Action::ExportStart | Action::Export, Stage::Ended(_)) => {
                self.export = None;
                self.draft_export();
                Vec::new()
            }
            (Action::ExportStart, _) => {
                self.say(Role::Dim, "it is under way: one export at a time");
                Vec::new()
            }
            (
                Action::ExportRange
                | Action::ExportFilter
                | Action::ExportFormat
                | Action::ExportOrder
                | Action::ExportNames
                | Action::ToggleMask
                | Action::ExportFile,
                _,
            ) => {
                self.say(Role::Dim, "it has begun: this cannot be changed any more");
                Vec::new()
            }
            (Action::ExportPause | Action::ExportStop, _) => {
                self.say(Role::Dim, "nothing is being exported");
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Takes in how the export goes.
    pub(super) fn export_news(&mut self, news: ExportNews, now: Now) {
        let Some(running) = &mut self.export else {
            return;
        };
        running.learn(news, now.mono);
        let Stage::Ended(end) = running.stage.clone() else {
            return;
        };
        let watched = matches!(self.overlay, Some(Overlay::Export(None)));
        running.unseen = !watched;
        let line = self.end_line(&end);
        if let ExportEnd::Refused(why) = end
            && let Some(running) = self.export.take()
        {
            // Nothing has come of it: it can be mended and tried again.
            let mut draft = running.draft;
            draft.refused = Some(why);
            if watched {
                self.overlay = Some(Overlay::Export(Some(Box::new(draft))));
            }
        }
        // A question that waits for its answer stays.
        if !self.quit_armed {
            self.notice = Some(line);
        }
    }

    /// How it ended, in a line.
    fn end_line(&self, end: &ExportEnd) -> Line {
        let more = self.settings.keymap.hint(Action::Export);
        match end {
            ExportEnd::Done { progress, .. } => {
                let wanting = progress.counts.failed > 0;
                let role = if wanting { Role::Warning } else { Role::Accent };
                let records = format!("exported {} records", progress.records);
                let mut line = Line::new().saying(role, records);
                line.say(Role::Dim, format!(" · {more} shows where · "));
                line.say(role, progress.counts.words());
                line
            }
            ExportEnd::Stopped { why, .. } => {
                let mut line = Line::of(Role::Warning, "the export has stopped");
                if let Some(why) = why {
                    line.say(Role::Warning, ": ");
                    line.push(Role::Warning, why.clone().one_line());
                }
                line.say(Role::Dim, format!(" · {more} goes on with it"));
                line
            }
            ExportEnd::Refused(why) => {
                let mut line = Line::of(Role::Warning, "not exported: ");
                line.push(Role::Warning, why.clone().one_line());
                line
            }
        }
    }

    /// Whether an export would have to be gone on with if the program ended.
    pub(super) fn exporting(&self) -> bool {
        self.export.as_ref().is_some_and(Running::is_under_way)
    }

    /// For the status line.
    pub(super) fn export_field(&self) -> Option<String> {
        self.export.as_ref().and_then(Running::field)
    }

    /// What was typed at one of the box's prompts.
    pub(super) fn export_text(&mut self, part: Part, text: &str, now: Now) {
        let checked = match part {
            Part::Range => self.ends_words(text, now).map(|_| ()),
            Part::Filter if !text.is_empty() => self.query(text, now).map(|_| ()),
            Part::Filter | Part::File => Ok(()),
        };
        if let Err(wrong) = checked {
            self.notice = Some(wrong_line(&wrong));
            self.ask_with(PromptKind::Export(part), text);
        } else if let Some(Overlay::Export(Some(draft))) = &mut self.overlay {
            draft.set(part, text);
        }
    }

    /// The line above one of the box's prompts.
    pub(super) fn explain_export(&self, part: Part, text: &str, now: Now) -> Line {
        match part {
            Part::Range if text.trim().is_empty() => Line::of(
                Role::Dim,
                "empty: everything · 812..1233 · 14:00.. · ..fri 15:00 · an end in time is left out",
            ),
            Part::Range => match self.ends_words(text, now) {
                Ok(words) => {
                    let mut line = Line::of(Role::Key, "= ");
                    line.push(Role::Text, words);
                    line
                }
                Err(wrong) => wrong_line(&wrong),
            },
            Part::Filter => self.explain_filter(text, &[], now),
            Part::File => Line::of(
                Role::Dim,
                "a file or a folder/ · empty: a name made of the group's ID, where we are",
            ),
        }
    }

    /// How both ends are understood: as the engine will, without a look at the selection.
    fn ends_words(&self, text: &str, now: Now) -> Result<Clean, Wrong> {
        let whole = 0..text.len();
        let (from, to) = draft::ends(text).map_err(|why| Wrong::new(whole.clone(), why))?;
        let zone = self
            .zone()
            .ok_or_else(|| Wrong::new(whole, "no time zone"))?;
        let place = goto::Place {
            zone,
            now: now.wall,
            selected: None,
            selected_time: None,
            head: self.history().and_then(|h| h.timeline().head()),
        };
        let read = |end: Option<&str>, open: &str| match end {
            Some(text) => goto::read(text, &place).map(|reading| reading.words),
            None => Ok(open.to_owned()),
        };
        let from = read(from.as_deref(), "the oldest left")?;
        let to = read(to.as_deref(), "the newest now")?;
        Ok(clean(&format!("{from} to {to}")).one_line())
    }
}
