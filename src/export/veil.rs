//! The mask of an export: it grows as messages come by, and is the same in every run.
//!
//! A record is masked by what was met up to it and nothing else, wherever a run begins and
//! pages end: a run that was taken up again writes what an undisturbed one would have.

use serde::{Deserialize, Serialize};

use super::manifest::Order;
use super::record::Record;
use crate::model::ids::{Conversation, Seq};
use crate::model::mask::{Mask, people};
use crate::model::message::Message;
use crate::model::text::Clean;

/// Somebody of whom the mask heard something new, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Met {
    seq: u32,
    id: String,
    name: Option<String>,
}

/// Drops from `met` what a run that begins at `next` will meet by itself.
pub(super) fn forget(met: &mut Vec<Met>, next: Option<u32>, order: Order) {
    let Some(next) = next else { return };
    met.retain(|met| match order {
        Order::Ascending => met.seq < next,
        Order::Descending => met.seq > next,
    });
}

/// A mask, and what of it is in no checkpoint yet.
#[derive(Debug)]
pub(super) struct Veil {
    mask: Mask,
    fresh: Vec<Met>,
}

impl Veil {
    /// Those in `met` were met by earlier runs, in this order.
    pub(super) fn new(conversation: &Conversation, met: &[Met]) -> Self {
        let mut mask = Mask::of(conversation);
        for met in met {
            mask.meet(&met.id, met.name.as_deref());
        }
        Self {
            mask,
            fresh: Vec::new(),
        }
    }

    /// Meets everybody whom the message of a record names.
    pub(super) fn meet(&mut self, seq: Seq, message: &Message, name: Option<&Clean>) {
        for (id, name) in people(message, name.map(Clean::as_str)) {
            if self.mask.meet(&id, name.as_deref()) {
                let seq = seq.get();
                self.fresh.push(Met { seq, id, name });
            }
        }
    }

    /// The record for outsiders.
    pub(super) fn cover(&self, record: Record) -> Record {
        record.masked(&self.mask)
    }

    /// Whom it met since somebody asked.
    pub(super) fn fresh(&mut self) -> Vec<Met> {
        std::mem::take(&mut self.fresh)
    }
}
