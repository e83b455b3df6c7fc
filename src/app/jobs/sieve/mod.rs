//! Which of the loaded messages match.
//!
//! Judging a message means decoding it, so it is done once and in slices, and
//! what came out is kept as spans: a million messages without a hit are one.

use super::search::Towards;
use crate::model::ids::Seq;
use crate::model::message::Message;
use crate::model::needle::Needle;
use crate::model::timeline::{Known, SeqState, Spans, Stretch, Timeline};

/// Decides whether a seq matches.
///
/// Called once per item, and once per run for seqs without one (withheld), with
/// the seq of the run that is nearest and `None`: the answer stands for all of
/// the run, so for withheld seqs it must depend on the state alone.
pub type Judge<'a> = dyn FnMut(Seq, SeqState, Option<&Message>) -> bool + 'a;

/// As [`Judge`], by what is at hand of an item without its body.
pub type Glance<'a> = dyn FnMut(Seq, SeqState, Option<Known<'_>>) -> bool + 'a;

/// How items are looked at.
enum Look<'a, 'j> {
    /// Those whose bodies were given up cannot be.
    Whole(&'a mut Judge<'j>),
    Outside(&'a mut Glance<'j>),
    /// For a text, all of a stretch at once.
    Text(&'a Needle),
}

/// So many seqs are looked through for a text before the other side is looked at again.
const TEXTS: u32 = 1_024;

/// So many seqs on one side are judged before the other side is looked at again.
const TURN: u32 = 32;

/// Which of the loaded seqs match: judged once, kept as spans, forgotten where
/// something changed.
///
/// Whoever merges a page that changed what was known ([`changed`]) forgets the
/// seqs it covers; what is newly loaded counts as not judged by itself. A new
/// generation of the timeline needs a new sieve.
///
/// [`changed`]: crate::model::timeline::Merged::changed
#[derive(Debug, Clone, Default)]
pub struct Sieve {
    judged: Spans<bool>,
    /// Where there is a verdict at all: thousands of hits are one span here, so
    /// that what is left to judge is found without passing them.
    done: Spans<()>,
    hits: u32,
}

/// The nearest hit on one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Near {
    /// The nearest loaded one.
    Hit {
        /// Where.
        seq: Seq,
        /// Seqs in between that are not loaded.
        unfetched: u32,
    },
    /// Something loaded in between has not been judged yet.
    Unjudged,
    /// No loaded one.
    None {
        /// Seqs on this side, down to seq 1 or up to the head, that are not loaded.
        unfetched: u32,
    },
}

impl Sieve {
    /// Nothing is judged.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Judges loaded seqs that are not judged yet, those nearest to `near` first
    /// (in turns of some dozens per side), with at most `most` calls of `judge`.
    /// Says how many there were; 0 with a `most` above 0: all is judged.
    pub fn judge(
        &mut self,
        timeline: &Timeline,
        near: Seq,
        most: usize,
        judge: &mut Judge<'_>,
    ) -> usize {
        self.look(timeline, near, most, &mut Look::Whole(judge))
    }

    /// As [`Sieve::judge`], for a text: those match that hold it. `most` is what it may
    /// cost; see [`Timeline::search`].
    pub fn search(
        &mut self,
        timeline: &Timeline,
        (near, most): (Seq, usize),
        needle: &Needle,
    ) -> usize {
        self.look(timeline, near, most, &mut Look::Text(needle))
    }

    /// Judges all that is loaded and not judged yet by what is at hand of it, bodies given
    /// up or not.
    pub fn glance(&mut self, timeline: &Timeline, judge: &mut Glance<'_>) {
        let near = timeline.head().unwrap_or(Seq::FIRST);
        self.look(timeline, near, usize::MAX, &mut Look::Outside(judge));
    }

    /// As [`Sieve::glance`], as [`Sieve::judge`] does it.
    pub fn glance_near(
        &mut self,
        timeline: &Timeline,
        (near, most): (Seq, usize),
        judge: &mut Glance<'_>,
    ) -> usize {
        self.look(timeline, near, most, &mut Look::Outside(judge))
    }

