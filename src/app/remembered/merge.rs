//! Two programs that remember in one file.

use std::collections::{BTreeMap, BTreeSet};

use super::{Places, Remembered};
use crate::model::ids::Conversation;

/// What a session has a say in: the conversations it visited, and the seqs in
/// them whose marks it set or removed.
pub(super) type Session = BTreeMap<Conversation, BTreeSet<u32>>;

impl Places {
    /// What is to be remembered, where `stored` has been written meanwhile by
    /// another program, too. This session's say goes first: where it visited, its
    /// position counts; a mark it set is there, one it removed is not. All else
    /// is as it is stored.
    #[must_use]
    pub fn merged_with(&self, stored: Self) -> Self {
        let mut stored: Vec<Option<Remembered>> = stored.list.into_iter().map(Some).collect();
        let at: BTreeMap<Conversation, usize> = (0..)
            .zip(stored.iter().flatten())
            .map(|(at, place)| (place.conversation(), at))
            .collect();
        let mut first = Vec::new();
        let mut last = Vec::new();
        for ours in &self.list {
            let conversation = ours.conversation();
            let at = at.get(&conversation).copied();
            match (self.session.get(&conversation), at) {
                (Some(said), Some(at)) => {
                    let theirs = stored.get_mut(at).and_then(Option::take);
                    first.extend(theirs.map(|theirs| join(ours, theirs, said)));
                }
                (Some(_), None) => first.push(ours.clone()),
                // As it is stored.
                (None, Some(_)) => {}
                (None, None) => last.push(ours.clone()),
            }
        }
        first.extend(stored.into_iter().flatten());
        first.extend(last);
        Self {
            session: self.session.clone(),
            ..Self::of(first)
        }
    }
}

fn join(ours: &Remembered, theirs: Remembered, said: &BTreeSet<u32>) -> Remembered {
    let mut marks = theirs.marks;
    marks.retain(|mark| !said.contains(&mark.seq));
    let set = ours.marks.iter().filter(|mark| said.contains(&mark.seq));
    marks.extend(set.cloned());
    Remembered {
        marks,
        ..ours.clone()
    }
}
