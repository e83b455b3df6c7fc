//! The bound on the memory that messages take.

use super::App;
use super::history::History;

impl App {
    /// Gives up messages far from where somebody reads, those of other conversations
    /// first, where all of them take more than the settings allow. It is done a piece at a
    /// time: more than one event brings, and nothing that holds up a key.
    pub(super) fn make_room(&mut self) {
        let mut over = self.memory().saturating_sub(self.settings.memory);
        if over == 0 {
            return;
        }
        let current = self.current.as_ref();
        let (here, others): (Vec<_>, Vec<_>) = self
            .histories
            .iter_mut()
            .partition(|(conversation, _)| Some(*conversation) == current);
        for (_, history) in others.into_iter().chain(here) {
            over = over.saturating_sub(history.make_room(over));
            if over == 0 {
                return;
            }
        }
    }

    /// How many bytes the messages of all conversations take.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.histories.values().map(History::bytes).sum()
    }
}
