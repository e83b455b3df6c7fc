//! Where the newest end of a conversation was, and when that was known.

use std::collections::BTreeMap;

use crate::model::ids::Seq;
use crate::model::message::AskNo;

/// The highest seq known to exist, by the number of the ask that showed it.
///
/// A page may be asked from above the head; what it says of the seqs up there
/// counts only as far as they existed when it was asked. That must come out the
/// same whichever reply lands first, so the heads of earlier asks are kept. An
/// earlier number is taken as an earlier answer; where calls overtook each other
/// this may call a message withheld that came in between, until it is asked again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Heads {
    /// Strictly rising in both: an entry that adds nothing to an earlier one is left out.
    steps: BTreeMap<AskNo, Seq>,
}

impl Heads {
    /// The highest of all.
    pub(super) fn newest(&self) -> Option<Seq> {
        self.steps.last_key_value().map(|(_, &seq)| seq)
    }

    /// What certainly existed when ask `no` left.
    pub(super) fn as_of(&self, no: AskNo) -> Option<Seq> {
        self.steps.range(..=no).next_back().map(|(_, &seq)| seq)
    }

    /// `seq` existed when ask `no` was answered. Says whether that is news.
    pub(super) fn learn(&mut self, no: AskNo, seq: Seq) -> bool {
        if self.as_of(no) >= Some(seq) {
            return false;
        }
        while let Some((&later, &same)) = self.steps.range(no..).next() {
            if same > seq {
                break;
            }
            self.steps.remove(&later);
        }
        self.steps.insert(no, seq);
        true
    }
}

/// What a report of the head (`NextMsgSeq` of get_group_info) changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadNews {
    /// The head is where it was known to be.
    Same,
    /// There is more than was known.
    Raised,
    /// The report lies below the known head. Nothing has changed; ask once more.
    Doubted,
    /// Two reports lay below the known head: the group began anew. All that was
    /// known is forgotten and the generation is the next one.
    Restarted,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_an_earlier_ask_is_not_raised_by_a_later_one() {
        let seq = |n| Seq::new(n).expect("not zero");
        let mut heads = Heads::default();
        assert!(heads.learn(AskNo(5), seq(50)));
        assert!(heads.learn(AskNo(2), seq(20)));
        assert!(!heads.learn(AskNo(7), seq(40)));
        assert_eq!(heads.as_of(AskNo(1)), None);
        assert_eq!(heads.as_of(AskNo(4)), Some(seq(20)));
        assert_eq!(heads.newest(), Some(seq(50)));
        assert!(heads.learn(AskNo(1), seq(60)));
        assert_eq!(heads.as_of(AskNo(9)), Some(seq(60)));
    }
}
