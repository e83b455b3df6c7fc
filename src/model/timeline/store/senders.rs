//! Everybody who sent something, each name once.

use std::collections::BTreeMap;
use std::mem::size_of;

use crate::model::ids::UserId;

/// Numbers the senders of a conversation, in the order in which they were met.
#[derive(Debug, Clone, Default)]
pub(super) struct Senders {
    met: Vec<UserId>,
    numbers: BTreeMap<UserId, u32>,
    bytes: usize,
}

impl Senders {
    /// The number of `user`, and the one copy of the name that is kept.
    pub(super) fn meet(&mut self, user: &UserId) -> (u32, UserId) {
        if let Some((same, &number)) = self.numbers.get_key_value(user) {
            return (number, same.clone());
        }
        let number = u32::try_from(self.met.len()).unwrap_or(u32::MAX);
        self.met.push(user.clone());
        self.numbers.insert(user.clone(), number);
        // Beside the text: its two counts, and an entry in each list.
        self.bytes += user.as_str().len() + 4 * size_of::<usize>() + 2 * size_of::<UserId>();
        (number, user.clone())
    }

    pub(super) fn number(&self, user: &UserId) -> Option<u32> {
        self.numbers.get(user).copied()
    }

    pub(super) fn get(&self, number: u32) -> Option<&UserId> {
        self.met.get(usize::try_from(number).ok()?)
    }

    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }
}
