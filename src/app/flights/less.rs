//! Pages that are asked for in smaller pieces, because the service said that whole
//! ones are too large to send.

use std::collections::BTreeMap;

use crate::app::event::Request;
use crate::model::error::ApiError;
use crate::model::ids::Conversation;
use crate::model::message::PageSize;

/// The most that a page of a conversation is asked for; those without an entry get
/// what is wanted.
#[derive(Debug, Default)]
pub(super) struct Less(BTreeMap<Conversation, PageSize>);

impl Less {
    /// How many to ask for where `wanted` are.
    pub(super) fn of(&self, conversation: &Conversation, wanted: PageSize) -> PageSize {
        let most = self.0.get(conversation);
        most.map_or(wanted, |most| wanted.min(*most))
    }

    /// Whether pages of it are asked for in smaller pieces.
    pub(super) fn is_of(&self, conversation: &Conversation) -> bool {
        self.0.contains_key(conversation)
    }

    /// A call failed: whether fewer may fit. Half as many are asked for then.
    pub(super) fn refused(&mut self, asked: &Request, error: &ApiError) -> bool {
        let Request::History { conversation, ask } = asked else {
            return false;
        };
        let Some(less) = ask.smaller(error) else {
            return false;
        };
        self.0.insert(conversation.clone(), less.count);
        true
    }

    /// A page came: the next one may be larger by one message, for the large ones may
    /// be few, and doubling would be refused every second time among many.
    pub(super) fn came(&mut self, asked: &Request) {
        let Request::History { conversation, ask } = asked else {
            return;
        };
        if let Some(most) = self.0.get_mut(conversation)
            && ask.count == *most
        {
            *most = PageSize::clamped(most.get() + 1);
        }
        self.0.retain(|_, most| *most < PageSize::FULL);
    }
}
