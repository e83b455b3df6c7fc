//! How the boxes of [`super::boxes`] look at this moment.

use super::action::Action;
use super::card::{self, Card, Knowledge, unasked};
use super::event::Now;
use super::history::History;
use super::overlay::Overlay;
use super::view::OverlayView;
use super::{App, audit, chart, marks};
use crate::model::element::{Body, summary};
use crate::model::ids::{Seq, UserId};
use crate::model::text::Clean;
use crate::model::time::{self, Zone};
use crate::model::timeline::Timeline;

impl App {
    /// The box on top, of those that show something of the conversation.
    pub(super) fn box_view(&mut self, now: Now) -> Option<OverlayView> {
        let zone = self.zone()?.clone();
        // Taken out for the moment: it is laid out from the rest of the app.
        let mut overlay = self.overlay.take()?;
        let view = match &mut overlay {
            Overlay::Audit(audit) => self.audit_view(audit, &zone),
            Overlay::Chart(chart) => self.chart_view(chart, &zone),
            Overlay::Marks(list) => self.marks_view(list, &zone),
            Overlay::Card {
                user,
                seq,
                answer,
                sent,
                scroll,
            } => {
                let loaded = self.history().map_or(0, |h| h.timeline().loaded());
                // Counted anew only where something came.
                if sent.is_none_or(|(_, of)| of != loaded) {
                    let count = self.history().map_or(0, |h| h.sent_by(user));
                    *sent = Some((count, loaded));
                }
                let count = sent.map_or(0, |(count, _)| count);
                let answer = answer.as_ref().map(Option::as_deref);
                let known = match (unasked(user), answer, self.card_error()) {
                    (Some(why), ..) => Knowledge::NotAsked(why),
                    (None, Some(Some(member)), _) => Knowledge::Member(member),
                    (None, Some(None), _) => Knowledge::NotAMember,
                    (None, None, Some(error)) => Knowledge::Failed(error),
                    (None, None, None) => Knowledge::Asking,
                };
                self.card_view((user, *seq, known, count), scroll, (&zone, now))
            }
            Overlay::Copy(menu) => Some(menu.view(&self.settings.keymap, self.size)),
            Overlay::Export(draft) => Some(self.export_view(draft.as_deref(), now)),
            Overlay::Help { .. } | Overlay::Stopped => None,
        };
        self.overlay = Some(overlay);
        view
    }

    fn key_of(&self, action: Action) -> String {
        self.settings.keymap.hint(action)
    }

    fn audit_view(&self, audit: &mut audit::AuditBox, zone: &Zone) -> Option<OverlayView> {
        let group = &self.history()?.conversation.group;
        let names = |user: &UserId| self.names.of(group, user);
        let (enter, fill) = (self.key_of(Action::In), self.key_of(Action::Fill));
        let look = audit::Look {
            size: self.size,
            zone,
            names: &names,
            filling: self.filling(),
            keys: audit::Keys {
                enter: &enter,
                fill: &fill,
                stop: "Esc",
                close: "Esc",
            },
        };
        Some(audit.view(&look))
    }

    fn chart_view(&self, chart: &mut chart::Chart, zone: &Zone) -> Option<OverlayView> {
        let history = self.history()?;
        let enter = self.key_of(Action::In);
        let sideways = format!(
            "{} {}",
            self.key_of(Action::CursorLeft),
            self.key_of(Action::CursorRight)
        );
        let picture = format!("{} {}", self.key_of(Action::Down), self.key_of(Action::Up));
        let look = chart::Look {
            size: self.size,
            zone,
            on_screen: history.on_screen(),
            ascii: self.settings.ascii,
            keys: chart::Keys {
                sideways: &sideways,
                picture: &picture,
                enter: &enter,
                close: "Esc",
            },
        };
        Some(chart.view(history.timeline(), &look))
    }

    fn marks_view(&self, list: &mut marks::MarksBox, zone: &Zone) -> Option<OverlayView> {
        let history = self.history()?;
        let timeline = history.timeline();
        let time_of = |seq: Seq| Some(time::full(timeline.known(seq)?.time?, zone));
        let line_of = |seq: Seq| line_of(timeline, seq);
        let keys = format!(
            "{} goes there · {} removes · Esc closes",
            self.key_of(Action::In),
            self.key_of(Action::Unmark)
        );
        let how = format!("{} marks the selected message", self.key_of(Action::Mark));
        let look = marks::Look {
            size: self.size,
            time_of: &time_of,
            line_of: &line_of,
            keys: &keys,
            how: &how,
        };
        Some(list.view(self.places.marks(&history.conversation), look))
    }

    fn card_view(
        &self,
        (user, seq, known, loaded): (&UserId, Seq, Knowledge<'_>, u32),
        scroll: &mut usize,
        (zone, now): (&Zone, Now),
    ) -> Option<OverlayView> {
        let history: &History = self.history()?;
        let timeline = history.timeline();
        let name = self.names.of(&history.conversation.group, user);
        let card = Card {
            id: user,
            name: name.as_ref(),
            known,
            message: Some((seq, timeline.known(seq).and_then(|m| m.time))),
            head: timeline.head(),
            loaded,
            topic: history.conversation.topic.is_some(),
        };
        let look = card::Look {
            zone,
            now: now.wall,
            size: self.size,
            keys: "Esc closes",
        };
        Some(card::view(&card, &look, scroll))
    }
}

/// What a message says, in one line.
fn line_of(timeline: &Timeline, seq: Seq) -> Option<Clean> {
    let message = timeline.message(seq)?;
    let mut line = Clean::default();
    for part in summary(&Body::decode(message)) {
        if !line.is_empty() {
            line.push_ours(" ");
        }
        line.push(&part.text.one_line());
    }
    Some(line)
}
