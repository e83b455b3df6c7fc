//! What one page answers for: the coverage rule.

use std::collections::BTreeSet;

use super::spans::Stretch;
use crate::model::ids::Seq;
use crate::model::message::Ask;

/// The seqs that a page says something about, besides those of its items.
///
/// Whether the service counts messages or a window of seqs is not documented
/// (api-facts 1.5). What holds either way: between its smallest seq and the one
/// asked for, a page leaves nothing out that it would give. Below its smallest
/// seq it says nothing. Without any seq it speaks of the window asked for only:
/// twenty withheld messages look exactly like the end of history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reach {
    /// From the smallest item to the largest that was asked for.
    pub(super) sure: Option<Stretch>,
    /// From there to the seq asked for. Counts as far as these seqs existed.
    pub(super) tail: Option<Stretch>,
}

impl Reach {
    const NOTHING: Self = Self {
        sure: None,
        tail: None,
    };

    pub(super) fn of(ask: Ask, seqs: &BTreeSet<Seq>) -> Self {
        let Some(asked) = ask.seq else {
            let ends = seqs.first().zip(seqs.last());
            return Self {
                sure: ends.and_then(|(&first, &last)| Stretch::new(first, last)),
                tail: None,
            };
        };
        let wanted = seqs.range(..=asked);
        match (wanted.clone().next(), wanted.clone().next_back()) {
            (Some(&first), Some(&last)) => Self {
                sure: Stretch::new(first, last),
                tail: last.next().and_then(|next| Stretch::new(next, asked)),
            },
            // Everything that came lies above what was asked for: not an answer to it.
            _ if !seqs.is_empty() => Self::NOTHING,
            _ => Self {
                sure: None,
                tail: Stretch::new(asked.back(ask.count.get() - 1), asked),
            },
        }
    }

    pub(super) fn is_nothing(self) -> bool {
        self == Self::NOTHING
    }

    /// The lower end of it: where a verdict on completeness belongs.
    pub(super) fn lowest(self) -> Option<Seq> {
        self.sure.or(self.tail).map(Stretch::first)
    }
}
