//! How a timeline learns: pages and reports of the head.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::head::HeadNews;
use super::reach::Reach;
use super::record::{Asked, Place, Verdict};
use super::spans::Stretch;
use super::{SeqState, Timeline};
use crate::model::ids::Seq;
use crate::model::message::{Ask, AskNo, Message, Page, Raw};

/// What a page brought that was not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent remarks on one reply, not a state"
)]
pub struct Merged {
    /// Seqs newly known, whatever their state.
    pub added: u32,
    /// Of these, the ones that make a row of their own: present or unreadable.
    pub visible: u32,
    /// Seqs that were known and are in another state now.
    pub changed: u32,
    /// Items without a seq that had not come before.
    pub strays: u32,
    /// There was no item with a seq. On a newest page: ask get_group_info for the head.
    pub empty: bool,
    /// There were seqs, but none at or below the one asked for: asking the same
    /// again will not help.
    pub no_progress: bool,
    /// The head is a higher one now.
    pub head_moved: bool,
    /// A newest page ended below the head known when it was asked: the newest ones
    /// are withheld, or the group began anew. Ask get_group_info.
    pub below_head: bool,
    /// The page belongs to another generation and was dropped.
    pub stale: bool,
}

impl Timeline {
    /// Merges one answered page.
    ///
    /// A page with messages covers everything from its lowest seq up to the one
    /// asked for, as far as the head of then; whatever is absent in between was
    /// left out by the service. A page without messages covers only the window
    /// that was asked for, and a newest page without messages nothing. Items above
    /// the seq asked for are taken one by one.
    ///
    /// Of two answers for a seq the later-asked counts, also where it is "not in
    /// the reply"; the earliest different one stays as [`Timeline::first_answer`].
    /// Of two different items for one seq in one reply, the one that shows more
    /// counts: present, unreadable, recalled, gone; and an item counts more than
    /// none where one ask was answered twice.
    pub fn merge(&mut self, ask: Ask, page: Page) -> Merged {
        let mut merged = Merged::default();
        if ask.generation != self.generation {
            merged.stale = true;
            return merged;
        }
        let old_head = self.head();
        let seqs: BTreeSet<Seq> = page.items.iter().filter_map(|item| item.seq).collect();
        let reach = Reach::of(ask, &seqs);
        merged.empty = seqs.is_empty();
        merged.no_progress = !merged.empty && reach.is_nothing();
        merged.below_head =
            ask.seq.is_none() && !merged.empty && seqs.last().copied() < self.heads.as_of(ask.no);

        merged.strays = self.take_items(ask, page.items);
        for run in runs(&seqs) {
            self.repaint(run, &mut merged);
        }
        if let Some(sure) = reach.sure {
            for hole in between(&seqs, sure) {
                self.leave_out(ask.no, hole, &mut merged);
            }
        }
        let mut unsettled = reach.tail.is_some();
        if let Some(tail) = reach.tail {
            self.tails.insert((ask.no, tail));
        }
        if let Some(&top) = seqs.last() {
            unsettled |= self.heads.learn(ask.no, top);
            // Messages above the doubted report: it was wrong.
            self.doubt = self
                .doubt
                .filter(|&(no, head)| ask.no < no || Some(top) <= head);
        }
        if unsettled {
            self.settle_tails(&mut merged);
        }
        self.judge(reach, Verdict::new(ask.no, page.finished));
        merged.head_moved = self.head() > old_head;
        self.records.tidy();
        merged
    }

    /// Takes a report of the head: `NextMsgSeq - 1` of get_group_info or
    /// get_topic, `None` where that is no seq (no message at all).
    ///
    /// `no` comes from the same counter as that of asks, taken when the call left.
    /// A head below the known one changes nothing before a second, later-asked
    /// report says so too; then the timeline begins anew.
    pub fn learn_head(&mut self, head: Option<Seq>, no: AskNo) -> HeadNews {
        if head < self.heads.as_of(no) {
            return match self.doubt {
                Some((first, _)) if first < no => {
                    self.restart(head, no);
                    HeadNews::Restarted
                }
                Some(_) => HeadNews::Doubted,
                None => {
                    self.doubt = Some((no, head));
                    HeadNews::Doubted
                }
            };
        }
        if self.doubt.is_some_and(|(first, _)| first < no) {
            self.doubt = None;
        }
        self.empty |= head.is_none();
        let old_head = self.head();
        if let Some(head) = head {
            self.heads.learn(no, head);
        }
        self.settle_tails(&mut Merged::default());
        if self.head() > old_head {
            HeadNews::Raised
        } else {
            HeadNews::Same
        }
    }

    fn restart(&mut self, head: Option<Seq>, no: AskNo) {
        *self = Self {
            generation: self.generation.saturating_add(1),
            empty: head.is_none(),
            ..Self::default()
        };
        if let Some(head) = head {
            self.heads.learn(no, head);
        }
    }

