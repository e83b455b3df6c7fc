//! What is selected for taking along, and what there is of it.

use super::{Answer, BlockKind, History};
use crate::app::remembered::Mark;
use crate::model::excerpt::{Entry, Hole, Lack, Said};
use crate::model::ids::{Seq, UserId};
use crate::model::text::{Clean, clean};
use crate::model::timeline::{Run, SeqState, Stretch};

/// Runs longer than this are not looked through seq by seq for what changed or
/// hangs there: only a run nobody loads by hand is longer.
const LOOKED_THROUGH: u32 = 2_000;

/// What else goes into an excerpt.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "holds a closure")]
pub struct Beside<'a> {
    /// What a sender is called here, if not by ID.
    pub names: &'a dyn Fn(&UserId) -> Option<Clean>,
    /// What the reader marked here, by seq.
    pub marks: &'a [Mark],
}

impl History {
    /// Starts a selection at the selected block, or ends the one there is.
    pub fn toggle_selection(&mut self) {
        self.picked = match self.picked {
            Some(_) => None,
            None => self.selected,
        };
    }

    /// Ends the selection; `false` where there is none.
    pub fn end_selection(&mut self) -> bool {
        self.picked.take().is_some()
    }

    /// Everything between where the selection began and where it is now, the blocks
    /// at both ends included.
    #[must_use]
    pub fn selection(&self) -> Option<Stretch> {
        let ends = [self.picked?, self.selected?];
        let span = |seq| {
            let block = self.block(seq);
            block.map_or((seq, seq), |block| (block.first, block.last))
        };
        let [(a, b), (c, d)] = ends.map(span);
        Stretch::new(a.min(c), b.max(d))
    }

    /// What is taken along: the selection, or the block the cursor is on.
    #[must_use]
    pub fn taken(&self) -> Option<Stretch> {
        self.selection().or_else(|| {
            let block = self.selected_block()?;
            Stretch::new(block.first, block.last)
        })
    }

    /// The latest page that answered for this seq.
    #[must_use]
    pub fn page_of(&self, seq: Seq) -> Option<&Answer> {
        self.answers.of(self.timeline.asked_last(seq)?)
    }

    /// All that there is of a stretch, every seq accounted for.
    #[must_use]
    pub fn entries<'a>(&'a self, stretch: Stretch, beside: Beside<'_>) -> Vec<Entry<'a>> {
        let mut entries = Vec::new();
        let mut next = Some(stretch.first());
        while let Some(at) = next.filter(|at| *at <= stretch.last()) {
            let block = self.block(at);
            let last = block.map_or(stretch.last(), |b| b.last.min(stretch.last()));
            if block.is_some_and(|b| b.kind == BlockKind::Hidden) {
                let hole = self.hole_of(at, last, Lack::Hidden, beside);
                add_hole(&mut entries, hole);
            } else {
                for run in self.timeline.runs(at..=last) {
                    self.add_run(&mut entries, run, beside);
                }
            }
            next = last.next();
        }
        entries
    }

    fn add_run<'a>(&'a self, entries: &mut Vec<Entry<'a>>, run: Run, beside: Beside<'_>) {
        let lack = match run.state {
            SeqState::Present | SeqState::Unreadable => {
                let range = run.first..=run.last;
                if self.timeline.is_away(&range) {
                    self.add_parts(entries, run, beside);
                    return;
                }
                for (seq, message) in self.timeline.messages(range) {
                    let name = message.sender.as_ref().and_then(beside.names);
                    entries.push(Entry::Said(Said {
                        seq,
                        message,
                        name,
                        mark: marks_in(beside.marks, seq, seq)
                            .next()
                            .map(|(_, note)| note),
                        changed: self.timeline.first_answer(seq).is_some(),
                        as_of: self.as_of(seq),
                    }));
                    entries.extend(self.timeline.strays(seq).iter().map(Entry::Stray));
                }
                return;
            }
            SeqState::Gone => Lack::Gone,
            SeqState::Recalled => Lack::Recalled,
            SeqState::Withheld => Lack::Withheld,
            SeqState::Unfetched => Lack::Unfetched,
        };
        let long = run.last.get() - run.first.get() >= LOOKED_THROUGH;
        if long || lack == Lack::Unfetched {
            add_hole(entries, self.hole_of(run.first, run.last, lack, beside));
            return;
        }
        // One by one, and what is alike is joined again.
        let mut next = Some(run.first);
        while let Some(seq) = next.filter(|seq| *seq <= run.last) {
            add_hole(entries, self.hole_of(seq, seq, lack, beside));
            entries.extend(self.timeline.strays(seq).iter().map(Entry::Stray));
            next = seq.next();
        }
    }

    /// A run of which bodies were given up: those count as not loaded.
    fn add_parts<'a>(&'a self, entries: &mut Vec<Entry<'a>>, run: Run, beside: Beside<'_>) {
        let mut next = Some(run.first);
        while let Some(at) = next.filter(|at| *at <= run.last) {
            let away = self.timeline.away_around(at);
            let part = away.or(self.timeline.here_around(at));
            let last = part.map_or(at, Stretch::last).min(run.last);
            if away.is_some() {
                add_hole(entries, self.hole_of(at, last, Lack::Unfetched, beside));
            } else {
                let part = Run {
                    first: at,
                    last,
                    ..run
                };
                self.add_run(entries, part, beside);
            }
            next = last.next();
        }
    }

    fn hole_of(&self, first: Seq, last: Seq, lack: Lack, beside: Beside<'_>) -> Hole {
        let ends = [first, last].map(|seq| self.as_of(seq));
        let as_of = match ends {
            [Some(first), Some(last)] => Some(first.min(last)),
            [_, _] => None,
        };
        Hole {
            first,
            last,
            lack,
            time: self.timeline.known(first).and_then(|m| m.time),
            marks: marks_in(beside.marks, first, last).collect(),
            changed: first == last && self.timeline.first_answer(first).is_some(),
            as_of: as_of.filter(|_| lack != Lack::Unfetched),
        }
    }
}

/// Adds a hole, to the one before where both lack the same.
fn add_hole(entries: &mut Vec<Entry<'_>>, hole: Hole) {
    if let Some(Entry::Hole(before)) = entries.last_mut()
        && before.lack == hole.lack
        && !before.changed
        && !hole.changed
    {
        before.last = hole.last;
        before.marks.extend(hole.marks);
        before.as_of = match (before.as_of, hole.as_of) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (None, _) | (_, None) => None,
        };
        return;
    }
    entries.push(Entry::Hole(hole));
}

fn marks_in(marks: &[Mark], first: Seq, last: Seq) -> impl Iterator<Item = (Seq, Clean)> {
    let from = marks.partition_point(|mark| mark.seq < first.get());
    let marks = marks.iter().skip(from);
    let marks = marks.take_while(move |mark| mark.seq <= last.get());
    marks.filter_map(|mark| Some((mark.seq()?, clean(&mark.note).one_line())))
}
