//! Walking along a timeline in one of its two directions.

use crate::model::ids::Seq;
use crate::model::timeline::{SeqState, Stretch, Timeline};

/// Which way a search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Towards {
    /// To smaller seqs.
    Older,
    /// To larger seqs.
    Newer,
}

impl Towards {
    /// The next seq this way; `None` at the end of the line.
    pub(crate) const fn next(self, seq: Seq) -> Option<Seq> {
        match self {
            Self::Older => seq.prev(),
            Self::Newer => seq.next(),
        }
    }

    /// Whether `seq` lies further this way than `other`.
    pub(crate) fn is_beyond(self, seq: Seq, other: Seq) -> bool {
        match self {
            Self::Older => seq < other,
            Self::Newer => seq > other,
        }
    }

    /// The one of both that is met first.
    pub(crate) fn nearer(self, one: Seq, other: Seq) -> Seq {
        if self.is_beyond(one, other) {
            other
        } else {
            one
        }
    }

    /// The end of a stretch that is met first.
    pub(crate) const fn near(self, stretch: Stretch) -> Seq {
        match self {
            Self::Older => stretch.last(),
            Self::Newer => stretch.first(),
        }
    }

    /// The end of a stretch that is met last.
    pub(crate) const fn far(self, stretch: Stretch) -> Seq {
        match self {
            Self::Older => stretch.first(),
            Self::Newer => stretch.last(),
        }
    }

    /// From the one to the other; `None` where `far` is met before `near`.
    pub(crate) fn stretch(self, near: Seq, far: Seq) -> Option<Stretch> {
        match self {
            Self::Older => Stretch::new(far, near),
            Self::Newer => Stretch::new(near, far),
        }
    }

    /// `by` seqs further, but not beyond the end of the line.
    pub(crate) const fn further(self, seq: Seq, by: u32) -> Seq {
        match self {
            Self::Older => seq.back(by),
            Self::Newer => seq.forward(by),
        }
    }

    /// The first seq from `seq` on, itself included, that nobody has answered for.
    /// `None` where all is known down to seq 1 or up to the head.
    pub(crate) fn unfetched(self, timeline: &Timeline, seq: Seq) -> Option<Seq> {
        // A timeline without a head knows no gaps; all of it is one.
        if timeline.head().is_none() {
            return (timeline.state(seq) == SeqState::Unfetched).then_some(seq);
        }
        match self {
            Self::Older => timeline.gap_below(seq).map(|gap| gap.upper),
            Self::Newer => timeline.gap_above(seq).map(|gap| gap.lower),
        }
    }

    /// The last seq of the loaded stretch that `seq` stands in.
    pub(crate) fn loaded_until(self, timeline: &Timeline, seq: Seq) -> Seq {
        let gap = self.unfetched(timeline, seq);
        match self {
            Self::Older => gap.and_then(Seq::next).unwrap_or(Seq::FIRST),
            Self::Newer => gap
                .and_then(Seq::prev)
                .or(timeline.head())
                .unwrap_or(seq)
                .max(seq),
        }
    }
}