    /// Keeps the items of a page. Says how many strays there were that had not come before.
    fn take_items(&mut self, ask: Ask, items: Vec<Message>) -> u32 {
        let order: Vec<_> = items.iter().map(|item| item.seq).collect();
        let mut seen: Vec<(Option<Seq>, Message)> = Vec::new();
        let mut strays = 0;
        for (index, mut message) in items.into_iter().enumerate() {
            if let Some(seq) = message.seq {
                self.record(ask.no, seq, message);
                continue;
            }
            // A part of the reply would keep all of it in memory.
            message.raw = Raw::new(Arc::from(message.raw.bytes()), 0..message.raw.bytes().len());
            let under = anchor(&order, index).or(ask.seq);
            let alike = |(anchor, m): &&(Option<Seq>, Message)| {
                *anchor == under && m.raw.bytes() == message.raw.bytes()
            };
            let place = Place {
                no: ask.no,
                index,
                nth: seen.iter().filter(alike).count(),
            };
            seen.push((under, message.clone()));
            let hanging = self.strays.entry(under).or_default();
            strays += u32::from(hanging.hang(place, message));
        }
        self.counts.strays += strays;
        strays
    }

    fn record(&mut self, no: AskNo, seq: Seq, message: Message) {
        if self.records.add(no, seq, message) {
            self.away.remove(Stretch::one(seq));
        }
        self.times.note(seq, &self.records);
    }

    fn judge(&mut self, reach: Reach, verdict: Verdict) {
        if let Some(lowest) = reach.lowest() {
            let verdict = match self.verdicts.remove(&lowest) {
                Some(old) => old.or(verdict),
                None => verdict,
            };
            self.verdicts.insert(lowest, verdict);
        }
    }

    /// Ask `no` covers these seqs, and none of them came.
    fn leave_out(&mut self, no: AskNo, stretch: Stretch, merged: &mut Merged) {
        self.absent.update(stretch, |_, asked| {
            asked.map_or(Asked::once(no), |asked| asked.and(no))
        });
        self.repaint(stretch, merged);
    }

    /// Lets asks from above the head cover what is known by now to have existed then.
    fn settle_tails(&mut self, merged: &mut Merged) {
        for (no, tail) in self.tails.clone() {
            let Some(head) = self.heads.as_of(no) else {
                continue;
            };
            if let Some(part) = Stretch::new(tail.first(), tail.last().min(head)) {
                self.leave_out(no, part, merged);
            }
            if tail.last() <= head {
                self.tails.remove(&(no, tail));
            }
        }
    }

    /// Draws the states of a stretch anew, every seq of which has been answered for.
    fn repaint(&mut self, stretch: Stretch, merged: &mut Merged) {
        let mut states: Vec<(Stretch, SeqState)> = Vec::new();
        let mut paint = |first: Option<Seq>, last: Option<Seq>, state: SeqState| {
            let piece = first.zip(last).and_then(|(a, b)| Stretch::new(a, b));
            let joined = |before: Stretch| Stretch::new(before.first(), last?);
            match (states.last_mut(), piece) {
                (_, None) => {}
                (Some((before, same)), Some(piece)) if *same == state => {
                    *before = joined(*before).unwrap_or(piece);
                }
                (Some(_) | None, Some(piece)) => states.push((piece, state)),
            }
        };
        let mut at = Some(stretch.first());
        for (seq, sketch) in self.records.sketches(stretch.first()..=stretch.last()) {
            paint(at, seq.prev(), SeqState::Withheld);
            let state = if self.withholds(seq, sketch.last) {
                SeqState::Withheld
            } else {
                sketch.state
            };
            paint(Some(seq), Some(seq), state);
            at = seq.next();
        }
        paint(at, Some(stretch.last()), SeqState::Withheld);

        for (part, new) in states {
            self.left.set(part, new.is_left());
            let counts = &mut self.counts;
            self.states.update(part, |piece, old| {
                if let Some(old) = old {
                    *counts.of_mut(old) -= piece.len();
                    merged.changed += if old == new { 0 } else { piece.len() };
                } else {
                    merged.added += piece.len();
                    merged.visible += if new.is_visible() { piece.len() } else { 0 };
                }
                *counts.of_mut(new) += piece.len();
                new
            });
        }
        self.loaded.set(stretch, ());
    }
}

/// The seq under which the item at `index` hangs: that of its predecessor in the
/// reply, else of the first item after it that has one.
fn anchor(order: &[Option<Seq>], index: usize) -> Option<Seq> {
    let before = order.iter().take(index).rev().find_map(|seq| *seq);
    before.or_else(|| order.iter().skip(index).find_map(|seq| *seq))
}

/// Neighbouring seqs of a page, from older to newer.
fn runs(seqs: &BTreeSet<Seq>) -> Vec<Stretch> {
    let mut runs: Vec<Stretch> = Vec::new();
    for &seq in seqs {
        let joined = runs.last().and_then(|run| {
            let follows = run.last().next() == Some(seq);
            follows.then(|| Stretch::new(run.first(), seq))?
        });
        match (runs.last_mut(), joined) {
            (Some(run), Some(joined)) => *run = joined,
            (Some(_) | None, _) => runs.push(Stretch::one(seq)),
        }
    }
    runs
}

/// The holes that `seqs` leave inside `within`.
fn between(seqs: &BTreeSet<Seq>, within: Stretch) -> Vec<Stretch> {
    let inside = seqs.range(within.first()..=within.last());
    let next = inside.clone().skip(1);
    inside
        .zip(next)
        .filter_map(|(a, b)| Stretch::new(a.next()?, b.prev()?))
        .collect()
}
