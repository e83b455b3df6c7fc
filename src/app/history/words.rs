//! What each state of a seq is called, and how it is marked.

use crate::app::line::Role;
use crate::app::view::Gutter;
use crate::model::message::ItemState;
use crate::model::timeline::SeqState;

pub(in crate::app) fn role(state: SeqState) -> Role {
    match state {
        SeqState::Present => Role::Text,
        SeqState::Gone => Role::Gone,
        SeqState::Recalled => Role::Recalled,
        SeqState::Withheld => Role::Withheld,
        SeqState::Unreadable => Role::Damaged,
        SeqState::Unfetched => Role::Ours,
    }
}

pub(in crate::app) fn gutter(state: SeqState) -> Gutter {
    match state {
        SeqState::Present => Gutter::Plain,
        SeqState::Gone => Gutter::Gone,
        SeqState::Recalled => Gutter::Recalled,
        SeqState::Withheld => Gutter::Withheld,
        SeqState::Unreadable => Gutter::Unreadable,
        SeqState::Unfetched => Gutter::Unfetched,
    }
}

pub(super) fn words(state: SeqState) -> &'static str {
    match state {
        SeqState::Present => "message",
        SeqState::Gone => "deleted, expired or never stored",
        SeqState::Recalled => "recalled",
        SeqState::Withheld => "withheld: the service left out seq",
        SeqState::Unreadable => "cannot be read",
        SeqState::Unfetched => "not loaded",
    }
}

pub(crate) fn plural(state: SeqState) -> &'static str {
    match state {
        SeqState::Present => "messages",
        SeqState::Gone => "deleted or expired",
        SeqState::Recalled => "recalled",
        SeqState::Withheld => "withheld by the service",
        SeqState::Unreadable => "unreadable",
        SeqState::Unfetched => "not loaded",
    }
}

pub(super) fn item_words(state: &ItemState) -> &'static str {
    match state {
        ItemState::Present => "a message",
        ItemState::Gone => "deleted or expired",
        ItemState::Recalled => "recalled",
        ItemState::Unreadable(_) => "unreadable",
    }
}