    fn look(
        &mut self,
        timeline: &Timeline,
        near: Seq,
        most: usize,
        look: &mut Look<'_, '_>,
    ) -> usize {
        let whole = !matches!(look, Look::Outside(_));
        let mut older = self.unjudged(timeline, Some(near), (Towards::Older, whole));
        let mut newer = self.unjudged(timeline, near.next(), (Towards::Newer, whole));
        let mut called = 0;
        while called < most {
            let is_older_nearer = match (older, newer) {
                (Some(older), Some(newer)) => {
                    near.get().saturating_sub(older.last().get())
                        <= newer.first().get().saturating_sub(near.get())
                }
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (None, None) => break,
            };
            let (side, towards) = if is_older_nearer {
                (&mut older, Towards::Older)
            } else {
                (&mut newer, Towards::Newer)
            };
            let Some(stretch) = *side else { break };
            let turn = match look {
                Look::Whole(_) | Look::Outside(_) => TURN,
                Look::Text(_) => TEXTS,
            };
            let turn = turn.min(u32::try_from(most - called).unwrap_or(turn));
            let part = next_part(timeline, stretch, towards, turn);
            called += self.judge_part(timeline, part, towards.near(part), look);
            let rest = towards.next(towards.far(part));
            let left = rest.and_then(|rest| towards.stretch(rest, towards.far(stretch)));
            *side = left.or_else(|| self.unjudged(timeline, rest, (towards, whole)));
        }
        called
    }

    /// The nearest stretch from `seq` on that is loaded and not judged; `whole`: with its
    /// bodies.
    fn unjudged(
        &self,
        timeline: &Timeline,
        seq: Option<Seq>,
        (towards, whole): (Towards, bool),
    ) -> Option<Stretch> {
        let head = timeline.head()?;
        let mut at = match towards {
            Towards::Older => seq?.min(head),
            Towards::Newer => seq?,
        };
        while at <= head {
            if let Some((span, ())) = self.done.get(at) {
                at = towards.next(towards.far(span))?;
                continue;
            }
            let run = timeline.run(at);
            if run.state == SeqState::Unfetched {
                at = towards.next(towards.far(Stretch::new(run.first, run.last)?))?;
                continue;
            }
            if let Some(away) = timeline.away_around(at).filter(|_| whole) {
                at = towards.next(towards.far(away))?;
                continue;
            }
            let hole = towards.far(self.done.hole(at)?);
            let here = timeline.here_around(at).filter(|_| whole);
            let hole = here.map_or(hole, |here| towards.nearer(hole, towards.far(here)));
            let far = towards.nearer(towards.loaded_until(timeline, at), hole);
            return towards.stretch(at, far);
        }
        None
    }

    /// Judges seqs of one state, of which `near` is one. Says with how many calls.
    fn judge_part(
        &mut self,
        timeline: &Timeline,
        part: Stretch,
        near: Seq,
        look: &mut Look<'_, '_>,
    ) -> usize {
        let state = timeline.state(near);
        if state == SeqState::Withheld {
            let verdict = match look {
                Look::Whole(judge) => judge(near, state, None),
                Look::Outside(judge) => judge(near, state, None),
                Look::Text(_) => false,
            };
            self.keep(part, verdict);
            return 1;
        }
        let (mut called, mut hits) = (0, Vec::new());
        let range = part.first()..=part.last();
        match look {
            Look::Whole(judge) => timeline.each(&range, |seq, message| {
                called += 1;
                if judge(seq, state, Some(message)) {
                    hits.push(seq);
                }
            }),
            Look::Text(needle) => {
                called = timeline.search(needle, &range, |seq| hits.push(seq));
            }
            Look::Outside(judge) => {
                for (seq, known) in timeline.all_known(range) {
                    called += 1;
                    if judge(seq, state, Some(known)) {
                        hits.push(seq);
                    }
                }
            }
        }
        self.hits += u32::try_from(hits.len()).unwrap_or(u32::MAX);
        self.judged.set_but(part, false, hits.into_iter(), true);
        self.done.set(part, ());
        called
    }

    fn keep(&mut self, stretch: Stretch, verdict: bool) {
        self.judged.set(stretch, verdict);
        self.done.set(stretch, ());
        if verdict {
            self.hits += stretch.len();
        }
    }

