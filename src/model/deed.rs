//! What somebody looked at, for the record of accesses: what was asked for, never what
//! was read.

use super::ids::Conversation;

/// One thing that somebody did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// What was done: `open`, `search`.
    pub action: &'static str,
    /// In which conversation, if in one.
    pub conversation: Option<Conversation>,
    /// What else there is to say, by name.
    pub details: Vec<(&'static str, String)>,
}

impl Deed {
    /// In no conversation of its own.
    #[must_use]
    pub fn new(action: &'static str) -> Self {
        Self {
            action,
            conversation: None,
            details: Vec::new(),
        }
    }

    /// In a conversation.
    #[must_use]
    pub fn to(action: &'static str, conversation: &Conversation) -> Self {
        Self {
            conversation: Some(conversation.clone()),
            ..Self::new(action)
        }
    }

    /// Adds what else there is to say.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &(impl ToString + ?Sized)) -> Self {
        self.details.push((name, value.to_string()));
        self
    }

    /// The same, where there is something.
    #[must_use]
    pub fn maybe(self, name: &'static str, value: Option<&(impl ToString + ?Sized)>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }
}
