//! What is noted in the record of accesses: who keeps one wants to know what was asked
//! for, and how much was read.

use super::App;
use super::event::Effect;
use crate::model::deed::Deed;
use crate::model::timeline::Stretch;

impl App {
    /// Notes an access, if there is a record of them.
    pub(super) fn note(&mut self, deed: Deed) {
        if self.settings.noting {
            self.accesses.push(deed);
        }
    }

    /// Notes what was typed to find messages.
    pub(super) fn note_words(&mut self, action: &'static str, words: &str) {
        if let Some(conversation) = &self.current {
            self.note(Deed::to(action, conversation).with("words", words));
        }
    }

    /// Notes what leaves by the clipboard or the plain page, never its text.
    pub(super) fn note_taken(&mut self, what: &'static str, stretch: Option<Stretch>) {
        if let Some(conversation) = &self.current {
            let deed = Deed::to("copy", conversation).with("what", what);
            self.note(spanning(deed, stretch));
        }
    }

    /// Notes how much of the conversation on screen was loaded, when it is left.
    pub(super) fn note_read(&mut self) {
        let Some(history) = self.history() else {
            return;
        };
        let timeline = history.timeline();
        let ends = timeline.lowest_known().zip(timeline.highest_known());
        let stretch = ends.and_then(|(first, last)| Stretch::new(first, last));
        let deed = Deed::to("read", &history.conversation);
        let deed = deed.with("messages", &timeline.loaded());
        self.note(spanning(deed, stretch));
    }

    /// What has come together since the last time.
    pub(super) fn noted(&mut self) -> impl Iterator<Item = Effect> + use<> {
        std::mem::take(&mut self.accesses)
            .into_iter()
            .map(Effect::Note)
    }
}

fn spanning(deed: Deed, stretch: Option<Stretch>) -> Deed {
    deed.maybe("first", stretch.map(Stretch::first).as_ref())
        .maybe("last", stretch.map(Stretch::last).as_ref())
}