    /// Lets the seqs of `stretch` be judged anew: what they say has changed.
    pub fn forget(&mut self, stretch: Stretch) {
        self.done.remove(stretch);
        for (part, verdict) in self.judged.remove(stretch) {
            self.hits -= if verdict { part.len() } else { 0 };
        }
    }

    /// Lets everything be judged anew: the question has changed.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// How many of the judged seqs match.
    #[must_use]
    pub const fn hits(&self) -> u32 {
        self.hits
    }

    /// Whether `seq` matches; `None` where it is not judged or not loaded.
    #[must_use]
    pub fn is_hit(&self, seq: Seq) -> Option<bool> {
        self.judged.get(seq).map(|(_, verdict)| verdict)
    }

    /// The longest judged run of one verdict around `seq`.
    #[must_use]
    pub fn run(&self, seq: Seq) -> Option<(Stretch, bool)> {
        self.judged.get(seq)
    }

    /// The stretch around `seq` without a verdict, loaded or not.
    #[must_use]
    pub fn hole(&self, seq: Seq) -> Option<Stretch> {
        self.done.hole(seq)
    }

    /// Whether everything that is loaded has a verdict.
    #[must_use]
    pub fn is_done(&self, timeline: &Timeline) -> bool {
        let head = timeline.head();
        self.unjudged(timeline, head, (Towards::Older, true))
            .is_none()
    }

    /// Makes what was given up before it was judged a stretch that is not loaded: nobody
    /// can say that there is no hit in it.
    pub fn call_back(&self, timeline: &mut Timeline) -> bool {
        timeline.call_back_beside(&self.done)
    }

    /// The nearest hit strictly below `seq`.
    #[must_use]
    pub fn hit_below(&self, timeline: &Timeline, seq: Seq) -> Near {
        self.hit(timeline, seq, Towards::Older)
    }

    /// The nearest hit strictly above `seq`.
    #[must_use]
    pub fn hit_above(&self, timeline: &Timeline, seq: Seq) -> Near {
        self.hit(timeline, seq, Towards::Newer)
    }

    pub(super) fn hit(&self, timeline: &Timeline, seq: Seq, towards: Towards) -> Near {
        let mut unfetched: u32 = 0;
        let head = timeline.head();
        let mut next = towards.next(seq).zip(head).map(|(at, head)| match towards {
            Towards::Older => at.min(head),
            Towards::Newer => at,
        });
        while let Some(at) = next
            && Some(at) <= head
        {
            let passed = match self.judged.get(at) {
                Some((_, true)) => return Near::Hit { seq: at, unfetched },
                Some((span, false)) => towards.far(span),
                None => {
                    let run = timeline.run(at);
                    let away = timeline.away_around(at);
                    if run.state != SeqState::Unfetched && away.is_none() {
                        return Near::Unjudged;
                    }
                    let whole = Stretch::new(run.first, run.last).unwrap_or(Stretch::one(at));
                    // Judged before it was given up, some of it may be known.
                    let open = self.judged.hole(at).and_then(|hole| hole.meet(whole));
                    let open = open.and_then(|open| open.meet(away.unwrap_or(open)));
                    let far = towards.far(open.unwrap_or(Stretch::one(at)));
                    let len = at.get().abs_diff(far.get());
                    unfetched = unfetched.saturating_add(len).saturating_add(1);
                    far
                }
            };
            next = towards.next(passed);
        }
        Near::None { unfetched }
    }
}

/// The near end of a loaded stretch, all of one state: at most `turn` seqs, or all
/// of the run where one call is enough for it.
fn next_part(timeline: &Timeline, stretch: Stretch, towards: Towards, turn: u32) -> Stretch {
    let near = towards.near(stretch);
    let run = timeline.run(near);
    let far = match towards {
        Towards::Older => run.first,
        Towards::Newer => run.last,
    };
    let far = towards.nearer(far, towards.far(stretch));
    let far = match run.state {
        SeqState::Withheld => far,
        SeqState::Present
        | SeqState::Gone
        | SeqState::Recalled
        | SeqState::Unreadable
        | SeqState::Unfetched => towards.nearer(far, towards.further(near, turn - 1)),
    };
    towards.stretch(near, far).unwrap_or(Stretch::one(near))
}

#[cfg(test)]
pub(super) mod tests;
